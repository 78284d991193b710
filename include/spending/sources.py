"""Where spend comes from: what the desk reads itself, and the file for platforms without an API here."""

from collections.abc import Iterator, Sequence
from datetime import date

from include.desk.flights import Budget
from include.desk.problems import DeskProblems, Problem
from include.desk.spend import FileSpend
from include.domain.ads import SpendRow, SpendSource
from include.pacing.choosing import accounts_of


def rows_of(
    read: SpendSource,
    accounts: Sequence[str],
    file: FileSpend | None,
    budgets: Sequence[Budget],
    first: date,
    last: date,
) -> Iterator[SpendRow]:
    """The spend of `accounts`, which are read, and of those in the file from which one of `budgets` is spent.

    Raises DeskProblems where an account stands in the file although it is read: its money would count twice.
    """
    in_file = accounts_of(budgets, file.accounts) if file else []
    if file and (twice := sorted({*in_file} & {*accounts})):
        row = next(row.row for row in file.rows if row.account == twice[0])
        why = f"the desk reads {' and '.join(twice)} itself; take its rows out of this file."
        raise DeskProblems([Problem(file.path.name, row, "account", twice[0], why)])
    yield from read.spend(accounts, first, last)
    if file:
        yield from file.spend(in_file, first, last)
