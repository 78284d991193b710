"""`request_approval`: one question per text, and what becomes of the answers."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

Answer = Callable[..., str]


@pytest.fixture
def ask(desk: Any) -> Callable[[], list[dict[str, Any]]]:
    """Run the DAG but for its wait, which nobody here would end; gives the questions."""

    def run() -> list[dict[str, Any]]:
        return list(desk.run("request_approval", marked="ask").results["texts_to_ask_about"])

    return run


@pytest.fixture
def answer() -> Answer:
    """Let somebody answer a question in Airflow's form, or (`None`) let its time run out."""
    from include.orchestration.questions import ApprovalQuestion  # noqa: PLC0415 - imports Airflow

    def give(question: dict[str, Any], option: str, person: str | None = "aoi") -> str:
        event = {
            "chosen_options": [option],
            "params_input": {},
            "responded_at": datetime.now(UTC),
            "responded_by_user": person and {"id": person, "name": person},
            "timedout": person is None,
        }
        return ApprovalQuestion(task_id="ask", question=question).execute_complete({}, event)

    return give


@pytest.fixture
def poem(desk: Any) -> None:
    """A text of Fern Books, which wants to see its posts first."""
    desk.plan("poem", "A poem a day.", brand="fern")
    desk.run("import_calendar")


@pytest.mark.usefixtures("poem")
def test_a_text_is_asked_about_once_and_slack_says_who_is_waited_for(desk: Any, ask: Any) -> None:
    (question,) = ask()
    assert question["approvers"] == ["aoi"]
    assert "A poem a day." in question["body"]
    assert "Fern Books" in question["subject"]
    (told,) = [words for words in desk.said("#fern") if "your yes" in words]
    assert "A poem a day." in told
    assert "/required_actions" in told
    assert ask() == []
    assert desk.run("import_calendar").tasks["hand_over"] == "skipped"


@pytest.mark.usefixtures("poem")
def test_a_yes_is_kept_by_name_and_lets_that_text_out(desk: Any, ask: Any, answer: Answer) -> None:
    (question,) = ask()
    assert answer(question, "Approve") == "approved"
    assert desk.ask("SELECT decision, decided_by FROM desk.approval") == [("approved", "aoi")]
    assert desk.states() == {"poem:facebook_fern": "approved"}
    desk.an_hour_passes()
    desk.run("publish_posts")
    assert desk.live() == [("facebook_fern", "A poem a day.")]


@pytest.mark.usefixtures("poem")
@pytest.mark.parametrize(("person", "kept"), [("aoi", "rejected"), (None, "expired")])
def test_a_no_or_no_answer_keeps_it_in(desk: Any, ask: Any, answer: Answer, person: str | None, kept: str) -> None:
    (question,) = ask()
    if person is None:
        desk.change("UPDATE desk.approval SET expires_at = now() - interval '6 minutes'")
    assert answer(question, "Reject", person) == kept
    assert desk.ask("SELECT decision, decided_by FROM desk.approval") == [(kept, person)]
    desk.an_hour_passes()
    assert desk.run("publish_posts").results["send_what_is_due"] == {}
    assert desk.states() == {"poem:facebook_fern": "planned"}


@pytest.mark.usefixtures("poem")
def test_a_yes_to_a_text_that_was_edited_meanwhile_is_refused_in_words(desk: Any, ask: Any, answer: Answer) -> None:
    (question,) = ask()
    desk.rows[0]["text"] = "A poem a week."
    desk.write_calendar()
    desk.run("import_calendar")
    said = answer(question, "Approve")
    assert "edited after it was put before you" in said
    assert [said in words for words in desk.said("#on-call")] == [True]
    assert desk.states() == {"poem:facebook_fern": "planned"}
    (anew,) = ask()
    assert "A poem a week." in anew["body"]
    assert answer(anew, "Approve") == "approved"


@pytest.mark.usefixtures("poem")
def test_a_question_that_nobody_answered_is_put_again_while_there_is_time(desk: Any, ask: Any, answer: Answer) -> None:
    (question,) = ask()
    desk.change("UPDATE desk.approval SET expires_at = now() - interval '6 minutes'")
    answer(question, "Reject", None)
    assert [each["post_id"] for each in ask()] == ["poem:facebook_fern"]


@pytest.mark.usefixtures("poem")
def test_a_question_that_has_just_ended_here_may_still_be_answered_by_what_slack_has(
    desk: Any, ask: Any, answer: Answer
) -> None:
    (question,) = ask()
    desk.change("UPDATE desk.approval SET expires_at = now() - interval '1 minute'")
    assert answer(question, "Reject", None) == "asked"
    assert ask() == []
