"""What is told between two digests: an alert and its end."""

from collections.abc import Iterable
from datetime import timedelta

from include.domain.alerts import Alert, Severity
from include.domain.messages import Message
from include.messages.numbers import lasting
from include.messages.slack_text import bold, context, escape, exact, link, sections, shorten

LIGHTS = {Severity.INFO: "🔵", Severity.WARNING: "🟠", Severity.CRITICAL: "🔴"}


def alert_message(alert: Alert, *, runbook_url: str = "", link: str = "", hint: str = "") -> Message:
    """An alert for a phone: what, why, what to do, and where that is written. `link` leads to the thing itself, `hint`
    says what else a reader can do here."""
    lines = [
        f"{LIGHTS[alert.severity]} {bold(escape(shorten(alert.headline, 200)))}",
        *(escape(shorten(line, 500)) for line in alert.because.splitlines()[:15]),
        f"{bold('Do:')} {escape(shorten(alert.next_step, 500))}",
    ]
    return _message(f"{LIGHTS[alert.severity]} {alert.headline}", lines, _ways(alert, runbook_url, link, hint))


def runbook_heading(kind: str) -> str:
    """The anchor of an alert's heading in the runbook: `late_post` is under `## late post`, `#late-post`."""
    return kind.replace("_", "-")


def _ways(alert: Alert, runbook_url: str, link_to: str, hint: str) -> list[str]:
    ways = [escape(hint)] if hint else []
    ways += [link(link_to, "open it")] if link_to else []
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
    return _message(f"{LIGHTS[alert.severity]} {words}", [f"{LIGHTS[alert.severity]} {bold(escape(words))}"])


def returned_reply(alert: Alert, quiet: timedelta) -> Message:
    """For the thread: it was over for a short while only."""
    words = f"It is back after {lasting(quiet)}: {shorten(alert.headline, 200)}"
    return _message(f"{LIGHTS[alert.severity]} {words}", [f"{LIGHTS[alert.severity]} {bold(escape(words))}"])


def _message(text: str, lines: Iterable[str], small: Iterable[str] = ()) -> Message:
    """`text` is plain, `lines` and `small` are mrkdwn."""
    return exact(Message(escape(shorten(text, 300)), (*sections(lines), *(context(each) for each in small))))
