"""One thing that is broken keeps nothing else back: a file that somebody mistyped, a channel that Slack refuses."""

import logging
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException
from sqlalchemy import Engine, text

from include.alerts import telling
from include.domain import Alert, Message, PlatformError, Post, Receipt
from include.orchestration import (
    approving,
    calendar_trouble,
    checking,
    digesting,
    doors,
    ingesting,
    notify,
    planning,
    publishing,
)
from include.publishing import approval
from include.publishing.plan import PlannedPost
from include.publishing.schedule import schedule

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What stands in each channel; Slack knows no #ginger."""
    channels: dict[str, dict[str, str]] = {}

    def tell(key: str, channel: str, message: Message, *, thread: object = None) -> str:
        if channel == "#ginger":
            raise PlatformError("Slack has no channel #ginger.")
        channels.setdefault(channel, {})[key] = message.text
        return "new"

    monkeypatch.setattr(doors, "tell", tell)
    monkeypatch.setattr(doors, "warehouse", lambda: None)
    monkeypatch.setattr(telling, "where_told", lambda engine, key: None)
    monkeypatch.setattr(calendar_trouble, "over", lambda engine: None)
    return channels


def news(channel: str, **more: object) -> dict[str, Any]:
    nothing = {"ready": 2, "to_fix": [], "warnings": [], "remarks": [], "changed": "", "fixes": [], "mended": None}
    where = {"channel": channel, "subject": channel, "file": "calendar.csv", "key": f"calendar:{channel}:state"}
    return {**where, **nothing, **more}


