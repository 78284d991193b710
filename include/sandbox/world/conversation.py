"""What people wrote under an account's posts: pure, from the seed and the moment alone.

Every post has as many comments as its lifetime counter (`growth.py`) says at any full hour, and replies on top of
them, which that counter leaves out; a wave, a surge and the volume that a world asks for come on top too, and stand
in no counter of insights. Six to twelve in a hundred are negative, by the account. Two in a hundred are edited later
and as many are deleted by who wrote them; a few are long, spam, or full of Slack's own markup.

`include.sandbox.conversation` joins this with what was said through the APIs: the other folders ask there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from random import Random

from include.sandbox.chance import chance, digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.world.calendar import X_EPOCH_MS, posts_between, tid
from include.sandbox.world.people import CROWD, Person, person
from include.sandbox.world.remarks import NEGATIVE, NO_LANGUAGE, language_of, remark

USUAL = {
    "praise": 38, "chat": 15, "question": 11, "price": 5, "contact": 3, "tag": 14, "emoji": 10, "spam": 2, "markup": 1,
}  # fmt: skip
BAD = {"complaint": 75, "late": 19, "angry_emoji": 6}
REPLIED = {"praise": "thanks", "question": "answer", "price": "answer", "contact": "answer", "complaint": "sorry"}
"""What the account itself answers, where it does: to half of the praise and questions, to a third of the complaints."""
WAVE = {"late": 80, "complaint": 6, "angry_emoji": 4, "question": 6, "chat": 4}
SURGE = {"praise": 52, "emoji": 20, "tag": 18, "chat": 10}
MOST_TOGETHER = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class WorldComment:
    """A comment as it stands. `author` None: the account itself. `was` is what it said before `edited_at`.

    `comment_id` has the network's own shape; LinkedIn's is the number alone. `post_id` is the post at the thread's
    root, `parent_id` the comment it answers. `kind` and `language` are what the world meant, told by no API.
    """

    comment_id: str
    post_id: str
    created_at: datetime
    text: str
    author: Person | None
    kind: str
    language: str
    parent_id: str | None = None
    edited_at: datetime | None = None
    was: str = ""
    deleted_at: datetime | None = None
    hidden: bool = False
    sponsored: bool = False

    @property
    def ours(self) -> bool:
        return self.author is None

    @property
    def negative(self) -> bool:
        return self.kind in NEGATIVE


@lru_cache(maxsize=1 << 16)
def under(
    seed: int, account: DeclaredAccount, post_id: str, posted_at: datetime, ages: tuple[int, ...]
) -> tuple[WorldComment, ...]:
    """All that is ever said under one post, oldest first: a comment in each hour of `ages` (1: the first hour)."""
    weights = _weights(seed, account)
    found = []
    for number, age in enumerate(ages):
        draw = chance(seed, account.key, post_id, "comment", number)
        moment = posted_at + timedelta(hours=age - draw.random())
        found.append(_comment(seed, account, post_id, moment, draw, weights))
    replies = [reply for comment in found for reply in _replies(seed, account, comment)]
    return tuple(sorted((*found, *replies), key=lambda each: (each.created_at, each.comment_id)))


@lru_cache(maxsize=256)
def wave(seed: int, account: DeclaredAccount, at: datetime) -> tuple[WorldComment, ...]:
    """People whose parcels are late: forty in the six hours before `at`, thicker and thicker, and some after it."""
    return _crowded(seed, account, "wave", at, 40, WAVE, {account.language: 9, "en": 1}, tail=14)


@lru_cache(maxsize=256)
def surge(seed: int, account: DeclaredAccount, at: datetime) -> tuple[WorldComment, ...]:
    """A post that everybody likes: in six hours as many comments as else in weeks, no more of them bad than usual."""
    kinds = _weights(seed, account)
    bad = sum(kinds[kind] for kind in BAD) / sum(kinds.values())
    mixed = {kind: weight * (1 - bad) for kind, weight in SURGE.items()} | {"complaint": bad * sum(SURGE.values())}
    return _crowded(seed, account, "surge", at, 150, mixed, {}, tail=30)


def volume(
    seed: int, account: DeclaredAccount, a_minute: float, begun: datetime, since: datetime, until: datetime
) -> Iterator[WorldComment]:
    """The further comments that a world asks for: `a_minute` of them, evenly from `begun` on."""
    every = 60 / a_minute
    first = begun + timedelta(seconds=every * chance(seed, account.key, "volume").random())
    weights = _weights(seed, account)
    number = max(0, int((since - first).total_seconds() / every))
    while (moment := first + timedelta(seconds=every * number)) < until:
        if moment >= since:
            draw = chance(seed, account.key, "volume", begun.isoformat(), number)
            yield _comment(seed, account, _recent_post(seed, account, moment, draw), moment, draw, weights)
        number += 1


def comment_id(account: DeclaredAccount, post_id: str, moment: datetime, author: Person | None, salt: int) -> str:
    """An id as the network makes them; X's, Mastodon's, LinkedIn's and Bluesky's hold the time."""
    ms = int(moment.timestamp() * 1000)
    match account.platform:
        case "facebook":
            return f"{post_id.partition('_')[2]}_{digits(15, account.key, ms, salt)}"
        case "x":
            return str(((ms - X_EPOCH_MS) << 22) | (salt % (1 << 22)))
        case "linkedin":
            return str((ms << 22) | (salt % (1 << 22)))
        case "mastodon":
            return str((ms << 16) | (salt % (1 << 16)))
        case "bluesky":
            who = author.person_id if author else account.native_id
            return f"at://{who}/app.bsky.feed.post/{tid(moment, salt)}"
    return f"179{digits(14, account.key, ms, salt)}"


def _weights(seed: int, account: DeclaredAccount) -> dict[str, float]:
    """How often each kind is said to this account."""
    bad = chance(seed, account.key, "mood").uniform(0.06, 0.12)
    usual = {kind: weight * (1 - bad) / sum(USUAL.values()) for kind, weight in USUAL.items()}
    return usual | {kind: weight * bad / sum(BAD.values()) for kind, weight in BAD.items()}


def _comment(
    seed: int,
    account: DeclaredAccount,
    post_id: str,
    moment: datetime,
    draw: Random,
    weights: Mapping[str, float],
    languages: Mapping[str, float] | None = None,
) -> WorldComment:
    kind = draw.choices(list(weights), list(weights.values()))[0]
    spoken = draw.choices(list(languages), list(languages.values()))[0] if languages else None
    said = _said(account, post_id, moment, kind, draw, language=spoken, author=_somebody(seed, account, draw))
    return _changed_later(said, draw)


def _said(
    account: DeclaredAccount,
    post_id: str,
    moment: datetime,
    kind: str,
    draw: Random,
    *,
    author: Person | None,
    parent_id: str | None = None,
    language: str | None = None,
) -> WorldComment:
    language = language or (language_of(account.language, draw) if author else account.language.partition("-")[0])
    often = draw.randint(12, 60) if author and draw.random() < 0.008 else 1
    text = " ".join(remark(kind, language, draw) for _ in range(often))
    name = comment_id(account, post_id, moment, author, draw.randrange(1 << 22))
    spoken = "und" if kind in NO_LANGUAGE else language
    return WorldComment(name, post_id, moment, text, author, kind, spoken, parent_id)


def _changed_later(comment: WorldComment, draw: Random) -> WorldComment:
    fate, minutes = draw.random(), draw.uniform(4, 90)
    if fate < 0.02:
        text = f"{comment.text} {remark(comment.kind, comment.language, draw)}"
        return replace(comment, text=text, was=comment.text, edited_at=comment.created_at + timedelta(minutes=minutes))
    if fate < 0.04:
        return replace(comment, deleted_at=comment.created_at + timedelta(minutes=30 * minutes))
    return comment


def _replies(seed: int, account: DeclaredAccount, comment: WorldComment) -> Iterator[WorldComment]:
    """Who answers: others who know it too or not, and now and then the account."""
    draw = chance(seed, account.key, comment.comment_id, "replies")
    kinds = []
    if comment.kind in ("complaint", "late"):
        kinds = draw.choices(("agree", "differ"), (2, 3), k=draw.choice((0, 0, 1, 1, 2)))
    elif comment.kind in ("praise", "chat", "question"):
        kinds = draw.choices(("chat", "praise", "emoji", "tag"), k=draw.choice((0, 0, 0, 0, 1)))
    moment = comment.created_at
    for kind in kinds:
        moment += timedelta(minutes=draw.expovariate(1 / 90))
        author = _somebody(seed, account, draw)
        yield _said(account, comment.post_id, moment, kind, draw, author=author, parent_id=comment.comment_id)
    answer = REPLIED.get(comment.kind)
    if answer and draw.random() < (0.33 if answer == "sorry" else 0.5):
        moment = comment.created_at + timedelta(minutes=draw.uniform(20, 600))
        yield _said(account, comment.post_id, moment, answer, draw, author=None, parent_id=comment.comment_id)


def _crowded(
    seed: int,
    account: DeclaredAccount,
    name: str,
    at: datetime,
    many: int,
    weights: Mapping[str, float],
    languages: Mapping[str, float],
    *,
    tail: int,
) -> tuple[WorldComment, ...]:
    """`many` comments in the six hours before `at`, `tail` more in the three after, under the last posts before."""
    found = []
    for number in range(many + tail):
        draw = chance(seed, account.key, name, number)
        share = draw.random() ** 0.5 if number < many else 1 + draw.random() / 2
        moment = at + MOST_TOGETHER * (share - 1) * 0.97
        post_id = _recent_post(seed, account, at - MOST_TOGETHER, draw, of=2)
        found.append(_comment(seed, account, post_id, moment, draw, weights, languages))
    return tuple(sorted(found, key=lambda each: (each.created_at, each.comment_id)))


def _recent_post(seed: int, account: DeclaredAccount, moment: datetime, draw: Random, of: int = 3) -> str:
    """One of the last `of` posts before `moment`; the older, the seldomer."""
    posts: Sequence[str] = _posts_before(
        seed, account, moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    )
    return posts[-1 - min(int(draw.expovariate(1)), of - 1, len(posts) - 1)]


@lru_cache(maxsize=1 << 14)
def _posts_before(seed: int, account: DeclaredAccount, hour: datetime) -> tuple[str, ...]:
    return tuple(post.remote_id for post in posts_between(seed, account, hour - timedelta(days=14), hour))


def _somebody(seed: int, account: DeclaredAccount, draw: Random) -> Person:
    number = int(CROWD * draw.random() ** 2)  # few write much
    return person(seed, account.platform, account.language, account.key, number)
