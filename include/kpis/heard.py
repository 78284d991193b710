"""The week's comments of a brand's accounts: how many could be judged, and how many of these were negative."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, text

from include.kpis.completeness import MAY_CHANGE, NOT_READ, Standing
from include.kpis.figures import Figure, Slice

_COMMENTS = text("""
SELECT account, heard_from, heard_through, comments, judged, negative
FROM desk.comment_read CROSS JOIN LATERAL (
    SELECT count(*) AS comments, count(*) FILTER (WHERE scored) AS judged,
        count(*) FILTER (WHERE scored AND label = 'negative') AS negative
    FROM desk.comment
    WHERE comment.account = comment_read.account AND NOT ours AND created_at >= :begins AND created_at < :ends
) AS week
WHERE account = ANY(:accounts)
""")


def figures(
    connection: Connection, accounts: Sequence[str], begins: datetime, ends: datetime
) -> dict[str, dict[Slice, Figure]]:
    """The share of negative comments of each of `accounts` for the week from `begins` on, known or not. Empty where
    nobody listens to any of them."""
    week: dict[str, Any] = {"accounts": [*accounts], "begins": begins, "ends": ends}
    found = {row.account: _figure(row, begins, ends) for row in connection.execute(_COMMENTS, week)}
    deaf = Figure(None, standing=Standing(is_final=False, notes=(f"comments {NOT_READ}",)))
    return {account: {("negative_comments", ""): found.get(account, deaf)} for account in accounts} if found else {}


def _figure(week: Any, begins: datetime, ends: datetime) -> Figure:
    if week.heard_through is None or week.heard_through <= begins:
        return Figure(None, standing=Standing(is_final=False, notes=(f"comments {NOT_READ}",)))
    over, unjudged = week.heard_through >= ends, week.comments - week.judged
    notes = [*_gaps(week.heard_from, begins)]
    notes += [f"{unjudged} of {week.comments} comments could not be judged"] if unjudged else []
    notes += [] if over else [MAY_CHANGE]
    return Figure(Fraction(week.negative), Fraction(week.judged), Standing(over, tuple(notes)))


def _gaps(heard_from: datetime | None, begins: datetime) -> Iterator[str]:
    if heard_from is not None and heard_from > begins:
        yield f"comments before {heard_from.day} {heard_from:%B} {NOT_READ}"
