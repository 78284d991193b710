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
REFUSED_FOR = timedelta(hours=24)  # how long a refused or unanswered post is told; then it is the calendar's matter
FORGOTTEN_AFTER = timedelta(hours=2)
ANSWERED_WITHIN = timedelta(hours=1)
LONG_HOLD = timedelta(hours=24)
_DECIDE = "python -m include.publishing.decisions"
_STEP = timedelta(minutes=15)
_NAMED = 5


class _Trouble(NamedTuple):
    """A rule about publications: which ones it is about, how it is told, what to do; and what else, where one of them
    may be out."""

    kind: str
    is_it: Callable[[PublicationRow, datetime], bool]
    words: str
    next_step: str
    severity: Severity = Severity.WARNING
    step_if_sent: str = ""


_TROUBLES = (
    _Trouble(
        "late_post",
        lambda row, now: _waits(row) and now - row.publish_at > LATE_AFTER,
        "late",
        "See in Airflow whether publish_posts runs, and read the log of its latest run.",
        Severity.CRITICAL,
    ),
    _Trouble(
        "unanswered_post",
        lambda row, now: _is_unanswered(row) and LATE_AFTER < now - row.publish_at <= REFUSED_FOR,
        "not sent, nobody answered",
        "Give the post a new time in the calendar, import it and answer in time; or take its row out.",
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
        lambda row, now: row.state == "held" and not row.is_on_hold and not _was_asked_lately(row, now),
        "held back",
        f"Send it with `{_DECIDE} send POST --by NAME`, give it a new time in the calendar, or take its row out.",
        # the calendar has no say over a post that may be out
        step_if_sent="Look at the account whether it is out, then say so:"
        f" `{_DECIDE} live POST REMOTE_ID URL --by NAME` if it is, `send POST --by NAME` or `cancel POST --by NAME`"
        " if not. A new time in the calendar does nothing for a post that may be out.",
    ),
    _Trouble(
        "refused_post",
        lambda row, now: row.state == "refused" and now - row.since <= REFUSED_FOR,
        "refused by the platform",
        "Correct the row in the calendar as the reason says, and import it again.",
    ),
    _Trouble(
        "partly_live_post",
        lambda row, now: row.state == "partly_live" and now - row.since <= REFUSED_FOR,
        "out only in part",
        "Look at it on the network. A part that was held is asked about here; one that was refused post by hand there.",
    ),
    _Trouble(
        "forgotten_post",
        lambda row, now: row.state == "handed_over" and now - row.since > FORGOTTEN_AFTER,
        "handed over, and nobody said that it is out",
        "Post it by hand, reply with its link under its message in this channel and put ✅ there; ✋ calls it off."
        f" Or: `{_DECIDE} live POST REMOTE_ID URL --by NAME`.",
    ),
)


def _waits(row: PublicationRow) -> bool:
    """Whether it should have gone out by itself. What a person keeps back is not late."""
    return row.state in {"approved", "due"} and not row.is_on_hold


def _was_asked_lately(row: PublicationRow, now: datetime) -> bool:
    """Whether its own question in Slack may still be answered; after a while the alert asks too."""
    return row.asked_at is not None and now - row.asked_at <= ANSWERED_WITHIN


def _is_unanswered(row: PublicationRow) -> bool:
    """Whether its text waits for a yes. A no was somebody's wish, and is nobody's trouble."""
    return row.state == "planned" and row.answer != "rejected"


def post_trouble(found: Found, names: Names) -> list[Alert]:
    alerts = []
    for trouble in _TROUBLES:
        by_account: dict[str, list[PublicationRow]] = defaultdict(list)
        for row in sorted(found.publications, key=lambda row: row.publish_at):
            if trouble.is_it(row, found.now):
                by_account[row.account].append(row)
        alerts += [_trouble(trouble, account, rows, found.now, names) for account, rows in by_account.items()]
    return alerts


def long_holds(found: Found, names: Names) -> list[Alert]:
    """Holds that somebody may have forgotten."""
    return [
        Alert(
            kind="long_hold",
            subject=hold.subject,
            headline=f"{names.title(hold.subject)} is on hold since {names.moment(hold.subject, hold.since)}",
            because=f"By {hold.by}: {hold.why} Nothing of it goes out.",
            next_step="Put ▶️ under the hold's message in this channel to let it go on, or run hold_brand with `lift`.",
        )
        for hold in found.holds
        if found.now - hold.since > LONG_HOLD
    ]


def _trouble(trouble: _Trouble, account: str, rows: Sequence[PublicationRow], now: datetime, names: Names) -> Alert:
    headline = f"{names.title(account)}: {counted(len(rows), 'post')} {trouble.words}"
    if trouble.kind == "late_post":
        late = now - rows[0].publish_at
        # in steps, so that the message is not edited at every look for a minute more
        headline += f", by {lasting(late if late < _STEP else late - late % _STEP)}"
    told = [_told(row, names) for row in rows[:_NAMED]]
    told += [f"… and {len(rows) - _NAMED} more"] if len(rows) > _NAMED else []
    next_step = (any(row.sent_at for row in rows) and trouble.step_if_sent) or trouble.next_step
    if trouble.kind == "held_post" and all(row.asked_at for row in rows):
        next_step = "Answer under the post's own message in this channel: ✅ sends it now, ✋ calls it off."
        if any(row.sent_at for row in rows):
            next_step += " Of one that may be out: ✅ with its link in the thread, or ▶️ to send it."
    return Alert(trouble.kind, account, headline, "\n".join(told), next_step, trouble.severity)


def _told(row: PublicationRow, names: Names) -> str:
    reason = f" {row.reason}" if row.reason else ""
    doubt = " It may be out." if row.state == "held" and row.sent_at else ""
    return f"{names.moment(row.account, row.publish_at)} “{shorten(row.text, 60)}” ({row.post_id}).{reason}{doubt}"
