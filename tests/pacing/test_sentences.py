"""What people read: what is happening, by how much, what to set today, in two languages."""

import string
from decimal import Decimal

import pytest

from include.desk.calendar_weights import Event
from include.desk.flights import Member
from include.desk.spend import SpendRow
from include.domain.alerts import Severity
from include.pacing.catalogue import CATALOGUES, EN
from include.pacing.check import check, looks
from include.pacing.counting import Tally
from include.pacing.figures import Words
from include.pacing.sentences import alert_of, speak
from tests.pacing.conftest import FIRST, a_budget, day, spend

SPACE = "\N{NO-BREAK SPACE}"
FRIDAYS = tuple(Decimal(2 if place == 4 else 1) for place in range(7))


def plain(text):
    return text.replace(SPACE, " ")


@pytest.mark.parametrize("language", [language for language in CATALOGUES if language != "en"])
def test_every_language_has_the_same_sentences_with_the_same_blanks(language):
    def blanks(text):
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert {key: blanks(text) for key, text in CATALOGUES[language].items()} == {key: blanks(EN[key]) for key in EN}


def test_money_days_and_shares_as_the_language_writes_them():
    english, italian = Words("en"), Words("it-IT")
    assert plain(english.money(Decimal("2550.4"), "EUR")) == "€2,550"
    assert plain(italian.money(Decimal("2550.4"), "EUR", exact=True)) == "2.550,40 €"
    assert plain(english.money(Decimal("-7.5"), "CHF")) == "−CHF 7.50"
    assert plain(english.money(Decimal("1234567"), "JPY", exact=True)) == "¥1,234,567"
    assert (plain(english.day(day(0))), plain(italian.day(day(0)))) == ("Mon 2 Nov", "lun 2 nov")
    assert plain(english.day(day(0), beside=day(9))) == "Mon 2"
    assert plain(english.percent(0.999)) == "99 %"
    assert plain(english.percent(-0.18, signed=True)) == "−18 %"
    assert Words("lo").language == "en"


def test_money_that_ends_early_says_when_by_how_much_and_what_to_set(seen):
    budget = a_budget(weekdays=FRIDAYS, events=(Event(day(25), day(25), Decimal(2)),))
    look = seen(budget, [115, 114, 117, 116, 113, 118, 115] * 3, daily_budget=Decimal(115))
    alert = alert_of(look, brand="Bottega Aurora")
    assert plain(alert.headline) == "Bottega Aurora “Natale”: money ends Fri 27, 4 days early"
    lines = plain(alert.because).splitlines()
    assert lines[0] == "€2,424 of €3,000 spent; plan by Sun 22 €2,000 (+21 %, Fri ×2, Fri 27 ×2)."
    assert lines[1].startswith("At this pace (lately €115 a day) it ends at €3,")
    assert plain(alert.next_step) == ("Set today: €48/day; Fri 27: €192 (now €115; the platform may spend €201 today).")
    assert (alert.kind, alert.subject) == ("budget_pacing", "aurora/Natale/2026-11-02")


def test_the_same_in_italian(seen):
    spoken = speak(seen(a_budget(), [150] * 12, daily_budget=Decimal(150)), brand="Bottega Aurora", language="it")
    assert plain(spoken.headline) == "Bottega Aurora “Natale”: il budget finisce sab 21, in anticipo di 10 giorni"
    assert plain(spoken.because[0]) == "Spesi 1.800 € di 3.000 €; piano fino a ven 13: 1.200 € (+50 %)."
    step = "Imposta oggi: 66,66 €/giorno (ora 150 €; oggi la piattaforma può spendere 150 €)."
    assert plain(spoken.next_step) == step


def test_behind_the_plan_is_raised_by_a_step_that_is_named(seen):
    spoken = speak(seen(a_budget(), [50] * 10, daily_budget=Decimal(50)))
    assert plain(spoken.headline) == "aurora “Natale”: €500 behind the plan (−50 %)"
    assert plain(spoken.next_step).startswith("Set today: €65/day (now €50; the platform may spend €87.50 today).")
    assert plain(spoken.next_step).endswith("That is one step of 30 %; the plan needs €125.")


