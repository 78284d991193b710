"""What Slack takes as blocks: kinds, required parts and limits (docs.slack.dev/reference/block-kit/blocks).

`problems` says what is wrong as Slack does, with a JSON pointer to the place.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

MOST_BLOCKS = 50
Checker = Callable[["_Checks", dict[str, Any], str], Iterator[str]]
INTERACTIVE = (
    *("button", "overflow", "datepicker", "timepicker", "datetimepicker", "checkboxes", "radio_buttons"),
    *("static_select", "external_select", "users_select", "conversations_select", "channels_select"),
    *("multi_static_select", "multi_external_select", "multi_users_select", "multi_conversations_select"),
    *("multi_channels_select", "workflow_button", "feedback_buttons", "icon_button"),
)


def problems(blocks: Any, ready: Callable[[str], bool]) -> list[str]:
    """What Slack would say against `blocks`; empty when it takes them. `ready(file id)`: can that file be shown."""
    if not isinstance(blocks, list) or any(not isinstance(block, dict) for block in blocks):
        return ["must be an array of blocks [json-pointer:/blocks]"]
    if len(blocks) > MOST_BLOCKS:
        return [f"no more than {MOST_BLOCKS} items allowed [json-pointer:/blocks]"]
    checks = _Checks(ready)
    found = [problem for index, block in enumerate(blocks) for problem in checks.block(block, f"/blocks/{index}")]
    ids = [block["block_id"] for block in blocks if block.get("block_id")]
    if len(set(ids)) < len(ids):
        found.append("block_id must be unique [json-pointer:/blocks]")
    return found


@dataclass(frozen=True, slots=True)
class _Checks:
    ready: Callable[[str], bool]

    def block(self, block: dict[str, Any], at: str) -> Iterator[str]:
        check = CHECKERS.get(str(block.get("type")))
        if check is None:
            yield f"unsupported type: {block.get('type')} [json-pointer:{at}/type]"
            return
        yield from _length(block.get("block_id"), 255, f"{at}/block_id")
        yield from check(self, block, at)

    def section(self, block: dict[str, Any], at: str) -> Iterator[str]:
        if "text" not in block and "fields" not in block:
            yield f"missing required field: text [json-pointer:{at}]"
        if "text" in block:
            yield from _text(block["text"], 3000, f"{at}/text")
        if "fields" in block:
            yield from _items(block, "fields", 10, at)
            for index, entry in enumerate(_list(block["fields"])):
                yield from _text(entry, 2000, f"{at}/fields/{index}")
        if "accessory" in block:
            yield from self.element(block["accessory"], f"{at}/accessory", (*INTERACTIVE, "image"))

    def header(self, block: dict[str, Any], at: str) -> Iterator[str]:
        yield from _text(block.get("text"), 150, f"{at}/text", kinds=("plain_text",))

    def nothing(self, block: dict[str, Any], at: str) -> Iterator[str]:
        return iter(())

    def context(self, block: dict[str, Any], at: str) -> Iterator[str]:
        yield from _items(block, "elements", 10, at)
        for index, entry in enumerate(_list(block.get("elements"))):
            here = f"{at}/elements/{index}"
            if isinstance(entry, dict) and entry.get("type") == "image":
                yield from self.image(entry, here)
            else:
                yield from _text(entry, 2000, here)

    def actions(self, block: dict[str, Any], at: str) -> Iterator[str]:
        yield from _items(block, "elements", 25, at)
        for index, entry in enumerate(_list(block.get("elements"))):
            yield from self.element(entry, f"{at}/elements/{index}", INTERACTIVE)

    def image(self, block: dict[str, Any], at: str) -> Iterator[str]:
        if not block.get("alt_text"):
            yield f"missing required field: alt_text [json-pointer:{at}]"
        yield from _length(block.get("alt_text"), 2000, f"{at}/alt_text")
        if "title" in block:
            yield from _text(block["title"], 2000, f"{at}/title", kinds=("plain_text",))
        if ("image_url" in block) == ("slack_file" in block):
            yield f"must provide either image_url or slack_file [json-pointer:{at}]"
        elif "slack_file" in block:
            file = block["slack_file"]
            named = file.get("id") or str(file.get("url", "")).partition("/files-pri/")[2].split("/")[0]
            if not self.ready(named.rpartition("-")[2]):
                yield f"invalid slack file [json-pointer:{at}/slack_file]"
        else:
            yield from _reachable(block["image_url"], f"{at}/image_url")

    def rich_text(self, block: dict[str, Any], at: str) -> Iterator[str]:
        if not isinstance(block.get("elements"), list):
            yield f"missing required field: elements [json-pointer:{at}]"

    def markdown(self, block: dict[str, Any], at: str) -> Iterator[str]:
        if not block.get("text"):
            yield f"missing required field: text [json-pointer:{at}]"
        yield from _length(block.get("text"), 12000, f"{at}/text")

    def table(self, block: dict[str, Any], at: str) -> Iterator[str]:
        yield from _items(block, "rows", 100, at)

    def input(self, block: dict[str, Any], at: str) -> Iterator[str]:
        yield from _text(block.get("label"), 2000, f"{at}/label", kinds=("plain_text",))

    def element(self, element: Any, at: str, kinds: tuple[str, ...]) -> Iterator[str]:
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in kinds:
            yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        elif kind == "image":
            yield from self.image(element, at)
        elif kind == "button":
            yield from self._button(element, at)
        yield from _length(element.get("action_id") if kind else None, 255, f"{at}/action_id")

    def _button(self, button: dict[str, Any], at: str) -> Iterator[str]:
        yield from _text(button.get("text"), 75, f"{at}/text", kinds=("plain_text",))
        yield from _length(button.get("value"), 2000, f"{at}/value")
        yield from _length(button.get("url"), 3000, f"{at}/url")
        if button.get("style") not in (None, "primary", "danger"):
            yield f"must be a valid enum value [json-pointer:{at}/style]"


CHECKERS: dict[str, Checker] = {
    "section": _Checks.section,
    "header": _Checks.header,
    "divider": _Checks.nothing,
    "context": _Checks.context,
    "actions": _Checks.actions,
    "image": _Checks.image,
    "rich_text": _Checks.rich_text,
    "markdown": _Checks.markdown,
    "table": _Checks.table,
    "input": _Checks.input,
    "video": _Checks.nothing,
    "file": _Checks.nothing,
}


def _text(text: Any, most: int, at: str, kinds: tuple[str, ...] = ("mrkdwn", "plain_text")) -> Iterator[str]:
    if not isinstance(text, dict):
        yield f"missing required field: {at.rpartition('/')[2]} [json-pointer:{at.rpartition('/')[0]}]"
    elif text.get("type") not in kinds:
        yield f"must be a valid enum value [json-pointer:{at}/type]"
    elif not isinstance(text.get("text"), str) or not text["text"]:
        yield f"must be more than 0 characters [json-pointer:{at}/text]"
    else:
        yield from _length(text["text"], most, f"{at}/text")


def _length(value: Any, most: int, at: str) -> Iterator[str]:
    if isinstance(value, str) and len(value) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{at}]"


def _items(block: dict[str, Any], name: str, most: int, at: str) -> Iterator[str]:
    items = _list(block.get(name))
    if not items:
        yield f"missing required field: {name} [json-pointer:{at}]"
    if len(items) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}/{name}]"


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _reachable(url: Any, at: str) -> Iterator[str]:
    """Slack fetches an image itself; an address that only this machine has it cannot fetch."""
    parts = urlsplit(str(url))
    host = parts.hostname or ""
    try:
        outside = ip_address(host).is_global
    except ValueError:
        outside = "." in host and not host.endswith((".local", ".localhost", ".internal"))
    if parts.scheme not in ("http", "https") or not outside:
        yield f"downloading image failed [json-pointer:{at}]"
    yield from _length(url, 3000, at)
