"""Monday's digest as its reader gets it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from include.kpis.definitions import KPIS
from include.messages.charts import Line, Panel, weekly_chart
from include.messages.digest import weekly_digest
from include.messages.week import Figure, Plan, Reading


def _words(message):
    return "\n".join(
        block["elements"][0]["text"] if block["type"] == "context" else block["text"]["text"]
        for block in message.blocks
        if block["type"] != "image"
    )


def test_a_full_week_reads_as_it_was_approved(aurora_week, same_as_before, drawn):
    mondays = [aurora_week.monday - timedelta(weeks=7 - n) for n in range(8)]
    reach = (18_200, 19_100, 17_050, None, 20_100, 21_000, 18_900, 22_340)
    chart = weekly_chart("Bottega Aurora", mondays, [Panel("Reach", (Line("Facebook", reach),))])
    message = weekly_digest(replace(aurora_week, chart=chart.png, chart_alt=chart.alt))
    same_as_before("digest", message)
    assert drawn("digest", message) != drawn("digest", message, 720)


def test_a_phone_shows_brand_week_and_the_number_that_moved(aurora_week):
    assert weekly_digest(aurora_week).text[:80].startswith("Bottega Aurora · week 47 · negative comments 14\xa0% ▲8")
    long = replace(aurora_week, brand="Pasticceria e Panificio Fratelli Aurora di Montepulciano")
    assert " · week 47 · engagements on X 148" in weekly_digest(long).text[:80]


def _with(week, *readings, kpi="reach", **changes):
    return replace(week, figures=(Figure(KPIS[kpi], readings),), missing=(), waiting=(), **changes)


def _headline(week):
    return weekly_digest(week).blocks[1]["text"]["text"].strip("*").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("kpi", "value", "before", "said"),
    [
        ("reach", 22_340, 18_900, "Reach on Facebook rose 18 % to 22k."),
        ("reach", 400, 9_000, "Reach on Facebook fell 96 % to 400."),
        ("reach", 100_000, 5_000, "Reach on Facebook rose 20-fold to 100k."),
        ("reach", 10_100, 10_000, "A steady week: nothing moved by more than 5 %."),
        ("reach", 12, 3, "There is no week before to compare with, or too little in it."),
        ("reach", 22_340, None, "There is no week before to compare with, or too little in it."),
        ("reach", None, 18_900, "There are no figures for this week yet."),
        ("followers", 18_420, 1_000, "There is no week before to compare with, or too little in it."),
        ("audience_growth", 212, 171, "Facebook won 212 followers, 171 the week before."),
        ("audience_growth", -30, 171, "Facebook lost 30 followers, +171 the week before."),
        ("audience_growth", -30, -90, "Facebook lost 30 followers, 90 the week before."),
        ("engagement_rate_by_reach", 0.034, 0.051, "Engagement rate by reach on Facebook fell 1.7 pt to 3.4 %."),
        ("posts_published", 200, 100, "There is no week before to compare with, or too little in it."),
    ],
)
def test_the_headline_says_what_the_numbers_say(aurora_week, kpi, value, before, said):
    assert _headline(_with(aurora_week, Reading("Facebook", value, before), kpi=kpi)) == said


def test_the_headline_sets_the_strongest_rise_against_the_strongest_fall(aurora_week):
    week = _with(aurora_week, Reading("Facebook", 120, 100), Reading("X", 500, 1_000), Reading("Threads", 300, 200))
    assert _headline(week) == "Reach on X fell 50 % to 500, but reach on Threads rose 50 % to 300."


def test_nothing_is_concluded_from_unfinished_figures(aurora_week):
    week = _with(aurora_week, Reading("Facebook", 5, 18_900, is_final=False), plan=None, best_posts=())
    message = weekly_digest(week)
    assert _headline(week) == "The week's figures are not final yet, so nothing is compared."
    assert "Facebook *5* so far" in _words(message)
    assert "▼" not in message.text + _words(message)
    assert "*Do:* nothing needs you today." in _words(message)


def test_an_unknown_figure_is_a_dash_and_never_nought(aurora_week):
    words = _words(weekly_digest(_with(aurora_week, Reading("X", None, 900))))
    assert "Reach: X *—*" in words
    assert "*0*" not in words


def test_why_a_figure_is_unknown_stands_below_and_pings_nobody(aurora_week):
    week = replace(_with(aurora_week, Reading("X", None)), missing=("X reach: <!channel> was not read.",))
    assert "Note: X reach: &lt;!channel&gt; was not read." in json.dumps(weekly_digest(week).blocks)


def test_a_figure_that_is_better_lower_says_so(aurora_week):
    words = _words(weekly_digest(_with(aurora_week, Reading("Facebook", 0.46, 0.49), kpi="bounce_rate")))
    assert "Facebook *46\N{NO-BREAK SPACE}%* ▼3\N{NO-BREAK SPACE}pt, good" in words


@pytest.mark.parametrize(("value", "told"), [(150, "(target 150\N{NO-BREAK SPACE}✓)"), (149, "(target 150, missed)")])
def test_a_target_is_met_or_missed(aurora_week, value, told):
    figure = Figure(KPIS["audience_growth"], (Reading("", value, 100),), target=150)
    assert told in _words(weekly_digest(replace(aurora_week, figures=(figure,))))


@pytest.mark.parametrize(
    ("changes", "thing"),
    [
        ({"plan": Plan(4, 1)}, "answer for 1\N{NO-BREAK SPACE}post."),
        ({"plan": Plan(0)}, "fill the calendar: nothing is planned for this week."),
        ({"plan": Plan(4)}, "find out why reach on Facebook fell 50\N{NO-BREAK SPACE}% to 500."),
    ],
    ids=["an answer is awaited", "the calendar is empty", "something fell"],
)
def test_one_thing_to_do(aurora_week, changes, thing):
    week = _with(aurora_week, Reading("Facebook", 500, 1_000), **changes)
    assert f"*Do:* {thing}" in _words(weekly_digest(week))


def test_the_best_post_is_worth_another_when_nothing_is_wrong(aurora_week):
    week = _with(aurora_week, Reading("Facebook", 1_000, 1_000), plan=Plan(4))
    assert "*Do:* make another like <https://facebook.com/1|“Il panettone è in forno" in _words(weekly_digest(week))


def test_a_week_without_anything_is_still_told(aurora_week, same_as_before):
    bare = replace(aurora_week, figures=(), best_posts=(), plan=None, missing=("No account was read.",), waiting=())
    same_as_before("digest_without_figures", weekly_digest(bare))


def test_an_endless_week_fits_into_one_message(aurora_week):
    post = replace(aurora_week.best_posts[0], text="ກາເຟ" * 200)
    many = replace(aurora_week, best_posts=[post] * 400, missing=["A day is missing."] * 400)
    message = weekly_digest(many)
    assert len(message.blocks) <= 50
    assert sum(len(str(block)) for block in message.blocks) < 13_000
