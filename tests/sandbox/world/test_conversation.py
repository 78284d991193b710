"""What people say under the posts: the same for the same seed, of the usual mood, and thick when a wave comes."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox import running
from include.sandbox.conversation import comments_of, comments_under, find_comment
from include.sandbox.declaration import DeclaredAccount, parse_declaration
from include.sandbox.state import Sandbox
from include.sandbox.timeline import counters_of, timeline
from include.sandbox.world.conversation import WorldComment

NETWORKS = ("facebook", "instagram", "x", "linkedin", "bluesky", "mastodon")
LAO, LATIN = ("\u0e80", "\u0eff"), ("A", "z")
NOON = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
WEEKS = timedelta(weeks=8)


def sandbox_of(*accounts: dict[str, str], seed: int = 7, **talk: Any) -> Sandbox:
    made = Sandbox(parse_declaration({"accounts": list(accounts), "talk": talk}, seed), seed)
    made.clock.set(NOON)
    return made


def account(sandbox: Sandbox, number: int = 0) -> DeclaredAccount:
    return sandbox.declaration.accounts[number]


def heard(sandbox: Sandbox, number: int = 0, since: timedelta = WEEKS) -> list[WorldComment]:
    return comments_of(sandbox, account(sandbox, number), sandbox.clock.now() - since)


AURORA = {"platform": "facebook", "name": "bottega_aurora", "brand": "aurora", "language": "it"}
MEKONG = {"platform": "facebook", "name": "mekong_coffee", "brand": "mekong", "language": "lo"}


@pytest.mark.parametrize("network", NETWORKS)
def test_every_network_is_talked_on_and_one_in_ten_is_unhappy(network: str) -> None:
    sandbox = sandbox_of(*({**AURORA, "platform": network, "name": f"shop_{n}"} for n in range(6)))
    said = [comment for n in range(6) for comment in heard(sandbox, n)]
    assert all(len(heard(sandbox, n)) > 80 for n in range(6))
    assert 0.05 < sum(c.negative for c in said) / len(said) < 0.13
    assert len({c.comment_id for c in said}) == len(said)
    assert {c.kind for c in said} > {"price", "contact", "spam", "markup", "emoji", "complaint", "thanks"}


def test_people_write_in_the_brands_language_and_in_others() -> None:
    languages = Counter(c.language for c in heard(sandbox_of(MEKONG)))
    assert languages.most_common(1)[0][0] == "lo"
    assert languages.keys() >= {"lo", "en", "th", "lo-Latn", "und"}


def test_the_same_seed_says_the_same_whenever_it_is_asked() -> None:
    once, again = sandbox_of(AURORA), sandbox_of(AURORA)
    whole = heard(once)
    assert [c for c in whole if c.created_at >= NOON - timedelta(days=3)] == [
        c for c in heard(again, since=timedelta(days=3)) if c.created_at >= NOON - timedelta(days=3)
    ]
    assert whole != heard(sandbox_of(AURORA, seed=8))


def test_as_many_stand_under_a_post_as_its_counter_says() -> None:
    sandbox = sandbox_of(AURORA, waves={}, surges={})
    for said in timeline(sandbox, account(sandbox), NOON - timedelta(weeks=3), NOON - timedelta(days=4)):
        under = [c for c in comments_under(sandbox, account(sandbox), said.remote_id) if c.parent_id is None]
        counted = counters_of(sandbox, account(sandbox), said).comments
        assert 0.9 * counted - 3 <= len(under) <= counted + 2


def test_new_ones_come_while_it_runs_and_nothing_from_the_future() -> None:
    sandbox = sandbox_of(AURORA)
    before = {c.comment_id for c in heard(sandbox)}
    sandbox.clock.advance(86400)
    new = [c for c in heard(sandbox, since=timedelta(days=2)) if c.comment_id not in before]
    assert new
    assert all(NOON < c.created_at <= sandbox.clock.now() for c in new)


def test_a_text_is_edited_only_from_its_edit_on_and_a_deleted_one_is_gone() -> None:
    sandbox = sandbox_of(AURORA)
    edited = next(c for c in heard(sandbox) if c.edited_at)
    sandbox.clock.set(edited.created_at + timedelta(seconds=1))
    assert find_comment(sandbox, account(sandbox), edited.comment_id).text == edited.was
    sandbox.clock.set(NOON)
    assert not [c for c in heard(sandbox) if c.deleted_at and c.deleted_at <= NOON]


def test_a_wave_of_complaints_in_lao_comes_before_the_beginning_and_a_surge_is_harmless() -> None:
    at = NOON.isoformat()
    sandbox = sandbox_of(
        MEKONG, AURORA, waves={"facebook_mekong_coffee": at}, surges={"facebook_bottega_aurora": at, "x_nobody": None}
    )
    six = timedelta(hours=6)
    wave, surge = heard(sandbox, 0, six), heard(sandbox, 1, six)
    bad = [c for c in wave if c.negative]
    assert len(bad) >= 25
    assert sum(any(LAO[0] <= letter <= LAO[1] for letter in c.text) for c in bad) > 0.7 * len(bad)
    assert len(surge) >= 100
    assert sum(c.negative for c in surge) < 0.15 * len(surge)


def test_the_demos_own_accounts_have_their_wave_and_surge_unless_the_world_says_otherwise() -> None:
    usual = Sandbox(parse_declaration({"accounts": [MEKONG]}, 7), 7)
    assert sum(c.negative for c in heard(usual, since=timedelta(hours=6))) >= 25
    assert sum(c.negative for c in heard(sandbox_of(MEKONG), since=timedelta(hours=6))) < 10


def test_ads_are_commented_on_under_posts_that_stand_in_no_list() -> None:
    sandbox = sandbox_of(AURORA, {**AURORA, "platform": "meta_ads", "name": "aurora"})
    dark = [c for c in heard(sandbox) if c.sponsored]
    listed = {said.remote_id for said in timeline(sandbox, account(sandbox), None, None)}
    assert len(dark) > 30
    assert not {c.post_id for c in dark} & listed
    assert heard(sandbox, 1) == []


def test_a_world_may_ask_for_so_many_comments_a_minute() -> None:
    shops = [{**AURORA, "name": f"shop_{n}"} for n in range(10)]
    sandbox = sandbox_of(*shops, per_minute=100)
    sandbox.clock.set(sandbox.began + timedelta(minutes=30))
    said = [c for n in range(10) for c in heard(sandbox, n, timedelta(minutes=10))]
    assert 1000 <= len(said) <= 1050
    assert len({c.comment_id for c in said}) == len(said)


def test_people_say_what_the_control_lets_them_say(here: running.RunningSandbox, tmp_path: Path) -> None:
    def told(method: str, **asked: Any) -> dict[str, Any]:
        return requests.request(method, f"{here.url}/_sandbox/comments", json=asked, timeout=5).json()

    page = here.sandbox.accounts("facebook")[0]
    made = told("POST", account=page.key, text="Where is my order?")["comment"]
    reply = told("POST", account=page.key, text="Same here", parent=made)["comment"]
    assert find_comment(here.sandbox, page, reply).parent_id == made
    told("PATCH", account=page.key, comment=made, text="It has come.")
    assert (find_comment(here.sandbox, page, made).text, comments_of(here.sandbox, page, NOON)[0].was) == (
        "It has come.",
        "Where is my order?",
    )
    told("DELETE", account=page.key, comment=made)
    assert find_comment(here.sandbox, page, made) is find_comment(here.sandbox, page, reply) is None
    assert "no post" in told("POST", account=page.key, text="?", post="17")["error"]
    assert "no account" in told("POST", account="facebook_nobody", text="?")["error"]
    assert told("POST", per_minute=600) == {"per_minute": 600.0}
    here.sandbox.clock.advance(60)
    assert len(comments_of(here.sandbox, page, NOON + timedelta(seconds=1))) > 90


def test_what_was_said_is_kept_in_the_journal(
    set_up: Callable[..., Any], world: dict[str, Any], tmp_path: Path
) -> None:
    first = set_up(world, journal=tmp_path / "journal")
    page = first.sandbox.accounts("facebook")[0]
    asked = {"account": page.key, "text": "ຍັງບໍ່ຮອດ"}
    made = requests.post(f"{first.url}/_sandbox/comments", json=asked, timeout=5).json()["comment"]
    again = set_up(world, journal=tmp_path / "journal")
    again.sandbox.clock.advance(5)
    assert find_comment(again.sandbox, page, made).text == "ຍັງບໍ່ຮອດ"
