"""What people agreed to is done: once, on that very text, and taken back when somebody wants it back."""

import pytest
from sqlalchemy import Engine

from include.domain import CredentialsDead, OutcomeUnknown, Refused, TryLater
from include.domain.moderation import Answers, Rule
from include.listening import actions, attending
from include.listening.proposing import Judge, judge_new
from tests.listening.acting import MEKONG, NOW, Desk, ask, edits, rows, says

HIDE = Rule("spam", contains=("casino",), hide=True)
ANSWER = Rule("late", contains=("late",), draft="sorry")
ANSWERS = Answers({("*", "sorry", "en"): "Sorry!", ("*", "sorry", "lo"): "ຂໍອະໄພ"})


@pytest.fixture
def desk(engine: Engine) -> Desk:
    return Desk(engine)


def agreed(desk: Desk, words: str, *rules: Rule, by_hand: bool = False) -> str:
    """A comment that a rule caught, and a person's yes; gives the message's key."""
    says(desk.engine, "c1", words)
    able = () if by_hand else ("hide", "answer")
    judge_new(desk.engine, Judge([MEKONG], rules, ANSWERS, {"facebook_mekong": able}), now=NOW)
    ((key,),) = set(rows(desk.engine, "message_key"))
    actions.decide(desk.engine, key, is_yes=True, by="noy", now=NOW)
    return str(key)


def test_a_comment_is_hidden_and_shown_again_when_somebody_wants_it_back(desk: Desk) -> None:
    key = agreed(desk, "casino", HIDE)
    assert desk.carry_out() == {"applied": 1}
    assert desk.network.hidden == {"c1"}
    assert ask(desk.engine, "SELECT hidden FROM desk.comment") == [(True,)]
    assert actions.want_undone(desk.engine, key, by="noy", now=desk.now) == 1
    assert desk.carry_out() == {"undone": 1}
    assert desk.network.hidden == set()
    assert rows(desk.engine, "state, before, after, decided_by, undone_by") == [
        ("undone", "shown", "hidden", "noy", "noy")
    ]
    assert actions.want_undone(desk.engine, key, by="noy", now=desk.now) == 0


def test_nothing_is_done_that_nobody_agreed_to_and_a_no_ends_it(desk: Desk) -> None:
    says(desk.engine, "c1", "casino")
    judge_new(desk.engine, Judge([MEKONG], [HIDE], able={"facebook_mekong": ("hide",)}), now=NOW)
    assert desk.carry_out() == {}
    ((key,),) = rows(desk.engine, "message_key")
    assert actions.decide(desk.engine, key, is_yes=False, by="noy", now=NOW) == 1
    assert actions.decide(desk.engine, key, is_yes=True, by="ren", now=NOW) == 0, "the first answer counts"
    desk.carry_out()
    assert rows(desk.engine) == [("hide", "rejected")]
    assert desk.network.calls == []


def test_a_proposal_that_nobody_answers_ends(desk: Desk) -> None:
    says(desk.engine, "c1", "casino")
    judge_new(desk.engine, Judge([MEKONG], [HIDE]), now=NOW)
    desk.later(days=3, minutes=1)
    desk.carry_out()
    ((key, state),) = rows(desk.engine, "message_key, state")
    assert state == "expired"
    assert actions.decide(desk.engine, key, is_yes=True, by="noy", now=desk.now) == 0


@pytest.mark.parametrize("what", ["edited", "gone"])
def test_a_comment_that_was_edited_or_deleted_since_is_left_alone(desk: Desk, what: str) -> None:
    agreed(desk, "so late", ANSWER)
    if what == "edited":
        edits(desk.engine, "c1", "not late at all")
    else:
        with desk.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE desk.comment SET gone_at = now()")
    assert desk.carry_out() == {"failed": 1}
    assert desk.network.calls == []
    ((note,),) = rows(desk.engine, "note")
    assert what in note


def test_an_answer_is_sent_once_and_closes_the_case(desk: Desk) -> None:
    agreed(desk, "so late", ANSWER)
    desk.carry_out()
    desk.carry_out()
    assert list(desk.network.answers.values()) == [("c1", "Sorry!")]
    assert rows(desk.engine, "state, remote_id, url, fence") == [
        ("applied", "answer0", "https://network.example/answer0", 1)
    ]
    assert ask(desk.engine, "SELECT closed_by FROM desk.comment_case") == [("noy",)]


