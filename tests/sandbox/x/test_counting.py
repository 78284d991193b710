"""How X counts, against twitter-text's own published cases."""

from pathlib import Path

import pytest
import yaml

from include.sandbox.x.counting import urls_in, weighted_length


@pytest.mark.parametrize(
    "group",
    ["WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest"],
)
def test_every_published_case_counts_as_published(contracts: Path, group: str) -> None:
    cases = yaml.safe_load((contracts / "x" / "twitter-text" / "validate.yml").read_text())["tests"][group]
    wrong = [c["description"] for c in cases if weighted_length(c["text"]) != c["expected"]["weightedLength"]]
    assert cases
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("Ciao", 4),
        ("ສະບາຍດີ", 7),
        ("👨‍👩‍👧‍👦", 2),
        ("故人", 4),
        ("Vedi https://aurora.example/una/pagina/molto/lunga?e=altro.", 5 + 23 + 1),
        ("Vedi aurora.com e www.aurora.it", 5 + 23 + 3 + 23),
        ("Costa 3.50 a testa.Bene", 23),
        ("info@aurora.com", 15),
    ],
)
def test_texts_of_a_desk(text: str, length: int) -> None:
    assert weighted_length(text) == length


def test_a_link_ends_where_the_sentence_does() -> None:
    assert [url.url for url in urls_in("(https://aurora.example/a), https://aurora.example/b!")] == [
        "https://aurora.example/a",
        "https://aurora.example/b",
    ]
