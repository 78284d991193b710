"""What each brand wants to reach: `targets.csv`.

Columns: `brand`, `kpi`, `target` (a number, or a share such as `3.4 %`), `from` and `to` (days; an empty `to` means
until further notice).
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from include.desk.local_time import read_day
from include.desk.problems import Findings, Unfit, one_of
from include.desk.sheets import SheetRow, read_sheet
from include.domain.accounts import Brand

_NUMBER = re.compile(r"(?P<number>[+-]?\d+(?:[.,]\d+)?)\s*(?P<percent>%)?")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}([.,]\d{3})+")


@dataclass(frozen=True, slots=True)
class Target:
    """`brand` wants `kpi` to be at least `value` a week (a share as 0.034) from `first` to `last`, both included."""

    brand: str
    kpi: str
    value: Decimal
    first: date
    last: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


def read_targets(path: Path, brands: Iterable[Brand] | None, kpis: Collection[str] | None = None) -> list[Target]:
    """The targets of `path`; none if there is no such file. `kpis` are the names that exist. None is for unchecked.

    Raises DeskProblems with everything that is wrong in the file.
    """
    if not path.exists():
        return []
    sheet = read_sheet(path, required=("brand", "kpi", "target", "from"))
    findings = Findings(path.name)
    keys = None if brands is None else {brand.key for brand in brands}
    numbered = [(row.number, _target(row, keys, kpis, findings)) for row in sheet.rows]
    targets = [(number, target) for number, target in numbered if target is not None]
    _note_overlaps(targets, findings)
    findings.refuse_if_any()
    return [target for _, target in targets]


def _target(
    row: SheetRow, brands: Collection[str] | None, kpis: Collection[str] | None, findings: Findings
) -> Target | None:
    before = len(findings.problems)
    brand = findings.read(row.number, "brand", row["brand"], one_of(brands, "a brand of brands.yml"))
    kpi = findings.read(row.number, "kpi", row["kpi"], one_of(kpis, "a KPI"))
    value = findings.read(row.number, "target", row["target"], _amount)
    first = findings.read(row.number, "from", row["from"], read_day)
    last = findings.read(row.number, "to", row["to"], read_day) if row["to"] else None
    if first and last and last < first:
        findings.add(row.number, "to", row["to"], f"is before its beginning, {first}.")
    if len(findings.problems) > before or brand is None or kpi is None or value is None or first is None:
        return None
    return Target(brand, kpi, value, first, last)


def _amount(text: str) -> Decimal:
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise Unfit("not a number; write it like 150, 3.4 or 3.4 %.")
    if _THOUSANDS.fullmatch(match["number"]):
        raise Unfit("thousands or decimals? Write 1500 for thousands, 1.5 for decimals.")
    number = Decimal(match["number"].replace(",", "."))
    return number / 100 if match["percent"] else number


def _note_overlaps(targets: list[tuple[int, Target]], findings: Findings) -> None:
    for place, (number, target) in enumerate(targets):
        for other_number, other in targets[:place]:
            apart = (target.last or date.max) < other.first or (other.last or date.max) < target.first
            if (target.brand, target.kpi) == (other.brand, other.kpi) and not apart:
                why = f"{target.brand} has a target for it in row {other_number} on the same days; let one end first."
                findings.add(number, "kpi", target.kpi, why)
