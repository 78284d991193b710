"""Accounts whose comments nobody hears are told: one by one, a whole network at once."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine, insert

from include.alerts.checks import alerts_of
from include.alerts.comment_trouble import unheard
from include.alerts.found import Found, HeardRow, Names
from include.alerts.look import look
from include.domain import Account, Severity
from include.warehouse.tables import comment_read

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
NAMES = Names({"x_aurora": "Bottega Aurora on X"}, {"x_aurora": "Europe/Rome"}, {f"x_{n}": "x" for n in range(9)})


def test_an_hour_without_comments_is_told_with_the_reason_and_until_when_to_wait() -> None:
    row = HeardRow(
        "x_aurora", NOW - timedelta(minutes=70), reason="X says 429.", not_before=NOW + timedelta(minutes=20)
    )
    (alert,) = unheard([row, HeardRow("x_0", NOW - timedelta(minutes=50))], NOW, NAMES)
    assert (alert.kind, alert.subject) == ("unheard_comments", "x_aurora")
    assert alert.headline.replace("\xa0", " ") == "Bottega Aurora on X: comments are unread for 1 h 10 min"
    assert "X says 429. It bids us wait until Tue 24 Nov 10:20." in alert.because


def test_a_network_that_is_away_is_one_alert() -> None:
    rows = [HeardRow(f"x_{n}", NOW - timedelta(hours=3), reason="X says 503.") for n in range(6)]
    (alert,) = unheard(rows, NOW, NAMES)
    assert (alert.subject, alert.severity) == ("x", Severity.CRITICAL)
    assert alert.headline.replace("\xa0", " ").startswith("X: comments of 6 accounts")


def test_a_dead_token_is_told_as_such_and_nothing_else(engine: Engine) -> None:
    long_ago = NOW - timedelta(hours=9)
    dead = {"account": "x_aurora", "read_at": long_ago, "credentials_dead": True, "reason": "401."}
    never = {"account": "x_other", "first_tried_at": long_ago, "reason": "500."}
    with engine.begin() as connection:
        connection.execute(insert(comment_read), [dead])
        connection.execute(insert(comment_read), [never])
        accounts = [Account("x", name, "aurora") for name in ("aurora", "other", "untried")]
        found = look(connection, accounts, {}, now=NOW)
    assert [(a.kind, a.subject) for a in alerts_of(found)] == [
        ("dead_credentials", "x_aurora"),
        ("unheard_comments", "x_other"),
    ]
    assert "were never read" in alerts_of(found)[1].headline
    assert alerts_of(Found(NOW, heard=[HeardRow("x_a", NOW)])) == []
