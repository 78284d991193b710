"""What is asked in Slack about comments, and what became of it. What people wrote pings nobody: it is escaped."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from include.domain.accounts import Brand
from include.domain.messages import Message
from include.listening.actions import UNDOABLE_FOR, Action
from include.messages.asking import clock, moment
from include.messages.numbers import counted
from include.messages.slack_text import (
    bold,
    context,
    escape,
    fitted,
    link,
    quoted,
    section,
    sections,
    shorten,
    verbatim,
)

COMMAND = "python -m include.listening.moderation"
REWORDED = "answer:"
"""What a reply begins with that an answer is to be replaced by."""

_FEW = 4
_ORDER = ("hide", "answer", "label", "assign")
_MARKS = {
    "failed": "⚠️",
    "unknown": "⏳",
    "sending": "⏳",
    "approved": "⏳",
    "undoing": "⏳",
    "rejected": "✋",
    "expired": "⌛",
    "undone": "↩️",
    "applied": "✅",
}


def proposal(
    brand: Brand, rows: Sequence[Action], *, networks: Mapping[str, str], who: Sequence[str], now: datetime
) -> Message:
    """A proposal as it stands: the question while something of it waits for a person, else what was done.

    `networks` gives the title of each account's network, `who` may answer here.
    """
    is_asked = any(row.state == "proposed" for row in rows)
    mark = "🔍" if is_asked else next(_MARKS[state] for state in _MARKS if state in {row.state for row in rows})
    headline = _headline(brand, rows, networks) + ("?" if is_asked else "")
    blocks = sections([f"{mark} {bold(escape(headline))}", *_comments(rows, networks)])
    for language, words in dict.fromkeys((row.language, row.after) for row in rows if row.what == "answer"):
        blocks += [section(f"Our answer ({escape(language)}):"), verbatim(words)]
    blocks += sections(_said(brand, rows))
    if is_asked:
        blocks += sections(list(_what_to_do(rows, networks, who)))
    blocks.append(context(" · ".join(map(escape, _small(brand, rows, is_asked=is_asked, now=now)))))
    text = f"{mark} {headline}" if is_asked else f"{mark} {headline}: {rows[0].state}"
    return fitted(Message(escape(shorten(text, 300)), tuple(blocks)))


def _headline(brand: Brand, rows: Sequence[Action], networks: Mapping[str, str]) -> str:
    comments = {(row.account, row.comment_id) for row in rows}
    where = ", ".join(dict.fromkeys(networks.get(row.account, row.account) for row in rows))
    wanted = {row.what for row in rows}
    what = " and ".join(each for each in _ORDER if each in wanted)
    return f"{shorten(brand.title, 30)} · {where}: {what} {counted(len(comments), 'comment')}"


def _comments(rows: Sequence[Action], networks: Mapping[str, str]) -> Iterator[str]:
    """Each comment once, then what is to be done, which is the same for all that are asked about together."""
    first = {(row.account, row.comment_id): row for row in reversed(rows)}
    most = 300 if len(first) <= _FEW else 120
    for key in dict.fromkeys((row.account, row.comment_id) for row in rows):
        row = first[key]
        said = quoted(row.text, most) if row.text else "a comment whose words are no longer kept"
        yield f"• {said} {link(row.comment_url, f'see it on {networks.get(row.account, row.account)}')}"
    if done := list(dict.fromkeys(each for each in map(_what, rows) if each)):
        yield f"→ {escape(' · '.join(done))}"


def _what(row: Action) -> str:
    return {"hide": "hide", "label": f"label {row.after}", "assign": f"assign to {row.after}"}.get(row.what, "")


def _what_to_do(rows: Sequence[Action], networks: Mapping[str, str], who: Sequence[str]) -> Iterator[str]:
    names = " or ".join(who)
    for account in dict.fromkeys(row.account for row in rows if row.by_hand and row.state == "proposed"):
        what = " and ".join(dict.fromkeys(row.what for row in rows if row.by_hand and row.account == account))
        words = f"{networks.get(account, account)} lets nobody {what} from here: do it there, then answer ✅."
        yield f"👉 {escape(words)}"
    if not who:
        command = f"{COMMAND} --approve {rows[0].message_key} --by NAME, or --reject (brands.yml names no Slack id)"
        yield f"{bold('Do:')} {escape(command)}"
        return
    yield f"{bold('Do:')} ✅ do it · ✋ leave it · 👀 I see to it, as a reaction here, by {escape(names)}"
    if any(row.what == "answer" for row in rows):
        yield escape(f"In other words: reply here with «{REWORDED} …», and then ✅.")


def _said(brand: Brand, rows: Sequence[Action]) -> list[str]:
    """What became of it, each ending once."""
    lines: dict[str, list[str]] = {}
    for row in rows:
        if row.state != "proposed":
            lines.setdefault(_ending(brand, row), []).append(row.what)
    return [f"{', '.join(dict.fromkeys(whats))}: {words}" for words, whats in lines.items()]


def _ending(brand: Brand, row: Action) -> str:
    by, note = row.decided_by or "nobody", row.note or ""
    words = {
        "approved": f"yes by {by}; it is on its way",
        "sending": f"yes by {by}; it is being sent",
        "unknown": f"yes by {by}; the network's answer was lost, and it is looked up, never sent twice",
        "applied": f"done {_clock(brand, row.applied_at)}, by {by}",
        "rejected": f"left as it is, by {by} {_clock(brand, row.decided_at)}",
        "expired": "nobody answered in time" if not row.decided_by else "could not be done in time",
        "failed": f"yes by {by}, but it could not be done",
        "undoing": f"{row.undone_by} wants it taken back; that is on its way",
        "undone": f"taken back by {row.undone_by} {_clock(brand, row.undone_at)}",
    }[row.state]
    seen = f" {link(row.url, 'see it')}" if row.url and row.state == "applied" else ""
    return f"{escape(words)}{f'. {escape(shorten(note, 300))}' if note else ''}{seen}"


def _small(brand: Brand, rows: Sequence[Action], *, is_asked: bool, now: datetime) -> Iterator[str]:
    rules = ", ".join(dict.fromkeys(row.rule for row in rows))
    if taken := next((row.taken_by for row in rows if row.taken_by), None):
        yield f"👀 {taken} sees to it"
    yield f"{'Rules' if ',' in rules else 'Rule'} {rules} of moderation.yml"
    if is_asked:
        yield f"Without an answer by {moment(rows[0].expires_at, brand.timezone)} nothing is done"
    elif any(row.state == "applied" and row.applied_at and row.applied_at > now - UNDOABLE_FOR for row in rows):
        yield "↩️ here takes it back, for three days"


def _clock(brand: Brand, at: datetime | None) -> str:
    return clock(at, brand.timezone, now_is=None) if at else ""
