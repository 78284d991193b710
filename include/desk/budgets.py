"""What may be spent on ads, by whom and when: `budgets.csv`. One row is one flight of one budget.

    brand, name     whose, and what people call it; the same name may stand again with a later flight
    amount          for the whole flight, in `currency` (ISO 4217)
    from, to        its first and last day, both included, as the ad account counts days
    members         what spends from it, separated by ; each an account's key, or key/campaign by id or name:
                    meta_ads_aurora; google_ads_aurora/Natale*     * stands for any text, ? for any letter

The rest may be left out:

    timezone        the ad account's; else the brand's
    parent          the budget that this one is a part of; spend is counted in the parts, a parent adds them up
    shares          60 %; 40 %: what each member gets, in the order of `members`; else as they spent lately
    weekdays, events   fri 2; sun 0 and 2026-11-27 3 (include/desk/calendar_weights.py)
    min_day, max_day   what a day (that weighs anything) gets at least and at most
    carry_over      yes: what the flight before left is added (or taken off); or an amount, which may be negative
    reserve         held back, an amount or a share of the budget
    cap             what must never be passed, an amount or a share (105 %); else 101 %
    pause_at_cap    yes: whoever decides has agreed beforehand to a pause there; of a parent, to that of its parts
    tolerance       how far off the plan is still on track (10 %), and in money: tolerance_money
    step            by how much a day may be set above the one before (30 %); lowering is free
    decides         who is asked, by user name; else the brand's approvers
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from include.desk.budget_checks import note_across_rows, note_sums
from include.desk.calendar_weights import EVEN, parts_of, read_events, read_weekdays
from include.desk.flights import NONE, Budget, Member
from include.desk.local_time import read_day, read_zone
from include.desk.money import read_amount, read_amount_or_share, read_currency, read_positive, read_share
from include.desk.problems import Findings, Problem, Unfit, one_of
from include.desk.sheets import SheetRow, note_columns, read_sheet
from include.domain.accounts import Brand

_REQUIRED = ("brand", "name", "amount", "currency", "from", "to")
_OPTIONAL = (
    *("members", "timezone", "parent", "shares", "weekdays", "events", "min_day", "max_day", "carry_over"),
    *("reserve", "cap", "pause_at_cap", "tolerance", "tolerance_money", "step", "decides"),
)
_YES, _NO = ("yes", "sì", "si"), "no"
_ACCOUNT = re.compile(r"[a-z0-9_*?]+")


@dataclass(frozen=True, slots=True)
class BudgetSheet:
    """The budgets of a file, in its order, and what is worth a look in it though nothing has to be corrected."""

    budgets: tuple[Budget, ...] = ()
    warnings: tuple[Problem, ...] = ()


def read_budgets(path: Path, brands: Iterable[Brand] | None = None, today: date | None = None) -> BudgetSheet:
    """The budgets of `path`. `brands` that exist; `today` to warn of what is over. None is for unchecked.

    Raises DeskProblems with everything that is wrong in the file.
    """
    sheet = read_sheet(path, _REQUIRED)
    findings, warnings = Findings(path.name), Findings(path.name)
    note_columns(sheet, (*_REQUIRED, *_OPTIONAL), findings)
    known = None if brands is None else {brand.key: brand for brand in brands}
    drafts = (_Draft(row, known, findings).budget() for row in sheet.rows)
    budgets = tuple(budget for budget in drafts if budget is not None)
    note_across_rows(budgets, findings)
    findings.refuse_if_any()
    for budget in budgets:
        if today and budget.last < today:
            warnings.add(budget.row, "to", str(budget.last), f"{budget.title} is over; it is only looked back at.")
    return BudgetSheet(budgets, tuple(warnings.problems))


class _Draft:
    """One row while it is read: each cell by its own reader, whatever is wrong noted and passed over."""

    def __init__(self, row: SheetRow, brands: dict[str, Brand] | None, findings: Findings) -> None:
        self.row, self.brands, self.findings = row, brands, findings

    def budget(self) -> Budget | None:
        before = len(self.findings.problems)
        brand = self.cell("brand", one_of(self.brands, "a brand of brands.yml"))
        its = (self.brands or {}).get(brand or "")
        amount = self.cell("amount", read_positive)
        whole = amount or NONE
        written = {
            "brand": brand,
            "name": self.cell("name", _name),
            "amount": amount,
            "currency": self.cell("currency", read_currency),
            "first": self.cell("from", read_day),
            "last": self.cell("to", read_day),
            "timezone": self.cell("timezone", read_zone, its.timezone if its else "UTC"),
            "members": self.members(),
            "parent": self.row["parent"],
            "weekdays": self.cell("weekdays", read_weekdays, EVEN),
            "events": self.cell("events", read_events, ()),
            "min_day": self.cell("min_day", _not_negative, NONE),
            "max_day": self.cell("max_day", read_positive, None),
            "carry_over": self.cell("carry_over", _carry_over, NONE),
            "reserve": self.cell("reserve", lambda text: read_amount_or_share(text, whole), NONE),
            "cap": self.cell("cap", lambda text: read_amount_or_share(text, whole), None),
            "pause_at_cap": self.cell("pause_at_cap", _yes_or_no, False),
            "tolerance": self.cell("tolerance", read_share, Decimal("0.1")),
            "tolerance_money": self.cell("tolerance_money", _not_negative, NONE),
            "step": self.cell("step", read_share, Decimal("0.3")),
            "decides": self.cell("decides", _names, its.approvers if its else ()),
        }
        if len(self.findings.problems) > before:
            return None
        budget = Budget(**written, row=self.row.number)
        note_sums(budget, self.findings)
        return budget if len(self.findings.problems) == before else None

    def cell(self, column: str, reader: Callable[[str], Any], default: Any = ...) -> Any:
        text = self.row[column]
        if not text and default is not ...:
            return default
        return self.findings.read(self.row.number, column, text, reader)

    def members(self) -> tuple[Member, ...]:
        members = self.cell("members", _members, ())
        shares = self.cell("shares", lambda text: _shares(text, len(members or ())), None)
        if not shares or not members:
            return members or ()
        return tuple(Member(each.account, each.campaign, share) for each, share in zip(members, shares, strict=True))


def _name(text: str) -> str:
    if not text or "/" in text:
        raise Unfit("needs the name that people call it by, without a /.")
    return text


def _members(text: str) -> tuple[Member, ...]:
    members = tuple(_member(part) for part in parts_of(text))
    twice = {str(each) for each in members if members.count(each) > 1}
    if twice:
        raise Unfit(f"{', '.join(sorted(twice))} stands twice; once is enough.")
    return members


def _member(part: str) -> Member:
    account, slash, campaign = part.partition("/")
    if not _ACCOUNT.fullmatch(account.strip()) or (slash and not campaign.strip()):
        raise Unfit(
            f'"{part}" is no member; write an account\'s key such as meta_ads_aurora, or meta_ads_aurora/Natale*.'
        )
    return Member(account.strip(), campaign.strip() or "*")


def _shares(text: str, members: int) -> tuple[Decimal, ...]:
    shares = tuple(read_share(part) for part in parts_of(text))
    if len(shares) != members:
        raise Unfit(f"{len(shares)} shares for {members} members; write one for each, in the same order.")
    if sum(shares, NONE) != 1:
        raise Unfit(f"add up to {(sum(shares, NONE) * 100).normalize():f} %, not to 100 %.")
    return shares


def _not_negative(text: str) -> Decimal:
    amount = read_amount(text)
    if amount < 0:
        raise Unfit("must not be below 0.")
    return amount


def _carry_over(text: str) -> Decimal | None:
    """None for "whatever the flight before has left"."""
    if text.lower() in (*_YES, _NO):
        return None if text.lower() in _YES else NONE
    try:
        return read_amount(text)
    except Unfit as unfit:
        raise Unfit(f"neither yes nor no, and as an amount: {unfit}") from None


def _yes_or_no(text: str) -> bool:
    if text.lower() not in (*_YES, _NO):
        raise Unfit("neither yes nor no; write one of them, or leave it out for no.")
    return text.lower() in _YES


def _names(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"[\s,;]+", text) if part)
