"""Rows in, alerts out: what is worth telling, how it is grouped, what it says."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from include.alerts.checks import KINDS, alerts_of
from include.alerts.found import Found, HeardRow, HoldRow, Names, NewestDay, PublicationRow, UnreadDay
from include.domain import Account, Brand, Severity

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AURORA = Account("facebook", "aurora", "aurora")
NAMES = Names.of([Brand("aurora", "Bottega Aurora", "Europe/Rome", "it", "#aurora", (AURORA,))])


def _post(state, *, due=60, since=60, account=AURORA.key, post_id="p1", **more):
    ago = [NOW - timedelta(minutes=minutes) for minutes in (due, since)]
    return PublicationRow(post_id, account, "Il panettone è in forno", ago[0], state, ago[1], **more)


def _alerts(**found):
    return alerts_of(Found(NOW, **found), NAMES)


def _spaced(words):
    return words.replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (_post("approved", due=11), "late_post"),
        (_post("planned", due=11), "unanswered_post"),
        (_post("planned", due=11, answer="expired"), "unanswered_post"),
        (_post("planned", due=11, answer="rejected"), None),
        (_post("planned", due=25 * 60), None),
        (_post("due", due=9), None),
        (_post("sending", since=16), "stuck_post"),
        (_post("sending", since=14), None),
        (_post("media_ready", since=60), "stuck_post"),
        (_post("unknown", since=16), "unknown_post"),
        (_post("unknown", since=1), None),
        (_post("held"), "held_post"),
        (_post("refused", since=23 * 60), "refused_post"),
        (_post("refused", since=25 * 60), None),
        (_post("partly_live", since=60, reason="The first comment is refused."), "partly_live_post"),
        (_post("partly_live", since=25 * 60), None),
        (_post("handed_over", since=119), None),
        (_post("handed_over", since=121), "forgotten_post"),
        (_post("due", due=11, is_on_hold=True), None),
        (_post("held", is_on_hold=True), None),
        (_post("held", asked_at=NOW - timedelta(minutes=59)), None),
        (_post("held", asked_at=NOW - timedelta(minutes=61)), "held_post"),
        (_post("live"), None),
        (_post("cancelled"), None),
    ],
)
def test_which_posts_are_in_trouble(row, kind):
    assert [alert.kind for alert in _alerts(publications=[row])] == ([kind] if kind else [])


def test_ten_late_posts_of_an_account_are_one_alert():
    rows = [_post("due", due=20 + n, post_id=f"p{n}") for n in range(10)] + [_post("due", account="x_aurora")]
    other, first = _alerts(publications=rows)
    assert _spaced(first.headline) == "Bottega Aurora on Facebook: 10 posts late, by 15 min"
    assert first.because.splitlines()[0] == "Mon 23 Nov 09:31 “Il panettone è in forno” (p9)."
    assert first.because.splitlines()[-1] == "… and 5 more"
    assert first.severity is Severity.CRITICAL
    assert _spaced(other.headline) == "x_aurora: 1 post late, by 1 h"


def test_a_late_post_is_not_news_every_minute():
    told = {_alerts(publications=[_post("due", due=minutes)])[0].headline for minutes in range(60, 75)}
    assert len(told) == 1


def test_a_refusal_quotes_the_reason():
    alert = _alerts(publications=[_post("refused", reason="The image is larger than 10 MB.")])[0]
    assert alert.because.endswith("(p1). The image is larger than 10 MB.")
    assert alert.next_step == "Correct the row in the calendar as the reason says, and import it again."


def test_a_held_post_is_a_persons_to_decide_and_the_calendar_cannot_if_it_may_be_out():
    held = _alerts(publications=[_post("held")])[0]
    assert "decisions send POST --by NAME" in held.next_step
    assert "a new time in the calendar" in held.next_step
    in_doubt = _alerts(publications=[_post("held"), _post("held", sent_at=NOW)])[0]
    assert "decisions live POST REMOTE_ID URL --by NAME" in in_doubt.next_step
    assert "in the calendar does nothing" in in_doubt.next_step
    assert ["may be out" in line for line in in_doubt.because.splitlines()] == [False, True]


def test_a_text_that_nobody_answered_is_no_emergency():
    alert = _alerts(publications=[_post("planned")])[0]
    assert _spaced(alert.headline) == "Bottega Aurora on Facebook: 1 post not sent, nobody answered"
    assert alert.severity is Severity.WARNING


def test_two_accounts_on_one_platform_are_told_apart():
    two = (AURORA, Account("facebook", "aurora_milano", "aurora"), Account("x", "aurora", "aurora"))
    names = Names.of([Brand("aurora", "Aurora", "Europe/Rome", "it", "#aurora", two)], {"x": "X"})
    titles = [names.title(account.key) for account in two]
    assert titles == ["Aurora on Facebook (aurora)", "Aurora on Facebook (aurora_milano)", "Aurora on X"]


def test_a_stream_that_stands_still():
    newest = [
        NewestDay(AURORA.key, "account_day", date(2026, 11, 20)),
        NewestDay(AURORA.key, "posts", date(2026, 11, 22)),
    ]
    alert = _alerts(newest=newest)[0]
    assert (alert.kind, alert.subject) == ("stale_stream", AURORA.key)
    assert alert.headline == "Bottega Aurora on Facebook: no new numbers since Fri 20 Nov"
    assert alert.because == "Last days that were read: account_day to 2026-11-20."
    assert alert.next_step == "Open ingest_facebook in Airflow and read the log of the latest run."
    assert _alerts(newest=[replace_day(newest[0], 21)]) == []


def replace_day(row, day):
    return row._replace(metric_date=row.metric_date.replace(day=day))


def test_a_stream_that_was_never_read():
    alert = _alerts(newest=[NewestDay(AURORA.key, "posts", None)])[0]
    assert alert.headline == "Bottega Aurora on Facebook: no new numbers so far"


def test_a_held_post_that_was_asked_about_is_answered_there():
    (alert,) = _alerts(publications=[_post("held", asked_at=NOW - timedelta(hours=2))])
    assert alert.next_step.startswith("Answer under the post's own message")


def test_a_hold_that_somebody_may_have_forgotten_is_told_after_a_day():
    day, hour = (HoldRow("aurora", "marta", "Wrong price.", NOW - timedelta(hours=ago)) for ago in (25, 23))
    assert _alerts(holds=[hour]) == []
    (alert,) = _alerts(holds=[day])
    assert alert.headline == "Bottega Aurora is on hold since Sun 22 Nov 09:00"
    assert "By marta: Wrong price." in alert.because
    assert "▶" in alert.next_step


def test_ten_gaps_of_an_account_are_one_alert_with_their_days():
    days = [date(2026, 11, day) for day in (3, 4, 5, 6, 7, 8, 9, 11, 14, 15)]
    unread = [UnreadDay(AURORA.key, "account_day", day, "failed", "Facebook answered 500.") for day in days]
    alert = _alerts(unread=unread, newest=[NewestDay(AURORA.key, "account_day", date(2026, 11, 22))])[0]
    assert alert.kind == "missing_days"
    assert _spaced(alert.headline) == "Bottega Aurora on Facebook: numbers of 10 days are missing"
    assert _spaced(alert.because) == "account_day: 3–9 Nov, 11 Nov, 14–15 Nov.\nFacebook answered 500. (10 days)"
    assert alert.next_step == "Run backfill_metrics for facebook_aurora from 2026-11-03 to 2026-11-15."


def test_days_after_the_newest_are_not_told_twice():
    unread = [UnreadDay(AURORA.key, "posts", date(2026, 11, day), "missing") for day in (21, 22)]
    kinds = [a.kind for a in _alerts(unread=unread, newest=[NewestDay(AURORA.key, "posts", date(2026, 11, 20))])]
    assert kinds == ["stale_stream"]


def test_only_the_cause_is_told_of_an_account_that_is_cut_off():
    newest = [NewestDay(AURORA.key, "posts", date(2026, 11, 1)), NewestDay("x_aurora", "posts", None)]
    unread = [UnreadDay(AURORA.key, "posts", date(2026, 10, 20), "failed")]
    cut_off = {"dead": {AURORA.key: "Facebook: error 190."}, "unconnected": {"x_aurora": "It has no password."}}
    alerts = _alerts(newest=newest, unread=unread, **cut_off)
    assert [(alert.kind, alert.subject) for alert in alerts] == [
        ("missing_connection", "x_aurora"),
        ("dead_credentials", AURORA.key),
    ]
    assert alerts[0].because == "It has no password."
    assert alerts[1].severity is Severity.CRITICAL
    assert alerts[1].because == "Facebook: error 190."


def test_every_kind_is_listed_and_every_alert_says_what_to_do():
    states = ("due", "planned", "sending", "unknown", "held", "refused", "partly_live")
    rows = [_post(state, post_id=state) for state in states] + [_post("handed_over", since=150)]
    held = [HoldRow("aurora", "marta", "Wrong price.", NOW - timedelta(days=2))]
    unread = [UnreadDay("x_b", "posts", date(2026, 11, 2), "missing")]
    newest = [NewestDay("x_b", "posts", date(2026, 11, 22)), NewestDay("x_c", "posts", None)]
    cut_off = {"dead": {"x_d": "401"}, "unconnected": {"x_e": "There is none."}}
    heard = [HeardRow("x_f", NOW - timedelta(hours=2))]
    alerts = _alerts(publications=rows, holds=held, unread=unread, newest=newest, heard=heard, **cut_off)
    assert {alert.kind for alert in alerts} == set(KINDS)
    assert all(alert.next_step.endswith(".") and alert.because and alert.headline for alert in alerts)


def test_a_quiet_desk_has_no_alerts():
    assert alerts_of(Found(NOW)) == []
    assert replace(Found(NOW), dead={}) == Found(NOW)


def test_of_a_held_post_that_may_be_out_it_is_said_what_sends_it():
    (alert,) = _alerts(publications=[_post("held", asked_at=NOW - timedelta(hours=2), sent_at=NOW)])
    assert "▶️ to send it" in alert.next_step
