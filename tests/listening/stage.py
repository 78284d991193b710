"""Accounts that people comment on, and a scorer that anybody can foretell."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from include.domain import Comment, Verdict

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def said(
    text: str = "Buono!", *, account: str = "facebook_aurora", key: str = "1", minutes_ago: float = 5, **more: object
) -> Comment:
    """A comment that was written some minutes before NOW."""
    values = {"remote_id": "post_1", "author": "u1", **more}
    return Comment(
        account=account, comment_id=key, created_at=NOW - timedelta(minutes=minutes_ago), text=text, **values
    )


@dataclass
class Stage:
    """A platform's account: what stands there, what it raises, what it was asked."""

    comments_there: list[Comment] = field(default_factory=list)
    raises: Exception | None = None
    deleted: set[str] = field(default_factory=set)
    asked: list[datetime] = field(default_factory=list)
    asked_gone: list[set[str]] = field(default_factory=list)

    def comments(self, since: datetime) -> Iterator[Comment]:
        self.asked.append(since)
        yield from (c for c in self.comments_there if c.created_at >= since or (c.edited_at or since) > since)
        if self.raises:
            raise self.raises

    def gone(self, comment_ids: Collection[str]) -> set[str]:
        self.asked_gone.append(set(comment_ids))
        return self.deleted & set(comment_ids)


@dataclass
class Foretold:
    """Negative is what holds `bad`; `??` is a language that it does not know."""

    name: str = "foretold-1"
    seen: list[str] = field(default_factory=list)

    def score(self, texts: Sequence[str]) -> list[Verdict]:
        self.seen += texts
        return [self._one(text) for text in texts]

    def _one(self, text: str) -> Verdict:
        if "??" in text:
            return Verdict(None, None, "und", scored=False)
        return (
            Verdict("negative", 0.9, "it", scored=True)
            if "bad" in text
            else Verdict("positive", 0.1, "it", scored=True)
        )
