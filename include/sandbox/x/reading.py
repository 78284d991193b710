"""What X tells of a post, a user or a medium: the fields that were asked for, the expansions, the partial errors."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from include.sandbox.declaration import DeclaredAccount
from include.sandbox.images import size_of
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, counters_of, find_said
from include.sandbox.x.problems import field_unauthorized, invalid
from include.sandbox.x.talk import Reply, answered, root_of
from include.sandbox.x.wording import shown

TWEET_FIELDS = (
    *("article", "attachments", "author_id", "card_uri", "community_id", "context_annotations", "conversation_id"),
    *("created_at", "display_text_range", "edit_controls", "edit_history_tweet_ids", "entities", "geo", "id"),
    *("in_reply_to_user_id", "lang", "matched_media_notes", "media_metadata", "non_public_metrics"),
    *("note_request_suggestions", "note_tweet", "organic_metrics", "paid_partnership", "possibly_sensitive"),
    *("promoted_metrics", "public_metrics", "referenced_tweets", "reply_settings", "scopes", "source"),
    *("suggested_source_links", "suggested_source_links_with_counts", "text", "withheld"),
)
USER_FIELDS = (
    *("affiliation", "confirmed_email", "connection_status", "created_at", "description", "entities", "id"),
    *("is_identity_verified", "location", "most_recent_tweet_id", "name", "parody", "pinned_tweet_id"),
    *("profile_banner_url", "profile_image_url", "protected", "public_metrics", "receives_your_dm", "subscription"),
    *("subscription_type", "url", "username", "verified", "verified_followers_count", "verified_type", "withheld"),
)
MEDIA_FIELDS = (
    *("alt_text", "duration_ms", "height", "media_key", "non_public_metrics", "organic_metrics", "preview_image_url"),
    *("promoted_metrics", "public_metrics", "type", "url", "variants", "width"),
)
EXPANSIONS = (
    *("article.cover_media", "article.media_entities", "attachments.media_keys", "attachments.media_source_tweet"),
    *("attachments.poll_ids", "author_id", "edit_history_tweet_ids", "entities.mentions.username", "geo.place_id"),
    *("in_reply_to_user_id", "entities.note.mentions.username", "referenced_tweets.id"),
    *("referenced_tweets.id.attachments.media_keys", "referenced_tweets.id.author_id"),
)
USER_EXPANSIONS = ("affiliation.user_id", "most_recent_tweet_id", "pinned_tweet_id")
PRIVATE = ("non_public_metrics", "organic_metrics", "promoted_metrics")
PRIVATE_DAYS = 30
PHOTO, VIDEO = 3, 13
"""The first part of a media key says what it is."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which fields and expansions a read asked for."""

    tweet: frozenset[str]
    user: frozenset[str]
    media: frozenset[str]
    expansions: frozenset[str]

    @property
    def private(self) -> list[str]:
        return [field for field in PRIVATE if field in self.tweet]


def wanted(query: Mapping[str, str], expansions: tuple[str, ...] = EXPANSIONS) -> Wanted:
    """Read the field parameters; a value that X does not have is refused."""
    return Wanted(
        tweet=_listed(query, "tweet.fields", TWEET_FIELDS) | {"id", "text", "edit_history_tweet_ids"},
        user=_listed(query, "user.fields", USER_FIELDS) | {"id", "name", "username"},
        media=_listed(query, "media.fields", MEDIA_FIELDS) | {"media_key", "type"},
        expansions=_listed(query, "expansions", expansions),
    )


