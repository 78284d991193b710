"""An image goes out as it was approved, or not at all."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from include.domain import Media, Post
from include.publishing import images, plan


@pytest.fixture
def pictured(desk: Any, tmp_path: Path) -> Post:
    """A planned post as the ledger gives it back, with a file and an image of the web."""
    file = tmp_path / "panettone.jpg"
    file.write_bytes(b"approved")
    digest = f"sha256:{hashlib.sha256(b'approved').hexdigest()}"
    web = "https://aurora.example/b.jpg"
    post = desk.post()
    media = (Media(str(file), "A cake", digest), Media(web, "", web))
    post = Post(post.post_id, post.account, post.text, media, post.publish_at)
    desk.plan(post)
    return plan.posts(desk.engine, [post.post_id])[post.post_id]


def test_the_approved_image_goes_out(desk: Any, pictured: Post) -> None:
    assert desk.send(pictured, desk.claim_one()).state == "live"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda file: file.write_bytes(b"another"), id="replaced"),
        pytest.param(lambda file: file.unlink(), id="taken away"),
    ],
)
def test_another_image_is_not_even_uploaded(desk: Any, pictured: Post, change: Callable[[Path], None]) -> None:
    change(Path(pictured.media[0].source))
    outcome = desk.send(pictured, desk.claim_one())
    assert outcome.words == (
        "Its image panettone.jpg was replaced or taken away after the import; import the calendar again."
    )
    assert desk.wall.calls == []
    row = desk.row(pictured)
    assert (row.state, row.sent_at, row.reason) == ("held", None, outcome.words)


def test_the_same_calendar_is_no_news_to_a_post_with_images(desk: Any, pictured: Post) -> None:
    done = desk.plan(pictured)
    assert (done.planned, done.edited, done.moved) == ([], [], [])


def test_what_is_shown_beside_a_text_is_what_was_imported(tmp_path: Path) -> None:
    cup, gone, video = tmp_path / "cup.png", tmp_path / "gone.png", tmp_path / "steam.mp4"
    cup.write_bytes(b"a cup")
    video.write_bytes(b"steam")
    digest = f"sha256:{hashlib.sha256(b'a cup').hexdigest()}"
    post = Post(
        "one:x_aurora",
        "x_aurora",
        "Ciao",
        media=(
            Media(str(cup), "A cup", digest),
            Media(str(gone), "Gone"),
            Media("https://cdn.example/a.png"),
            Media(str(video)),
        ),
    )
    (shown,) = images.previews(post)
    assert (shown.filename, shown.alt, shown.content) == ("cup.png", "A cup", b"a cup")
    assert [each.filename for each in images.videos(post)] == ["steam.mp4"]
    cup.write_bytes(b"another cup")
    assert images.previews(post) == []
