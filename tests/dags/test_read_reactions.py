"""`read_reactions`: what people answer in Slack counts, once, for the text that they saw."""

from dataclasses import replace
from typing import Any

import pytest

YES, NO = "white_check_mark", "hand"


@pytest.fixture
def poem(desk: Any, answers_in_slack: None) -> None:
    """A text of Fern Books, put before its approvers in Slack."""
    desk.plan("poem", "A poem a day.", brand="fern", accounts="facebook", campaign="spring")
    desk.run("import_calendar")
    desk.run("request_approval", marked="ask")


def look(desk: Any) -> dict[str, int]:
    return dict(desk.run("read_reactions").results["read_answers"])


pytestmark = pytest.mark.usefixtures("poem")
FERN = "#fern"


def test_a_text_is_shown_as_it_will_read_with_how_to_answer(desk: Any) -> None:
    (said,) = [words for words in desk.said(FERN) if "your yes" in words]
    assert "A poem a day." in said
    assert "Fern Books · Facebook" in said
    assert "Campaign: spring" in said
    assert said.index("✅ approve · ✋ reject") < said.index("Or answer in Airflow")
    assert "aoi or ren" in said


def test_a_yes_is_kept_with_who_and_when_and_the_message_says_so(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    assert look(desk) == {"asked": 1, "answered": 1}
    assert desk.ask("SELECT decision, decided_by, note FROM desk.approval") == [("approved", "aoi", "in Slack")]
    assert desk.states() == {"poem:facebook_fern": "approved"}
    (message,) = desk.messages(FERN, "approved by aoi")
    assert "your yes" not in message.body["text"]
    asked = desk.asked_of_slack()
    assert look(desk)["answered"] == 0
    assert desk.asked_of_slack() == asked + 1, "one look into the channel, and nothing is said again"
    desk.an_hour_passes()
    desk.run("publish_posts")
    assert desk.live() == [("facebook_fern", "A poem a day.")]


def test_a_no_wins_over_a_yes_and_says_so(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    desk.reacts("ren", NO, FERN, "your yes")
    look(desk)
    assert desk.states() == {"poem:facebook_fern": "planned"}
    assert desk.ask("SELECT decision, decided_by FROM desk.approval") == [("rejected", "ren")]
    (reply,) = desk.thread(FERN, "rejected by ren")
    assert "✋ wins" in reply
    look(desk)
    assert len(desk.thread(FERN, "rejected by ren")) == 1


def test_a_no_after_the_yes_was_read_still_stops_it(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    desk.reacts("ren", NO, FERN, "approved by aoi")
    look(desk)
    assert desk.states() == {"poem:facebook_fern": "planned"}
    assert "ren said ✋ after aoi had approved it" in desk.thread(FERN, "rejected by ren")[0]


def test_a_no_to_what_is_out_is_told_to_be_too_late(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    desk.an_hour_passes()
    desk.run("publish_posts")
    desk.reacts("ren", NO, FERN, "approved by aoi")
    look(desk)
    look(desk)
    (reply,) = desk.thread(FERN, "approved by aoi")
    assert "ren, your answer does not count. Post poem:facebook_fern is live already" in reply
    assert desk.ask("SELECT decision FROM desk.approval") == [("approved",)]


def test_others_do_not_count_and_are_told_once(desk: Any) -> None:
    desk.reacts("guest", YES, FERN, "your yes")
    look(desk)
    look(desk)
    assert desk.states() == {"poem:facebook_fern": "planned"}
    (reply,) = desk.thread(FERN, "your yes")
    assert "Only the brand's approvers can answer here: aoi or ren." in reply


def test_a_reaction_taken_back_before_it_was_read_changes_nothing(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    desk.takes_back("aoi", YES, FERN, "your yes")
    look(desk)
    assert desk.ask("SELECT decision FROM desk.approval") == [("asked",)]
    assert desk.thread(FERN, "your yes") == []


def test_a_reaction_taken_back_after_it_was_read_is_told_to_be_too_late(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    desk.takes_back("aoi", YES, FERN, "approved by aoi")
    look(desk)
    look(desk)
    assert desk.states() == {"poem:facebook_fern": "approved"}
    (reply,) = desk.thread(FERN, "approved by aoi")
    assert "took ✅ back, but it was read already" in reply


def test_an_answer_to_a_text_that_was_edited_meanwhile_is_refused_in_words_once(desk: Any) -> None:
    desk.rows[0]["text"] = "A poem a week."
    desk.write_calendar()
    desk.run("import_calendar")
    desk.run("request_approval", marked="ask")
    look(desk)
    assert len(desk.messages(FERN, "edited meanwhile")) == 1
    assert "A poem a week." in desk.said(FERN)[-1]
    desk.reacts("aoi", YES, FERN, "edited meanwhile")
    look(desk)
    look(desk)
    (reply,) = desk.thread(FERN, "edited meanwhile")
    assert "aoi, your answer does not count." in reply
    assert "was edited after it was put before you" in reply
    assert desk.states() == {"poem:facebook_fern": "planned"}
    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    assert desk.states() == {"poem:facebook_fern": "approved"}


def test_a_text_that_is_edited_back_is_asked_about_anew(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    for words in ("A poem a week.", "A poem a day."):
        desk.rows[0]["text"] = words
        desk.write_calendar()
        desk.run("import_calendar")
    desk.run("request_approval", marked="ask")
    look(desk)
    assert desk.states() == {"poem:facebook_fern": "planned"}, "the old ✅ was said of the old question"
    desk.reacts("ren", YES, FERN, "your yes")
    look(desk)
    assert desk.states() == {"poem:facebook_fern": "approved"}


def test_an_answer_in_airflow_is_told_in_slack_and_the_other_way_round_harmless(desk: Any) -> None:
    from include.orchestration import approving  # noqa: PLC0415 - imports Airflow

    ((post_id, content_hash),) = desk.ask("SELECT post_id, content_hash FROM desk.approval")
    question = {"post_id": post_id, "content_hash": content_hash}
    yes = {"chosen_options": ["Approve"], "responded_by_user": {"id": "ren", "name": "ren"}}
    assert approving.keep_answer(question, yes) == "approved"
    assert desk.messages(FERN, "approved by ren")
    assert approving.keep_answer(question, {**yes, "responded_by_user": {"name": "aoi"}}) == "approved"
    assert approving.keep_answer(question, {**yes, "responded_by_user": None}) == "approved"
    assert desk.ask("SELECT decision, decided_by FROM desk.approval") == [("approved", "ren")]
    look(desk)
    assert desk.thread(FERN, "approved by ren") == [], "nobody took a reaction back that nobody gave"


def test_a_no_in_slack_stands_against_a_later_yes_in_airflow(desk: Any) -> None:
    from include.orchestration import approving  # noqa: PLC0415 - imports Airflow

    desk.reacts("ren", NO, FERN, "your yes")
    look(desk)
    ((post_id, content_hash),) = desk.ask("SELECT post_id, content_hash FROM desk.approval")
    yes = {"chosen_options": ["Approve"], "responded_by_user": {"id": "aoi", "name": "aoi"}}
    said = approving.keep_answer({"post_id": post_id, "content_hash": content_hash}, yes)
    assert "ren rejected the text" in said
    assert desk.states() == {"poem:facebook_fern": "planned"}


def test_a_question_that_ran_out_says_so_and_an_answer_comes_too_late(desk: Any) -> None:
    desk.change("UPDATE desk.approval SET expires_at = now() - interval '6 minutes'")
    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    (reply,) = desk.thread(FERN, "nobody answered in time")
    assert "your answer does not count" in reply
    assert desk.states() == {"poem:facebook_fern": "planned"}


def test_a_row_that_is_gone_ends_its_question(desk: Any) -> None:
    desk.rows.clear()
    desk.plan("other", "Something else.", brand="fern", accounts="facebook", status="draft")
    desk.run("import_calendar")
    look(desk)
    assert desk.messages(FERN, "called off")


def test_where_nothing_is_asked_slack_is_not_asked(desk: Any) -> None:
    desk.change("DELETE FROM desk.approval")
    before = desk.asked_of_slack()
    assert look(desk) == {"asked": 0, "answered": 0}
    assert desk.asked_of_slack() == before


def test_a_throttled_slack_is_read_a_minute_later(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    desk.fails(platform="slack", kind="status", status=429, retry_after=60)
    done = desk.run("read_reactions")
    assert (done.state, done.results["read_answers"]) == ("success", {"asked": 1, "answered": 0})
    assert look(desk)["answered"] == 1


def test_a_message_that_somebody_deleted_stops_nothing_else(desk: Any) -> None:
    (message,) = desk.messages(FERN, "your yes")
    del desk.box.sandbox.slack.messages[message.channel, message.ts]
    assert look(desk) == {"asked": 1, "answered": 0}


def test_an_answer_just_before_the_end_that_is_read_just_after_counts(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    desk.change("UPDATE desk.approval SET expires_at = now() - interval '1 minute'")
    look(desk)
    assert desk.states() == {"poem:facebook_fern": "approved"}


def test_a_no_stops_an_approved_text_however_long_ago_it_was_approved(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    ((key,),) = desk.ask("SELECT message_key FROM desk.message WHERE message_key LIKE 'approval:%'")
    then = "now() - interval '9 days'"
    desk.change(
        f"UPDATE desk.approval SET asked_at = {then}, decided_at = {then}",
        f"UPDATE desk.message SET sent_at = {then}",
        "UPDATE desk.message SET message_key = (SELECT 'approval:' || content_hash || ':' ||"
        " to_char(asked_at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISS') || ':' || post_id FROM desk.approval)"
        f" WHERE message_key = '{key}'",
    )
    desk.reacts("ren", NO, FERN, "approved by aoi")
    look(desk)
    assert desk.states() == {"poem:facebook_fern": "planned"}


def test_who_changes_a_yes_to_a_no_is_told_one_thing(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    desk.takes_back("aoi", YES, FERN, "approved by aoi")
    desk.reacts("aoi", NO, FERN, "approved by aoi")
    look(desk)
    (reply,) = desk.thread(FERN, "rejected by aoi")
    assert "✋ wins" in reply


def test_a_channel_that_cannot_be_read_silences_no_other(desk: Any) -> None:
    desk.plan("tea", "Tea.", brand="fern", accounts="facebook")
    desk.run("import_calendar")
    desk.run("request_approval", marked="ask")
    desk.reacts("aoi", YES, FERN, "A poem a day.")
    gone = "UPDATE desk.message SET channel = 'C0GONE0001' WHERE message_key LIKE 'approval:%tea%'"
    desk.change(gone, "UPDATE desk.message SET sent_at = sent_at - interval '1 hour' WHERE channel = 'C0GONE0001'")
    done = desk.run("read_reactions")
    assert done.state == "failed", "and it is said"
    assert desk.states()["poem:facebook_fern"] == "approved"


def test_a_long_thread_is_shown_whole_before_a_yes_counts(desk: Any) -> None:
    desk.rows[0]["text"] = "A poem a day. " * 700
    desk.write_calendar()
    desk.run("import_calendar")
    desk.run("request_approval", marked="ask")
    desk.reacts("aoi", YES, FERN, "your yes by")
    desk.fails(platform="slack", kind="status", status=400, endpoint="chat.postMessage")
    desk.run("read_reactions")
    assert desk.states() == {"poem:facebook_fern": "planned"}
    look(desk)
    assert any("A poem a day." in reply for reply in desk.thread(FERN, "approved by aoi"))
    assert desk.states() == {"poem:facebook_fern": "approved"}


def test_an_approved_text_whose_row_was_taken_out_reads_as_called_off(desk: Any) -> None:
    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    desk.change("UPDATE desk.approval SET decided_at = now() - interval '3 days'")  # long before the row is taken out
    desk.plan("prose", "No poem.", brand="fern", accounts="facebook")
    del desk.rows[0]
    desk.write_calendar()
    desk.run("import_calendar")
    look(desk)
    assert desk.messages(FERN, "approved by aoi") == []
    (said,) = [words for words in desk.said(FERN) if "called off" in words and "A poem a day." in words]
    assert "It is no longer in the calendar." in said


def test_other_approvers_in_brands_yml_take_nothing_back_and_scold_nobody(
    desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.orchestration import doors  # noqa: PLC0415 - imports Airflow

    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    before, read = desk.thread(FERN, "approved by aoi"), doors.brands
    others = {"approvers": ("ren",), "slack_ids": {"ren": "U0REN00001"}}
    monkeypatch.setattr(doors, "brands", lambda: [replace(b, **others) if b.key == "fern" else b for b in read()])
    look(desk)
    assert desk.thread(FERN, "approved by aoi") == before
    desk.reacts("aoi", NO, FERN, "approved by aoi")
    look(desk)
    (reply,) = desk.thread(FERN, "approved by aoi")
    assert "Only the brand's approvers can answer here: ren." in reply, "who means to stop it is told"
    assert desk.states() == {"poem:facebook_fern": "approved"}


def test_a_question_that_somebody_deleted_is_asked_anew_and_a_settled_one_forgotten(desk: Any) -> None:
    slack = desk.box.sandbox.slack
    slack.messages.clear()
    look(desk)
    look(desk)
    assert len(desk.messages(FERN, "your yes")) == 1
    desk.reacts("aoi", YES, FERN, "your yes")
    look(desk)
    slack.messages.clear()
    look(desk)
    asked = desk.asked_of_slack()
    look(desk)
    assert desk.said(FERN) == []
    assert desk.asked_of_slack() == asked, "what is gone and settled is not asked for each minute"
    assert desk.states() == {"poem:facebook_fern": "approved"}
