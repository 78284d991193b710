"""The platforms' answers, kept as they came: any fact can be made from them again without asking."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from sqlalchemy import Connection, insert, select

from include.domain.records import RawResponse
from include.domain.windows import Window
from include.warehouse.tables import raw_response

_c = raw_response.c


def as_one(responses: Sequence[RawResponse]) -> list[RawResponse]:
    """The answers to one reading of one window under one moment, that of the first.

    A reading that goes on past midnight is then one snapshot and not two halves, and the answers that belong
    together can be found again.
    """
    return [replace(response, fetched_at=responses[0].fetched_at) for response in responses]


def keep(connection: Connection, window: Window, responses: Sequence[RawResponse]) -> None:
    """Keep the answers to one reading of `window`."""
    rows = [
        {
            "account": response.account,
            "stream": response.stream,
            "first": window.first,
            "last": window.last,
            "asked": dict(response.asked),
            "body": zlib.compress(response.body),
            "fetched_at": response.fetched_at,
        }
        for response in responses
    ]
    if rows:
        connection.execute(insert(raw_response), rows)


def kept(connection: Connection, account: str, stream: str, days: Window) -> Iterator[tuple[Window, list[RawResponse]]]:
    """Each kept reading that touches `days`, the oldest first: its window and its answers in the order they came."""
    answers = connection.execute(
        select(_c.first, _c.last, _c.asked, _c.body, _c.fetched_at)
        .where(_c.account == account, _c.stream == stream, _c.first <= days.last, _c.last >= days.first)
        .order_by(_c.fetched_at, _c.first, _c.last, _c.response_id)
        .execution_options(yield_per=50)
    )
    for (first, last, moment), rows in groupby(answers, key=lambda row: (row.first, row.last, row.fetched_at)):
        yield (
            Window(first, last),
            [RawResponse(account, stream, row.asked, zlib.decompress(row.body), moment) for row in rows],
        )
