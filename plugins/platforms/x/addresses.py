"""Which parts of a text X takes for web addresses: each counts 23, however long it is.

The rules are those of twitter-text v3: an address needs a known top-level domain, not a protocol; it must not follow
a letter, a digit or one of @ $ #; and an address without a protocol is only its ASCII part.
https://github.com/twitter/twitter-text (conformance/extract.yml holds the published cases)
"""

import functools
import json
import re
from pathlib import Path

LONGEST_LABEL = 63
LONGEST_ADDRESS = 4096
LONGEST_SHORT_NAME = 40  # of a t.co address

_SPACES = r"\x09-\x0d\x20\x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DIRECTIONS = r"\u202a-\u202e\u061c\u200e\u200f\u2066-\u2069"
_NEVER = r"\ufffe\ufeff\uffff"
_LATIN = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\xff\u0100-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272\u0289"
    r"\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_LETTER = rf"[^!'#%&()*+,\\\-./:;<=>?@\[\]^_{{|}}~${_SPACES}{_NEVER}{_DIRECTIONS}]"
_IN_PATH = rf"[a-z\u0400-\u04ff0-9!*';:=+,.$/%#\[\]\-\u2013_~@|&{_LATIN}]"
_IN_PARENTHESES = rf"\((?:{_IN_PATH}+|(?:{_IN_PATH}*\({_IN_PATH}+\){_IN_PATH}*))\)"
_ENDS_PATH = rf"(?:[+\-a-z\u0400-\u04ff0-9=_#/{_LATIN}]|{_IN_PARENTHESES})"
_PATH = rf"(?:(?:{_IN_PATH}*(?:{_IN_PARENTHESES}{_IN_PATH}*)*{_ENDS_PATH})|(?:@{_IN_PATH}+/))"
_QUERY = r"\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/]"


def addresses(text: str) -> list[tuple[int, int]]:
    """Where each address begins and ends in `text` (NFC), in order."""
    found: list[tuple[int, int]] = []
    # Without a dot there is none, and this spares most texts the expression.
    for match in _pattern().finditer(text) if "." in text else ():
        if not _is_possible(match):
            continue
        if match["protocol"]:
            found += _with_protocol(match)
        elif not re.search(r"[-_./]$", match["before"]):
            found += _without_protocol(match)
    return found


def _with_protocol(match: re.Match[str]) -> list[tuple[int, int]]:
    start, end = match.span("url")
    short = re.match(rf"https?://t\.co/([a-z0-9]+)(?:{_QUERY})?", match["url"], re.IGNORECASE)
    if short is None:
        return [(start, end)]
    return [] if len(short[1]) > LONGEST_SHORT_NAME else [(start, start + short.end())]


def _without_protocol(match: re.Match[str]) -> list[tuple[int, int]]:
    """The ASCII domains in what looked like one domain; a path belongs to the last of them."""
    base = match.start("domain")
    found = [(base + m.start(), base + m.end()) for m in _ascii_domain().finditer(match["domain"])]
    if found and match["path"]:
        found[-1] = (found[-1][0], match.end("url"))
    return found


def _is_possible(match: re.Match[str]) -> bool:
    """Whether the name system could hold that domain: its labels encoded, none too long."""
    domain = match["domain"]
    if domain.startswith("xn--") and not _ascii_domain().search(domain):
        return False
    labels = [label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in domain.split(".")]
    length = len(match["protocol"] or "https://") + len(match["url"])
    return all(0 < len(label) <= LONGEST_LABEL for label in labels) and length <= LONGEST_ADDRESS


@functools.cache
def _top_level() -> str:
    """Every top-level domain as one alternative; the longest first, for `com` begins `company`."""
    data = json.loads((Path(__file__).parent / "top_level_domains.json").read_text(encoding="utf-8"))
    names = sorted(data["names"].split(), key=len, reverse=True)
    return rf"(?:(?:{'|'.join(map(re.escape, names))})(?=[^0-9a-zA-Z@+-]|$)|xn--[\-0-9a-z]+)"


@functools.cache
def _pattern() -> re.Pattern[str]:
    subdomain = rf"(?:(?:{_LETTER}(?:[_-]|{_LETTER})*)?{_LETTER}\.)"
    name = rf"(?:(?:{_LETTER}(?:-|{_LETTER})*)?{_LETTER}\.)"
    return re.compile(
        rf"(?P<before>[^A-Za-z0-9@＠$#＃{_NEVER}]|^)(?P<url>(?P<protocol>https?://)?"
        rf"(?P<domain>{subdomain}*{name}{_top_level()})(?::[0-9]+)?(?P<path>/{_PATH}*)?(?:{_QUERY})?)",
        re.IGNORECASE,
    )


@functools.cache
def _ascii_domain() -> re.Pattern[str]:
    return re.compile(rf"(?:[\-a-z0-9{_LATIN}]+\.)+{_top_level()}", re.IGNORECASE)
