"""Which language a comment is in."""

import pytest

from include.comments.language import UNKNOWN, language_of

KNOWN = ("en", "it", "es", "fr", "de", "pt", "ar", "th", "lo", "hi-Latn", "id")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Non lo consiglio a nessuno, servizio pessimo", "it"),
        ("I would not buy this again", "en"),
        ("No lo recomiendo a nadie", "es"),
        ("Je ne recommande pas du tout", "fr"),
        ("Das war leider gar nicht gut", "de"),
        ("Não recomendo para ninguém", "pt"),
        ("خدمة سيئة جدا ولا أنصح بها", "ar"),
        ("บริการแย่มาก", "th"),
        ("ບໍລິການບໍ່ດີ", "lo"),
        ("yeh movie bahut bakwas hai yaar", "hi-Latn"),
        ("service ແຍ່ຫຼາຍ very bad", "lo"),
        ("Это ужасно, никогда больше", "ru"),
        ("最悪のサービスでした", "ja"),
        ("Dịch vụ quá tệ, không bao giờ quay lại", "vi"),
        ("", UNKNOWN),
        ("😡😡", UNKNOWN),
    ],
)
def test_the_language_is_told(text: str, language: str) -> None:
    assert language_of(text, KNOWN) == language


def test_latin_letters_are_never_taken_for_another_script() -> None:
    assert language_of("hi", KNOWN) not in {"ar", "th", "lo"}
