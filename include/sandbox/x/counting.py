"""How X counts a text: twitter-text, configuration version 3.

Weights, ranges and the length of a link from the published config/v3.json; an emoji sequence counts as two, whatever
it is made of, and a link as 23, however long it is (`links.py`).
"""

import re
import unicodedata

from include.sandbox.x.links import urls_in

MOST_WEIGHT = 280
URL_WEIGHT = 23
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

_PICTURE = (
    "\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa"
    "\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030"
    "\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff"
)
_ONE = f"(?:[{_PICTURE}](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?|[\u00a9\u00ae]\ufe0f)"
EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|[0-9#*]\ufe0f?\u20e3|\U0001f3f4[\U000e0020-\U000e007f]+|{_ONE}(?:\u200d{_ONE})*"
)


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
