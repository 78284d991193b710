"""The scorer that ships: what it says, and that nothing a person can write breaks it."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.comments.model import SHIPPED
from include.comments.scorers import default
from include.domain.comments import Scorer

ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)  # lone surrogates too


def _p(text: str) -> float:
    (verdict,) = default().score([text])
    assert verdict.scored
    assert verdict.p_negative is not None
    return verdict.p_negative


def test_it_is_a_scorer_with_a_name_that_can_be_kept() -> None:
    assert isinstance(default(), Scorer)
    assert default().name
    assert default() is default()


@pytest.mark.parametrize(
    ("complaint", "praise"),
    [
        ("Che schifo, servizio pessimo, mai più", "Che bello, servizio ottimo, grazie mille"),
        ("Terrible service, I hate this place", "Wonderful service, I love this place"),
        ("Qué asco, el peor servicio", "Qué bonito, el mejor servicio, gracias"),
        ("Quelle honte, le service est vraiment nul", "Quel bonheur, le service est génial, merci"),
        ("Schrecklicher Service, nie wieder", "Wunderbarer Service, vielen Dank"),
        ("Que vergonha, péssimo atendimento", "Que maravilha, ótimo atendimento, obrigado"),
        ("خدمة سيئة جدا", "خدمة رائعة جدا شكرا"),
        ("บริการแย่มาก ผิดหวัง", "บริการดีมาก ประทับใจ"),
        ("ບໍລິການບໍ່ດີ ຊ້າຫຼາຍ", "ບໍລິການດີຫຼາຍ ປະທັບໃຈ"),
        ("😡😡🤬", "😍❤️👏"),
    ],
)
def test_a_complaint_is_negative_and_praise_is_not(complaint: str, praise: str) -> None:
    bad, good = default().score([complaint, praise])
    assert bad.label == "negative"
    assert good.label != "negative"
    assert _p(complaint) > _p(praise)


def test_of_romanised_hindi_it_knows_little_but_which_way() -> None:
    assert _p("yaar kya bakwas hai, ghatiya service") > _p("yaar bahut badhiya hai, mast service")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Это ужасно, никогда больше", "ru"),
        ("最悪のサービスでした", "ja"),
        ("Какой ужас 😡 никогда больше", "ru"),
        ("...", "und"),
        ("", "und"),
    ],
)
def test_what_it_does_not_know_is_unscored(text: str, language: str) -> None:
    assert default().score([text]) == [(None, None, language, False)]


@pytest.mark.parametrize(
    "text",
    [
        "a" * 100_000,
        "bad " * 25_000,
        "😡" * 10_000,
        "\0" * 100_000,
        "\u202e" + "سيء " * 20_000,
        "﷽" * 50_000,
        "e" + "\u0301" * 50_000,
        "ບໍ່" * 30_000,
        "@a" * 50_000,
        "http://" * 20_000,
        ":-(" * 30_000,
        "\ud83d bad \udc00",
        "\u2028\u2029\x85 bad \r\n",
    ],
    ids=lambda text: ascii(text[:6]),
)
def test_the_worst_that_can_be_written_has_a_verdict(text: str) -> None:
    (verdict,) = default().score([text])
    assert verdict.scored is (verdict.p_negative is not None)


@settings(max_examples=60, deadline=None)
@given(st.lists(ANY_TEXT, max_size=8))
def test_a_verdict_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = default().score(texts)
    assert len(together) == len(texts)
    for text, verdict in zip(texts, together, strict=True):
        (alone,) = default().score([text])
        assert (alone.label, alone.language, alone.scored) == (verdict.label, verdict.language, verdict.scored)
        assert alone.p_negative == pytest.approx(verdict.p_negative, abs=1e-9)


def test_a_long_list_is_answered_in_its_order() -> None:
    texts = ["Che schifo", "привет мир", "I love it", "บริการแย่มาก", "..."] * 300
    assert default().score(texts) == default().score(texts[:5]) * 300


def test_the_artefact_is_small_and_holds_no_text() -> None:
    assert SHIPPED.stat().st_size <= 5_000_000
    assert not [name for name in Path(SHIPPED).parent.iterdir() if name.suffix in {".csv", ".gz", ".pkl"}]
