"""What the watchdog sees and remembers: whether anybody sends what is due. For `watchdog.py`, outside Airflow.

It trusts nothing that it watches: what it told it keeps in a file of its own, for the warehouse may be what is away.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from include.domain.alerts import Alert, Severity
from include.domain.capabilities import Messenger
from include.domain.errors import Refused
from include.domain.messages import Message, MessageRef
from include.publishing.states import AHEAD
from include.warehouse.on_hold import is_on_hold
from include.warehouse.tables import heartbeat, publication

BEATS = "publish_posts"
DEAD_AFTER = timedelta(minutes=5)
LATE_AFTER = timedelta(minutes=10)

Say = Callable[[Alert], Message]
SayOver = Callable[[str, timedelta], Message]


class NoDesk(RuntimeError):
    """The database answers, but is not the desk's warehouse. The message says what to do."""


def look(
    engine: Engine, *, now: datetime, dead_after: timedelta = DEAD_AFTER, late_after: timedelta = LATE_AFTER
) -> list[Alert]:
    """What is wrong, the cause alone: of a warehouse that is away or a scheduler that is dead late posts are a sign."""
    try:
        with engine.connect() as connection:
            connection.execute(text("SET statement_timeout = '20s'"))
            beat = connection.scalar(select(heartbeat.c.at).where(heartbeat.c.name == BEATS))
            overdue, first = _overdue(connection, now - late_after)
    except OperationalError as error:
        return [_away(error)]
    except ProgrammingError as error:
        raise NoDesk(f"The warehouse lacks the desk's tables; run its migration first. ({_reason(error)})") from None
    late = f"{overdue} {'post is' if overdue == 1 else 'posts are'} overdue, the first since {_moment(first)}."
    if beat is None or now - beat > dead_after:
        return [_dead(beat, late if overdue else "No post is overdue yet.")]
    return [_late(overdue, late)] if overdue else []


def _overdue(connection: Connection, before: datetime) -> tuple[int, datetime | None]:
    """How many posts should have gone out by themselves, and when the first of them. Not those on hold, nor those that
    were told to wait, by a cap or their network; and what follows a post is not counted beside it."""
    its_time = func.greatest(publication.c.publish_at, publication.c.not_before)
    query = select(func.count(), func.min(publication.c.publish_at)).where(
        publication.c.part == 0, publication.c.state.in_(AHEAD), its_time < before, ~is_on_hold(publication)
    )
    count, first = connection.execute(query).one()
    return int(count), first


def _away(error: DBAPIError) -> Alert:
    return Alert(
        kind="warehouse_away",
        subject="desk",
        headline="The desk's warehouse does not answer: nothing goes out",
        because=_reason(error),
        next_step="Bring PostgreSQL up again. Nothing is lost: what is late by then is held and asked about.",
        severity=Severity.CRITICAL,
    )


def _dead(beat: datetime | None, late: str) -> Alert:
    since = f"has been silent since {_moment(beat)}" if beat else "has never run"
    return Alert(
        kind="scheduler_dead",
        subject="desk",
        headline=f"{BEATS} {since}: nothing goes out",
        because=late,
        next_step="See whether Airflow's scheduler lives and whether the DAG is paused. A restart sends nothing twice.",
        severity=Severity.CRITICAL,
    )


def _late(overdue: int, words: str) -> Alert:
    return Alert(
        kind="posts_overdue",
        subject="desk",
        headline=f"{overdue} {'post is' if overdue == 1 else 'posts are'} overdue though {BEATS} runs",
        because=words,
        next_step="Read the log of its latest run; look for an account that is stuck, and at what check_desk says.",
        severity=Severity.CRITICAL,
    )


def _reason(error: DBAPIError) -> str:
    """The database's own words, on one line. They name host and port, never a password."""
    return " ".join(str(error.orig).split())[:300]


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(UTC):%a %d %b %H:%M} UTC" if at else "unknown"


@dataclass(frozen=True, slots=True)
class Episode:
    """Something that is wrong since `since`, and where that was told in which words."""

    since: str
    headline: str
    words: str
    channel: str
    ts: str


class Memory:
    """The episodes that are open, by kind, in a file that is replaced as a whole."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.episodes = self._read()

    def _read(self) -> dict[str, Episode]:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            return {kind: Episode(**episode) for kind, episode in kept.items()}
        except FileNotFoundError:
            return {}
        except (ValueError, TypeError, AttributeError):  # cut off half way: to say it again is better than to be silent
            return {}

    def keep(self, episodes: Mapping[str, Episode]) -> None:
        self.episodes = dict(episodes)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        written = self.path.with_suffix(".new")
        written.write_text(json.dumps({k: asdict(e) for k, e in episodes.items()}, indent=1), encoding="utf-8")
        written.replace(self.path)

    def since_heard(self, now: datetime) -> timedelta:
        """For how long nobody has seen that Slack hears the watchdog; for ever, where nobody ever has."""
        try:
            return now - datetime.fromtimestamp(self._mark.stat().st_mtime, UTC)
        except FileNotFoundError:
            return timedelta.max

    def heard(self, now: datetime) -> None:
        """Slack hears the watchdog."""
        self._mark.touch()
        os.utime(self._mark, (now.timestamp(), now.timestamp()))

    @property
    def _mark(self) -> Path:
        return self.path.with_suffix(".heard")


def tell(
    alerts: Iterable[Alert],
    memory: Memory,
    messenger: Messenger,
    *,
    channel: str,
    now: datetime,
    say: Say,
    say_over: SayOver,
) -> None:
    """Say what is wrong once, put it right in place when it changes, and say when it is over.

    What was said is remembered at once, so that of two messages one that Slack refuses (PlatformError) is said again,
    and the other is not.
    """
    wrong = {alert.kind: alert for alert in alerts}
    for kind, alert in wrong.items():
        _tell(kind, alert, memory, messenger, channel, now, say)
    for kind, episode in list(memory.episodes.items()):
        if kind not in wrong:
            over = say_over(episode.headline, now - datetime.fromisoformat(episode.since))
            with suppress(Refused):  # somebody deleted the message: then nobody waits to read that it is over
                messenger.update(MessageRef(episode.channel, episode.ts), over)
                messenger.post(episode.channel, over, thread=episode.ts)
            memory.keep({k: e for k, e in memory.episodes.items() if k != kind})


def _tell(kind: str, alert: Alert, memory: Memory, messenger: Messenger, channel: str, now: datetime, say: Say) -> None:
    message, known = say(alert), memory.episodes.get(kind)
    words = f"{alert.headline}\n{alert.because}"
    if known and known.words == words:
        return
    ref = (known and _put_right(known, message, messenger)) or messenger.post(channel, message)
    since = known.since if known else now.isoformat()
    memory.keep({**memory.episodes, kind: Episode(since, alert.headline, words, ref.channel, ref.ts)})


def _put_right(known: Episode, message: Message, messenger: Messenger) -> MessageRef | None:
    """The message that was put right; None where somebody deleted it, so that it is to be said anew."""
    ref = MessageRef(known.channel, known.ts)
    try:
        messenger.update(ref, message)
    except Refused:
        return None
    return ref
