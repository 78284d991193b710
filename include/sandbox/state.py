"""The whole sandbox in memory: the world, what was posted and said in it, its clock, counters, faults and journal."""

import base64
from datetime import datetime, timedelta
from pathlib import Path

from include.sandbox.clock import Clock
from include.sandbox.counters import Counters
from include.sandbox.declaration import Declaration, DeclaredAccount
from include.sandbox.faults import Faults
from include.sandbox.journal import Event, Journal
from include.sandbox.posts import LoggedPost, PostLog, StoredMedia, post_of
from include.sandbox.slack.workspace import Workspace
from include.sandbox.voices import Voices
from include.sandbox.world.history import History, history_of


class Sandbox:
    """One world and everything that happened in it. All accepted writes go through `commit`."""

    def __init__(self, declaration: Declaration, seed: int, journal: Path | None = None) -> None:
        self.declaration, self.seed = declaration, seed
        self.clock, self.counters, self.faults = Clock(), Counters(), Faults()
        self.posts = PostLog()
        self.voices = Voices()
        self.lists_lag_s = dict(declaration.lists_lag_s)
        self.slack = Workspace(declaration.slack, seed)
        self.began: datetime | None = None
        self.ad_changes: dict[str, list[Event]] = {}
        self._journal = Journal(journal)
        for event in self._journal.replay():
            self._apply(event)
        if self.began is None:
            self.commit({"kind": "began", "at": self.clock.now().isoformat()})

    def commit(self, event: Event) -> None:
        """Do an accepted write, and note it in the journal."""
        self._apply(event)
        self._journal.append(event)

    def history(self, account: DeclaredAccount) -> History:
        return history_of(self.seed, account)

    def listed(self, platform: str, account: str) -> list[LoggedPost]:
        """An account's live posts that the platform's lists show by now, oldest first."""
        seen = self.clock.now() - timedelta(seconds=self.lists_lag_s.get(platform, 0))
        return [post for post in self.posts.of(platform, account) if post.live and post.created_at <= seen]

    def accounts(self, platform: str) -> list[DeclaredAccount]:
        return [a for a in self.declaration.accounts if a.platform == platform]

    def account_with(self, platform: str, *, token: str | None = None, native_id: str = "") -> DeclaredAccount | None:
        """The platform's account that has this token, or this id."""
        wanted = (a for a in self.accounts(platform) if token == a.token or native_id == a.native_id)
        return next(wanted, None)

    def _apply(self, event: Event) -> None:
        match event["kind"]:
            case "post":
                self.posts.add(post_of(event))
            case "delete":
                self.posts.delete(event["platform"], event["remote_id"], datetime.fromisoformat(event["at"]))
            case "began":
                self.began = datetime.fromisoformat(event["at"])
                self.voices.flow(self.began, self.declaration.talk.per_minute)
            case "ad_change":
                self.ad_changes.setdefault(event["campaign_id"], []).append(event)
            case "media":
                self.posts.store(_media_of(event))
            case "media_alt":
                self.posts.describe(event["platform"], event["media_id"], event["alt"])
            case "said" | "reworded" | "hidden" | "flow":
                self.voices.apply(event)
            case _:
                self.slack.apply(event)


def media_event(media: StoredMedia) -> Event:
    """An upload as the journal keeps it, its bytes in base64."""
    return {
        "kind": "media",
        "media_id": media.media_id,
        "platform": media.platform,
        "account": media.account,
        "mime": media.mime,
        "content": base64.b64encode(media.content).decode(),
        "created_at": media.created_at.isoformat(),
        "alt": media.alt,
        "source": media.source,
    }


def _media_of(event: Event) -> StoredMedia:
    fields = {k: v for k, v in event.items() if k != "kind"}
    content, created_at = base64.b64decode(event["content"]), datetime.fromisoformat(event["created_at"])
    return StoredMedia(**{**fields, "content": content, "created_at": created_at})
