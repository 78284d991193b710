"""Spikes in the warehouse: looked for at every tick, each episode a row from its first tick to its end.

Spikes of one brand that overlap are one case: they share a `case_key`, and people get one message for it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from include.comments.episodes import Event, State
from include.comments.spikes import BALANCED, Look
from include.desk.silences import Silence
from include.listening.scoring import unjudged
from include.listening.series import BEHIND, Series, series, warm
from include.listening.ticks import BrandWatch, Seen, Standing, Subject, floor, ticks
from include.warehouse.tables import spike, spike_watch

CATCH_UP = timedelta(days=1)
"""How far back ticks are made up for that no run looked at."""
SAME_SURGE = timedelta(hours=24)
_TICKS = "*"
_LOCK = 0x7370696B  # "spik": one process looks at a time

_s = spike.c


@dataclass(frozen=True, slots=True)
class Watched:
    """What one run of looking came to, counted. `skipped` are accounts of which something waits to be judged."""

    ticks: int = 0
    opened: int = 0
    closed: int = 0
    skipped: frozenset[str] = frozenset()


def watch(
    engine: Engine, accounts: Mapping[str, Collection[str]], silences: Sequence[Silence], until: datetime
) -> Watched:
    """Look at every tick that nobody looked at yet, until `until`. `accounts` are those of each brand that listen."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        wanted = _unseen(connection, until)
        if not wanted:
            return Watched()
        everyone = [account for of_brand in accounts.values() for account in of_brand]
        waiting = unjudged(connection, everyone)
        standings = _standings(connection)
        begins = wanted[0] - BALANCED.window
        counts = warm(connection, everyone, begins, wanted[-1])
        opened = closed = 0
        for brand, of_brand in accounts.items():
            known = standings.get(brand, {})
            if known or sum(counts.get(account, 0) for account in of_brand) >= BALANCED.least:
                ready = [account for account in of_brand if account not in waiting]
                heard = series(connection, ready, wanted[0] - BEHIND, wanted[-1])
                seen = _look(connection, brand, heard, known, silences, wanted)
                opened += sum(event.kind == "opened" for each in seen for event in each.events)
                closed += sum(event.kind == "closed" for each in seen for event in each.events)
        _remember_tick(connection, wanted[-1])
    return Watched(len(wanted), opened, closed, frozenset(waiting))


def _unseen(connection: Connection, until: datetime) -> list[datetime]:
    last = connection.scalar(select(spike_watch.c.looked_at).where(spike_watch.c.subject == _TICKS))
    newest = floor(until)
    return [newest] if last is None else ticks(max(last, newest - CATCH_UP), until)


def _remember_tick(connection: Connection, at: datetime) -> None:
    _put(connection, [{"subject": _TICKS, "looked_at": at, "state": {}}])


def _standings(connection: Connection) -> dict[str, dict[Subject, Standing]]:
    """Where the episodes of each brand stand."""
    found: dict[str, dict[Subject, Standing]] = {}
    rows = connection.execute(select(spike_watch.c.subject, spike_watch.c.state).where(spike_watch.c.subject != _TICKS))
    for key, state in rows:
        subject = Subject.of(key)
        had = [(first, last) for first, last in state["had"]]
        found.setdefault(subject.brand, {})[subject] = Standing(State(**state["state"]), had)
    return found


def _look(
    connection: Connection,
    brand: str,
    heard: Mapping[str, Series],
    standings: dict[Subject, Standing],
    silences: Sequence[Silence],
    wanted: Sequence[datetime],
) -> list[Seen]:
    of_brand = [silence for silence in silences if silence.brand == brand]
    watched = BrandWatch(brand, heard, standings, of_brand)
    seen = []
    for at in wanted:
        for each in watched.tick(at):
            seen.append(each)
            _note(connection, each, of_brand, at)
    state = [
        {
            "subject": subject.key,
            "looked_at": wanted[-1],
            "state": {"state": asdict(standing.state), "had": standing.had},
        }
        for subject, standing in watched.standings.items()
    ]
    _put(connection, state)
    return seen


