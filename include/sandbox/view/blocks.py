"""Block Kit as HTML: one function per kind of block."""

import base64
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from include.sandbox.view.mrkdwn import link, plain_html, to_html


@dataclass(frozen=True, slots=True)
class Picture:
    """A file that a message shows."""

    name: str
    mime: str
    content: bytes

    @property
    def uri(self) -> str:
        return f"data:{self.mime};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True)
class Names:
    """What ids in a message stand for: users, channels, files."""

    people: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Picture] = field(default_factory=dict)


Block = Mapping[str, Any]


def blocks_html(blocks: list[Block], names: Names) -> str:
    """The blocks, one below the other."""
    return "".join(KINDS.get(str(block.get("type")), _other)(block, names) for block in blocks)


def text_html(text: Any, names: Names) -> str:
    """A text object, mrkdwn or plain."""
    if not isinstance(text, dict):
        return ""
    if text.get("type") == "mrkdwn":
        return to_html(str(text.get("text", "")), names.people, names.channels)
    return plain_html(str(text.get("text", "")))


def _section(block: Block, names: Names) -> str:
    said = f'<div class="text">{text_html(block["text"], names)}</div>' if block.get("text") else ""
    fields = "".join(f'<div class="field">{text_html(f, names)}</div>' for f in block.get("fields", ()))
    said += f'<div class="fields">{fields}</div>' if fields else ""
    accessory = block.get("accessory")
    if not accessory:
        return f'<div class="block">{said}</div>'
    aside = _image_tag(accessory, names, "thumb") if accessory.get("type") == "image" else _button(accessory)
    return f'<div class="block beside"><div class="grow">{said}</div><div class="aside">{aside}</div></div>'


def _header(block: Block, names: Names) -> str:
    return f'<div class="block header">{text_html(block.get("text"), names)}</div>'


def _divider(block: Block, names: Names) -> str:
    return '<div class="divider"></div>'


def _context(block: Block, names: Names) -> str:
    parts = (
        _image_tag(e, names, "icon") if e.get("type") == "image" else f"<span>{text_html(e, names)}</span>"
        for e in block.get("elements", ())
    )
    return f'<div class="block context">{"".join(parts)}</div>'


def _actions(block: Block, names: Names) -> str:
    return f'<div class="block actions">{"".join(_button(e) for e in block.get("elements", ()))}</div>'


def _image(block: Block, names: Names) -> str:
    title = f'<div class="caption">{text_html(block["title"], names)}</div>' if block.get("title") else ""
    return f'<div class="block">{title}{_image_tag(block, names, "picture")}</div>'


def _rich_text(block: Block, names: Names) -> str:
    return f'<div class="block">{"".join(_rich(e, names) for e in block.get("elements", ()))}</div>'


def _rich(element: Block, names: Names) -> str:
    inner = "".join(_rich(e, names) for e in element.get("elements", ()))
    match element.get("type"):
        case "rich_text_list":
            tag = "ol" if element.get("style") == "ordered" else "ul"
            return f"<{tag}>{''.join(f'<li>{_rich(e, names)}</li>' for e in element.get('elements', ()))}</{tag}>"
        case "rich_text_quote":
            return f"<blockquote>{inner}</blockquote>"
        case "rich_text_preformatted":
            return f"<pre>{inner}</pre>"
    return inner or _word(element, names)


def _word(element: Block, names: Names) -> str:
    """The smallest parts of rich text, with their styles."""
    match element.get("type"):
        case "link":
            said = link(str(element.get("url")), plain_html(str(element.get("text") or "")))
        case "user":
            said = f'<span class="mention">@{html.escape(names.people.get(str(element.get("user_id")), "?"))}</span>'
        case "emoji":
            said = plain_html(f":{element.get('name')}:")
        case _:
            said = plain_html(str(element.get("text", "")))
    for style, tag in (("bold", "b"), ("italic", "i"), ("strike", "s"), ("code", "code")):
        said = f"<{tag}>{said}</{tag}>" if element.get("style", {}).get(style) else said
    return said


def _markdown(block: Block, names: Names) -> str:
    """Standard Markdown, the part of it that mrkdwn has too: bold, links, headings, lists."""
    text = re.sub(r"\[([^\]]+)\]\((\S+?)\)", r"<\2|\1>", str(block.get("text", "")))
    text = re.sub(r"^#{1,6} +(.+)$", r"*\1*", re.sub(r"\*\*(.+?)\*\*", r"*\1*", text), flags=re.MULTILINE)
    text = re.sub(r"^[-*] +", "• ", text, flags=re.MULTILINE)
    return f'<div class="block"><div class="text">{to_html(text, names.people, names.channels)}</div></div>'


def _table(block: Block, names: Names) -> str:
    rows = ("".join(f"<td>{_cell(cell, names)}</td>" for cell in row) for row in block.get("rows", ()))
    return f'<div class="block"><table>{"".join(f"<tr>{row}</tr>" for row in rows)}</table></div>'


def _cell(cell: Block, names: Names) -> str:
    return _rich_text(cell, names) if cell.get("type") == "rich_text" else plain_html(str(cell.get("text", "")))


def _other(block: Block, names: Names) -> str:
    return f'<div class="block context">[{html.escape(str(block.get("type")))}]</div>'


def _button(element: Block) -> str:
    text = element.get("text") or element.get("placeholder") or {"text": "…"}
    style = element.get("style", "")
    mark = "" if element.get("type") == "button" else " ▾"
    return f'<span class="button {html.escape(style)}">{plain_html(str(text.get("text", "")))}{mark}</span>'


def _image_tag(image: Block, names: Names, style: str) -> str:
    """The image inlined; one that lies elsewhere is a framed alternative text, for the page fetches nothing."""
    alt = html.escape(str(image.get("alt_text", "")))
    picture = names.files.get(str(image.get("slack_file", {}).get("id", "")))
    if picture is not None:
        return f'<img class="{style}" alt="{alt}" src="{picture.uri}">'
    url = str(image.get("image_url", ""))
    if url.startswith("data:image/"):
        return f'<img class="{style}" alt="{alt}" src="{html.escape(url)}">'
    return f'<span class="elsewhere {style}">{link(url, alt) if url else alt}</span>'


KINDS: dict[str, Callable[[Block, Names], str]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "rich_text": _rich_text,
    "markdown": _markdown,
    "table": _table,
}
