"""`watch_comments` against the sandbox's talk: a wave of complaints is told once, in time, to the right people."""

import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from include.orchestration import spikes, watching
from include.warehouse.tables import comment_feedback, spike

BRANDS = """
mekong:
  title: Mekong Coffee
  timezone: Asia/Vientiane
  language: lo
  channel: "#mekong"
  accounts:
    facebook: mekong_coffee
  approvers: {aoi: U0AOI00001}
"""
HEADLINE = "negative comments, usual"


@pytest.fixture
def brands_yml() -> str:
    return BRANDS


def hear(desk: Any) -> dict[str, int]:
    done = desk.run("watch_comments")
    assert done.state == "success"
    return dict(done.results["tell"])


def test_a_wave_of_complaints_is_told_once(desk: Any) -> None:
    told = hear(desk)
    assert told["judged"] > 100
    assert told["opened"] == 1
    (message,) = desk.messages("#mekong", HEADLINE)
    (words,) = desk.said("#mekong")
    assert "Mekong Coffee · Facebook" in words
    assert "(Vientiane)" in words
    assert "read ›" in words
    assert "comments of the last 48 hours" in words, "it has its chart"
    assert message.body["text"].startswith(("🔴", "🟠", "🔵"))
    asked = desk.asked_of_slack()
    hear(desk)
    assert desk.asked_of_slack() == asked, "the same is not said again"


def test_people_answer_where_it_stands(desk: Any) -> None:
    hear(desk)
    for person, sign in (("guest", "eyes"), ("aoi", "white_check_mark"), ("aoi", "label"), ("guest", "label")):
        desk.reacts(person, sign, "#mekong", HEADLINE)
    desk.replies("guest", "2 positive, 3: neutral. 9 negative", "#mekong", HEADLINE)
    desk.run("read_reactions")
    with desk.engine.connect() as connection:
        kept = connection.execute(
            select(comment_feedback.c.said, comment_feedback.c.by, comment_feedback.c.label).order_by("feedback_id")
        )
        assert [tuple(row) for row in kept] == [
            ("real", "U0AOI00001", None),
            ("wrong_sentiment", "U0AOI00001", None),
            ("wrong_sentiment", "U0GUEST001", None),
            ("wrong_sentiment", "U0GUEST001", "positive"),
            ("wrong_sentiment", "U0GUEST001", "neutral"),
        ]
    assert any("has it" in words for words in desk.thread("#mekong", HEADLINE))
    hear(desk)
    assert "has it; ask in the thread" in desk.said("#mekong")[0]
    count = len(desk.thread("#mekong", HEADLINE))
    desk.run("read_reactions")
    assert len(desk.thread("#mekong", HEADLINE)) == count, "nothing is said twice"


def test_a_pause_holds_the_brand(desk: Any) -> None:
    hear(desk)
    desk.reacts("guest", "double_vertical_bar", "#mekong", HEADLINE)
    desk.run("read_reactions")
    assert desk.ask("SELECT count(*) FROM desk.hold") == [(0,)]
    desk.reacts("aoi", "double_vertical_bar", "#mekong", HEADLINE)
    desk.run("read_reactions")
    assert desk.ask("SELECT subject, held_by FROM desk.hold") == [("mekong", "aoi")]
    hear(desk)
    assert "on hold by aoi" in desk.said("#mekong")[0]


def test_what_is_no_spike_is_closed_until_it_gets_worse(desk: Any) -> None:
    hear(desk)
    desk.reacts("aoi", "no_entry_sign", "#mekong", HEADLINE)
    desk.run("read_reactions")
    hear(desk)
    assert "No spike, says aoi" in desk.said("#mekong")[0]
    desk.change("UPDATE desk.spike SET dismissed_by = NULL, rung_at = rung_at + interval '1 hour'")
    hear(desk)
    assert "No spike" not in desk.said("#mekong")[0]
    assert any("Worse" in words for words in desk.thread("#mekong", HEADLINE))


def test_it_ends_with_how_long_it_lasted(desk: Any) -> None:
    hear(desk)
    desk.change("UPDATE desk.spike SET closed_at = seen_at + interval '24 hours'", "DELETE FROM desk.spike_watch")
    desk.change("UPDATE desk.comment SET label = 'positive' WHERE label = 'negative'")
    hear(desk)
    assert "Over after" in desk.said("#mekong")[0]


