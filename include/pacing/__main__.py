"""Will the money last, and what to set today: answered from files.

    python -m include.pacing --budgets budgets.csv --spend spend.csv
    python -m include.pacing --budgets budgets.csv --spend spend.csv --as-of "2026-11-24 14:00" --format json
    python -m include.pacing --budgets budgets.csv --spend spend.csv --amount aurora/Natale=4000     what if

What the files hold is told at the top of include/desk/budgets.py, spend.py and rates.py. Nothing is changed anywhere.
Ends with 0 if no budget needs anybody, 1 if one does, 2 if the files or the options cannot be used.
"""

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from include.desk.brands import read_brands
from include.desk.budgets import BudgetSheet, read_budgets
from include.desk.flights import Budget
from include.desk.local_time import read_day
from include.desk.money import read_positive
from include.desk.problems import DeskProblems, Unfit, instead
from include.desk.rates import Rates, read_rates
from include.desk.spend import SpendRow, read_spend
from include.pacing.answer import as_json, as_table
from include.pacing.check import looks, on_the_clock_of
from include.pacing.counting import count
from include.pacing.look import Look
from include.pacing.states import CALLS


def main(arguments: Sequence[str]) -> int:
    asked = _parser().parse_args(arguments)
    try:
        found, notes = _answer(asked)
    except (DeskProblems, Unfit) as error:
        print(error, file=sys.stderr)
        return 2
    for note in notes:
        print(note, file=sys.stderr)
    print(as_json(found, asked.language) if asked.format == "json" else as_table(found, asked.language))
    return 1 if any(look.state in CALLS for look in found) else 0


def _answer(asked: Namespace) -> tuple[list[Look], list[str]]:
    """The looks, and what is worth knowing beside them."""
    today, hour = _moment(asked.as_of)
    brands = read_brands(asked.brands) if asked.brands else None
    latest = today(None)
    sheet = read_budgets(asked.budgets, brands, latest)
    budgets = _changed(sheet, asked.amount)
    rows = _until(read_spend(asked.spend), latest if asked.as_of else date.max, hour)
    counted = count(budgets, rows, read_rates(asked.rates) if asked.rates else Rates(), asked.spend.name)
    notes = [str(warning) for warning in sheet.warnings]
    for spender, sums in counted.unclaimed.items():
        worth = ", ".join(f"{amount} {currency}" for currency, amount in sums.items())
        notes.append(f"{asked.spend.name}: {spender} spent {worth} on days on which no budget counts it.")
    return looks(budgets, counted.tallies, today, hour=hour, processes=os.cpu_count() or 1), notes


def _moment(text: str) -> tuple[Callable[[Budget | None], date], int | None]:
    """The day that it is for a budget (for none: in UTC), and the hour if one was asked for."""
    if not text:
        now = datetime.now(UTC)
        on_clock = on_the_clock_of(now)
        return lambda budget: now.date() if budget is None else on_clock(budget), None
    day_text, _, clock = text.partition(" ")
    try:
        day = read_day(day_text)
    except Unfit as unfit:
        raise Unfit(f'--as-of "{text}": {unfit}') from None
    hour = clock.partition(":")[0]
    if clock and not (hour.isdecimal() and int(hour) < 24):
        raise Unfit(f'--as-of "{text}": not an hour; write it like 2026-11-24 14:00.')
    return lambda budget: day, int(hour) if clock else None


def _until(rows: Sequence[SpendRow], day: date, hour: int | None) -> list[SpendRow]:
    """What was known in the morning of `day`, or at `hour` of it: a file may go on after that."""
    if hour is None:
        return [row for row in rows if row.day < day]
    return [row for row in rows if row.day < day or (row.day == day and (row.hour is None or row.hour < hour))]


def _changed(sheet: BudgetSheet, amounts: Sequence[str]) -> list[Budget]:
    """The budgets with other amounts: what if?"""
    budgets = list(sheet.budgets)
    for text in amounts:
        title, _, amount = text.rpartition("=")
        titles = {budget.title for budget in budgets}
        if title not in titles:
            raise Unfit(f'--amount "{text}": no such budget; {instead(title, titles)}')
        try:
            changed = read_positive(amount)
        except Unfit as unfit:
            raise Unfit(f'--amount "{text}": {unfit}') from None
        budgets = [replace(each, amount=changed) if each.title == title else each for each in budgets]
    return budgets


def _file(text: str) -> Path:
    if not Path(text).is_file():
        raise ArgumentTypeError(f"there is no file {text}.")
    return Path(text)


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m include.pacing", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument("--budgets", type=_file, required=True, metavar="FILE", help="the budgets (CSV)")
    parser.add_argument("--spend", type=_file, required=True, metavar="FILE", help="daily or hourly spend (CSV)")
    parser.add_argument("--rates", type=_file, metavar="FILE", help="exchange rates by day (CSV), if currencies differ")
    parser.add_argument("--brands", type=_file, metavar="FILE", help="brands.yml, to check brands and take time zones")
    parser.add_argument(
        "--as-of",
        default="",
        metavar="DAY",
        help='the morning of a day, or "DAY HH:00", on the ad accounts\' own clocks; else today',
    )
    parser.add_argument(
        "--amount", action="append", default=[], metavar="BRAND/NAME=AMOUNT", help="what if it had that?"
    )
    parser.add_argument("--format", choices=("table", "json"), default="table")
    parser.add_argument("--language", choices=("en", "it"), default="en", help="of the sentences")
    return parser


def _quietly(arguments: Sequence[str]) -> int:
    """As `main`; whoever has read enough, such as `head`, may go."""
    try:
        code = main(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return code


if __name__ == "__main__":
    sys.exit(_quietly(sys.argv[1:]))
