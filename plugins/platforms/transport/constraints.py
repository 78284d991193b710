"""What every network's wording asks alike: its limits as data, and objections that need none of its own words."""

import functools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from include.domain.posts import Media


@functools.cache
def beside(module: str) -> dict[str, Any]:
    """The `constraints.json` beside a module, which gives its own `__file__`."""
    data: dict[str, Any] = json.loads((Path(module).parent / "constraints.json").read_text(encoding="utf-8"))
    return data


def link_problems(link: str | None) -> list[str]:
    """Why a post's link is none."""
    if not link or (urlsplit(link).scheme in ("http", "https") and urlsplit(link).hostname):
        return []
    return [f"The link {link} is no web address; write it with https://."]


def together_problems(media: Sequence[Media], title: str, most: int) -> list[str]:
    """Why a network that shows one video, or `most` images, would not take these together."""
    videos = [each for each in media if each.is_video]
    if videos and len(media) > 1:
        return [f"{videos[0].name} must stand alone: {title} shows one video, or up to {most} images."]
    if len(media) > most:
        return [f"There are {len(media)} images, limit {most}; take {len(media) - most} away."]
    return []
