"""Carrying out what was approved: compare with what the platform shows now, set, and look again on the next run.

A change says what it expects to find; where it finds another value nothing is set, and that is told. Where the answer
is lost, the change counts as sent and is never repeated: the next run sees whether it happened.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import Engine

from include.domain.ads import AdManager, AdState, StateMoved
from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, TryLater
from include.spending import actions
from include.spending.actions import Action

log = logging.getLogger(__name__)

ManagerOf = Callable[[str], AdManager]


def apply(
    engine: Engine, rows: Iterable[Action], manager_of: ManagerOf, *, now: datetime, is_fresh: Callable[[str], bool]
) -> int:
    """Set what is approved; gives how many changes were sent. With stale spend nothing is raised."""
    sent = 0
    for row in rows:
        if row.state != "approved":
            continue
        if row.is_raise and not is_fresh(row.account):
            actions.remark(engine, row, "The spend of yesterday is not read yet, and until then nothing is raised.")
            continue
        with actions.alone(engine, row) as is_mine:
            sent += _apply(engine, row, manager_of, now) if is_mine else 0
    return sent


def _apply(engine: Engine, row: Action, manager_of: ManagerOf, now: datetime) -> bool:
    try:
        manager = manager_of(row.account)
        _set(manager, row)
    except StateMoved as moved:
        return _moved(engine, row, manager, str(moved), now)
    except OutcomeUnknown as unknown:
        return actions.move(engine, row, "applied", now=now, note=str(unknown))
    except (TryLater, CredentialsDead) as later:  # a new token comes in time, or the approval ends
        actions.remark(engine, row, str(later))
        return False
    except PlatformError as refused:
        actions.move(engine, row, "failed", now=now, note=str(refused))
        return False
    return actions.move(engine, row, "applied", now=now, note=row.note)


def _set(manager: AdManager, row: Action) -> None:
    if row.what == "budget":
        manager.set_daily_budget(row.entity_id, Decimal(row.after), expected=Decimal(row.before))
    else:
        manager.set_status(row.entity_id, row.after, expected=row.before)


def _moved(engine: Engine, row: Action, manager: AdManager, why: str, now: datetime) -> bool:
    """Another value stands there. Ours, if an earlier try set it and could not say so any more."""
    try:
        is_ours = stands(manager.ad_state(row.entity_id), row, row.after)
    except PlatformError as error:
        actions.remark(engine, row, str(error))
        return False
    if is_ours:
        return actions.move(engine, row, "applied", now=now, note="It was set already.")
    actions.move(engine, row, "moved", now=now, note=why)
    return False


def verify(engine: Engine, rows: Iterable[Action], manager_of: ManagerOf, *, now: datetime) -> None:
    """Look at what was set by an earlier run; a proposal that somebody carried out by hand counts too."""
    for row in rows:
        if row.state not in ("applied", "approved"):
            continue
        try:
            found = manager_of(row.account).ad_state(row.entity_id)
        except PlatformError as error:
            log.warning("%s", error)
            continue
        if stands(found, row, row.after):
            actions.move(engine, row, "verified", now=now, note=row.note)
        elif row.state == "applied":
            has_not_moved = stands(found, row, row.before)
            words = f"The platform shows {shown(found, row)}"
            state = "failed" if has_not_moved else "moved"
            why = "as before: the change did not take." if has_not_moved else "now; somebody has changed it since."
            actions.move(engine, row, state, now=now, note=f"{words} {why}")


def stands(found: AdState, row: Action, value: str) -> bool:
    """Whether the platform shows that value."""
    if row.what == "budget":
        return found.daily_budget == Decimal(value)
    return found.status == value


def shown(found: AdState, row: Action) -> str:
    if row.what != "budget":
        return found.status
    return f"{found.daily_budget} {found.currency} a day" if found.daily_budget is not None else "no daily budget"
