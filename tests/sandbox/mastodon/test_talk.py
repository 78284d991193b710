"""Notifications, contexts and batches of statuses, as an instance tells them."""

from datetime import timedelta

import pytest
import requests

from include.sandbox.conversation import comments_of

NOTICES, STATUSES = "/api/v1/notifications", "/api/v1/statuses"


def say(here, **asked):
    account = {"account": "mastodon_bottega_aurora", **asked}
    answer = requests.post(f"{here.url}/_sandbox/comments", json=account, timeout=20)
    here.sandbox.clock.advance(1)
    return answer.json()


def test_notifications_are_the_newest_first_and_come_in_pages(mastodon, here) -> None:
    first = mastodon("GET", NOTICES, params={"limit": 5, "types[]": ["mention", "quote"]}).json()
    then = mastodon("GET", NOTICES, params={"limit": 5, "max_id": first[-1]["id"]}).json()
    ids = [int(notice["id"]) for notice in (*first, *then)]
    assert len(ids) == 10
    assert ids == sorted(ids, reverse=True)
    since = here.sandbox.clock.now() - timedelta(days=30)
    said = comments_of(here.sandbox, here.sandbox.accounts("mastodon")[0], since)
    assert [notice["status"]["id"] for notice in first] == [c.comment_id for c in reversed(said) if not c.ours][:5]
    assert all("bottega_aurora" in notice["status"]["content"] for notice in first)
    assert first[0]["account"]["acct"].endswith("@friends.example")
    assert mastodon("GET", NOTICES, params={"types[]": "follow"}).json() == []
    assert mastodon("GET", NOTICES, params={"exclude_types[]": "mention"}).json() == []
    newer = mastodon("GET", NOTICES, params={"since_id": first[2]["id"]}).json()
    assert [notice["id"] for notice in newer] == [notice["id"] for notice in first[:2]]


def test_a_context_is_the_whole_thread_of_a_status(mastodon, here) -> None:
    told = say(here, text="Siete aperti?")
    deeper = say(here, text="Anche io lo chiedo", parent=told["comment"])
    body = {"status": "Sì!", "in_reply_to_id": deeper["comment"]}
    ours = mastodon("POST", STATUSES, json=body).json()
    assert ours["in_reply_to_id"] == deeper["comment"]
    around = mastodon("GET", f"{STATUSES}/{deeper['comment']}/context").json()
    assert [each["id"] for each in around["ancestors"]] == [told["post"], told["comment"]]
    assert [each["id"] for each in around["descendants"]] == [ours["id"]]
    below = mastodon("GET", f"{STATUSES}/{told['post']}/context").json()
    assert below["ancestors"] == []
    assert [each["id"] for each in below["descendants"]][-3:] == [told["comment"], deeper["comment"], ours["id"]]
    assert mastodon("GET", f"{STATUSES}/1/context").status_code == 404
    mine = mastodon("GET", f"/api/v1/accounts/{ours['account']['id']}/statuses").json()
    assert (mine[0]["id"], mine[0]["in_reply_to_account_id"]) == (ours["id"], around_author(mastodon, deeper))


def around_author(mastodon, told) -> str:
    return mastodon("GET", f"{STATUSES}/{told['comment']}").json()["account"]["id"]


def test_several_statuses_at_once_are_those_that_are_there(mastodon, here) -> None:
    told = say(here, text="[direct] in privato")
    found = mastodon("GET", STATUSES, params={"id[]": [told["comment"], told["post"], "1"]}).json()
    assert [each["id"] for each in found] == [told["comment"], told["post"]]
    assert found[0]["visibility"] == "direct"
    assert mastodon("GET", STATUSES, params={"id[]": [str(n) for n in range(21)]}).status_code == 422


@pytest.mark.parametrize("parent", ["1", "999"])
def test_what_is_not_there_cannot_be_answered(mastodon, parent) -> None:
    assert mastodon("POST", STATUSES, json={"status": "Sì", "in_reply_to_id": parent}).status_code == 404
