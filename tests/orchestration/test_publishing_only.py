"""A network that only publishes: LinkedIn has no streams yet, and nothing that reads numbers trips over it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from include.alerts.look import look
from include.domain import Account, Window
from include.orchestration import ingesting
from platforms import every_platform

ACCOUNTS = [Account("linkedin", "aurora", "aurora"), Account("x", "aurora", "aurora")]
TODAY = datetime(2026, 11, 24, tzinfo=UTC)


def test_there_is_nothing_to_read_of_it() -> None:
    linkedin = every_platform()["linkedin"]
    assert linkedin.publishes
    assert linkedin.streams == ()
    assert linkedin not in ingesting._measuring()
    for wanted in ("all", "posts"):
        streams = ingesting._streams(wanted, linkedin)
        assert list(ingesting._batches("linkedin", ACCOUNTS[:1], streams, Window(TODAY.date(), TODAY.date()))) == []


@pytest.mark.parametrize("accounts", [ACCOUNTS, ACCOUNTS[:1]])
def test_the_look_for_trouble_misses_no_numbers_of_it(engine: Engine, accounts: list[Account]) -> None:
    streams = {name: [stream.name for stream in platform.streams] for name, platform in every_platform().items()}
    with engine.connect() as connection:
        found = look(connection, accounts, streams, now=TODAY)
    assert (list(found.unread), list(found.newest), dict(found.dead)) == ([], [], {})
