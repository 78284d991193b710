"""What is published: every shape of post that a network takes, each text with a number that is nobody else's.

A shape is drawn, and kept if the network's own check has nothing against it; so a new network needs no recipe here.
"""

import itertools
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import av
import numpy as np
from PIL import Image

import include.sandbox.server  # noqa: F401 - the platforms of the sandbox import each other in its order
from benchmarks.faults.desk import Desk
from include.domain import Account, Media, MediaFacts, Post
from include.publishing.plan import PlannedPost
from include.publishing.schedule import schedule
from include.sandbox import registry
from platforms import Platform, every_platform

SIDE = 640
TOO_LONG = 100_000
REFUSED_SHARE = 0.02
TRIES = 200


def networks() -> list[str]:
    """Those that we publish to and that the sandbox serves."""
    return sorted({name for name, each in every_platform().items() if each.publishes} & set(registry.platforms()))


def plan(desk: Desk, publications: int, seed: int) -> int:
    """Fill the ledger with at least that many publications, all due now; gives how many they are."""
    draw, numbers = random.Random(seed), itertools.count(1)
    images, video = _images(desk), _video(desk)
    posts: list[Post] = []
    for account in itertools.cycle(desk.accounts):
        if sum(len(post.parts) for post in posts) >= publications:
            break
        platform = every_platform()[account.platform]
        posts.append(_post(draw, numbers, platform, account, images, video))
    calendar = [PlannedPost(post, "shop", "faults", needs_approval=False) for post in posts]
    schedule(desk.engine, calendar, now=datetime.now(UTC), by="faults")
    return sum(len(post.parts) for post in posts)


def _post(
    draw: random.Random,
    numbers: Iterator[int],
    platform: Platform,
    account: Account,
    images: list[Media],
    video: Media,
) -> Post:
    number = next(numbers)
    begin = Post(f"p{number}:{account.key}", account.key, words(number), publish_at=datetime.now(UTC))
    begin = replace(begin, publish_at=datetime.now(UTC) + timedelta(milliseconds=number))
    for _ in range(TRIES):
        post = _shaped(draw, begin, platform, images, video)
        if not platform.problems(post):
            if draw.random() < REFUSED_SHARE:  # something that the network itself must refuse
                return replace(post, text=f"{post.text} {'x' * TOO_LONG}", content_hash="")
            texts = tuple(words(next(numbers)) for _ in post.thread)
            comment = words(next(numbers)) if post.first_comment else ""
            return replace(post, thread=texts, first_comment=comment, content_hash="")
    raise ValueError(f"No shape of post suits {platform.title}: {' '.join(platform.problems(begin))}")


def _shaped(draw: random.Random, post: Post, platform: Platform, images: list[Media], video: Media) -> Post:
    media = draw.choice([(), (), tuple(draw.sample(images, 1)), tuple(draw.sample(images, 2)), (video,)])
    link = draw.choice([None, None, "https://shop.example/bread"])
    thread = (words(0),) * draw.choice([0, 0, 1, 3]) if "thread" in platform.follows else ()
    comment = draw.choice(["", words(0)]) if "comment" in platform.follows else ""
    return replace(post, media=media, link=link, thread=thread, first_comment=comment, content_hash="")


def is_too_long(post: Post) -> bool:
    """Whether it is one of those that every network must refuse."""
    return len(post.text) > TOO_LONG


def words(number: int) -> str:
    return f"Fresh bread from the oven, with butter & salt. No. {number:06}."


def _images(desk: Desk) -> list[Media]:
    found = []
    for number, colour in enumerate(("tan", "sienna", "wheat")):
        path = desk.folder / f"bread-{number}.jpg"
        Image.new("RGB", (SIDE, SIDE), colour).save(path)
        facts = MediaFacts("image", "jpeg", path.stat().st_size, SIDE, SIDE)
        found.append(_media(desk, path, facts))
    return found


def _video(desk: Desk) -> Media:
    """Three seconds of brown, as an oven would show them."""
    path, rate, seconds = desk.folder / "oven.mp4", 24, 3
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, "yuv420p"
        picture = np.full((SIDE, SIDE, 3), 90, dtype=np.uint8)
        for _ in range(rate * seconds):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    facts = MediaFacts("video", "mp4", path.stat().st_size, SIDE, SIDE, seconds, rate, "h264")
    return _media(desk, path, facts)


def _media(desk: Desk, path: Path, facts: MediaFacts) -> Media:
    return Media(str(path), "A loaf", facts=facts, public_url=f"{desk.url}/media/{path.name}")
