"""The DAGs as Airflow reads them: once in this process, once in a fresh one."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent

PARSE = """
import json, sys, time
import airflow.sdk
before, began = set(sys.modules), time.process_time()
import importlib.util
from pathlib import Path
for file in sorted(Path("dags").glob("*.py")):
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
print(json.dumps({"added": sorted(set(sys.modules) - before), "seconds": time.process_time() - began}))
"""


@pytest.fixture(scope="session")
def dags_parsed_in_a_fresh_process() -> dict[str, Any]:
    """What parsing every DAG file adds to a process that has imported airflow.sdk."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}"}
    done = subprocess.run(
        [sys.executable, "-c", PARSE],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


@pytest.fixture(scope="session")
def dagbag() -> Iterator[Any]:
    from airflow.dag_processing.dagbag import DagBag  # noqa: PLC0415 - after the environment is set

    return DagBag(str(ROOT / "dags"))
