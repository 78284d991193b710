"""Facebook and Instagram by each of their flows, against the sandbox: whatever is lost, a post is out once."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater, Unfinished
from include.domain.posts import Media, MediaFacts, Post
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.running import RunningSandbox, running
from platforms import every_platform
from platforms.facebook.hook import FacebookHook
from platforms.instagram.hook import InstagramHook
from platforms.transport.access import Access

HOOKS = {"facebook": FacebookHook, "instagram": InstagramHook}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(2_500_000)  # three pieces of the sandbox
FLOWS = [
    *(("facebook", flow) for flow in ("text", "image", "video", "reel", "photo story", "video story")),
    *(("instagram", flow) for flow in ("image", "carousel", "video", "reel", "photo story", "video story")),
]
FAULTS = [
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 502, "commit": True},
    {"kind": "malformed"},
]


def jpeg(width: int, height: int) -> bytes:
    """The head of a JPEG: all that the sandbox looks at."""
    frame = b"\xff\xc0\x00\x0b\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x01\x01\x11\x00"
    return b"\xff\xd8" + frame + b"\xff\xd9" + bytes(32)


@pytest.fixture(scope="module")
def media_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("media")
    for number in range(3):
        (folder / f"{number}.jpg").write_bytes(jpeg(1080, 1080))
    (folder / "tall.jpg").write_bytes(jpeg(1080, 1920))
    (folder / "a.png").write_bytes(PIXEL)
    (folder / "a.mp4").write_bytes(VIDEO)
    return folder


@pytest.fixture(scope="module")
def sandbox(media_dir: Path) -> Iterator[RunningSandbox]:
    accounts = [
        {"platform": platform, "name": name, "token": f"sandbox-{platform}-{name}", "token_state": state}
        for platform in HOOKS
        for name, state in (("aurora", "ok"), ("gone", "dead"))
    ]
    with running({"accounts": accounts, "media_dir": str(media_dir), "page_calls": 1_000_000}) as box:
        yield box


@pytest.fixture(autouse=True)
def no_faults(sandbox: RunningSandbox) -> Iterator[None]:
    sandbox.sandbox.clock.advance(90_000)  # another day: no quota is left from the test before
    yield
    sandbox.sandbox.faults.clear()


def connect(sandbox: RunningSandbox, platform: str, name: str = "aurora") -> Any:
    """A hook that pauses by letting the sandbox's clock go on."""
    account, pause = f"{platform}_{name}", sandbox.sandbox.clock.advance
    access = Access.to(account, f"{sandbox.url}/{platform}", f"sandbox-{platform}-{name}")
    hook = HOOKS[platform](account, access=access, pause=pause)
    hook.session._pause = pause
    return hook


def post_of(sandbox: RunningSandbox, media_dir: Path, platform: str, flow: str, **fields: Any) -> Post:
    def image(name: str) -> Media:
        public = f"{sandbox.url}/media/{name}" if platform == "instagram" else ""
        return Media(str(media_dir / name), "A panettone", public_url=public)

    video = Media(str(media_dir / "a.mp4"))
    shown = {
        "image": (image("0.jpg"),),
        "carousel": (image("0.jpg"), video, image("1.jpg")),
        "video": (video,),
        "reel": (video,),
        "photo story": (image("tall.jpg"),),
        "video story": (video,),
    }
    form = "story" if "story" in flow else "reel" if flow == "reel" else "feed"
    due = sandbox.sandbox.clock.now()
    text = "" if form == "story" else f"{due:%d %H:%M} {flow} & café <3\nOrder 👨‍👩‍👧 today"
    return Post("p1", f"{platform}_aurora", text, shown.get(flow, ()), due, format=form, **fields)


def live(sandbox: RunningSandbox, post: Post, part: str = "post") -> int:
    """How often the post, or its comment, stands there. Stories have no words: they are told by their day."""
    return sum(bool(p.reply_to) is (part == "comment") for p in _live(sandbox, post))


def _live(sandbox: RunningSandbox, post: Post) -> list[LoggedPost]:
    box, (platform, _, name) = sandbox.sandbox, post.account.partition("_")
    return [p for p in box.posts.of(platform, name) if p.live and post.publish_at and p.created_at >= post.publish_at]


def deliver(
    sandbox: RunningSandbox, hook: Any, post: Post, *, at: str = "", fault: dict[str, Any] | None = None
) -> Any:
    """What the ledger does, in short: prepare, publish, look up what is unknown, and begin again if it is not there."""
    earlier: Any = None  # what the ledger keeps: what was prepared last, whatever became of it
    for _ in range(6):
        _arm(sandbox, fault if at == "prepare" else None)
        try:
            earlier = prepared = hook.prepare(post, earlier=earlier)
        except TryLater as late:
            earlier = late.prepared if isinstance(late, Unfinished) else earlier
            fault = None
            continue
        _arm(sandbox, fault if at == "publish" else None)
        fault = None
        try:
            return hook.publish(post, key="k", prepared=prepared)
        except TryLater:
            continue
        except OutcomeUnknown:
            if found := look_up(sandbox, hook, post, prepared):
                return found
    raise AssertionError("It never went out.")


