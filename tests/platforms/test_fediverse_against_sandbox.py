"""Bluesky and Mastodon: the client and the sandbox were written apart, from the same contracts. Here they meet."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, TryLater, Unfinished
from include.domain.posts import Media, MediaFacts, Post
from include.sandbox.running import RunningSandbox, running
from platforms import every_platform
from platforms.bluesky.hook import BlueskyHook
from platforms.mastodon.hook import MastodonHook
from platforms.transport.access import Access

HOOKS = {"bluesky": BlueskyHook, "mastodon": MastodonHook}
SEND = {"bluesky": "com.atproto.repo.createRecord", "mastodon": "/api/v1/statuses"}
UPLOAD = {"bluesky": "com.atproto.repo.uploadBlob", "mastodon": "/api/v2/media"}
WORLD = {
    "accounts": [
        {
            "platform": platform,
            "name": name,
            "token": f"sandbox-{platform}-{name}",
            "token_state": state,
            "settings": {"visibility": "private"},
        }
        for platform in HOOKS
        for name, state in (("aurora", "ok"), ("mekong", "ok"), ("gone", "dead"))
    ]
}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
CLIP = b"\x00\x00\x00\x18ftypmp42" + b"v" * 1000
FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with running(WORLD) as box:
        yield box


@pytest.fixture(params=sorted(HOOKS))
def platform(request) -> str:
    return request.param


def connect(sandbox: RunningSandbox, platform: str, name: str = "aurora") -> Any:
    account = f"{platform}_{name}"
    extra = {"login": name}
    access = Access.to(account, f"{sandbox.url}/{platform}", f"sandbox-{platform}-{name}", extra)
    return HOOKS[platform](account, access=access, pause=sandbox.sandbox.clock.advance)


def post_of(platform: str, text: str, **fields: Any) -> Post:
    return Post("p1", f"{platform}_aurora", text, publish_at=datetime.now(UTC), **fields)


def live(sandbox: RunningSandbox, text: str) -> int:
    """How many live posts hold that text: the sandbox's own log."""
    return sum(post.live and text in post.text for post in sandbox.sandbox.posts)


def kinds(platform: str, tmp_path) -> dict[str, Post]:
    for name, content in (("a.png", PIXEL), ("b.png", PIXEL + b" "), ("a.mp4", CLIP)):
        (tmp_path / name).write_bytes(content)
    image = Media(str(tmp_path / "a.png"), "Un panettone", facts=MediaFacts("image", "png", len(PIXEL), 1, 1))
    link = "https://aurora.com/p?a=1&utm_source=desk"
    return {
        "text": post_of(platform, f"Panettone is back & better <3\n\n\nOrder {FAMILY} today, a  b"),
        "every script": post_of(platform, "ສະບາຍດີ #ກາເຟ\nשלום @mekong.test\nCittà #caffè, @mekong@other.example!"),
        "link": post_of(platform, "Order now", link=link),
        "link alone": post_of(platform, "", link=link),
        "address in the text": post_of(platform, f"See https://aurora.com/città_(a)?b=1&c=2. Or {link} 'now'"),
        "images": post_of(platform, "Two pictures", media=(image, Media(str(tmp_path / "b.png"))), link=link),
        "image alone": post_of(platform, "", media=(image,)),
        "video": post_of(platform, "A video", media=(Media(str(tmp_path / "a.mp4"), "It rises"),)),
    }


@pytest.mark.parametrize(
    "kind",
    ["text", "every script", "link", "link alone", "address in the text", "images", "image alone", "video"],
)
def test_what_is_published_is_found(sandbox, platform, kind, tmp_path) -> None:
    hook, post = connect(sandbox, platform), kinds(platform, tmp_path)[kind]
    limits = hook.limits() if every_platform()[platform].limited else None
    assert every_platform()[platform].problems(post, limits) == []
    prepared = hook.prepare(post)
    assert hook.find(post, key="k", prepared=prepared) is None
    receipt = hook.publish(post, key="k", prepared=prepared)
    found = hook.find(post, key="k", prepared=prepared)
    assert (found.remote_id, found.post_id, found.url) == (receipt.remote_id, "p1", receipt.url)
    (logged,) = sandbox.sandbox.posts
    media = [sandbox.sandbox.posts.media(platform, media_id) for media_id in logged.media]
    assert [m.alt for m in media] == [m.alt for m in post.media]
    assert connect(sandbox, platform).find(replace(post, text=f"{post.text} and more"), key="l") is None


