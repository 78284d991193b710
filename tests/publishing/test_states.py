"""The steps that a publication may take, and that it can take no other."""

import itertools
from typing import Any

import pytest
from sqlalchemy import update

from include.publishing import journal
from include.publishing.states import IN_FLIGHT, STEPS, ImpossibleStep, State
from include.warehouse.tables import publication


def test_every_state_says_where_it_leads() -> None:
    assert set(STEPS) == set(State)


def test_what_may_be_out_is_never_simply_due_again_through_a_lease() -> None:
    assert State.SENDING not in set().union(*(STEPS[s] for s in State if s != State.MEDIA_READY))
    assert not STEPS[State.LIVE] & (IN_FLIGHT | {State.DUE, State.APPROVED, State.PLANNED})


def test_no_step_beyond_the_table_is_possible(desk: Any) -> None:
    post = desk.post()
    desk.plan(post)
    here = journal.of_post(post.post_id)
    with desk.engine.begin() as connection:
        for before, after in itertools.product(State, State):
            if after not in STEPS[before]:
                connection.execute(update(publication).where(here).values(state=before))
                (row,) = journal.lock(connection, here)
                with pytest.raises(ImpossibleStep, match=f"is {before} and cannot become {after}"):
                    journal.enter(connection, row, after, at=desk.now, by="test")
