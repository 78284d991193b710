"""The plan as people write it, `calendar.csv`: one row per thing to say, on one or more accounts of one brand.

| column | what stands there |
|---|---|
| `key` | optional: the row's name for good, such as `aurora-2026w48-panettone` |
| `brand` | a key of brands.yml |
| `when` | local time of the brand, with year and hour (`include/desk/local_time.py` settles the clock's two jumps) |
| `accounts` | `all`, or platforms or account keys, parted by spaces or commas |
| `text` | what to say; `text_facebook` or `text_x_aurora` replaces it on that platform or account |
| `media` | image files beside the calendar, or https addresses, parted by a vertical bar |
| `alt` | the words for who cannot see them, in the same order, parted the same way |
| `link`, `campaign` | optional |
| `status` | `ready` (also when empty); `draft` or `cancelled` keep it from going out, also if it was planned before |

Which post a row is: its `key` and the account; without a key, the brand and its local time (`aurora-20261123-0930`).
The text is no part of it: an edited text stays the same post, and reading a file twice changes nothing. A row without
a key that moves in time becomes another post. Two rows that would be the same post are both refused until one has a
key of its own.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from include.desk.problems import Problem, instead
from include.desk.sheets import Sheet, read_sheet
from include.domain.accounts import Brand
from include.domain.posts import Post, content_hash
from include.editorial.rows import BrokenRow, Row, RowReader

COLUMNS = ("key", "brand", "when", "accounts", "text", "media", "alt", "link", "campaign", "status")


@dataclass(frozen=True, slots=True)
class Calendar:
    """A plan as read: rows to use, rows to correct, things worth a look, the row numbers of the drafts, and the ids of
    the posts that are not to go out (any more), for their row is a draft or cancelled."""

    file: str
    rows: tuple[Row, ...]
    broken: tuple[BrokenRow, ...] = ()
    warnings: tuple[Problem, ...] = ()
    drafts: tuple[int, ...] = ()
    called_off: frozenset[str] = frozenset()

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(problem for row in self.broken for problem in row.problems)

    def of(self, brand: Brand | None) -> "Calendar":
        """The part of the plan that is about `brand`; for None, what belongs to no brand that is known, and what is
        said about the file as a whole."""
        key = brand.key if brand else None
        rows = tuple(row for row in self.rows if row.brand == key)
        broken = tuple(row for row in self.broken if row.brand == key)
        theirs = {row.number for row in rows} | {row.number for row in broken}
        placed = {row.number for row in self.rows} | {row.number for row in self.broken}
        accounts = {account.key for account in brand.accounts} if brand else set()
        return Calendar(
            file=self.file,
            rows=rows,
            broken=broken,
            warnings=tuple(w for w in self.warnings if w.row in theirs or (brand is None and w.row not in placed)),
            called_off=frozenset(post_id for post_id in self.called_off if post_id.rpartition(":")[2] in accounts),
        )


def read_calendar(path: Path, brands: Iterable[Brand]) -> Calendar:
    """The plan in `path`: what can be used and what must be corrected, side by side.

    Raises DeskProblems only where no row can be read: no such file, no table, a column missing.
    """
    sheet = read_sheet(path, required=("brand", "when", "accounts", "text"))
    by_key = {brand.key: brand for brand in brands}
    readers = [RowReader(sheet, row, path.parent.resolve(), by_key) for row in sheet.rows]
    off = [reader for reader in readers if reader.status in ("draft", "cancelled")]
    read = [reader.read() for reader in readers if reader not in off]
    rows, clashing = _told_apart(sheet.file, [row for row in read if isinstance(row, Row)])
    broken = [row for row in read if isinstance(row, BrokenRow)] + clashing
    broken += [reader.broken() for reader in off if reader.status == "cancelled" and not reader.is_told]
    warnings = [warning for reader in readers for warning in reader.warnings.problems]
    planned = {post_id for row in rows for post_id in row.post_ids}
    return Calendar(
        file=sheet.file,
        rows=tuple(rows),
        broken=tuple(sorted(broken, key=lambda row: row.number)),
        warnings=(*_about_the_file(sheet, by_key.values()), *warnings),
        drafts=tuple(reader.row.number for reader in off if reader.status == "draft"),
        called_off=frozenset(post_id for reader in off if reader.is_told for post_id in reader.post_ids) - planned,
    )


def posts_of(row: Row) -> list[Post]:
    """The row's posts, one per account. An approval of one covers what its images show, not where they lie."""
    shown = tuple(replace(m, source=digest) for m, digest in zip(row.media, row.digests, strict=True))
    return [
        Post(
            post_id=post_id,
            account=account,
            text=text,
            media=tuple(replace(m, digest=digest) for m, digest in zip(row.media, row.digests, strict=True)),
            publish_at=row.when,
            campaign=row.campaign,
            content_hash=content_hash(account, text, row.link, shown),
            link=row.link,
        )
        for post_id, (account, text) in zip(row.post_ids, row.texts.items(), strict=True)
    ]


def _told_apart(file: str, rows: list[Row]) -> tuple[list[Row], list[BrokenRow]]:
    """The rows whose posts are theirs alone, and those that claim a post of another row."""
    claims: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        for post_id in row.post_ids:
            claims[post_id].append(row.number)
    alone, clashing = [], []
    for row in rows:
        others = sorted({number for post_id in row.post_ids for number in claims[post_id]} - {row.number})
        if not others:
            alone.append(row)
            continue
        twins = f"row{'s' * (len(others) > 1)} {', '.join(map(str, others))}"
        why = f"{twins} would be the same post; give each a key of its own, or another time or account."
        clashing.append(BrokenRow(row.number, row.key, row.brand, (Problem(file, row.number, "key", row.key, why),)))
    return alone, clashing


def _about_the_file(sheet: Sheet, brands: Iterable[Brand]) -> list[Problem]:
    """What is odd about the file as a whole: columns that nobody reads, an encoding that was guessed."""
    accounts = [account for brand in brands for account in brand.accounts]
    read = {*COLUMNS, *(f"text_{name}" for account in accounts for name in (account.platform, account.key))}
    notes = [
        Problem(sheet.file, 1, "", column, f"this column is not read; {instead(column, read)}")
        for column in sheet.columns
        if column and column not in read
    ]
    if sheet.encoding == "cp1252":
        why = 'saved as plain CSV of Windows: look at accents and quotes, or save it as "CSV UTF-8".'
        notes.append(Problem(sheet.file, 0, "", "", why))
    return notes
