"""Changes of ad budgets: proposed from the looks, carried out once somebody agreed, checked on the next run.

`DESK_AD_CHANGES` says how far that goes: `off` (nothing is written or asked), `propose`, `apply`.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from include.domain import AdManager, Brand, PlatformError
from include.orchestration import doors, reading_spend
from platforms import every_platform

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.desk.flights import Budget
    from include.spending.actions import Action, Proposal
    from include.spending.proposing import Change
    from include.spending.telling import Seen
    from include.spending.warehouse import Setting

STANDS_FOR = timedelta(hours=24)
LOOKS_BACK = timedelta(days=4)

log = logging.getLogger(__name__)


def manager_of(account: str) -> AdManager:
    """The ad account's platform. Raises PlatformError where its connection is no use."""
    hook: AdManager = doors.hook(account)
    return hook


def are_on() -> bool:
    return doors.settings().ad_changes != "off"


@dataclass
class Changes:
    """The changes of one moment; `zones` are the ad accounts' own."""

    engine: "Engine"
    brands: Sequence[Brand]
    now: datetime
    zones: dict[str, str]

    def look_after(self, seen: "Sequence[Seen]") -> None:
        """Check what earlier runs set, propose what is needed now, and set what is approved."""
        from include.desk.flights import parents_of
        from include.spending import actions, applying

        actions.expire(self.engine, now=self.now)
        before = actions.actions(self.engine, since=self.now - LOOKS_BACK)
        applying.verify(self.engine, before, manager_of, now=self.now)
        by_budget = {each.look.budget.key: each for each in seen}
        wholes = parents_of([each.look.budget for each in seen])
        for each in seen:
            self.propose(each, list(_leaves(each, by_budget, wholes)), list(_above(each, by_budget, wholes)))
        self.apply()

    def apply(self, message_key: str = "") -> int:
        """Set what is approved (of one proposal, or all); gives how many changes were sent."""
        from include.spending import actions, applying

        if doors.settings().ad_changes != "apply":
            return 0
        rows = actions.actions(self.engine, since=self.now - LOOKS_BACK, states=("approved",))
        mine = [row for row in rows if message_key in ("", row.message_key)]
        return applying.apply(self.engine, mine, manager_of, now=self.now, is_fresh=self._is_fresh)

    def propose(self, seen: "Seen", leaves: "Sequence[Seen]", above: "Sequence[Seen]") -> None:
        """Propose what the look at one budget asks for; take back what it no longer does.

        `leaves` are the budgets in which its spend is counted, `above` those that it is a part of.
        """
        from include.spending import actions

        budget = seen.look.budget
        wanted = self._wanted(seen, leaves, above)
        open_rows = [row for row in self.kept.get(budget.key, []) if row.state in ("proposed", "approved")]
        for key, rows in actions.by_message(open_rows).items():
            if rows[0].state == "approved":
                still_holds = not _is_against(rows, seen, wanted)
            else:
                still_holds = actions.same_changes(rows, wanted) and not (wanted and _is_agreed(seen))
            if still_holds:
                return
            actions.withdraw(self.engine, key, now=self.now)
        taken = {
            row.entity_id for rows in self.kept.values() for row in rows if row.budget != budget.key and row.is_open
        }
        wanted = [each for each in wanted if each.entity_id not in taken]
        if wanted and self._may(seen, wanted):
            self._write(seen, wanted)

    def _wanted(self, seen: "Seen", leaves: "Sequence[Seen]", above: "Sequence[Seen]") -> "list[Change]":
        """What the look asks for. A whole pauses what its parts run once its money is gone, and does nothing else."""
        from include.pacing.states import TOO_MUCH
        from include.spending.proposing import campaigns_of, changes

        members = [member for each in leaves for member in each.look.budget.members]
        accounts = [account for each in leaves for account in each.tally.known]
        settings = campaigns_of(members, self.settings(seen.brand))
        wanted = changes(seen.look, settings, accounts=accounts, ours=self.paused_by_us)
        is_bounded = any(each.look.state in TOO_MUCH for each in above)
        if seen.brand.key in self.on_hold or not seen.look.budget.members:
            wanted = [each for each in wanted if each.what == "pause"]
        if is_bounded:
            wanted = [each for each in wanted if not each.is_raise]
        return [each for change in wanted if (each := _settable(change))]

    def _may(self, seen: "Seen", wanted: "Sequence[Change]") -> bool:
        from include.spending.actions import may_propose

        zone, rows = ZoneInfo(seen.look.budget.timezone), self.kept.get(seen.look.budget.key, [])
        today, is_agreed = self.now.astimezone(zone).date(), _is_agreed(seen)

        def same_day(moment: datetime) -> bool:
            return moment.astimezone(zone).date() == today

        return all(may_propose(rows, each, now=self.now, same_day=same_day, is_agreed=is_agreed) for each in wanted)

    def _write(self, seen: "Seen", wanted: "Sequence[Change]") -> None:
        from include.pacing.sentences import speak
        from include.spending import actions

        budget = seen.look.budget
        spoken = speak(seen.look, brand=seen.brand.title, language=seen.brand.language)
        proposal = actions.Proposal(
            brand=seen.brand.key,
            budget=budget.key,
            title=budget.name,
            changes=wanted,
            why=spoken.headline,
            deciders=budget.decides or seen.brand.approvers,
            expires_at=self.now + STANDS_FOR,
        )
        is_agreed = _is_agreed(seen)
        if not proposal.deciders and not is_agreed:
            log.warning("%s: nobody is named who decides, so nothing is proposed.", budget.title)
            return
        agreed_by = (" / ".join(proposal.deciders) or "budgets.csv") if is_agreed else ""
        actions.propose(self.engine, proposal, now=self.now, agreed_by=agreed_by)

    def propose_holds(self) -> None:
        """Where a brand or an ad account is on hold, propose once that what runs is paused."""
        from include.spending import actions
        from include.spending.proposing import pause

        for brand, hold_id, subject, why in self._holds():
            running = [
                each for each in self.settings(brand) if each.is_running and subject in (brand.key, each.account)
            ]
            if f"hold:{hold_id}" not in self.kept and running:
                actions.propose(
                    self.engine, self._of_hold(brand, hold_id, why, [pause(each) for each in running]), now=self.now
                )

    def _of_hold(self, brand: Brand, hold_id: int, why: str, wanted: "Sequence[Change]") -> "Proposal":
        from include.spending.actions import Proposal
        from include.spending.telling import say

        return Proposal(
            brand=brand.key,
            budget=f"hold:{hold_id}",
            title="",
            changes=wanted,
            why=say(brand.language, "ask_why_hold", why=why),
            deciders=brand.approvers,
            expires_at=self.now + STANDS_FOR,
        )

    def _holds(self) -> Iterator[tuple[Brand, int, str, str]]:
        for subject, hold in self.on_hold.items():
            for brand in self.brands:
                if subject == brand.key or subject in {account.key for account in brand.accounts}:
                    yield brand, hold[0], subject, hold[1]

    @cached_property
    def on_hold(self) -> dict[str, tuple[int, str]]:
        from include.publishing import holds

        return {subject: (each.hold_id, each.why) for subject, each in holds.on_hold(self.engine).items()}

    @cached_property
    def kept(self) -> "dict[str, list[Action]]":
        from include.spending import actions

        return dict(actions.kept(self.engine, since=self.now - LOOKS_BACK))

    @cached_property
    def paused_by_us(self) -> set[str]:
        from include.spending import actions

        return set(actions.paused_by_us(self.engine))

    def settings(self, brand: Brand) -> "list[Setting]":
        """The campaigns of a brand's ad accounts whose platform lets budgets be set, as they were read today."""
        from include.spending.warehouse import WarehouseSpend

        managed = {name for name, platform in every_platform().items() if platform.manages_ads}
        accounts = [account.key for account in brand.accounts if account.platform in managed]
        with self.engine.connect() as connection:
            return WarehouseSpend(connection, self.zones, self.now).settings(accounts) if accounts else []

    def _is_fresh(self, account: str) -> bool:
        from include.spending.warehouse import WarehouseSpend

        with self.engine.connect() as connection:
            return WarehouseSpend(connection, self.zones, self.now).is_fresh(account)


