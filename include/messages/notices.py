"""What is told between two digests: an imported calendar, an alert and its end."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from include.domain.alerts import Alert, Severity
from include.domain.messages import Message
from include.messages.numbers import counted, lasting
from include.messages.slack_text import bold, context, escape, fitted, link, sections, shorten

_LIGHTS = {Severity.INFO: "🔵", Severity.WARNING: "🟠", Severity.CRITICAL: "🔴"}
_MOST_ROWS, _MOST_WARNINGS = 20, 8  # with their longest words they still fit into one message


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something about one row of a file, numbered as in the file (0: the file as a whole); a sentence or two."""

    row: int
    words: str


def calendar_report(
    file: str, *, ready: int, to_fix: Sequence[RowNote] = (), warnings: Sequence[RowNote] = (), changed: str = ""
) -> Message:
    """What an import found. `ready` counts usable rows; `to_fix` has at least one note for each of the others.

    `changed` says what became of the plan (`12 new, 2 reworded`).
    """
    broken = len({note.row for note in to_fix if note.row})
    rows = f"{ready} of {counted(ready + broken, 'row')} ready" if broken else f"{counted(ready, 'row')} ready"
    headline = f"{file}: {rows}" + (f", {broken} to fix" if broken else "")
    if to_fix and not ready:
        headline = f"{file}: nothing could be read" if not broken else headline
    sure = " (nothing sent, nothing lost)" if to_fix else ""
    lines = [f"📅 {bold(escape(headline))}{sure}", *map(_row, to_fix[:_MOST_ROWS])]
    lines += _rest(len(to_fix) - _MOST_ROWS, "note")
    lines += [f"⚠️ {_row(note)}" for note in warnings[:_MOST_WARNINGS]] + _rest(
        len(warnings) - _MOST_WARNINGS, "warning"
    )
    small = [escape(changed)] if changed else []
    small += ["Rows are numbered as in the file. Correct them there and import it again."] if to_fix else []
    return _message(f"📅 {headline}", lines, small)


def _row(note: RowNote) -> str:
    words = escape(shorten(note.words, 300))
    return f"{bold(f'Row {note.row}')} · {words}" if note.row else words


def _rest(number: int, what: str) -> list[str]:
    return [f"… and {counted(number, f'more {what}')}"] if number > 0 else []


def alert_message(alert: Alert, *, runbook_url: str = "", link: str = "", hint: str = "") -> Message:
    """An alert for a phone: what, why, what to do, and where that is written. `link` leads to the thing itself, `hint`
    says what else a reader can do here."""
    lines = [
        f"{_LIGHTS[alert.severity]} {bold(escape(shorten(alert.headline, 200)))}",
        *(escape(shorten(line, 500)) for line in alert.because.splitlines()[:15]),
        f"{bold('Do:')} {escape(shorten(alert.next_step, 500))}",
    ]
    return _message(f"{_LIGHTS[alert.severity]} {alert.headline}", lines, _ways(alert, runbook_url, link, hint))


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
    return _message(f"{_LIGHTS[alert.severity]} {words}", [f"{_LIGHTS[alert.severity]} {bold(escape(words))}"])


def returned_reply(alert: Alert, quiet: timedelta) -> Message:
    """For the thread: it was over for a short while only."""
    words = f"It is back after {lasting(quiet)}: {shorten(alert.headline, 200)}"
    return _message(f"{_LIGHTS[alert.severity]} {words}", [f"{_LIGHTS[alert.severity]} {bold(escape(words))}"])


def _message(text: str, lines: Iterable[str], small: Iterable[str] = ()) -> Message:
    """`text` is plain, `lines` and `small` are mrkdwn."""
    return fitted(Message(escape(shorten(text, 300)), (*sections(lines), *(context(each) for each in small))))
