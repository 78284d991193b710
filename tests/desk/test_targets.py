"""targets.csv: numbers as people write them, and rows that cannot hold."""

from datetime import date
from decimal import Decimal

import pytest

from include.desk.problems import DeskProblems
from include.desk.targets import Target, read_targets
from include.domain.accounts import Brand

BRANDS = [Brand("fjord", "Fjord", "Europe/Oslo", "no", "#fjord"), Brand("sea", "Sea", "UTC", "en", "#sea")]
KPIS = {"audience_growth", "reach", "roi"}


def test_targets_are_read_from_what_a_spreadsheet_saves(write):
    path = write(
        "targets.csv",
        "Brand;KPI;Target;From;To\r\nfjord;reach;3,4 %;01/11/2026;30.11.2026\r\nsea;roi;2.5;2026-11-01;\r\n",
    )
    assert read_targets(path, BRANDS, KPIS) == [
        Target("fjord", "reach", Decimal("0.034"), date(2026, 11, 1), date(2026, 11, 30)),
        Target("sea", "roi", Decimal("2.5"), date(2026, 11, 1)),
    ]


def test_no_file_means_no_targets(tmp_path):
    assert read_targets(tmp_path / "targets.csv", BRANDS) == []


def test_a_target_holds_from_its_first_to_its_last_day():
    target = Target("sea", "roi", Decimal(1), date(2026, 11, 1), date(2026, 11, 30))
    assert [target.holds_on(date(2026, month, day)) for month, day in ((10, 31), (11, 1), (11, 30), (12, 1))] == [
        False,
        True,
        True,
        False,
    ]
    assert Target("sea", "roi", Decimal(1), date(2026, 11, 1)).holds_on(date(2030, 1, 1))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("fjrod,reach,1,2026-11-01,", 'row 2, brand "fjrod": not a brand of brands.yml; did you mean "fjord"?'),
        (",reach,1,2026-11-01,", "row 2, brand (empty): needs a brand of brands.yml;"),
        ("sea,reech,1,2026-11-01,", 'row 2, kpi "reech": not a KPI; did you mean "reach"? Allowed: audience_'),
        ("sea,reach,many,2026-11-01,", 'row 2, target "many": not a number; write it like 150, 3.4 or 3.4 %.'),
        ('sea,reach,"1,500",2026-11-01,', 'row 2, target "1,500": thousands or decimals?'),
        ("sea,reach,1,soon,", 'row 2, from "soon": not a day; write it like 2026-11-23 or 23/11/2026.'),
        ("sea,reach,1,11/23/2026,", 'row 2, from "11/23/2026": the day comes before the month; write 23/11/2026.'),
        ("sea,reach,1,31/11/2026,", 'row 2, from "31/11/2026": there is no such day in the calendar.'),
        ("sea,reach,1,2026-11-30,2026-11-01", 'row 2, to "2026-11-01": is before its beginning, 2026-11-30.'),
    ],
)  # fmt: skip
def test_each_broken_row_is_named(write, row, sentence):
    with pytest.raises(DeskProblems) as caught:
        read_targets(write("targets.csv", f"brand,kpi,target,from,to\n{row}\n"), BRANDS, KPIS)
    assert f"targets.csv, {sentence}" in str(caught.value)


def test_two_targets_on_the_same_days_are_named_and_those_after_each_other_are_not(write):
    rows = "sea,reach,1,2026-11-01,2026-11-30\nsea,reach,2,2026-12-01,\nfjord,reach,3,2026-11-01,\n"
    assert len(read_targets(write("targets.csv", f"brand,kpi,target,from,to\n{rows}"), BRANDS)) == 3
    path = write("targets.csv", f"brand,kpi,target,from,to\n{rows}sea,reach,4,2026-12-24,\n")
    with pytest.raises(DeskProblems, match="sea has a target for it in row 3 on the same days"):
        read_targets(path, BRANDS)
