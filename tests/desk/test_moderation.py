"""moderation.yml and answers.yml: what is taken, and what a person is told about everything that is not."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from include.comments.moderating import Said, judge
from include.desk.answers import read_answers
from include.desk.brands import read_brands
from include.desk.moderation import read_moderation
from include.desk.problems import DeskProblems
from include.domain.accounts import Account, Brand
from include.domain.moderation import Often, Rule

EXAMPLE = Path(__file__).parents[2] / "include" / "desk" / "example"
BRANDS = [
    Brand(
        "fjord", "Fjord", "Europe/Oslo", "no", "#fjord", (Account("facebook", "fjord", "fjord"),), approvers=("ola",)
    ),
    Brand("sea", "Sea", "UTC", "en", "#sea"),
]
GOOD = """\
spam:
  brands: fjord
  networks: [facebook, x]
  when:
    contains: [casino, "crypto*"]
    regex: '\\d{8}'
    link: [bit.ly, t.me]
    language: [en, "no"]
    repeats: 3 in 24 h
    score: 0.8
  then:
    hide: yes
    label: [spam, bots]
    assign: ola
    draft: sorry
    lead: price
  needs_approval: no
"""


def read(write, text: str) -> list[Rule]:
    return read_moderation(write("moderation.yml", text), BRANDS, {"facebook", "x"}, {"sorry"})


def problems(write, text: str) -> str:
    with pytest.raises(DeskProblems) as caught:
        read(write, text)
    return str(caught.value)


def test_a_rule_is_read_as_it_was_written(write):
    assert read(write, GOOD) == [
        Rule(
            name="spam",
            brands=frozenset({"fjord"}),
            networks=frozenset({"facebook", "x"}),
            contains=("casino", "crypto*"),
            regex=r"\d{8}",
            links=("bit.ly", "t.me"),
            languages=frozenset({"en", "no"}),
            often=Often(3, timedelta(hours=24)),
            score=0.8,
            hide=True,
            labels=("spam", "bots"),
            assign="ola",
            draft="sorry",
            lead="price",
            needs_approval=False,
        )
    ]


def test_a_person_is_asked_unless_the_rule_says_otherwise(write):
    (rule,) = read(write, "calm:\n  when: {score: negative, link: yes}\n  then: {assign: U0OLA00001}\n")
    assert (rule.needs_approval, rule.negative, rule.links, rule.assign) == (True, True, (), "U0OLA00001")


def test_no_file_means_no_rules(tmp_path):
    assert read_moderation(tmp_path / "moderation.yml", BRANDS) == []
    assert read_answers(tmp_path / "answers.yml", BRANDS).texts == {}


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("spam:", "Spam links:", 'line 1, "Spam links": use lower-case letters, digits and _'),
        (
            "brands: fjord",
            "brands: fjrod",
            'line 2, spam.brands "fjrod": not a brand of brands.yml; did you mean "fjord"',
        ),
        ("[facebook, x]", "[facebok]", 'line 3, spam.networks "facebok": not a network of this desk; did you mean'),
        ("contains:", "holds:", 'line 5, spam.when.holds "holds": not a part of a rule;'),
        ('[casino, "crypto*"]', '["*"]', 'spam.when.contains "*": needs words'),
        ("'\\d{8}'", "'(a'", 'line 6, spam.when.regex "(a": not a regular expression: missing )'),
        ("'\\d{8}'", "'a{5000}'", "repeats something more than 100 times"),
        ("'\\d{8}'", f"'{'a' * 301}'", "longer than 300 characters"),
        ("[bit.ly, t.me]", "https://bit.ly", "needs yes, or a host such as bit.ly, without https://."),
        ('[en, "no"]', "english", 'line 8, spam.when.language "english": needs a language tag'),
        ("3 in 24 h", "often", 'line 9, spam.when.repeats "often": write how many comments in what time'),
        ("3 in 24 h", "1 in 24 h", "write how many comments in what time, from 2 on"),
        ("score: 0.8", "score: 8", "needs a number over 0 and up to 1, such as 0.8, or negative."),
        ("hide: yes", "hide: perhaps", 'line 12, spam.then.hide "perhaps": neither yes nor no.'),
        (
            "assign: ola",
            "assign: kari",
            'spam.then.assign "kari": neither an approver of the brand nor a Slack member id',
        ),
        ("draft: sorry", "draft: sory", 'spam.then.draft "sory": not an answer of answers.yml; did you mean "sorry"'),
        ("lead: price", "lead: prize", 'spam.then.lead "prize": not a kind of lead; did you mean "price"'),
        ("needs_approval: no", "needs_approval: never", "neither yes nor no."),
        ("needs_approval: no", "need_approval: no", 'not a part of a rule; did you mean "needs_approval"'),
    ],
)
def test_each_mistake_is_named_with_its_line(write, old, new, sentence):
    assert old in GOOD
    assert sentence in problems(write, GOOD.replace(old, new))


def test_a_rule_that_catches_or_does_nothing_is_named(write):
    told = problems(write, "spam:\n  then:\n    hide: yes\nempty:\n  when: {link: yes}\n  then:\n")
    assert "line 1, spam.when (empty): name at least one of contains, regex" in told
    assert "line 6, empty.then (empty): name at least one of hide, label" in told


ANSWERS = """\
"*":
  values: {hours: 9-17}
  answers:
    thanks: {en: "Thanks! – {brand}"}
