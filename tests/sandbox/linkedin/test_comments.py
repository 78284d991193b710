"""Comments, answers, batches and the notifications that tell of them, as LinkedIn's pages document them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
import requests

from include.sandbox.running import RunningSandbox

ORGANIZATION = "urn:li:organization:2414183"
NOTICES = "/rest/organizationalEntityNotifications"


@pytest.fixture
def said(here: RunningSandbox) -> Callable[..., dict[str, Any]]:
    """Somebody comments: their number, the post, the comment's URN."""

    def say(text: str, **more: Any) -> dict[str, Any]:
        asked = {"account": "linkedin_aurora", "text": text, **more}
        told = requests.post(f"{here.url}/_sandbox/comments", json=asked, timeout=20).json()
        here.sandbox.clock.advance(1)
        activity = f"urn:li:activity:{int(told['post'].rpartition(':')[2]) + 1}"
        return {**told, "activity": activity, "urn": f"urn:li:comment:({activity},{told['comment']})"}

    return say


def path(target: str) -> str:
    return f"/rest/socialActions/{quote(target, safe='')}/comments"


def news(here: RunningSandbox, **more: str) -> str:
    now = int(here.sandbox.clock.now().timestamp() * 1000)
    asked = {
        "actions": "List(COMMENT,ADMIN_COMMENT,COMMENT_EDIT)",
        "organizationalEntity": quote(ORGANIZATION, safe=""),
    }
    asked |= {"timeRange": f"(start:{now - 5000},end:{now})", "q": "criteria", **more}
    return f"{NOTICES}?{'&'.join(f'{name}={value}' for name, value in asked.items())}"


def test_a_comment_is_under_its_post_and_in_the_notifications(linkedin: Any, said: Any, here: RunningSandbox) -> None:
    told = said("Quanto costa?")
    (notice,) = linkedin("GET", news(here)).json()["elements"]
    assert (notice["action"], notice["sourcePost"]) == ("COMMENT", told["activity"])
    assert notice["decoratedSourcePost"]["entity"] == told["post"]
    assert notice["decoratedGeneratedActivity"]["comment"]["entity"] == told["urn"]
    for target in (told["post"], told["activity"]):
        batch = linkedin("GET", f"{path(target)}?ids=List({told['comment']},1)").json()
        assert batch["results"][told["comment"]]["message"]["text"] == "Quanto costa?"
        assert batch["errors"]["1"]["status"] == 404
    one = linkedin("GET", f"{path(told['activity'])}/{told['comment']}").json()
    assert (one["commentUrn"], one["object"], one["created"]) == (told["urn"], told["activity"], one["lastModified"])
    assert "parentComment" not in one


def test_an_answer_stands_under_its_comment_one_deep(linkedin: Any, said: Any, here: RunningSandbox) -> None:
    told = said("Quanto costa?")
    body = {"actor": ORGANIZATION, "object": told["activity"], "message": {"text": "12"}, "parentComment": told["urn"]}
    made = linkedin("POST", path(told["urn"]), json=body)
    assert made.status_code == 201
    assert made.json()["parentComment"] == told["urn"]
    here.sandbox.clock.advance(1)
    (below,) = linkedin("GET", path(told["urn"])).json()["elements"]
    assert below["commentUrn"] == made.json()["commentUrn"]
    assert below["id"] not in [c["id"] for c in linkedin("GET", f"{path(told['post'])}?count=100").json()["elements"]]
    assert linkedin("POST", path(told["urn"]), json={**body, "parentComment": ""}).status_code == 400
    deeper = {**body, "parentComment": below["commentUrn"]}
    assert linkedin("POST", path(below["commentUrn"]), json=deeper).status_code == 400
    actions = [each["action"] for each in linkedin("GET", news(here)).json()["elements"]]
    assert actions == ["ADMIN_COMMENT", "COMMENT"]
    gone = linkedin("DELETE", f"{path(told['activity'])}/{below['id']}?actor={quote(ORGANIZATION)}")
    assert gone.status_code == 204
    assert linkedin("GET", path(told["urn"])).json()["elements"] == []


def test_an_edit_is_told(linkedin: Any, said: Any, here: RunningSandbox) -> None:
    told = said("Buono")
    change = {"account": "linkedin_aurora", "comment": told["comment"], "text": "Ottimo"}
    here.sandbox.clock.advance(60)
    requests.patch(f"{here.url}/_sandbox/comments", json=change, timeout=20)
    here.sandbox.clock.advance(1)
    (notice,) = linkedin("GET", news(here)).json()["elements"]
    assert notice["action"] == "COMMENT_EDIT"
    one = linkedin("GET", f"{path(told['activity'])}/{told['comment']}").json()
    assert one["message"]["text"] == "Ottimo"
    assert one["lastModified"]["time"] - one["created"]["time"] > 59_000


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"actions": "List(SHOUT)"}, 400),
        ({"actions": "COMMENT"}, 400),
        ({"timeRange": "(start:1)"}, 400),
        ({"timeRange": "(start:1,end:2)"}, 400),
        ({"organizationalEntity": "urn%3Ali%3Aorganization%3A1"}, 403),
        ({"q": "other"}, 403),
    ],
    ids=str,
)
def test_what_is_no_question_for_notifications_is_refused(
    linkedin: Any, here: RunningSandbox, wrong: dict[str, str], status: int
) -> None:
    assert linkedin("GET", news(here, **wrong)).status_code == status
