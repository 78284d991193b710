"""What is done about comments: `moderation.yml`. Without the file nothing is done, and nobody is asked.

spam_links:                       # the rule's name: in messages, in the audit, in the dry run
  brands: [mekong]                # optional; else it holds for every brand
  networks: [facebook, x]         # optional; else on all
  when:                           # all that is named must hold
    contains: [casino, "crypto*"] # one of these words, in any case; * stands for the rest of a word
    regex: '\\+?\\d[\\d ]{7,}'        # searched in the text as it stands, for 50 ms at most
    link: yes                     # any link, or a list of hosts: [bit.ly, t.me]
    language: [it, en]            # as the scorer tells it
    repeats: 3 in 24 h            # its author wrote so many comments on the account
    score: 0.8                    # at least so negative; `negative` takes the language's own threshold
  then:
    hide: yes
    label: spam                   # or a list
    assign: marta                 # an approver of the brand, or a Slack member id
    draft: late_delivery          # an answer of answers.yml
    lead: price                   # price, contact or appointment: told to the sales channel at once
  needs_approval: no              # else a person says yes first, in Slack; a lead needs none
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import regex

from include.desk.outline import Entry, read_outline
from include.desk.problems import Findings, Unfit, instead, one_of
from include.domain.accounts import Brand
from include.domain.moderation import Often, Rule

LEADS = ("price", "contact", "appointment")

_NAME = re.compile(r"[a-z0-9][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*|und")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_MEMBER_ID = re.compile(r"[UW][A-Z0-9]{6,20}")
_OFTEN = re.compile(r"(\d+) in (\d+) ?(min|h|d)")
_REPEATED = re.compile(r"\{\s*(\d*)\s*,?\s*(\d*)\s*\}")
_UNITS = {"min": "minutes", "h": "hours", "d": "days"}
_FIELDS = ("brands", "networks", "when", "then", "needs_approval")
_WHEN = ("contains", "regex", "link", "language", "repeats", "score")
_THEN = ("hide", "label", "assign", "draft", "lead")
_MOST_PATTERN = 300
_MOST_REPEATED = 100


def read_moderation(
    path: Path, brands: Sequence[Brand], networks: Collection[str] | None = None, answers: Collection[str] | None = None
) -> list[Rule]:
    """The rules of `path` in its order; none where there is no such file. `answers` are the names of answers.yml.

    Raises DeskProblems with everything that is wrong in the file.
    """
    if not path.exists():
        return []
    findings = Findings(path.name)
    outline = read_outline(path, findings)
    known = _Known(brands, networks, answers)
    rules = [_Draft(name, entry, known, findings).rule() for name, entry in outline.parts.items()]
    if outline.items or outline.text:
        findings.add(outline.line, "", outline.shown, "names no rule; write a name such as spam_links: with its parts.")
    findings.refuse_if_any()
    return rules


@dataclass(frozen=True, slots=True)
class _Known:
    brands: Sequence[Brand]
    networks: Collection[str] | None
    answers: Collection[str] | None

    def people(self, of: Collection[str]) -> set[str]:
        return {name for brand in self.brands if not of or brand.key in of for name in brand.approvers}


class _Draft:
    """One rule while it is read: each part by its own reader, whatever is wrong noted and passed over."""

    def __init__(self, name: str, entry: Entry, known: _Known, findings: Findings) -> None:
        self.name, self.entry, self.known, self.findings = name, entry, known, findings

    def rule(self) -> Rule:
        if not _NAME.fullmatch(self.name):
            self.note("", self.entry, self.name, "use lower-case letters, digits and _, such as spam_links.")
        self.refuse_others(self.entry, _FIELDS, "")
        brands = self.chosen("brands", {brand.key for brand in self.known.brands}, "a brand of brands.yml")
        when, then = self.part("when", _WHEN), self.part("then", _THEN)
        fields: dict[str, Any] = {**self.conditions(when), **self.actions(then, brands)}
        approval = self.entry.parts.get("needs_approval")
        needs_approval = True if approval is None else self.read("needs_approval", approval, _yes_or_no)
        return Rule(
            name=self.name,
            brands=brands,
            networks=self.chosen("networks", self.known.networks, "a network of this desk"),
            needs_approval=needs_approval is not False,
            **fields,
        )

    def part(self, name: str, allowed: Collection[str]) -> Mapping[str, Entry]:
        entry = self.entry.parts.get(name)
        if entry is None or not entry.parts:
            shown = entry.shown if entry else ""
            self.note(name, entry or self.entry, shown, f"name at least one of {', '.join(allowed)}.")
            return {}
        self.refuse_others(entry, allowed, f"{name}.")
        return entry.parts

    def conditions(self, when: Mapping[str, Entry]) -> dict[str, Any]:
        found: dict[str, Any] = {
            "contains": self.texts("when.contains", when.get("contains"), _words),
            "languages": frozenset(self.texts("when.language", when.get("language"), _language)),
        }
        if entry := when.get("regex"):
            found["regex"] = self.read("when.regex", entry, _pattern) or ""
        if entry := when.get("link"):
            found["links"] = self.links(entry)
        if entry := when.get("repeats"):
            found["often"] = self.read("when.repeats", entry, _often)
        if entry := when.get("score"):
            found |= {"negative": True} if entry.text == "negative" else {"score": self.read("when.score", entry, _p)}
        return found

    def links(self, entry: Entry) -> tuple[str, ...] | None:
        if entry.text.lower() in ("yes", "true"):
            return ()
        return self.texts("when.link", entry, _host) or None

    def actions(self, then: Mapping[str, Entry], brands: frozenset[str]) -> dict[str, Any]:
        found: dict[str, Any] = {"labels": self.texts("then.label", then.get("label"), _label)}
        if entry := then.get("hide"):
            found["hide"] = self.read("then.hide", entry, _yes_or_no) is True
        if entry := then.get("assign"):
            found["assign"] = self.read("then.assign", entry, _person(self.known.people(brands))) or ""
        if entry := then.get("draft"):
            found["draft"] = (
                self.read("then.draft", entry, one_of(self.known.answers, "an answer of answers.yml")) or ""
            )
        if entry := then.get("lead"):
            found["lead"] = self.read("then.lead", entry, one_of(LEADS, "a kind of lead")) or ""
        return found

    def chosen(self, name: str, allowed: Collection[str] | None, what: str) -> frozenset[str]:
        return frozenset(self.texts(name, self.entry.parts.get(name), one_of(allowed, what)))

    def texts(self, name: str, entry: Entry | None, reader: Any) -> tuple[str, ...]:
        """A field that may be a list or a single value."""
        items = () if entry is None else entry.items or (entry,)
        read = [self.read(name, item, reader) for item in items]
        return tuple(text for text in read if text)

    def read(self, name: str, entry: Entry, reader: Any) -> Any:
        return self.findings.read(entry.line, f"{self.name}.{name}", entry.shown, reader)

    def refuse_others(self, entry: Entry, allowed: Collection[str], before: str) -> None:
        for name in entry.parts.keys() - set(allowed):
            why = f"not a part of a rule; {instead(name, allowed)}"
            self.note(f"{before}{name}", entry.parts[name], name, why)

    def note(self, name: str, entry: Entry, found: str, why: str) -> None:
        self.findings.add(entry.line, f"{self.name}.{name}" if name else "", found, why)


def _words(text: str) -> str:
    if not text.strip("* "):
        raise Unfit('needs words, in quotes where a sign stands in them, such as "crypto*".')
    return text


def _language(text: str) -> str:
    if not _LANGUAGE.fullmatch(text):
        raise Unfit("needs a language tag (BCP 47) such as it, lo or en.")
    return text


def _host(text: str) -> str:
    if not _HOST.fullmatch(text.lower()):
        raise Unfit("needs yes, or a host such as bit.ly, without https://.")
    return text.lower()


def _label(text: str) -> str:
    if not text or len(text) > 40:
        raise Unfit("needs a word or two, such as spam.")
    return text


def _person(people: Collection[str]) -> Any:
    def read(text: str) -> str:
        if text not in people and not _MEMBER_ID.fullmatch(text):
            raise Unfit(f"neither an approver of the brand nor a Slack member id; {instead(text, people)}")
        return text

    return read


def _pattern(text: str) -> str:
    """A regular expression that is compiled at once, for compiling has no time limit as matching has."""
    if len(text) > _MOST_PATTERN:
        raise Unfit(f"longer than {_MOST_PATTERN} characters; make two rules of it.")
    if any(int(number or 0) > _MOST_REPEATED for found in _REPEATED.finditer(text) for number in found.groups()):
        raise Unfit(f"repeats something more than {_MOST_REPEATED} times; use + or * instead.")
    try:
        regex.compile(text)
    except regex.error as error:
        raise Unfit(f"not a regular expression: {error}.") from None
    return text


def _often(text: str) -> Often:
    match = _OFTEN.fullmatch(text)
    if match is None or not 2 <= int(match[1]) <= 1000 or not 1 <= int(match[2]) <= 1000:
        raise Unfit("write how many comments in what time, from 2 on, such as 3 in 24 h (min, h or d).")
    return Often(int(match[1]), timedelta(**{_UNITS[match[3]]: int(match[2])}))


def _p(text: str) -> float:
    try:
        score = float(text)
    except ValueError:
        score = -1.0
    if not 0 < score <= 1:
        raise Unfit("needs a number over 0 and up to 1, such as 0.8, or negative.")
    return score


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("true", "yes", "false", "no"):
        raise Unfit("neither yes nor no.")
    return text.lower() in ("true", "yes")
