"""Metrics that a platform has stopped serving: remembered, so that they cost one refusal and no more."""

from collections.abc import Collection
from typing import Protocol, runtime_checkable

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from include.warehouse.tables import retired_metric

_c = retired_metric.c


@runtime_checkable
class LeavesOut(Protocol):
    """A MetricSource that can be told which metrics to leave out of its calls from now on."""

    def leave_out(self, stream: str, metrics: Collection[str]) -> None: ...


def remember(connection: Connection, account: str, stream: str, metric: str, reason: str) -> None:
    """Note that the platform refused `metric`; noticing it twice keeps the first time."""
    row = {"account": account, "stream": stream, "metric": metric, "reason": reason}
    connection.execute(insert(retired_metric).values(row).on_conflict_do_nothing())


def remembered(connection: Connection, account: str, stream: str) -> list[str]:
    """The metrics of the stream that this account is no longer served."""
    wanted = select(_c.metric).where(_c.account == account, _c.stream == stream).order_by(_c.metric)
    return list(connection.scalars(wanted))
