"""Our post in Instagram's words, and why Instagram would not take it.

Instagram makes no link of an address in a caption. A post's link is still not dropped: it is appended to the caption as
plain text, unless the text or the first comment says it already, and without its campaign tags: whoever types it in
would leave them out. A story has no caption: it takes no text and no link.
Alt text is for images in the feed; a reel's or a story's is left out.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from include.domain.posts import Media, Post
from platforms.transport.addresses import has_address, untagged
from platforms.transport.constraints import beside

_SUFFIXES = {".jpg": "jpeg", ".jpeg": "jpeg", ".mp4": "mp4", ".m4v": "mp4", ".mov": "mov"}


def constraints() -> dict[str, Any]:
    """Instagram's limits, as sourced and dated in `constraints.json`."""
    return beside(__file__)


def problems(post: Post, limits: Mapping[str, Any]) -> list[str]:
    """Why Instagram would refuse `post`, a sentence each. The quota in `limits` is for who plans many posts."""
    return [*_text_problems(post), *_comment_problems(post), *_count_problems(post), *_media_problems(post)]


def caption(post: Post) -> str:
    """The text as it is posted, the link under it as plain text where nothing else says it."""
    if post.format == "story":
        return ""
    link = untagged(post.link or "")
    if link and not any(has_address(text, link) for text in (post.text, post.first_comment)):
        return f"{post.text}\n\n{link}".strip()
    return post.text


def is_carousel(post: Post) -> bool:
    return len(post.media) > 1


def container(post: Post, media: Media) -> dict[str, str]:
    """The form of `POST /{ig}/media` for one image or video: the whole post, or one item of a carousel.

    A local video is announced (`upload_type`) and sent afterwards; all else Instagram fetches from its address.
    """
    form = {"media_type": _media_type(post, media), "caption": caption(post)}
    if is_carousel(post):
        form = {"media_type": "VIDEO" if media.is_video else "", "is_carousel_item": "true"}
    if media.is_video:
        form |= {"upload_type": "resumable"} if is_sent(media) else {"video_url": _address(media)}
    else:
        form |= {"image_url": _address(media), "alt_text": media.alt if post.format == "feed" else ""}
    if form["media_type"] == "REELS":
        form["share_to_feed"] = "true"
    return {name: value for name, value in form.items() if value}


def carousel(post: Post, items: list[str]) -> dict[str, str]:
    """The form of `POST /{ig}/media` that joins the items."""
    form = {"media_type": "CAROUSEL", "children": ",".join(items), "caption": caption(post)}
    return {name: value for name, value in form.items() if value}


def is_sent(media: Media) -> bool:
    """Whether we send the file; else Instagram fetches it."""
    return media.is_video and not media.is_web


def _media_type(post: Post, media: Media) -> str:
    """A single video in the feed is a reel, since July 2023; a single image needs no type."""
    if post.format == "story":
        return "STORIES"
    return "REELS" if media.is_video else ""


def _address(media: Media) -> str:
    return media.public_url or (media.source if media.is_web else "")


def _text_problems(post: Post) -> Iterator[str]:
    rules, text = constraints()["text"], caption(post)
    if post.format == "story":
        if post.text.strip() or post.link:
            yield "A story shows no text and no link; take them out, and put the words into the image."
        return
    # The docs say "characters"; UTF-16 code units are the strictest reading of it.
    length, limit = len(text.encode("utf-16-le")) // 2, rules["max"]["value"]
    if length > limit:
        yield f"The caption counts {length}, limit {limit}; shorten by {length - limit}."
    for words, sign, most in (("hashtags", "#", "hashtags_max"), ("mentions", "@", "mentions_max")):
        count, most_of = len(re.findall(rf"(?<!\w){sign}\w", text)), rules[most]["value"]
        if count > most_of:
            yield f"The caption has {count} {words}, limit {most_of}; take {count - most_of} away."


def _comment_problems(post: Post) -> Iterator[str]:
    if post.thread:
        yield "Instagram has no threads; take the further texts away."
    if post.first_comment and post.format == "story":
        yield "A story takes no comment of its own; leave the first comment out."


