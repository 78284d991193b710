"""What the model reads of a text."""

import pytest

from include.comments.cleaning import LONGEST, cleaned, says_something


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Guarda https://ex.org/a?b=1 @marta", "guarda \x01 \x02"),
        ("Bad!!", "bad ! !"),
        ("1.200 euro", "0 . 0 euro"),
        ("sooooooo good", "sooo good"),
        ("don’t", "don't"),
        ("why :-( <3", "why 🙁 🙂"),
        ("👍🏽❤️", "👍 ❤"),
        ("ＴＥＲＲＩＢＬＥ", "terrible"),
        ("ບໍ່ດີ", "ไม่ดี"),
    ],
)
def test_what_means_the_same_is_read_alike(text: str, read: str) -> None:
    assert cleaned(text) == read


def test_a_text_is_read_up_to_a_bounded_length() -> None:
    assert len(cleaned("ab" * 50_000)) <= LONGEST
    assert len(cleaned("﷽" * 50_000)) <= LONGEST


@pytest.mark.parametrize("text", ["", "   ", "...", "12 €", "https://ex.org", "@marta", "\0\0", "!?"])
def test_signs_numbers_links_and_mentions_say_nothing(text: str) -> None:
    assert not says_something(text)


@pytest.mark.parametrize("text", ["a", "😡", "ดี", "好"])
def test_a_letter_or_a_picture_says_something(text: str) -> None:
    assert says_something(text)
