"""Comments that nobody hears: accounts that were not read for too long. Silence must not look like calm. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from include.alerts.found import HeardRow, Names
from include.domain.accounts import network_title
from include.domain.alerts import Alert, Severity
from include.messages.numbers import counted, lasting

LATE = timedelta(hours=1)
"""How long comments may be unread: they are read every ten minutes, and a network's limits last up to an hour."""
_MANY = 5


def unheard(rows: Iterable[HeardRow], now: datetime, names: Names) -> list[Alert]:
    """An alert for each account; where most of a network cannot be read, one for the network."""
    by_platform: dict[str, list[HeardRow]] = defaultdict(list)
    for row in rows:
        if now - row.since > LATE:
            by_platform[names.platform(row.account)].append(row)
    alerts = []
    for platform, late in by_platform.items():
        alerts += [_many(platform, late, now, names)] if len(late) > _MANY else [_one(row, now, names) for row in late]
    return alerts


def _one(row: HeardRow, now: datetime, names: Names) -> Alert:
    how_long = lasting(now - row.since)
    first = "were never read" if row.never else f"are unread for {how_long}"
    wait = f" It bids us wait until {names.moment(row.account, row.not_before)}." if row.not_before else ""
    return Alert(
        kind="unheard_comments",
        subject=row.account,
        headline=f"{names.title(row.account)}: comments {first}",
        because=f"{row.reason or 'No run of watch_comments has come to it.'}{wait} A spike would go unnoticed.",
        next_step="Look at the account yourself meanwhile; then open watch_comments in Airflow and read the log.",
        severity=Severity.WARNING,
    )


def _many(platform: str, rows: Sequence[HeardRow], now: datetime, names: Names) -> Alert:
    title, longest = network_title(platform), lasting(max(now - row.since for row in rows))
    reasons = list(dict.fromkeys(row.reason for row in rows if row.reason))[:3]
    return Alert(
        kind="unheard_comments",
        subject=platform,
        headline=f"{title}: comments of {counted(len(rows), 'account')} are unread for up to {longest}",
        because="\n".join(reasons) or "No run of watch_comments has come to them.",
        next_step="Open watch_comments in Airflow and read the log; see whether the network has a failure.",
        severity=Severity.CRITICAL,
    )
