"""Which comments a rule catches, in which scripts, and that no text can hold it up."""

from datetime import UTC, datetime, timedelta

import pytest

from include.comments.moderating import REGEX_TIMEOUT_S, Said, is_question, judge
from include.domain.moderation import Often, Rule

NOW = datetime(2026, 11, 24, 19, tzinfo=UTC)


def said(text: str, **more: object) -> Said:
    return Said("mekong", "facebook", text, at=NOW, **more)


def catches(text: str, more: dict[str, object] | None = None, **rule: object) -> bool:
    return bool(judge([Rule("rule", **rule)], said(text, **(more or {}))).rules)


@pytest.mark.parametrize(
    ("words", "text", "is_caught"),
    [
        ("price", "What's the PRICE?", True),
        ("price", "priceless!", False),
        ("price", "underprice", False),
        ("pric*", "priceless!", True),
        ("quanto costa", "Ma quanto\n  costa?", True),
        ("perché", "PERCHE\u0301 no", True),
        ("casino", "ca\u200bsi\u00adno gratis", True),
        ("casino", "ｃａｓｉｎｏ", True),
        ("ລາຄາ", "ຂໍລາຄາແດ່", True),
        ("ราคา", "ขอราคาหน่อย", True),
        ("ราคา", "สวยมาก", False),
        ("c++", "I love c++ very much", True),
    ],
)
def test_words_are_found_as_a_reader_would_find_them(words: str, text: str, is_caught: bool) -> None:
    assert catches(text, contains=(words,)) is is_caught


@pytest.mark.parametrize(
    ("text", "hosts", "is_caught"),
    [
        ("see https://evil.example/x?y", (), True),
        ("see www.evil.com now", (), True),
        ("compra su soldi-facili.shop/oggi", (), True),
        ("scrivi a marta@aurora.it", (), False),
        ("ok.grazie mille", (), False),
        ("Version 2.0 is out... really", (), False),
        ("join t.me/money", ("t.me",), True),
        ("https://sub.bit.ly:8080/a", ("bit.ly",), True),
        ("https://notbit.ly/a", ("bit.ly",), False),
        ("https://user@bit.ly/a", ("bit.ly",), True),
        ("see https://aurora.example/x", ("bit.ly",), False),
    ],
)
def test_links_are_found_with_and_without_their_scheme(text: str, hosts: tuple[str, ...], is_caught: bool) -> None:
    assert catches(text, links=hosts) is is_caught


def test_every_condition_of_a_rule_must_hold() -> None:
    rule = {"contains": ("late",), "languages": frozenset({"en"}), "score": 0.7}
    assert catches("so late", {"language": "en-GB", "p_negative": 0.9}, **rule)
    assert not catches("so late", {"language": "it", "p_negative": 0.9}, **rule)
    assert not catches("so late", {"language": "en", "p_negative": 0.5}, **rule)
    assert not catches("so late", {"language": "en"}, **rule), "what could not be scored has no score"
    assert not catches("so early", {"language": "en", "p_negative": 0.9}, **rule)


def test_an_author_who_repeats_is_caught_from_the_time_on_that_is_named() -> None:
    rule = Rule("rule", often=Often(3, timedelta(hours=24)))
    two = [NOW - timedelta(hours=1), NOW - timedelta(hours=23)]
    assert judge([rule], said("buy", others=two)).rules
    assert not judge([rule], said("buy", others=two[:1])).rules
    assert not judge([rule], said("buy", others=[two[0], NOW - timedelta(hours=25)])).rules
    assert not judge([rule], said("buy", others=[two[0], NOW + timedelta(hours=1)])).rules, "nobody knew of it then"


def test_a_rule_holds_for_its_brands_and_networks_alone() -> None:
    assert catches("x", contains=("x",), brands=frozenset({"mekong"}), networks=frozenset({"facebook"}))
    assert not catches("x", contains=("x",), brands=frozenset({"aurora"}))
    assert not catches("x", contains=("x",), networks=frozenset({"x"}))


def test_a_pattern_that_takes_too_long_is_named_and_the_other_rules_go_on() -> None:
    slow, quick = Rule("slow", regex=r"(a+)+$"), Rule("quick", contains=("é",))
    judged = judge([slow, quick], said("é " + "a" * 5000 + "b"))
    assert (judged.slow, [rule.name for rule in judged.rules]) == (("slow",), ["quick"])
    assert REGEX_TIMEOUT_S <= 0.1


@pytest.mark.parametrize(
    "text",
    [
        "a." * 50_000,
        "www." * 25_000,
        "-" * 100_000,
        "\x00" * 1000,
        "\ud800lone",
        "\u202eright to left",
        "😀" * 10_000,
        "https://" * 12_000,
        "",
        "a\u0301" * 50_000,
    ],
    ids=["dots", "www", "dashes", "nul", "surrogate", "rtl", "emoji", "schemes", "empty", "marks"],
)
def test_no_text_breaks_it(text: str) -> None:
    rules = [Rule("a", contains=("price", "ลาคา")), Rule("b", links=()), Rule("c", regex=r"\d{8}")]
    assert judge(rules, said(text)).slow == ()
    is_question(text)


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("A che ora aprite?", True),
        ("ราคาเท่าไหร่คะ", True),
        ("มีขายที่ไหน", True),
        ("ລາຄາເທົ່າໃດ", True),
        ("ຮ້ານຢູ່ໃສ", True),
        ("Lovely!", False),
        ("https://shop.example/?a=1 lovely", False),
        ("ອາຫານແຊບ", False),
    ],
)
def test_questions_are_told_with_and_without_their_mark(text: str, asks: bool) -> None:
    assert is_question(text) is asks
