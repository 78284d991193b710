"""The work of `check_budget_pacing`: every budget looked at, told of where it needs somebody, its changes made."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from include.domain import Alert, Brand
from include.orchestration import ad_changes, doors, reading_spend
from include.orchestration.asks import Look
from include.orchestration.asks_ads import ads_asks
from include.orchestration.one_by_one import OneByOne

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.desk.flights import Budget
    from include.pacing.counting import Counted
    from include.spending.telling import Seen

FILE = "budgets_file"
WEEKDAY, HOUR = 0, 9  # Monday, on the brand's own clock

log = logging.getLogger(__name__)


def read(platform: str) -> dict[str, Any]:
    """Read what the accounts of one platform spent from which a budget is spent; nothing where none is."""
    return reading_spend.read(platform, Budgets.begin().wanted)


def check() -> dict[str, int]:
    """Look at every budget, tell what needs somebody, close what no longer does; gives how many are in which state."""
    desk = Budgets.begin()
    seen = list(desk.seen())
    with OneByOne() as tellings:
        with tellings.next():
            _tell_of_files(desk)
        with tellings.next():
            _tell_of_budgets(desk, seen)
        with tellings.next():
            _look_after_changes(desk, seen, tellings)
        for brand in desk.brands:
            with tellings.next():
                _tell_monday(desk, brand, [each for each in seen if each.brand == brand])
    states: dict[str, int] = {}
    for each in seen:
        states[each.look.state] = states.get(each.look.state, 0) + 1
    return states


@dataclass
class Budgets:
    """The desk's budgets at one moment. `broken` says by file or brand why it cannot be used."""

    engine: "Engine"
    brands: Sequence[Brand]
    now: datetime
    broken: dict[str, str]

    @classmethod
    def begin(cls) -> "Budgets":
        return cls(doors.warehouse(), doors.brands(), datetime.now(UTC), {})

    @cached_property
    def all(self) -> "list[Budget]":
        from include.desk.problems import DeskProblems

        try:
            found = doors.budgets(self.brands, self.now.date())
        except DeskProblems as problems:
            log.error("%s", problems)
            self.broken["budgets.csv"] = str(problems)
            return []
        if found is None:
            log.info("There is no budgets.csv in the desk's folder, so there is nothing to look at.")
        return [self._on_its_clock(budget) for budget in found or ()]

    @cached_property
    def wanted(self) -> "list[Budget]":
        """The flights that are on, with all that their figures rest on."""
        from include.pacing.choosing import of_interest

        return of_interest(self.all, self.now.date())

    @cached_property
    def zones(self) -> dict[str, str]:
        return reading_spend.zones()

    def _on_its_clock(self, budget: "Budget") -> "Budget":
        """Days are those of the ad account, where it was asked."""
        of_members = {self.zones[member.account] for member in budget.members if member.account in self.zones}
        return replace(budget, timezone=of_members.pop()) if len(of_members) == 1 else budget

    def seen(self) -> "Iterator[Seen]":
        """The looks at the flights that are on, brand by brand: no more spend is held in memory than that of one."""
        for brand in self.brands:
            yield from self._of_brand(brand)

    def _of_brand(self, brand: Brand) -> "Iterator[Seen]":
        from include.desk.problems import DeskProblems
        from include.pacing.check import hour_on_the_clock_of, looks, on_the_clock_of
        from include.pacing.choosing import is_on
        from include.spending.telling import Seen

        budgets = [budget for budget in self.wanted if budget.brand == brand.key]
        if not budgets:
            return
        try:
            counted = self.counted(budgets)
        except DeskProblems as problems:
            log.error("%s: %s", brand.title, problems)
            self.broken[brand.key] = str(problems)
            return
        self.unclaimed[brand.key] = counted.unclaimed
        today, hour = on_the_clock_of(self.now), hour_on_the_clock_of(self.now)
        for look in looks(budgets, counted.tallies, today, hour=hour, processes=1):
            if is_on(look.budget, look.today):
                yield Seen(brand, look, counted.tallies[look.budget.key])

    @cached_property
    def unclaimed(self) -> dict[str, Mapping[str, Mapping[str, Decimal]]]:
        return {}

    def counted(self, budgets: "Sequence[Budget]") -> "Counted":
        """Spend by budget, from the warehouse and from spend.csv. Raises DeskProblems."""
        from include.desk.rates import Rates, read_rates
        from include.pacing.counting import count
        from include.spending.sources import rows_of
        from include.spending.warehouse import WarehouseSpend

        folder = doors.settings().desk_dir
        rates = read_rates(folder / "rates.csv") if (folder / "rates.csv").is_file() else Rates()
        accounts = [account.key for account in reading_spend.ad_accounts(budgets)]
        first, last = min(budget.first for budget in budgets), self.now.date() + timedelta(days=1)
        with self.engine.connect() as connection:
            read = WarehouseSpend(connection, self.zones, self.now)
            rows = rows_of(read, accounts, doors.spend_file(), budgets, first, last)
            return count(budgets, rows, rates)


