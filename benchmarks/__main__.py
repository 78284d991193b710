"""Run every benchmark, print a table, and write `benchmarks/results.json`.

    python -m benchmarks                        all of them
    python -m benchmarks pacing loading         these; the figures of the others stay in the file as they are

The file is a list with `benchmark`, `name`, `value`, `unit`, `goal`, `holds` and `machine` for each figure. Exits 1
where a goal was missed, 2 where there is no such benchmark.
"""

import importlib
import json
import logging
import os
import pkgutil
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def results(benchmark: str, measured: Iterable[Measurement], on: str) -> list[dict[str, Any]]:
    """What one benchmark has in `results.json`."""
    return [
        {
            "benchmark": benchmark,
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


def with_those_before(fresh: Mapping[str, Sequence[dict[str, Any]]]) -> list[dict[str, Any]]:
    """The content of `results.json` with what was measured now in it, by benchmark, and the rest as it was."""
    before = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    again = {each["name"] for rows in fresh.values() for each in rows}
    kept = [each for each in before if each.get("benchmark") not in fresh and each["name"] not in again]
    return sorted(
        (*kept, *(each for rows in fresh.values() for each in rows)), key=lambda each: each.get("benchmark", "")
    )


def main(names: Sequence[str] = ()) -> int:
    console, on, found = Console(), machine(), {_name(module): module for module in every_benchmark()}
    if unknown := sorted({*names} - {*found}):
        print(f"There is no benchmark {', '.join(unknown)}; there are {', '.join(found)}.", file=sys.stderr)
        return 2
    measured: dict[str, list[Measurement]] = {}
    for name in names or found:
        with console.status(f"{name}: {(found[name].__doc__ or '').partition('.')[0]}"):
            measured[name] = [*found[name].measure()]
    together = [each for figures in measured.values() for each in figures]
    console.print(table(together, on))
    fresh = {name: results(name, figures, on) for name, figures in measured.items()}
    content = with_those_before(fresh) if names else [each for rows in fresh.values() for each in rows]
    RESULTS.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(each.holds for each in together) else 1


def _name(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


if __name__ == "__main__":
    logging.disable(logging.INFO)  # what the desk tells of its work is no part of the table
    sys.exit(main(sys.argv[1:]))
