"""Messages reach Slack once, with their pictures, and what goes wrong is a sentence."""

import logging
import socket
import traceback

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from include.domain.messages import Attachment, Heard, Message, MessageRef

POST, UPDATE, LIST = "chat.postMessage", "chat.update", "conversations.list"
HISTORY, REACTIONS, REPLIES = "conversations.history", "reactions.get", "conversations.replies"
YES = "white_check_mark"
SAID = {"ok": True, "channel": "C0AURORA1", "ts": "1790000000.000100"}
HELLO = Message("Hello", ({"type": "section", "text": {"type": "mrkdwn", "text": "*Hello*"}},))
CHART = Attachment("reach", "reach.png", b"\x89PNG picture", "Reach over seven days")
SHOWN = {"type": "image", "alt_text": CHART.alt, "slack_file": {"slot": "reach"}}
NOT_READY = {
    "ok": False,
    "error": "invalid_blocks",
    "errors": ["invalid slack file [json-pointer:/blocks/0/slack_file]"],
}


@pytest.fixture
def uploads(slack):
    """Slack's three steps of an upload."""
    slack.says(
        "files.getUploadURLExternal", {"ok": True, "upload_url": f"{slack.url}/api/put/1", "file_id": "F0CHART01"}
    )
    slack.says("put/1", (200, {}, b"OK - 12"))
    slack.says("files.completeUploadExternal", {"ok": True, "files": [{"id": "F0CHART01", "title": "reach.png"}]})


def test_a_message_is_said_and_its_place_is_known(slack, messenger) -> None:
    slack.says(POST, SAID)
    assert messenger.post("#aurora", HELLO) == MessageRef("C0AURORA1", "1790000000.000100")
    (asked,) = slack.arguments(POST)
    assert (asked["channel"], asked["text"], asked["blocks"]) == ("#aurora", "Hello", list(HELLO.blocks))
    assert (asked["unfurl_links"], asked["unfurl_media"]) == (False, False)
    assert "thread_ts" not in asked
    assert slack.tokens == {"Bearer xoxb-marked-secret-7f3c"}


def test_a_reply_stands_in_its_thread(slack, messenger) -> None:
    slack.says(POST, SAID)
    messenger.post("C0AURORA1", Message("Doubled"), thread="1790000000.000100")
    assert slack.arguments(POST)[0]["thread_ts"] == "1790000000.000100"


def test_an_update_goes_to_the_same_place(slack, messenger) -> None:
    slack.says(UPDATE, SAID)
    messenger.update(MessageRef("C0AURORA1", "1790000000.000100"), HELLO)
    (asked,) = slack.arguments(UPDATE)
    assert (asked["channel"], asked["ts"], asked["text"]) == ("C0AURORA1", "1790000000.000100", "Hello")
    assert slack.arguments(LIST) == []


def test_a_channels_name_is_looked_up_on_every_page_once(slack, messenger) -> None:
    first = {"ok": True, "channels": [{"id": "C0OTHER01", "name": "other"}], "response_metadata": {"next_cursor": "n1"}}
    last = {"ok": True, "channels": [{"id": "C0AURORA1", "name": "aurora"}], "response_metadata": {"next_cursor": ""}}
    slack.says(LIST, first, last)
    slack.says(UPDATE, SAID)
    for _ in range(2):
        messenger.update(MessageRef("#aurora", "1.1"), HELLO)
    assert [asked.get("cursor") for asked in slack.arguments(LIST)] == [None, "n1"]
    assert [asked["channel"] for asked in slack.arguments(UPDATE)] == ["C0AURORA1", "C0AURORA1"]
    with pytest.raises(Refused, match="/invite"):
        messenger.update(MessageRef("#nowhere", "1.1"), HELLO)


@pytest.mark.parametrize(
    "block",
    [SHOWN, {"type": "context", "elements": [SHOWN]}, {"type": "section", "accessory": SHOWN}],
    ids=["image", "inside a context", "beside a section"],
)
@pytest.mark.usefixtures("uploads")
def test_a_picture_is_uploaded_and_shown_by_its_id(slack, messenger, block) -> None:
    slack.says(POST, SAID)
    messenger.post("#aurora", Message("Reach", (block, block), (CHART,)))
    (asked,) = slack.arguments(POST)
    assert str(asked["blocks"]).count("{'id': 'F0CHART01'}") == 2
    assert "slot" not in str(asked["blocks"])
    (about,) = slack.arguments("files.getUploadURLExternal")
    assert (about["filename"], about["length"], about["alt_txt"]) == ("reach.png", "12", "Reach over seven days")
    assert slack.arguments("put/1")[0]["content"] == b"\x89PNG picture"
    assert "channel_id" not in slack.arguments("files.completeUploadExternal")[0]


@pytest.mark.usefixtures("uploads")
def test_a_picture_that_slack_still_looks_at_is_waited_for(slack, messenger, waits) -> None:
    slack.says(POST, NOT_READY, NOT_READY, SAID)
    messenger.post("#aurora", Message("Reach", (SHOWN,), (CHART,)))
    assert waits == [1, 2]
    assert len(slack.arguments("put/1")) == 1


