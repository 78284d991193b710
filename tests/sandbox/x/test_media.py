"""Uploads in pieces and in one, their processing, their alternative text, and what goes out with a post."""

import base64
from typing import Any

import pytest
import requests

from include.sandbox.running import RunningSandbox

MP4 = b"\x00\x00\x00\x18ftypmp42" + bytes(2000)


def upload(x: Any, content: bytes, mime: str, pieces: int = 1, category: str = "tweet_image") -> requests.Response:
    body = {"media_type": mime, "total_bytes": len(content), "media_category": category}
    media_id = x("POST", "/2/media/upload/initialize", json=body).json()["data"]["id"]
    size = -(-len(content) // pieces)
    for index in range(pieces):
        piece = content[index * size : (index + 1) * size]
        sent = {"data": {"segment_index": str(index)}, "files": {"media": ("blob", piece)}}
        assert x("POST", f"/2/media/upload/{media_id}/append", **sent).status_code == 200
    return x("POST", f"/2/media/upload/{media_id}/finalize")


def test_an_image_is_ready_at_once_and_is_shown_with_its_words(x: Any, png: bytes) -> None:
    media = upload(x, png, "image/png", pieces=3).json()["data"]
    assert "processing_info" not in media
    metadata = {"id": media["id"], "metadata": {"alt_text": {"text": "Una borsa"}}}
    assert x("POST", "/2/media/metadata", json=metadata).status_code == 200
    post = x("POST", "/2/tweets", json={"text": "Ecco", "media": {"media_ids": [media["id"]]}}).json()["data"]
    assert post["text"].startswith("Ecco https://t.co/")
    asked = {"expansions": "attachments.media_keys", "media.fields": "alt_text", "tweet.fields": "entities"}
    answer = x("GET", f"/2/tweets/{post['id']}", **asked).json()
    assert answer["includes"]["media"] == [{"media_key": media["media_key"], "type": "photo", "alt_text": "Una borsa"}]
    assert answer["data"]["entities"]["urls"][0]["media_key"] == media["media_key"]


def test_a_video_is_processed_before_it_can_go_out(x: Any, here: RunningSandbox) -> None:
    media = upload(x, MP4, "video/mp4", category="tweet_video").json()["data"]
    assert (media["processing_info"]["state"], media["processing_info"]["check_after_secs"]) == ("pending", 1)
    early = x("POST", "/2/tweets", json={"text": "Video", "media": {"media_ids": [media["id"]]}})
    assert (early.status_code, early.json()["detail"]) == (400, "Your media IDs are invalid.")
    metadata = {"id": media["id"], "metadata": {"alt_text": {"text": "Una borsa"}}}
    assert x("POST", "/2/media/metadata", json=metadata).status_code == 400
    requests.post(f"{here.url}/_sandbox/clock", json={"advance_s": 3}, timeout=5)
    status = x("GET", "/2/media/upload", command="STATUS", media_id=media["id"]).json()["data"]
    assert status["processing_info"]["state"] == "succeeded"
    assert x("POST", "/2/tweets", json={"text": "Video", "media": {"media_ids": [media["id"]]}}).status_code == 201


def test_json_carries_base64(x: Any, png: bytes) -> None:
    body = {"media_type": "image/png", "total_bytes": len(png), "media_category": "tweet_image"}
    media_id = x("POST", "/2/media/upload/initialize", json=body).json()["data"]["id"]
    piece = {"media": base64.b64encode(png).decode(), "segment_index": 0}
    assert x("POST", f"/2/media/upload/{media_id}/append", json=piece).status_code == 200
    assert x("POST", f"/2/media/upload/{media_id}/finalize").json()["data"]["size"] == len(png)


@pytest.mark.parametrize("form", ["file", "json"])
def test_a_small_image_goes_in_one_shot(x: Any, png: bytes, form: str) -> None:
    body = {"media_category": "tweet_image", "media_type": "image/png"}
    if form == "file":
        media = x("POST", "/2/media/upload", data=body, files={"media": ("a.png", png)}).json()["data"]
    else:
        media = x("POST", "/2/media/upload", json={**body, "media": base64.b64encode(png).decode()}).json()["data"]
    assert x("POST", "/2/tweets", json={"text": form, "media": {"media_ids": [media["id"]]}}).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        {"media_type": "image/png", "total_bytes": 5_242_881, "media_category": "tweet_image"},
        {"media_type": "image/heic", "total_bytes": 5, "media_category": "tweet_image"},
        {"media_type": "image/png", "total_bytes": 5, "media_category": "picture"},
        {"media_type": "image/png", "media_category": "tweet_image"},
        {"media_type": "image/png", "total_bytes": "5"},
    ],
)
def test_what_cannot_be_uploaded(x: Any, body: dict[str, Any]) -> None:
    assert x("POST", "/2/media/upload/initialize", json=body).status_code == 400


def test_a_piece_too_large_a_piece_missing_and_a_file_that_is_something_else(x: Any, png: bytes) -> None:
    body = {"media_type": "video/mp4", "total_bytes": 6_000_000, "media_category": "tweet_video"}
    media_id = x("POST", "/2/media/upload/initialize", json=body).json()["data"]["id"]
    large = {"data": {"segment_index": "0"}, "files": {"media": ("blob", bytes(5_242_880))}}
    assert x("POST", f"/2/media/upload/{media_id}/append", **large).status_code == 413
    assert x("POST", f"/2/media/upload/{media_id}/finalize").status_code == 400
    assert upload(x, b"no picture", "image/png").status_code == 400


def test_media_of_another_and_too_long_words_are_refused(x: Any, png: bytes) -> None:
    media = upload(x, png, "image/png").json()["data"]
    body = {"text": "Non mio", "media": {"media_ids": [media["id"]]}}
    assert x("POST", "/2/tweets", token="x-mekong", json=body).status_code == 400
    words = {"id": media["id"], "metadata": {"alt_text": {"text": "a" * 1001}}}
    assert x("POST", "/2/media/metadata", json=words).status_code == 400
