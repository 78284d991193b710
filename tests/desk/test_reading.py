"""The desk as a whole: one look tells what is wrong in any of its files."""

import pytest

from include.desk.problems import DeskProblems
from include.desk.reading import read_desk

BRANDS = "sea:\n  title: Sea\n  timezone: UTC\n  language: en\n  channel: '#sea'\n  accounts: {x: sea}\n"


def test_a_desk_is_its_brands_and_targets(write, tmp_path):
    write("brands.yml", BRANDS)
    write("targets.csv", "brand,kpi,target,from\nsea,reach,10,2026-01-01\n")
    desk = read_desk(tmp_path, {"x"}, {"reach"})
    assert [brand.key for brand in desk.brands] == ["sea"]
    assert [target.kpi for target in desk.targets] == ["reach"]
    assert desk.calendar == tmp_path / "calendar.csv"


def test_mistakes_of_two_files_are_told_together(write, tmp_path):
    write("brands.yml", BRANDS.replace("UTC", "Mars").replace("en\n", "English\n"))
    write("targets.csv", "brand,kpi,target,from\nsea,reach,lots,2026-01-01\nsea,roach,1,2026-01-01\n")
    with pytest.raises(DeskProblems) as caught:
        read_desk(tmp_path, {"x"}, {"reach"})
    assert str(caught.value).splitlines()[0] == "4 things to correct:"
    assert [(problem.file, problem.row, problem.found) for problem in caught.value.problems] == [
        ("brands.yml", 3, "Mars"),
        ("brands.yml", 4, "English"),
        ("targets.csv", 2, "lots"),
        ("targets.csv", 3, "roach"),
    ]
