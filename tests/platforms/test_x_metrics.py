"""X's numbers: the level of today, and the posts of a window with what may still be seen of them."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from include.domain.records import AccountDay, PostSnapshot, RawResponse, RemotePost
from include.domain.windows import Window
from platforms.x.reading import read

ME, TIMELINE = "GET /2/users/me", "GET /2/users/42/tweets"
TODAY = datetime.now(UTC).date()


def days_ago(count):
    return TODAY - timedelta(days=count)


def response(stream, body):
    fetched = datetime(2026, 11, 23, 1, tzinfo=UTC)
    return RawResponse("x_aurora", stream, {}, json.dumps(body).encode(), fetched)


def test_followers_are_asked_for_today_only(server, said, x) -> None:
    server.says(ME, said({"data": {"id": "42", "public_metrics": {"followers_count": 5}}}))
    assert list(x.fetch("account_day", Window(days_ago(9), days_ago(1)))) == []
    assert server.asked == []
    (kept,) = x.fetch("account_day", Window(days_ago(2), TODAY))
    assert server.asked[0].query == {"user.fields": "public_metrics"}
    (row,) = x.read(kept)
    assert (row.metric_date, row.period, row.followers) == (TODAY, "day", 5)


def test_private_metrics_are_asked_only_of_young_posts(server, said, x) -> None:
    server.says(TIMELINE, said({"meta": {"result_count": 0}}))
    assert len(list(x.fetch("posts", Window(days_ago(40), TODAY)))) == 2
    old, young = (asked.query for asked in server.asked)
    assert "non_public_metrics" not in old["tweet.fields"]
    assert "public_metrics,non_public_metrics" in young["tweet.fields"]
    assert old["start_time"] == f"{days_ago(40)}T00:00:00Z"
    assert old["end_time"] == young["start_time"] == f"{days_ago(29)}T00:00:00Z"
    assert "end_time" not in young
    assert young["max_results"] == "100"
    assert young["exclude"] == "retweets"


def test_a_window_of_old_posts_is_one_call(server, said, x) -> None:
    server.says(TIMELINE, said({"meta": {"result_count": 0}}))
    list(x.fetch("posts", Window(days_ago(60), days_ago(31))))
    (asked,) = server.asked
    assert asked.query["end_time"] == f"{days_ago(30)}T00:00:00Z"


def test_every_page_is_kept_with_what_was_asked(server, said, x) -> None:
    server.says(TIMELINE, said({"data": [], "meta": {"next_token": "n1"}}), said({"meta": {"result_count": 0}}))
    first, second = x.fetch("posts", Window(TODAY, TODAY))
    assert "pagination_token" not in first.asked["params"]
    assert second.asked["params"]["pagination_token"] == "n1"
    assert second.asked["first"] == second.asked["last"] == str(TODAY)
    assert x.retired == []
    assert x.requests_made == 2


def test_a_stream_that_does_not_exist_is_named(x) -> None:
    with pytest.raises(ValueError, match="no stream spaces"):
        list(x.fetch("spaces", Window(TODAY, TODAY)))


def test_the_level_is_that_of_the_day_of_reading() -> None:
    metrics = {"followers_count": 18_420, "following_count": 7, "listed_count": 3, "tweet_count": 900}
    body = {"data": {"id": "42", "public_metrics": metrics}}
    assert list(read(response("account_day", body))) == [
        AccountDay("x_aurora", date(2026, 11, 23), "day", followers=18_420, extra={"following": 7, "listed": 3})
    ]


def test_a_post_is_read_with_its_counters() -> None:
    public = {
        "retweet_count": 4,
        "quote_count": 1,
        "reply_count": 2,
        "like_count": 30,
        "bookmark_count": 6,
        "impression_count": 900,
    }
    private = {"impression_count": 900, "url_link_clicks": 12, "user_profile_clicks": 3, "engagements": 60}
    link = {"url": "https://t.co/a", "expanded_url": "https://aurora.test/p", "start": 6, "end": 29}
    post = {
        "id": "900",
        "created_at": "2026-11-20T09:00:02.000Z",
        "text": "Order https://t.co/a",
        "entities": {"urls": [link]},
        "public_metrics": public,
        "non_public_metrics": private,
    }
    published, url = datetime(2026, 11, 20, 9, 0, 2, tzinfo=UTC), "https://x.com/i/web/status/900"
    assert list(read(response("posts", {"data": [post], "meta": {}}))) == [
        RemotePost("x_aurora", "900", published, "link", "Order https://aurora.test/p", url),
        PostSnapshot(
            "x_aurora",
            "900",
            date(2026, 11, 23),
            reactions=30,
            comments=2,
            shares=5,
            saves=6,
            clicks=12,
            impressions=900,
            extra={"reposts": 4, "quotes": 1, "profile_clicks": 3, "engagements": 60},
        ),
    ]


def test_the_names_of_the_newer_contract_are_read_too_and_what_is_withheld_is_not_zero() -> None:
    post = {"id": "1", "text": "a", "created_at": "2026-11-20T09:00:02Z", "public_metrics": {"repost_count": 4}}
    _, snapshot = read(response("posts", {"data": [post]}))
    assert snapshot.shares == 4
    assert (snapshot.clicks, snapshot.saves, snapshot.reactions) == (None, None, None)


def test_an_empty_timeline_has_no_rows() -> None:
    assert list(read(response("posts", {"meta": {"result_count": 0}}))) == []


@pytest.mark.parametrize(
    ("attachments", "kind"),
    [
        ({}, "text"),
        ({"media_keys": ["3_1"]}, "image"),
        ({"media_keys": ["7_1"]}, "video"),
        ({"media_keys": ["3_1", "3_2"]}, "carousel"),
        ({"poll_ids": ["5"]}, "poll"),
    ],
)
def test_the_content_type_is_told_by_what_is_attached(attachments, kind) -> None:
    media = [{"media_key": "3_1", "type": "photo"}, {"media_key": "7_1", "type": "video"}]
    post = {"id": "1", "text": "a", "created_at": "2026-11-20T09:00:02Z", "attachments": attachments}
    remote, _ = read(response("posts", {"data": [post], "includes": {"media": media}}))
    assert remote.content_type == kind


def test_an_answer_to_somebody_else_is_no_post_and_the_text_of_a_thread_is() -> None:
    post = {"text": "a", "created_at": "2026-11-20T09:00:02Z", "author_id": "42"}
    answers = {"1": None, "2": "42", "3": "7"}
    posts = [{**post, "id": each, **({"in_reply_to_user_id": to} if to else {})} for each, to in answers.items()]
    found = [row for row in read(response("posts", {"data": posts})) if isinstance(row, RemotePost)]
    assert [row.remote_id for row in found] == ["1", "2"]
