"""The benchmarks can be run and tell what they measured. What they measure is for a person to read, not for a test."""

import json
from pathlib import Path
from types import ModuleType

import pytest
from rich.console import Console

from benchmarks import __main__ as command
from benchmarks.measurement import Measurement

HELD = Measurement("loading", 50_000.25, "rows/s", goal=40_000, at_least=True)
MISSED = Measurement("parsing", 80.0, "ms of CPU", goal=50)
TOLD = Measurement("importing", 900.0, "ms")


@pytest.mark.parametrize("benchmark", [*command.every_benchmark()], ids=lambda module: module.__name__.split(".")[-1])
def test_each_module_measures_something(benchmark: ModuleType) -> None:
    found = benchmark.measure(size=0.01)
    assert found
    assert all(each.name and each.unit and each.value >= 0 for each in found)


def test_the_results_say_what_how_much_and_on_which_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    benchmark = ModuleType("benchmarks.made_up")
    benchmark.__doc__, benchmark.measure = "Nothing.", lambda: [HELD, TOLD]
    monkeypatch.setattr(command, "every_benchmark", lambda: [benchmark])
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results.json")
    assert command.main() == 0
    assert "rows/s" in capsys.readouterr().out
    first, second = json.loads((tmp_path / "results.json").read_text())
    machine = first.pop("machine")
    assert first == {
        "benchmark": "made_up",
        "name": "loading",
        "value": 50_000.0,
        "unit": "rows/s",
        "goal": 40_000,
        "holds": True,
    }
    assert "cores" in machine
    assert "Python 3." in machine
    assert (second["goal"], second["holds"]) == (None, True)


def test_a_missed_goal_is_shown_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    benchmark = ModuleType("benchmarks.made_up")
    benchmark.measure = lambda: [MISSED, HELD]
    monkeypatch.setattr(command, "every_benchmark", lambda: [benchmark])
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results.json")
    assert command.main() == 1
    shown = capsys.readouterr().out
    assert [("MISSED" in line, "holds" in line) for line in shown.splitlines() if "parsing" in line] == [(True, False)]
    assert [each["holds"] for each in json.loads((tmp_path / "results.json").read_text())] == [False, True]


def test_one_can_be_run_alone_and_the_figures_of_the_others_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, others = ModuleType("benchmarks.ours"), ModuleType("benchmarks.others")
    ours.measure, others.measure = lambda: [HELD], lambda: [TOLD]
    monkeypatch.setattr(command, "every_benchmark", lambda: [ours, others])
    monkeypatch.setattr(command, "RESULTS", tmp_path / "results.json")
    command.main()
    now, named_by_its_figure = Measurement("loading", 60_000, "rows/s"), Measurement("loading: 91.2 % of it", 1, "s")
    ours.measure, others.measure = lambda: [now, named_by_its_figure], lambda: [MISSED]
    command.main(["ours"])
    ours.measure = lambda: [now]
    assert command.main(["ours"]) == 0
    found = [(each["name"], each["value"]) for each in json.loads((tmp_path / "results.json").read_text())]
    assert found == [("importing", 900), ("loading", 60_000)]
    assert command.main(["theirs"]) == 2
    assert "There is no benchmark theirs; there are ours, others." in capsys.readouterr().err


def test_what_people_read_has_no_needless_digits() -> None:
    console = Console(width=120, record=True)
    with console.capture() as captured:
        console.print(command.table([HELD, MISSED], "a machine"))
    assert "50,000 rows/s" in captured.get()
    assert "at most 50" in captured.get()
