"""Changes of ad budgets: proposed from the looks, carried out once somebody agreed, checked on the next run.

`DESK_AD_CHANGES` says how far that goes: `off` (nothing is written or asked), `propose`, `apply`.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from include.domain import AdManager, Brand
from include.orchestration import doors, reading_spend
from platforms import every_platform

if TYPE_CHECKING:
    from sqlalchemy import Engine

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
        from include.spending import actions, applying

        actions.expire(self.engine, now=self.now)
        before = actions.actions(self.engine, since=self.now - LOOKS_BACK)
        applying.verify(self.engine, before, manager_of, now=self.now)
        for each in seen:
            self.propose(each)
        self.apply()

    def apply(self, message_key: str = "") -> int:
        """Set what is approved (of one proposal, or all); gives how many changes were sent."""
        from include.spending import actions, applying

        if doors.settings().ad_changes != "apply":
            return 0
        rows = actions.actions(self.engine, since=self.now - LOOKS_BACK, states=("approved",))
        mine = [row for row in rows if message_key in ("", row.message_key)]
        return applying.apply(self.engine, mine, manager_of, now=self.now, is_fresh=self._is_fresh)

    def propose(self, seen: "Seen") -> None:
        """Propose what the look at one budget asks for; take back what it no longer does."""
        from include.spending import actions
        from include.spending.proposing import changes, members_of

        look = seen.look
        rows = self.kept.get(look.budget.key, [])
        settings = members_of(look, self.settings(seen.brand))
        accounts = list(seen.tally.known)
        wanted = changes(look, settings, accounts=accounts, ours=self.paused_by_us) if look.budget.members else []
        if seen.brand.key in self.on_hold:
            wanted = [each for each in wanted if each.what == "pause"]
        waiting = [row for row in rows if row.state == "proposed"]
        if waiting and actions.same_changes(waiting, wanted):
            return
        for key in dict.fromkeys(row.message_key for row in waiting):
            actions.withdraw(self.engine, key, now=self.now)
        if wanted and self._may(rows, wanted, look.budget.timezone):
            self._write(seen, wanted)

    def _may(self, rows: "Sequence[Action]", wanted: "Sequence[Change]", zone: str) -> bool:
        from include.spending.actions import may_propose

        today = self.now.astimezone(ZoneInfo(zone)).date()

        def same_day(moment: datetime) -> bool:
            return moment.astimezone(ZoneInfo(zone)).date() == today

        return all(may_propose(rows, each.what, now=self.now, same_day=same_day) for each in wanted)

    def _write(self, seen: "Seen", wanted: "Sequence[Change]") -> None:
        from include.pacing.sentences import speak
        from include.pacing.states import State
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
        is_agreed = budget.pause_at_cap and seen.look.state == State.OVER_CAP
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


def begin(engine: "Engine", brands: Sequence[Brand], now: datetime) -> Changes:
    return Changes(engine, brands, now, reading_spend.zones())
