"""Pages and posts: fields, expansion, cursors, and the names that Meta's own node descriptions have."""

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox.facebook.fields import Field, parse_fields

EXPANDED = (
    "id,message,created_time,permalink_url,status_type,shares,is_published,from,"
    "attachments{media_type,title,url,subattachments},"
    "comments.summary(true).limit(0),reactions.summary(total_count).limit(0),"
    "reactions.type(LOVE).limit(0).summary(total_count).as(love),"
    "insights.metric(post_media_view,post_total_media_view_unique,post_clicks,post_reactions_by_type_total)"
)


def test_field_expansion_is_read_as_graph_reads_it() -> None:
    assert parse_fields("id,comments.summary(true).limit(0),a{b,c{d}}") == (
        Field("id", {}),
        Field("comments", {"summary": "true", "limit": "0"}),
        Field("a", {}, (Field("b", {}), Field("c", {}, (Field("d", {}),)))),
    )


def test_a_page_without_fields_is_its_name_and_id(graph: Any) -> None:
    assert graph("GET", "/me").json().keys() == {"name", "id"}


def test_posts_with_everything_about_them_in_one_call(graph: Any) -> None:
    posts = graph("GET", "/me/published_posts", fields=EXPANDED, limit=100).json()["data"]
    assert len(posts) == 100
    assert {p["attachments"]["data"][0]["media_type"] for p in posts if "attachments" in p} == {
        "link",
        "photo",
        "video",
        "album",
    }
    assert all(p["comments"]["data"] == [] and p["comments"]["summary"]["total_count"] >= 0 for p in posts)
    love = [p["love"]["summary"]["total_count"] for p in posts]
    assert sum(love) < sum(p["reactions"]["summary"]["total_count"] for p in posts)
    views = {row["name"]: row["values"][0]["value"] for row in posts[50]["insights"]["data"]}
    assert views["post_media_view"] > views["post_total_media_view_unique"] > 0


def test_what_a_post_has_none_of_is_left_out(graph: Any) -> None:
    post = graph("POST", "/me/feed", link="https://aurora.example/1").json()["id"]
    assert graph("GET", f"/{post}", fields="shares,message,full_picture,is_hidden").json() == {
        "is_hidden": False,
        "id": post,
    }


def test_cursors_lead_through_every_post_once(graph: Any) -> None:
    answer = graph("GET", "/me/published_posts", fields="id", limit=40, since="2026-08-01").json()
    seen = [post["id"] for post in answer["data"]]
    while "next" in answer["paging"]:
        answer = requests.get(answer["paging"]["next"], timeout=5).json()
        seen += [post["id"] for post in answer["data"]]
    whole = graph("GET", "/me/published_posts", fields="id", limit=100, since="2026-08-01").json()["data"]
    assert seen == [post["id"] for post in whole]
    assert len(set(seen)) == len(seen) > 40


def test_since_and_until_bound_the_time_of_publication(graph: Any) -> None:
    fields = {"fields": "created_time", "since": 1793491200, "until": 1794096000}
    times = [p["created_time"] for p in graph("GET", "/me/feed", **fields).json()["data"]]
    assert times
    assert all("2026-11-01" <= time < "2026-11-08" for time in times)


@pytest.mark.parametrize(
    ("path", "params", "code", "says"),
    [
        ("/me", {"fields": "id,nmae"}, 100, "Tried accessing nonexisting field (nmae) on node type (Page)"),
        ("/me/feed", {"fields": "id,reach"}, 100, "Tried accessing nonexisting field (reach) on node type (PagePost)"),
        ("/me/feed", {"fields": "type"}, 12, "deprecate_post_aggregated_fields_for_attachement"),
        ("/me/feed", {"fields": "insights.metric(post_impressions)"}, 100, "must be a valid insights metric"),
        ("/me/feed", {"fields": "id,comments{"}, 2500, "Syntax error"),
        ("/me/feed", {"limit": 101}, 100, "limit"),
        ("/me/feed", {"after": "nonsense"}, 100, "cursor"),
        ("/me/nothing", {}, 100, "nonexisting field (nothing)"),
        ("/123456", {}, 100, "does not exist"),
    ],
)
def test_what_graph_does_not_know_is_refused(
    graph: Any, path: str, params: dict[str, Any], code: int, says: str
) -> None:
    answer = graph("GET", path, **params)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert says in answer.json()["error"]["message"]


@pytest.mark.parametrize(
    ("token", "code", "subcode"), [("EAAlapsed", 190, 463), ("EAAnobody", 190, None), ("", 104, None)]
)
def test_a_bad_token_is_http_400_with_a_code_of_its_own(graph: Any, token: str, code: int, subcode: int | None) -> None:
    answer = graph("GET", "/me", token=token)
    error = answer.json()["error"]
    assert (answer.status_code, error["type"], error["code"], error.get("error_subcode")) == (
        400,
        "OAuthException",
        code,
        subcode,
    )


def test_a_token_in_the_header_and_another_version(here: Any) -> None:
    answer = requests.get(f"{here.url}/facebook/v24.0/me", headers={"Authorization": "Bearer EAAmekong"}, timeout=5)
    assert (answer.json()["name"], answer.headers["facebook-api-version"]) == ("Mekong", "v24.0")
    asked = requests.get(f"{here.url}/_sandbox/requests", timeout=5).json()
    assert asked["versions"] == {"facebook": {"v24.0": 1}}


def test_another_page_is_not_for_this_token(graph: Any) -> None:
    other = graph("GET", "/me", token="EAAmekong").json()["id"]
    assert graph("GET", f"/{other}/insights", metric="page_follows").json()["error"]["code"] == 10


def test_every_name_in_an_answer_is_one_of_metas(graph: Any, contracts: Path) -> None:
    def names(node: str) -> set[str]:
        spec = json.loads((contracts / "meta" / "specs" / f"{node}.json").read_text())
        return {field["name"] for field in spec["fields"]} | {
            api["endpoint"] for api in spec["apis"] if "endpoint" in api
        }

    page = graph("GET", "/me", fields="id,name,username,link,about,category,fan_count,followers_count,is_published")
    assert page.json().keys() <= names("Page")
    fields = EXPANDED.replace(".as(love)", "") + ",updated_time,full_picture,is_hidden,is_popular,promotable_id,privacy"
    for post in graph("GET", "/me/feed", fields=fields, limit=30).json()["data"]:
        assert post.keys() <= names("PagePost")
        assert all(row.keys() <= names("InsightsResult") for row in post["insights"]["data"])
    day = graph("GET", "/me/insights", metric="page_follows", period="day").json()["data"][0]
    assert day.keys() <= names("InsightsResult")