def look_up(sandbox: RunningSandbox, hook: Any, post: Post, prepared: Any) -> Any:
    for _ in range(5):
        sandbox.sandbox.clock.advance(120)
        try:
            return hook.find(post, key="k", prepared=prepared)
        except TryLater:
            continue
    raise AssertionError("It was never decided.")


def _arm(sandbox: RunningSandbox, fault: dict[str, Any] | None) -> None:
    if fault:
        sandbox.sandbox.faults.arm({"times": 1, "method": "POST", **fault})


@pytest.mark.parametrize(("platform", "flow"), FLOWS)
def test_what_is_published_is_found_under_the_same_id(sandbox, media_dir, platform, flow) -> None:
    hook, post = connect(sandbox, platform), post_of(sandbox, media_dir, platform, flow)
    assert every_platform()[platform].problems(post) == []
    prepared = hook.prepare(post)
    assert hook.find(post, key="k", prepared=prepared) is None
    receipt = hook.publish(post, key="k", prepared=prepared)
    found = look_up(sandbox, hook, post, prepared)
    assert (found.remote_id, found.post_id) == (receipt.remote_id, "p1")
    assert found.url
    assert live(sandbox, post) == 1


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault.values())))
@pytest.mark.parametrize("at", ["prepare", "publish"])
@pytest.mark.parametrize(("platform", "flow"), FLOWS)
def test_whatever_is_lost_the_post_is_out_once(sandbox, media_dir, platform, flow, at, fault) -> None:
    hook, post = connect(sandbox, platform), post_of(sandbox, media_dir, platform, flow)
    receipt = deliver(sandbox, hook, post, at=at, fault=fault)
    assert receipt.remote_id
    assert live(sandbox, post) == 1


@pytest.mark.parametrize("fault", [None, {"kind": "drop_after"}], ids=["answered", "lost"])
@pytest.mark.parametrize("flow", ["video", "reel"])
def test_a_video_that_facebook_works_on_for_minutes_is_out_once(sandbox, media_dir, monkeypatch, flow, fault) -> None:
    monkeypatch.setattr("include.sandbox.facebook.videos.WORKED_ON", timedelta(minutes=7))
    hook, post = connect(sandbox, "facebook"), post_of(sandbox, media_dir, "facebook", flow)
    receipt = deliver(sandbox, hook, post, at="publish", fault=fault)
    sandbox.sandbox.clock.advance(600)
    assert [p.remote_id for p in _live(sandbox, post)] == [receipt.remote_id]


def test_a_lost_link_to_a_film_is_found_and_a_short_one_is_left_to_a_person(sandbox, media_dir) -> None:
    hook, lost = connect(sandbox, "facebook"), {"kind": "drop_after"}
    post = post_of(sandbox, media_dir, "facebook", "text", link="https://www.youtube.com/watch?v=9")
    assert deliver(sandbox, hook, post, at="publish", fault=lost).remote_id
    assert live(sandbox, post) == 1
    sandbox.sandbox.clock.advance(3600)
    short = post_of(sandbox, media_dir, "facebook", "text", link="https://youtu.be/9")
    with pytest.raises(AssertionError, match="never decided"):
        deliver(sandbox, hook, short, at="publish", fault=lost)
    assert live(sandbox, short) == 1


def test_of_two_pictures_without_words_the_right_one_is_found(sandbox, media_dir) -> None:
    hook, post = connect(sandbox, "facebook"), replace(post_of(sandbox, media_dir, "facebook", "image"), text="")
    other, prepared = hook.publish(post, key="k", prepared=hook.prepare(post)), hook.prepare(post)
    assert look_up(sandbox, hook, post, prepared) is None
    receipt = hook.publish(post, key="k", prepared=prepared)
    assert look_up(sandbox, hook, post, prepared).remote_id == receipt.remote_id != other.remote_id


def test_a_lost_story_beside_another_is_left_to_a_person(sandbox, media_dir) -> None:
    hook, post = connect(sandbox, "instagram"), post_of(sandbox, media_dir, "instagram", "photo story")
    hook.publish(post, key="k", prepared=hook.prepare(post))
    with pytest.raises(AssertionError, match="never decided"):
        deliver(sandbox, hook, post, at="publish", fault={"kind": "drop_after"})
    assert live(sandbox, post) == 2


