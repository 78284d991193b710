"""What people say of a spike and of the desk's judgement: kept for good, the truth that models are measured against."""

import re
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from include.domain.comments import Label
from include.warehouse.tables import comment_feedback, spike

What = Literal["real", "not_a_spike", "wrong_sentiment"]

_LABELS: dict[str, Label] = {
    **dict.fromkeys(("negative", "neg", "negativo", "negativa", "bad"), "negative"),
    **dict.fromkeys(("neutral", "neu", "neutro", "neutra"), "neutral"),
    **dict.fromkeys(("positive", "pos", "positivo", "positiva", "good"), "positive"),
}
_SAID = re.compile(r"(?<!\w)(\d+)\s*[.:=)]?\s*([a-z]+)", re.IGNORECASE)
_BETWEEN = re.compile(r"(?:[\s,;.!]|\b(?:and|e|y)\b)*", re.IGNORECASE)


def corrections(text: str) -> list[tuple[int, Label]]:
    """What a reply says of the numbered examples: `2 positive, 4 neutral` is [(2, positive), (4, neutral)]. What
    holds other words too is talk, and says nothing of them."""
    if not _BETWEEN.fullmatch(_SAID.sub(" ", text)):
        return []
    found = ((int(number), _LABELS.get(word.lower())) for number, word in _SAID.findall(text))
    return [(number, label) for number, label in found if label]


def keep(connection: Connection, case_key: str, said: What, by: str, now: datetime) -> bool:
    """Keep what somebody said of a case; whether they had not said it before."""
    return _kept(connection, {"spike_id": _whole(connection, case_key), "said": said, "by": by, "at": now})


def keep_label(
    connection: Connection, case_key: str, of: tuple[str, str], label: Label, by: str, now: datetime
) -> bool:
    """Keep what somebody says that a comment (account and id) is; whether they had not said it before."""
    row = {"spike_id": _whole(connection, case_key), "said": "wrong_sentiment", "by": by, "at": now}
    return _kept(connection, {**row, "account": of[0], "comment_id": of[1], "label": label})


def _whole(connection: Connection, case_key: str) -> int | None:
    """The row of the brand's episode, which stands for the whole case."""
    return connection.scalar(select(spike.c.spike_id).where(*_of(case_key)))


def _of(case_key: str) -> tuple[ColumnElement[bool], ...]:
    return (spike.c.case_key == case_key, spike.c.account.is_(None))


def _kept(connection: Connection, row: dict[str, object]) -> bool:
    once = insert(comment_feedback).values(row).on_conflict_do_nothing()
    return connection.scalar(once.returning(comment_feedback.c.feedback_id)) is not None


def take(connection: Connection, case_key: str, by: str, now: datetime) -> bool:
    """Somebody has it; whoever was first keeps it."""
    free = (*_of(case_key), spike.c.taken_by.is_(None))
    return connection.execute(update(spike).where(*free).values(taken_by=by, taken_at=now)).rowcount > 0


def dismiss(connection: Connection, case_key: str, by: str) -> bool:
    """Somebody says that it is no spike. Should it get worse, it is told again."""
    still = (*_of(case_key), spike.c.dismissed_by.is_(None), spike.c.closed_at.is_(None))
    return connection.execute(update(spike).where(*still).values(dismissed_by=by)).rowcount > 0
