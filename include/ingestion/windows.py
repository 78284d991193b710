"""Which days to read, and in which calls. Pure: what is known, what is wanted and the time go in, a plan comes out.

A day goes from `missing` to `provisional` (read, may still change) to `final` (read after it settled). `failed` is
read again when its time has come; `lost` is a day that the platform no longer answers for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from include.domain.streams import Stream
from include.domain.windows import Window


class Verdict(StrEnum):
    """What to do with one day."""

    READ = "read"
    WAIT = "wait"
    FINAL = "final"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class KnownDay:
    """What the ledger says of one day: its `ingest_window` row, or the defaults where there is none."""

    status: str = "missing"
    fetched_at: datetime | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The wanted days by what to do with them, and the fewest windows that hold the days to `read`."""

    read: tuple[date, ...]
    wait: tuple[date, ...]
    final: tuple[date, ...]
    lost: tuple[date, ...]
    windows: tuple[Window, ...]


def today_for(stream: Stream, day_zone: str, now: datetime) -> date:
    """Today in the calendar of the stream's days: the platform's, or UTC for days of publication."""
    return now.astimezone(UTC if stream.refresh_after else ZoneInfo(day_zone)).date()


def with_today(stream: Stream, days: Window, today: date) -> Window:
    """`days`, and today too where only today's value exists and the run is about last night."""
    if stream.snapshot and days.last == today - timedelta(days=1):
        return Window(days.first, today)
    return days


def look_back(stream: Stream, repair_days: int) -> int:
    """How many days before its own a nightly run has to look at: gaps of `repair_days`, and all that may change.

    Days that are settled or not due cost no call, so a long look is cheap.
    """
    settles_after = max([stream.restates_days, *(age for age, _ in stream.refresh_after)]) + 1
    return 0 if stream.snapshot else max(repair_days, settles_after)


def plan(stream: Stream, known: Mapping[date, KnownDay], wanted: Window, *, today: date, now: datetime) -> Plan:
    """Sort the days of `wanted` that have begun; days after `today` are left out."""
    days: dict[Verdict, list[date]] = {verdict: [] for verdict in Verdict}
    for day in wanted.days():
        if day <= today:
            days[verdict(stream, known.get(day, KnownDay()), day, today=today, now=now)].append(day)
    return Plan(
        read=tuple(days[Verdict.READ]),
        wait=tuple(days[Verdict.WAIT]),
        final=tuple(days[Verdict.FINAL]),
        lost=tuple(days[Verdict.LOST]),
        windows=tuple(Window.covering(days[Verdict.READ], stream.most_days)),
    )


def verdict(stream: Stream, known: KnownDay, day: date, *, today: date, now: datetime) -> Verdict:
    """What to do with `day`, which is not after `today`."""
    if known.status in ("final", "lost"):
        return Verdict(known.status)
    if not answered(stream, day, today):
        return Verdict.FINAL if known.fetched_at else Verdict.LOST
    if known.not_before and known.not_before > now:
        return Verdict.WAIT
    if known.fetched_at and now - known.fetched_at < stream.fresh_for:
        return Verdict.WAIT
    if known.status != "provisional" or known.fetched_at is None:
        return Verdict.READ
    return Verdict.READ if _due_again(stream, known.fetched_at, day, today) else Verdict.WAIT


def answered(stream: Stream, day: date, today: date) -> bool:
    """Whether the platform still has an answer for `day`."""
    if stream.snapshot:
        return day == today
    return stream.retention_days is None or _age(day, today) <= stream.retention_days


def settled(stream: Stream, day: date, today: date) -> bool:
    """Whether a reading made `today` is the last word on `day`."""
    return _age(day, today) > max([stream.restates_days, *(age for age, _ in stream.refresh_after)])


def lost_because(stream: Stream) -> str:
    """Why a day of this stream can be lost, in words for the ledger."""
    if stream.snapshot:
        return "The platform tells only today's value, and nobody read it on that day."
    return f"The platform answers for {stream.retention_days} days back, and this day is older."


def _due_again(stream: Stream, fetched_at: datetime, day: date, today: date) -> bool:
    """Whether figures that were read at `fetched_at` are worth another call.

    Lifetime counters are refreshed on common nights (every third, every seventh) and not each day by its own count:
    so on most nights only the youngest days cost a call.
    """
    age = _age(day, today)
    every = next((gap for oldest, gap in stream.refresh_after if age <= oldest), 1)
    common_night = today - timedelta(days=today.toordinal() % every)
    return every == 1 or fetched_at.astimezone(UTC).date() < common_night


def _age(day: date, today: date) -> int:
    return (today - day).days
