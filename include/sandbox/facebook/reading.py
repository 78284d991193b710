"""What Graph tells of a Page, a post or a photo, field by field (contracts: Page, PagePost, Photo)."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from include.sandbox import conversation
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.facebook.comments import Comments
from include.sandbox.facebook.failures import GraphError, invalid, nonexisting_field
from include.sandbox.facebook.fields import UNKNOWN, Field, chosen, counted
from include.sandbox.facebook.insights import page_insights, post_insights
from include.sandbox.facebook.moments import written
from include.sandbox.images import size_of
from include.sandbox.meta_ads.creatives import dark_posts
from include.sandbox.posts import LoggedPost, StoredMedia
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, counters_of
from include.sandbox.world.conversation import WorldComment
from include.sandbox.world.growth import REACTIONS, Lifetime

PAGE_DEFAULT = (Field("name", {}), Field("id", {}))
POST_DEFAULT = (Field("created_time", {}), Field("message", {}), Field("id", {}))
PHOTO_DEFAULT = (Field("created_time", {}), Field("name", {}), Field("id", {}))
REEL_DEFAULT = (Field("description", {}), Field("updated_time", {}), Field("id", {}))
YOUTUBE = "www.youtube.com"
AGGREGATED = {"type", "link", "name", "caption", "description", "object_id", "source", "picture"}
"""Post fields that v3.3 moved into `attachments`; asking for one is error 12."""


@dataclass(frozen=True)
class Reader:
    """One account's nodes as they look now. `root` is the address of the versioned API."""

    sandbox: Sandbox
    account: DeclaredAccount
    root: str
    heard: dict[str, list[WorldComment]] = dataclasses.field(default_factory=dict)

    @cached_property
    def now(self) -> datetime:
        return self.sandbox.clock.now()

    def page(self, fields: tuple[Field, ...]) -> dict[str, Any]:
        return chosen("Page", fields or PAGE_DEFAULT, self._page_field)

    def post(self, said: Said, fields: tuple[Field, ...]) -> dict[str, Any]:
        counters = counters_of(self.sandbox, self.account, said)
        return chosen("PagePost", fields or POST_DEFAULT, lambda field: self._post_field(said, counters, field))

    def hear(self, posts: Sequence[Said]) -> None:
        """Look at the comments of all these posts at once."""
        dark = [post for post in posts if not post.published]
        own = [conversation.as_talked_of(self.sandbox, self.account, post) for post in posts if post.published]
        self.heard.update(conversation.comments_by_post(self.sandbox, self.account, own))
        self.heard.update(
            {d.remote_id: conversation.comments_under(self.sandbox, self.account, d.remote_id) for d in dark}
        )

    def reel(self, post: LoggedPost, fields: tuple[Field, ...]) -> dict[str, Any]:
        """A reel as the list of reels has it; its comments are those of its post."""
        plain = {
            "id": post.media[0],
            "post_id": post.remote_id.partition("_")[2],
            "from": {"name": self.account.title, "id": self.account.native_id},
            "description": post.text or None,
            "created_time": written(post.created_at),
            "updated_time": written(post.created_at),
            "permalink_url": urlsplit(post.url).path,
        }

        def value(field: Field) -> Any:
            if field.name != "comments":
                return plain.get(field.name, UNKNOWN)
            standing = conversation.comments_under(self.sandbox, self.account, post.remote_id)
            return Comments(self.account, self.root, post.remote_id, standing).edge(field)

        return chosen("Video", fields or REEL_DEFAULT, value)

    def comments(self, said: Said, wanted: Field) -> dict[str, Any]:
        """The `comments` edge of a post."""
        if said.remote_id not in self.heard:
            self.heard[said.remote_id] = conversation.comments_under(self.sandbox, self.account, said.remote_id)
        return Comments(self.account, self.root, said.remote_id, self.heard[said.remote_id]).edge(wanted)

    def photo(self, media: StoredMedia, fields: tuple[Field, ...]) -> dict[str, Any]:
        return chosen("Photo", fields or PHOTO_DEFAULT, lambda field: self._photo_field(media, field))

    def insights(self, asked: Mapping[str, Any], url: str) -> dict[str, Any]:
        history, retired = self.sandbox.history(self.account), self.sandbox.declaration.retired_metrics
        return page_insights(self.account.native_id, history, asked, self.now, retired, url)

    def _page_field(self, field: Field) -> Any:
        account, day = self.account, self.sandbox.history(self.account).day(self.now.date())
        followers = day.followers if day else 0
        plain: dict[str, Any] = {
            "id": account.native_id,
            "name": account.title,
            "username": account.username,
            "link": f"https://www.facebook.com/{account.native_id}",
            "website": f"https://{account.brand}.example/",
            "category": "Shopping & retail",
            "about": account.title,
            "fan_count": int(followers * 0.94),
            "followers_count": followers,
            "talking_about_count": followers // 40,
            "is_published": True,
            "verification_status": "not_verified",
            "access_token": account.token,
        }
        if field.name == "insights":
            return self.insights(field.arguments, f"{self.root}/{account.native_id}/insights")
        return plain.get(field.name, UNKNOWN)

    def _post_field(self, said: Said, counters: Lifetime, field: Field) -> Any:
        if field.name in AGGREGATED:
            raise GraphError(
                "(#12) deprecate_post_aggregated_fields_for_attachement is deprecated for versions v3.3 and higher", 12
            )
        match field.name:
            case "insights":
                metric, period = field.arguments.get("metric"), field.arguments.get("period", "lifetime")
                retired = self.sandbox.declaration.retired_metrics
                return {"data": post_insights(said.remote_id, counters, metric, period, retired)}
            case "comments":
                return self.comments(said, field)
            case "reactions":
                return reactions(field, counters)
            case "likes":
                return counted(field, counters.by_reaction()["LIKE"], {"can_like": True, "has_liked": False})
            case "attachments":
                return self.attachments(said, field.below)
        return self._plain_post(said, counters).get(field.name, UNKNOWN)

    def _plain_post(self, said: Said, counters: Lifetime) -> dict[str, Any]:
        story, ours = said.remote_id.partition("_")[2], self.sandbox.posts.find("facebook", said.remote_id)
        kinds = {"text": "mobile_status_update", "link": "shared_story", "video": "added_video"}
        return {
            "id": said.remote_id,
            "message": said.text or None,
            "created_time": written(said.created_at),
            "updated_time": written(said.created_at),
            "from": {"name": self.account.title, "id": self.account.native_id},
            "shares": {"count": counters.shares} if counters.shares else None,
            "permalink_url": ours.url if ours else f"https://www.facebook.com/{self.account.native_id}/posts/{story}",
            "status_type": kinds.get(said.kind, "added_photos"),
            "full_picture": self._picture(said, 0) if said.pictures else None,
            "is_published": said.published,
            "is_hidden": False,
            "is_expired": False,
            "is_popular": said.viral,
            "promotable_id": said.remote_id,
            "story": None,
            "parent_id": None,
            "message_tags": None,
            "place": None,
            "call_to_action": None,
            "actions": None,
            "privacy": {"value": "EVERYONE", "description": "Public", "friends": "", "allow": "", "deny": ""},
        }

    def attachments(self, said: Said, below: tuple[Field, ...]) -> dict[str, Any] | None:
        """The `attachments` edge of a post; None for one that is only text."""
        if said.kind == "text":
            return None
        url = (
            _canonical(said.link or "")
            or f"https://www.facebook.com/{self.account.native_id}/posts/{said.remote_id.partition('_')[2]}"
        )
        kinds = {"link": ("link", "share"), "video": ("video", "video_inline"), "carousel": ("album", "album")}
        media_type, shape = kinds.get(said.kind, ("photo", "photo"))
        if said.kind == "link" and urlsplit(url).hostname == YOUTUBE:
            media_type, shape = "video", "video_share_youtube"
        whole: dict[str, Any] = {"media_type": media_type, "type": shape, "url": url, "unshimmed_url": url}
        whole["title"] = urlsplit(url).hostname if said.kind == "link" else None
        whole["description"] = said.text or None
        whole["target"] = {"id": said.media[0] if said.media else said.remote_id.partition("_")[2], "url": url}
        whole["media"] = (
            {"image": {"src": self._picture(said, 0), "width": 720, "height": 720}} if said.pictures else None
        )
        whole["subattachments"] = (
            {"data": [self._sub(said, n) for n in range(said.pictures)]} if shape == "album" else None
        )
        wanted = {f.name for f in below} or set(whole)
        if unknown := wanted - set(whole):
            raise nonexisting_field(min(unknown), "StoryAttachment")
        return {"data": [{k: v for k, v in whole.items() if k in wanted and v is not None}]}

    def _sub(self, said: Said, index: int) -> dict[str, Any]:
        target = said.media[index] if said.media else f"{said.remote_id.partition('_')[2]}{index}"
        picture = {"image": {"src": self._picture(said, index), "width": 720, "height": 720}}
        return {"media_type": "photo", "type": "photo", "media": picture, "target": {"id": target}}

    def _picture(self, said: Said, index: int) -> str:
        name = said.media[index] if said.media else f"{said.remote_id}_{index}"
        return f"{self.root.partition('/facebook')[0]}/view/media/facebook/{name}"

    def _photo_field(self, media: StoredMedia, field: Field) -> Any:
        source = f"{self.root.partition('/facebook')[0]}/view/media/facebook/{media.media_id}"
        width, height = size_of(media.content)
        plain: dict[str, Any] = {
            "id": media.media_id,
            "created_time": written(media.created_at.astimezone(UTC)),
            "name": None,
            "alt_text": media.alt or None,
            "alt_text_custom": media.alt or None,
            "images": [{"source": source, "width": width, "height": height}],
            "width": width,
            "height": height,
            "link": f"https://www.facebook.com/photo.php?fbid={media.media_id}",
            "picture": source,
        }
        return plain.get(field.name, UNKNOWN)


