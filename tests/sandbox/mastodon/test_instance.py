"""The sandbox's Mastodon takes what an instance takes and refuses what it refuses."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from include.sandbox.mastodon.api import TEMPLATES
from include.sandbox.mastodon.instance import MEDIA, STATUSES

POST, MEDIUM = "/api/v1/statuses", "/api/v2/media"
CLIP = b"\x00\x00\x00\x18ftypmp42" + b"v" * 100


def test_every_endpoint_served_is_in_the_contract(contracts) -> None:
    paths = json.loads((contracts / "mastodon" / "openapi-4.7.0.json").read_text())["paths"]
    assert {template.replace(":id", "{id}") for template in TEMPLATES} <= set(paths)


def test_the_clients_defaults_are_the_instances() -> None:
    ours = json.loads((Path(__file__).parents[3] / "plugins/platforms/mastodon/constraints.json").read_text())
    known = {**ours["text"], **ours["surfaces"]["media"]}
    for name, value in {**STATUSES, **MEDIA}.items():
        if name in known and name != "supported_mime_types":
            assert known[name]["value"] == value, name
    assert set(known["supported_mime_types"]["value"]) == set(MEDIA["supported_mime_types"])


def test_an_instance_tells_its_own_limits(mastodon) -> None:
    for token, most in (("m-aurora", 500), ("m-mekong", 5000)):
        answer = mastodon("GET", "/api/v2/instance", token)
        assert answer.json()["configuration"]["statuses"]["max_characters"] == most
        long = mastodon("POST", POST, token, json={"status": "a" * 501})
        assert long.status_code == (422 if most == 500 else 200)
    assert mastodon("GET", "/api/v1/accounts/verify_credentials").json()["username"] == "bottega_aurora"


def test_a_key_makes_one_post_for_an_hour(mastodon, here) -> None:
    def post(key):
        return mastodon("POST", POST, json={"status": "Ciao"}, headers={"Idempotency-Key": key}).json()["id"]

    first = post("k")
    here.sandbox.clock.advance(3599)
    assert post("k") == first
    assert post("l") != first
    here.sandbox.clock.advance(2)
    assert post("k") != first


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"status": " "}, 422, "Text can't be blank"),
        ({"status": "a" * 478 + " https://aurora.com/" + "b" * 99}, 422, "limit of 500 exceeded"),
        ({"status": "a", "media_ids": ["17"]}, 422, "Media 17 not found or already attached"),
        ({"status": "a", "media_ids": list("12345")}, 422, "more than 4 files"),
        ({"status": "a", "in_reply_to_id": "17"}, 404, "does not appear to exist"),
    ],
)
def test_what_an_instance_refuses(mastodon, body, status, words) -> None:
    answer = mastodon("POST", POST, json=body)
    assert answer.status_code == status
    assert words in answer.json()["error"]


def test_media_are_ready_at_once_or_later_and_go_out_once(mastodon, here, png) -> None:
    image = mastodon("POST", MEDIUM, files={"file": ("a.png", png)}, data={"description": "A cake"})
    assert (image.status_code, image.json()["description"]) == (200, "A cake")
    clip = mastodon("POST", MEDIUM, files={"file": ("a.mp4", CLIP)})
    path = f"/api/v1/media/{clip.json()['id']}"
    assert (clip.status_code, clip.json()["url"], mastodon("GET", path).status_code) == (202, None, 206)
    early = mastodon("POST", POST, json={"status": "a", "media_ids": [clip.json()["id"]]})
    assert "not finished processing" in early.json()["error"]
    here.sandbox.clock.advance(2)
    assert mastodon("GET", path).status_code == 200
    assert mastodon("PUT", path, data={"description": "It rises"}).json()["description"] == "It rises"
    both = [image.json()["id"], clip.json()["id"]]
    assert "already contains images" in mastodon("POST", POST, json={"media_ids": both}).json()["error"]
    assert mastodon("POST", POST, json={"media_ids": both[1:]}).ok
    assert "already attached" in mastodon("POST", POST, json={"media_ids": both[1:]}).json()["error"]
    assert mastodon("POST", MEDIUM, files={"file": ("a.txt", b"text")}).status_code == 422


def test_a_post_is_edited_listed_and_deleted(mastodon) -> None:
    made = mastodon("POST", POST, json={"status": "Ciao\n\n#caffè <b>"}).json()
    assert made["content"].startswith("<p>Ciao</p><p><a href=")
    assert made["content"].endswith(" &lt;b&gt;</p>")
    edited = mastodon("PUT", f"{POST}/{made['id']}", json={"status": "Corretto"}).json()
    assert (edited["content"], edited["edited_at"] is not None) == ("<p>Corretto</p>", True)
    listed = f"/api/v1/accounts/{made['account']['id']}/statuses"
    ids = [s["id"] for s in mastodon("GET", listed, params={"limit": 3}).json()]
    assert (ids[0], len(ids)) == (made["id"], 3)
    assert mastodon("GET", listed, params={"limit": 1, "max_id": ids[0]}).json()[0]["id"] == ids[1]
    assert mastodon("DELETE", f"{POST}/{made['id']}").json()["text"] == "Corretto"
    assert mastodon("DELETE", f"{POST}/{made['id']}").status_code == 404
    assert mastodon("GET", listed, params={"limit": 1}).json()[0]["id"] == ids[1]


def test_another_accounts_post_is_not_ours_to_take_down(mastodon) -> None:
    made = mastodon("POST", POST, "m-mekong", json={"status": "Sabaidee"}).json()
    assert mastodon("DELETE", f"{POST}/{made['id']}").status_code == 404


@pytest.mark.parametrize("token", ["m-lapsed", "nobody"])
def test_a_token_that_is_not_good_is_refused(mastodon, token) -> None:
    answer = mastodon("POST", POST, token, json={"status": "Ciao"})
    assert (answer.status_code, answer.json()) == (401, {"error": "The access token is invalid"})


def test_thirty_uploads_in_half_an_hour_and_a_reset_that_is_a_moment(mastodon, png) -> None:
    answers = [mastodon("POST", MEDIUM, files={"file": ("a.png", png)}) for _ in range(31)]
    assert [a.status_code for a in answers[-2:]] == [200, 429]
    assert answers[29].headers["X-RateLimit-Remaining"] == "0"
    assert datetime.fromisoformat(answers[30].headers["X-RateLimit-Reset"].replace("Z", "+00:00")).year == 2026
