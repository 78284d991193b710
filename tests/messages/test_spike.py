"""A spike as its readers get it: on a phone, in Lao and Thai, and with people's words doing nothing."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.domain import Attachment, Severity
from include.messages.complaints import daily_list
from include.messages.slack_text import MOST_IN_ALL
from include.messages.spike import OnDuty, Said, Spike, doubled, spike_closed, spike_message
from include.messages.spike_chart import Hours, spike_chart

TEN = datetime(2026, 11, 24, 12, 10, tzinfo=UTC)
HOURS = Hours(
    title="Mekong Coffee · Facebook ກາເຟ กาแฟ",
    negative=[0, 1, 0, 0, 2, 0, 1] * 6 + [0, 1, 3, 6, 9, 5],
    others=[3, 2, 4, 1, 0, 2, 5] * 6 + [2, 2, 3, 2, 1, 2],
    usual=0.6,
    ticks=((0, "Sun"), (18, "Mon"), (42, "13:00")),
    begins=42,
)
SPIKE = Spike(
    brand="Mekong Coffee",
    place="Facebook",
    severity=Severity.WARNING,
    negatives=23,
    usual=4.0,
    opened_at=TEN,
    timezone="Asia/Vientiane",
    scored=31,
    unscored=8,
    usual_share=0.12,
    posts=(("ສົ່ງຟຣີທົ່ວນະຄອນຫຼວງ — free delivery all week", "https://facebook.com/1", 19), ("Morning", "", 4)),
    languages=(("Lao", 21), ("English", 2)),
    examples=(
        Said("ສັ່ງ 5 ມື້ແລ້ວ ຍັງບໍ່ໄດ້ເຄື່ອງ", "https://facebook.com/1?comment_id=7", "lo"),
        Said("โทรไปไม่รับสาย แย่มาก 😡", "https://facebook.com/1?comment_id=8", "th"),
        Said("Where is my order?? <!channel> <@U0MARTA001> @here *now* https://evil.example", "", "en"),
    ),
    next_post=(TEN + timedelta(hours=8), "Facebook"),
    ads=("Free delivery",),
    duty=(OnDuty("kham", "U0KHAM0001", "Lao"),),
    may_hold=("kham",),
    runbook="runbook: docs/runbook.md#spike",
)


def shown(message) -> str:
    return "\n".join(str(block) for block in message.blocks)


def test_a_spike_on_a_phone(same_as_before, drawn):
    chart = spike_chart(HOURS)
    message = spike_message(replace(SPIKE, chart=Attachment("chart", "spike.png", chart.png, chart.alt)))
    same_as_before("spike", message)
    drawn("spike", message)
    closed = spike_closed(SPIKE.headline, timedelta(hours=5, minutes=20), negatives=23)
    same_as_before("spike-closed", closed)


@pytest.mark.parametrize("brand", ["Mekong Coffee", "La Premiata Pasticceria Artigianale di Bottega Aurora a Milano"])
def test_the_headline_fits_a_notification(brand):
    message = spike_message(replace(SPIKE, brand=brand, negatives=12_345, usual=0.31))
    assert len(message.text) <= 80
    assert "12,345" in message.text
    assert "usual 0.3" in message.text


def test_nobody_is_called_unless_it_is_critical():
    assert "<@" not in shown(spike_message(SPIKE))
    critical = replace(SPIKE, severity=Severity.CRITICAL)
    assert "<@U0KHAM0001> for Lao" in shown(spike_message(critical))
    assert "<@U0KHAM0001>" in shown(doubled(critical))


def test_who_has_it_is_said_instead_of_who_is_on_duty():
    words = shown(spike_message(replace(SPIKE, taken_by="kham")))
    assert "kham has it" in words
    assert "On duty" not in words


@given(st.text(max_size=300))
def test_what_people_write_does_nothing(text):
    message = spike_message(replace(SPIKE, duty=(), examples=[Said(text)], posts=[(text, "https://x.example/1", 2)]))
    for found in re.findall(
        r"<([^>]*)>", "".join(block["text"]["text"] for block in message.blocks if "text" in block)
    ):
        assert found.startswith("https://x.example/1|")
    assert all(block["text"]["verbatim"] for block in message.blocks if block["type"] == "section")


def test_every_complaint_of_a_day_is_listed():
    said = [("Facebook", Said(f"n{n} <!here>", f"https://facebook.com/{n}")) for n in range(95)]
    first, *pages = daily_list("Mekong Coffee", "Mon 23 Nov", said, unscored=8, surges=["Facebook: 80, usual 9"])
    words = shown(first) + "".join(shown(page) for page in pages)
    assert all(f"“n{n} &lt;!here&gt;”" in words for n in range(95))
    assert "85 more in the thread" in words
    assert all(len(shown(page)) < 2 * MOST_IN_ALL for page in pages)
    assert "did not fit" not in words


def test_a_day_without_complaints_says_so(same_as_before):
    (message,) = daily_list("Mekong Coffee", "Mon 23 Nov", [], unscored=0)
    same_as_before("complaints-none", message)
