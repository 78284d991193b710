"""What the detector saw at a tick, and at many."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from include.comments.spikes.sensitivity import Sensitivity

Verdict = Literal["calm", "learning", "spike", "surge"]
Severity = Literal["notice", "high", "critical"]
VERDICTS: tuple[Verdict, ...] = ("calm", "learning", "surge", "spike")
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Look:
    """One tick. `at` in seconds since 1970 (UTC); `negatives`, `scored` and `share` are of the window that ends there.

    `usual` and `sd` are of a window in the 28 days before, `usual_share` is their share. `rise` is z, or that of the
    last four hours if it is more. `share_p` and `surprise` are
    None where the number alone decides, as it mostly does. `severity` is None but for a spike; `learning` says that the
    history is younger than 14 days.
    """

    at: float
    negatives: int
    usual: float
    sd: float
    z: float
    scored: int
    rise: float
    usual_share: float
    share_p: float | None
    surprise: float | None
    verdict: Verdict
    severity: Severity | None
    learning: bool

    @property
    def share(self) -> float | None:
        return self.negatives / self.scored if self.scored else None

    @property
    def is_spike(self) -> bool:
        return self.verdict == "spike"


@dataclass(frozen=True, slots=True)
class Looks:
    """The same in columns; `share_p` and `surprise` are NaN for None, `verdict` is a place in VERDICTS."""

    sensitivity: Sensitivity
    at: Floats
    negatives: Ints
    usual: Floats
    sd: Floats
    z: Floats
    scored: Ints
    rise: Floats
    usual_share: Floats
    share_p: Floats
    surprise: Floats
    verdict: Ints
    learning: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, place: int) -> Look:
        row = {each.name: getattr(self, each.name)[place].item() for each in fields(self) if each.name != "sensitivity"}
        for name in ("share_p", "surprise"):
            row[name] = None if np.isnan(row[name]) else row[name]
        verdict = VERDICTS[row.pop("verdict")]
        severity = severity_of(row["z"], self.sensitivity) if verdict == "spike" else None
        return Look(**row, verdict=verdict, severity=severity)

    def __iter__(self) -> Iterator[Look]:
        return (self[place] for place in range(len(self)))

    @property
    def spikes(self) -> Ints:
        """The places of the ticks that are a spike."""
        return np.flatnonzero(self.verdict == VERDICTS.index("spike"))


def severity_of(z: float, sensitivity: Sensitivity) -> Severity:
    return "critical" if z >= sensitivity.critical else "high" if z >= sensitivity.high else "notice"
