"""Notifications, feeds, posts and the gates of threads, held against the lexicons."""

import json
from typing import Any

import pytest
import requests

from include.sandbox.bluesky import gates
from include.sandbox.running import RunningSandbox

NOTICES, POSTS = "app.bsky.notification.listNotifications", "app.bsky.feed.getPosts"
PUT, GET, LIST = (f"com.atproto.repo.{name}" for name in ("putRecord", "getRecord", "listRecords"))
GATE = "app.bsky.feed.threadgate"


@pytest.fixture
def said(here: RunningSandbox) -> Any:
    def say(text: str, **more: Any) -> dict[str, Any]:
        asked = {"account": "bluesky_bottega_aurora", "text": text, **more}
        answer = requests.post(f"{here.url}/_sandbox/comments", json=asked, timeout=20)
        here.sandbox.clock.advance(1)
        return dict(answer.json())

    return say


def test_the_gate_is_the_lexicons(contracts: Any) -> None:
    lexicon = json.loads((contracts / "bluesky/lexicons/app/bsky/feed/threadgate.json").read_text())
    record = lexicon["defs"]["main"]["record"]["properties"]
    assert set(record) | {"$type"} == gates.PROPERTIES
    assert record["hiddenReplies"]["maxLength"] == gates.MOST_HIDDEN
    assert record["allow"]["maxLength"] == gates.MOST_RULES


def test_replies_are_told_newest_first_in_pages(xrpc: Any, session: Any, said: Any, contracts: Any) -> None:
    told = said("Siete aperti?")
    first = xrpc("GET", NOTICES, session["accessJwt"], limit=3, reasons=["reply", "quote"]).json()
    then = xrpc("GET", NOTICES, session["accessJwt"], limit=3, cursor=first["cursor"]).json()
    notices = [*first["notifications"], *then["notifications"]]
    times = [notice["indexedAt"] for notice in notices]
    assert times == sorted(times, reverse=True)
    assert len({notice["uri"] for notice in notices}) == 6
    newest = notices[0]
    assert (newest["uri"], newest["record"]["text"]) == (told["comment"], "Siete aperti?")
    assert newest["record"]["reply"]["root"]["uri"] == newest["reasonSubject"] == told["post"]
    lexicon = json.loads((contracts / "bluesky/lexicons/app/bsky/notification/listNotifications.json").read_text())
    assert set(lexicon["defs"]["notification"]["required"]) <= set(newest)
    assert xrpc("GET", NOTICES, session["accessJwt"], reasons="like").json()["notifications"] == []
    assert xrpc("GET", NOTICES, session["accessJwt"], limit=101).status_code == 400
    assert xrpc("GET", NOTICES).status_code == 401


def test_an_answer_needs_what_it_answers_and_stands_in_the_feed(
    xrpc: Any, session: Any, said: Any, create: Any
) -> None:
    told = said("Siete aperti?")
    (view,) = xrpc(
        "GET", POSTS, session["accessJwt"], uris=[told["comment"], "at://did:plc:x/app.bsky.feed.post/1"]
    ).json()["posts"]
    refs = {"root": view["record"]["reply"]["root"], "parent": {"uri": view["uri"], "cid": view["cid"]}}
    assert create(reply={**refs, "parent": {**refs["parent"], "cid": "bafyother"}}).status_code == 400
    made = create(text="Sì", reply=refs).json()["uri"]
    feed = xrpc("GET", "app.bsky.feed.getAuthorFeed", actor=session["did"], limit=5).json()["feed"]
    assert feed[0]["post"]["uri"] == made
    assert feed[0]["post"]["record"]["reply"] == refs
    posts = xrpc("GET", "app.bsky.feed.getAuthorFeed", actor=session["did"], filter="posts_no_replies").json()["feed"]
    assert made not in [each["post"]["uri"] for each in posts]
    assert xrpc("GET", POSTS, session["accessJwt"], uris=["at://x"] * 26).status_code == 400


def test_a_gate_is_swapped_and_hides(xrpc: Any, session: Any, said: Any, here: RunningSandbox) -> None:
    told = said("spam")
    rkey = told["post"].rpartition("/")[2]
    record = {
        "$type": GATE,
        "post": told["post"],
        "createdAt": "2026-11-20T12:00:00Z",
        "hiddenReplies": [told["comment"]],
    }
    place = {"repo": session["did"], "collection": GATE, "rkey": rkey}
    assert xrpc("GET", GET, **place).json()["error"] == "RecordNotFound"
    made = xrpc("POST", PUT, session["accessJwt"], json={**place, "record": record, "swapRecord": None}).json()
    assert xrpc("GET", GET, **place).json() == {"uri": made["uri"], "cid": made["cid"], "value": record}
    assert (("bluesky", told["comment"])) in here.sandbox.voices.hidden
    again = xrpc("POST", PUT, session["accessJwt"], json={**place, "record": record, "swapRecord": None})
    assert (again.status_code, again.json()["error"]) == (400, "InvalidSwap")
    shown = {**place, "record": {**record, "hiddenReplies": []}, "swapRecord": made["cid"]}
    assert xrpc("POST", PUT, session["accessJwt"], json=shown).ok
    assert (("bluesky", told["comment"])) not in here.sandbox.voices.hidden
    listed = xrpc("GET", LIST, repo=session["did"], collection=GATE).json()["records"]
    assert [each["value"]["hiddenReplies"] for each in listed] == [[]]


@pytest.mark.parametrize(
    "wrong", [{"post": "at://did:plc:x/app.bsky.feed.post/2"}, {"hiddenReplies": ["x"]}, {"more": 1}]
)
def test_a_gate_that_is_none_is_refused(xrpc: Any, session: Any, said: Any, wrong: dict[str, Any]) -> None:
    told = said("spam")
    record = {"$type": GATE, "post": told["post"], "createdAt": "2026-11-20T12:00:00Z", **wrong}
    place = {"repo": session["did"], "collection": GATE, "rkey": told["post"].rpartition("/")[2]}
    assert xrpc("POST", PUT, session["accessJwt"], json={**place, "record": record}).status_code == 400
