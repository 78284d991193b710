"""What people write to an account on Mastodon, as our comments. Pure.

A comment here is a status that names, answers or quotes the account; who answers names whom they answer, unless they
take the name out. Private mentions (`direct`) are letters, not comments. A status says what it answers, not where its
thread began: `Thread` finds that among the statuses it has seen. docs.joinmastodon.org/entities/Status, 4.7.0.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from include.domain.comments import Comment
from platforms.mastodon import reading

KINDS = ("mention", "quote")
_PRIVATE = "direct"


class Threads:
    """The statuses that were seen, and how they hang together."""

    def __init__(self, account: str, account_id: str) -> None:
        self._account, self._account_id = account, account_id
        self._seen: dict[str, Mapping[str, Any]] = {}
        self._told: set[str] = set()

    def add(self, statuses: Iterable[Mapping[str, Any]], *, told: bool = False) -> None:
        """`told`: the account was notified of them."""
        found = {str(status["id"]): status for status in statuses if not status.get("reblog")}
        self._seen |= found
        self._told |= found.keys() if told else set()

    def lost(self, since: datetime) -> Iterator[str]:
        """A status of each thread whose beginning was not seen yet, of those that have news; those found meanwhile are
        passed over."""
        asked = set[str]()
        for status in list(self._seen.values()):
            top = self._top(str(status["id"]))
            if self._seen[top].get("in_reply_to_id") and top not in asked and self._is_new(status, since):
                asked.add(top)
                yield top

    def comments(self, since: datetime) -> Iterator[Comment]:
        """Those written or edited since then."""
        yield from (self._comment(status) for status in self._seen.values() if self._is_new(status, since))

    def _is_new(self, status: Mapping[str, Any], since: datetime) -> bool:
        changed = reading.moment(status.get("edited_at") or status.get("created_at"))
        return changed >= since and self._is_comment(status)

    def _is_comment(self, status: Mapping[str, Any]) -> bool:
        """What is said to the account, what it answers, and what else stands under a post of its own."""
        status_id = str(status["id"])
        if status.get("visibility") == _PRIVATE or (self._is_ours(status) and not _answers(status)):
            return False
        top = self._top(status_id)
        under_ours = top != status_id and self._is_ours(self._seen[top]) and not _answers(self._seen[top])
        return under_ours or self._is_ours(status) or status_id in self._told

    def _is_ours(self, status: Mapping[str, Any]) -> bool:
        return str((status.get("account") or {}).get("id")) == self._account_id

    def _top(self, status_id: str) -> str:
        """The highest status of its thread that was seen."""
        passed = {status_id}
        while (parent := str(_answers(self._seen[status_id]) or "")) in self._seen and parent not in passed:
            status_id = parent
            passed.add(parent)
        return status_id

    def _comment(self, status: Mapping[str, Any]) -> Comment:
        top = self._seen[self._top(str(status["id"]))]
        # What the highest one answers was deleted, or is not for us to see: its id is all that is known of the thread.
        root = str(top.get("in_reply_to_id") or _quoted(top) or top["id"])
        parent = _answers(status)
        edited = status.get("edited_at")
        return Comment(
            account=self._account,
            comment_id=str(status["id"]),
            remote_id=root,
            created_at=reading.moment(status.get("created_at")),
            text=words(status),
            author=str((status.get("account") or {}).get("id") or ""),
            parent_id=parent if parent != root else None,
            edited_at=reading.moment(edited) if edited else None,
            url=str(status.get("url") or status.get("uri") or ""),
            ours=self._is_ours(status),
            language=status.get("language") or None,
        )


def words(status: Mapping[str, Any]) -> str:
    """The text without its HTML, its warning before it."""
    said = (status.get("spoiler_text"), reading.text_of(str(status.get("content") or "")))
    return "\n".join(part.strip() for part in said if part and part.strip())


def answer(comment: Mapping[str, Any], text: str) -> dict[str, Any]:
    """The body of our answer: it names whom it answers, for else they are not told; and no more people see it than see
    the comment."""
    acct = str((comment.get("account") or {}).get("acct") or "")
    named = text if not acct or f"@{acct}".lower() in text.lower() else f"@{acct} {text}"
    return {"status": named, "in_reply_to_id": str(comment["id"]), "visibility": comment.get("visibility") or "public"}


def _answers(status: Mapping[str, Any]) -> str | None:
    return str(status["in_reply_to_id"]) if status.get("in_reply_to_id") else None


def _quoted(status: Mapping[str, Any]) -> str | None:
    """The status that it quotes, in either of the two forms that an instance shows."""
    quote = status.get("quote") or {}
    found = (quote.get("quoted_status") or {}).get("id") or quote.get("quoted_status_id")
    return str(found) if found else None
