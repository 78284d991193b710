"""What is wrong with the desk, by rule: rows in, alerts out. Pure.

An alert is about one account and one kind of trouble: ten late posts or ten missing days of an account are one
alert, with the count in its headline. An account whose token is dead or whose connection is missing has no numbers
either; only the cause is told.

Each kind has its heading in the runbook (`late_post` is under `## late post`).
"""

from include.alerts.comment_trouble import unheard
from include.alerts.found import Found, Names
from include.alerts.number_trouble import missing_days, stale_streams
from include.alerts.post_trouble import long_holds, post_trouble
from include.domain.alerts import Alert, Severity

KINDS = (
    "late_post",
    "unanswered_post",
    "stuck_post",
    "unknown_post",
    "held_post",
    "refused_post",
    "partly_live_post",
    "forgotten_post",
    "long_hold",
    "stale_stream",
    "missing_days",
    "unheard_comments",
    "dead_credentials",
    "missing_connection",
)


def alerts_of(found: Found, names: Names | None = None) -> list[Alert]:
    """Everything that a person should know of `found`, one alert for each account and kind."""
    names = names or Names()
    cut_off = {*found.dead, *found.unconnected}
    unread = [day for day in found.unread if day.account not in cut_off]
    newest = [day for day in found.newest if day.account not in cut_off]
    return [
        *(_unconnected(account, why, names) for account, why in found.unconnected.items()),
        *(_dead(account, why, names) for account, why in found.dead.items() if account not in found.unconnected),
        *post_trouble(found, names),
        *long_holds(found, names),
        *stale_streams(newest, found.now.date(), names),
        *missing_days(unread, newest, names),
        *unheard([row for row in found.heard if row.account not in cut_off], found.now, names),
    ]


def _unconnected(account: str, why: str, names: Names) -> Alert:
    return Alert(
        kind="missing_connection",
        subject=account,
        headline=f"{names.title(account)} is not connected",
        because=why,
        next_step=f"Put the connection {account} right in Airflow, or take the account out of brands.yml.",
    )


def _dead(account: str, why: str, names: Names) -> Alert:
    return Alert(
        kind="dead_credentials",
        subject=account,
        headline=f"{names.title(account)} no longer lets us in",
        because=why,
        next_step=f"Renew the token and put it into the connection {account}. Until then this account stands still.",
        severity=Severity.CRITICAL,
    )
