"""The ledger itself over real hooks and the sandbox: what a test plans is claimed, sent, and looked up where need be.

Nothing of what the ledger decides is written down again here: a test says what goes wrong, and reads what is out.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import Engine, select

from include.domain import Media, MediaFacts, Post
from include.publishing import ledger
from include.publishing.plan import PlannedPost
from include.publishing.reconcile import reconcile
from include.publishing.schedule import schedule
from include.publishing.sending import send
from include.sandbox.running import RunningSandbox
from include.warehouse.tables import publication
from platforms import every_platform
from platforms.transport.access import Access

ROUNDS, PAUSE_S = 40, 30
SEND = {
    "bluesky": ("com.atproto.repo.createRecord", "com.atproto.repo.createRecord"),
    "facebook": ("/feed", "/comments"),
    "instagram": ("/media_publish", "/comments"),
    "linkedin": ("/rest/posts", "/comments"),
    "mastodon": ("/api/v1/statuses", "/api/v1/statuses"),
    "x": ("/2/tweets", "/2/tweets"),
}
"""By network, where the post itself goes, and where what follows it goes."""


def world(media_dir: Path, **more: Any) -> dict[str, Any]:
    """An account on every network, and pictures that all of them take."""
    for number in range(3):
        Image.new("RGB", (1080, 1080), ("tan", "sienna", "wheat")[number]).save(media_dir / f"{number}.jpg")
    return {"accounts": [{"platform": name, "name": "aurora"} for name in SEND], "media_dir": str(media_dir), **more}


@dataclass
class Delivery:
    """One account of `platform`. `find_delay`: None for the network's own."""

    engine: Engine
    box: RunningSandbox
    platform: str
    find_delay: timedelta | None = None
    faults: dict[int, dict[str, Any]] = field(default_factory=dict)
    planned: dict[str, Post] = field(default_factory=dict)

    @property
    def account(self) -> str:
        return f"{self.platform}_aurora"

    def now(self) -> datetime:
        return self.box.sandbox.clock.now()

    def hook(self, account: str = "") -> Any:
        """A new one, as every task of Airflow has; it pauses by letting the sandbox's clock go on."""
        hook = every_platform()[self.platform].connect(account or self.account)
        token = f"sandbox-{self.platform}-aurora"
        hook._access = Access.to(hook.conn_id, f"{self.box.url}/{self.platform}", token, {"login": "aurora"})
        hook._pause = hook.session._pause = self.box.sandbox.clock.advance
        return hook

    def post(self, name: str, text: str, *, pictures: int = 0, follows: str = "") -> Post:
        """A post that is due now. `follows`: what is said after it, as a thread or as its first comment."""
        folder = Path(self.box.sandbox.declaration.media_dir)
        paths = [folder / f"{number}.jpg" for number in range(pictures)]
        media = tuple(
            Media(
                str(path),
                "A loaf",
                facts=MediaFacts("image", "jpeg", path.stat().st_size, 1080, 1080),
                public_url=f"{self.box.url}/media/{path.name}",
            )
            for path in paths
        )
        is_thread = "thread" in every_platform()[self.platform].follows
        more: dict[str, Any] = {"thread": (follows,)} if is_thread else {"first_comment": follows}
        post = Post(f"{name}:{self.account}", self.account, text, media, self.now(), **(more if follows else {}))
        hook = self.hook()
        limits = hook.limits() if every_platform()[self.platform].limited else None
        assert every_platform()[self.platform].problems(post, limits) == []
        return post

    def fails(self, part: int, **fault: Any) -> None:
        """The call that sends this part goes wrong, the first time that it is made."""
        self.faults[part] = fault

    def deliver(self, *posts: Post) -> None:
        """Plan them, and let `publish_posts` and `reconcile_posts` take turns until nothing is left to do."""
        self.planned |= {post.post_id: post for post in posts}
        calendar = [PlannedPost(post, "aurora", "calendar.csv, row 2", False) for post in self.planned.values()]
        schedule(self.engine, calendar, now=self.now(), by="import")
        for _ in range(ROUNDS):
            self.publish()
            self.look_up()
            if all(row.state in ("live", "partly_live", "held", "refused") for row in self.rows()):
                return
            self.box.sandbox.clock.advance(PAUSE_S)
        pytest.fail(f"It never came to an end: {[(row.part, row.state, row.reason) for row in self.rows()]}")

    def publish(self) -> None:
        while claims := ledger.claim(self.engine, now=self.now(), by="publish_posts"):
            for claim in claims:
                if fault := self.faults.pop(claim.part, None):
                    endpoint = SEND[self.platform][claim.part > 0]
                    meant = {"platform": self.platform, "method": "POST", "endpoint": endpoint, "times": 1}
                    self.box.sandbox.faults.arm({**meant, **fault})
                pause = self.box.sandbox.clock.advance
                send(self.engine, self.planned[claim.post_id], claim, self.hook(), clock=self.now, sleep=pause)

    def look_up(self) -> None:
        delay = every_platform()[self.platform].find_delay if self.find_delay is None else self.find_delay
        reconcile(self.engine, self.hook, find_delay=lambda _: delay, by="reconcile_posts", clock=self.now)

    def rows(self, post: Post | None = None) -> list[Any]:
        """What the ledger says, part by part."""
        query = select(publication).order_by(publication.c.post_id, publication.c.part)
        with self.engine.connect() as connection:
            rows = connection.execute(query).all()
        return [row for row in rows if post is None or row.post_id == post.post_id]

    def out(self, text: str) -> list[str]:
        """The ids under which that text is live: the sandbox's own log."""
        ours = self.box.sandbox.posts.of(self.platform, "aurora")
        return [post.remote_id for post in ours if post.live and post.text == text]