def _listed(query: Mapping[str, str], name: str, known: tuple[str, ...]) -> frozenset[str]:
    given = [value for value in query.get(name, "").split(",") if value]
    if name in query and not given:
        raise invalid(f"The `{name}` query parameter can not be empty", **{name: [""]})
    if strangers := [value for value in given if value not in known]:
        message = f"The `{name}` query parameter value [{strangers[0]}] is not one of [{','.join(known)}]"
        raise invalid(message, **{name: strangers})
    return frozenset(given)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads for `caller`; the private metrics of a post are its author's, for thirty days."""

    sandbox: Sandbox
    caller: DeclaredAccount
    wanted: Wanted

    def posts(self, found: list[tuple[DeclaredAccount, Said]], parameter: str) -> dict[str, Any]:
        """`data`, `includes` and `errors` of these posts, each left out where it would be empty."""
        errors, readable = [], []
        for author, said in found:
            refused = self.wanted.private if self._private_gone(author, said) else []
            errors += [field_unauthorized(field, parameter, said.remote_id) for field in refused]
            if not refused:
                readable.append((author, said))
        data = [self._post(author, said) for author, said in readable]
        return {k: v for k, v in (("data", data), ("includes", self._includes(readable)), ("errors", errors)) if v}

    def user(self, account: DeclaredAccount) -> dict[str, Any]:
        sandbox, now = self.sandbox, self.sandbox.clock.now()
        day = sandbox.history(account).day(now.date())
        whole = {
            "id": account.native_id,
            "name": account.title,
            "username": account.username,
            "created_at": "2019-03-04T09:00:00.000Z",
            "description": account.title,
            "profile_image_url": f"https://pbs.twimg.com/profile_images/{account.native_id}/normal.png",
            "url": f"https://{account.brand.replace('_', '-')}.example/",
            "protected": False,
            "verified": False,
            "verified_type": "none",
            "public_metrics": {
                "followers_count": day.followers if day else 0,
                "following_count": int(account.native_id) % 400,
                "tweet_count": 900 + (now.date().toordinal() - 738000) // 2,
                "listed_count": (day.followers if day else 0) // 300,
                "like_count": int(account.native_id) % 3000,
            },
        }
        return {k: v for k, v in whole.items() if k in self.wanted.user}

    def _private_gone(self, author: DeclaredAccount, said: Said) -> bool:
        old = self.sandbox.clock.now() - said.created_at >= timedelta(days=PRIVATE_DAYS)
        return bool(self.wanted.private) and (author != self.caller or old)

    def _post(self, author: DeclaredAccount, said: Said) -> dict[str, Any]:
        keys = media_keys(self.sandbox, said)
        url = f"https://x.com/{author.username}/status/{said.remote_id}"
        text, entities = shown(f"{said.text} {said.link}" if said.link else said.text, url, keys)
        whole: dict[str, Any] = {
            "id": said.remote_id,
            "text": text,
            "edit_history_tweet_ids": list(said.versions) if isinstance(said, Reply) else [said.remote_id],
            "author_id": author.native_id,
            "created_at": stamp(said.created_at),
            "conversation_id": self._conversation(author, said),
            "lang": said.language if isinstance(said, Reply) else author.language.split("-")[0],
            "possibly_sensitive": False,
            "reply_settings": "everyone",
            "source": "Social Desk",
            "entities": entities or None,
            "attachments": {"media_keys": keys} if keys else None,
            "in_reply_to_user_id": self._answered(author, said),
            "referenced_tweets": _references(said),
            **self._metrics(author, said),
        }
        return {k: v for k, v in whole.items() if k in self.wanted.tweet and v is not None}

    def _conversation(self, author: DeclaredAccount, said: Said) -> str:
        """The id of the first post of the thread."""
        if isinstance(said, Reply):
            return said.conversation
        logged = self.sandbox.posts.find("x", said.remote_id)
        return root_of(self.sandbox, logged) if logged else said.remote_id

    def _answered(self, author: DeclaredAccount, said: Said) -> str | None:
        if isinstance(said, Reply):
            return said.answers
        logged = self.sandbox.posts.find("x", said.remote_id)
        if logged is not None and logged.under and said.reply_to:
            return answered(self.sandbox, author, said.reply_to)
        return author.native_id if said.reply_to else None

    def _metrics(self, author: DeclaredAccount, said: Said) -> dict[str, Any]:
        if not self.wanted.tweet & {"public_metrics", *PRIVATE}:
            return {}
        n = counters_of(self.sandbox, author, said)
        replies = n.comments + sum(p.live and p.reply_to == said.remote_id for p in self.sandbox.posts)
        counts = {"retweet_count": n.shares, "reply_count": replies, "like_count": n.reactions}
        clicks = {"user_profile_clicks": n.profile_clicks}
        if said.link or "://" in said.text:
            clicks["url_link_clicks"] = n.link_clicks or n.clicks // 3
        public = {**counts, "quote_count": n.shares // 6, "bookmark_count": n.saves, "impression_count": n.views}
        return {
            "public_metrics": public,
            "non_public_metrics": {"impression_count": n.views, "engagements": n.engagements, **clicks},
            "organic_metrics": {"impression_count": n.views, **counts, **clicks},
        }

    def _includes(self, found: list[tuple[DeclaredAccount, Said]]) -> dict[str, Any]:
        includes: dict[str, list[dict[str, Any]]] = {}
        if "author_id" in self.wanted.expansions:
            authors = {author.native_id: author for author, _ in found}
            includes["users"] = [self.user(author) for author in authors.values()]
        if "attachments.media_keys" in self.wanted.expansions:
            includes["media"] = [m for _, said in found for m in self._media(said)]
        if "referenced_tweets.id" in self.wanted.expansions:
            ids = [(author, ref) for author, said in found for ref in (said.reply_to, said.quote) if ref]
            parents = ((author, find_said(self.sandbox, author, ref)) for author, ref in dict.fromkeys(ids))
            includes["tweets"] = [self._post(author, parent) for author, parent in parents if parent]
        return {k: v for k, v in includes.items() if v}

    def _media(self, said: Said) -> list[dict[str, Any]]:
        shown_media = []
        for key in media_keys(self.sandbox, said):
            media_id = key.partition("_")[2]
            stored = self.sandbox.posts.media("x", media_id)
            width, height = size_of(stored.content) if stored else (1200, 900)
            video = key.startswith(f"{VIDEO}_")
            whole: dict[str, Any] = {
                "media_key": key,
                "type": "video" if video else "photo",
                "width": width,
                "height": height,
                "alt_text": (stored.alt or None) if stored else None,
                "url": None if video else f"https://pbs.twimg.com/media/{media_id}.jpg",
                "preview_image_url": f"https://pbs.twimg.com/media/{media_id}.jpg" if video else None,
                "duration_ms": 24_000 if video else None,
            }
            shown_media.append({k: v for k, v in whole.items() if k in self.wanted.media and v is not None})
        return shown_media


def media_keys(sandbox: Sandbox, said: Said) -> list[str]:
    """The media keys of a post; the seeded world's pictures get keys of their post's id."""
    kind = VIDEO if said.kind == "video" else PHOTO
    if said.media:
        return [f"{kind}_{media}" for media in said.media]
    return [f"{kind}_{int(said.remote_id) + 1 + n}" for n in range(max(said.pictures, int(said.kind == "video")))]


def stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03}Z"


def _references(said: Said) -> list[dict[str, str]] | None:
    pairs = (("replied_to", said.reply_to), ("quoted", said.quote))
    return [{"type": kind, "id": ref} for kind, ref in pairs if ref] or None
