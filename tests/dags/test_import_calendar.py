"""`import_calendar`: rows become planned posts, and Slack hears what is to be mended."""

import csv
import io
from typing import Any

from PIL import Image

LONG = "A sentence that does not end. " * 12  # X takes 280


def test_the_calendar_is_planned_and_each_brand_hears_of_its_own(desk: Any) -> None:
    desk.plan("tea", "Ginger tea is back.")
    desk.plan("poem", "A poem a day.", brand="fern")
    done = desk.run("import_calendar")
    assert done.results["plan"] == {"posts": 3, "to_fix": 0, "to_ask": 1}
    assert desk.states() == {
        "tea:facebook_ginger": "approved",
        "tea:x_ginger": "approved",
        "poem:facebook_fern": "planned",
    }
    (ginger,), (fern,) = desk.said("#ginger"), desk.said("#fern")
    assert "2\xa0posts new" in ginger
    assert "1\xa0post new" in fern
    assert desk.live() == []


def test_a_broken_row_is_told_by_its_number_and_holds_nobody_up(desk: Any) -> None:
    desk.plan("tea", "Ginger tea is back.")
    desk.plan("essay", LONG)
    desk.plan("bread", "Ginger bread tomorrow.")
    done = desk.run("import_calendar")
    assert done.results["plan"] == {"posts": 4, "to_fix": 1, "to_ask": 0}
    assert {post.split(":")[0] for post in desk.states()} == {"tea", "bread"}
    (said,) = desk.said("#ginger")
    assert "2 of 3" in said
    assert "Row 3" in said
    assert "X: " in said
    assert "280" in said
    assert "Row 2" not in said


def test_importing_twice_says_nothing_new_and_changes_nothing(desk: Any) -> None:
    desk.plan("tea", "Ginger tea is back.")
    desk.plan("essay", LONG)
    desk.run("import_calendar")
    before = desk.states(), desk.said("#ginger"), desk.said("#on-call")
    desk.run("import_calendar")
    assert (desk.states(), desk.said("#ginger"), desk.said("#on-call")) == before
    assert len(desk.ask("SELECT import_id FROM desk.calendar_import")) == 1


def test_approvers_are_called_only_when_a_text_waits_for_them(desk: Any) -> None:
    desk.plan("tea", "Ginger tea is back.")
    assert desk.run("import_calendar").tasks["hand_over"] == "skipped"
    desk.plan("poem", "A poem a day.", brand="fern")
    assert desk.run("import_calendar").tasks["hand_over"] == "success"


def test_a_row_of_nobodys_brand_is_told_to_those_on_call(desk: Any) -> None:
    desk.plan("tea", "Ginger tea is back.", brand="gingr")
    assert desk.run("import_calendar").results["plan"]["to_fix"] == 1
    (said,) = desk.said("#on-call")
    assert "Row 2" in said
    assert "gingr" in said


def test_a_silent_slack_holds_up_neither_the_plan_nor_the_approvers(desk: Any) -> None:
    desk.slack_is_away()
    desk.plan("poem", "A poem a day.", brand="fern")
    done = desk.run("import_calendar")
    assert done.tasks == {"plan": "success", "tell": "failed", "is_approval_needed": "success", "hand_over": "success"}
    assert desk.states() == {"poem:facebook_fern": "planned"}


def thread(desk: Any, channel: str) -> list[Any]:
    """What stands in the thread of the channel's first message."""
    slack = desk.box.sandbox.slack
    place = slack.channel_id(channel)
    (first, *_) = slack.history(place)
    return [each.body for each in slack.replies(place, first.ts) if each.ts != first.ts]


def attached(desk: Any, channel: str) -> tuple[str, str]:
    """The one file of the thread: its name and its text."""
    (file,) = [file for body in thread(desk, channel) for file in body.get("files", ())]
    return file["name"], desk.box.sandbox.slack.files[file["id"]].content.decode("utf-8-sig")


def test_the_result_stands_in_tables_with_its_sentences(desk: Any) -> None:
    desk.plan("tea", "Ginger tea is back.")
    desk.plan("essay", LONG)
    desk.run("import_calendar")
    assert desk.ask("SELECT file, rows_ready, rows_to_fix, posts FROM desk.calendar_import") == [
        ("calendar.csv", 1, 1, 2)
    ]
    (found,) = desk.ask("SELECT row, network, is_error, sentence FROM desk.calendar_finding WHERE is_error")
    assert found[:3] == (3, "X", True)
    assert "280" in found[3]


