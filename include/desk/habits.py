"""How a brand speaks, how often, and who answers for it: `rules`, `cadence` and `approvers` in brands.yml.

approvers: [marta, luca: U024BE7LH]   # names in Airflow; with a Slack member id, they can answer in Slack too
cadence:                              # on which days a network should have a post; empty days are remarked on
  facebook: daily                     # or weekdays, or a list of days
  x: [mon, wed, fri]
rules:
  required_words: [Aurora]
  banned_words: [economico]
  required_hashtags: ["#bottegaaurora"]   # quoted, for # begins a comment
  banned_hashtags: ["#follow4follow"]
  disclosure: ["#adv", "#ad"]             # one of them stands in a sponsored post; [] asks for none
  tone: [Si dà del tu a chi legge]        # a checklist for approvers; nothing else reads it
"""

import re
from collections.abc import Callable, Collection, Iterator

from include.desk.outline import Entry
from include.desk.problems import Unfit, instead
from include.domain.accounts import BrandRules

Note = Callable[[str, int, str, str], None]

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CADENCES = {"daily": frozenset(range(7)), "weekdays": frozenset(range(5))}
_RULES = ("required_words", "banned_words", "required_hashtags", "banned_hashtags", "disclosure", "tone")
_HASHTAG = re.compile(r"#\w+")
_APPROVER = re.compile(r"[A-Za-z0-9._@-]+")
# A person's id in Slack begins with U, or W on Enterprise Grid (api.slack.com/enterprise/grid/developing, 2026-11-24).
_MEMBER_ID = re.compile(r"[UW][A-Z0-9]{6,20}")


def read_approvers(entry: Entry | None, note: Note) -> dict[str, str]:
    """The Slack member id of each approver, by name, in the order of the file; empty where none is given."""
    people = dict(_people(entry)) if entry else {}
    for name, member in people.items():
        if not _APPROVER.fullmatch(name):
            note("approvers", member.line, name, "use the person's user name in Airflow, such as marta.")
        try:
            _ = read_member(member.text) if member.text else ""
        except Unfit as unfit:
            note(f"approvers.{name}", member.line, member.text, str(unfit))
    return {name: member.text for name, member in people.items()}


def read_member(text: str) -> str:
    """A person's id in Slack; raises Unfit."""
    if not _MEMBER_ID.fullmatch(text):
        raise Unfit("not a Slack member id; it looks like U024BE7LH (profile, ⋮, Copy member ID).")
    return text


def _people(entry: Entry) -> Iterator[tuple[str, Entry]]:
    """The people of `marta`, `[marta, luca: U…]` or `{luca: U…}`."""
    for item in entry.items or (entry,):
        if item.parts:
            yield from item.parts.items()
        elif item.text:
            yield item.text, Entry(item.line)


def read_cadence(entry: Entry | None, networks: Collection[str], note: Note) -> dict[str, frozenset[int]]:
    """The weekdays (Monday 0) of each network."""
    cadence = {}
    for network, days in entry.parts.items() if entry else ():
        if network not in networks:
            note("cadence", days.line, network, f"the brand has no account there; {instead(network, networks)}")
        try:
            cadence[network] = read_days(days)
        except Unfit as unfit:
            note(f"cadence.{network}", days.line, days.shown, str(unfit))
    if entry and not entry.parts:
        note("cadence", entry.line, entry.text, "name each network with its days, such as facebook: daily.")
    return cadence


def read_days(entry: Entry) -> frozenset[int]:
    """Weekdays (Monday 0) of `daily`, `weekdays` or a list; raises Unfit."""
    named = [item.text for item in entry.items] or re.split(r"[\s,]+", entry.text)
    days: set[int] = set()
    for name in (name.lower() for name in named):
        weekday = [number for number, day in enumerate(_DAYS) if name in (day, day[:3])]
        if name not in _CADENCES and not weekday:
            raise Unfit(f'"{name}" is no day; write daily, weekdays, or days such as [mon, wed, fri].')
        days |= _CADENCES.get(name, frozenset(weekday))
    return frozenset(days)


def read_rules(entry: Entry | None, note: Note) -> BrandRules:
    """What the brand's texts must and must not hold; what is not said is as BrandRules has it."""
    rules = {}
    for name, found in entry.parts.items() if entry else ():
        if name not in _RULES:
            note(f"rules.{name}", found.line, name, f"not a rule; {instead(name, _RULES)}")
            continue
        texts = tuple(item.text for item in found.items or (found,) if item.text)
        if found.items and len(texts) < len(found.items):
            note(f"rules.{name}", found.line, found.shown, 'an empty entry; put hashtags in quotes, such as "#adv".')
        for text in texts:
            if name.endswith("_hashtags") and not _HASHTAG.fullmatch(text):
                note(f"rules.{name}", found.line, text, 'not a hashtag; write it in quotes, such as "#adv".')
        rules[name] = texts
    if entry and not entry.parts:
        note("rules", entry.line, entry.text, f"name at least one: {', '.join(_RULES)}.")
    return BrandRules(**rules)
