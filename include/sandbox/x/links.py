"""Where X finds links in a text, by twitter-text's rules: with `https://` and without, in any script.

A small scanner, not an expression. A link is a domain that ends in a known top-level domain, maybe with a port, a path
and a query. Without a protocol it must be ASCII, and what stands before it must not be a letter, a digit or one of
@ $ # - _ . /. The top-level domains are those of twitter-text's conformance/tld_lib.yml (`endings.txt`), and `example`,
under which the links of the sandbox's own world lie.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LONGEST = 4096
LONGEST_LABEL = 63
LONGEST_SHORT = 40  # what may follow t.co/

_ASCII = "abcdefghijklmnopqrstuvwxyz0123456789"
_NOT_IN_LABELS = set("!'#%&()*+,-./:;<=>?@[]^_{|}~$\\")
_IN_QUERY = set(_ASCII + "!?*'@();:&=+$/%#[]-_.,~|")
_ENDS_QUERY = set(_ASCII + "-_&=#/")
_IN_PATH = set(_ASCII + "!*';:=+,.$/%#[]-–_~@|&")
_ENDS_PATH = set(_ASCII + "+-=_#/")
_NEVER_BEFORE = set(_ASCII + "@＠$#＃")
_NEVER_BEFORE_BARE = set("-_./")
_ACCENTED = (
    *((0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x24F), (0x253, 0x254), (0x256, 0x257), (0x259, 0x259), (0x25B, 0x25B)),
    *((0x263, 0x263), (0x268, 0x268), (0x26F, 0x26F), (0x272, 0x272), (0x289, 0x289), (0x28B, 0x28B), (0x2BB, 0x2BB)),
    *((0x300, 0x36F), (0x1E00, 0x1EFF)),
)
_MARKS = {
    "\u202a",
    "\u202b",
    "\u202c",
    "\u202d",
    "\u202e",
    "\u061c",
    "\u200e",
    "\u200f",
    *map(chr, range(0x2066, 0x206A)),
}
_NONCHARACTERS = {"\ufffe", "\ufeff", "\uffff"}


@dataclass(frozen=True, slots=True)
class FoundUrl:
    """A link in a text: where it begins and ends, in characters, and what it reads."""

    start: int
    end: int
    url: str


@dataclass(frozen=True, slots=True)
class _Match:
    """What looked like a link: its domain, and where it ends with port, path and query."""

    start: int
    domain: int
    domain_end: int
    end: int
    has_path: bool


def urls_in(text: str) -> list[FoundUrl]:
    """The links that X would shorten, in order."""
    found: list[FoundUrl] = []
    at = 0
    while at <= len(text):
        # A link needs something before it; only where nothing fits does it begin with the text itself.
        match = _match(text, at + 1) or (_match(text, 0) if at == 0 else None)
        if match is None:
            at += 1
            continue
        found += [FoundUrl(start, end, text[start:end]) for start, end in _links_of(text, match)]
        at = match.end
    return found


def _match(text: str, start: int) -> _Match | None:
    if start > len(text) or (start and (text[start - 1].lower() in _NEVER_BEFORE | _NONCHARACTERS)):
        return None
    protocol = re.compile("https?://", re.IGNORECASE).match(text, start)
    if protocol and (match := _whole(text, start, protocol.end())):
        return match
    return _whole(text, start, start)


def _whole(text: str, start: int, domain: int) -> _Match | None:
    domain_end = _domain_end(text, domain)
    if domain_end is None:
        return None
    port = re.compile(":[0-9]+").match(text, domain_end)
    path = port.end() if port else domain_end
    path_end = _path_end(text, path)
    return _Match(start, domain, domain_end, _query_end(text, path_end), path_end > path)


def _links_of(text: str, match: _Match) -> Iterator[tuple[int, int]]:
    domain = text[match.domain : match.domain_end]
    if not _can_be(domain, text[match.start : match.end], bare=match.start == match.domain):
        return
    if match.start < match.domain:
        yield from _with_protocol(text, match)
    elif not match.start or text[match.start - 1] not in _NEVER_BEFORE_BARE:
        parts = list(_ascii_domains(domain))
        for number, (first, last) in enumerate(parts, start=1):
            end = match.end if number == len(parts) and match.has_path else match.start + last
            yield match.start + first, end


def _with_protocol(text: str, match: _Match) -> Iterator[tuple[int, int]]:
    """A t.co link ends with its name, and one that is too long is none."""
    if text[match.domain : match.domain_end].lower() != "t.co" or not text.startswith("/", match.domain_end):
        yield match.start, match.end
        return
    end = match.domain_end + 1
    while end < match.end and text[end].lower() in _ASCII:
        end += 1
    name = end - match.domain_end - 1
    if not name:
        yield match.start, match.end
    elif name <= LONGEST_SHORT:
        yield match.start, _query_end(text, end)


def _domain_end(text: str, start: int) -> int | None:
    """The end of the longest domain from `start` on; None where there is none."""
    end = start
    while end < len(text) and (_is_letter(text[end]) or text[end] in ".-_"):
        end += 1
    dots = [at for at in range(start, end) if text[at] == "."]
    for dot in reversed(dots):
        if _are_labels(text[start:dot].split(".")):
            for last in range(end, dot + 1, -1):
                if _is_ending(text[dot + 1 : last]) and not _goes_on(text, last):
                    return last
    return None


def _is_letter(character: str) -> bool:
    return not (
        character in _NOT_IN_LABELS or character in _MARKS or character in _NONCHARACTERS or _is_space(character)
    )


def _is_space(character: str) -> bool:
    return character in "\u0085\u180e\u2028\u2029" or (character.isspace() and not "\x1c" <= character <= "\x1f")


def _are_labels(labels: list[str]) -> bool:
    """Labels begin and end with a letter; the last of them, the name, holds no underscore."""
    return all(label and label[0] not in "-_" and label[-1] not in "-_" for label in labels) and "_" not in labels[-1]


def _is_ending(label: str) -> bool:
    return label.lower() in _endings() or re.fullmatch("xn--[-0-9a-z]+", label, re.IGNORECASE) is not None


def _goes_on(text: str, at: int) -> bool:
    """Whether the word does not end where its top-level domain would."""
    return at < len(text) and text[at].lower() in _ASCII + "@+-"


@cache
def _endings() -> frozenset[str]:
    names = (Path(__file__).parent / "endings.txt").read_text(encoding="utf-8")
    return frozenset(names.lower().split()) | {"example"}


def _can_be(domain: str, url: str, *, bare: bool) -> bool:
    """Whether the name system could hold it."""
    if domain.startswith("xn--") and not any(True for _ in _ascii_domains(domain)):
        return False
    labels = [label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in domain.split(".")]
    return len(url) + bare * len("https://") <= LONGEST and max(map(len, labels)) <= LONGEST_LABEL


def _ascii_domains(domain: str) -> Iterator[tuple[int, int]]:
    """The parts of a domain without a protocol that are links: runs of Latin letters, digits and hyphens."""
    start = 0
    while start < len(domain):
        end = start
        while end < len(domain) and (_is_latin(domain[end]) or domain[end] in ".-"):
            end += 1
        last = _ascii_end(domain, start, end)
        if last is not None:
            yield start, last
        start = last or start + 1


def _ascii_end(domain: str, start: int, end: int) -> int | None:
    """The end of the longest domain of plain labels in domain[start:end]; its top-level domain may be in any script."""
    dots = [at for at in range(start, end) if domain[at] == "."]
    for dot in reversed(dots):
        if all(domain[start:dot].split(".")):
            for last in range(len(domain), dot + 1, -1):
                if _is_ending(domain[dot + 1 : last]) and not _goes_on(domain, last):
                    return last
    return None


def _is_latin(character: str) -> bool:
    return character.lower() in _ASCII or any(first <= ord(character) <= last for first, last in _ACCENTED)


def _path_end(text: str, start: int) -> int:
    """The end of the path that begins there; what closes the sentence is not of it."""
    if not text.startswith("/", start):
        return start
    at = end = start + 1
    while at < len(text):
        if text[at] == "(":
            closed = _closing(text, at, depth=2)
            if closed is None:
                break
            at = end = closed
        elif _is_in(text[at], _IN_PATH):
            at += 1
            end = at if _is_in(text[at - 1], _ENDS_PATH) else end
        else:
            break
    return end


def _closing(text: str, start: int, *, depth: int) -> int | None:
    """The end of what stands in parentheses from `start` on, with one pair in it at most; None if it is not closed."""
    at = start + 1
    while at < len(text):
        if text[at] == ")":
            return at + 1 if at > start + 1 else None
        if text[at] == "(" and depth > 1:
            inner = _closing(text, at, depth=depth - 1)
            if inner is None:
                return None
            at = inner
        elif _is_in(text[at], _IN_PATH):
            at += 1
        else:
            return None
    return None


def _is_in(character: str, characters: set[str]) -> bool:
    """Paths are Latin or Cyrillic."""
    return character.lower() in characters or "\u0400" <= character <= "\u04ff" or _is_latin(character)


def _query_end(text: str, start: int) -> int:
    if not text.startswith("?", start):
        return start
    at, end = start + 1, start
    while at < len(text) and text[at].lower() in _IN_QUERY:
        at += 1
        end = at if text[at - 1].lower() in _ENDS_QUERY else end
    return end