def _count_problems(post: Post) -> Iterator[str]:
    most, count = constraints()["surfaces"]["carousel"]["count"]["value"][1], len(post.media)
    if not count:
        yield "Instagram takes no post without an image or a video; add one."
    elif post.format == "story" and count > 1:
        yield f"A story is one image or one video, and here are {count}; make a story of each."
    elif post.format == "reel" and (count > 1 or not post.media[0].is_video):
        yield "A reel is exactly one video; give it one, or make it a feed post."
    elif count > most:
        yield f"There are {count} images and videos, limit {most}; take {count - most} away."


def _media_problems(post: Post) -> Iterator[str]:
    surfaces = constraints()["surfaces"]
    for media in post.media:
        if media.is_video:
            yield from _video_problems(media, surfaces["story_video" if post.format == "story" else "reel"])
        else:
            yield from _image_problems(media, surfaces["story_image" if post.format == "story" else "feed_image"])


def _image_problems(media: Media, rules: Mapping[str, Any]) -> Iterator[str]:
    if not _address(media):
        yield (
            f"{media.name} has no public address, and Instagram fetches images itself; "
            "set DESK_MEDIA_BASE to where the media folder is served, or give the image as an https address."
        )
    yield from _file_problems(media, rules, "image")
    alt_limit = rules["alt_text"]["value"]
    if alt_limit and len(media.alt) > alt_limit:
        yield f"The alt text of {media.name} counts {len(media.alt)}, limit {alt_limit}; shorten it."
    if media.facts and rules["aspect"]["value"]:
        yield from _ratio_problems(media, *rules["aspect"]["value"])


def _video_problems(media: Media, rules: Mapping[str, Any]) -> Iterator[str]:
    yield from _file_problems(media, rules, "video")
    if not media.facts:
        return
    shortest, longest = rules["seconds"]["value"]
    seconds, frames = media.facts.seconds, media.facts.frames_per_second
    if seconds is not None and not shortest <= seconds <= longest:
        yield f"{media.name} lasts {seconds:g} s; Instagram takes {shortest} to {longest} s here."
    fewest, most = rules["fps"]["value"]
    if frames is not None and not fewest <= round(frames) <= most:
        yield f"{media.name} has {frames:g} frames per second; Instagram takes {fewest} to {most}."
    if media.facts.width > rules["max_width"]["value"]:
        yield f"{media.name} is {media.facts.width} pixels wide, limit {rules['max_width']['value']}; make it smaller."
    for codec, known in ((media.facts.video_codec, rules["codecs"]), (media.facts.audio_codec, rules["audio_codecs"])):
        if codec and codec not in known:
            yield f"{media.name} is coded as {codec}; Instagram takes {', '.join(known)}."


def _file_problems(media: Media, rules: Mapping[str, Any], kind: str) -> Iterator[str]:
    found = set(media.facts.format.lower().split(",")) if media.facts else {_SUFFIXES.get(media.suffix, "")}
    if not found & set(rules["formats"]):
        yield f"{media.name} is no {' or '.join(rules['formats'])} {kind}; save it as one."
    size, limit = _bytes_of(media), rules["max_bytes"]["value"]
    if size is not None and size > limit:
        yield f"{media.name} has {size:,} bytes, limit {limit:,}; make it smaller."
    elif size is None and not media.is_web:
        yield f"{media.source} is not there; check its path."


def _bytes_of(media: Media) -> int | None:
    """As the import measured it, else of the file here; None where neither can say."""
    if media.facts:
        return media.facts.bytes
    file = Path(media.source)
    return file.stat().st_size if not media.is_web and file.is_file() else None


def _ratio_problems(media: Media, narrowest: float, widest: float) -> Iterator[str]:
    assert media.facts is not None
    # A hundredth of tolerance: 1080 by 566 pixels are called 1.91:1.
    if not narrowest - 0.01 <= media.facts.ratio <= widest + 0.01:
        size = f"{media.facts.width} by {media.facts.height} pixels ({media.facts.ratio:.2f}:1)"
        yield f"{media.name} has {size}; crop it to between 4:5 and 1.91:1."
