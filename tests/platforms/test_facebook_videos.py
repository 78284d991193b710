"""Facebook's videos, reels and stories by recorded answers; comments, edits and deletes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.domain.errors import OutcomeUnknown, Refused, TryLater
from include.domain.posts import Media, Part, Post
from platforms.facebook import reading
from platforms.facebook.hook import FacebookHook
from platforms.transport.access import Access

VIDEOS, REELS, STORIES = (f"POST /v25.0/me/{edge}" for edge in ("videos", "video_reels", "video_stories"))
VIDEO = "GET /v25.0/900"
DUE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
PHASES = ("uploading", "processing", "publishing")
PREPARED = {"video": "900", "session": "77"}


@pytest.fixture
def post(tmp_path) -> Post:
    (tmp_path / "a.mp4").write_bytes(bytes(range(256)) * 10)
    return Post("p1", "facebook_aurora", "A film", (Media(str(tmp_path / "a.mp4")),), DUE)


def shown(*phases: str, **fields):
    """A video whose three phases stand like this."""
    status = {f"{name}_phase": {"status": phase} for name, phase in zip(PHASES, phases, strict=False)}
    stamp = "2026-11-20T09:00:05+0000"
    return {
        "id": "900",
        "created_time": stamp,
        "from": {"id": "17"},
        "permalink_url": "/17/videos/900/",
        "status": status,
        **fields,
    }


def standing(video_status: str, *phases: str):
    """The same, with its `video_status`."""
    video = shown(*phases)
    return {**video, "status": {**video["status"], "video_status": video_status}}


OUT = shown("complete", "complete", "complete", post_id="555", published=True)
QUEUED = standing("processing", "complete", "not_started", "not_started")
UNFINISHED = standing("upload_complete", "complete", "not_started", "not_started")


def test_a_video_goes_in_the_pieces_that_facebook_asks_for(server, said, facebook, post) -> None:
    server.says(
        VIDEOS,
        said({"video_id": "900", "upload_session_id": "77", "start_offset": "0", "end_offset": "1000"}),
        said({"start_offset": "1000", "end_offset": "2560"}),
        said({"start_offset": "2560", "end_offset": "2560"}),
        said({"success": True}),
    )
    server.says(VIDEO, said(OUT))
    prepared = facebook.prepare(post)
    assert prepared == PREPARED
    receipt = facebook.publish(post, key="k", prepared=prepared)
    assert (receipt.remote_id, receipt.url) == ("17_555", "https://www.facebook.com/17/videos/900/")
    start, first, second, finish = server.requests(VIDEOS)
    assert start.form == {"upload_phase": "start", "file_size": "2560"}
    whole = post.media[0].source
    data = open(whole, "rb").read()  # noqa: PTH123, SIM115
    assert data[:1000] in first.body
    assert data[1000:] in second.body
    assert b'name="start_offset"\r\n\r\n1000' in second.body
    assert len(first.body) < 1600
    assert finish.form == {"upload_phase": "finish", "upload_session_id": "77", "description": "A film"}


def test_the_pieces_of_100_mb_are_never_whole_in_memory(server, said, facebook, tmp_path) -> None:
    size, piece = 100_000_000, 20_000_000
    with (tmp_path / "large.mp4").open("wb") as file:
        file.truncate(size)

    def next_piece(asked):
        start = int(asked.body.split(b'name="start_offset"\r\n\r\n')[1].split(b"\r\n")[0]) + piece
        return said({"start_offset": str(start), "end_offset": str(min(start + piece, size))})

    begin = said({"video_id": "900", "upload_session_id": "77", "start_offset": "0", "end_offset": str(piece)})
    server.says(VIDEOS, begin, *[next_piece] * 5)
    read: list[int] = []
    facebook.session._timeout = (5, 60)
    post = Post("p1", "facebook_aurora", "Large", (Media(str(tmp_path / "large.mp4")),), DUE)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("platforms.facebook.videos.Piece", _counting(read))
        facebook.prepare(post)
    sent = server.requests(VIDEOS)[1:]
    assert [len(asked.body) // piece for asked in sent] == [1] * 5
    assert sum(read) == size
    assert max(read) <= 65_536


def _counting(read: list[int]):
    from platforms.transport.pieces import Piece  # noqa: PLC0415  the class before it is replaced

    class Counting(Piece):
        def read(self, size: int = -1) -> bytes:
            data = super().read(size)
            read.append(len(data))
            return data

    return Counting


def test_a_lost_piece_is_only_late(server, said, facebook, post) -> None:
    begin = said({"video_id": "900", "upload_session_id": "77", "start_offset": "0", "end_offset": "1000"})
    server.says(VIDEOS, begin, said(how="reset"))
    with pytest.raises(TryLater, match=r"upload a\.mp4 for post p1"):
        facebook.prepare(post)
    server.says(VIDEOS, begin, begin)
    with pytest.raises(TryLater, match="A piece was lost"):
        facebook.prepare(post)


@pytest.mark.parametrize(("form", "edge"), [("reel", REELS), ("story", STORIES)])
def test_reels_and_stories_go_in_one_stream(server, said, facebook, post, form, edge) -> None:
    post = replace(post, format=form, text="" if form == "story" else post.text)
    address = f"{server.url}/video-upload/v25.0/900"
    server.says(edge, said({"video_id": "900", "upload_url": address}), said({"success": True, "post_id": "17_555"}))
    server.says("POST /video-upload/v25.0/900", said({"success": True}))
    server.says(VIDEO, said(QUEUED), said(OUT))
    prepared = facebook.prepare(post)
    assert prepared == {"video": "900"}
    assert facebook.publish(post, key="k", prepared=prepared).remote_id == "17_555"
    (upload,) = server.requests("POST /video-upload/v25.0/900")
    assert upload.headers["Authorization"].startswith("OAuth ")
    assert upload.headers["file_size"] == "2560"
    wanted = {"upload_phase": "finish", "video_id": "900", "video_state": "PUBLISHED"}
    assert server.requests(edge)[1].form == (wanted if form == "story" else {**wanted, "description": "A film"})


def test_a_photo_story_is_staged_then_published(server, said, facebook) -> None:
    post = Post("p1", "facebook_aurora", "", (Media("https://a.test/a.jpg"),), DUE, format="story")
    server.says("POST /v25.0/me/photos", said({"id": "501"}))
    server.says("POST /v25.0/me/photo_stories", said({"success": True, "post_id": "17_600"}), said(how="reset"))
    prepared = facebook.prepare(post)
    assert facebook.publish(post, key="k", prepared=prepared).remote_id == "17_600"
    assert server.requests("POST /v25.0/me/photo_stories")[0].form == {"photo_id": "501"}
    with pytest.raises(OutcomeUnknown):
        facebook.publish(post, key="k", prepared=prepared)
    rows = [{"post_id": "17_600", "media_id": "501", "creation_time": "1795165200", "url": "https://fb.test/s"}]
    server.says("GET /v25.0/me/stories", said({"data": rows}))
    assert facebook.find(post, key="k", prepared=prepared).remote_id == "17_600"
    server.says("GET /v25.0/me/stories", said({"data": [{**rows[0], "media_id": "9"}]}))
    assert facebook.find(post, key="k", prepared=prepared) is None


@pytest.mark.parametrize(
    ("video", "state"),
    [
        (OUT, "out"),
        (QUEUED, "working"),
        (UNFINISHED, "absent"),
        (shown("complete", "complete", "not_started"), "working"),
        (shown("in_progress", "not_started", "not_started"), "absent"),
        (shown("complete", "not_started", "not_started"), "working"),
        (shown("complete", "error", "not_started"), "absent"),
        (standing("expired", "complete", "complete", "not_started"), "absent"),
        (shown("complete", "in_progress", "not_started"), "working"),
        (shown("complete", "complete", "in_progress"), "working"),
        ({"status": {"video_status": "processing"}}, "working"),
        ({"status": {"video_status": "ready"}, "published": True}, "out"),
        ({"status": {"video_status": "ready"}, "published": False}, "working"),
        ({"status": {"video_status": "error"}, "published": True}, "absent"),
        ({}, "working"),
    ],
)
def test_a_video_tells_where_it_stands(video, state) -> None:
    assert reading.state_of_video(video) == state


@pytest.mark.parametrize(
    "phases", [("complete", "not_started"), ("complete", "in_progress"), ("complete", "complete")], ids="-".join
)
def test_a_video_that_is_worked_on_is_no_absence(server, said, facebook, post, phases) -> None:
    server.says(VIDEO, said(standing("processing", *phases, "not_started")))
    with pytest.raises(TryLater, match="still at work on the video 900"):
        facebook.find(post, key="k", prepared=PREPARED)
    server.says(VIDEO, said(UNFINISHED))
    assert facebook.find(post, key="k", prepared=PREPARED) is None
    server.says(VIDEO, said(OUT))
    assert facebook.find(post, key="k", prepared=PREPARED).remote_id == "17_555"


def test_a_refused_finish_counts_only_where_the_video_is_not_out(server, said, facebook, post) -> None:
    server.says(VIDEOS, said({"error": {"message": "no", "code": 100}}, 400))
    server.says(VIDEO, said(OUT))
    assert facebook.publish(post, key="k", prepared=PREPARED).remote_id == "17_555"
    server.says(VIDEO, said(UNFINISHED))
    with pytest.raises(Refused):
        facebook.publish(post, key="k", prepared=PREPARED)
    server.says(VIDEO, said(shown("complete", "in_progress", "not_started")))
    with pytest.raises(OutcomeUnknown, match="Looking it up failed"):
        facebook.publish(post, key="k", prepared=PREPARED)


@pytest.mark.parametrize(
    "answer", [{"how": "hang"}, {"how": "reset"}, {"status": 500}, {"body": {"id": "1"}}, {"how": "cut"}]
)
def test_a_finish_without_a_clear_answer_is_unknown(server, said, facebook, post, answer) -> None:
    server.says(VIDEOS, said(**answer))
    with pytest.raises(OutcomeUnknown, match="p1"):
        facebook.publish(post, key="k", prepared=PREPARED)


@pytest.mark.parametrize(
    ("video", "words"),
    [
        ({"body": QUEUED}, "still at work on the video 900. It will be looked up"),
        ({"body": standing("error", "complete", "error", "not_started")}, "gave up its video 900"),
        ({"status": 500}, "It will be looked up"),
    ],
    ids=["queued", "failed", "silent"],
)
def test_a_video_is_not_called_live_before_it_is(server, said, facebook, post, waits, video, words) -> None:
    facebook._pause = waits.append
    server.says(VIDEOS, said({"success": True}))
    server.says(VIDEO, said(**video))
    with pytest.raises(OutcomeUnknown, match=words):
        facebook.publish(post, key="k", prepared=PREPARED)
    assert sum(waits) < 60
    assert len(server.requests(VIDEOS)) == 1


def test_a_video_without_its_id_is_found_in_the_list(server, said, facebook, post) -> None:
    video = {"data": [{"media_type": "video"}]}
    remote = {"id": "17_555", "created_time": "2026-11-20T09:00:05+0000", "message": "A film", "attachments": video}
    server.says("GET /v25.0/me/published_posts", said({"data": [remote]}))
    assert facebook.find(post, key="k").remote_id == "17_555"


def test_feed_videos_go_to_facebooks_own_host_and_the_token_with_them(post) -> None:
    access = Access.to("facebook_aurora", "https://graph.facebook.com", "EAAB-marked")
    videos = FacebookHook("facebook_aurora", access=access)._videos
    assert videos._uploads("videos") == "https://graph-video.facebook.com/v25.0/me/videos"
    assert videos._uploads("video_reels") == "v25.0/me/video_reels"


def test_the_first_comment_is_said_and_found_under_the_post(server, said, facebook, post) -> None:
    part, comments = Part(1, "comment", "Order now"), "/v25.0/17_555/comments"
    server.says(f"POST {comments}", said({"id": "555_77"}), said(how="reset"))
    assert facebook.follow(post, part, key="k", after=["17_555"]).remote_id == "555_77"
    assert server.requests(f"POST {comments}")[0].form == {"message": "Order now"}
    with pytest.raises(OutcomeUnknown):
        facebook.follow(post, part, key="k", after=["17_555"])
    server.says("GET /v25.0/me", said({"id": "17"}))
    row = comment()
    server.says(f"GET {comments}", said({"data": [{**row, "message": "Wow"}]}), said({"data": [row]}))
    assert facebook.find_part(post, part, key="k", after=["17_555"]) is None
    assert facebook.find_part(post, part, key="k", after=["17_555"]).remote_id == "555_77"
    with pytest.raises(Refused, match="no threads"):
        facebook.follow(post, Part(1, "thread", "more"), key="k", after=["17_555"])


def comment(text="Order now", at=DUE + timedelta(minutes=1), author="17", comment_id="555_77"):
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {"id": comment_id, "message": text, "created_time": stamp, "from": {"id": author}}


COMMENT, COMMENTS = Part(1, "comment", "Order now"), "GET /v25.0/17_555/comments"


def test_what_somebody_else_says_in_the_same_words_is_not_our_comment(server, said, facebook, post) -> None:
    server.says("GET /v25.0/me", said({"id": "17"}))
    echo = comment(author="4711", comment_id="555_66")
    server.says(COMMENTS, said({"data": [echo]}), said({"data": [echo, comment()]}))
    assert facebook.find_part(post, COMMENT, key="k", after=["17_555"]) is None
    assert facebook.find_part(post, COMMENT, key="k", after=["17_555"]).remote_id == "555_77"
    server.says(COMMENTS, said({"data": [{**comment(), "from": None}]}))
    with pytest.raises(TryLater, match="says the same, and not whose it is"):
        facebook.find_part(post, COMMENT, key="k", after=["17_555"])


def test_comments_are_read_from_the_call_on_and_not_for_ever(server, said, facebook, post) -> None:
    server.says("GET /v25.0/me", said({"id": "17"}))
    begun, more = DUE + timedelta(minutes=5), {"next": "https://g.test/?after=b"}
    old, later = comment(at=DUE), comment("Wow", at=begun + timedelta(minutes=16))
    server.says(COMMENTS, said({"data": [old, comment("Hm", at=begun), later], "paging": more}))
    assert facebook.find_part(post, COMMENT, key="k", after=["17_555"], since=begun) is None
    (asked,) = server.requests(COMMENTS)
    assert asked.query["order"] == "chronological"


def test_a_post_is_edited_and_deleted_by_its_id(server, said, facebook, post) -> None:
    server.says("POST /v25.0/17_555", said({"success": True}))
    server.says("POST /v25.0/900", said({"success": True}))
    facebook.edit(post, "17_555")
    facebook.edit(post, "900")
    assert [asked.form for asked in server.asked] == [{"message": "A film"}, {"description": "A film"}]
    gone = said({"error": {"message": "no", "code": 100, "error_subcode": 33}}, 400)
    server.says("DELETE /v25.0/17_555", said({"success": True}), gone)
    facebook.delete("17_555")
    facebook.delete("17_555")
