"""A post as Mastodon counts it, held to the limits of the account's own instance; and its HTML read back."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.domain.posts import Media, MediaFacts, Post
from include.sandbox.mastodon import wording as theirs
from platforms.mastodon import reading, wording
from platforms.mastodon.counting import length

POST = Post("p1", "mastodon_aurora", "Buongiorno", publish_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
FAMILY = "👨‍👩‍👧‍👦"
LONG = "https://aurora.com/" + "a" * 100


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", 0),
        ("città", 5),
        ("citta\u0300", 5),
        (FAMILY * 3, 3),
        ("ສະບາຍດີ", 6),
        ("שלום", 4),
        (LONG, 23),
        (f"{LONG}.", 24),
        (f"({LONG})", 25),
        ("https://a.it", 23),
        ("see aurora.com", 14),
        ("https://en.wikipedia.org/wiki/A_(b)", 23),
        ("https://aurora.com/p?a=1&b=2!", 24),
        ("https://aurora.com/?q=città ok", 26),
        ("@marta@very.long.server.example ciao", 11),
        ("@marta ciao", 11),
        ("mail@marta.example", 18),
    ],
)
def test_addresses_and_mentions_count_less_than_they_are(text, counts) -> None:
    assert length(text, 23) == counts
    assert theirs.counted(text, 23) == counts


PIECES = st.sampled_from(
    [
        "ສະບາຍດີ",
        FAMILY,
        "🏳️‍🌈",
        "👍🏽",
        "שלום",
        "مرحبا",
        "e\u0301",
        "a",
        "\n",
        LONG,
        "https://a.it/b?c=1",
        "@m@a.example",
        "#x",
        "<b>&",
        ".",
    ]
)


@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_client_and_sandbox_count_alike_and_html_reads_back(text) -> None:
    assert length(text, 23) == theirs.counted(text, 23)
    status = {"content": theirs.shown(text.strip(), set(), "mastodon.example")}
    assert reading.Wanted(text).is_same(status) is bool(text.strip())
    assert not reading.Wanted(f"{text} x").is_same(status)


def test_the_instances_own_limits_go_before_the_defaults() -> None:
    text = replace(POST, text="a" * 501)
    assert wording.problems(text, {}) == ["The text counts 501, limit 500 on this instance; shorten by 1."]
    assert wording.problems(text, {"max_characters": 5000}) == []
    linked = replace(POST, text="a" * 480, link=LONG)
    assert wording.problems(linked, {}) == ["The text counts 504, limit 500 on this instance; shorten by 4."]
    assert wording.problems(linked, {"characters_reserved_per_url": 10}) == []


def image(name="a.jpg", **facts):
    shown = {"kind": "image", "format": "jpeg", "bytes": 1000, "width": 1200, "height": 800, **facts}
    return Media(name, "A cake", facts=MediaFacts(**shown))


@pytest.mark.parametrize(
    ("post", "limits", "problem"),
    [
        (replace(POST, text=" "), {}, "empty"),
        (replace(POST, format="reel"), {}, "has no reel"),
        (replace(POST, first_comment="Link below"), {}, "no first comment; make it the next text of a thread"),
        (replace(POST, thread=("b" * 501,)), {}, "Text 2 of the thread counts 501"),
        (replace(POST, thread=(" ",)), {}, "Text 2 of the thread is empty"),
        (replace(POST, link="aurora"), {}, "no web address"),
        (replace(POST, media=(image(),) * 5), {}, "There are 5 images, limit 4"),
        (replace(POST, media=(image(),) * 2), {"max_media_attachments": 1}, "There are 2 images, limit 1"),
        (replace(POST, media=(image(), image("a.mp4", kind="video"))), {}, r"a\.mp4 must stand alone"),
        (replace(POST, media=(image(bytes=17_000_000),)), {}, "17,000,000 bytes, limit 16,777,216"),
        (replace(POST, media=(image(),)), {"image_size_limit": 10}, "1,000 bytes, limit 10"),
        (replace(POST, media=(image("a.mp4", kind="video", bytes=99),)), {"video_size_limit": 9}, "99 bytes, limit 9"),
        (replace(POST, media=(image(),)), {"image_matrix_limit": 1000}, "1200 x 800 pixels, limit 1,000"),
        (replace(POST, media=(image(),)), {"supported_mime_types": ["image/png"]}, "none of png"),
        (replace(POST, media=(Media("a.tiff"),)), {}, "none of jpg"),
        (replace(POST, media=(Media("gone.jpg"),)), {}, r"gone\.jpg is not there"),
        (replace(POST, media=(replace(image(), alt="a" * 1501),)), {}, "count 1501, limit 1500; shorten by 1"),
    ],
)
def test_what_the_instance_would_refuse_is_told(post, limits, problem) -> None:
    (said,) = wording.problems(post, limits)
    assert re.search(problem, said)


STATUS = {"content": "<p>Ciao a<br />tutti</p>", "media_attachments": [], "in_reply_to_id": None}


@pytest.mark.parametrize(
    ("words", "status", "same"),
    [
        ("Ciao a\ntutti", STATUS, True),
        ("Ciao a\r\ntutti ", STATUS, True),
        ("Ciao a tutt", STATUS, False),
        ("Ciao a\ntutti", {**STATUS, "in_reply_to_id": "7"}, False),
        ("Ciao a\ntutti", {**STATUS, "media_attachments": [{"id": "1"}]}, False),
        ("Ciao a\ntutti", {**STATUS, "reblog": {"id": "1"}}, False),
        ("a < b & c", {**STATUS, "content": "<p>a &lt; b &amp; c</p>"}, True),
    ],
)
def test_a_status_is_ours_by_words_media_and_place(words, status, same) -> None:
    assert reading.Wanted(words).is_same(status) is same
