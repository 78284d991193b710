"""What `publish_posts` knows of its accounts: how late, how many; and that it says it lives."""

import dataclasses
import hashlib
import io
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from include.domain import Media, MediaFacts, PlatformError, Post, Receipt, Refused, TryLater
from include.orchestration import doors, publishing, validating
from include.publishing.plan import PlannedPost
from include.publishing.quotas import Cap
from include.publishing.schedule import schedule
from include.warehouse.tables import account_limit, heartbeat, publication
from platforms import Quota, every_platform


@pytest.fixture
def on_this_desk(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setattr(doors, "warehouse", lambda: engine)
    return engine


def test_each_run_leaves_a_sign_of_life(on_this_desk: Engine, in_a_run: Callable[..., None]) -> None:
    in_a_run(publishing)
    assert publishing.send_due() == {}
    with on_this_desk.connect() as connection:
        assert [(row.name, row.by) for row in connection.execute(select(heartbeat))] == [("publish_posts", "tonight")]


def test_what_the_accounts_own_server_says_goes_before_what_the_network_states(
    on_this_desk: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = timedelta(days=1)
    quotas = (Quota(100, day, limit_name="posts_a_day"), Quota(9, day, comments=True))
    known = {**every_platform(), "x": dataclasses.replace(every_platform()["x"], quotas=quotas)}
    monkeypatch.setattr(publishing, "every_platform", lambda: known)
    with on_this_desk.begin() as connection:
        connection.execute(insert(account_limit).values(account="x_ginger", limits={"posts_a_day": 50}))
    caps: Any = publishing._caps(on_this_desk, doors.brands())
    assert caps["x_ginger"] == [Cap(50, day), Cap(9, day, comments=True)]


def test_a_broken_brands_yml_stops_nobody(on_this_desk: Engine, folder: Path, in_a_run: Callable[..., None]) -> None:
    (folder / "brands.yml").write_text("ginger: {", encoding="utf-8")
    in_a_run(publishing)
    assert publishing.send_due() == {}


def due_now(engine: Engine, *accounts: str) -> None:
    now = datetime.now(UTC)
    posts = [Post(f"p:{account}", account, "Hi", publish_at=now) for account in accounts]
    named = [PlannedPost(post, "ginger", "calendar.csv, row 2", needs_approval=False) for post in posts]
    schedule(engine, named, now=now, by="test", kept=["p:x_ginger", "p:facebook_ginger", "p:tiktok_ginger"])


class Slow:
    """X takes its time: until what falls due on Facebook after X's upload was begun is out."""

    def __init__(self, engine: Engine, account: str, other_is_out: Event) -> None:
        self.engine, self.account, self.other_is_out = engine, account, other_is_out

    def prepare(self, post: Post, *, earlier: Any = None) -> dict[str, Any]:
        return {}

    def publish(self, post: Post, *, key: str, prepared: Any = None) -> Receipt:
        if self.account == "x_ginger":
            time.sleep(2 * publishing.AHEAD.total_seconds())
            due_now(self.engine, "facebook_ginger")
            self.other_is_out.wait(10)
        else:
            self.other_is_out.set()
        return Receipt(post.post_id, f"live-{post.post_id}", "https://example.org/1", datetime.now(UTC))


def test_a_slow_upload_keeps_nobody_else_waiting(
    on_this_desk: Engine, monkeypatch: pytest.MonkeyPatch, in_a_run: Callable[..., None]
) -> None:
    is_out = Event()
    monkeypatch.setattr(publishing, "AHEAD", timedelta(seconds=0.2))
    monkeypatch.setattr(publishing, "BREATH", timedelta(seconds=0.1), raising=False)
    monkeypatch.setattr(doors, "hook", lambda account: Slow(on_this_desk, account, is_out))
    in_a_run(publishing)
    due_now(on_this_desk, "x_ginger")
    assert publishing.send_due() == {"live": 2}


def test_accounts_that_people_post_to_by_hand_do_not_end_a_run_for_the_others(
    on_this_desk: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch, in_a_run: Callable[..., None]
) -> None:
    brands = (folder / "brands.yml").read_text(encoding="utf-8")
    by_hand = brands.replace("    x: ginger", "  manual:\n    tiktok: ginger")
    (folder / "brands.yml").write_text(by_hand, encoding="utf-8")
    is_out = Event()
    monkeypatch.setattr(publishing, "SENDERS", 1)
    monkeypatch.setattr(publishing, "AHEAD", timedelta(seconds=5))
    monkeypatch.setattr(doors, "hook", lambda account: Slow(on_this_desk, account, is_out))
    in_a_run(publishing)
    due_now(on_this_desk, "tiktok_ginger")
    due_now(on_this_desk, "facebook_ginger")
    assert publishing.send_due() == {"live": 1}
    with on_this_desk.connect() as connection:
        states = connection.execute(select(publication.c.account, publication.c.state)).all()
    assert sorted(map(tuple, states)) == [("facebook_ginger", "live"), ("tiktok_ginger", "handed_over")]


class Wall:
    def prepare(self, post: Post, *, earlier: Any = None) -> dict[str, Any]:
        return {}

    def publish(self, post: Post, *, key: str, prepared: Any = None) -> Receipt:
        return Receipt(post.post_id, "live", "https://example.org/1", datetime.now(UTC))


@pytest.mark.parametrize(
    ("there", "state", "reason"),
    [
        (b"a loaf", "live", None),
        (b"a cat", "held", "Another file lies where the import saw loaf.jpg, and nobody approved that one."),
        (Refused("https://example.org/loaf.jpg: it answers with status 404."), "held", "it answers with status 404."),
        (TryLater("https://example.org/loaf.jpg: it did not answer.", wait_s=600), "due", "it did not answer."),
    ],
)
def test_media_on_the_web_go_out_as_they_were_approved(
    on_this_desk: Engine,
    monkeypatch: pytest.MonkeyPatch,
    in_a_run: Callable[..., None],
    there: bytes | PlatformError,
    state: str,
    reason: str | None,
) -> None:
    @contextmanager
    def fetched(media: Media) -> Iterator[io.BytesIO]:
        if isinstance(there, PlatformError):
            raise there
        yield io.BytesIO(there)

    now, seen = datetime.now(UTC), hashlib.sha256(b"a loaf").hexdigest()
    facts = MediaFacts("image", "jpeg", 6, 1, 1, sha256=seen)
    loaf = Media("https://example.org/loaf.jpg", digest="https://example.org/loaf.jpg", facts=facts)
    post = Post("p:x_ginger", "x_ginger", "Hi", media=(loaf,), publish_at=now)
    schedule(on_this_desk, [PlannedPost(post, "ginger", "calendar.csv, row 2", False)], now=now, by="test")
    monkeypatch.setattr(validating, "fetched", fetched)
    monkeypatch.setattr(doors, "hook", lambda account: Wall())
    in_a_run(publishing)
    publishing.send_due()
    with on_this_desk.connect() as connection:
        row = connection.execute(select(publication)).one()
    assert row.state == state
    assert (reason or "") in (row.reason or "")
