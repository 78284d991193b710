"""What the import knows of a network: its objections, its prices, its caps. Orchestration says it of each platform."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol

from include.domain.posts import Post

Limits = Mapping[str, Any]


class Cap(Protocol):
    """How many posts an account may send within `per`; its own number, under `limit_name` of its limits, goes first."""

    @property
    def most(self) -> int: ...
    @property
    def per(self) -> timedelta: ...
    @property
    def limit_name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Network:
    """One network. `judge` gives its objections to a post, by the limits of the account's server; `price` what it
    costs (US dollars); `follows` says whether it has a `thread`, a `comment`; `by_address` that it fetches media,
    `opens_links` that an address in a post can be followed."""

    title: str
    judge: Callable[[Post, Limits], list[str]]
    price: Callable[[Post], Decimal] = lambda _: Decimal(0)
    follows: Sequence[str] = ("thread", "comment")
    caps: Sequence[Cap] = ()
    by_address: bool = False
    opens_links: bool = True

    def objections(self, post: Post, limits: Limits) -> list[str]:
        """Why the network would not take the post, a sentence each."""
        said = self.judge(post, limits)
        # A network that has its own words for what it lacks is not told twice.
        return [*said, *(words for topic, words in self._lacks(post) if not any(topic in each for each in said))]

    def _lacks(self, post: Post) -> list[tuple[str, str]]:
        lacks = []
        if post.thread and "thread" not in self.follows:
            lacks.append(("thread", f"{self.title} has no threads; leave the further texts out, or make them posts."))
        if post.first_comment and "comment" not in self.follows:
            lacks.append(("first comment", f"{self.title} has no first comment; clear it, or say it in the text."))
        hidden = [media.name for media in post.media if not media.public_url] if self.by_address else []
        if hidden:
            words = f"{self.title} fetches media itself, and {hidden[0]} has no public address; set DESK_MEDIA_BASE"
            lacks.append(("public address", f"{words}, or write an https address."))
        return lacks
