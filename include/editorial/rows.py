"""What a row of the calendar is, once it has been read: usable, or to be corrected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from include.desk.problems import Problem
from include.domain.posts import Media
from include.editorial.recurrence import is_occurrence


@dataclass(frozen=True, slots=True)
class Row:
    """One row that can be used, or one occurrence of a row that `recurs`: such rows share their number.

    `when` is aware UTC. `texts` holds what each account (by key) is to say, `threads` what follows it there,
    `first_comments` what it says under it, `formats` as what (feed, reel, story), `networks` its platform. `digests`
    stands for what the images show, in the order of `media`. `link` is as it was written; with `utm` its posts' links
    carry tags.
    """

    number: int
    key: str
    brand: str
    when: datetime
    texts: Mapping[str, str]
    media: tuple[Media, ...] = ()
    digests: tuple[str, ...] = ()
    link: str | None = None
    campaign: str | None = None
    threads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_comments: Mapping[str, str] = field(default_factory=dict)
    formats: Mapping[str, str] = field(default_factory=dict)
    networks: Mapping[str, str] = field(default_factory=dict)
    objective: str | None = None
    pillar: str | None = None
    sponsor_budget: str | None = None
    utm: bool = True
    recurs: bool = False

    @property
    def post_ids(self) -> tuple[str, ...]:
        return tuple(f"{self.key}:{account}" for account in self.texts)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """One row that cannot be used, and all that is wrong with it. `key` and `brand` where they could be told."""

    number: int
    key: str | None
    brand: str | None
    problems: tuple[Problem, ...]
    recurs: bool = False

    def may_have_made(self, key: str) -> bool:
        """Whether a post of that key may come from this row, whose own key is known."""
        return self.key is not None and (key == self.key or (self.recurs and is_occurrence(key, self.key)))
