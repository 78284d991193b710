"""One row of the calendar: its cells read one by one, whatever is wrong noted, and all of it told together."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from include.desk.local_time import read_moment
from include.desk.problems import Findings, Problem, instead, one_of
from include.desk.sheets import Sheet, SheetRow
from include.domain.accounts import Account, Brand
from include.domain.posts import Media
from include.editorial.cells import digest_of, read_accounts, read_alts, read_key, read_letters, read_link, read_media

STATUSES = ("ready", "draft", "cancelled")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be used. `when` is aware UTC; `texts` holds what each account (by key) is to say;
    `digests` stands for what the images show, in the order of `media`."""

    number: int
    key: str
    brand: str
    when: datetime
    texts: Mapping[str, str]
    media: tuple[Media, ...] = ()
    digests: tuple[str, ...] = ()
    link: str | None = None
    campaign: str | None = None

    @property
    def post_ids(self) -> tuple[str, ...]:
        return tuple(f"{self.key}:{account}" for account in self.texts)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """One row that cannot be used, and all that is wrong with it. `key` and `brand` where they could be told."""

    number: int
    key: str | None
    brand: str | None
    problems: tuple[Problem, ...]


class RowReader:
    """Reads one row of `sheet`, for `brands` by key; files are looked for in `folder`.

    What the row is (`status`, `brand`, `when`, `key`, `accounts`) is known at once, each None where it cannot be told;
    `read` tells the rest, and `warnings` what is worth a look after it.
    """

    def __init__(self, sheet: Sheet, row: SheetRow, folder: Path, brands: Mapping[str, Brand]) -> None:
        self.row, self.folder = row, folder
        self.problems, self.warnings = Findings(sheet.file), Findings(sheet.file)
        self.variants = [column for column in sheet.columns if column.startswith("text_") and row[column]]
        status = row["status"].lower() or "ready"
        self.status = self.problems.read(row.number, "status", status, one_of(STATUSES, "a status"))
        self.brand = brands.get(self.cell("brand", one_of(brands, "a brand of brands.yml")) or "")
        self.when = self.read_when()
        self.key = self.read_key()
        self.accounts = self.read_accounts()

    @property
    def is_told(self) -> bool:
        """Whether it is clear which posts the row is about, even if nothing else of it can be used."""
        return bool(self.key and self.accounts)

    @property
    def post_ids(self) -> tuple[str, ...]:
        return tuple(f"{self.key}:{account.key}" for account in self.accounts)

    def read(self) -> Row | BrokenRow:
        for cell in self.row.beyond:
            why = "stands beyond the last column; put quotes around a text that holds the delimiter."
            self.problems.add(self.row.number, "", cell, why)
        texts, media = self.read_texts(), self.read_media()
        digests = self.cell("media", lambda _: tuple(map(digest_of, media or ())))
        link = self.cell("link", read_link) if self.row["link"] else None
        if self.problems.problems or self.brand is None or self.when is None or self.key is None:
            return self.broken()
        return Row(
            number=self.row.number,
            key=self.key,
            brand=self.brand.key,
            when=self.when,
            texts=texts,
            media=media or (),
            digests=digests or (),
            link=link,
            campaign=self.row["campaign"] or None,
        )

    def broken(self) -> BrokenRow:
        brand = self.brand.key if self.brand else None
        return BrokenRow(self.row.number, self.key, brand, tuple(self.problems.problems))

    def cell(self, column: str, reader: Callable[[str], Value]) -> Value | None:
        return self.problems.read(self.row.number, column, self.row[column], reader)

    def read_when(self) -> datetime | None:
        zone = self.brand.timezone if self.brand else "UTC"
        moment = self.cell("when", lambda text: read_moment(text, zone))
        if moment and moment.note:
            self.warn("when", self.row["when"], moment.note)
        return moment.at if moment else None

    def read_key(self) -> str | None:
        if self.row["key"]:
            return self.cell("key", read_key)
        if self.brand is None or self.when is None:
            return None
        local = self.when.astimezone(ZoneInfo(self.brand.timezone))
        seconds = f"{local:%S}" if local.second else ""
        # The hour that the clock shows twice a year is told apart by its offset.
        again = f"{local:%z}".replace("+", ".").replace("-", "_") if local.fold else ""
        return f"{self.brand.key}-{local:%Y%m%d-%H%M}{seconds}{again}"

    def read_accounts(self) -> tuple[Account, ...]:
        brand = self.brand
        return (self.cell("accounts", lambda text: read_accounts(text, brand)) or ()) if brand else ()

    def read_texts(self) -> dict[str, str]:
        for column in ["text", *self.variants]:
            self.cell(column, read_letters)
        self.check_variants()
        texts = {account.key: self.text_for(account) for account in self.accounts}
        silent = [account for account, text in texts.items() if not text]
        if silent and not self.row["media"]:
            self.problems.add(self.row.number, "text", "", f"{' and '.join(silent)} would say nothing; write a text.")
        return texts

    def text_for(self, account: Account) -> str:
        return self.row[f"text_{account.key}"] or self.row[f"text_{account.platform}"] or self.row["text"]

    def check_variants(self) -> None:
        used, known = _names(self.accounts), _names(self.brand.accounts if self.brand else ())
        for column in self.variants:
            name = column.removeprefix("text_")
            if self.brand and name not in known:
                why = f'{self.brand.key} has no account "{name}"; {instead(name, known)}'
                self.problems.add(self.row.number, column, self.row[column], why)
            elif used and name not in used:
                self.warn(column, self.row[column], "the row does not go there; add it to accounts or clear the text.")

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


def _names(accounts: Sequence[Account]) -> set[str]:
    return {name for account in accounts for name in (account.platform, account.key)}
