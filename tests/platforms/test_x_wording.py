"""Length as X counts it, and what X would not take, told before it is asked."""

import unicodedata
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from include.domain.posts import Media, MediaFacts, Post
from include.sandbox.running import running as _  # noqa: F401  the sandbox is imported from its door
from include.sandbox.x.counting import weighted_length as counted_in_the_sandbox
from include.sandbox.x.links import urls_in
from platforms import every_platform
from platforms.x.addresses import addresses
from platforms.x.wording import weighted_length

POST = Post("p1", "x_aurora", "Panettone")
X = every_platform()["x"]
CASES = Path(__file__).resolve().parents[3] / "shared/contracts/x/twitter-text"


def published_cases(file: str, *groups: str) -> list[Any]:
    """X's own conformance cases, where they lie beside the checkout."""
    if not (CASES / file).exists():
        return [pytest.param(None, marks=pytest.mark.skip(reason="the published cases are not beside the checkout"))]
    tests = yaml.safe_load((CASES / file).read_text(encoding="utf-8"))["tests"]
    return [pytest.param(case, id=case["description"][:60]) for group in groups for case in tests[group]]


# Published for configuration 2, which counts an emoji by its code points; version 3 counts it as two.
OF_AN_OLDER_VERSION = {
    "Count a mix of single byte single word, and double word unicode characters",
    "Count unicode emoji chars outside the basic multilingual plane with skin tone modifiers",
}


@pytest.mark.parametrize(
    "case",
    published_cases(
        "validate.yml",
        "WeightedTweetsCounterTest",
        "WeightedTweetsWithDiscountedEmojiCounterTest",
        "UnicodeDirectionalMarkerCounterTest",
    ),
)
def test_length_agrees_with_xs_published_cases(request, case) -> None:
    if case["description"] in OF_AN_OLDER_VERSION and "Discounted" not in request.node.name:
        assert weighted_length(case["text"]) <= case["expected"]["weightedLength"]
        return
    assert weighted_length(case["text"]) == case["expected"]["weightedLength"]
    assert (not X.problems(replace(POST, text=case["text"]))) is case["expected"]["valid"]


@pytest.mark.parametrize(
    "case",
    published_cases(
        "extract.yml", "urls", "tco_urls_with_params", "urls_with_indices", "urls_with_directional_markers"
    ),
)
def test_addresses_agree_with_xs_published_cases(case) -> None:
    found = [(case["text"][start:end], [start, end]) for start, end in addresses(case["text"])]
    expected = case["expected"] or []
    if any(isinstance(each, dict) for each in expected):
        assert found == [(each["url"], each["indices"]) for each in expected]
    else:
        assert [url for url, _ in found] == expected


PIECES = st.lists(
    st.sampled_from(["http://", "https://", "aurora", ".com", ".it", ".", "/", "?", "=", "&", "(", ")", "-", "_", "#"])
    | st.sampled_from(
        [" ", "\n", "日", "é", "П", "t.co/", "@", "👍", "👍🏽", "🇮🇹", "👨‍👩‍👧", "xn--", ".みんな", ":80", "1️⃣"]
    )
    | st.characters(codec="utf-8"),
    max_size=14,
).map("".join)


@settings(deadline=None)
@given(PIECES)
def test_client_and_sandbox_count_alike(text) -> None:
    """Two readings of the same published rules, written apart."""
    assert weighted_length(text) == counted_in_the_sandbox(text)
    assert addresses(text) == [(url.start, url.end) for url in urls_in(text)]


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=40), st.integers(1, 60))
def test_an_address_weighs_the_same_however_long_it_is(before, length) -> None:
    short, long = (f"{before}\n https://aurora.com/{'p' * n} !" for n in (1, length))
    assert weighted_length(short) == weighted_length(long)


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_no_text_weighs_more_than_two_a_character(text) -> None:
    composed = unicodedata.normalize("NFC", text)
    assert weighted_length(text) <= 2 * len(composed) + 23 * len(addresses(composed))
    assert weighted_length(text) == weighted_length(composed)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("abc", 3),
        ("Caffe\u0300", 5),
        ("日本", 4),
        ("https://example.com/a/very/long/path/that/counts/no/more", 23),
        ("example.com!", 24),
        ("👨‍👩‍👧‍👦", 2),
        ("👍🏽", 2),
        ("🇮🇹", 2),
        ("1️⃣", 2),
        ("©", 1),
        ("©️", 2),
        ("“–” ok", 6),
        ("…", 2),
    ],
)
def test_length_is_counted_in_weights(text, length) -> None:
    assert weighted_length(text) == length


