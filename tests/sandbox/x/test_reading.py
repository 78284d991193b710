"""Users, look-ups and timelines: fields, pages, private metrics and partial errors."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from include.sandbox.running import RunningSandbox

FIELDS = {
    "tweet.fields": "created_at,public_metrics,entities,attachments,author_id,conversation_id,lang",
    "expansions": "author_id,attachments.media_keys",
    "media.fields": "alt_text,type,url,width,height,duration_ms,preview_image_url",
    "user.fields": "public_metrics,username",
}


@pytest.fixture
def me(x: Any) -> str:
    user_id: str = x("GET", "/2/users/me").json()["data"]["id"]
    return user_id


def test_a_user_has_followers_today(x: Any, me: str, here: RunningSandbox) -> None:
    asked = {"user.fields": "public_metrics"}
    user = x("GET", "/2/users/me", **asked).json()["data"]
    assert user["username"] == "bottega_aurora"
    assert x("GET", f"/2/users/{me}", **asked).json()["data"] == user
    requests.post(f"{here.url}/_sandbox/clock", json={"advance_s": 86400 * 30}, timeout=5)
    later = x("GET", "/2/users/me", **asked).json()["data"]["public_metrics"]
    assert later["followers_count"] != user["public_metrics"]["followers_count"]


def test_a_timeline_is_newest_first_and_comes_in_pages(x: Any, me: str) -> None:
    asked = {"max_results": 20, "start_time": "2026-08-01T00:00:00Z", "end_time": "2026-11-01T00:00:00Z", **FIELDS}
    answer = x("GET", f"/2/users/{me}/tweets", **asked).json()
    posts = answer["data"]
    while token := answer["meta"].get("next_token"):
        answer = x("GET", f"/2/users/{me}/tweets", pagination_token=token, **asked).json()
        posts += answer["data"]
    times = [post["created_at"] for post in posts]
    assert times == sorted(times, reverse=True)
    assert len({post["id"] for post in posts}) == len(posts) > 40
    assert "2026-08-01" <= times[-1] < times[0] < "2026-11-01"
    back = x("GET", f"/2/users/{me}/tweets", pagination_token=answer["meta"]["previous_token"], **asked).json()
    assert back["meta"]["result_count"] == 20


def test_expansions_bring_what_posts_point_at(x: Any, me: str) -> None:
    answer = x("GET", f"/2/users/{me}/tweets", max_results=50, **FIELDS).json()
    keys = {key for post in answer["data"] for key in post.get("attachments", {}).get("media_keys", [])}
    assert {media["media_key"] for media in answer["includes"]["media"]} == keys
    assert {media["type"] for media in answer["includes"]["media"]} == {"photo", "video"}
    assert answer["includes"]["users"][0]["id"] == me


def test_private_metrics_are_there_for_thirty_days(x: Any, me: str, here: RunningSandbox) -> None:
    asked = {"tweet.fields": "non_public_metrics,organic_metrics,public_metrics,created_at", "max_results": 100}
    asked["exclude"] = "replies"
    answer = x("GET", f"/2/users/{me}/tweets", **asked, start_time="2026-09-01T00:00:00Z").json()
    oldest = datetime.fromisoformat(answer["data"][-1]["created_at"])
    assert timedelta(days=20) < here.sandbox.clock.now() - oldest < timedelta(days=30)
    newest = answer["data"][0]
    assert newest["non_public_metrics"]["impression_count"] == newest["public_metrics"]["impression_count"]
    refused = answer["errors"][0]
    assert (refused["field"], refused["section"], refused["title"]) == (
        "non_public_metrics",
        "data",
        "Field Authorization Error",
    )
    assert refused["resource_id"] not in [post["id"] for post in answer["data"]]
    assert answer["meta"]["result_count"] == len(answer["data"])


def test_another_users_private_metrics_are_not_for_us(x: Any, me: str) -> None:
    post = x("GET", f"/2/users/{me}/tweets", max_results=5).json()["data"][0]["id"]
    asked = {"tweet.fields": "non_public_metrics"}
    answer = x("GET", f"/2/tweets/{post}", token="x-mekong", **asked).json()
    assert "data" not in answer
    assert answer["errors"][0]["type"].endswith("/not-authorized-for-field")


def test_posts_by_id_with_those_that_are_not_there(x: Any, me: str) -> None:
    ids = [post["id"] for post in x("GET", f"/2/users/{me}/tweets", max_results=5).json()["data"]]
    answer = x("GET", "/2/tweets", ids=",".join([*ids, "1"])).json()
    assert [post["id"] for post in answer["data"]] == ids
    assert [(error["title"], error["value"]) for error in answer["errors"]] == [("Not Found Error", "1")]
    assert x("GET", "/2/tweets/1").status_code == 200


def test_only_what_was_asked_comes(x: Any, me: str) -> None:
    answer = x("GET", f"/2/users/{me}/tweets").json()
    assert len(answer["data"]) == 10
    assert {frozenset(post) for post in answer["data"]} == {frozenset({"id", "text", "edit_history_tweet_ids"})}


def test_replies_can_be_left_out(x: Any, me: str) -> None:
    first = x("POST", "/2/tweets", json={"text": "Uno"}).json()["data"]["id"]
    reply = x("POST", "/2/tweets", json={"text": "Due", "reply": {"in_reply_to_tweet_id": first}}).json()["data"]["id"]
    with_replies = x("GET", f"/2/users/{me}/tweets", since_id=str(int(first) - 1)).json()["data"]
    without = x("GET", f"/2/users/{me}/tweets", since_id=str(int(first) - 1), exclude="replies").json()["data"]
    assert [post["id"] for post in with_replies] == [reply, first]
    assert [post["id"] for post in without] == [first]


@pytest.mark.parametrize(
    ("path", "params"),
    [
        ("/2/users/{me}/tweets", {"max_results": 4}),
        ("/2/users/{me}/tweets", {"max_results": 101}),
        ("/2/users/{me}/tweets", {"start_time": "2026-11-01"}),
        ("/2/users/{me}/tweets", {"pagination_token": "x"}),
        ("/2/users/{me}/tweets", {"exclude": "likes"}),
        ("/2/users/{me}/tweets", {"tweet.fields": "reach"}),
        ("/2/users/{me}/tweets", {"limit": 5}),
        ("/2/users/me", {"user.fields": "followers"}),
        ("/2/users/nobody", {}),
        ("/2/tweets", {"ids": ",".join("1" * 101)}),
        ("/2/tweets", {"ids": "abc"}),
    ],
)
def test_a_parameter_that_x_does_not_have_is_invalid(x: Any, me: str, path: str, params: dict[str, Any]) -> None:
    answer = x("GET", path.replace("{me}", me), **params)
    assert (answer.status_code, answer.json()["title"]) == (400, "Invalid Request")


def test_nothing_else_is_served(here: RunningSandbox) -> None:
    header = {"Authorization": "Bearer x-aurora"}
    assert requests.get(f"{here.url}/x/2/nothing", headers=header, timeout=5).status_code == 404
    assert requests.put(f"{here.url}/x/2/tweets", headers=header, timeout=5).status_code == 405
