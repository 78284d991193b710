"""LinkedIn's client and its sandbox were written apart. Here they meet, and things go wrong at every step."""

import base64
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater, Unfinished
from include.domain.posts import Media, Post, Receipt
from include.sandbox.running import RunningSandbox, running
from platforms.linkedin.hook import LinkedInHook
from platforms.transport.access import Access

WORLD = {
    "accounts": [
        {"platform": "linkedin", "name": "aurora"},
        {"platform": "linkedin", "name": "haunted", "settings": {"ghost_duplicates": True}},
        {"platform": "linkedin", "name": "gone", "token_state": "dead"},
        {"platform": "linkedin", "name": "slow", "settings": {"lifecycle_state": "PUBLISH_REQUESTED"}},
        {"platform": "linkedin", "name": "failed", "settings": {"lifecycle_state": "PUBLISH_FAILED"}},
    ]
}
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
VIDEO = b"\x00\x00\x00\x18ftypisom" + b"\x00" * (9 * 1024 * 1024)  # three parts


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with running(WORLD) as box:
        yield box


@pytest.fixture(autouse=True)
def calm(sandbox) -> None:
    sandbox.sandbox.faults.clear()
    sandbox.sandbox.counters.clear()


def connect(sandbox: RunningSandbox, name: str = "aurora", **extra: Any) -> LinkedInHook:
    [number] = [a.native_id for a in sandbox.sandbox.accounts("linkedin") if a.name == name]
    extra = {"organization_id": number, **extra}
    access = Access.to(f"linkedin_{name}", f"{sandbox.url}/linkedin", f"sandbox-linkedin-{name}", extra)
    pause = sandbox.sandbox.clock.advance
    hook = LinkedInHook(f"linkedin_{name}", access=access, pause=pause)
    hook.session._pause = pause
    return hook


@pytest.fixture
def linkedin(sandbox) -> LinkedInHook:
    return connect(sandbox)


def post_of(sandbox: RunningSandbox, text: str, **fields: Any) -> Post:
    return Post("p1", "linkedin_aurora", text, publish_at=sandbox.sandbox.clock.now(), **fields)


def live(sandbox: RunningSandbox, text: str) -> list[Any]:
    return [p for p in sandbox.sandbox.posts if p.live and p.text.startswith(text)]


@pytest.fixture(params=["text", "link", "image", "images with a link", "video"])
def post(request, sandbox, tmp_path) -> Post:
    (tmp_path / "a.png").write_bytes(PIXEL)
    (tmp_path / "a.mp4").write_bytes(VIDEO)
    image = Media(str(tmp_path / "a.png"), "A (small) panettone")
    return {
        "text": post_of(sandbox, "Panettone (fresh) is back & better <3 #Natale\n\n100% {butter} 👨‍👩‍👧 C# #my_tag"),
        "link": post_of(sandbox, "Order now", link="https://aurora.com/p?a=1&utm_source=desk"),
        "image": post_of(sandbox, "A picture", media=(image,)),
        "images with a link": post_of(sandbox, "Pictures", media=(image, image), link="https://aurora.com/p_1"),
        "video": post_of(sandbox, "A film", media=(Media(str(tmp_path / "a.mp4")),)),
    }[request.param]


def test_what_is_published_is_found_and_shown_whole(sandbox, linkedin, post) -> None:
    assert linkedin.find(post, key="k") is None
    receipt = linkedin.publish(post, key="k", prepared=linkedin.prepare(post))
    assert linkedin.find(post, key="k").remote_id == receipt.remote_id
    logged = sandbox.sandbox.posts.find("linkedin", receipt.remote_id)
    assert logged.text in (post.text, f"{post.text}\n\n{post.link}")
    assert len(logged.media) == len(post.media)
    assert logged.link == (None if post.media else post.link)


def test_pictures_go_with_their_words_and_a_video_in_parts_of_four_mebibytes(sandbox, linkedin, tmp_path) -> None:
    (tmp_path / "b.png").write_bytes(PIXEL)
    (tmp_path / "b.mp4").write_bytes(VIDEO)
    pictured = post_of(sandbox, "With words", media=(Media(str(tmp_path / "b.png"), "A panettone"),))
    linkedin.publish(pictured, key="k")
    linkedin.publish(post_of(sandbox, "In parts", media=(Media(str(tmp_path / "b.mp4")),)), key="k")
    [[picture], [film]] = [live(sandbox, text)[0].media for text in ("With words", "In parts")]
    assert sandbox.sandbox.posts.media("linkedin", picture).alt == "A panettone"
    assert sandbox.sandbox.posts.media("linkedin", film).content == VIDEO
    counts = {r["endpoint"]: r["count"] for r in sandbox.sandbox.counters.summary()["requests"] if r["method"] == "PUT"}
    assert counts == {"/dms-uploads/:token/:part": 1 + 3}


