"""A post goes out to Facebook once, and is found again by what a reader sees."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, TryLater
from include.domain.posts import Media, Post

FEED, PHOTOS, POSTS = "POST /v25.0/me/feed", "POST /v25.0/me/photos", "GET /v25.0/me/published_posts"
DUE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
POST = Post("p1", "facebook_aurora", "Panettone is back", publish_at=DUE)


def remote(message="Panettone is back", at=DUE, **fields):
    stamp = at.strftime("%Y-%m-%dT%H:%M:%S+0000")
    return {"id": "17_900", "created_time": stamp, "message": message, "permalink_url": "https://fb.test/900", **fields}


def album(count):
    photos = {"data": [{"media_type": "photo"}] * count}
    return {"data": [{"media_type": "album", "subattachments": photos}]}


def link_to(url, key="unshimmed_url"):
    return {"data": [{"media_type": "link", key: url}]}


def film(url):
    return {"data": [{"media_type": "video", "type": "video_share_youtube", "unshimmed_url": url}]}


def photos(*ids):
    return {"data": [{"media_type": "photo", "type": "photo", "target": {"id": photo}} for photo in ids]}


def duplicate(said):
    return said({"error": {"message": "Duplicate status message", "type": "OAuthException", "code": 506}}, 400)


def test_a_text_goes_to_the_feed_and_nothing_is_asked_before_its_receipt(server, said, facebook) -> None:
    server.says(FEED, said({"id": "17_900"}))
    receipt = facebook.publish(POST, key="k")
    assert (receipt.post_id, receipt.remote_id) == ("p1", "17_900")
    assert receipt.url == "https://www.facebook.com/17_900"
    assert receipt.accepted_at.tzinfo is not None
    assert server.asked[0].form == {"message": "Panettone is back"}
    assert facebook.requests_made == 1


def test_a_link_goes_beside_the_text(server, said, facebook) -> None:
    server.says(FEED, said({"id": "17_900"}))
    facebook.publish(replace(POST, link="https://aurora.test/p"), key="k")
    assert server.asked[0].form == {"message": "Panettone is back", "link": "https://aurora.test/p"}


def test_a_page_and_a_version_of_the_connection_are_in_the_path(server, said, facebook) -> None:
    facebook.access.extra.update(page_id="17", api_version="v26.0")
    server.says("POST /v26.0/17/feed", said({"id": "17_900"}))
    assert facebook.publish(POST, key="k").remote_id == "17_900"


def test_images_are_staged_unseen_then_attached(server, said, facebook, tmp_path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8image")
    post = replace(POST, media=(Media(str(tmp_path / "a.jpg"), "A cake"), Media("https://aurora.test/b.png")))
    server.says(PHOTOS, said({"id": "501"}), said({"id": "502"}))
    server.says(FEED, said({"id": "17_900"}))
    prepared = facebook.prepare(post)
    assert prepared == {"media": ["501", "502"]}
    facebook.publish(post, key="k", prepared=prepared)
    file, address, feed = server.asked[:3]
    assert b'name="published"\r\n\r\nfalse' in file.body
    assert b'name="alt_text_custom"\r\n\r\nA cake' in file.body
    assert b'filename="a.jpg"' in file.body
    assert b"\xff\xd8image" in file.body
    assert address.form == {"published": "false", "url": "https://aurora.test/b.png"}
    assert feed.form == {
        "message": "Panettone is back",
        "attached_media[0]": '{"media_fbid": "501"}',
        "attached_media[1]": '{"media_fbid": "502"}',
    }


def test_a_staged_image_whose_answer_is_lost_is_only_late(server, said, facebook, tmp_path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"image")
    server.says(PHOTOS, said(how="reset"))
    with pytest.raises(TryLater, match=r"upload a\.jpg for post p1"):
        facebook.prepare(replace(POST, media=(Media(str(tmp_path / "a.jpg")),)))


@pytest.mark.parametrize(
    "answer",
    [
        {"how": "hang"},
        {"how": "reset"},
        {"status": 500},
        {"status": 400, "body": {"error": {"message": "Please retry", "code": 2, "is_transient": True}}},
        {"body": {"success": True}},
    ],
)
def test_a_feed_call_without_a_clear_answer_is_unknown(server, said, facebook, answer) -> None:
    server.says(FEED, said(**answer))
    with pytest.raises(OutcomeUnknown, match="p1"):
        facebook.publish(POST, key="k")
    assert len(server.asked) == 1


def test_a_dead_token_stops_the_account(server, said, facebook) -> None:
    body = {"error": {"message": "Session has expired", "type": "OAuthException", "code": 190, "error_subcode": 463}}
    server.says(FEED, said(body, 400))
    with pytest.raises(CredentialsDead, match="new Page access token"):
        facebook.publish(POST, key="k")


def test_a_duplicate_that_is_there_is_ours(server, said, facebook) -> None:
    server.says(FEED, duplicate(said))
    server.says(POSTS, said({"data": [remote("another"), remote()]}))
    receipt = facebook.publish(POST, key="k")
    assert (receipt.remote_id, receipt.url, receipt.accepted_at) == ("17_900", "https://fb.test/900", DUE)


def test_a_duplicate_that_is_not_there_yet_is_unknown(server, said, facebook) -> None:
    server.says(FEED, duplicate(said))
    server.says(POSTS, said({"data": []}))
    with pytest.raises(OutcomeUnknown, match=r"posted already.*will be looked up"):
        facebook.publish(POST, key="k")


def test_a_duplicate_that_cannot_be_looked_up_is_unknown(server, said, facebook) -> None:
    server.says(FEED, duplicate(said))
    server.says(POSTS, said(status=500))
    with pytest.raises(OutcomeUnknown):
        facebook.publish(POST, key="k")


@pytest.mark.parametrize(
    ("post", "shown", "same"),
    [
        pytest.param(POST, remote(), True, id="same text"),
        pytest.param(replace(POST, text=" Panettone\r\nis back \n"), remote("Panettone\nis back"), True, id="trimmed"),
        pytest.param(replace(POST, text="Caffe\u0300"), remote("Caff\u00e8"), True, id="composed"),
        pytest.param(POST, remote("Panettone is back!"), False, id="other text"),
        pytest.param(POST, remote(at=DUE - timedelta(minutes=11)), False, id="older than the post"),
        pytest.param(POST, remote(attachments=album(2)), False, id="images that are not ours"),
        pytest.param(
            replace(POST, link="https://a.test/p?x=1"),
            remote(attachments=link_to("https://a.test/p?x=1")),
            True,
            id="same link",
        ),
        pytest.param(
            replace(POST, link="https://A.test"),
            remote(attachments=link_to(f"https://l.facebook.com/l.php?u={quote('https://a.test/?fbclid=9')}", "url")),
            True,
            id="link behind Facebook's redirect",
        ),
        pytest.param(
            replace(POST, link="https://www.youtube.com/watch?v=9"),
            remote(attachments=film("https://www.youtube.com/watch?v=9")),
            True,
            id="link to a film",
        ),
        pytest.param(
            replace(POST, link="https://www.youtube.com/watch?v=9"),
            remote("Other words", attachments=film("https://www.youtube.com/watch?v=9")),
            False,
            id="other text, same film",
        ),
        pytest.param(
            POST,
            remote(attachments={"data": [{"media_type": "video", "type": "video_inline"}]}),
            False,
            id="a video that is not ours",
        ),
        pytest.param(replace(POST, link="https://a.test/p"), remote(), True, id="link without a preview"),
        pytest.param(
            replace(POST, media=(Media("a.jpg"), Media("b.jpg"))),
            remote(attachments=album(2)),
            True,
            id="as many images",
        ),
        pytest.param(
            replace(POST, media=(Media("a.jpg"),)),
            remote(attachments={"data": [{"media_type": "photo"}]}),
            True,
            id="one image",
        ),
        pytest.param(replace(POST, media=(Media("a.jpg"),)), remote(attachments=album(2)), False, id="more images"),
    ],
)
def test_finding_compares_what_a_reader_sees(server, said, facebook, post, shown, same) -> None:
    server.says(POSTS, said({"data": [shown]}))
    assert (facebook.find(post, key="k") is not None) is same


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://a.test/p", link_to("https://a.test/q")),
        ("https://youtu.be/9", film("https://www.youtube.com/watch?v=9")),
    ],
)
def test_the_same_words_with_another_link_are_undecided(server, said, facebook, link, shown) -> None:
    server.says(POSTS, said({"data": [remote("another"), remote(attachments=shown)]}))
    with pytest.raises(TryLater, match="900 says the same"):
        facebook.find(replace(POST, link=link), key="k")
    server.says(FEED, duplicate(said))
    with pytest.raises(OutcomeUnknown, match="Looking it up failed"):
        facebook.publish(replace(POST, link=link), key="k")


@pytest.mark.parametrize("text", ["", "Panettone is back"])
def test_the_photos_own_ids_decide_both_ways(server, said, facebook, text) -> None:
    post, prepared = replace(POST, text=text, media=(Media("a.jpg"),)), {"media": ["501"]}
    wrong, right = remote(text, attachments=photos("777")), remote(text, attachments=photos("501"), id="17_901")
    server.says(POSTS, said({"data": [wrong]}), said({"data": [wrong, right]}))
    assert facebook.find(post, key="k", prepared=prepared) is None
    assert facebook.find(post, key="k", prepared=prepared).remote_id == "17_901"
    server.says(POSTS, said({"data": [remote("Edited since", attachments=photos("501"))]}))
    assert facebook.find(post, key="k", prepared=prepared).remote_id == "17_900"


def test_pictures_without_words_and_without_ids_are_undecided(server, said, facebook) -> None:
    post, shown = replace(POST, text="", media=(Media("a.jpg"),)), {"data": [{"media_type": "photo"}]}
    server.says(POSTS, said({"data": [remote("", attachments=shown)]}))
    with pytest.raises(TryLater, match="may be it or another"):
        facebook.find(post, key="k", prepared={"media": ["501"]})


def test_what_is_older_than_the_call_is_another_post(server, said, facebook) -> None:
    begun = DUE + timedelta(minutes=5)
    server.says(POSTS, said({"data": [remote(at=begun - timedelta(minutes=3))]}))
    assert facebook.find(POST, key="k", since=begun) is None
    assert server.asked[0].query["since"] == str(int((begun - timedelta(minutes=2)).timestamp()))
    server.says(POSTS, said({"data": [remote(at=begun - timedelta(minutes=1))]}))
    assert facebook.find(POST, key="k", since=begun).remote_id == "17_900"


def test_finding_looks_from_ten_minutes_before_and_on_every_page(server, said, facebook) -> None:
    after = "https://graph.facebook.com/v25.0/17/published_posts?access_token=EAAB-marked&limit=100&after=b&since=5"
    server.says(POSTS, said({"data": [remote("another")], "paging": {"next": after}}), said({"data": [remote()]}))
    assert facebook.find(POST, key="k").remote_id == "17_900"
    first, second = server.asked
    assert first.query["since"] == str(int((DUE - timedelta(minutes=10)).timestamp()))
    assert second.query == {"limit": "100", "after": "b", "since": "5"}


def test_a_post_without_a_time_is_looked_for_over_a_day(server, said, facebook) -> None:
    server.says(POSTS, said({"data": []}))
    assert facebook.find(replace(POST, publish_at=None), key="k") is None
    age = datetime.now(UTC).timestamp() - int(server.asked[0].query["since"])
    assert 86_400 <= age < 86_500


def test_an_answer_without_a_list_proves_no_absence(server, said, facebook) -> None:
    server.says(POSTS, said({}))
    with pytest.raises(TryLater, match="look for post p1"):
        facebook.find(POST, key="k")
