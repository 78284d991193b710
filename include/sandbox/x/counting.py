"""How X counts a text: twitter-text, configuration version 3.

Weights, ranges and the length of a link from the published config/v3.json; an emoji sequence counts as two, whatever
it is made of. Links are found with and without their `https://`.
"""

import re
import unicodedata
from dataclasses import dataclass

MOST_WEIGHT = 280
URL_WEIGHT = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

_PICTURE = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa"
    "\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030"
    "\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_ONE = f"[{_PICTURE}](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|\U0001f3f4[\U000e0020-\U000e007f]+|{_ONE}(?:\u200d{_ONE})*"
)

# Domains of two letters are countries. Of the others, those a brand is likely to use; a link that has its
# protocol is a link under any ending.
GENERIC = (
    "com|org|net|edu|gov|mil|int|info|biz|name|pro|museum|travel|jobs|mobi|cat|asia|tel|app|dev|shop|store|online|site|"
    "website|blog|news|coffee|cafe|restaurant|bar|wine|food|fashion|boutique|art|design|gallery|photography|photo|"
    "studio|agency|digital|media|social|live|events|tickets|style|club|community|cloud|page|link|click|space|tech|"
    "company|group|global|international|world|today|email|life|love|fun|games|health|care|fit|sale|deals|gift|gifts"
)
_LABEL = r"[a-z0-9\u00c0-\u024f\u0400-\u04ff\u0e80-\u0eff\u3040-\u30ff\u4e00-\u9fff](?:[\w\u00c0-\uffff-]{0,61}\w)?"
_PATH = (
    r"(?::\d{1,5})?(?:/[^\s<>\"\u3000-\u303f\uff01-\uff60\u202a-\u202e\u2066-\u2069]*)?"
    r"(?:\?[\w!?*'();:&=+$/%#\[\]\-.,~|@]*[\w&=#/\-])?"
)
_WITH = re.compile(rf"https?://(?:{_LABEL}\.)+(?:xn--[a-z0-9-]+|[a-z]{{2,}}|[^\W\d_a-z]{{2,}}){_PATH}", re.IGNORECASE)
_WITHOUT = re.compile(
    rf"(?<![\w@$#./\-\u00c0-\uffff])((?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.)+)((?:{GENERIC})|[a-z]{{2}})"
    rf"(?![\w.-]*@)(?!\w)({_PATH})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundUrl:
    """A link in a text: where it begins and ends, in characters, and what it reads."""

    start: int
    end: int
    url: str


def urls_in(text: str) -> list[FoundUrl]:
    """The links that X would shorten, in order."""
    found = [_cut(text, m.start(), m.end()) for m in _WITH.finditer(text) if _domain_fits(m.group())]
    taken = [range(u.start, u.end) for u in found]
    for match in _WITHOUT.finditer(text):
        country = len(match.group(2)) == 2 and match.group(2).lower() not in ("co", "tv")
        alone = match.group(1).count(".") == 1 and not match.group(3).startswith("/")
        if not (country and alone) and not any(match.start() in span for span in taken):
            found.append(_cut(text, match.start(), match.end()))
    return sorted(found, key=lambda url: url.start)


def weighted_length(text: str) -> int:
    """The length that may be 280 at most."""
    text = unicodedata.normalize("NFC", text)
    weight, at = 0, 0
    urls = {u.start: u.end for u in urls_in(text)}
    while at < len(text):
        if at in urls:
            weight, at = weight + URL_WEIGHT * 100, urls[at]
        elif emoji := EMOJI.match(text, at):
            weight, at = weight + 200, emoji.end()
        else:
            weight, at = weight + _weight(ord(text[at])), at + 1
    return weight // 100


def _weight(point: int) -> int:
    return 100 if any(first <= point <= last for first, last in LIGHT) else 200


def _cut(text: str, start: int, end: int) -> FoundUrl:
    """Leave out what closes the sentence rather than the link."""
    while text[end - 1] in ".,;:!?'\")]}" and not (text[end - 1] == ")" and "(" in text[start:end]):
        end -= 1
    return FoundUrl(start, end, text[start:end])


def _domain_fits(url: str) -> bool:
    """A host of at most 253 letters and labels of at most 63, counted as the network writes them."""
    host = re.split(r"[/?#:]", url.partition("://")[2])[0]
    try:
        labels = [label.encode("idna") if not label.isascii() else label.encode() for label in host.split(".")]
    except UnicodeError:
        return False
    return sum(len(label) + 1 for label in labels) <= 254 and all(0 < len(label) <= 63 for label in labels)
