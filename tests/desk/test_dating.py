"""The example's plan, dated from the moment at which it is shown."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.desk.dating import date_calendar
from include.domain.accounts import Brand

BRANDS = [Brand("rome", "Rome", "Europe/Rome", "it", "#rome"), Brand("lao", "Lao", "Asia/Vientiane", "lo", "#lao")]
START = datetime(2026, 11, 22, 22, 59, 30, tzinfo=UTC)  # 23:59:30 in Rome, Monday 05:59:30 in Vientiane


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "cup.png").write_bytes(b"a picture")
    (folder / "draw.py").write_text("")
    return folder


def dated(source: Path, *rows: str) -> list[str]:
    """What `when` says in the dated copy."""
    (source / "calendar.csv").write_text("brand;when;text\n" + "".join(f"{row};ciao, mondo\n" for row in rows))
    path = date_calendar(source, source.parent / "target", START, BRANDS)
    with path.open(encoding="utf-8", newline="") as file:
        return [row["when"] for row in csv.DictReader(file, delimiter=";")]


@pytest.mark.parametrize(
    ("row", "when"),
    [
        ("rome;start", "2026-11-22 23:59:30"),
        ("rome;start+75s", "2026-11-23 00:00:45"),
        ("lao;start + 30s", "2026-11-23 06:00"),
        ("lao;start+2h", "2026-11-23 07:59:30"),
        ("rome;day+1 09:30", "2026-11-23 09:30"),
        ("lao;day+1 09:30", "2026-11-24 09:30"),
        ("lao;day 23:15", "2026-11-23 23:15"),
        ("rome;day-1 08:00", "2026-11-21 08:00"),
        ("rome;2027-01-02 03:04", "2027-01-02 03:04"),
        ("rome;03/11", "03/11"),
        ("nobody;start+5s", "start+5s"),
        ("rome;day+2 25:10", "day+2 25:10"),
        ("rome;start+99999999999999s", "start+99999999999999s"),
        ("lao;day+99999999 09:00", "day+99999999 09:00"),
    ],
)
def test_a_row_gets_its_date_on_the_clock_of_its_brand(source, row, when):
    assert dated(source, row) == [when]


def test_the_second_pass_of_the_repeated_hour_stays_the_second(source):
    (source / "calendar.csv").write_text("brand,when\nrome,start+90s\n")
    path = date_calendar(source, source.parent / "target", datetime(2026, 10, 25, 1, 0, tzinfo=UTC), BRANDS)
    assert path.read_text() == "brand,when\nrome,2026-10-25 02:01:30 +01:00\n"


def test_all_else_of_the_desk_goes_along_and_the_source_stays(source):
    dated(source, "rome;start")
    target = source.parent / "target"
    assert (target / "media" / "cup.png").read_bytes() == b"a picture"
    assert not (target / "draw.py").exists()
    assert "start" in (source / "calendar.csv").read_text()


def test_dating_anew_replaces_the_earlier_copy(source):
    assert dated(source, "rome;start") == dated(source, "rome;start")


def test_a_calendar_that_is_no_csv_goes_along_as_it_is(source):
    (source / "calendar.csv").unlink(missing_ok=True)
    (source / "calendar.yml").write_text("- brand: rome\n")
    path = date_calendar(source, source.parent / "target", START, BRANDS)
    assert (path.name, path.read_text()) == ("calendar.yml", "- brand: rome\n")


def test_a_desk_whose_calendar_is_on_the_web_goes_along_without_one(source):
    date_calendar(source, source.parent / "target", START, BRANDS)
    assert [file.name for file in (source.parent / "target").iterdir()] == ["media"]


def test_the_copy_keeps_its_delimiter_for_that_tells_how_dates_are_written(source):
    dated(source, "rome;03/11/2026 09:30")
    assert (source.parent / "target" / "calendar.csv").read_text().startswith("brand;when;text\nrome;03/11/2026 09:30;")
