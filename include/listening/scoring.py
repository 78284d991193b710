"""What was heard and not judged yet, or edited since, goes through the scorer.

The newest goes first: after a first reading of many accounts, what is said now does not wait for what was said weeks
ago. A comment that is edited while it is judged keeps for the text that was judged, and is judged again.
"""

import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, select, text, update

from include.domain.comments import Scorer, Verdict
from include.settings import Settings
from include.warehouse.engine import WrongWarehouse, connect
from include.warehouse.tables import comment

PORTION = 2_000
MOST_TIME = timedelta(minutes=4)

_c = comment.c
_unjudged = (_c.text.is_not(None), ~_c.ours, _c.judged_hash.is_distinct_from(func.md5(_c.text)))

_WRITE = text(
    """
    UPDATE desk.comment AS c SET language = v.language, label = v.label, p_negative = v.p_negative,
      scored = v.scored, scorer = :scorer, judged_hash = v.judged_hash
    FROM unnest(:accounts ::text[], :ids ::text[], :languages ::text[], :labels ::text[], :ps ::float8[],
      :scoreds ::boolean[], :hashes ::text[])
      AS v(account, comment_id, language, label, p_negative, scored, judged_hash)
    WHERE c.account = v.account AND c.comment_id = v.comment_id
    """
)


@dataclass(frozen=True, slots=True)
class Judged:
    """How many were judged, how many of them could not be scored, and how many are left for the next time."""

    judged: int = 0
    unscored: int = 0
    left: int = 0


def judge(engine: Engine, scorer: Scorer, *, most_time: timedelta = MOST_TIME) -> Judged:
    """Judge what is not judged yet, for as long as there is time."""
    ends, judged, unscored = time.monotonic() + most_time.total_seconds(), 0, 0
    while time.monotonic() < ends:
        with engine.begin() as connection:
            rows = _next(connection)
            verdicts = scorer.score([row.text for row in rows])
            _write(connection, rows, verdicts, scorer.name)
        judged, unscored = judged + len(rows), unscored + sum(not verdict.scored for verdict in verdicts)
        if len(rows) < PORTION:
            return Judged(judged, unscored)
    with engine.connect() as connection:
        return Judged(judged, unscored, connection.execute(select(func.count()).where(*_unjudged)).scalar_one())


def rejudge(engine: Engine, scorer: Scorer) -> int:
    """Forget the verdicts of other scorers on texts that are kept; `judge` then judges them. How many that were."""
    others = (_c.text.is_not(None), _c.scorer != scorer.name)
    with engine.begin() as connection:
        return connection.execute(update(comment).where(*others).values(judged_hash=None)).rowcount


def unjudged(connection: Connection, accounts: Collection[str]) -> set[str]:
    """Accounts of which something waits to be judged."""
    query = select(_c.account).distinct().where(*_unjudged, _c.account.in_(accounts))
    return set(connection.scalars(query))


def _next(connection: Connection) -> Sequence[Any]:
    columns = (_c.account, _c.comment_id, _c.text, func.md5(_c.text).label("hash"))
    newest = select(*columns).where(*_unjudged).order_by(_c.created_at.desc()).limit(PORTION)
    return connection.execute(newest).all()


def _write(connection: Connection, rows: Sequence[Any], verdicts: Sequence[Verdict], scorer: str) -> None:
    both = sorted(zip(rows, verdicts, strict=True), key=lambda pair: (pair[0].account, pair[0].comment_id))
    values = {
        "scorer": scorer,
        "accounts": [row.account for row, _ in both],
        "ids": [row.comment_id for row, _ in both],
        "languages": [verdict.language for _, verdict in both],
        "labels": [verdict.label for _, verdict in both],
        "ps": [verdict.p_negative for _, verdict in both],
        "scoreds": [verdict.scored for _, verdict in both],
        "hashes": [row.hash for row, _ in both],
    }
    connection.execute(_WRITE, values)


def shipped() -> Scorer:
    """The scorer that ships."""
    from include.comments.scorers import default  # noqa: PLC0415 - it reads its model, which only this command needs

    return default()


def main(arguments: Sequence[str]) -> int:
    """Judge; 2 where the warehouse cannot be used."""
    parser = ArgumentParser(
        prog="python -m include.listening.scoring", description=__doc__, formatter_class=RawDescriptionHelpFormatter
    )
    parser.add_argument("--again", action="store_true", help="also what another model has judged")
    asked, scorer = parser.parse_args(arguments), shipped()
    try:
        engine = connect(Settings.from_environment().warehouse_url)
    except WrongWarehouse as wrong:
        print(wrong, file=sys.stderr)
        return 2
    again = rejudge(engine, scorer) if asked.again else 0
    told = judge(engine, scorer, most_time=timedelta(hours=6))
    print(f"{scorer.name}: {told.judged} judged, {again} of them again; {told.unscored} could not be scored.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
