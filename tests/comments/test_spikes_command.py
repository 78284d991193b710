"""`python -m include.comments.spikes`: a file of scored comments in, episodes out."""

import json
import random
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from include.comments.spikes.__main__ import main
from include.settings import ROOT

START = datetime(2026, 10, 1, tzinfo=UTC)
BURST = START + timedelta(days=35, hours=3)
Line = dict[str, Any]


def line(moment: datetime, negative: bool = False, /, **more: Any) -> Line:
    return {
        "at": moment.isoformat(),
        "account": "x_aurora",
        "p_negative": 0.9 if negative else 0.1,
        "scored": True,
    } | more


def ordinary(days: int = 38, seed: int = 7, **more: Any) -> list[Line]:
    """Forty comments a day, a fifth of them negative."""
    rng = np.random.default_rng(seed)
    minutes = rng.integers(0, days * 24 * 60, 40 * days)
    return [line(START + timedelta(minutes=int(each)), bool(rng.random() < 0.2), **more) for each in minutes]


def burst(how_many: int = 30, **more: Any) -> list[Line]:
    return [line(BURST + timedelta(minutes=5 * each), True, **more) for each in range(how_many)]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]):  # type: ignore[no-untyped-def]
    def run(lines: Sequence[Line | str], *options: str) -> tuple[int, str, str]:
        file = tmp_path / "comments.jsonl"
        text = "\n".join(each if isinstance(each, str) else json.dumps(each) for each in lines)
        file.write_text(text, encoding="utf-8")
        code = main([str(file), *options])
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


def episodes(out: str) -> list[Line]:
    return [json.loads(each) for each in out.splitlines()]


def test_a_burst_is_one_episode_with_its_figures(run) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run([*ordinary(), *burst()])
    (found,) = episodes(out)
    assert (code, err) == (0, "")
    assert (found["kind"], found["account"], found["severity"]) == ("account", "x_aurora", "critical")
    opened, last, closed = (datetime.fromisoformat(found[name]) for name in ("opened", "last", "closed"))
    assert BURST < opened <= BURST + timedelta(hours=1)
    assert opened.minute % 10 == opened.second == 0
    assert closed - last == timedelta(hours=24)
    assert found["negatives"] >= 30
    assert 1.5 < found["usual"] < 2.5
    assert found["z"] > 12
    assert found["share_p"] < 1e-6
    assert found["learning"] is False


def test_nothing_unusual_is_no_episode(run) -> None:  # type: ignore[no-untyped-def]
    assert run(ordinary()) == (0, "", "")
    assert run(ordinary(), "--table")[1] == "No spikes.\n"


def test_many_harmless_comments_are_no_episode(run) -> None:  # type: ignore[no-untyped-def]
    viral = [line(BURST + timedelta(minutes=each), each % 5 == 0) for each in range(200)]
    assert run([*ordinary(), *viral]) == (0, "", "")


def test_the_order_of_the_lines_and_their_zones_do_not_matter(run) -> None:  # type: ignore[no-untyped-def]
    lines = [*ordinary(), *burst()]
    _, out, _ = run(lines)
    mixed = random.Random(7).sample(lines, len(lines))
    zone = timezone(timedelta(hours=7))
    for place, each in enumerate(mixed):
        moment = datetime.fromisoformat(each["at"])
        forms = [moment.astimezone(zone).isoformat(), moment.timestamp(), moment.isoformat().replace("+00:00", "Z")]
        mixed[place] = each | {"at": forms[place % 3]}
    assert run(mixed) == (0, out, "")


def test_a_file_that_goes_on_has_the_same_episodes_up_to_there(run) -> None:  # type: ignore[no-untyped-def]
    lines = [*ordinary(days=45), *burst()]
    until = (START + timedelta(days=38)).isoformat()
    (early,), (late,) = (episodes(run(some)[1]) for some in ([each for each in lines if each["at"] <= until], lines))
    assert early == late


def test_a_spike_at_the_end_is_still_open(run) -> None:  # type: ignore[no-untyped-def]
    (found,) = episodes(run([*ordinary(days=35), *burst()])[1])
    assert found["closed"] is None


def test_the_label_decides_where_there_is_one_and_the_threshold_where_not(run) -> None:  # type: ignore[no-untyped-def]
    assert not run([*ordinary(), *burst(label="neutral")])[1]
    assert run([*ordinary(), *burst(p_negative=0.3, label="negative")])[1]
    assert not run([*ordinary(), *burst(p_negative=0.3)])[1]
    assert run([*ordinary(), *burst(p_negative=0.3)], "--threshold", "0.25")[1]


def test_what_was_not_scored_does_not_count(run) -> None:  # type: ignore[no-untyped-def]
    assert run([*ordinary(), *burst(p_negative=None, scored=False)]) == (0, "", "")


