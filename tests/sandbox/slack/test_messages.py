"""Messages, threads, updates, reactions and channels through Slack's own SDK."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from include.sandbox.running import RunningSandbox


def refused(call: Any, **arguments: Any) -> str:
    """The word with which Slack refuses."""
    with pytest.raises(SlackApiError) as caught:
        call(**arguments)
    error: str = caught.value.response["error"]
    return error


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def test_the_token_says_who_we_are(client: WebClient) -> None:
    answer = client.auth_test()
    assert answer["ok"]
    assert (answer["team"], answer["user_id"][0], answer["bot_id"][0]) == ("Bottega", "U", "B")


def test_a_message_by_name_or_id_is_in_the_history(client: WebClient) -> None:
    first = client.chat_postMessage(channel="#aurora", text="Uno")
    second = client.chat_postMessage(channel=first["channel"], text="Due", blocks=[section("*Due*")])
    messages = client.conversations_history(channel=first["channel"])["messages"]
    assert [m["text"] for m in messages] == ["Due", "Uno"]
    assert float(second["ts"]) > float(first["ts"])
    assert second["message"]["blocks"][0]["block_id"]


def test_no_two_messages_share_a_timestamp(here: RunningSandbox) -> None:
    now = here.sandbox.clock.now()
    stamps = [here.sandbox.slack.next_ts(now) for _ in range(3)]
    assert len(set(stamps)) == 3
    assert stamps == sorted(stamps)


def test_replies_stay_in_their_thread(client: WebClient) -> None:
    first = client.chat_postMessage(channel="#aurora", text="Allarme")
    channel, ts = first["channel"], first["ts"]
    reply = client.chat_postMessage(channel=channel, text="Chiuso", thread_ts=ts)
    assert reply["message"]["parent_user_id"] == first["message"]["user"]
    assert [m["text"] for m in client.conversations_replies(channel=channel, ts=ts)["messages"]] == [
        "Allarme",
        "Chiuso",
    ]
    parent = client.conversations_history(channel=channel)["messages"]
    assert [(m["text"], m["reply_count"]) for m in parent] == [("Allarme", 1)]
    assert refused(client.chat_postMessage, channel=channel, text="a", thread_ts="1.000001") == "thread_not_found"


def test_an_update_replaces_what_was_said_in_place(client: WebClient) -> None:
    first = client.chat_postMessage(channel="#aurora", text="Tre commenti", blocks=[section("Tre")])
    client.chat_update(channel=first["channel"], ts=first["ts"], text="Nove commenti")
    message = client.conversations_history(channel=first["channel"])["messages"][0]
    assert (message["text"], message["ts"], "blocks" in message) == ("Nove commenti", first["ts"], False)
    assert message["edited"]["user"] == message["user"]
    assert refused(client.chat_update, channel="#aurora", ts="1.000001", text="a") == "message_not_found"


def test_reactions_of_ours_and_of_people(client: WebClient, here: RunningSandbox) -> None:
    ref = client.chat_postMessage(channel="#aurora", text="Chi se ne occupa?")
    item = {"channel": ref["channel"], "timestamp": ref["ts"]}
    client.reactions_add(name="eyes", **item)
    person = {"channel": "#aurora", "ts": ref["ts"], "name": "eyes", "user": "Marta"}
    assert requests.post(f"{here.url}/_sandbox/slack/reactions", json=person, timeout=5).json() == {"ok": True}
    [reaction] = client.reactions_get(**item)["message"]["reactions"]
    assert (reaction["name"], reaction["count"]) == ("eyes", 2)
    assert refused(client.reactions_add, name="eyes", **item) == "already_reacted"
    assert refused(client.reactions_add, name="Not a name", **item) == "invalid_name"
    client.reactions_remove(name="eyes", **item)
    assert client.reactions_get(**item)["message"]["reactions"][0]["count"] == 1


def test_a_person_whose_member_id_is_declared_reacts_and_takes_it_back(world: Any, set_up: Any) -> None:
    here = set_up({**world, "slack": {**world["slack"], "users": [{"id": "U0MARTA01", "name": "marta"}, "Ada"]}})
    client = WebClient("xoxb-desk", base_url=f"{here.url}/slack/api/", timeout=5)
    ref = client.chat_postMessage(channel="#aurora", text="Pubblico?")
    where, person = f"{here.url}/_sandbox/slack/reactions", {"channel": "#aurora", "ts": ref["ts"], "user": "marta"}
    assert requests.post(where, json={**person, "name": "white_check_mark"}, timeout=5).json() == {"ok": True}
    [message] = client.conversations_history(channel=ref["channel"])["messages"]
    assert message["reactions"] == [{"name": "white_check_mark", "users": ["U0MARTA01"], "count": 1}]
    assert requests.delete(where, json={**person, "name": "white_check_mark"}, timeout=5).json() == {"ok": True}
    assert "reactions" not in client.conversations_history(channel=ref["channel"])["messages"][0]
    again = requests.delete(where, json={**person, "name": "white_check_mark"}, timeout=5)
    assert (again.status_code, again.json()) == (400, {"error": "no_reaction"})
    nobody = requests.post(where, json={**person, "user": "Nobody", "name": "eyes"}, timeout=5)
    assert (nobody.status_code, "no such person" in nobody.json()["error"]) == (400, True)


def test_a_person_replies_in_a_thread(client: WebClient, here: RunningSandbox) -> None:
    ref = client.chat_postMessage(channel="#aurora", text="Da pubblicare a mano")
    said = {"channel": "#aurora", "thread_ts": ref["ts"], "user": "Marta", "text": "<https://tiktok.example/1>"}
    answer = requests.post(f"{here.url}/_sandbox/slack/messages", json=said, timeout=5).json()
    first, reply = client.conversations_replies(channel=ref["channel"], ts=ref["ts"])["messages"]
    assert (first["reply_count"], reply["text"], reply["ts"]) == (1, said["text"], answer["ts"])
    assert here.sandbox.slack.name_of(reply["user"]) == "Marta"
    assert "bot_id" not in reply


def test_to_read_a_channel_takes_its_id(client: WebClient) -> None:
    client.chat_postMessage(channel="#aurora", text="Uno")
    assert refused(client.conversations_history, channel="#aurora") == "channel_not_found"


def test_channels_are_listed_in_pages(client: WebClient) -> None:
    first = client.conversations_list(limit=1)
    second = client.conversations_list(limit=1, cursor=first["response_metadata"]["next_cursor"])
    assert [c["name"] for page in (first, second) for c in page["channels"]] == ["aurora", "desk-ops"]
    assert second["response_metadata"]["next_cursor"] == ""


def test_a_long_history_comes_in_pages(client: WebClient) -> None:
    for n in range(5):
        channel = client.chat_postMessage(channel="#aurora", text=str(n))["channel"]
    pages = [page["messages"] for page in client.conversations_history(channel=channel, limit=2)]
    assert [[m["text"] for m in page] for page in pages] == [["4", "3"], ["2", "1"], ["0"]]
    latest = pages[1][0]["ts"]
    assert [m["text"] for m in client.conversations_history(channel=channel, oldest=latest)["messages"]] == ["4", "3"]


def test_what_slack_refuses(client: WebClient, here: RunningSandbox) -> None:
    stranger = WebClient("xoxb-nobody", base_url=f"{here.url}/slack/api/")
    assert refused(stranger.auth_test) == "invalid_auth"
    assert refused(WebClient("", base_url=f"{here.url}/slack/api/").auth_test) == "not_authed"
    assert refused(client.chat_postMessage, channel="#nowhere", text="a") == "channel_not_found"
    assert refused(client.api_call, api_method="chat.postMessage", params={"channel": "#aurora"}) == "no_text"
    assert refused(client.chat_postMessage, channel="#aurora", text="a" * 40_001) == "msg_too_long"
    assert refused(client.chat_postMessage, channel="#aurora", text="a", blocks="[{") == "invalid_blocks_format"
    assert refused(client.api_call, api_method="chat.teleport") == "unknown_method"


def test_form_json_and_token_in_the_body(here: RunningSandbox) -> None:
    where = f"{here.url}/slack/api/chat.postMessage"
    blocks = [section("Ciao")]
    form = {"token": "xoxb-desk", "channel": "#aurora", "blocks": json.dumps(blocks)}
    assert requests.post(where, data=form, timeout=5).json()["ok"]
    header = {"Authorization": "Bearer xoxb-desk"}
    assert requests.post(where, json={"channel": "#aurora", "blocks": blocks}, headers=header, timeout=5).json()["ok"]
    cut = requests.post(where, data='{"channel"', headers={**header, "Content-Type": "application/json"}, timeout=5)
    assert cut.json() == {"ok": False, "error": "invalid_json"}


def test_its_refusals_are_words_of_the_contract(contracts: Path) -> None:
    spec = json.loads((contracts / "slack" / "slack_web_openapi_v2.json").read_text())
    for method, verb, words in (
        ("chat.postMessage", "post", {"channel_not_found", "no_text", "msg_too_long", "not_authed", "invalid_auth"}),
        ("chat.update", "post", {"message_not_found", "cant_update_message", "channel_not_found"}),
        ("reactions.add", "post", {"already_reacted", "invalid_name", "no_item_specified", "message_not_found"}),
        ("conversations.replies", "get", {"thread_not_found", "channel_not_found"}),
        ("files.info", "get", {"file_not_found"}),
    ):
        refusals = spec["paths"][f"/{method}"][verb]["responses"]["default"]["schema"]["properties"]["error"]["enum"]
        assert words <= set(refusals), method
