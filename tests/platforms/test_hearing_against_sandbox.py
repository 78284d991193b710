"""Hearing and answering on four networks, against the sandbox: what its people say is what the hooks tell."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests

from include.domain.comments import Comment
from include.domain.errors import OutcomeUnknown, Refused, TryLater
from include.domain.posts import Receipt
from include.sandbox.conversation import comments_of
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.running import RunningSandbox, running
from include.sandbox.world.conversation import WorldComment
from platforms import every_platform
from platforms.transport.access import Access

NETWORKS = ("x", "linkedin", "bluesky", "mastodon")
HIDING = ("x", "bluesky")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    accounts = [{"platform": name, "name": "aurora", "language": "it"} for name in NETWORKS]
    with running({"accounts": accounts}) as box:
        box.sandbox.clock.set(datetime.fromisoformat("2026-11-20T12:00:00+00:00"))
        yield box


@pytest.fixture(params=NETWORKS)
def network(request: pytest.FixtureRequest, sandbox: RunningSandbox) -> str:
    """One network, in a quarter of an hour of its own."""
    sandbox.sandbox.faults.clear()
    sandbox.sandbox.counters.clear()
    sandbox.sandbox.clock.advance(16 * 60)
    name: str = request.param
    return name


@pytest.fixture
def account(sandbox: RunningSandbox, network: str) -> DeclaredAccount:
    return sandbox.sandbox.accounts(network)[0]


@pytest.fixture
def hook(sandbox: RunningSandbox, network: str, account: DeclaredAccount) -> Any:
    extra = {"login": "aurora.test", "organization_id": account.native_id, "user_id": account.native_id}
    access = Access.to(account.key, f"{sandbox.url}/{network}", account.token, extra)
    platform = every_platform()[network]
    found = platform.connect(account.key)
    found._access = access
    found.session._pause = sandbox.sandbox.clock.advance
    return found


def now(sandbox: RunningSandbox) -> datetime:
    return sandbox.sandbox.clock.now()


def urn(network: str, account: DeclaredAccount, comment: WorldComment | None) -> str | None:
    """The name that the network has for a comment of the world."""
    if comment is None or network != "linkedin" or comment.comment_id.startswith("urn:"):
        return comment.comment_id if comment else None
    return f"urn:li:comment:(urn:li:activity:{int(comment.post_id.rpartition(':')[2]) + 1},{comment.comment_id})"


def world(sandbox: RunningSandbox, account: DeclaredAccount, since: datetime) -> dict[str, WorldComment]:
    found = comments_of(sandbox.sandbox, account, since)
    return {str(urn(account.platform, account, each)): each for each in found if each.created_at >= since}


def heard(hook: Any, since: datetime) -> dict[str, Comment]:
    return {comment.comment_id: comment for comment in hook.comments(since) if comment.created_at >= since}


def say(sandbox: RunningSandbox, method: str = "POST", **asked: Any) -> dict[str, Any]:
    """Let somebody of the world say something, on LinkedIn by the number."""
    answer = requests.request(method, f"{sandbox.url}/_sandbox/comments", json=asked, timeout=5)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def said_new(sandbox: RunningSandbox, hook: Any, account: DeclaredAccount, text: str, **more: Any) -> Comment:
    """What somebody says now, as the hook hears it."""
    say(sandbox, account=account.key, text=text, **more)
    sandbox.sandbox.clock.advance(2)
    found = [each for each in hook.comments(now(sandbox) - timedelta(minutes=1)) if text in each.text]
    assert len(found) == 1
    return found[0]


def test_what_people_say_is_heard_whole(sandbox: RunningSandbox, hook: Any, account: DeclaredAccount) -> None:
    since = now(sandbox) - timedelta(days=8 if account.platform == "x" else 28)
    expected, found = world(sandbox, account, since), heard(hook, since)
    assert found.keys() == expected.keys()
    by_own_id = {each.comment_id: each for each in comments_of(sandbox.sandbox, account, since - timedelta(days=30))}
    for key, comment in found.items():
        meant = expected[key]
        assert (comment.account, comment.remote_id) == (account.key, meant.post_id)
        assert comment.text.replace("http://www.", "www.").endswith(meant.text.strip())  # X adds what is left out
        assert comment.ours == meant.ours
        assert comment.parent_id == urn(account.platform, account, by_own_id.get(meant.parent_id or ""))
        assert abs(comment.created_at - meant.created_at) < timedelta(seconds=2)
        assert comment.author == (meant.author.person_id if meant.author else comment.author)
        assert comment.url.startswith("https://")
    if account.platform != "bluesky":  # where nothing can be edited
        edited = [key for key in found if found[key].edited_at]
        assert edited
        assert {key for key in edited if key in expected} == {key for key in expected if expected[key].edited_at}


def test_x_keeps_the_last_eight_hundred(sandbox: RunningSandbox, hook: Any, network: str) -> None:
    if network == "x":
        assert sum(not each.ours for each in hook.comments(now(sandbox) - timedelta(days=28))) == 800


def test_ten_quiet_minutes_take_few_calls(sandbox: RunningSandbox, hook: Any, network: str) -> None:
    since = now(sandbox) - timedelta(minutes=10)
    list(hook.comments(since))
    before = hook.requests_made
    list(hook.comments(since))
    assert hook.requests_made - before <= {"x": 2, "linkedin": 3, "bluesky": 3, "mastodon": 3}[network]


def test_only_what_is_new_is_read_again(sandbox: RunningSandbox, hook: Any, account: DeclaredAccount) -> None:
    first = said_new(sandbox, hook, account, "Il pacco non è arrivato <!channel>")
    hidden = None if account.platform == "x" else False  # X does not tell
    assert (first.ours, first.hidden, first.parent_id) == (False, hidden, None)
    since = now(sandbox) - timedelta(minutes=1)
    assert first.comment_id in {each.comment_id for each in hook.comments(since)}


def test_what_its_author_takes_back_is_gone_and_the_rest_is_not(
    sandbox: RunningSandbox, hook: Any, account: DeclaredAccount
) -> None:
    since = now(sandbox) - timedelta(days=3)
    known = [each.comment_id for each in hook.comments(since)]
    assert len(known) > 5
    assert hook.gone(known) == set()
    told = say(sandbox, account=account.key, text="Ci ripenso")
    sandbox.sandbox.clock.advance(2)
    mine = next(each for each in hook.comments(now(sandbox) - timedelta(minutes=1)) if "Ci ripenso" in each.text)
    say(sandbox, "DELETE", account=account.key, comment=told["comment"])
    assert hook.gone([*known, mine.comment_id]) == {mine.comment_id}


FAULTS: list[dict[str, Any]] = [
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "status", "status": 502, "commit": True},
    {"kind": "malformed"},
    {"kind": "status", "status": 429, "retry_after": 0},
]
SAY = {
    "x": "/2/tweets",
    "linkedin": "/rest/socialActions/:urn/comments",
    "bluesky": "/xrpc/com.atproto.repo.createRecord",
    "mastodon": "/api/v1/statuses",
}


@pytest.mark.parametrize("fault", FAULTS, ids=str)
def test_whatever_fails_there_is_one_answer(
    sandbox: RunningSandbox, hook: Any, account: DeclaredAccount, network: str, fault: dict[str, Any]
) -> None:
    """As the ledger does it: what is unknown is looked up, what is late is done again."""
    question = said_new(sandbox, hook, account, f"Quanto costa il {FAULTS.index(fault)}?")
    text, began = f"Costa {FAULTS.index(fault)} euro, qui: https://aurora.com/p", now(sandbox)
    sandbox.sandbox.faults.arm({"platform": network, "endpoint": SAY[network], "method": "POST", "times": 1, **fault})
    receipt = until_done(hook, question.comment_id, text, began)
    sandbox.sandbox.clock.advance(2)
    ours = [each for each in hook.comments(began - timedelta(seconds=1)) if each.ours and text in each.text]
    assert [each.comment_id for each in ours] == [receipt.remote_id]
    assert (ours[0].parent_id, ours[0].remote_id) == (question.comment_id, question.remote_id)
    found = hook.find_answer(question.comment_id, text, key="k", since=began)
    assert found is not None
    assert (found.remote_id, receipt.post_id) == (receipt.remote_id, question.comment_id)


def until_done(hook: Any, comment_id: str, text: str, began: datetime) -> Receipt:
    unknown = False
    for _ in range(8):
        try:
            if unknown:
                found = hook.find_answer(comment_id, text, key="k", since=began)
            else:
                found = hook.answer(comment_id, text, key="k")
            unknown = False
            if found is not None:
                return found  # type: ignore[no-any-return]
        except TryLater:
            hook.session._closed_until.clear()
        except OutcomeUnknown:
            unknown = True
    raise AssertionError("It never came to an end.")


def test_an_answer_is_taken_down_again(sandbox: RunningSandbox, hook: Any, account: DeclaredAccount) -> None:
    question = said_new(sandbox, hook, account, "Siete aperti?")
    receipt = hook.answer(question.comment_id, "Sì, fino alle 19", key="down")
    assert hook.gone([receipt.remote_id]) == set()
    hook.delete(receipt.remote_id)
    assert hook.gone([receipt.remote_id]) == {receipt.remote_id}
    assert hook.find_answer(question.comment_id, "Sì, fino alle 19", key="down", since=now(sandbox)) is None


def test_what_answers_an_answer_is_heard_and_answered_too(
    sandbox: RunningSandbox, hook: Any, account: DeclaredAccount, network: str
) -> None:
    first = said_new(sandbox, hook, account, "Uno")
    told = say(sandbox, account=account.key, text="Anche io", parent=first.comment_id.rstrip(")").rpartition(",")[2])
    sandbox.sandbox.clock.advance(2)
    second = next(c for c in hook.comments(now(sandbox) - timedelta(minutes=1)) if c.text.endswith("Anche io"))
    assert told["comment"] in second.comment_id
    assert (second.parent_id, second.remote_id) == (first.comment_id, first.remote_id)
    receipt = hook.answer(second.comment_id, "Anche noi", key="deep")
    sandbox.sandbox.clock.advance(2)
    ours = next(c for c in hook.comments(now(sandbox) - timedelta(minutes=1)) if c.comment_id == receipt.remote_id)
    assert ours.remote_id == first.remote_id
    assert ours.parent_id == (first.comment_id if network == "linkedin" else second.comment_id)
    assert hook.find_answer(second.comment_id, "Anche noi", key="deep", since=now(sandbox)) is not None


def test_hidden_or_refused_as_the_platform_says_it_can(
    sandbox: RunningSandbox, hook: Any, account: DeclaredAccount, network: str
) -> None:
    spam = said_new(sandbox, hook, account, "Guadagna 5000 euro https://evil.example")
    platform = every_platform()[network]
    assert platform.listens
    assert ("hide" in platform.moderates) == (network in HIDING)
    if network not in HIDING:
        with pytest.raises(Refused):
            hook.hide(spam.comment_id)
        return
    hook.hide(spam.comment_id)
    hook.hide(spam.comment_id)
    assert hidden(sandbox, account, spam.comment_id)
    if network == "bluesky":  # X does not tell
        assert next(c for c in hook.comments(spam.created_at) if c.comment_id == spam.comment_id).hidden
    hook.show(spam.comment_id)
    hook.show(spam.comment_id)
    assert not hidden(sandbox, account, spam.comment_id)


def hidden(sandbox: RunningSandbox, account: DeclaredAccount, comment_id: str) -> bool:
    found = comments_of(sandbox.sandbox, account, now(sandbox) - timedelta(hours=1))
    return next(each for each in found if each.comment_id == comment_id).hidden


def test_an_edit_is_told_where_there_are_edits(
    sandbox: RunningSandbox, hook: Any, account: DeclaredAccount, network: str
) -> None:
    if network == "bluesky":
        pytest.skip("Nothing can be edited on Bluesky.")
    told = say(sandbox, account=account.key, text="Buono")
    sandbox.sandbox.clock.advance(60)
    before = now(sandbox)
    say(sandbox, "PATCH", account=account.key, comment=told["comment"], text="Buono, anzi ottimo")
    sandbox.sandbox.clock.advance(2)
    since = before if network == "linkedin" else before - timedelta(minutes=5)
    comment = next(each for each in hook.comments(since) if told["comment"] in each.comment_id)
    assert comment.text.endswith("Buono, anzi ottimo")
    assert comment.edited_at is not None
    assert abs(comment.edited_at - before) < timedelta(seconds=2)