fjord:
  values: {phone: "+47 1"}
  answers:
    sorry:
      "no": Ring {phone}, {hours}.
      en: Call {phone}.
"""


def test_answers_are_found_by_brand_and_language(write):
    answers = read_answers(write("answers.yml", ANSWERS), BRANDS)
    assert answers.find("fjord", "sorry", ["de", "no", "en"]) == ("no", "Ring {phone}, {hours}.")
    assert answers.find("fjord", "thanks", ["en-GB"]) == ("en", "Thanks! – {brand}")
    assert answers.find("sea", "sorry", ["no", "en"]) is None
    filled = answers.filled("Ring {phone}, {hours}. {brand}", "fjord", {"brand": "Fjord {phone}"})
    assert filled == "Ring +47 1, 9-17. Fjord {phone}"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("fjord:", "fjrod:", '"fjrod": not a brand of brands.yml; did you mean "fjord"'),
        (
            "Ring {phone}",
            "Ring {fone}",
            'line 9, fjord.sorry.no "{fone}": no placeholder of fjord; did you mean "phone"',
        ),
        ("values: {phone:", "value: {phone:", "neither values nor answers"),
        ("      en: Call {phone}.", "      en:", "fjord.sorry.en (empty): needs a text of up to 2000 characters."),
        ("      en: Call", "      english: Call", "needs a language tag"),
        ("{hours: 9-17}", "{brand: x}", "none of brand and network"),
    ],
)
def test_each_mistake_in_the_answers_is_named(write, old, new, sentence):
    assert old in ANSWERS
    with pytest.raises(DeskProblems) as caught:
        read_answers(write("answers.yml", ANSWERS.replace(old, new)), BRANDS)
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("text", "language", "lead"),
    [
        ("Ciao, quanto costa il panettone?", "it", "price"),
        ("Hi, how much is the cold brew?", "en", "price"),
        ("ກາເຟນີ້ລາຄາເທົ່າໃດ", "lo", "price"),
        ("ถุงนี้ราคาเท่าไหร่คะ", "th", "price"),
        ("Mi potete contattare? Grazie", "it", "contact"),
        ("What's your phone number?", "en", "contact"),
        ("ຂໍເບີໂທແດ່", "lo", "contact"),
        ("ขอเบอร์โทรหน่อยค่ะ", "th", "contact"),
        ("Vorrei prenotare un tavolo per sabato", "it", "appointment"),
        ("Can I get an appointment on Friday?", "en", "appointment"),
        ("ຢາກຈອງໂຕະ 4 ຄົນ", "lo", "appointment"),
        ("อยากจองโต๊ะวันเสาร์ค่ะ", "th", "appointment"),
        ("Il caffè era freddo e caro", "it", ""),
        ("I love this place", "en", ""),
        ("ກາເຟແຊບຫຼາຍ", "lo", ""),
        ("กาแฟอร่อยมาก", "th", ""),
    ],
)
def test_the_rules_that_ship_tell_leads_in_four_languages(text, language, lead):
    brands = read_brands(EXAMPLE / "brands.yml")
    answers = read_answers(EXAMPLE / "answers.yml", brands)
    rules = read_moderation(EXAMPLE / "moderation.yml", brands, None, {name for _, name, _ in answers.texts})
    said = Said("mekong", "facebook", text, language, at=datetime(2026, 11, 24, tzinfo=UTC))
    assert next((rule.lead for rule in judge(rules, said).rules if rule.lead), "") == lead
