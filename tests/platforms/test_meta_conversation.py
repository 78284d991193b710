"""Facebook and Instagram: what people say is heard, whole and once; it is hidden, answered once, and found again."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from include.domain.comments import CommentSource, LeadSource, Moderator
from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, TryLater
from include.sandbox.conversation import comments_of, find_comment
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.running import RunningSandbox, running
from include.sandbox.talking import say, withdraw
from include.sandbox.world.conversation import WorldComment
from platforms import every_platform
from platforms.facebook.hook import FacebookHook
from platforms.instagram.hook import InstagramHook
from platforms.transport.access import Access

HOOKS: dict[str, Any] = {"facebook": FacebookHook, "instagram": InstagramHook}
BOTH = list(HOOKS)
NOON = datetime.fromisoformat("2026-11-20T12:00:00+00:00")
WEEKS = NOON - timedelta(days=28)


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    accounts = [
        {"platform": platform, "name": name, "brand": "aurora", "language": "it", "token_state": state}
        for platform in (*HOOKS, "meta_ads")
        for name, state in (("aurora", "ok"), ("lapsed", "dead"))
    ]
    with running({"accounts": accounts, "talk": {}}) as box:
        box.sandbox.clock.set(NOON)
        yield box


def connect(sandbox: RunningSandbox, platform: str, name: str = "aurora") -> Any:
    account = f"{platform}_{name}"
    access = Access.to(account, f"{sandbox.url}/{platform}", f"sandbox-{platform}-{name}")
    hook = HOOKS[platform](account, access=access, pause=sandbox.sandbox.clock.advance)
    hook.session._pause = sandbox.sandbox.clock.advance
    return hook


def account(sandbox: RunningSandbox, platform: str) -> DeclaredAccount:
    return sandbox.sandbox.accounts(platform)[0]


def world(sandbox: RunningSandbox, platform: str, since: datetime = WEEKS) -> list[WorldComment]:
    return comments_of(sandbox.sandbox, account(sandbox, platform), since)


def tell(sandbox: RunningSandbox, platform: str, text: str, **more: Any) -> str:
    """A comment that somebody writes now under the newest post."""
    sandbox.sandbox.clock.advance(1)
    return str(say(sandbox.sandbox, {"account": f"{platform}_aurora", "text": text, **more})["comment"])


def newest(sandbox: RunningSandbox, platform: str, **more: Any) -> str:
    """Somebody else's comment of the last weeks, directly under a post."""
    found = [c for c in world(sandbox, platform) if not c.ours and c.parent_id is None and not c.sponsored]
    return found[-1].comment_id


@pytest.mark.parametrize("platform", BOTH)
def test_the_hook_can_do_what_the_platform_declares(sandbox: RunningSandbox, platform: str) -> None:
    declared, hook = every_platform()[platform], connect(sandbox, platform)
    assert (declared.listens, declared.moderates) == (True, ("hide", "answer"))
    assert isinstance(hook, CommentSource)
    assert isinstance(hook, Moderator)
    assert isinstance(hook, LeadSource) is declared.gathers_leads is (platform == "facebook")


def test_a_pages_comments_are_heard_whole_with_replies_and_those_under_ads(sandbox: RunningSandbox) -> None:
    heard = {c.comment_id: c for c in connect(sandbox, "facebook").comments(WEEKS)}
    told = {c.comment_id: c for c in world(sandbox, "facebook")}
    assert heard.keys() == told.keys()
    for comment_id, comment in heard.items():
        of_world = told[comment_id]
        assert (comment.text, comment.parent_id, comment.remote_id, comment.sponsored, comment.ours) == (
            of_world.text,
            of_world.parent_id,
            of_world.post_id,
            of_world.sponsored,
            of_world.ours,
        )
        assert abs(comment.created_at - of_world.created_at) < timedelta(seconds=1)
        assert comment.author
        assert comment.url.startswith("https://www.facebook.com/")
    assert sum(c.sponsored for c in heard.values()) > 10
    assert sum(c.ours for c in heard.values()) > 10


def test_what_is_new_on_a_page_costs_three_calls(sandbox: RunningSandbox) -> None:
    hook = connect(sandbox, "facebook")
    list(hook.comments(NOON))
    assert hook.requests_made == 3
    made = tell(sandbox, "facebook", "ສະບາຍດີ <!channel> \u202e")
    (heard,) = connect(sandbox, "facebook").comments(NOON)
    assert (heard.comment_id, heard.text) == (made, "ສະບາຍດີ <!channel> \u202e")


def test_a_post_with_hundreds_of_new_comments_is_read_to_its_end(sandbox: RunningSandbox) -> None:
    made = {tell(sandbox, "facebook", f"n. {number}") for number in range(230)}
    heard = [c.comment_id for c in connect(sandbox, "facebook").comments(NOON)]
    assert made <= set(heard)
    assert len(heard) == len(set(heard))


