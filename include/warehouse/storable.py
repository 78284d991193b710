"""What PostgreSQL can hold of what people write."""

from typing import Any

_BROKEN = {0: "\N{REPLACEMENT CHARACTER}", **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")}


def storable(value: Any) -> Any:
    """The value, with U+FFFD for NUL and for halves of surrogate pairs, also deep in lists and objects."""
    if isinstance(value, str):
        return value.translate(_BROKEN)
    if isinstance(value, dict):
        return {storable(name): storable(each) for name, each in value.items()}
    if isinstance(value, list):
        return [storable(each) for each in value]
    return value
