"""`check_budget_pacing` against the sandbox's ad account: told once, updated in place, silent when all is well."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

ROME = ZoneInfo("Europe/Rome")
BRANDS = """
aurora:
  title: Bottega Aurora
  timezone: Europe/Rome
  language: it
  channel: "#aurora"
  accounts:
    facebook: aurora
    meta_ads: aurora
  approvers: {aoi: U0AOI00001, ren: U0REN00001}
"""
ACCOUNT = "meta_ads_aurora"
HEADER = "brand,name,amount,currency,from,to,members,cap,pause_at_cap,decides"


def today() -> Any:
    return datetime.now(ROME).date()


@pytest.fixture
def brands_yml() -> str:
    return BRANDS


@pytest.fixture
def account_settings() -> dict[str, Any]:
    steady = {"start_days": -60, "delivery": 1}
    return {
        ACCOUNT: {
            "campaigns": [
                {"name": "Natale reel", "daily_budget": 60, "start_days": -20, "delivery": 1.45},
                {"name": "Newsletter", "daily_budget": 15, "start_days": -20, "delivery": 0.5},
                {"name": "Always on", "daily_budget": 25, **steady},
            ]
        }
    }


class Budgets:
    """The desk's budgets.csv, row by row; each of 33 days, begun 20 days ago."""

    def __init__(self, desk: Any) -> None:
        self.desk, self.rows = desk, [HEADER]

    def add(self, name: str, amount: object, campaign: str, cap: str = "", pause: str = "", decides: str = "") -> None:
        span = f"{today() - timedelta(days=20)},{today() + timedelta(days=12)}"
        self.rows.append(f"aurora,{name},{amount},EUR,{span},{ACCOUNT}/{campaign},{cap},{pause},{decides}")
        self.write()

    def write(self) -> None:
        (self.desk.directory / "budgets.csv").write_text("\n".join(self.rows) + "\n", encoding="utf-8")


@pytest.fixture
def budgets(desk: Any) -> Budgets:
    return Budgets(desk)


def look(desk: Any) -> dict[str, int]:
    done = desk.run("check_budget_pacing")
    assert done.state == "success"
    return dict(done.results["look"])


def test_without_budgets_there_is_nothing_to_do_and_nothing_is_asked(desk: Any) -> None:
    assert look(desk) == {}
    assert desk.requests() == 0


def test_a_budget_that_runs_dry_is_told_once_with_its_chart_in_the_brands_language(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 2000, "Natale*")
    assert look(desk) == {"will_exhaust_early": 1}
    (said,) = desk.said("#aurora")
    assert "Bottega Aurora “Natale”: il budget finisce" in said
    assert "Da fare:" in said
    assert "Imposta oggi:" in said
    assert "(ora 60 €" in said.replace("\N{NO-BREAK SPACE}", " ")
    (chart,) = desk.box.sandbox.slack.files.values()
    assert chart.mime == "image/png"
    assert "Budget rimasto di 2.000 €" in chart.alt.replace("\N{NO-BREAK SPACE}", " ")
    look(desk)
    assert len(desk.said("#aurora")) == 1
    assert len(desk.box.sandbox.slack.files) == 1, "the same words and the same chart are not sent again"


def test_on_track_is_silent(desk: Any, budgets: Budgets) -> None:
    budgets.add("Sempre", 825, "Always*")
    assert look(desk) == {"on_track": 1}
    assert desk.said("#aurora") == []


def test_the_next_hours_update_in_place_and_restated_spend_calls_nobody(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 2000, "Natale*")
    look(desk)
    (before,) = desk.messages("#aurora", "Natale")
    desk.change("UPDATE desk.ad_day SET spend = spend * 1.02 WHERE metric_date < now() - interval '4 days'")
    look(desk)
    (after,) = desk.messages("#aurora", "Natale")
    assert after.ts == before.ts
    assert desk.thread("#aurora", "Natale") == []


