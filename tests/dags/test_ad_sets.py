"""A campaign whose money lies with its ad sets: what they may spend is known, proposed, set and checked on them."""

from typing import Any

import pytest

from include.sandbox.meta_ads.entities import Entities
from tests.dags.test_ad_changes import YES, cents, entities_are_old, hear, rows
from tests.dags.test_check_budget_pacing import ACCOUNT, Budgets, brands_yml, budgets, look

__all__ = ["brands_yml", "budgets"]  # fixtures


@pytest.fixture
def account_settings() -> dict[str, Any]:
    common = {"start_days": -20, "delivery": 1.45}
    return {
        ACCOUNT: {
            "campaigns": [
                {"name": "Natale reel", "daily_budget": 60, "budget_on": "adsets", **common},
                {"name": "Always on", "daily_budget": 25, **common},
            ]
        }
    }


@pytest.fixture(autouse=True)
def changes(desk: Any) -> None:
    desk.monkeypatch.setenv("DESK_AD_CHANGES", "apply")


def entities(desk: Any) -> Entities:
    sandbox = desk.box.sandbox
    return Entities(sandbox, sandbox.accounts("meta_ads")[0])


def ad_sets(desk: Any) -> dict[str, tuple[str, str]]:
    found = entities(desk).adsets(["daily_budget", "status"])
    return {each["id"]: (each["daily_budget"], each["status"]) for each in found if "daily_budget" in each}


def test_a_yes_sets_the_ad_sets_and_the_next_run_checks_them(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 2000, "Natale*")
    look(desk)
    assert "(ora 60 €" in desk.said("#aurora")[0].replace("\N{NO-BREAK SPACE}", " ")
    assert {before for (before,) in rows(desk, "before")} == {"39", "21"}
    asked = next(said for said in desk.said("#aurora") if "invece di" in said)
    assert "Natale reel · Italy 25-44" in asked
    desk.reacts("aoi", YES, "#aurora", "invece di")
    hear(desk)
    agreed = dict(rows(desk, "entity_id, after"))
    assert ad_sets(desk) == {each: (cents(after), "ACTIVE") for each, after in agreed.items()}
    entities_are_old(desk)
    look(desk)
    assert rows(desk) == [("verified", "aoi")] * 2


def test_at_the_cap_the_campaign_is_paused_as_a_whole(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 1000, "Natale*", cap="105 %", pause="yes")
    look(desk)
    assert rows(desk, "entity_name, what, state") == [("Natale reel", "pause", "applied")]
    assert sorted(ad_sets(desk).values()) == [("2100", "ACTIVE"), ("3900", "ACTIVE")]


@pytest.mark.parametrize("status", ["ARCHIVED", "DELETED"])
def test_a_campaign_that_was_archived_or_deleted_may_spend_nothing_more(
    desk: Any, budgets: Budgets, status: str
) -> None:
    budgets.add("Tutto", 3000, "*")
    look(desk)
    campaign = next(each for each in entities(desk).campaigns(["name"]) if each["name"] == "Always on")
    found = entities(desk).find(campaign["id"])
    assert found
    entities(desk).change(found, {"status": status})
    entities_are_old(desk)
    look(desk)
    assert "(ora 60 €" in desk.said("#aurora")[0].replace("\N{NO-BREAK SPACE}", " ")
    gone = "SELECT effective_status FROM desk.ad_entity WHERE name = 'Always on'"
    assert list(desk.ask(gone)) == [("GONE",)]
