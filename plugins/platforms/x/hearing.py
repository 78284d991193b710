"""What people write to an account on X, as our comments. Pure.

A comment here is a post that answers one of the account's, or names it: complaints on X seldom stand under a post.
`remote_id` is the conversation, which is the post that began it: a post that only names us is its own. Fields as in
contract 2.166. An edited post gets a new id (docs.x.com/x-api/fundamentals/edit-posts): a comment keeps its first one,
and both ids hold their moments. X does not tell whether a reply is hidden or a post was an ad.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from include.domain.comments import Comment
from platforms.x import reading

FIELDS = f"{reading.COMPARED},author_id,conversation_id,edit_history_tweet_ids,lang"

_EPOCH_MS = 1288834974657  # docs.x.com/fundamentals/x-ids: the upper bits of an id are milliseconds since then
_OLD_CODES = {"in": "id", "iw": "he"}
_HIDDEN_FROM_US = ("resource-not-found", "not-authorized-for-resource")


def comments(account: str, user_id: str, page: Mapping[str, Any]) -> Iterator[Comment]:
    """Those of one page of a timeline, ours or of who names us. Reposts, and what we say of ourselves, are none."""
    for post in page.get("data") or ():
        ours = str(post.get("author_id")) == user_id
        if not _is_repost(post) and (not ours or reading.answers(post)):
            yield _comment(account, post, ours=ours)


def gone(answer: Mapping[str, Any]) -> set[str]:
    """Which of the posts that were asked for X does not show: deleted, or of an account that was closed or locked."""
    errors = [each for each in answer.get("errors") or () if str(each.get("type")).endswith(_HIDDEN_FROM_US)]
    return {str(each.get("resource_id") or each.get("value")) for each in errors}


def _comment(account: str, post: Mapping[str, Any], *, ours: bool) -> Comment:
    versions = [str(each) for each in post.get("edit_history_tweet_ids") or (post["id"],)]
    edited = len(versions) > 1
    conversation, parent = str(post.get("conversation_id") or versions[0]), reading.answers(post)
    return Comment(
        account=account,
        comment_id=versions[0],
        remote_id=conversation,
        created_at=moment_of(versions[0]) if edited else reading.moment(post["created_at"]),
        text=reading.words(post),
        author=str(post.get("author_id") or ""),
        parent_id=parent if parent != conversation else None,
        edited_at=moment_of(versions[-1]) if edited else None,
        url=reading.address(post["id"]),
        ours=ours,
        hidden=None,
        language=_language(str(post.get("lang") or "")),
    )


def moment_of(post_id: str) -> datetime:
    """When a post was made, from its id."""
    return datetime.fromtimestamp(((int(post_id) >> 22) + _EPOCH_MS) / 1000, UTC)


def _is_repost(post: Mapping[str, Any]) -> bool:
    return any(each.get("type") == "retweeted" for each in post.get("referenced_tweets") or ())


def _language(code: str) -> str | None:
    """X says `und`, `zxx` and `q..` where it could tell none, and has two codes of old."""
    return None if not code or code in ("und", "zxx") or code.startswith("q") else _OLD_CODES.get(code, code)
