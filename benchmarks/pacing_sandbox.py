"""Whether the end of a flight is foreseen on the sandbox's campaigns, as they would be read from it.

The sandbox delivers by rules of its own (`include/sandbox/meta_ads/delivery.py`): weekdays that no plan knows, luck
that lasts for days, a limit of 1.75 times the daily budget. The same baselines as in `pacing.py`, on the same flights.
These campaigns never change, but their luck lingers for days, which no family of `pacing.py` does in the same way.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

import include.sandbox.slack  # noqa: F401 - the sandbox's rooms know each other: this one has to come first
from benchmarks.measurement import Measurement
from benchmarks.pacing import FIRST, Flight, _coverage, _errors, _trial
from include.sandbox.meta_ads.campaigns import Campaign
from include.sandbox.meta_ads.delivery import delivered

ROME = ZoneInfo("Europe/Rome")
SEED = 7
NAME = "pacing, the sandbox's campaigns"


def measure(size: float = 1.0) -> list[Measurement]:
    trials = [_trial(flight) for flight in _flights(max(round(2000 * size), 4))]
    return [*_errors(NAME, trials), _coverage(NAME, trials)]


def _flights(count: int) -> Iterator[Flight]:
    rng = np.random.default_rng(11)
    for number in range(count):
        days = int(rng.integers(28, 61))
        campaign = _campaign(number, delivery=float(rng.uniform(0.5, 1.5)))
        yield Flight(_spend(campaign, days), np.ones(days), int(days * rng.uniform(0.35, 0.8)))


def _campaign(number: int, delivery: float) -> Campaign:
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=ROME).astimezone(UTC)
    return Campaign(f"120{number:015}", "Campaign", "OUTCOME_SALES", 6000, "ACTIVE", start, None, delivery, start)


def _spend(campaign: Campaign, days: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Each day as it stands once it is settled."""
    later = campaign.start + timedelta(days=days + 10)
    found = (delivered(SEED, campaign, FIRST + timedelta(days=after), later, ROME) for after in range(days))
    return np.array([float(day.spend) if day else 0.0 for day in found])
