"""What the sandbox knows of Bluesky's lexicons is what the lexicons say."""

import json
from pathlib import Path
from typing import Any

import pytest

from include.sandbox.bluesky import records
from include.sandbox.bluesky.api import BlueskyApi
from include.sandbox.running import RunningSandbox


@pytest.fixture(scope="module")
def defs(contracts: Path) -> Any:
    def read(name: str) -> dict[str, Any]:
        file = (contracts / "bluesky" / "lexicons").joinpath(*name.split(".")).with_suffix(".json")
        return json.loads(file.read_text())["defs"]

    return read


def test_every_method_served_is_a_query_or_a_procedure_of_the_contract(defs: Any, here: RunningSandbox) -> None:
    for verb, method in BlueskyApi(here.sandbox).methods:
        assert defs(method)["main"]["type"] == {"GET": "query", "POST": "procedure"}[verb], method


def test_a_post_has_the_contracts_properties_and_limits(defs: Any) -> None:
    post = defs("app.bsky.feed.post")["main"]["record"]["properties"]
    assert set(post) | {"$type"} == records.PROPERTIES
    assert (post["text"]["maxLength"], post["text"]["maxGraphemes"]) == records.MOST["text"]
    assert (post["langs"]["maxLength"], post["tags"]["maxLength"]) == (records.MOST_LANGS, records.MOST_TAGS)
    assert (post["tags"]["items"]["maxLength"], post["tags"]["items"]["maxGraphemes"]) == records.MOST["tag"]


def test_facets_and_blobs_have_the_contracts_limits(defs: Any) -> None:
    facet = defs("app.bsky.richtext.facet")
    union = facet["main"]["properties"]["features"]["items"]["refs"]
    assert tuple(f"app.bsky.richtext.facet{ref}" for ref in union) == records.FEATURES
    tag = facet["tag"]["properties"]["tag"]
    assert (tag["maxLength"], tag["maxGraphemes"]) == records.MOST["tag"]
    images, external = defs("app.bsky.embed.images"), defs("app.bsky.embed.external")
    assert images["main"]["properties"]["images"]["maxLength"] == records.MOST_IMAGES
    blobs = {
        "image": images["image"]["properties"]["image"],
        "thumb": external["external"]["properties"]["thumb"],
        "video": defs("app.bsky.embed.video")["main"]["properties"]["video"],
    }
    assert {name: (b["accept"][0].rstrip("*"), b["maxSize"]) for name, b in blobs.items()} == records.BLOBS


def test_the_clients_figures_are_the_contracts(defs: Any) -> None:
    ours = json.loads((Path(__file__).parents[3] / "plugins/platforms/bluesky/constraints.json").read_text())
    text = defs("app.bsky.feed.post")["main"]["record"]["properties"]["text"]
    assert ours["text"]["max_graphemes"]["value"] == text["maxGraphemes"]
    assert ours["text"]["max_utf8_bytes"]["value"] == text["maxLength"]
    image = defs("app.bsky.embed.images")["image"]["properties"]["image"]
    assert ours["surfaces"]["images"]["max_bytes"]["value"] == image["maxSize"]
    video = defs("app.bsky.embed.video")["main"]["properties"]["video"]
    assert ours["surfaces"]["video"]["max_bytes"]["value"] == video["maxSize"]
