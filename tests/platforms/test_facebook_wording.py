"""What Facebook would not take, told before it is asked, in numbers."""

from dataclasses import replace

import pytest

from include.domain.posts import Media, Post
from platforms import every_platform
from platforms.facebook.wording import feed, message

POST = Post("p1", "facebook_aurora", "Panettone")
FACEBOOK = every_platform()["facebook"]


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