@pytest.mark.usefixtures("uploads")
def test_a_picture_that_is_never_ready_is_late(slack, messenger, waits) -> None:
    slack.says(POST, NOT_READY)
    with pytest.raises(TryLater, match="still looking at a picture"):
        messenger.post("#aurora", Message("Reach", (SHOWN,), (CHART,)))
    assert len(waits) == 4


def test_a_slot_without_an_attachment_is_a_mistake_of_ours(messenger) -> None:
    with pytest.raises(ValueError, match="'reach'"):
        messenger.post("#aurora", Message("Reach", (SHOWN,)))


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ({"ok": False, "error": "invalid_auth"}, CredentialsDead, "new bot token"),
        ({"ok": False, "error": "token_revoked"}, CredentialsDead, "new bot token"),
        ({"ok": False, "error": "missing_scope", "needed": "chat:write"}, CredentialsDead, "chat:write"),
        ({"ok": False, "error": "channel_not_found"}, Refused, "/invite"),
        ({"ok": False, "error": "not_in_channel"}, Refused, "/invite"),
        ({"ok": False, "error": "is_archived"}, Refused, "archived"),
        ({"ok": False, "error": "msg_too_long"}, Refused, "too long"),
        ({"ok": False, "error": "invalid_blocks", "errors": ["too many [/blocks]"]}, Refused, r"too many \[/blocks\]"),
        ({"ok": False, "error": "something_new"}, Refused, "something_new"),
        ((429, {"Retry-After": "600"}, {"ok": False, "error": "ratelimited"}), TryLater, "too many calls"),
        ({"ok": False, "error": "internal_error"}, OutcomeUnknown, "out of order"),
        ((503, {}, b"<html>busy</html>"), OutcomeUnknown, "write to #aurora"),
        ((200, {}, b"{not json"), OutcomeUnknown, "write to #aurora"),
        (None, OutcomeUnknown, "answer never came"),
    ],
)
def test_what_goes_wrong_is_a_sentence(slack, messenger, answer, kind, words) -> None:
    slack.says(POST, answer)
    with pytest.raises(kind, match=words) as caught:
        messenger.post("#aurora", HELLO)
    assert str(caught.value).startswith("slack_desk: could not write to #aurora.")
    assert len(slack.arguments(POST)) == 1
    if kind is TryLater:
        assert caught.value.wait_s == 600


def test_a_short_throttle_is_sat_out(slack, messenger) -> None:
    slack.says(POST, (429, {"Retry-After": "0"}, {"ok": False, "error": "ratelimited"}), SAID)
    assert messenger.post("#aurora", HELLO).ts == "1790000000.000100"


def test_a_lost_update_may_be_made_again(slack, messenger) -> None:
    slack.says(UPDATE, None)
    with pytest.raises(TryLater, match="It can be done again"):
        messenger.update(MessageRef("C0AURORA1", "1.1"), HELLO)


def test_a_slack_that_cannot_be_reached_has_heard_nothing(new_messenger) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(TryLater, match="nothing was sent"):
        new_messenger(url).post("#aurora", HELLO)


def test_no_token_in_errors_or_logs(slack, messenger, caplog) -> None:
    caplog.set_level(logging.DEBUG)
    slack.says(POST, {"ok": False, "error": "invalid_auth"}, None)
    for _ in range(2):
        with pytest.raises(PlatformError) as caught:
            messenger.post("#aurora", HELLO)
        assert "marked-secret" not in "".join(traceback.format_exception(caught.value)) + repr(messenger.__dict__)
    assert "marked-secret" not in caplog.text


def reacted(ts: str, **reactions: list[str]) -> dict:
    """A message as Slack shows it, with who reacted."""
    shown = [{"name": name, "users": users, "count": len(users)} for name, users in reactions.items()]
    return {"type": "message", "ts": ts, "text": "Yes?", "user": "U0DESK001", "bot_id": "B1", "reactions": shown}


def test_the_answers_of_a_whole_channel_are_one_look(slack, messenger) -> None:
    first, other, last = (MessageRef("C0AURORA1", ts) for ts in ("1.1", "1.2", "1.3"))
    newest = {**reacted("1.3"), "reply_count": 2}
    slack.says(
        HISTORY, {"ok": True, "messages": [newest, reacted("1.2", eyes=["U9"]), reacted("1.1", **{YES: ["U1"]})]}
    )
    found = messenger.reactions([first, last])
    assert (found[first].reactions, found[first].replies) == ({YES: {"U1"}}, 0)
    assert (found[last].reactions, found[last].replies) == ({}, 2)
    assert other not in found
    (asked,) = slack.arguments(HISTORY)
    assert (asked["oldest"], asked["latest"], asked["inclusive"]) == ("1.1", "1.3", "1")
    assert messenger.reactions([]) == {}
    assert len(slack.asked) == 1


