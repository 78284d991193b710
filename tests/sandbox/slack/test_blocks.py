"""What Slack says of blocks that it does not take."""

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from include.sandbox.slack.blocks import problems


def text(content: str, kind: str = "mrkdwn") -> dict[str, str]:
    return {"type": kind, "text": content}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "button", "text": text("Sì", "plain_text"), "action_id": "yes", **more}


GOOD: list[dict[str, Any]] = [
    {"type": "header", "text": text("a" * 150, "plain_text")},
    {"type": "section", "text": text("a" * 3000), "accessory": button(style="primary")},
    {"type": "section", "fields": [text("a" * 2000)] * 10},
    {"type": "divider"},
    {"type": "context", "elements": [text("a")] * 10},
    {"type": "actions", "elements": [button()] * 25},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "Barre"},
    {"type": "image", "image_url": "https://aurora.example/a.png", "alt_text": "Barre"},
    {"type": "markdown", "text": "a" * 12_000},
    {"type": "rich_text", "elements": []},
]

BAD: list[tuple[dict[str, Any], str]] = [
    (
        {"type": "header", "text": text("a" * 151, "plain_text")},
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    ({"type": "header", "text": text("a")}, "must be a valid enum value [json-pointer:/blocks/0/text/type]"),
    (
        {"type": "section", "text": text("a" * 3001)},
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
    ),
    ({"type": "section", "text": text("")}, "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section"}, "missing required field: text [json-pointer:/blocks/0]"),
    ({"type": "section", "fields": [text("a")] * 11}, "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
    (
        {"type": "section", "fields": [text("a" * 2001)]},
        "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
    ),
    ({"type": "context", "elements": []}, "missing required field: elements [json-pointer:/blocks/0]"),
    (
        {"type": "actions", "elements": [button()] * 26},
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    (
        {"type": "actions", "elements": [{**button(), "text": text("a" * 76, "plain_text")}]},
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    (
        {"type": "actions", "elements": [button(style="green")]},
        "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
    ),
    ({"type": "image", "slack_file": {"id": "F1"}}, "missing required field: alt_text [json-pointer:/blocks/0]"),
    ({"type": "image", "alt_text": "a"}, "must provide either image_url or slack_file [json-pointer:/blocks/0]"),
    (
        {"type": "image", "alt_text": "a", "slack_file": {"id": "F2"}},
        "invalid slack file [json-pointer:/blocks/0/slack_file]",
    ),
    (
        {"type": "image", "alt_text": "a", "image_url": "http://127.0.0.1/a.png"},
        "downloading image failed [json-pointer:/blocks/0/image_url]",
    ),
    ({"type": "sektion"}, "unsupported type: sektion [json-pointer:/blocks/0/type]"),
]


def test_blocks_at_their_limits_are_taken() -> None:
    assert problems(GOOD, lambda file: file == "F1") == []
    assert problems([{"type": "divider"}] * 50, lambda file: False) == []


@pytest.mark.parametrize(("block", "problem"), BAD)
def test_one_beyond_is_not(block: dict[str, Any], problem: str) -> None:
    assert problems([block], lambda file: file == "F1") == [problem]


def test_fifty_one_blocks_and_an_id_twice() -> None:
    assert problems([{"type": "divider"}] * 51, lambda file: False) == [
        "no more than 50 items allowed [json-pointer:/blocks]"
    ]
    twice = [{"type": "divider", "block_id": "a"}] * 2
    assert problems(twice, lambda file: False) == ["block_id must be unique [json-pointer:/blocks]"]


def test_the_answer_names_the_place(client: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="#aurora", text="a", blocks=[{"type": "section", "text": text("a" * 3001)}])
    problem = "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    assert caught.value.response.data == {
        "ok": False,
        "error": "invalid_blocks",
        "errors": [problem],
        "response_metadata": {"messages": [f"[ERROR] {problem}"]},
    }