def test_an_answer_whose_outcome_is_lost_is_looked_up_and_never_sent_again(desk: Desk) -> None:
    agreed(desk, "so late", ANSWER)
    desk.network.after, desk.network.fails = True, [OutcomeUnknown("The line broke.")]
    assert desk.carry_out() == {"unknown": 1}
    desk.carry_out()
    assert rows(desk.engine, "state, remote_id") == [("applied", "answer0")]
    assert len(desk.network.answers) == 1


def test_an_answer_that_is_surely_not_there_is_sent_again(desk: Desk) -> None:
    agreed(desk, "so late", ANSWER)
    desk.network.fails = [OutcomeUnknown("The line broke.")]
    desk.carry_out()
    desk.carry_out()
    assert rows(desk.engine) == [("answer", "unknown")], "its lists may lag: a first absence proves nothing"
    desk.later(minutes=1)
    desk.carry_out()
    assert rows(desk.engine) == [("answer", "unknown")]
    desk.later(minutes=2)
    desk.carry_out()
    desk.carry_out()
    assert rows(desk.engine, "state, fence") == [("applied", 2)]
    assert len(desk.network.answers) == 1


def test_a_process_that_died_while_sending_leaves_it_to_be_looked_up(desk: Desk) -> None:
    agreed(desk, "so late", ANSWER)
    (row,) = actions.in_states(desk.engine, "approved")
    assert actions.begin_sending(desk.engine, row, now=desk.now) is not None
    assert actions.begin_sending(desk.engine, row, now=desk.now) is None, "one process alone may send it"
    desk.carry_out()
    assert desk.network.calls == []
    desk.later(minutes=6)
    desk.carry_out()
    assert desk.network.calls == ["find"]


def test_a_bug_of_ours_during_the_call_counts_as_unknown(desk: Desk) -> None:
    agreed(desk, "so late", ANSWER)
    desk.network.after, desk.network.fails = True, [KeyError("id")]
    desk.carry_out()
    assert rows(desk.engine) == [("answer", "unknown")]
    desk.carry_out()
    assert rows(desk.engine) == [("answer", "applied")]
    assert len(desk.network.answers) == 1


def test_what_cannot_be_found_out_in_an_hour_is_left_to_a_person(desk: Desk) -> None:
    agreed(desk, "so late", ANSWER)
    desk.network.fails = [OutcomeUnknown("The line broke."), TryLater("Busy.", wait_s=60), TryLater("Busy.", wait_s=60)]
    desk.carry_out()
    desk.carry_out()
    assert rows(desk.engine) == [("answer", "unknown")]
    desk.later(minutes=61)
    desk.carry_out()
    ((state, note),) = rows(desk.engine, "state, note")
    assert state == "failed"
    assert "may be out or not" in note


def test_what_answers_another_comment_in_the_same_words_is_not_taken_for_this_ones(desk: Desk) -> None:
    agreed(desk, "so late", ANSWER)
    desk.carry_out()
    says(desk.engine, "c2", "late too")
    judge_new(desk.engine, Judge([MEKONG], [ANSWER], ANSWERS, {"facebook_mekong": ("answer",)}), now=NOW)
    (other,) = actions.in_states(desk.engine, "proposed")
    actions.decide(desk.engine, other.message_key, is_yes=True, by="noy", now=NOW)
    desk.network.fails = [OutcomeUnknown("The line broke.")]
    desk.carry_out()
    desk.network.answers["answer0"] = ("c2", "Sorry!")  # a flat thread: the network gives the first answer for it
    desk.carry_out()
    assert rows(desk.engine, "comment_id, state") == [("c1", "applied"), ("c2", "unknown")]
    says(desk.engine, "c3", "casino")
    unasked = Rule("spam", contains=("casino",), hide=True, needs_approval=False)
    judge_new(desk.engine, Judge([MEKONG], [unasked], able={"facebook_mekong": ("hide",)}), now=NOW)
    assert desk.carry_out() == {"waits": 1, "applied": 1}, "an unclear answer does not hold up what else is to be done"
    desk.later(minutes=61)
    desk.carry_out()
    (_, (state, note), _) = rows(desk.engine, "state, note")
    assert state == "failed"
    assert "answers another comment" in note