def _is_agreed(seen: "Seen") -> bool:
    """Whether a pause was agreed to beforehand."""
    from include.pacing.states import State

    return seen.look.budget.pause_at_cap and seen.look.state == State.OVER_CAP


def _is_against(rows: "Sequence[Action]", seen: "Seen", wanted: "Sequence[Change]") -> bool:
    """Whether what is approved and not sent yet goes against how things stand by now."""
    from include.pacing.states import TOO_MUCH

    if seen.look.state in TOO_MUCH and any(row.is_raise or row.what == "resume" for row in rows):
        return True
    return _is_agreed(seen) and bool(wanted) and any(row.what != "pause" for row in rows)


def _settable(change: "Change") -> "Change | None":
    """The change as its platform can hold it; None where that leaves nothing to change."""
    if change.what != "budget":
        return change
    try:
        after = manager_of(change.account).settable(Decimal(change.after), change.currency)
    except PlatformError as error:
        log.warning("%s", error)
        return None
    if after == Decimal(change.after):
        return change
    return replace(change, after=str(after)) if after != Decimal(change.before) else None


def _leaves(seen: "Seen", by_budget: "Mapping[str, Seen]", wholes: "Mapping[str, Budget]") -> "Iterator[Seen]":
    """The budgets in which the spend of one is counted: itself, or its parts, and theirs."""
    if seen.look.budget.members:
        yield seen
    for part, whole in wholes.items():
        if whole.key == seen.look.budget.key:
            yield from _leaves(by_budget[part], by_budget, wholes)


def _above(seen: "Seen", by_budget: "Mapping[str, Seen]", wholes: "Mapping[str, Budget]") -> "Iterator[Seen]":
    """The budgets that one is a part of."""
    while seen.look.budget.key in wholes:
        seen = by_budget[wholes[seen.look.budget.key].key]
        yield seen


def begin(engine: "Engine", brands: Sequence[Brand], now: datetime) -> Changes:
    return Changes(engine, brands, now, reading_spend.zones())
