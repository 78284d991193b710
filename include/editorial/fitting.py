"""Whether a plan fits what each account may send: its network's caps over a sliding span, with what is already out.

A thread takes a place for each of its texts. The earlier posts have the places; what no longer fits is told when it
would.
"""

import bisect
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from include.domain.posts import Post
from include.editorial.networks import Cap, Limits, Network


@dataclass(frozen=True, slots=True)
class Booking:
    """A post that the ledger knows: when it went out, or is to, and how many places it takes. `is_out`: it has gone,
    or may have."""

    post_id: str
    account: str
    at: datetime
    places: int = 1
    is_out: bool = False


@dataclass(slots=True)
class Places:
    """The places of all accounts, taken one post after the other, in the order of their time."""

    taken: dict[str, list[datetime]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, bookings: Iterable[Booking]) -> "Places":
        places = cls()
        for booking in bookings:
            places.book(booking.account, booking.at, booking.places)
        return places

    def book(self, account: str, at: datetime, places: int) -> None:
        for _ in range(places):
            bisect.insort(self.taken[account], at)

    def take(self, post: Post, network: Network, limits: Limits, zone: str) -> str | None:
        """Takes the post's places; a sentence where they are not free, and then none is taken."""
        at, needed = post.publish_at, 1 + len(post.thread)
        if at is None:
            return None
        for cap in network.caps:
            most = own_number(cap, limits)
            if self._busiest(post.account, at, cap.per) + needed > most:
                free = self._free_from(post.account, at, cap.per, most - needed)
                return _words(most, cap.per, free.astimezone(ZoneInfo(zone)) if free else None)
        self.book(post.account, at, needed)
        return None

    def release(self, posts: Iterable[Post]) -> None:
        """Gives back the places that these posts took."""
        for post in posts:
            if post.publish_at is not None:
                for _ in range(1 + len(post.thread)):
                    self.taken[post.account].remove(post.publish_at)

    def _busiest(self, account: str, at: datetime, per: timedelta) -> int:
        """The most places that are taken in any span of `per` with `at` in it."""
        taken = self.taken[account]
        first = bisect.bisect_right(taken, at - per)
        ends = [at, *taken[bisect.bisect_left(taken, at) : bisect.bisect_left(taken, at + per)]]
        return max(bisect.bisect_right(taken, end) - max(first, bisect.bisect_right(taken, end - per)) for end in ends)

    def _free_from(self, account: str, at: datetime, per: timedelta, room: int) -> datetime | None:
        """When so little is taken that the post fits; None where it never does."""
        if room < 0:
            return None
        later = [moment + per for moment in self.taken[account] if moment + per > at]
        return next((moment for moment in later if self._busiest(account, moment, per) <= room), None)


def own_number(cap: Cap, limits: Limits) -> int:
    """The account's own number where its server tells one, else what the network states for all."""
    own = limits.get(cap.limit_name) if cap.limit_name else None
    return own if isinstance(own, int) and not isinstance(own, bool) and own >= 0 else cap.most


def _words(most: int, per: timedelta, free: datetime | None) -> str:
    minutes = int(per.total_seconds() // 60)
    span = f"{minutes // 60} hours" if minutes >= 60 else f"{minutes} minutes"
    said = (
        f"{most} post{'s' * (most != 1)} in {span} {'are' if most != 1 else 'is'} its limit, and this one is too many"
    )
    if free is None:
        return f"{said}; shorten its thread."
    at = free if not (free.second or free.microsecond) else free.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return f"{said}; move it to {at:%Y-%m-%d %H:%M} or later."
