"""Who answers when people complain: `rota.yml`, by brand, language and hour.

- brand: mekong
  language: lo              # optional: of comments in this language; else of all that nobody else is named for
  days: weekdays            # optional: or daily, or [mon, wed]; on the brand's clock, as are the hours
  hours: 08:00-18:00        # optional
  who: kham
  slack: U0KHAM0001         # optional: Slack's member id; with it a critical spike calls them by name
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from include.desk.habits import read_days, read_member
from include.desk.hours import read_hours
from include.desk.outline import Entry, read_outline
from include.desk.problems import Findings, Unfit, instead
from include.domain.accounts import Brand, Hours

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}")
_FIELDS = ("brand", "language", "days", "hours", "who", "slack")
_EVERY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Duty:
    """One line of the rota. `language` is empty for all languages, `hours` None for the whole day."""

    brand: str
    who: str
    slack: str = ""
    language: str = ""
    days: frozenset[int] = _EVERY_DAY
    hours: Hours | None = None

    def holds(self, at: datetime, timezone: str) -> bool:
        local = at.astimezone(ZoneInfo(timezone))
        return local.weekday() in self.days and (self.hours is None or self.hours.hold(at, timezone))


def on_duty(rota: Sequence[Duty], brand: Brand, language: str, at: datetime) -> list[Duty]:
    """Who answers for comments in `language` at that hour; where nobody is named for it, who does for all."""
    now = [duty for duty in rota if duty.brand == brand.key and duty.holds(at, brand.timezone)]
    of_language = [duty for duty in now if duty.language and duty.language == language.partition("-")[0].lower()]
    return of_language or [duty for duty in now if not duty.language]


def read_rota(path: Path, brands: Collection[Brand]) -> list[Duty]:
    """The rota of `path`; empty where there is no such file. Raises DeskProblems with everything that is wrong."""
    if not path.is_file():
        return []
    findings = Findings(path.name)
    outline = read_outline(path, findings)
    if outline.text or outline.parts:
        findings.add(outline.line, "", outline.shown, "needs a list: each duty begins with - brand:.")
    found = [duty for entry in outline.items for duty in _read(entry, {brand.key for brand in brands}, findings)]
    findings.refuse_if_any()
    return found


def _read(entry: Entry, brands: Collection[str], findings: Findings) -> Iterator[Duty]:
    for name in entry.parts.keys() - set(_FIELDS):
        findings.add(entry.parts[name].line, name, "", f"not a field of a duty; {instead(name, _FIELDS)}")
    text = {name: entry.parts[name].text if name in entry.parts else "" for name in _FIELDS}
    if text["brand"] not in brands:
        why = f"not a brand of this desk; {instead(text['brand'], brands)}"
        findings.add(_line(entry, "brand"), "brand", text["brand"], why)
    if not text["who"]:
        findings.add(entry.line, "who", "", "say who it is.")
    slack = findings.read(_line(entry, "slack"), "slack", text["slack"], read_member) if text["slack"] else ""
    hours = findings.read(_line(entry, "hours"), "hours", text["hours"], read_hours) if text["hours"] else None
    days = _EVERY_DAY
    if "days" in entry.parts:
        try:
            days = read_days(entry.parts["days"])
        except Unfit as unfit:
            findings.add(entry.parts["days"].line, "days", entry.parts["days"].shown, str(unfit))
    if text["language"] and not _LANGUAGE.fullmatch(text["language"]):
        why = "needs a language tag such as it, en or lo; without language it is for all."
        findings.add(_line(entry, "language"), "language", text["language"], why)
    yield Duty(text["brand"], text["who"], slack or "", text["language"].lower(), days, hours)


def _line(entry: Entry, name: str) -> int:
    return entry.parts[name].line if name in entry.parts else entry.line
