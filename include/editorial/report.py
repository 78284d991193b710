"""The outcome of an import, as data and in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from include.domain.accounts import Brand
from include.domain.posts import Post

_MEANT = re.compile(r'did you mean "([^"]+)"\?')


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to correct before a row can be planned. `brand` and `network` are titles, empty where unknown; `of` is
    the brand's key. `column` and `found` say which cell is meant, where it is one."""

    row: int
    brand: str
    network: str
    sentence: str
    of: str = ""
    column: str = ""
    found: str = ""

    def __str__(self) -> str:
        place = " · ".join(filter(None, (f"Row {self.row}", self.brand, self.network)))
        return f"{place}: {self.sentence}" if self.network else f"{place} · {self.sentence}"

    @property
    def meant(self) -> str:
        """What the cell should probably hold, empty where that cannot be told."""
        guess = _MEANT.search(self.sentence)
        return guess[1] if guess and self.column else ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something worth a look, about a row (0: the file or the plan as a whole) of the brand `of` (empty: of none)."""

    row: int
    words: str
    of: str = ""

    def __str__(self) -> str:
        return f"Row {self.row}: {self.words}" if self.row else self.words


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of one import.

    `posts` are to be planned, `sources` tells of each (by post id) the file and row. `kept` are the ids of posts that
    an earlier import planned and whose row cannot be used now: they stay as they were. What is in neither is no longer
    wanted. `past` and `drafts` are the numbers of rows left aside. `remarks` are about the plan as a whole and change
    with the days; `brands` tells whose a row is.
    """

    file: str
    rows_ready: int
    posts: tuple[Post, ...]
    sources: Mapping[str, str]
    fixes: tuple[Fix, ...] = ()
    warnings: tuple[Note, ...] = ()
    remarks: tuple[Note, ...] = ()
    kept: tuple[str, ...] = ()
    past: tuple[int, ...] = ()
    drafts: tuple[int, ...] = ()
    brands: Mapping[int, str] = field(default_factory=dict)

    @property
    def rows_to_fix(self) -> int:
        return len({fix.row for fix in self.fixes})

    def of(self, brand: Brand | None) -> "ImportReport":
        """The part that is about `brand`; for None, what belongs to no known brand, and what is said of the file."""
        key = brand.key if brand else ""
        accounts = {account.key for account in brand.accounts} if brand else set()
        posts = tuple(post for post in self.posts if post.account in accounts)
        return replace(
            self,
            rows_ready=len({self.sources[post.post_id] for post in posts}),
            posts=posts,
            fixes=tuple(fix for fix in self.fixes if fix.of == key),
            warnings=tuple(note for note in self.warnings if note.of == key),
            remarks=tuple(note for note in self.remarks if note.of == key),
            kept=tuple(post_id for post_id in self.kept if post_id.rpartition(":")[2] in accounts),
            past=tuple(row for row in self.past if self.brands.get(row, "") == key),
            drafts=tuple(row for row in self.drafts if self.brands.get(row, "") == key),
        )

    def words(self) -> str:
        """The report for a person: the first line fits a phone's notification."""
        return "\n".join([self.headline(), *self.details()])

    def headline(self) -> str:
        to_fix = self.rows_to_fix
        ready, total = self.rows_ready, self.rows_ready + to_fix
        if to_fix:
            return f"📅 {self.file}: {ready} of {total} rows ready, {to_fix} to fix (nothing sent, nothing lost)"
        if not ready:
            return f"📅 {self.file}: no row to plan"
        return f"📅 {self.file}: {_rows(ready)} ready, {_counted(len(self.posts), 'post')} planned"

    def details(self) -> list[str]:
        """The lines below the headline: what must be done comes first."""
        lines = [str(fix) for fix in self.fixes]
        if self.kept:
            lines.append(f"{_counted(len(self.kept), 'post')} of an earlier import may be these: left as they were.")
        lines += [f"⚠️ {warning}" for warning in self.warnings]
        lines += [f"💡 {remark}" for remark in self.remarks]
        if self.past:
            lines.append(f"{_listed(self.past)}: over already, not planned any more.")
        if self.drafts:
            lines.append(f"{_listed(self.drafts)}: draft, left aside.")
        return [*lines, "Rows numbered as in the file."] if self.fixes or self.warnings else lines


def _rows(count: int) -> str:
    return f"all {count} rows" if count > 1 else "its one row"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _listed(numbers: tuple[int, ...]) -> str:
    return f"Row{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"
