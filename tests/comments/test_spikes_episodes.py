"""From looks to what is told: once at the beginning, once when it gets worse, once at the end."""

from collections.abc import Iterable, Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.comments.episodes import Episode, Event, News, Subject, finish, replay, step, step_all
from include.comments.spikes import BALANCED, Look, Looks, Severity
from include.comments.spikes.looks import VERDICTS, severity_of

HOUR = 3_600.0
ACCOUNT = Subject("aurora", "facebook_aurora")
POST = ACCOUNT._replace(post="123")
OTHER = Subject("aurora", "x_aurora")
BRAND = Subject("aurora")


def seen(hour: float, z: float = 6.0, negatives: int = 8) -> Look:
    """A look at that hour: a spike if z is above 5."""
    severity: Severity | None = severity_of(z, BALANCED) if z > 5 else None
    verdict = "spike" if severity else "calm"
    return Look(hour * HOUR, negatives, 1.0, 1.0, z, 20, z, 0.2, 0.001, 4.0, verdict, severity, False)


def told(looks: Iterable[Look]) -> list[tuple[str, float]]:
    """What one subject's looks make happen, with the hour."""
    state: Episode | None = None
    events: list[Event] = []
    for each in looks:
        state, found = step(state, each, ACCOUNT)
        events += found
    return [(event.news.value, event.at / HOUR) for event in events]


def test_a_spike_is_told_once_and_closed_after_a_day_of_quiet() -> None:
    looks = [seen(1), seen(2), *(seen(hour, z=0) for hour in range(3, 28))]
    assert told(looks) == [("opened", 1), ("goes on", 2), ("closed", 26)]


def test_it_ended_with_its_last_spike() -> None:
    state, _ = step(None, seen(1))
    state, _ = step(state, seen(3))
    state, (closed,) = step(state, seen(40, z=0))
    assert state is None
    assert closed.episode.lasted.total_seconds() == 2 * HOUR
    assert closed.episode.closed == 27 * HOUR


def test_a_pause_shorter_than_a_day_is_the_same_episode_and_a_longer_one_is_another() -> None:
    assert told([seen(1), seen(24.9)]) == [("opened", 1), ("goes on", 24.9)]
    assert told([seen(1), seen(25)]) == [("opened", 1), ("closed", 25), ("opened", 25)]


def test_a_higher_severity_is_told_at_once_and_a_lower_one_never() -> None:
    looks = [seen(1), seen(2, z=8), seen(3, z=6), seen(4, z=8), seen(5, z=13)]
    assert [news for news, _ in told(looks)] == ["opened", "escalated", "goes on", "goes on", "escalated"]


def test_twice_the_negatives_are_told_again_but_only_after_the_cool_down() -> None:
    looks = [seen(1, negatives=8), seen(10, negatives=16), seen(20, negatives=16), seen(26, negatives=16)]
    assert [news for news, _ in told(looks)] == ["opened", "goes on", "goes on", "escalated"]
    again = [*looks, seen(40, negatives=40), seen(51, negatives=31), seen(52, negatives=32)]
    assert [news for news, _ in told(again)][4:] == ["goes on", "goes on", "escalated"]


def test_the_figures_told_are_those_of_the_worst_look() -> None:
    state = None
    for each in (seen(1, z=6), seen(2, z=9, negatives=12), seen(3, z=7)):
        state, _ = step(state, each)
    assert state is not None
    assert (state.worst.negatives, state.severity, state.opened) == (12, "high", HOUR)


def all_told(ticks: Iterable[Mapping[Subject, Look]]) -> list[tuple[str, str, float]]:
    states: dict[Subject, Episode] = {}
    events: list[Event] = []
    for looks in ticks:
        states, found = step_all(states, looks)
        events += found
    return [(event.episode.subject.kind, event.news.value, event.at / HOUR) for event in events]


def test_a_post_is_silent_under_its_account() -> None:
    assert ("post", "opened", 1) not in all_told([{ACCOUNT: seen(1), POST: seen(1)}])
    later = [{ACCOUNT: seen(1), POST: seen(1, z=0)}, {ACCOUNT: seen(2, z=0), POST: seen(2)}]
    assert not [each for each in all_told(later) if each[0] == "post"]


