"""Comments that could not be judged, when they suddenly come in number: a wave in a language that the desk does not
know must not look like calm.

The spikes' own detector looks, with "could not be judged" in the place of "negative" and all comments in that of the
scored ones.
"""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

import numpy as np
from sqlalchemy import Connection, func, select

from include.comments.spikes import Sensitivity, look
from include.domain.accounts import Brand
from include.domain.alerts import Alert, Severity
from include.listening.series import BEHIND, series
from include.messages.numbers import counted
from include.warehouse.tables import comment

KIND = "unscored_comments"
SENSITIVITY = Sensitivity(least=20)

_c = comment.c


class Surge(NamedTuple):
    """An account with far more comments than usual that could not be judged, in the last six hours."""

    account: str
    unscored: int
    usual: float
    comments: int


def surges(connection: Connection, accounts: Collection[str], at: datetime) -> list[Surge]:
    """The accounts where it is so now; those younger than the settling time are left alone."""
    lately = (_c.account.in_(accounts), _c.created_at > at - SENSITIVITY.window, _c.created_at <= at, ~_c.ours)
    blind = func.count().filter(_c.scored.is_(False))
    query = select(_c.account).where(*lately).group_by(_c.account).having(blind >= SENSITIVITY.least)
    several = series(connection, list(connection.scalars(query)), at - BEHIND, at)
    found = []
    for account, each in several.items():
        everything = np.ones(len(each.times), dtype=bool)
        seen = look(each.times, ~each.scored, everything, at.timestamp(), SENSITIVITY, since=each.since)
        if seen.is_spike:
            found.append(Surge(account, seen.negatives, seen.usual, seen.scored))
    return found


def alert_of(surge: Surge, brand: Brand, title: str) -> Alert:
    figures = f"{counted(surge.unscored, 'comment')} that cannot be judged, usual {surge.usual:.0f}"
    return Alert(
        kind=KIND,
        subject=surge.account,
        headline=f"{brand.title} · {title}: {figures}",
        because=f"Of {surge.comments} comments in six hours the desk cannot tell whether {surge.unscored} are negative:"
        " it does not know their language. No spike among them would be seen.",
        next_step="Let somebody who reads that language look at the account.",
        severity=Severity.WARNING,
    )
