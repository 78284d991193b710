"""What no cell of `budgets.csv` shows by itself: sums that cannot be, and rows that get into each other's way."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from include.desk.flights import NONE, Budget, Member, parents_of
from include.desk.problems import Findings, instead


def note_sums(budget: Budget, findings: Findings) -> None:
    """What is impossible within one row."""

    def note(column: str, found: object, why: str) -> None:
        findings.add(budget.row, column, str(found), why)

    if budget.last < budget.first:
        note("to", budget.last, f"is before its beginning, {budget.first}.")
        return
    _note_days(budget, findings)
    for_days = budget.amount - budget.reserve
    if budget.reserve >= budget.amount:
        note("reserve", budget.reserve, f"leaves nothing of {budget.amount} to spend.")
    if budget.hard_cap < for_days:
        note("cap", budget.hard_cap, f"is below the {for_days} that are to be spent.")
    if budget.carry_over is not None and for_days + budget.carry_over < 0:
        note("carry_over", budget.carry_over, f"takes more off than the {for_days} there are.")
    for event in budget.events:
        if event.last < budget.first or event.first > budget.last:
            note("events", event.first, f"is outside the flight, {budget.first} to {budget.last}.")


def _note_days(budget: Budget, findings: Findings) -> None:
    """A flight whose days cannot hold its money, or ask for more of it than there is."""
    days = sum(1 for day in budget.days() if budget.weight(day))
    for_days = budget.amount - budget.reserve
    if not days:
        findings.add(budget.row, "weekdays", "", "no day of the flight weighs anything, so nothing can be spent.")
    if budget.min_day * days > for_days:
        why = f"{days} days of it cost {budget.min_day * days}, and there are {for_days}."
        findings.add(budget.row, "min_day", str(budget.min_day), why)
    if budget.max_day is None or not days:
        return
    if budget.max_day < budget.min_day:
        findings.add(budget.row, "max_day", str(budget.max_day), f"is below min_day, {budget.min_day}.")
    elif budget.max_day * days < for_days:
        why = f"{days} days of it spend {budget.max_day * days} at most, and {for_days} are to be spent."
        findings.add(budget.row, "max_day", str(budget.max_day), why)


def note_across_rows(budgets: Sequence[Budget], findings: Findings) -> None:
    """Flights of one name that overlap, parents that do not hold their parts, members of two budgets."""
    named: dict[str, list[Budget]] = defaultdict(list)
    for budget in budgets:
        for other in named[budget.title]:
            if budget.overlaps(other):
                why = f"{budget.title} has a flight in row {other.row} on the same days; let one end first."
                findings.add(budget.row, "from", str(budget.first), why)
        named[budget.title].append(budget)
    parts: dict[str, list[Budget]] = defaultdict(list)
    wholes = parents_of(budgets)
    for budget in budgets:
        if budget.parent and _note_parent(budget, named, findings):
            parts[wholes[budget.key].key].append(budget)
    for budget in budgets:
        _note_parts(budget, parts[budget.key], findings)
    _note_shared_members([budget for budget in budgets if not parts[budget.key]], findings)


def _note_parent(budget: Budget, named: dict[str, list[Budget]], findings: Findings) -> bool:
    """Whether the budget's parent can be one."""
    flights = named.get(f"{budget.brand}/{budget.parent}", [])
    if not flights:
        names = [title.partition("/")[2] for title in named if title.startswith(f"{budget.brand}/")]
        why = f"{budget.brand} has no such budget; {instead(budget.parent, [n for n in names if n != budget.name])}"
    elif not any(each.first <= budget.first and budget.last <= each.last for each in flights):
        why = f"no flight of it holds all days from {budget.first} to {budget.last}."
    elif budget.title in _above(budget, named):
        why = f"{budget.name} would be a part of itself."
    else:
        return True
    findings.add(budget.row, "parent", budget.parent, why)
    return False


def _above(budget: Budget, named: dict[str, list[Budget]]) -> Iterator[str]:
    """The titles of a budget's parent, of its parent, and so on; a circle is walked once."""
    seen: set[str] = set()
    title = f"{budget.brand}/{budget.parent}"
    while title in named and title not in seen:
        seen.add(title)
        yield title
        title = f"{budget.brand}/{named[title][0].parent}"


def _note_parts(budget: Budget, parts: list[Budget], findings: Findings) -> None:
    if not parts and not budget.members:
        why = "names nobody who spends; write members, or make it the parent of another budget."
        findings.add(budget.row, "members", "", why)
    if parts and budget.members:
        rows = ", ".join(str(part.row) for part in parts)
        why = f"spend is counted in its parts (row {rows}); move these members to a part."
        findings.add(budget.row, "members", "; ".join(map(str, budget.members)), why)
    alike = [part for part in parts if part.currency == budget.currency]
    together = sum((part.amount for part in alike), NONE)
    if together > budget.amount:
        why = f"its parts have {together} together (row {', '.join(str(part.row) for part in alike)})."
        findings.add(budget.row, "amount", f"{budget.amount:f}", why)


def _note_shared_members(leaves: Sequence[Budget], findings: Findings) -> None:
    """A campaign may spend from one budget at a time, or its money would be counted twice."""
    by_account: dict[str, list[tuple[Budget, Member]]] = defaultdict(list)
    wild: list[tuple[Budget, Member]] = []
    for budget in leaves:
        for member in budget.members:
            is_wild = "*" in member.account or "?" in member.account
            others = (
                [pair for pairs in by_account.values() for pair in pairs] if is_wild else by_account[member.account]
            )
            for other, theirs in [*others, *wild]:
                if budget is not other and budget.overlaps(other) and (theirs.covers(member) or member.covers(theirs)):
                    why = f"{other.title} in row {other.row} has {theirs} on the same days; spend is counted once."
                    findings.add(budget.row, "members", str(member), why)
            (wild if is_wild else by_account[member.account]).append((budget, member))
