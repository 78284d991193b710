"""What is told between two digests, as its reader gets it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.domain.alerts import Alert, Severity
from include.messages import notices
from include.messages.notices import RowNote

LATE = Alert(
    kind="late_post",
    subject="facebook_mekong_coffee",
    headline="Mekong Coffee on Facebook: 2 posts late, by 45 min",
    because="Mon 16 Nov 09:00 “ກາເຟແມ່ນ້ຳຂອງ ເປີດແລ້ວ ☕” (7f3a).\nMon 16 Nov 09:30 “Free <today> & *only*” (8b11).",
    next_step="See in Airflow whether publish_posts runs.",
    severity=Severity.CRITICAL,
)


def _words(message):
    return "\n".join((block.get("text") or block["elements"][0])["text"] for block in message.blocks)


def test_an_import_with_mistakes(same_as_before, drawn):
    message = notices.calendar_report(
        "november.csv",
        ready=38,
        to_fix=[
            RowNote(7, "Mekong · X: counts 296, limit 280; shorten by 16."),
            RowNote(12, 'publish_at "03/11": no year or time; write 2026-11-03 09:30.'),
            RowNote(12, "brand is empty."),
            RowNote(19, 'text "?????": the file lost the Lao letters <!channel>; save it as UTF-8.'),
        ],
        warnings=[RowNote(30, "the same text on 4 networks.")],
        changed="12 new, 2 reworded, 1 cancelled",
    )
    same_as_before("calendar_with_mistakes", message)
    assert message.text == "📅 november.csv: 38 of 41\N{NO-BREAK SPACE}rows ready, 3 to fix"
    drawn("calendar", message)


def test_an_import_without_mistakes_is_one_line(same_as_before):
    same_as_before("calendar_all_ready", notices.calendar_report("november.csv", ready=42, changed="nothing changed"))


def test_a_file_that_cannot_be_read_is_told_as_such():
    message = notices.calendar_report("november.csv", ready=0, to_fix=[RowNote(0, "the column brand is missing.")])
    assert _words(message).startswith(
        "📅 *november.csv: nothing could be read* (nothing sent, nothing lost)\nthe column"
    )


def test_of_very_many_mistakes_the_first_are_told_and_the_rest_counted():
    rows = [RowNote(n, "x" * 500) for n in range(2, 302)]
    message = notices.calendar_report("n.csv", ready=1, to_fix=rows, warnings=rows)
    assert "… and 280\N{NO-BREAK SPACE}more notes" in _words(message)
    assert "… and 292\N{NO-BREAK SPACE}more warnings" in _words(message)
    assert _words(message).endswith("import it again.")


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
    assert _words(notices.alert_message(LATE, runbook_url="docs/runbook.md")).endswith(
        "runbook: docs/runbook.md#late-post"
    )


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
        notices.calendar_report(one, ready=1, to_fix=[RowNote(2, two)], warnings=[RowNote(3, three)], changed=three),
    ]
    assert not any("<" in text or ">" in text for m in messages for text in (m.text, _words(m)))
