"""Which language a comment is in: by its script where one script is one language, else by py3langid.

`und` where nothing can be told. Hindi in Latin letters (`hi-Latn`), which py3langid does not know, is told by its
commonest words. py3langid: BSD-3-Clause, 140 languages, works on this machine alone.
"""

import re
from collections.abc import Collection
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

UNKNOWN = "und"
_SCRIPTS = (("lo", re.compile("[\u0e80-\u0eff]")), ("th", re.compile("[\u0e00-\u0e7f]")))
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_ENOUGH = 200  # characters: more of a text tells no more of its language
_LETTER = re.compile(r"[^\W\d_]")
_LATIN_WORD = re.compile(r"[a-z']+")
_NOT_LATIN = frozenset(
    {"ar", "am", "th", "lo", "fa", "ur", "zh", "ja", "ko", "ru"}
)  # of a text in Latin letters: never
# What py3langid tells apart and we do not: a neighbour that reads nearly the same.
_SAME = {"arz": "ar", "ary": "ar", "gl": "pt", "an": "es", "ext": "es", "vec": "it", "lij": "it", "ms": "id"}
_HINDI = """
hai hain ho hoon hu tha thi the hoga hogi ka ki ke ko se mein mei main mai me hum tum aap ap mera meri mere tera teri
tere apna apni apne uska uski unka unki iska iski sabka kya kyu kyun kyon kyunki kab kaise kaisa kaun kitna kitne nahi
nahin nhi nai na mat bhi hi toh to aur ya par pe lekin magar abhi phir fir sab kuch koi bahut bohot bhut accha acha
achha achi bura yeh ye woh wo voh yaha waha aaj kal raha rahi rahe kar karo karna karte karta karke kiya kiye diya diye
liya gaya gayi gaye hua hui hue jaise wala wali wale bhai yaar sirf jab tab ab agar dekho dekh bol bolo baat desh log
sahi galat matlab sala saale haan ji
"""
_ELSEWHERE = "the to me main par pe se mere mat log sab na ho hi hu ya ye ki ke ka ko kar ap wo"  # words elsewhere too
_HINDI_WORDS = frozenset(_HINDI.split())
_HINDI_ONLY = _HINDI_WORDS - frozenset(_ELSEWHERE.split())


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def language_of(text: str, known: Collection[str] = ()) -> str:
    """A BCP 47 tag. Where py3langid hesitates, a language of `known` is preferred to one that is not."""
    text = text[:_ENOUGH]
    letters = len(_LETTER.findall(text))
    if not letters:
        return UNKNOWN
    if text.isascii():
        return "hi-Latn" if _is_romanised_hindi(text) else _by_statistics(text, known, latin=True)
    for language, script in _SCRIPTS:
        if len(script.findall(text)) >= max(2, letters / 5):
            return language
    latin = len(_LATIN.findall(text)) > letters / 2
    return "hi-Latn" if latin and _is_romanised_hindi(text) else _by_statistics(text, known, latin=latin)


def _is_romanised_hindi(text: str) -> bool:
    words = _LATIN_WORD.findall(text.lower())
    hits = [word for word in words if word in _HINDI_WORDS]
    return len(hits) >= max(2, len(words) / 6) and not _HINDI_ONLY.isdisjoint(hits)


def _by_statistics(text: str, known: Collection[str], *, latin: bool) -> str:
    tag, certainty = _identifier().classify(text)
    first: str = _SAME.get(tag, tag)
    if (first in known or certainty >= 0.5) and not (latin and first in _NOT_LATIN):
        return first
    return _nearest(text, known, latin=latin)


def _nearest(text: str, known: Collection[str], *, latin: bool) -> str:
    """The likeliest language, or the likeliest known one if it is at least half as likely."""
    ranked: list[tuple[str, float]] = [(_SAME.get(tag, tag), share) for tag, share in _identifier().rank(text)]
    possible = [each for each in ranked if not (latin and each[0] in _NOT_LATIN)]
    first, certainty = possible[0]
    tag, share = next((each for each in possible if each[0] in known), (first, certainty))
    return tag if share >= certainty / 2 else first