def test_the_same_post_twice_is_one_post(sandbox, platform) -> None:
    hook, post = connect(sandbox, platform), post_of(platform, "Only once")
    assert hook.publish(post, key="k").remote_id == connect(sandbox, platform).publish(post, key="k").remote_id
    assert live(sandbox, "Only once") == 1


FAULTS = [
    ({"kind": "drop_before"}, False),
    ({"kind": "drop_after"}, True),
    ({"kind": "status", "status": 500}, False),
    ({"kind": "status", "status": 502, "commit": True}, True),
    ({"kind": "malformed"}, True),
]


@pytest.mark.parametrize(("fault", "is_live"), FAULTS, ids=str)
def test_an_unknown_outcome_is_settled_by_looking(sandbox, platform, fault, is_live) -> None:
    hook, post = connect(sandbox, platform), post_of(platform, "Unknown after a fault")
    sandbox.sandbox.faults.arm(
        {"times": 1, "platform": platform, "method": "POST", "endpoint": SEND[platform], **fault}
    )
    with pytest.raises(OutcomeUnknown):
        hook.publish(post, key="k")
    assert (hook.find(post, key="k") is not None) is is_live
    hook.publish(post, key="k")  # even whoever does not look first does not send it twice
    assert live(sandbox, "Unknown after a fault") == 1


@pytest.mark.parametrize(("fault", "is_live"), FAULTS, ids=str)
@pytest.mark.parametrize("number", [0, 1, 2])
def test_every_part_of_a_thread_goes_out_once(sandbox, platform, fault, is_live, number) -> None:
    hook = connect(sandbox, platform)
    post = post_of(platform, "One", thread=("Two", "Three"))
    out: list[str] = []
    for part in post.parts:
        if part.number == number:
            told = {"times": 1, "platform": platform, "method": "POST", "endpoint": SEND[platform], **fault}
            sandbox.sandbox.faults.arm(told)
        out.append(_settled(hook, post, part, out))
    logged = list(sandbox.sandbox.posts)
    assert [(p.text, p.reply_to) for p in logged] == [("One", None), ("Two", out[0]), ("Three", out[1])]


def _settled(hook: Any, post: Post, part: Any, out: list[str]) -> str:
    """As the ledger does it: send, and where the outcome is unknown look, and send again only what is not there."""

    def send() -> Any:
        if part.number == 0:
            return hook.publish(post, key="k0", prepared=hook.prepare(post))
        return hook.follow(post, part, key=f"k{part.number}", after=out)

    def look() -> Any:
        if part.number == 0:
            return hook.find(post, key="k0")
        return hook.find_part(post, part, key=f"k{part.number}", after=out)

    try:
        return str(send().remote_id)
    except OutcomeUnknown:
        return str((look() or send()).remote_id)


@pytest.mark.parametrize("fault", [fault for fault, _ in FAULTS], ids=str)
def test_an_upload_that_breaks_can_be_done_again(sandbox, platform, fault, tmp_path) -> None:
    hook, post = connect(sandbox, platform), kinds(platform, tmp_path)["images"]
    sandbox.sandbox.faults.arm({"times": 1, "platform": platform, "endpoint": UPLOAD[platform], **fault})
    with pytest.raises(TryLater, match=r"upload a\.png for post p1"):
        hook.prepare(post)
    hook.publish(post, key="k", prepared=hook.prepare(post))
    assert live(sandbox, "Two pictures") == 1


def test_a_throttle_waits_as_long_as_it_says(sandbox, platform) -> None:
    hook = connect(sandbox, platform)
    told = {"kind": "status", "status": 429, "retry_after": 120, "platform": platform, "endpoint": SEND[platform]}
    sandbox.sandbox.faults.arm({"times": 1, **told})
    with pytest.raises(TryLater) as late:
        hook.publish(post_of(platform, "Later"), key="k")
    assert 100 < late.value.wait_s <= 121
    assert live(sandbox, "Later") == 0


def test_a_dead_token_is_told(sandbox, platform) -> None:
    with pytest.raises(CredentialsDead, match=f"{platform}_gone"):
        connect(sandbox, platform, "gone").publish(post_of(platform, "Hello"), key="k")


