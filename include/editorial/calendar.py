"""The plan as people write it: one row per thing to say, on one or more accounts of one brand.

| column | what stands there |
|---|---|
| `key` | optional: the row's name for good, such as `aurora-2026w48-panettone` |
| `brand` | a key of brands.yml |
| `when` | local time of the brand, with year and hour (`include/desk/local_time.py` settles the clock's two jumps) |
| `accounts` | `all`, or platforms or account keys, parted by spaces or commas |
| `text` | what to say; a line that holds only `---` begins the next part of a thread |
| `media` | image or video files beside the calendar, or https addresses, parted by a vertical bar |
| `alt` | the words for who cannot see them, in the same order, parted the same way |
| `link` | optional; it gets campaign tags for each network and post (`include/editorial/tagging.py`) |
| `first_comment` | optional: what the account itself says under its post |
| `format` | `feed` (also when empty), `reel` or `story` |
| `campaign`, `objective`, `pillar` | optional: what it belongs to, what it is for, which theme it serves |
| `sponsor_budget` | optional: the budget that pays for it; it then needs the brand's disclosure |
| `recurrence` | optional: when it comes again (`include/editorial/recurrence.py`); needs a `key` |
| `status` | `ready` (also when empty); `draft` or `cancelled` keep it from going out, also if it was planned before |

`text`, `first_comment` and `format` may have variants: `text_facebook` or `text_x_aurora` replaces `text` on that
platform or account. Networks that know no threads or first comments refuse a row that has them, in words.

The table is `calendar.csv`, `calendar.xlsx` or `calendar.yml` in the desk's folder, or a Google Sheet
(`include/editorial/source.py`); files made for Hootsuite and Buffer are understood (`include/editorial/foreign.py`).
Dates are ISO, or slashed as the whole column tells (`include/desk/date_style.py`).

Which post a row is: its `key` and the account; without a key, the brand and its local time (`aurora-20261123-0930`).
The text is no part of it: an edited text stays the same post, and reading a file twice changes nothing. A row without
a key that moves in time becomes another post. Two rows that would be the same post are both refused until one has a
key of its own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from include.desk.date_style import style_of
from include.desk.problems import Problem, nearest, row_word
from include.desk.sheets import Sheet, read_records, sheet_of
from include.domain.accounts import Brand
from include.domain.posts import Media, Post, content_hash
from include.editorial.foreign import understood
from include.editorial.row_reader import RowReader
from include.editorial.rows import BrokenRow, Row
from include.editorial.tagging import tagged
from include.editorial.variants import VARIED, names_of

COLUMNS = (
    *("key", "brand", "when", "accounts", "text", "media", "alt", "link", "first_comment", "format"),
    *("campaign", "objective", "pillar", "sponsor_budget", "recurrence", "status"),
)


@dataclass(frozen=True, slots=True)
class Calendar:
    """A plan as read: rows to use, rows to correct, things worth a look, the row numbers of the drafts, and the ids of
    the posts that are not to go out (any more), for their row is a draft or cancelled. `sheet` are its cells, with the
    columns named as ours."""

    file: str
    rows: tuple[Row, ...]
    broken: tuple[BrokenRow, ...] = ()
    warnings: tuple[Problem, ...] = ()
    drafts: tuple[int, ...] = ()
    called_off: frozenset[str] = frozenset()
    sheet: Sheet | None = None

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
            sheet=self.sheet,
        )


def read_calendar(
    path: Path, brands: Iterable[Brand], *, now: datetime | None = None, content: bytes | None = None
) -> Calendar:
    """The plan in `path`, or in `content` under that name: what can be used and what must be corrected, side by side.

    Of a row that comes again, the occurrences around `now` are read. Media lie beside `path`. Raises DeskProblems only
    where no row can be read: no such file, no table, a column missing.
    """
    by_key = {brand.key: brand for brand in brands}
    table, notes = understood(read_records(path, content), by_key.values())
    sheet = sheet_of(table, required=("brand", "when", "accounts", "text"))
    readers = _readers(sheet, by_key, path.parent.resolve(), now or datetime.now(UTC))
    off = [reader for reader in readers if reader.status in ("draft", "cancelled")]
    read = [reader.read() for reader in readers if reader not in off]
    rows, clashing = _told_apart(sheet.file, [row for each in read if isinstance(each, list) for row in each])
    broken = [row for row in read if isinstance(row, BrokenRow)] + clashing
    broken += [reader.broken() for reader in off if reader.status == "cancelled" and not reader.is_told]
    warnings = [warning for reader in readers for warning in reader.warnings.problems]
    planned = {post_id for row in rows for post_id in row.post_ids}
    return Calendar(
        file=sheet.file,
        rows=tuple(rows),
        broken=tuple(sorted(broken, key=lambda row: row.number)),
        warnings=(*notes, *_about_the_file(sheet, by_key.values()), *warnings),
        drafts=tuple(reader.row.number for reader in off if reader.status == "draft"),
        called_off=frozenset(post_id for reader in off if reader.is_told for post_id in reader.post_ids) - planned,
        sheet=sheet,
    )


def posts_of(row: Row) -> list[Post]:
    """The row's posts, one per account. An approval of one covers what its images show, not where they lie."""
    shown = tuple(replace(m, source=digest) for m, digest in zip(row.media, row.digests, strict=True))
    return [_post(row, account, shown) for account in row.texts]


