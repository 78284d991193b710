"""New comments held against the rules: what is proposed, what is noted, and that nothing is twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert

from include.domain.moderation import Answers, Often, Rule
from include.listening.proposing import Found, Judge, judge_new
from include.warehouse.tables import comment_read
from tests.listening.acting import MEKONG, NOW, ask, edits, rows, says

SPAM = Rule("spam", contains=("casino",), hide=True, labels=("spam",))
LATE = Rule("late", contains=("late",), draft="sorry")
PRICE = Rule("price", contains=("how much",), lead="price")
ANSWERS = Answers(
    {("mekong", "sorry", "lo"): "ຂໍອະໄພ {phone} – {brand}", ("*", "sorry", "en"): "Sorry! {phone} – {brand}, {network}"},
    {"*": {"phone": "none"}, "mekong": {"phone": "+856 20"}},
)


def judged(engine: Engine, *rules: Rule, able: tuple[str, ...] = ("hide", "answer"), **more: Any) -> Found:
    by = Judge([MEKONG], rules, ANSWERS, {"facebook_mekong": able}, **more)
    return judge_new(engine, by, now=NOW)


def test_what_a_rule_wants_is_proposed_once(engine: Engine) -> None:
    says(engine, "c1", "Win at our CASINO")
    says(engine, "c2", "Lovely coffee")
    found = judged(engine, SPAM)
    assert (found.judged, found.proposed) == (2, 2)
    assert rows(engine, "comment_id, rule, what, before, after, state, by_hand") == [
        ("c1", "spam", "hide", "shown", "hidden", "proposed", False),
        ("c1", "spam", "label", "", "spam", "proposed", False),
    ]
    assert judged(engine, SPAM).judged == 0
    assert len(rows(engine)) == 2


def test_an_edited_comment_is_judged_anew_and_what_was_asked_about_its_old_text_ends(engine: Engine) -> None:
    says(engine, "c1", "casino one")
    judged(engine, SPAM)
    edits(engine, "c1", "casino two")
    assert judged(engine, SPAM).judged == 1
    assert rows(engine, "what, state, note") == [
        ("hide", "expired", "It was edited since."),
        ("label", "expired", "It was edited since."),
        ("hide", "proposed", None),
        ("label", "proposed", None),
    ]


def test_what_was_asked_ends_also_where_the_new_text_is_harmless(engine: Engine) -> None:
    says(engine, "c1", "casino one")
    judged(engine, SPAM)
    edits(engine, "c1", "Lovely coffee")
    judged(engine, SPAM)
    assert rows(engine) == [("hide", "expired"), ("label", "expired")]


def test_who_edits_there_and_back_does_not_get_away(engine: Engine) -> None:
    says(engine, "c1", "casino one")
    for words in ("casino one", "Lovely coffee", "casino one"):
        edits(engine, "c1", words)
        judged(engine, SPAM)
    assert rows(engine) == [("hide", "expired"), ("label", "expired"), ("hide", "proposed"), ("label", "proposed")]


def test_the_same_for_many_comments_is_asked_together(engine: Engine) -> None:
    for number in range(22):
        says(engine, f"c{number:02}", f"casino {number}")
    for number in range(3):
        says(engine, f"d{number}", f"So late again {number}", language="en" if number else "lo")
    judged(engine, SPAM, LATE)
    messages = ask(
        engine,
        "SELECT count(DISTINCT comment_id), min(what) FROM desk.moderation_action GROUP BY message_key ORDER BY 1, 2",
    )
    assert messages == [(1, "answer"), (2, "answer"), (2, "hide"), (20, "hide")]


def test_a_draft_is_in_the_comments_language_filled_and_only_one_a_comment(engine: Engine) -> None:
    says(engine, "c1", "late ຊ້າ", language="lo")
    says(engine, "c2", "late", language="en-GB")
    says(engine, "c3", "late", language="fr")
    says(engine, "c4", "late", language="und", scored=True)
    judged(engine, LATE, Rule("other", contains=("late",), draft="sorry"))
    assert sorted(rows(engine, "comment_id, what, language, after, rule")) == [
        ("c1", "answer", "lo", "ຂໍອະໄພ +856 20 – Mekong Coffee", "late"),
        ("c2", "answer", "en", "Sorry! +856 20 – Mekong Coffee, Facebook", "late"),
        ("c3", "answer", "en", "Sorry! +856 20 – Mekong Coffee, Facebook", "late"),
        ("c4", "answer", "lo", "ຂໍອະໄພ +856 20 – Mekong Coffee", "late"),
    ]


def test_a_rule_may_act_unasked_but_not_on_hold_and_not_by_hand(engine: Engine) -> None:
    unasked = Rule("spam", contains=("casino",), hide=True, needs_approval=False)
    says(engine, "c1", "casino")
    judged(engine, unasked)
    says(engine, "c2", "casino")
    judged(engine, unasked, on_hold=frozenset({"mekong"}))
    says(engine, "c3", "casino")
    judged(engine, unasked, able=("answer",))
    assert rows(engine, "comment_id, state, decided_by, by_hand") == [
        ("c1", "approved", "the rule spam", False),
        ("c2", "proposed", None, False),
        ("c3", "proposed", None, True),
    ]


def test_our_own_hidden_gone_old_and_unscored_comments_are_left_alone(engine: Engine) -> None:
    says(engine, "ours", "casino", ours=True)
    says(engine, "gone", "casino", gone_at=NOW)
    says(engine, "old", "casino", minutes_ago=4 * 24 * 60)
    says(engine, "new", "casino", scored=False)
    says(engine, "hidden", "casino", hidden=True)
    judged(engine, SPAM)
    assert rows(engine, "comment_id, what") == [("hidden", "label")]


def test_what_an_account_had_before_it_was_first_listened_to_is_left_alone_but_for_its_last_hours(
    engine: Engine,
) -> None:
    with engine.begin() as connection:
        first = {"account": "facebook_mekong", "first_tried_at": NOW - timedelta(hours=1)}
        connection.execute(insert(comment_read).values(first))
    says(engine, "long_before", "casino", minutes_ago=8 * 60)
    says(engine, "before", "casino", minutes_ago=5 * 60)
    says(engine, "since", "casino", minutes_ago=5)
    assert judged(engine, SPAM).judged == 2
    assert {comment_id for (comment_id,) in rows(engine, "comment_id")} == {"before", "since"}


def test_what_nobody_scores_is_judged_without_its_score_after_a_quarter_of_an_hour(engine: Engine) -> None:
    says(engine, "c1", "casino", minutes_ago=20, scored=False, p_negative=0.99)
    assert judged(engine, SPAM, Rule("bad", score=0.5, labels=("bad",))).judged == 1
    assert [rule for (rule,) in rows(engine, "rule")] == ["spam", "spam"]


def test_leads_and_questions_are_noted_once_and_not_of_spam(engine: Engine) -> None:
    says(engine, "c1", "How much is it?")
    says(engine, "c2", "How much? casino")
    says(engine, "c3", "ຮ້ານຢູ່ໃສ")
    found = judged(engine, SPAM, PRICE, Rule("again", contains=("how much",), lead="contact"))
    assert (found.leads, found.questions) == (1, 2)
    edits(engine, "c1", "How much is it, please?")
    assert judged(engine, SPAM, PRICE).leads == 0
    assert ask(engine, "SELECT source_id, kind, source FROM desk.lead") == [("c1", "price", "comment")]
    assert ask(engine, "SELECT comment_id FROM desk.comment_case ORDER BY 1") == [("c1",), ("c3",)]


def test_an_author_who_repeats_is_counted_over_earlier_runs(engine: Engine) -> None:
    rule = Rule("again", often=Often(3, timedelta(hours=24)), hide=True)
    says(engine, "c1", "one", minutes_ago=90, author_hash="a")
    says(engine, "c2", "two", minutes_ago=60, author_hash="a")
    says(engine, "o1", "other", minutes_ago=50, author_hash="b")
    judged(engine, rule)
    says(engine, "c3", "three", minutes_ago=1, author_hash="a")
    says(engine, "n1", "nobody", minutes_ago=1)
    judged(engine, rule)
    assert rows(engine, "comment_id") == [("c3",)]


def test_many_comments_are_judged_in_batches(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("include.listening.proposing.MOST_AT_ONCE", 3)
    for number in range(7):
        says(engine, f"c{number}", "casino")
    assert judged(engine, SPAM).judged == 7


def test_a_rule_that_runs_out_of_time_is_named(engine: Engine) -> None:
    says(engine, "c1", "a" * 5000 + "b casino")
    found = judged(engine, Rule("slow", regex="(a+)+$", hide=True), SPAM)
    assert (dict(found.slow), found.proposed) == ({"slow": 1}, 2)


def test_comments_made_to_slow_a_rule_do_not_hold_up_the_others(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("include.listening.proposing.MOST_SLOW", 2)
    for number in range(5):
        says(engine, f"c{number}", "a" * 5000 + "b casino")
    found = judged(engine, Rule("slow", regex="(a+)+$", hide=True), SPAM)
    assert (dict(found.slow), found.judged, found.proposed) == ({"slow": 2}, 5, 10)


def test_two_processes_at_once_propose_nothing_twice(engine: Engine) -> None:
    for number in range(40):
        says(engine, f"c{number}", "casino")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: judged(engine, SPAM), range(4)))
    assert sum(each.proposed for each in found) == 80
    assert len(rows(engine)) == 80