@pytest.mark.parametrize(
    ("platform", "flow", "endpoint"),
    [
        ("facebook", "reel", "/video-upload/{video}"),
        ("facebook", "video story", "/video-upload/{video}"),
        ("instagram", "reel", "/ig-api-upload/{container}"),
        ("instagram", "carousel", "/ig-api-upload/{container}"),
    ],
)
@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault.values())))
def test_a_broken_upload_is_made_again(sandbox, media_dir, platform, flow, endpoint, fault) -> None:
    hook, post = connect(sandbox, platform), post_of(sandbox, media_dir, platform, flow)
    deliver(sandbox, hook, post, at="prepare", fault={**fault, "endpoint": endpoint})
    assert live(sandbox, post) == 1


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "-".join(map(str, fault.values())))
@pytest.mark.parametrize(("platform", "flow"), [("facebook", "text"), ("facebook", "reel"), ("instagram", "image")])
def test_the_first_comment_is_said_once(sandbox, media_dir, platform, flow, fault) -> None:
    hook = connect(sandbox, platform)
    post = post_of(sandbox, media_dir, platform, flow, first_comment="Link in the bio 🎄")
    (_, part), out = post.parts, [deliver(sandbox, hook, post).remote_id]
    assert hook.find_part(post, part, key="k", after=out) is None
    _arm(sandbox, {**fault, "platform": platform, "endpoint": "comments"})
    with pytest.raises(OutcomeUnknown):
        hook.follow(post, part, key="k", after=out)
    now = sandbox.sandbox.clock.now()
    echo = LoggedPost(platform, "a_fan", "900_1", part.text, None, (), now, "https://a.test", reply_to=out[0])
    sandbox.sandbox.commit(post_event(echo))
    found = hook.find_part(post, part, key="k", after=out) or hook.follow(post, part, key="k", after=out)
    assert found.remote_id != echo.remote_id
    assert found.remote_id == hook.find_part(post, part, key="k", after=out).remote_id
    assert live(sandbox, post, "comment") == 1


@pytest.mark.parametrize(("platform", "flow"), FLOWS)
def test_a_post_is_deleted_and_deleting_it_again_does_no_harm(sandbox, media_dir, platform, flow) -> None:
    hook, post = connect(sandbox, platform), post_of(sandbox, media_dir, platform, flow)
    receipt = deliver(sandbox, hook, post)
    for _ in range(2):
        hook.delete(receipt.remote_id)
    assert live(sandbox, post) == 0


@pytest.mark.parametrize("flow", ["text", "image", "video", "reel"])
def test_facebooks_text_is_changed_where_it_stands(sandbox, media_dir, flow) -> None:
    hook, post = connect(sandbox, "facebook"), post_of(sandbox, media_dir, "facebook", flow)
    receipt = deliver(sandbox, hook, post)
    sandbox.sandbox.clock.advance(10)
    for _ in range(2):
        hook.edit(replace(post, text="As it is now"), receipt.remote_id)
    assert sandbox.sandbox.posts.find("facebook", receipt.remote_id).text == "As it is now"
    assert live(sandbox, post) == 1


@pytest.mark.parametrize("platform", HOOKS)
def test_a_dead_token_is_told(sandbox, media_dir, platform) -> None:
    with pytest.raises(CredentialsDead, match=f"{platform}_gone"):
        connect(sandbox, platform, "gone").prepare(post_of(sandbox, media_dir, platform, "image"))


def test_instagrams_spam_refusal_may_be_a_post_and_is_looked_up(sandbox, media_dir) -> None:
    hook, post = connect(sandbox, "instagram"), post_of(sandbox, media_dir, "instagram", "image")
    fault = {"kind": "status", "status": 400, "code": "2207051", "commit": True, "endpoint": "/{ig}/media_publish"}
    assert deliver(sandbox, hook, post, at="publish", fault=fault).remote_id
    assert live(sandbox, post) == 1


def test_a_container_that_was_published_is_not_published_again(sandbox, media_dir) -> None:
    hook, post = connect(sandbox, "instagram"), post_of(sandbox, media_dir, "instagram", "image")
    prepared = hook.prepare(post)
    first = hook.publish(post, key="k", prepared=prepared)
    assert hook.publish(post, key="k", prepared=prepared).remote_id == first.remote_id
    assert live(sandbox, post) == 1


def test_the_container_decides_between_two_posts_of_the_same_words(sandbox, media_dir) -> None:
    hook, post = connect(sandbox, "instagram"), post_of(sandbox, media_dir, "instagram", "image")
    hook.publish(post, key="k", prepared=hook.prepare(post))
    again = hook.prepare(post)
    assert hook.find(post, key="k", prepared=again) is None
    assert hook.find(post, key="k") is not None


