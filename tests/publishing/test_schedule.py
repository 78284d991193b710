"""What the calendar may change, and until when."""

from typing import Any

import pytest
from sqlalchemy import event, func, select

from include.domain import Post, Receipt
from include.publishing import approval, decisions, ledger, plan
from include.publishing.plan import PlannedPost
from include.publishing.schedule import schedule
from include.publishing.states import State
from include.warehouse.tables import post as post_table
from include.warehouse.tables import publication_event


def events(desk: Any) -> int:
    with desk.engine.connect() as connection:
        return int(connection.scalar(select(func.count()).select_from(publication_event)))


def approve(desk: Any, post: Any, by: str = "Ada") -> None:
    approval.approve(desk.engine, post.post_id, post.content_hash, by=by, now=desk.now)


def test_a_post_comes_back_from_the_warehouse_as_it_was(desk: Any) -> None:
    post = desk.post(text="Città 🍝 \n due righe")
    desk.plan(post)
    assert plan.posts(desk.engine, [post.post_id, "none"]) == {post.post_id: post}
    assert plan.known(desk.engine) == {post.post_id}


def test_the_same_calendar_twice_changes_nothing(desk: Any) -> None:
    posts = [desk.post("a"), desk.post("b")]
    desk.plan(*posts, needs_approval=True)
    before = events(desk)
    again = desk.plan(*posts, needs_approval=True)
    assert (again.planned, again.edited, again.moved, again.cancelled) == ([], [], [], [])
    assert events(desk) == before


@pytest.mark.parametrize(("needs_approval", "state"), [(True, "planned"), (False, "approved")])
def test_a_new_post_waits_for_approval_where_its_brand_wants_one(desk: Any, needs_approval: bool, state: str) -> None:
    post = desk.post()
    assert desk.plan(post, needs_approval=needs_approval).planned == [post.post_id]
    assert desk.state(post) == state
    assert len(desk.claim()) == (not needs_approval)


def test_an_edit_after_approval_needs_a_new_one(desk: Any) -> None:
    post, edited = desk.post(), desk.post(text="Buonasera")
    desk.plan(post, needs_approval=True)
    approve(desk, post)
    assert desk.plan(edited, needs_approval=True).edited == [post.post_id]
    assert desk.state(post) == "planned"
    assert desk.claim() == []
    assert [waiting.text for waiting in approval.unasked(desk.engine)] == ["Buonasera"]
    approve(desk, edited)
    assert desk.claim_one().content_hash == edited.content_hash


def test_a_text_that_comes_back_after_an_edit_needs_a_new_approval_too(desk: Any) -> None:
    post = desk.post()
    desk.plan(post, needs_approval=True)
    approve(desk, post)
    desk.plan(desk.post(text="Buonasera"), needs_approval=True)
    desk.plan(post, needs_approval=True)
    assert desk.state(post) == "planned"


@pytest.mark.parametrize("ready", [False, True], ids=["claimed", "media ready"])
@pytest.mark.parametrize("change", ["edited", "moved", "removed"])
def test_a_change_after_the_claim_stops_the_claim(desk: Any, change: str, ready: bool) -> None:
    post = desk.post()
    desk.plan(post)
    claimed = desk.claim_one()
    if ready:
        ledger.media_ready(desk.engine, claimed, {}, now=desk.now)
    desk.plan(*{"edited": [desk.post(text="Buonasera")], "moved": [desk.post(minutes=50)], "removed": []}[change])
    assert desk.row(post).fence > claimed.fence
    assert desk.send(post, claimed).state is None
    assert "publish" not in desk.wall.calls


def test_a_text_read_before_an_edit_does_not_go_out_under_the_claim_of_the_new_one(desk: Any) -> None:
    post, edited = desk.post(), desk.post(text="Buonasera")
    desk.plan(post)
    desk.plan(edited)
    assert desk.send(post, desk.claim_one()).state is None
    assert desk.send(edited, desk.claim_one()).state == State.LIVE
    assert desk.wall.calls.count("publish") == 1


def test_a_moved_post_keeps_its_approval_and_goes_out_at_its_new_time(desk: Any) -> None:
    post, moved = desk.post(minutes=30), desk.post(minutes=90)
    desk.plan(post, needs_approval=True)
    approve(desk, post)
    assert desk.plan(moved, needs_approval=True).moved == [post.post_id]
    desk.wait(minutes=30)
    assert desk.claim() == []
    desk.wait(minutes=60)
    assert desk.claim_one().publish_at == moved.publish_at


