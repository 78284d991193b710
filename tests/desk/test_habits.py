"""What a brand wants of its texts and its days, and who answers for it."""

import pytest

from include.desk.brands import read_brands
from include.desk.problems import DeskProblems
from include.domain.accounts import Account, BrandRules

GOOD = """\
fjord:
  title: Fjord & Fell
  timezone: Europe/Oslo
  language: "no"
  channel: "#fjord"
  accounts: {facebook: fjord_fell, x: fjord}
"""
RULES = """\
  rules:
    required_words: [Fjord]
    banned_words: cheap
    required_hashtags: ["#fjord"]
    banned_hashtags: ["#f4f", "#l4l"]
    disclosure: ["#annonse"]
    tone:
      - We say du
"""


def brand(write, more: str):
    (found,) = read_brands(write("brands.yml", GOOD + more), {"facebook", "x"})
    return found


def problems(write, more: str) -> str:
    with pytest.raises(DeskProblems) as caught:
        brand(write, more)
    return str(caught.value)


def test_rules_are_read_and_the_rest_stays_as_the_desk_has_it(write):
    assert brand(write, RULES).rules == BrandRules(
        required_words=("Fjord",),
        banned_words=("cheap",),
        required_hashtags=("#fjord",),
        banned_hashtags=("#f4f", "#l4l"),
        disclosure=("#annonse",),
        tone=("We say du",),
    )
    assert brand(write, "").rules == BrandRules()
    assert brand(write, "  rules: {disclosure: []}\n").rules.disclosure == ()


def test_cadence_is_a_set_of_weekdays_for_each_network(write):
    more = "  manual: {tiktok: fjord}\n  cadence: {facebook: daily, x: [mon, Wednesday], tiktok: weekdays}\n"
    assert brand(write, more).cadence == {
        "facebook": frozenset(range(7)),
        "x": frozenset((0, 2)),
        "tiktok": frozenset(range(5)),
    }


@pytest.mark.parametrize(
    ("approvers", "names", "ids"),
    [
        ("ola", ("ola",), {}),
        ("[ola, kari]", ("ola", "kari"), {}),
        ("[ola, kari: U024BE7LH]", ("ola", "kari"), {"kari": "U024BE7LH"}),
        ("{ola: W012A3CDE, kari: U024BE7LH}", ("ola", "kari"), {"ola": "W012A3CDE", "kari": "U024BE7LH"}),
    ],
)
def test_approvers_may_have_an_id_in_slack(write, approvers, names, ids):
    found = brand(write, f"  approvers: {approvers}\n")
    assert (found.approvers, found.slack_ids) == (names, ids)


def test_manual_accounts_are_accounts_that_the_desk_does_not_post_to_itself(write):
    more = "  manual:\n    - tiktok: fjord_tok\n    - tiktok: fell_tok\n"
    assert brand(write, more).accounts[2:] == (
        Account("tiktok", "fjord_tok", "fjord", manual=True),
        Account("tiktok", "fell_tok", "fjord", manual=True),
    )
    assert not any(account.manual for account in brand(write, more).accounts[:2])


def test_a_brand_may_have_manual_accounts_only(write):
    text = GOOD.replace("accounts: {facebook: fjord_fell, x: fjord}", "manual: {tiktok: fjord}")
    (found,) = read_brands(write("brands.yml", text), {"facebook"})
    assert [account.key for account in found.accounts] == ["tiktok_fjord"]


def test_links_are_tagged_unless_the_brand_says_no(write):
    assert brand(write, "").utm
    assert not brand(write, "  utm: false\n").utm


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ("  approvers: [ola: fjord]\n", 'line 7, fjord.approvers.ola "fjord": not a Slack member id; it looks like'),
        ("  approvers: {ola berg: U024BE7LH}\n", "use the person's user name in Airflow"),
        ("  cadence: {tiktok: daily}\n", 'line 7, fjord.cadence "tiktok": the brand has no account there; allowed: f'),
        ("  cadence: {x: sometimes}\n", 'line 7, fjord.cadence.x "sometimes": "sometimes" is no day; write daily,'),
        ("  cadence:\n    x: [mon, tu]\n", 'line 8, fjord.cadence.x "mon, tu": "tu" is no day;'),
        ("  cadence: daily\n", "line 7, fjord.cadence \"daily\": name each network with its days"),
        ("  rules: {banned_wrods: [a]}\n", 'fjord.rules.banned_wrods "banned_wrods": not a rule; did you mean "ban'),
        ("  rules:\n    banned_hashtags: [adv]\n", 'line 8, fjord.rules.banned_hashtags "adv": not a hashtag;'),
        ("  rules:\n    disclosure:\n      - #adv\n", 'line 8, fjord.rules.disclosure (empty): an empty entry; put'),
        ("  rules: strict\n", 'line 7, fjord.rules "strict": name at least one: required_words'),
        ("  manual: {x: fjord_x}\n", 'line 7, fjord.manual "x": the desk posts there itself; put it under accounts.'),
        ("  manual: {Tik-Tok: fjord}\n", 'fjord.manual "Tik-Tok": use lower-case letters, digits and _, such as'),
        ("  manual: {tiktok: Fjord!}\n", 'fjord.manual.tiktok "Fjord!": use lower-case letters'),
        ("  manual: tiktok\n", 'line 7, fjord.manual "tiktok": name the platform too, such as facebook:'),
        ("  utm: perhaps\n", 'line 7, fjord.utm "perhaps": neither true nor false.'),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(write, more, sentence):
    assert sentence in problems(write, more)


def test_a_hand_posted_account_that_two_brands_claim_is_named(write):
    other = GOOD.replace("fjord:", "sea:", 1).replace("Fjord & Fell", "Sea").replace("#fjord", "#sea")
    other = other.replace("accounts: {facebook: fjord_fell, x: fjord}", "manual: {tiktok: fjord}")
    told = problems(write, "  manual: {tiktok: fjord}\n" + other)
    assert 'sea.manual "tiktok_fjord": is fjord\'s already; each brand needs its own.' in told
