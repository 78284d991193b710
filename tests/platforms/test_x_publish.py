"""A post goes out to X once, and is found again by its text."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, TryLater, Unfinished
from include.domain.posts import Media, Post
from platforms.transport.access import Access
from platforms.x.hook import XHook
from platforms.x.uploads import PIECE_BYTES

TWEETS, TIMELINE, ME = "POST /2/tweets", "GET /2/users/42/tweets", "GET /2/users/me"
INITIALIZE, APPEND, FINALIZE = (
    "POST /2/media/upload/initialize",
    "POST /2/media/upload/77/append",
    "POST /2/media/upload/77/finalize",
)
STATUS, METADATA = "GET /2/media/upload", "POST /2/media/metadata"
DUE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
POST = Post("p1", "x_aurora", "Panettone is back", publish_at=DUE)
DUPLICATE = {
    "detail": "You are not allowed to create a Tweet with duplicate content.",
    "type": "about:blank",
    "title": "Forbidden",
    "status": 403,
}


def remote(text="Panettone is back", **fields):
    return {"id": "900", "text": text, "created_at": "2026-11-20T09:00:02.000Z", **fields}


def short(url, expanded, **fields):
    return {"url": url, "expanded_url": expanded, "start": 0, "end": 23, **fields}


def processing(state, after=None):
    info = {"type": "video", "state": state, **({"check_after_secs": after} if after else {})}
    return {"data": {"id": "77", "processing_info": info}, "meta": {}}


def test_a_text_goes_out_as_json(server, said, x) -> None:
    server.says(TWEETS, said({"data": {"id": "900", "text": "Panettone is back"}}, 201))
    receipt = x.publish(POST, key="k")
    assert (receipt.post_id, receipt.remote_id, receipt.url) == ("p1", "900", "https://x.com/i/web/status/900")
    assert server.asked[0].json == {"text": "Panettone is back"}
    assert server.asked[0].headers["Authorization"].startswith("Bearer ")
    assert x.requests_made == 1


def test_a_link_stands_after_the_text_once(server, said, x) -> None:
    server.says(TWEETS, said({"data": {"id": "900"}}, 201))
    x.publish(replace(POST, link="https://aurora.com/p"), key="k")
    x.publish(replace(POST, text="https://aurora.com/p !", link="https://aurora.com/p"), key="k")
    x.publish(replace(POST, text="https://aurora.com/p/2", link="https://aurora.com/p"), key="k")
    assert [asked.json["text"] for asked in server.asked] == [
        "Panettone is back https://aurora.com/p",
        "https://aurora.com/p !",
        "https://aurora.com/p/2 https://aurora.com/p",
    ]


def test_an_image_is_uploaded_in_pieces_with_its_words(server, said, x, tmp_path) -> None:
    image = bytes(range(256)) * 5_000
    (tmp_path / "a.jpg").write_bytes(image)
    post = replace(POST, media=(Media(str(tmp_path / "a.jpg"), "A cake"),))
    server.says(INITIALIZE, said({"data": {"id": "77", "media_key": "3_77", "expires_after_secs": 86400}, "meta": {}}))
    server.says(APPEND, said(b"", 204))
    server.says(FINALIZE, said({"data": {"id": "77"}, "meta": {}}))
    server.says(METADATA, said({"data": {"id": "77"}}))
    server.says(TWEETS, said({"data": {"id": "900"}}, 201))
    prepared = x.prepare(post)
    assert prepared == {"media": ["77"]}
    x.publish(post, key="k", prepared=prepared)
    assert server.requests(INITIALIZE)[0].json == {
        "media_type": "image/jpeg",
        "media_category": "tweet_image",
        "total_bytes": 1_280_000,
    }
    first, second = server.requests(APPEND)
    assert image[:PIECE_BYTES] in first.body
    assert image[PIECE_BYTES:] in second.body
    assert [re.search(rb'"segment_index"\r\n\r\n(\d)', a.body)[1] for a in (first, second)] == [b"0", b"1"]
    assert server.requests(METADATA)[0].json == {"id": "77", "metadata": {"alt_text": {"text": "A cake"}}}
    assert server.asked[-1].json == {"text": "Panettone is back", "media": {"media_ids": ["77"]}}


def test_a_video_is_waited_for(server, said, x, waits, tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    server.says(INITIALIZE, said({"data": {"id": "77"}, "meta": {}}))
    server.says(APPEND, said({"meta": {}}))
    server.says(FINALIZE, said(processing("pending", 2)))
    server.says(STATUS, said(processing("in_progress", 3)), said(processing("succeeded")))
    assert x.prepare(replace(POST, media=(Media(str(tmp_path / "a.mp4")),))) == {"media": ["77"]}
    assert waits == [2, 3]
    assert server.requests(STATUS)[0].query == {"command": "STATUS", "media_id": "77"}


@pytest.mark.parametrize(("state", "kind"), [("failed", Refused), ("in_progress", Unfinished)])
def test_a_video_that_fails_is_refused_and_a_slow_one_is_late(server, said, x, tmp_path, state, kind) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    server.says(INITIALIZE, said({"data": {"id": "77"}, "meta": {}}))
    server.says(APPEND, said({"meta": {}}))
    server.says(FINALIZE, said(processing("pending", 1)))
    server.says(STATUS, said(processing(state, 1)))
    with pytest.raises(kind, match=r"upload a\.mp4 for post p1"):
        x.prepare(replace(POST, media=(Media(str(tmp_path / "a.mp4")),)))


def test_a_slow_video_is_asked_for_again_and_not_sent_again(server, said, x, tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    post = replace(POST, media=(Media(str(tmp_path / "a.mp4"), "It rises"),))
    server.says(INITIALIZE, said({"data": {"id": "77"}, "meta": {}}))
    server.says(APPEND, said({"meta": {}}))
    server.says(FINALIZE, said(processing("pending", 1)))
    server.says(STATUS, said(processing("in_progress", 1)))
    with pytest.raises(Unfinished) as late:
        x.prepare(post)
    assert late.value.prepared == {"media": ["77"]}
    server.says(STATUS, said(processing("succeeded")))
    assert x.prepare(post, earlier=late.value.prepared) == {"media": ["77"]}
    assert len(server.requests(INITIALIZE)) == 1
    assert server.requests(METADATA) == []  # X takes words for images and GIFs alone
    server.says(STATUS, said({"title": "Invalid Request", "status": 400}, 400))
    server.says(FINALIZE, said(processing("succeeded")))
    assert x.prepare(post, earlier={"media": ["66"]}) == {"media": ["77"]}
    assert len(server.requests(INITIALIZE)) == 2


@pytest.mark.parametrize(
    "answer",
    [{"how": "hang"}, {"how": "reset"}, {"how": "cut"}, {"status": 503}, {"body": {"errors": [{"title": "?"}]}}],
)
def test_a_post_without_a_clear_answer_is_unknown(server, said, x, answer) -> None:
    server.says(TWEETS, said(**answer))
    with pytest.raises(OutcomeUnknown, match="p1"):
        x.publish(POST, key="k")
    assert len(server.asked) == 1


def test_a_duplicate_that_is_there_is_ours(server, said, x) -> None:
    server.says(TWEETS, said(DUPLICATE, 403))
    server.says(TIMELINE, said({"data": [remote("another"), remote()], "meta": {"result_count": 2}}))
    receipt = x.publish(POST, key="k")
    assert (receipt.remote_id, receipt.accepted_at) == ("900", datetime(2026, 11, 20, 9, 0, 2, tzinfo=UTC))


def test_a_duplicate_of_an_older_post_is_refused(server, said, x) -> None:
    server.says(TWEETS, said(DUPLICATE, 403))
    older = remote(created_at="2026-11-01T09:00:00.000Z")
    server.says(TIMELINE, said({"meta": {"result_count": 0}}), said({"data": [older], "meta": {"result_count": 1}}))
    with pytest.raises(Refused, match="posted already"):
        x.publish(POST, key="k")
    assert server.asked[-1].query["end_time"] == "2026-11-20T08:50:00Z"


def test_a_duplicate_that_nobody_sees_proves_nothing(server, said, x) -> None:
    """X's word for it is proof that the text is out; its lists lag behind."""
    server.says(TWEETS, said(DUPLICATE, 403))
    server.says(TIMELINE, said({"meta": {"result_count": 0}}))
    with pytest.raises(OutcomeUnknown, match="looked up again"):
        x.publish(POST, key="k")


