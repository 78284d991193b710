"""An account's comments as the detector takes them: when, negative or not, scored or not, under which post."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, and_, extract, func, select

from include.desk.silences import Silence
from include.warehouse.tables import comment, comment_read

BEHIND = timedelta(days=28, hours=8)
"""So far back the detector looks: its baseline, and the hours that it looks at, with some to spare."""

_c = comment.c


@dataclass(frozen=True)
class Series:
    """The comments of an account that are not ours, in the order of their creation (epoch seconds). What was written
    since `since` is known. A comment that is gone by now was written all the same."""

    account: str
    since: float
    times: npt.NDArray[np.float64]
    negative: npt.NDArray[np.bool_]
    scored: npt.NDArray[np.bool_]
    posts: npt.NDArray[np.str_]
    languages: npt.NDArray[np.str_]

    @cached_property
    def bad_times(self) -> npt.NDArray[np.float64]:
        return self.times[self.negative]

    def bad_between(self, after: float, until: float) -> int:
        """How many negative ones lie in (after, until]."""
        first, last = np.searchsorted(self.bad_times, [after, until], side="right")
        return int(last - first)

    def only(self, mask: npt.NDArray[np.bool_]) -> "Series":
        return Series(
            self.account,
            self.since,
            self.times[mask],
            self.negative[mask],
            self.scored[mask],
            self.posts[mask],
            self.languages[mask],
        )

    def without(self, silences: Iterable[Silence]) -> "Series":
        """Without the comments that these silences are about."""
        kept = np.ones(len(self.times), dtype=bool)
        for silence in silences:
            if silence.account in ("", self.account):
                about = (self.posts == silence.post) if silence.post else np.ones(len(self.times), dtype=bool)
                kept &= ~(about & (self.languages == silence.language) if silence.language else about)
        return self if kept.all() else self.only(kept)


def joined(several: Sequence[Series], name: str) -> Series:
    """The comments of several accounts as one; known from when on each of them is."""
    times = np.concatenate([each.times for each in several])
    order = np.argsort(times, kind="stable")
    return Series(
        name,
        max(each.since for each in several),
        times[order],
        np.concatenate([each.negative for each in several])[order],
        np.concatenate([each.scored for each in several])[order],
        np.concatenate([each.posts for each in several])[order],
        np.concatenate([each.languages for each in several])[order],
    )


def warm(connection: Connection, accounts: Collection[str], after: datetime, until: datetime) -> dict[str, int]:
    """How many negative comments each account has between the two; those without any are left out. What has too few of
    them needs no closer look."""
    which = (_c.account.in_(accounts), _c.created_at > after, _c.created_at <= until, ~_c.ours, _c.label == "negative")
    rows = connection.execute(select(_c.account, func.count()).where(*which).group_by(_c.account))
    return {row[0]: row[1] for row in rows}


def series(connection: Connection, accounts: Collection[str], first: datetime, until: datetime) -> dict[str, Series]:
    """The comments of each account that were written from `first` to `until`; none of an account never heard of."""
    known = select(comment_read.c.account, comment_read.c.heard_from).where(comment_read.c.account.in_(accounts))
    since = {account: heard for account, heard in connection.execute(known) if heard is not None}
    rows: dict[str, list[tuple[float, bool, bool, str, str]]] = {account: [] for account in since}
    columns = (
        _c.account,
        extract("epoch", _c.created_at).cast(comment.c.p_negative.type),
        func.coalesce(_c.label == "negative", False),
        func.coalesce(_c.scored, False),
        _c.remote_id,
        func.coalesce(func.split_part(_c.language, "-", 1), ""),
    )
    which = and_(_c.account.in_(list(since)), _c.created_at >= first, _c.created_at <= until, ~_c.ours)
    for account, *row in connection.execute(select(*columns).where(which).order_by(_c.account, _c.created_at)):
        rows[account].append(tuple(row))
    return {account: _series(account, max(since[account], first), found) for account, found in rows.items()}


def _series(account: str, since: datetime, rows: Sequence[tuple[float, bool, bool, str, str]]) -> Series:
    times, negative, scored, posts, languages = zip(*rows, strict=True) if rows else ((), (), (), (), ())
    return Series(
        account,
        since.astimezone(UTC).timestamp(),
        np.array(times, dtype=np.float64),
        np.array(negative, dtype=bool),
        np.array(scored, dtype=bool),
        np.array(posts, dtype=np.str_),
        np.array(languages, dtype=np.str_),
    )
