"""What is worth saying about a plan as a whole, and keeps nothing from going out: the same words on many networks, days
left empty, what the posts cost.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from include.domain.accounts import Brand
from include.domain.posts import Post
from include.editorial.networks import Network

MANY_NETWORKS = 3
DAYS_AHEAD = 14
_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


@dataclass(frozen=True, slots=True)
class Placed:
    """A post of the plan: its row and the network it is for, by name and as people call it."""

    row: int
    post: Post
    platform: str
    title: str


def same_everywhere(plan: Iterable[Placed]) -> list[tuple[int, str]]:
    """For each text that is said alike on three networks or more: its first row, and a sentence."""
    alike: dict[str, list[Placed]] = defaultdict(list)
    for placed in plan:
        if words := _plain(placed.post.text):
            alike[words].append(placed)
    return sorted(said for group in alike.values() if (said := _alike(group)))


def _alike(group: Sequence[Placed]) -> tuple[int, str] | None:
    titles = list(dict.fromkeys(placed.title for placed in group))
    if len(titles) < MANY_NETWORKS:
        return None
    first, *others = sorted({placed.row for placed in group})
    beside = f", with row{'s' * (len(others) > 1)} {', '.join(map(str, others))}" if others else ""
    words = f"same text on {len(titles)} networks ({', '.join(titles)}){beside}; each reads better in words of its own."
    return first, words


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def empty_days(brand: Brand, filled: Mapping[str, Iterable[datetime]], now: datetime, titles: Mapping[str, str]) -> str:
    """Of the coming days on which the brand means to post, those that have nothing, by network: a sentence or nothing.

    `filled` are the times of the posts of each platform.
    """
    zone = ZoneInfo(brand.timezone)
    today = now.astimezone(zone).date()
    ahead = [today + timedelta(days=day) for day in range(1, DAYS_AHEAD + 1)]
    found = []
    for platform, weekdays in sorted(brand.cadence.items()):
        days = {moment.astimezone(zone).date() for moment in filled.get(platform, ())}
        meant = [day for day in ahead if day.weekday() in weekdays]
        if empty := [day for day in meant if day not in days]:
            found.append(f"{titles.get(platform, platform)} {_days(empty, meant)}")
    return f"Nothing planned yet: {'; '.join(found)}." if found else ""


def _days(empty: Sequence[date], meant: Sequence[date]) -> str:
    """`Wed 25 – Fri 27 Nov, Wed 2 Dec`: days that follow each other in the brand's own rhythm are a run."""
    following = dict(pairwise(meant))
    runs: list[list[date]] = []
    for day in empty:
        if runs and following.get(runs[-1][-1]) == day:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_day(run[0]) if len(run) == 1 else f"{_day(run[0])} – {_day(run[-1])}" for run in runs)


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def dead_links(plan: Iterable[Placed], networks: Mapping[str, Network]) -> list[str]:
    """Where a post's link cannot be followed: a sentence for each network."""
    counts: dict[str, int] = defaultdict(int)
    for placed in plan:
        network = networks.get(placed.platform)
        counts[placed.title] += bool(placed.post.link and network and not network.opens_links)
    return [
        f"{title} makes no link of an address: {_counted(count, 'post').lower()} will show theirs as plain text,"
        " without campaign tags. Say where it can be followed, such as the link in the profile."
        for title, count in sorted(counts.items())
        if count
    ]


def costs(plan: Iterable[Placed], networks: Mapping[str, Network]) -> list[str]:
    """What sending costs, a sentence for each network that asks for money."""
    priced: dict[str, list[tuple[Decimal, bool]]] = defaultdict(list)
    for placed in plan:
        network = networks.get(placed.platform)
        price = network.price(placed.post) if network else Decimal(0)
        if price:
            priced[placed.title].append((price, _has_link(placed.post)))
    return [_cost(title, prices) for title, prices in sorted(priced.items())]


def _cost(title: str, prices: Sequence[tuple[Decimal, bool]]) -> str:
    total = sum((price for price, _ in prices), Decimal(0))
    linked = [price for price, has_link in prices if has_link]
    if len(linked) == len(prices):
        return f"{_counted(len(prices), f'{title} link')} {_verb(len(prices))} {_dollars(total)}."
    said = f"{_counted(len(prices), f'{title} post')} {_verb(len(prices))} {_dollars(total)}"
    links = _counted(len(linked), "link").lower()
    return f"{said}, {_dollars(sum(linked, Decimal(0)))} of it for {links}." if linked else f"{said}."


def _has_link(post: Post) -> bool:
    return bool(post.link) or any("://" in part.text for part in post.parts)


def _counted(count: int, noun: str) -> str:
    number = _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"
    return f"{number} {noun}{'s' * (count != 1)}"


def _verb(count: int) -> str:
    return "costs" if count == 1 else "cost"


def _dollars(amount: Decimal) -> str:
    """Cents, and their fractions only where there are any."""
    cents = amount.quantize(Decimal("0.01"))
    return f"${cents:,}" if cents == amount else f"${amount.normalize():,}"
