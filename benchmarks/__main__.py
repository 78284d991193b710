"""Run every benchmark, print a table, and write `benchmarks/results.json`.

The file is a list with `name`, `value`, `unit`, `goal`, `holds` and `machine` for each figure. Exits 1 where a goal
was missed.
"""

import importlib
import json
import logging
import os
import pkgutil
import platform
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

import benchmarks
from benchmarks.measurement import Measurement

RESULTS = Path(__file__).with_name("results.json")


def every_benchmark() -> Iterator[ModuleType]:
    """Every module of this folder that measures something."""
    for found in pkgutil.iter_modules(benchmarks.__path__):
        if not found.name.startswith("_"):
            module = importlib.import_module(f"benchmarks.{found.name}")
            if hasattr(module, "measure"):
                yield module


def machine() -> str:
    """The machine in words: figures of two machines are not compared."""
    memory = psutil.virtual_memory().total / 2**30
    cores = f"{psutil.cpu_count()} cores ({_processor()})"
    return f"{cores}, {memory:.0f} GiB, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or "unnamed"


def results(measured: Iterable[Measurement], on: str) -> list[dict[str, Any]]:
    """The content of `results.json`."""
    return [
        {
            "name": each.name,
            "value": float(f"{each.value:.4g}"),
            "unit": each.unit,
            "goal": each.goal,
            "holds": each.holds,
            "machine": on,
        }
        for each in measured
    ]


def table(measured: Iterable[Measurement], on: str) -> Table:
    """What a person reads: a missed goal stands out."""
    shown = Table("", "measured", "goal", "", caption=f"{on}; {os.getloadavg()[0]:.1f} processes busy on average")
    for each in measured:
        verdict = "" if each.goal is None else "[green]holds[/green]" if each.holds else "[bold red]MISSED[/bold red]"
        shown.add_row(each.name, f"{_figure(each.value)} {each.unit}", _goal(each), verdict)
    return shown


def _goal(each: Measurement) -> str:
    if each.goal is None:
        return ""
    return f"{'at least' if each.at_least else 'at most'} {_figure(each.goal)}"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


def main() -> int:
    console, on, measured = Console(), machine(), []
    for module in every_benchmark():
        with console.status(f"{module.__name__}: {(module.__doc__ or '').partition('.')[0]}"):
            measured += module.measure()
    console.print(table(measured, on))
    RESULTS.write_text(json.dumps(results(measured, on), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(each.holds for each in measured) else 1


if __name__ == "__main__":
    logging.disable(logging.INFO)  # what the desk tells of its work is no part of the table
    sys.exit(main())
