"""What each rule would have caught: the comments of a while held against the rules, nothing written, nobody asked."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, func, select

from include.comments.moderating import judge
from include.domain.accounts import Account, Brand
from include.domain.moderation import Rule
from include.listening.proposing import said_of
from include.warehouse.tables import comment

EXAMPLES = 3

_c = comment.c


@dataclass
class Caught:
    """What one rule would have caught; `examples` are the latest. `slow`: on so many its regex ran out of time."""

    rule: Rule
    count: int = 0
    negative: int = 0
    slow: int = 0
    examples: "deque[Row[Any]]" = field(default_factory=lambda: deque(maxlen=EXAMPLES))


@dataclass(frozen=True)
class DryRun:
    """The rules in their order with what they caught, out of how many comments."""

    comments: int
    unkept: int
    rules: Sequence[Caught]


def dry_run(engine: Engine, rules: Sequence[Rule], brands: Sequence[Brand], *, since: datetime) -> DryRun:
    """Hold every kept comment since then against the rules, as the DAG would have on its day. Memory stays flat."""
    found = {rule.name: Caught(rule) for rule in rules}
    accounts = {account.key: (brand, account) for brand in brands for account in brand.accounts}
    count = 0
    for row, times in _comments(engine, accounts, rules, since):
        count += 1
        brand, account = accounts[row.account]
        said = said_of(row, brand.key, account.platform, times, is_scored=row.is_scored)
        judged = judge(rules, said)
        for rule in judged.rules:
            caught = found[rule.name]
            caught.count += 1
            caught.negative += said.is_negative
            caught.examples.append(row)
        for name in judged.slow:
            found[name].slow += 1
    return DryRun(count, _unkept(engine, accounts, since), list(found.values()))


def _comments(
    engine: Engine, accounts: Mapping[str, tuple[Brand, Account]], rules: Sequence[Rule], since: datetime
) -> Iterator[tuple[Row[Any], dict[tuple[str, str], list[datetime]]]]:
    """Each comment, in time, with when its author had written on the account before, as far as a rule looks back."""
    span = max((rule.often.within for rule in rules if rule.often), default=timedelta(0))
    kept = (_c.created_at > since - span, _c.text.is_not(None), ~_c.ours)
    is_scored = (_c.judged_hash == func.md5(_c.text)).label("is_scored")
    with engine.connect().execution_options(yield_per=2000) as connection:
        for key in accounts:
            authors: dict[str, list[datetime]] = {}
            query = select(comment, is_scored).where(_c.account == key, *kept).order_by(_c.created_at, _c.comment_id)
            for row in connection.execute(query):
                times = _noted(authors, row, span) if span and row.author_hash else []
                if row.created_at > since:
                    yield row, {(row.account, row.author_hash or ""): times}


def _noted(authors: dict[str, list[datetime]], row: Row[Any], span: timedelta) -> list[datetime]:
    recent = [at for at in authors.get(row.author_hash, ()) if at > row.created_at - span]
    authors[row.author_hash] = [*recent, row.created_at]
    return authors[row.author_hash]


def _unkept(engine: Engine, accounts: Mapping[str, object], since: datetime) -> int:
    query = select(func.count()).where(_c.account.in_(accounts), _c.created_at > since, _c.text.is_(None), ~_c.ours)
    with engine.connect() as connection:
        return int(connection.scalar(query) or 0)
