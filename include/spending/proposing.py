"""What to change of which campaign so that a budget does what its look says. Pure.

Campaigns (or their ad sets, where the money is theirs) are scaled together, by as much as the budget's day should be
more or less than it is set now; what is paused is the whole campaign. Lowering is
proposed where too much is spent, raising where too little is and the spend is up to date, and then never by more than
the budget's step. Where the money is gone, what runs is to be paused; only what the desk itself paused is proposed to
run again. Nothing is proposed where it is not known how all that spends from the budget is set.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from include.desk.flights import Member
from include.desk.money import decimals
from include.pacing.look import Look
from include.pacing.states import TOO_MUCH, State
from include.spending.warehouse import Setting

What = Literal["budget", "pause", "resume"]
ACTIVE, PAUSED = "ACTIVE", "PAUSED"
_GONE = frozenset({State.EXHAUSTED, State.OVER_CAP})
_CALM = frozenset({State.UNDER, State.ON_TRACK, State.LEARNING})
NEAR = 20  # a change by less than a twentieth is not worth a question


@dataclass(frozen=True, slots=True)
class Change:
    """One campaign or ad set, and what it is to be changed from and to."""

    account: str
    entity_id: str
    name: str
    what: What
    before: str
    after: str
    currency: str

    @property
    def is_raise(self) -> bool:
        """Whether more is spent after it."""
        return self.what == "resume" or (self.what == "budget" and Decimal(self.after) > Decimal(self.before))


def campaigns_of(members: Sequence[Member], settings: Sequence[Setting]) -> list[Setting]:
    """The campaigns that spend from a budget with these members."""
    return [each for each in settings if any(m.takes(each.account, each.entity_id, each.name) for m in members)]


def changes(
    look: Look, settings: Sequence[Setting], *, accounts: Collection[str], ours: Collection[str] = ()
) -> list[Change]:
    """What to propose. `settings` are those of the budget's campaigns, `accounts` all that spend from it, `ours` the
    ids of campaigns that the desk has paused."""
    running = [each for each in settings if each.is_running]
    if look.today > look.budget.last or look.today < look.budget.first:
        return []
    if look.state in _GONE:
        return [pause(each) for each in running]
    if not look.is_fresh or look.today_amount is None:
        return []
    if look.state in _CALM and look.today_amount > 0 and (resting := _resting(settings, ours)):
        return [_change(each, "resume", PAUSED, ACTIVE) for each in resting]
    is_known = all(account in {each.account for each in settings} for account in accounts)
    if not is_known or any(each.daily_budget is None for each in running):
        return []
    return list(_scaled(look, running))


def pause(setting: Setting) -> Change:
    return _change(setting, "pause", setting.status, PAUSED)


def _resting(settings: Sequence[Setting], ours: Collection[str]) -> list[Setting]:
    every = [one for each in settings for one in (each, *each.parts)]
    return [each for each in every if each.entity_id in ours and each.status == PAUSED]


def _scaled(look: Look, running: Sequence[Setting]) -> Iterator[Change]:
    amount, now = look.today_amount, look.now
    if amount is None or not now:
        return
    for each in [one for campaign in running for one in _with_money(campaign)]:
        before = each.daily_budget or Decimal(0)
        unit = Decimal(1).scaleb(-decimals(each.currency))
        after = (before * amount / now).quantize(unit, ROUND_DOWN)
        if look.state in TOO_MUCH and after < 1:
            yield pause(each)
        elif abs(after - before) * NEAR > before and _helps(look.state, raises=after > before):
            yield _change(each, "budget", str(before), str(after))


def _with_money(campaign: Setting) -> list[Setting]:
    """What of a campaign has a budget to be set: it, or those of its ad sets that run, named after both."""
    parts = [each for each in campaign.parts if each.is_running]
    return [each._replace(name=f"{campaign.name} · {each.name}") for each in parts] or [campaign]


def _helps(state: State, *, raises: bool) -> bool:
    return state == State.UNDER if raises else state in TOO_MUCH


def _change(setting: Setting, what: What, before: str, after: str) -> Change:
    return Change(setting.account, setting.entity_id, setting.name, what, before, after, setting.currency)
