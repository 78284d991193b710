"""One row of the calendar: its cells read one by one, whatever is wrong noted, and all of it told together."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from include.desk.date_style import DateStyle
from include.desk.local_time import Moment, read_moment
from include.desk.problems import Findings, Unfit, one_of
from include.desk.sheets import SheetRow
from include.domain.accounts import Account, Brand
from include.domain.posts import Media
from include.editorial.cells import (
    digest_of,
    parted,
    read_accounts,
    read_alts,
    read_key,
    read_letters,
    read_link,
    read_media,
)
from include.editorial.recurrence import Recurrence, read_recurrence
from include.editorial.rows import BrokenRow, Row
from include.editorial.variants import VARIED, check_variants, said_by, variants_in

STATUSES = ("ready", "draft", "cancelled")
Value = TypeVar("Value")


class RowReader:
    """Reads one row of `file`, for `brands` by key; its media lie in `folder`, its dates are written in `style`.

    What the row is (`status`, `brand`, `when`, `key`, `accounts`, `turns`) is known at once, each None or empty where
    it cannot be told; `read` tells the rest, and `warnings` what is worth a look after it.
    """

    def __init__(
        self,
        file: str,
        row: SheetRow,
        brands: Mapping[str, Brand],
        *,
        folder: Path,
        now: datetime,
        style: DateStyle,
    ) -> None:
        self.row, self.folder, self.now, self.style = row, folder, now, style
        self.problems, self.warnings = Findings(file), Findings(file)
        status = row["status"].lower() or "ready"
        self.status = self.problems.read(row.number, "status", status, one_of(STATUSES, "a status"))
        self.brand = brands.get(self.cell("brand", one_of(brands, "a brand of brands.yml")) or "")
        self.moment = self.read_when()
        self.recurs = bool(row["recurrence"])
        self.key = self.read_key()
        self.accounts = self.read_accounts()
        self.turns = self.read_turns()

    @property
    def is_told(self) -> bool:
        """Whether it is clear which posts the row is about, even if nothing else of it can be used."""
        return bool(self.key and self.accounts and (self.turns is not None or not self.recurs))

    @property
    def post_ids(self) -> tuple[str, ...]:
        keys = self.turns if self.recurs and self.turns is not None else {self.key: None}
        return tuple(f"{key}:{account.key}" for key in keys for account in self.accounts)

    def make_room(self, keys: Collection[str]) -> None:
        """Leaves the occurrences of these keys to the rows that have them as their own."""
        if self.recurs and self.turns:
            self.turns = {key: at for key, at in self.turns.items() if key not in keys}

    def read(self) -> list[Row] | BrokenRow:
        """The row, or each of its occurrences."""
        self.check_cells()
        texts, media = self.read_texts(), self.read_media()
        digests = self.cell("media", lambda _: tuple(map(digest_of, media or ())))
        link = self.cell("link", read_link) if self.row["link"] else None
        names = {column: self.cell(column, read_letters) or None for column in _NAMES}
        if self.problems.problems or self.brand is None or self.turns is None:
            return self.broken()
        whole = Row(
            number=self.row.number,
            key=self.key or "",
            brand=self.brand.key,
            when=self.now,  # each turn has its own, as it has its own key
            texts={account: parts[0] for account, parts in texts.items()},
            media=media or (),
            digests=digests or (),
            link=link,
            campaign=names["campaign"],
            threads={account: parts[1:] for account, parts in texts.items()},
            first_comments={a.key: said_by(self.row, "first_comment", a) for a in self.accounts},
            formats={a.key: said_by(self.row, "format", a).lower() or "feed" for a in self.accounts},
            networks={a.key: a.platform for a in self.accounts},
            objective=names["objective"],
            pillar=names["pillar"],
            sponsor_budget=names["sponsor_budget"],
            utm=self.brand.utm,
            recurs=self.recurs,
        )
        return [replace(whole, key=key, when=when) for key, when in self.turns.items()]

    def broken(self) -> BrokenRow:
        brand = self.brand.key if self.brand else None
        return BrokenRow(self.row.number, self.key, brand, tuple(self.problems.problems), self.recurs)

    def check_cells(self) -> None:
        for cell in self.row.beyond:
            why = "stands beyond the last column; put quotes around a text that holds the delimiter."
            self.problems.add(self.row.number, "", cell, why)
        for cell in self.row.faults:
            self.problems.add(self.row.number, "", cell, "a formula of this row has no value; mend it.")

    def cell(self, column: str, reader: Callable[[str], Value]) -> Value | None:
        return self.problems.read(self.row.number, column, self.row[column], reader)

    def read_when(self) -> Moment | None:
        zone = self.brand.timezone if self.brand else "UTC"
        moment = self.cell("when", lambda text: read_moment(self.style.iso(text), zone))
        if moment and self.style.is_by_delimiter and self.style.is_doubtful(self.row["when"]):
            local = moment.at.astimezone(ZoneInfo(zone))
            self.warn("when", self.row["when"], f"read as {local.day} {local:%B}: semicolons part the file's cells.")
        return moment

    def read_key(self) -> str | None:
        if self.row["key"]:
            return self.cell("key", read_key)
        if self.recurs:
            self.problems.add(
                self.row.number, "key", "", "is needed where `recurrence` is: the posts are named after it."
            )
        if self.brand is None or self.moment is None or self.recurs:
            return None
        local = self.moment.at.astimezone(ZoneInfo(self.brand.timezone))
        seconds = f"{local:%S}" if local.second else ""
        # The hour that the clock shows twice a year is told apart by its offset.
        again = f"{local:%z}".replace("+", ".").replace("-", "_") if local.fold else ""
        return f"{self.brand.key}-{local:%Y%m%d-%H%M}{seconds}{again}"

    def read_accounts(self) -> tuple[Account, ...]:
        brand = self.brand
        return (self.cell("accounts", lambda text: read_accounts(text, brand)) or ()) if brand else ()

    def read_turns(self) -> dict[str, datetime] | None:
        """The moment of each post, by its key; None where that cannot be told."""
        if not self.recurs:
            if self.moment and self.moment.note:
                self.warn("when", self.row["when"], self.moment.note)
            return {self.key: self.moment.at} if self.key and self.moment else None
        zone = self.brand.timezone if self.brand else "UTC"
        rule = self.cell("recurrence", lambda text: read_recurrence(text, zone))
        return self.cell("recurrence", lambda _: self.turns_of(rule)) if rule else None

    def turns_of(self, rule: Recurrence) -> dict[str, datetime] | None:
        if self.moment is None or self.key is None:
            return None
        if self.moment.wall is None:
            raise Unfit("goes by the brand's own clock; leave the offset out of `when`.")
        if rule.never_comes(self.moment.wall):
            raise Unfit("names no day that ever comes; correct it.")
        turns = rule.occurrences(self.moment.wall, self.now)
        for turn in turns:
            if turn.moment.note and turn.moment.at >= self.now:
                self.warn("recurrence", f"{turn.wall:%Y-%m-%d %H:%M}", turn.moment.note)
        return {f"{self.key}{turn.ending}": turn.moment.at for turn in turns}

    def read_texts(self) -> dict[str, tuple[str, ...]]:
        """What each account says, in parts."""
        for column, varied, _ in [*((name, name, "") for name in VARIED), *variants_in(self.row.cells)]:
            self.cell(column, VARIED[varied])
        brand_key, known = (self.brand.key, self.brand.accounts) if self.brand else ("", ())
        check_variants(self.row, brand_key, known, self.accounts, self.problems, self.warnings)
        texts = {account.key: parted(said_by(self.row, "text", account)) for account in self.accounts}
        hollow = [account for account, parts in texts.items() if len(parts) > 1 and not all(parts)]
        if hollow:
            why = f"an empty part for {' and '.join(hollow)}; write something on both sides of ---."
            self.problems.add(self.row.number, "text", "", why)
        silent = [account for account, parts in texts.items() if not any(parts)]
        if silent and not self.row["media"]:
            self.problems.add(self.row.number, "text", "", f"{' and '.join(silent)} would say nothing; write a text.")
        return texts

    def read_media(self) -> tuple[Media, ...] | None:
        media = self.cell("media", lambda text: read_media(text, self.folder))
        if media is None:
            return None
        alts = self.cell("alt", lambda text: read_alts(text, len(media)))
        described = tuple(replace(image, alt=alt) for image, alt in zip(media, alts or (), strict=False))
        for image in described:
            if not image.alt:
                self.warn("alt", "", f"{Path(image.source).name} has no words for who cannot see it.")
        return described

    def warn(self, column: str, found: str, why: str) -> None:
        self.warnings.add(self.row.number, column, found, why)


_NAMES = ("campaign", "objective", "pillar", "sponsor_budget")
