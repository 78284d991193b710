"""Comments of Instagram: the newest first, fifty at most, replies on request; hiding and replying."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox.conversation import comments_under
from include.sandbox.running import RunningSandbox
from include.sandbox.talking import say
from tests.sandbox.instagram.conftest import NODE

FIELDS = "id,text,timestamp,username,from,hidden,parent_id,like_count,media"


@pytest.fixture
def here(set_up: Callable[..., RunningSandbox]) -> RunningSandbox:
    aurora = {"platform": "instagram", "name": "aurora", "native_id": NODE, "token": "IGaurora", "language": "it"}
    return set_up({"accounts": [aurora, {"platform": "instagram", "name": "mekong", "token": "IGmekong"}]})


@pytest.fixture
def medium(ig: Any) -> str:
    """The one of the last media that most was said under."""
    rows = ig("GET", "/media", fields="id,comments_count", limit=50).json()["data"]
    return str(max(rows, key=lambda row: row["comments_count"])["id"])


def standing(here: RunningSandbox, medium: str) -> list[Any]:
    return comments_under(here.sandbox, here.sandbox.accounts("instagram")[0], medium)


def test_what_was_posted_by_hand_is_listed_with_its_comments(ig: Any, here: RunningSandbox) -> None:
    fields = f"id,caption,media_type,permalink,timestamp,username,comments_count,comments.limit(50){{{FIELDS}}}"
    media = ig("GET", "/media", fields=fields, limit=20).json()
    assert len(media["data"]) == 20
    assert "next" in media["paging"]
    assert {row["media_type"] for row in media["data"]} == {"IMAGE", "CAROUSEL_ALBUM", "VIDEO"}
    assert [row["timestamp"] for row in media["data"]] == sorted((r["timestamp"] for r in media["data"]), reverse=True)
    for row in media["data"]:
        assert row["comments_count"] == len(standing(here, row["id"]))


def test_the_newest_come_first_and_fifty_at_most(ig: Any, here: RunningSandbox, medium: str) -> None:
    answer = ig("GET", f"{medium}/comments", fields="id", limit=500).json()
    assert len(answer["data"]) <= 50
    seen = [row["id"] for row in answer["data"]]
    while "next" in answer.get("paging", {}):
        answer = requests.get(answer["paging"]["next"], timeout=5).json()
        seen += [row["id"] for row in answer["data"]]
    assert seen == [c.comment_id for c in standing(here, medium) if c.parent_id is None][::-1]


def test_replies_come_on_request(ig: Any, here: RunningSandbox, medium: str) -> None:
    told = {c.comment_id: c for c in standing(here, medium)}
    rows = ig("GET", f"{medium}/comments", fields=f"{FIELDS},replies.limit(50){{{FIELDS}}}", limit=50).json()["data"]
    replies = [reply for row in rows for reply in row.get("replies", {}).get("data", ())]
    assert replies
    assert all(told[reply["id"]].parent_id == reply["parent_id"] for reply in replies)
    assert not any("replies" in row for row in ig("GET", f"{medium}/comments", fields=FIELDS).json()["data"])


def test_fields_are_the_contracts(ig: Any, medium: str, contracts: Path) -> None:
    spec = json.loads((contracts / "meta" / "specs" / "IGComment.json").read_text())
    (first, *_) = ig("GET", f"{medium}/comments", fields=FIELDS).json()["data"]
    assert first.keys() <= {field["name"] for field in spec["fields"]}
    assert ig("GET", first["id"], fields=FIELDS).json() == first


def test_hiding_and_replying(ig: Any, here: RunningSandbox, medium: str) -> None:
    comment = next(c for c in reversed(standing(here, medium)) if c.parent_id is None and not c.ours).comment_id
    reply = ig("POST", f"{comment}/replies", message="Grazie").json()["id"]
    nested = ig("POST", f"{reply}/replies", message="A presto").json()["id"]
    below = {
        row["id"]: row["parent_id"] for row in ig("GET", f"{comment}/replies", fields="id,parent_id").json()["data"]
    }
    assert (below[reply], below[nested]) == (comment, comment)
    assert ig("POST", comment, hide="true").json() == {"success": True}
    assert ig("GET", comment, fields="hidden").json()["hidden"] is True
    assert ig("POST", f"{comment}/replies", message="Grazie").status_code == 400
    assert ig("POST", reply, hide="true").json() == {"success": True}
    assert ig("GET", reply, fields="hidden").json()["hidden"] is False
    assert ig("POST", comment, hide="perhaps").status_code == 400
    assert ig("DELETE", comment).json() == {"success": True}
    for node in (comment, reply):
        assert ig("GET", node).json()["error"]["error_subcode"] == 33


def test_comments_are_filtered_by_no_time_and_seen_by_no_other_account(
    ig: Any, here: RunningSandbox, medium: str
) -> None:
    assert ig("GET", f"{medium}/comments", since=1).status_code == 400
    made = say(here.sandbox, {"account": "instagram_aurora", "text": "Aperti?", "post": medium})["comment"]
    both = ig("GET", "", ids=f"{made},{medium}", fields="id")
    assert both.json() == {made: {"id": made}, medium: {"id": medium}}
    assert ig("GET", made, token="IGmekong").json()["error"]["error_subcode"] == 33
