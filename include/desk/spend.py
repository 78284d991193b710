"""What was spent, from a file: for ad platforms that have no API here, and for asking what if.

date        the ad account's own day
account     its key, such as google_ads_aurora
amount      in `currency`; a credit is below 0, and a day without spend is a row with 0: a missing row is unknown
campaign, campaign_id   either may be left out; with neither, the row is the account's total
hour        0 to 23 on the account's clock, where spend is known by the hour
daily_budget            what the platform is told to spend a day, where that is known
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path

from include.desk.local_time import read_day
from include.desk.money import read_amount, read_currency, read_positive
from include.desk.problems import Findings, Unfit
from include.desk.sheets import SheetRow, note_columns, read_sheet
from include.domain.ads import SpendRow

__all__ = ["FileSpend", "SpendRow", "read_spend"]

_REQUIRED = ("date", "account", "amount", "currency")
_OPTIONAL = ("campaign", "campaign_id", "hour", "daily_budget")
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9_]*")


class FileSpend:
    """A SpendSource from a file, which is read when it is first asked. Raises DeskProblems then."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def rows(self) -> list[SpendRow]:
        return read_spend(self.path)

    @property
    def accounts(self) -> set[str]:
        return {row.account for row in self.rows}

    def spend(self, accounts: Collection[str], first: date, last: date) -> Iterator[SpendRow]:
        return (row for row in self.rows if row.account in accounts and first <= row.day <= last)


def read_spend(path: Path) -> list[SpendRow]:
    """The rows of `path`. Raises DeskProblems with everything that is wrong in the file."""
    sheet = read_sheet(path, _REQUIRED)
    findings = Findings(path.name)
    note_columns(sheet, (*_REQUIRED, *_OPTIONAL), findings)
    rows = [row for row in (_row(each, findings) for each in sheet.rows) if row is not None]
    _note_twice_counted(rows, findings)
    findings.refuse_if_any()
    return rows


def _row(row: SheetRow, findings: Findings) -> SpendRow | None:
    before = len(findings.problems)
    day = findings.read(row.number, "date", row["date"], _day)
    account = findings.read(row.number, "account", row["account"], _account)
    amount = findings.read(row.number, "amount", row["amount"], _amount)
    currency = findings.read(row.number, "currency", row["currency"], _currency)
    hour = findings.read(row.number, "hour", row["hour"], _hour) if row["hour"] else None
    text = row["daily_budget"]
    daily = findings.read(row.number, "daily_budget", text, read_positive) if text else None
    if len(findings.problems) > before or day is None or account is None or amount is None or currency is None:
        return None
    return SpendRow(day, account, amount, currency, row["campaign"], row["campaign_id"], hour, daily, row.number)


# A file of many campaigns holds the same days and currencies again and again.
_day = lru_cache(maxsize=4096)(read_day)
_amount = lru_cache(maxsize=4096)(read_amount)
_currency = lru_cache(maxsize=64)(read_currency)


@lru_cache(maxsize=4096)
def _account(text: str) -> str:
    if not _ACCOUNT.fullmatch(text):
        raise Unfit("needs an account's key in lower case, such as google_ads_aurora.")
    return text


def _hour(text: str) -> int:
    if not text.isdecimal() or int(text) > 23:
        raise Unfit("hours go from 0 to 23.")
    return int(text)


def _note_twice_counted(rows: Iterable[SpendRow], findings: Findings) -> None:
    """Money that stands in the file twice: as a row again, as a day and its hours, as a total and its campaigns."""
    seen: dict[tuple[object, ...], SpendRow] = {}
    kinds: dict[tuple[object, ...], SpendRow] = {}
    for row in rows:
        twin = seen.setdefault((row.day, row.spender, row.hour), row)
        by_day = kinds.setdefault((row.day, row.spender), row)
        of_account = kinds.setdefault((row.day, row.account), row)
        if twin is not row:
            why = f"{row} on {row.day} stands in row {twin.row} already; keep one."
        elif (by_day.hour is None) != (row.hour is None):
            why = f"{row} on {row.day} stands in row {by_day.row} too, by day and by hour; keep one."
        elif of_account.is_total != row.is_total:
            why = f"row {of_account.row} has {row.account} on {row.day} too, as total and by campaign; keep one."
        else:
            continue
        findings.add(row.row, "", "", why)