def test_a_held_post_that_is_moved_goes_out_after_all(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wait(hours=2)
    desk.claim()
    assert desk.state(post) == "held"
    desk.plan(desk.post(minutes=120))
    assert desk.claim_one().post_id == post.post_id


def test_a_refused_post_goes_out_when_its_text_was_mended(desk: Any) -> None:
    post, mended = desk.post(text="too long"), desk.post(text="short")
    desk.plan(post)
    ledger.refuse(desk.engine, desk.claim_one(), "It is too long.", now=desk.now)
    desk.plan(post)
    assert desk.claim() == [], "unchanged, it would be refused again"
    desk.plan(mended)
    assert desk.send(mended, desk.claim_one()).state == State.LIVE


def test_what_leaves_the_calendar_is_called_off_unless_its_row_is_only_broken(desk: Any) -> None:
    gone, broken = desk.post("gone"), desk.post("broken")
    desk.plan(gone, broken)
    assert desk.plan(kept=[broken.post_id]).cancelled == [gone.post_id]
    assert (desk.state(gone), desk.state(broken)) == ("cancelled", "approved")
    assert desk.plan(kept=[broken.post_id]).cancelled == []


def test_what_comes_back_into_the_calendar_is_planned_again(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.plan()
    desk.plan(post)
    assert desk.claim_one().post_id == post.post_id


def test_a_text_that_comes_back_unchanged_keeps_its_approval(desk: Any) -> None:
    post = desk.post()
    desk.plan(post, needs_approval=True)
    approve(desk, post)
    desk.plan(needs_approval=True)
    assert desk.plan(post, needs_approval=True).planned == [post.post_id]
    assert desk.claim_one().post_id == post.post_id


def test_a_text_that_comes_back_as_another_needs_a_new_approval(desk: Any) -> None:
    post, other = desk.post(), desk.post(text="Buonasera")
    desk.plan(post, needs_approval=True)
    approve(desk, post)
    desk.plan(needs_approval=True)
    desk.plan(other, needs_approval=True)
    assert (desk.state(post), desk.claim()) == ("planned", [])


def test_what_a_person_called_off_stays_off(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    decisions.cancel(desk.engine, post.post_id, by="Ada", now=desk.now)
    desk.plan(post)
    assert desk.state(post) == "cancelled"
    desk.plan(desk.post(text="Buonasera"))
    assert desk.state(post) == "approved"


@pytest.mark.parametrize("calendar", ["edited", "moved", "removed"])
def test_what_is_live_stays_as_it_was_said(desk: Any, calendar: str) -> None:
    post = desk.post()
    desk.plan(post)
    desk.send(post, desk.claim_one())
    rows = {"edited": [desk.post(text="Buonasera")], "moved": [desk.post(minutes=50)], "removed": []}[calendar]
    told = [desk.plan(*rows).untouched, desk.plan(*rows).untouched]
    assert told == ([[post.post_id], []] if calendar == "edited" else [[], []])
    assert desk.state(post) == "live"
    assert plan.posts(desk.engine, [post.post_id]) == {post.post_id: post}
    desk.wait(minutes=50)
    assert desk.claim() == []


def test_an_edit_while_it_is_being_sent_comes_too_late(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    told = []
    desk.wall.meanwhile = lambda: told.append(desk.plan(desk.post(text="Buonasera")).untouched)
    assert desk.send(post, desk.claim_one()).state == State.LIVE
    assert told == [[post.post_id]]


def test_a_brand_that_begins_to_want_approvals_is_asked_about_what_waits(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    desk.plan(post, needs_approval=True)
    assert desk.state(post) == "planned"
    assert approval.unasked(desk.engine) == [post]
    desk.plan(post, needs_approval=False)
    assert desk.state(post) == "approved"


def test_a_rejected_text_stays_back_when_its_brand_ceases_to_want_approvals(desk: Any) -> None:
    post = desk.post()
    desk.plan(post, needs_approval=True)
    approval.reject(desk.engine, post.post_id, post.content_hash, by="Ada", now=desk.now)
    desk.plan(post, needs_approval=False)
    assert desk.state(post) == "planned"


@pytest.mark.parametrize("calendar", ["edited", "moved", "removed"])
def test_what_a_person_put_out_stays_as_it_was_said(desk: Any, calendar: str) -> None:
    post = desk.post()
    desk.plan(post)
    desk.wait(hours=2)
    desk.claim()
    seen = Receipt(post.post_id, "9", "https://wall.example/9", desk.now)
    decisions.confirm_live(desk.engine, seen, by="Ada", now=desk.now)
    rows = {"edited": [desk.post(text="Buonasera")], "moved": [desk.post(minutes=500)], "removed": []}[calendar]
    assert desk.plan(*rows).untouched == ([post.post_id] if calendar == "edited" else [])
    assert (desk.state(post), desk.row(post).sent_at) == ("live", desk.now)


def test_a_row_put_in_on_top_is_no_news_of_the_others_but_they_are_found_where_they_are(desk: Any) -> None:
    posts = out, waiting = [desk.post("a"), desk.post("b", minutes=60)]
    desk.plan(*posts)
    desk.send(out, desk.claim_one())
    before, written = events(desk), list[str]()
    event.listen(desk.engine, "before_cursor_execute", lambda _, __, words, *___: written.append(words))
    below = [PlannedPost(post, "aurora", "calendar.csv, row 3", needs_approval=False) for post in posts]
    for _ in range(2):
        schedule(desk.engine, below, now=desk.now, by="import")
    assert not [words for words in written if "FOR UPDATE" in words]
    assert len([words for words in written if words.startswith("UPDATE")]) == 1
    assert events(desk) == before
    with desk.engine.connect() as connection:
        told = connection.scalar(select(post_table.c.source).where(post_table.c.post_id == waiting.post_id))
    assert told == "calendar.csv, row 3"


def test_a_post_without_a_time_is_not_planned(desk: Any) -> None:
    with pytest.raises(ValueError, match="has no time"):
        desk.plan(Post("one", "x_aurora", "Buongiorno"))
