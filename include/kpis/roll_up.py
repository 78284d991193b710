"""A week of facts into the KPIs of `kpi_week`, for each account and each brand.

Safe to run again at any time: the weeks before are computed anew, for platforms restate their figures and old posts
go on collecting engagement, and only what changed is written.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, delete, or_, tuple_
from sqlalchemy.dialects.postgresql import insert

from include.domain.accounts import Brand
from include.domain.windows import Window
from include.kpis import facts, website
from include.kpis import heard as comments
from include.kpis.across import across
from include.kpis.completeness import NOT_OVER, Standing
from include.kpis.definitions import KPIS, WEBSITES
from include.kpis.figures import AccountFacts, Figure, Slice, figures
from include.kpis.week import bounds, days_of, utc_days_of, weeks_to
from include.warehouse.tables import kpi_week

WHOLE_BRAND = "*"
PLACES = Decimal("1E-10")
Heard = Mapping[str, Sequence[str]]
NOBODY: Heard = MappingProxyType({})


def roll_up(engine: Engine, brands: Iterable[Brand], week: date, now: datetime, heard: Heard = NOBODY) -> int:
    """Compute the KPIs of the ISO week that begins on Monday `week`; return how many rows were written.

    `heard` are the accounts of each brand, by key, whose comments are listened to.
    A row that ends as it was is not written. A week that has not begun yet in a brand's zone has no rows.
    """
    written = 0
    for brand in brands:
        with engine.begin() as connection:
            rows = _rows(connection, brand, week, now, heard.get(brand.key, ()))
            written += _keep(connection, brand.key, week, rows, now)
    return written


def roll_up_weeks(
    engine: Engine, brands: Sequence[Brand], last_week: date, count: int, now: datetime, heard: Heard = NOBODY
) -> int:
    """The same for the `count` weeks up to and with `last_week`, the oldest first."""
    return sum(roll_up(engine, brands, week, now, heard) for week in weeks_to(last_week, count))


def _rows(
    connection: Connection, brand: Brand, week: date, now: datetime, heard: Sequence[str]
) -> list[dict[str, Any]]:
    begins, ends = bounds(week, brand.timezone)
    if begins > now or not (brand.accounts or heard):
        return []
    social = {one.account: figures(one) for one in _facts(connection, brand, week, now)}
    sites = sorted(account.key for account in brand.accounts if account.platform in WEBSITES)
    today = now.astimezone(ZoneInfo(brand.timezone)).date()
    web = website.figures(connection, sites, days_of(week), today) if sites else {}
    said = comments.figures(connection, heard, begins, ends) if heard else {}
    whole = {one: figure for family in (social, web, said) if family for one, figure in across(family).items()}
    standing = Standing() if ends <= now else Standing(is_final=False, notes=(NOT_OVER,))
    return [
        _row(account, one, figure, standing)
        for account, of_account in _together(social, web, said, {WHOLE_BRAND: whole}).items()
        for one, figure in of_account.items()
    ]


def _together(*families: Mapping[str, Mapping[Slice, Figure]]) -> dict[str, dict[Slice, Figure]]:
    """The figures by account: one account may have numbers and be listened to."""
    found: dict[str, dict[Slice, Figure]] = {}
    for family in families:
        for account, of_account in family.items():
            found.setdefault(account, {}).update(of_account)
    return found


def _facts(connection: Connection, brand: Brand, week: date, now: datetime) -> list[AccountFacts]:
    keys = sorted(account.key for account in brand.accounts if account.platform not in WEBSITES)
    days, post_days = days_of(week), utc_days_of(week, brand.timezone)
    posts = facts.post_sums(connection, keys, *bounds(week, brand.timezone))
    own = facts.account_weeks(connection, keys, days)
    ledger = facts.days_read(connection, keys, Window(min(days.first, post_days.first), max(days.last, post_days.last)))
    today = now.astimezone(UTC).date()
    return [
        AccountFacts(
            account=key,
            week=days,
            own=own.get(key),
            posts=[kind for kind in posts if kind.account == key],
            ledgers={stream: read for (account, stream), read in ledger.items() if account == key},
            post_days=[day for day in post_days.days() if day <= today],
            account_days=[day for day in days.days() if day <= max(today, days.first)],
        )
        for key in keys
    ]


def _row(account: str, one: Slice, figure: Figure, week: Standing) -> dict[str, Any]:
    kpi, slice_ = one
    ratio = KPIS[kpi].denominator is not None
    value = _quotient(figure) if ratio else figure.numerator
    divided_by_nothing = ratio and figure.denominator == 0
    stands = figure.standing.and_(Standing(notes=("there is nothing to divide by",) if divided_by_nothing else ()))
    stands = stands.and_(week)
    return {
        "account": account,
        "kpi": kpi,
        "slice": slice_,
        "value": _kept(value),
        "numerator": _kept(figure.numerator),
        "denominator": _kept(figure.denominator),
        "is_final": stands.is_final,
        "note": "; ".join(stands.notes) or None,
    }


def _quotient(figure: Figure) -> Fraction | None:
    if figure.numerator is None or not figure.denominator:
        return None
    return figure.numerator / figure.denominator


def _kept(exact: Fraction | None) -> Decimal | None:
    return None if exact is None else (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(PLACES)


def _keep(connection: Connection, brand: str, week: date, rows: list[dict[str, Any]], now: datetime) -> int:
    """Bring the brand's week to `rows`: what is no more goes, what changed is written."""
    columns = kpi_week.c
    key = tuple_(columns.account, columns.kpi, columns.slice)
    present = [(row["account"], row["kpi"], row["slice"]) for row in rows]
    gone = delete(kpi_week).where(columns.week == week, columns.brand == brand, key.not_in(present))
    written = len(connection.scalars(gone.returning(columns.kpi)).all())
    if not rows:
        return written
    new = insert(kpi_week)
    values = ("value", "numerator", "denominator", "is_final", "note")
    changed = new.on_conflict_do_update(
        index_elements=list(kpi_week.primary_key),
        set_={name: new.excluded[name] for name in (*values, "computed_at")},
        where=or_(*(columns[name].is_distinct_from(new.excluded[name]) for name in values)),
    ).returning(columns.kpi)
    return written + len(
        connection.scalars(changed, [{**row, "brand": brand, "week": week, "computed_at": now} for row in rows]).all()
    )
