"""What the import makes of a whole calendar, and when it does not believe it."""

import csv
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import Mock

import pytest
from airflow.sdk.exceptions import AirflowFailException
from sqlalchemy import Engine, text

from include.orchestration import doors, planning

TOMORROW = datetime.now(UTC).date() + timedelta(days=1)
Planner = Callable[..., None]


@pytest.fixture
def plan(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Planner:
    """Import a calendar of that many posts."""
    monkeypatch.setattr(doors, "warehouse", lambda: engine)
    monkeypatch.setattr(planning, "get_current_context", lambda: {"run_id": "tonight", "ti": Mock()})

    def start(posts: int, status: str = "") -> None:
        rows = [f"p{n},ginger,{TOMORROW} 09:{n:02},facebook,Bread {n},{status if n else ''}" for n in range(posts)]
        lines = ["key,brand,when,accounts,text,status", *rows]
        (folder / "calendar.csv").write_text("\n".join(lines), encoding="utf-8")
        planning.plan_calendar()

    return start


def states(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        return set(connection.scalars(text("SELECT state FROM desk.publication WHERE post_id <> 'p0:facebook_ginger'")))


def earlier(engine: Engine, minutes: int) -> None:
    """What the imports said, they said so long ago."""
    with engine.begin() as connection:
        words = "UPDATE desk.calendar_import SET at = at - make_interval(mins => :minutes)"
        connection.execute(text(words), {"minutes": minutes})


def test_a_calendar_that_was_saved_half_way_calls_nothing_off(plan: Planner, engine: Engine) -> None:
    plan(20)
    with pytest.raises(AirflowFailException, match=r"calendar\.csv lacks 19 of the 20 posts that are still to go out"):
        plan(1)
    assert states(engine) == {"approved"}
    plan(20)
    assert states(engine) == {"approved"}


def test_a_calendar_that_is_meant_is_taken_when_it_still_says_so(plan: Planner, engine: Engine) -> None:
    plan(20)
    for _ in range(2):
        with pytest.raises(AirflowFailException, match="leave it as it is"):
            plan(1)
    earlier(engine, 11)
    with pytest.raises(AirflowFailException, match="lacks 18"):
        plan(2)
    earlier(engine, 11)
    plan(2)
    assert states(engine) == {"approved", "cancelled"}


def test_a_few_posts_less_or_rows_that_say_so_are_believed(plan: Planner, engine: Engine) -> None:
    plan(20)
    plan(12)
    plan(12, status="cancelled")
    assert states(engine) == {"cancelled"}


def test_the_copy_to_mend_is_of_the_calendar_that_was_read_however_it_reads_by_now(
    engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = Mock()
    monkeypatch.setattr(doors, "warehouse", lambda: engine)
    monkeypatch.setattr(planning, "get_current_context", lambda: {"run_id": "tonight", "ti": task})
    lines = ["key,brand,when,accounts,text", f"a,ginger,{TOMORROW} 09:00,x,{'x' * 300}"]
    (folder / "calendar.csv").write_text("\n".join(lines), encoding="utf-8")
    planning.plan_calendar()
    told = json.loads(json.dumps(task.xcom_push.call_args.args[1]))
    (folder / "calendar.csv").unlink()
    (news,) = [each for each in told if each["fixes"]]
    name, content = news["mended"]
    assert name == "calendar-to-fix.csv"
    assert [row["problem"][:3] for row in csv.DictReader(io.StringIO(content.removeprefix("\ufeff")))] == ["X: "]
    assert [each["mended"] for each in told if not each["fixes"]] == [None] * (len(told) - 1)