FAULTS = [
    ({"kind": "drop_before"}, False),
    ({"kind": "drop_after"}, True),
    ({"kind": "status", "status": 500}, False),
    ({"kind": "status", "status": 502, "commit": True}, True),
]


@pytest.mark.parametrize(("fault", "is_live"), FAULTS, ids=str)
def test_an_unknown_outcome_is_settled_by_looking(sandbox, linkedin, fault, is_live) -> None:
    post = post_of(sandbox, f"Unknown after {fault}")
    arm(sandbox, "/rest/posts", "POST", fault)
    with pytest.raises(OutcomeUnknown):
        linkedin.publish(post, key="k")
    assert (linkedin.find(post, key="k") is not None) is is_live


@pytest.mark.parametrize(("fault", "is_live"), FAULTS, ids=str)
def test_the_first_comment_is_settled_by_looking_too(sandbox, linkedin, fault, is_live) -> None:
    post = post_of(sandbox, f"Commented after {fault}", first_comment=f"Link (here) after {fault}: https://a.com/p_1")
    after = [linkedin.publish(post, key="k").remote_id]
    [_, part] = post.parts
    arm(sandbox, "/comments", "POST", fault)
    with pytest.raises(OutcomeUnknown):
        linkedin.follow(post, part, key="k", after=after)
    assert (linkedin.find_part(post, part, key="k", after=after) is not None) is is_live


STEPS = {
    "register an image": ("/rest/images", "POST"),
    "register a video": ("/rest/videos", "POST"),
    "send a part": ("/dms-uploads/:token/:part", "PUT"),
    "ask for the video": ("/rest/videos/:urn", "GET"),
    "publish": ("/rest/posts", "POST"),
    "find": ("/rest/posts", "GET"),
    "comment": ("/rest/socialActions/:urn/comments", "POST"),
    "find the comment": ("/rest/socialActions/:urn/comments", "GET"),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    "fault",
    [
        *(fault for fault, _ in FAULTS),
        {"kind": "malformed"},
        {"kind": "status", "status": 429, "retry_after": 1},
        {"kind": "status", "status": 429, "retry_after": 0},
    ],
    ids=str,
)
def test_whatever_fails_there_is_one_post_and_one_comment(sandbox, linkedin, tmp_path, step, fault) -> None:
    """As the ledger does it: what is unknown is looked up, what is late is done again."""
    (tmp_path / "a.png").write_bytes(PIXEL)
    (tmp_path / "a.mp4").write_bytes(VIDEO)
    words = f"{step}, {fault}"
    media = Media(str(tmp_path / ("a.mp4" if "video" in step or "part" in step else "a.png")))
    post = post_of(sandbox, words, media=(media,), first_comment=f"Under {words}")
    arm(sandbox, *STEPS[step], fault)
    if "find" in step:
        arm(sandbox, *STEPS[step.replace("find the ", "").replace("find", "publish")], {"kind": "drop_after"})
    receipt = until_done(lambda: linkedin.publish(post, key="k"), lambda: linkedin.find(post, key="k"))
    [_, part] = post.parts
    after = [receipt.remote_id]
    until_done(
        lambda: linkedin.follow(post, part, key="k", after=after),
        lambda: linkedin.find_part(post, part, key="k", after=after),
    )
    assert [p.remote_id for p in live(sandbox, words)] == after
    assert [p.reply_to for p in live(sandbox, f"Under {words}")] == after


def until_done(do: Any, look: Any) -> Receipt:
    unknown = False
    for _ in range(8):
        try:
            found = look() if unknown else do()
            unknown = False
            if found is not None:
                return found
        except TryLater:
            continue
        except OutcomeUnknown:
            unknown = True
    raise AssertionError("It never came to an end.")


def arm(sandbox: RunningSandbox, endpoint: str, method: str, fault: dict[str, Any]) -> None:
    meant = {"platform": "linkedin", "endpoint": endpoint, "method": method, "times": 1}
    sandbox.sandbox.faults.arm({**meant, **fault})


def test_the_same_post_twice_is_one(sandbox, linkedin) -> None:
    post = post_of(sandbox, "Only once (please)")
    assert linkedin.publish(post, key="k").remote_id == linkedin.publish(post, key="k").remote_id
    assert len(live(sandbox, "Only once")) == 1