def _put(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        statement = insert(spike_watch)
        kept = {name: statement.excluded[name] for name in ("looked_at", "state")}
        connection.execute(statement.on_conflict_do_update(index_elements=["subject"], set_=kept), rows)


def _note(connection: Connection, seen: Seen, silences: Iterable[Silence], at: datetime) -> None:
    for event in seen.events:
        if event.kind == "opened":
            _open(connection, seen.subject, seen.look, "spike", _silenced(seen.subject, silences, at))
        elif event.kind == "closed":
            _close(connection, seen.subject, at)
        else:
            _goes_on(connection, seen.subject, seen.look, event)
    if seen.look.verdict == "surge" and not seen.subject.post and not _had_surge(connection, seen.subject, at):
        _open(connection, seen.subject, seen.look, "surge", None)
        _close(connection, seen.subject, at, "surge")


def _silenced(subject: Subject, silences: Iterable[Silence], at: datetime) -> str | None:
    """The reason not to tell of it, where a silence is about all of its brand or account."""
    for silence in silences:
        if silence.is_of_all and silence.holds(at) and silence.account in ("", subject.account):
            return silence.reason
    return None


def _open(connection: Connection, subject: Subject, look: Look, verdict: str, silenced: str | None) -> None:
    at = datetime.fromtimestamp(look.at, UTC)
    row = {
        "subject": subject.key,
        "case_key": _case(connection, subject.brand, at),
        "verdict": verdict,
        "brand": subject.brand,
        "account": subject.account or None,
        "remote_id": subject.post or None,
        "opened_at": at,
        "seen_at": at,
        "severity": look.severity or "notice",
        "learning": look.learning,
        "silenced": silenced,
        "opened_with": look.negatives,
        **_figures(look),
    }
    connection.execute(insert(spike).values(row).on_conflict_do_nothing())


def _case(connection: Connection, brand: str, at: datetime) -> str:
    """The case that is open for the brand, or a new one."""
    is_open = and_(_s.brand == brand, _s.verdict == "spike", or_(_s.closed_at.is_(None), _s.opened_at == at))
    found = connection.scalar(select(_s.case_key).where(is_open).order_by(_s.opened_at).limit(1))
    return found or f"{brand}@{at:%Y%m%dT%H%M}"


def _figures(look: Look) -> dict[str, Any]:
    return {
        "negatives": look.negatives,
        "usual": look.usual,
        "z": look.z,
        "share": look.share,
        "usual_share": look.usual_share,
        "share_p": look.share_p,
    }


def _goes_on(connection: Connection, subject: Subject, look: Look, event: Event) -> None:
    """Seen again; the figures are those of its height. What gets worse is no longer dismissed."""
    is_open = (_s.subject == subject.key, _s.verdict == "spike", _s.closed_at.is_(None))
    at = datetime.fromtimestamp(look.at, UTC)
    worse = {"dismissed_by": None} if event.kind == "escalated" else {}
    connection.execute(update(spike).where(*is_open).values(seen_at=at, severity=event.severity, **worse))
    connection.execute(update(spike).where(*is_open, _s.negatives < look.negatives).values(_figures(look)))


def _close(connection: Connection, subject: Subject, at: datetime, verdict: str = "spike") -> None:
    is_open = (_s.subject == subject.key, _s.verdict == verdict, _s.closed_at.is_(None))
    connection.execute(update(spike).where(*is_open).values(closed_at=at))


def _had_surge(connection: Connection, subject: Subject, at: datetime) -> bool:
    lately = (_s.subject == subject.key, _s.verdict == "surge", _s.opened_at > at - SAME_SURGE)
    return bool(connection.scalar(select(func.count()).where(*lately)))


@dataclass(frozen=True, slots=True)
class Case:
    """The spikes of one brand that overlap, the worst first; what people said of it."""

    key: str
    brand: str
    opened_at: datetime
    seen_at: datetime
    closed_at: datetime | None
    severity: str
    rows: tuple[Any, ...]
    taken_by: str | None
    dismissed_by: str | None


_RANK = {"notice": 0, "high": 1, "critical": 2}


def cases(connection: Connection, *, since: datetime) -> list[Case]:
    """The cases that are open or ended after `since`, without silenced spikes; the oldest first."""
    wanted = and_(_s.verdict == "spike", _s.silenced.is_(None), or_(_s.closed_at.is_(None), _s.closed_at > since))
    keys = select(_s.case_key).where(wanted)
    rows = connection.execute(select(spike).where(_s.case_key.in_(keys), _s.silenced.is_(None)).order_by(_s.opened_at))
    by_case: dict[str, list[Any]] = {}
    for row in rows:
        by_case.setdefault(row.case_key, []).append(row)
    return [_case_of(key, found) for key, found in by_case.items()]


def _case_of(key: str, rows: Sequence[Any]) -> Case:
    is_open = any(row.closed_at is None for row in rows)
    worst = sorted(rows, key=lambda row: (row.closed_at is not None, -_RANK[row.severity], row.opened_at))
    return Case(
        key=key,
        brand=rows[0].brand,
        opened_at=min(row.opened_at for row in rows),
        seen_at=max(row.seen_at for row in rows),
        closed_at=None if is_open else max(row.closed_at for row in rows),
        severity=max((row.severity for row in rows), key=_RANK.__getitem__),
        rows=tuple(worst),
        taken_by=next((row.taken_by for row in rows if row.taken_by), None),
        dismissed_by=next((row.dismissed_by for row in rows if row.dismissed_by), None),
    )