def _post(row: Row, account: str, shown: tuple[Media, ...]) -> Post:
    post_id, said = f"{row.key}:{account}", row.texts[account]
    comment, thread = row.first_comments.get(account, ""), row.threads.get(account, ())
    form = row.formats.get(account, "feed")
    seen = content_hash(account, said, row.link, shown, first_comment=comment, thread=thread, format=form)
    return Post(
        post_id=post_id,
        account=account,
        text=said,
        media=tuple(replace(m, digest=digest) for m, digest in zip(row.media, row.digests, strict=True)),
        publish_at=row.when,
        campaign=row.campaign,
        content_hash=seen,
        link=_link(row, account, post_id),
        first_comment=comment,
        thread=thread,
        format=form,
        objective=row.objective,
        pillar=row.pillar,
        sponsor_budget=row.sponsor_budget,
    )


def _link(row: Row, account: str, post_id: str) -> str | None:
    if not row.link or not row.utm:
        return row.link
    return tagged(
        row.link,
        source=row.networks[account],
        content=post_id,
        campaign=row.campaign,
        sponsored=bool(row.sponsor_budget),
    )


def _readers(sheet: Sheet, brands: dict[str, Brand], folder: Path, now: datetime) -> list[RowReader]:
    cells = [(row.number, row["when"]) for row in sheet.rows]
    style = style_of(cells, sheet.delimiter, row_word(sheet.file))
    readers = [RowReader(sheet.file, row, brands, folder=folder, now=now, style=style) for row in sheet.rows]
    own = {reader.key for reader in readers if reader.key and not reader.recurs}
    for reader in readers:
        reader.make_room(own)
    return readers


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
        word = row_word(file)
        twins = f"{word}{'s' * (len(others) > 1)} {', '.join(map(str, others))}"
        why = f"{twins} would be the same post; give each a key of its own, or another time or account."
        clashing.append(BrokenRow(row.number, row.key, row.brand, (Problem(file, row.number, "key", row.key, why),)))
    return alone, clashing


def _about_the_file(sheet: Sheet, brands: Iterable[Brand]) -> list[Problem]:
    """What is odd about the file as a whole: columns that nobody reads, an encoding that was guessed."""
    names = names_of(account for brand in brands for account in brand.accounts)
    read = {*COLUMNS, *(f"{varied}_{name}" for varied in VARIED for name in names)}
    odd = [column for column in sheet.columns if column and column not in read]
    notes = [Problem(sheet.file, 1, "", column, f"this column is not read; {_near(column, read)}") for column in odd]
    if sheet.encoding == "cp1252":
        why = 'saved as plain CSV of Windows: look at accents and quotes, or save it as "CSV UTF-8".'
        notes.append(Problem(sheet.file, 0, "", "", why))
    return notes


def _near(column: str, read: Collection[str]) -> str:
    return nearest(column, read) or "rename it, or leave it as a note to yourselves."
