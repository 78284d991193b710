"""Spikes in the warehouse: looked for at every tick, each episode a row from its first tick to its end.

All of a brand's that overlap are one episode of the brand, the case; people get one message for it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, and_, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from include.comments.episodes import Episode, Event, News, Subject
from include.comments.spikes import BALANCED, Look
from include.desk.silences import Silence
from include.listening.scoring import unjudged
from include.listening.series import BEHIND, series, warm
from include.listening.ticks import BrandWatch, Seen, floor, subject_key, subject_of, ticks
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
        counts = warm(connection, everyone, wanted[0] - BALANCED.window, wanted[-1])
        states = _states(connection)
        news: list[News] = []
        for brand, of_brand in accounts.items():
            known = states.get(brand, {})
            if known or sum(counts.get(account, 0) for account in of_brand) >= BALANCED.least:
                ready = [account for account in of_brand if account not in waiting]
                heard = series(connection, ready, wanted[0] - BEHIND, wanted[-1])
                watched = BrandWatch(brand, heard, known, [each for each in silences if each.brand == brand])
                news += _look(connection, watched, wanted)
        _put(connection, [{"subject": _TICKS, "looked_at": wanted[-1], "state": {}}])
    return Watched(len(wanted), news.count(News.OPENED), news.count(News.CLOSED), frozenset(waiting))


def _unseen(connection: Connection, until: datetime) -> list[datetime]:
    last = connection.scalar(select(spike_watch.c.looked_at).where(spike_watch.c.subject == _TICKS))
    newest = floor(until)
    return [newest] if last is None else ticks(max(last, newest - CATCH_UP), until)


def _look(connection: Connection, watched: BrandWatch, wanted: Sequence[datetime]) -> list[News]:
    """Look at every tick, write down what became of episodes, and keep them for the next run."""
    news = []
    for at in wanted:
        seen = watched.tick(at)
        _note(connection, watched, seen)
        news += [event.news for event, reason in seen.events if not reason and event.episode.subject.kind == "brand"]
    of_brand = spike_watch.c.subject.regexp_match(f"^[a-z]+/{watched.brand}(/|$)")
    connection.execute(delete(spike_watch).where(of_brand))
    states = [(subject_key(subject), asdict(state)) for subject, state in watched.states.items()]
    _put(connection, [{"subject": key, "looked_at": wanted[-1], "state": state} for key, state in states])
    return news


def _states(connection: Connection) -> dict[str, dict[Subject, Episode]]:
    """The open episodes of each brand."""
    found: dict[str, dict[Subject, Episode]] = {}
    rows = connection.execute(select(spike_watch.c.subject, spike_watch.c.state).where(spike_watch.c.subject != _TICKS))
    for key, state in rows:
        subject = subject_of(key)
        members = tuple(Subject(*each) for each in state["members"])
        episode = Episode(**{**state, "subject": subject, "worst": Look(**state["worst"]), "members": members})
        found.setdefault(subject.brand, {})[subject] = episode
    return found


def _put(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        statement = insert(spike_watch)
        kept = {name: statement.excluded[name] for name in ("looked_at", "state")}
        connection.execute(statement.on_conflict_do_update(index_elements=["subject"], set_=kept), rows)


def _note(connection: Connection, watched: BrandWatch, seen: Seen) -> None:
    whole = watched.states.get(Subject(watched.brand))
    case = case_key(whole) if whole else ""
    for event, reason in seen.events:
        if event.news is News.CLOSED:
            _close(connection, event)
        else:
            _write(connection, event, case if not reason else "", reason or None)
    for subject, look in seen.surges:
        if not _had_surge(connection, subject, seen.at):
            _write_surge(connection, subject, look, seen.at)


def case_key(whole: Episode) -> str:
    """What a brand's episode is called: `mekong@20261124T1310`."""
    return f"{whole.subject.brand}@{_moment(whole.opened):%Y%m%dT%H%M}"


