"""What Graph tells of an Instagram account, a medium, a comment (contracts: IGUser, IGMedia, IGComment)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from include.sandbox import conversation
from include.sandbox.chance import letters
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.fields import UNKNOWN, Field, chosen
from include.sandbox.facebook.moments import written
from include.sandbox.instagram.comments import Comments
from include.sandbox.posts import LoggedPost
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, find_said, timeline
from include.sandbox.world.conversation import WorldComment

STORY_STANDS = timedelta(days=1)
MEDIA_DEFAULT = (Field("id", {}),)
VIDEO = "video-"
"""So begins the name of a video of the seeded world."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One account's nodes. `base` is the sandbox's root URL, `root` that of the versioned API."""

    sandbox: Sandbox
    account: DeclaredAccount
    base: str
    root: str
    heard: dict[str, list[WorldComment]] = field(default_factory=dict)

    def posts(self, *, stories: bool, since: datetime | None = None, until: datetime | None = None) -> list[LoggedPost]:
        """The account's media with since <= timestamp < until, or its stories of the last day, newest first."""
        ours = [p for p in self.sandbox.posts.of("instagram", self.account.name) if p.live and p.reply_to is None]
        now = self.sandbox.clock.now()
        if stories:
            return [p for p in reversed(ours) if p.format == "story" and now - p.created_at < STORY_STANDS]
        told = timeline(self.sandbox, self.account, since, until)
        logged = {p.remote_id for p in ours}
        by_hand = [self._by_hand(said) for said in told if said.remote_id not in logged and said.reply_to is None]
        feed = [p for p in ours if p.format != "story" and (not since or p.created_at >= since)]
        feed = [p for p in feed if not until or p.created_at < until]
        return sorted([*feed, *by_hand], key=lambda post: (post.created_at, post.remote_id), reverse=True)

    def find(self, node: str) -> LoggedPost | None:
        """A medium of the account, published through the API or by hand."""
        post = self.sandbox.posts.find("instagram", node)
        if post is not None:
            return post if post.account == self.account.name and post.live and post.reply_to is None else None
        said = find_said(self.sandbox, self.account, node) if node.isdigit() else None
        return self._by_hand(said) if said else None

    def _by_hand(self, said: Said) -> LoggedPost:
        """A post of the seeded world as if it had come through the API."""
        shape = "reel" if said.kind == "video" else "p"
        url = f"https://www.instagram.com/{shape}/{letters(11, said.remote_id)}/"
        names = [f"{VIDEO}{said.remote_id}"] if said.kind == "video" else [f"{said.remote_id}{n}" for n in range(9)]
        media = tuple(names[: max(said.pictures, 1)])
        return LoggedPost("instagram", self.account.name, said.remote_id, said.text, None, media, said.created_at, url)

    def hear(self, posts: Sequence[LoggedPost]) -> None:
        """Look at the comments of all these media at once."""
        asked = {post.remote_id: post.created_at for post in posts}
        first = min(asked.values(), default=None)
        told = (said for said in timeline(self.sandbox, self.account, first, None) if said.remote_id in asked)
        talked = [conversation.as_talked_of(self.sandbox, self.account, said) for said in told]
        self.heard.update(conversation.comments_by_post(self.sandbox, self.account, talked))

    def comments(self, media_id: str) -> Comments:
        """What stands under a medium."""
        if media_id not in self.heard:
            self.heard[media_id] = conversation.comments_under(self.sandbox, self.account, media_id)
        return Comments(self.sandbox, self.account, self.root, media_id, self.heard[media_id])

    def user(self, fields: tuple[Field, ...]) -> dict[str, Any]:
        plain = {
            "id": self.account.native_id,
            "username": self.account.username,
            "name": self.account.title,
            "media_count": len(self.posts(stories=False)),
            "website": f"https://{self.account.brand}.example/",
            "biography": self.account.title,
        }
        return chosen("IGUser", fields, lambda field: plain.get(field.name, UNKNOWN))

    def media(self, post: LoggedPost, fields: tuple[Field, ...]) -> dict[str, Any]:
        stored = [self.sandbox.posts.media("instagram", media) for media in post.media]
        first = stored[0] if stored else None
        is_video = first.mime.startswith("video/") if first else bool(post.media and post.media[0].startswith(VIDEO))
        kind = "CAROUSEL_ALBUM" if len(post.media) > 1 else "VIDEO" if is_video else "IMAGE"
        surface = "STORY" if post.format == "story" else "REELS" if kind == "VIDEO" else "FEED"
        plain = {
            "id": post.remote_id,
            "caption": post.text or None,
            "alt_text": (first.alt if first else "") or None,
            "media_type": kind,
            "media_product_type": surface,
            "media_url": f"{self.base}/view/media/instagram/{post.media[0]}" if post.media else None,
            "permalink": post.url,
            "timestamp": written(post.created_at),
            "username": self.account.username,
            "like_count": 0,
            "is_comment_enabled": True,
            "shortcode": post.url.rstrip("/").rpartition("/")[2],
            "owner": {"id": self.account.native_id},
        }

        def value(field: Field) -> Any:
            if field.name == "comments":
                return self.comments(post.remote_id).edge(field)
            if field.name == "comments_count":
                return len(self.comments(post.remote_id).standing)
            return plain.get(field.name, UNKNOWN)

        return chosen("IGMedia", fields or MEDIA_DEFAULT, value)
