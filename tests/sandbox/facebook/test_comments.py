"""Comments of a Page: the edge with its filter, order, time and cursors, a comment itself, several ids, ads, leads."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox.conversation import comments_of, comments_under
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.running import RunningSandbox
from include.sandbox.talking import say
from include.sandbox.world.conversation import WorldComment

EVERY_FIELD = (
    "id,message,created_time,permalink_url,from,parent,is_hidden,is_private,can_hide,can_comment,can_remove,can_like,"
    "can_reply_privately,like_count,comment_count,user_likes,object,attachment,message_tags,admin_creator"
)


@pytest.fixture
def world(world: dict[str, Any]) -> dict[str, Any]:
    ads = {"platform": "meta_ads", "name": "aurora", "brand": "aurora", "token": "EAAads"}
    return {**world, "accounts": [*world["accounts"], ads], "talk": {}}


@pytest.fixture
def talked_of(here: RunningSandbox) -> list[WorldComment]:
    """All comments under the Page's post that has the most replies."""
    page, box = here.sandbox.accounts("facebook")[0], here.sandbox
    everything = comments_of(box, page, datetime.fromisoformat("2026-10-01T00:00:00+00:00"))
    replies = [c.post_id for c in everything if c.parent_id and not c.sponsored]
    return comments_under(box, page, max(set(replies), key=replies.count))


def ids(answer: requests.Response) -> list[str]:
    return [row["id"] for row in answer.json()["data"]]


def test_the_edge_shows_the_top_level_or_everything_as_a_stream(graph: Any, talked_of: list[WorldComment]) -> None:
    post = talked_of[0].post_id
    top = [c.comment_id for c in talked_of if c.parent_id is None]
    assert ids(graph("GET", f"/{post}/comments", limit=100)) == top[:100]
    stream = graph("GET", f"/{post}/comments", limit=100, filter="stream")
    assert ids(stream) == [c.comment_id for c in talked_of[:100]]
    newest = graph("GET", f"/{post}/comments", limit=100, order="reverse_chronological")
    assert ids(newest) == top[::-1][:100]
    counts = {
        name: graph("GET", f"/{post}/comments", filter=name, summary="true", limit=0).json()["summary"]["total_count"]
        for name in ("toplevel", "stream")
    }
    assert counts == {"toplevel": len(top), "stream": len(talked_of)}


def test_cursors_lead_through_all_of_them_with_the_same_fields(graph: Any, talked_of: list[WorldComment]) -> None:
    fields = "id,comments.filter(stream).limit(30){id,parent{id}}"
    answer = graph("GET", f"/{talked_of[0].post_id}", fields=fields).json()["comments"]
    seen = answer["data"]
    while "next" in answer["paging"]:
        answer = requests.get(answer["paging"]["next"], timeout=5).json()
        seen += answer["data"]
    assert [row["id"] for row in seen] == [c.comment_id for c in talked_of]
    assert [row.get("parent", {}).get("id") for row in seen] == [c.parent_id for c in talked_of]
    assert all(row.keys() <= {"id", "parent"} for row in seen)


def test_since_leaves_out_what_was_said_before(graph: Any, talked_of: list[WorldComment]) -> None:
    middle = talked_of[-50]
    since = int(middle.created_at.timestamp())
    found = ids(graph("GET", f"/{middle.post_id}/comments", filter="stream", since=since, limit=100))
    assert found == [c.comment_id for c in talked_of if c.created_at.timestamp() >= since]


def test_a_comment_has_the_fields_of_the_contract(graph: Any, talked_of: list[WorldComment], contracts: Path) -> None:
    spec = json.loads((contracts / "meta" / "specs" / "Comment.json").read_text())
    reply = next(c for c in talked_of if c.parent_id and not c.ours)
    shown = graph("GET", f"/{reply.comment_id}", fields=EVERY_FIELD).json()
    assert set(EVERY_FIELD.split(",")) <= {field["name"] for field in spec["fields"]}
    assert (shown["message"], shown["parent"]["id"]) == (reply.text, reply.parent_id)
    assert (shown["from"]["id"], shown["from"]["name"]) == (reply.author.person_id, reply.author.name)
    assert (shown["is_hidden"], shown["can_hide"], shown["object"]) == (False, True, {"id": reply.post_id})


