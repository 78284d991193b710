"""python -m include.pacing, as somebody at a terminal uses it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUDGETS = """brand,name,amount,currency,from,to,members
aurora,Natale,3000,EUR,2026-11-01,2026-11-30,meta_ads_aurora
aurora,Ricerca,600,EUR,2026-11-01,2026-11-30,google_ads_aurora
"""


def run(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "include.pacing", *map(str, arguments)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=120, check=False
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two budgets and ten days of spend: 150 of 100 a day, and 20 of 20."""
    (tmp_path / "budgets.csv").write_text(BUDGETS)
    rows = ["date,account,amount,currency"]
    for on in range(1, 11):
        rows += [f"2026-11-{on:02},meta_ads_aurora,150,EUR", f"2026-11-{on:02},google_ads_aurora,20,EUR"]
    (tmp_path / "spend.csv").write_text("\n".join(rows) + "\n")
    return tmp_path


ASKED = ("--budgets", "budgets.csv", "--spend", "spend.csv", "--as-of", "2026-11-11")


def test_a_table_and_what_to_do_below_it(files):
    done = run(*ASKED, folder=files)
    assert done.returncode == 1
    header, natale, ricerca, *words = done.stdout.replace("\N{NO-BREAK SPACE}", " ").splitlines()
    assert header.split()[:2] == ["budget", "state"]
    assert natale.split()[:5] == ["aurora/Natale", "will_exhaust_early", "€1,500", "€3,000", "€1,000"]
    assert ricerca.split()[:2] == ["aurora/Ricerca", "on_track"]
    assert "aurora “Natale”: money ends Fri 20, 10 days early" in words
    assert "  Set today: €75/day (the platform may spend €131 today)." in words
    assert done.stderr == ""


def test_what_if_it_had_more_money(files):
    done = run(*ASKED, "--amount", "aurora/Natale=4500", folder=files)
    assert done.returncode == 0
    assert "on_track" in done.stdout.splitlines()[1]


def test_what_was_spent_after_the_day_that_is_asked_about_does_not_count(files):
    asked = (*ASKED[:-1], "2026-11-09", "--format", "json")
    before = json.loads(run(*asked, folder=files).stdout)
    spend = files / "spend.csv"
    header, *rows = spend.read_text().splitlines()
    later = [f"{row},999" if row >= "2026-11-09" else f"{row}," for row in rows]
    spend.write_text("\n".join([f"{header},daily_budget", *later]) + "\n")
    assert json.loads(run(*asked, folder=files).stdout) == before
    assert before[0]["spent"] == "1200"


def test_json_keeps_every_digit_and_says_the_same_in_italian(files):
    done = run(*ASKED, "--format", "json", "--language", "it", folder=files)
    natale, ricerca = json.loads(done.stdout)
    assert (natale["state"], natale["spent"], natale["set_today"]) == ("will_exhaust_early", "1500", "75.00")
    assert natale["schedule"]["2026-11-30"] == "75.00"
    assert natale["headline"].startswith("aurora “Natale”: il budget finisce")
    assert (ricerca["pacing_index"], ricerca["missing"]) == (1.0, [])


def test_spend_of_yesterday_that_is_missing_is_said(files):
    done = run(*ASKED[:-1], "2026-11-13", "--format", "json", folder=files)
    assert [look["state"] for look in json.loads(done.stdout)] == ["will_exhaust_early", "no_data"]
    assert json.loads(done.stdout)[1]["set_today"] is None


def test_what_no_budget_counts_and_flights_that_are_over_are_said_beside_it(files):
    with (files / "spend.csv").open("a") as file:
        file.write("2026-11-10,x_ads_aurora,7.50,EUR\n")
    done = run(*ASKED[:-1], "2026-12-01", folder=files)
    assert "x_ads_aurora spent 7.50 EUR on days on which no budget counts it" in done.stderr
    assert "budgets.csv, row 2, to \"2026-11-30\": aurora/Natale is over" in done.stderr  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((*ASKED[:-1], "soon"), '--as-of "soon": not a day; write it like 2026-11-23'),
        ((*ASKED[:-1], "2026-11-11 noon"), '--as-of "2026-11-11 noon": not an hour;'),
        (
            (*ASKED, "--amount", "aurora/Natal=1"),
            '--amount "aurora/Natal=1": no such budget; did you mean "aurora/Natale"?',
        ),
        ((*ASKED, "--amount", "aurora/Natale=x"), '--amount "aurora/Natale=x": not an amount;'),
        (("--budgets", "nowhere.csv", *ASKED[2:]), "argument --budgets: there is no file nowhere.csv."),
        (("--budgets", "spend.csv", *ASKED[2:]), 'spend.csv, row 1, there is no column "brand";'),
        (("--spend", "spend.csv"), "the following arguments are required: --budgets"),
    ],
)
def test_what_cannot_be_used_ends_with_2_and_a_sentence(files, arguments, sentence):
    done = run(*arguments, folder=files)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_help_shows_how_it_is_used(files):
    done = run("--help", folder=files)
    assert done.returncode == 0
    assert "Will the money last" in done.stdout
    assert "--as-of DAY" in done.stdout
