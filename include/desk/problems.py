"""What is wrong in a file that people edit: where it stands, what was found, and what would be right."""

import difflib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import TypeVar

Value = TypeVar("Value")


class Unfit(ValueError):
    """A cell cannot be used; the text says why and what would be right, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct.

    `row` is the number that the reader sees beside it: a spreadsheet's row (the header is row 1) or a YAML file's
    line; 0 for the file as a whole. `column` is empty where the row as a whole is meant. `why` says what is wrong
    and what is allowed.
    """

    file: str
    row: int
    column: str
    found: str
    why: str

    def __str__(self) -> str:
        parts = [self.file]
        if self.row:
            parts.append(f"{row_word(self.file)} {self.row}")
        return ", ".join([*parts, self.brief()])

    def brief(self) -> str:
        """The same without file and row, for a list that has named them already."""
        place = f"{self.column} {_quoted(self.found)}".strip() if self.column else _quoted(self.found, empty="")
        return f"{place}: {self.why}" if place else self.why


def row_word(file: str) -> str:
    """What the numbers beside the file's problems count: `line` for YAML, `row` for a table."""
    return "line" if PurePath(file).suffix.lower() in (".yml", ".yaml") else "row"


def _quoted(found: str, empty: str = "(empty)") -> str:
    """The finding on one line; of a long one the start is enough to know it again."""
    text = " ".join(found.split())
    return f'"{text[:59]}…"' if len(text) > 60 else f'"{text}"' if text else empty


class DeskProblems(Exception):
    """The desk's files cannot be used as they are. The text lists every problem, one sentence per line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        lines = [f"- {problem}" for problem in self.problems]
        super().__init__("\n".join([f"{count} thing{'s' * (count != 1)} to correct:", *lines]))


@dataclass(slots=True)
class Findings:
    """Collects the problems of one file while it is read, so that they can be told together."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def add(self, row: int, column: str, found: str, why: str) -> None:
        self.problems.append(Problem(self.file, row, column, found, why))

    def read(self, row: int, column: str, found: str, reader: Callable[[str], Value]) -> Value | None:
        """What `reader` makes of the cell; None, and a problem noted, where it calls the cell unfit."""
        try:
            return reader(found)
        except Unfit as unfit:
            self.add(row, column, found, str(unfit))
            return None

    def refuse_if_any(self) -> None:
        if self.problems:
            raise DeskProblems(self.problems)


def nearest(found: str, allowed: Collection[str]) -> str:
    """What was probably meant, `did you mean "x"?`; empty where nothing is near."""
    names = {name.lower(): name for name in sorted(allowed)}
    close = difflib.get_close_matches(found.lower(), names, n=1)
    return f'did you mean "{names[close[0]]}"?' if close else ""


def instead(found: str, allowed: Collection[str], *, title: str = "allowed") -> str:
    """What could have been meant, as the end of a sentence: `did you mean "x"? Allowed: facebook, x.`"""
    if not allowed:
        return "none is declared yet."
    guess, names = nearest(found, allowed), ", ".join(sorted(allowed, key=str.lower))
    return f"{guess} {title[0].upper()}{title[1:]}: {names}." if guess else f"{title}: {names}."


def one_of(allowed: Collection[str] | None, what: str) -> Callable[[str], str]:
    """A reader that takes one of `allowed` (anything, if that is None) and calls everything else not `what`."""

    def read(text: str) -> str:
        if not text:
            raise Unfit(f"needs {what}; {instead(text, allowed)}" if allowed else f"needs {what}.")
        if allowed is not None and text not in allowed:
            raise Unfit(f"not {what}; {instead(text, allowed)}")
        return text

    return read