def test_a_duplicate_that_cannot_be_looked_up_is_unknown(server, said, x) -> None:
    server.says(TWEETS, said(DUPLICATE, 403))
    server.says(TIMELINE, said(status=503))
    with pytest.raises(OutcomeUnknown):
        x.publish(POST, key="k")


LINKED = replace(POST, text="Order now", link="https://Aurora.com/p?a=1&b=2")
PICTURED = replace(POST, media=(Media("a.jpg"),))
PICTURE = short("https://t.co/pic", "https://x.com/a/status/900/photo/1", media_key="3_7", display_url="pic.x.com/b")


@pytest.mark.parametrize(
    ("post", "shown", "same"),
    [
        pytest.param(POST, remote(), True, id="same text"),
        pytest.param(POST, remote("Panettone is back again"), False, id="other text"),
        pytest.param(POST, remote("Panettone is back!"), None, id="nearly the text"),
        pytest.param(replace(POST, text="One\n\n\n\ntwo"), remote("One\n\ntwo"), True, id="blank lines fewer"),
        pytest.param(
            replace(POST, text="Caffè: https://città.it/caffè"),
            remote(
                "Caffè: https://t.co/a",
                entities={"urls": [short("https://t.co/a", "https://xn--citt-3na.it/caff%C3%A8")]},
            ),
            True,
            id="address of another script",
        ),
        pytest.param(replace(POST, text="a < b & c"), remote("a &lt; b &amp; c"), True, id="escaped for HTML"),
        pytest.param(replace(POST, text="Caffe\u0300\r\nlatte "), remote("Caff\u00e8\nlatte"), True, id="composed"),
        pytest.param(
            LINKED,
            remote(
                "Order now https://t.co/abc",
                entities={"urls": [short("https://t.co/abc", "https://aurora.com/p?a=1&b=2")]},
            ),
            True,
            id="shortened link",
        ),
        pytest.param(
            LINKED,
            remote(
                "Order now https://t.co/abc", entities={"urls": [short("https://t.co/abc", "https://aurora.com/q")]}
            ),
            None,
            id="other link",
        ),
        pytest.param(
            replace(POST, text="See aurora.com for more"),
            remote(
                "See https://t.co/abc for more", entities={"urls": [short("https://t.co/abc", "http://aurora.com/")]}
            ),
            True,
            id="address without a protocol",
        ),
        pytest.param(
            PICTURED,
            remote(
                "Panettone is back https://t.co/pic", attachments={"media_keys": ["3_7"]}, entities={"urls": [PICTURE]}
            ),
            True,
            id="picture's own address",
        ),
        pytest.param(PICTURED, remote(), False, id="picture missing"),
        pytest.param(
            replace(POST, text="x" * 300),
            remote("x" * 270 + "…", note_tweet={"text": "x" * 300}),
            True,
            id="long text",
        ),
    ],
)
def test_finding_compares_the_text_as_it_was_written(server, said, x, post, shown, same) -> None:
    server.says(TIMELINE, said({"data": [shown], "meta": {"result_count": 1}}))
    assert found_or_not(lambda: x.find(post, key="k")) is same


