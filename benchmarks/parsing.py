"""What it costs Airflow to parse our DAG files, again and again, all day.

CPU of a fresh process that has imported `airflow.sdk`. What is ours is told apart from what Airflow loads for the
first DAG of any kind, its decorators and operators: a process that has made one small DAG before parses ours.
"""

import os
import subprocess
import sys

from benchmarks.measurement import Measurement, median
from include.settings import ROOT

A_SMALL_DAG = """
import pendulum
from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Asset, CronPartitionTimetable, CronTriggerTimetable, Param, dag, task
@dag(schedule=None, start_date=pendulum.datetime(2026, 1, 1), params={"a": Param(None, type=["null", "string"])})
def small():
    @task
    def one(): ...
    @task.short_circuit
    def two(first): ...
    two.expand(first=one())
small()
"""

PARSE = """
import importlib.util, time
from pathlib import Path
began = time.process_time()
for file in sorted(Path("dags").glob("*.py")):
    spec = importlib.util.spec_from_file_location(file.stem, file)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
print((time.process_time() - began) * 1000)
"""


def measure(size: float = 1.0) -> list[Measurement]:
    runs = max(round(7 * size), 1)
    if runs > 1:
        _milliseconds(A_SMALL_DAG)  # compiles what the measured runs find compiled, as in a scheduler
    ours = median(lambda: _milliseconds(A_SMALL_DAG), runs)
    whole = median(lambda: _milliseconds(""), runs)
    return [
        Measurement("parsing dags/: our own code", ours, "ms of CPU", goal=50),
        Measurement("parsing dags/: with what Airflow loads for a first DAG", whole, "ms of CPU"),
    ]


def _milliseconds(before: str) -> float:
    """CPU of parsing dags/ in a new process that has run the code `before`."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = f"{ROOT}{os.pathsep}{ROOT / 'plugins'}"
    command = [sys.executable, "-c", f"import airflow.sdk\n{before}\n{PARSE}"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, timeout=120, check=True
    )
    return float(done.stdout.splitlines()[-1])
