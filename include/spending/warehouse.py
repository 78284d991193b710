"""What Meta Ads and its like cost, from what the desk has read: a SpendSource over `ad_day`, `ad_hour`, `ad_entity`.

A day counts as known once it was read after it had ended on the ad account's clock (today: at all). A known day
without a row cost nothing; a row of a day that is not known is left out, for it may be half of the day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from include.domain.ads import SpendRow
from include.pacing.delivery import rule_of
from include.warehouse.tables import ad_day, ad_entity, ad_entity_history, ad_hour, ingest_window

DAYS, ENTITIES = "ad_day", "ad_entities"
HOURS_DAYS = timedelta(days=14)
"""So many days of hours show how a day usually goes."""

_GONE = ("GONE", "ARCHIVED", "DELETED")

Hours = Mapping[tuple[str, str, date], Mapping[int, Decimal]]


class Setting(NamedTuple):
    """A campaign as it was last read: what it may spend a day (0 while it does not run), in which currency.

    Where the budget is that of its ad sets, `parts` are these, and `daily_budget` is what those that run have together.
    """

    account: str
    entity_id: str
    name: str
    status: str
    is_running: bool
    daily_budget: Decimal | None
    currency: str
    parts: tuple["Setting", ...] = ()


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
        settings = self.settings(accounts)
        told = self._told(settings)
        for row in self.connection.execution_options(yield_per=5000).execute(_days(accounts, first, last)):
            if row.metric_date in known[row.account]:
                silent[row.account].discard(row.metric_date)
                currencies.setdefault(row.account, row.currency)
                daily = told.get((row.account, row.entity_id), {}).get(row.metric_date)
                yield from _rows(row, hours.get((row.account, row.entity_id, row.metric_date), {}), daily)
        for account, days in silent.items():
            if account in currencies:
                yield from (SpendRow(day, account, Decimal(0), currencies[account]) for day in sorted(days))
        yield from self._set_now(settings)

    def settings(self, accounts: Collection[str]) -> list[Setting]:
        """The campaigns of those accounts that were read today, each as it stood then; none that is gone."""
        fresh = [account for account in accounts if self._is_read_today(account)]
        c = ad_entity.c
        query = select(ad_entity).where(c.account.in_(fresh), c.effective_status.not_in(_GONE))
        rows = self.connection.execute(query.order_by(c.account, c.entity_id)).all()
        parts: dict[tuple[str, str | None], list[Setting]] = defaultdict(list)
        for row in rows:
            if row.level == "adset":
                parts[row.account, row.parent_id].append(self._setting(row))
        campaigns = [row for row in rows if row.level == "campaign"]
        return [_together(self._setting(row), parts[row.account, row.entity_id]) for row in campaigns]

    def is_fresh(self, account: str) -> bool:
        """Whether yesterday, as a whole, is known."""
        yesterday = self._today(account) - timedelta(days=1)
        return bool(self._known([account], yesterday, yesterday).get(account))

    def _setting(self, row: Row[Any]) -> Setting:
        begins, ends = row.starts_at or self.now, row.ends_at
        is_running = row.effective_status == "ACTIVE" and begins <= self.now and (ends is None or self.now < ends)
        daily = row.daily_budget if is_running or row.daily_budget is None else Decimal(0)
        return Setting(row.account, row.entity_id, row.name, row.status, is_running, daily, row.currency or "")

    def _set_now(self, settings: Sequence[Setting]) -> Iterator[SpendRow]:
        """What each campaign is told to spend today, as rows that cost nothing."""
        for each in settings:
            is_unknown = each.daily_budget is None
            if each.currency and (each.is_running or not is_unknown):
                today = self._today(each.account)
                row = SpendRow(today, each.account, Decimal(0), each.currency, each.name, each.entity_id)
                yield row._replace(daily_budget=each.daily_budget, has_no_daily=is_unknown)

    def _told(self, settings: Sequence[Setting]) -> dict[tuple[str, str], dict[date, Decimal]]:
        """The days before today on which a campaign is known to have been set as it is now, as far back as its
        platform's rule of delivery counts."""
        accounts = {each.account for each in settings}
        read = {account: self._days_read(account) for account in accounts}
        changed = self._changed(accounts)
        told: dict[tuple[str, str], dict[date, Decimal]] = {}
        for each in settings:
            since = max((changed.get(one, date.min) for one in _ids(each)), default=date.min)
            days = [day for day in read[each.account] if day > since] if each.daily_budget else []
            told[each.account, each.entity_id] = dict.fromkeys(days, each.daily_budget or Decimal(0))
        return told

    def _days_read(self, account: str) -> list[date]:
        """The days before today, of the period of the platform's rule, on which the settings were read."""
        rule, today, c = rule_of(account), self._today(account), ingest_window.c
        if rule is None:
            return []
        period = c.metric_date.between(rule.begins(today), today - timedelta(days=1))
        query = select(c.metric_date).where(c.account == account, c.stream == ENTITIES, period)
        return [*self.connection.scalars(query.where(c.fetched_at.is_not(None)))]

    def _changed(self, accounts: Collection[str]) -> dict[tuple[str, str], date]:
        """The day on which each campaign or ad set was last found set otherwise, of late."""
        c = ad_entity_history.c
        told = or_(*(c.before.has_key(name) for name in ("daily_budget", "status", "effective_status")))
        lately = and_(c.account.in_(accounts), c.replaced_at > self.now - timedelta(days=40))
        query = select(c.account, c.entity_id, func.max(c.replaced_at)).where(told, lately)
        rows = self.connection.execute(query.group_by(c.account, c.entity_id))
        return {(account, entity): self._today(account, at) for account, entity, at in rows}

    def _today(self, account: str, at: datetime | None = None) -> date:
        return (at or self.now).astimezone(ZoneInfo(self.zones.get(account, "UTC"))).date()

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


def _together(campaign: Setting, parts: Sequence[Setting]) -> Setting:
    """The campaign with what its ad sets have, where it has nothing of its own; None where one of them has none."""
    if campaign.daily_budget is not None or not parts:
        return campaign
    budgets = [each.daily_budget for each in parts if each.is_running and campaign.is_running]
    known = [each for each in budgets if each is not None]
    daily = sum(known, Decimal(0)) if len(known) == len(budgets) else None
    return campaign._replace(daily_budget=daily, parts=tuple(parts))


def _ids(setting: Setting) -> Iterator[tuple[str, str]]:
    return ((each.account, each.entity_id) for each in (setting, *setting.parts))


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


def _rows(row: Row[Any], hours: Mapping[int, Decimal], daily: Decimal | None) -> Iterator[SpendRow]:
    """One day of a campaign; by its hours where they are known, and what they lack of the day."""
    whole = row.spend or Decimal(0)
    day = SpendRow(row.metric_date, row.account, whole, row.currency, row.name or "", row.entity_id)._replace(
        daily_budget=daily
    )
    if not hours:
        yield day
        return
    for hour, amount in sorted(hours.items()):
        yield day._replace(hour=hour, amount=amount)
    if rest := whole - sum(hours.values(), Decimal(0)):
        yield day._replace(amount=rest)
