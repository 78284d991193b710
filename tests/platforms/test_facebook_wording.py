"""What Facebook would not take, told before it is asked, in numbers."""

from dataclasses import replace

import pytest

from include.domain.posts import Media, MediaFacts, Post
from platforms import every_platform
from platforms.facebook.wording import feed, message

POST = Post("p1", "facebook_aurora", "Panettone")
PHOTO = Media("a.jpg", facts=MediaFacts("image", "jpeg", 500_000, 1080, 1080))
VIDEO = Media("a.mp4", facts=MediaFacts("video", "mov,mp4,m4a", 9_000_000, 1080, 1920, 30.0, 29.97, "h264", "aac"))
FACEBOOK = every_platform()["facebook"]


def reel(form="reel", **facts) -> Post:
    text = "" if form == "story" else "Panettone"
    return replace(POST, text=text, media=(replace(VIDEO, facts=replace(VIDEO.facts, **facts)),), format=form)


@pytest.mark.parametrize(
    "post",
    [
        replace(POST, media=(PHOTO,) * 10),
        replace(POST, media=(replace(VIDEO, facts=replace(VIDEO.facts, seconds=3600.0, width=1920, height=1080)),)),
        reel(),
        reel("story"),
        replace(POST, text="", media=(PHOTO,), format="story"),
    ],
)
def test_what_the_import_saw_fits(post) -> None:
    assert FACEBOOK.problems(post) == []


def test_a_good_post_has_no_problem(tmp_path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"image")
    post = replace(POST, media=(Media(str(tmp_path / "a.jpg")), Media("https://a.test/b.PNG?size=2")))
    assert FACEBOOK.problems(post) == []


@pytest.mark.parametrize(
    ("post", "problem"),
    [
        (replace(POST, text="é" * 63_210), "The text counts 63210, limit 63206; shorten by 4."),
        (replace(POST, text="🐱" * 31_604), "The text counts 63208, limit 63206; shorten by 2."),
        (replace(POST, text=" "), "The post is empty; give it a text, a link or an image."),
        (replace(POST, link="aurora.test"), "The link aurora.test is no web address; write it with https://."),
        (
            replace(POST, link="https://www.facebook.com/x"),
            "Facebook takes no links to facebook.com; leave the link out.",
        ),
        (replace(POST, media=(Media("https://a.test/a.jpg"),) * 11), "There are 11 images, limit 10; take 1 away."),
        (replace(POST, media=(Media("a.tiff"),)), "a.tiff is no jpeg, png, gif, webp file; save it as one of them."),
        (replace(POST, media=(Media("/nowhere/a.jpg"),)), "/nowhere/a.jpg is not there; check its path."),
        (replace(POST, media=(Media("a.mp4"),)), "a.mp4 is not there; check its path."),
        (replace(POST, media=(VIDEO, PHOTO)), "Facebook takes one video a post and no image beside it; take 1 away."),
        (
            replace(POST, media=(PHOTO,), format="reel"),
            "A reel is exactly one video; give it one, or make it a feed post.",
        ),
        (reel(seconds=91.0), "a.mp4 lasts 91 s; Facebook takes 3 to 90 s here."),
        (reel(frames_per_second=15.0), "a.mp4 has 15 frames per second; Facebook takes 24 to 60."),
        (reel(width=450, height=800), "a.mp4 has 450 by 800 pixels; 540 by 960 are the least."),
        (reel(width=1080, height=1080), "a.mp4 has 1080 by 1080 pixels; make it upright, 9 by 16."),
        (reel("story", seconds=61.0), "a.mp4 lasts 61 s; Facebook takes 3 to 60 s here."),
        (reel(format="avi"), "a.mp4 is no mp4, mov file; save it as one of them."),
        (
            replace(POST, media=(PHOTO,), format="story"),
            "A story shows no text and no link; take them out, and put the words into the image.",
        ),
        (
            replace(POST, text="", media=(PHOTO, PHOTO), format="story"),
            "A story is one image or one video, and here are 2; make a story of each.",
        ),
        (
            replace(POST, text="", media=(PHOTO,), format="story", first_comment="Hi"),
            "A story takes no comment of its own; leave the first comment out.",
        ),
        (replace(POST, thread=("more",)), "Facebook has no threads; take the further texts away."),
        (
            replace(POST, media=(replace(PHOTO, facts=replace(PHOTO.facts, bytes=4_000_001)),)),
            "a.jpg has 4,000,001 bytes, limit 4,000,000; make it smaller.",
        ),
    ],
)
def test_a_problem_is_a_sentence_with_numbers(post, problem) -> None:
    assert FACEBOOK.problems(post) == [problem]


def test_a_file_that_is_too_big_is_measured(tmp_path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x" * 4_000_001)
    post = replace(POST, media=(Media(str(tmp_path / "a.jpg")),))
    assert FACEBOOK.problems(post) == ["a.jpg has 4,000,001 bytes, limit 4,000,000; make it smaller."]


def test_beside_images_the_link_stands_under_the_text() -> None:
    post = replace(POST, link="https://a.test/p", media=(Media("a.jpg"),))
    assert message(post) == "Panettone\n\nhttps://a.test/p"
    assert "link" not in feed(post, ["1"])
    assert message(replace(post, text="See https://a.test/p")) == "See https://a.test/p"
    longer = "See https://a.test/panettone"
    assert message(replace(post, text=longer)) == f"{longer}\n\nhttps://a.test/p"
