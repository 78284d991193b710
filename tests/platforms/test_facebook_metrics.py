"""Facebook's numbers: in few calls, on the right days, whatever metric has died."""

import json
from datetime import UTC, date, datetime
from urllib.parse import quote

import pytest

from include.domain.errors import Refused, Retired
from include.domain.records import AccountDay, PostSnapshot, RawResponse, RemotePost
from include.domain.windows import Window
from platforms.facebook.reading import PAGE_METRICS, read

INSIGHTS, POSTS = "GET /v25.0/me/insights", "GET /v25.0/me/published_posts"
NOVEMBER = Window(date(2026, 11, 1), date(2026, 11, 3))


def metric(name, period, *values):
    return {"name": name, "period": period, "values": [{"value": v, "end_time": end} for v, end in values]}


def refuse(said, dead):
    """Graph as it is: one dead metric fails the whole question, without a name."""

    def answer(asked):
        names = set(
            asked.query.get("metric", asked.query.get("fields", "")).replace(")", ",").replace("(", ",").split(",")
        )
        if names & dead:
            return said({"error": {"message": "(#100) The value must be a valid insights metric", "code": 100}}, 400)
        return said({"data": []})

    return answer


def response(stream, body, *, first="2026-10-30", last="2026-11-03"):
    fetched = datetime(2026, 11, 23, 1, tzinfo=UTC)
    return RawResponse("facebook_aurora", stream, {"first": first, "last": last}, json.dumps(body).encode(), fetched)


def test_ninety_days_of_all_periods_are_one_call(server, said, facebook) -> None:
    server.says(INSIGHTS, said({"data": []}))
    assert len(list(facebook.fetch("account_day", Window(date(2026, 8, 1), date(2026, 10, 29))))) == 1
    (asked,) = server.asked
    assert (asked.query["since"], asked.query["until"]) == ("2026-08-01", "2026-10-30")
    assert asked.query["metric"].split(",") == list(PAGE_METRICS)
    assert "period" not in asked.query
    assert facebook.requests_made == 1


def test_two_years_are_nine_calls(server, said, facebook) -> None:
    server.says(INSIGHTS, said({"data": []}))
    list(facebook.fetch("account_day", Window(date(2024, 11, 24), date(2026, 11, 23))))
    assert len(server.asked) == 9


def test_what_was_asked_is_kept_without_a_secret(server, said, facebook) -> None:
    token = facebook.access.token.reveal()
    server.says(INSIGHTS, said({"data": [], "paging": {"previous": f"https://g.test/?access_token={token}&since=1"}}))
    (kept,) = facebook.fetch("account_day", NOVEMBER)
    assert (kept.account, kept.stream) == ("facebook_aurora", "account_day")
    assert (kept.asked["first"], kept.asked["last"]) == ("2026-11-01", "2026-11-03")
    assert token not in json.dumps(dict(kept.asked)) + kept.body.decode()
    assert kept.fetched_at.tzinfo is UTC


def test_insight_pages_end_with_the_window(server, said, facebook) -> None:
    def page(since, until):
        base = "https://graph.facebook.com/v25.0/17/insights?access_token=t&metric=page_follows"
        return said({"data": [], "paging": {"next": f"{base}&since={since}&until={until}"}})

    server.says(INSIGHTS, page("2026-11-02", "2026-11-04"), page("1793750400", "1794009600"))
    assert len(list(facebook.fetch("account_day", NOVEMBER))) == 2
    assert server.asked[1].query == {"metric": "page_follows", "since": "2026-11-02", "until": "2026-11-04"}


@pytest.mark.parametrize("dead", [{"page_video_views"}, {"page_follows", "page_total_actions"}, set(PAGE_METRICS)])
def test_a_retired_metric_is_left_out_and_told(server, said, facebook, dead) -> None:
    server.says(INSIGHTS, refuse(said, dead))
    kept = list(facebook.fetch("account_day", NOVEMBER))
    assert {(stream, name) for stream, name, _ in facebook.retired} == {("account_day", name) for name in dead}
    assert all("valid insights metric" in reason for _, _, reason in facebook.retired)
    if dead != set(PAGE_METRICS):
        assert set(kept[0].asked["params"]["metric"].split(",")) == set(PAGE_METRICS) - dead
    asked_so_far = len(server.asked)
    list(facebook.fetch("account_day", NOVEMBER))
    assert len(server.asked) - asked_so_far == (1 if kept else 0)


def test_a_metric_known_to_be_retired_costs_nothing(server, said, facebook) -> None:
    server.says(INSIGHTS, refuse(said, {"page_video_views"}))
    facebook.known_retired.add(("account_day", "page_video_views"))
    list(facebook.fetch("account_day", NOVEMBER))
    assert len(server.asked) == 1
    assert facebook.retired == []


def test_a_retired_post_metric_is_left_out_too(server, said, facebook) -> None:
    server.says(POSTS, refuse(said, {"post_clicks"}))
    (kept,) = facebook.fetch("posts", NOVEMBER)
    assert "post_media_view" in kept.asked["params"]["fields"]
    assert "post_clicks" not in kept.asked["params"]["fields"]
    assert [found[:2] for found in facebook.retired] == [("posts", "post_clicks")]


def test_a_refusal_that_no_single_metric_explains_is_not_hidden(server, said, facebook) -> None:
    def odd(asked):
        many = len(asked.query["metric"].split(",")) == len(PAGE_METRICS)
        return (
            said({"error": {"message": "(#100) must be a valid insights metric", "code": 100}}, 400)
            if many
            else said({"data": []})
        )

    server.says(INSIGHTS, odd)
    with pytest.raises(Retired):
        list(facebook.fetch("account_day", NOVEMBER))


