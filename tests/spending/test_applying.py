"""Changes carried out by two processes at once, by a platform that says no, and after the approval was taken back."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from include.domain.ads import AdState, StateMoved
from include.domain.errors import CredentialsDead
from include.spending import actions, applying
from include.spending.proposing import Change
from tests.spending.conftest import ACCOUNT

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
LOWER = Change(ACCOUNT, "1", "Natale", "budget", "60", "32.24", "EUR")


class Platform:
    """An ad account with one campaign; `meanwhile` happens between its comparing and its setting."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.daily, self.sent, self.meanwhile = Decimal(60), 0, meanwhile

    def ad_state(self, entity_id: str) -> AdState:
        return AdState(entity_id, "ACTIVE", self.daily, "EUR")

    def settable(self, amount: Decimal, currency: str) -> Decimal:
        return amount

    def set_daily_budget(self, entity_id: str, amount: Decimal, *, expected: Decimal) -> None:
        if self.daily != expected:
            raise StateMoved(f"it is {self.daily}, not {expected}.")
        self.meanwhile()
        self.daily, self.sent = amount, self.sent + 1

    def set_status(self, entity_id: str, status: str, *, expected: str) -> None:
        raise AssertionError


def approved(engine: Engine, change: Change = LOWER) -> str:
    proposal = actions.Proposal("aurora", "aurora/Natale/2026-11-02", "Natale", [change], "Why.", ["aoi"], NOW + DAY)
    key = actions.propose(engine, proposal, now=NOW)
    assert actions.decide(engine, key, "approved", by="aoi", now=NOW)
    return key


DAY = timedelta(days=1)


def rows(engine: Engine) -> list[actions.Action]:
    return actions.actions(engine, since=NOW - DAY)


def apply(engine: Engine, platform: Platform, found: list[actions.Action] | None = None) -> int:
    return applying.apply(engine, found or rows(engine), lambda _: platform, now=NOW, is_fresh=lambda _: True)


def test_two_runs_at_once_send_a_change_once(engine: Engine) -> None:
    approved(engine)
    inside, other_is_done = threading.Event(), threading.Event()

    def meanwhile() -> None:
        inside.set()
        other_is_done.wait(20)

    platform, found = Platform(meanwhile), rows(engine)
    first = threading.Thread(target=apply, args=(engine, platform, found))
    first.start()
    assert inside.wait(20)
    assert apply(engine, platform, found) == 0
    other_is_done.set()
    first.join(20)
    assert (platform.sent, rows(engine)[0].state) == (1, "applied")
    assert apply(engine, platform, found) == 0, "nor does a third, which had read it before"
    assert platform.sent == 1


def test_what_is_being_sent_is_not_taken_back(engine: Engine) -> None:
    key = approved(engine)
    platform = Platform(lambda: actions.withdraw(engine, key, now=NOW))
    assert apply(engine, platform) == 1
    assert rows(engine)[0].state == "applied"


def test_what_was_taken_back_is_not_sent(engine: Engine) -> None:
    key, platform = approved(engine), Platform()
    found = rows(engine)
    actions.withdraw(engine, key, now=NOW)
    assert apply(engine, platform, found) == 0
    assert (platform.sent, rows(engine)[0].note) == (0, "no longer needed")


def test_with_a_dead_token_an_approval_waits_for_a_new_one(engine: Engine) -> None:
    approved(engine)

    def dead() -> None:
        raise CredentialsDead("meta_ads_aurora: give it a new token.")

    assert apply(engine, Platform(dead)) == 0
    (row,) = rows(engine)
    assert (row.state, row.note) == ("approved", "meta_ads_aurora: give it a new token.")
    assert apply(engine, Platform()) == 1


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        (LOWER, True),
        (LOWER.__class__(ACCOUNT, "1", "Natale", "budget", "60", "33.10", "EUR"), True),
        (LOWER.__class__(ACCOUNT, "1", "Natale", "budget", "60", "40", "EUR"), False),
        (LOWER.__class__(ACCOUNT, "1", "Natale", "budget", "55", "32.24", "EUR"), False),
        (LOWER.__class__(ACCOUNT, "1", "Natale", "pause", "ACTIVE", "PAUSED", "EUR"), False),
    ],
)
def test_a_question_stands_while_it_asks_for_about_the_same(engine: Engine, change: Change, is_same: bool) -> None:
    approved(engine)
    assert actions.same_changes(rows(engine), [change]) is is_same
