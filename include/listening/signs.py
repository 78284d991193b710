"""Who put which sign under a message. Pure."""

from collections.abc import Collection, Mapping

from include.domain.messages import Heard

YES = frozenset({"white_check_mark"})
NO = frozenset({"raised_hand", "hand"})
TAKE = frozenset({"eyes"})
UNDO = frozenset({"leftwards_arrow_with_hook"})


def members(heard: Heard, signs: Collection[str]) -> list[str]:
    """The member ids of those who put one of these signs, in a fixed order."""
    return sorted({member for sign in signs for member in heard.reactions.get(sign, ())})


def names(heard: Heard, signs: Collection[str], allowed: Mapping[str, str]) -> list[str]:
    """The names of those among the `allowed` (member ids by name) who put one of them, in the order of the allowed."""
    found = members(heard, signs)
    return [name for name, member in allowed.items() if member in found]
