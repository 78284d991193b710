"""The rows behind the episodes: begun, noted, ended. Each function is one statement in the caller's transaction."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from include.domain.alerts import Alert, Severity
from include.warehouse.tables import alert_episode

_episode = alert_episode.c


@dataclass(frozen=True, slots=True)
class Episode:
    """An alert from its first sighting to its end, as the database's clock sees it: `lasted` since it was opened,
    `quiet` since it was closed (None while it is open)."""

    episode_id: int
    alert_key: str
    severity: Severity
    headline: str
    seen_at: datetime
    closed_at: datetime | None
    lasted: timedelta
    quiet: timedelta | None

    @property
    def message_key(self) -> str:
        return f"episode:{self.episode_id}"


def current(connection: Connection, alert_key: str, same_for: timedelta) -> Episode | None:
    """The open episode of this alert, or the last one if it ended no longer than `same_for` ago."""
    recent = or_(_episode.closed_at.is_(None), _episode.closed_at > func.now() - same_for)
    query = _episodes().where(_episode.alert_key == alert_key, recent)
    row = connection.execute(query.order_by(_episode.closed_at.desc().nulls_first()).limit(1)).one_or_none()
    return _read(row._mapping) if row else None


def open_episodes(connection: Connection, kinds: Collection[str]) -> list[Episode]:
    """The open episodes of these kinds, the oldest first."""
    kind = func.split_part(_episode.alert_key, ":", 1)
    query = _episodes().where(_episode.closed_at.is_(None), kind.in_(list(kinds))).order_by(_episode.episode_id)
    return [_read(row._mapping) for row in connection.execute(query)]


def begin(connection: Connection, alert: Alert) -> None:
    """Open an episode, unless another process has just done so."""
    row = {"alert_key": alert.key, "severity": alert.severity, "headline": alert.headline}
    still_open = _episode.closed_at.is_(None)
    connection.execute(
        insert(alert_episode)
        .values(row)
        .on_conflict_do_nothing(index_elements=[_episode.alert_key], index_where=still_open)
    )


def note(connection: Connection, episode: Episode, alert: Alert, severity: Severity) -> None:
    """It was seen again, in these words; an episode that had ended goes on."""
    values: dict[str, Any] = {
        "headline": alert.headline,
        "severity": severity,
        "seen_at": func.now(),
        "closed_at": None,
    }
    connection.execute(update(alert_episode).where(_episode.episode_id == episode.episode_id).values(values))


def end(connection: Connection, episode: Episode) -> None:
    still_open = _episode.closed_at.is_(None)
    over = update(alert_episode).where(_episode.episode_id == episode.episode_id, still_open)
    connection.execute(over.values(closed_at=func.now()))


def _episodes() -> Select[Any]:
    return select(
        _episode.episode_id,
        _episode.alert_key,
        _episode.severity,
        _episode.headline,
        _episode.seen_at,
        _episode.closed_at,
        (func.now() - _episode.opened_at).label("lasted"),
        (func.now() - _episode.closed_at).label("quiet"),
    )


def _read(row: Mapping[Any, Any]) -> Episode:
    return Episode(**{**row, "severity": Severity(row["severity"])})
