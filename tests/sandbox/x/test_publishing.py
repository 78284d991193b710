"""`POST` and `DELETE /2/tweets`: the contract's body, the weighted length, duplicates, threads, limits."""

from typing import Any

import pytest
import requests
from requests_oauthlib import OAuth1

from include.sandbox.running import RunningSandbox

DUPLICATE = "You are not allowed to create a Tweet with duplicate content."


def test_a_post_goes_out_and_its_links_are_shortened(x: Any) -> None:
    said = "Novità & sconti: https://aurora.example/nuovo #fattoamano @mekong"
    made = x("POST", "/2/tweets", json={"text": said})
    assert made.status_code == 201
    fields = {"tweet.fields": "entities,created_at,author_id"}
    post = x("GET", f"/2/tweets/{made.json()['data']['id']}", **fields).json()["data"]
    link = post["entities"]["urls"][0]
    assert post["text"] == f"Novità &amp; sconti: {link['url']} #fattoamano @mekong"
    assert (len(link["url"]), link["expanded_url"]) == (23, "https://aurora.example/nuovo")
    assert post["text"][link["start"] : link["end"]] == link["url"]
    assert post["entities"]["hashtags"][0]["tag"] == "fattoamano"


def test_two_hundred_and_eighty_and_no_more(x: Any) -> None:
    assert x("POST", "/2/tweets", json={"text": "a" * 256 + " https://aurora.example/" + "b" * 200}).status_code == 201
    refused = x("POST", "/2/tweets", json={"text": "ກ" * 281})
    assert refused.status_code == 400
    assert "too long" in refused.json()["detail"]


def test_the_same_text_again_is_forbidden_until_the_first_is_deleted(x: Any) -> None:
    first = x("POST", "/2/tweets", json={"text": "Una volta"}).json()["data"]["id"]
    again = x("POST", "/2/tweets", json={"text": "Una volta"})
    assert (again.status_code, again.json()) == (
        403,
        {"detail": DUPLICATE, "type": "about:blank", "title": "Forbidden", "status": 403},
    )
    assert x("DELETE", f"/2/tweets/{first}").json() == {"data": {"deleted": True}}
    assert x("POST", "/2/tweets", json={"text": "Una volta"}).status_code == 201


def test_a_thread_hangs_together(x: Any) -> None:
    first = x("POST", "/2/tweets", json={"text": "Uno"}).json()["data"]["id"]
    reply = {"in_reply_to_tweet_id": first}
    second = x("POST", "/2/tweets", json={"text": "Due", "reply": reply}).json()["data"]["id"]
    fields = {"tweet.fields": "conversation_id,referenced_tweets"}
    post = x("GET", f"/2/tweets/{second}", **fields).json()["data"]
    assert post["conversation_id"] == first
    assert post["referenced_tweets"] == [{"type": "replied_to", "id": first}]
    lost = x("POST", "/2/tweets", json={"text": "Tre", "reply": {"in_reply_to_tweet_id": "1"}})
    assert lost.status_code == 403


@pytest.mark.parametrize(
    "body",
    [
        {"text": "a", "txet": "b"},
        {"text": 5},
        {"text": ""},
        {"text": "a", "media": {"media_ids": []}},
        {"text": "a", "media": {"media_ids": ["1", "2", "3", "4", "5"]}},
        {"text": "a", "media": {"media_ids": [1]}},
        {"text": "a", "reply": {}},
        {"text": "a", "reply_settings": "nobody"},
        {"text": "a", "poll": {"options": ["x"], "duration_minutes": 60}},
        {"text": "a", "quote_tweet_id": "1", "poll": {"options": ["x", "y"], "duration_minutes": 60}},
    ],
)
def test_a_body_that_is_not_the_contracts_is_invalid(x: Any, body: dict[str, Any]) -> None:
    answer = x("POST", "/2/tweets", json=body)
    assert answer.status_code == 400
    assert answer.json()["title"] == "Invalid Request"
    assert answer.headers["content-type"].startswith("application/problem+json")


def test_the_hundred_and_first_in_a_quarter_of_an_hour_waits(x: Any, here: RunningSandbox) -> None:
    answers = [x("POST", "/2/tweets", json={"text": f"Numero {n}"}) for n in range(101)]
    assert {a.status_code for a in answers[:100]} == {201}
    assert answers[0].headers["x-rate-limit-remaining"] == "99"
    assert (answers[100].status_code, answers[100].headers["x-rate-limit-remaining"]) == (429, "0")
    assert x("POST", "/2/tweets", token="x-mekong", json={"text": "Altri"}).status_code == 201
    requests.post(f"{here.url}/_sandbox/clock", json={"advance_s": 901}, timeout=5)
    assert x("POST", "/2/tweets", json={"text": "Dopo"}).status_code == 201


@pytest.mark.parametrize("token", ["x-lapsed", "nobody", ""])
def test_a_bad_token_is_unauthorized(x: Any, token: str) -> None:
    answer = x("POST", "/2/tweets", token=token, json={"text": "a"})
    assert (answer.status_code, answer.json()["title"]) == (401, "Unauthorized")
    assert answer.headers["x-rate-limit-limit"] == "100"


def test_another_users_post_cannot_be_deleted(x: Any) -> None:
    mine = x("POST", "/2/tweets", json={"text": "Mio"}).json()["data"]["id"]
    assert x("DELETE", f"/2/tweets/{mine}", token="x-mekong").status_code == 403


def test_an_oauth_1_header_names_the_account_by_its_token(here: RunningSandbox) -> None:
    auth = OAuth1("key", "secret", "x-aurora", "token secret")
    answer = requests.post(f"{here.url}/x/2/tweets", json={"text": "Firmato"}, auth=auth, timeout=5)
    assert answer.status_code == 201
    wrong = OAuth1("key", "secret", "x-nobody", "token secret")
    assert requests.get(f"{here.url}/x/2/users/me", auth=wrong, timeout=5).status_code == 401


def test_replies_are_counted_where_they_stand(x: Any) -> None:
    def replies(post: str) -> int:
        asked = {"tweet.fields": "public_metrics"}
        return int(x("GET", f"/2/tweets/{post}", **asked).json()["data"]["public_metrics"]["reply_count"])

    first = x("POST", "/2/tweets", json={"text": "Uno"}).json()["data"]["id"]
    before = replies(first)
    reply = {"text": "Due", "reply": {"in_reply_to_tweet_id": first}}
    second = x("POST", "/2/tweets", json=reply).json()["data"]["id"]
    assert replies(first) == before + 1
    assert x("POST", "/2/tweets", json=reply).status_code == 403
    x("DELETE", f"/2/tweets/{second}")
    assert replies(first) == before
