"""Several nodes in one answer: `GET /?ids=a,b`.

That one which is not there spoils the answer for all is not documented; it comes from public clients.
"""

import dataclasses
from collections.abc import Callable

from include.sandbox.facebook.failures import GraphError, invalid, no_such_alias
from include.sandbox.facebook.front import Answer, Asked

MOST_IDS = 50


def by_ids(asked: Asked, answer: Callable[[Asked], Answer]) -> Answer:
    """`GET /?ids=a,b`: several nodes in one answer, and an error for all where one of them is not there."""
    ids = [one for one in str(asked.ask.params.get("ids", "")).split(",") if one]
    if asked.ask.method != "GET" or not ids:
        raise GraphError("Unsupported get request.", 100, type="GraphMethodException")
    if len(ids) > MOST_IDS:
        raise invalid(f"Too many IDs. Maximum: {MOST_IDS}. Provided: {len(ids)}.")
    params = {k: v for k, v in asked.ask.query.items() if k != "ids"}
    ask = dataclasses.replace(asked.ask, query=params)
    try:
        return {one: answer(dataclasses.replace(asked, ask=ask, pieces=[one])) for one in ids}
    except GraphError as error:
        raise no_such_alias(error, ids) from None