def found_or_not(look):
    """True, False, or None where it cannot be told."""
    try:
        return look() is not None
    except TryLater:
        return None


NEAR = [
    pytest.param("", "3_7", True, id="the picture that was uploaded"),
    pytest.param("Panettone is back", "3_7", True, id="the words and the picture"),
    pytest.param("", "3_8", False, id="another picture without words"),
    pytest.param("Something else", "3_8", False, id="other words and another picture"),
    pytest.param("Panettone is back", "3_8", None, id="the words with another picture"),
]


@pytest.mark.parametrize(("words", "shown", "same"), NEAR)
def test_pictures_are_told_apart_by_the_ids_that_were_uploaded(server, said, x, words, shown, same) -> None:
    """Somebody may post a picture by hand in the same minute."""
    post = replace(PICTURED, text="" if not words else "Panettone is back")
    server.says(TIMELINE, said({"data": [remote(words, attachments={"media_keys": [shown]})], "meta": {}}))
    assert found_or_not(lambda: x.find(post, key="k", prepared={"media": ["7"]})) is same


def test_a_picture_without_words_is_not_guessed_at(server, said, x) -> None:
    server.says(TIMELINE, said({"data": [remote("", attachments={"media_keys": ["3_8"]})], "meta": {}}))
    with pytest.raises(TryLater, match=r"https://x\.com/i/web/status/900 cannot be told from it for sure"):
        x.find(replace(PICTURED, text=""), key="k")