def test_replies_stand_below_their_comment(graph: Any, talked_of: list[WorldComment]) -> None:
    parent = next(c.parent_id for c in talked_of if c.parent_id)
    below = [c.comment_id for c in talked_of if c.parent_id == parent]
    assert ids(graph("GET", f"/{parent}/comments")) == below
    reply = graph("POST", f"/{below[0]}/comments", message="Grazie").json()["id"]
    assert ids(graph("GET", f"/{parent}/comments"))[-1] == reply


def test_a_page_hides_shows_and_removes_what_others_wrote(graph: Any, talked_of: list[WorldComment]) -> None:
    comment = next(c.comment_id for c in talked_of if not c.ours)
    assert graph("POST", f"/{comment}", is_hidden="true").json() == {"success": True}
    assert graph("GET", f"/{comment}", fields="is_hidden").json()["is_hidden"] is True
    assert graph("POST", f"/{comment}", is_hidden="false").json() == {"success": True}
    assert graph("GET", f"/{comment}", fields="is_hidden").json()["is_hidden"] is False
    assert graph("POST", f"/{comment}", message="Altro").json()["error"]["code"] == 200
    assert graph("DELETE", f"/{comment}").json() == {"success": True}
    assert graph("GET", f"/{comment}").json()["error"]["error_subcode"] == 33


def test_a_page_rewords_but_never_hides_its_own(graph: Any, talked_of: list[WorldComment]) -> None:
    own = graph("POST", f"/{talked_of[0].post_id}/comments", message="Prima").json()["id"]
    assert graph("POST", f"/{own}", message="Dopo").json() == {"success": True}
    assert graph("GET", f"/{own}", fields="message").json()["message"] == "Dopo"
    assert graph("POST", f"/{own}", is_hidden="true").json()["error"]["code"] == 200


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"filter": "all"}, "filter must be one of"),
        ({"order": "ranked"}, "order must be one of"),
        ({"since": "yesterday"}, "unix timestamp"),
        ({"after": "nonsense"}, "cursor"),
        ({"until": 1}, "Param until"),
        ({"fields": "id,updated_time"}, "nonexisting field (updated_time) on node type (Comment)"),
    ],
)
def test_what_the_edge_does_not_know_is_refused(
    graph: Any, talked_of: list[WorldComment], params: dict[str, Any], says: str
) -> None:
    answer = graph("GET", f"/{talked_of[0].post_id}/comments", **params)
    assert answer.status_code == 400
    assert says in answer.json()["error"]["message"]


def test_several_ids_in_one_answer_and_none_where_one_is_not_there(graph: Any, talked_of: list[WorldComment]) -> None:
    wanted = [c.comment_id for c in talked_of[:3]]
    assert graph("GET", "/", ids=",".join(wanted), fields="id").json() == {one: {"id": one} for one in wanted}
    refused = graph("GET", "/", ids=",".join([*wanted, "17_99"]), fields="id").json()["error"]
    assert (refused["code"], refused["message"].endswith("17_99")) == (803, True)
    many = graph("GET", "/", ids=",".join(f"1_{n}" for n in range(51))).json()["error"]
    assert "Maximum: 50" in many["message"]
    assert graph("GET", "/").status_code == 400


def test_another_page_sees_neither_comment_nor_form(graph: Any, talked_of: list[WorldComment]) -> None:
    form = graph("GET", "/me/leadgen_forms").json()["data"][0]["id"]
    for node in (talked_of[0].comment_id, form):
        assert graph("GET", f"/{node}", token="EAAmekong").json()["error"]["error_subcode"] == 33


