"""A post goes out to Bluesky once, under a key of our own, and is found by that key."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, TryLater
from include.domain.posts import Media, Post
from platforms import every_platform
from platforms.bluesky.hook import BlueskyHook
from platforms.bluesky.record_key import record_key
from platforms.transport.access import Access
from platforms.transport.session import TIMEOUT

XRPC = "/xrpc/com.atproto"
CREATE_SESSION, REFRESH = f"POST {XRPC}.server.createSession", f"POST {XRPC}.server.refreshSession"
CREATE, GET, DELETE = f"POST {XRPC}.repo.createRecord", f"GET {XRPC}.repo.getRecord", f"POST {XRPC}.repo.deleteRecord"
UPLOAD, RESOLVE = f"POST {XRPC}.repo.uploadBlob", f"GET {XRPC}.identity.resolveHandle"
SERVICE = f"GET {XRPC}.server.getServiceAuth"
LIMITS, VIDEO, JOB = (
    "GET /xrpc/app.bsky.video.getUploadLimits",
    "POST /xrpc/app.bsky.video.uploadVideo",
    "GET /xrpc/app.bsky.video.getJobStatus",
)
DID = "did:plc:aurora"
POST = Post("p1", "bluesky_aurora", "Panettone is back", publish_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))
URI = f"at://{DID}/app.bsky.feed.post/{record_key(POST, 'k')}"
BLOB = {"$type": "blob", "ref": {"$link": "bafkrei"}, "mimeType": "image/jpeg", "size": 5}
EXPIRED = {"error": "ExpiredToken", "message": "Token has expired"}
NOT_FOUND = {"error": "RecordNotFound", "message": f"Could not locate record: {URI}"}
STUMBLED = {"error": "InternalServerError", "message": "Internal Server Error"}


def session(number=1):
    return {"accessJwt": f"access-token-{number}", "refreshJwt": f"refresh-token-{number}", "did": DID, "handle": "a.b"}


@pytest.fixture
def bluesky(server, said, waits) -> BlueskyHook:
    access = Access.to("bluesky_aurora", server.url, "abcd-efgh-ijkl-mnop", {"login": "@aurora.bsky.social"})
    hook = BlueskyHook("bluesky_aurora", access=access, pause=waits.append)
    hook.session._timeout, hook.session._pause = (0.5, 0.3), waits.append
    server.says(CREATE_SESSION, said(session()))
    server.says(CREATE, said({"uri": URI, "cid": "bafyrei"}))
    return hook


def test_a_text_goes_out_under_our_own_key(server, bluesky) -> None:
    receipt = bluesky.publish(POST, key="k")
    assert (receipt.post_id, receipt.remote_id) == ("p1", URI)
    assert receipt.url == f"https://bsky.app/profile/{DID}/post/{record_key(POST, 'k')}"
    signed_in, created = server.asked
    assert signed_in.json == {"identifier": "aurora.bsky.social", "password": "abcd-efgh-ijkl-mnop"}
    assert "Authorization" not in signed_in.headers
    assert created.headers["Authorization"] == "Bearer access-token-1"
    body = created.json
    assert (body["repo"], body["collection"], body["rkey"]) == (DID, "app.bsky.feed.post", record_key(POST, "k"))
    assert body["record"]["text"] == "Panettone is back"


def test_one_hook_signs_in_once(server, said, bluesky) -> None:
    server.says(GET, said(NOT_FOUND, 400))
    bluesky.publish(POST, key="k")
    bluesky.find(POST, key="k")
    bluesky.publish(replace(POST, text="b"), key="l")
    assert len(server.requests(CREATE_SESSION)) == 1


def test_a_session_that_is_over_is_renewed_once_and_the_call_done_again(server, said, bluesky) -> None:
    server.says(CREATE, said(EXPIRED, 400), said({"uri": URI, "cid": "c"}))
    server.says(REFRESH, said(session(2)))
    assert bluesky.publish(POST, key="k").remote_id == URI
    (renewed,) = server.requests(REFRESH)
    assert renewed.headers["Authorization"] == "Bearer refresh-token-1"
    assert [a.headers["Authorization"] for a in server.requests(CREATE)] == [
        "Bearer access-token-1",
        "Bearer access-token-2",
    ]


def test_a_refresh_token_that_was_used_up_leads_to_a_new_sign_in(server, said, bluesky) -> None:
    server.says(CREATE_SESSION, said(session()), said(session(3)))
    server.says(CREATE, said(EXPIRED, 400), said({"uri": URI, "cid": "c"}))
    server.says(REFRESH, said({"error": "ExpiredToken", "message": "Token has been revoked"}, 400))
    bluesky.publish(POST, key="k")
    assert server.requests(CREATE)[-1].headers["Authorization"] == "Bearer access-token-3"


def test_an_app_password_that_is_refused_and_a_missing_login_are_told(server, said, bluesky) -> None:
    server.says(CREATE_SESSION, said({"error": "AuthenticationRequired", "message": "Invalid identifier"}, 401))
    with pytest.raises(CredentialsDead, match="Make a new one in Bluesky's settings") as dead:
        bluesky.publish(POST, key="k")
    assert "abcd" not in str(dead.value)
    nameless = BlueskyHook("bluesky_aurora", access=Access.to("bluesky_aurora", server.url, "abcd-efgh-ijkl"))
    with pytest.raises(
        CredentialsDead, match="bluesky_aurora: the connection has no login; give it the account's hand"
    ):
        nameless.publish(POST, key="k")


@pytest.mark.parametrize("answer", [{"how": "hang"}, {"how": "reset"}, {"how": "cut"}, {"status": 503}, {"body": {}}])
def test_a_post_without_a_clear_answer_is_unknown(server, said, bluesky, answer) -> None:
    server.says(CREATE, said(**answer))
    with pytest.raises(OutcomeUnknown, match="p1"):
        bluesky.publish(POST, key="k")
    assert len(server.requests(CREATE)) == 1


def test_a_key_that_is_taken_is_our_post(server, said, bluesky) -> None:
    server.says(CREATE, said(STUMBLED, 500))
    server.says(GET, said({"uri": URI, "cid": "c", "value": {"createdAt": "2026-11-20T09:00:02.000Z"}}))
    receipt = bluesky.publish(POST, key="k")
    assert (receipt.remote_id, receipt.accepted_at) == (URI, datetime(2026, 11, 20, 9, 0, 2, tzinfo=UTC))


@pytest.mark.parametrize("answer", [(NOT_FOUND, 400), (STUMBLED, 500)])
def test_a_stumble_that_left_nothing_stays_unknown(server, said, bluesky, answer) -> None:
    server.says(CREATE, said(STUMBLED, 500))
    server.says(GET, said(*answer))
    with pytest.raises(OutcomeUnknown, match="out of order"):
        bluesky.publish(POST, key="k")


@pytest.mark.parametrize(
    "answer",
    [(NOT_FOUND, 400), ({"error": "InvalidRequest", "message": f"Could not locate record: {URI}"}, 400)],
    ids=["named", "older server"],
)
def test_no_record_under_the_key_proves_that_nothing_is_there(server, said, bluesky, answer) -> None:
    server.says(GET, said(*answer))
    assert bluesky.find(POST, key="k") is None
    asked = server.requests(GET)[0]
    assert asked.query == {"repo": DID, "collection": "app.bsky.feed.post", "rkey": record_key(POST, "k")}


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [({"error": "InvalidRequest", "message": "Could not find repo"}, 400, Refused), ({}, 200, TryLater)],
)
def test_another_refusal_proves_nothing(server, said, bluesky, body, status, kind) -> None:
    server.says(GET, said(body, status))
    with pytest.raises(kind):
        bluesky.find(POST, key="k")


def test_a_mention_is_looked_up_and_one_that_nobody_has_stays_words(server, said, bluesky) -> None:
    nobody = {"error": "InvalidRequest", "message": "Unable to resolve handle"}
    server.says(RESOLVE, said({"did": "did:plc:mekong"}), said(nobody, 400))
    prepared = bluesky.prepare(replace(POST, text="@mekong.bsky.social and @nobody.example"))
    assert prepared == {"embed": None, "mentions": {"mekong.bsky.social": "did:plc:mekong"}}


def test_an_image_is_uploaded_as_it_lies_there(server, said, bluesky, tmp_path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"image")
    server.says(UPLOAD, said(EXPIRED, 400), said({"blob": BLOB}))
    server.says(REFRESH, said(session(2)))
    post = replace(POST, media=(Media(str(tmp_path / "a.jpg"), "A cake"),))
    prepared = bluesky.prepare(post)
    assert prepared["embed"] == {"$type": "app.bsky.embed.images", "images": [{"image": BLOB, "alt": "A cake"}]}
    assert [a.body for a in server.requests(UPLOAD)] == [b"image", b"image"]
    assert server.requests(UPLOAD)[0].headers["Content-Type"] == "image/jpeg"
    bluesky.publish(post, key="k", prepared=prepared)
    assert server.requests(CREATE)[0].json["record"]["embed"] == prepared["embed"]


@pytest.fixture
def clip(server, said, tmp_path) -> Post:
    (tmp_path / "a.mp4").write_bytes(b"video")
    server.says(SERVICE, said({"token": "service-token-for-limits"}), said({"token": "service-token-for-upload"}))
    server.says(LIMITS, said({"canUpload": True}))
    return replace(POST, media=(Media(str(tmp_path / "a.mp4"), "A cake rises"),))


def test_a_video_goes_to_the_video_service_with_a_token_for_that_alone(server, said, bluesky, clip, waits) -> None:
    server.says(VIDEO, said({"jobId": "j1", "did": DID, "state": "JOB_STATE_CREATED"}))
    running = {"jobId": "j1", "did": DID, "state": "JOB_STATE_ENCODING"}
    server.says(JOB, said({"jobStatus": running}), said({"jobStatus": {**running, "blob": BLOB}}))
    assert bluesky.prepare(clip)["embed"] == {"$type": "app.bsky.embed.video", "video": BLOB, "alt": "A cake rises"}
    for_limits, for_upload = server.requests(SERVICE)
    assert for_limits.query == {"aud": "did:web:video.bsky.app", "lxm": "app.bsky.video.getUploadLimits"}
    host = server.url.removeprefix("http://").replace(":", "%3A")
    assert (for_upload.query["aud"], for_upload.query["lxm"]) == (f"did:web:{host}", "com.atproto.repo.uploadBlob")
    (sent,) = server.requests(VIDEO)
    assert sent.headers["Authorization"] == "Bearer service-token-for-upload"
    assert (sent.query, sent.body) == ({"did": DID, "name": "a.mp4"}, b"video")
    assert waits == [1, 1]


def test_a_video_that_is_known_already_is_used(server, said, bluesky, clip) -> None:
    server.says(VIDEO, said({"error": "already_exists", "message": "Video already processed", "jobId": "j1"}, 409))
    server.says(JOB, said({"jobStatus": {"jobId": "j1", "state": "JOB_STATE_FAILED", "blob": BLOB}}))
    assert bluesky.prepare(clip)["embed"]["video"] == BLOB


def test_a_video_that_fails_is_refused_and_one_over_the_days_limit_waits(server, said, bluesky, clip) -> None:
    server.says(VIDEO, said({"jobId": "j1", "state": "JOB_STATE_CREATED"}))
    failed = {"jobId": "j1", "state": "JOB_STATE_FAILED", "message": "bad frames"}
    server.says(JOB, said({"jobStatus": failed}))
    with pytest.raises(Refused, match=r"upload a\.mp4 for post p1\. Bluesky cannot process it: bad frames"):
        bluesky.prepare(clip)
    server.says(LIMITS, said({"canUpload": False, "message": "Daily upload limit reached"}))
    with pytest.raises(TryLater, match="takes no video of this account now: Daily upload limit reached"):
        bluesky.prepare(clip)


def test_the_session_token_does_not_go_to_another_host(server, said, waits, clip) -> None:
    """The video service gets its own token, and no token at all where it needs none."""
    extra = {"login": "a.b", "video_host": server.url.replace("127.0.0.1", "localhost")}
    access = Access.to("bluesky_aurora", server.url, "abcd-efgh", extra)
    hook = BlueskyHook("bluesky_aurora", access=access, pause=waits.append)
    server.says(CREATE_SESSION, said(session()))
    server.says(VIDEO, said({"jobId": "j1", "state": "JOB_STATE_CREATED"}))
    server.says(JOB, said({"jobId": "j1", "blob": BLOB}))
    hook.prepare(clip)
    assert "Authorization" not in server.requests(JOB)[0].headers
    assert all("access-token" not in str(a.headers) for r in (LIMITS, VIDEO) for a in server.requests(r))


def test_a_thread_answers_the_part_before_and_a_first_comment_the_post(server, said, bluesky) -> None:
    post = replace(POST, thread=("two",), first_comment="and a comment")
    root, second = URI, f"at://{DID}/app.bsky.feed.post/{record_key(post, 'k', 1)}"

    def record(asked):
        return said({"uri": f"at://{DID}/app.bsky.feed.post/{asked.query['rkey']}", "cid": asked.query["rkey"]})

    server.says(GET, record)
    bluesky.follow(post, post.parts[1], key="k", after=[root])
    bluesky.follow(post, post.parts[2], key="k", after=[root, second])
    thread, comment = (a.json["record"]["reply"] for a in server.requests(CREATE))
    assert (thread["root"]["uri"], thread["parent"]["uri"]) == (root, root)
    assert thread["parent"]["cid"] == record_key(POST, "k")
    assert (comment["root"]["uri"], comment["parent"]["uri"]) == (root, root)
    bluesky.follow(replace(post, thread=("two", "three")), post.parts[1], key="k", after=[root, second])
    assert server.requests(CREATE)[-1].json["record"]["reply"]["parent"]["uri"] == second
    assert bluesky.find_part(post, post.parts[1], key="k", after=[root]).remote_id == second


def test_a_post_is_taken_down_by_its_key(server, said, bluesky) -> None:
    server.says(DELETE, said({}))
    bluesky.delete(URI)
    assert server.requests(DELETE)[0].json == {
        "repo": DID,
        "collection": "app.bsky.feed.post",
        "rkey": record_key(POST, "k"),
    }


def test_a_post_of_another_second_has_another_key() -> None:
    later = replace(POST, publish_at=POST.publish_at + timedelta(seconds=1))
    assert record_key(later, "k") > record_key(POST, "k")


def test_a_video_service_is_spoken_to_in_private(server, said, clip) -> None:
    """Its token may put files into the account's repository."""
    extra = {"login": "a.b", "video_host": "http://video.example"}
    hook = BlueskyHook("bluesky_aurora", access=Access.to("bluesky_aurora", server.url, "abcd-efgh", extra))
    server.says(CREATE_SESSION, said(session()))
    with pytest.raises(CredentialsDead, match=r"http://video\.example, and the token would travel in clear"):
        hook.prepare(clip)


def test_an_absence_is_no_proof_while_a_call_that_was_given_up_may_still_be_on_its_way() -> None:
    early = [p.name for p in every_platform().values() if p.publishes and p.find_delay.total_seconds() <= sum(TIMEOUT)]
    assert early == []
