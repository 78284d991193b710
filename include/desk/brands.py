"""Who the desk speaks for: `brands.yml`.

    aurora:                           # the brand's key: in the calendar, the warehouse, the logs
      title: Bottega Aurora
      timezone: Europe/Rome           # the clock of its calendar
      language: it
      channel: "#aurora"              # quoted, for # begins a comment
      accounts:                       # platform: name; the Airflow connection is facebook_bottega_aurora
        facebook: bottega_aurora
      manual:                         # optional, as is all that follows: networks that a person posts to by hand
        tiktok: aurora_tok
      needs_approval: true
      approvers: [marta]
      late_after_minutes: 60
      utm: false                      # leave links as they are; else they get campaign tags
      sales_channel: "#aurora-sales"  # where questions of price, contact or appointment go; else to its channel
      quiet_hours: 22:00-07:00        # on the brand's clock: only a critical spike of comments calls anybody then

Several accounts on one platform are written as a list: `- facebook: bottega_aurora`, `- facebook: aurora_outlet`.
`approvers`, `cadence` and `rules` are told in `include/desk/habits.py`.
"""

import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import Any

from include.desk.habits import read_approvers, read_cadence, read_rules
from include.desk.hours import read_hours
from include.desk.local_time import read_zone
from include.desk.outline import Entry, read_outline
from include.desk.problems import Findings, Unfit, instead
from include.domain.accounts import Account, Brand

_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?")
_CHANNEL = re.compile(r"#[^\s#@.,A-Z]{1,79}|[CG][A-Z0-9]{8,}")
_MOST_LATE_MINUTES = 7 * 24 * 60


def read_brands(path: Path, platforms: Collection[str] | None = None) -> list[Brand]:
    """The brands of `path`, in its order. `platforms` are the networks that exist; None leaves that unchecked.

    Raises DeskProblems with everything that is wrong in the file.
    """
    findings = Findings(path.name)
    outline = read_outline(path, findings)
    if not outline.parts:
        findings.add(
            outline.line, "", outline.shown, "names no brand; write a key such as aurora: with its fields below."
        )
    brands = [_Draft(key, entry, platforms, findings).brand() for key, entry in outline.parts.items()]
    _note_shared(outline, brands, findings)
    findings.refuse_if_any()
    return brands


