"""`/api/v2/media` and `/api/v1/media/:id`: images are ready at once, videos and GIFs two seconds later (202, 206)."""

from datetime import datetime
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.images import kind_of, size_of
from include.sandbox.mastodon.failures import MastodonError, invalid
from include.sandbox.mastodon.instance import configuration
from include.sandbox.posts import StoredMedia
from include.sandbox.state import Sandbox, media_event

PROCESSING_S = 2


class MediaDesk:
    """The uploads of every account."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._since: dict[str, datetime] = {}

    def upload(self, account: DeclaredAccount, ask: Ask) -> tuple[dict[str, Any], int]:
        file = ask.files.get("file")
        rules = configuration(account)["media_attachments"]
        mime = (kind_of(file.content) if file else None) or ""
        if file is None or mime not in rules["supported_mime_types"]:
            raise invalid("Validation failed: File content type is invalid, File is invalid")
        most = rules["video_size_limit" if mime.startswith("video/") else "image_size_limit"]
        if len(file.content) > most:
            raise invalid(f"Validation failed: File file size must be less than {most} bytes")
        alt = _described(account, ask.params.get("description"))
        now = self._sandbox.clock.now()
        media_id = digits(18, self._sandbox.seed, account.key, now.isoformat(), len(file.content), len(self._since))
        self._sandbox.commit(media_event(StoredMedia(media_id, "mastodon", account.name, mime, file.content, now, alt)))
        self._since[media_id] = now
        return self.shown(media_id), 200 if self.is_ready(media_id) else 202

    def status(self, account: DeclaredAccount, media_id: str) -> tuple[dict[str, Any], int]:
        self.own(account, media_id)
        return self.shown(media_id), 200 if self.is_ready(media_id) else 206

    def describe(self, account: DeclaredAccount, media_id: str, ask: Ask) -> tuple[dict[str, Any], int]:
        self.own(account, media_id)
        alt = _described(account, ask.params.get("description"))
        self._sandbox.commit({"kind": "media_alt", "platform": "mastodon", "media_id": media_id, "alt": alt})
        return self.shown(media_id), 200

    def own(self, account: DeclaredAccount, media_id: str) -> StoredMedia:
        media = self._sandbox.posts.media("mastodon", media_id)
        if media is None or media.account != account.name:
            raise MastodonError(404)
        return media

    def is_ready(self, media_id: str) -> bool:
        media, since = self._sandbox.posts.media("mastodon", media_id), self._since.get(media_id)
        slow = media is not None and (media.mime.startswith("video/") or media.mime == "image/gif")
        return not slow or since is None or (self._sandbox.clock.now() - since).total_seconds() >= PROCESSING_S

    def shown(self, media_id: str) -> dict[str, Any]:
        """A MediaAttachment; without its address until it is ready."""
        media = self._sandbox.posts.media("mastodon", media_id)
        assert media is not None
        kind = "video" if media.mime.startswith("video/") else "gifv" if media.mime == "image/gif" else "image"
        width, height = size_of(media.content)
        url = f"https://files.example/media/{media_id}" if self.is_ready(media_id) else None
        meta = {"original": {"width": width, "height": height}} if width else {}
        return {
            "id": media_id,
            "type": kind,
            "url": url,
            "preview_url": url,
            "remote_url": None,
            "meta": meta,
            "description": media.alt or None,
            "blurhash": None,
        }


def _described(account: DeclaredAccount, words: Any) -> str:
    most = configuration(account)["media_attachments"]["description_limit"]
    if len(str(words or "")) > most:
        raise invalid(f"Validation failed: Description is too long (maximum is {most} characters)")
    return str(words or "")
