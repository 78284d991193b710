"""What is told between two digests: a question, an alert and its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from include.domain.alerts import Alert, Severity
from include.domain.messages import Message
from include.messages.numbers import counted, lasting
from include.messages.slack_text import bold, context, escape, fitted, link, quoted, sections, shorten

_LIGHTS = {Severity.INFO: "🔵", Severity.WARNING: "🟠", Severity.CRITICAL: "🔴"}
_MOST_POSTS = 20  # with their longest words they still fit into one message


@dataclass(frozen=True, slots=True)
class AwaitingPost:
    """A text that waits for a yes. `account` is a title such as `Facebook`; `publish_at` is aware."""

    account: str
    text: str
    publish_at: datetime
    has_media: bool = False


def _rest(number: int, what: str) -> list[str]:
    return [f"… and {counted(number, f'more {what}')}"] if number > 0 else []


def approval_request(
    brand: str,
    posts: Sequence[AwaitingPost],
    *,
    until: datetime,
    timezone: str,
    form_url: str,
    approvers: Sequence[str] = (),
) -> Message:
    """What waits for whose yes, until when (in the brand's zone), and where to say it."""
    deadline = _moment(until, timezone)
    headline = f"{shorten(brand, 30)}: {counted(len(posts), 'post')} {_waits(posts)} for your yes by {deadline}"
    ordered = sorted(posts, key=lambda post: post.publish_at)
    lines = [f"✋ {bold(escape(headline))}", *(_awaiting(post, timezone) for post in ordered[:_MOST_POSTS])]
    lines += [*_rest(len(posts) - _MOST_POSTS, "post"), link(form_url, "Read and answer in Airflow")]
    whose = f"For {' or '.join(approvers)}. " if approvers else ""
    small = (
        f"{whose}Times are those of {timezone}. Without an answer a post does not go out; an edited text is asked anew."
    )
    return _message(f"✋ {headline}", lines, [escape(small)])


def _waits(posts: Sequence[AwaitingPost]) -> str:
    return "waits" if len(posts) == 1 else "wait"


def _awaiting(post: AwaitingPost, timezone: str) -> str:
    media = " · with media" if post.has_media else ""
    return f"• {_moment(post.publish_at, timezone)} · {escape(post.account)}{media}: {quoted(post.text, 160)}"


def alert_message(alert: Alert, *, runbook_url: str = "", link: str = "") -> Message:
    """An alert for a phone: what, why, what to do, and where that is written. `link` leads to the thing itself."""
    lines = [
        f"{_LIGHTS[alert.severity]} {bold(escape(shorten(alert.headline, 200)))}",
        *(escape(shorten(line, 500)) for line in alert.because.splitlines()[:15]),
        f"{bold('Do:')} {escape(shorten(alert.next_step, 500))}",
    ]
    return _message(f"{_LIGHTS[alert.severity]} {alert.headline}", lines, _ways(alert, runbook_url, link))


def runbook_heading(kind: str) -> str:
    """The anchor of an alert's heading in the runbook: `late_post` is under `## late post`, `#late-post`."""
    return kind.replace("_", "-")


def _ways(alert: Alert, runbook_url: str, link_to: str) -> list[str]:
    ways = [link(link_to, "open it")] if link_to else []
    if runbook_url:
        address = f"{runbook_url}#{runbook_heading(alert.kind)}"
        ways.append(link(address, "runbook") if "://" in address else f"runbook: {escape(address)}")
    return [" · ".join(ways)] if ways else []


def alert_closed(headline: str, lasted: timedelta) -> Message:
    """The alert's own message once it is over: the same line, and how long it lasted."""
    over = f"Over after {lasting(lasted)}."
    return _message(f"✅ {headline}: over", [f"✅ ~{escape(shorten(headline, 200))}~", over])


def closed_reply(lasted: timedelta) -> Message:
    """For the thread, so that whoever follows it hears of the end."""
    return _message(f"✅ Over after {lasting(lasted)}.", [f"✅ Over after {lasting(lasted)}."])


def escalated_reply(alert: Alert) -> Message:
    """For the thread: it has become worse."""
    words = f"Now {alert.severity.value}: {shorten(alert.headline, 200)}"
    return _message(f"{_LIGHTS[alert.severity]} {words}", [f"{_LIGHTS[alert.severity]} {bold(escape(words))}"])


def returned_reply(alert: Alert, quiet: timedelta) -> Message:
    """For the thread: it was over for a short while only."""
    words = f"It is back after {lasting(quiet)}: {shorten(alert.headline, 200)}"
    return _message(f"{_LIGHTS[alert.severity]} {words}", [f"{_LIGHTS[alert.severity]} {bold(escape(words))}"])


def _moment(at: datetime, timezone: str) -> str:
    """`Tue 24 Nov 12:00`, on the brand's clock."""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _message(text: str, lines: Iterable[str], small: Iterable[str] = ()) -> Message:
    """`text` is plain, `lines` and `small` are mrkdwn."""
    return fitted(Message(escape(shorten(text, 300)), (*sections(lines), *(context(each) for each in small))))
