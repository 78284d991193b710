"""The posts of a week that did best, each against what its account usually gets."""

# ruff: noqa: S608 - what is put into the statements is a constant of ours; values are bound

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from include.kpis.facts import ENGAGEMENTS

USUAL_OVER = timedelta(weeks=8)

# One row per post: its latest counters.
_BEST = text(f"""
WITH latest AS (
    SELECT DISTINCT ON (p.account, p.remote_id)
        p.account, p.remote_id, p.published_at, p.text, p.url, p.content_type,
        {ENGAGEMENTS} AS engagements
    FROM desk.remote_post p
    JOIN desk.post_snapshot s USING (account, remote_id)
    WHERE p.account = ANY(:accounts) AND p.published_at >= :since AND p.published_at < :ends
    ORDER BY p.account, p.remote_id, s.observed_on DESC
),
usual AS (
    SELECT account, percentile_cont(0.5) WITHIN GROUP (ORDER BY engagements) AS median FROM latest GROUP BY account
)
SELECT account, text, url, engagements, median
FROM latest JOIN usual USING (account)
WHERE published_at >= :begins AND engagements > median
ORDER BY engagements / greatest(median, 1) DESC, engagements DESC, account, remote_id
LIMIT :most
""")


@dataclass(frozen=True, slots=True)
class BestPost:
    """`usual` is the median engagement of the account's posts of the eight weeks up to the week's end."""

    account: str
    text: str
    url: str
    engagements: int
    usual: float


def best_posts(
    connection: Connection, accounts: Sequence[str], begins: datetime, ends: datetime, *, most: int = 3
) -> list[BestPost]:
    """The posts published from `begins` to before `ends` that did better than usual, the best first."""
    values = {"accounts": list(accounts), "since": ends - USUAL_OVER, "begins": begins, "ends": ends, "most": most}
    return [BestPost(*row) for row in connection.execute(_BEST, values)]
