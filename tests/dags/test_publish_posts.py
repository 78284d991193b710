"""`publish_posts` and `reconcile_posts`: what is due goes out once, and what is unclear is looked up."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def due(desk: Any) -> Callable[..., None]:
    """Plan posts of Ginger & Sons and let their time come."""

    def plan(*texts: str, accounts: str = "all") -> None:
        for number, words in enumerate(texts, start=1):
            desk.plan(f"post-{number}", words, accounts=accounts)
        desk.run("import_calendar")
        desk.an_hour_passes()

    return plan


def test_what_is_due_and_approved_goes_out_and_the_rest_stays(desk: Any) -> None:
    desk.plan("tea", "Ginger tea is back.")
    desk.plan("poem", "A poem a day.", brand="fern")
    desk.plan("party", "A hundred years of ginger.", when="2040-01-02 09:00")
    desk.run("import_calendar")
    desk.an_hour_passes()
    assert desk.run("publish_posts").results["send_what_is_due"] == {"live": 2}
    assert sorted(desk.live()) == [("facebook_ginger", "Ginger tea is back."), ("x_ginger", "Ginger tea is back.")]
    states = desk.states()
    assert states["poem:facebook_fern"] == "planned"
    assert states["party:x_ginger"] == "approved"


def test_a_second_run_sends_nothing(desk: Any, due: Callable[..., None]) -> None:
    due("Ginger tea is back.", "Ginger bread too.")
    assert desk.run("publish_posts").results["send_what_is_due"] == {"live": 4}
    before = desk.live()
    assert len(before) == 4
    assert desk.run("publish_posts").results["send_what_is_due"] == {}
    assert desk.live() == before


def test_an_accounts_posts_go_out_in_their_order(desk: Any, due: Callable[..., None]) -> None:
    due("First.", "Second.", "Third.", accounts="x")
    desk.run("publish_posts")
    assert [words for _, words in desk.live()] == ["First.", "Second.", "Third."]


@pytest.mark.parametrize(("account", "path"), [("facebook_ginger", "/{page}/feed"), ("x_ginger", "/2/tweets")])
def test_a_lost_answer_is_looked_up_and_never_sent_again(
    desk: Any, due: Callable[..., None], account: str, path: str
) -> None:
    platform = account.split("_", maxsplit=1)[0]
    due("Ginger tea is back.", accounts=platform)
    desk.fails(kind="drop_after", platform=platform, method="POST", endpoint=path)
    assert desk.run("publish_posts").results["send_what_is_due"] == {"unknown": 1}
    assert desk.states() == {f"post-1:{account}": "unknown"}
    assert desk.run("publish_posts").results["send_what_is_due"] == {}
    assert desk.run("reconcile_posts").results["look_up_unknown_posts"] == {"live": 1}
    assert desk.states() == {f"post-1:{account}": "live"}
    assert desk.live() == [(account, "Ginger tea is back.")]
    assert desk.run("reconcile_posts").results["look_up_unknown_posts"] == {}


def test_the_accounts_next_post_waits_until_the_unclear_one_is_settled(desk: Any, due: Callable[..., None]) -> None:
    due("First.", "Second.", accounts="x")
    desk.fails(kind="drop_after", platform="x", method="POST", endpoint="/2/tweets")
    desk.run("publish_posts")
    assert desk.live() == [("x_ginger", "First.")]
    desk.run("reconcile_posts")
    desk.run("publish_posts")
    assert desk.live() == [("x_ginger", "First."), ("x_ginger", "Second.")]


def test_an_account_without_a_connection_is_told_and_stops_nobody_else(desk: Any, due: Callable[..., None]) -> None:
    due("Ginger tea is back.")
    desk.disconnect("facebook_ginger")
    done = desk.run("publish_posts")
    assert (done.state, done.results["send_what_is_due"]) == ("success", {"held": 1, "live": 1})
    assert desk.live() == [("x_ginger", "Ginger tea is back.")]
    ((reason,),) = desk.ask("SELECT reason FROM desk.publication WHERE state = 'held'")
    assert "AIRFLOW_CONN_FACEBOOK_GINGER" in reason

    for _ in range(2):
        look = desk.run("check_desk").results["look"]
        assert look["missing_connection"] == 1
        (alert,) = [words for words in desk.said("#on-call") if "not connected" in words]
        assert "Ginger & Sons on Facebook" in alert.replace("&amp;", "&")
        assert "facebook_ginger" in alert
        (about_the_post,) = [words for words in desk.said("#ginger") if "held back" in words]
        assert "Ginger tea is back." in about_the_post
