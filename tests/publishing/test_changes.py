"""Taking down and rewording what is live: what is kept of it, and what an answer that never came does."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from sqlalchemy import select, update

from include.domain import Media, OutcomeUnknown, Post, Refused
from include.domain.posts import content_hash
from include.publishing import plan
from include.publishing.changes import CannotChange, Changes, Wish, reworded
from include.warehouse.tables import publication, publication_attempt, publication_event


@dataclass
class Network:
    """A Remover and an Editor. What `fails` holds is raised, each once."""

    gone: list[str] = field(default_factory=list)
    said: list[tuple[str, str]] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)

    def delete(self, remote_id: str) -> None:
        self.gone.append(remote_id)
        if self.fails:
            raise self.fails.pop(0)

    def edit(self, post: Post, remote_id: str) -> None:
        self.said.append((remote_id, post.text))
        if self.fails:
            raise self.fails.pop(0)


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def changes(desk: Any) -> Changes:
    return Changes(desk.engine, clock=lambda: desk.now, sleep=desk.nap)


@pytest.fixture
def live(desk: Any) -> Post:
    post = desk.post(text="Due euro", thread=("E poi",))
    desk.plan(post)
    for _ in post.parts:
        desk.send(post, desk.claim_one())
    return post


def wish(post: Post) -> Wish:
    return Wish(post.post_id, "Ada", "a wrong price")


def states(desk: Any) -> list[str]:
    with desk.engine.connect() as connection:
        return list(connection.scalars(select(publication.c.state).order_by(publication.c.part)))


def attempts(desk: Any) -> list[tuple[str, str]]:
    table = publication_attempt.c
    query = select(table.step, table.outcome).where(table.step.in_(("delete", "edit"))).order_by(table.attempt_id)
    with desk.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_a_post_is_taken_down_with_its_thread_the_last_part_first(
    desk: Any, live: Post, changes: Changes, network: Network
) -> None:
    words = changes.delete(wish(live), network)
    assert words == "Post one:x_aurora (https://wall.example/1) is taken down with the 1 that followed it."
    assert network.gone == ["2", "1"]
    assert states(desk) == ["deleted", "deleted"]
    assert desk.row(live).reason == "Ada took it down: a wrong price"
    assert attempts(desk) == [("delete", "deleted")] * 2
    assert changes.delete(wish(live), network) == "Post one:x_aurora is down already."
    assert network.gone == ["2", "1"]


def test_what_was_still_to_follow_does_not_follow(desk: Any, changes: Changes, network: Network) -> None:
    post = desk.post(thread=("E poi",))
    desk.plan(post)
    desk.send(post, desk.claim_one())
    changes.delete(wish(post), network)
    assert states(desk) == ["deleted", "cancelled"]
    assert desk.claim() == []


def test_an_answer_that_never_came_is_asked_for_again(
    desk: Any, live: Post, changes: Changes, network: Network
) -> None:
    network.fails = [OutcomeUnknown("no answer")]
    changes.delete(wish(live), network)
    assert network.gone == ["2", "2", "1"]
    assert states(desk) == ["deleted", "deleted"]


def test_what_was_gone_before_the_network_said_no_is_kept_and_the_rest_can_be_asked_for_again(
    desk: Any, live: Post, changes: Changes, network: Network
) -> None:
    network.fails = [OutcomeUnknown("no answer")] * 2 + [Refused("no")]
    with pytest.raises(Refused):
        changes.delete(wish(live), network)
    assert states(desk) == ["live", "live"]
    changes.delete(wish(live), network)
    assert states(desk) == ["deleted", "deleted"]


def test_a_text_is_reworded_and_both_hashes_are_kept(desk: Any, live: Post, changes: Changes, network: Network) -> None:
    changes.edit(wish(live), "Tre euro", network)
    assert network.said == [("1", "Tre euro")]
    kept = plan.posts(desk.engine, [live.post_id])[live.post_id]
    assert kept.text == "Tre euro"
    with desk.engine.connect() as connection:
        note = connection.scalars(select(publication_event.c.note).order_by(publication_event.c.event_id)).all()[-1]
    hashes = f"(text {live.content_hash[:16]} became {kept.content_hash[:16]})"
    assert note == f"Ada reworded it {hashes}: a wrong price"
    assert states(desk) == ["live", "live"]
    assert attempts(desk) == [("edit", "live")]
    assert desk.plan(live).untouched == [live.post_id], "the calendar has the old text: said once, nothing sent"
    assert desk.claim() == []


def test_what_is_not_live_or_not_all_out_is_left_alone(desk: Any, changes: Changes, network: Network) -> None:
    post = desk.post(thread=("E poi",))
    with pytest.raises(CannotChange, match="There is no post"):
        changes.delete(wish(post), network)
    desk.plan(post)
    with pytest.raises(CannotChange, match="is approved; only a live one"):
        changes.delete(wish(post), network)
    desk.send(post, desk.claim_one())
    with pytest.raises(CannotChange, match="send or call off the rest"):
        changes.edit(wish(post), "Tre euro", network)
    desk.claim_one()
    with pytest.raises(CannotChange, match="is on its way"):
        changes.delete(wish(post), network)
    assert (network.gone, network.said) == ([], [])


@pytest.mark.parametrize(("by", "reason"), [("", "a typo"), ("Ada", " ")])
def test_nobody_changes_a_post_without_a_name_and_a_reason(by: str, reason: str) -> None:
    with pytest.raises(CannotChange, match="Say who changes post p1 and for what reason"):
        Wish("p1", by, reason)


def test_what_is_live_by_a_link_without_an_id_is_changed_at_the_network(
    desk: Any, live: Post, changes: Changes, network: Network
) -> None:
    with desk.engine.begin() as connection:
        connection.execute(update(publication).where(publication.c.part == 0).values(remote_id=""))
    for change in (lambda: changes.delete(wish(live), network), lambda: changes.edit(wish(live), "Tre", network)):
        with pytest.raises(CannotChange, match="change it at the network itself"):
            change()
    assert (network.gone, network.said) == ([], [])


def test_a_reworded_text_has_the_hash_that_the_calendars_import_would_give_it() -> None:
    link, media = "https://aurora.example/?a=1&utm_source=mail", (Media("/desk/cup.png", "A cup", digest="sha256:77"),)
    tagged = f"{link}&utm_medium=social&utm_content=one%3Ax_aurora#top"
    shown = (replace(media[0], source="sha256:77"),)

    def imported(text: str) -> Post:
        seen = content_hash("x_aurora", text, f"{link}#top", shown, thread=("E poi",))
        return Post("one:x_aurora", "x_aurora", text, media, link=tagged, thread=("E poi",), content_hash=seen)

    assert reworded(imported("Due euro"), "Tre euro") == imported("Tre euro")
