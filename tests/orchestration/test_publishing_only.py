"""A network that only publishes: LinkedIn has no streams yet, and nothing that reads numbers trips over it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from include.alerts.look import look
from include.domain import Account, Brand, Window
from include.orchestration import digesting, doors, ingesting
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


def test_the_digest_names_the_networks_of_which_no_number_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    titles = {"facebook": "Facebook", "instagram": "Instagram", "tiktok": "TikTok", "meta_ads": "Meta Ads"}
    monkeypatch.setattr(doors, "titles", lambda: titles)
    accounts = [Account(name, "fern", "fern", manual=name == "tiktok") for name in titles]
    brand = Brand("fern", "Fern", "UTC", "en", "#fern", tuple(accounts))
    (said,) = digesting._unread(brand)
    assert "without Instagram, TikTok:" in said
    assert digesting._unread(replace(brand, accounts=tuple(accounts[:1]))) == []