@pytest.mark.parametrize(
    ("post", "problem"),
    [
        (replace(POST, text="a" * 296), "The text counts 296, limit 280; shorten by 16."),
        (
            replace(POST, text="a" * 260, link="https://aurora.com/a-long-address"),
            "The text counts 284, limit 280; shorten by 4.",
        ),
        (replace(POST, text="日" * 141), "The text counts 282, limit 280; shorten by 2."),
        (replace(POST, text=" "), "The post is empty; give it a text or an image."),
        (
            replace(POST, text="a\ufeffb"),
            "The text holds a character that X never takes (U+FEFF, U+FFFE or U+FFFF); type it anew.",
        ),
        (replace(POST, link="aurora"), "The link aurora is no web address; write it with https://."),
        (replace(POST, media=(Media("https://a.test/a.jpg"),) * 5), "There are 5 images, limit 4; take 1 away."),
        (
            replace(POST, media=(Media("https://a.test/a.jpg"), Media("https://a.test/b.gif"))),
            "b.gif must stand alone: X shows one GIF or one video, or up to 4 images.",
        ),
        (
            replace(POST, media=(Media("a.tiff"),)),
            "a.tiff is none of jpg, jpeg, png, webp, gif, mp4, mov; save it as one of them.",
        ),
        (replace(POST, media=(Media("/nowhere/a.jpg"),)), "/nowhere/a.jpg is not there; check its path."),
        (
            replace(POST, media=(Media("https://a.test/a.jpg", "w" * 1003),)),
            "The words for a.jpg count 1003, limit 1000; shorten by 3.",
        ),
    ],
)
def test_a_problem_is_a_sentence_with_numbers(post, problem) -> None:
    assert X.problems(post) == [problem]


def video(**fields) -> Media:
    usual = {"kind": "video", "format": "mp4", "bytes": 1_000_000, "width": 1080, "height": 1920, "seconds": 20.0}
    inside = {"frames_per_second": 30.0, "video_codec": "h264", "audio_codec": "aac"}
    return Media("https://a.test/a.mp4", facts=MediaFacts(**{**usual, **inside, **fields}))


def gif(**fields) -> Media:
    usual = {"kind": "image", "format": "gif", "bytes": 1_000_000, "width": 600, "height": 600, "animated": True}
    return Media("https://a.test/a.gif", facts=MediaFacts(**{**usual, **fields}))


@pytest.mark.parametrize(
    ("media", "problem"),
    [
        (video(seconds=141.0), "a.mp4 lasts 141 s; X takes 0.5 to 140 s."),
        (video(seconds=0.2), "a.mp4 lasts 0.2 s; X takes 0.5 to 140 s."),
        (video(width=400), "a.mp4 has 400x1920 pixels; X takes 1:3 to 3:1, from 32 on."),
        (video(width=30, height=30), "a.mp4 has 30x30 pixels; X takes 1:3 to 3:1, from 32 on."),
        (video(frames_per_second=120.0), "a.mp4 has 120 frames a second, limit 60."),
        (video(video_codec="hevc"), "a.mp4 holds hevc and aac; X takes h264 with aac, so save it anew."),
        (video(audio_codec="mp3"), "a.mp4 holds h264 and mp3; X takes h264 with aac, so save it anew."),
        (video(bytes=536_870_913), "a.mp4 has 536,870,913 bytes, limit 536,870,912; make it smaller."),
        (gif(bytes=15_728_641), "a.gif has 15,728,641 bytes, limit 15,728,640; make it smaller."),
        (gif(width=1300), "a.gif has 1300x600 pixels, limit 1280x1080; make it smaller."),
    ],
)
def test_what_was_found_in_a_file_is_held_against_xs_limits(media, problem) -> None:
    assert X.problems(replace(POST, media=(media,))) == [problem]


@pytest.mark.parametrize("media", [video(), video(audio_codec=""), gif(), gif(width=1300, animated=False)])
def test_a_good_file_has_no_problem(media) -> None:
    assert X.problems(replace(POST, media=(media,))) == []


@pytest.mark.parametrize(
    ("post", "problem"),
    [
        (replace(POST, thread=("ok", "a" * 281)), "Text 3 of the thread counts 281, limit 280; shorten by 1."),
        (replace(POST, thread=(" ",)), "Text 2 of the thread is empty; write it or leave it out."),
        (replace(POST, first_comment="a" * 285), "The first comment counts 285, limit 280; shorten by 5."),
        (replace(POST, format="reel"), "X has no reel; leave the format empty."),
    ],
)
def test_every_part_is_checked(post, problem) -> None:
    assert X.problems(post) == [problem]


@pytest.mark.parametrize(
    ("post", "dollars"),
    [
        (POST, "0.015"),
        (replace(POST, text="Panettone: aurora.com"), "0.2"),
        (replace(POST, link="https://bottega.example/p"), "0.2"),
        (replace(POST, thread=("more", "see aurora.com"), first_comment="thanks"), "0.245"),
    ],
)
def test_every_part_costs_and_an_address_costs_more(post, dollars) -> None:
    assert X.price(post) == Decimal(dollars)


def test_a_file_that_is_too_big_is_measured(tmp_path) -> None:
    (tmp_path / "a.png").write_bytes(b"x" * 5_242_881)
    post = replace(POST, media=(Media(str(tmp_path / "a.png")),))
    assert X.problems(post) == ["a.png has 5,242,881 bytes, limit 5,242,880; make it smaller."]


def test_a_good_post_has_no_problem(tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    assert X.problems(replace(POST, text="a" * 280)) == []
    assert X.problems(replace(POST, media=(Media(str(tmp_path / "a.mp4"), "A cake"),))) == []
