"""What is said of a case: which examples under which numbers, what people answer, what is listed and what is unseen."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select, text

from include.desk.rota import Duty
from include.domain import Account, Brand
from include.listening import cases, feedback
from include.listening.daily import day_of
from include.listening.spikes import cases as open_cases
from include.listening.spikes import watch
from include.listening.telling import Desk, spike_of
from include.listening.unscored import alert_of, surges
from include.warehouse.tables import comment_feedback
from tests.listening.months import burst, heard, month
from tests.listening.stage import NOW

AURORA = Brand("aurora", "Bottega Aurora", "Europe/Rome", "it", "#aurora", (Account("facebook", "aurora", "aurora"),))
DESK = Desk({"facebook_aurora": "Facebook"}, {}, (Duty("aurora", "marta", "U0MARTA001", "it"),))
BEGINS = NOW - timedelta(hours=4)


@pytest.fixture
def case(engine: Engine) -> Any:
    heard(engine, [*month("facebook_aurora"), *burst("facebook_aurora", 40, BEGINS)])
    watch(engine, {"aurora": ["facebook_aurora"]}, (), NOW)
    with engine.connect() as connection:
        (found,) = open_cases(connection, since=NOW)
    return found


def test_all_that_is_said_of_a_case(engine: Engine, case: Any) -> None:
    with engine.begin() as connection:
        spike = spike_of(connection, case, AURORA, DESK, NOW)
    assert spike.place == "Facebook"
    assert spike.languages == [("Italian", spike.negatives)]
    assert [duty.who for duty in spike.duty] == ["marta"]
    assert spike.negatives >= 40
    assert 0.3 < spike.usual < 1.0, "twenty a day, a tenth of them negative"
    assert len(spike.examples) == 5
    assert spike.posts[0][2] == 40
    assert spike.chart


def test_examples_keep_their_numbers(engine: Engine, case: Any) -> None:
    with engine.begin() as connection:
        first = spike_of(connection, case, AURORA, DESK, NOW).examples
        ids = cases.shown(connection, case.key)
        connection.execute(text("UPDATE desk.comment SET p_negative = random() WHERE label = 'negative'"))
        assert spike_of(connection, case, AURORA, DESK, NOW).examples == first
        assert cases.shown(connection, case.key) == ids
        assert len(ids) == 5


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("12 positive", [(12, "positive")]),
        ("I saw 1 bad, sold 3 good coffees", []),
        ("2 positive, 4: neutral", [(2, "positive"), (4, "neutral")]),
        ("1) neg 3=pos", [(1, "negative"), (3, "positive")]),
        ("I think 2 are nice", []),
        ("", []),
    ],
)
def test_replies_say_what_an_example_is(said: str, expected: list[tuple[int, str]]) -> None:
    assert feedback.corrections(said) == expected


def test_what_people_say_is_kept_once(engine: Engine, case: Any) -> None:
    with engine.begin() as connection:
        assert feedback.keep(connection, case.key, "real", "U1", NOW)
        assert not feedback.keep(connection, case.key, "real", "U1", NOW)
        assert feedback.keep_label(connection, case.key, ("facebook_aurora", "b1"), "neutral", "U1", NOW)
        assert not feedback.keep_label(connection, case.key, ("facebook_aurora", "b1"), "neutral", "U1", NOW)
        assert feedback.take(connection, case.key, "marta", NOW)
        assert not feedback.take(connection, case.key, "luca", NOW)
        assert connection.scalar(select(comment_feedback.c.spike_id).limit(1)) is not None
        kept = select(comment_feedback.c.comment_id, comment_feedback.c.label, comment_feedback.c.by)
        assert ("b1", "neutral", "U1") in [tuple(row) for row in connection.execute(kept)]


def test_the_days_list_has_what_no_case_was_about(engine: Engine, case: Any) -> None:
    day = date(2026, 11, 24)
    with engine.begin() as connection:
        connection.execute(text("UPDATE desk.comment SET label = 'negative' WHERE comment_id = 'm1'"))
        moved = NOW - timedelta(hours=11)
        connection.execute(text("UPDATE desk.comment SET created_at = :at WHERE comment_id = 'm1'"), {"at": moved})
        said = [each.text for _, each in day_of(connection, AURORA, ["facebook_aurora"], day).said]
        counted = connection.scalar(
            text("SELECT count(*) FROM desk.comment WHERE label = 'negative' AND created_at >= '2026-11-23T23:00Z'")
        )
    assert any(text.endswith(" 1") for text in said)
    assert not any("service" in text for text in said), "the wave was told already"
    assert len(said) + 40 <= counted <= len(said) + 44


def test_a_wave_that_cannot_be_judged_is_seen(engine: Engine) -> None:
    blind = burst("facebook_aurora", 60, BEGINS, words="??")
    heard(engine, [*month("facebook_aurora"), *blind])
    with engine.connect() as connection:
        (surge,) = surges(connection, ["facebook_aurora"], NOW)
        assert surges(connection, ["facebook_aurora"], NOW - timedelta(days=1)) == []
    assert surge.unscored == 60
    assert "60\xa0comments that cannot be judged, usual 0" in alert_of(surge, AURORA, "Facebook").headline
