"""What an import of the calendar found, as its reader gets it."""

import json

from hypothesis import given
from hypothesis import strategies as st

from include.messages.calendar_report import RowNote, calendar_details, calendar_report, corrected_file

TO_FIX = [
    RowNote(7, "X: The text counts 296, limit 280; shorten by 16."),
    RowNote(12, 'when "03/11": no year or time; write it like 2026-11-23 09:30 or 23/11/2026 09:30.'),
    RowNote(19, 'text "?????": the file lost its letters <!channel>; save it anew as "CSV UTF-8".'),
    RowNote(23, "sponsored, no #adv; add it or clear sponsor_budget."),
]
WARNINGS = [
    RowNote(30, "same text on 4 networks (Facebook, X, LinkedIn, Mastodon); each reads better in words of its own.")
]
REMARKS = ["Six X links cost $1.20.", "Nothing planned yet: LinkedIn Wed 25 – Fri 27 Nov."]


def words(message) -> str:
    """All that is markup in it; in rich text nothing is."""
    paragraphs = [block.get("text") or block["elements"][0] for block in message.blocks]
    return "\n".join(each["text"] for each in paragraphs if "text" in each)


def test_an_import_with_mistakes(same_as_before, drawn):
    message = calendar_report(
        "november.xlsx",
        ready=38,
        to_fix=TO_FIX,
        warnings=WARNINGS,
        remarks=REMARKS,
        changed="12 posts new · 2 posts with another text · 1 post called off",
        has_file=True,
    )
    same_as_before("calendar_with_mistakes", message)
    assert message.text == "📅 november.xlsx: 38 of 42\N{NO-BREAK SPACE}rows ready, 4 to fix"
    assert len(message.text) <= 80
    assert calendar_details(TO_FIX, WARNINGS, REMARKS) == []
    drawn("calendar", message)


def test_an_import_without_mistakes_is_one_line(same_as_before):
    same_as_before("calendar_all_ready", calendar_report("november.csv", ready=42, changed="12 posts new"))


def test_a_file_that_cannot_be_read_is_told_as_such():
    message = calendar_report("november.csv", ready=0, to_fix=[RowNote(0, "the column brand is missing.")])
    assert words(message).startswith(
        "📅 *november.csv: nothing could be read* (nothing sent, nothing lost)\nthe column"
    )


def test_of_very_many_mistakes_the_first_are_told_and_all_of_them_in_the_thread(same_as_before):
    rows = [RowNote(n, f"{n}: " + "x" * 500) for n in range(2, 302)]
    message = calendar_report("n.csv", ready=1, to_fix=rows, warnings=rows)
    assert "… and 292\N{NO-BREAK SPACE}more notes and 296\N{NO-BREAK SPACE}more warnings in the thread" in words(
        message
    )
    assert words(message).endswith("import it again.")
    pages = calendar_details(rows, rows[:2])
    told = "\n".join(map(words, pages))
    assert all(f"*Row {note.row}* · {note.words}" in told for note in rows)
    assert told.count("⚠️") == 2
    assert pages[1].text == f"All of it, 2 of {len(pages)}"
    same_as_before("calendar_details", calendar_details(TO_FIX * 3, WARNINGS, REMARKS)[0])


def test_one_long_sentence_is_whole_in_the_thread():
    long = [RowNote(2, "word " * 400)]
    (page,) = calendar_details(long)
    assert words(page).count("word") == 400


def test_the_file_says_whether_it_may_take_the_calendars_place(same_as_before):
    message = corrected_file("calendar-to-fix.csv", b"a,b", is_whole=True)
    same_as_before("calendar_file", message)
    assert "take the calendar's place" in message.text
    assert "no plan by itself" in corrected_file("calendar-sea-to-fix.csv", b"a", is_whole=False).text


notes = st.lists(st.builds(RowNote, st.integers(0, 2000), st.text(max_size=3000)), max_size=60)


@given(st.text(), notes, notes, st.lists(st.text(), max_size=3))
def test_no_message_is_beyond_slacks_limits_or_a_command(file, to_fix, warnings, remarks):
    messages = [
        calendar_report(file, ready=1, to_fix=to_fix, warnings=warnings, remarks=remarks, changed=file),
        *calendar_details(to_fix, warnings, remarks),
    ]
    for message in messages:
        assert len(message.blocks) <= 50
        assert len(words(message)) <= 13_000
        assert all(len(json.dumps(block, ensure_ascii=False)) < 12_000 for block in message.blocks)
        assert "did not fit" not in words(message)
        assert not any(sign in text for sign in "<>" for text in (message.text, words(message)))
