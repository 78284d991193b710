"""What is asked of Graph, and what is sent to it, has the contract's names."""

import json
from pathlib import Path
from typing import Any

import pytest

from include.domain.posts import Media, Post
from platforms.facebook import hearing as facebook_hears
from platforms.facebook import reading as facebook
from platforms.facebook import wording as facebook_words
from platforms.instagram import hearing as instagram_hears
from platforms.instagram import reading as instagram
from platforms.instagram import wording as instagram_words

SPECS = Path(__file__).resolve().parents[3] / "shared" / "contracts" / "meta" / "specs"

pytestmark = pytest.mark.skipif(not SPECS.is_dir(), reason=f"Meta's contract is not beside this checkout ({SPECS}).")


def spec(name: str) -> Any:
    return json.loads((SPECS / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("node", "fields"),
    [
        ("AdVideo", facebook.VIDEO_FIELDS),
        ("Comment", facebook.COMMENT_FIELDS),
        ("Comment", facebook_hears.FIELDS.replace("{id}", "")),
        ("LeadgenForm", facebook_hears.FORM_FIELDS),
        ("Lead", facebook_hears.LEAD_FIELDS),
        ("IGMedia", instagram.MEDIA_FIELDS),
        ("IGComment", instagram.COMMENT_FIELDS),
        ("IGComment", instagram_hears.FIELDS),
        ("IGMedia", instagram_hears.MEDIA_FIELDS),
    ],
)
def test_the_fields_that_are_asked_for_exist(node: str, fields: str) -> None:
    assert set(fields.split(",")) <= {field["name"] for field in spec(node)["fields"]}


def parameters(node: str, edge: str) -> set[str]:
    (api,) = [a for a in spec(node)["apis"] if (a["method"], a.get("endpoint")) == ("POST", edge)]
    return {parameter["name"] for parameter in api["params"]}


@pytest.mark.parametrize("form", ["feed", "reel", "story"])
def test_a_videos_finish_has_the_contracts_parameters(form: str) -> None:
    post = Post("p1", "facebook_a", "A film", (Media("a.mp4"),), format=form)
    sent = facebook_words.finish(post, {"video": "1", "session": "2"})
    assert set(sent) <= parameters("Page", facebook_words.video_edge(post))


@pytest.mark.parametrize("form", ["feed", "reel", "story"])
def test_a_containers_form_has_the_contracts_parameters(form: str) -> None:
    image = Media("a.jpg", "words", public_url="https://m.test/a.jpg")
    for media in (image, Media("a.mp4"), Media("https://m.test/a.mp4")):
        post = Post("p1", "instagram_a", "Hi", (media,), format=form)
        assert set(instagram_words.container(post, media)) <= parameters("IGUser", "media")
    both = Post("p1", "instagram_a", "Hi", (image, image))
    assert set(instagram_words.carousel(both, ["1", "2"])) <= parameters("IGUser", "media")
    assert parameters("IGUser", "media_publish") == {"creation_id"}


def test_what_can_be_deleted_and_edited_is_in_the_contract() -> None:
    calls = {
        node: {(a["method"], a.get("name")) for a in spec(node)["apis"]} for node in ("PagePost", "IGMedia", "AdVideo")
    }
    assert all(("DELETE", "#delete") in found for found in calls.values())
    assert ("POST", "#update") in calls["PagePost"] & calls["AdVideo"]
    (update,) = [a for a in spec("IGMedia")["apis"] if a.get("name") == "#update"]
    assert [parameter["name"] for parameter in update["params"]] == ["comment_enabled"]


def test_how_comments_are_asked_for_and_acted_on_is_in_the_contract() -> None:
    calls = {node: {(a["method"], a.get("endpoint") or a.get("name")): a for a in spec(node)["apis"]} for node in NODES}
    taken = {p["name"] for p in calls["PagePost"]["GET", "comments"]["params"]}
    assert taken >= {"filter", "order", "since"}
    assert {p["name"] for p in calls["AdVideo"]["GET", "comments"]["params"]} >= {"filter", "order", "since"}
    assert {p["name"] for p in calls["Page"]["GET", "video_reels"]["params"]} >= {"since"}
    assert {p["name"] for p in calls["Page"]["GET", "ads_posts"]["params"]} >= {"since", "include_inline_create"}
    assert {p["name"] for p in calls["Comment"]["POST", "#update"]["params"]} >= {"is_hidden"}
    assert {p["name"] for p in calls["IGComment"]["POST", "#update"]["params"]} >= {"hide"}
    assert ("POST", "comments") in calls["Comment"]
    assert {("GET", "replies"), ("POST", "replies")} <= calls["IGComment"].keys()
    assert {p["name"] for p in calls["IGUser"]["GET", "media"]["params"]} >= {"since"}
    assert ("GET", "leads") in calls["LeadgenForm"]


NODES = ("Page", "AdVideo", "PagePost", "Comment", "IGUser", "IGComment", "LeadgenForm")
