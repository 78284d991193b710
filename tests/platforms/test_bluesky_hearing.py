"""What Bluesky's answers become as comments, and what is sent to hide, show and answer them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from include.domain.comments import CommentSource, Moderator
from include.domain.errors import Refused, TryLater
from platforms.bluesky.hook import BlueskyHook
from platforms.bluesky.record_key import answer_key
from platforms.transport.access import Access

XRPC, BSKY = "/xrpc/com.atproto", "/xrpc/app.bsky"
NOTICES, FEED = f"GET {BSKY}.notification.listNotifications", f"GET {BSKY}.feed.getAuthorFeed"
GATES, GATE, PUT = f"GET {XRPC}.repo.listRecords", f"GET {XRPC}.repo.getRecord", f"POST {XRPC}.repo.putRecord"
POSTS, CREATE = f"GET {BSKY}.feed.getPosts", f"POST {XRPC}.repo.createRecord"
DID, OTHER = "did:plc:aurora", "did:plc:somebody"
SINCE = datetime(2026, 11, 24, 9, tzinfo=UTC)
ROOT = {"uri": f"at://{DID}/app.bsky.feed.post/3m6abcdefgh2a", "cid": "bafyroot"}
REPLY = {"uri": f"at://{OTHER}/app.bsky.feed.post/3m6abcdefgh2b", "cid": "bafyreply"}


@pytest.fixture
def bluesky(server: Any, said: Any, waits: list[float]) -> BlueskyHook:
    access = Access.to("bluesky_aurora", server.url, "abcd-efgh-ijkl-mnop", {"login": "aurora.bsky.social"})
    hook = BlueskyHook("bluesky_aurora", access=access, pause=waits.append)
    hook.session._timeout, hook.session._pause = (0.5, 0.3), waits.append
    signed_in = {"accessJwt": "a", "refreshJwt": "r", "did": DID, "handle": "a.b"}
    server.says(f"POST {XRPC}.server.createSession", said(signed_in))
    server.says(FEED, said({"feed": []}))
    server.says(GATES, said({"records": []}))
    return hook


def view(
    text: str, ref: dict[str, str] = REPLY, *, parent: Any = None, root: Any = ROOT, **more: Any
) -> dict[str, Any]:
    record: dict[str, Any] = {"$type": "app.bsky.feed.post", "text": text, "createdAt": "2026-11-24T10:00:00.000Z"}
    if parent or root:
        record["reply"] = {"root": root, "parent": parent or root}
    record |= more.pop("record", {})
    whole = {**ref, "author": {"did": ref["uri"].split("/")[2]}, "record": record}
    return {**whole, "indexedAt": "2026-11-24T10:00:01.000Z", "reason": "reply", **more}


def test_replies_quotes_and_mentions_are_heard_with_our_own_replies(
    server: Any, said: Any, bluesky: BlueskyHook
) -> None:
    deeper = {"uri": f"at://{OTHER}/app.bsky.feed.post/3m6abcdefgh2c", "cid": "c"}
    quote = {"uri": f"at://{OTHER}/app.bsky.feed.post/3m6abcdefgh2d", "cid": "d"}
    mention = {"uri": f"at://{OTHER}/app.bsky.feed.post/3m6abcdefgh2e", "cid": "e"}
    old = {"uri": f"at://{OTHER}/app.bsky.feed.post/3m5abcdefgh2e", "cid": "f"}
    server.says(
        NOTICES,
        said(
            {
                "notifications": [view("buono!", record={"langs": ["it"]}), view("più", deeper, parent=REPLY)],
                "cursor": "2",
            }
        ),
        said(
            {
                "notifications": [
                    view("guardate", quote, root=None, record={"embed": {"record": ROOT}}, reason="quote"),
                    view("@aurora.bsky.social aperti?", mention, root=None, reason="mention"),
                    view("old", old, indexedAt="2026-11-24T08:00:00.000Z"),
                ],
                "cursor": "3",
            }
        ),
    )
    mine = {"uri": f"at://{DID}/app.bsky.feed.post/3m6abcdefgh2f", "cid": "g"}
    feed = [{"post": view("Grazie!", mine, parent=REPLY)}, {"post": view("Nuovo", ROOT, root=None)}]
    server.says(FEED, said({"feed": [*feed, {"post": view("RT", mine), "reason": {"$type": "repost"}}]}))
    server.says(GATES, said({"records": [{"value": {"hiddenReplies": [deeper["uri"]]}}]}))
    found = {comment.comment_id: comment for comment in bluesky.comments(SINCE)}
    assert set(found) == {each["uri"] for each in (REPLY, deeper, quote, mention, mine)}
    first = found[REPLY["uri"]]
    assert (first.remote_id, first.parent_id, first.text, first.author) == (ROOT["uri"], None, "buono!", OTHER)
    assert (first.ours, first.hidden, first.language) == (False, False, "it")
    assert first.url == f"https://bsky.app/profile/{OTHER}/post/3m6abcdefgh2b"
    assert (found[deeper["uri"]].parent_id, found[deeper["uri"]].hidden) == (REPLY["uri"], True)
    assert (found[quote["uri"]].remote_id, found[quote["uri"]].parent_id) == (ROOT["uri"], None)
    assert found[mention["uri"]].remote_id == mention["uri"]
    assert (found[mine["uri"]].ours, found[mine["uri"]].text) == (True, "Grazie!")
    asked = [each for each in server.asked if each.path.endswith("listNotifications")]
    assert [each.query.get("cursor") for each in asked] == [None, "2"]


def test_beyond_a_hundred_gates_it_is_not_known_what_is_hidden(server: Any, said: Any, bluesky: BlueskyHook) -> None:
    other = {"uri": f"at://{OTHER}/app.bsky.feed.post/3m6abcdefgh2c", "cid": "c"}
    server.says(NOTICES, said({"notifications": [view("buono!"), view("male!", other)]}))
    server.says(GATES, said({"records": [{"value": {"hiddenReplies": [REPLY["uri"]]}}] * 100}))
    assert [comment.hidden for comment in bluesky.comments(SINCE)] == [True, None]


def test_nothing_heard_asks_for_no_gates(server: Any, said: Any, bluesky: BlueskyHook) -> None:
    server.says(NOTICES, said({"notifications": []}))
    assert list(bluesky.comments(SINCE)) == []
    assert server.requests(GATES) == []


def test_a_shortened_address_is_read_in_full_and_a_false_date_is_not_believed(
    server: Any, said: Any, bluesky: BlueskyHook
) -> None:
    text = "è qui: evil.example/ab… sì"
    start = len("è qui: ".encode())
    feature = {"$type": "app.bsky.richtext.facet#link", "uri": "https://evil.example/abcdef"}
    facet = {"index": {"byteStart": start, "byteEnd": start + len("evil.example/ab…".encode())}, "features": [feature]}
    record = {"facets": [facet], "createdAt": "2031-01-01T00:00:00Z"}
    server.says(NOTICES, said({"notifications": [view(text, record=record)]}))
    (comment,) = bluesky.comments(SINCE)
    assert comment.text == "è qui: https://evil.example/abcdef sì"
    assert comment.created_at == datetime(2026, 11, 24, 10, 0, 1, tzinfo=UTC)


def test_what_bluesky_leaves_out_is_gone(server: Any, said: Any, bluesky: BlueskyHook) -> None:
    ids = [f"at://{OTHER}/app.bsky.feed.post/{number}" for number in range(30)]
    server.says(POSTS, said({"posts": [{"uri": uri} for uri in ids[1:]]}))
    assert bluesky.gone(ids) == {ids[0]}
    assert len(server.requests(POSTS)) == 2


def test_a_reply_is_hidden_by_the_gate_of_its_thread_which_keeps_what_it_says(
    server: Any, said: Any, bluesky: BlueskyHook
) -> None:
    server.says(POSTS, said({"posts": [view("spam")]}))
    gate = {"$type": "app.bsky.feed.threadgate", "post": ROOT["uri"], "createdAt": "2026-11-24T08:00:00Z", "allow": []}
    server.says(GATE, said({"uri": "at://gate", "cid": "bafygate", "value": {**gate, "hiddenReplies": ["at://x"]}}))
    server.says(PUT, said({"uri": "at://gate", "cid": "bafynew"}))
    bluesky.hide(REPLY["uri"])
    sent = server.requests(PUT)[-1].json
    assert (sent["repo"], sent["rkey"], sent["swapRecord"]) == (DID, "3m6abcdefgh2a", "bafygate")
    assert sent["record"] == {**gate, "hiddenReplies": ["at://x", REPLY["uri"]]}
    bluesky.show(REPLY["uri"])
    assert len(server.requests(PUT)) == 1  # it is not hidden there


def test_a_thread_without_a_gate_gets_one_that_lets_everybody_answer(
    server: Any, said: Any, bluesky: BlueskyHook
) -> None:
    server.says(POSTS, said({"posts": [view("spam")]}))
    server.says(GATE, said({"error": "RecordNotFound", "message": "Could not locate record"}, 400))
    server.says(
        PUT, said({"error": "InvalidSwap", "message": "Record was at x"}, 400), said({"uri": "at://g", "cid": "c"})
    )
    with pytest.raises(TryLater):
        bluesky.hide(REPLY["uri"])
    bluesky.hide(REPLY["uri"])
    sent = server.requests(PUT)[-1].json
    assert sent["swapRecord"] is None
    assert sent["record"]["hiddenReplies"] == [REPLY["uri"]]
    assert "allow" not in sent["record"]


def test_what_stands_elsewhere_or_nowhere_cannot_be_hidden(server: Any, said: Any, bluesky: BlueskyHook) -> None:
    theirs = {"uri": f"at://{OTHER}/app.bsky.feed.post/3m6aaaaaaaa2a", "cid": "x"}
    server.says(
        POSTS, said({"posts": [view("hm", root=theirs)]}), said({"posts": [view("hm", root=None)]}), said({"posts": []})
    )
    for _ in range(2):
        with pytest.raises(Refused, match="only what stands under the account's own posts"):
            bluesky.hide(REPLY["uri"])
    with pytest.raises(Refused, match="not there any more"):
        bluesky.hide(REPLY["uri"])


def test_an_answer_lies_under_a_key_of_our_own(server: Any, said: Any, bluesky: BlueskyHook) -> None:
    rkey = answer_key(REPLY["uri"], "k")
    uri = f"at://{DID}/app.bsky.feed.post/{rkey}"
    server.says(POSTS, said({"posts": [view("buono", parent=ROOT)]}))
    server.says(CREATE, said({"uri": uri, "cid": "c"}))
    receipt = bluesky.answer(REPLY["uri"], "Grazie!", key="k")
    assert (receipt.post_id, receipt.remote_id) == (REPLY["uri"], uri)
    sent = server.requests(CREATE)[-1].json
    assert (sent["rkey"], sent["record"]["reply"]) == (rkey, {"root": ROOT, "parent": REPLY})
    assert rkey != answer_key(REPLY["uri"], "other") != answer_key(ROOT["uri"], "other")
    record = {"uri": uri, "cid": "c", "value": {"createdAt": "2026-11-24T11:00:00Z"}}
    missing = said({"error": "RecordNotFound", "message": "Could not locate record"}, 400)
    server.says(GATE, said(record), missing)
    found = bluesky.find_answer(REPLY["uri"], "Grazie!", key="k", since=SINCE)
    assert found is not None
    assert (found.remote_id, server.requests(GATE)[-1].query["rkey"]) == (uri, rkey)
    assert bluesky.find_answer(REPLY["uri"], "Grazie!", key="k", since=SINCE) is None


@pytest.mark.parametrize("rkey", ["self", "zzzzzzzzzzzzz", "2222222222222", "a.b-c", ""])
def test_whatever_key_a_comment_has_the_answers_key_is_a_valid_one(rkey: str) -> None:
    key = answer_key(f"at://{OTHER}/app.bsky.feed.post/{rkey}", "k")
    assert len(key) == 13
    assert key[0] in "234567abcdefghij"


def test_the_hook_hears_and_moderates(bluesky: BlueskyHook) -> None:
    assert isinstance(bluesky, CommentSource)
    assert isinstance(bluesky, Moderator)
