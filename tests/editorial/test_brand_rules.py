"""A brand's rules: whole words in every script, and the disclosure of what is paid for."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.domain.accounts import BrandRules
from include.domain.posts import Media, Post
from include.editorial.brand_rules import holds, rule_problems


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Il miracolo del forno", "Miracolo"),
        ("L'oro dell'Umbria", "oro"),
        ("Anti-age, subito", "age"),
        ("CAFFE\u0300 caldo", "caffè"),
        ("STRASSE im Regen", "straße"),
        ("Sconto ＃ADV oggi", "#adv"),
        ("Sconto!#adv", "#adv"),
        ("ສັ່ງກາເຟມື້ນີ້", "ກາເຟ"),
        ("ສັ່ງກາ\u200bເຟມື້ນີ້", "ກາເຟ"),
        ("ขายกาแฟสดวันนี้", "กาแฟ"),
        ("本日限定セール中", "限定"),
        ("ຊື້SALEມື້ນີ້", "sale"),
        ("ໂຄສະນາ #ກາເຟ ວັນນີ້", "#ກາເຟ"),
        ("buy one, get one", "get one"),
        ("скидка сегодня", "СКИДКА"),
    ],
)
def test_a_word_is_found_as_people_write_it(text, word):
    assert holds(text, word)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Il lavoro in forno", "oro"),
        ("wholesale", "sale"),
        ("#advent", "#adv"),
        ("#adv_2026", "#adv"),
        ("#ກາເຟລາວ", "#ກາເຟ"),
        ("adv without its sign", "#adv"),
        ("हिन्दीभाषा", "हिन्द"),
        ("cafés", "cafe"),
        ("anything", "  "),
        ("", "word"),
    ],
)
def test_a_part_of_another_word_is_not_the_word(text, word):
    assert not holds(text, word)


words = st.text(st.sampled_from("aèßñжऔ9"), min_size=1, max_size=6).filter(lambda word: word.strip())


@given(words, st.sampled_from([" ", ", ", "\n", "! "]), st.sampled_from(["NFC", "NFD"]))
def test_a_word_between_others_is_found_however_it_is_stored(word, gap, form):
    assert holds(unicodedata.normalize(form, f"x{gap}{word.upper()}{gap}y"), word)
    assert not holds(f"x{word}y", word)


def post(text: str, **more) -> Post:
    return Post("p", "x_sea", text, **more)


def problems(text: str, rules: BrandRules, **more) -> list[str]:
    budgets = more.pop("budgets", None)
    return list(rule_problems(post(text, **more), rules, budgets))


def test_a_banned_word_is_found_wherever_a_reader_would_meet_it():
    rules = BrandRules(banned_words=("cheap",), banned_hashtags=("#deal",))
    said = ["“cheap” is among what this brand never says; take it out."]
    assert problems("Cheap tea", rules) == said
    assert problems("Tea", rules, first_comment="so cheap") == said
    assert problems("Tea", rules, thread=("so cheap",)) == said
    assert problems("Tea", rules, media=(Media("a.png", alt="a cheap cup"),)) == said
    assert "#deal" in problems("Tea #Deal", rules)[0]
    assert problems("Tea, dealt cheaply", rules) == []


def test_a_required_word_may_stand_in_any_part():
    rules = BrandRules(required_words=("Mekong",), required_hashtags=("#laos",))
    assert problems("Mekong tea", rules, first_comment="#Laos") == []
    assert problems("Tea", rules) == [
        "“Mekong” is missing, which every post of this brand has; add it.",
        "“#laos” is missing, which every post of this brand has; add it.",
    ]


def test_a_sponsored_post_says_so_where_its_reader_begins():
    rules = BrandRules(disclosure=("#adv",))
    words = ["sponsored, no #adv; add it or clear sponsor_budget."]
    assert problems("Tea", rules, sponsor_budget="spring") == words
    assert problems("Tea", rules, sponsor_budget="spring", first_comment="#adv") == words
    assert problems("Tea #ADV", rules, sponsor_budget="spring") == []
    assert problems("Tea", rules) == []
    assert "no #adv, #ad or #sponsored" in problems("Tea", BrandRules(), sponsor_budget="spring")[0]


def test_a_budget_that_nobody_has_is_named_with_its_neighbour():
    (said,) = problems("Tea #adv", BrandRules(), sponsor_budget="sprnig", budgets=["spring", "winter"])
    assert said == 'sponsor_budget "sprnig": no budget of budgets.csv; did you mean "spring"? Allowed: spring, winter.'
    assert problems("Tea #adv", BrandRules(), sponsor_budget="spring", budgets=["spring"]) == []
