"""A month of comments, judged already, as the table would hold it."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine

from include.domain import Comment
from include.listening import ledger
from include.listening.scoring import judge
from include.listening.store import store
from tests.listening.stage import NOW, Foretold

KEEP = NOW - timedelta(days=90)


def month(
    account: str, *, a_day: float = 20, share: float = 0.1, seed: int = 1, until: datetime = NOW
) -> Iterator[Comment]:
    """Comments of 40 days, of which a tenth is bad."""
    chance = random.Random(f"{account}{seed}")
    at, number = until - timedelta(days=40), 0
    while (at := at + timedelta(days=chance.expovariate(a_day))) < until:
        number += 1
        words = "bad" if chance.random() < share else "good"
        yield Comment(account, f"m{number}", f"post_{number // 60}", at, f"{words} {number}", author=f"u{number % 50}")


def burst(
    account: str, count: int, begins: datetime, *, post: str = "post_x", words: str = "bad", key: str = "b"
) -> list[Comment]:
    """So many comments within three hours."""
    step = timedelta(hours=3) / count
    return [
        Comment(
            account, f"{key}{n}", post, begins + step * n, f"{words} service {n}", url=f"https://x.example/{key}{n}"
        )
        for n in range(count)
    ]


def heard(engine: Engine, comments: list[Comment], *, since: datetime = NOW - timedelta(days=45)) -> None:
    """Let the desk know these, all of them judged."""
    with engine.begin() as connection:
        store(connection, comments, salt=b"salt", keep_from=KEEP)
        accounts = sorted({each.account for each in comments})
        ledger.note(
            connection,
            [
                {"account": a, "heard_from": since, "heard_through": NOW, "read_at": NOW, "tried_at": NOW}
                for a in accounts
            ],
        )
    judge(engine, Foretold())
