"""One text as the model reads it: a bounded length, one spelling for what means the same, Lao in Thai letters."""

import re
import unicodedata

from include.comments.lao import in_thai_letters

LONGEST = 2_000  # characters: what comes later in a comment changes no verdict, and time stays bounded
_LINK = re.compile(r"(?:https?://|www\.)\S*")
_MENTION = re.compile(r"@\w+")
_NUMBER = re.compile(r"\d+")
_DRAWN_OUT = re.compile(r"(.)\1{3,}", re.DOTALL)  # "sooooo": three of a letter say it as well as ten
LINK, MENTION = "\x01", "\x02"


def cleaned(text: str) -> str:
    """The text in lower case and one line; a link, a mention and a number are each one sign."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].lower()
    text = _MENTION.sub(f" {MENTION} ", _LINK.sub(f" {LINK} ", text))
    text = _DRAWN_OUT.sub(r"\1\1\1", _NUMBER.sub("0", text))
    return " ".join(in_thai_letters(text).split())


def words_only(text: str) -> str:
    """What a language can be told from: no link, no mention, no number."""
    text = _NUMBER.sub(" ", _MENTION.sub(" ", _LINK.sub(" ", text[:LONGEST])))
    return " ".join(text.split())


def says_something(text: str) -> bool:
    """Whether there is a letter or a picture to judge. Signs and digits alone say nothing."""
    return any(character.isalpha() or unicodedata.category(character) == "So" for character in words_only(text))
