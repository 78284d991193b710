"""The desk's files as a run reads them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from include.desk.brands import read_brands
from include.editorial.calendar import read_calendar
from include.local.options import Options
from include.local.processes import Family
from include.local.set_up import TIME_TO_ANSWER, own_copy
from platforms import every_platform


def test_where_people_answer_themselves_the_examples_first_posts_leave_them_time(tmp_path: Path) -> None:
    options = replace(Options.read(["up"]), run_dir=tmp_path)
    before = datetime.now(UTC)
    copy = own_copy(options, Family(tmp_path))
    brands = read_brands(copy / "brands.yml", platforms=set(every_platform()))
    first = min(row.when for row in read_calendar(copy / "calendar.csv", brands).rows)
    assert first - before + timedelta(seconds=1) >= TIME_TO_ANSWER
    assert timedelta(minutes=10) <= TIME_TO_ANSWER
