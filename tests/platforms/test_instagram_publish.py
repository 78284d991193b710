"""Instagram by recorded answers: what is sent, to whom the token goes, and what silence means."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, TryLater, Unfinished
from include.domain.posts import Media, Part, Post
from platforms.instagram.hook import InstagramHook
from platforms.transport.access import Access

TOKEN = "EAAB-marked-secret-7f3c"
MEDIA, PUBLISH = "POST /v25.0/178/media", "POST /v25.0/178/media_publish"
RECENT, CONTAINER = "GET /v25.0/178/media", "GET /v25.0/900"
DUE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PHOTO = Media("a.jpg", "A cake", public_url="https://m.test/a.jpg")
POST = Post("p1", "instagram_aurora", "Panettone is back", (PHOTO,), DUE)
PREPARED = {"items": ["900"], "container": "900"}


@pytest.fixture
def instagram(server, waits) -> InstagramHook:
    access = Access.to("instagram_aurora", server.url, TOKEN, {"ig_user_id": "178"})
    hook = InstagramHook("instagram_aurora", access=access, pause=waits.append)
    hook.session._timeout, hook.session._pause = (0.5, 0.3), waits.append
    return hook


def remote(caption="Panettone is back", at=DUE, kind="IMAGE", media_id="501"):
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {
        "id": media_id,
        "caption": caption,
        "media_type": kind,
        "timestamp": stamp,
        "permalink": "https://ig.test/p",
    }


def status(said, code, words=""):
    return said({"status_code": code, "status": words, "id": "900"})


def refused(said, subcode, code=100):
    return said({"error": {"message": "no", "type": "OAuthException", "code": code, "error_subcode": subcode}}, 400)


def test_an_image_is_handed_over_by_its_address_and_published_when_ready(server, said, instagram, waits) -> None:
    server.says(MEDIA, said({"id": "900"}))
    server.says(CONTAINER, status(said, "IN_PROGRESS"), status(said, "FINISHED"))
    server.says(PUBLISH, said({"id": "501"}))
    server.says("GET /v25.0/501", said({"permalink": "https://www.instagram.com/p/abc/", "id": "501"}))
    prepared = instagram.prepare(POST)
    assert prepared == PREPARED
    assert waits == [1.0]
    receipt = instagram.publish(POST, key="k", prepared=prepared)
    assert (receipt.remote_id, receipt.url) == ("501", "https://www.instagram.com/p/abc/")
    assert server.requests(MEDIA)[0].form == {
        "image_url": "https://m.test/a.jpg",
        "caption": "Panettone is back",
        "alt_text": "A cake",
    }
    assert server.requests(PUBLISH)[0].form == {"creation_id": "900"}


def test_a_video_goes_to_the_upload_address_in_one_stream_under_oauth(server, said, instagram, tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video" * 1000)
    server.says(MEDIA, said({"id": "900", "uri": f"{server.url}/ig-api-upload/v25.0/900"}))
    server.says("POST /ig-api-upload/v25.0/900", said({"success": True}))
    server.says(CONTAINER, status(said, "FINISHED"))
    instagram.prepare(replace(POST, media=(Media(str(tmp_path / "a.mp4")),), format="reel"))
    (upload,) = server.requests("POST /ig-api-upload/v25.0/900")
    assert upload.body == b"video" * 1000
    assert upload.headers["Authorization"] == f"OAuth {TOKEN}"
    assert (upload.headers["offset"], upload.headers["file_size"]) == ("0", "5000")
    assert server.requests(MEDIA)[0].headers["Authorization"] == f"Bearer {TOKEN}"


def test_a_large_video_is_read_bit_by_bit(server, said, instagram, tmp_path, monkeypatch) -> None:
    """100 MB that are nearly all holes; the connection asks for a little at a time, never for all."""
    with (tmp_path / "a.mp4").open("wb") as large:
        large.truncate(100_000_000)
    sizes: list[int] = []

    class Watched(io.FileIO):
        def read(self, size: int | None = -1) -> bytes:
            sizes.append(-1 if size is None else size)
            return super().read(size) or b""

    monkeypatch.setattr("platforms.transport.download.local_file", lambda source, account: Watched(source))
    server.says(MEDIA, said({"id": "900", "uri": f"{server.url}/ig-api-upload/v25.0/900"}))
    server.says("POST /ig-api-upload/v25.0/900", said({"success": True}))
    server.says(CONTAINER, status(said, "FINISHED"))
    instagram.prepare(replace(POST, media=(Media(str(tmp_path / "a.mp4")),)))
    assert len(server.requests("POST /ig-api-upload/v25.0/900")[0].body) == 100_000_000
    assert 0 < min(sizes) <= max(sizes) <= 1_000_000


def test_the_token_does_not_go_to_a_stranger(server, said, instagram, tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    stranger = server.url.replace("127.0.0.1", "localhost")
    server.says(MEDIA, said({"id": "900", "uri": f"{stranger}/ig-api-upload/v25.0/900"}))
    server.says("POST /ig-api-upload/v25.0/900", said({"success": True}))
    server.says(CONTAINER, status(said, "FINISHED"))
    instagram.prepare(replace(POST, media=(Media(str(tmp_path / "a.mp4")),)))
    assert "Authorization" not in server.requests("POST /ig-api-upload/v25.0/900")[0].headers


def test_an_upload_that_is_not_confirmed_is_only_late(server, said, instagram, tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    server.says(MEDIA, said({"id": "900", "uri": f"{server.url}/ig-api-upload/v25.0/900"}))
    server.says("POST /ig-api-upload/v25.0/900", said({"success": False}))
    with pytest.raises(TryLater, match=r"could not upload a\.mp4 for post p1"):
        instagram.prepare(replace(POST, media=(Media(str(tmp_path / "a.mp4")),)))


def test_a_carousel_joins_its_items_once_they_are_ready(server, said, instagram) -> None:
    server.says(MEDIA, said({"id": "11"}), said({"id": "12"}), said({"id": "900"}))
    for container in ("11", "12", "900"):
        server.says(f"GET /v25.0/{container}", status(said, "FINISHED"))
    prepared = instagram.prepare(replace(POST, media=(PHOTO, PHOTO)))
    assert prepared == {"items": ["11", "12"], "container": "900"}
    assert [asked.form.get("is_carousel_item") for asked in server.requests(MEDIA)] == ["true", "true", None]
    assert server.requests(MEDIA)[2].form["children"] == "11,12"


def test_what_is_never_ready_is_given_back_with_its_container(server, said, instagram, waits) -> None:
    server.says(MEDIA, said({"id": "900"}))
    server.says(CONTAINER, status(said, "IN_PROGRESS"))
    with pytest.raises(Unfinished, match="still at work on the media of post p1") as late:
        instagram.prepare(POST)
    assert late.value.prepared == {"items": ["900"]}
    assert sum(waits) < 300
    server.says(CONTAINER, status(said, "FINISHED"))
    assert instagram.prepare(POST, earlier=late.value.prepared) == PREPARED
    assert len(server.requests(MEDIA)) == 1


def test_a_container_that_failed_says_why(server, said, instagram) -> None:
    server.says(MEDIA, said({"id": "900"}))
    server.says(CONTAINER, status(said, "ERROR", "Error: 2207009"))
    with pytest.raises(Refused, match="crop it to between 4:5"):
        instagram.prepare(POST)


@pytest.mark.parametrize(
    "answer",
    [{"how": "hang"}, {"how": "reset"}, {"status": 500}, {"status": 503}, {"body": {"success": True}}, {"how": "cut"}],
)
def test_publishing_without_a_clear_answer_is_unknown(server, said, instagram, answer) -> None:
    server.says(PUBLISH, said(**answer))
    with pytest.raises(OutcomeUnknown, match="p1"):
        instagram.publish(POST, key="k", prepared=PREPARED)
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("subcode", "kind"),
    [
        (2207051, OutcomeUnknown),
        (2207001, OutcomeUnknown),
        (2207020, TryLater),
        (2207027, TryLater),
        (2207042, TryLater),
    ],
)
def test_what_a_refusal_of_publishing_means(server, said, instagram, subcode, kind) -> None:
    server.says(PUBLISH, refused(said, subcode))
    with pytest.raises(kind):
        instagram.publish(POST, key="k", prepared=PREPARED)


def test_a_refusal_counts_only_where_the_container_did_not_go_out(server, said, instagram) -> None:
    server.says(PUBLISH, refused(said, 0))
    server.says(CONTAINER, status(said, "FINISHED"))
    with pytest.raises(Refused, match="does not understand a parameter"):
        instagram.publish(POST, key="k", prepared=PREPARED)
    server.says(CONTAINER, status(said, "PUBLISHED"))
    server.says(RECENT, said({"data": [remote()]}))
    assert instagram.publish(POST, key="k", prepared=PREPARED).remote_id == "501"
    server.says(CONTAINER, said(status=500))
    with pytest.raises(OutcomeUnknown, match="Looking it up failed"):
        instagram.publish(POST, key="k", prepared=PREPARED)


@pytest.mark.parametrize("code", ["FINISHED", "IN_PROGRESS", "ERROR", "EXPIRED"])
def test_a_container_that_is_not_published_proves_absence(server, said, instagram, code) -> None:
    server.says(CONTAINER, status(said, code))
    server.says(RECENT, said({"data": [remote()]}))
    assert instagram.find(POST, key="k", prepared=PREPARED) is None


def test_a_published_container_whose_post_is_not_listed_yet_is_asked_for_again(server, said, instagram) -> None:
    server.says(CONTAINER, status(said, "PUBLISHED"))
    server.says(RECENT, said({"data": [remote("another")]}))
    with pytest.raises(TryLater, match="is out, but is not in Instagram's list"):
        instagram.find(POST, key="k", prepared=PREPARED)


@pytest.mark.parametrize(
    ("shown", "same"),
    [
        (remote(), True),
        (remote("Panettone is back\r\n"), True),
        (remote("Panettone is gone"), False),
        (remote(kind="VIDEO"), False),
        (remote(at=DUE - timedelta(minutes=11)), False),
    ],
)
def test_without_a_container_caption_kind_and_time_decide(server, said, instagram, shown, same) -> None:
    server.says(RECENT, said({"data": [shown]}))
    assert (instagram.find(POST, key="k") is not None) is same


def test_of_two_alike_the_newest_is_the_containers(server, said, instagram) -> None:
    server.says(CONTAINER, status(said, "PUBLISHED"))
    older, newer = remote(media_id="1"), remote(at=DUE + timedelta(minutes=5), media_id="2")
    server.says(RECENT, said({"data": [older, newer]}))
    assert instagram.find(POST, key="k", prepared=PREPARED).remote_id == "2"


def test_a_story_is_looked_for_among_the_stories(server, said, instagram) -> None:
    story = replace(POST, text="", format="story")
    server.says(CONTAINER, status(said, "PUBLISHED"))
    server.says("GET /v25.0/178/stories", said({"data": [remote(None)]}))
    assert instagram.find(story, key="k", prepared=PREPARED).remote_id == "501"


def test_an_answer_without_a_list_or_a_status_proves_nothing(server, said, instagram) -> None:
    server.says(RECENT, said({}))
    with pytest.raises(TryLater, match="look for post p1"):
        instagram.find(POST, key="k")
    server.says(CONTAINER, said({"id": "900"}))
    with pytest.raises(TryLater, match="look for post p1"):
        instagram.find(POST, key="k", prepared=PREPARED)


def test_the_first_comment_is_said_and_found_under_the_post(server, said, instagram) -> None:
    part, comments = Part(1, "comment", "Order now"), "/v25.0/501/comments"
    server.says(f"POST {comments}", said({"id": "77"}))
    assert instagram.follow(POST, part, key="k", after=["501"]).remote_id == "77"
    assert server.requests(f"POST {comments}")[0].form == {"message": "Order now"}
    stamp = "2026-11-20T09:01:00+0000"
    server.says(f"GET {comments}", said({"data": [{"id": "76", "text": "Wow", "timestamp": stamp}]}))
    assert instagram.find_part(POST, part, key="k", after=["501"]) is None
    server.says(f"GET {comments}", said({"data": [{"id": "77", "text": "Order now ", "timestamp": stamp}]}))
    assert instagram.find_part(POST, part, key="k", after=["501"]).remote_id == "77"
    server.says(f"POST {comments}", said(how="reset"))
    with pytest.raises(OutcomeUnknown):
        instagram.follow(POST, part, key="k", after=["501"])
    with pytest.raises(Refused, match="no threads"):
        instagram.follow(POST, Part(1, "thread", "more"), key="k", after=["501"])


def test_what_is_gone_already_counts_as_deleted(server, said, instagram) -> None:
    server.says("DELETE /v25.0/501", said({"success": True}), refused(said, 33))
    instagram.delete("501")
    instagram.delete("501")
    server.says("DELETE /v25.0/501", refused(said, 0, 10))
    with pytest.raises(Refused, match="lacks a permission"):
        instagram.delete("501")


def test_the_quota_is_the_accounts_own(server, said, instagram) -> None:
    body = {"data": [{"quota_usage": 2, "config": {"quota_total": 100, "quota_duration": 86400}}]}
    server.says("GET /v25.0/178/content_publishing_limit", said(body))
    assert instagram.limits() == {"quota_total": 100, "quota_duration": 86400, "quota_usage": 2}


def test_without_an_id_the_account_is_the_one_behind_the_page(server, said, instagram) -> None:
    del instagram.access.extra["ig_user_id"]
    server.says("GET /v25.0/me", said({"instagram_business_account": {"id": "178"}, "id": "17"}))
    server.says(MEDIA, said({"id": "900"}))
    server.says(CONTAINER, status(said, "FINISHED"))
    assert instagram.prepare(POST) == PREPARED


def test_a_page_without_an_account_is_told(server, said, instagram) -> None:
    del instagram.access.extra["ig_user_id"]
    server.says("GET /v25.0/me", said({"id": "17"}))
    with pytest.raises(CredentialsDead, match="put ig_user_id into the connection"):
        instagram.prepare(POST)
