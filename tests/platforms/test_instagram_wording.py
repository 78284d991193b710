"""What Instagram would not take, told before it is asked, in numbers; and the forms of what it takes."""

from dataclasses import replace

import pytest

from include.domain.posts import Media, MediaFacts, Post
from platforms import every_platform
from platforms.instagram.wording import caption, carousel, container

INSTAGRAM = every_platform()["instagram"]
PHOTO = Media(
    "a.jpg", "A cake", facts=MediaFacts("image", "jpeg", 500_000, 1080, 1080), public_url="https://m.test/a.jpg"
)
REEL = Media("a.mp4", facts=MediaFacts("video", "mp4", 9_000_000, 1080, 1920, 30.0, 29.97, "h264", "aac"))
POST = Post("p1", "instagram_aurora", "Panettone", (PHOTO,))


def photo(**facts) -> Post:
    return replace(POST, media=(replace(PHOTO, facts=replace(PHOTO.facts, **facts)),))


def reel(form="reel", **facts) -> Post:
    text = "" if form == "story" else "Panettone"
    return replace(POST, text=text, media=(replace(REEL, facts=replace(REEL.facts, **facts)),), format=form)


@pytest.mark.parametrize(
    "post",
    [
        POST,
        photo(height=1350),
        photo(height=566),
        replace(POST, media=(PHOTO, REEL) * 5),
        replace(POST, media=(Media("https://a.test/b.jpg"),)),
        replace(POST, media=(REEL,)),
        reel(),
        reel(seconds=900.0),
        reel(format="mov,mp4,m4a,3gp,3g2,mj2", video_codec="hevc", audio_codec=""),
        reel("story", seconds=60.0),
        replace(POST, text="", media=photo(height=1920).media, format="story"),
        replace(POST, text="#a " * 30 + "@b " * 20),
    ],
)
def test_a_good_post_has_no_problem(post) -> None:
    assert INSTAGRAM.problems(post) == []


@pytest.mark.parametrize(
    ("post", "problem"),
    [
        (replace(POST, text="é" * 2203), "The caption counts 2203, limit 2200; shorten by 3."),
        (replace(POST, text="🐱" * 1101), "The caption counts 2202, limit 2200; shorten by 2."),
        (replace(POST, text="#a " * 32), "The caption has 32 hashtags, limit 30; take 2 away."),
        (replace(POST, text="@a " * 21), "The caption has 21 mentions, limit 20; take 1 away."),
        (replace(POST, media=()), "Instagram takes no post without an image or a video; add one."),
        (replace(POST, media=(PHOTO,) * 11), "There are 11 images and videos, limit 10; take 1 away."),
        (
            replace(POST, media=(replace(PHOTO, public_url=""),)),
            (
                "a.jpg has no public address, and Instagram fetches images itself; set DESK_MEDIA_BASE to where the "
                "media folder is served, or give the image as an https address."
            ),
        ),
        (photo(format="png"), "a.jpg is no jpeg image; save it as one."),
        (photo(bytes=8_388_609), "a.jpg has 8,388,609 bytes, limit 8,388,608; make it smaller."),
        (photo(height=1400), "a.jpg has 1080 by 1400 pixels (0.77:1); crop it to between 4:5 and 1.91:1."),
        (photo(height=500), "a.jpg has 1080 by 500 pixels (2.16:1); crop it to between 4:5 and 1.91:1."),
        (
            replace(POST, media=(replace(PHOTO, alt="a" * 1001),)),
            "The alt text of a.jpg counts 1001, limit 1000; shorten it.",
        ),
        (replace(POST, format="reel"), "A reel is exactly one video; give it one, or make it a feed post."),
        (reel(seconds=2.5), "a.mp4 lasts 2.5 s; Instagram takes 3 to 900 s here."),
        (reel(seconds=901.0), "a.mp4 lasts 901 s; Instagram takes 3 to 900 s here."),
        (reel("story", seconds=61.0), "a.mp4 lasts 61 s; Instagram takes 3 to 60 s here."),
        (reel("story", bytes=104_857_601), "a.mp4 has 104,857,601 bytes, limit 104,857,600; make it smaller."),
        (reel(frames_per_second=15.0), "a.mp4 has 15 frames per second; Instagram takes 23 to 60."),
        (reel(width=3840), "a.mp4 is 3840 pixels wide, limit 1920; make it smaller."),
        (reel(video_codec="vp9"), "a.mp4 is coded as vp9; Instagram takes h264, hevc."),
        (reel(format="matroska,webm"), "a.mp4 is no mp4 or mov video; save it as one."),
        (
            replace(POST, format="story"),
            "A story shows no text and no link; take them out, and put the words into the image.",
        ),
        (
            replace(POST, text="", format="story", first_comment="Hi"),
            "A story takes no comment of its own; leave the first comment out.",
        ),
        (
            replace(POST, text="", format="story", media=(PHOTO, PHOTO)),
            "A story is one image or one video, and here are 2; make a story of each.",
        ),
        (replace(POST, thread=("more",)), "Instagram has no threads; take the further texts away."),
    ],
)
def test_a_problem_is_a_sentence_with_numbers(post, problem) -> None:
    assert INSTAGRAM.problems(post) == [problem]


