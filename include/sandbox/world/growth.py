"""A post's lifetime counters, which grow with its age: fast in the first day, slowly for a month, never back."""

import bisect
import functools
import math
from dataclasses import dataclass

from include.sandbox.chance import chance

PULL = {"text": 0.6, "link": 0.7, "image": 1.1, "carousel": 1.2, "video": 1.4}
REACTIONS = {"LIKE": 0.72, "LOVE": 0.17, "WOW": 0.03, "HAHA": 0.05, "SORRY": 0.02, "ANGRY": 0.01}


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What has come together since publication. `clicks` holds `link_clicks`; video counters are 0 without one."""

    views: int
    reach: int
    reactions: int
    comments: int
    shares: int
    saves: int
    clicks: int
    link_clicks: int
    profile_clicks: int
    video_views: int

    @property
    def engagements(self) -> int:
        return self.reactions + self.comments + self.shares + self.saves + self.clicks

    def by_reaction(self) -> dict[str, int]:
        """The reactions by kind; they add up to `reactions`."""
        counts = {name: int(self.reactions * share) for name, share in REACTIONS.items()}
        counts["LIKE"] += self.reactions - sum(counts.values())
        return counts


TALKED_OF = 24 * 60
"""For so many hours people comment on a post."""


def lifetime(names: tuple[object, ...], kind: str, followers: int, viral: bool, age_hours: float) -> Lifetime:
    """The counters of the post that `names` describe, `age_hours` after it went out. They move once an hour."""
    grown = _grown(math.floor(age_hours))
    return Lifetime(*(int(value * grown) for value in _final(names, kind, followers, viral)))


def comment_ages(names: tuple[object, ...], kind: str, followers: int, viral: bool) -> tuple[int, ...]:
    """The full hours after which each of its comments is in the counter."""
    final = _final(names, kind, followers, viral)[COMMENTS]
    steps = [int(final * grown) for grown in _growth()]
    return tuple(bisect.bisect_left(steps, number) for number in range(1, steps[-1] + 1))


COMMENTS = 3


def _final(names: tuple[object, ...], kind: str, followers: int, viral: bool) -> tuple[float, ...]:
    """What the counters come to in the end, in the order of `Lifetime`."""
    draw = chance(*names, "lifetime")
    reach = followers * draw.uniform(0.08, 0.3) * PULL[kind] * (14 if viral else 1)
    reactions, clicks = reach * draw.uniform(0.015, 0.05), reach * draw.uniform(0.008, 0.02)
    link_clicks = clicks * (2.5 if kind == "link" else 0)
    rates = (draw.uniform(0.05, 0.15), draw.uniform(0.03, 0.1), draw.uniform(0.02, 0.06))
    return (
        reach * draw.uniform(1.2, 1.6),
        reach,
        reactions,
        *(reactions * rate for rate in rates),
        clicks + link_clicks,
        link_clicks,
        reach * draw.uniform(0.001, 0.004),
        reach * draw.uniform(0.5, 0.8) if kind == "video" else 0,
    )


@functools.cache
def _growth() -> tuple[float, ...]:
    return tuple(_grown(hours) for hours in range(TALKED_OF + 1))


def _grown(hours: float) -> float:
    """The share of its final size that a post has reached: 87 % come in two days, the rest over two months."""
    if hours <= 0:
        return 0.0
    return 0.88 * (1 - math.exp(-hours / 14)) + 0.12 * (1 - math.exp(-hours / (24 * 18)))
