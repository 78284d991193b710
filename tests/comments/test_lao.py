"""Lao in Thai letters."""

import pytest

from include.comments.lao import in_thai_letters


@pytest.mark.parametrize(
    ("lao", "thai"),
    [
        ("ບໍລິການບໍ່ດີ", "บริการไม่ดี"),  # service not good
        ("ຊ້າຫຼາຍ", "ช้ามาก"),  # very slow
        ("ຄົນ", "คน"),  # the o that Thai does not write
        ("ໝາ", "หมา"),
        ("ເຈັບ", "เจ็บ"),
        ("ຂໍ", "ขอ"),
    ],
)
def test_a_word_becomes_the_thai_one(lao: str, thai: str) -> None:
    assert in_thai_letters(lao) == thai


def test_no_lao_letter_is_left_and_other_scripts_stay() -> None:
    every = "".join(map(chr, range(0x0E80, 0x0F00)))
    assert not [letter for letter in in_thai_letters(every) if "\u0e81" <= letter <= "\u0eda" and letter.isalpha()]
    assert in_thai_letters("service ແຍ່ very bad 😡").startswith("service ")
    assert in_thai_letters("nothing to do") == "nothing to do"