@pytest.mark.parametrize("flat", [True, False])
def test_one_answer_is_not_taken_for_that_of_two_comments_whose_answers_were_lost(desk: Desk, flat: bool) -> None:
    unasked, able = (
        Rule("late", contains=("late",), draft="sorry", needs_approval=False),
        {"facebook_mekong": ("answer",)},
    )
    desk.network.flat = flat
    for number, is_out in enumerate((False, True)):
        says(desk.engine, f"c{number}", "so late")
        judge_new(desk.engine, Judge([MEKONG], [unasked], ANSWERS, able), now=NOW)
        for row in actions.in_states(desk.engine, "approved"):
            actions.begin_sending(desk.engine, row, now=desk.now)
        if is_out:
            desk.network.answers["answer0"] = ("c1", "Sorry!")
    desk.later(minutes=6)
    desk.carry_out()
    said = [("c0", "unknown"), ("c1", "unknown")] if flat else [("c0", "unknown"), ("c1", "applied")]
    assert rows(desk.engine, "comment_id, state") == said
    desk.later(minutes=61)
    desk.carry_out()
    desk.carry_out()
    lost = [note for (note,) in rows(desk.engine, "note") if "may be out or not" in (note or "")]
    assert len(lost) == (2 if flat else 0), "a person looks"


def test_a_network_that_asks_to_wait_is_asked_again_later_and_a_refusal_is_final(desk: Desk) -> None:
    agreed(desk, "so late", ANSWER)
    desk.network.fails = [TryLater("Too many requests.", wait_s=300)]
    desk.carry_out()
    assert rows(desk.engine, "state, sent_at, note") == [("approved", None, "Too many requests.")]
    desk.later(minutes=4)
    desk.carry_out()
    assert desk.network.calls == ["answer"]
    desk.later(minutes=2)
    desk.network.fails = [Refused("Comments are closed.")]
    desk.carry_out()
    assert rows(desk.engine, "state, note") == [("failed", "Comments are closed.")]


def test_a_dead_token_stops_its_account_and_no_other(desk: Desk) -> None:
    agreed(desk, "casino", HIDE)
    says(desk.engine, "c2", "casino", account="x_mekong")
    judge = Judge([MEKONG], [HIDE], able={"x_mekong": ("hide",)})
    judge_new(desk.engine, judge, now=NOW)
    for (key,) in rows(desk.engine, "message_key"):
        actions.decide(desk.engine, key, is_yes=True, by="noy", now=NOW)
    desk.network.fails = [CredentialsDead("The token is gone.")]
    assert desk.carry_out() == {"waits": 1, "applied": 1}
    assert rows(desk.engine, "account, state") == [("facebook_mekong", "approved"), ("x_mekong", "applied")]


def test_an_account_that_bids_us_wait_is_asked_nothing_more_in_that_run(desk: Desk) -> None:
    for number in range(3):
        says(desk.engine, f"c{number}", "casino")
    unasked = Rule("spam", contains=("casino",), hide=True, needs_approval=False)
    judge_new(desk.engine, Judge([MEKONG], [unasked], able={"facebook_mekong": ("hide",)}), now=NOW)
    desk.network.fails = [TryLater("Too many requests.", wait_s=60)]
    assert desk.carry_out() == {"waits": 1}
    assert desk.network.calls == ["hide"]
    desk.later(minutes=2)
    assert desk.carry_out() == {"applied": 3}


def test_a_lost_answer_stops_its_account_for_that_run(desk: Desk) -> None:
    for number in range(3):
        says(desk.engine, f"c{number}", "so late")
    unasked = Rule("late", contains=("late",), draft="sorry", needs_approval=False)
    judge_new(desk.engine, Judge([MEKONG], [unasked], ANSWERS, {"facebook_mekong": ("answer",)}), now=NOW)
    desk.network.fails = [OutcomeUnknown("The line broke.") for _ in range(3)]
    assert desk.carry_out() == {"unknown": 1}
    assert desk.network.calls == ["answer"], "the others are not sent into an outage"


