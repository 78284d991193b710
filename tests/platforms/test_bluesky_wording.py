"""A post as Bluesky counts and marks it: graphemes and bytes, and facets that count bytes."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.domain.posts import Media, MediaFacts, Post
from platforms.bluesky import wording
from platforms.bluesky.facets import facets, mentions
from platforms.bluesky.record_key import LETTERS, record_key

POST = Post("p1", "bluesky_aurora", "Buongiorno", publish_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
FAMILY = "👨‍👩‍👧‍👦"
DIDS = {"mekong.bsky.social": "did:plc:mekong"}
SCRIPTS = st.sampled_from(
    ["ສະບາຍດີ", "ກາເຟຂອງລາວ", FAMILY, "🏳️‍🌈", "👍🏽", "שלום", "مرحبا بكم", "città", "e\u0301", "a", "\n", "  ", "🇮🇹"]
)
WORDS = st.lists(SCRIPTS, max_size=12).map(" ".join)


def marked(text, **more):
    """What each facet covers, and what it says."""
    raw = text.encode()
    return [
        (raw[f["index"]["byteStart"] : f["index"]["byteEnd"]].decode(), *list(f["features"][0].values())[1:])
        for f in facets(text, DIDS, **more)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Ciao https://aurora.com/p?a=1.", [("https://aurora.com/p?a=1", "https://aurora.com/p?a=1")]),
        ("(https://aurora.com/p)", [("https://aurora.com/p", "https://aurora.com/p")]),
        ("https://en.wikipedia.org/wiki/A_(b)", [("https://en.wikipedia.org/wiki/A_(b)",) * 2]),
        (f"{FAMILY} #famiglia!", [("#famiglia", "famiglia")]),
        ("ກາເຟ #ກາເຟລາວ ດີ", [("#ກາເຟລາວ", "ກາເຟລາວ")]),
        ("שלום #קפה.", [("#קפה", "קפה")]),
        ("#1 #2026 #a1 # #- #️⃣", [("#a1", "a1")]),
        ("#" + "a" * 65, []),
        ("Grazie @Mekong.bsky.social.", [("@Mekong.bsky.social", "did:plc:mekong")]),
        ("Grazie @nobody.bsky.social, mail@mekong.bsky.social", []),
        ("see aurora.com", []),
    ],
)
def test_links_mentions_and_hashtags_are_found_where_they_stand(text, found) -> None:
    assert marked(text) == found


@given(before=WORDS, between=WORDS, after=WORDS)
def test_a_facet_covers_its_words_in_every_script(before, between, after) -> None:
    text = f"{before} https://aurora.com/città {between} #ກາເຟ {after} @mekong.bsky.social"
    assert marked(text) == [
        ("https://aurora.com/città", "https://aurora.com/città"),
        ("#ກາເຟ", "ກາເຟ"),
        ("@mekong.bsky.social", "did:plc:mekong"),
    ]


@given(WORDS)
def test_no_facet_is_found_in_words_alone(text) -> None:
    assert facets(text, DIDS) == []
    assert mentions(text) == []


def test_an_emoji_of_many_parts_counts_one_and_its_bytes_too() -> None:
    assert wording.graphemes(FAMILY) == 1
    assert wording.problems(replace(POST, text="ກ" * 300)) == []
    assert wording.problems(replace(POST, text="a" * 301)) == ["The text counts 301, limit 300; shorten by 1."]
    assert wording.problems(replace(POST, text=FAMILY * 200)) == [
        "The text has 5,000 bytes, limit 3,000; use fewer emoji or letters of many bytes."
    ]


def test_every_part_is_measured() -> None:
    post = replace(POST, thread=("b" * 301, " "), first_comment="c" * 302)
    assert wording.problems(post) == [
        "Text 2 of the thread counts 301, limit 300; shorten by 1.",
        "Text 3 of the thread is empty; write it or take it out.",
        "The first comment counts 302, limit 300; shorten by 2.",
    ]


def image(name="a.jpg", **facts):
    shown = {"kind": "image", "format": "jpeg", "bytes": 1000, "width": 1200, "height": 800, **facts}
    return Media(name, "A cake", facts=MediaFacts(**shown))


CLIP = image("a.mp4", kind="video", format="mp4", seconds=30.0)


@pytest.mark.parametrize(
    ("post", "problem"),
    [
        (replace(POST, text=""), "empty"),
        (replace(POST, format="story"), "has no story"),
        (replace(POST, link="aurora"), "no web address"),
        (replace(POST, media=(image(),) * 5), "There are 5 images, limit 4; take 1 away."),
        (replace(POST, media=(image(), CLIP)), r"a\.mp4 must stand alone"),
        (replace(POST, media=(image(bytes=2_000_001),)), "2,000,001 bytes, limit 2,000,000"),
        (replace(POST, media=(image("a.mp4", kind="video", seconds=200.0),)), "runs 200 s, limit 180"),
        (replace(POST, media=(Media("a.tiff"),)), "none of jpg, jpeg, png, webp, mp4"),
        (replace(POST, media=(Media("gone.jpg"),)), r"gone\.jpg is not there"),
    ],
)
def test_what_bluesky_would_refuse_is_told(post, problem) -> None:
    (said,) = wording.problems(post)
    assert __import__("re").search(problem, said)


def test_a_link_is_a_card_and_beside_media_a_short_address_after_the_text() -> None:
    link = "https://www.aurora.com/panettone?utm_source=bluesky&utm_content=p1"
    alone, pictured = replace(POST, link=link), replace(POST, link=link, media=(image(),))
    assert wording.text(alone) == "Buongiorno"
    assert wording.card(alone)["external"] == {"uri": link, "title": "aurora.com/panettone", "description": ""}
    said = wording.record(pictured, {}, datetime(2026, 11, 20, 9, 0, 1, tzinfo=UTC))
    assert said["text"] == "Buongiorno aurora.com/panettone"
    assert said["createdAt"] == "2026-11-20T09:00:01.000Z"
    (facet,) = said["facets"]
    assert facet["features"] == [{"$type": "app.bsky.richtext.facet#link", "uri": link}]
    assert (facet["index"]["byteStart"], facet["index"]["byteEnd"]) == (11, 31)
    assert wording.card(pictured) is None


def test_images_have_their_words_and_their_shape() -> None:
    embed = wording.embed(replace(POST, media=(image(), Media("b.png"))), [{"ref": 1}, {"ref": 2}])
    assert embed == {
        "$type": "app.bsky.embed.images",
        "images": [
            {"image": {"ref": 1}, "alt": "A cake", "aspectRatio": {"width": 1200, "height": 800}},
            {"image": {"ref": 2}, "alt": ""},
        ],
    }


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(moment=MOMENTS, key=st.text(min_size=1))
def test_a_record_key_is_a_tid_of_the_planned_second(moment, key) -> None:
    post = replace(POST, publish_at=moment)
    made = record_key(post, key)
    assert len(made) == 13
    assert made[0] in "234567abcdefghij"
    value = 0
    for letter in made:
        value = value * 32 + LETTERS.index(letter)
    assert (value >> 10) // 1_000_000 == int(moment.timestamp())
    assert record_key(replace(post), key) == made
    assert record_key(post, key + "x") != made
    assert record_key(post, key, 1) > made
