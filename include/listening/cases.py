"""What there is to say of a case: which posts, which languages, what people wrote, what comes next."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, tuple_, update

from include.domain.accounts import Brand
from include.listening.languages import language_name
from include.listening.series import BEHIND, Series, series
from include.listening.spikes import Case
from include.messages.spike import EXAMPLES, Said
from include.warehouse.tables import ad_entity, comment, hold, post, publication, remote_post, spike

WINDOW = timedelta(hours=6)
_c = comment.c


@dataclass(frozen=True)
class Written:
    """What was written in the case's last window."""

    negatives: int
    scored: int
    unscored: int
    usual: float
    usual_share: float
    posts: tuple[tuple[str, str, int], ...]
    languages: tuple[tuple[str, str, int], ...]
    examples: tuple[Said, ...]


def accounts_of(case: Case, brand: Brand) -> list[str]:
    """The accounts that the case is about, the worst first."""
    return list(dict.fromkeys(row.account for row in case.rows)) or [account.key for account in brand.accounts]


def heard(connection: Connection, accounts: Collection[str], until: datetime) -> list[Series]:
    """Their comments of the last month, of those that were heard of."""
    return list(series(connection, accounts, until - BEHIND, until).values())


def written(
    connection: Connection, case: Case, accounts: Collection[str], until: datetime, usual: tuple[float, float]
) -> Written:
    """What the window that ends at `until` holds. The examples keep the numbers that they were first shown under."""
    which = (_c.account.in_(accounts), _c.created_at > until - WINDOW, _c.created_at <= until, ~_c.ours)
    rows = connection.execute(select(comment).where(*which).order_by(_c.created_at)).all()
    bad = [row for row in rows if row.label == "negative"]
    by_language = Counter((row.language or "und").partition("-")[0] for row in bad)
    return Written(
        negatives=len(bad),
        scored=sum(bool(row.scored) for row in rows),
        unscored=sum(not row.scored for row in rows),
        usual=usual[0],
        usual_share=usual[1],
        posts=tuple(_posts(connection, bad)),
        languages=tuple((tag, language_name(tag), count) for tag, count in by_language.most_common()),
        examples=tuple(_said(row) for row in _numbered(connection, case, examples(bad))),
    )


def _numbered(connection: Connection, case: Case, fresh: Sequence[Any]) -> list[Any]:
    """Those that were shown before, under their numbers, and fresh ones for the numbers that are left."""
    before = shown(connection, case.key)
    own = tuple_(_c.account, _c.comment_id)
    rows = connection.execute(select(comment).where(own.in_(before))) if before else ()
    known = {(row.account, row.comment_id): row for row in rows}
    more = [row for row in fresh if (row.account, row.comment_id) not in before][: EXAMPLES - len(before)]
    if more:
        now = [*before, *((row.account, row.comment_id) for row in more)]
        connection.execute(update(spike).where(*_whole(case.key)).values(shown=now))
    return [*(known[each] for each in before if each in known), *more]


def shown(connection: Connection, case_key: str) -> list[tuple[str, str]]:
    """Account and id of the examples that a case's message shows, in the order of their numbers."""
    found = connection.scalar(select(spike.c.shown).where(*_whole(case_key)))
    return [(account, comment_id) for account, comment_id in found or ()]


def _whole(case_key: str) -> tuple[ColumnElement[bool], ...]:
    """The row of the brand's episode, which holds what belongs to all of the case."""
    return (spike.c.case_key == case_key, spike.c.account.is_(None))


def examples(bad: Iterable[Any]) -> list[Any]:
    """The clearest that are still shown, each text once, of different authors first."""
    clearest = sorted(bad, key=lambda row: (row.gone_at is not None, -(row.p_negative or 0), row.created_at))
    texts: set[str] = set()
    authors: set[str] = set()
    first: list[Any] = []
    rest: list[Any] = []
    for row in clearest:
        words = " ".join((row.text or "").lower().split())
        if words and words not in texts:
            (rest if row.author_hash in authors else first).append(row)
            texts.add(words)
            authors |= {row.author_hash} if row.author_hash else set()
    return [*first, *rest][:EXAMPLES]


def _said(row: Any) -> Said:
    return Said(row.text or "", row.url, row.language or "")


def _posts(connection: Connection, bad: Sequence[Any]) -> list[tuple[str, str, int]]:
    """Under which posts they stand: text, address, how many; the most first."""
    counts = Counter((row.account, row.remote_id) for row in bad)
    return [(*_post(connection, account, remote_id), n) for (account, remote_id), n in counts.most_common()]


def _post(connection: Connection, account: str, remote_id: str) -> tuple[str, str]:
    """A post's text and address, as the network shows it, or as we sent it."""
    theirs = select(remote_post.c.text, remote_post.c.url)
    theirs = theirs.where(remote_post.c.account == account, remote_post.c.remote_id == remote_id)
    same = and_(publication.c.account == account, publication.c.remote_id == remote_id)
    ours = select(post.c.text, func.coalesce(publication.c.url, ""))
    ours = ours.join(publication, publication.c.post_id == post.c.post_id).where(same)
    row = connection.execute(theirs).first() or connection.execute(ours).first()
    return (row[0], row[1]) if row else ("a sponsored post or one that the desk does not know", "")


def next_post(connection: Connection, brand: str, now: datetime) -> tuple[datetime, str] | None:
    """When the brand's next post goes out, and on which account."""
    coming = (post.c.brand == brand, publication.c.part == 0, publication.c.publish_at > now)
    ahead = publication.c.state.in_(("planned", "approved", "due", "claimed", "media_ready"))
    query = select(publication.c.publish_at, publication.c.account)
    query = query.join(post, post.c.post_id == publication.c.post_id).where(*coming, ahead)
    row = connection.execute(query.order_by(publication.c.publish_at).limit(1)).first()
    return (row[0], row[1]) if row else None


def running_ads(connection: Connection, accounts: Collection[str], now: datetime) -> list[str]:
    """The names of the campaigns that run on the brand's ad accounts, as last read."""
    runs = (
        ad_entity.c.account.in_(accounts),
        ad_entity.c.level == "campaign",
        ad_entity.c.effective_status == "ACTIVE",
        or_(ad_entity.c.ends_at.is_(None), ad_entity.c.ends_at > now),
    )
    return list(connection.scalars(select(ad_entity.c.name).where(*runs).order_by(ad_entity.c.name)))


def held_by(connection: Connection, brand: Brand) -> str:
    """Who holds the brand; empty where it is on no hold."""
    query = select(hold.c.held_by).where(hold.c.lifted_at.is_(None), hold.c.subject == brand.key)
    return connection.scalar(query) or ""