def test_a_label_that_was_there_before_stays_when_the_rules_are_taken_back(desk: Desk) -> None:
    attending.label(desk.engine, "facebook_mekong", "c1", "mekong", {"delivery"}, now=NOW)
    key = agreed(desk, "so late", Rule("late", contains=("late",), labels=("delivery", "angry")))
    desk.carry_out()
    actions.want_undone(desk.engine, key, by="noy", now=desk.now)
    desk.carry_out()
    assert ask(desk.engine, "SELECT labels FROM desk.comment_case") == [(["delivery"],)]


def test_an_answer_is_taken_down_where_the_network_can_and_said_where_not(desk: Desk) -> None:
    key = agreed(desk, "so late", ANSWER)
    desk.carry_out()
    desk.takes_down = False
    actions.want_undone(desk.engine, key, by="noy", now=desk.now)
    assert desk.carry_out() == {"cannot be undone": 1}
    ((state, note),) = rows(desk.engine, "state, note")
    assert state == "applied"
    assert "https://network.example/answer0" in note

    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE desk.moderation_action SET undone_by = NULL")
    desk.takes_down = True
    actions.want_undone(desk.engine, key, by="noy", now=desk.now)
    assert desk.carry_out() == {"undone": 1}
    assert desk.network.answers == {}
    assert ask(desk.engine, "SELECT closed_by FROM desk.comment_case") == [(None,)]


def test_labels_and_persons_are_set_and_taken_back_and_others_labels_stay(desk: Desk) -> None:
    rule = Rule("late", contains=("late",), labels=("delivery", "angry"), assign="noy")
    key = agreed(desk, "so late", rule)
    desk.carry_out()
    seen = "SELECT labels, assigned_to FROM desk.comment_case"
    assert ask(desk.engine, seen) == [(["angry", "delivery"], "noy")]
    with desk.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE desk.comment_case SET labels = labels || '[\"vip\"]'::jsonb")
    actions.want_undone(desk.engine, key, by="noy", now=desk.now)
    desk.carry_out()
    assert ask(desk.engine, seen) == [(["vip"], None)]


def test_what_the_network_cannot_do_is_done_by_hand_on_a_persons_word(desk: Desk) -> None:
    key = agreed(desk, "casino", HIDE, by_hand=True)
    assert rows(desk.engine, "state, note") == [("applied", "Done by hand, says noy.")]
    desk.carry_out()
    actions.want_undone(desk.engine, key, by="noy", now=desk.now)
    desk.carry_out()
    assert desk.network.calls == []
    ((state, note),) = rows(desk.engine, "state, note")
    assert state == "undone"
    assert "by hand" in note


def test_a_reworded_answer_is_what_is_sent(desk: Desk) -> None:
    says(desk.engine, "c1", "so late")
    judge_new(desk.engine, Judge([MEKONG], [ANSWER], ANSWERS, {"facebook_mekong": ("answer",)}), now=NOW)
    ((key,),) = rows(desk.engine, "message_key")
    assert actions.reword(desk.engine, key, "We call you.", by="noy")
    actions.decide(desk.engine, key, is_yes=True, by="noy", now=NOW)
    assert not actions.reword(desk.engine, key, "Too late.", by="noy")
    desk.carry_out()
    assert list(desk.network.answers.values()) == [("c1", "We call you.")]


@pytest.mark.parametrize("held", ["mekong", "facebook_mekong"])
def test_while_a_brand_is_on_hold_only_what_a_person_said_goes_out(desk: Desk, held: str) -> None:
    agreed(desk, "so late", ANSWER)
    says(desk.engine, "c2", "so late too")
    unasked = Rule("late", contains=("late",), draft="sorry", needs_approval=False)
    judge_new(desk.engine, Judge([MEKONG], [unasked], ANSWERS, {"facebook_mekong": ("answer",)}), now=NOW)
    desk.on_hold = frozenset({held})
    desk.carry_out()
    assert [to for to, _ in desk.network.answers.values()] == ["c1"]
    desk.on_hold = frozenset()
    desk.later(minutes=10)
    desk.carry_out()
    assert [to for to, _ in desk.network.answers.values()] == ["c1", "c2"]
