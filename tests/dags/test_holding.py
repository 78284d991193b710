"""Held posts, holds and posts by hand, as they are asked about and answered in Slack."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from include.domain import Alert, Media, Post
from include.publishing.plan import PlannedPost
from include.publishing.schedule import schedule

FERN = "#fern"
YES, NO, PAUSE, RESUME = "white_check_mark", "hand", "double_vertical_bar", "arrow_forward"

pytestmark = pytest.mark.usefixtures("answers_in_slack")


@pytest.fixture
def plan(desk: Any) -> Callable[..., str]:
    """Plan a post of Fern Books that needs no approval, `minutes` from now."""

    def add(name: str, minutes: float = 0, *, account: str = "facebook_fern", **more: Any) -> str:
        now = datetime.now(UTC)
        post = Post(
            f"{name}:{account}", account, f"A poem, {name}.", publish_at=now + timedelta(minutes=minutes), **more
        )
        known = [PlannedPost(each, "fern", "calendar.csv, row 2", needs_approval=False) for each in (*before, post)]
        before.append(post)
        schedule(desk.engine, known, now=now, by="import")
        return post.post_id

    before: list[Post] = []
    return add


def look(desk: Any) -> dict[str, int]:
    return dict(desk.run("read_reactions").results["read_answers"])


@pytest.fixture
def late(desk: Any, plan: Any) -> str:
    """A post that came too late, and is asked about."""
    post_id = plan("late", minutes=-1)
    desk.change("UPDATE desk.publication SET publish_at = publish_at - interval '3 hours'")
    desk.run("publish_posts")
    assert desk.states() == {post_id: "held"}
    look(desk)
    return str(post_id)


def test_a_late_post_is_asked_about_once_and_sent_on_a_yes(desk: Any, late: str) -> None:
    (message,) = desk.messages(FERN, "held back, send it?")
    assert "✅ send now · ✋ call off" in desk.said(FERN)[-1]
    assert "too late to go out unasked" in desk.said(FERN)[-1]
    desk.run("check_desk")
    assert desk.messages(FERN, "1\N{NO-BREAK SPACE}post held back") == [], "its own message asks already"
    desk.reacts("aoi", YES, FERN, "held back, send it?")
    assert look(desk)["answered"] == 1
    assert desk.messages(FERN, "aoi wants it sent")[0].ts == message.ts
    desk.run("publish_posts")
    assert desk.live() == [("facebook_fern", "A poem, late.")]
    before = desk.asked_of_slack()
    assert look(desk) == {"asked": 0, "answered": 0}
    assert desk.asked_of_slack() == before


def test_a_late_post_is_called_off_on_a_no_which_wins(desk: Any, late: str) -> None:
    desk.reacts("aoi", YES, FERN, "held back, send it?")
    desk.reacts("ren", NO, FERN, "held back, send it?")
    look(desk)
    assert desk.states() == {late: "cancelled"}
    assert "✋ wins" in desk.thread(FERN, "ren called it off")[0]


@pytest.fixture
def doubtful(desk: Any, late: str) -> str:
    """The same post, which may be out."""
    desk.change("UPDATE desk.publication SET sent_at = now(), fence = fence + 1")
    look(desk)
    return late


DOUBT = "It may be out"


def test_a_post_that_may_be_out_is_live_with_a_yes_and_its_link_at_the_network(desk: Any, doubtful: str) -> None:
    desk.replies("ren", "Asked <https://support.example/t/9>", FERN, DOUBT)
    desk.replies("aoi", "It is there: <https://www.facebook.com/permalink.php?story_fbid=9&amp;id=7>", FERN, DOUBT)
    look(desk)
    assert desk.states() == {doubtful: "held"}, "a link that somebody mentions decides nothing"
    desk.reacts("aoi", YES, FERN, DOUBT)
    look(desk)
    assert desk.ask("SELECT state, url, remote_id FROM desk.publication") == [
        ("live", "https://www.facebook.com/permalink.php?story_fbid=9&id=7", "7_9")
    ]


def test_a_yes_alone_never_sends_what_may_be_out(desk: Any, doubtful: str) -> None:
    desk.reacts("aoi", YES, FERN, DOUBT)
    desk.replies("aoi", "<https://docs.google.com/document/1>", FERN, DOUBT)
    look(desk)
    assert desk.states() == {doubtful: "held"}
    assert len([reply for reply in desk.thread(FERN, DOUBT) if "aoi, where is it?" in reply]) == 1
    desk.takes_back("aoi", YES, FERN, DOUBT)
    desk.reacts("ren", RESUME, FERN, DOUBT)
    look(desk)
    assert desk.states() == {doubtful: "due"}


def test_a_no_is_not_beaten_by_a_link(desk: Any, doubtful: str) -> None:
    desk.replies("aoi", "<https://www.facebook.com/fern/posts/9>", FERN, DOUBT)
    desk.reacts("aoi", YES, FERN, DOUBT)
    desk.reacts("ren", NO, FERN, DOUBT)
    look(desk)
    assert desk.states() == {doubtful: "cancelled"}


def test_what_was_decided_elsewhere_is_said_under_the_question(desk: Any, late: str) -> None:
    from include.publishing import decisions  # noqa: PLC0415

    decisions.cancel(desk.engine, late, by="ren", now=datetime.now(UTC))
    look(desk)
    assert desk.messages(FERN, "held back, send it?") == []
    assert len(desk.messages(FERN, "ren called it off")) == 1


def hold(desk: Any, **params: str) -> Any:
    return desk.run("hold_brand", **{"subject": "fern", "by": "aoi", "why": "Wrong price.", **params})


def test_a_brand_on_hold_is_told_once_with_who_and_why_and_what_waits(desk: Any, plan: Any) -> None:
    plan("soon", minutes=30)
    desk.change("UPDATE desk.post SET sponsor_budget = 'spring-meta'")
    assert hold(desk).results["decide"] == "fern is on hold by aoi: Wrong price."
    hold(desk, why="Again.")
    look(desk)
    (said,) = [words for words in desk.said(FERN) if "on hold" in words]
    for words in ("Fern Books is on hold: nothing goes out", "By aoi", "Wrong price.", "A poem, soon.", "spring-meta"):
        assert words in said
    assert "under this message lets it go on, by aoi or ren" in said


def test_a_hold_needs_a_name_a_reason_and_a_subject_that_there_is(desk: Any) -> None:
    assert hold(desk, why="").state == "failed"
    assert hold(desk, subject="fernn").state == "failed"
    assert any("There are ginger, fern, facebook_ginger" in words for words in desk.said("#on-call"))
    assert desk.ask("SELECT count(*) FROM desk.hold") == [(0,)]


def test_a_reaction_lets_it_go_on_and_late_posts_are_asked_about(desk: Any, plan: Any) -> None:
    going, first, second = plan("going", minutes=0), plan("first", minutes=1), plan("second", minutes=2)
    hold(desk)
    desk.change(
        "UPDATE desk.hold SET held_at = held_at - interval '6 hours'",
        "UPDATE desk.publication SET publish_at = publish_at - interval '5 hours' WHERE post_id NOT LIKE 'going%'",
    )
    desk.reacts("ren", RESUME, FERN, "is on hold")
    look(desk)
    assert desk.ask("SELECT lifted_by FROM desk.hold") == [("ren",)]
    (said,) = [words for words in desk.said(FERN) if "goes on" in words]
    assert "Goes out now" in said
    assert "Too late to go out unasked*: 2\N{NO-BREAK SPACE}posts" in said
    desk.run("publish_posts")
    look(desk)
    assert desk.states() == {going: "live", first: "held", second: "held"}
    assert len(desk.messages(FERN, "held back, send it?")) == 2
    desk.reacts("ren", YES, FERN, LATE)
    look(desk)
    said = desk.thread(FERN, "is decided")[0]
    assert "ren wants 2 sent; on each account they go out ten minutes apart, the last at" in said
    desk.run("publish_posts")
    assert desk.states() == {going: "live", first: "due", second: "due"}, "one has gone out just now"
    desk.change("UPDATE desk.publication SET publish_at = now() WHERE state = 'due'")
    desk.run("publish_posts")
    assert desk.states() == {going: "live", first: "live", second: "live"}
    assert desk.messages(FERN, "held back, send it?") == [], "the questions one by one are settled too"
    desk.change(f"UPDATE desk.publication SET state = 'held' WHERE post_id = '{first}'")
    look(desk)
    assert desk.states()[first] == "held", "the old yes is none to what comes later"


LATE = "too late by the hold, send them?"


@pytest.fixture
def two_late(desk: Any, plan: Any) -> list[str]:
    """Two posts that a hold made late."""
    ids = [plan("one"), plan("two", minutes=1)]
    hold(desk)
    desk.change(
        "UPDATE desk.hold SET held_at = held_at - interval '6 hours'",
        "UPDATE desk.publication SET publish_at = publish_at - interval '5 hours'",
    )
    return ids


def test_late_posts_are_called_off_together(desk: Any, two_late: list[str]) -> None:
    desk.run("hold_brand", what="lift", subject="fern", by="aoi")
    desk.reacts("aoi", NO, FERN, LATE)
    look(desk)
    assert desk.states() == dict.fromkeys(two_late, "cancelled")


def test_a_reaction_under_the_hold_is_no_answer_about_its_late_posts(desk: Any, two_late: list[str]) -> None:
    desk.reacts("aoi", YES, FERN, "is on hold")
    desk.run("hold_brand", what="lift", subject="fern", by="aoi")
    look(desk)
    desk.run("publish_posts")
    look(desk)
    assert desk.states() == dict.fromkeys(two_late, "held")


def test_what_may_be_out_is_not_sent_by_the_answer_about_all(desk: Any, two_late: list[str]) -> None:
    desk.run("hold_brand", what="lift", subject="fern", by="aoi")
    desk.run("publish_posts")
    one, two = two_late
    desk.change(f"UPDATE desk.publication SET sent_at = now(), fence = fence + 1 WHERE post_id = '{one}'")
    desk.reacts("aoi", YES, FERN, LATE)
    look(desk)
    assert desk.states() == {one: "held", two: "due"}
    assert desk.ask(f"SELECT sent_at IS NULL FROM desk.publication WHERE post_id = '{one}'") == [(False,)]


def test_a_pause_under_an_alert_holds_its_brand_once(desk: Any, late: str) -> None:
    desk.change("UPDATE desk.message SET sent_at = sent_at - interval '2 hours'")
    desk.run("check_desk")
    alert = "⏸ here holds the brand, by aoi or ren"
    assert len(desk.messages(FERN, alert)) == 1
    desk.reacts("guest", PAUSE, FERN, alert)
    look(desk)
    assert desk.ask("SELECT count(*) FROM desk.hold") == [(0,)]
    desk.reacts("aoi", PAUSE, FERN, alert)
    look(desk)
    assert desk.ask("SELECT subject, held_by FROM desk.hold WHERE lifted_at IS NULL") == [("fern", "aoi")]
    assert "Fern Books is on hold by aoi" in desk.thread(FERN, alert)[-1]
    assert len(desk.messages(FERN, "is on hold: nothing goes out")) == 1
    desk.run("hold_brand", what="lift", subject="fern", by="aoi")
    look(desk)
    assert desk.ask("SELECT count(*) FROM desk.hold WHERE lifted_at IS NULL") == [(0,)], "the old ⏸ says nothing new"
    desk.takes_back("aoi", PAUSE, FERN, alert)
    look(desk)
    assert "⏸ was taken back" in desk.thread(FERN, alert)[-1]
    desk.reacts("aoi", PAUSE, FERN, alert)
    look(desk)
    look(desk)
    assert desk.ask("SELECT count(*), count(lifted_at) FROM desk.hold") == [(2, 1)], "put again, it holds anew"


def test_a_pause_under_a_budgets_alert_holds_its_brand_too(desk: Any, plan: Any) -> None:
    from include.alerts.episodes import raise_alerts  # noqa: PLC0415
    from include.orchestration import doors  # noqa: PLC0415 - imports Airflow

    plan("one")
    alert = Alert("budget_pacing", "fern/spring", "Fern “spring”: the money ends on Thursday", "", "Set €50 a day.")
    raise_alerts(desk.engine, doors.messenger(), FERN, ("budget_pacing",), [alert])
    desk.reacts("aoi", PAUSE, FERN, "the money ends")
    look(desk)
    assert desk.ask("SELECT subject, held_by FROM desk.hold WHERE lifted_at IS NULL") == [("fern", "aoi")]


@pytest.fixture
def by_hand(desk: Any, plan: Any, tmp_path: Path) -> str:
    """A post for TikTok, which no plugin reaches, handed over."""
    image = tmp_path / "cup.png"
    image.write_bytes((Path(__file__).parents[2] / "include/desk/example/media/coffee-cup.png").read_bytes())
    video = tmp_path / "steam.mp4"
    video.write_bytes(b"a video of steam")
    media = (Media(str(image), "A cup of coffee"), Media(str(video), "Steam"))
    post_id = plan("hand", account="tiktok_fern", media=media, link="https://fern.example/?utm_source=tiktok")
    desk.run("publish_posts")
    assert desk.states() == {post_id: "handed_over"}
    look(desk)
    return str(post_id)


HAND = "post this by hand now"


def test_a_manual_post_is_handed_over_whole_and_live_with_its_link(desk: Any, by_hand: str) -> None:
    (message,) = desk.messages(FERN, HAND)
    said = desk.said(FERN)[-1]
    assert "Fern Books · TikTok" in said
    assert "A poem, hand." in said
    assert "https://fern.example/?utm_source=tiktok" in said
    look(desk)
    assert [file.name for file in desk.box.sandbox.slack.files.values()] == ["cup.png", "steam.mp4"]
    assert [reply for reply in desk.thread(FERN, HAND) if "To be posted with it" in reply] == ["To be posted with it:"]
    desk.reacts("aoi", YES, FERN, HAND)
    look(desk)
    look(desk)
    (asked,) = [reply for reply in desk.thread(FERN, HAND) if "aoi, where is it?" in reply]
    assert "https://" in asked
    desk.replies("guest", "<https://www.tiktok.com/@fern/video/1>", FERN, HAND)
    look(desk)
    assert desk.states() == {by_hand: "handed_over"}, "only an approver's link counts"
    desk.replies("aoi", "<https://www.tiktok.com/@fern/video/77>", FERN, HAND)
    look(desk)
    assert desk.ask("SELECT state, url, remote_id FROM desk.publication") == [
        ("live", "https://www.tiktok.com/@fern/video/77", "77")
    ]
    assert len(desk.messages(FERN, "live, says aoi")) == 1
    assert desk.messages(FERN, HAND) == []
    assert message.ts


def test_a_manual_post_that_nobody_posts_is_reminded_of_once_and_then_an_alert(desk: Any, by_hand: str) -> None:
    desk.change("UPDATE desk.publication SET publish_at = publish_at - interval '61 minutes'")
    look(desk)
    look(desk)
    assert len([reply for reply in desk.thread(FERN, HAND) if "Still to be posted by hand" in reply]) == 1
    desk.change("UPDATE desk.publication SET updated_at = updated_at - interval '3 hours'")
    desk.run("check_desk")
    assert len(desk.messages(FERN, "nobody said that it is out")) == 1


def test_a_manual_post_is_called_off(desk: Any, by_hand: str) -> None:
    desk.reacts("ren", NO, FERN, HAND)
    look(desk)
    assert desk.states() == {by_hand: "cancelled"}
    assert len(desk.messages(FERN, "ren called it off")) == 1


def test_an_answer_counts_also_where_its_video_cannot_be_shown(desk: Any, by_hand: str) -> None:
    desk.change("DELETE FROM desk.message WHERE message_key LIKE 'reply:%'")
    desk.fails(platform="slack", kind="status", status=400, endpoint="files.getUploadURLExternal", times=9)
    desk.reacts("guest", NO, FERN, HAND)
    desk.reacts("ren", NO, FERN, HAND)
    desk.run("read_reactions")
    assert desk.states() == {by_hand: "cancelled"}


def test_a_video_reaches_people_where_nobody_can_answer_in_slack_and_what_is_too_large_is_named(
    desk: Any, by_hand: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from include.publishing import answers, images  # noqa: PLC0415

    shared = "DELETE FROM desk.message WHERE message_key LIKE 'reply:%'"
    desk.change(shared)
    with monkeypatch.context() as patch:
        patch.setattr(answers, "approvers", lambda brand: {})
        look(desk)
        assert [reply for reply in desk.thread(FERN, HAND) if "To be posted with it" in reply][1:]
        desk.change(shared)
        patch.setattr(images, "MOST_VIDEO_BYTES", 5)
        look(desk)
    assert "steam.mp4 (0 MB, Slack is given at most 0 MB)" in desk.thread(FERN, HAND)[-1]


def test_a_manual_account_is_in_nobodys_way(desk: Any) -> None:
    assert desk.run("check_desk").state == "success"
    assert not any("tiktok" in words.lower() for words in desk.said("#on-call"))
    week = str(desk.today - timedelta(days=7))
    assert desk.run("backfill_metrics", first=week, last=week).state == "success"
    assert desk.run("send_digest", brands="fern", week=week).results["tell_brands"] == {"fern": "new"}
