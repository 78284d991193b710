"""Changes of ad budgets through the sandbox: nothing without a yes, nothing twice, nothing over somebody else's."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import requests

from tests.dags.test_check_budget_pacing import ACCOUNT, Budgets, account_settings, brands_yml, budgets, look

__all__ = ["account_settings", "brands_yml", "budgets"]  # fixtures

YES, NO, LATER = "white_check_mark", "hand", "zzz"
ASKED = "invece di"


@pytest.fixture(autouse=True)
def changes(desk: Any, request: pytest.FixtureRequest) -> None:
    desk.monkeypatch.setenv("DESK_AD_CHANGES", getattr(request, "param", "apply"))


@pytest.fixture
def asked(desk: Any, budgets: Budgets) -> None:
    """A budget that runs dry, and the question about it."""
    budgets.add("Natale", 2000, "Natale*")
    look(desk)


def hear(desk: Any) -> None:
    desk.run("read_reactions")


def rows(desk: Any, columns: str = "state, decided_by") -> list[tuple[Any, ...]]:
    return list(desk.ask(f"SELECT {columns} FROM desk.pacing_action ORDER BY action_id"))


def campaign(desk: Any, name: str = "Natale reel") -> dict[str, Any]:
    """As the platform shows it now."""
    from include.sandbox.meta_ads.entities import Entities  # noqa: PLC0415

    sandbox = desk.box.sandbox
    found = Entities(sandbox, sandbox.accounts("meta_ads")[0]).campaigns(["name", "daily_budget", "status"])
    return next(each for each in found if each["name"] == name)


def cents(amount: str) -> str:
    return str(int(Decimal(amount) * 100))


def somebody_sets(desk: Any, **values: str) -> None:
    """A person changes the campaign in Meta's own pages."""
    token = desk.world.tokens[ACCOUNT]
    address = f"{desk.box.url}/meta_ads/v25.0/{campaign(desk)['id']}"
    assert requests.post(address, data={**values, "access_token": token}, timeout=10).ok


def entities_are_old(desk: Any) -> None:
    earlier = "SET fetched_at = fetched_at - interval '30 minutes'"
    desk.change(f"UPDATE desk.ingest_window {earlier} WHERE metric_date > now() - interval '2 days'")


def questions(desk: Any) -> list[str]:
    return [said for said in desk.said("#aurora") if ASKED in said]


@pytest.mark.parametrize("changes", ["off", "", "yes"], indirect=True)
def test_unless_it_is_switched_on_nothing_is_written_or_asked(desk: Any, asked: None) -> None:
    hear(desk)
    assert rows(desk) == []
    assert len(desk.said("#aurora")) == 1


@pytest.mark.usefixtures("asked")
def test_a_yes_sets_the_budget_and_the_next_run_checks_it(desk: Any) -> None:
    ((before, after, state),) = rows(desk, "before, after, state")
    assert (before, state) == ("60", "proposed")
    (said,) = questions(desk)
    assert "✅ approva · ✋ lascia com’è · 💤 fino a domani" in said
    assert "aoi / ren" in said
    assert campaign(desk)["daily_budget"] == "6000", "nothing is set without a yes"

    desk.reacts("aoi", YES, "#aurora", ASKED)
    hear(desk)
    assert campaign(desk)["daily_budget"] == cents(after)
    assert rows(desk) == [("applied", "aoi")]
    entities_are_old(desk)
    look(desk)
    assert rows(desk) == [("verified", "aoi")]
    (said,) = questions(desk)
    assert "fatto (aoi) e verificato sulla piattaforma" in said
    look(desk)
    assert rows(desk) == [("verified", "aoi")], "no second proposal on the same day"
    stamps = "decided_at < applied_at + interval '1 minute', applied_at < settled_at"
    assert rows(desk, stamps) == [(True, True)]


@pytest.mark.usefixtures("asked")
def test_a_second_look_asks_nothing_twice(desk: Any) -> None:
    look(desk)
    hear(desk)
    assert len(rows(desk)) == 1
    assert len(questions(desk)) == 1


@pytest.mark.usefixtures("asked")
def test_what_somebody_changed_meanwhile_is_left_alone_and_told(desk: Any) -> None:
    somebody_sets(desk, daily_budget="5500")
    desk.reacts("aoi", YES, "#aurora", ASKED)
    hear(desk)
    assert campaign(desk)["daily_budget"] == "5500"
    assert rows(desk) == [("moved", "aoi")]
    assert "qualcuno l’ha cambiato nel frattempo" in questions(desk)[0]
    assert "daily budget is 55 EUR, not 60" in questions(desk)[0]