def test_a_live_post_is_taken_down_once_and_for_all(sandbox, platform) -> None:
    hook, post = connect(sandbox, platform), post_of(platform, "Gone soon")
    receipt = hook.publish(post, key="k")
    hook.delete(receipt.remote_id)
    hook.delete(receipt.remote_id)
    assert live(sandbox, "Gone soon") == 0
    assert hook.find(post, key="k") is None


def test_a_session_that_ends_in_the_middle_is_renewed(sandbox) -> None:
    hook = connect(sandbox, "bluesky")
    hook.publish(post_of("bluesky", "First"), key="a")
    sandbox.sandbox.clock.advance(7300)
    hook.publish(post_of("bluesky", "Second"), key="b")
    assert live(sandbox, "Second") == 1


def test_a_repeated_first_comment_is_one(sandbox) -> None:
    hook = connect(sandbox, "bluesky")
    post = post_of("bluesky", "One", first_comment="Link below")
    root = hook.publish(post, key="k").remote_id
    first = hook.follow(post, post.parts[1], key="c", after=[root])
    assert hook.follow(post, post.parts[1], key="c", after=[root]).remote_id == first.remote_id
    assert live(sandbox, "Link below") == 1


def test_errors_name_the_account_and_hold_no_secret(sandbox, platform) -> None:
    hook = connect(sandbox, platform)
    for status in (400, 401, 403, 404, 422, 500):
        told = {"kind": "status", "status": status, "platform": platform, "endpoint": SEND[platform], "times": 1}
        sandbox.sandbox.faults.arm(told)
        with pytest.raises(PlatformError) as failed:
            hook.publish(post_of(platform, "Hello"), key="k")
        assert str(failed.value).startswith(f"{platform}_aurora: could not publish post p1. ")
        assert "sandbox-" not in str(failed.value)


def test_a_corrected_text_keeps_its_pictures(sandbox, tmp_path) -> None:
    hook, post = connect(sandbox, "mastodon"), kinds("mastodon", tmp_path)["images"]
    receipt = hook.publish(post, key="k", prepared=hook.prepare(post))
    hook.edit(replace(post, text="Two corrected pictures"), receipt.remote_id)
    (logged,) = sandbox.sandbox.posts
    assert logged.text.startswith("Two corrected pictures")
    assert len(logged.media) == 2


def test_everybody_sees_a_post_whatever_the_account_has_chosen_for_itself(sandbox) -> None:
    hook, post = connect(sandbox, "mastodon"), post_of("mastodon", "One", thread=("Two",))
    root = hook.publish(post, key="k").remote_id
    part = hook.follow(post, post.parts[1], key="k", after=[root]).remote_id
    shown = [hook.session.read(f"api/v1/statuses/{remote_id}", doing="look").data for remote_id in (root, part)]
    assert [status["visibility"] for status in shown] == ["public", "public"]


def test_a_picture_of_somebody_else_is_not_taken_for_ours(sandbox, tmp_path) -> None:
    hook, theirs = connect(sandbox, "mastodon"), kinds("mastodon", tmp_path)["image alone"]
    ours = replace(theirs, media=(Media(str(tmp_path / "b.png")),))
    hook.publish(theirs, key="l", prepared=hook.prepare(theirs))
    prepared = hook.prepare(ours)
    told = {"times": 1, "platform": "mastodon", "method": "POST", "endpoint": SEND["mastodon"], "kind": "drop_before"}
    sandbox.sandbox.faults.arm(told)
    with pytest.raises(OutcomeUnknown):
        hook.publish(ours, key="k", prepared=prepared)
    assert hook.find(ours, key="k", prepared=prepared) is None
    receipt = hook.publish(ours, key="k", prepared=prepared)
    assert hook.find(ours, key="k", prepared=prepared).remote_id == receipt.remote_id


def test_a_video_that_takes_long_is_sent_once(sandbox, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("include.sandbox.mastodon.media.PROCESSING_S", 70)
    hook, post = connect(sandbox, "mastodon"), kinds("mastodon", tmp_path)["video"]
    earlier, prepared = None, None
    while prepared is None:
        try:
            prepared = hook.prepare(post, earlier=earlier)
        except Unfinished as late:
            earlier = late.prepared
    hook.publish(post, key="k", prepared=prepared)
    counts = {r["endpoint"]: r["count"] for r in sandbox.sandbox.counters.summary()["requests"]}
    assert (counts["/api/v2/media"], live(sandbox, "A video")) == (1, 1)
