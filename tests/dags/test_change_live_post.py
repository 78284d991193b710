"""`change_live_post`: a live post is taken down or reworded where its network can, and else a sentence says why not."""

import dataclasses
from typing import Any

import pytest

from include.domain import BrandRules
from include.orchestration import doors
from platforms import every_platform

WHY = {"reason": "a wrong price", "by": "Ada"}


@pytest.fixture
def live(desk: Any) -> str:
    desk.plan("tea", "Ginger tea, two euro.", accounts="x", link="https://ginger.example/tea#price")
    desk.run("import_calendar")
    desk.an_hour_passes()
    desk.run("publish_posts")
    return "tea:x_ginger"


@pytest.fixture
def able(desk: Any, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let X be able to take down and to reword; gives what it was asked."""
    asked: list[str] = []

    class Hook:
        def delete(self, remote_id: str) -> None:
            asked.append("delete")

        def edit(self, post: Any, remote_id: str) -> None:
            asked.append(post.text)

    x = dataclasses.replace(every_platform()["x"], deletes=True, edits=True)
    monkeypatch.setattr(doors, "platform_of", lambda account: x)
    monkeypatch.setattr(doors, "hook", lambda account: Hook())
    return asked


def test_it_is_taken_down(desk: Any, live: str, able: list[str]) -> None:
    done = desk.run("change_live_post", post_id=live, action="delete", **WHY)
    assert done.state == "success"
    assert done.results["change"].endswith("is taken down.")
    assert (able, desk.states()) == (["delete"], {live: "deleted"})
    assert sum("is taken down" in words for words in desk.said("#ginger")) == 1
    again = desk.run("change_live_post", post_id=live, action="delete", **WHY)
    assert (again.state, again.results["change"]) == ("success", f"Post {live} is down already.")
    assert able == ["delete"]


def test_it_is_reworded_within_the_networks_rules(desk: Any, live: str, able: list[str]) -> None:
    assert desk.run("change_live_post", post_id=live, action="edit", text="x" * 999, **WHY).state == "failed"
    assert able == []
    assert desk.run("change_live_post", post_id=live, action="edit", text="Three euro.", **WHY).state == "success"
    assert able == ["Three euro."]


def test_it_is_not_reworded_against_the_brands_own_rules(
    desk: Any, live: str, able: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled = [dataclasses.replace(brand, rules=BrandRules(banned_words=("cheap",))) for brand in doors.brands()]
    monkeypatch.setattr(doors, "brands", lambda: ruled)
    assert desk.run("change_live_post", post_id=live, action="edit", text="So cheap!", **WHY).state == "failed"
    assert able == []


@pytest.mark.parametrize("action", ["delete", "edit"])
def test_a_network_that_cannot_and_a_post_that_is_not_there_fail_at_once(
    desk: Any, live: str, action: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = dataclasses.replace(every_platform()["x"], deletes=False, edits=False)
    monkeypatch.setattr(doors, "platform_of", lambda account: x)
    assert desk.run("change_live_post", post_id=live, action=action, text="Hi", **WHY).state == "failed"
    assert desk.run("change_live_post", post_id="nothing", action=action, text="Hi", **WHY).state == "failed"
    assert desk.run("change_live_post", post_id=live, action=action, text="Hi").state == "failed"
    assert desk.states() == {live: "live"}


def test_a_brand_that_sees_its_texts_first_has_an_approver_behind_a_new_one(
    desk: Any, live: str, able: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = [
        dataclasses.replace(brand, needs_approval=True, approvers=("Bo", "Cy")) if brand.key == "ginger" else brand
        for brand in doors.brands()
    ]
    monkeypatch.setattr(doors, "brands", lambda: strict)
    edit = {"post_id": live, "action": "edit", "text": "Three euro.", "reason": "a wrong price"}
    assert desk.run("change_live_post", **edit, by="Ada").state == "failed"
    assert able == []
    assert desk.run("change_live_post", **edit, by="Cy").state == "success"
    assert able == ["Three euro."]


def test_the_next_import_of_the_reworded_row_takes_the_live_post_for_what_it_is(
    desk: Any, live: str, able: list[str]
) -> None:
    desk.run("change_live_post", post_id=live, action="edit", text="Three euro.", **WHY)
    desk.rows[0]["text"] = "Three euro."
    desk.write_calendar()
    desk.run("import_calendar")
    assert desk.ask("SELECT removed_at IS NULL FROM desk.post") == [(True,)]
