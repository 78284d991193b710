"""LinkedIn's little text, its length, and what LinkedIn would not take, told before it is asked."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.domain.posts import Media, MediaFacts, Post
from platforms import every_platform
from platforms.linkedin.little import escape, length, unescape
from platforms.linkedin.wording import body, title

POST = Post("p1", "linkedin_aurora", "Panettone")
LINKEDIN = every_platform()["linkedin"]
ORGANIZATION = "urn:li:organization:2414183"
RESERVED = r"\|{}@[]()<>#*_~"
LITTLE = st.text(st.sampled_from(RESERVED + "ab1 #é日👍\n") | st.characters(codec="utf-8"), max_size=60)


@settings(deadline=None)
@given(LITTLE)
def test_what_is_escaped_reads_as_it_was_written(text) -> None:
    assert unescape(escape(text)) == text


@settings(deadline=None)
@given(LITTLE)
def test_no_reserved_character_is_left_bare_but_that_of_a_hashtag(text) -> None:
    bare = re.sub(r"\\.", "", escape(text), flags=re.DOTALL)
    assert {c for c in bare if c in RESERVED} <= {"#"}
    assert not re.search(r"#(?![^\W_])", bare)


@settings(deadline=None)
@given(LITTLE)
def test_the_length_is_that_of_what_is_sent(text) -> None:
    assert length(text) == len(escape(text)) + sum(ord(c) > 0xFFFF for c in text)
    assert length(text) >= len(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Va al repo (durable)", r"Va al repo \(durable\)"),
        ("#Panettone for #Natale2026!", "#Panettone for #Natale2026!"),
        ("C# and #1 and # and a#b", r"C\# and \#1 and \# and a\#b"),
        ("#my_tag", r"\#my\_tag"),
        ("https://aurora.com/?utm_source=desk#top", r"https://aurora.com/?utm\_source=desk\#top"),
        ("marta@aurora.com <3", r"marta\@aurora.com \<3"),
        ("a\\b", r"a\\b"),
        ("{hashtag|#|x}", r"\{hashtag\|\#\|x\}"),
    ],
)
def test_reserved_characters_are_escaped_and_hashtags_stay_hashtags(text, written) -> None:
    assert escape(text) == written


@pytest.mark.parametrize(
    ("commentary", "text"),
    [
        (r"{hashtag|\#|Panettone} is back \(again\)", "#Panettone is back (again)"),
        ("{hashtag|#|Panettone}", "#Panettone"),
        ("Hello @[Acme Corp](urn:li:organization:1234)!", "Hello Acme Corp!"),
    ],
)
def test_linkedins_own_elements_are_read(commentary, text) -> None:
    assert unescape(commentary) == text


def facts(**fields) -> MediaFacts:
    usual = {"kind": "video", "format": "mp4", "bytes": 1_000_000, "width": 1280, "height": 720, "seconds": 20.0}
    return MediaFacts(**{**usual, **fields})


IMAGE = Media("https://a.test/a.jpg", "A cake")
VIDEO = Media("https://a.test/a.mp4", facts=facts())


@pytest.mark.parametrize(
    ("post", "problem"),
    [
        (
            replace(POST, text="(" * 1501),
            "The text counts 3002 with the backslashes that LinkedIn needs, limit 3000; shorten by 2.",
        ),
        (replace(POST, text=" "), "The post is empty; give it a text, a link or an image."),
        (replace(POST, first_comment="c" * 1251), "The first comment counts 1251, limit 1250; shorten by 1."),
        (
            replace(POST, thread=("more",)),
            "LinkedIn has no threads; leave the further texts out, or put one into the first comment.",
        ),
        (replace(POST, format="story"), "LinkedIn has no story; leave the format empty."),
        (replace(POST, link="aurora"), "The link aurora is no web address; write it with https://."),
        (replace(POST, media=(IMAGE,) * 21), "There are 21 images, limit 20; take 1 away."),
        (
            replace(POST, media=(VIDEO, IMAGE)),
            "a.mp4 must stand alone: LinkedIn shows one video, or up to 20 images.",
        ),
        (
            replace(POST, media=(Media("https://a.test/a.webp"),)),
            "a.webp is no jpeg, png, gif file; save it as one of them.",
        ),
        (
            replace(POST, media=(replace(IMAGE, facts=facts(kind="image", format="webp")),)),
            "a.jpg is no jpeg, png, gif file; save it as one of them.",
        ),
        (
            replace(POST, media=(replace(VIDEO, facts=facts(format="mov")),)),
            "a.mp4 is no mp4 file; save it as one of them.",
        ),
        (replace(POST, media=(Media("/nowhere/a.jpg"),)), "/nowhere/a.jpg is not there; check its path."),
        (
            replace(POST, media=(replace(IMAGE, alt="w" * 4090),)),
            "The words for a.jpg count 4090, limit 4086; shorten by 4.",
        ),
        (
            replace(POST, media=(replace(IMAGE, facts=facts(kind="image", format="jpeg", width=9000, height=4500)),)),
            "a.jpg has 40,500,000 pixels, limit 36,152,320; make it smaller.",
        ),
        (
            replace(POST, media=(replace(VIDEO, facts=facts(seconds=1900.5)),)),
            "a.mp4 lasts 1900.5 s; LinkedIn takes 3 to 1800 s.",
        ),
        (
            replace(POST, media=(replace(VIDEO, facts=facts(bytes=500_000_001)),)),
            "a.mp4 has 500,000,001 bytes, limit 500,000,000; make it smaller.",
        ),
        (
            replace(POST, media=(replace(VIDEO, facts=facts(bytes=70_000)),)),
            "a.mp4 has 70,000 bytes; LinkedIn takes no video below 75,000.",
        ),
    ],
)
def test_a_problem_is_a_sentence_with_numbers(post, problem) -> None:
    assert LINKEDIN.problems(post) == [problem]


@pytest.mark.parametrize(
    "post",
    [
        replace(POST, text="a" * 3000, first_comment="The link: https://aurora.com"),
        replace(POST, media=(VIDEO,)),
        replace(POST, media=(IMAGE,) * 20, link="https://aurora.com"),
        replace(POST, text="", link="https://aurora.com"),
    ],
)
def test_a_good_post_has_no_problem(post) -> None:
    assert LINKEDIN.problems(post) == []


def test_a_link_alone_is_an_article_and_beside_media_it_stands_in_the_text() -> None:
    linked = replace(POST, text="Panettone\nis back", link="https://aurora.com/p_1")
    alone = body(linked, [], ORGANIZATION)
    assert alone["commentary"] == "Panettone\nis back"
    assert alone["content"] == {"article": {"source": "https://aurora.com/p_1", "title": "Panettone"}}
    pictured = body(replace(linked, media=(IMAGE,)), ["urn:li:image:1"], ORGANIZATION)
    assert pictured["commentary"] == "Panettone\nis back\n\nhttps://aurora.com/p\\_1"
    assert pictured["content"] == {"media": {"id": "urn:li:image:1", "altText": "A cake"}}


def test_several_images_are_one_content_each_with_its_words() -> None:
    several = body(replace(POST, media=(IMAGE, replace(IMAGE, alt=""))), ["i1", "i2"], ORGANIZATION)
    assert several["content"] == {"multiImage": {"images": [{"id": "i1", "altText": "A cake"}, {"id": "i2"}]}}


def test_a_title_is_never_cut() -> None:
    assert title(replace(POST, text="w" * 201, link="https://aurora.com/p")) == "aurora.com"
