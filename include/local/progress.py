"""The live list of steps: what is being done, how far it is, how many seconds it took.

On a terminal the list redraws itself; elsewhere (a log, CI) each step is one line when it ends.
"""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

MARKS = {"waiting": ("·", "dim"), "running": ("▸", "cyan"), "done": ("✓", "green"), "failed": ("✗", "red")}


@dataclass(slots=True)
class Step:
    """One line of the list. `says` is what it counts at the moment."""

    title: str
    state: str = "waiting"
    says: str = ""
    began: float = 0.0
    took: float = 0.0

    @property
    def seconds(self) -> float:
        return self.took or (time.monotonic() - self.began if self.began else 0.0)

    def count(self, words: str) -> None:
        self.says = words


@dataclass(slots=True)
class Steps:
    """The steps of a run, in the order in which they begin."""

    console: Console = field(default_factory=Console)
    steps: list[Step] = field(default_factory=list)
    live: Live | None = None

    @contextlib.contextmanager
    def showing(self) -> Iterator["Steps"]:
        """Draw while the block runs; leave the finished list on the screen."""
        if not self.console.is_terminal:
            yield self
            return
        with Live(get_renderable=self.table, console=self.console, refresh_per_second=5) as self.live:
            yield self
        self.live = None

    @contextlib.contextmanager
    def step(self, title: str) -> Iterator[Step]:
        step = Step(title, state="running", began=time.monotonic())
        self.steps.append(step)
        try:
            yield step
        except BaseException:
            self._end(step, "failed")
            raise
        self._end(step, "done")

    def table(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for step in self.steps:
            mark, style = MARKS[step.state]
            table.add_row(Text(mark, style=style), step.title, Text(step.says, style="dim"), f"{step.seconds:5.1f} s")
        return table

    def _end(self, step: Step, state: str) -> None:
        step.state, step.took = state, time.monotonic() - step.began
        if self.live is None:
            line = f"{MARKS[state][0]} {step.title:<28} {step.says:<58} {step.took:5.1f} s"
            self.console.print(line, highlight=False, markup=False, soft_wrap=True)
