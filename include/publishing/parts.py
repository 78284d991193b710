"""The parts of a post: each irreversible call has a row of its own, and the first row also says how all of them stand.

While parts are still to come the post is `live`. Where one was refused, held or called off it is `partly_live`, with
the sentence that says which are out; once that one is out after all it is `live` again. Pure: rows in, words out.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from include.publishing.states import ON_SHOW, STOPPED, State


def count(text: Row[Any]) -> int:
    """How many parts a row of the table `post` has: the post, its thread, its first comment."""
    return 1 + len(text.thread) + bool(text.first_comment)


def name(number: int, text: Row[Any]) -> str:
    """What people call a part."""
    if number == 0:
        return "the post"
    return f"text {number + 1} of the thread" if number <= len(text.thread) else "the first comment"


def standing(text: Row[Any], rows: Sequence[Row[Any]]) -> tuple[State, str | None]:
    """Where a post stands whose first part is out, and why, in words. `rows` are its parts in order."""
    first, *rest = rows[: count(text)]
    stopped = [row for row in rest if row.state in STOPPED]
    if stopped:
        return State.PARTLY_LIVE, _words(text, [first, *rest], stopped)
    all_out = all(row.state in ON_SHOW for row in rest)
    return (State.LIVE, None) if all_out else (State(first.state), first.reason)


def _words(text: Row[Any], rows: Sequence[Row[Any]], stopped: Sequence[Row[Any]]) -> str:
    out = [name(row.part, text) for row in rows if row.state in ON_SHOW]
    told = (f"{_capital(name(row.part, text))} is {row.state}: {row.reason or 'nobody said why.'}" for row in stopped)
    return f"{len(out)} of {len(rows)} parts are out ({', '.join(out)}). {' '.join(told)}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
