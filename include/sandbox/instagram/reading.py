"""What Graph tells of an Instagram account, a medium, a comment (contracts: IGUser, IGMedia, IGComment)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.fields import UNKNOWN, Field, chosen
from include.sandbox.facebook.moments import written
from include.sandbox.posts import LoggedPost
from include.sandbox.state import Sandbox

STORY_STANDS = timedelta(days=1)
MEDIA_DEFAULT = (Field("id", {}),)
COMMENT_DEFAULT = (Field("timestamp", {}), Field("text", {}), Field("id", {}))


@dataclass(frozen=True, slots=True)
class Reader:
    """One account's nodes. `base` is the sandbox's root URL."""

    sandbox: Sandbox
    account: DeclaredAccount
    base: str

    def posts(self, *, stories: bool) -> list[LoggedPost]:
        """The account's media, or its stories of the last day, newest first."""
        ours = [p for p in self.sandbox.posts.of("instagram", self.account.name) if p.live and p.reply_to is None]
        now = self.sandbox.clock.now()
        shown = [p for p in ours if (p.format == "story") is stories]
        return [p for p in reversed(shown) if not stories or now - p.created_at < STORY_STANDS]

    def comments(self, media_id: str) -> list[LoggedPost]:
        """The account's own and, under other names in the log, other people's; newest first."""
        said = [p for p in self.sandbox.posts if p.platform == "instagram" and p.live and p.reply_to == media_id]
        return said[::-1]

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
        is_video = bool(first and first.mime.startswith("video/"))
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
            "comments_count": len(self.comments(post.remote_id)),
            "like_count": 0,
            "is_comment_enabled": True,
            "shortcode": post.url.rstrip("/").rpartition("/")[2],
            "owner": {"id": self.account.native_id},
        }
        return chosen("IGMedia", fields or MEDIA_DEFAULT, lambda field: plain.get(field.name, UNKNOWN))

    def comment(self, comment: LoggedPost, fields: tuple[Field, ...]) -> dict[str, Any]:
        own = comment.account == self.account.name
        username = self.account.username if own else comment.account
        author = self.account.native_id if own else digits(17, self.sandbox.seed, username)
        plain = {
            "id": comment.remote_id,
            "text": comment.text,
            "timestamp": written(comment.created_at),
            "username": username,
            "from": {"id": author, "username": username},
            "like_count": 0,
            "hidden": False,
            "media": {"id": comment.reply_to},
        }
        return chosen("IGComment", fields or COMMENT_DEFAULT, lambda field: plain.get(field.name, UNKNOWN))
