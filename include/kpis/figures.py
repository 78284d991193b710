"""From the facts of one account's week to the figures of its KPIs. Pure, and exact: fractions until they are kept."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from include.domain.windows import Window
from include.kpis.completeness import Standing, spoken, standing
from include.kpis.facts import AccountWeek, DayRead, PostSums

Slice = tuple[str, str]  # the KPI's name, and the content type or nothing


@dataclass(frozen=True, slots=True)
class Figure:
    """A KPI's numerator and denominator (None where it has none or it is unknown), and how it stands."""

    numerator: Fraction | None
    denominator: Fraction | None = None
    standing: Standing = field(default_factory=Standing)

    def noting(self, *notes: str) -> "Figure":
        return replace(self, standing=self.standing.and_(Standing(notes=notes)))


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """Everything that is known of one account's week. `ledgers` are by stream; the days are those that have begun."""

    account: str
    week: Window
    own: AccountWeek | None
    posts: Sequence[PostSums]
    ledgers: Mapping[str, Mapping[date, DayRead]]
    post_days: Sequence[date]
    account_days: Sequence[date]

    def stands(self, stream: str, days: Sequence[date]) -> Standing:
        return standing(self.ledgers.get(stream, {}), days)

    def since(self, day: date | None, sunday: date) -> Standing:
        """How the account's days from the one that was used until `sunday` stand; all of them where none was."""
        first = day or sunday - timedelta(days=6)
        return self.stands("account_day", [d for d in Window(first, sunday).days() if d <= self.account_days[-1]])


def figures(facts: AccountFacts) -> dict[Slice, Figure]:
    """Every computed KPI of the account, known or not."""
    found: dict[Slice, Figure] = {}
    found.update(_of_posts(facts))
    found.update(_of_audience(facts))
    found[("engagement_rate_by_followers", "")] = _by_followers(facts, found[("engagements", "")])
    return found


def _of_posts(facts: AccountFacts) -> Iterator[tuple[Slice, Figure]]:
    stands = facts.stands("posts", facts.post_days)
    count = sum(kind.posts for kind in facts.posts)
    unknown = not count and not stands.days_read
    yield ("posts_published", ""), Figure(None if unknown else Fraction(count), standing=stands)
    yield (
        ("engagements", ""),
        Figure(None if unknown else Fraction(0), standing=stands) if not count else _engaged(facts.posts, stands),
    )
    for kind in facts.posts:
        yield ("engagement_by_content_type", kind.content_type), _engaged([kind], stands)
    for exposure in ("reach", "views", "impressions"):
        yield (f"engagement_rate_by_{exposure}", ""), _rate(facts.posts, exposure, stands)


def _engaged(kinds: Sequence[PostSums], stands: Standing) -> Figure:
    posts, counted = sum(kind.posts for kind in kinds), sum(kind.counted for kind in kinds)
    figure = Figure(_sum([kind.engagements for kind in kinds]), standing=stands)
    return figure if counted == posts else figure.noting(f"{counted} of {posts} posts have counters")


def _rate(kinds: Sequence[PostSums], exposure: str, stands: Standing) -> Figure:
    engagements = _sum([getattr(kind, f"engagements_with_{exposure}") for kind in kinds])
    figure = Figure(engagements, _sum([getattr(kind, exposure) for kind in kinds]), stands)
    if engagements is not None:
        return figure
    return figure.noting(f"no {exposure} of its posts given" if kinds else "no posts")


def _of_audience(facts: AccountFacts) -> Iterator[tuple[Slice, Figure]]:
    sunday, own = facts.week.last, facts.own
    level = _followers(facts)
    growth = _growth(facts)
    before = Fraction(own.followers_before) if own and own.followers_before is not None else None
    start = (
        facts.since(own.before_on if own else None, sunday - timedelta(days=7)) if before is not None else Standing()
    )
    rate = Figure(growth.numerator, before, growth.standing.and_(start))
    reach = _reach(facts)
    yield ("followers", ""), level
    yield ("audience_growth", ""), growth
    yield ("audience_growth_rate", ""), rate if before is not None else rate.noting(_START_UNKNOWN)
    yield ("reach", ""), reach
    yield ("coverage", ""), Figure(reach.numerator, level.numerator, reach.standing.and_(level.standing))


def _reach(facts: AccountFacts) -> Figure:
    """The seven days to Sunday; where a network is slow with its Sunday, those to the newest day that it has."""
    own, sunday = facts.own, facts.week.last
    if own is None or own.reach is None:
        return Figure(None, standing=facts.since(None, sunday)).noting(f"no weekly reach given for {spoken(sunday)}")
    figure = Figure(Fraction(own.reach), standing=facts.since(own.reach_on, sunday))
    return figure if own.reach_on == sunday else figure.noting(f"of the seven days to {spoken(own.reach_on or sunday)}")


_START_UNKNOWN = "the level at the end of the week before is not known"


def _followers(facts: AccountFacts) -> Figure:
    own, sunday = facts.own, facts.week.last
    if own is None or own.followers is None:
        return Figure(None, standing=facts.since(None, sunday)).noting("no follower level was read in the week")
    figure = Figure(Fraction(own.followers), standing=facts.since(own.followers_on, sunday))
    return figure if own.followers_on == sunday else figure.noting(f"as of {spoken(own.followers_on or sunday)}")


def _growth(facts: AccountFacts) -> Figure:
    """Follows less unfollows where all seven days have both, else the difference of the levels at both ends."""
    own, sunday = facts.own, facts.week.last
    if own and own.net_days == 7 and own.net_follows is not None:
        return Figure(Fraction(own.net_follows), standing=facts.stands("account_day", facts.account_days))
    level = _followers(facts)
    if own is None or own.followers is None:
        return level
    if own.followers_before is None:
        return Figure(None, standing=level.standing).noting(_START_UNKNOWN)
    ended = sunday - timedelta(days=7)
    stands = level.standing.and_(facts.since(own.before_on, ended))
    figure = Figure(Fraction(own.followers - own.followers_before), standing=stands)
    if own.net_days:
        figure = figure.noting(f"from follower levels: only {own.net_days} of 7 days have follows and unfollows")
    return figure if own.before_on == ended else figure.noting(f"since {spoken(own.before_on or ended)}")


def _by_followers(facts: AccountFacts, engaged: Figure) -> Figure:
    own = facts.own
    average = Fraction(own.followers_sum, own.followers_days) if own and own.followers_sum is not None else None
    stands = engaged.standing.and_(facts.stands("account_day", facts.account_days))
    figure = Figure(engaged.numerator, average, stands)
    return figure if average is not None else figure.noting("no follower level was read in the week")


def _sum(values: Sequence[int | None]) -> Fraction | None:
    """The sum of the values that are there; None where none is."""
    there = [Fraction(value) for value in values if value is not None]
    return sum(there, Fraction(0)) if there else None
