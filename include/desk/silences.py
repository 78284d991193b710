"""What is expected and shall call nobody: `silences.yml`. A silence has an end and a reason, always.

    - brand: mekong                     # or account: facebook_mekong_coffee
      post: "1029_384"                  # optional: the post's own id at its network; quoted
      language: lo                      # optional
      since: 2026-11-20                 # optional: its first day
      until: 2026-11-30                 # its last day, on the brand's clock
      reason: we announced the new prices

Of a brand or an account, spikes are noted but told to nobody. With `post` or `language`, the comments that it is about
are left out of the count, and all others go on being watched.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from include.desk.local_time import read_day
from include.desk.outline import Entry, read_outline
from include.desk.problems import Findings, Unfit, instead
from include.domain.accounts import Brand

_FIELDS = ("brand", "account", "post", "language", "since", "until", "reason")


@dataclass(frozen=True, slots=True)
class Silence:
    """One silence: aware UTC from `begins` until before `ends`. `account` is empty for the whole brand, `post` and
    `language` where it is about all of them."""

    brand: str
    account: str
    post: str
    language: str
    begins: datetime
    ends: datetime
    reason: str
    line: int

    def holds(self, at: datetime) -> bool:
        return self.begins <= at < self.ends

    @property
    def is_of_all(self) -> bool:
        """Whether it keeps back what is told; else it leaves comments out of the count."""
        return not (self.post or self.language)

    @property
    def what(self) -> str:
        """What it is about, in words."""
        parts = [self.account or self.brand, self.post and f"post {self.post}", self.language]
        return ", ".join(part for part in parts if part)


def read_silences(path: Path, brands: Collection[Brand]) -> list[Silence]:
    """The silences of `path`; none where there is no such file. Raises DeskProblems with everything that is wrong."""
    if not path.is_file():
        return []
    findings = Findings(path.name)
    outline = read_outline(path, findings)
    if outline.text or outline.parts:
        findings.add(outline.line, "", outline.shown, "needs a list: each silence begins with - brand: or - account:.")
    found = [silence for entry in outline.items for silence in _read(entry, list(brands), findings)]
    findings.refuse_if_any()
    return found


def _read(entry: Entry, brands: list[Brand], findings: Findings) -> Iterator[Silence]:
    for name in entry.parts.keys() - set(_FIELDS):
        findings.add(entry.parts[name].line, name, "", f"not a field of a silence; {instead(name, _FIELDS)}")
    text = {name: entry.parts[name].text if name in entry.parts else "" for name in _FIELDS}
    brand = _brand(text, entry, brands, findings)
    if not text["reason"]:
        findings.add(entry.line, "reason", "", "say why; it is told where the silence is.")
    until = findings.read(_line(entry, "until"), "until", text["until"], _needed_day)
    since = (
        findings.read(_line(entry, "since"), "since", text["since"], read_day) if text["since"] else date(2000, 1, 1)
    )
    if brand is None or until is None or since is None:
        return
    if until < since:
        findings.add(_line(entry, "until"), "until", text["until"], "ends before it begins.")
    ends = _midnight(until + timedelta(days=1), brand)
    begins = _midnight(since, brand)
    language = text["language"].lower()
    yield Silence(brand.key, text["account"], text["post"], language, begins, ends, text["reason"], entry.line)


def _brand(text: dict[str, str], entry: Entry, brands: list[Brand], findings: Findings) -> Brand | None:
    """Whose it is, by the brand's key or the account's."""
    name = "account" if text["account"] else "brand"
    known = {brand.key: brand for brand in brands}
    if name == "account":
        known = {account.key: brand for brand in brands for account in brand.accounts}
    brand = known.get(text[name])
    if brand is None:
        findings.add(_line(entry, name), name, text[name], f"not on this desk; {instead(text[name], known)}")
    elif text["brand"] not in ("", brand.key):
        findings.add(_line(entry, "brand"), "brand", text["brand"], f"{text['account']} is {brand.key}'s.")
    return brand


def _needed_day(text: str) -> date:
    if not text:
        raise Unfit("needs its last day; a silence without an end is forgotten.")
    return read_day(text)


def _midnight(day: date, brand: Brand) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(brand.timezone)).astimezone(UTC)


def _line(entry: Entry, name: str) -> int:
    return entry.parts[name].line if name in entry.parts else entry.line