def test_accounts_of_a_brand_are_told_together_too(run) -> None:  # type: ignore[no-untyped-def]
    brand = {"brand": "aurora"}
    other = brand | {"account": "facebook_aurora"}
    lines = [*ordinary(**brand), *burst(**brand), *ordinary(seed=9, **other), *burst(**other)]
    found = episodes(run(lines)[1])
    assert [each["kind"] for each in found] == ["brand", "account", "account"]
    assert {each["account"] for each in found[0]["members"]} == {"x_aurora", "facebook_aurora"}
    assert [each["kind"] for each in episodes(run(lines, "--only", "account")[1])] == ["account", "account"]


def test_a_post_is_told_where_its_account_is_too_busy_to_show_it(run) -> None:  # type: ignore[no-untyped-def]
    busy = [each | {"post": "other"} for seed in range(12) for each in ordinary(seed=seed)]
    old_post = [line(START + timedelta(hours=each), post="123") for each in range(0, 840, 3)]
    found = episodes(run([*busy, *old_post, *burst(20, post="123")])[1])
    assert [(each["kind"], each.get("post")) for each in found] == [("post", "123")]


def test_hourly_ticks_open_on_the_hour(run) -> None:  # type: ignore[no-untyped-def]
    (found,) = episodes(run([*ordinary(), *burst()], "--every", "60")[1])
    assert datetime.fromisoformat(found["opened"]).minute == 0


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        ("{", "it is not JSON"),
        ("[1]", "it is not an object"),
        ('"text"', "it is not an object"),
        ({"at": 1.76e9, "p_negative": 0.5, "scored": True}, "it has no `account`"),
        (line(START, account=None), "it has no `account`"),
        (line(START, account=[1]), "`account` is not a name"),
        (line(START, at="yesterday"), '`at` is "yesterday", which is no time'),
        (line(START, at=None), "it has no `at`"),
        (line(START, at=1.76e12), "which are not seconds since 1970"),
        ('{"at": NaN, "account": "a", "p_negative": 0.5}', "which are not seconds since 1970"),
        (line(START, at="-1"), '`at` is "-1", which is no time'),
        (line(START, p_negative=1.5), "`p_negative` is not a number from 0 to 1"),
        (line(START, p_negative=None), "`p_negative` is not a number from 0 to 1"),
        (line(START, scored="yes"), "`scored` is neither true nor false"),
        (line(START, label="bad"), "`label` is none of negative, neutral, positive"),
    ],
)
def test_a_bad_line_is_told_and_the_rest_goes_on(run, bad: Line | str, says: str) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run([*ordinary(), bad, *burst()])
    assert (code, len(episodes(out))) == (1, 1)
    assert err.startswith("Line 1521 is left out: ")
    assert says in err


def test_a_time_without_an_offset_is_utc_and_this_is_told(run) -> None:  # type: ignore[no-untyped-def]
    naive = [each | {"at": each["at"].removesuffix("+00:00")} for each in burst()]
    code, out, err = run([*ordinary(), *naive])
    assert (code, out) == (0, run([*ordinary(), *burst()])[1])
    assert err == "30 times have no offset from UTC and are taken as UTC.\n"


def test_an_account_of_two_brands_is_told(run) -> None:  # type: ignore[no-untyped-def]
    _, _, err = run([line(START, brand="aurora"), line(START, brand="mekong")])
    assert "x_aurora was of the brand aurora before; an account has one brand." in err


def test_many_bad_lines_are_counted_not_listed(run) -> None:  # type: ignore[no-untyped-def]
    code, out, err = run(["nothing"] * 50)
    assert (code, out) == (2, "")
    assert "In all 50 of 50 lines are left out." in err
    assert len(err.splitlines()) == 22


def test_an_empty_file_is_no_failure(run) -> None:  # type: ignore[no-untyped-def]
    assert run([])[:2] == (0, "")


def test_people_get_a_table(run) -> None:  # type: ignore[no-untyped-def]
    _, out, _ = run([*ordinary(), *burst()], "--table")
    heading, row = out.splitlines()
    assert heading.startswith("what      opened (UTC)")
    assert row.startswith("x_aurora  2026-11-05 03:")
    assert "critical" in row


def test_it_is_a_filter() -> None:
    lines = "\n".join(json.dumps(each) for each in [*ordinary(account="ຮ້ານ\ud800"), *burst(account="ຮ້ານ\ud800")])
    asked = [sys.executable, "-m", "include.comments.spikes"]
    done = subprocess.run(asked, input=lines, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert (done.returncode, done.stderr) == (0, "")
    assert [each["account"] for each in episodes(done.stdout)] == ["ຮ້ານ\ud800"]


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z"])
def test_a_year_in_which_nobody_comments_is_left_out_in_words(run, at: str) -> None:  # type: ignore[no-untyped-def]
    good = {"at": "2026-11-24T10:00:00Z", "account": "a", "p_negative": 0.1, "scored": True}
    _, _, said = run([good, {**good, "at": at}])
    assert "Line 2 is left out" in said
    assert "no time of our days" in said
