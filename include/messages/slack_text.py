"""Slack's own way of writing, and its limits.

People's words pass through `escape` once and never ping anybody; what is too long is cut where a reader would cut it.
Formatting: https://docs.slack.dev/messaging/formatting-message-text; limits: the page of each block under
https://docs.slack.dev/reference/block-kit/blocks. That all blocks together may hold about 13,000 characters is
written nowhere: chat.postMessage refuses more with msg_blocks_too_long (slackapi/bolt-js issues 2509 and 2867).
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import quote, urlsplit

from include.domain.messages import Message
from include.messages.rich_text import LIKE, needs_it, plain, rich_text

Block = dict[str, Any]

MOST_BLOCKS = 50
MOST_IN_SECTION = 3000
MOST_IN_HEADER = 150
MOST_IN_CONTEXT = 2000
MOST_IN_ALL = 10_000
MARK = "…"

# mrkdwn has no way to write a formatting sign itself, so people's signs become ones that look like them, which `exact`
# puts right in a message's paragraphs.
_PLAIN = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\x00": "", **LIKE}
_SIGNS = re.compile(r"[&<>*~`\x00]|(?<![^\W_])_|_(?![^\W_])")  # an underscore inside a word formats nothing
_ATOM = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")
_SPACES = re.compile(r"[^\S\xa0]+")  # the space that keeps a number by its unit stays
_VOWELS_BEFORE = frozenset("\u0e40\u0e41\u0e42\u0e43\u0e44\u0ec0\u0ec1\u0ec2\u0ec3\u0ec4")
_VOWELS_AFTER = frozenset("\u0e30\u0e32\u0e33\u0e45\u0eb0\u0eb2\u0eb3\u0ebd")
_JOINER = "\u200d"
_SAFE_IN_ADDRESS = "%/:?#[]@!$&'()*+,;=~"  # with %: what is encoded already stays so


def escape(text: str) -> str:
    """Somebody's words as they are: no formatting, no link, no mention, no command to Slack."""
    return _SIGNS.sub(lambda found: _PLAIN[found[0]], text)


def bold(text: str) -> str:
    """Bold; `text` is escaped already."""
    return f"*{text}*" if text.strip() else text


def link(url: str | None, words: str) -> str:
    """`words` (not yet escaped) that lead to `url`; only the words where it is not an address of the web."""
    shown = escape(_one_line(words)).replace("|", "¦")
    if not url or urlsplit(url).scheme not in {"http", "https"}:
        return shown
    address = quote(url, safe=_SAFE_IN_ADDRESS).replace("&", "&amp;")
    return f"<{address}|{shown or 'link'}>"


def quoted(text: str, most: int = 120) -> str:
    """What somebody wrote, on one line, shortened, escaped, in quotation marks."""
    return f"“{escape(shorten(text, most))}”"


