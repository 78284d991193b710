"""Uploads in Slack's three steps, and image blocks that show them."""

from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError


def image(file_id: str) -> list[dict[str, Any]]:
    return [{"type": "image", "slack_file": {"id": file_id}, "alt_text": "Barre"}]


def test_a_file_is_uploaded_and_stands_in_a_block(client: WebClient, png: bytes) -> None:
    file = client.files_upload_v2(filename="chart.png", content=png, title="Copertura")["files"][0]
    info = client.files_info(file=file["id"])["file"]
    assert (info["mimetype"], info["title"], info["size"], info["original_w"]) == (
        "image/png",
        "Copertura",
        len(png),
        1,
    )
    assert requests.get(info["url_private"], timeout=5).content == png
    assert client.chat_postMessage(channel="#aurora", text="Ecco", blocks=image(file["id"]))["ok"]


def test_with_a_channel_the_file_is_said_there(client: WebClient, png: bytes) -> None:
    channel = client.chat_postMessage(channel="#aurora", text="Uno")["channel"]
    client.files_upload_v2(filename="report.png", content=png, channel=channel, initial_comment="Il report")
    message = client.conversations_history(channel=channel)["messages"][0]
    assert (message["text"], message["files"][0]["name"]) == ("Il report", "report.png")


def test_a_file_that_is_not_completed_cannot_be_shown(client: WebClient, png: bytes) -> None:
    ticket = client.files_getUploadURLExternal(filename="chart.png", length=len(png))
    with pytest.raises(SlackApiError, match="file_not_found"):
        client.files_completeUploadExternal(files=[{"id": ticket["file_id"]}])
    assert requests.post(ticket["upload_url"], data=png[:-1], timeout=5).status_code == 400
    assert requests.post(ticket["upload_url"], data=png, timeout=5).text == f"OK - {len(png)}"
    with pytest.raises(SlackApiError, match="invalid slack file"):
        client.chat_postMessage(channel="#aurora", text="Ecco", blocks=image(ticket["file_id"]))
    client.files_completeUploadExternal(files=[{"id": ticket["file_id"]}])
    assert client.chat_postMessage(channel="#aurora", text="Ecco", blocks=image(ticket["file_id"]))["ok"]


def test_slack_may_need_a_moment_to_look_at_a_file(client: WebClient, png: bytes, world: Any, set_up: Any) -> None:
    here = set_up({**world, "slack": {**world["slack"], "file_seconds": 3}})
    file_id = client.files_upload_v2(filename="chart.png", content=png)["files"][0]["id"]
    assert client.files_info(file=file_id)["file"]["mimetype"] == ""
    with pytest.raises(SlackApiError, match="invalid slack file"):
        client.chat_postMessage(channel="#aurora", text="Ecco", blocks=image(file_id))
    here.sandbox.clock.advance(4)
    assert client.files_info(file=file_id)["file"]["mimetype"] == "image/png"
    assert client.chat_postMessage(channel="#aurora", text="Ecco", blocks=image(file_id))["ok"]