def test_an_expired_container_is_made_anew(sandbox, media_dir) -> None:
    hook, post = connect(sandbox, "instagram"), post_of(sandbox, media_dir, "instagram", "image")
    old = hook.prepare(post)
    sandbox.sandbox.clock.advance(90_000)
    with pytest.raises(TryLater, match="a new one is made"):
        hook.publish(post, key="k", prepared=old)
    assert hook.find(post, key="k", prepared=old) is None
    new = hook.prepare(post, earlier=old)
    assert new["container"] != old["container"]
    hook.publish(post, key="k", prepared=new)
    assert live(sandbox, post) == 1


def test_a_video_that_takes_long_keeps_its_container(sandbox, media_dir, monkeypatch) -> None:
    hook, post = connect(sandbox, "instagram"), post_of(sandbox, media_dir, "instagram", "reel")
    monkeypatch.setattr("platforms.instagram.hook.POLLS", (1.0,))
    monkeypatch.setattr("include.sandbox.instagram.containers.ASKS", 3)
    with pytest.raises(Unfinished, match="still at work") as late:
        hook.prepare(post)
    made = sandbox.sandbox.counters.summary()
    monkeypatch.setattr("platforms.instagram.hook.POLLS", (1.0, 1.0))
    assert hook.prepare(post, earlier=late.value.prepared)["items"] == late.value.prepared["items"]
    after = sandbox.sandbox.counters.summary()
    posted = [
        [r["count"] for r in s["requests"] if r["endpoint"] == "/{ig}/media" and r["method"] == "POST"]
        for s in (made, after)
    ]
    assert posted[0] == posted[1]


def test_the_quota_is_told_and_kept(sandbox, media_dir) -> None:
    hook = connect(sandbox, "instagram")
    assert hook.limits() == {"quota_total": 50, "quota_duration": 86400, "quota_usage": 0}
    deliver(sandbox, hook, post_of(sandbox, media_dir, "instagram", "carousel"))
    assert hook.limits()["quota_usage"] == 1
    _arm(sandbox, {"kind": "status", "status": 400, "code": "2207042", "endpoint": "/{ig}/media_publish"})
    post = post_of(sandbox, media_dir, "instagram", "image")
    with pytest.raises(TryLater, match="24 hours are used up") as late:
        hook.publish(post, key="k", prepared=hook.prepare(post))
    assert late.value.wait_s == 3600


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("a.png", "save it as one"),
        ("tall.jpg", "between 4:5 and 1.91:1"),
        ("nowhere.jpg", "open to the whole internet"),
    ],
)
def test_what_instagram_refuses_is_a_sentence(sandbox, media_dir, name, words) -> None:
    media = Media(str(media_dir / name), public_url=f"{sandbox.url}/media/{name}")
    post = Post("p1", "instagram_aurora", "A picture", (media,))
    with pytest.raises(Refused, match=words):
        connect(sandbox, "instagram").prepare(post)


def test_a_file_that_is_no_video_is_refused_once_instagram_has_looked(sandbox, tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"no video at all")
    with pytest.raises(Refused, match="cannot be read; save it as an MP4"):
        connect(sandbox, "instagram").prepare(Post("p1", "instagram_aurora", "Hi", (Media(str(tmp_path / "a.mp4")),)))


def test_a_large_video_goes_piece_by_piece(sandbox, tmp_path) -> None:
    """100 MB that are nearly all holes: no request is larger than what Facebook asks for."""
    file = tmp_path / "large.mp4"
    with file.open("wb") as large:
        large.write(VIDEO[:64])
        large.truncate(100_000_000)
    facts = MediaFacts("video", "mp4", 100_000_000, 1080, 1920, 30.0, 30.0, "h264", "aac")
    post = Post("p1", "facebook_aurora", "Large", (Media(str(file), facts=facts),), sandbox.sandbox.clock.now())
    before = sandbox.sandbox.counters.summary()["total"]
    deliver(sandbox, connect(sandbox, "facebook"), post)
    assert sandbox.sandbox.counters.summary()["total"] - before >= 100_000_000 // 1_048_576
    assert live(sandbox, post) == 1


def test_errors_name_the_account_and_hide_the_token(sandbox, media_dir) -> None:
    hook, post = connect(sandbox, "instagram"), post_of(sandbox, media_dir, "instagram", "reel")
    _arm(sandbox, {"kind": "status", "status": 400, "endpoint": "/ig-api-upload/{container}"})
    with pytest.raises(PlatformError) as told:
        hook.prepare(post)
    assert str(told.value).startswith("instagram_aurora: could not upload a.mp4 for post p1.")
    assert "sandbox-instagram-aurora" not in str(told.value)
