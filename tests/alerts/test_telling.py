"""Slack is told once per key, whatever is run again and by however many at once."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from include.alerts.telling import digest_of, tell, where_told
from include.domain import Attachment, Message, MessageRef, Refused

HELLO = Message("Hello", ({"type": "section", "text": {"type": "mrkdwn", "text": "*Hello*\nall"}},))


def _tell(engine, channel, message=HELLO, key="digest:aurora:2026-47", **more):
    return tell(engine, channel, key=key, channel="#aurora", message=message, **more)


def test_the_same_words_are_said_once(engine, channel):
    assert [_tell(engine, channel).said for _ in range(3)] == ["new", "unchanged", "unchanged"]
    assert channel.calls == ["post 1.0"]


def test_changed_words_replace_the_old_ones_in_place(engine, channel):
    first = _tell(engine, channel)
    second = _tell(engine, channel, Message("Goodbye"))
    assert (second.said, second.ref) == ("updated", first.ref)
    assert channel.texts() == ["Goodbye"]
    assert _tell(engine, channel, Message("Goodbye")).said == "unchanged"


def test_a_message_stays_where_it_is_when_the_brand_moves_to_another_channel(engine, channel):
    first = _tell(engine, channel)
    moved = tell(engine, channel, key="digest:aurora:2026-47", channel="#elsewhere", message=Message("x"))
    assert moved.ref == first.ref


def test_new_words_for_a_message_that_somebody_deleted_are_said_anew(engine, channel):
    first = _tell(engine, channel)
    del channel.said[first.ref.ts]
    channel.said["0.5"] = ["id of #aurora", None, "Somebody else's"]
    assert _tell(engine, channel).said == "unchanged"
    second = _tell(engine, channel, Message("Goodbye"))
    assert (second.said, second.ref != first.ref) == ("new", True)
    assert channel.texts() == ["Somebody else's", "Goodbye"]
    assert where_told(engine, "digest:aurora:2026-47") == second.ref


def test_another_key_is_another_message(engine, channel):
    _tell(engine, channel)
    assert _tell(engine, channel, key="digest:aurora:2026-48").said == "new"
    assert channel.texts() == ["Hello", "Hello"]


def test_a_reply_goes_where_its_thread_stands(engine, channel):
    parent = _tell(engine, channel).ref
    reply = tell(engine, channel, key="reply", channel="#renamed", message=Message("still"), thread=parent)
    assert channel.said[reply.ref.ts] == ["id of #aurora", parent.ts, "still"]


@pytest.mark.parametrize("before", [None, Message("Old")], ids=["a first message", "an update"])
def test_two_at_once_say_it_once(engine, channel, before):
    """The second comes while the first is in the middle of its call to Slack."""

    def until_the_other_waits() -> None:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        for _ in range(500):
            with engine.connect() as connection:
                if connection.execute(waiting).scalar_one():
                    return
            time.sleep(0.01)
        raise AssertionError("the second process did not wait for the first")

    calls = ["post 1.0", *(["update 1.0"] if before else [])]
    if before:
        _tell(engine, channel, before)
    channel.before_calling = until_the_other_waits
    with ThreadPoolExecutor(2) as both:
        told = [future.result(timeout=20) for future in [both.submit(_tell, engine, channel) for _ in range(2)]]
    assert sorted(each.said for each in told) == sorted(["updated" if before else "new", "unchanged"])
    assert channel.calls == calls
    assert told[0].ref == told[1].ref


def test_what_slack_refused_is_said_the_next_time(engine, channel):
    channel.refuses = lambda message: True
    with pytest.raises(Refused):
        _tell(engine, channel)
    assert where_told(engine, "digest:aurora:2026-47") is None
    channel.refuses = lambda message: False
    assert _tell(engine, channel).said == "new"


def test_an_update_that_slack_refused_is_tried_again(engine, channel):
    _tell(engine, channel)
    channel.refuses = lambda message: True
    with pytest.raises(Refused):
        _tell(engine, channel, Message("Goodbye"))
    channel.refuses = lambda message: False
    assert _tell(engine, channel, Message("Goodbye")).said == "updated"


def test_a_new_picture_is_news_and_the_order_of_keys_is_not():
    chart = Attachment("chart", "a.png", b"1", "")
    assert digest_of(Message("t", attachments=(chart,))) != digest_of(Message("t"))
    assert digest_of(Message("t", ({"a": 1, "b": 2},))) == digest_of(Message("t", ({"b": 2, "a": 1},)))


def test_where_it_was_told(engine, channel):
    assert where_told(engine, "k") is None
    _tell(engine, channel, key="k")
    assert where_told(engine, "k") == MessageRef("id of #aurora", "1.0")
