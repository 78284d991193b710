"""Slack's way of writing: nobody is pinged, nothing is torn, nothing is too long."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block

from include.domain.messages import Attachment, Message
from include.messages import slack_text

LAO = "ສັ່ງ 5 ມື້ແລ້ວ ຍັງບໍ່ໄດ້ເຄື່ອງໂທໄປບໍ່ຮັບສາຍເປັນຫຍັງຈຶ່ງບໍ່ຕອບລູກຄ້າເລີຍ"
THAI = "ที่นี่ผู้ใหญ่น้ำแข็งกาแฟแม่น้ำโขงเปิดใหม่ทุกวัน"
signs = st.text(st.sampled_from("<>!@&|*_~`: \n\x00abc#UW0" + LAO + THAI + "🇮🇹👍🏽👩‍👧❤️"), max_size=80)


def _reads(mrkdwn: str) -> str:
    """What Slack shows for text that has no markup."""
    return mrkdwn.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


@given(signs | st.text())
def test_what_people_write_is_never_a_command_to_slack(text):
    escaped = slack_text.escape(text)
    assert "<" not in escaped
    assert ">" not in escaped
    assert not re.sub("&(amp|lt|gt);", "", escaped).count("&")
    assert not re.search(r"[*~`]|(?<![^\W_])_|_(?![^\W_])", escaped)


def test_a_comment_that_calls_the_channel_is_shown_and_calls_nobody():
    shown = slack_text.quoted("<!channel> <@U123> <#C1> @here & <https://evil|click>")
    assert _reads(shown) == "“<!channel> <@U123> <#C1> @here & <https://evil|click>”"
    assert "<" not in shown


@given(signs)
def test_a_link_has_one_end_and_one_bar(words):
    made = slack_text.link("https://example.org/a b?x=<1>|2&y=é", words)
    assert re.fullmatch(r"<https://example\.org/a%20b\?x=%3C1%3E%7C2&amp;y=%C3%A9\|[^<>|\n]+>", made)


@pytest.mark.parametrize("address", [None, "", "javascript:alert(1)", "docs/runbook.md", "mailto:a@b.it"])
def test_what_is_no_web_address_is_words_only(address):
    assert slack_text.link(address, "a <b>") == "a &lt;b&gt;"


@given(signs | st.text(), st.integers(2, 60))
def test_a_cut_keeps_within_the_limit_and_tears_no_letter(text, most):
    short = slack_text.shorten(text, most)
    line = re.sub(r"[^\S\xa0]+", " ", text).strip()
    assert len(short) <= most
    if len(line) <= most:
        assert short == line
    else:
        assert short.endswith("…")
        kept = short.removesuffix("…")
        assert line.startswith(kept)
        rest = line[len(kept) :]
        assert not kept or not unicodedata.combining(rest[0])


@pytest.mark.parametrize(
    ("text", "most", "short"),
    [
        ("The quick brown fox jumped, over the lazy dog", 28, "The quick brown fox jumped…"),
        ("Supercalifragilisticexpialidocious", 12, "Supercalifr…"),
        ("ກາເຟນ້ຳເຄື່ອງ", 9, "ກາເຟນ້ຳ…"),
        ("ที่นี่น้ำแข็ง", 11, "ที่นี่น้ำ…"),
        ("ກາເຟນ້ຳເຄື່ອງ", 7, "ກາເຟ…"),
        ("ab👩‍👩‍👧‍👦cd", 5, "ab…"),
        ("🇮🇹🇱🇦🇹🇭", 5, "🇮🇹🇱🇦…"),
    ],
    ids=["word end", "no word end", "Lao", "Thai", "Lao before a vowel sign", "a family", "flags"],
)
def test_a_cut_is_where_a_reader_would_cut(text, most, short):
    assert slack_text.shorten(text, most) == short


def test_letters_stay_whole():
    assert list(slack_text.graphemes("ເຄື່ອງ👍🏽❤️🇱🇦🇮🇹é")) == ["ເຄື່", "ອ", "ງ", "👍🏽", "❤️", "🇱🇦", "🇮🇹", "é"]


@given(st.lists(signs | st.just("x" * 3500) | st.just("&<" * 1700), max_size=12))
def test_paragraphs_hold_every_line_and_none_is_too_long(lines):
    made = slack_text.sections(map(slack_text.escape, lines))
    texts = [block["text"]["text"] for block in made]
    assert all(len(text) <= slack_text.MOST_IN_SECTION for text in texts)
    assert "".join(texts).replace("\n", "") == "".join(map(slack_text.escape, lines)).replace("\n", "")
    assert not any(re.search(r"&[a-z]*$", text) for text in texts)


def test_a_link_is_not_torn_between_two_paragraphs():
    made = slack_text.sections(["y" * 2990 + slack_text.link("https://example.org/long/address", "words")])
    assert made[1]["text"]["text"] == "<https://example.org/long/address|words>"


def test_too_much_is_left_out_and_said():
    message = slack_text.fitted(Message("t", tuple(slack_text.section(f"line {n}") for n in range(80))))
    assert len(message.blocks) == slack_text.MOST_BLOCKS
    assert message.blocks[-1]["elements"][0]["text"] == "31 more paragraphs did not fit into one message."
    wide = slack_text.fitted(Message("t", tuple(slack_text.section("z" * 2900) for _ in range(6))))
    assert sum(len(str(block)) for block in wide.blocks) < 12_000
    assert wide.blocks[-1]["elements"][0]["text"] == "3 more paragraphs did not fit into one message."


def test_small_print_is_cut_where_slack_would_refuse_it():
    words = slack_text.context("&amp;" * 1000)["elements"][0]["text"]
    assert len(words) <= 2000
    assert words.endswith("&amp;…")
    assert slack_text.context("short")["elements"][0]["text"] == "short"


def test_what_fits_stays_as_it_is():
    chart = (Attachment("chart", "a.png", b"1", "alt"),)
    message = Message("t", tuple(slack_text.section(str(n)) for n in range(50)), chart)
    assert slack_text.fitted(message) == message


def test_slacks_own_library_takes_every_block():
    blocks = [
        slack_text.header("Ärger & <Spaß> " * 40),
        slack_text.context("small"),
        slack_text.section("x" * 3000),
        {**slack_text.image("chart", "a" * 5000), "slack_file": {"id": "F123"}},
    ]
    for block in blocks:
        Block.parse(block).validate_json()


def test_signs_that_mrkdwn_cannot_show_are_shown_as_they_are_written():
    row, command = slack_text.bold(slack_text.escape("Row *1*")), slack_text.escape("run `holds lift _x_`")
    said = f"{row} · {command} {slack_text.link('https://a.example/?b=1&c', '~here~')}"
    (block, *_) = slack_text.exact(Message("", (slack_text.section(said),))).blocks
    assert block["elements"][0] == {
        "type": "rich_text_section",
        "elements": [
            {"type": "text", "text": "Row *1*", "style": {"bold": True}},
            {"type": "text", "text": " · run `holds lift _x_` "},
            {"type": "link", "url": "https://a.example/?b=1&c", "text": "~here~"},
        ],
    }


def test_a_paragraph_without_such_signs_stays_mrkdwn_and_small_print_becomes_plain():
    plain = (
        slack_text.section(slack_text.bold("Row 1") + " · così_così &amp; più"),
        slack_text.context(slack_text.escape("file_1.csv _new_")),
    )
    told = slack_text.exact(Message("", plain)).blocks
    assert told[0] == plain[0]
    assert told[1]["elements"] == [{"type": "plain_text", "text": "file_1.csv _new_", "emoji": False}]
