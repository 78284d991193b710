"""budgets.csv: what people write, and every mistake by row and reason."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from include.desk.brands import read_brands
from include.desk.budgets import read_budgets
from include.desk.dating import date_calendar
from include.desk.flights import Member
from include.desk.problems import DeskProblems
from include.domain.accounts import Brand

BRANDS = [
    Brand("fjord", "Fjord", "Europe/Oslo", "no", "#fjord", approvers=("ada",)),
    Brand("sea", "Sea", "UTC", "en", "#sea"),
]
HEADER = "brand,name,amount,currency,from,to,members"
PLAIN = "fjord,Winter,3000,EUR,2026-11-01,2026-11-30,meta_ads_fjord"
EXAMPLE = Path(__file__).parents[2] / "include" / "desk" / "example"


def read(write, *rows, header=HEADER, brands=BRANDS, today=None):
    return read_budgets(write("budgets.csv", "\n".join([header, *rows, ""])), brands, today)


def problems(write, *rows, header=HEADER):
    with pytest.raises(DeskProblems) as caught:
        read(write, *rows, header=header)
    return str(caught.value)


def test_a_budget_is_read_from_what_a_spreadsheet_saves(write):
    path = write(
        "budgets.csv",
        "Brand;Name;Amount;Currency;From;To;Members;Weekdays;Events;Min day;Cap;Carry over;Tolerance;Step\r\n"
        'fjord;Jul;3.000,50;eur;01/12/2026;31.12.2026;"meta_ads_fjord/[NO] Jul*; google_ads_fjord";"fre 2; sun 0";'
        '"2026-12-24..2026-12-26 0";5,5;110 %;-20;5 %;25 %\r\n'.replace("fre", "fri"),
    )
    (budget,) = read_budgets(path, BRANDS).budgets
    assert (budget.amount, budget.currency, budget.timezone) == (Decimal("3000.50"), "EUR", "Europe/Oslo")
    assert (budget.first, budget.last) == (date(2026, 12, 1), date(2026, 12, 31))
    assert budget.members == (Member("meta_ads_fjord", "[NO] Jul*"), Member("google_ads_fjord"))
    assert [budget.weight(date(2026, 12, day)) for day in (3, 4, 6, 24, 25)] == [1, 2, 0, 0, 0]
    assert (budget.min_day, budget.hard_cap) == (Decimal("5.5"), Decimal("3300.55"))
    assert (budget.carry_over, budget.tolerance, budget.step) == (-20, Decimal("0.05"), Decimal("0.25"))
    assert budget.decides == ("ada",)


def test_brackets_in_a_campaigns_name_mean_themselves_and_capitals_do_not_matter():
    member = Member("meta_ads_fjord", "[NO] Jul*")
    assert member.takes("meta_ads_fjord", "120", "[no] jul | reels")
    assert not member.takes("meta_ads_fjord", "120", "N Jul")
    assert not member.takes("meta_ads_sea", "120", "[NO] Jul")
    assert Member("meta_ads_fjord", "120").takes("meta_ads_fjord", "120", "whatever it is called")
    assert Member("*_fjord").takes("google_ads_fjord", "", "")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"brand": "fjrod"}, 'row 2, brand "fjrod": not a brand of brands.yml; did you mean "fjord"?'),
        ({"name": "a/b"}, 'row 2, name "a/b": needs the name that people call it by, without a /.'),
        ({"amount": "1,500"}, 'row 2, amount "1,500": thousands or decimals?'),
        ({"amount": "0"}, 'row 2, amount "0": must be more than 0.'),
        ({"currency": "€"}, 'row 2, currency "€": not an ISO 4217 code; write EUR, if that is meant.'),
        ({"currency": "EUX"}, 'row 2, currency "EUX": not an ISO 4217 code; write one such as EUR.'),
        ({"to": "2026-10-30"}, 'row 2, to "2026-10-30": is before its beginning, 2026-11-01.'),
        ({"to": ""}, "row 2, to (empty): not a day;"),
        ({"members": "Meta"}, 'row 2, members "Meta": "Meta" is no member; write an account\'s key'),
        ({"members": "a; a"}, 'row 2, members "a; a": a stands twice; once is enough.'),
        ({"members": ""}, "row 2, members (empty): names nobody who spends;"),
        ({"timezone": "Oslo"}, 'row 2, timezone "Oslo": not an IANA time zone;'),
        ({"weekdays": "frigg 2"}, 'row 2, weekdays "frigg 2": "frigg" is no weekday;'),
        ({"weekdays": "fri"}, 'row 2, weekdays "fri": "fri" needs a factor from 0 to 100'),
        ({"weekdays": "sat 0, sun 0"}, 'row 2, weekdays "sat 0, sun 0": "sat 0, sun 0" needs a factor from 0 to 100'),
        ({"events": "2026-12-24 2"}, 'row 2, events "2026-12-24": is outside the flight,'),
        ({"events": "2026-11-01..2026-11-30 0"}, "row 2, weekdays (empty): no day of the flight weighs anything"),
        ({"min_day": "200"}, 'row 2, min_day "200": 30 days of it cost 6000, and there are 3000.'),
        ({"max_day": "50"}, 'row 2, max_day "50": 30 days of it spend 1500 at most, and 3000 are to be spent.'),
        ({"max_day": "120", "min_day": "130"}, 'row 2, max_day "120": is below min_day, 130.'),
        ({"reserve": "100 %"}, "row 2, reserve \"3000\": leaves nothing of 3000 to spend."),
        ({"cap": "2000"}, 'row 2, cap "2000": is below the 3000 that are to be spent.'),
        ({"carry_over": "-3001"}, 'row 2, carry_over "-3001": takes more off than the 3000 there are.'),
        ({"carry_over": "maybe"}, 'row 2, carry_over "maybe": neither yes nor no, and as an amount:'),
        ({"shares": "60 %"}, 'row 2, shares "60 %": 1 shares for 2 members;'),
        ({"shares": "60 %; 50 %"}, 'row 2, shares "60 %; 50 %": add up to 110 %, not to 100 %.'),
        ({"pause_at_cap": "perhaps"}, 'row 2, pause_at_cap "perhaps": neither yes nor no; write one'),
        ({"parent": "Year"}, 'row 2, parent "Year": fjord has no such budget;'),
        ({"parent": "Winter"}, 'row 2, parent "Winter": Winter would be a part of itself.'),
    ],
)  # fmt: skip
def test_each_broken_row_is_named(write, changes, sentence):
    cells = dict(zip(HEADER.split(","), PLAIN.split(","), strict=True)) | changes
    cells |= {"members": "a; b"} if "shares" in changes else {}
    row = ",".join(f'"{cell}"' for cell in cells.values())
    assert f"budgets.csv, {sentence}" in problems(write, row, header=",".join(cells))


@pytest.mark.parametrize(("written", "is_agreed"), [("yes", True), ("sì", True), ("No", False), ("", False)])
def test_a_pause_is_agreed_to_in_english_or_italian(write, written, is_agreed):
    sheet = read_budgets(write("budgets.csv", f"{HEADER},pause_at_cap\n{PLAIN},{written}\n"))
    assert sheet.budgets[0].pause_at_cap is is_agreed


def test_a_column_with_a_slip_in_its_name_is_not_passed_over(write):
    words = problems(write, f"{PLAIN},5", header=f"{HEADER},max_dya")
    assert 'row 1, max_dya "max_dya": not a column of this file; did you mean "max_day"?' in words


def test_everything_wrong_in_the_file_is_told_at_once(write):
    words = problems(write, PLAIN.replace("3000", "many"), PLAIN.replace("EUR", "E"))
    assert words.startswith("2 things to correct:")


def test_two_flights_of_one_name_must_not_overlap(write):
    later = PLAIN.replace("2026-11-30", "2027-01-05").replace("2026-11-01", "2026-12-01")
    assert len(read(write, PLAIN, later).budgets) == 2
    assert "row 3, from \"2026-11-30\": fjord/Winter has a flight in row 2 on the same days" in problems(
        write, PLAIN, later.replace("2026-12-01", "2026-11-30")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("meta_ads_fjord", "meta_ads_fjord", True),
        ("meta_ads_fjord", "meta_ads_fjord/Jul*", True),
        ("meta_ads_fjord/Jul*", "meta_ads_fjord/Jul | reels", True),
        ("*_fjord", "google_ads_fjord/120", True),
        ("meta_ads_fjord/Jul*", "meta_ads_fjord/Winter*", False),
        ("meta_ads_fjord", "meta_ads_sea", False),
    ],
)
def test_a_campaign_in_two_budgets_is_named_with_both_rows(write, one, other, clash):
    rows = PLAIN.replace("meta_ads_fjord", one), PLAIN.replace("Winter", "Jul").replace("meta_ads_fjord", other)
    if not clash:
        assert len(read(write, *rows).budgets) == 2
        return
    words = f'row 3, members "{other}": fjord/Winter in row 2 has {one} on the same days; spend is counted once.'
    assert words in problems(write, *rows)
    apart = rows[1].replace("2026-11-30", "2026-12-30").replace("2026-11-01", "2026-12-01")
    assert len(read(write, rows[0], apart).budgets) == 2


PARENT = "fjord,Year,4000,EUR,2026-01-01,2026-12-31,,"


def test_a_parent_holds_its_parts(write):
    header = f"{HEADER},parent"
    assert len(read(write, PARENT, f"{PLAIN},Year", header=header).budgets) == 2
    beyond = f"{PLAIN},Year".replace("2026-11-30", "2027-01-01")
    assert "no flight of it holds all days from 2026-11-01 to 2027-01-01" in problems(
        write, PARENT, beyond, header=header
    )
    too_much = f"{PLAIN},Year".replace("3000", "5000")
    assert 'row 2, amount "4000": its parts have 5000 together (row 3).' in problems(
        write, PARENT, too_much, header=header
    )
    spends = PARENT.replace(",,", ",google_ads_fjord,")
    assert "spend is counted in its parts (row 3); move these" in problems(
        write, spends, f"{PLAIN},Year", header=header
    )


def test_a_circle_of_parents_is_named(write):
    rows = [f"{PLAIN},Jul", f"{PLAIN.replace('Winter', 'Jul').replace('meta', 'google')},Winter"]
    words = problems(write, *rows, header=f"{HEADER},parent")
    assert "Winter would be a part of itself" in words
    assert "Jul would be a part of itself" in words


def test_a_flight_in_the_past_is_a_warning(write):
    sheet = read(write, PLAIN, today=date(2026, 12, 1))
    assert [str(each) for each in sheet.warnings] == [
        'budgets.csv, row 2, to "2026-11-30": fjord/Winter is over; it is only looked back at.'
    ]
    assert read(write, PLAIN, today=date(2026, 11, 30)).warnings == ()


def test_the_example_that_ships_can_be_read(tmp_path):
    brands = read_brands(EXAMPLE / "brands.yml")
    date_calendar(EXAMPLE, tmp_path / "desk", datetime(2026, 12, 31, 23, 30, tzinfo=UTC), brands)
    budgets = read_budgets(tmp_path / "desk" / "budgets.csv", brands).budgets
    assert len(budgets) == 5
    winter, christmas = budgets[:2]
    assert (str(winter.first), str(winter.last)) == ("2026-12-12", "2027-02-10"), "it is New Year in Rome already"
    assert str(christmas.events[0].first) == "2027-01-04"
