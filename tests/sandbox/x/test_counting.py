"""How X counts, against twitter-text's own published cases."""

from pathlib import Path

import pytest
import yaml

from include.sandbox.x.counting import weighted_length
from include.sandbox.x.links import urls_in

# Published for configuration 2, which counts an emoji by its code points; version 3 counts it as two.
OF_AN_OLDER_VERSION = {
    "Count a mix of single byte single word, and double word unicode characters",
    "Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers",
}


@pytest.mark.parametrize(
    "group",
    [
        "WeightedTweetsCounterTest",
        "WeightedTweetsWithDiscountedEmojiCounterTest",
        "UnicodeDirectionalMarkerCounterTest",
    ],
)
def test_every_published_case_counts_as_published(contracts: Path, group: str) -> None:
    cases = yaml.safe_load((contracts / "x" / "twitter-text" / "validate.yml").read_text())["tests"][group]
    old = OF_AN_OLDER_VERSION if group == "WeightedTweetsCounterTest" else set()
    counted = [case for case in cases if case["description"] not in old]
    wrong = [c["description"] for c in counted if weighted_length(c["text"]) != c["expected"]["weightedLength"]]
    assert len(counted) == len(cases) - len(old) > 0
    assert wrong == []


@pytest.mark.parametrize(
    "group", ["urls", "tco_urls_with_params", "urls_with_indices", "urls_with_directional_markers"]
)
def test_every_published_link_is_found(contracts: Path, group: str) -> None:
    cases = yaml.safe_load((contracts / "x" / "twitter-text" / "extract.yml").read_text())["tests"][group]
    wrong = []
    for case in cases:
        expected = [found["url"] if isinstance(found, dict) else found for found in case["expected"] or ()]
        places = [found["indices"] for found in case["expected"] or () if isinstance(found, dict)]
        found = urls_in(case["text"])
        if [url.url for url in found] != expected or (places and [[u.start, u.end] for u in found] != places):
            wrong.append(case["description"])
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