def test_posts_of_a_window_come_in_pages_of_a_hundred(server, said, facebook) -> None:
    following = f"https://g.test/v25.0/17/published_posts?access_token=t&after=b&fields={quote('id,message')}"
    server.says(POSTS, said({"data": [], "paging": {"next": following}}), said({"data": []}))
    assert len(list(facebook.fetch("posts", NOVEMBER))) == 2
    first, second = server.asked
    assert first.query["limit"] == "100"
    assert int(first.query["since"]) == datetime(2026, 11, 1, tzinfo=UTC).timestamp()
    assert int(first.query["until"]) == datetime(2026, 11, 4, tzinfo=UTC).timestamp()
    assert "insights.metric(post_media_view,post_total_media_view_unique," in first.query["fields"]
    assert second.query == {"after": "b", "fields": "id,message"}


def test_an_answer_that_would_be_too_big_is_asked_in_smaller_portions(server, said, facebook) -> None:
    too_big = {"error": {"message": "Please reduce the amount of data you're asking for", "code": 1}}
    server.says(POSTS, said(too_big, 500), said({"data": []}))
    list(facebook.fetch("posts", NOVEMBER))
    assert [asked.query["limit"] for asked in server.asked] == ["100", "50"]
    server.says(POSTS, said(too_big, 500))
    with pytest.raises(Refused, match="too big"):
        list(facebook.fetch("posts", NOVEMBER))


def test_a_stream_that_does_not_exist_is_named(facebook) -> None:
    with pytest.raises(ValueError, match="no stream stories"):
        list(facebook.fetch("stories", NOVEMBER))


def test_a_period_belongs_to_the_day_that_it_ends_in_california() -> None:
    body = {
        "data": [
            metric("page_follows", "day", (18_420, "2026-11-01T07:00:00+0000"), (18_432, "2026-11-02T08:00:00+0000")),
            metric("page_follows", "week", (18_432, "2026-11-02T08:00:00+0000")),
            metric("page_total_media_view_unique", "day", (90, "2026-11-01T07:00:00+0000")),
            metric("page_total_media_view_unique", "week", (500, "2026-11-02T08:00:00+0000")),
            metric("page_total_media_view_unique", "days_28", (2_000, "2026-11-02T08:00:00+0000")),
            metric("page_total_actions", "day", (3, "2026-11-02T08:00:00+0000")),
            metric("page_unknown", "day", (7, "2026-11-02T08:00:00+0000")),
            metric("page_media_view", "day", (0, "2026-11-02T08:00:00+0000"), (9, "2026-11-09T08:00:00+0000")),
        ]
    }
    october31, november1 = date(2026, 10, 31), date(2026, 11, 1)
    assert list(read(response("account_day", body))) == [
        AccountDay("facebook_aurora", october31, "day", followers=18_420, reach=90),
        AccountDay("facebook_aurora", november1, "day", followers=18_432, views=0, extra={"contact_clicks": 3}),
        AccountDay("facebook_aurora", november1, "days_28", reach=2_000),
        AccountDay("facebook_aurora", november1, "week", reach=500),
    ]


def test_a_post_is_read_with_its_counters() -> None:
    insights = [
        {"name": "post_media_view", "values": [{"value": 900}]},
        {"name": "post_total_media_view_unique", "values": [{"value": 700}]},
        {"name": "post_clicks", "values": [{"value": 12}]},
        {"name": "post_reactions_by_type_total", "values": [{"value": {"like": 30, "love": 4}}]},
    ]
    post = {
        "id": "17_900",
        "created_time": "2026-11-02T23:30:00+0000",
        "message": "Panettone",
        "permalink_url": "https://fb.test/900",
        "attachments": {"data": [{"media_type": "album"}]},
        "shares": {"count": 5},
        "comments": {"data": [], "summary": {"total_count": 8}},
        "insights": {"data": insights},
    }
    published = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert list(read(response("posts", {"data": [post]}))) == [
        RemotePost("facebook_aurora", "17_900", published, "carousel", "Panettone", "https://fb.test/900"),
        PostSnapshot(
            "facebook_aurora",
            "17_900",
            date(2026, 11, 23),
            reactions=34,
            comments=8,
            shares=5,
            clicks=12,
            reach=700,
            views=900,
            extra={"reactions": {"like": 30, "love": 4}},
        ),
    ]


def test_what_facebook_withholds_is_not_zero() -> None:
    _, snapshot = read(response("posts", {"data": [{"id": "1", "created_time": "2026-11-02T23:30:00+0000"}]}))
    assert (snapshot.reactions, snapshot.comments, snapshot.reach, snapshot.clicks) == (None, None, None, None)
    assert snapshot.shares == 0


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({}, "text"),
        ({"attachments": {"data": [{"media_type": "photo"}]}}, "image"),
        ({"attachments": {"data": [{"media_type": "link"}]}}, "link"),
        ({"attachments": {"data": [{"media_type": "video"}]}}, "video"),
        (
            {"attachments": {"data": [{"media_type": "video"}]}, "permalink_url": "https://fb.test/reel/9/"},
            "short_video",
        ),
        ({"attachments": {"data": [{"media_type": "something new"}]}}, "text"),
    ],
)
def test_the_content_type_is_told_by_what_is_attached(fields, kind) -> None:
    remote, _ = read(response("posts", {"data": [{"id": "1", "created_time": "2026-11-02T23:30:00+0000", **fields}]}))
    assert remote.content_type == kind