def test_what_ads_show_is_in_ads_posts_alone(graph: Any) -> None:
    fields = "id,is_published,comments.filter(stream).limit(100){id}"
    dark = graph("GET", "/me/ads_posts", fields=fields, limit=100, include_inline_create="true").json()["data"]
    listed = {row["id"] for row in graph("GET", "/me/published_posts", fields="id", limit=100).json()["data"]}
    assert dark
    assert not {row["id"] for row in dark} & listed
    assert all(row["is_published"] is False for row in dark)
    said = [comment["id"] for row in dark for comment in row["comments"]["data"]]
    assert said
    assert graph("GET", f"/{said[0]}", fields="object").json()["object"]["id"] in {row["id"] for row in dark}
    answer = graph("POST", f"/{said[0]}/comments", message="Grazie").json()["id"]
    assert ids(graph("GET", f"/{said[0]}/comments"))[-1] == answer


def test_leads_of_a_form_by_their_time(graph: Any, contracts: Path) -> None:
    specs = contracts / "meta" / "specs"

    def names(node: str) -> set[str]:
        return {field["name"] for field in json.loads((specs / f"{node}.json").read_text())["fields"]}

    of_form = "id,name,status,locale,leads_count,page_id,questions"
    forms = graph("GET", "/me/leadgen_forms", fields=of_form).json()["data"]
    assert {form["status"] for form in forms} == {"ACTIVE", "ARCHIVED"}
    assert all(form.keys() <= names("LeadgenForm") for form in forms)
    edge = f"/{forms[0]['id']}/leads"
    fields = "id,created_time,field_data,form_id,ad_id,ad_name,campaign_id,is_organic,platform"
    everything = graph("GET", edge, fields=fields, limit=500).json()["data"]
    assert len(everything) == forms[0]["leads_count"] > 20
    assert all(lead.keys() <= names("Lead") for lead in everything)
    at = int(datetime.fromisoformat(everything[5]["created_time"]).timestamp())

    def since(operator: str) -> list[str]:
        rule = [{"field": "time_created", "operator": operator, "value": at}]
        return ids(graph("GET", edge, filtering=json.dumps(rule), limit=500))

    assert since("GREATER_THAN") == [lead["id"] for lead in everything[:5]]
    assert since("GREATER_THAN_OR_EQUAL") == [lead["id"] for lead in everything[:6]]
    assert graph("GET", edge, filtering='[{"field": "name", "operator": "IN", "value": 1}]').status_code == 400
    assert graph("GET", edge, filtering="yesterday").status_code == 400


def test_what_somebody_says_now_is_there_at_once(graph: Any, here: RunningSandbox) -> None:
    made = say(here.sandbox, {"account": "facebook_bottega_aurora", "text": "Prezzo? <!channel>"})
    assert graph("GET", f"/{made['comment']}", fields="message").json()["message"] == "Prezzo? <!channel>"
    assert made["comment"] in ids(graph("GET", f"/{made['post']}/comments", order="reverse_chronological"))


def test_reels_have_a_list_of_their_own(graph: Any, here: RunningSandbox) -> None:
    page, now = here.sandbox.accounts("facebook")[0], here.sandbox.clock.now()
    post_id, url = f"{page.native_id}_122555", "https://www.facebook.com/reel/900/"
    here.sandbox.commit(post_event(LoggedPost("facebook", page.name, post_id, "Film", None, ("900",), now, url)))
    made = say(here.sandbox, {"account": page.key, "text": "Wow", "post": post_id})["comment"]
    (reel,) = graph("GET", "/me/video_reels", fields="id,post_id,from,comments.filter(stream){id}").json()["data"]
    assert (reel["id"], reel["post_id"], reel["from"]["id"]) == ("900", "122555", page.native_id)
    assert [comment["id"] for comment in reel["comments"]["data"]] == [made]
    assert graph("GET", "/me/video_reels", since=int(now.timestamp()) + 60).json()["data"] == []
