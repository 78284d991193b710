"""A pause that was agreed beforehand is carried out whatever was asked or answered before; a whole pauses its parts."""

import os
from datetime import timedelta
from typing import Any

import pytest

from tests.dags.test_ad_changes import NO, YES, campaign, entities_are_old, hear, questions, rows, somebody_sets
from tests.dags.test_check_budget_pacing import HEADER, Budgets, account_settings, brands_yml, budgets, look, today

__all__ = ["account_settings", "brands_yml", "budgets"]  # fixtures


@pytest.fixture(autouse=True)
def changes(desk: Any, request: pytest.FixtureRequest) -> None:
    desk.monkeypatch.setenv("DESK_AD_CHANGES", getattr(request, "param", "apply"))


def more_money(budgets: Budgets, before: str, after: str) -> None:
    budgets.rows[1] = budgets.rows[1].replace(f",{before},", f",{after},")
    budgets.write()


def test_neither_a_no_nor_an_open_question_keeps_it_from_pausing(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 2000, "Natale*", cap="105 %", pause="yes")
    look(desk)
    desk.reacts("aoi", NO, "#aurora", "invece di")
    hear(desk)
    assert rows(desk) == [("rejected", "aoi")]
    more_money(budgets, "2000", "1000")
    look(desk)
    assert rows(desk, "what, state, decided_by")[1:] == [("pause", "applied", "aoi / ren")]
    assert campaign(desk)["status"] == "PAUSED"


def test_money_that_was_gone_before_the_cap_was_passed_is_no_way_around_it(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 1500, "Natale*", cap="200 %", pause="yes")
    look(desk)
    assert rows(desk, "what, state") == [("pause", "proposed")]
    budgets.rows[1] = budgets.rows[1].replace("200 %", "105 %")
    budgets.write()
    look(desk)
    assert rows(desk, "what, state") == [("pause", "expired"), ("pause", "applied")]
    assert campaign(desk)["status"] == "PAUSED"


def test_who_lets_it_run_again_is_not_overruled_on_the_same_day(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 1000, "Natale*", cap="105 %", pause="yes")
    look(desk)
    look(desk)
    somebody_sets(desk, status="ACTIVE")
    entities_are_old(desk)
    look(desk)
    assert rows(desk, "what, state") == [("pause", "verified")]


@pytest.mark.parametrize("changes", ["propose"], indirect=True)
def test_where_the_desk_sets_nothing_it_says_that_a_person_has_to(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 1000, "Natale*", cap="105 %", pause="yes")
    look(desk)
    assert campaign(desk)["status"] == "ACTIVE"
    (said,) = [said for said in desk.said("#aurora") if "mettere in pausa" in said]
    assert "concordato in anticipo da aoi / ren: da impostare sulla piattaforma" in said


def test_a_raise_that_waits_for_spend_is_taken_back_where_that_turns_out_to_be_too_much(
    desk: Any, budgets: Budgets
) -> None:
    budgets.add("Novità", 2000, "Newsletter")
    look(desk)
    lately = "stream = 'ad_day' AND metric_date >= now() - interval '2 days'"
    desk.change(f"UPDATE desk.ingest_window SET fetched_at = NULL WHERE {lately}")
    desk.reacts("aoi", YES, "#aurora", "invece di")
    hear(desk)
    assert rows(desk) == [("approved", "aoi")]
    more_money(budgets, "2000", "100")
    look(desk)
    assert rows(desk, "what, state")[0] == ("budget", "expired")
    assert campaign(desk, "Newsletter")["daily_budget"] == "1500"
    assert "non serve più" in questions(desk)[0]


def test_a_question_whose_ground_has_moved_is_put_anew(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 2000, "Natale*")
    look(desk)
    somebody_sets(desk, daily_budget="9000")
    entities_are_old(desk)
    look(desk)
    assert rows(desk, "before, state") == [("60", "expired"), ("90", "proposed")]
    assert len(questions(desk)) == 2
    assert "non serve più" in questions(desk)[0]


def test_a_whole_that_passed_its_cap_pauses_what_its_parts_run(desk: Any, budgets: Budgets) -> None:
    span = f"{today() - timedelta(days=20)},{today() + timedelta(days=12)}"
    budgets.rows = [
        f"{HEADER},parent",
        f"aurora,Inverno,1200,EUR,{span},,105 %,yes,,",
        f"aurora,Natale,1190,EUR,{span},meta_ads_aurora/Natale*,300 %,,,Inverno",
        f"aurora,Novità,10,EUR,{span},meta_ads_aurora/Newsletter,9000 %,,,Inverno",
    ]
    budgets.write()
    look(desk)
    paused = rows(desk, "title, entity_name, what, state")
    assert ("Inverno", "Natale reel", "pause", "applied") in paused
    assert campaign(desk)["status"] == "PAUSED"
    assert campaign(desk, "Always on")["status"] == "ACTIVE", "it belongs to no part"


def test_while_slack_is_away_the_agreed_pause_is_made_all_the_same(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 1000, "Natale*", cap="105 %", pause="yes")
    before = os.environ["AIRFLOW_CONN_SLACK_DESK"]
    desk.slack_is_away()
    assert desk.run("check_budget_pacing").state == "failed", "red, for nobody was told"
    assert campaign(desk)["status"] == "PAUSED"
    desk.monkeypatch.setenv("AIRFLOW_CONN_SLACK_DESK", before)
    entities_are_old(desk)
    look(desk)
    look(desk)
    (alert, pause) = desk.said("#aurora")
    assert "oltre il tetto" in alert
    assert "fatto (aoi / ren) e verificato" in pause


def test_what_meta_refuses_is_told_and_not_tried_again_on_the_same_day(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 2000, "Natale*")
    look(desk)
    somebody_sets(desk, status="ARCHIVED")
    desk.reacts("aoi", YES, "#aurora", "invece di")
    hear(desk)
    assert rows(desk) == [("failed", "aoi")]
    assert "non fatto" in questions(desk)[0]
    assert "archived or deleted" in questions(desk)[0]
    look(desk)
    assert len(rows(desk)) == 1
    assert campaign(desk)["daily_budget"] == "6000"
