"""One message from an alert's first sighting to its end."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import text

from include.alerts.episodes import raise_alerts
from include.domain import Refused, Severity

KINDS = ("late_post", "missing_days")


def _look(engine, channel, *alerts, kinds=KINDS):
    return raise_alerts(engine, channel, "#ops", kinds, alerts)


def _rows(engine):
    with engine.connect() as connection:
        return connection.execute(text("SELECT * FROM desk.alert_episode ORDER BY episode_id")).all()


def _spaced(words):
    return words.replace("\N{NO-BREAK SPACE}", " ")


def test_an_alert_that_lasts_is_one_message(engine, channel, late):
    first = _look(engine, channel, late)
    again = [_look(engine, channel, late) for _ in range(3)]
    assert (first.opened, first.still_open) == (1, {"late_post": 1})
    assert [(look.opened, look.still_open) for look in again] == [(0, {"late_post": 1})] * 3
    assert channel.calls == ["post 1.0"]
    assert len(_rows(engine)) == 1


def test_new_words_are_put_in_its_place_and_call_nobody(engine, channel, late):
    _look(engine, channel, late)
    _look(engine, channel, replace(late, headline="Mekong on X: 2 posts late"))
    assert channel.texts() == ["🟠 Mekong on X: 2 posts late"]
    assert channel.calls == ["post 1.0", "update 1.0"]
    assert _rows(engine)[0].headline == "Mekong on X: 2 posts late"


def test_what_is_over_is_closed_in_place_and_in_the_thread(engine, channel, late, back_in_time):
    _look(engine, channel, late)
    back_in_time("200 minutes")
    assert _look(engine, channel).closed == 1
    assert channel.texts() == ["✅ Mekong on X: 1 post late: over"]
    assert [_spaced(reply) for reply in channel.texts("1.0")] == ["✅ Over after 3 h 20 min."]
    assert _look(engine, channel).closed == 0
    assert len(channel.calls) == 3


def test_other_kinds_are_left_alone(engine, channel, late):
    _look(engine, channel, late)
    look = _look(engine, channel, kinds=("missing_days",))
    assert (look.closed, channel.calls) == (0, ["post 1.0"])


def test_getting_worse_is_said_in_the_thread_once(engine, channel, late):
    worse = replace(late, severity=Severity.CRITICAL)
    _look(engine, channel, late)
    assert _look(engine, channel, worse).escalated == 1
    assert _look(engine, channel, late).escalated == 0
    assert _look(engine, channel, worse).escalated == 0
    assert channel.texts("1.0") == ["🔴 Now critical: Mekong on X: 1 post late"]
    assert channel.texts() == ["🔴 Mekong on X: 1 post late"]


def test_what_comes_back_within_a_day_is_the_same_episode(engine, channel, late, back_in_time):
    _look(engine, channel, late)
    _look(engine, channel)
    back_in_time("40 minutes")
    look = _look(engine, channel, late)
    assert (look.opened, look.still_open) == (0, {"late_post": 1})
    assert channel.texts() == ["🟠 Mekong on X: 1 post late"]
    assert _spaced(channel.texts("1.0")[-1]) == "🟠 It is back after 40 min: Mekong on X: 1 post late"
    assert _rows(engine)[0].closed_at is None
    _look(engine, channel)
    assert len(channel.texts("1.0")) == 3, "its second end is told too"


def test_what_comes_back_later_is_a_new_message(engine, channel, late, back_in_time):
    _look(engine, channel, late)
    _look(engine, channel)
    back_in_time("25 hours")
    assert _look(engine, channel, late).opened == 1
    assert channel.texts() == ["✅ Mekong on X: 1 post late: over", "🟠 Mekong on X: 1 post late"]


def test_each_alert_has_its_own_message_and_channel(engine, channel, late):
    other = replace(late, subject="facebook_aurora", headline="Aurora on Facebook: 3 posts late")
    raise_alerts(engine, channel, lambda alert: f"#{alert.subject}", KINDS, [late, other, late])
    assert [said[0] for said in channel.said.values()] == ["id of #x_mekong", "id of #facebook_aurora"]


def test_one_that_slack_refuses_keeps_no_other_from_being_told(engine, channel, late):
    other = replace(late, subject="facebook_aurora", headline="Aurora: late")
    channel.refuses = lambda message: "Mekong" in message.text
    with pytest.raises(Refused, match="Invite the bot"):
        _look(engine, channel, late, other)
    assert channel.texts() == ["🟠 Aurora: late"]
    channel.refuses = lambda message: False
    assert _look(engine, channel, late, other).opened == 1
    assert len(channel.texts()) == 2


def test_one_that_never_got_through_ends_in_silence(engine, channel, late):
    channel.refuses = lambda message: True
    with pytest.raises(Refused):
        _look(engine, channel, late)
    channel.refuses = lambda message: False
    assert _look(engine, channel).closed == 1
    assert channel.calls == []


def test_several_looks_at_once_tell_once(engine, channel, late):
    with ThreadPoolExecutor(4) as looks:
        for look in [looks.submit(_look, engine, channel, late) for _ in range(4)]:
            look.result(timeout=20)
    assert channel.calls == ["post 1.0"]
    assert len(_rows(engine)) == 1
