"""What waits for a word of ours, how old it is, and what does not wait."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from include.listening import attending, unanswered
from include.listening.proposing import Judge, judge_new
from include.listening.unanswered import daily_list, listed, main, waiting
from tests.listening.acting import ACCOUNT, MEKONG, NOW, says


def waits(engine: Engine) -> list[str]:
    judge_new(engine, Judge([MEKONG], []), now=NOW)
    return [each.comment_id for each in waiting(engine, [ACCOUNT], since=NOW - timedelta(days=14))]


def test_questions_and_negative_comments_wait_the_oldest_first(engine: Engine) -> None:
    says(engine, "asks", "When do you open?", minutes_ago=30)
    says(engine, "angry", "Terrible.", minutes_ago=60, label="negative")
    says(engine, "kind", "Lovely.")
    says(engine, "hidden", "Awful?", hidden=True, label="negative")
    says(engine, "gone", "Awful?", gone_at=NOW, label="negative")
    says(engine, "ours", "Can we help?", ours=True)
    says(engine, "old", "Awful.", minutes_ago=15 * 24 * 60, label="negative")
    assert waits(engine) == ["angry", "asks"]


@pytest.mark.parametrize(
    ("reply", "still"),
    [
        ({"parent_id": "asks"}, []),
        ({"parent_id": "top"}, []),
        ({"parent_id": "top", "minutes_ago": 90}, ["asks"]),
        ({"parent_id": "else"}, ["asks"]),
        ({"parent_id": "asks", "gone_at": NOW}, ["asks"]),
        ({"parent_id": "asks", "account": "x_mekong"}, ["asks"]),
    ],
    ids=["to it", "later in its thread", "earlier in its thread", "elsewhere", "deleted", "another account's"],
)
def test_a_reply_of_ours_ends_it(engine: Engine, reply: dict[str, object], still: list[str]) -> None:
    says(engine, "asks", "When do you open?", minutes_ago=60, parent_id="top")
    says(engine, "reply", "At nine.", ours=True, **{"minutes_ago": 10, **reply})
    assert waits(engine) == still


def test_what_is_closed_waits_no_more(engine: Engine) -> None:
    says(engine, "angry", "Terrible.", label="negative")
    attending.close(engine, ACCOUNT, "angry", "mekong", by="noy", now=NOW)
    assert waits(engine) == []


def test_the_daily_list_says_how_many_and_how_old_and_pings_nobody(engine: Engine) -> None:
    says(engine, "asks", "<!here> When do you open?", minutes_ago=26 * 60)
    for number in range(20):
        says(engine, f"c{number}", "Terrible.", label="negative")
    attending.assign(engine, ACCOUNT, "asks", "mekong", "noy", now=NOW)
    waits(engine)
    found = waiting(engine, [ACCOUNT], since=NOW - timedelta(days=14))
    message = daily_list(MEKONG, found, titles={ACCOUNT: "Facebook"}, now=NOW)
    assert (
        message.text.replace("\xa0", " ")
        == "💬 Mekong Coffee: 21 comments wait for an answer, the oldest for 1 day 2 h"
    )
    said = str(message.blocks)
    assert "asks · for noy · <https://network.example/asks|Facebook> “&lt;!here&gt; When do you open?”" in said
    assert "… and 6 more" in said


def test_the_command_lists_and_closes(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    says(engine, "angry", "Terrible.\x1b[31m red", label="negative")
    lines = "\n".join(listed(engine, [MEKONG], now=NOW, looks_back=timedelta(days=14)))
    assert "Mekong Coffee: 1 comment without an answer" in lines
    assert "negative       nobody's yet facebook_mekong angry" in lines
    assert "\x1b" not in lines
    monkeypatch.setattr(unanswered, "connect", lambda url: engine)
    monkeypatch.setattr(unanswered, "read_brands", lambda path: [MEKONG])
    assert main(["--close", ACCOUNT, "nothing", "--by", "noy"]) == 1
    assert main(["--close", ACCOUNT, "angry"]) == 1
    assert "say who closes it" in capsys.readouterr().err
    assert main(["--close", ACCOUNT, "angry", "--by", "noy"]) == 0
    assert waits(engine) == []
    assert main(["--days", "14"]) == 0
    assert "no comments without an answer" in capsys.readouterr().out


def test_a_brand_that_is_none_is_named_and_no_silence(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DESK_WAREHOUSE_URL", engine.url.render_as_string(hide_password=False))
    assert unanswered.main(["--brand", "mekon"]) == 2
    assert "No such brand: mekon. There are aurora, mekong." in capsys.readouterr().err
