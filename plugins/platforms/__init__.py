"""The networks that the desk can talk to. A folder here is its own registration.

Each folder's `__init__.py` says `PLATFORM = Platform(...)`: data only, for it is read at every parse of a DAG. The
hook behind it is imported when somebody connects.
"""

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from include.domain.posts import Post
from include.domain.streams import Stream


@dataclass(frozen=True, slots=True)
class Quota:
    """How many posts an account may send in a sliding span. `limit_name`: where `LimitSource.limits` tells the
    account's own number under that name, it goes before `most`. Texts of a thread count like posts; `comments`: a
    first comment counts too, for it is a post there."""

    most: int
    per: timedelta
    limit_name: str = ""
    comments: bool = False


@dataclass(frozen=True, slots=True)
class Platform:
    """One network: what it can do, what it allows, where that is written.

    `hook` and `wording` are `module:attribute`, imported on first use. `publishes` is true where the hook is a
    `Publisher`; `streams` are what it can be asked as a `MetricSource`. `day_zone` is the IANA zone of its metric
    dates. `find_delay`: how long after an accepted call the platform's own lists may still lack the post; an absence
    counts as proof only later than that. `pool` is the Airflow pool of its reading tasks. `answers` names the KPIs
    that it can report (`include/kpis/definitions.py`). `docs`: the pages all of this was read from.

    What else the hook can do with a post: `follows` (`thread`, `comment`: a `Follower`), `deletes` (a `Remover`),
    `edits` (an `Editor`), `limited` (a `LimitSource`). `quotas` are its caps on posts. `cost` (`module:attribute`)
    says what a post costs, in US dollars. `by_address`: it fetches media itself, from a public address. `opens_links`:
    an address in a post can be followed.
    `manages_ads`: the hook is an `AdManager`. `listens`: it is a `CommentSource`; `moderates` (`hide`, `answer`): it is
    a `Moderator` that can do that; `gathers_leads`: it is a `LeadSource`. A `day_zone` of `account` means that each
    account has its own.
    """

    name: str
    title: str
    hook: str
    wording: str
    docs: tuple[str, ...]
    publishes: bool = False
    streams: tuple[Stream, ...] = ()
    day_zone: str = "UTC"
    find_delay: timedelta = timedelta(minutes=2)
    answers: tuple[str, ...] = ()
    follows: tuple[str, ...] = ()
    deletes: bool = False
    edits: bool = False
    limited: bool = False
    quotas: tuple[Quota, ...] = ()
    cost: str = ""
    by_address: bool = False
    opens_links: bool = True
    manages_ads: bool = False
    listens: bool = False
    moderates: tuple[str, ...] = ()
    gathers_leads: bool = False

    @property
    def pool(self) -> str:
        return f"read_{self.name}"

    def stream(self, name: str) -> Stream:
        return next(s for s in self.streams if s.name == name)

    def connect(self, conn_id: str) -> Any:
        """A hook for one account's connection. Building it has no effect: no network, no look-up of the connection."""
        return _load(self.hook)(conn_id)

    def problems(self, post: Post, limits: Mapping[str, Any] | None = None) -> list[str]:
        """Why the network would refuse `post`, a sentence each; empty when it would take it.

        `limits` are those of the account's own server (`LimitSource`), where it has any.
        """
        if not self.limited:
            check: Callable[[Post], list[str]] = _load(self.wording)
            return check(post)
        check_by: Callable[[Post, Mapping[str, Any]], list[str]] = _load(self.wording)
        return check_by(post, limits or {})

    def price(self, post: Post) -> Decimal:
        """What sending `post` costs, in US dollars."""
        ask: Callable[[Post], Decimal] = _load(self.cost) if self.cost else lambda _: Decimal(0)
        return ask(post)


def _load(path: str) -> Any:
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)


@functools.cache
def every_platform() -> dict[str, Platform]:
    """Every network by name: each folder beside this file that says `PLATFORM`."""
    found = {}
    for folder in pkgutil.iter_modules(__path__):
        module = importlib.import_module(f"{__name__}.{folder.name}") if folder.ispkg else None
        platform = getattr(module, "PLATFORM", None)
        if platform is not None:
            found[platform.name] = platform
    return found