@pytest.mark.usefixtures("asked")
def test_a_lost_answer_is_not_repeated_and_the_next_run_finds_out(desk: Any) -> None:
    desk.reacts("aoi", YES, "#aurora", ASKED)
    desk.fails(platform="meta_ads", kind="drop_after", method="POST")
    hear(desk)
    assert rows(desk) == [("applied", "aoi")]
    hear(desk)
    look(desk)
    assert rows(desk) == [("verified", "aoi")]
    events = desk.box.sandbox.ad_changes[campaign(desk)["id"]]
    assert len(events) == 1


@pytest.mark.usefixtures("asked")
def test_a_change_that_did_not_take_is_told_and_not_repeated(desk: Any) -> None:
    desk.reacts("aoi", YES, "#aurora", ASKED)
    desk.fails(platform="meta_ads", kind="drop_before", method="POST")
    hear(desk)
    assert rows(desk) == [("applied", "aoi")]
    look(desk)
    assert rows(desk) == [("failed", "aoi")]
    assert campaign(desk)["daily_budget"] == "6000"
    assert "the change did not take" in questions(desk)[0]


@pytest.mark.usefixtures("asked")
def test_keep_is_kept_for_days(desk: Any) -> None:
    desk.reacts("aoi", YES, "#aurora", ASKED)
    desk.reacts("ren", NO, "#aurora", ASKED)
    hear(desk)
    look(desk)
    assert rows(desk) == [("rejected", "ren")]
    assert campaign(desk)["daily_budget"] == "6000"
    assert "resta com’è, dice ren" in questions(desk)[0]
    desk.change("UPDATE desk.pacing_action SET settled_at = settled_at - interval '73 hours'")
    look(desk)
    assert [state for state, _ in rows(desk)] == ["rejected", "proposed"]


@pytest.mark.usefixtures("asked")
def test_sleep_asks_again_tomorrow(desk: Any) -> None:
    desk.reacts("ren", LATER, "#aurora", ASKED)
    hear(desk)
    look(desk)
    assert rows(desk) == [("expired", "ren")]
    assert "non prima di domani, dice ren" in questions(desk)[0]
    stamps = ("settled_at", "decided_at", "proposed_at")
    a_day_earlier = ", ".join(f"{name} = {name} - interval '1 day'" for name in stamps)
    desk.change(f"UPDATE desk.pacing_action SET {a_day_earlier}")
    look(desk)
    assert [state for state, _ in rows(desk)] == ["expired", "proposed"]


@pytest.mark.usefixtures("asked")
def test_an_answer_after_its_time_sets_nothing(desk: Any) -> None:
    desk.change("UPDATE desk.pacing_action SET expires_at = now() - interval '1 minute'")
    desk.reacts("aoi", YES, "#aurora", ASKED)
    hear(desk)
    assert rows(desk) == [("expired", None)]
    assert campaign(desk)["daily_budget"] == "6000"
    assert "nessuno ha risposto in tempo" in questions(desk)[0]


def test_only_those_decide_whom_the_budget_names(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 2000, "Natale*", decides="ren")
    look(desk)
    desk.reacts("aoi", YES, "#aurora", ASKED)
    hear(desk)
    assert rows(desk) == [("proposed", None)]
    assert "Only the brand's approvers can answer here: ren" in desk.thread("#aurora", ASKED)[0]


@pytest.mark.parametrize("changes", ["propose"], indirect=True)
@pytest.mark.usefixtures("asked")
def test_where_it_only_proposes_a_person_sets_it_and_that_is_seen(desk: Any) -> None:
    desk.reacts("aoi", YES, "#aurora", ASKED)
    hear(desk)
    assert campaign(desk)["daily_budget"] == "6000"
    assert "da impostare sulla piattaforma" in questions(desk)[0]
    ((after,),) = rows(desk, "after")
    somebody_sets(desk, daily_budget=cents(after))
    look(desk)
    assert rows(desk) == [("verified", "aoi")]


def test_a_budget_that_lags_is_raised_by_one_step_at_most(desk: Any, budgets: Budgets) -> None:
    budgets.add("Novità", 2000, "Newsletter")
    look(desk)
    ((before, after),) = rows(desk, "before, after")
    assert (before, after) == ("15", "19.50")


