"""A day's negative comments that belong to no case that was told, and what else of that day is worth a line."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, exists, func, select

from include.domain.accounts import Brand
from include.messages.spike import Said
from include.warehouse.tables import comment, spike

WINDOW = timedelta(hours=6)

_c, _s = comment.c, spike.c


@dataclass(frozen=True, slots=True)
class Day:
    """`said` are (account, comment), the clearest first; `unscored` could not be judged; `surges` are (account,
    negatives, usual) where there were more comments than usual in the usual tone."""

    said: tuple[tuple[str, Said], ...]
    unscored: int
    surges: tuple[tuple[str, int, float], ...]


def day_of(connection: Connection, brand: Brand, accounts: Collection[str], day: date) -> Day:
    """The brand's day, midnight to midnight on its clock."""
    zone = ZoneInfo(brand.timezone)
    begins, ends = (datetime.combine(at, time(), zone).astimezone(UTC) for at in (day, day + timedelta(days=1)))
    in_day = and_(_c.account.in_(accounts), _c.created_at >= begins, _c.created_at < ends, ~_c.ours)
    told = exists().where(
        _s.case_key != "",
        _s.account == _c.account,
        _c.created_at > _s.opened_at - WINDOW,
        _c.created_at <= _s.seen_at,
    )
    rows = connection.execute(
        select(_c.account, _c.text, _c.url, _c.language)
        .where(in_day, _c.label == "negative", _c.gone_at.is_(None), _c.text.is_not(None), ~told)
        .order_by(_c.p_negative.desc(), _c.created_at)
    )
    said = tuple((row.account, Said(row.text, row.url, row.language or "")) for row in rows)
    unscored = connection.scalar(select(func.count()).where(in_day, _c.scored.is_(False))) or 0
    surged = and_(_s.verdict == "surge", _s.account.in_(accounts), _s.opened_at >= begins, _s.opened_at < ends)
    surges = connection.execute(select(_s.account, _s.negatives, _s.usual).where(surged).order_by(_s.opened_at))
    return Day(said, unscored, tuple((row.account, row.negatives, row.usual) for row in surges))


def in_words(day: Day, titles: Mapping[str, str]) -> tuple[list[tuple[str, Said]], list[str]]:
    """The same with the networks' titles: comments, and a line for each surge."""
    said = [(titles.get(account, account), each) for account, each in day.said]
    surges = [
        f"{titles.get(account, account)} had far more comments than usual, in the usual tone: {negatives} negative in"
        f" six hours, usual {usual:.0f}."
        for account, negatives, usual in day.surges
    ]
    return said, surges
