"""All comments under an account's posts as they stand now: the world's people, what the control let be said, and what
came through the APIs. As `timeline.py` does for posts.

    comments_of(sandbox, account, since, until)     written or edited in that time, under all posts, dark ones too
    comments_under(sandbox, account, post_id)       all that stand under one post; comments_by_post: under several
    find_comment(sandbox, account, comment_id)      one of them, None where it never was or is gone

Each is shown as of the sandbox's clock: nothing that is yet to come, an edited text only once it was edited, nothing
that was deleted, by whomever, nor what answered it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from include.sandbox import slack  # noqa: F401  the sandbox's state is made of Slack's parts, which must come first
from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.meta_ads.creatives import dark_posts
from include.sandbox.posts import LoggedPost
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, counted_comments, find_said, timeline
from include.sandbox.world.conversation import WorldComment, surge, under, volume, wave
from include.sandbox.world.growth import TALKED_OF
from include.sandbox.world.people import Person

AFTERTALK = timedelta(hours=TALKED_OF + 48)
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)
SILENT = ("meta_ads",)
"""Accounts under which nobody can say anything."""


@dataclass(frozen=True, slots=True)
class TalkedOf:
    """A post that people can comment on. `ages`: the hours at whose end each of its usual comments is there."""

    post_id: str
    posted_at: datetime
    ages: tuple[int, ...]
    sponsored: bool = False


def comments_of(
    sandbox: Sandbox, account: DeclaredAccount, since: datetime, until: datetime | None = None
) -> list[WorldComment]:
    """Those with since <= created_at < until, and those edited in that time, the oldest first."""
    until = min(until, sandbox.clock.now()) if until else sandbox.clock.now()
    posts = list(talked_of(sandbox, account, since - AFTERTALK, until))
    ids = {post.post_id for post in posts}
    flowing = (comment for comment in _flowing(sandbox, account, since, until) if comment.post_id in ids)
    found = _standing(sandbox, account, [*_said(sandbox, account, posts), *flowing])
    return [c for c in found if since <= c.created_at < until or (c.edited_at and since <= c.edited_at < until)]


def comments_under(sandbox: Sandbox, account: DeclaredAccount, post_id: str) -> list[WorldComment]:
    """All that stand under one post now, replies too, the oldest first."""
    post = talked(sandbox, account, post_id)
    return comments_by_post(sandbox, account, [post])[post_id] if post else []


def comments_by_post(
    sandbox: Sandbox, account: DeclaredAccount, posts: Sequence[TalkedOf]
) -> dict[str, list[WorldComment]]:
    """All that stand under these posts now, by the post's id, the oldest first."""
    found: dict[str, list[WorldComment]] = {post.post_id: [] for post in posts}
    now = sandbox.clock.now()
    flowing = _flowing(sandbox, account, min((p.posted_at for p in posts), default=now), now)
    comments = [*_said(sandbox, account, posts), *(c for c in flowing if c.post_id in found)]
    for comment in _standing(sandbox, account, comments):
        found[comment.post_id].append(comment)
    return found


def talked(sandbox: Sandbox, account: DeclaredAccount, post_id: str) -> TalkedOf | None:
    """One post by its id; None where it never was, or was deleted."""
    dark = next((d for d in _dark(sandbox, account) if d.post_id == post_id), None)
    said = find_said(sandbox, account, post_id) if dark is None else None
    return dark or (as_talked_of(sandbox, account, said) if said else None)


def as_talked_of(sandbox: Sandbox, account: DeclaredAccount, said: Said) -> TalkedOf:
    return TalkedOf(said.remote_id, said.created_at, counted_comments(sandbox, account, said))


def find_comment(sandbox: Sandbox, account: DeclaredAccount, comment_id: str) -> WorldComment | None:
    """One comment as it stands now. Looks through the last months, for an id does not name its post everywhere."""
    now = sandbox.clock.now()
    if account.platform == "facebook":
        return _by_facebook_id(sandbox, account, comment_id)
    recent = comments_of(sandbox, account, now - AFTERTALK)
    return next((c for c in recent if c.comment_id == comment_id), None)


def _by_facebook_id(sandbox: Sandbox, account: DeclaredAccount, comment_id: str) -> WorldComment | None:
    """The first half of the id is the post's story."""
    post_id = f"{account.native_id}_{comment_id.partition('_')[0]}"
    return next((c for c in comments_under(sandbox, account, post_id) if c.comment_id == comment_id), None)


