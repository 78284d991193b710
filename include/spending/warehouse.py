"""What Meta Ads and its like cost, from what the desk has read: a SpendSource over `ad_day`, `ad_hour`, `ad_entity`.

A day counts as known once it was read after it had ended on the ad account's clock (today: at all). A known day
without a row cost nothing; a row of a day that is not known is left out, for it may be half of the day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, and_, func, select

from include.domain.ads import SpendRow
from include.warehouse.tables import ad_day, ad_entity, ad_hour, ingest_window

DAYS, ENTITIES = "ad_day", "ad_entities"
HOURS_DAYS = timedelta(days=14)
"""So many days of hours show how a day usually goes."""

Hours = Mapping[tuple[str, str, date], Mapping[int, Decimal]]


class Setting(NamedTuple):
    """A campaign as it was last read: what it may spend a day (0 while it does not run), in which currency."""

    account: str
    entity_id: str
    name: str
    status: str
    is_running: bool
    daily_budget: Decimal | None
    currency: str


@dataclass(frozen=True)
class WarehouseSpend:
    """`zones` are the ad accounts' zones, by account."""

    connection: Connection
    zones: Mapping[str, str]
    now: datetime

    def spend(self, accounts: Collection[str], first: date, last: date) -> Iterator[SpendRow]:
        known = self._known(accounts, first, last)
        currencies = self._currencies(accounts)
        hours = self._hours(accounts, max(first, last - HOURS_DAYS), last)
        silent = {account: set(days) for account, days in known.items()}
        for row in self.connection.execution_options(yield_per=5000).execute(_days(accounts, first, last)):
            if row.metric_date in known[row.account]:
                silent[row.account].discard(row.metric_date)
                currencies.setdefault(row.account, row.currency)
                yield from _rows(row, hours.get((row.account, row.entity_id, row.metric_date), {}))
        for account, days in silent.items():
            if account in currencies:
                yield from (SpendRow(day, account, Decimal(0), currencies[account]) for day in sorted(days))
        yield from self._set_now(accounts)

    def settings(self, accounts: Collection[str]) -> list[Setting]:
        """The campaigns of those accounts that were read today, each as it stood then."""
        fresh = [account for account in accounts if self._is_read_today(account)]
        query = select(ad_entity).where(ad_entity.c.account.in_(fresh), ad_entity.c.level == "campaign")
        rows = self.connection.execute(query.order_by(ad_entity.c.account, ad_entity.c.entity_id))
        return [self._setting(row) for row in rows]

    def is_fresh(self, account: str) -> bool:
        """Whether yesterday, as a whole, is known."""
        yesterday = self._today(account) - timedelta(days=1)
        return bool(self._known([account], yesterday, yesterday).get(account))

    def _setting(self, row: Row[Any]) -> Setting:
        begins, ends = row.starts_at or self.now, row.ends_at
        is_running = row.effective_status == "ACTIVE" and begins <= self.now and (ends is None or self.now < ends)
        daily = row.daily_budget if is_running or row.daily_budget is None else Decimal(0)
        return Setting(row.account, row.entity_id, row.name, row.status, is_running, daily, row.currency or "")

    def _set_now(self, accounts: Collection[str]) -> Iterator[SpendRow]:
        """What each campaign is told to spend, as rows that cost nothing."""
        for each in self.settings(accounts):
            if each.daily_budget is not None and each.currency:
                today = self._today(each.account)
                row = SpendRow(today, each.account, Decimal(0), each.currency, each.name, each.entity_id)
                yield row._replace(daily_budget=each.daily_budget)

    def _today(self, account: str) -> date:
        return self.now.astimezone(ZoneInfo(self.zones.get(account, "UTC"))).date()

    def _is_read_today(self, account: str) -> bool:
        c = ingest_window.c
        wanted = and_(c.account == account, c.stream == ENTITIES, c.metric_date == self._today(account))
        read = self.connection.execute(select(c.fetched_at).where(wanted, c.fetched_at.is_not(None))).one_or_none()
        return read is not None

    def _known(self, accounts: Collection[str], first: date, last: date) -> dict[str, set[date]]:
        c = ingest_window.c
        query = select(c.account, c.metric_date, c.fetched_at).where(
            c.account.in_(accounts), c.stream == DAYS, c.metric_date.between(first, last), c.fetched_at.is_not(None)
        )
        known: dict[str, set[date]] = defaultdict(set)
        for account, day, fetched_at in self.connection.execute(query):
            if day == self._today(account) or fetched_at >= self._end_of(account, day):
                known[account].add(day)
        return known

    def _end_of(self, account: str, day: date) -> datetime:
        return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(self.zones.get(account, "UTC")))

    def _currencies(self, accounts: Collection[str]) -> dict[str, str]:
        c = ad_entity.c
        query = select(c.account, c.currency).where(c.account.in_(accounts), c.level == "account")
        return {account: currency for account, currency in self.connection.execute(query) if currency}

    def _hours(self, accounts: Collection[str], first: date, last: date) -> Hours:
        query = select(ad_hour).where(ad_hour.c.account.in_(accounts), ad_hour.c.metric_date.between(first, last))
        hours: dict[tuple[str, str, date], dict[int, Decimal]] = defaultdict(dict)
        for row in self.connection.execute(query):
            hours[row.account, row.entity_id, row.metric_date][row.hour] = row.spend or Decimal(0)
        return hours


def _days(accounts: Collection[str], first: date, last: date) -> Select[Any]:
    """A row for each campaign and day. The same spend may stand under several attribution settings: the newest reading
    is then the higher one, since spend is settled upwards."""
    c, e = ad_day.c, ad_entity.c
    keys = (c.account, c.metric_date, c.entity_id)
    return (
        select(
            *keys,
            func.max(c.spend).label("spend"),
            func.max(c.currency).label("currency"),
            func.max(e.name).label("name"),
        )
        .outerjoin(ad_entity, and_(e.account == c.account, e.entity_id == c.entity_id))
        .where(c.account.in_(accounts), c.metric_date.between(first, last), c.level == "campaign")
        .group_by(*keys)
        .order_by(*keys)
    )


def _rows(row: Row[Any], hours: Mapping[int, Decimal]) -> Iterator[SpendRow]:
    """One day of a campaign; by its hours where they are known, and what they lack of the day."""
    whole = row.spend or Decimal(0)
    day = SpendRow(row.metric_date, row.account, whole, row.currency, row.name or "", row.entity_id)
    if not hours:
        yield day
        return
    for hour, amount in sorted(hours.items()):
        yield day._replace(hour=hour, amount=amount)
    if rest := whole - sum(hours.values(), Decimal(0)):
        yield day._replace(amount=rest)
