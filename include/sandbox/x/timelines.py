"""Reads of posts: by id, by ids, a user's own timeline and that of who names the user, with their pages."""

import base64
import binascii
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, find_said, timeline
from include.sandbox.x.problems import invalid, not_found
from include.sandbox.x.reading import Reader, wanted
from include.sandbox.x.talk import Told, named, own, told_of

FIELDS = {"tweet.fields", "expansions", "media.fields", "poll.fields", "user.fields", "place.fields"}
TIMELINE_TAKES = {"since_id", "until_id", "max_results", "pagination_token", "exclude", "start_time", "end_time"}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
MOST_BACK = 3200


def lookup(sandbox: Sandbox, caller: DeclaredAccount, ids: list[str], query: Mapping[str, str]) -> dict[str, Any]:
    """Posts by their ids; each that is not there is a partial error."""
    parameter = "ids" if "ids" in query else "id"
    takes(query, FIELDS | {"ids"})
    if not 1 <= len(ids) <= 100:
        raise invalid(
            f"The number of values in the `ids` query parameter list [{len(ids)}] is not between 1 and 100", ids=ids
        )
    for post_id in ids:
        check_id(parameter, post_id)
    reader = Reader(sandbox, caller, wanted(query))
    posts = {post_id: _anywhere(sandbox, post_id) for post_id in ids}
    told = told_of(sandbox, missing) if (missing := [post_id for post_id in posts if not posts[post_id]]) else {}
    found = [(post_id, post or told.get(post_id)) for post_id, post in posts.items()]
    answer = reader.posts([post for _, post in found if post], parameter)
    errors = [*answer.get("errors", []), *(not_found("tweet", parameter, i) for i, post in found if not post)]
    if parameter == "id" and "data" in answer:
        answer["data"] = answer["data"][0]
    return {**answer, "errors": errors} if errors else answer


def user_posts(sandbox: Sandbox, reader: Reader, author: DeclaredAccount, query: Mapping[str, str]) -> dict[str, Any]:
    """A user's posts, newest first. Where private metrics are asked for, posts older than 30 days are left out of the
    data and named in `errors`."""
    takes(query, FIELDS | TIMELINE_TAKES)
    span = (_moment(query, "start_time"), _moment(query, "end_time"))
    posts = [*timeline(sandbox, author, *span), *own(sandbox, author, *span)]
    posts.sort(key=lambda said: (said.created_at, said.remote_id), reverse=True)
    return _page(reader, [(author, said) for said in _chosen(posts, query)[:MOST_BACK]], query)


def mentions(sandbox: Sandbox, reader: Reader, account: DeclaredAccount, query: Mapping[str, str]) -> dict[str, Any]:
    """Who names a user, newest first; the last 800."""
    takes(query, FIELDS | TIMELINE_TAKES - {"exclude"})
    told = named(sandbox, account, _moment(query, "start_time"), _moment(query, "end_time"))
    chosen = {said.remote_id for said in _chosen([said for _, said in told], query)}
    return _page(reader, [each for each in told if each[1].remote_id in chosen], query)


def _page(reader: Reader, posts: list[Told], query: Mapping[str, str]) -> dict[str, Any]:
    size = _size(query)
    start = _start(query.get("pagination_token"), len(posts))
    page = posts[start : start + size]
    meta: dict[str, Any] = {"result_count": len(page)}
    if page:
        meta |= {"newest_id": page[0][1].remote_id, "oldest_id": page[-1][1].remote_id}
    if start + size < len(posts):
        meta["next_token"] = _token(start + size)
    if start > 0:
        meta["previous_token"] = _token(max(0, start - size))
    answer = reader.posts(page, "id")
    meta["result_count"] = len(answer.get("data", []))
    return {**answer, "meta": meta}


def takes(query: Mapping[str, str], names: set[str]) -> None:
    """X refuses a query parameter that the endpoint does not have."""
    if strangers := [name for name in query if name not in names]:
        message = f"The query parameter [{strangers[0]}] is not one of [{','.join(sorted(names))}]"
        raise invalid(message, **{strangers[0]: [query[strangers[0]]]})


def check_id(parameter: str, value: str) -> None:
    if not re.fullmatch(r"[0-9]{1,19}", value):
        message = f"The `{parameter}` query parameter value [{value}] does not match ^[0-9]{{1,19}}$"
        raise invalid(message, **{parameter: [value]})


def _anywhere(sandbox: Sandbox, post_id: str) -> tuple[DeclaredAccount, Said] | None:
    found = ((account, find_said(sandbox, account, post_id)) for account in sandbox.accounts("x"))
    return next(((account, said) for account, said in found if said), None)


def _chosen(posts: list[Said], query: Mapping[str, str]) -> list[Said]:
    for name in ("since_id", "until_id"):
        if name in query:
            check_id(name, query[name])
    excluded = [value for value in query.get("exclude", "").split(",") if value]
    if strangers := [value for value in excluded if value not in ("replies", "retweets")]:
        message = f"The `exclude` query parameter value [{strangers[0]}] is not one of [replies,retweets]"
        raise invalid(message, exclude=strangers)
    since, until = int(query.get("since_id", 0)), int(query.get("until_id", 1 << 63))
    shown = [p for p in posts if since < int(p.remote_id) < until]
    return [p for p in shown if not (_counts_as_reply(p) and "replies" in excluded)]


def _counts_as_reply(said: Said) -> bool:
    """X counts what begins with somebody's name among the replies, though it answers no post."""
    return bool(said.reply_to) or said.text.startswith("@")


def _size(query: Mapping[str, str]) -> int:
    given = query.get("max_results", "10")
    if not given.isdigit() or not 5 <= int(given) <= 100:
        message = f"The `max_results` query parameter value [{given}] is not between 5 and 100"
        raise invalid(message, max_results=[given])
    return int(given)


def _moment(query: Mapping[str, str], name: str) -> datetime | None:
    given = query.get(name)
    if given is None:
        return None
    try:
        if not MOMENT.fullmatch(given):
            raise ValueError(given)
        return datetime.fromisoformat(given.replace("Z", "+00:00")).astimezone(UTC)
    except ValueError:
        message = f"The `{name}` query parameter value [{given}] is not a valid RFC3339 timestamp"
        raise invalid(message, **{name: [given]}) from None


def _token(start: int) -> str:
    return base64.b32hexencode(f"page:{start}".encode()).decode().rstrip("=").lower()


def _start(token: str | None, posts: int) -> int:
    if token is None:
        return 0
    try:
        text = base64.b32hexdecode(token.upper() + "=" * (-len(token) % 8)).decode()
        return min(int(text.removeprefix("page:")), posts)
    except (ValueError, binascii.Error):
        message = f"The `pagination_token` query parameter value [{token}] is not valid"
        raise invalid(message, pagination_token=[token]) from None
