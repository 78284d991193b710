"""One text as the model reads it: a bounded length, one spelling for what means the same, Lao in Thai letters."""

import re
import unicodedata

from include.comments.lao import in_thai_letters

LONGEST = 2_000  # characters: what comes later in a comment changes no verdict, and time stays bounded
LINK, MENTION, SAD, GLAD = "\x01", "\x02", "🙁", "🙂"
_LINK = re.compile(r"(?:https?://|www\.)\S*")
_MENTION = re.compile(r"@\w+")
_NUMBER = re.compile(r"\d+")
_DRAWN_OUT = re.compile(r"(.)\1{3,}", re.DOTALL)  # "sooooo": three of a letter say it as well as ten
_SAD = re.compile(r"(?<!\w)[:=]'?-?[(\[/\\|]+(?!\w)|(?<!\w)\)+-?[:=]")
_GLAD = re.compile(r"(?<!\w)[:;=]'?-?[)\]d]+(?!\w)|<3")
_VARIANTS = re.compile("[\ufe0f\u200d\U0001f3fb-\U0001f3ff]")  # colours of skin and the like
# Signs and pictures stand apart, so that "bad!!" holds the word "bad". An apostrophe belongs to its word.
_SIGN = re.compile(
    r"([!-&(-/:-@\[-`{-~¡-©«-´¶-¹»-¿\u2010-\u2018\u201a-\u2027\u2030-\u205e\u2190-\u2bff\u3000-\u303f،؛؟"
    "\U0001f000-\U0001faff])"
)


def cleaned(text: str) -> str:
    """The text in lower case and one line; a link, a mention and a number are each one sign."""
    text = unicodedata.normalize("NFKC", text[:LONGEST])[:LONGEST].lower()
    text = _MENTION.sub(f" {MENTION} ", _LINK.sub(f" {LINK} ", text))
    text = _GLAD.sub(f" {GLAD} ", _SAD.sub(f" {SAD} ", _VARIANTS.sub("", text)))
    text = _SIGN.sub(r" \1 ", _DRAWN_OUT.sub(r"\1\1\1", _NUMBER.sub("0", text)))
    return " ".join(in_thai_letters(text).replace("’", "'").split())


def words_only(text: str) -> str:
    """What a language can be told from: no link, no mention, no number."""
    text = _NUMBER.sub(" ", _MENTION.sub(" ", _LINK.sub(" ", text[:LONGEST])))
    return " ".join(text.split())


def says_something(text: str) -> bool:
    """Whether there is a letter or a picture to judge. Signs and digits alone say nothing."""
    return any(character.isalpha() or unicodedata.category(character) == "So" for character in words_only(text))
