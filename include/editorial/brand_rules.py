"""A brand's own rules for its texts: words and hashtags that must stand there or must not, and the disclosure of a
sponsored post.

Words are compared whole, in any case and however their accents are stored. Scripts that put no spaces between words
(Lao, Thai, Khmer, Chinese, Japanese and so on) know no whole words, so there a word is found wherever its letters are.
"""

import unicodedata
from collections.abc import Collection, Iterator

from include.desk.problems import instead
from include.domain.accounts import BrandRules
from include.domain.posts import Post

_UNSPACED = ("LAO", "THAI", "KHMER", "MYANMAR", "TIBETAN", "CJK", "HIRAGANA", "KATAKANA", "JAVANESE", "BALINESE")
_INVISIBLE = dict.fromkeys((0x200B, 0x00AD, 0x2060, 0xFEFF))  # they part words for the eye, not for the reader


def rule_problems(post: Post, rules: BrandRules, budgets: Collection[str] | None = None) -> Iterator[str]:
    """What in the post is against its brand's rules, a sentence each. `budgets` are the names that `sponsor_budget` may
    have; None where nobody knows them."""
    said = "\n".join(part.text for part in post.parts)
    seen = "\n".join([said, *(media.alt for media in post.media)])
    for word in (*rules.banned_words, *rules.banned_hashtags):
        if holds(seen, word):
            yield f"“{word}” is among what this brand never says; take it out."
    for word in (*rules.required_words, *rules.required_hashtags):
        if not holds(said, word):
            yield f"“{word}” is missing, which every post of this brand has; add it."
    yield from _sponsoring_problems(post, rules, budgets)


def _sponsoring_problems(post: Post, rules: BrandRules, budgets: Collection[str] | None) -> Iterator[str]:
    budget = post.sponsor_budget
    if not budget:
        return
    if budgets is not None and budget not in budgets:
        yield f'sponsor_budget "{budget}": no budget of budgets.csv; {instead(budget, budgets)}'
    # It has to stand where the reader begins, not in a comment or in a later part.
    if rules.disclosure and not any(holds(post.text, word) for word in rules.disclosure):
        yield f"sponsored, no {_either(rules.disclosure)}; add it or clear sponsor_budget."


def _either(words: Collection[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} or {last}" if first else last


def holds(text: str, word: str) -> bool:
    """Whether `text` says `word`, a word, several, or a hashtag with its sign."""
    text, word = _plain(text), _plain(word).strip()
    at = text.find(word) if word else -1
    while at >= 0:
        before, after = text[:at][-1:], text[at + len(word) :][:1]
        tag = word.startswith("#")
        if not _grown(before, word[0], tag) and not _grown(word[-1], after, tag):
            return True
        at = text.find(word, at + 1)
    return False


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).translate(_INVISIBLE)


def _grown(left: str, right: str, in_tag: bool) -> bool:
    """Whether two neighbouring signs belong to one word, or to one hashtag."""
    if not left or not right:
        return False
    if right == "#":  # a tag may begin anywhere but within another's name
        return _is_letter(left) and not _is_unspaced(left)
    both = _is_letter(left) and _is_letter(right)
    return both and (in_tag or not (_is_unspaced(left) or _is_unspaced(right)))


def _is_letter(sign: str) -> bool:
    return sign == "_" or sign.isalnum() or unicodedata.category(sign).startswith("M")


def _is_unspaced(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith(_UNSPACED)
