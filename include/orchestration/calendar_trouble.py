"""A calendar that cannot be taken as a whole: told once where the brands' people are, and over once one is taken."""

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from include.domain import Alert, Brand, PlatformError
from include.orchestration import doors

if TYPE_CHECKING:
    from sqlalchemy import Engine

KIND = "calendar_refused"

log = logging.getLogger(__name__)


def tell(engine: "Engine", brands: Iterable[Brand], why: str) -> None:
    """Say in every brand's channel what is wrong with the file. A silent Slack hides nothing of it: the task is red."""
    alerts = [
        Alert(
            kind=KIND,
            subject=channel,
            headline="The calendar could not be taken: nothing of it is new, all that was planned stays planned",
            because=why,
            next_step="Mend the file and save it where it was. It is read again within a quarter of an hour.",
        )
        for channel in sorted({brand.channel for brand in brands})
    ]
    try:
        _raise(engine, alerts)
    except PlatformError as error:
        log.warning("The brands were not told. %s", error)


def over(engine: "Engine") -> None:
    """A calendar was taken: whoever was told of the trouble hears that it is over."""
    _raise(engine, [])


def _raise(engine: "Engine", alerts: Iterable[Alert]) -> None:
    from include.alerts.episodes import raise_alerts

    raise_alerts(engine, doors.messenger(), lambda alert: alert.subject, (KIND,), alerts)
