"""Metrics that a platform has stopped serving: remembered, so that they cost one refusal and no more."""

from typing import Protocol, runtime_checkable

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from include.warehouse.tables import retired_metric

_c = retired_metric.c


@runtime_checkable
class FindsRetired(Protocol):
    """A MetricSource that finds out by itself which of its metrics are gone, and answers without them.

    `known_retired` holds the (stream, metric) pairs that it does not ask for; `retired` grows by (stream, metric,
    reason) with each that it finds.
    """

    @property
    def known_retired(self) -> set[tuple[str, str]]: ...

    @property
    def retired(self) -> list[tuple[str, str, str]]: ...


def remember(connection: Connection, account: str, stream: str, metric: str, reason: str) -> None:
    """Note that the platform refused `metric`; noticing it twice keeps the first time."""
    row = {"account": account, "stream": stream, "metric": metric, "reason": reason}
    connection.execute(insert(retired_metric).values(row).on_conflict_do_nothing())


def remembered(connection: Connection, account: str, stream: str) -> list[str]:
    """The metrics of the stream that this account is no longer served."""
    wanted = select(_c.metric).where(_c.account == account, _c.stream == stream).order_by(_c.metric)
    return list(connection.scalars(wanted))
