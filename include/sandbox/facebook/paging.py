"""Graph's cursor paging: `limit`, `after`, `before`, and the links to the next page."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlencode

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.failures import invalid
from include.sandbox.facebook.moments import read_moment
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, timeline

DEFAULT_LIMIT, MOST = 25, 100
T = TypeVar("T")


def page_of_posts(
    sandbox: Sandbox, account: DeclaredAccount, asked: Mapping[str, Any], url: str
) -> tuple[Sequence[Said], dict[str, Any]]:
    """The posts of one page, newest first, and its `paging` (empty when there is nothing to page)."""
    since, until = span(asked)
    posts = [said for said in timeline(sandbox, account, since, until) if said.reply_to is None]
    return page_of(posts, [post.remote_id for post in posts], asked, url)


def span(asked: Mapping[str, Any]) -> tuple[datetime | None, datetime | None]:
    """The `since` and `until` that are asked for."""
    since, until = (read_moment(n, str(asked[n])) if asked.get(n) else None for n in ("since", "until"))
    return since, until


def page_of(
    posts: Sequence[T], ids: list[str], asked: Mapping[str, Any], url: str, most: int = MOST
) -> tuple[Sequence[T], dict[str, Any]]:
    """One page of `posts`, whose ids are `ids`, and its `paging` (empty when there is nothing to page)."""
    limit = _limit(asked.get("limit"), most)
    start = 0
    if asked.get("after"):
        start = _index(ids, str(asked["after"])) + 1
    elif asked.get("before"):
        start = max(0, _index(ids, str(asked["before"])) - limit)
    shown = posts[start : start + limit]
    if not shown:
        return [], {}
    cursors = {"before": _cursor(ids[start]), "after": _cursor(ids[start + len(shown) - 1])}
    paging: dict[str, Any] = {"cursors": cursors}
    kept = {k: str(v) for k, v in asked.items() if k not in ("after", "before")}
    if start + limit < len(posts):
        paging["next"] = f"{url}?{urlencode({**kept, 'limit': limit, 'after': cursors['after']})}"
    if start > 0:
        paging["previous"] = f"{url}?{urlencode({**kept, 'limit': limit, 'before': cursors['before']})}"
    return shown, paging


def _limit(given: Any, most: int) -> int:
    if given is None:
        return DEFAULT_LIMIT
    if not str(given).isdigit():
        raise invalid("limit must be an integer")
    if int(str(given)) > most:
        raise invalid(f"limit must be at most {most} for this edge")
    return int(str(given)) or DEFAULT_LIMIT


def _cursor(remote_id: str) -> str:
    return base64.urlsafe_b64encode(remote_id.encode()).decode().rstrip("=")


def _index(ids: list[str], cursor: str) -> int:
    try:
        return ids.index(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except (ValueError, binascii.Error):
        raise invalid("Invalid cursors values provided", type="OAuthException") from None
