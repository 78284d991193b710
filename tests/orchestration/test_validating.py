"""What the import asks of the accounts' own servers, and what it does when they do not answer."""

from datetime import UTC, datetime, timedelta

import pytest

from include.domain import Account, TryLater
from include.orchestration import doors, validating

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
SEA = Account("mastodon", "sea", "sea")


@pytest.fixture
def instance(monkeypatch):
    """An account's server: `answers` holds limits to give, or an error to raise; `asked` counts."""

    class Server:
        def __init__(self):
            self.answers, self.asked = {"characters": 5000}, 0

        def limits(self):
            self.asked += 1
            if isinstance(self.answers, Exception):
                raise self.answers
            return self.answers

    told = Server()
    monkeypatch.setattr(doors, "hook", lambda account: told)
    return told


def test_a_server_is_asked_twice_a_day_at_most(engine, instance):
    for minutes in (0, 15, 30):
        limits, notes = validating.account_limits(engine, [SEA], NOW + timedelta(minutes=minutes))
        assert (limits, notes) == ({"mastodon_sea": {"characters": 5000}}, [])
    assert instance.asked == 1
    validating.account_limits(engine, [SEA], NOW + validating.LIMITS_HOLD)
    assert instance.asked == 2


def test_a_silent_server_is_taken_at_its_last_word_and_that_is_said(engine, instance):
    validating.account_limits(engine, [SEA], NOW)
    instance.answers = TryLater("mastodon_sea: no answer.", wait_s=60)
    limits, (note,) = validating.account_limits(engine, [SEA], NOW + timedelta(days=2))
    assert limits == {"mastodon_sea": {"characters": 5000}}
    assert (note.row, note.of) == (0, "sea")
    assert "checked against those of 24 Nov. mastodon_sea: no answer." in note.words


def test_a_server_that_never_answered_leaves_the_networks_own_limits(engine, instance):
    instance.answers = TryLater("mastodon_sea: no answer.", wait_s=60)
    limits, (note,) = validating.account_limits(engine, [SEA], NOW)
    assert limits == {"mastodon_sea": {}}
    assert "the network's usual ones" in note.words
