"""A hold keeps a brand's posts back; lifting it says which of them go out, and which are asked about."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from include.publishing import decisions, holds
from include.publishing.holds import NoHold, main
from include.publishing.states import State


@pytest.fixture
def planned(desk: Any) -> Any:
    """Two posts: one due in five minutes, one tomorrow."""
    soon, later = desk.post("soon", minutes=5), desk.post("later", minutes=1440)
    desk.plan(soon, later)
    return soon, later


def place(desk: Any, subject: str = "aurora") -> Any:
    return holds.place(desk.engine, subject, by="marta", why="Wrong price.", now=desk.now)


def test_a_hold_is_kept_with_who_why_and_when_and_the_first_one_stands(desk: Any, planned: Any) -> None:
    first = place(desk)
    again = holds.place(desk.engine, "aurora", by="paolo", why="Other.", now=desk.now)
    assert again == first
    assert (first.held_by, first.why, first.held_at, first.is_open) == ("marta", "Wrong price.", desk.now, True)
    assert [each.post.post_id for each in holds.ahead(desk.engine, "aurora")] == [post.post_id for post in planned]


@pytest.mark.usefixtures("planned")
@pytest.mark.parametrize(("by", "why"), [("ada", " "), ("", "Wrong price.")])
def test_nobody_holds_without_a_name_and_a_reason(desk: Any, by: str, why: str) -> None:
    with pytest.raises(NoHold, match="Say who holds aurora, and why"):
        holds.place(desk.engine, "aurora", by=by, why=why, now=desk.now)
    assert list(holds.listed(desk.engine)) == []


@pytest.mark.usefixtures("planned")
def test_a_name_that_nobody_has_is_refused_for_it_would_hold_nothing(desk: Any) -> None:
    with pytest.raises(NoHold, match=r"Nothing of auror was ever planned.*There are: aurora, x_aurora"):
        place(desk, "auror")
    assert place(desk, "x_aurora").subject == "x_aurora"


def test_lifted_it_says_what_its_hour_came_to(desk: Any, planned: Any) -> None:
    place(desk)
    desk.wait(minutes=30)
    lifted = holds.lift(desk.engine, "aurora", by="paolo", now=desk.now)
    assert (lifted.lifted_by, lifted.lifted_at) == ("paolo", desk.now)
    kept = holds.kept_back(desk.engine, lifted, now=desk.now)
    assert [(each.post.post_id, each.state) for each in kept] == [(planned[0].post_id, State.APPROVED)]
    with pytest.raises(NoHold, match="not on hold"):
        holds.lift(desk.engine, "aurora", by="paolo", now=desk.now)
    assert len(desk.claim()) == 1, "what is not late goes out by itself"


@pytest.mark.parametrize("posts", [["all"], ["soon:x_aurora"]])
def test_a_late_post_goes_out_where_somebody_wants_it(desk: Any, planned: Any, posts: list[str]) -> None:
    place(desk)
    desk.wait(hours=3)
    lifted = holds.lift(desk.engine, "aurora", by="paolo", now=desk.now, posts=posts)
    (claim,) = desk.claim()
    assert claim.post_id == planned[0].post_id
    assert holds.kept_back(desk.engine, lifted, now=desk.now) == []


def test_a_late_post_that_nobody_named_is_held_and_asked_about(desk: Any, planned: Any) -> None:
    place(desk)
    desk.wait(hours=3)
    assert decisions.undecided(desk.engine, State.HELD) == []
    lifted = holds.lift(desk.engine, "aurora", by="paolo", now=desk.now)
    assert desk.claim() == []
    (held,) = decisions.undecided(desk.engine, State.HELD)
    assert held.post.post_id == planned[0].post_id
    assert [each.state for each in holds.kept_back(desk.engine, lifted, now=desk.now)] == [State.HELD]


def test_what_may_be_out_is_no_matter_of_the_hold(desk: Any, planned: Any) -> None:
    place(desk)
    desk.wait(hours=3)
    lifted = holds.lift(desk.engine, "aurora", by="paolo", now=desk.now)
    desk.claim()
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE desk.publication SET sent_at = now() WHERE state = 'held'"))
    assert holds.kept_back(desk.engine, lifted, now=desk.now) == []
    with pytest.raises(decisions.NotYours, match="may be out"):
        holds.send_late(desk.engine, planned[0].post_id, by="paolo", now=desk.now)


def test_only_what_was_late_when_it_was_lifted_is_late_by_it(desk: Any, planned: Any) -> None:
    place(desk)
    desk.wait(minutes=30)
    lifted = holds.lift(desk.engine, "aurora", by="paolo", now=desk.now)
    desk.wait(hours=5)
    desk.claim()
    assert desk.state(planned[0]) == "held"
    assert holds.late(desk.engine, lifted, timedelta(minutes=60)) == []
    assert len(holds.late(desk.engine, lifted, timedelta(minutes=10))) == 1


def test_late_posts_of_one_account_go_out_ten_minutes_apart_and_clear_of_what_is_planned(desk: Any) -> None:
    late = [desk.post(name, minutes=minutes) for minutes, name in enumerate(("one", "two", "three"), start=5)]
    elsewhere, planned = desk.post("four", minutes=9, account="facebook_aurora"), desk.post("five", minutes=195)
    desk.plan(*late, elsewhere, planned)
    place(desk)
    desk.wait(hours=3)
    holds.lift(desk.engine, "aurora", by="paolo", now=desk.now, posts=["all"])
    goes = [int((desk.row(post).publish_at - desk.now).total_seconds() // 60) for post in [*late, elsewhere, planned]]
    assert goes == [0, 25, 35, 0, 15]
    assert {claim.post_id for claim in desk.claim()} == {late[0].post_id, elsewhere.post_id}


def test_one_late_post_that_cannot_go_keeps_no_other_back(desk: Any) -> None:
    first, second = desk.post("one", minutes=5), desk.post("two", minutes=6, account="facebook_aurora")
    desk.plan(first, second)
    place(desk)
    desk.wait(hours=3)
    kept = holds.kept_back

    def and_then_claimed(engine: Any, of: Any, *, now: Any) -> Any:
        found = kept(engine, of, now=now)
        with desk.engine.begin() as connection:
            connection.execute(text("UPDATE desk.publication SET state = 'claimed' WHERE post_id LIKE 'one%'"))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(holds, "kept_back", and_then_claimed)
        lifted = holds.lift(desk.engine, "aurora", by="paolo", now=desk.now, posts=["all"])
    (sentence,) = lifted.refused
    assert "one:x_aurora is claimed" in sentence
    assert [claim.post_id for claim in desk.claim()] == [second.post_id]


def test_what_is_held_is_not_asked_about_while_its_account_is_on_hold(desk: Any, planned: Any) -> None:
    desk.wait(hours=3)
    desk.claim()
    assert len(decisions.undecided(desk.engine, State.HELD)) == 1
    place(desk, "x_aurora")
    assert decisions.undecided(desk.engine, State.HELD) == []


def test_the_budgets_behind_its_posts_are_named(desk: Any, planned: Any) -> None:
    assert holds.sponsored(desk.engine, "aurora", since=desk.now) == []
    with desk.engine.begin() as connection:
        connection.execute(text("UPDATE desk.post SET sponsor_budget = 'natale-meta' WHERE post_id LIKE 'soon%'"))
    assert holds.sponsored(desk.engine, "aurora", since=desk.now) == ["natale-meta"]


class TestCommand:
    @pytest.fixture(autouse=True)
    def warehouse_of_the_command(self, warehouse: str, planned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DESK_WAREHOUSE_URL", warehouse)

    def test_hold_list_lift(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["hold", "aurora", "--by", "marta", "--why", "Wrong price."]) == 0
        assert main(["list"]) == 0
        said = capsys.readouterr().out
        assert "aurora is on hold by marta: Wrong price." in said
        assert "approved soon:x_aurora" in said
        assert main(["lift", "aurora", "--by", "marta", "--posts", "all"]) == 0
        assert main(["list"]) == 0
        assert "Nothing is on hold." in capsys.readouterr().out

    def test_what_cannot_be_done_is_said(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["lift", "aurora", "--by", "marta"]) == 1
        assert "aurora is not on hold." in capsys.readouterr().err
        monkeypatch.delenv("DESK_WAREHOUSE_URL")
        assert main(["list"]) == 2