def test_a_campaign_that_has_ended_is_not_set_to_anything_any_more(seen):
    ended = [
        SpendRow(day(after), "meta_ads_aurora", Decimal(5), "EUR", "Old", daily_budget=Decimal(500)) for after in (0, 1)
    ]
    (look,) = check([a_budget()], [*ended, *spend([95] * 10, daily_budget=Decimal(100))], lambda _: day(10))
    assert (look.now, look.worst) == (100, 175)


def test_an_account_of_which_nothing_was_ever_read_is_named_and_nothing_is_raised(seen):
    look = seen(a_budget(members=(Member("meta_ads_aurora"), Member("google_ads_aurora"))), [50] * 10)
    spoken = speak(look)
    assert (look.state, look.today_amount) == ("no_data", None)
    assert plain(spoken.headline) == "aurora “Natale”: spend of google_ads_aurora not known"
    assert "Of google_ads_aurora no day has been read, so there may be more spent, and nothing is raised." in [
        plain(line) for line in spoken.because
    ]
    assert spoken.next_step.startswith("See why no spend of google_ads_aurora was ever read (its key?")
    assert seen(look.budget, [150] * 10).state == "will_exhaust_early", "what is too much already is told"
    assert seen(look.budget, [], today=FIRST).state == "learning"


def test_the_pace_of_late_is_that_of_the_days_there_were(seen):
    assert "(lately €100 a day)" in "".join(speak(seen(a_budget(), [100] * 4)).because)
    assert "(lately €100 a day)" in "".join(speak(seen(a_budget(), [100, 100, 100, None, 100, 100, None])).because)


def test_members_are_told_their_part(seen):
    members = (Member("meta_ads_aurora", share=Decimal("0.7")), Member("google_ads_aurora", share=Decimal("0.3")))
    rows = [*spend([50] * 10), *spend([0] * 10, account="google_ads_aurora")]
    (look,) = check([a_budget(members=members)], rows, lambda _: day(10))
    spoken = speak(look)
    assert "Divided: meta_ads_aurora €87.50, google_ads_aurora €37.50." in plain(spoken.next_step)


def test_spend_that_is_not_read_says_since_when_and_where_to_look(seen):
    look = seen(a_budget(), [100] * 10 + [None, None])
    alert = alert_of(look)
    assert plain(alert.headline) == "aurora “Natale”: spend not known since Thu 12"
    assert "Spend is missing for Thu 12, Fri 13" in plain(alert.because)
    assert "See why the spend of meta_ads_aurora is not read" in alert.next_step


def test_money_that_is_gone_is_critical_and_says_in_which_row_more_goes(seen):
    gone, beyond = alert_of(seen(a_budget(), [301] * 10)), alert_of(seen(a_budget(pause_at_cap=True), [310] * 10))
    assert plain(gone.headline) == "aurora “Natale”: all €3,000 spent, 19 days before the end"
    assert plain(beyond.headline) == "aurora “Natale”: €3,100 spent, €70 above the cap"
    assert gone.severity == beyond.severity == Severity.CRITICAL
    assert gone.next_step == "Pause its campaigns, or give it more money (row 2 of budgets.csv)."
    assert beyond.next_step.startswith("Its campaigns may be paused at the cap, as agreed;")


def test_what_is_on_track_raises_no_alert(seen):
    look = seen(a_budget(), [100] * 10, daily_budget=Decimal(100))
    assert alert_of(look) is None
    assert plain(speak(look).next_step) == "Leave it as it is (now €100; the platform may spend €175 today)."


def test_today_is_compared_with_the_usual_course_of_a_day():
    hourly = {day(after): {9: Decimal(25), 20: Decimal(75)} for after in range(10)} | {day(10): {9: Decimal(60)}}
    daily = {each: sum(costs.values()) for each, costs in hourly.items()}
    tally = Tally(daily=daily, hourly=hourly, known={"meta_ads_aurora": set(daily)})
    budget = a_budget(timezone="Europe/Rome")
    (look,) = looks([budget], {budget.key: tally}, lambda _: day(10), hour=14)
    assert (look.hours.spent, look.hours.expected) == (60, 25)
    assert plain(speak(look).because[-1]) == "Today by 14:00: €60; usual by then €25."


def test_the_first_80_letters_name_brand_budget_and_trouble(seen):
    alert = alert_of(seen(a_budget(), [150] * 12), brand="Bottega Aurora")
    assert len(alert.headline) <= 80