def shorten(text: str, most: int) -> str:
    """`text` on one line with at most `most` characters, the cut marked with `…`.

    Cut at the end of a word where one is near; else (Lao and Thai write without spaces) after a whole letter with its
    vowels and tones, a whole emoji, a whole flag.
    """
    line = _one_line(text)
    if len(line) <= most:
        return line
    kept = ""
    for letter in graphemes(line):
        if len(kept) + len(letter) > most - len(MARK):
            break
        kept += letter
    if not line[len(kept) :].startswith(" "):
        word_end = kept.rfind(" ")
        kept = kept[:word_end] if word_end > max(len(kept) - 20, len(kept) // 2) else kept
    return kept.rstrip(" ,;:.-–·") + MARK


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()


def graphemes(text: str) -> Iterator[str]:
    """What a reader sees as one sign each: the clusters of Unicode annex 29, as far as our scripts need them.

    Beyond the annex, a Lao or Thai vowel stays with the consonant that it is spoken with.
    """
    cluster = ""
    for sign in text:
        if cluster and not _belongs(cluster, sign):
            yield cluster
            cluster = ""
        cluster += sign
    if cluster:
        yield cluster


def _belongs(cluster: str, sign: str) -> bool:
    last = cluster[-1]
    if last in _VOWELS_BEFORE or last == _JOINER:
        return not sign.isspace()
    if _is_flag_letter(sign):
        return _is_flag_letter(last) and len(cluster) % 2 == 1
    return sign == _JOINER or sign in _VOWELS_AFTER or _extends(sign)


def _extends(sign: str) -> bool:
    # marks and variation selectors; skin tones; the tags that make Scotland's flag
    return (
        unicodedata.category(sign) in {"Mn", "Me", "Mc"} or "\U0001f3fb" <= sign <= "\U0001f3ff" or sign > "\U000e001f"
    )


def _is_flag_letter(sign: str) -> bool:
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def header(text: str) -> Block:
    """A heading: plain text, so nothing in it is markup."""
    return {"type": "header", "text": {"type": "plain_text", "text": shorten(text, MOST_IN_HEADER), "emoji": False}}


def section(text: str) -> Block:
    """A paragraph of mrkdwn; `verbatim` keeps Slack from finding names and addresses in it by itself."""
    return {"type": "section", "text": _mrkdwn(text)}


def context(text: str) -> Block:
    """The small print, on one line; what is too long for it is cut."""
    short = next(pieces(text, MOST_IN_CONTEXT - len(MARK)), "")
    return {"type": "context", "elements": [_mrkdwn(short + MARK * (len(short) < len(text)))]}


def verbatim(text: str, kind: str = "quote") -> Block:
    """Somebody's words exactly as they are, no sign of them a markup: as a `quote`, or `preformatted` to be copied."""
    return {
        "type": "rich_text",
        "elements": [{"type": f"rich_text_{kind}", "elements": [{"type": "text", "text": text or " "}]}],
    }


def image(slot: str, alt: str) -> Block:
    """Where the attachment named `slot` is shown."""
    return {"type": "image", "slack_file": {"slot": slot}, "alt_text": shorten(alt, 2000)}


def _mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def sections(lines: Iterable[str]) -> list[Block]:
    """Lines of mrkdwn as few paragraphs, none longer than Slack takes."""
    texts: list[str] = []
    for piece in (piece for line in lines for piece in pieces(line)):
        if texts and len(texts[-1]) + 1 + len(piece) <= MOST_IN_SECTION:
            texts[-1] += "\n" + piece
        else:
            texts.append(piece)
    return [section(text) for text in texts]


def pieces(line: str, most: int = MOST_IN_SECTION) -> Iterator[str]:
    """A line of mrkdwn in pieces of at most `most` characters; no link, entity or letter is torn."""
    piece = ""
    for atom in _atoms(line):
        if len(piece) + len(atom) > most:
            yield piece
            piece = ""
        piece += atom
    if piece:
        yield piece


def _atoms(line: str) -> Iterator[str]:
    at = 0
    for found in _ATOM.finditer(line):
        yield from graphemes(line[at : found.start()])
        yield found[0]
        at = found.end()
    yield from graphemes(line[at:])


def exact(message: Message) -> Message:
    """The same message within Slack's limits, with people's formatting signs as they wrote them: paragraphs that hold
    one become rich text."""
    message = fitted(message)
    return replace(message, blocks=tuple(_exact(block) for block in message.blocks))


def _exact(block: Mapping[str, Any]) -> Mapping[str, Any]:
    if block["type"] == "section" and needs_it(paragraph := block["text"]["text"]):
        return rich_text(paragraph)
    if block["type"] == "context" and needs_it(small := block["elements"][0]["text"]) and (words := plain(small)):
        return {"type": "context", "elements": [{"type": "plain_text", "text": words, "emoji": False}]}
    return block


def fitted(message: Message) -> Message:
    """The same message within Slack's limits: what is too much is left out from the end, and that is said."""
    kept: list[Block] = []
    room = MOST_IN_ALL
    for block in map(dict, message.blocks):
        room -= len(_words(block))
        if room < 0 or len(kept) == MOST_BLOCKS - 1 < len(message.blocks) - 1:
            kept.append(context(f"{len(message.blocks) - len(kept)} more paragraphs did not fit into one message."))
            break
        kept.append(block)
    return replace(message, blocks=tuple(kept))


def _words(block: Any) -> str:
    """All texts of a block, wherever they stand in it."""
    if isinstance(block, str):
        return block
    inside = block.values() if isinstance(block, dict) else block if isinstance(block, list) else ()
    return "".join(map(_words, inside))