def test_a_mistake_in_brands_yml_fails_a_task_at_once_but_posts_go_on(
    folder: Path, warehouse: str, in_a_run: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("DESK_WAREHOUSE_URL", warehouse)
    (folder / "brands.yml").write_text("ginger:\n  titel: Ginger\n", encoding="utf-8")
    with pytest.raises(AirflowFailException, match="titel"):
        doors.brands()
    in_a_run(publishing)
    assert publishing.send_due() == {}
    assert "titel" in caplog.text


def test_a_brand_whose_channel_is_gone_silences_no_other(folder: Path, said: Any, in_a_run: Any) -> None:
    in_a_run(planning)
    with pytest.raises(PlatformError, match="no channel #ginger"):
        planning.tell_news([news("#ginger", changed="2 planned"), news("#fern", changed="1 planned")])
    assert list(said) == ["#fern"]


@pytest.mark.usefixtures("folder")
def test_a_digest_that_slack_refuses_keeps_back_no_other(in_a_run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []

    def tell_week(brand: Any, week: date, now: datetime) -> str:
        told.append(brand.key)
        raise PlatformError(f"Slack has no channel {brand.channel}.")

    in_a_run(digesting, brands="all", week="2026-11-16")
    monkeypatch.setattr(digesting, "tell_week", tell_week)
    with pytest.raises(PlatformError, match="#ginger"):
        digesting.tell_brands()
    assert told == ["ginger", "fern"]


def test_what_is_odd_about_a_file_is_told_once_however_many_rows_it_has(said: Any, in_a_run: Any) -> None:
    in_a_run(planning)
    odd = [(1, '"colour": this column is not read')]
    planning.tell_news([news("#on-call", warnings=odd)])
    planning.tell_news([news("#on-call", warnings=odd, ready=3), news("#fern")])
    assert list(said) == ["#on-call"]
    (message,) = said["#on-call"].values()
    assert "3\N{NO-BREAK SPACE}rows ready" in message


def test_mistyped_targets_are_told_beside_the_calendar_and_the_digest_does_without(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / "targets.csv").write_text("brand,kpi,target,from\nginger,roach,9,2026-01-01\n", encoding="utf-8")
    (note,) = planning._about_targets()
    assert note.startswith('targets.csv, row 2, kpi "roach"')
    with caplog.at_level(logging.WARNING):
        assert digesting._wanted(doors.brands()[0], date(2026, 11, 16)) == {}
    assert "roach" in caplog.text


def test_trouble_with_posts_goes_to_the_brand_and_all_else_to_those_on_call(folder: Path) -> None:
    channel_of = checking._channels(doors.brands())
    assert channel_of(Alert("late_post", "facebook_fern", "", "", "")) == "#fern"
    assert channel_of(Alert("dead_credentials", "facebook_fern", "", "", "")) == "#on-call"
    assert channel_of(Alert("late_post", "facebook_gone", "", "", "")) == "#on-call"


def test_a_task_that_fails_every_minute_has_one_message_a_day(said: Any) -> None:
    for minute in range(3):
        task = SimpleNamespace(dag_id="publish_posts", task_id="send_what_is_due")
        run = SimpleNamespace(run_id=f"minute {minute}")
        notify.tell_of_failure({"task_instance": task, "dag_run": run, "exception": RuntimeError("no warehouse")})
    (messages,) = said.values()
    assert len(messages) == 1


def test_a_stream_that_nobody_has_is_named_beside_those_that_there_are(folder: Path, in_a_run: Any) -> None:
    days = {"first": "2026-11-01", "last": "2026-11-02"}
    in_a_run(ingesting, accounts="all", streams="account_day, post", dry_run=True, **days)
    with pytest.raises(
        ValueError, match=r"No such stream: post\. There are account_day, ad_day, ad_entities, ad_hour, posts, web_day"
    ):
        ingesting.backfill_batches()


def test_a_text_is_asked_about_anew_only_while_an_answer_can_come_in_time(folder: Path, engine: Engine) -> None:
    poem = Post("poem:facebook_fern", "facebook_fern", "A poem a day.", publish_at=NOW + timedelta(hours=60))
    planned = PlannedPost(poem, brand="fern", source="calendar.csv, row 2", needs_approval=True)
    schedule(engine, [planned], now=NOW, by="import")
    brands = doors.brands()

    def asked(hours: float) -> list[str]:
        now = NOW + timedelta(hours=hours)
        return [post.post_id for _, post in approving.texts_to_ask(engine, brands, now)]

    assert asked(0) == [poem.post_id]
    until = NOW + timedelta(hours=48)
    assert approval.ask(engine, poem.post_id, poem.content_hash, now=NOW, expires_at=until, by="first")
    assert asked(47) == []
    assert asked(49) == [poem.post_id]
    assert asked(70) == []


class Network:
    """A platform that takes everything."""

    def prepare(self, post: Post, *, earlier: Any = None) -> dict[str, Any]:
        return {}

    def publish(self, post: Post, *, key: str, prepared: Any = None) -> Receipt:
        return Receipt(post.post_id, f"live-{post.post_id}", "https://example.org/1", datetime.now(UTC))


def test_a_platform_that_cannot_be_loaded_gives_its_post_back_and_stops_no_other(
    folder: Path, engine: Engine, in_a_run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen in a demo: two threads imported two platforms at once, and one met a half-made module."""

    def hook(account: str) -> Network:
        if account == "x_ginger":
            raise ImportError("cannot import name from partially initialized module")
        return Network()

    now = datetime.now(UTC)
    posts = [Post(f"p:{account}", account, "Hi", publish_at=now) for account in ("x_ginger", "facebook_ginger")]
    planned = [PlannedPost(post, "ginger", "calendar.csv, row 2", needs_approval=False) for post in posts]
    schedule(engine, planned, now=now, by="test")
    monkeypatch.setattr(doors, "warehouse", lambda: engine)
    monkeypatch.setattr(doors, "hook", hook)
    in_a_run(publishing)
    assert publishing.send_due() == {"live": 1}
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT account, state, reason FROM desk.publication ORDER BY account")).all()
    assert [(row.account, row.state) for row in rows] == [("facebook_ginger", "live"), ("x_ginger", "due")]
    assert "could not be loaded" in rows[1].reason
