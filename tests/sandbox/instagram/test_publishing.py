"""Containers become posts, once; what Instagram refuses is refused here in its numbers."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox.declaration import parse_declaration
from include.sandbox.instagram.containers import TAKES
from include.sandbox.running import RunningSandbox
from include.sandbox.state import Sandbox
from tests.sandbox.instagram.conftest import NODE, VIDEO


def made(ig: Any, here: RunningSandbox, name: str = "deep/a.jpg", **params: str) -> str:
    kind = "video_url" if name.endswith(".mp4") else "image_url"
    answer = ig("POST", "/media", **{kind: f"{here.url}/media/{name}", **params})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def status(ig: Any, container: str) -> str:
    return str(ig("GET", container, fields="status_code,status").json()["status_code"])


def until_ready(ig: Any, container: str) -> int:
    asked = 1
    while status(ig, container) != "FINISHED":
        asked += 1
    return asked


def test_an_image_is_fetched_published_and_listed(ig: Any, here: RunningSandbox) -> None:
    container = made(ig, here, caption="Buongiorno", alt_text="Una borsa")
    assert status(ig, container) == "FINISHED"
    assert ig("GET", "/media").json() == {"data": []}
    media = ig("POST", "/media_publish", creation_id=container).json()["id"]
    assert media != container
    assert status(ig, container) == "PUBLISHED"
    fields = "id,caption,alt_text,media_type,media_product_type,permalink,timestamp,username"
    (shown,) = ig("GET", "/media", fields=fields).json()["data"]
    assert shown == ig("GET", media, fields=fields).json()
    assert (shown["caption"], shown["alt_text"], shown["media_type"]) == ("Buongiorno", "Una borsa", "IMAGE")
    assert shown["permalink"].startswith("https://www.instagram.com/p/")
    assert "Buongiorno" in requests.get(f"{here.url}/view/platforms", timeout=5).text


def test_a_container_is_published_once(ig: Any, here: RunningSandbox) -> None:
    container = made(ig, here)
    assert ig("POST", "/media_publish", creation_id=container).status_code == 200
    assert ig("POST", "/media_publish", creation_id=container).status_code == 400
    assert len(ig("GET", "/media").json()["data"]) == 1


def test_a_video_takes_a_few_askings(ig: Any, here: RunningSandbox) -> None:
    container = made(ig, here, "a.mp4", media_type="REELS")
    early = ig("POST", "/media_publish", creation_id=container).json()["error"]
    assert (early["code"], early["error_subcode"]) == (9007, 2207027)
    assert until_ready(ig, container) == 3
    media = ig("POST", "/media_publish", creation_id=container).json()["id"]
    shown = ig("GET", media, fields="media_type,media_product_type,permalink").json()
    assert (shown["media_type"], shown["media_product_type"]) == ("VIDEO", "REELS")
    assert "/reel/" in shown["permalink"]


def test_a_video_is_sent_to_the_address_that_it_was_given(ig: Any, here: RunningSandbox) -> None:
    answer = ig("POST", "/media", media_type="REELS", upload_type="resumable").json()
    assert answer["uri"] == f"{here.url}/instagram/ig-api-upload/v25.0/{answer['id']}"
    assert status(ig, answer["id"]) == "IN_PROGRESS"

    def send(**headers: str) -> Any:
        return requests.post(answer["uri"], data=VIDEO, headers=headers, timeout=5)

    whole = {"offset": "0", "file_size": str(len(VIDEO))}
    assert send(Authorization="Bearer IGaurora", **whole).json()["debug_info"]["type"] == "NotAuthorizedError"
    cut = send(Authorization="OAuth IGaurora", offset="0", file_size="9999").json()["debug_info"]
    assert (cut["type"], cut["retriable"]) == ("PartialRequestError", False)
    assert send(Authorization="OAuth IGaurora", **whole).json()["success"] is True
    until_ready(ig, answer["id"])
    assert ig("POST", "/media_publish", creation_id=answer["id"]).status_code == 200


def test_a_carousel_has_two_to_ten_items_that_are_ready(ig: Any, here: RunningSandbox) -> None:
    image, video = (
        made(ig, here, name, is_carousel_item="true", **more)
        for name, more in (("deep/a.jpg", {}), ("a.mp4", {"media_type": "VIDEO"}))
    )
    refused = ig("POST", "/media", media_type="CAROUSEL", children=f"{image},{video}").json()["error"]
    assert refused["error_subcode"] == 2207027
    until_ready(ig, video)
    assert ig("POST", "/media", media_type="CAROUSEL", children=image).json()["error"]["error_subcode"] == 2207028
    joined = ig("POST", "/media", media_type="CAROUSEL", children=f"{image},{video}", caption="Due").json()["id"]
    media = ig("POST", "/media_publish", creation_id=joined).json()["id"]
    assert ig("GET", media, fields="media_type").json()["media_type"] == "CAROUSEL_ALBUM"
    assert ig("POST", "/media_publish", creation_id=image).json()["error"]["error_subcode"] == 2207006


def test_a_story_stands_for_a_day_and_in_no_list_of_media(ig: Any, here: RunningSandbox) -> None:
    container = made(ig, here, "tall.jpg", media_type="STORIES")
    media = ig("POST", "/media_publish", creation_id=container).json()["id"]
    assert ig("GET", "/media").json()["data"] == []
    assert [story["id"] for story in ig("GET", "/stories").json()["data"]] == [media]
    here.sandbox.clock.advance(86_400)
    assert ig("GET", "/stories").json()["data"] == []


def test_a_container_expires_after_a_day(ig: Any, here: RunningSandbox) -> None:
    container = made(ig, here)
    here.sandbox.clock.advance(86_400)
    assert status(ig, container) == "EXPIRED"
    error = ig("POST", "/media_publish", creation_id=container).json()["error"]
    assert (error["code"], error["error_subcode"], error["type"]) == (-2, 2207020, "OAuthException")


@pytest.mark.parametrize(
    ("name", "params", "code", "subcode"),
    [
        ("tall.jpg", {}, 36003, 2207009),
        ("a.png", {}, 36001, 2207005),
        ("large.jpg", {}, 36000, 2207004),
        ("nowhere.jpg", {}, 9004, 2207052),
        ("link.txt", {}, 9004, 2207052),
        ("../secret.txt", {}, 9004, 2207052),
        ("deep/a.jpg", {"caption": "a" * 2201}, 36004, 2207010),
        ("deep/a.jpg", {"caption": "@a " * 21}, 100, 2207040),
        ("deep/a.jpg", {"media_type": "POSTER"}, 100, 2207023),
        ("deep/a.jpg", {"media_type": "REELS"}, 100, None),
        ("deep/a.jpg", {"kaption": "a"}, 100, None),
    ],
)
def test_what_instagram_refuses(
    ig: Any, here: RunningSandbox, name: str, params: dict[str, str], code: int, subcode: int | None
) -> None:
    answer = ig("POST", "/media", image_url=f"{here.url}/media/{name}", **params)
    error = answer.json()["error"]
    assert (answer.status_code, error["code"], error.get("error_subcode")) == (400, code, subcode)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/media/deep/a.jpg", "http://10.0.0.1/a.jpg", "ftp://a.example/a.jpg"]
)
def test_it_fetches_from_no_private_address_but_its_own(ig: Any, address: str) -> None:
    assert ig("POST", "/media", image_url=address).json()["error"]["error_subcode"] == 2207052


def test_a_public_address_is_taken_at_its_word(ig: Any) -> None:
    assert ig("POST", "/media", image_url="https://aurora.example/a.jpg").status_code == 200


def test_a_video_that_is_none_ends_in_error(ig: Any, here: RunningSandbox) -> None:
    container = ig("POST", "/media", media_type="REELS", video_url=f"{here.url}/media/a.png").json()["id"]
    shown = ig("GET", container, fields="status_code,status").json()
    assert (shown["status_code"], shown["status"]) == ("ERROR", "Error: 2207026")


def test_the_media_folder_is_served_and_nothing_around_it(here: RunningSandbox) -> None:
    def get(path: str) -> requests.Response:
        request = requests.Request("GET", here.url).prepare()
        request.url = f"{here.url}{path}"  # as it stands: `requests` would take the dots out
        with requests.Session() as session:
            return session.send(request, timeout=5)

    assert get("/media/a.mp4").content == VIDEO
    assert {get(path).status_code for path in ("/media/link.txt", "/media/", "/media/deep", "/media/no.jpg")} == {404}
    assert {get(f"/media/{up}secret.txt").status_code for up in ("../", "%2e%2e/", "deep/..%2f..%2f")} == {404}


def test_the_quota_counts_published_posts_of_a_sliding_day(ig: Any, here: RunningSandbox) -> None:
    def limit(**params: str) -> Any:
        return ig("GET", "/content_publishing_limit", **params).json()["data"][0]

    ig("POST", "/media_publish", creation_id=made(ig, here))
    assert limit() == {"quota_usage": 1}
    assert limit(fields="config,quota_usage") == {
        "config": {"quota_total": 50, "quota_duration": 86400},
        "quota_usage": 1,
    }
    here.sandbox.clock.advance(86_400)
    assert limit() == {"quota_usage": 0}


def test_a_used_up_quota_publishes_no_more(here: RunningSandbox) -> None:
    root, token = f"{here.url}/instagram/v25.0", {"access_token": "IGmekong"}
    asked = {**token, "fields": "instagram_business_account"}
    node = requests.get(f"{root}/me", params=asked, timeout=5).json()["instagram_business_account"]["id"]

    def publish() -> Any:
        sent = {**token, "image_url": f"{here.url}/media/deep/a.jpg"}
        container = requests.post(f"{root}/{node}/media", data=sent, timeout=5).json()["id"]
        return requests.post(f"{root}/{node}/media_publish", data={**token, "creation_id": container}, timeout=5).json()

    assert "id" in publish()
    assert (publish()["error"]["code"], publish()["error"]["error_subcode"]) == (9, 2207042)


def test_comments_and_deletes(ig: Any, here: RunningSandbox) -> None:
    media = ig("POST", "/media_publish", creation_id=made(ig, here)).json()["id"]
    comment = ig("POST", f"{media}/comments", message="Ordina ora").json()["id"]
    (shown,) = ig("GET", f"{media}/comments").json()["data"]
    assert (shown["id"], shown["text"]) == (comment, "Ordina ora")
    assert ig("GET", media, fields="comments_count").json()["comments_count"] == 1
    assert len(ig("GET", "/media").json()["data"]) == 1
    assert ig("DELETE", media).json() == {"success": True}
    gone = ig("DELETE", media).json()["error"]
    assert (gone["code"], gone["error_subcode"]) == (100, 33)


def test_a_caption_cannot_be_changed(ig: Any, here: RunningSandbox) -> None:
    media = ig("POST", "/media_publish", creation_id=made(ig, here)).json()["id"]
    assert ig("POST", media, caption="Altro").status_code == 400


def test_pages_lead_from_the_newest_to_the_oldest(ig: Any, here: RunningSandbox) -> None:
    ids = []
    for _ in range(3):
        ids.append(ig("POST", "/media_publish", creation_id=made(ig, here)).json()["id"])
        here.sandbox.clock.advance(1)
    first = ig("GET", "/media", limit="2").json()
    rest = requests.get(first["paging"]["next"], timeout=5).json()
    assert [row["id"] for row in first["data"] + rest["data"]] == ids[::-1]


def test_another_account_sees_neither_container_nor_post(ig: Any, here: RunningSandbox) -> None:
    container = made(ig, here)
    assert ig("GET", container, token="IGmekong").json()["error"]["error_subcode"] == 33
    assert ig("GET", "/media", token="IGmekong").status_code == 400


def test_a_restart_still_shows_what_is_live(ig: Any, here: RunningSandbox, tmp_path: Path, set_up: Any) -> None:
    accounts = [{"platform": "instagram", "name": "aurora", "native_id": NODE, "token": "IGaurora"}]
    world = {"accounts": accounts, "media_dir": here.sandbox.declaration.media_dir}
    set_up(world, journal=tmp_path / "journal.jsonl")
    media = ig("POST", "/media_publish", creation_id=made(ig, here, caption="Resta")).json()["id"]
    again = Sandbox(parse_declaration(world, 7), 7, tmp_path / "journal.jsonl")
    post = again.posts.find("instagram", media)
    assert post is not None
    assert (post.text, post.live) == ("Resta", True)


def test_parameters_and_fields_are_the_contracts(ig: Any, here: RunningSandbox, contracts: Path) -> None:
    specs = contracts / "meta" / "specs"

    def spec(name: str) -> Any:
        return json.loads((specs / f"{name}.json").read_text())

    (media,) = [a for a in spec("IGUser")["apis"] if (a["method"], a.get("endpoint")) == ("POST", "media")]
    assert {parameter["name"] for parameter in media["params"]} == TAKES
    assert ("DELETE", "#delete") in [(a["method"], a.get("name")) for a in spec("IGMedia")["apis"]]
    ours = ig("POST", "/media_publish", creation_id=made(ig, here)).json()["id"]
    fields = "id,caption,alt_text,media_type,media_product_type,media_url,permalink,timestamp,username,comments_count"
    shown = ig("GET", ours, fields=f"{fields},like_count,is_comment_enabled,shortcode,owner").json()
    assert set(shown) <= {field["name"] for field in spec("IGMedia")["fields"]}
