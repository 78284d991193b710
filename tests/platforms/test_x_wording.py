"""Length as X counts it, and what X would not take, told before it is asked."""

import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from include.domain.posts import Media, Post
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


@given(PIECES)
def test_client_and_sandbox_count_alike(text) -> None:
    """Two readings of the same published rules, written apart."""
    assert weighted_length(text) == counted_in_the_sandbox(text)
    assert addresses(text) == [(url.start, url.end) for url in urls_in(text)]


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.integers(1, 60))
def test_an_address_weighs_the_same_however_long_it_is(before, length) -> None:
    short, long = (f"{before}\n https://aurora.com/{'p' * n} !" for n in (1, length))
    assert weighted_length(short) == weighted_length(long)


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


def test_a_file_that_is_too_big_is_measured(tmp_path) -> None:
    (tmp_path / "a.png").write_bytes(b"x" * 5_242_881)
    post = replace(POST, media=(Media(str(tmp_path / "a.png")),))
    assert X.problems(post) == ["a.png has 5,242,881 bytes, limit 5,242,880; make it smaller."]


def test_a_good_post_has_no_problem(tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    assert X.problems(replace(POST, text="a" * 280)) == []
    assert X.problems(replace(POST, media=(Media(str(tmp_path / "a.mp4"), "A cake"),))) == []
