"""An account's days: followers, reach and views, from the seed, the account's name and the date alone."""

import math
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from include.sandbox.chance import chance
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.world.calendar import FIRST_MONDAY, WorldPost, posts_of_week, week_of

WEEKDAYS = (1.0, 1.02, 1.05, 1.04, 0.97, 0.7, 0.62)
VIRAL_DAYS = (6.0, 3.5, 1.6, 0.7)
SHARE_REPORTED = {1: 0.91, 2: 0.965, 3: 0.99}
"""What part of a day's figure a platform shows so many days after it: figures settle on the fourth day."""


@dataclass(frozen=True, slots=True)
class Day:
    """One finished day as it will stand once settled. `withheld`: the platform gives no reach for it."""

    followers: int
    follows: int
    unfollows: int
    views: int
    reach: int
    engagements: int
    page_views: int
    video_views: int
    withheld: bool


class History:
    """The days of one account, made when first asked for and kept."""

    def __init__(self, seed: int, account: DeclaredAccount) -> None:
        self._seed, self._account = seed, account
        draw = chance(seed, account.key, "size")
        self._followers = math.exp(draw.uniform(math.log(2500), math.log(30000)))
        self._reach_rate, self._gain = draw.uniform(0.05, 0.14), draw.uniform(0.0014, 0.0022)
        self._engaged, self._phase = draw.uniform(0.02, 0.05), draw.uniform(0, 2 * math.pi)
        self._days: list[Day] = []

    def day(self, day: date) -> Day | None:
        """The settled figures of `day`; None before the world began."""
        index = (day - FIRST_MONDAY).days
        while len(self._days) <= index:
            self._days.append(self._next(FIRST_MONDAY + timedelta(days=len(self._days))))
        return self._days[index] if index >= 0 else None

    def span(self, last: date, days: int) -> list[Day]:
        """The `days` days that end with `last`, without those before the world began."""
        found = (self.day(last - timedelta(days=n)) for n in range(days - 1, -1, -1))
        return [d for d in found if d is not None]

    def unique(self, last: date, days: int) -> int:
        """How many different people were reached in those days: fewer than the sum of the days, more than any."""
        reached = [d.reach for d in self.span(last, days)]
        inner = [self.unique(last - timedelta(days=n), 7) for n in range(0, days - 6, 7)] if days > 7 else reached
        return max(*inner, 0, round(sum(reached) * days**-0.35)) if reached else 0

    def _next(self, day: date) -> Day:
        draw = chance(self._seed, self._account.key, "day", day)
        followers = self._days[-1].followers if self._days else round(self._followers)
        season = 1 + 0.12 * math.sin(day.toordinal() / 58 + self._phase)
        posts, viral = self._posts(day)
        busy = WEEKDAYS[day.weekday()] * season * draw.uniform(0.85, 1.15) * (0.8 + 0.3 * min(posts, 3) + viral)
        reach = max(1, round(followers * self._reach_rate * busy))
        views = round(reach * draw.uniform(1.35, 1.7))
        follows = round(followers * self._gain * busy * draw.uniform(0.7, 1.3))
        unfollows = round(followers * 0.0009 * draw.uniform(0.6, 1.4))
        return Day(
            followers=followers + follows - unfollows,
            follows=follows,
            unfollows=unfollows,
            views=views,
            reach=reach,
            engagements=round(views * self._engaged * draw.uniform(0.8, 1.2)),
            page_views=round(followers * 0.012 * busy * draw.uniform(0.8, 1.2)),
            video_views=round(views * draw.uniform(0.15, 0.3)),
            withheld=chance(self._seed, self._account.key, "withheld", day.toordinal() // 28).randrange(28)
            == day.toordinal() % 28,
        )

    def _posts(self, day: date) -> tuple[int, float]:
        """How many posts went out on `day`, and how much a viral one of the last days still lifts it."""
        weeks = {week_of(day), week_of(day - timedelta(days=3))}
        posts: list[WorldPost] = [p for w in weeks for p in posts_of_week(self._seed, self._account, w)]
        ages = [(day - p.created_at.date()).days for p in posts if p.viral]
        lift = sum(VIRAL_DAYS[age] for age in ages if 0 <= age < len(VIRAL_DAYS))
        return Counter(p.created_at.date() for p in posts)[day], lift


@lru_cache(maxsize=1024)
def history_of(seed: int, account: DeclaredAccount) -> History:
    """The account's history, made once however many worlds it stands in: it follows from its names alone."""
    return History(seed, account)


def reported(value: int, metric_date: date, read_on: date) -> int:
    """What a platform says on `read_on` of a figure of `metric_date` that will settle at `value`."""
    age = max(1, (read_on - metric_date).days)
    return round(value * SHARE_REPORTED.get(age, 1.0))