def test_what_is_older_than_the_call_is_another_post(server, said, x) -> None:
    begun = DUE + timedelta(minutes=5)
    server.says(
        TIMELINE, said({"data": [remote()], "meta": {}}), said({"data": [replied("900", "Second")], "meta": {}})
    )
    assert x.find(POST, key="k", since=begun) is None
    assert server.asked[0].query["start_time"] == "2026-11-20T09:03:00Z"
    assert x.find_part(THREAD, SECOND, key="k", after=["900"], since=begun) is None
    assert x.find_part(THREAD, SECOND, key="k", after=["900"], since=DUE) is not None


def test_finding_looks_from_ten_minutes_before_and_on_every_page(server, said, x) -> None:
    server.says(
        TIMELINE, said({"data": [remote("a")], "meta": {"next_token": "n1"}}), said({"data": [remote()], "meta": {}})
    )
    assert x.find(POST, key="k").remote_id == "900"
    first, second = server.asked
    assert first.query["start_time"] == (DUE - timedelta(minutes=10)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert first.query["max_results"] == "100"
    assert second.query == {**first.query, "pagination_token": "n1"}


def test_who_we_are_is_asked_once(server, said) -> None:
    hook = XHook("x_aurora", access=Access.to("x_aurora", server.url, "t"))
    server.says(ME, said({"data": {"id": "42", "name": "Aurora", "username": "aurora", "public_metrics": {}}}))
    server.says(TIMELINE, said({"meta": {"result_count": 0}}))
    assert hook.find(POST, key="k") is None
    assert hook.find(POST, key="k") is None
    assert len(server.requests(ME)) == 1


def test_the_four_parts_of_oauth_1_sign_the_request(server, said) -> None:
    keys = {"consumer_key": "ck", "consumer_secret": "cs-secret", "token": "tk", "token_secret": "ts-secret"}
    hook = XHook("x_aurora", access=Access.to("x_aurora", server.url, "", keys))
    server.says(TWEETS, said({"data": {"id": "900"}}, 201))
    hook.publish(POST, key="k")
    signed = server.asked[0].headers["Authorization"]
    assert signed.startswith("OAuth ")
    assert "oauth_signature=" in signed
    assert 'oauth_consumer_key="ck"' in signed
    assert "secret" not in signed + repr(hook.access)


def test_a_part_of_oauth_1_that_is_missing_is_named(server) -> None:
    hook = XHook("x_aurora", access=Access.to("x_aurora", server.url, "", {"consumer_secret": "cs", "token": "t"}))
    with pytest.raises(CredentialsDead, match="lacks consumer_key, token_secret for OAuth 1"):
        hook.publish(POST, key="k")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (
            {"errors": [{"type": "https://api.twitter.com/2/problems/resource-not-found", "detail": "No user 42."}]},
            Refused,
        ),
        ({}, TryLater),
    ],
)
def test_a_refusal_with_status_200_proves_no_absence(server, said, x, body, kind) -> None:
    server.says(TIMELINE, said(body))
    with pytest.raises(kind, match="look for post p1"):
        x.find(POST, key="k")