def test_reels_that_stand_in_no_list_of_posts_are_heard(server: Any, said: Any, facebook: FacebookHook) -> None:
    def row(number: int, author: str) -> dict[str, Any]:
        at = "2026-11-20T10:00:00+0000"
        return {"id": f"555_{number}", "message": "Wow", "created_time": at, "from": {"id": author, "name": "?"}}

    reel = {"id": "900", "post_id": "555", "from": {"id": "17"}, "comments": {"data": [row(1, "4"), row(2, "17")]}}
    other = {"id": "17_700", "comments": {"data": [{**row(3, "4"), "id": "700_3"}]}}
    server.says("GET /v25.0/me/published_posts", said({"data": [other]}))
    server.says("GET /v25.0/me/video_reels", said({"data": [reel, {**reel, "id": "901", "post_id": "700"}]}))
    server.says("GET /v25.0/me/ads_posts", said({"data": [other]}))
    heard = [(c.comment_id, c.remote_id, c.ours) for c in facebook.comments(NOON)]
    assert heard == [("700_3", "17_700", False), ("555_1", "17_555", False), ("555_2", "17_555", True)]
    asked = server.requests("GET /v25.0/me/video_reels")[0].query["fields"]
    assert asked.startswith("post_id,from,id,comments.filter(stream).order(chronological).since(17")


def test_comments_under_ads_that_may_not_be_seen_are_told_and_stop_nothing(sandbox: RunningSandbox) -> None:
    fault = {"kind": "status", "status": 403, "code": "200", "platform": "facebook", "endpoint": "/{page}/ads_posts"}
    sandbox.sandbox.faults.arm({**fault, "times": 9})
    hook = connect(sandbox, "facebook")
    heard = list(hook.comments(WEEKS))
    assert {c.comment_id for c in heard} == {c.comment_id for c in world(sandbox, "facebook") if not c.sponsored}
    (told,) = hook.unheard
    assert "under ads" in told


@pytest.mark.parametrize("platform", BOTH)
def test_an_answer_that_is_too_big_is_asked_for_in_portions(sandbox: RunningSandbox, platform: str) -> None:
    endpoint = {"facebook": "/{page}/published_posts", "instagram": "/{ig}/media"}[platform]
    fault = {"kind": "status", "status": 500, "code": "1", "platform": platform, "endpoint": endpoint, "method": "GET"}
    sandbox.sandbox.faults.arm({**fault, "times": 1})
    hook = connect(sandbox, platform)
    heard = {c.comment_id for c in hook.comments(NOON - timedelta(days=2))}
    assert heard >= {c.comment_id for c in world(sandbox, platform, NOON - timedelta(days=2)) if not c.parent_id}


@pytest.mark.parametrize("platform", BOTH)
def test_what_is_hidden_is_heard_as_hidden_and_shown_again(sandbox: RunningSandbox, platform: str) -> None:
    hook, comment = connect(sandbox, platform), tell(sandbox, platform, "Buy followers www.spam.example")

    def hidden() -> bool:
        return next(c.hidden for c in hook.comments(NOON) if c.comment_id == comment)

    hook.hide(comment)
    hook.hide(comment)
    assert hidden()
    hook.show(comment)
    assert not hidden()


@pytest.mark.parametrize("platform", BOTH)
def test_an_answer_stands_under_its_comment_and_is_ours(sandbox: RunningSandbox, platform: str) -> None:
    hook, comment = connect(sandbox, platform), newest(sandbox, platform)
    assert hook.find_answer(comment, "Grazie!", key="a1", since=NOON) is None
    sandbox.sandbox.clock.advance(60)
    receipt = hook.answer(comment, "Grazie!", key="a1")
    found = hook.find_answer(comment, "Grazie!", key="a1", since=NOON)
    assert found is not None
    assert found.remote_id == receipt.remote_id
    reply = find_comment(sandbox.sandbox, account(sandbox, platform), receipt.remote_id)
    assert reply is not None
    assert (reply.parent_id, reply.text, reply.ours) == (comment, "Grazie!", True)
    hook.delete(receipt.remote_id)
    assert hook.find_answer(comment, "Grazie!", key="a1", since=NOON) is None


@pytest.mark.parametrize("platform", BOTH)
def test_an_answer_to_a_reply_is_found_in_its_thread(sandbox: RunningSandbox, platform: str) -> None:
    hook, comment = connect(sandbox, platform), tell(sandbox, platform, "Prezzo?")
    reply = tell(sandbox, platform, "Anch'io vorrei saperlo", parent=comment)
    hook.answer(reply, "Le scriviamo", key="a2")
    found = hook.find_answer(reply, "Le scriviamo", key="a2", since=NOON)
    assert found is not None
    shown = find_comment(sandbox.sandbox, account(sandbox, platform), found.remote_id)
    assert shown is not None
    assert shown.parent_id == comment


@pytest.mark.parametrize("platform", BOTH)
@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_lost_answer_is_unknown_and_looked_up(sandbox: RunningSandbox, platform: str, kind: str) -> None:
    hook, comment = connect(sandbox, platform), newest(sandbox, platform)
    endpoint = {"facebook": "/{comment}/comments", "instagram": "/{media}/replies"}[platform]
    sandbox.sandbox.faults.arm({"kind": kind, "platform": platform, "endpoint": endpoint, "method": "POST"})
    with pytest.raises(OutcomeUnknown):
        hook.answer(comment, "Ci scusiamo", key="a3")
    found = hook.find_answer(comment, "Ci scusiamo", key="a3", since=NOON)
    assert (found is not None) is (kind == "drop_after")


