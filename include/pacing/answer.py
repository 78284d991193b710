"""Looks as a person or a program reads them on a terminal."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from include.pacing.check import needing
from include.pacing.figures import Words
from include.pacing.look import Look
from include.pacing.sentences import speak

_HEADER = ("budget", "state", "spent", "of", "plan", "index", "end (80 %)", "money ends", "set today")
_UNKNOWN = "—"


def as_table(looks: Sequence[Look], language: str = "en") -> str:
    """One line for each budget, and below it in words what needs somebody."""
    rows = [_HEADER, *(_row(look, Words(language)) for look in looks)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADER))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, *(line for look in needing(looks) for line in _words(look, language))])


def _words(look: Look, language: str) -> Iterator[str]:
    spoken = speak(look, language=language)
    yield ""
    yield spoken.headline
    yield from (f"  {line}" for line in [*spoken.because, spoken.next_step] if line)


def _row(look: Look, words: Words) -> tuple[str, ...]:
    currency = look.budget.currency
    foreseen = look.forecast
    return (
        look.budget.title,
        look.state,
        words.money(look.spent + look.spent_today, currency),
        words.money(look.money, currency),
        words.money(look.expected, currency),
        words.number(look.index, 2) if look.index is not None else _UNKNOWN,
        f"{words.money(foreseen.low, currency)}–{words.money(foreseen.high, currency)}" if foreseen else _UNKNOWN,
        words.day(look.ends_on) if look.ends_on else _UNKNOWN,
        words.money(look.today_amount, currency, exact=True) if look.today_amount is not None else _UNKNOWN,
    )


def as_json(looks: Sequence[Look], language: str = "en") -> str:
    """A list of objects; money is text, so that no digit is lost, and what is not known is null."""
    return json.dumps([_object(look, language) for look in looks], indent=2, ensure_ascii=False)


def _object(look: Look, language: str) -> dict[str, Any]:
    spoken, foreseen, hours = speak(look, language=language), look.forecast, look.hours
    return {
        "budget": look.budget.key,
        "title": look.budget.title,
        "currency": look.budget.currency,
        "state": look.state,
        "seen": look.seen,
        "today": look.today.isoformat(),
        "through": look.through.isoformat(),
        "missing": [day.isoformat() for day in look.missing],
        "unread": list(look.unread),
        "money": str(look.money),
        "cap": str(look.cap),
        "spent": str(look.spent),
        "spent_today": str(look.spent_today),
        "expected": str(look.expected),
        "variance": str(look.variance),
        "pacing_index": None if look.index is None else round(float(look.index), 4),
        "forecast": None
        if foreseen is None
        else {
            "total": f"{foreseen.total:.2f}",
            "low": f"{foreseen.low:.2f}",
            "high": f"{foreseen.high:.2f}",
            "chance_of_overspending": round(foreseen.overspend, 3),
        },
        "money_ends": look.ends_on.isoformat() if look.ends_on else None,
        "set_today": None if look.today_amount is None else str(look.today_amount),
        "set_now": None if look.now is None else str(look.now),
        "worst_today": None if look.worst is None else str(look.worst),
        "shares": None if look.shares is None else {name: str(amount) for name, amount in look.shares.items()},
        "schedule": {day.isoformat(): str(amount) for day, amount in look.schedule.items()},
        "by_hour": None
        if hours is None
        else {"hour": hours.hour, "spent": str(hours.spent), "expected": str(hours.expected)},
        "headline": spoken.headline,
        "because": list(spoken.because),
        "next_step": spoken.next_step,
    }
