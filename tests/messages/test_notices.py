"""What is told between two digests, as its reader gets it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.domain.alerts import Alert, Severity
from include.messages import notices

LATE = Alert(
    kind="late_post",
    subject="facebook_mekong_coffee",
    headline="Mekong Coffee on Facebook: 2 posts late, by 45 min",
    because="Mon 16 Nov 09:00 “ກາເຟແມ່ນ້ຳຂອງ ເປີດແລ້ວ ☕” (7f3a).\nMon 16 Nov 09:30 “Free <today> & *only*” (8b11).",
    next_step="See in Airflow whether publish_posts runs.",
    severity=Severity.CRITICAL,
)


def _words(message):
    """All that is markup in it; in rich text nothing is."""
    paragraphs = [block.get("text") or block["elements"][0] for block in message.blocks]
    return "\n".join(each["text"] for each in paragraphs if "text" in each)


@pytest.mark.parametrize("severity", list(Severity))
def test_an_alert_says_what_why_and_what_to_do(severity, same_as_before, drawn):
    message = notices.alert_message(
        replace(LATE, severity=severity),
        runbook_url="https://example.org/runbook.md",
        link="http://127.0.0.1:8080/dags/publish_posts",
    )
    same_as_before(f"alert_{severity}", message)
    drawn(f"alert_{severity}", message)


def test_a_runbook_on_disk_is_named_where_it_cannot_be_a_link():
    said = notices.alert_message(replace(LATE, because=""), runbook_url="docs/runbook.md")
    assert _words(said).endswith("runbook: docs/runbook.md#late-post")


def test_the_end_of_an_alert_says_how_long_it_lasted(same_as_before, drawn):
    message = notices.alert_closed(LATE.headline, timedelta(minutes=200))
    same_as_before("alert_closed", message)
    drawn("alert_closed", message)
    assert (
        notices.closed_reply(timedelta(minutes=200)).text
        == "✅ Over after 3\N{NO-BREAK SPACE}h 20\N{NO-BREAK SPACE}min."
    )


def test_replies_say_what_is_new():
    assert notices.escalated_reply(LATE).text == f"🔴 Now critical: {LATE.headline}"
    assert notices.returned_reply(LATE, timedelta(minutes=40)).text.startswith(
        "🔴 It is back after 40\N{NO-BREAK SPACE}min"
    )


@given(st.text(), st.text(), st.text())
def test_no_words_of_others_are_a_command_in_any_message(one, two, three):
    alert = Alert("k", "s", one, two, three)
    messages = [
        notices.alert_message(alert),
        notices.alert_closed(one, timedelta(1)),
        notices.escalated_reply(alert),
    ]
    assert not any("<" in text or ">" in text for m in messages for text in (m.text, _words(m)))