@pytest.mark.parametrize("platform", BOTH)
def test_words_of_somebody_else_are_no_answer_of_ours(sandbox: RunningSandbox, platform: str) -> None:
    comment = tell(sandbox, platform, "Aperti?")
    tell(sandbox, platform, "Sì, fino alle 19", parent=comment)
    assert connect(sandbox, platform).find_answer(comment, "Sì, fino alle 19", key="a4", since=NOON) is None


@pytest.mark.parametrize("platform", BOTH)
def test_which_comments_are_gone_among_hundreds(sandbox: RunningSandbox, platform: str) -> None:
    ids = [tell(sandbox, platform, f"n. {number}") for number in range(120)]
    hook = connect(sandbox, platform)
    assert hook.gone(ids) == set()
    assert hook.requests_made == 3
    for comment in ids[3:5]:
        withdraw(sandbox.sandbox, {"account": f"{platform}_aurora", "comment": comment})
    assert hook.gone([*ids, "1_2"]) == {*ids[3:5], "1_2"}
    assert hook.gone([]) == set()


@pytest.mark.parametrize("platform", BOTH)
def test_a_comment_that_is_gone_cannot_be_hidden_or_answered(sandbox: RunningSandbox, platform: str) -> None:
    hook = connect(sandbox, platform)
    for act in (hook.hide, lambda c: hook.answer(c, "Grazie", key="a5")):
        with pytest.raises(Refused):
            act("17_99")
    assert hook.find_answer("17_99", "Grazie", key="a5", since=NOON) is None


@pytest.mark.parametrize("platform", BOTH)
def test_a_dead_token_and_a_throttle_are_named(sandbox: RunningSandbox, platform: str) -> None:
    with pytest.raises(CredentialsDead):
        list(connect(sandbox, platform, "lapsed").comments(NOON))
    sandbox.sandbox.faults.arm(
        {"kind": "status", "status": 429, "platform": platform, "endpoint": "/", "retry_after": 3600, "times": 9}
    )
    with pytest.raises(TryLater) as late:
        list(connect(sandbox, platform).comments(NOON))
    assert late.value.wait_s >= 3000


def test_a_pages_own_comment_cannot_be_hidden(sandbox: RunningSandbox) -> None:
    hook = connect(sandbox, "facebook")
    receipt = hook.answer(newest(sandbox, "facebook"), "Grazie", key="a6")
    with pytest.raises(Refused):
        hook.hide(receipt.remote_id)


def test_an_answer_to_a_hidden_comment_of_instagram_is_refused(sandbox: RunningSandbox) -> None:
    hook, comment = connect(sandbox, "instagram"), newest(sandbox, "instagram")
    hook.hide(comment)
    with pytest.raises(Refused):
        hook.answer(comment, "Grazie", key="a7")


def test_comments_of_instagram_are_heard_as_far_as_it_shows_them(sandbox: RunningSandbox) -> None:
    hook = connect(sandbox, "instagram")
    heard = {c.comment_id: c for c in hook.comments(WEEKS)}
    told = {c.comment_id: c for c in world(sandbox, "instagram")}
    assert heard.keys() <= told.keys()
    assert {c.comment_id for c in told.values() if c.parent_id is None} <= heard.keys()
    replies = {c.comment_id for c in told.values() if c.parent_id}
    assert len(replies & heard.keys()) > 0.9 * len(replies)
    for comment_id, comment in heard.items():
        of_world = told[comment_id]
        assert (comment.text, comment.parent_id, comment.remote_id, comment.ours) == (
            of_world.text,
            of_world.parent_id,
            of_world.post_id,
            of_world.ours,
        )


def test_what_is_new_on_instagram_costs_a_call_for_fifty_media(sandbox: RunningSandbox) -> None:
    hook = connect(sandbox, "instagram")
    list(hook.comments(NOON))
    assert hook.requests_made <= 3  # whose account it is, and two pages of media
    made = {tell(sandbox, "instagram", f"n. {number}") for number in range(130)}
    assert made == {c.comment_id for c in hook.comments(NOON)}


def test_leads_are_read_from_every_form_since_a_moment(sandbox: RunningSandbox) -> None:
    hook = connect(sandbox, "facebook")
    everything = list(hook.leads(NOON - timedelta(days=80)))
    assert len({lead.lead_id for lead in everything}) == len(everything) > 30
    assert {lead.form for lead in everything} == {"Newsletter", "Corporate orders", "Summer tasting"}
    assert {name for name, _ in everything[0].fields} == {"full_name", "email", "phone_number", "what_do_you_need?"}
    assert sum(bool(lead.campaign and lead.ad) for lead in everything) > len(everything) / 2
    week = NOON - timedelta(days=7)
    assert [lead for lead in everything if lead.created_at >= week] == list(hook.leads(week))
    assert list(hook.leads(NOON)) == []
