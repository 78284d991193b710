"""Posts that did not go out as planned: one alert for each account and kind of trouble. Pure."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from include.alerts.found import Found, Names, PublicationRow
from include.domain.alerts import Alert, Severity
from include.messages.numbers import counted, lasting
from include.messages.slack_text import shorten

LATE_AFTER = timedelta(minutes=10)
STUCK_AFTER = timedelta(minutes=15)
REFUSED_FOR = timedelta(hours=24)  # then the calendar's own report has said it often enough
_STEP = timedelta(minutes=15)
_NAMED = 5


class _Trouble(NamedTuple):
    """A rule about publications: which ones it is about, how it is told, what to do."""

    kind: str
    is_it: Callable[[PublicationRow, datetime], bool]
    words: str
    next_step: str
    severity: Severity = Severity.WARNING


_TROUBLES = (
    _Trouble(
        "late_post",
        lambda row, now: row.state in {"planned", "approved", "due"} and now - row.publish_at > LATE_AFTER,
        "late",
        "See in Airflow whether publish_posts runs, and whether the post still waits for its approval.",
        Severity.CRITICAL,
    ),
    _Trouble(
        "stuck_post",
        lambda row, now: row.state in {"claimed", "media_ready", "sending"} and now - row.since > STUCK_AFTER,
        "stuck half way",
        "See in Airflow whether publish_posts and reconcile_posts run. Do not post it by hand: it may be out.",
        Severity.CRITICAL,
    ),
    _Trouble(
        "unknown_post",
        lambda row, now: row.state == "unknown" and now - row.since > STUCK_AFTER,
        "of unknown fate",
        "Look at the account itself. reconcile_posts keeps looking; if it is red, read its log.",
    ),
    _Trouble(
        "held_post",
        lambda row, now: row.state == "held",
        "held back",
        "Give the post a new time in the calendar to send it after all, or take its row out.",
    ),
    _Trouble(
        "refused_post",
        lambda row, now: row.state == "refused" and now - row.since <= REFUSED_FOR,
        "refused by the platform",
        "Correct the row in the calendar as the reason says, and import it again.",
    ),
)


def post_trouble(found: Found, names: Names) -> list[Alert]:
    alerts = []
    for trouble in _TROUBLES:
        by_account: dict[str, list[PublicationRow]] = defaultdict(list)
        for row in sorted(found.publications, key=lambda row: row.publish_at):
            if trouble.is_it(row, found.now):
                by_account[row.account].append(row)
        alerts += [_trouble(trouble, account, rows, found.now, names) for account, rows in by_account.items()]
    return alerts


def _trouble(trouble: _Trouble, account: str, rows: Sequence[PublicationRow], now: datetime, names: Names) -> Alert:
    headline = f"{names.title(account)}: {counted(len(rows), 'post')} {trouble.words}"
    if trouble.kind == "late_post":
        late = now - rows[0].publish_at
        # in steps, so that the message is not edited at every look for a minute more
        headline += f", by {lasting(late if late < _STEP else late - late % _STEP)}"
    told = [_told(row, names) for row in rows[:_NAMED]]
    told += [f"… and {len(rows) - _NAMED} more"] if len(rows) > _NAMED else []
    return Alert(trouble.kind, account, headline, "\n".join(told), trouble.next_step, trouble.severity)


def _told(row: PublicationRow, names: Names) -> str:
    reason = f" {row.reason}" if row.reason else ""
    return f"{names.moment(row.account, row.publish_at)} “{shorten(row.text, 60)}” ({row.post_id}).{reason}"
