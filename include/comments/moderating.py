"""Which rules a comment is caught by. Pure: the same comment and the same rules always give the same answer.

No text can hold it up: what is looked at is cut, words and links are found in linear time, and a rule's own regular
expression gets a time limit, after which the rule counts as not matching and is named in `slow`.
"""

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import regex

from include.domain.moderation import Often, Rule

MOST_LOOKED_AT = 10_000
"""Characters of a comment; what stands behind them is for people to read."""
REGEX_TIMEOUT_S = 0.05

_UNSPACED = re.compile("[\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_INVISIBLE = dict.fromkeys((0x00, 0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF))
_TLDS = (
    "com|net|org|info|biz|io|co|me|ly|gl|gg|to|tv|cc|app|dev|shop|store|site|online|top|xyz|link|click|live|club|vip"
    "|win|bet|it|la|th|eu|uk|de|fr|es|pt|nl|ch|us|ru|cn|vn|kh|sg|my|in"
)
_LINK = re.compile(
    r"(?P<scheme>https?://|www\.)?(?<![\w@.-])"
    rf"(?P<host>(?:[a-z0-9-]{{1,63}}\.){{1,4}}(?:(?:{_TLDS})\b|(?<=\.)[a-z]{{2,24}}(?=/\S)))"
)
_SCHEME = re.compile(r"https?://([^\s/?#]{1,255})")
_ADDRESS = re.compile(r"https?://\S+")
_QUESTION = re.compile(
    "[?？؟]"
    "|(?:ไหม|มั้ย|มั๊ย|หรือเปล่า|รึเปล่า|เท่าไหร่|เท่าไร|เมื่อไหร่|เมื่อไร|ยังไง|อย่างไร|ที่ไหน|กี่โมง|กี่บาท|ทำไม)"
    "|(?:ເທົ່າໃດ|ເທົ່າໄຫຼ່|ເທົ່າໄຫລ່|ເມື່ອໃດ|ຕອນໃດ|ແນວໃດ|ຈັ່ງໃດ|ຢູ່ໃສ|ຍ້ອນຫຍັງ|ເປັນຫຍັງ|ຫຼືບໍ່|ຫລືບໍ່|ໄດ້ບໍ|ມີບໍ)"
)


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as it is judged. `at` and `others` (when its author wrote on the account, this one not counted) are
    aware UTC; `p_negative` is None where the scorer could not tell."""

    brand: str
    network: str
    text: str
    language: str = "und"
    p_negative: float | None = None
    is_negative: bool = False
    at: datetime | None = None
    others: Sequence[datetime] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """The rules that caught a comment, in their order, and the names of those that ran out of time on it."""

    rules: tuple[Rule, ...] = ()
    slow: tuple[str, ...] = ()


def judge(rules: Iterable[Rule], said: Said) -> Judged:
    """Hold a comment against every rule."""
    text, caught, slow = plain(said.text), [], []
    for rule in rules:
        try:
            if rule.is_for(said.brand, said.network) and _catches(rule, said, text):
                caught.append(rule)
        except TimeoutError:
            slow.append(rule.name)
    return Judged(tuple(caught), tuple(slow))


def _catches(rule: Rule, said: Said, text: str) -> bool:
    """Cheap conditions first: the regular expression is asked about what passed all others."""
    return (
        (not rule.languages or _speaks(rule.languages, said.language))
        and (not rule.negative or said.is_negative)
        and (rule.score is None or (said.p_negative is not None and said.p_negative >= rule.score))
        and (rule.often is None or _is_often(rule.often, said))
        and (not rule.contains or any(holds(text, words) for words in rule.contains))
        and (rule.links is None or _links(text, rule.links))
        and (not rule.regex or _matches(rule.regex, said.text[:MOST_LOOKED_AT]))
    )


def _matches(pattern: str, text: str) -> bool:
    return _pattern(pattern).search(text, timeout=REGEX_TIMEOUT_S) is not None


def _speaks(languages: Iterable[str], tag: str) -> bool:
    return any(tag == each or tag.partition("-")[0] == each for each in languages)


def _is_often(often: Often, said: Said) -> bool:
    if said.at is None:
        return False
    after = said.at - often.within
    return 1 + sum(after < each <= said.at for each in said.others) >= often.times


@functools.lru_cache(maxsize=256)
def _pattern(text: str) -> "regex.Pattern[str]":
    return regex.compile(text)


def plain(text: str) -> str:
    """A text as it is compared: in one case and one form, without signs that nobody sees."""
    short = text[:MOST_LOOKED_AT].translate(_INVISIBLE)
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", short).casefold())


def holds(text: str, words: str) -> bool:
    """Whether a plain text says the words, whole: `price`, not `priceless`; `pric*` is both.

    Scripts without spaces between words (Lao, Thai, Khmer, Chinese) know no whole words.
    """
    pattern = _spoken(words)
    return pattern.search(text) is not None


@functools.lru_cache(maxsize=4096)
def _spoken(words: str) -> "re.Pattern[str]":
    begun, ended = words.startswith("*"), words.endswith("*")
    bare = " ".join(plain(words.strip("*")).split())
    said = r"\s+".join(re.escape(part) for part in bare.split(" "))
    before = "" if begun or _UNSPACED.match(bare) else r"(?<!\w)"
    after = "" if ended or _UNSPACED.match(bare[-1:]) else r"(?!\w)"
    return re.compile(f"{before}{said}{after}")


def _links(text: str, hosts: Sequence[str]) -> bool:
    """Whether a plain text has a link to one of the hosts, or below one; to any where none is named."""
    found = [*(each[1] for each in _SCHEME.finditer(text)), *(each["host"] for each in _LINK.finditer(text))]
    if not hosts:
        return bool(found)
    seen = {host.rpartition("@")[2].partition(":")[0].removeprefix("www.") for host in found}
    return any(host == each or host.endswith(f".{each}") for host in seen for each in hosts)


def is_question(text: str) -> bool:
    """Whether somebody seems to ask something: a question mark, or in Thai and Lao, which use few, a word that asks."""
    return _QUESTION.search(_ADDRESS.sub(" ", text[:MOST_LOOKED_AT])) is not None
