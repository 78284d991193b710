"""A desk of two brands that are not the example's, and a calendar written row by row."""

import csv
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from include.domain.accounts import Account, Brand
from include.editorial.calendar import Calendar, read_calendar

COLUMNS = [
    "key",
    "brand",
    "when",
    "accounts",
    "text",
    "text_facebook",
    "text_x",
    "media",
    "alt",
    "link",
    "campaign",
    "status",
]
ReadRows = Callable[..., Calendar]


@pytest.fixture
def brands() -> list[Brand]:
    fjord = Brand(
        key="fjord",
        title="Fjord & Fell",
        timezone="Europe/Oslo",
        language="no",
        channel="#fjord",
        accounts=(Account("facebook", "fjord_fell", "fjord"), Account("x", "fjord", "fjord")),
        needs_approval=True,
        approvers=("ola", "kari"),
        late_after_minutes=30,
    )
    sea = Brand(
        key="sea",
        title="Sea",
        timezone="Asia/Vientiane",
        language="lo",
        channel="#sea",
        accounts=(Account("x", "sea", "sea"), Account("mastodon", "sea", "sea")),
    )
    return [fjord, sea]


@pytest.fixture
def read_rows(tmp_path: Path, brands: list[Brand]) -> ReadRows:
    """Reads a calendar of rows like `{"text": "Hei"}`; what a row leaves out is right."""
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "boat.png").write_bytes(b"a boat")
    right = {"brand": "fjord", "when": "2026-11-23 09:30", "accounts": "all", "text": "Hei"}

    def read(*rows: dict[str, str], columns: list[str] = COLUMNS, now: datetime | None = None) -> Calendar:
        path = tmp_path / "calendar.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, extrasaction="ignore")
            writer.writeheader()
            writer.writerows({**right, **row} for row in rows)
        return read_calendar(path, brands, now=now)

    return read
