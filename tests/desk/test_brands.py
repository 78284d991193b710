"""brands.yml: what is taken, and what a person is told about everything that is not."""

from pathlib import Path

import pytest

from include.desk.brands import read_brands
from include.desk.problems import DeskProblems
from include.domain.accounts import Account, Brand

GOOD = """\
fjord:
  title: Fjord & Fell
  timezone: Europe/Oslo
  language: "no"
  channel: "#fjord"
  accounts:
    facebook: fjord_fell
    x: fjord
  needs_approval: yes
  approvers: [ola, kari]
  late_after_minutes: 15
"""


def problems_of(path: Path, platforms: tuple[str, ...] = ("facebook", "x")) -> list[str]:
    with pytest.raises(DeskProblems) as caught:
        read_brands(path, platforms)
    return [str(problem) for problem in caught.value.problems]


def with_line(number: int, line: str) -> str:
    """GOOD with one line replaced, numbered as an editor numbers it."""
    lines = GOOD.splitlines()
    lines[number - 1] = line
    return "\n".join(lines)


def test_a_brand_is_read_as_it_was_written(write):
    assert read_brands(write("brands.yml", GOOD)) == [
        Brand(
            key="fjord",
            title="Fjord & Fell",
            timezone="Europe/Oslo",
            language="no",
            channel="#fjord",
            accounts=(Account("facebook", "fjord_fell", "fjord"), Account("x", "fjord", "fjord")),
            needs_approval=True,
            approvers=("ola", "kari"),
            late_after_minutes=15,
        )
    ]


def test_what_is_left_out_has_a_default(write):
    (brand,) = read_brands(write("brands.yml", "\n".join(GOOD.splitlines()[:8])))
    assert (brand.needs_approval, brand.approvers, brand.late_after_minutes) == (False, (), 60)


def test_leads_have_a_channel_of_their_own_if_it_is_named(write):
    (brand,) = read_brands(write("brands.yml", GOOD))
    assert brand.sales_channel == ""
    (brand,) = read_brands(write("brands.yml", GOOD + '  sales_channel: "#fjord-sales"\n'))
    assert brand.sales_channel == "#fjord-sales"


def test_two_accounts_on_one_platform_are_a_list(write):
    text = with_line(6, "  accounts: [facebook: fell_north, facebook: fell_south]").replace(
        "    facebook: fjord_fell\n", ""
    )
    (brand,) = read_brands(write("brands.yml", text.replace("    x: fjord\n", "")))
    assert [account.key for account in brand.accounts] == ["facebook_fell_north", "facebook_fell_south"]


def test_a_mark_at_the_start_of_the_file_is_no_part_of_a_name(write):
    assert read_brands(write("brands.yml", GOOD, "utf-8-sig"))[0].key == "fjord"


@pytest.mark.parametrize(
    ("line", "text", "sentence"),
    [
        (1, "Fjord Fell:", 'line 1, "Fjord Fell": use lower-case letters, digits and _, such as bottega_aurora.'),
        (2, "  title:", "line 2, fjord.title (empty): needs the name that readers know the brand by."),
        (3, "  timezone: Europe/Osla", 'line 3, fjord.timezone "Europe/Osla": not an IANA time zone; did you mean'),
        (4, "  language: Norsk", 'line 4, fjord.language "Norsk": needs a language tag (BCP 47) such as it'),
        (5, "  channel: #fjord", "line 5, fjord.channel (empty): needs a Slack channel in quotes"),
        (5, "  channel: Fjord News", 'line 5, fjord.channel "Fjord News": not a Slack channel;'),
        (7, "    facebok: fjord_fell", 'line 7, fjord.accounts "facebok": not a platform of this desk; did you mean'),
        (8, "    x: fjord-fell", 'line 8, fjord.accounts.x "fjord-fell": use lower-case letters, digits and _'),
        (9, "  needs_approval: perhaps", 'line 9, fjord.needs_approval "perhaps": neither true nor false.'),
        (10, "  approvers: [ola nordmann]", 'approvers "ola nordmann": use the person\'s user name in Airflow'),
        (10, "  approvers: []", "line 10, fjord.approvers (empty): needs_approval is true, so name at least"),
        (11, "  late_after_minutes: 0", 'line 11, fjord.late_after_minutes "0": needs a whole number of minutes'),
        (11, "  late_after: 15", 'line 11, fjord.late_after "late_after": not a field of a brand; did you mean'),
        (11, "  sales_channel: #sales", "line 11, fjord.sales_channel (empty): needs a Slack channel in quotes"),
        (11, "  title: Fjord", 'line 11, "title": stands twice, first in line 2; keep one.'),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_line(write, line, text, sentence):
    assert any(sentence in told for told in problems_of(write("brands.yml", with_line(line, text))))


def test_everything_that_is_wrong_is_told_at_once(write):
    text = GOOD.replace("Europe/Oslo", "Oslo").replace('"no"', "Norsk").replace("x: fjord", "y: fjord")
    assert len(problems_of(write("brands.yml", text))) == 3


@pytest.mark.parametrize(
    ("change", "claimed"),
    [
        ({}, ["sea.title", "sea.channel", "sea.accounts", "sea.accounts"]),
        ({"Fjord & Fell": "Sea"}, ["sea.channel", "sea.accounts", "sea.accounts"]),
        ({"Fjord & Fell": "Sea", "#fjord": "#sea", "facebook: fjord_fell": "facebook: sea"}, ["sea.accounts"]),
    ],
)
def test_what_two_brands_both_claim_is_named(write, change, claimed):
    other = GOOD.replace("fjord:", "sea:", 1)
    for old, new in change.items():
        other = other.replace(old, new)
    told = problems_of(write("brands.yml", GOOD + other))
    assert [sentence.split(", ")[2].split()[0] for sentence in told] == claimed
    assert all("is fjord's already; each brand needs its own." in sentence for sentence in told)


def test_a_key_given_twice_is_named(write):
    assert problems_of(write("brands.yml", GOOD + GOOD)) == [
        'brands.yml, line 12, "fjord": stands twice, first in line 1; keep one.'
    ]


def test_what_is_not_yaml_is_shown_where_reading_stopped(write):
    (told,) = problems_of(write("brands.yml", GOOD + "  approvers: [ola"))
    assert told.startswith(("brands.yml, line 12", "brands.yml, line 13"))
    assert "not YAML" in told


@pytest.mark.parametrize("content", ["", "# nothing yet\n", "- aurora\n", "aurora\n"])
def test_a_file_without_brands_says_so(write, content):
    assert any("names no brand" in told for told in problems_of(write("brands.yml", content)))


def test_a_missing_file_says_where_it_was_looked_for_and_what_to_set(tmp_path):
    (told,) = problems_of(tmp_path / "brands.yml")
    assert str(tmp_path) in told
    assert "DESK_DIR" in told


def test_the_platforms_are_those_that_were_handed_in(write):
    path = write("brands.yml", GOOD.replace("x: fjord", "mastodon: fjord"))
    assert [account.platform for account in read_brands(path, {"facebook", "mastodon"})[0].accounts] == [
        "facebook",
        "mastodon",
    ]
    assert read_brands(path)
