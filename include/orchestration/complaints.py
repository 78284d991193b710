"""The work of `send_daily_digest`: each brand's complaints of yesterday, listed once."""

import logging
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.sdk import get_current_context

from include.domain import Brand
from include.orchestration import doors
from include.orchestration.one_by_one import OneByOne
from include.orchestration.spikes import Comments

HOUR = 9  # on the brand's own clock

log = logging.getLogger(__name__)


def tell_brands() -> dict[str, int]:
    """List each brand's day, those whose hour has come or all that were asked for; gives how many complaints."""
    params, desk = get_current_context()["params"], Comments.begin()
    told = {}
    with OneByOne() as tellings:
        for brand in doors.chosen_brands(params["brands"]):
            day = _day_to_tell(brand, params["day"], desk.now)
            if day and desk.listening[brand.key]:
                with tellings.next():
                    told[brand.key] = _tell(desk, brand, day)
                    log.info("%s, %s: %d", brand.title, day, told[brand.key])
    return told


def _day_to_tell(brand: Brand, asked: str | None, now: datetime) -> date | None:
    if asked:
        return date.fromisoformat(asked)
    local = now.astimezone(ZoneInfo(brand.timezone))
    return local.date() - timedelta(days=1) if local.hour >= HOUR else None


def _tell(desk: Comments, brand: Brand, day: date) -> int:
    """Say it once; a day of which nothing is to be said is passed over in silence."""
    from include.alerts.telling import where_told
    from include.listening.daily import day_of, in_words
    from include.messages.complaints import daily_list

    key = f"complaints:{brand.key}:{day}"
    if where_told(desk.engine, key):
        return 0
    with desk.engine.connect() as connection:
        found = day_of(connection, brand, desk.listening[brand.key], day)
    if not (found.said or found.unscored or found.surges):
        return 0
    said, surges = in_words(found, desk.desk.titles)
    first, *pages = daily_list(
        brand.title, f"{day:%a} {day.day} {day:%b}", said, unscored=found.unscored, surges=surges
    )
    doors.tell(key, brand.channel, first)
    ref = where_told(desk.engine, key)
    for number, page in enumerate(pages, start=1):
        doors.tell(f"{key}:{number}", brand.channel, page, thread=ref)
    return len(said)
