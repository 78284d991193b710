"""The desk as a whole: its files read together, so that one look tells everything that has to be corrected."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from include.desk.brands import read_brands
from include.desk.problems import DeskProblems, Problem
from include.desk.targets import Target, read_targets
from include.domain.accounts import Brand


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder that people keep: who speaks, and what they want to reach. `calendar` is where its plan lies."""

    folder: Path
    brands: tuple[Brand, ...]
    targets: tuple[Target, ...]

    @property
    def calendar(self) -> Path:
        return self.folder / "calendar.csv"


def read_desk(folder: Path, platforms: Collection[str] | None = None, kpis: Collection[str] | None = None) -> Desk:
    """The desk in `folder`. Raises DeskProblems with what is wrong in any of its files."""
    problems: list[Problem] = []
    brands: list[Brand] | None = None
    targets: list[Target] = []
    try:
        brands = read_brands(folder / "brands.yml", platforms)
    except DeskProblems as found:
        problems.extend(found.problems)
    try:
        targets = read_targets(folder / "targets.csv", brands, kpis)
    except DeskProblems as found:
        problems.extend(found.problems)
    if problems:
        raise DeskProblems(problems)
    return Desk(folder, tuple(brands or ()), tuple(targets))
