"""What people write under an organization's posts on LinkedIn, as our comments. Pure.

A notification says that something was written or edited, and under which post; the comment itself tells what it
answers and when. learn.microsoft.com/linkedin/marketing/community-management: organizations/
organization-social-action-notifications and shares/comments-api, read on 2026-11-24. LinkedIn publishes no contract;
the shape of a notification (`decoratedGeneratedActivity`, an URN without its `urn:li:`) is as its users quote it.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from include.domain.comments import Comment
from platforms.linkedin import reading

ACTIONS = ("COMMENT", "ADMIN_COMMENT", "COMMENT_EDIT")

_URN = re.compile(r"urn:li:comment:\((?:urn:li:)?(\w+):(\d+),(\d+)\)")


def comment_of(notice: Mapping[str, Any]) -> str:
    """The URN of the comment that a notification tells of, written as comments themselves have it; empty without."""
    decorated = (notice.get("decoratedGeneratedActivity") or {}).get("comment") or {}
    found = _URN.fullmatch(str(decorated.get("entity") or notice.get("generatedActivity") or ""))
    return f"urn:li:comment:(urn:li:{found[1]}:{found[2]},{found[3]})" if found else ""


def posts(notices: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Each comment that notifications tell of, and the post that it stands under: the share, where LinkedIn names it,
    for a comment's own URN holds the activity."""
    under = {
        comment_of(notice): str(
            (notice.get("decoratedSourcePost") or {}).get("entity") or notice.get("sourcePost") or ""
        )
        for notice in notices
    }
    return {urn: post or _thread(urn) for urn, post in under.items() if urn}


def by_thread(urns: Collection[str]) -> dict[str, list[str]]:
    """The numbers of these comments, thread by thread: a call for many comments is of one thread."""
    found = defaultdict[str, list[str]](list)
    for urn in sorted(set(urns)):
        parts = reading.comment_parts(urn)
        if parts:
            found[parts[0]].append(parts[1])
    return found


def urn_of(thread: str, number: str) -> str:
    return f"urn:li:comment:({thread},{number})"


def comment(account: str, author: str, post: str, remote: Mapping[str, Any]) -> Comment:
    """One comment. That it was changed after it was made is all that LinkedIn says of an edit."""
    urn, made = reading.comment_urn(remote), reading.commented(remote)
    changed = datetime.fromtimestamp(((remote.get("lastModified") or {}).get("time") or 0) / 1000, UTC)
    return Comment(
        account=account,
        comment_id=urn,
        remote_id=post,
        created_at=made,
        text=str((remote.get("message") or {}).get("text") or ""),
        author=str(remote.get("actor") or ""),
        parent_id=str(remote["parentComment"]) if remote.get("parentComment") else None,
        edited_at=changed if changed > made else None,
        url=reading.comment_address(post, urn),
        ours=remote.get("actor") == author,
    )


def missing(asked: Collection[str], answer: Mapping[str, Any]) -> set[str]:
    """Which numbers of a batch LinkedIn says are not there; what it refuses for another reason may be."""
    there, errors = set(numbers(answer)), answer.get("errors") or {}
    return {number for number in asked if number not in there and _status(errors.get(number)) == 404}


def numbers(answer: Mapping[str, Any]) -> list[str]:
    return [str(each.get("id")) for each in (answer.get("results") or {}).values()]


def _status(error: Any) -> int:
    return int(error.get("status") or 404) if isinstance(error, Mapping) else 404


def _thread(urn: str) -> str:
    parts = reading.comment_parts(urn)
    return parts[0] if parts else ""
