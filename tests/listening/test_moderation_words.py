"""What a proposal says: everything that is to be done, on one phone's screen, and no word of a comment is a command."""

from typing import Any

from sqlalchemy import Engine

from include.domain.moderation import Answers, Rule
from include.listening import actions
from include.listening.moderation_words import proposal
from include.listening.proposing import Judge, judge_new
from include.messages.slack_text import MOST_IN_ALL
from tests.listening.acting import MEKONG, NOW, says

RULE = Rule("late", contains=("late",), labels=("delivery",), draft="sorry")
ANSWERS = Answers({("*", "sorry", "en"): "Sorry! <!channel> & more"})


def asked(engine: Engine, **more: Any) -> list[Any]:
    judge_new(engine, Judge([MEKONG], [RULE], ANSWERS, {"facebook_mekong": ("hide", "answer")}, **more), now=NOW)
    found = actions.of_interest(engine, now=NOW, settled_for=actions.STANDS_FOR)
    return [
        proposal(MEKONG, rows, networks={"facebook_mekong": "Facebook"}, who=["noy"], now=NOW)
        for rows in found.values()
    ]


def words(message: Any) -> str:
    return f"{message.text} {message.blocks}".replace("\xa0", " ")


def test_a_wave_of_complaints_is_one_message_that_fits(engine: Engine) -> None:
    for number in range(20):
        says(engine, f"c{number:02}", f"{number}: late, and {'very ' * 200} late")
    (message,) = asked(engine)
    said = words(message)
    assert message.text.replace("\xa0", " ") == "🔍 Mekong Coffee · Facebook: answer and label 20 comments?"
    assert said.count("see it on Facebook") == 20
    assert said.count("Our answer (en):") == 1
    assert "✅ do it" in said
    assert len(said) < MOST_IN_ALL


def test_nothing_that_somebody_wrote_pings_or_links(engine: Engine) -> None:
    says(
        engine, "c1", "late <!channel> <@U0NOY0001> <https://evil.example|free> *bold* @here", url="javascript:alert(1)"
    )
    (message,) = asked(engine)
    texts = [each["text"]["text"] for each in message.blocks if each["type"] == "section"]
    assert all(
        "<!" not in text and "<@" not in text and "<https" not in text and "javascript" not in text for text in texts
    )
    (answer,) = [each for each in message.blocks if each["type"] == "rich_text"]
    assert "Sorry! <!channel> & more" in str(answer), "our own answer stands as it will be sent, as plain text"


def test_each_ending_is_a_sentence_with_who_and_when(engine: Engine) -> None:
    says(engine, "c1", "late")
    asked(engine)
    ((key, _),) = actions.by_message(actions.actions(engine)).items()
    actions.decide(engine, key, is_yes=False, by="noy", now=NOW)
    (message,) = asked(engine)
    said = words(message)
    assert "✋" in said
    assert "label, answer: left as it is, by noy Wed 25 Nov 02:00" in said
    assert "✅ do it" not in said
