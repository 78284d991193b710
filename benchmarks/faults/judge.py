"""What came of it, by the sandbox's own list of what is live; the ledger only says why something is not."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, text

from benchmarks.faults.desk import Desk
from benchmarks.faults.recipes import is_too_long
from include.domain import Post
from include.publishing.plan import posts

UNDECIDABLE: tuple[str, ...] = ()
"""Networks, as accounts' keys begin, on which no look can tell whether a post is out: there, a held one is well done.
The sandbox serves none: every network of ours lists what it has."""

NUMBER = re.compile(r"No\. (\d{6})\.")


@dataclass
class Verdict:
    """How many publications ended how. `sentences` name each one that did not end as it should, and each held one."""

    publications: int = 0
    live: int = 0
    refused: int = 0
    held: int = 0
    duplicates: int = 0
    lost: int = 0
    stuck: int = 0
    untrue: int = 0
    sentences: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not (self.duplicates or self.lost or self.stuck or self.untrue)

    def __str__(self) -> str:
        return (
            f"{self.publications} publications: {self.live} live, {self.refused} refused, {self.held} held,"
            f" {self.duplicates} duplicates, {self.lost} lost, {self.stuck} stuck"
        )


def judge(desk: Desk) -> Verdict:
    """Look for every publication's words on its account, and for a reason where they are not there."""
    copies = Counter(
        (f"{post['platform']}_{post['account']}", number)
        for post in desk.sandbox("live")["posts"]
        if post["published"] and not post["deleted"]
        for number in NUMBER.findall(post["text"])
    )
    with desk.engine.connect() as connection:
        order = "SELECT post_id, part, account, state, reason, sent_at FROM desk.publication ORDER BY post_id, part"
        rows = connection.execute(text(order)).all()
    planned = {post.post_id: post for post in _planned(desk, rows)}
    verdict, over = Verdict(publications=len(rows)), set[str]()
    for row in rows:
        post = planned[row.post_id]
        (number,) = NUMBER.findall(post.parts[row.part].text)
        is_over = row.post_id in over
        settle(verdict, row, copies[row.account, number], is_over=is_over, is_refusable=is_too_long(post))
        if row.state in ("refused", "held", "cancelled"):
            over.add(row.post_id)
    return verdict


def _planned(desk: Desk, rows: Sequence[Row[Any]]) -> Iterable[Post]:
    return posts(desk.engine, {row.post_id for row in rows}).values()


def settle(verdict: Verdict, row: Row[Any], copies: int, *, is_over: bool = False, is_refusable: bool = False) -> None:
    """Count one publication. `is_over`: a part before it did not go out, and so neither does it. `is_refusable`: no
    network takes it; of any other, a refusal is a loss."""
    if copies > 1:
        verdict.duplicates += copies - 1
        verdict.sentences.append(f"{_name(row)} is out {copies} times.")
    if copies:
        verdict.live += 1
        if row.state not in ("live", "partly_live", "held"):
            verdict.untrue += 1
            verdict.sentences.append(f"{_name(row)} is out, and the ledger says {row.state}: {row.reason}")
    elif is_over or (row.state == "refused" and row.reason and is_refusable):
        verdict.refused += 1
    elif row.state == "held" and row.sent_at is not None and row.account.startswith(UNDECIDABLE):
        verdict.held += 1
        verdict.sentences.append(f"{_name(row)} is held: {row.reason}")
    elif row.state in ("live", "partly_live", "refused", "held", "cancelled"):
        verdict.lost += 1
        verdict.sentences.append(f"{_name(row)} is not out, and the ledger says {row.state}: {row.reason}")
    else:
        verdict.stuck += 1
        verdict.sentences.append(f"{_name(row)} is still {row.state}: {row.reason}")


def _name(row: Row[Any]) -> str:
    return f"{row.post_id}, part {row.part},"