def _tell_of_files(desk: Budgets) -> None:
    """Files that cannot be used are told to the people on call, once, until they can."""
    from include.alerts.episodes import raise_alerts

    alerts = [_about_file(subject, words) for subject, words in desk.broken.items()]
    settings = doors.settings()
    raise_alerts(
        desk.engine, doors.messenger(), settings.ops_channel, (FILE,), alerts, runbook_url=settings.runbook_url
    )


def _about_file(subject: str, words: str) -> Alert:
    is_sheet = subject == "budgets.csv"
    headline = "budgets.csv cannot be read" if is_sheet else f"The ad spend of {subject} cannot be counted"
    what = "no budget is checked" if is_sheet else f"no budget of {subject} is checked"
    return Alert(
        kind=FILE,
        subject=subject,
        headline=f"{headline}, so {what}",
        because=words,
        next_step="Correct the file in the desk's folder; the next run takes it.",
    )


def _tell_of_budgets(desk: Budgets, seen: "Sequence[Seen]") -> None:
    """One message per budget and episode; where nobody could look, it stays as it is."""
    from include.alerts.episodes import raise_alerts
    from include.alerts.ledger import open_episodes
    from include.pacing.check import needing
    from include.pacing.sentences import KIND
    from include.spending.telling import BudgetVoice

    called = {look.budget.key for look in needing([each.look for each in seen])}
    told = {each.alert.key: each for each in seen if each.alert and each.look.budget.key in called}
    alerts = [each.alert for each in told.values() if each.alert]
    with desk.engine.connect() as connection:
        episodes = [episode.alert_key for episode in open_episodes(connection, (KIND,))]
    unseen = [key for key in episodes if "budgets.csv" in desk.broken or _brand_of(key) in desk.broken]
    channels = {brand.key: brand.channel for brand in desk.brands}
    brands = {brand.key: brand for brand in desk.brands}
    raised = raise_alerts(
        desk.engine,
        doors.messenger(),
        lambda alert: channels.get(_brand_of(alert.key), doors.settings().ops_channel),
        (KIND,),
        alerts,
        voice=BudgetVoice(told, brands, doors.settings().runbook_url),
        unseen=unseen,
    )
    log.info("%d opened, %d worse, %d closed", raised.opened, raised.escalated, raised.closed)


def _brand_of(alert_key: str) -> str:
    return alert_key.partition(":")[2].partition("/")[0]


def _look_after_changes(desk: Budgets, seen: "Sequence[Seen]", tellings: OneByOne) -> None:
    """What was set is checked, what is needed proposed, what is approved set; each proposal's message says so."""
    if not ad_changes.are_on():
        return
    ad_changes.begin(desk.engine, desk.brands, desk.now).look_after(seen)
    look = Look(desk.engine, desk.brands, desk.now)
    for ask in ads_asks(look):
        with tellings.next():
            look.say(ask)


def _tell_monday(desk: Budgets, brand: Brand, seen: "Sequence[Seen]") -> None:
    """The table of a brand's budgets, once in a week, whatever is run again."""
    from include.alerts.telling import where_told
    from include.spending.telling import budget_table, unclaimed_of

    local = desk.now.astimezone(ZoneInfo(brand.timezone))
    key = f"budgets:{brand.key}:{_monday(local.date())}"
    if not seen or local.weekday() != WEEKDAY or local.hour < HOUR or where_told(desk.engine, key):
        return
    accounts = [account.key for account in brand.accounts]
    unclaimed = unclaimed_of(brand, desk.unclaimed.get(brand.key, {}), accounts)
    doors.tell(key, brand.channel, budget_table(brand, seen, local.date(), unclaimed))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
