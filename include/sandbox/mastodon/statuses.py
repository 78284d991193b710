"""`/api/v1/statuses`: to post once for each Idempotency-Key, edit, delete. What others say is in `talk.py`.

Words of the refusals from Mastodon's own source (config/locales/en.yml), as others quote them in their tests.
"""

import dataclasses
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from include.sandbox.asking import Ask
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.mastodon.failures import MastodonError, invalid
from include.sandbox.mastodon.instance import HOST, configuration, shown_account
from include.sandbox.mastodon.media import MediaDesk
from include.sandbox.mastodon.wording import HASHTAG, counted, shown
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, counters_of, find_said, timeline
from include.sandbox.world.calendar import remote_id

ELSEWHERE = "friends.example"
KEY_LIVES = timedelta(hours=1)
MOST = 40


class Statuses:
    """The posts of every account. `_keys`: which post an account's key made, and when. The account's setting
    `visibility` is what a post has that names none."""

    def __init__(self, sandbox: Sandbox, desk: MediaDesk) -> None:
        self._sandbox, self._desk = sandbox, desk
        self._keys: dict[tuple[str, str], tuple[str, datetime]] = {}
        self._edited: dict[str, datetime] = {}
        self._seen_by: dict[str, str] = {}

    def create(self, account: DeclaredAccount, ask: Ask, thread_of: Callable[[str], str]) -> dict[str, Any]:
        """Post it. `thread_of` tells the root of what is answered, or refuses."""
        key, now = ask.headers.get("idempotency-key", ""), self._sandbox.clock.now()
        made, since = self._keys.get((account.name, key), ("", now))
        if key and made and now - since < KEY_LIVES:
            return self.show(account, made)
        text, media = self._checked(account, ask.params.get("status"), _ids(ask))
        reply_to = str(ask.params.get("in_reply_to_id") or "") or None
        under = thread_of(reply_to) if reply_to else ""
        post_id = self._new_id(account, now)
        url = f"https://{HOST}/@{account.username}/{post_id}"
        post = LoggedPost(
            "mastodon", account.name, post_id, text, None, media, now, url, reply_to=reply_to, under=under
        )
        self._sandbox.commit(post_event(post))
        own_choice = account.settings.get("visibility") or "public"
        self._seen_by[post_id] = str(ask.params.get("visibility") or own_choice)
        if key:
            self._keys[account.name, key] = (post_id, now)
        return self.show(account, post_id)

    def edit(self, account: DeclaredAccount, post_id: str, ask: Ask) -> dict[str, Any]:
        """Change it. What is not named is taken away, media too (mastodon/mastodon app/services/
        update_status_service.rb)."""
        post, media = self._own(account, post_id), _ids(ask)
        self._check_media(account, tuple(m for m in media if m not in post.media))
        text, _ = self._checked(account, ask.params.get("status"), media, attached=True)
        if (text, media) != (post.text, post.media):
            self._edited[post_id] = self._sandbox.clock.now()
            self._sandbox.commit(post_event(dataclasses.replace(post, text=text, media=media)))
        return self.show(account, post_id)

    def delete(self, account: DeclaredAccount, post_id: str) -> dict[str, Any]:
        post = self._own(account, post_id)
        answer = {**self.show(account, post_id), "text": post.text}
        at = self._sandbox.clock.now().isoformat()
        self._sandbox.commit({"kind": "delete", "platform": "mastodon", "remote_id": post_id, "at": at})
        return answer

    def show(self, account: DeclaredAccount, post_id: str, *, answered: str | None = None) -> dict[str, Any]:
        """`answered`: whom it answers, where that is not the account itself."""
        said = find_said(self._sandbox, account, post_id)
        if said is None:
            raise MastodonError(404)
        return self._status(account, said, answered)

    def own(self, account: DeclaredAccount) -> list[Said]:
        return timeline(self._sandbox, account, None, None)

    def _checked(
        self, account: DeclaredAccount, given: Any, media: tuple[str, ...], *, attached: bool = False
    ) -> tuple[str, tuple[str, ...]]:
        text, rules = str(given or "").strip(), configuration(account)["statuses"]
        if not text and not media:
            raise invalid("Validation failed: Text can't be blank")
        if counted(text, rules["characters_reserved_per_url"]) > rules["max_characters"]:
            raise invalid(f"Validation failed: Text character limit of {rules['max_characters']} exceeded")
        if len(media) > rules["max_media_attachments"]:
            raise invalid(f"Cannot attach more than {rules['max_media_attachments']} files")
        if not attached:
            self._check_media(account, media)
        return text, media

    def _check_media(self, account: DeclaredAccount, media: tuple[str, ...]) -> None:
        used = {m for post in self._sandbox.posts.of("mastodon", account.name) for m in post.media}
        stored = {m: self._sandbox.posts.media("mastodon", m) for m in media}
        lost = [m for m, s in stored.items() if s is None or s.account != account.name or m in used]
        if lost or len(set(media)) < len(media):
            raise invalid(f"Media {', '.join(lost)} not found or already attached to another post")
        if len(media) > 1 and any(s and s.mime.startswith("video/") for s in stored.values()):
            raise invalid("Cannot attach a video to a post that already contains images")
        if not all(self._desk.is_ready(m) for m in media):
            raise invalid("Cannot attach files that have not finished processing. Try again in a moment!")

    def _own(self, account: DeclaredAccount, post_id: str) -> LoggedPost:
        post = self._sandbox.posts.find("mastodon", post_id)
        if post is None or post.account != account.name or not post.live:
            raise MastodonError(404)
        return post

    def _new_id(self, account: DeclaredAccount, now: datetime) -> str:
        salt = sum(1 for _ in self._sandbox.posts)
        while self._sandbox.posts.find("mastodon", remote_id(account, now, salt)):
            salt += 1
        return remote_id(account, now, salt)

    def whole(self, status_id: str, at: datetime, text: str, who: dict[str, Any]) -> dict[str, Any]:
        """A Status that says `text` and nothing else; `who` is its Account."""
        local = {a.username.lower() for a in self._sandbox.accounts("mastodon")}
        return {
            "id": status_id,
            "created_at": stamp(at),
            "edited_at": None,
            "in_reply_to_id": None,
            "in_reply_to_account_id": None,
            "sensitive": False,
            "spoiler_text": "",
            "visibility": "public",
            "language": None,
            "uri": f"{who['uri']}/statuses/{status_id}",
            "url": f"{who['url']}/{status_id}",
            "replies_count": 0,
            "reblogs_count": 0,
            "favourites_count": 0,
            "content": shown(text, local, HOST),
            "reblog": None,
            "account": who,
            "media_attachments": [],
            "mentions": [],
            "tags": [{"name": t[1], "url": f"https://{HOST}/tags/{t[1]}"} for t in HASHTAG.finditer(text)],
            "emojis": [],
            "card": None,
            "poll": None,
        }

    def _status(self, account: DeclaredAccount, said: Said, answered: str | None = None) -> dict[str, Any]:
        """A post of the account. One of the seeded world has no media to show, though it had pictures."""
        text = f"{said.text} {said.link}" if said.link else said.text
        counts, edited = counters_of(self._sandbox, account, said), self._edited.get(said.remote_id)
        return {
            **self.whole(said.remote_id, said.created_at, text, shown_account(self._sandbox, account)),
            "edited_at": stamp(edited) if edited else None,
            "in_reply_to_id": said.reply_to,
            "in_reply_to_account_id": (answered or account.native_id) if said.reply_to else None,
            "visibility": self._seen_by.get(said.remote_id, "public"),
            "language": account.language,
            "replies_count": counts.comments,
            "reblogs_count": counts.shares,
            "favourites_count": counts.reactions,
            "media_attachments": [self._desk.shown(media_id) for media_id in said.media],
        }


def _ids(ask: Ask) -> tuple[str, ...]:
    given = ask.params.get("media_ids") or ask.params.get("media_ids[]") or ()
    return tuple(str(each) for each in ((given,) if isinstance(given, str) else given))


def stamp(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
