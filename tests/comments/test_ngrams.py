"""Parts and words do not depend on which texts are looked at together."""

from hypothesis import given
from hypothesis import strategies as st

from include.comments.cleaning import cleaned
from include.comments.ngrams import taken_apart

TEXTS = st.lists(st.text().map(cleaned), max_size=6)


def _of_row(texts: list[str], row: int) -> tuple[list[int], list[int]]:
    parts, words = taken_apart(texts)
    return parts.parts[parts.rows == row].tolist(), words.words[words.rows == row].tolist()


@given(TEXTS)
def test_a_text_has_the_same_parts_alone_and_among_others(texts: list[str]) -> None:
    for row, text in enumerate(texts):
        assert _of_row(texts, row) == _of_row([text], 0)


def test_a_word_is_the_same_wherever_it_stands() -> None:
    _, words = taken_apart(["so bad", "bad", "bad so"])
    so, bad, alone, again, so_again = words.words.tolist()
    assert bad == alone == again != so == so_again
    assert words.rows.tolist() == [0, 0, 1, 2, 2]


def test_a_part_counts_once() -> None:
    once, twice = (len(taken_apart([text])[0].parts) for text in ("a b a b a", "a b a b a b a"))
    assert once == twice


def test_an_empty_text_has_neither_parts_of_letters_nor_words() -> None:
    parts, words = taken_apart(["", "x"])
    assert len(words.words) == 1
    assert set(parts.rows.tolist()) == {0, 1}
    assert not len(taken_apart([])[1].words)
