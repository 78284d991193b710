"""What is put before an approver, and until when."""

from datetime import UTC, datetime, timedelta

import pytest

from include.domain.posts import Media, Post
from include.editorial.approval import LONGEST_WAIT, approval_batches, expiry, needing_approval, preview

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def post(post_id: str = "boat:x_fjord", *, hours: float = 5, text: str = "Hei", **more) -> Post:
    account = post_id.partition(":")[2]
    return Post(post_id, account, text, publish_at=NOW + timedelta(hours=hours), **more)


def test_only_brands_that_ask_for_it_see_their_posts_first(brands):
    posts = [post(), post("tide:x_sea")]
    assert [p.post_id for p in needing_approval(posts, brands)] == ["boat:x_fjord"]
    assert [batch.brand.key for batch in approval_batches(posts, brands, NOW)] == ["fjord"]


def test_an_answer_counts_until_the_post_would_be_too_late_but_no_longer_than_two_days(brands):
    assert expiry(post(hours=5), brands[0], NOW) == NOW + timedelta(hours=5, minutes=30)
    assert expiry(post(hours=100), brands[0], NOW) == NOW + LONGEST_WAIT == NOW + timedelta(hours=48)
    assert expiry(Post("p", "x_fjord", "Hei"), brands[0], NOW) == NOW + LONGEST_WAIT


def test_a_form_holds_a_brands_posts_in_order_and_stays_open_for_the_last(brands):
    (batch,) = approval_batches([post("b:x_fjord", hours=30), post("a:x_fjord", hours=2)], brands, NOW)
    assert [each.post.post_id for each in batch.previews] == ["a:x_fjord", "b:x_fjord"]
    assert batch.subject == "Fjord & Fell: 2 posts to approve, first due Fri 20 Nov 2026, 11:00"
    assert batch.body.startswith("For ola or kari. Times are those of Europe/Oslo.")
    assert batch.expires_at == NOW + timedelta(hours=30, minutes=30)


def test_a_post_that_is_too_late_anyhow_is_not_asked_about(brands):
    assert approval_batches([post(hours=-1)], brands, NOW) == []


def test_a_long_plan_is_parted_into_forms_that_can_be_read(brands):
    posts = [post(f"p{number:02}:x_fjord", hours=number) for number in range(45)]
    assert [len(batch.previews) for batch in approval_batches(posts, brands, NOW)] == [20, 20, 5]


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
        sizes={"x": lambda each: f"{len(each.text)} of 280"},
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
        "- Length: 36 of 280",
        f"- Answer by Fri 20 Nov 2026, 14:30 (Europe/Oslo) · version {version}",
    ]


@pytest.mark.parametrize("line", ["# no heading", "- no list", "1. no list", "> no quote", "=== no rule", "a | b"])
def test_what_markdown_would_swallow_stays_visible(brands, line):
    quoted = preview(post(text=line), brands[0], NOW).body.splitlines()[2]
    assert quoted.replace("\\", "") == f"> {line}"
    assert "\\" in quoted