def test_without_facts_a_file_here_is_measured(tmp_path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x" * 8_388_609)
    media = Media(str(tmp_path / "a.jpg"), public_url="https://m.test/a.jpg")
    assert INSTAGRAM.problems(replace(POST, media=(media,))) == [
        "a.jpg has 8,388,609 bytes, limit 8,388,608; make it smaller."
    ]
    assert INSTAGRAM.problems(replace(POST, media=(Media("/nowhere/a.mp4"),))) == [
        "/nowhere/a.mp4 is not there; check its path."
    ]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, "Panettone\n\nhttps://a.test/p"),
        ({"text": "See https://a.test/p"}, "See https://a.test/p"),
        ({"first_comment": "Order: https://a.test/p"}, "Panettone"),
        ({"text": "See https://a.test/p."}, "See https://a.test/p."),
        ({"text": "See https://a.test/p/2"}, "See https://a.test/p/2\n\nhttps://a.test/p"),
        ({"first_comment": "Order: https://a.test/p?x=1"}, "Panettone\n\nhttps://a.test/p"),
        ({"format": "story"}, ""),
    ],
)
def test_a_link_stands_in_the_caption_unless_something_else_says_it(fields, words) -> None:
    assert caption(replace(POST, **{"link": "https://a.test/p", **fields})) == words


def test_the_forms_of_each_kind_of_container() -> None:
    assert container(POST, PHOTO) == {"caption": "Panettone", "image_url": "https://m.test/a.jpg", "alt_text": "A cake"}
    assert container(reel(), REEL) == {
        "media_type": "REELS",
        "caption": "Panettone",
        "upload_type": "resumable",
        "share_to_feed": "true",
    }
    story = replace(POST, text="", format="story")
    assert container(story, PHOTO) == {"media_type": "STORIES", "image_url": "https://m.test/a.jpg"}
    assert container(story, Media("https://a.test/v.mp4")) == {
        "media_type": "STORIES",
        "video_url": "https://a.test/v.mp4",
    }
    several = replace(POST, media=(PHOTO, REEL))
    item = {"is_carousel_item": "true"}
    assert container(several, PHOTO) == {**item, "image_url": "https://m.test/a.jpg", "alt_text": "A cake"}
    assert container(several, REEL) == {**item, "media_type": "VIDEO", "upload_type": "resumable"}
    assert carousel(several, ["1", "2"]) == {"media_type": "CAROUSEL", "children": "1,2", "caption": "Panettone"}


def test_its_declaration_says_what_it_can() -> None:
    assert (INSTAGRAM.publishes, INSTAGRAM.by_address, INSTAGRAM.limited, INSTAGRAM.deletes) == (True,) * 4
    assert (INSTAGRAM.edits, INSTAGRAM.follows, INSTAGRAM.streams) == (False, ("comment",), ())
    (quota,) = INSTAGRAM.quotas
    assert (quota.most, quota.per.total_seconds(), quota.limit_name) == (50, 86_400, "quota_total")


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://a.test/p?utm_source=instagram&utm_medium=social&utm_content=x%3Ainstagram_a", "https://a.test/p"),
        ("https://a.test/p?lang=it&utm_source=instagram#menu", "https://a.test/p?lang=it#menu"),
    ],
)
def test_nobody_types_in_campaign_tags_so_the_caption_has_none(link, shown) -> None:
    assert caption(replace(POST, link=link)) == f"Panettone\n\n{shown}"
    assert caption(replace(POST, link=link, text=f"Qui: {shown}")) == f"Qui: {shown}"