def test_a_corrected_copy_lies_in_the_thread_once(desk: Any) -> None:
    desk.plan("tea", "=Ginger tea is back.")
    desk.plan("essay", LONG)
    for _ in range(2):
        desk.run("import_calendar")
    name, content = attached(desk, "#ginger")
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert name == "calendar-to-fix.csv"
    assert [row["problem"][:3] for row in rows] == ["", "X: "]
    assert rows[0]["text"] == "'=Ginger tea is back."
    (desk.directory / "calendar.csv").write_text(content, encoding="utf-8-sig")
    assert desk.run("import_calendar").results["plan"] == {"posts": 2, "to_fix": 1, "to_ask": 0}
    assert len(desk.said("#ginger")) == 1


def test_a_copy_of_some_rows_is_refused_as_a_plan_for_it_would_cancel_the_others(desk: Any) -> None:
    desk.plan("poem", "A poem a day.", brand="fern")
    desk.plan("essay", LONG)
    desk.run("import_calendar")
    before = desk.states()
    name, content = attached(desk, "#ginger")
    assert name == "calendar-ginger-to-fix.csv"
    assert "A poem a day." not in content
    (desk.directory / "calendar.csv").write_text(content, encoding="utf-8-sig")
    assert desk.run("import_calendar").tasks["plan"] == "failed"
    assert desk.states() == before


def test_of_very_many_mistakes_the_thread_has_every_one(desk: Any) -> None:
    for number in range(30):
        desk.plan(f"essay-{number}", LONG)
    desk.run("import_calendar")
    (said,) = desk.said("#ginger")
    assert "more notes in the thread" in said
    told = str(thread(desk, "#ginger"))
    assert all(f"*Row {number}*" in told for number in range(2, 32))


def test_media_are_measured_once_and_their_facts_kept(desk: Any) -> None:
    Image.new("RGB", (640, 480)).save(desk.directory / "cup.png")
    desk.plan("tea", "Ginger tea is back.", media="cup.png", alt="A cup")
    for _ in range(2):
        desk.run("import_calendar")
    facts = desk.ask("SELECT media->0->'facts'->>'width', media->0->>'public_url' FROM desk.post")
    assert facts == [("640", "")] * 2


def test_a_broken_image_is_told_before_anybody_approves_it(desk: Any) -> None:
    (desk.directory / "cup.png").write_bytes(b"")
    desk.plan("tea", "Ginger tea is back.", media="cup.png", alt="A cup")
    assert desk.run("import_calendar").results["plan"]["to_fix"] == 1
    assert "cup.png is empty (0 bytes)" in desk.said("#ginger")[0]


def test_what_a_row_without_a_brand_keeps_planned_is_told_in_the_brands_own_channel(desk: Any) -> None:
    desk.plan("", "Ginger tea is back.")
    desk.plan("bread", "Ginger bread tomorrow.")
    desk.run("import_calendar")
    desk.rows[0]["brand"] = "gingr"
    desk.write_calendar()
    desk.run("import_calendar")
    (said,) = [words for words in desk.said("#ginger") if "stay planned" in words]
    assert "2 posts of an earlier import may be these" in said
    assert "row 2 names no brand of the desk" in said
    assert "Write the brand into it" in said
    assert set(desk.states().values()) == {"approved"}, "nothing was called off"
    assert not any("stay planned" in words for words in desk.said("#fern"))


def test_a_calendar_that_cannot_be_taken_is_told_to_the_brands_once_and_so_is_its_end(desk: Any) -> None:
    desk.plan("tea", "Ginger tea is back.")
    desk.run("import_calendar")
    (desk.directory / "calendar.csv").write_text("brand,when,text\n", encoding="utf-8")
    for _ in range(2):
        assert desk.run("import_calendar").tasks["plan"] == "failed"
    for channel in ("#ginger", "#fern"):
        (said,) = [words for words in desk.said(channel) if "could not be taken" in words]
        assert "all that was planned stays planned" in said
        assert 'there is no column "accounts"' in said
        assert "read again within a quarter of an hour" in said
    desk.write_calendar()
    desk.run("import_calendar")
    (said,) = [words for words in desk.said("#fern") if "could not be taken" in words]
    assert "Over after" in said


def test_a_column_that_nobody_reads_is_told_to_the_brands_whose_rows_may_need_it(desk: Any) -> None:
    desk.plan("tea", "Ginger tea is back.", colour="green")
    desk.run("import_calendar")
    assert '"colour": this column is not read' in "".join(desk.said("#ginger"))
    assert desk.said("#fern") == []
