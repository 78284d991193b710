"""Which spend belongs to which budget: every row in one leaf, and the leaves' sums in their parents."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from include.desk.flights import NONE, Budget, Member, parents_of
from include.desk.problems import DeskProblems, Problem
from include.desk.rates import NoRate, Rates
from include.desk.spend import SpendRow


def _by_day() -> dict[date, Decimal]:
    return defaultdict(Decimal)


@dataclass(slots=True)
class Tally:
    """What was spent from one budget, in its currency.

    `by_member` is by the member's text, `by_spender` by the spender. `known` are the days that are known of each
    account that spends from it, `unread` the accounts of which no day is. `told` is what each spender was told to spend
    on a day, `set_now` the newest of that; `is_told` says that no spender runs on a budget of another kind.
    """

    daily: dict[date, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    hourly: dict[date, dict[int, Decimal]] = field(default_factory=dict)
    by_member: dict[str, dict[date, Decimal]] = field(default_factory=lambda: defaultdict(_by_day))
    by_spender: dict[tuple[str, ...], dict[date, Decimal]] = field(default_factory=lambda: defaultdict(_by_day))
    known: dict[str, set[date]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    is_told: bool = True
    told: dict[tuple[str, ...], dict[date, Decimal]] = field(default_factory=lambda: defaultdict(dict))
    set_now: dict[tuple[str, ...], tuple[date, Decimal]] = field(default_factory=dict)

    def spent(self, through: date) -> Decimal:
        return sum((amount for day, amount in self.daily.items() if day <= through), NONE)

    def missing(self, first: date, last: date) -> list[date]:
        """Days of which an account's spend is not known. What came before an account's first day cost nothing."""
        gone: set[date] = set()
        for days in self.known.values():
            begins = max(first, min(days, default=first))
            span = (begins + timedelta(days=after) for after in range((last - begins).days + 1))
            gone |= {day for day in span if day not in days}
        return sorted(gone)

    def settings(self) -> dict[tuple[str, ...], Decimal]:
        """What each spender is told to spend a day, as it was read last."""
        newest = max((day for day, _ in self.set_now.values()), default=None)
        return {spender: amount for spender, (day, amount) in self.set_now.items() if day == newest}

    def daily_budget(self) -> Decimal | None:
        """What the platforms are told to spend a day, all members together; None where that is not known."""
        settings = self.settings() if self.is_told else {}
        return sum(settings.values(), NONE) if settings else None

    def spent_as_told(self, spender: tuple[str, ...], first: date, last: date) -> Decimal | None:
        """What a spender cost on those days, if it is known and its setting has been the same on all of them."""
        days = [first + timedelta(days=after) for after in range((last - first).days + 1)]
        known, told = self.known.get(":".join(spender[:-2]), set()), self.told.get(spender, {})
        if not known.issuperset(days) or len({told.get(day) for day in days} | {self.set_now[spender][1]}) > 1:
            return None
        return sum((self.by_spender[spender].get(day, NONE) for day in days), NONE)


@dataclass(frozen=True, slots=True)
class Counted:
    """Tallies by the budget's key, and the spenders that no budget knows, with what they spent."""

    tallies: Mapping[str, Tally]
    unclaimed: Mapping[str, Mapping[str, Decimal]]


def count(budgets: Sequence[Budget], rows: Iterable[SpendRow], rates: Rates, file: str = "spend.csv") -> Counted:
    """Counts each row in the one budget that it belongs to.

    Raises DeskProblems for rows that two leaf budgets claim, and for those whose currency has no rate on the day.
    """
    parents = {part: whole.key for part, whole in parents_of(budgets).items()}
    wholes = set(parents.values())
    leaves = [budget for budget in budgets if budget.key not in wholes]
    claims, problems = _Claims(leaves), _Problems(file)
    tallies = {budget.key: Tally() for budget in budgets}
    days_known: dict[str, set[date]] = defaultdict(set)
    unclaimed: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for row in rows:
        days_known[row.account].add(row.day)
        found = claims.of(row)
        if not found:
            unclaimed[str(row)][row.currency] += row.amount
        if len(found) > 1:
            titles = " and ".join(sorted({budget.title for budget, _ in found}))
            problems.add(row, "", "", f"{row} belongs to {titles}; narrow the members of one.", "budgets.csv")
        if len(found) == 1:
            try:
                _enter(tallies[found[0][0].key], *found[0], row, rates)
            except NoRate as error:
                problems.add(row, "currency", row.currency, str(error), "rates.csv")
    problems.refuse_if_any()
    for budget in leaves:
        accounts = claims.accounts(budget, days_known)
        tallies[budget.key].known = {account: days_known[account] for account in accounts if account in days_known}
        tallies[budget.key].unread = tuple(sorted(accounts - days_known.keys()))
    try:
        _roll_up(budgets, parents, tallies, rates)
    except NoRate as error:
        raise DeskProblems([Problem(file, 0, "", "", f"cannot be added up: {error}")]) from None
    return Counted(tallies, unclaimed)


