"""What people write under posts: Italian, Lao (in its script and romanised), English, Thai, Spanish, emoji, spam.

`remarks.json` has, for each language and kind of remark, sentences with `{slots}` that are filled from the same
language's lists. `und` is what has no language. Kinds that say something bad are in `NEGATIVE`.
"""

import functools
import json
import re
from pathlib import Path
from random import Random
from typing import Any

NEGATIVE = frozenset(("complaint", "late", "agree", "angry_emoji"))
NO_LANGUAGE = frozenset(("emoji", "angry_emoji", "spam", "markup"))
MIX = {
    "it": {"it": 0.8, "en": 0.12, "es": 0.05, "th": 0.03},
    "lo": {"lo": 0.62, "en": 0.14, "th": 0.12, "lo-Latn": 0.1, "it": 0.02},
    "en": {"en": 0.86, "it": 0.06, "es": 0.06, "th": 0.02},
}
"""In which languages people write to a brand, by the brand's own."""


@functools.cache
def _sentences() -> dict[str, Any]:
    data: dict[str, Any] = json.loads((Path(__file__).parent / "remarks.json").read_text(encoding="utf-8"))
    return data


def language_of(brand_language: str, draw: Random) -> str:
    """A language that somebody writes in to a brand of `brand_language`."""
    mix = MIX.get(brand_language.partition("-")[0], MIX["en"])
    return draw.choices(list(mix), list(mix.values()))[0]


def remark(kind: str, language: str, draw: Random) -> str:
    """A sentence of that kind; one that a language has no words for is said in English."""
    everything = _sentences()
    spoken = "und" if kind in NO_LANGUAGE else language if kind in everything.get(language, {}) else "en"
    slots = everything[spoken].get("slots", {})

    def fill(found: re.Match[str]) -> str:
        name = found[1]
        return str(draw.randrange(10**6)) if name == "n" else _filled(draw.choice(slots[name]), fill)

    said = _filled(draw.choice(everything[spoken][kind]), fill)
    return said[:1].upper() + said[1:]


def _filled(sentence: str, fill: Any) -> str:
    return re.sub(r"\{(\w+)\}", fill, sentence)
