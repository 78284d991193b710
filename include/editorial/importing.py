"""What an import of the calendar comes to: posts to plan, rows to correct, and all of it in words.

A row is taken or left as a whole. A row to correct holds nobody else up, and what an earlier import made of it stays
planned as it was: nothing is sent, nothing is lost. A row that has gone out is not judged any more.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from include.desk.problems import Problem
from include.domain.accounts import Account, Brand
from include.domain.posts import Post
from include.editorial.calendar import Calendar, posts_of
from include.editorial.fitting import Booking, Places
from include.editorial.remarks import Placed, costs, dead_links, empty_days, same_everywhere
from include.editorial.report import Fix, ImportReport, Note
from include.editorial.rows import BrokenRow, Row
from include.editorial.validation import Validation

PROBLEM = "problem"
_EVER = datetime(1, 1, 1, tzinfo=UTC)


def import_calendar(
    calendar: Calendar,
    brands: Iterable[Brand],
    validation: Validation,
    *,
    now: datetime,
    known: Collection[str] = (),
    booked: Sequence[Booking] = (),
) -> ImportReport:
    """Sorts a calendar's rows by what can be done with them. Nothing is stored, nothing is sent.

    `known` are the ids of all posts that earlier imports planned, live or not: of a row whose hour is over only these
    are taken, and of a row that cannot be used these are kept. Where such a row cannot even tell which posts it is
    about, every post of its brand that nothing else in the calendar names is kept. `booked` is what the ledger has of
    the calendar's posts, and of all that have gone out within the longest span of a cap.
    """
    heaps = _Sorting(calendar, {brand.key: brand for brand in brands}, validation, now, frozenset(known), booked)
    for broken in calendar.broken:
        heaps.refuse(broken)
    same_row: dict[int, list[Row]] = defaultdict(list)
    for row in calendar.rows:
        same_row[row.number].append(row)  # a row that comes again stands there once for each time
    for number, rows in same_row.items():
        heaps.sort(number, rows)
    heaps.fit()
    return heaps.report()


@dataclass(slots=True)
class _Sorting:
    """The heaps that the rows are sorted into. `ready` holds the posts by row."""

    calendar: Calendar
    brands: Mapping[str, Brand]
    validation: Validation
    now: datetime
    known: frozenset[str]
    booked: Sequence[Booking]
    ready: dict[int, list[Post]] = field(default_factory=dict)
    fixes: list[Fix] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    past: list[int] = field(default_factory=list)
    owner: dict[int, str] = field(default_factory=dict)
    out: frozenset[str] = field(init=False)
    accounts: dict[str, Account] = field(init=False)

    def __post_init__(self) -> None:
        self.out = frozenset(booking.post_id for booking in self.booked if booking.is_out)
        self.accounts = {account.key: account for brand in self.brands.values() for account in brand.accounts}

    def refuse(self, broken: BrokenRow) -> None:
        brand = self.brands.get(broken.brand or "")
        title, key = (brand.title, brand.key) if brand else ("", "")
        self.owner[broken.number] = key
        self.fixes += [
            Fix(broken.number, title, "", problem.brief(), key, problem.column, problem.found)
            for problem in broken.problems
        ]
        self.kept |= {post_id for post_id in self.known if self.may_be_of(broken, post_id)}

    def may_be_of(self, broken: BrokenRow, post_id: str) -> bool:
        """Whether an earlier import may have made the post from this row: by key, or else any post of the brand."""
        key, _, account = post_id.rpartition(":")
        if broken.key is not None:
            return broken.may_have_made(key)
        brand = self.brands.get(broken.brand or "")
        return brand is None or account in {each.key for each in brand.accounts}

    def sort(self, number: int, rows: Sequence[Row]) -> None:
        """One objection of one network, and the whole row waits."""
        self.owner[number] = rows[0].brand
        brand = self.brands[rows[0].brand]
        current = [row for row in rows if not self.is_over(row)]
        if not current:
            self.past += [] if rows[0].recurs else [number]
            return
        seen = [self.validation.seen(post) for row in current for post in posts_of(row)]
        to_judge = [(post, broken) for post, broken in seen if post.post_id not in self.out]
        if fixes := self.validation.fixes(number, brand, to_judge):
            self.leave(number, fixes, [post for post, _ in seen])
        else:
            self.ready[number] = [post for post, _ in seen]

    def leave(self, number: int, fixes: Iterable[Fix], posts: Iterable[Post]) -> None:
        self.ready.pop(number, None)
        self.fixes += fixes
        self.kept |= self.known.intersection(post.post_id for post in posts)

    def is_over(self, row: Row) -> bool:
        late = timedelta(minutes=self.brands[row.brand].late_after_minutes)
        return row.when + late < self.now and self.known.isdisjoint(row.post_ids)

    def fit(self) -> None:
        """Give the accounts' places to the rows in the order of their time; a row that finds one taken waits."""
        kept = self.kept - {post.post_id for posts in self.ready.values() for post in posts}
        places = Places.of(each for each in self.booked if each.is_out or each.post_id in kept)
        for number in sorted(self.ready, key=lambda number: (_first(self.ready[number]), number)):
            brand, taken = self.brands[self.owner[number]], list[Post]()
            for post in sorted(self.ready[number], key=_time):
                if post.post_id in self.out:
                    continue
                if problem := self.take(places, post, brand):
                    places.release(taken)
                    title = self.validation.title(self.accounts[post.account])
                    fix = Fix(number, brand.title, title, problem, brand.key, "when")
                    self.leave(number, [fix], self.ready[number])
                    break
                taken.append(post)

    def take(self, places: Places, post: Post, brand: Brand) -> str | None:
        account = self.accounts[post.account]
        network = None if account.manual else self.validation.networks.get(account.platform)
        limits = self.validation.limits.get(post.account, {})
        return places.take(post, network, limits, brand.timezone) if network else None

    def placed(self) -> list[Placed]:
        """The plan that is still to go out, each post with its row and network."""
        found = []
        for number, posts in self.ready.items():
            for post in posts:
                account = self.accounts[post.account]
                found.append(Placed(number, post, account.platform, self.validation.title(account)))
        return [each for each in found if each.post.post_id not in self.out]

    def warnings(self, plan: Iterable[Placed]) -> list[Note]:
        notes = [Note(w.row, w.brief(), self.owner.get(w.row, "")) for w in self.calendar.warnings if not _is_ours(w)]
        by_brand = defaultdict(list)
        for each in plan:
            by_brand[self.owner[each.row]].append(each)
        return notes + [Note(row, words, key) for key in by_brand for row, words in same_everywhere(by_brand[key])]

    def remarks(self, plan: Sequence[Placed]) -> list[Note]:
        found = []
        for key, brand in self.brands.items():
            theirs = [each for each in plan if self.owner[each.row] == key]
            titles = {account.platform: self.validation.title(account) for account in brand.accounts}
            empty = empty_days(brand, self.filled(brand), self.now, titles)
            networks = self.validation.networks
            said = (*costs(theirs, networks), *dead_links(theirs, networks), empty)
            found += [Note(0, words, key) for words in said if words]
        return found

    def filled(self, brand: Brand) -> dict[str, list[datetime]]:
        """When each platform of a brand has something: what is ready, and what stays planned though its row waits."""
        times = {post.post_id: post.publish_at for posts in self.ready.values() for post in posts}
        times |= {each.post_id: each.at for each in self.booked if each.post_id in self.kept or each.is_out}
        found: dict[str, list[datetime]] = defaultdict(list)
        for account in brand.accounts:
            found[account.platform] += [
                at for post_id, at in times.items() if at and post_id.rpartition(":")[2] == account.key
            ]
        return found

    def report(self) -> ImportReport:
        file, plan = self.calendar.file, self.placed()
        posts = tuple(post for posts in self.ready.values() for post in posts)
        named = {post.post_id for post in posts} | self.calendar.called_off
        return ImportReport(
            file=file,
            rows_ready=len(self.ready),
            posts=posts,
            sources={post.post_id: f"{file}, row {number}" for number, posts in self.ready.items() for post in posts},
            fixes=tuple(sorted(self.fixes, key=lambda fix: fix.row)),
            warnings=tuple(self.warnings(plan)),
            remarks=tuple(self.remarks(plan)),
            kept=tuple(sorted(self.kept - named)),
            past=tuple(self.past),
            drafts=self.calendar.drafts,
            brands=self.owner,
        )


def _time(post: Post) -> datetime:
    return post.publish_at or _EVER


def _first(posts: Iterable[Post]) -> datetime:
    return min(map(_time, posts), default=_EVER)


def _is_ours(warning: Problem) -> bool:
    """Whether it is about the column that the corrected file has from us."""
    return warning.row == 1 and warning.found.lower() == PROBLEM
