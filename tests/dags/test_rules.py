"""The rules of the house for DAGs. Each failure names the DAG and what to do."""

import ast
import re
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from include.local.airflow import PARALLELISM
from include.orchestration.pools import PUBLISH, pools

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = sorted((ROOT / "dags").glob("*.py"))


def _verb_first(name: str) -> bool:
    verbs = (
        "import",
        "request",
        "publish",
        "reconcile",
        "change",
        "ingest",
        "backfill",
        "rebuild",
        "roll",
        "send",
        "check",
        "watch",
        "read",
        "hold",
        "moderate",
    )
    return name.split("_", maxsplit=1)[0] in verbs


def test_every_file_is_read_without_an_error(dagbag: Any) -> None:
    assert dagbag.import_errors == {}
    assert {Path(dag.fileloc).name for dag in dagbag.dags.values()} == {file.name for file in FILES}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_dag_file_reads_as_a_page(file: Path) -> None:
    source = file.read_text(encoding="utf-8")
    words = ast.get_docstring(ast.parse(source)) or ""
    for heading in ("What for.", "When.", "If it runs twice.", "When it is red."):
        assert f"**{heading}**" in words, f"{file.name}: its docstring does not answer «{heading}»"
    assert len(source.splitlines()) <= 110, f"{file.name} is longer than a page; name the work in include/orchestration"
    assert _verb_first(file.stem), f"{file.name}: a DAG is named verb_object"


def test_every_dag_says_who_how_urgent_and_how_long(dagbag: Any) -> None:
    for dag in dagbag.dags.values():
        assert dag.doc_md, f"{dag.dag_id}: pass doc_md=__doc__"
        assert [t for t in dag.tags if t.startswith("impact:")], f"{dag.dag_id}: add an Impact tag"
        assert dag.dagrun_timeout, f"{dag.dag_id}: set dagrun_timeout"


def test_every_task_has_an_owner_a_pool_that_exists_retries_and_a_timeout(dagbag: Any) -> None:
    for dag in dagbag.dags.values():
        for task in dag.tasks:
            name = f"{dag.dag_id}.{task.task_id}"
            assert task.owner == "social-desk", f"{name}: owner is a team, see task_defaults"
            assert task.pool in pools(), f"{name}: pool {task.pool!r} does not exist; tasks in it never run"
            assert task.on_failure_callback, f"{name}: use task_defaults, so that Slack hears of a failure"
            if task.retries == 0:
                says_why = re.search(r"retries=0.*#", Path(dag.fileloc).read_text(encoding="utf-8"))
                assert says_why, f"{name}: say in a comment beside retries=0 why it is not retried"
            if not task.task_id.endswith("ask"):  # people take their time; its response_timeout ends it
                assert isinstance(task.execution_timeout, timedelta), f"{name}: set execution_timeout"


def test_posts_are_never_backfilled(dagbag: Any) -> None:
    for dag_id in ("publish_posts", "reconcile_posts"):
        allowed = dagbag.dags[dag_id].allowed_run_types
        assert allowed, f"{dag_id}: set allowed_run_types"
        assert "backfill" not in {getattr(each, "value", each) for each in allowed}


def test_publishing_has_worker_slots_that_nothing_else_can_take() -> None:
    others = sum(slots for name, (slots, _) in pools().items() if name != PUBLISH)
    assert others < PARALLELISM, "Lower a pool or raise PARALLELISM: posts must find a free worker."


def test_no_run_of_publishing_waits_for_another(dagbag: Any) -> None:
    at_once = {
        dag.dag_id: dag.max_active_runs
        for dag in dagbag.dags.values()
        if any(task.pool == PUBLISH for task in dag.tasks)
    }
    assert at_once.keys() == {"publish_posts", "reconcile_posts", "hold_brand"}
    assert sum(at_once.values()) <= pools()[PUBLISH][0], "Give the pool a slot more, or a DAG fewer runs at once."


def test_parsing_stays_light(dags_parsed_in_a_fresh_process: dict[str, Any]) -> None:
    heavy = {"requests", "pandas", "slack_sdk", "sqlalchemy.orm", "matplotlib", "psycopg", "alembic"}
    found = heavy & set(dags_parsed_in_a_fresh_process["added"])
    assert not found, f"Parsing dags/ imports {', '.join(sorted(found))}; import it inside the function that needs it."


def test_no_dag_imports_another() -> None:
    names = {file.stem for file in FILES}
    for file in FILES:
        modules = {
            node.module or ""
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom)
        }
        assert not modules & names, f"{file.name} imports another DAG; trigger it, or share through include/"
    assert not names & set(sys.stdlib_module_names)


def test_a_backfill_of_hours_keeps_nobodys_answer_waiting(dagbag: Any) -> None:
    slow = {task.pool for task in dagbag.dags["backfill_metrics"].tasks}
    quick = {
        task.pool for name in ("read_reactions", "import_calendar", "hold_brand") for task in dagbag.dags[name].tasks
    }
    assert not slow & quick, "Its reading takes every slot of its pool for as long as it lasts."
