"""The platforms' answers, kept as they came: any fact can be made from them again without asking."""

import zlib
from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import Connection, insert

from include.domain.records import RawResponse
from include.domain.windows import Window
from include.warehouse.tables import raw_response


def as_one(responses: Sequence[RawResponse]) -> list[RawResponse]:
    """The answers to one reading of one window under one moment, that of the first.

    A reading that goes on past midnight is then one snapshot and not two halves, and the answers that belong
    together share their moment in `raw_response`.
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
