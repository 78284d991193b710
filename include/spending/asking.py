"""The question about a change of ad budgets, and what became of it, in the language of the brand."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from include.domain.accounts import Brand
from include.domain.messages import Message
from include.messages.slack_text import bold, context, escape, fitted, link, sections, shorten
from include.pacing.figures import Words
from include.spending.actions import Action
from include.spending.telling import say

_MARKS = {
    "approved": "✅",
    "rejected": "✋",
    "expired": "⌛",
    "applied": "✅",
    "verified": "✅",
    "failed": "⚠️",
    "moved": "⚠️",
}
_NAMED = 10


def question(
    brand: Brand,
    rows: Sequence[Action],
    *,
    platforms: Mapping[str, str],
    who: Sequence[str],
    form_url: str = "",
    sets_itself: bool = True,
) -> Message:
    """The proposal as it stands now: the question while nobody has answered, and afterwards what was done about it.

    `platforms` gives the title of each account's platform, `who` may answer here; `sets_itself` is whether the desk
    carries out what is approved.
    """
    if asked := [row for row in rows if row.state == "proposed"]:  # what is no longer needed is no longer shown
        headline = _headline(brand, asked, platforms)
        return _open(brand, asked, headline, who, form_url, sets_itself=sets_itself)
    headline = _headline(brand, rows, platforms)
    said = [_said(brand, row, sets_itself=sets_itself) for row in rows[:_NAMED]]
    lines = [f"{_mark(rows)} {bold(escape(headline))}"]
    if len(rows) == 1:
        lines.append(escape(said[0]))
    else:
        lines += [f"• {escape(_line(brand, row))}: {escape(words)}" for row, words in zip(rows, said, strict=False)]
    text = f"{_mark(rows)} {headline}: {said[0]}"
    return fitted(Message(escape(shorten(text, 300)), tuple(sections(lines))))


def _open(
    brand: Brand, rows: Sequence[Action], headline: str, who: Sequence[str], form_url: str, *, sets_itself: bool
) -> Message:
    language = brand.language
    lines = [f"💶 {bold(escape(headline))}"]
    lines += [f"• {escape(_line(brand, row))}" for row in rows[:_NAMED]]
    lines.append(escape(shorten(rows[0].why, 400)))
    names = " / ".join(who) or " / ".join(rows[0].deciders) or "—"
    if who:
        lines.append(f"{bold(say(language, 'do'))} {escape(say(language, 'ask_do', who=names))}")
    elif form_url:
        lines.append(f"{bold(say(language, 'do'))} {link(form_url, say(language, 'ask_in_airflow'))} ({escape(names)})")
    small = "ask_small" if sets_itself else "ask_small_by_hand"
    until = _moment(rows[0].expires_at, brand)
    notes = [escape(say(language, small, until=until))]
    if who and form_url:
        notes.append(link(form_url, say(language, "ask_in_airflow")))
    return fitted(Message(f"💶 {escape(headline)}", (*sections(lines), context(" · ".join(notes)))))


def subject(brand: Brand, rows: Sequence[Action], platforms: Mapping[str, str]) -> str:
    """The question in one line, for wherever it is put."""
    return _headline(brand, rows, platforms)


def details(brand: Brand, rows: Sequence[Action]) -> str:
    """What would be changed and why, as plain lines."""
    return "\n".join([*(f"- {_line(brand, row)}" for row in rows), "", rows[0].why])


def _headline(brand: Brand, rows: Sequence[Action], platforms: Mapping[str, str]) -> str:
    where = ", ".join(dict.fromkeys(platforms.get(row.account, row.account) for row in rows))
    title = f" “{rows[0].title}”" if rows[0].title else ""
    return f"{shorten(brand.title, 40)}{title} · {where}: {'; '.join(_asked(brand, rows))}"


def _asked(brand: Brand, rows: Sequence[Action]) -> Iterator[str]:
    budgets = [row for row in rows if row.what == "budget"]
    if budgets:
        before, after = (
            _money(brand, sum((Decimal(getattr(row, name)) for row in budgets), Decimal(0)), budgets[0].currency)
            for name in ("before", "after")
        )
        key = "ask_set" if len(budgets) == 1 else "ask_set_many"
        yield say(brand.language, key, before=before, after=after, count=len(budgets))
    for what in ("pause", "resume"):
        if names := [row.entity_name for row in rows if row.what == what]:
            shown = ", ".join(f"“{shorten(name, 40)}”" for name in names[:3]) + (" …" if len(names) > 3 else "")
            yield say(brand.language, f"ask_{what}", names=shown)


def _line(brand: Brand, row: Action) -> str:
    if row.what != "budget":
        return say(brand.language, f"ask_line_{row.what}", name=row.entity_name)
    before, after = (_money(brand, Decimal(value), row.currency) for value in (row.before, row.after))
    return say(brand.language, "ask_line_set", name=row.entity_name, before=before, after=after)


def _said(brand: Brand, row: Action, *, sets_itself: bool) -> str:
    key = f"said_{row.state}"
    if row.state == "approved":
        is_agreed = row.note == "agreed beforehand"
        key = ("said_agreed" if is_agreed else key) if sets_itself else f"said_{'agreed_' * is_agreed}by_hand"
    if row.state == "expired":
        key = "said_later" if row.note == "later" else "said_outdated" if row.note == "no longer needed" else key
    words = say(brand.language, key, by=row.decided_by or "—")
    beside = "" if row.note in (None, "later", "no longer needed", "agreed beforehand") else f". {row.note}"
    at = row.settled_at or row.applied_at or row.decided_at
    return f"{words}{f', {_moment(at, brand)}' if at else ''}{beside}"


def _mark(rows: Sequence[Action]) -> str:
    worst = ("moved", "failed", "rejected", "expired", "approved", "applied", "verified")
    states = {row.state for row in rows}
    return next((_MARKS[state] for state in worst if state in states), "💶")


def _money(brand: Brand, amount: Decimal, currency: str) -> str:
    return Words(brand.language).money(amount, currency, exact=True)


def _moment(at: datetime, brand: Brand) -> str:
    local = at.astimezone(ZoneInfo(brand.timezone))
    return f"{Words(brand.language).day(local.date())} {local:%H:%M}"
