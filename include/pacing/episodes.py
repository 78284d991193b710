"""What is said of one budget over time: once when it begins, once when it gets worse, once when it is over.

A pure function of what was told and of how it stands now. Looks of past days are never told of: when their spend is
restated they change in silence, and what was told already is not told again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from include.domain.alerts import Alert, Severity

_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class News(StrEnum):
    """What becomes of the one message of an episode. Only what is in `RINGS` makes a phone ring."""

    SILENT = "silent"
    OPENED = "opened"
    UPDATED = "updated"
    WORSE = "worse"
    CLOSED = "closed"


RINGS = frozenset({News.OPENED, News.WORSE, News.CLOSED})


@dataclass(frozen=True, slots=True)
class Told:
    """What the message of an open episode says, and the worst that was ever said in it."""

    alert: Alert
    worst: Severity


def news(told: Told | None, alert: Alert | None) -> tuple[News, Told | None]:
    """What to do with an alert (or with none) after what was told, and what is told then."""
    if alert is None:
        return (News.CLOSED, None) if told else (News.SILENT, None)
    if told is None:
        return News.OPENED, Told(alert, alert.severity)
    worst = max(told.worst, alert.severity, key=_RANK.__getitem__)
    if worst != told.worst:
        return News.WORSE, Told(alert, worst)
    return (News.SILENT if alert == told.alert else News.UPDATED), Told(alert, worst)


def replay(alerts: Iterable[tuple[date, Alert | None]]) -> Iterator[tuple[date, News, Alert | None]]:
    """What would have been said on each of these days, one after the other."""
    told: Told | None = None
    for day, alert in alerts:
        what, told = news(told, alert)
        yield day, what, alert
