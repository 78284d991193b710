"""What X does with a file, and why it would not take one: its type, its size, and for a video what is inside.

https://docs.x.com/x-api/media/quickstart/best-practices; `rules` are its limits out of `constraints.json`.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from include.domain.posts import Media, MediaFacts

Rules = Mapping[str, Any]

MEDIA_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
}


def media_category(media: Media) -> str:
    """What X has to do with the file (`MediaCategory` in its contract)."""
    kind = MEDIA_TYPES.get(media.suffix, "")
    if kind == "image/gif":
        return "tweet_gif"
    return "tweet_video" if kind.startswith("video/") else "tweet_image"


def problems(all_media: Sequence[Media], rules: Rules) -> list[str]:
    """Why X would refuse these together. Files are measured where they lie here or were looked into."""
    found = [problem for media in all_media for problem in _file_problems(media, rules)]
    most = rules["images"]["value"][1]
    alone = [media for media in all_media if media_category(media) != "tweet_image"]
    if alone and len(all_media) > 1:
        found.append(f"{alone[0].name} must stand alone: X shows one GIF or one video, or up to {most} images.")
    elif len(all_media) > most:
        found.append(f"There are {len(all_media)} images, limit {most}; take {len(all_media) - most} away.")
    return found


def _file_problems(media: Media, rules: Rules) -> list[str]:
    found = []
    limit, longest_alt = most_bytes(media, rules), rules["alt_text_max"]["value"]
    if media.suffix not in MEDIA_TYPES:
        found.append(f"{media.name} is none of {', '.join(s[1:] for s in MEDIA_TYPES)}; save it as one of them.")
    elif media.facts:
        found += _fact_problems(media, media.facts, rules)
    elif not media.is_web:
        found += _size_problems(Path(media.source), limit)
    if (over := len(media.alt) - longest_alt) > 0:
        found.append(f"The words for {media.name} count {len(media.alt)}, limit {longest_alt}; shorten by {over}.")
    return found


def _fact_problems(media: Media, facts: MediaFacts, rules: Rules) -> list[str]:
    """X's own limit of 1280x1024 pixels for a video is not held against it: the same page asks for 720x1280 too, and
    X makes its own sizes of what it gets."""
    limit = most_bytes(media, rules)
    found = [_too_big(media.name, facts.bytes, limit)] if facts.bytes > limit else []
    if media_category(media) == "tweet_video":
        found += _video_problems(media.name, facts, rules["video"]["value"])
    elif media_category(media) == "tweet_gif" and facts.animated:
        width, height = rules["gif"]["value"]["max_px"]
        if facts.width > width or facts.height > height:
            found.append(
                f"{media.name} has {facts.width}x{facts.height} pixels, limit {width}x{height}; make it smaller."
            )
    return found


def _video_problems(name: str, facts: MediaFacts, rules: Rules) -> list[str]:
    found = []
    (shortest, longest), (narrow, wide) = rules["seconds"], rules["aspect"]
    if facts.seconds is not None and not shortest <= facts.seconds <= longest:
        found.append(f"{name} lasts {facts.seconds:g} s; X takes {shortest:g} to {longest:g} s.")
    if not narrow <= facts.ratio <= wide or min(facts.width, facts.height) < rules["px"][0][0]:
        found.append(
            f"{name} has {facts.width}x{facts.height} pixels; X takes 1:3 to 3:1, from {rules['px'][0][0]} on."
        )
    if facts.frames_per_second and facts.frames_per_second > rules["fps_max"]:
        found.append(f"{name} has {facts.frames_per_second:g} frames a second, limit {rules['fps_max']}.")
    if facts.video_codec not in ("", "h264") or facts.audio_codec not in ("", "aac"):
        codecs = " and ".join(codec for codec in (facts.video_codec, facts.audio_codec) if codec)
        found.append(f"{name} holds {codecs}; X takes h264 with aac, so save it anew.")
    return found


def _size_problems(file: Path, limit: int) -> list[str]:
    if not file.is_file():
        return [f"{file} is not there; check its path."]
    size = file.stat().st_size
    return [_too_big(file.name, size, limit)] if size > limit else []


def _too_big(name: str, size: int, limit: int) -> str:
    return f"{name} has {size:,} bytes, limit {limit:,}; make it smaller."


def most_bytes(media: Media, rules: Rules) -> int:
    """How big X lets the file be."""
    if media_category(media) == "tweet_image":
        return int(rules["image_max_bytes"]["value"])
    kind = "gif" if media_category(media) == "tweet_gif" else "video"
    return int(rules[kind]["value"]["max_bytes"])
