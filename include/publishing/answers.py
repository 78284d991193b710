"""What people's reactions under a message mean. Pure.

Only the named approvers count. Where one says ✅ and another ✋, ✋ wins: what should not go out costs more than what
goes out later.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from include.domain.accounts import Brand
from include.domain.messages import Heard, Reply
from include.publishing.addresses import is_of

YES = frozenset({"white_check_mark"})
NO = frozenset({"raised_hand", "hand"})  # Slack's own name is hand; both are in use
PAUSE = frozenset({"double_vertical_bar", "pause_button"})
RESUME = frozenset({"arrow_forward", "play_button"})
LATER = frozenset({"zzz"})

_ADDRESS = re.compile(r"https://[^\s<>|]+")


@dataclass(frozen=True, slots=True)
class Answer:
    """Who said what, by name, in the order of the approvers; `strangers` are member ids that do not count."""

    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    pause: tuple[str, ...] = ()
    resume: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    strangers: tuple[str, ...] = ()


def approvers(brand: Brand) -> dict[str, str]:
    """Who may answer in Slack for a brand: member ids by name. Of several, those that are its approvers."""
    if not brand.approvers:
        return dict(brand.slack_ids)
    return {name: brand.slack_ids[name] for name in brand.approvers if name in brand.slack_ids}


def read(heard: Heard, allowed: Mapping[str, str]) -> Answer:
    """The reactions of those who are `allowed` (member ids by name)."""

    def by(signs: frozenset[str]) -> tuple[str, ...]:
        members = _members(heard, signs)
        return tuple(name for name, member in allowed.items() if member in members)

    others = _members(heard, YES | NO | PAUSE | RESUME | LATER) - set(allowed.values())
    return Answer(by(YES), by(NO), by(PAUSE), by(RESUME), by(LATER), tuple(sorted(others)))


def _members(heard: Heard, signs: Iterable[str]) -> set[str]:
    return {member for sign in signs for member in heard.reactions.get(sign, ())}


def address(replies: Sequence[Reply], allowed: Mapping[str, str], network: str) -> tuple[str, str] | None:
    """Who of the allowed gave an https address of the network in the thread, and which: (name, address), the last."""
    names = {member: name for name, member in allowed.items()}
    for reply in reversed(replies):
        for found in _ADDRESS.findall(reply.text) if reply.user in names else ():
            url = found.rstrip(".,;)").replace("&amp;", "&")
            if is_of(network, url):
                return names[reply.user], url
    return None


Doubt = Literal["live", "send", "cancel", ""]


def in_doubt(answer: Answer) -> Doubt:
    """What is wanted of a post that may be out: ✋ it is not and shall not be, ▶️ it is not and shall be, ✅ it is, for
    which its link is needed. A ✅ by itself never sends: its link may still be on the way."""
    if answer.no:
        return "cancel"
    if answer.yes:
        return "live"
    return "send" if answer.resume else ""