THREAD = replace(POST, thread=("Second", "Third"), first_comment="And a comment")
[_, SECOND, THIRD, COMMENT] = THREAD.parts


def replied(to, text, remote_id="902", **fields):
    return remote(text, **{"id": remote_id, "referenced_tweets": [{"type": "replied_to", "id": to}], **fields})


@pytest.mark.parametrize(
    ("part", "after", "parent"),
    [(SECOND, ["900"], "900"), (THIRD, ["900", "901"], "901"), (COMMENT, ["900", "901", "902"], "900")],
)
def test_a_part_answers_the_one_before_and_a_comment_the_first(server, said, x, part, after, parent) -> None:
    server.says(TWEETS, said({"data": {"id": "909"}}, 201))
    receipt = x.follow(THREAD, part, key="k", after=after)
    assert (receipt.post_id, receipt.remote_id) == ("p1", "909")
    assert server.asked[0].json == {"text": part.text, "reply": {"in_reply_to_tweet_id": parent}}


@pytest.mark.parametrize(
    ("shown", "found"),
    [
        pytest.param(replied("901", "Third"), True, id="that reply"),
        pytest.param(replied("901", "@aurora Third"), True, id="with the name of whom it answers"),
        pytest.param(replied("900", "Third"), False, id="under another part"),
        pytest.param(replied("901", "Second"), False, id="another text"),
        pytest.param(replied("901", "Third!"), None, id="nearly the text"),
        pytest.param(remote("Third"), False, id="no reply"),
    ],
)
def test_a_part_is_found_by_its_text_and_by_what_it_answers(server, said, x, shown, found) -> None:
    server.says(TIMELINE, said({"data": [shown], "meta": {"result_count": 1}}))
    assert found_or_not(lambda: x.find_part(THREAD, THIRD, key="k", after=["900", "901"])) is found
    assert server.asked[0].query["since_id"] == "901"
    assert "referenced_tweets" in server.asked[0].query["tweet.fields"]


def test_a_part_of_a_thread_is_not_taken_for_the_post(server, said, x) -> None:
    """Somebody's thread may end with the very words of a post."""
    server.says(TIMELINE, said({"data": [replied("800", "Panettone is back")], "meta": {"result_count": 1}}))
    assert x.find(POST, key="k") is None
    assert server.asked[0].query["exclude"] == "retweets"


def test_a_duplicate_part_that_is_there_is_ours(server, said, x) -> None:
    server.says(TWEETS, said(DUPLICATE, 403))
    server.says(TIMELINE, said({"data": [replied("900", "Second")], "meta": {"result_count": 1}}))
    assert x.follow(THREAD, SECOND, key="k", after=["900"]).remote_id == "902"


@pytest.mark.parametrize("answer", [{"how": "hang"}, {"how": "cut"}, {"status": 503}, {"body": {}, "status": 201}])
def test_a_part_without_a_clear_answer_is_unknown(server, said, x, answer) -> None:
    server.says(TWEETS, said(**answer))
    with pytest.raises(OutcomeUnknown, match="post p1"):
        x.follow(THREAD, SECOND, key="k", after=["900"])


def test_taking_down_may_be_done_again(server, said, x) -> None:
    gone = {"title": "Not Found Error", "type": "https://api.twitter.com/2/problems/resource-not-found"}
    server.says("DELETE /2/tweets/900", said({"data": {"deleted": True}}), said(gone, 404))
    x.delete("900")
    x.delete("900")
    server.says("DELETE /2/tweets/900", said({"title": "Forbidden", "status": 403}, 403))
    with pytest.raises(Refused, match="delete post 900"):
        x.delete("900")
    server.says("DELETE /2/tweets/900", said(how="reset"))
    with pytest.raises(TryLater):
        x.delete("900")
