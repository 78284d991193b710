"""Holding new comments against the rules: what is to be done is proposed, leads and questions are noted.

A comment is judged once, and again when its text changes; the rules that it was held against are those of that day.
What is older than three days when it is first heard is left alone; and so is what an account had before it was first
listened to, but for its last hours: a first read goes back four weeks, and nobody wants to be asked about all of that.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Row, func, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from include.comments.moderating import Judged, Said, is_question, judge
from include.domain.accounts import Account, Brand, network_title
from include.domain.moderation import Answers, Rule
from include.listening import attending
from include.listening.actions import BY_RULE, STANDS_FOR
from include.warehouse.tables import comment, comment_read, lead, moderation_action

LOOKS_BACK = timedelta(days=3)
BEFORE_FIRST = timedelta(hours=6)
WAITS_FOR_SCORE = timedelta(minutes=15)
"""For so long a comment waits to be scored; then it is judged without."""
MOST_AT_ONCE = 500
MOST_SLOW = 20
MOST_TOGETHER = 20
"""Comments that are asked about in one message."""

_c = comment.c


@dataclass(frozen=True)
class Judge:
    """What comments are judged by. `able` says by account what its network can do (`hide`, `answer`); `on_hold` are
    brands and accounts of which nothing is done unasked."""

    brands: Sequence[Brand]
    rules: Sequence[Rule]
    answers: Answers = field(default_factory=Answers)
    able: Mapping[str, Sequence[str]] = field(default_factory=dict)
    on_hold: frozenset[str] = frozenset()

    @property
    def accounts(self) -> dict[str, tuple[Brand, Account]]:
        return {account.key: (brand, account) for brand in self.brands for account in brand.accounts}


@dataclass
class Found:
    """What a pass came to. `slow` says how often the regular expression of a rule ran out of time."""

    judged: int = 0
    proposed: int = 0
    leads: int = 0
    questions: int = 0
    slow: Counter[str] = field(default_factory=Counter)


def judge_new(engine: Engine, by: Judge, *, now: datetime) -> Found:
    """Judge every comment that is new or changed, in batches that are each kept or not as a whole."""
    found = Found()
    while True:
        with engine.begin() as connection:
            batch = _Batch(connection, by, now, found)
            rows = batch.rows()
            batch.settle(rows)
        if len(rows) < MOST_AT_ONCE:
            return found


class _Batch:
    """Some comments, locked: two runs at once judge none twice."""

    def __init__(self, connection: Connection, by: Judge, now: datetime, found: Found) -> None:
        self.connection, self.by, self.now, self.found = connection, by, now, found
        self.accounts = by.accounts

    def rows(self) -> Sequence[Row[Any]]:
        is_scored = _c.judged_hash == func.md5(_c.text)
        new = (
            _c.created_at > self.now - LOOKS_BACK,
            or_(comment_read.c.account.is_(None), _c.created_at > comment_read.c.first_tried_at - BEFORE_FIRST),
            _c.text.is_not(None),
            ~_c.ours,
            _c.gone_at.is_(None),
            _c.moderated_hash.is_distinct_from(func.md5(_c.text)),
            or_(is_scored, _c.first_seen_at < self.now - WAITS_FOR_SCORE),
            _c.account.in_(self.accounts),
        )
        query = select(comment, func.md5(_c.text).label("text_hash"), is_scored.label("is_scored")).where(*new)
        joined = query.outerjoin(comment_read, comment_read.c.account == _c.account)
        ordered = joined.order_by(_c.account, _c.comment_id).limit(MOST_AT_ONCE)
        return self.connection.execute(ordered.with_for_update(skip_locked=True, of=comment)).all()

    def settle(self, rows: Sequence[Row[Any]]) -> None:
        others = _author_times(self.connection, rows, self.by.rules)
        caught = [(row, self.judged(row, others)) for row in rows]
        self.found.judged += len(rows)
        self.note_questions(caught)
        self.note_leads(caught)
        self.end_former(rows)
        self.propose(caught)
        keys = [(row.account, row.comment_id) for row in rows]
        here = tuple_(_c.account, _c.comment_id).in_(keys)
        self.connection.execute(update(comment).where(here).values(moderated_hash=func.md5(_c.text)))

    def judged(self, row: Row[Any], others: Mapping[tuple[str, str], Sequence[datetime]]) -> Judged:
        """A rule that was slow too often is left out for the rest of the pass: comments must not hold up the others."""
        brand, account = self.accounts[row.account]
        rules = [rule for rule in self.by.rules if self.found.slow[rule.name] < MOST_SLOW]
        judged = judge(rules, said_of(row, brand.key, account.platform, others, is_scored=row.is_scored))
        self.found.slow.update(judged.slow)
        return judged

    def note_questions(self, caught: Iterable[tuple[Row[Any], Judged]]) -> None:
        asked = [
            (row.account, row.comment_id, self.accounts[row.account][0].key)
            for row, judged in caught
            if is_question(row.text) and not any(rule.hide for rule in judged.rules)
        ]
        attending.ask_of(self.connection, asked, now=self.now)
        self.found.questions += len(asked)

    def note_leads(self, caught: Iterable[tuple[Row[Any], Judged]]) -> None:
        """One lead a comment, of the first kind; never of what is to be hidden."""
        rows = []
        for row, judged in caught:
            kind = next((rule.lead for rule in judged.rules if rule.lead), "")
            if kind and not any(rule.hide for rule in judged.rules):
                source = {"account": row.account, "source": "comment", "source_id": row.comment_id}
                about = {"brand": self.accounts[row.account][0].key, "kind": kind, "created_at": row.created_at}
                rows.append({**source, **about, "first_seen_at": self.now})
        if rows:
            noted = insert(lead).on_conflict_do_nothing().returning(lead.c.lead_id)
            self.found.leads += len(self.connection.scalars(noted, rows).all())

    def propose(self, caught: Iterable[tuple[Row[Any], Judged]]) -> None:
        wanted = [(row, list(self.wanted(row, judged))) for row, judged in caught if judged.rules]
        wanted = [(row, found) for row, found in wanted if found]
        standing = attending.standing(self.connection, [(row.account, row.comment_id) for row, _ in wanted])
        for message_key, row, each in _together(wanted):
            labels, person = standing.get((row.account, row.comment_id), ([], ""))
            before = {"hide": "shown", "label": ", ".join(labels), "assign": person, "answer": ""}[each["what"]]
            self.write(row, {**each, "message_key": message_key, "before": before})

    def wanted(self, row: Row[Any], judged: Judged) -> Iterator[dict[str, Any]]:
        """What the rules want, each thing once: the first rule to name it has its way; labels add up."""
        brand, account = self.accounts[row.account]
        able, seen = self.by.able.get(account.key, ()), set[str]()
        for rule in judged.rules:
            for what, after, language in self.of_rule(rule, row, brand, account):
                by_hand = what in ("hide", "answer") and what not in able
                if (what in seen and what != "label") or (what == "hide" and row.hidden):
                    continue
                seen.add(what)
                is_asked = rule.needs_approval or by_hand or not self.by.on_hold.isdisjoint((brand.key, account.key))
                decided: dict[str, Any] = {"state": "proposed", "decided_by": None, "decided_at": None}
                if not is_asked:
                    decided = {"state": "approved", "decided_by": f"{BY_RULE}{rule.name}", "decided_at": self.now}
                about = {"rule": rule.name, "what": what, "after": after, "language": language, "by_hand": by_hand}
                yield {**about, **decided, "brand": brand.key}

    def of_rule(self, rule: Rule, row: Row[Any], brand: Brand, account: Account) -> Iterator[tuple[str, str, str]]:
        if rule.hide:
            yield "hide", "hidden", ""
        if rule.labels:
            yield "label", ", ".join(rule.labels), ""
        if rule.assign:
            yield "assign", rule.assign, ""
        if rule.draft and (found := self.by.answers.find(brand.key, rule.draft, _tongues(row, brand))):
            known = {"brand": brand.title, "network": network_title(account.platform)}
            yield "answer", self.by.answers.filled(found[1], brand.key, known), found[0]

    def end_former(self, rows: Sequence[Row[Any]]) -> None:
        """What is still open about the text that a comment had before is asked no more."""
        a = moderation_action.c
        for row in rows:
            former = (a.account == row.account, a.comment_id == row.comment_id, a.text_hash != row.text_hash)
            mine = update(moderation_action).where(*former, a.state.in_(("proposed", "approved")))
            self.connection.execute(mine.values(state="expired", settled_at=self.now, note="It was edited since."))

    def write(self, row: Row[Any], values: Mapping[str, Any]) -> None:
        about = {"account": row.account, "comment_id": row.comment_id, "text_hash": row.text_hash}
        when = {"proposed_at": self.now, "expires_at": self.now + STANDS_FOR}
        written = insert(moderation_action).values({**about, **when, **values}).on_conflict_do_nothing()
        returned = self.connection.execute(written.returning(moderation_action.c.action_id))
        self.found.proposed += returned.one_or_none() is not None


def _tongues(row: Row[Any], brand: Brand) -> list[str]:
    """In which languages a comment may be answered, the best first: its own, else one that strangers read; the brand's
    where nobody could tell."""
    own = (row.language if row.language != "und" else None) or row.said_language
    return [own, "en", brand.language] if own else [brand.language, "en"]


def _together(
    wanted: Iterable[tuple[Row[Any], list[dict[str, Any]]]],
) -> Iterator[tuple[str, Row[Any], dict[str, Any]]]:
    """What is wanted, by message: comments of one brand with which the very same is to be done are asked about
    together, for in a wave of complaints nobody reads a message for each."""
    alike: dict[str, list[tuple[Row[Any], list[dict[str, Any]]]]] = {}
    for row, found in wanted:
        alike.setdefault(repr(found), []).append((row, found))
    for group in alike.values():
        for first in range(0, len(group), MOST_TOGETHER):
            message_key = f"moderate:{uuid.uuid4().hex[:12]}"
            for row, found in group[first : first + MOST_TOGETHER]:
                yield from ((message_key, row, each) for each in found)


def said_of(
    row: Row[Any],
    brand: str,
    network: str,
    others: Mapping[tuple[str, str], Sequence[datetime]],
    *,
    is_scored: bool,
) -> Said:
    """A row of `comment` as the rules see it."""
    times = others.get((row.account, row.author_hash), ()) if row.author_hash else ()
    return Said(
        brand=brand,
        network=network,
        text=row.text,
        language=(row.language if is_scored else None) or row.said_language or "und",
        p_negative=row.p_negative if is_scored and row.scored else None,
        is_negative=bool(is_scored and row.scored and row.label == "negative"),
        at=row.created_at,
        others=[*times[: times.index(row.created_at)], *times[times.index(row.created_at) + 1 :]] if times else (),
    )


def _author_times(
    connection: Connection, rows: Sequence[Row[Any]], rules: Iterable[Rule]
) -> dict[tuple[str, str], list[datetime]]:
    """When the authors of these comments wrote on the account, as far back as a rule asks."""
    spans = [rule.often.within for rule in rules if rule.often]
    authors = {row.author_hash for row in rows if row.author_hash}
    if not spans or not authors:
        return {}
    since = min(row.created_at for row in rows) - max(spans)
    wanted = (_c.account.in_({row.account for row in rows}), _c.created_at > since, _c.author_hash.in_(authors))
    found: dict[tuple[str, str], list[datetime]] = {}
    for row in connection.execute(select(_c.account, _c.author_hash, _c.created_at).where(*wanted)):
        found.setdefault((row.account, row.author_hash), []).append(row.created_at)
    return found