def test_a_history_of_several_pages_is_read_on(slack, messenger) -> None:
    pages = [
        {"ok": True, "messages": [reacted("1.3")], "has_more": True, "response_metadata": {"next_cursor": "n1"}},
        {"ok": True, "messages": [reacted("1.1", **{YES: ["U1"]})], "has_more": False},
    ]
    slack.says(HISTORY, *pages)
    refs = [MessageRef("C0AURORA1", "1.1"), MessageRef("C0AURORA1", "1.3")]
    assert messenger.reactions(refs)[refs[0]].reactions == {YES: {"U1"}}
    assert [asked.get("cursor") for asked in slack.arguments(HISTORY)] == [None, "n1"]


def test_two_skin_tones_are_one_sign(slack, messenger) -> None:
    slack.says(HISTORY, {"ok": True, "messages": [reacted("1.1", **{"hand::skin-tone-3": ["U1"], "hand": ["U2"]})]})
    (found,) = messenger.reactions([MessageRef("C0AURORA1", "1.1")]).values()
    assert found.reactions == {"hand": {"U1", "U2"}}


def test_who_is_not_named_in_the_history_is_asked_for(slack, messenger) -> None:
    many = reacted("1.1", **{YES: ["U1"]})
    many["reactions"][0]["count"] = 80
    slack.says(HISTORY, {"ok": True, "messages": [many]})
    slack.says(REACTIONS, {"ok": True, "type": "message", "message": reacted("1.1", **{YES: ["U1", "U2"]})})
    (found,) = messenger.reactions([MessageRef("C0AURORA1", "1.1")]).values()
    assert found.reactions == {YES: {"U1", "U2"}}
    assert slack.arguments(REACTIONS)[0]["full"] in ("1", "true", "True")


def test_a_message_that_was_deleted_is_told_apart_from_one_without_answers(slack, messenger) -> None:
    slack.says(HISTORY, {"ok": True, "messages": []})
    slack.says(REACTIONS, {"ok": False, "error": "message_not_found"})
    assert messenger.reactions([MessageRef("C0AURORA1", "1.1")]) == {
        MessageRef("C0AURORA1", "1.1"): Heard(is_gone=True)
    }


def test_of_many_far_back_each_has_its_turn(slack, new_messenger) -> None:
    slack.says(HISTORY, {"ok": True, "messages": []})
    slack.says(REACTIONS, {"ok": False, "error": "message_not_found"})
    refs = [MessageRef("C0AURORA1", f"1.{number}") for number in range(10, 60)]
    for minute in range(3):
        new_messenger(minute=lambda now=minute: now).reactions(refs)
        assert len(slack.arguments(REACTIONS)) == 20 * (minute + 1)
    assert {asked["timestamp"] for asked in slack.arguments(REACTIONS)} == {ref.ts for ref in refs}


def test_of_a_thread_only_what_people_wrote_is_read(slack, messenger) -> None:
    thread = [
        {"ts": "1.1", "user": "U0DESK001", "bot_id": "B1", "text": "Post this by hand"},
        {"ts": "1.2", "user": "U0DESK001", "bot_id": "B1", "text": "A reminder"},
        {"ts": "1.3", "user": "U1", "text": "<https://tiktok.example/1>"},
    ]
    slack.says(REPLIES, {"ok": True, "messages": thread})
    (reply,) = messenger.replies(MessageRef("C0AURORA1", "1.1"))
    assert (reply.user, reply.text) == ("U1", "<https://tiktok.example/1>")


def test_a_read_that_slack_throttles_waits_for_the_next_minute(slack, messenger) -> None:
    slack.says(HISTORY, (429, {"Retry-After": "60"}, {"ok": False, "error": "ratelimited"}))
    with pytest.raises(TryLater, match="too many calls"):
        messenger.reactions([MessageRef("C0AURORA1", "1.1")])


def test_a_scope_that_is_missing_is_named(slack, messenger) -> None:
    slack.says(HISTORY, {"ok": False, "error": "missing_scope", "needed": "channels:history"})
    with pytest.raises(CredentialsDead, match="channels:history"):
        messenger.reactions([MessageRef("C0AURORA1", "1.1")])


def test_a_file_that_no_block_shows_is_shared_in_its_thread(slack, messenger, uploads) -> None:
    table = Attachment("file", "calendar-to-fix.csv", b"brand,problem", "The calendar with its problems")
    place = messenger.post("C0AURORA1", Message("Mend it.", attachments=(table,)), thread="1790000000.000100")
    assert place == MessageRef("C0AURORA1", "F0CHART01")
    (asked,) = slack.arguments("files.completeUploadExternal")
    assert (asked["channel_id"], asked["thread_ts"]) == ("C0AURORA1", "1790000000.000100")
    assert asked["initial_comment"] == "Mend it."
    assert slack.arguments(POST) == []


def test_a_file_whose_answer_got_lost_may_stand_there(slack, messenger, uploads) -> None:
    slack.says("files.completeUploadExternal", None)
    with pytest.raises(OutcomeUnknown):
        messenger.post("C0AURORA1", Message("Mend it.", attachments=(CHART,)))
