"""What a digest is told: one brand's week as plain values, ready to be put into words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from include.kpis.definitions import Kpi
from include.messages.numbers import Number, Style

_STYLES = {"followers": Style.LEVEL, "audience_growth": Style.NET, "audience_growth_rate": Style.NET}


@dataclass(frozen=True, slots=True)
class Reading:
    """A KPI's value for one account, or for the whole brand (`of` empty); `of` is a title such as `Facebook`.

    `before` is the same a week earlier. None is unknown; why stands among the week's `missing`. With `is_final` False
    days are missing or may still change: the value is shown as it stands and no conclusion is drawn from it.
    """

    of: str
    value: Number | None
    before: Number | None = None
    is_final: bool = True


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the digest: a KPI, its readings, and what the brand wanted (for the whole brand)."""

    kpi: Kpi
    readings: tuple[Reading, ...]
    target: Number | None = None

    @property
    def style(self) -> Style:
        return _STYLES.get(self.kpi.name, Style.AMOUNT)


@dataclass(frozen=True, slots=True)
class BestPost:
    """A post worth a look. `why` says what is good about it, with a number: `412 engagements, 3× the usual`."""

    account: str
    text: str
    url: str | None
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The week ahead: how many posts are planned, how many of them wait for a yes, and until when (aware)."""

    posts: int
    awaiting: int = 0
    answer_by: datetime | None = None
    approval_url: str | None = None


@dataclass(frozen=True, slots=True)
class WeekInWords:
    """Everything that Monday's digest says about one brand.

    `monday` names the week, `timezone` is the brand's. `missing` are sentences on days that are not there or not
    final; `waiting` are KPIs whose source is not connected. `chart` is a PNG and `chart_alt` the words for it.
    """

    brand: str
    monday: date
    timezone: str
    figures: Sequence[Figure]
    best_posts: Sequence[BestPost] = ()
    plan: Plan | None = None
    missing: Sequence[str] = ()
    waiting: Sequence[Kpi] = ()
    chart: bytes | None = None
    chart_alt: str = ""

    @property
    def number(self) -> int:
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)
