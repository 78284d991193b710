"""spend.csv and rates.csv: what was spent, and what it was worth."""

from datetime import date
from decimal import Decimal

import pytest

from include.desk.problems import DeskProblems
from include.desk.rates import NoRate, Rates, read_rates
from include.desk.spend import SpendRow, read_spend

HEADER = "date,account,campaign,amount,currency,hour\n"
FRIDAY, SUNDAY = date(2026, 11, 20), date(2026, 11, 22)


def test_spend_is_read_with_credits_hours_and_the_budget_that_is_set(write):
    path = write(
        "spend.csv",
        "Date;Account;Campaign ID;Amount;Currency;Daily budget;Hour\r\n20/11/2026;a_b;12;1.234,50;EUR;50;\r\n"
        "20/11/2026;a_b;13;-3,5;EUR;;23\r\n",
    )
    assert read_spend(path) == [
        SpendRow(FRIDAY, "a_b", Decimal("1234.50"), "EUR", "", "12", None, Decimal(50), 2),
        SpendRow(FRIDAY, "a_b", Decimal("-3.5"), "EUR", "", "13", 23, None, 3),
    ]


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("soon,a,b,1,EUR,", 'row 2, date "soon": not a day;'),
        ("2026-11-20,A b,b,1,EUR,", 'row 2, account "A b": needs an account\'s key in lower case'),
        ("2026-11-20,a,b,lots,EUR,", 'row 2, amount "lots": not an amount;'),
        ("2026-11-20,a,b,,EUR,", "row 2, amount (empty): not an amount;"),
        ("2026-11-20,a,b,1,$,", 'row 2, currency "$": not an ISO 4217 code; write USD, if that is meant.'),
        ("2026-11-20,a,b,1,EUR,24", 'row 2, hour "24": hours go from 0 to 23.'),
        ("2026-11-20,a,b,1,EUR,\n2026-11-20,a,b,2,EUR,", "row 3, a/b on 2026-11-20 stands in row 2 already"),
        ("2026-11-20,a,b,1,EUR,\n2026-11-20,a,b,2,EUR,5", "row 3, a/b on 2026-11-20 stands in row 2 too, by day"),
        ("2026-11-20,a,b,1,EUR,\n2026-11-20,a,,2,EUR,", "row 3, row 2 has a on 2026-11-20 too, as total and"),
    ],
)  # fmt: skip
def test_each_broken_row_is_named(write, row, sentence):
    with pytest.raises(DeskProblems) as caught:
        read_spend(write("spend.csv", HEADER + row + "\n"))
    assert f"spend.csv, {sentence}" in str(caught.value)


def test_the_days_rate_is_the_newest_of_the_week_before_and_works_both_ways(write):
    path = write(
        "rates.csv", "date,from,to,rate\n2026-11-20,EUR,USD,1.25\n2026-11-19,EUR,USD,2\n2026-11-20,EUR,GBP,0.8\n"
    )
    rates = read_rates(path)
    assert rates.convert(Decimal(100), "EUR", "USD", SUNDAY) == 125
    assert rates.convert(Decimal(125), "USD", "EUR", SUNDAY) == 100
    assert rates.convert(Decimal(100), "EUR", "USD", date(2026, 11, 19)) == 200
    assert rates.convert(Decimal(125), "USD", "GBP", FRIDAY) == 80
    assert rates.convert(Decimal(7), "LAK", "LAK", FRIDAY) == 7


def test_a_rate_that_is_not_known_is_not_guessed(write):
    rates = Rates()
    rates.add(FRIDAY, "EUR", "USD", Decimal("1.25"))
    for day, of in ((date(2026, 11, 28), "EUR"), (date(2026, 11, 19), "EUR"), (FRIDAY, "GBP")):
        with pytest.raises(NoRate, match=f"No rate from {of} to USD on {day}"):
            rates.convert(Decimal(1), of, "USD", day)
    with pytest.raises(DeskProblems, match='row 2, rate "0": must be more than 0'):
        read_rates(write("rates.csv", "date,from,to,rate\n2026-11-20,EUR,USD,0\n"))
