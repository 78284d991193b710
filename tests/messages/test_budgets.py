"""What is told of ad budgets, as its readers get it: an alert with its chart, Monday's table, a question."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from PIL import Image

from include.desk.rates import Rates
from include.domain.accounts import Brand
from include.pacing.check import looks
from include.pacing.counting import count
from include.spending.actions import Action
from include.spending.asking import question
from include.spending.picture import chart_of
from include.spending.telling import BudgetVoice, Seen, budget_table, unclaimed_of
from tests.pacing.conftest import FIRST, a_budget, spend

AT = datetime(2026, 11, 18, 9, 12, tzinfo=UTC)
BRANDS = {
    "en": Brand("aurora", "Bottega Aurora", "Europe/Rome", "en", "#aurora"),
    "it": Brand("aurora", "Bottega Aurora", "Europe/Rome", "it", "#aurora"),
}
FAST = [100, 120, 90, 110, 150, 160, 140, 130, 120, 100, 110, 130, 150, 170, 140, 120]


def seen(amounts=FAST, language="en", **changes):
    budget = a_budget(**changes)
    rows = spend(amounts, daily_budget=Decimal(115), currency=budget.currency)
    tallies = count([budget], rows, Rates()).tallies
    (look,) = looks([budget], tallies, lambda _: FIRST + timedelta(days=len(amounts)))
    return Seen(BRANDS[language], look, tallies[budget.key])


def voice(*told):
    return BudgetVoice({each.alert.key: each for each in told}, {"aurora": told[0].brand}, "docs/runbook.md")


@pytest.mark.parametrize("language", BRANDS)
def test_a_budget_that_runs_dry(same_as_before, drawn, language):
    told = seen(language=language)
    message = voice(told).alert(told.alert)
    same_as_before(f"budget_dry_{language}", message)
    drawn(f"budget_dry_{language}", message)
    assert message.text.index("Natale") < 80


@pytest.mark.parametrize("amount", [3000, 60_000_000])
def test_the_scales_amounts_stand_on_the_chart(amount):
    told = seen([amount / 30] * 10, currency="LAK", amount=amount)
    picture = Image.open(io.BytesIO(chart_of(told.look, told.tally, "en").png)).convert("L")
    assert picture.crop((0, 0, 6, picture.height)).getextrema() == (255, 255), "nothing is cut off at the left"


@pytest.mark.parametrize("language", BRANDS)
def test_how_it_ends_gets_worse_and_comes_back(same_as_before, language):
    told = seen(language=language)
    words = voice(told)
    key, time = told.alert.key, timedelta(days=2, hours=5)
    for name, message in {
        "closed": words.closed(key, told.alert.headline, time),
        "over": words.over(key, time),
        "worse": words.worse(told.alert),
        "back": words.back(told.alert, time),
    }.items():
        same_as_before(f"budget_{name}_{language}", message)


@pytest.mark.parametrize("language", BRANDS)
def test_mondays_table_begins_with_what_needs_somebody(same_as_before, drawn, language):
    all_of_them = [
        seen([100] * 16, language, name="Sempre"),
        seen(language=language),
        seen([50] * 16, language, name="Novità"),
        seen([250] * 16, language, name="Finito"),
    ]
    unclaimed = unclaimed_of(BRANDS[language], {"meta_ads_aurora/Prova": {"EUR": Decimal(12)}}, ["meta_ads_aurora"])
    message = budget_table(BRANDS[language], all_of_them, FIRST + timedelta(days=14), unclaimed)
    same_as_before(f"budget_table_{language}", message)
    drawn(f"budget_table_{language}", message)
    said = "".join(block["text"]["text"] for block in message.blocks if "text" in block)
    assert said.index("Finito") < said.index("Natale") < said.index("Sempre")


def action(what="budget", before="115", after="68.50", state="proposed", **changes):
    names = {"entity_id": "1", "entity_name": "Natale <reel> *", "currency": "EUR", "why": "Money ends Thu 26."}
    about = {"message_key": "k", "brand": "aurora", "budget": "aurora/Natale/2026-11-02", "title": "Natale"}
    times = {"proposed_at": AT, "expires_at": AT + timedelta(hours=24), "decided_by": None, "decided_at": None}
    none = {
        "applied_at": None,
        "settled_at": None,
        "note": None,
        "asked_by": None,
        "deciders": ["marta"],
        "account": "meta_ads_aurora",
    }
    row = Action(1, what=what, before=before, after=after, state=state, **names, **about, **times, **none)
    return replace(row, **changes)


def ask(language, *rows, **more):
    titles = {"meta_ads_aurora": "Meta Ads"}
    form = "http://127.0.0.1:8080/required_actions"
    return question(BRANDS[language], rows, platforms=titles, form_url=form, **{"who": ["marta", "luca"], **more})


@pytest.mark.parametrize("language", BRANDS)
def test_a_change_is_asked_about_with_before_and_after(same_as_before, drawn, language):
    two = action(entity_id="2", entity_name="Natale carosello", before="40", after="24")
    message = ask(language, action(), two)
    same_as_before(f"ad_change_{language}", message)
    drawn(f"ad_change_{language}", message)


def test_each_end_of_a_question_says_what_was_done(same_as_before):
    decided = {"decided_by": "marta", "decided_at": AT}
    ends = [
        action(state="approved", **decided),
        action(state="approved", note="agreed beforehand", **decided),
        action(state="applied", applied_at=AT, **decided),
        action(state="verified", settled_at=AT, **decided),
        action(state="moved", settled_at=AT, note="Its daily budget is 55 EUR, not 115.", **decided),
        action(state="failed", settled_at=AT, note="Meta said no.", **decided),
        action(state="rejected", settled_at=AT, **decided),
        action(state="expired", settled_at=AT, note="later", **decided),
        action(state="expired", settled_at=AT),
        action("pause", "ACTIVE", "PAUSED", state="verified", settled_at=AT, **decided),
        action("resume", "PAUSED", "ACTIVE", state="verified", settled_at=AT, **decided),
    ]
    for number, row in enumerate(ends):
        same_as_before(f"ad_change_end_{number}", ask("en", row))


def test_a_chart_is_readable_on_a_phone_and_says_the_same_in_words():
    told = seen()
    chart = chart_of(told.look, told.tally, "en")
    picture = Image.open(io.BytesIO(chart.png))
    assert picture.size == (960, 500), "480 x 250 CSS pixels, two dots each"
    assert "really €960" in chart.alt
    assert chart_of(told.look, told.tally, "en").png == chart.png, "the same figures are the same picture"


def test_before_its_first_evening_a_flight_has_no_chart():
    told = seen([])
    assert chart_of(told.look, told.tally, "en") is None


@pytest.mark.parametrize("language", BRANDS)
def test_while_something_is_asked_what_is_no_longer_needed_is_left_out(language):
    gone = replace(action(), entity_name="Estate", state="expired", note="no longer needed")
    rows = [gone, action()]
    message = question(BRANDS[language], rows, platforms={"meta_ads_aurora": "Meta Ads"}, who=["marta"])
    assert "marta" in str(message.blocks)
    assert "Estate" not in str(message.blocks)
