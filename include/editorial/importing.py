"""What an import of the calendar comes to: posts to plan, rows to correct, and all of it in words.

A row is taken or left as a whole. A row to correct holds nobody else up, and what an earlier import made of it stays
planned as it was: nothing is sent, nothing is lost.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from include.desk.problems import Problem
from include.domain.accounts import Brand
from include.domain.posts import Post
from include.editorial.calendar import Calendar, posts_of
from include.editorial.rows import BrokenRow, Row

Check = Callable[[Post], list[str]]


@dataclass(frozen=True, slots=True)
class Fix:
    """One thing to correct before a row can be planned. `brand` and `network` are titles, empty where unknown."""

    row: int
    brand: str
    network: str
    sentence: str

    def __str__(self) -> str:
        place = " · ".join(filter(None, (f"Row {self.row}", self.brand, self.network)))
        return f"{place}: {self.sentence}" if self.network else f"{place} · {self.sentence}"


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The outcome of one import.

    `posts` are to be planned, `sources` tells of each (by post id) the file and row. `kept` are the ids of posts that
    an earlier import planned and whose row cannot be used now: they stay as they were. What is in neither is no longer
    wanted. `past` and `drafts` are the numbers of rows left aside.
    """

    file: str
    rows_ready: int
    posts: tuple[Post, ...]
    sources: Mapping[str, str]
    fixes: tuple[Fix, ...] = ()
    warnings: tuple[Problem, ...] = ()
    kept: tuple[str, ...] = ()
    past: tuple[int, ...] = ()
    drafts: tuple[int, ...] = ()

    def words(self) -> str:
        """The report for a person: the first line fits a phone's notification."""
        return "\n".join([self.headline(), *self.details()])

    def headline(self) -> str:
        to_fix = len({fix.row for fix in self.fixes})
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
        lines += [f"⚠️ {_place(warning)}{warning.brief()}" for warning in self.warnings]
        if self.past:
            lines.append(f"{_listed(self.past)}: over already, not planned any more.")
        if self.drafts:
            lines.append(f"{_listed(self.drafts)}: draft, left aside.")
        return [*lines, "Rows numbered as in the file."] if self.fixes or self.warnings else lines


def import_calendar(
    calendar: Calendar,
    brands: Iterable[Brand],
    checks: Mapping[str, Check],
    *,
    now: datetime,
    known: Collection[str] = (),
    titles: Mapping[str, str] | None = None,
) -> ImportReport:
    """Sorts a calendar's rows by what can be done with them. Pure: nothing is stored, nothing is sent.

    `checks` holds each network's own objections to a post, by platform; `titles` what people call the platform.
    `known` are the ids of all posts that earlier imports planned, live or not: of a row whose hour is over only these
    are taken, and of a row that cannot be used these are kept. Where such a row cannot even tell which posts it is
    about, every post of its brand that nothing else in the calendar names is kept.
    """
    by_key = {brand.key: brand for brand in brands}
    heaps = _Sorting(calendar, by_key, checks, now, frozenset(known), titles or {})
    for broken in calendar.broken:
        heaps.refuse(broken)
    for row in calendar.rows:
        heaps.sort(row)
    return heaps.report()


@dataclass(slots=True)
class _Sorting:
    """The heaps that the rows are sorted into."""

    calendar: Calendar
    brands: Mapping[str, Brand]
    checks: Mapping[str, Check]
    now: datetime
    known: frozenset[str]
    titles: Mapping[str, str]
    ready: list[tuple[Row, list[Post]]] = field(default_factory=list)
    fixes: list[Fix] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    past: list[int] = field(default_factory=list)

    def refuse(self, broken: BrokenRow) -> None:
        title = self.brands[broken.brand].title if broken.brand else ""
        self.fixes += [Fix(broken.number, title, "", problem.brief()) for problem in broken.problems]
        self.kept |= {post_id for post_id in self.known if self.may_be_of(broken, post_id)}

    def may_be_of(self, broken: BrokenRow, post_id: str) -> bool:
        """Whether an earlier import may have made the post from this row: by key, or else any post of the brand."""
        key, _, account = post_id.rpartition(":")
        if broken.key is not None:
            return broken.may_have_made(key)
        brand = self.brands.get(broken.brand or "")
        return brand is None or account in {each.key for each in brand.accounts}

    def sort(self, row: Row) -> None:
        if self.is_over(row):
            self.past += [] if row.recurs else [row.number]
        else:
            self.weigh(row, posts_of(row))

    def weigh(self, row: Row, posts: list[Post]) -> None:
        """One objection of one network, and the whole row waits."""
        fixes = [fix for post in posts for fix in self.objections(row, post)]
        if fixes:
            self.fixes += fixes
            self.kept |= self.known.intersection(row.post_ids)
        else:
            self.ready.append((row, posts))

    def is_over(self, row: Row) -> bool:
        late = timedelta(minutes=self.brands[row.brand].late_after_minutes)
        return row.when + late < self.now and self.known.isdisjoint(row.post_ids)

    def objections(self, row: Row, post: Post) -> list[Fix]:
        brand = self.brands[row.brand]
        platform = next(account.platform for account in brand.accounts if account.key == post.account)
        title, network = brand.title, self.titles.get(platform, platform)
        check = self.checks.get(platform)
        if check is None:
            return [Fix(row.number, title, network, "the desk cannot publish there yet; take it out of accounts.")]
        return [Fix(row.number, title, network, sentence) for sentence in check(post)]

    def report(self) -> ImportReport:
        file = self.calendar.file
        named = {post.post_id for _, posts in self.ready for post in posts} | self.calendar.called_off
        return ImportReport(
            file=file,
            rows_ready=len({row.number for row, _ in self.ready}),
            posts=tuple(post for _, posts in self.ready for post in posts),
            sources={post.post_id: f"{file}, row {row.number}" for row, posts in self.ready for post in posts},
            fixes=tuple(sorted(dict.fromkeys(self.fixes), key=lambda fix: fix.row)),
            warnings=self.calendar.warnings,
            kept=tuple(sorted(self.kept - named)),
            past=tuple(self.past),
            drafts=self.calendar.drafts,
        )


def _place(warning: Problem) -> str:
    return f"Row {warning.row}: " if warning.row else ""


def _rows(count: int) -> str:
    return f"all {count} rows" if count > 1 else "its one row"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def _listed(numbers: tuple[int, ...]) -> str:
    return f"Row{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers))}"
