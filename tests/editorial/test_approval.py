"""What is put before an approver, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from include.domain.posts import Media, Post
from include.editorial.approval import LONGEST_WAIT, expiry, needing_approval, preview, worth_asking

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def post(post_id: str = "boat:x_fjord", *, hours: float = 5, text: str = "Hei", **more) -> Post:
    account = post_id.partition(":")[2]
    return Post(post_id, account, text, publish_at=NOW + timedelta(hours=hours), **more)


def test_only_brands_that_ask_for_it_see_their_posts_first(brands):
    posts = [post(), post("tide:x_sea")]
    assert [p.post_id for p in needing_approval(posts, brands)] == ["boat:x_fjord"]
    assert [p.post_id for brand in brands for p in worth_asking(posts, brand, NOW)] == ["boat:x_fjord"]


def test_an_answer_counts_until_the_post_would_be_too_late_but_no_longer_than_two_days(brands):
    assert expiry(post(hours=5), brands[0], NOW) == NOW + timedelta(hours=5, minutes=30)
    assert expiry(post(hours=100), brands[0], NOW) == NOW + LONGEST_WAIT == NOW + timedelta(hours=48)
    assert expiry(Post("p", "x_fjord", "Hei"), brands[0], NOW) == NOW + LONGEST_WAIT


def test_a_post_that_is_too_late_anyhow_is_not_asked_about(brands):
    assert worth_asking([post(hours=-1)], brands[0], NOW) == []


def test_nobody_is_asked_about_what_is_weeks_away(brands):
    assert worth_asking([post(hours=24 * 8 - 1), post(hours=24 * 8 + 1)], brands[0], NOW) == [post(hours=24 * 8 - 1)]


def test_the_preview_shows_all_that_a_reader_will_see(brands):
    shown = preview(
        post(
            text="Boats are back!\n#boats for *all* <b>",
            media=(Media("/desk/media/red_boat.png", "A red boat"), Media("https://fjord.example.com/a.jpg")),
            link="https://fjord.example.com/boats",
            campaign="boats_2026",
        ),
        brands[0],
        NOW,
        titles={"x": "X"},
    )
    assert shown.subject == "Fjord & Fell · X, Fri 20 Nov 2026, 14:00: Boats are back! #boats for *all* <b>"
    version = shown.post.content_hash[:8]
    assert shown.body.splitlines() == [
        "### X (fjord) · Fri 20 Nov 2026, 14:00",
        "",
        "> Boats are back!  ",
        r"> \#boats for \*all\* \<b\>",
        "",
        "- Link: <https://fjord.example.com/boats>",
        r"- Image: red\_boat.png, described as “A red boat”",
        "- Image: <https://fjord.example.com/a.jpg>, not described in words",
        r"- Campaign: boats\_2026",
        f"- Answer by Fri 20 Nov 2026, 14:30 (Europe/Oslo) · version {version}",
    ]


@pytest.mark.parametrize("line", ["# no heading", "- no list", "1. no list", "> no quote", "=== no rule", "a | b"])
def test_what_markdown_would_swallow_stays_visible(brands, line):
    quoted = preview(post(text=line), brands[0], NOW).body.splitlines()[2]
    assert quoted.replace("\\", "") == f"> {line}"
    assert "\\" in quoted


def test_the_preview_shows_the_thread_the_first_comment_and_the_format(brands):
    said = post(thread=("Second.", "Third."), first_comment="Book now", format="reel", sponsor_budget="boats-meta")
    body = preview(said, brands[0], NOW).body
    for words in (
        "**Thread, text 2**\n\n> Second.",
        "**Thread, text 3**\n\n> Third.",
        "**First comment**\n\n> Book now",
    ):
        assert words in body
    assert "- As a reel" in body
    assert "- Sponsored from: boats-meta" in body.replace("\\", "")
