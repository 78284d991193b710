"""Mentions, replies and hiding, as X tells them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from include.sandbox.conversation import comments_of
from include.sandbox.running import RunningSandbox

FIELDS = {"tweet.fields": "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,lang"}
SINCE = "2026-11-10T00:00:00Z"


@pytest.fixture
def me(x: Any) -> str:
    user_id: str = x("GET", "/2/users/me").json()["data"]["id"]
    return user_id


def say(here: RunningSandbox, **asked: Any) -> str:
    account = {"account": "x_bottega_aurora", **asked}
    answer = requests.post(f"{here.url}/_sandbox/comments", json=account, timeout=20)
    comment: str = answer.json()["comment"]
    return comment


def test_mentions_are_what_others_say_newest_first_in_pages(x: Any, me: str, here: RunningSandbox) -> None:
    asked = {"max_results": 50, "start_time": SINCE, **FIELDS}
    answer = x("GET", f"/2/users/{me}/mentions", **asked).json()
    told = answer["data"]
    while token := answer["meta"].get("next_token"):
        answer = x("GET", f"/2/users/{me}/mentions", pagination_token=token, **asked).json()
        told += answer["data"]
    account = here.sandbox.accounts("x")[0]
    said = comments_of(here.sandbox, account, datetime.fromisoformat(SINCE))
    assert len(told) == sum(not c.ours and c.created_at >= datetime.fromisoformat(SINCE) for c in said) > 50
    ids = [int(each["id"]) for each in told]
    assert ids == sorted(ids, reverse=True)
    assert all(each["author_id"] != me and "@bottega_aurora" in each["text"] for each in told)
    deep = next(c for c in said if c.parent_id and not c.ours)
    shown = next(each for each in told if each["id"] == deep.comment_id)
    assert shown["conversation_id"] == deep.post_id
    assert shown["referenced_tweets"] == [{"type": "replied_to", "id": deep.parent_id}]
    assert x("GET", f"/2/users/{me}/mentions", exclude="replies").status_code == 400


def test_a_reply_is_answered_in_its_conversation_and_hidden_by_who_began_it(
    x: Any, me: str, here: RunningSandbox
) -> None:
    question = say(here, text="Siete aperti?")
    body = {"text": "Sì!", "reply": {"in_reply_to_tweet_id": question}}
    made = x("POST", "/2/tweets", json=body).json()["data"]["id"]
    both = x("GET", "/2/tweets", ids=f"{question},{made},1", **FIELDS).json()
    theirs, ours = both["data"]
    assert ours["conversation_id"] == theirs["conversation_id"] != question
    assert ours["in_reply_to_user_id"] == theirs["author_id"]
    assert [error["resource_id"] for error in both["errors"]] == ["1"]
    mine = x("GET", f"/2/users/{me}/tweets", exclude="retweets", max_results=5, **FIELDS).json()["data"]
    assert mine[0]["id"] == made
    hide = f"/2/tweets/{question}/hidden"
    assert x("PUT", hide, json={"hidden": True}).json() == {"data": {"hidden": True}}
    assert x("PUT", hide, json={}).status_code == 400
    assert x("PUT", hide, token="x-mekong", json={"hidden": True}).status_code == 403
    assert x("PUT", "/2/tweets/12/hidden", json={"hidden": True}).status_code == 404
    lost = {"text": "Sì!", "reply": {"in_reply_to_tweet_id": "12"}}
    assert x("POST", "/2/tweets", json=lost).status_code == 403


def test_an_edited_reply_has_both_ids(x: Any, me: str, here: RunningSandbox) -> None:
    first = say(here, text="Buono")
    here.sandbox.clock.advance(60)
    change = {"account": "x_bottega_aurora", "comment": first, "text": "Ottimo"}
    requests.patch(f"{here.url}/_sandbox/comments", json=change, timeout=20)
    newest = x("GET", f"/2/users/{me}/mentions", max_results=5).json()["data"][0]
    assert newest["text"].endswith("Ottimo")
    assert newest["edit_history_tweet_ids"] == [first, newest["id"]]
    assert x("GET", f"/2/tweets/{first}").json()["data"]["text"] == newest["text"]
    assert timedelta(0) < timedelta(milliseconds=(int(newest["id"]) - int(first)) >> 22) < timedelta(minutes=2)
