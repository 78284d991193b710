"""A week beside the week before it, and the weeks before that for a chart."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import Connection, select

from include.kpis.completeness import is_complete
from include.kpis.definitions import KPIS
from include.kpis.roll_up import WHOLE_BRAND
from include.kpis.week import weeks_to
from include.warehouse.tables import kpi_week

_c = kpi_week.c


@dataclass(frozen=True, slots=True)
class Change:
    """A KPI of one week and what it was the week before.

    `delta` is in the KPI's own unit (a percentage's in fractions: 0.01 is one point), `relative` a fraction of the
    value before; both None where a value is unknown, `relative` also where the value before is not above 0.
    `direction` is `good`, `bad` or `same`, None where that cannot be said or a rise is neither.
    """

    account: str
    kpi: str
    slice: str
    value: Decimal | None
    before: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    is_final: bool
    note: str | None

    @property
    def is_complete(self) -> bool:
        """Whether every day behind the value was read, so that it may be compared, though it may still be restated."""
        return is_complete(is_final=self.is_final, note=self.note)

    @property
    def delta(self) -> Decimal | None:
        return None if self.value is None or self.before is None else self.value - self.before

    @property
    def relative(self) -> Decimal | None:
        return None if self.delta is None or self.before is None or self.before <= 0 else self.delta / self.before

    @property
    def direction(self) -> str | None:
        up_is_good = KPIS[self.kpi].up_is_good
        if self.delta is None or (self.delta and up_is_good is None):
            return None
        if self.delta == 0:
            return "same"
        return "good" if (self.delta > 0) == up_is_good else "bad"


@dataclass(frozen=True, slots=True)
class Point:
    """One week of a KPI's history; a week that was not rolled up has no value."""

    week: date
    value: Decimal | None
    is_final: bool


def compare(connection: Connection, brand: str, week: date) -> list[Change]:
    """Every KPI of the brand's week, of the brand (`*`) and its accounts, in the order of the definitions."""
    before = kpi_week.alias("before")
    same = (before.c.brand == _c.brand, before.c.account == _c.account, before.c.kpi == _c.kpi)
    both = kpi_week.outerjoin(
        before,
        (before.c.week == week - timedelta(weeks=1)) & same[0] & same[1] & same[2] & (before.c.slice == _c.slice),
    )
    rows = connection.execute(
        select(
            _c.account,
            _c.kpi,
            _c.slice,
            _c.value,
            before.c.value.label("before"),
            _c.numerator,
            _c.denominator,
            _c.is_final,
            _c.note,
        )
        .select_from(both)
        .where(_c.week == week, _c.brand == brand)
    )
    order = {name: place for place, name in enumerate(KPIS)}
    changes = [Change(**row) for row in rows.mappings() if row["kpi"] in order]
    return sorted(changes, key=lambda change: (change.account, order[change.kpi], change.slice))


def history(
    connection: Connection,
    brand: str,
    kpi: str,
    *,
    until: date,
    account: str = WHOLE_BRAND,
    content_type: str = "",
    weeks: int = 8,
) -> list[Point]:
    """The KPI's last `weeks` weeks up to and with the week `until` (a Monday), the oldest first, none left out."""
    wanted = weeks_to(until, weeks)
    rows = connection.execute(
        select(_c.week, _c.value, _c.is_final).where(
            _c.brand == brand,
            _c.account == account,
            _c.kpi == kpi,
            _c.slice == content_type,
            _c.week.between(wanted[0], until),
        )
    )
    known = {row.week: Point(row.week, row.value, row.is_final) for row in rows}
    return [known.get(week, Point(week, None, is_final=False)) for week in wanted]
