"""The work of `check_desk`: a look at everything, and alerts for what a person should know."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from include.domain import Account, Alert, Brand, CredentialsDead
from include.orchestration import doors
from platforms import every_platform

if TYPE_CHECKING:
    from include.alerts.found import Found

_WITH_POSTS = ("late", "stuck", "unknown", "held", "refused", "partly_live", "forgotten", "unanswered")
OF_THE_BRAND = frozenset((*(f"{trouble}_post" for trouble in _WITH_POSTS), "long_hold"))

log = logging.getLogger(__name__)


def check() -> dict[str, int]:
    """Raise what is wrong, close what is over; gives how many alerts of each kind hold now."""
    from include.alerts.checks import KINDS, alerts_of
    from include.alerts.episodes import raise_alerts
    from include.alerts.found import Names

    brands, settings = doors.brands(), doors.settings()
    titles = doors.titles()
    alerts = alerts_of(_found([account for brand in brands for account in brand.accounts]), Names.of(brands, titles))
    for alert in alerts:
        log.warning("%s. %s", alert.headline, alert.next_step)
    raised = raise_alerts(
        doors.warehouse(),
        doors.messenger(),
        _channels(brands),
        KINDS,
        alerts,
        runbook_url=settings.runbook_url,
        link_of=_link,
        hint_of=_hints(brands),
    )
    log.info("%d opened, %d worse, %d closed", raised.opened, raised.escalated, raised.closed)
    return dict(raised.still_open)


def _channels(brands: Iterable[Brand]) -> Callable[[Alert], str]:
    """Trouble with posts is told where the brand's people are; all else to the people on call."""
    on_call = doors.settings().ops_channel
    of_account = {account.key: brand.channel for brand in brands for account in brand.accounts}
    of_subject = of_account | {brand.key: brand.channel for brand in brands}
    return lambda alert: of_subject.get(alert.subject, on_call) if alert.kind in OF_THE_BRAND else on_call


def _hints(brands: Iterable[Brand]) -> Callable[[Alert], str]:
    """What else a reaction under an alert does: ⏸ holds its brand, where somebody is named who may."""
    from include.publishing.answers import approvers

    may = {brand.key: " or ".join(approvers(brand)) for brand in brands}
    may |= {account.key: may[brand.key] for brand in brands for account in brand.accounts}

    def hint(alert: Alert) -> str:
        names = may.get(alert.subject)
        return f"⏸ here holds the brand, by {names}" if names and alert.kind != "long_hold" else ""

    return hint


def _found(accounts: Sequence[Account]) -> "Found":
    from include.alerts.look import look

    streams = {name: [stream.name for stream in platform.streams] for name, platform in every_platform().items()}
    unconnected = {account.key: why for account in accounts if (why := _why_unconnected(account))}
    for why in unconnected.values():
        log.warning(why)
    with doors.warehouse().connect() as connection:
        return look(connection, accounts, streams, now=datetime.now(UTC), unconnected=unconnected)


def _why_unconnected(account: Account) -> str:
    """Why an account's connection is no use as it stands; empty where it has one with a credential in it, or needs
    none because people post there by hand."""
    if account.manual:
        return ""
    try:
        _ = doors.hook(account.key).access
    except CredentialsDead as dead:
        return str(dead)
    return ""


def _link(alert: Alert) -> str:
    """Where in Airflow to look first."""
    dags = {"late_post": "publish_posts", "stuck_post": "publish_posts", "unknown_post": "reconcile_posts"}
    dags |= {"unanswered_post": "request_approval"}
    return f"{doors.settings().airflow_url}/dags/{dags[alert.kind]}" if alert.kind in dags else ""