def test_a_post_speaks_where_its_account_is_calm_or_somebody_elses() -> None:
    assert ("post", "opened", 1) in all_told([{ACCOUNT: seen(1, z=0), POST: seen(1)}])
    assert ("post", "opened", 1) in all_told([{OTHER: seen(1), POST: seen(1)}])


def test_several_accounts_of_a_brand_are_one_alert_with_all_of_them() -> None:
    states, events = step_all({}, {ACCOUNT: seen(1), OTHER: seen(1, z=13), Subject("mekong", "x_mekong"): seen(1, z=0)})
    brands = [event.episode for event in events if event.episode.subject.kind == "brand"]
    assert [(each.subject, each.severity, each.members) for each in brands] == [(BRAND, "critical", (ACCOUNT, OTHER))]
    states, events = step_all(states, {ACCOUNT: seen(2, z=0), OTHER: seen(2)})
    assert {event.news for event in events} == {News.GOES_ON}


def test_who_joins_later_is_a_member_and_no_new_alert() -> None:
    states, _ = step_all({}, {ACCOUNT: seen(1), OTHER: seen(1, z=0)})
    states, events = step_all(states, {ACCOUNT: seen(2), OTHER: seen(2)})
    assert [event.news for event in events if event.episode.subject == BRAND] == [News.GOES_ON]
    assert states[BRAND].members == (ACCOUNT, OTHER)


def test_an_account_without_a_brand_is_told_by_itself() -> None:
    assert all_told([{Subject(account="x"): seen(1)}]) == [("account", "opened", 1)]


def columns(looks: list[Look]) -> Looks:
    """The same looks, as the detector gives many."""
    floats = {
        name: np.array([getattr(each, name) for each in looks], dtype=np.float64)
        for name in ("at", "usual", "sd", "z", "rise", "usual_share", "share_p", "surprise")
    }
    ints = {name: np.array([getattr(each, name) for each in looks]) for name in ("negatives", "scored")}
    verdict = np.array([VERDICTS.index(each.verdict) for each in looks])
    return Looks(BALANCED, **floats, **ints, verdict=verdict, learning=np.zeros(len(looks), dtype=np.bool_))


heights = st.lists(st.sampled_from([0.0, 0.0, 0.0, 6.0, 8.0, 13.0]), min_size=12, max_size=12)


@given(st.fixed_dictionaries({ACCOUNT: heights, POST: heights, OTHER: heights}), st.integers(1, 15))
@settings(deadline=None)
def test_a_replay_gives_what_the_ticks_gave(z: dict[Subject, list[float]], hours: int) -> None:
    looks = {subject: [seen(hours * tick, each) for tick, each in enumerate(z[subject])] for subject in z}
    states: dict[Subject, Episode] = {}
    live: list[Event] = []
    for tick in range(12):
        states, events = step_all(states, {subject: looks[subject][tick] for subject in looks})
        live += events
    live += finish(states, 11 * hours * HOUR)
    replayed = replay({subject: columns(looks[subject]) for subject in looks}, 11 * hours * HOUR)

    def by_time(events: Iterable[Event]) -> list[tuple[float, str, Subject, Episode]]:
        rows = [(event.at, event.news.value, event.episode.subject, event.episode) for event in events]
        return sorted(rows, key=lambda row: row[:3])

    assert by_time(live) == by_time(replayed)


def test_columns_and_looks_say_the_same() -> None:
    looks = [seen(1), seen(2, z=0), seen(3, z=13)]
    assert list(columns(looks)) == looks
    assert columns(looks).spikes.tolist() == [0, 2]


@pytest.mark.parametrize("subject", [BRAND, ACCOUNT, POST])
def test_an_episode_is_closed_when_its_quiet_is_over_even_if_nobody_looks(subject: Subject) -> None:
    state, _ = step(None, seen(1), subject)
    assert state is not None
    assert finish({subject: state}, 24.9 * HOUR) == []
    assert [event.at for event in finish({subject: state}, 25 * HOUR)] == [25 * HOUR]
