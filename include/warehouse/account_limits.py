"""What the accounts' own servers said of their limits, the last time they were asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.dialects.postgresql import insert

from include.warehouse.tables import account_limit


@dataclass(frozen=True, slots=True)
class KnownLimits:
    """The limits of an account, and when they were asked for."""

    limits: Mapping[str, Any]
    asked_at: datetime


def known_limits(engine: Engine) -> dict[str, KnownLimits]:
    """By account."""
    with engine.connect() as connection:
        rows = connection.execute(select(account_limit))
        return {row.account: KnownLimits(row.limits, row.asked_at) for row in rows}


def remember_limits(engine: Engine, account: str, limits: Mapping[str, Any], *, at: datetime) -> None:
    values = {"account": account, "limits": dict(limits), "asked_at": at}
    statement = insert(account_limit).values(values)
    with engine.begin() as connection:
        connection.execute(statement.on_conflict_do_update(index_elements=["account"], set_=values))
