"""How sure the detector must be before it calls anybody."""

from dataclasses import dataclass, replace
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What counts as a spike. Window, early window and baseline are whole hours.

    `least` is how many negatives can call anybody at all, `times` how many times the usual they must be, `share_p` the
    binomial test that their share must pass. `surprise` is what the risen share must be worth where the number has
    risen by exactly `z` deviations; each deviation more or less changes that by `trade`, down to `least_surprise`;
    `slack` below `z` nothing is a spike. `early` is the shorter window in which a rise may show first, `early_sd` the
    least deviation that is believed of it.
    """

    z: float = 5.0
    least: int = 5
    times: float = 2.0
    window: timedelta = timedelta(hours=6)
    baseline: timedelta = timedelta(days=28)
    share_p: float = 0.01
    settle: timedelta = timedelta(hours=72)
    learning: timedelta = timedelta(days=14)
    early: timedelta = timedelta(hours=4)
    early_sd: float = 0.5
    surprise: float = 3.2
    trade: float = 0.4
    least_surprise: float = 2.4
    slack: float = 2.5
    high: float = 7.4
    critical: float = 12.0

    def of_a_post(self) -> "Sensitivity":
        """For one post among many: each of them could call for nothing, and the account's own look sees most of it."""
        return replace(self, z=self.z + 3)


SENSITIVE = Sensitivity(z=4.0)
BALANCED = Sensitivity()
STRICT = Sensitivity(z=7.4)
