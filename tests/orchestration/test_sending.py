"""What `publish_posts` knows of its accounts: how late, how many; and that it says it lives."""

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select

from include.orchestration import doors, publishing
from include.publishing.quotas import Cap
from include.warehouse.tables import account_limit, heartbeat
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
