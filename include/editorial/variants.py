"""What a row says on each account: a column, or its variant for a network (`text_x`) or account (`text_x_aurora`)."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from include.desk.problems import Findings, instead
from include.desk.sheets import SheetRow
from include.domain.accounts import Account
from include.editorial.cells import read_format, read_letters

VARIED: dict[str, Callable[[str], str]] = {
    "text": read_letters,
    "first_comment": read_letters,
    "format": read_format,
}


def names_of(accounts: Iterable[Account]) -> set[str]:
    """What an account is called in the name of a column."""
    return {name for account in accounts for name in (account.platform, account.key)}


def variants_in(columns: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The columns that are variants: their name, the column that they vary, and for whom."""
    for column in columns:
        for varied in VARIED:
            if column.startswith(f"{varied}_"):
                yield column, varied, column.removeprefix(f"{varied}_")


def said_by(row: SheetRow, column: str, account: Account) -> str:
    """The nearest word for the account: its own, its network's, everybody's."""
    return row[f"{column}_{account.key}"] or row[f"{column}_{account.platform}"] or row[column]


def check_variants(
    row: SheetRow, brand: str, accounts: Sequence[Account], used: Sequence[Account], problems: Findings, odd: Findings
) -> None:
    """Notes each variant for a network that the `brand` (of all these `accounts`) is not on, and, as `odd`, each for
    one that the row does not go to."""
    known, read = names_of(accounts), names_of(used)
    for column, _, name in variants_in(row.cells):
        if not row[column]:
            continue
        if brand and name not in known:
            why = f'{brand} has no account "{name}"; {instead(name, known)}'
            problems.add(row.number, column, row[column], why)
        elif read and name not in read:
            why = "the row does not go there; add it to accounts or clear the cell."
            odd.add(row.number, column, row[column], why)
