"""One figure, and what it should be."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """A figure with its goal: `value` should be at most `goal`, or at least, as `at_least` says.

    Without a goal it is told for comparison, and always holds.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal


def seconds(work: Callable[[], object]) -> float:
    """How long `work` takes by the clock on the wall."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def median(run: Callable[[], float], times: int) -> float:
    """The median of several runs: one that the machine disturbed does not decide."""
    return statistics.median(run() for _ in range(times))