class _Draft:
    """One brand while it is read: each field by its own reader, whatever is wrong noted and passed over."""

    def __init__(self, key: str, entry: Entry, platforms: Collection[str] | None, findings: Findings) -> None:
        self.key, self.entry, self.platforms, self.findings = key, entry, platforms, findings

    def brand(self) -> Brand:
        if not _NAME.fullmatch(self.key):
            self.note("", self.entry.line, self.key, _NAME_RULE)
        for name in self.entry.parts.keys() - _FIELDS:
            self.note(name, self.entry.parts[name].line, name, f"not a field of a brand; {instead(name, _FIELDS)}")
        approvers = read_approvers(self.entry.parts.get("approvers"), self.note)
        accounts = (*self.accounts(), *self.manual_accounts())
        if not accounts:
            shown = self.entry.parts["accounts"].shown if "accounts" in self.entry.parts else ""
            self.note("accounts", self.line("accounts"), shown, "name at least one, such as facebook: bottega_aurora.")
        networks = {account.platform for account in accounts}
        needs_approval = self.field("needs_approval", _yes_or_no, default=False)
        if needs_approval and not approvers:
            self.note("approvers", self.line("approvers"), "", "needs_approval is true, so name at least one person.")
        return Brand(
            key=self.key,
            title=self.field("title", _title),
            timezone=self.field("timezone", read_zone),
            language=self.field("language", _language),
            channel=self.field("channel", _channel),
            accounts=accounts,
            needs_approval=bool(needs_approval),
            approvers=tuple(approvers),
            late_after_minutes=self.field("late_after_minutes", _minutes, default=60) or 60,
            slack_ids={name: member for name, member in approvers.items() if member},
            cadence=read_cadence(self.entry.parts.get("cadence"), networks, self.note),
            rules=read_rules(self.entry.parts.get("rules"), self.note),
            utm=self.field("utm", _yes_or_no, default=True) is not False,
            sales_channel=self.field("sales_channel", _channel, default="") or "",
            quiet_hours=self.field("quiet_hours", read_hours) if "quiet_hours" in self.entry.parts else None,
        )

    def field(self, name: str, reader: Callable[[str], Any], default: Any = None) -> Any:
        if default is not None and name not in self.entry.parts:
            return default
        shown = self.entry.parts[name].shown if name in self.entry.parts else ""
        return self.findings.read(self.line(name), f"{self.key}.{name}", shown, reader)

    def accounts(self) -> Iterator[Account]:
        for platform, name in self.pairs("accounts"):
            if self.platforms is not None and platform not in self.platforms:
                why = f"not a platform of this desk; {instead(platform, self.platforms)} Others go under manual."
                self.note("accounts", name.line, platform, why)
            yield Account(platform, name.text, self.key)

    def manual_accounts(self) -> Iterator[Account]:
        for network, name in self.pairs("manual"):
            if self.platforms is not None and network in self.platforms:
                self.note("manual", name.line, network, "the desk posts there itself; put it under accounts.")
            if not _NAME.fullmatch(network):
                self.note("manual", name.line, network, "use lower-case letters, digits and _, such as tiktok.")
            yield Account(network, name.text, self.key, manual=True)

    def pairs(self, field: str) -> Iterator[tuple[str, Entry]]:
        """The accounts that a field names: platform and name."""
        for entry in self.items(field):
            if entry.text:
                self.note(field, entry.line, entry.text, "name the platform too, such as facebook: bottega_aurora.")
            for platform, name in entry.parts.items():
                if not _NAME.fullmatch(name.text):
                    self.note(f"{field}.{platform}", name.line, name.shown, _NAME_RULE)
                yield platform, name

    def items(self, name: str) -> tuple[Entry, ...]:
        """A field that may be a list or a single value, as a list."""
        entry = self.entry.parts.get(name)
        return () if entry is None else entry.items or (entry,)

    def line(self, name: str) -> int:
        return self.entry.parts[name].line if name in self.entry.parts else self.entry.line

    def note(self, name: str, line: int, found: str, why: str) -> None:
        self.findings.add(line, f"{self.key}.{name}" if name else "", found, why)


_FIELDS = frozenset(
    (
        *("title", "timezone", "language", "channel", "accounts", "manual", "needs_approval", "approvers"),
        *("late_after_minutes", "cadence", "rules", "utm", "sales_channel", "quiet_hours"),
    )
)
# An account's key becomes the id of an Airflow connection, which the environment spells in capitals.
_NAME_RULE = "use lower-case letters, digits and _, such as bottega_aurora."


def _title(text: str) -> str:
    if not text:
        raise Unfit("needs the name that readers know the brand by.")
    return text


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise Unfit("needs a language tag (BCP 47) such as it, lo or en-GB.")
    return text


def _channel(text: str) -> str:
    if not text:
        raise Unfit('needs a Slack channel in quotes, such as "#aurora"; without quotes, # begins a comment.')
    if not _CHANNEL.fullmatch(text):
        raise Unfit('not a Slack channel; write "#aurora" (lower case, no spaces) or the channel\'s id.')
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("true", "yes", "false", "no"):
        raise Unfit("neither true nor false.")
    return text.lower() in ("true", "yes")


def _minutes(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= _MOST_LATE_MINUTES:
        raise Unfit(f"needs a whole number of minutes from 1 to {_MOST_LATE_MINUTES} (a week).")
    return int(text)


def _note_shared(outline: Entry, brands: list[Brand], findings: Findings) -> None:
    """Names what is claimed twice: messages and numbers of two brands would run into each other."""
    claims = [
        (brand.key, field, claim)
        for brand in brands
        for field, claim in [
            ("title", brand.title),
            ("channel", brand.channel),
            *[("manual" if account.manual else "accounts", account.key) for account in brand.accounts],
        ]
        if claim
    ]
    owners: dict[tuple[str, str], str] = {}
    for brand_key, field, claim in claims:
        if (field, claim) in owners:
            owner = owners[field, claim]
            whose = "stands twice" if owner == brand_key else f"is {owner}'s already"
            line = outline.parts[brand_key].parts[field].line
            findings.add(line, f"{brand_key}.{field}", claim, f"{whose}; each brand needs its own.")
        owners.setdefault((field, claim), brand_key)
