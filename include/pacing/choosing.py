"""Which flights of a file have to be looked at today, so that years of budgets cost nothing."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta

from include.desk.flights import Budget, Member, parents_of

LATELY = timedelta(days=2)


def is_on(budget: Budget, today: date) -> bool:
    """Whether its flight is on, or ended so lately that its last days may still change."""
    return budget.first <= today <= budget.last + LATELY


def of_interest(budgets: Sequence[Budget], today: date) -> list[Budget]:
    """The flights that are on anywhere (`today` in UTC), and what their figures rest on: parts, wholes, and flights
    that leave them money."""
    parents = parents_of(budgets)
    tomorrow = today + timedelta(days=1)  # in UTC it may still be yesterday where the flight is
    wanted = {budget.key for budget in budgets if is_on(budget, today) or is_on(budget, tomorrow)}
    before = 0
    while before < len(wanted):
        before = len(wanted)
        wanted |= {parents[key].key for key in wanted if key in parents}
        wanted |= {part for part, whole in parents.items() if whole.key in wanted}
        wanted |= set(_earlier(budgets, wanted))
    return [budget for budget in budgets if budget.key in wanted]


def _earlier(budgets: Sequence[Budget], wanted: Collection[str]) -> Iterator[str]:
    """The flight before each one that takes over what was left."""
    for budget in budgets:
        if budget.key in wanted and budget.carry_over is None:
            before = [each for each in budgets if each.title == budget.title and each.first < budget.first]
            if before:
                yield max(before, key=lambda each: each.first).key


def accounts_of(budgets: Iterable[Budget], known: Iterable[str]) -> list[str]:
    """Those of the accounts that exist from which one of `budgets` is spent, sorted."""
    members = {Member(member.account) for budget in budgets for member in budget.members}
    return sorted(account for account in set(known) if any(each.takes(account, "", "") for each in members))