def test_a_duplicate_of_a_ghost_is_looked_up_until_a_person_decides(sandbox) -> None:
    haunted = connect(sandbox, "haunted")
    post = post_of(sandbox, "Taken down and put up again")
    haunted.delete(haunted.publish(post, key="k").remote_id)
    with pytest.raises(OutcomeUnknown, match="looked up again"):
        haunted.publish(post, key="k")
    assert haunted.find(post, key="k") is None


def test_what_is_live_is_edited_and_taken_down(sandbox, linkedin) -> None:
    post = post_of(sandbox, "A mistke (sorry)", first_comment="And (this)")
    urn = linkedin.publish(post, key="k").remote_id
    comment = linkedin.follow(post, post.parts[1], key="k", after=[urn]).remote_id
    linkedin.edit(replace(post, text="A mistake (sorry) #Natale"), urn)
    assert sandbox.sandbox.posts.find("linkedin", urn).text == "A mistake (sorry) #Natale"
    for gone in (comment, comment, urn, urn):
        linkedin.delete(gone)
    assert not sandbox.sandbox.posts.find("linkedin", urn).live
    assert not sandbox.sandbox.posts.find("linkedin", comment).live


def test_a_dead_token_and_a_dead_version_are_told(sandbox) -> None:
    post = post_of(sandbox, "Hello")
    with pytest.raises(CredentialsDead, match=r"linkedin_gone.*new access token"):
        connect(sandbox, "gone").publish(post, key="k")
    with pytest.raises(CredentialsDead, match="linkedin_version"):
        connect(sandbox, linkedin_version="202504").publish(post, key="k")


def test_the_token_says_for_whom_it_speaks(sandbox, linkedin) -> None:
    assert connect(sandbox, organization_id="").author == linkedin.author


def test_another_organizations_page_is_refused(sandbox) -> None:
    with pytest.raises(Refused, match="organization_id"):
        connect(sandbox, organization_id="1").publish(post_of(sandbox, "Hello"), key="k")


def test_what_the_client_lets_pass_linkedin_takes(sandbox, linkedin) -> None:
    longest = post_of(sandbox, "(" * 1499 + "ab")
    linkedin.publish(longest, key="k")
    with pytest.raises(PlatformError, match="too long for LinkedIn"):
        linkedin.publish(replace(longest, text=longest.text + "a"), key="k")


def test_what_is_not_out_is_not_found(sandbox) -> None:
    slow, failed, post = connect(sandbox, "slow"), connect(sandbox, "failed"), post_of(sandbox, "Is it out?")
    slow.publish(post, key="k")
    failed.publish(post, key="k")
    assert failed.find(post, key="k") is None
    with pytest.raises(TryLater, match="or is not out yet"):
        slow.find(post, key="k")


def test_a_picture_of_somebody_else_is_not_taken_for_ours(sandbox, linkedin, tmp_path) -> None:
    (tmp_path / "a.png").write_bytes(PIXEL)
    theirs = ours = post_of(sandbox, "", media=(Media(str(tmp_path / "a.png")),))
    linkedin.publish(theirs, key="l", prepared=linkedin.prepare(theirs))
    prepared = linkedin.prepare(ours)
    arm(sandbox, "/rest/posts", "POST", {"kind": "drop_before"})
    with pytest.raises(OutcomeUnknown):
        linkedin.publish(ours, key="k", prepared=prepared)
    assert linkedin.find(ours, key="k", prepared=prepared) is None
    receipt = linkedin.publish(ours, key="k", prepared=prepared)
    assert linkedin.find(ours, key="k", prepared=prepared).remote_id == receipt.remote_id


def test_a_video_that_takes_long_is_sent_once(sandbox, linkedin, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("include.sandbox.linkedin.media.PROCESSING_S", 200)
    (tmp_path / "a.mp4").write_bytes(VIDEO)
    post = post_of(sandbox, "A long film", media=(Media(str(tmp_path / "a.mp4")),))
    earlier, prepared = None, None
    while prepared is None:
        try:
            prepared = linkedin.prepare(post, earlier=earlier)
        except Unfinished as late:
            earlier = late.prepared
    linkedin.publish(post, key="k", prepared=prepared)
    counts = {r["endpoint"]: r["count"] for r in sandbox.sandbox.counters.summary()["requests"] if r["method"] == "PUT"}
    assert counts == {"/dms-uploads/:token/:part": 3}
    assert len(live(sandbox, "A long film")) == 1