class _Problems:
    """What is wrong with rows, said once of each campaign: years of days may have the same fault."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.first: dict[tuple[str, str], Problem] = {}
        self.count: dict[tuple[str, str], int] = defaultdict(int)

    def add(self, row: SpendRow, column: str, found: str, why: str, mend_in: str) -> None:
        """`mend_in`: the file to be mended where the row stands in none."""
        key = (str(row), column)
        self.count[key] += 1
        place = (self.file, column, found) if row.row else (mend_in, "", "")
        self.first.setdefault(key, Problem(place[0], row.row, *place[1:], why))

    def refuse_if_any(self) -> None:
        more = {key: f" ({count - 1} more rows like it)" if count > 1 else "" for key, count in self.count.items()}
        if self.first:
            raise DeskProblems([replace(each, why=each.why + more[key]) for key, each in self.first.items()])


class _Claims:
    """Finds the leaf budgets that a row belongs to; what was found for a spender is kept."""

    def __init__(self, leaves: Sequence[Budget]) -> None:
        self.exact: dict[str, list[tuple[Budget, Member]]] = defaultdict(list)
        self.named: dict[tuple[str, str], list[tuple[Budget, Member]]] = defaultdict(list)
        self.wild: list[tuple[Budget, Member]] = []
        for budget in leaves:
            for member in budget.members:
                if _is_wild(member.account):
                    self.wild.append((budget, member))
                elif _is_wild(member.campaign):
                    self.exact[member.account].append((budget, member))
                else:
                    self.named[member.account, member.campaign.casefold()].append((budget, member))
        self._of: dict[tuple[str, str, str], list[tuple[Budget, Member]]] = {}

    def of(self, row: SpendRow) -> list[tuple[Budget, Member]]:
        if row.spender not in self._of:
            self._of[row.spender] = [*self._fitting(*row.spender)]
        day = row.day
        fitting = {budget.key: (budget, member) for budget, member in self._of[row.spender]}
        return [pair for pair in fitting.values() if pair[0].first <= day <= pair[0].last]

    def _fitting(self, account: str, campaign_id: str, campaign: str) -> Iterator[tuple[Budget, Member]]:
        for name in {campaign_id.casefold(), campaign.casefold()} - {""}:
            yield from self.named.get((account, name), [])
        for budget, member in [*self.exact.get(account, []), *self.wild]:
            if member.takes(account, campaign_id, campaign):
                yield budget, member

    def accounts(self, budget: Budget, known: Iterable[str]) -> set[str]:
        """Those that the budget names, and those of the known that fit its patterns."""
        names = {member.account for member in budget.members}
        exact = {name for name in names if not _is_wild(name)}
        patterns = [Member(name) for name in names - exact]
        spread = (
            {account for account in known if any(each.takes(account, "", "") for each in patterns)}
            if patterns
            else set()
        )
        return exact | spread


def _is_wild(text: str) -> bool:
    return "*" in text or "?" in text


def _enter(tally: Tally, budget: Budget, member: Member, row: SpendRow, rates: Rates) -> None:
    amount = rates.convert(row.amount, row.currency, budget.currency, row.day)
    tally.daily[row.day] += amount
    tally.by_member[str(member)][row.day] += amount
    tally.by_spender[row.spender][row.day] += amount
    tally.is_told &= not row.has_no_daily
    if row.hour is not None:
        hours = tally.hourly.setdefault(row.day, defaultdict(Decimal))
        hours[row.hour] += amount
    if row.daily_budget is not None and row.day >= tally.set_now.get(row.spender, (date.min, NONE))[0]:
        daily = rates.convert(row.daily_budget, row.currency, budget.currency, row.day)
        tally.set_now[row.spender] = (row.day, daily)
        tally.told[row.spender][row.day] = daily


def _roll_up(budgets: Sequence[Budget], parents: Mapping[str, str], tallies: Mapping[str, Tally], rates: Rates) -> None:
    """Adds every leaf to its parent, and to what is above that."""
    by_key = {budget.key: budget for budget in budgets}
    wholes = set(parents.values())
    for budget in budgets:
        if budget.key in wholes:
            continue
        above = parents.get(budget.key)
        while above:
            _add(tallies[above], tallies[budget.key], budget, by_key[above], rates)
            above = parents.get(above)


def _add(whole: Tally, part: Tally, budget: Budget, parent: Budget, rates: Rates) -> None:
    for day, amount in part.daily.items():
        worth = rates.convert(amount, budget.currency, parent.currency, day)
        whole.daily[day] += worth
        whole.by_member[budget.name][day] += worth
    whole.is_told &= part.is_told
    whole.known |= {f"{budget.key}:{account}": days for account, days in part.known.items()}
    before = {parent.first + timedelta(days=after) for after in range((budget.first - parent.first).days)}
    for account in part.unread or (() if part.known else ("",)):  # of this nothing is known since the part began
        whole.known[f"{budget.key}:{account}"] = before
    for spender, (day, amount) in part.set_now.items():
        whole.set_now[budget.key, *spender] = (day, rates.convert(amount, budget.currency, parent.currency, day))
        for past, told in part.told[spender].items():
            whole.told[budget.key, *spender][past] = rates.convert(told, budget.currency, parent.currency, past)
        for past, cost in part.by_spender[spender].items():
            whole.by_spender[budget.key, *spender][past] = rates.convert(cost, budget.currency, parent.currency, past)