def dark_said(sandbox: Sandbox, account: DeclaredAccount) -> list[Said]:
    """What ads of the brand show in the Page's name, the newest first. They were never published."""
    dark = sorted(dark_posts(sandbox, account), key=lambda each: (each.posted_at, each.post_id), reverse=True)
    return [Said(d.post_id, d.posted_at, "image", d.text, pictures=1, published=False) for d in dark]


def _canonical(link: str) -> str:
    """Where a link leads, as Facebook shows it: a film's short address becomes its long one."""
    parts = urlsplit(link)
    return f"https://{YOUTUBE}/watch?v={parts.path.strip('/')}" if parts.hostname == "youtu.be" else link


def reactions(field: Field, counters: Lifetime) -> dict[str, Any]:
    """The `reactions` edge, all of them or those of one `type(LOVE)`."""
    kind = field.arguments.get("type", "").upper()
    if kind in ("", "NONE"):
        return counted(field, counters.reactions, {"viewer_reaction": "NONE"})
    if kind not in {*REACTIONS, "CARE", "THANKFUL", "PRIDE", "FIRE", "HUNDRED"}:
        raise invalid(f"type must be one of the following values: NONE, {', '.join(REACTIONS)}, CARE")
    return counted(field, counters.by_reaction().get(kind, 0), {"viewer_reaction": "NONE"})
