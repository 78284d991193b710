"""`import_calendar`: rows become planned posts, and Slack hears what is to be mended."""

from typing import Any

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
    assert "2 planned" in ginger
    assert "1 planned" in fern
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
