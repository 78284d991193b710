"""Lists of Meta's networks: row by row over all pages, in portions where they are too big, and many ids at once.

https://developers.facebook.com/docs/graph-api/guides/field-expansion and /docs/graph-api/overview#reading, read on
2026-11-24. `ids=` takes fifty, and refuses all of them where one is not there (100/33 or 803): that is not documented
and comes from public clients.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from include.domain.errors import TryLater
from platforms.transport.failures import Answer, TooMuchAsked
from platforms.transport.meta import Gone, following
from platforms.transport.paging import Params, pages
from platforms.transport.session import Session

MOST_IDS = 50
Row = Mapping[str, Any]


def rows(session: Session, path: str, params: Params, *, doing: str) -> Iterator[Row]:
    """Each row of a list, page after page. Raises TryLater where an answer holds no list: nothing may be concluded."""

    def ask(asked: Params) -> Answer:
        answer = session.read(path, asked, doing=doing)
        if not isinstance(answer.data, dict) or not isinstance(answer.data.get("data"), list):
            account = session.access.account
            raise TryLater(f"{account}: could not {doing}. The answer holds no list.", wait_s=60, account=account)
        return answer

    return (row for _, answer in pages(ask, params, following) for row in answer.data["data"])


def in_portions(ask: Callable[[int], Iterator[Row]], most: int, fewest: int) -> Iterator[Row]:
    """`ask(limit)` with the biggest limit that Graph bears. A row that came before it did not bear it comes again."""
    limit = most
    while True:
        try:
            yield from ask(limit)
            return
        except TooMuchAsked:
            if limit <= fewest:
                raise
            limit = max(limit // 4, fewest)


def nested(session: Session, edge: Any, path: str, *, doing: str) -> Iterator[Row]:
    """The rows of an edge that came along with its node, and those of its further pages, which `path` has."""
    if isinstance(edge, dict):
        yield from edge.get("data") or ()
        yield from further(session, edge, path, doing=doing)


def further(session: Session, edge: Row, path: str, *, doing: str) -> Iterator[Row]:
    """The rows of an edge's pages after the first."""
    address = (edge.get("paging") or {}).get("next")
    if address:
        asked = {name: value for name, value in parse_qsl(urlsplit(address).query) if name != "access_token"}
        yield from rows(session, path, asked, doing=doing)


def gone(session: Session, path: str, ids: Collection[str], *, doing: str) -> set[str]:
    """Which of these objects Graph no longer shows. Where some are not there, the question is halved to find them."""
    wanted = sorted(set(ids))
    waiting = [wanted[start : start + MOST_IDS] for start in range(0, len(wanted), MOST_IDS)]
    missing = set[str]()
    while waiting:
        asked = waiting.pop()
        try:
            answer = session.read(path, {"ids": ",".join(asked), "fields": "id"}, doing=doing)
        except Gone:
            if len(asked) == 1:
                missing.update(asked)
            else:
                waiting += [asked[: len(asked) // 2], asked[len(asked) // 2 :]]
        else:
            missing.update(one for one in asked if one not in answer.data)
    return missing
