"""`/feed`, `/photos` and `DELETE`: what goes out, and what Facebook refuses."""

import json
from typing import Any

import pytest
import requests

from include.sandbox.running import RunningSandbox


def stage(here: RunningSandbox, png: bytes, **params: str) -> requests.Response:
    sent = {"access_token": "EAAaurora", "published": "false", **params}
    return requests.post(f"{here.url}/facebook/v25.0/me/photos", data=sent, files={"source": ("a.png", png)}, timeout=5)


def test_a_text_goes_out_and_is_found_again(graph: Any) -> None:
    post = graph("POST", "/me/feed", message="Buongiorno dalla bottega")
    assert post.status_code == 200
    found = graph("GET", "/me/published_posts", fields="id,message,permalink_url").json()["data"][0]
    assert (found["id"], found["message"]) == (post.json()["id"], "Buongiorno dalla bottega")
    assert found["permalink_url"].startswith("https://www.facebook.com/")


def test_json_with_a_token_in_the_header_does_as_well(here: RunningSandbox) -> None:
    sent = {"message": "ສະບາຍດີ", "link": "https://mekong.example/1"}
    where, header = f"{here.url}/facebook/v25.0/me/feed", {"Authorization": "Bearer EAAmekong"}
    post_id = requests.post(where, json=sent, headers=header, timeout=5).json()["id"]
    asked = {"fields": "message,attachments{media_type,unshimmed_url}"}
    found = requests.get(f"{here.url}/facebook/{post_id}", params=asked, headers=header, timeout=5).json()
    assert found["message"] == "ສະບາຍດີ"
    assert found["attachments"]["data"] == [{"media_type": "link", "unshimmed_url": "https://mekong.example/1"}]


@pytest.mark.parametrize("form", ["indexed", "list"])
def test_photos_are_staged_and_go_out_with_one_post(graph: Any, here: RunningSandbox, png: bytes, form: str) -> None:
    ids = [stage(here, png + bytes([n]), alt_text_custom="Una borsa").json()["id"] for n in range(2)]
    assert graph("GET", f"/{ids[0]}", fields="alt_text").json()["alt_text"] == "Una borsa"
    media = [{"media_fbid": photo} for photo in ids]
    given = {f"attached_media[{n}]": json.dumps(m) for n, m in enumerate(media)}
    post = graph(
        "POST", "/me/feed", message="Due", **(given if form == "indexed" else {"attached_media": json.dumps(media)})
    )
    found = graph("GET", f"/{post.json()['id']}", fields="attachments{media_type,subattachments}").json()
    album = found["attachments"]["data"][0]
    assert album["media_type"] == "album"
    assert [sub["target"]["id"] for sub in album["subattachments"]["data"]] == ids


def test_a_photo_that_only_waits_is_no_post(graph: Any, here: RunningSandbox, png: bytes) -> None:
    before = graph("GET", "/me/published_posts").json()["data"]
    assert stage(here, png).json().keys() == {"id"}
    assert graph("GET", "/me/published_posts").json()["data"] == before
    assert stage(here, png, published="true").json().keys() == {"id", "post_id"}


def test_saying_the_same_twice_is_refused_as_a_duplicate(graph: Any) -> None:
    assert graph("POST", "/me/feed", message="Una volta").status_code == 200
    again = graph("POST", "/me/feed", message="Una volta")
    assert (again.status_code, again.json()["error"]["code"], again.json()["error"]["error_subcode"]) == (
        400,
        506,
        1455006,
    )
    assert graph("POST", "/me/feed", message="Altro").status_code == 200


def test_a_deleted_post_is_gone_and_may_be_said_again(graph: Any) -> None:
    post_id = graph("POST", "/me/feed", message="Via").json()["id"]
    assert graph("DELETE", f"/{post_id}").json() == {"success": True}
    gone = graph("GET", f"/{post_id}").json()["error"]
    assert (gone["code"], gone["error_subcode"]) == (100, 33)
    assert graph("DELETE", f"/{post_id}").status_code == 400
    assert graph("POST", "/me/feed", message="Via").status_code == 200


def test_a_post_of_the_past_can_be_deleted_too(graph: Any) -> None:
    oldest = graph("GET", "/me/feed", limit=5).json()["data"][-1]["id"]
    assert graph("DELETE", f"/{oldest}").json() == {"success": True}
    assert oldest not in [post["id"] for post in graph("GET", "/me/feed").json()["data"]]


def test_an_unpublished_post_is_nowhere_but_under_its_id(graph: Any) -> None:
    post_id = graph("POST", "/me/feed", message="Bozza", published="false").json()["id"]
    assert post_id not in [post["id"] for post in graph("GET", "/me/feed").json()["data"]]
    assert graph("GET", f"/{post_id}", fields="is_published").json()["is_published"] is False


@pytest.mark.parametrize(
    ("params", "code", "subcode"),
    [
        ({}, 100, 1349125),
        ({"message": "a" * 63207}, 100, None),
        ({"message": "😀" * 31604}, 100, None),
        ({"message": "a", "link": "www.example.com"}, 100, 1500),
        ({"message": "a", "link": "https://www.facebook.com/1"}, 100, 1609008),
        ({"message": "a", "attached_media": '[{"media_fbid": "1"}]'}, 100, None),
        ({"message": "a", "massage": "b"}, 100, None),
        ({"message": "a", "published": "perhaps"}, 100, None),
    ],
)
def test_what_facebook_refuses(graph: Any, params: dict[str, str], code: int, subcode: int | None) -> None:
    answer = graph("POST", "/me/feed", **params)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error.get("error_subcode")) == (400, code, subcode)


def test_the_longest_text_is_taken(graph: Any) -> None:
    assert graph("POST", "/me/feed", message="a" * 63206).status_code == 200


def test_a_photo_must_be_one_and_not_too_large(graph: Any, here: RunningSandbox, png: bytes) -> None:
    assert stage(here, b"no picture").json()["error"]["code"] == 324
    assert stage(here, png + bytes(4_000_000)).json()["error"]["error_subcode"] == 1366046
    assert graph("POST", "/me/photos", url="http://127.0.0.1/a.png").json()["error"]["code"] == 324
    assert graph("POST", "/me/photos", url="https://aurora.example/a.png").status_code == 200


def test_the_same_photo_cannot_go_out_twice(graph: Any, here: RunningSandbox, png: bytes) -> None:
    media = json.dumps([{"media_fbid": stage(here, png).json()["id"]}])
    assert graph("POST", "/me/feed", message="Uno", attached_media=media).status_code == 200
    assert graph("POST", "/me/feed", message="Due", attached_media=media).json()["error"]["error_subcode"] == 1366051


def test_a_page_that_asks_too_much_is_told_how_long_to_wait(graph: Any, world: dict[str, Any], set_up: Any) -> None:
    set_up({**world, "page_calls": 3})
    answers = [graph("GET", "/me") for _ in range(4)]
    usage = json.loads(answers[-1].headers["X-Business-Use-Case-Usage"])
    assert [a.status_code for a in answers] == [200, 200, 200, 400]
    assert answers[-1].json()["error"]["code"] == 80001
    assert next(iter(usage.values()))[0]["estimated_time_to_regain_access"] == 1440
    assert json.loads(answers[1].headers["X-App-Usage"])["call_count"] == 66