def test_with_stale_spend_nothing_is_raised(desk: Any, budgets: Budgets) -> None:
    budgets.add("Novità", 2000, "Newsletter")
    look(desk)
    lately = "stream = 'ad_day' AND metric_date >= now() - interval '2 days'"
    desk.change(f"UPDATE desk.ingest_window SET fetched_at = NULL WHERE {lately}")
    desk.reacts("aoi", YES, "#aurora", ASKED)
    hear(desk)
    assert campaign(desk, "Newsletter")["daily_budget"] == "1500"
    assert rows(desk) == [("approved", "aoi")]
    assert "nothing is raised" in questions(desk)[0]
    look(desk)  # reads the spend again
    assert rows(desk) == [("applied", "aoi")]


def test_a_pause_at_the_cap_that_was_agreed_beforehand_needs_no_answer(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 1000, "Natale*", cap="105 %", pause="yes")
    look(desk)
    assert campaign(desk)["status"] == "PAUSED"
    (pause,) = rows(desk, "what, before, after, state, decided_by")
    assert pause == ("pause", "ACTIVE", "PAUSED", "applied", "aoi / ren")
    entities_are_old(desk)
    look(desk)
    assert rows(desk) == [("verified", "aoi / ren")]
    look(desk)
    assert len(rows(desk)) == 1


def test_without_that_a_pause_is_asked_about(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 1000, "Natale*", cap="105 %")
    look(desk)
    assert campaign(desk)["status"] == "ACTIVE"
    assert rows(desk) == [("proposed", None)]


def paused_by_us(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 1000, "Natale*", cap="105 %", pause="yes")
    look(desk)
    entities_are_old(desk)
    look(desk)
    budgets.rows[1] = budgets.rows[1].replace("1000", "3000")
    budgets.write()


def test_with_more_money_what_we_paused_is_proposed_to_run_again(desk: Any, budgets: Budgets) -> None:
    paused_by_us(desk, budgets)
    entities_are_old(desk)
    look(desk)
    assert rows(desk, "what, state") == [("pause", "verified"), ("resume", "proposed")]
    desk.reacts("aoi", YES, "#aurora", "riattivare")
    hear(desk)
    assert campaign(desk)["status"] == "ACTIVE"


def test_what_somebody_else_paused_is_never_proposed_to_run(desk: Any, budgets: Budgets) -> None:
    paused_by_us(desk, budgets)
    for status in ("ACTIVE", "PAUSED"):
        somebody_sets(desk, status=status)
        entities_are_old(desk)
        desk.run("check_budget_pacing")
    assert rows(desk, "what, state") == [("pause", "verified")]


def test_a_hold_proposes_to_pause_what_runs(desk: Any, budgets: Budgets) -> None:
    budgets.add("Sempre", 825, "Always*")
    look(desk)
    desk.run("hold_brand", what="hold", subject="aurora", by="ren", why="A recall.")
    hear(desk)
    hear(desk)
    assert sorted(rows(desk, "entity_name, what, state")) == [
        ("Always on", "pause", "proposed"),
        ("Natale reel", "pause", "proposed"),
        ("Newsletter", "pause", "proposed"),
    ]
    (hold,) = [said for said in desk.said("#aurora") if "is on hold" in said]
    assert "Always on" in hold
    desk.reacts("aoi", YES, "#aurora", "mettere in pausa")
    hear(desk)
    assert campaign(desk)["status"] == "PAUSED"
    assert campaign(desk, "Always on")["status"] == "PAUSED"


@pytest.mark.usefixtures("asked")
def test_the_same_question_can_be_answered_in_airflow_and_the_first_answer_counts(desk: Any) -> None:
    from include.orchestration.questions import AdChangeQuestion  # noqa: PLC0415 - imports Airflow

    def answer(question: dict[str, Any], person: str | None, option: str = "Approve") -> str:
        by = person and {"id": person, "name": person}
        event = {"chosen_options": [option], "params_input": {}, "responded_at": datetime.now(UTC)}
        event |= {"responded_by_user": by, "timedout": person is None}
        return AdChangeQuestion(task_id="ask", question=question).execute_complete({}, event)

    (question,) = desk.run("request_ad_change", marked="ask").results["changes_to_ask_about"]
    assert question["approvers"] == ["aoi", "ren"]
    assert ASKED in question["subject"]
    assert desk.run("request_ad_change", marked="ask").results["changes_to_ask_about"] == [], "it is put once"
    assert desk.run("check_budget_pacing").tasks["hand_over"] == "skipped"

    assert answer(question, "ren") == "approved"
    assert rows(desk) == [("applied", "ren")]
    assert campaign(desk)["daily_budget"] != "6000"
    assert "impostato (ren)" in questions(desk)[0]
    assert answer(question, "aoi", "Reject") == "answered elsewhere"
    assert rows(desk) == [("applied", "ren")]
    assert answer(question, None) == "expired"
    assert rows(desk) == [("applied", "ren")], "its time running out changes nothing"
