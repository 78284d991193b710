"""What the import's validation needs of the world: the networks' rules, the accounts' own limits, a look into media."""

import logging
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, BinaryIO

from include.domain import Account, Brand, PlatformError
from include.domain.posts import Media
from include.orchestration import doors
from platforms import every_platform

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.editorial.calendar import Calendar
    from include.editorial.fitting import Booking
    from include.editorial.networks import Limits, Network
    from include.editorial.report import Note
    from include.editorial.validation import Validation

log = logging.getLogger(__name__)

LIMITS_HOLD = timedelta(hours=12)  # an import asks no server again before that
_MOST_SECONDS = 420.0  # of an import for what lies on the web; with the last file's own five minutes it stays below 15
_MOST_BYTES = 1_000_000_000  # of one file on the web; no network of ours takes more


def validation(
    engine: "Engine", calendar: "Calendar", brands: list[Brand], now: datetime
) -> "tuple[Validation, list[Note]]":
    """How the posts of a calendar are judged, and what could not be found out for it."""
    from include.editorial.looking import Looker
    from include.editorial.validation import Validation
    from include.publishing.known import media_facts

    desk = doors.settings()
    limits, notes = account_limits(engine, _named(calendar, brands), now)
    known = media_facts(engine, {post_id for row in calendar.rows for post_id in row.post_ids})
    looker = Looker(desk.desk_dir, desk.media_base, fetch=fetched, known=known, seconds=_MOST_SECONDS)
    return Validation(networks(), limits, budgets=_budgets(), looker=looker), notes


def networks() -> "dict[str, Network]":
    """The networks that can be published to, by name."""
    from include.editorial.networks import Network

    return {
        name: Network(
            each.title, each.problems, each.price, each.follows, each.quotas, each.by_address, each.opens_links
        )
        for name, each in every_platform().items()
        if each.publishes
    }


def bookings(engine: "Engine", calendar: "Calendar", now: datetime) -> "list[Booking]":
    """What the ledger has of the calendar's posts, and of all others within the longest span of a cap."""
    from include.editorial.fitting import Booking
    from include.publishing.known import standings

    longest = max((quota.per for each in every_platform().values() for quota in each.quotas), default=timedelta())
    post_ids = {post_id for row in calendar.rows for post_id in row.post_ids}
    found = standings(engine, post_ids, since=now - longest)
    return [Booking(each.post_id, each.account, each.at, each.places, each.is_out) for each in found]


def account_limits(
    engine: "Engine", accounts: Iterable[Account], now: datetime
) -> "tuple[dict[str, Limits], list[Note]]":
    """What the accounts' own servers allow, asked now and then; where one does not answer, what it said last."""
    from include.editorial.report import Note
    from include.warehouse.account_limits import known_limits, remember_limits

    known, found, notes = known_limits(engine), {}, []
    for account in accounts:
        before = known.get(account.key)
        if before and now - before.asked_at < LIMITS_HOLD:
            found[account.key] = before.limits
            continue
        try:
            found[account.key] = doors.hook(account.key).limits()
            remember_limits(engine, account.key, found[account.key], at=now)
        except PlatformError as error:
            log.warning("%s", error)
            instead = f"those of {before.asked_at:%d %b}" if before else "the network's usual ones"
            found[account.key] = before.limits if before else {}
            words = f"{account.key} could not be asked for its limits, so its posts were checked against {instead}."
            notes.append(Note(0, f"{words} {error}", account.brand))
    return found, notes


def _named(calendar: "Calendar", brands: Iterable[Brand]) -> list[Account]:
    """The accounts that the calendar posts to and whose server states limits of its own."""
    named = {account for row in calendar.rows for account in row.texts}
    limited = {name for name, platform in every_platform().items() if platform.limited}
    return [
        account
        for brand in brands
        for account in brand.accounts
        if account.key in named and account.platform in limited and not account.manual
    ]


def _budgets() -> Collection[str] | None:
    """The names in budgets.csv; None where there is none, or it cannot be read (`check_budget_pacing` says so)."""
    from include.desk.problems import DeskProblems

    try:
        found = doors.budgets()
    except DeskProblems as problems:
        log.warning("sponsor_budget is not checked. %s", problems)
        return None
    return {budget.name for budget in found} if found is not None else None


def fetched(media: Media) -> AbstractContextManager[BinaryIO]:
    """What lies at an address of the web."""
    from platforms.transport.download import opened

    return opened(media, most_bytes=_MOST_BYTES, account="")
