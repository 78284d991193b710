"""Comments as they stand in the warehouse, and a network that hides and answers them, for the tests of moderation."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, func, insert, text, update

from include.domain import Account, Brand, Receipt
from include.listening.applying import Applying
from include.warehouse.tables import comment

NOW = datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
ACCOUNT = "facebook_mekong"
MEKONG = Brand(
    "mekong",
    "Mekong Coffee",
    "Asia/Vientiane",
    "lo",
    "#mekong",
    (Account("facebook", "mekong", "mekong"), Account("x", "mekong", "mekong")),
    approvers=("noy",),
    slack_ids={"noy": "U0NOY0001"},
)


def says(
    engine: Engine, comment_id: str, words: str, *, minutes_ago: float = 5, scored: bool = True, **more: Any
) -> None:
    """Somebody writes a comment; it is scored, unless told otherwise."""
    at = NOW - timedelta(minutes=minutes_ago)
    row = {"account": ACCOUNT, "comment_id": comment_id, "remote_id": "post1", "created_at": at, "first_seen_at": at}
    row |= {"text": words, "language": "en", "label": "neutral", "p_negative": 0.1, "scored": True, **more}
    row |= {"url": more.get("url", f"https://network.example/{comment_id}")}
    judged = func.md5(words) if scored else None
    with engine.begin() as connection:
        connection.execute(insert(comment).values(**row, judged_hash=judged))


def edits(engine: Engine, comment_id: str, words: str) -> None:
    with engine.begin() as connection:
        values = {"text": words, "judged_hash": func.md5(words)}
        connection.execute(update(comment).where(comment.c.comment_id == comment_id).values(**values))


def ask(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def rows(engine: Engine, columns: str = "what, state") -> list[tuple[Any, ...]]:
    return ask(engine, f"SELECT {columns} FROM desk.moderation_action ORDER BY action_id")


@dataclass
class Network:
    """A network as a `Moderator` and `Remover`: what stands there now. `fails` are raised by the next calls, in their
    order; with `after` the call is carried out first, and its answer lost. In a `flat` thread an answer does not say
    which comment it is for."""

    hidden: set[str] = field(default_factory=set)
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    after: bool = False
    flat: bool = False

    def hide(self, comment_id: str) -> None:
        self._call("hide")
        self.hidden.add(comment_id)

    def show(self, comment_id: str) -> None:
        self._call("show")
        self.hidden.discard(comment_id)

    def answer(self, comment_id: str, text: str, *, key: str) -> Receipt:
        if self.after:
            self.answers[f"answer{len(self.answers)}"] = (comment_id, text)
        self._call("answer")
        self.answers[f"answer{len(self.answers)}"] = (comment_id, text)
        return self._receipt(len(self.answers) - 1)

    def find_answer(self, comment_id: str, text: str, *, key: str, since: datetime) -> Receipt | None:
        self._call("find")
        for number, (to, said) in enumerate(self.answers.values()):
            if said == text and (self.flat or to == comment_id):
                return self._receipt(number)
        return None

    def delete(self, remote_id: str) -> None:
        self._call("delete")
        self.answers.pop(remote_id, None)

    def _call(self, what: str) -> None:
        self.calls.append(what)
        if self.fails:
            raise self.fails.pop(0)

    def _receipt(self, number: int) -> Receipt:
        return Receipt("", f"answer{number}", f"https://network.example/answer{number}", NOW)


@dataclass
class Desk:
    """The ledger and a network, on one clock."""

    engine: Engine
    network: Network = field(default_factory=Network)
    now: datetime = NOW
    takes_down: bool = True
    on_hold: frozenset[str] = frozenset()

    def carry_out(self) -> dict[str, int]:
        applying = Applying(
            self.engine,
            lambda account: self.network,
            lambda account: self.network if self.takes_down else None,
            lambda account: timedelta(minutes=2),
            clock=lambda: self.now,
            on_hold=self.on_hold,
        )
        return applying.run()

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)