def talked_of(sandbox: Sandbox, account: DeclaredAccount, since: datetime, until: datetime) -> Iterator[TalkedOf]:
    """The account's posts of that time that people can comment on; for a Page also what its brand's ads show."""
    if account.platform in SILENT:
        return
    for said in (said for said in timeline(sandbox, account, since, until) if not said.reply_to):
        yield as_talked_of(sandbox, account, said)
    yield from _dark(sandbox, account)


def _dark(sandbox: Sandbox, account: DeclaredAccount) -> Iterator[TalkedOf]:
    if account.platform == "facebook":
        for dark in dark_posts(sandbox, account):
            yield TalkedOf(dark.post_id, dark.posted_at, dark.ages, sponsored=True)


def _said(sandbox: Sandbox, account: DeclaredAccount, posts: Iterable[TalkedOf]) -> Iterator[WorldComment]:
    """All that was and will be said under these posts, but for what flows on top of it."""
    told = {post.post_id: post for post in posts}
    for post in told.values():
        for comment in under(sandbox.seed, account, post.post_id, post.posted_at, post.ages):
            yield replace(comment, sponsored=True) if post.sponsored else comment
    for crowd in (wave, surge):
        talk = sandbox.declaration.talk
        peaks = talk.waves if crowd is wave else talk.surges
        if account.key in peaks:
            at = peaks[account.key] or sandbox.began
            assert at is not None
            yield from (c for c in crowd(sandbox.seed, account, at) if c.post_id in told)
    yield from (c for c in sandbox.voices.said[account.platform, account.name] if c.post_id in told)
    yield from _logged(sandbox, account, told)


def _logged(sandbox: Sandbox, account: DeclaredAccount, told: dict[str, TalkedOf]) -> Iterator[WorldComment]:
    """What came through the API; under another name than the account's it was said by somebody else."""
    for post in sandbox.posts:
        root = post.under or post.reply_to
        if post.platform == account.platform and root in told and post.live:
            yield _of_log(sandbox, account, post, root, told[root].sponsored)


def _of_log(sandbox: Sandbox, account: DeclaredAccount, post: LoggedPost, root: str, sponsored: bool) -> WorldComment:
    author = None
    if post.account != account.name:
        author = Person(digits(15, sandbox.seed, post.account), post.account, post.account)
    parent = post.reply_to if post.under else None
    return WorldComment(
        post.remote_id, root, post.created_at, post.text, author, "said", "und", parent, sponsored=sponsored
    )


def _flowing(sandbox: Sandbox, account: DeclaredAccount, since: datetime, until: datetime) -> Iterator[WorldComment]:
    """The volume that the world or the control asks for, shared evenly among the accounts."""
    talking = sum(a.platform not in SILENT for a in sandbox.declaration.accounts)
    flows = sandbox.voices.flows
    for (begun, per_minute), ended in zip(flows, [at for at, _ in flows[1:]] + [None], strict=True):
        if per_minute and account.platform not in SILENT:
            last = min(until, ended) if ended else until
            yield from volume(sandbox.seed, account, per_minute / talking, begun, max(since, begun), last)


def _standing(sandbox: Sandbox, account: DeclaredAccount, comments: Iterable[WorldComment]) -> list[WorldComment]:
    """As they stand now, the oldest first."""
    shown: dict[str, WorldComment] = {}
    now = sandbox.clock.now()
    for comment in sorted(comments, key=lambda each: (each.created_at, each.comment_id)):
        orphan = comment.parent_id is not None and comment.parent_id not in shown
        if comment.created_at <= now and not orphan and not _is_gone(sandbox, account, comment, now):
            shown[comment.comment_id] = _as_of(sandbox, account, comment, now)
    return list(shown.values())


def _is_gone(sandbox: Sandbox, account: DeclaredAccount, comment: WorldComment, now: datetime) -> bool:
    if comment.deleted_at and comment.deleted_at <= now:
        return True
    return any(sandbox.posts.gone(account.platform, each) for each in (comment.comment_id, comment.post_id))


def _as_of(sandbox: Sandbox, account: DeclaredAccount, comment: WorldComment, now: datetime) -> WorldComment:
    key = (account.platform, comment.comment_id)
    if comment.edited_at and comment.edited_at > now:
        comment = replace(comment, text=comment.was, edited_at=None, was="")
    if key in sandbox.voices.reworded:
        text, at = sandbox.voices.reworded[key]
        comment = replace(comment, text=text, was=comment.text, edited_at=at)
    return replace(comment, hidden=True) if key in sandbox.voices.hidden else comment
