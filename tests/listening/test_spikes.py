"""Spikes are found at their tick, once, grouped by brand; silences keep them quiet; a replay finds the same."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from include.comments.episodes import Subject
from include.desk.silences import Silence
from include.listening import replay
from include.listening.spikes import cases, watch
from include.listening.ticks import TICK, floor, subject_key, subject_of, ticks
from include.warehouse.tables import spike
from tests.listening.months import burst, heard, month
from tests.listening.stage import NOW

ACCOUNTS = {"aurora": ["facebook_aurora", "x_aurora"], "mekong": ["facebook_mekong"]}


def rows(engine: Engine) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(spike).order_by(spike.c.spike_id)))


def watched(engine: Engine, begins: datetime, until: datetime, *silences: Silence) -> list[Any]:
    """Let a run come every ten minutes."""
    for at in ticks(begins - TICK, until):
        watch(engine, ACCOUNTS, silences, at + timedelta(seconds=7))
    return rows(engine)


def test_a_spike_is_one_row_from_its_first_tick_to_a_day_after_its_last(engine: Engine) -> None:
    begins = NOW - timedelta(days=2)
    heard(engine, [*month("facebook_aurora"), *month("x_aurora"), *burst("facebook_aurora", 40, begins)])
    found = [row for row in watched(engine, begins, NOW) if row.subject == "account/aurora/facebook_aurora"]
    (row,) = [row for row in found if row.verdict == "spike"]
    assert begins < row.opened_at <= begins + timedelta(hours=2)
    assert row.severity == "critical"
    assert 36 <= row.negatives <= 44
    assert row.closed_at is not None
    assert timedelta(hours=23) < row.closed_at - row.seen_at < timedelta(hours=26)


def test_calm_months_are_calm(engine: Engine) -> None:
    heard(engine, [*month("facebook_aurora"), *month("facebook_mekong", a_day=3)])
    assert [row for row in watched(engine, NOW - timedelta(hours=12), NOW) if row.verdict == "spike"] == []


def test_spikes_of_one_brand_are_one_case(engine: Engine) -> None:
    begins = NOW - timedelta(hours=5)
    both = [*burst("facebook_aurora", 40, begins), *burst("x_aurora", 40, begins)]
    heard(engine, [*month("facebook_aurora"), *month("x_aurora"), *month("facebook_mekong"), *both])
    found = [row for row in watched(engine, begins, NOW) if row.verdict == "spike"]
    levels = {row.subject.partition("/")[0] for row in found}
    assert levels >= {"account", "brand"}
    with engine.connect() as connection:
        (case,) = cases(connection, since=NOW)
    assert (case.brand, case.severity, case.closed_at) == ("aurora", "critical", None)
    assert {row.account for row in case.rows} == {"facebook_aurora", "x_aurora"}


def test_many_harmless_comments_are_a_surge_and_no_case(engine: Engine) -> None:
    begins = NOW - timedelta(hours=5)
    viral = burst("facebook_aurora", 300, begins, words="good", key="v")
    grumbles = burst("facebook_aurora", 34, begins)
    heard(engine, [*month("facebook_aurora"), *month("x_aurora"), *viral, *grumbles])
    found = watched(engine, begins, NOW)
    assert {row.verdict for row in found} == {"surge"}
    with engine.connect() as connection:
        assert cases(connection, since=NOW - timedelta(days=9)) == []


def test_a_second_run_of_a_tick_sees_nothing_new_and_a_pause_is_made_up_for(engine: Engine) -> None:
    begins = NOW - timedelta(hours=5)
    heard(engine, [*month("facebook_aurora"), *month("x_aurora"), *burst("facebook_aurora", 40, begins)])
    assert watch(engine, ACCOUNTS, (), begins).ticks == 1
    assert watch(engine, ACCOUNTS, (), begins).ticks == 0
    late = watch(engine, ACCOUNTS, (), NOW)
    assert late.ticks == 30
    assert min(row.opened_at for row in rows(engine)) < begins + timedelta(hours=2)


def test_an_account_of_which_something_waits_to_be_judged_is_not_looked_at(engine: Engine) -> None:
    begins = NOW - timedelta(hours=5)
    heard(engine, [*month("facebook_aurora"), *burst("facebook_aurora", 40, begins)])
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE desk.comment SET judged_hash = NULL WHERE comment_id = 'm9'")
    told = watch(engine, ACCOUNTS, (), NOW)
    assert (told.skipped, rows(engine)) == (frozenset({"facebook_aurora"}), [])


@pytest.mark.parametrize(
    ("silence", "expected"),
    [
        pytest.param({}, "prices", id="of the brand"),
        pytest.param({"account": "x_aurora"}, None, id="of another account"),
        pytest.param({"post": "post_x"}, "nothing", id="of the post"),
        pytest.param({"language": "it"}, "nothing", id="of the language"),
        pytest.param({"language": "en"}, None, id="of another language"),
        pytest.param({"ends": NOW - timedelta(days=1)}, None, id="that is over"),
    ],
)
def test_a_silence_keeps_quiet_what_it_is_about(engine: Engine, silence: dict[str, Any], expected: str | None) -> None:
    begins = NOW - timedelta(hours=5)
    heard(engine, [*month("facebook_aurora"), *burst("facebook_aurora", 40, begins)])
    values = {"account": "", "post": "", "language": "", "begins": NOW - timedelta(days=9), "ends": NOW + timedelta(1)}
    found = watched(engine, NOW, NOW, Silence("aurora", **{**values, **silence}, reason="prices", line=1))
    spikes = [row for row in found if row.verdict == "spike"]
    assert {row.silenced for row in spikes} == (set() if expected == "nothing" else {expected})
    with engine.connect() as connection:
        assert bool(cases(connection, since=NOW)) is (expected is None)


def test_a_replay_of_the_month_gives_the_same_episodes(engine: Engine) -> None:
    first = floor(NOW - timedelta(days=2))
    waves = [
        *burst("facebook_aurora", 40, first + timedelta(hours=3)),
        *burst("facebook_aurora", 90, first + timedelta(hours=31), post="post_y", key="c"),
        *burst("facebook_mekong", 12, first + timedelta(hours=36), key="d"),
    ]
    heard(engine, [*month("facebook_aurora"), *month("x_aurora"), *month("facebook_mekong", a_day=2), *waves])
    told = watched(engine, first, NOW)
    again = replay.replay(engine, ACCOUNTS, (), first, NOW)
    assert len(again) > 3
    assert [(e.subject, e.opened_at, e.closed_at, e.severity, e.negatives) for e in again] == [
        (row.subject, row.opened_at, row.closed_at, row.severity, row.negatives)
        for row in sorted(told, key=lambda row: (row.opened_at, row.subject))
        if row.verdict == "spike"
    ]


def test_a_subject_is_read_back_from_its_key() -> None:
    for subject in (Subject("a"), Subject("a", "x_b"), Subject("a", "x_b", "at://did:plc:1/app.bsky.feed.post/2")):
        assert subject_of(subject_key(subject)) == subject


def test_the_command_says_which_episodes_are_the_same_as_then(
    engine: Engine, warehouse: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    begins = NOW - timedelta(hours=5)
    heard(engine, [*month("facebook_aurora"), *burst("facebook_aurora", 40, begins)])
    watched(engine, begins, NOW)
    brands = 'aurora: {title: Aurora, timezone: Europe/Rome, language: it, channel: "#a", accounts: {facebook: aurora}}'
    (tmp_path / "brands.yml").write_text(brands, encoding="utf-8")
    monkeypatch.setenv("DESK_WAREHOUSE_URL", warehouse)
    monkeypatch.setenv("DESK_DIR", str(tmp_path))
    span = ["--first", "2026-11-23", "--last", "2026-11-25"]
    assert replay.main(span) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) >= 2
    assert all(line.endswith("(same)") for line in lines)
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM desk.spike WHERE account IS NULL")
    replay.main([*span, "--json", "--brand", "aurora"])
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {each["noted"] for each in told if each["subject"] == "brand/aurora"} == {"new"}
    assert replay.main(["--brand", "nobody"]) == 2