@pytest.mark.parametrize(("severity", "count"), [("notice", 0), ("high", 0), ("critical", 1)])
def test_quiet_hours_hold_back_all_but_what_is_critical(desk: Any, severity: str, count: int) -> None:
    now = datetime.now(ZoneInfo("Asia/Vientiane"))
    quiet = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=1):%H:%M}"
    (desk.directory / "brands.yml").write_text(f"{BRANDS}  quiet_hours: {quiet}\n", encoding="utf-8")
    tell = spikes._tell_of_cases

    def as_bad_as_that(comments: Any) -> None:
        desk.change(f"UPDATE desk.spike SET severity = '{severity}'")
        tell(comments)

    desk.monkeypatch.setattr(spikes, "_tell_of_cases", as_bad_as_that)
    hear(desk)
    assert len(desk.said("#mekong")) == count


def test_a_wave_that_nobody_can_judge_is_told(desk: Any) -> None:
    judge = watching.judge

    def blind(engine: Any) -> Any:
        told = judge(engine)
        wave = "created_at > now() - interval '6 hours' AND NOT ours"
        desk.change(f"UPDATE desk.comment SET scored = false, label = NULL, p_negative = NULL WHERE {wave}")
        return told

    desk.monkeypatch.setattr(watching, "judge", blind)
    hear(desk)
    (words,) = desk.said("#mekong")
    assert "that cannot be judged" in words
    hear(desk)
    assert len(desk.said("#mekong")) == 1


def test_who_is_on_duty_is_called_by_name(desk: Any) -> None:
    rota = "- {brand: mekong, language: lo, who: aoi, slack: U0AOI00001}\n- {brand: mekong, who: ren}\n"
    (desk.directory / "rota.yml").write_text(rota, encoding="utf-8")
    hear(desk)
    assert "On duty" in desk.said("#mekong")[0]
    assert "aoi" in desk.said("#mekong")[0] or "U0AOI00001" in desk.said("#mekong")[0]


def test_a_broken_file_and_a_silence_that_is_over_are_told_to_the_people_on_call(desk: Any) -> None:
    (desk.directory / "rota.yml").write_text("- {brand: mekon, who: aoi}\n", encoding="utf-8")
    silences = "- {brand: mekong, until: 2026-01-31, reason: prices}\n"
    silences += "- {brand: mekong, until: 2099-01-31, reason: ever}\n"
    (desk.directory / "silences.yml").write_text(silences, encoding="utf-8")
    hear(desk)
    words = "\n".join(desk.said("#on-call"))
    assert "rota.yml cannot be read" in words
    assert "silences.yml: 1 silence is over" in words
    assert desk.said("#mekong") == [], "the other silence holds"
    with desk.engine.connect() as connection:
        assert "ever" in set(connection.scalars(select(spike.c.silenced)))


def test_an_account_that_cannot_be_read_is_told_after_an_hour(desk: Any) -> None:
    desk.fails(kind="status", status=500, platform="facebook", times=99)
    hear(desk)
    desk.run("check_desk")
    assert "comments" not in "\n".join(desk.said("#on-call"))
    desk.change("UPDATE desk.comment_read SET first_tried_at = now() - interval '2 hours'")
    desk.run("check_desk")
    assert "comments were never read" in "\n".join(desk.said("#on-call"))


def test_nobody_is_pinged_by_what_people_write(desk: Any) -> None:
    hear(desk)
    desk.change("UPDATE desk.comment SET text = '<!channel> <@U0AOI00001> @here', url = 'https://x.example/a|<!here>'")
    hear(desk)
    (message,) = desk.messages("#mekong", HEADLINE)
    assert "channel" in str(message.body)
    assert not {"<!channel>", "<!here>", "<@U0AOI00001>"} & set(re.findall("<[^<>]*>", str(message.body)))


def test_what_is_below_an_alert_is_listed_once_a_day(desk: Any) -> None:
    hear(desk)
    day = datetime.now(ZoneInfo("Asia/Vientiane")).date() - timedelta(days=2)
    older = "SELECT comment_id FROM desk.comment WHERE NOT ours AND created_at < now() - interval '4 days' LIMIT 12"
    moved = f"created_at = '{day} 04:00Z', label = 'negative', text = 'meh <!here> ' || comment_id, gone_at = NULL"
    desk.change(f"UPDATE desk.comment SET {moved} WHERE comment_id IN ({older})")
    assert desk.run("send_daily_digest", day=str(day)).state == "success"
    (message,) = desk.messages("#mekong", "none alarming")
    assert "meh" in str(message.body)
    assert "<!here>" not in str(message.body)
    told = "\n".join([*desk.said("#mekong"), *desk.thread("#mekong", "none alarming")])
    assert all(
        f"meh &lt;!here&gt; {key}" in told
        for (key,) in desk.ask("SELECT comment_id FROM desk.comment WHERE text LIKE 'meh%'")
    )
    asked = desk.asked_of_slack()
    desk.run("send_daily_digest", day=str(day))
    assert desk.asked_of_slack() == asked
