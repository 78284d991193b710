"""What an import of the calendar found: one message, the whole of it in its thread, and a corrected file there.

Nothing is cut: what the message has no room for stands in the thread, in as many messages as it takes.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from include.domain.messages import Attachment, Message
from include.messages.numbers import counted
from include.messages.slack_text import bold, context, escape, exact, pieces, sections, shorten

_MOST_ROWS, _MOST_WARNINGS, _MOST_REMARKS = 8, 4, 4  # that a phone shows without much turning
_LONGEST = 300
_PAGE = 8_000  # characters: well below what Slack takes in one message


@dataclass(frozen=True, slots=True)
class RowNote:
    """Something about one row of a file, numbered as in the file (0: the file as a whole); a sentence or two."""

    row: int
    words: str


def calendar_report(
    file: str,
    *,
    ready: int,
    to_fix: Sequence[RowNote] = (),
    warnings: Sequence[RowNote] = (),
    remarks: Sequence[str] = (),
    changed: str = "",
    has_file: bool = False,
) -> Message:
    """What an import found. `ready` counts usable rows; `to_fix` has at least one note for each of the others.

    `remarks` are about the plan as a whole, `changed` says what became of it (`12 posts new`); with `has_file`
    the thread holds a corrected file.
    """
    broken = len({note.row for note in to_fix if note.row})
    headline = _headline(shorten(file, 30), ready, broken, bool(to_fix))
    sure = " (nothing sent, nothing lost)" if to_fix else ""
    lines = [f"📅 {bold(escape(headline))}{sure}", *map(_short, to_fix[:_MOST_ROWS])]
    lines += [f"⚠️ {_short(note)}" for note in warnings[:_MOST_WARNINGS]]
    lines += [f"💡 {escape(shorten(words, _LONGEST))}" for words in remarks[:_MOST_REMARKS]]
    if more := _more(len(to_fix) - _MOST_ROWS, len(warnings) - _MOST_WARNINGS):
        lines.append(f"… and {more} in the thread")
    small = [escape(changed)] if changed else []
    small += [_next_step(has_file)] if to_fix else []
    return _message(f"📅 {headline}", lines, small)


def calendar_details(
    to_fix: Sequence[RowNote], warnings: Sequence[RowNote] = (), remarks: Sequence[str] = ()
) -> list[Message]:
    """For the thread: everything in full, where the message itself had no room for all of it; else nothing."""
    whole = [*to_fix, *warnings, *(RowNote(0, words) for words in remarks)]
    fits = len(to_fix) <= _MOST_ROWS and len(warnings) <= _MOST_WARNINGS and len(remarks) <= _MOST_REMARKS
    if fits and all(len(note.words) <= _LONGEST for note in whole):
        return []
    lines = [*map(_line, to_fix), *(f"⚠️ {_line(note)}" for note in warnings), *(f"💡 {escape(r)}" for r in remarks)]
    pages = list(_pages(lines))
    several = f" of {len(pages)}" if len(pages) > 1 else ""
    found = []
    for number, page in enumerate(pages, start=1):
        title = f"All of it, {number}{several}" if several else "All of it"
        found.append(_message(title, [bold(title), *page]))
    return found


def calendar_changes(changed: str) -> Message:
    """For the thread: what became of the plan (`12 posts new · 2 posts called off`)."""
    return _message(f"The plan now: {changed}", [escape(f"The plan now: {changed}")])


def corrected_file(name: str, content: bytes, *, is_whole: bool) -> Message:
    """For the thread: the file with its problems written beside each row."""
    words = f"{name}: every row with what is to be fixed in it, in its last column."
    instead = "Put its rows back by their number; it is no plan by itself."
    then = "Mend it, and let it take the calendar's place." if is_whole else instead
    return Message(f"{words} {then}", attachments=(Attachment("file", name, content, words),))


def _headline(file: str, ready: int, broken: int, any_problem: bool) -> str:
    if any_problem and not ready and not broken:
        return f"{file}: nothing could be read"
    rows = f"{ready} of {counted(ready + broken, 'row')} ready" if broken else f"{counted(ready, 'row')} ready"
    return f"{file}: {rows}" + (f", {broken} to fix" if broken else "")


def _next_step(has_file: bool) -> str:
    said = "Rows are numbered as in the file. Correct them there and import it again."
    return f"{said} The thread has a copy with the problem beside each row." if has_file else said


def _more(notes: int, warnings: int) -> str:
    found = [counted(notes, "more note")] if notes > 0 else []
    return " and ".join([*found, counted(warnings, "more warning")] if warnings > 0 else found)


def _short(note: RowNote) -> str:
    return _line(RowNote(note.row, shorten(note.words, _LONGEST)))


def _line(note: RowNote) -> str:
    words = escape(" ".join(note.words.split()))
    return f"{bold(f'Row {note.row}')} · {words}" if note.row else words


def _pages(lines: Iterable[str]) -> Iterator[list[str]]:
    page: list[str] = []
    for line in (piece for whole in lines for piece in pieces(whole)):
        if page and sum(map(len, page)) + len(page) + len(line) > _PAGE:
            yield page
            page = []
        page.append(line)
    if page:
        yield page


def _message(text: str, lines: Iterable[str], small: Iterable[str] = ()) -> Message:
    """`text` is plain, `lines` and `small` are mrkdwn."""
    return exact(Message(escape(shorten(text, 300)), (*sections(lines), *(context(each) for each in small))))
