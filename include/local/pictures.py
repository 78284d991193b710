"""Slack's channels as people would see them, kept as HTML and drawn as PNG."""

from dataclasses import dataclass
from pathlib import Path

from include.local.stage import OPS_CHANNEL, Stage
from include.messages.picture import FONT_FAMILY, font_css, to_png

WIDTH = 720
NEWEST = 6  # messages on the image; the page has all of them


@dataclass(frozen=True, slots=True)
class Picture:
    """One channel, as a page and as an image."""

    channel: str
    html: Path
    png: Path


def draw_slack(stage: Stage) -> list[Picture]:
    """Every channel of the desk that something was said in."""
    folder = stage.family.run_dir / "slack"
    folder.mkdir(exist_ok=True)
    channels = [*dict.fromkeys(brand.channel for brand in stage.brands), OPS_CHANNEL]
    return [picture for channel in channels if (picture := _draw(stage, channel.lstrip("#"), folder))]


def _draw(stage: Stage, channel: str, folder: Path) -> Picture | None:
    page, newest = _page(stage, channel), _page(stage, channel, last=NEWEST)
    if 'class="message' not in page:
        return None
    picture = Picture(channel, folder / f"{channel}.html", folder / f"{channel}.png")
    picture.html.write_text(page, encoding="utf-8")
    picture.png.write_bytes(to_png(newest, width=WIDTH))
    return picture


def _page(stage: Stage, channel: str, **asked: int) -> str:
    answer = stage.session.get(f"{stage.sandbox_url}/view/slack/{channel}", params=asked, timeout=30)
    style = f"{font_css()} body, body * {{ font-family: {FONT_FAMILY} !important }}"
    return answer.text.replace("</head>", f"<style>{style}</style></head>", 1) if answer.ok else ""
