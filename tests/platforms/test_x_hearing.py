"""What X's answers become as comments, and what is sent to hide, show and answer them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from include.domain.comments import Comment, CommentSource, Moderator
from include.domain.errors import OutcomeUnknown, Refused, TryLater
from platforms.x.hook import XHook

SINCE = datetime(2026, 11, 24, 9, tzinfo=UTC)
MENTIONS, OWN = "GET /2/users/42/mentions", "GET /2/users/42/tweets"
NOTHING: dict[str, Any] = {"meta": {"result_count": 0}}
ROOT, REPLY, DEEPER = "1990000000000000000", "1990000000000000001", "1990000000000000002"


def post(post_id: str, text: str, *, author: str = "7", answers: str | None = None, **more: Any) -> dict[str, Any]:
    whole = {"id": post_id, "text": text, "author_id": author, "edit_history_tweet_ids": [post_id], "lang": "it"}
    whole |= {"created_at": "2026-11-24T10:00:00.000Z", "conversation_id": ROOT}
    if answers:
        whole["referenced_tweets"] = [{"type": "replied_to", "id": answers}]
    return {**whole, **more}


def page(*posts: dict[str, Any], **meta: Any) -> dict[str, Any]:
    return {"data": list(posts), "meta": {"result_count": len(posts), **meta}}


def heard(x: XHook) -> dict[str, Comment]:
    return {comment.comment_id: comment for comment in x.comments(SINCE)}


def test_the_hook_hears_and_moderates(x: XHook) -> None:
    assert isinstance(x, CommentSource)
    assert isinstance(x, Moderator)


def test_who_answers_or_names_us_is_heard_with_what_we_answer(server: Any, said: Any, x: XHook) -> None:
    alone = post("1990000000000000005", "@aurora &lt;non&gt; risponde nessuno", conversation_id="1990000000000000005")
    repost = post("1990000000000000006", "RT", referenced_tweets=[{"type": "retweeted", "id": ROOT}])
    server.says(
        MENTIONS,
        said(page(post(REPLY, "@aurora buono!", answers=ROOT), repost, next_token="n")),
        said(page(post(DEEPER, "@aurora @x anche per me", answers=REPLY), alone)),
    )
    server.says(
        OWN,
        said(
            page(post("1990000000000000003", "Grazie!", author="42", answers=REPLY), post(ROOT, "Nuovo", author="42"))
        ),
    )
    found = heard(x)
    assert set(found) == {REPLY, DEEPER, alone["id"], "1990000000000000003"}
    assert [each.query["start_time"] for each in server.asked] == ["2026-11-24T09:00:00Z"] * 3
    first = found[REPLY]
    assert (first.account, first.remote_id, first.parent_id) == ("x_aurora", ROOT, None)
    assert (first.author, first.ours, first.language) == ("7", False, "it")
    assert first.hidden is None, "X does not tell"
    assert first.created_at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert first.url == f"https://x.com/i/web/status/{REPLY}"
    assert found[DEEPER].parent_id == REPLY
    assert found["1990000000000000003"].ours
    assert found[alone["id"]].remote_id == alone["id"]
    assert found[alone["id"]].text == "@aurora <non> risponde nessuno"


def test_an_edited_post_keeps_its_first_id(server: Any, said: Any, x: XHook) -> None:
    later = str(int(REPLY) + (600_000 << 22))
    edited = post(later, "Corretto", answers=ROOT, edit_history_tweet_ids=[REPLY, later], lang="qme")
    server.says(MENTIONS, said(page(edited)))
    server.says(OWN, said(NOTHING))
    comment = heard(x)[REPLY]
    assert comment.edited_at is not None
    assert comment.edited_at - comment.created_at == timedelta(minutes=10)
    assert comment.language is None


def test_what_x_does_not_show_is_gone(server: Any, said: Any, x: XHook) -> None:
    error = {
        "type": "https://api.twitter.com/2/problems/resource-not-found",
        "resource_id": REPLY,
        "title": "Not Found Error",
    }
    server.says("GET /2/tweets", said({"data": [post(DEEPER, "here")], "errors": [error]}))
    assert x.gone([REPLY, DEEPER]) == {REPLY}
    assert x.gone([]) == set()
    many = [str(int(ROOT) + number) for number in range(101)]
    server.says("GET /2/tweets", said({"data": []}))
    assert x.gone(many) == set()
    assert [len(each.query["ids"].split(",")) for each in server.asked] == [2, 100, 1]


def test_a_refusal_with_status_200_hides_nothing(server: Any, said: Any, x: XHook) -> None:
    server.says("GET /2/tweets", said({}))
    with pytest.raises(TryLater, match="names no post"):
        x.gone([REPLY])
    server.says(f"PUT /2/tweets/{REPLY}/hidden", said({"data": {"hidden": False}}))
    with pytest.raises(TryLater, match="does not say"):
        x.hide(REPLY)


def test_hiding_and_showing(server: Any, said: Any, x: XHook) -> None:
    server.says(f"PUT /2/tweets/{REPLY}/hidden", said({"data": {"hidden": True}}), said({"data": {"hidden": False}}))
    x.hide(REPLY)
    x.show(REPLY)
    assert [each.json for each in server.asked] == [{"hidden": True}, {"hidden": False}]


def test_an_answer_is_a_reply_and_is_found_again(server: Any, said: Any, x: XHook) -> None:
    server.says("POST /2/tweets", said({"data": {"id": "9", "text": "Grazie"}}, 201))
    receipt = x.answer(REPLY, "Grazie", key="k")
    assert (receipt.post_id, receipt.remote_id) == (REPLY, "9")
    assert server.asked[0].json == {"text": "Grazie", "reply": {"in_reply_to_tweet_id": REPLY}}
    same = [post("8", "Grazie", answers=DEEPER), post("9", "@lei Grazie", answers=REPLY)]
    server.says(OWN, said(page(*same)))
    found = x.find_answer(REPLY, "Grazie", key="k", since=SINCE)
    assert found is not None
    assert found.remote_id == "9"
    assert x.find_answer(REPLY, "Altro", key="k", since=SINCE) is None


def test_the_same_answer_to_another_is_refused_and_not_taken_for_this_one(server: Any, said: Any, x: XHook) -> None:
    refusal = {
        "status": 403,
        "detail": "You are not allowed to create a Tweet with duplicate content.",
        "title": "Forbidden",
    }
    server.says("POST /2/tweets", said(refusal, 403))
    server.says(OWN, said(page(post("8", "Grazie", author="42", answers=DEEPER))))
    with pytest.raises(Refused, match="posted already"):
        x.answer(REPLY, "Grazie", key="k")
    server.says(OWN, said(NOTHING))
    with pytest.raises(OutcomeUnknown, match="looked up again"):
        x.answer(REPLY, "Grazie", key="k")
