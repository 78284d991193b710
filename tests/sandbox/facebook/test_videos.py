"""Videos, reels, stories, comments and edits of a Page, phase by phase."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox.facebook.videos import FEED_TAKES, PIECE, STREAM_TAKES
from include.sandbox.running import RunningSandbox

VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(PIECE + 500)


@pytest.fixture
def transfer(here: RunningSandbox) -> Any:
    """Send a piece of a feed video."""

    def send(session: str, start: int, piece: bytes) -> Any:
        sent = {"access_token": "EAAaurora", "upload_phase": "transfer", "upload_session_id": session}
        where, files = f"{here.url}/facebook/v25.0/me/videos", {"video_file_chunk": ("piece", piece)}
        return requests.post(where, data={**sent, "start_offset": str(start)}, files=files, timeout=5).json()

    return send


def upload(address: str, content: bytes) -> Any:
    headers = {"Authorization": "OAuth EAAaurora", "offset": "0", "file_size": str(len(content))}
    return requests.post(address, data=content, headers=headers, timeout=5).json()


def shown(graph: Any, video: str) -> Any:
    return graph("GET", f"/{video}", fields="status,published,post_id,permalink_url").json()


def test_a_video_is_uploaded_worked_on_and_then_in_the_lists(
    graph: Any, here: RunningSandbox, transfer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("include.sandbox.facebook.videos.WORKED_ON", timedelta(minutes=1))
    start = graph("POST", "/me/videos", upload_phase="start", file_size=str(len(VIDEO))).json()
    session, video = start["upload_session_id"], start["video_id"]
    assert (start["start_offset"], start["end_offset"]) == ("0", str(PIECE))
    assert transfer(session, 0, VIDEO[:PIECE]) == {"start_offset": str(PIECE), "end_offset": str(len(VIDEO))}
    assert transfer(session, 0, VIDEO[:PIECE])["error"]["error_subcode"] == 1363037
    early = graph("POST", "/me/videos", upload_phase="finish", upload_session_id=session)
    assert early.json()["error"]["code"] == 6000
    assert transfer(session, PIECE, VIDEO[PIECE:])["start_offset"] == str(len(VIDEO))
    assert shown(graph, video)["status"]["processing_phase"]["status"] == "not_started"
    finish = {"upload_phase": "finish", "upload_session_id": session, "description": "Un film"}
    assert graph("POST", "/me/videos", **finish).json() == {"success": True}
    steps = [shown(graph, video)["status"] for _ in range(3)]
    assert {step["video_status"] for step in steps} == {"processing"}
    assert [step["processing_phase"]["status"] for step in steps] == ["not_started", "in_progress", "complete"]
    assert {step["publishing_phase"]["status"] for step in steps} == {"not_started"}
    assert "Un film" not in graph("GET", "/me/published_posts", fields="message").text
    here.sandbox.clock.advance(61)
    found = graph("GET", "/me/published_posts", fields="id,message,attachments{media_type}").json()["data"][0]
    assert (found["message"], found["attachments"]["data"][0]["media_type"]) == ("Un film", "video")
    ready = shown(graph, video)
    assert (ready["published"], ready["post_id"]) == (True, found["id"].partition("_")[2])
    assert ready["status"]["publishing_phase"]["publish_status"] == "published"
    assert graph("POST", "/me/videos", **finish).status_code == 400


@pytest.mark.parametrize(("edge", "lists"), [("video_reels", "published_posts"), ("video_stories", "stories")])
def test_reels_and_stories_are_sent_in_one_stream(graph: Any, here: RunningSandbox, edge: str, lists: str) -> None:
    start = graph("POST", f"/me/{edge}", upload_phase="start").json()
    assert start["upload_url"] == f"{here.url}/facebook/video-upload/v25.0/{start['video_id']}"
    finish = {"upload_phase": "FINISH", "video_id": start["video_id"], "video_state": "PUBLISHED"}
    assert graph("POST", f"/me/{edge}", **finish).json()["error"]["code"] == 6000
    assert upload(start["upload_url"], VIDEO) == {"success": True}
    before = graph("GET", f"/me/{lists}").json()["data"]
    assert graph("POST", f"/me/{edge}", **finish).json()["success"] is True
    here.sandbox.clock.advance(2)
    newest, second = [*graph("GET", f"/me/{lists}").json()["data"], None][:2]
    assert newest not in before
    assert second == (before[0] if before else None)
    assert ("/reel/" if edge == "video_reels" else "/stories/") in shown(graph, start["video_id"])["permalink_url"]


def test_a_photo_becomes_a_story_once(graph: Any, here: RunningSandbox, png: bytes) -> None:
    sent = {"access_token": "EAAaurora", "published": "false"}
    files = {"source": ("a.png", png)}
    photo = requests.post(f"{here.url}/facebook/v25.0/me/photos", data=sent, files=files, timeout=5).json()["id"]
    story = graph("POST", "/me/photo_stories", photo_id=photo).json()
    (row,) = graph("GET", "/me/stories").json()["data"]
    assert (row["post_id"], row["media_id"], row["media_type"]) == (story["post_id"], photo, "photo")
    assert graph("POST", "/me/photo_stories", photo_id=photo).status_code == 400
    assert story["post_id"] not in graph("GET", "/me/feed").text
    here.sandbox.clock.advance(86_400)
    assert graph("GET", "/me/stories").json()["data"] == []


def test_a_comment_stands_under_its_post_and_in_no_feed(graph: Any) -> None:
    post = graph("POST", "/me/feed", message="Novità").json()["id"]
    comment = graph("POST", f"/{post}/comments", message="Ordina ora").json()["id"]
    (found,) = graph("GET", f"/{post}/comments", fields="id,message", order="reverse_chronological").json()["data"]
    assert (found["id"], found["message"]) == (comment, "Ordina ora")
    assert comment not in graph("GET", "/me/feed").text
    assert graph("POST", "/me/feed", message="Novità").json()["error"]["code"] == 506
    assert graph("POST", f"/{post}/comments", message=" ").status_code == 400
    assert graph("DELETE", f"/{comment}").json() == {"success": True}
    assert graph("GET", f"/{post}/comments").json()["data"] == []


def test_a_text_is_changed_where_the_app_posted_it(graph: Any) -> None:
    post = graph("POST", "/me/feed", message="Prima").json()["id"]
    assert graph("POST", f"/{post}", message="Dopo").json() == {"success": True}
    assert graph("GET", f"/{post}", fields="message").json()["message"] == "Dopo"
    oldest = graph("GET", "/me/feed", limit=5).json()["data"][-1]["id"]
    assert graph("POST", f"/{oldest}", message="Dopo").json()["error"]["code"] == 200


def test_the_phases_and_their_parameters_are_the_contracts(contracts: Path) -> None:
    specs = contracts / "meta" / "specs"
    apis = json.loads((specs / "Page.json").read_text())["apis"]
    posts = {a.get("endpoint"): {p["name"] for p in a["params"]} for a in apis if a["method"] == "POST"}
    assert set().union(*FEED_TAKES.values()) - {"video_file_chunk"} <= posts["videos"]
    # `file_size` of a start is in Meta's own samples, not in the contract.
    assert set().union(*STREAM_TAKES.values()) - {"file_size"} <= posts["video_reels"] & posts["video_stories"]
    enums = {e["name"]: e["values"] for e in json.loads((specs / "enum_types.json").read_text())}
    assert set(FEED_TAKES) < set(enums["pagevideos_upload_phase_enum_param"])
    assert {phase.upper() for phase in STREAM_TAKES} == set(enums["pagevideo_reels_upload_phase_enum_param"])