def _write(connection: Connection, event: Event, case: str, silenced: str | None) -> None:
    """An episode as it stands; the figures are those of its height. What gets worse is no longer dismissed."""
    episode = event.episode
    now = {
        "case_key": case,
        "silenced": silenced,
        "seen_at": _moment(episode.last),
        "rung_at": _moment(episode.told_at),
        "severity": episode.severity,
        "learning": episode.learning,
        **_figures(episode.worst),
        **({"dismissed_by": None} if event.news is News.ESCALATED else {}),
    }
    row = {**_whose(episode.subject), "verdict": "spike", "opened_at": _moment(episode.opened), **now}
    once = insert(spike).values(row)
    connection.execute(once.on_conflict_do_update(index_elements=["subject", "verdict", "opened_at"], set_=now))


def _close(connection: Connection, event: Event) -> None:
    same = (_s.subject == subject_key(event.episode.subject), _s.verdict == "spike", _s.closed_at.is_(None))
    connection.execute(update(spike).where(*same).values(closed_at=_moment(event.at)))


def _write_surge(connection: Connection, subject: Subject, look: Look, at: datetime) -> None:
    times = dict.fromkeys(("opened_at", "seen_at", "closed_at", "rung_at"), at)
    row = {**_whose(subject), "case_key": "", "verdict": "surge", "severity": "notice", **times, **_figures(look)}
    connection.execute(insert(spike).values(row).on_conflict_do_nothing())


def _had_surge(connection: Connection, subject: Subject, at: datetime) -> bool:
    lately = (_s.subject == subject_key(subject), _s.verdict == "surge", _s.opened_at > at - SAME_SURGE)
    return bool(connection.scalar(select(func.count()).where(*lately)))


def _whose(subject: Subject) -> dict[str, Any]:
    return {
        "subject": subject_key(subject),
        "brand": subject.brand,
        "account": subject.account or None,
        "remote_id": subject.post or None,
    }


def _figures(look: Look) -> dict[str, Any]:
    return {
        "negatives": look.negatives,
        "usual": look.usual,
        "z": look.z,
        "share": look.share,
        "usual_share": look.usual_share,
        "share_p": look.share_p,
    }


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """A brand's episode, with the rows of its accounts and posts, the worst first; what people said of it."""

    key: str
    brand: str
    opened_at: datetime
    seen_at: datetime
    rung_at: datetime
    closed_at: datetime | None
    severity: str
    negatives: int
    rows: tuple[Any, ...]
    taken_by: str | None
    dismissed_by: str | None


_RANK = {"notice": 0, "high": 1, "critical": 2}


def cases(connection: Connection, *, since: datetime) -> list[Case]:
    """The cases that are open or ended after `since`; the oldest first."""
    of_brand = and_(_s.verdict == "spike", _s.account.is_(None), or_(_s.closed_at.is_(None), _s.closed_at > since))
    wholes = connection.execute(select(spike).where(of_brand).order_by(_s.opened_at, _s.brand)).all()
    keys = [whole.case_key for whole in wholes]
    members = connection.execute(
        select(spike).where(_s.case_key.in_(keys), _s.account.is_not(None)).order_by(_s.z.desc())
    )
    by_case: dict[str, list[Any]] = {}
    for row in members:
        by_case.setdefault(row.case_key, []).append(row)
    return [_case_of(whole, by_case.get(whole.case_key, [])) for whole in wholes]


def _case_of(whole: Any, members: Iterable[Any]) -> Case:
    return Case(
        key=whole.case_key,
        brand=whole.brand,
        opened_at=whole.opened_at,
        seen_at=whole.seen_at,
        rung_at=whole.rung_at,
        closed_at=whole.closed_at,
        severity=whole.severity,
        negatives=whole.negatives,
        rows=tuple(sorted(members, key=lambda row: (-_RANK[row.severity], -row.z))),
        taken_by=whole.taken_by,
        dismissed_by=whole.dismissed_by,
    )