def test_more_money_closes_it_with_how_long_it_lasted(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 2000, "Natale*")
    look(desk)
    budgets.rows[1] = budgets.rows[1].replace("2000", "2900")
    budgets.write()
    look(desk)
    (said,) = desk.said("#aurora")
    assert "Chiuso dopo" in said
    assert "Chiuso dopo" in desk.thread("#aurora", "Natale")[0]


@pytest.mark.parametrize("dead", [(ACCOUNT,)])
def test_an_account_that_refuses_makes_its_budget_stale_and_no_more(desk: Any, budgets: Budgets, dead: Any) -> None:
    budgets.add("Natale", 2000, "Natale*")
    assert look(desk) == {"no_data": 1}
    (said,) = desk.said("#aurora")
    assert "nessuna spesa letta finora" in said
    assert desk.said("#on-call") == [], "check_desk tells of the account"
    desk.run("check_desk")
    assert "no longer lets us in" in "".join(desk.said("#on-call"))


def test_a_broken_file_is_told_once_to_the_people_on_call_and_closes_nothing_else(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 2000, "Natale*")
    look(desk)
    good = list(budgets.rows)
    budgets.rows[1] = budgets.rows[1].replace("2000", "molto")
    budgets.write()
    assert look(desk) == {}
    look(desk)
    (said,) = desk.said("#on-call")
    assert 'budgets.csv, row 2, amount "molto"' in said
    assert "il budget finisce" in desk.said("#aurora")[0]
    budgets.rows = good
    budgets.write()
    look(desk)
    assert "Over after" in desk.said("#on-call")[0]


def test_spend_from_a_file_counts_beside_what_is_read(desk: Any, budgets: Budgets) -> None:
    days = [today() - timedelta(days=back) for back in range(1, 21)]
    rows = ["date,account,amount,currency", *(f"{day},google_ads_aurora,80,EUR" for day in days)]
    (desk.directory / "spend.csv").write_text("\n".join(rows) + "\n")
    budgets.add("Ricerca", 2000, "x")
    budgets.rows[1] = budgets.rows[1].replace(f"{ACCOUNT}/x", "google_ads_aurora")
    budgets.write()
    assert look(desk) == {"will_exhaust_early": 1}
    assert "Spesi 1.600 € di 2.000 €" in desk.said("#aurora")[0].replace("\N{NO-BREAK SPACE}", " ")


def test_an_account_that_is_read_may_not_stand_in_the_file_too(desk: Any, budgets: Budgets) -> None:
    (desk.directory / "spend.csv").write_text(f"date,account,amount,currency\n{today()},{ACCOUNT},80,EUR\n")
    budgets.add("Natale", 2000, "Natale*")
    assert look(desk) == {}
    assert "take its rows out of this file" in desk.said("#on-call")[0]


def test_on_monday_at_nine_all_budgets_are_shown_once(desk: Any, budgets: Budgets, monkeypatch: Any) -> None:
    budgets.add("Natale", 2000, "Natale*")
    budgets.add("Sempre", 825, "Always*")
    look(desk)
    from include.orchestration import pacing  # noqa: PLC0415 - imports Airflow

    monkeypatch.setattr(pacing, "HOUR", 0)
    monkeypatch.setattr(pacing, "WEEKDAY", today().weekday())
    for _ in range(2):
        look(desk)
    (table,) = [said for said in desk.said("#aurora") if "settimana" in said]
    assert table.index("Natale") < table.index("Sempre")
    assert "fuori da ogni budget: meta_ads_aurora/Newsletter" in table


def test_a_name_of_budgets_csv_is_what_a_sponsored_post_may_name(desk: Any, budgets: Budgets) -> None:
    budgets.add("Natale", 2000, "Natale*")
    desk.plan("gift", "Un regalo #adv", brand="aurora", accounts="all", sponsor_budget="Natal")
    desk.run("import_calendar")
    said = "\n".join(desk.said("#aurora") + desk.said("#on-call"))
    assert 'sponsor_budget "Natal": no budget of budgets.csv; did you mean "Natale"?' in said
    assert "meta_ads" not in said, "an ad account takes no posts"
