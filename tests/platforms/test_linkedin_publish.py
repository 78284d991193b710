"""A post goes out to LinkedIn once, is found again as people read it, and is commented, edited and taken down."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, Refused, TryLater, Unfinished
from include.domain.posts import Media, Post
from platforms.linkedin.hook import LinkedInHook
from platforms.transport.access import Access

POSTS, FIND, NAMED = "POST /rest/posts", "GET /rest/posts", "GET /rest/posts/urn%3Ali%3Ashare%3A9"
IMAGES, VIDEOS, VIDEO = "POST /rest/images", "POST /rest/videos", "GET /rest/videos/urn%3Ali%3Avideo%3AV"
COMMENT, COMMENTS = (f"{m} /rest/socialActions/urn%3Ali%3Ashare%3A900/comments" for m in ("POST", "GET"))
ORGANIZATION = "urn:li:organization:42"
DUE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
POST = Post("p1", "linkedin_aurora", "Panettone (fresh) is back #Natale", publish_at=DUE)
DUPLICATE = {
    "message": "Content is a duplicate of urn:li:share:9",
    "errorDetails": {"inputErrors": [{"code": "DUPLICATE_POST"}]},
    "status": 422,
}


@pytest.fixture
def linkedin(server, waits) -> LinkedInHook:
    access = Access.to("linkedin_aurora", server.url, "AQX-marked-secret-7f3c", {"organization_id": "42"})
    hook = LinkedInHook("linkedin_aurora", access=access, pause=waits.append)
    hook.session._timeout, hook.session._pause = (0.5, 0.3), waits.append
    return hook


def remote(commentary=r"Panettone \(fresh\) is back {hashtag|\#|Natale}", at=DUE, **fields):
    ms = int((at + timedelta(seconds=2)).timestamp() * 1000)
    times = {"createdAt": ms, "publishedAt": ms, "lastModifiedAt": ms}
    return {"id": "urn:li:share:900", "author": ORGANIZATION, "commentary": commentary, **times, **fields}


def page(*elements):
    return {"elements": list(elements), "paging": {"start": 0, "count": 100, "links": []}}


def live(said, urn="urn:li:share:900"):
    return said(b"", 201, {"x-restli-id": urn})


def test_a_text_goes_out_with_the_headers_of_a_version(server, said, linkedin) -> None:
    server.says(POSTS, live(said))
    receipt = linkedin.publish(POST, key="k")
    address = "https://www.linkedin.com/feed/update/urn:li:share:900/"
    assert (receipt.post_id, receipt.remote_id, receipt.url) == ("p1", "urn:li:share:900", address)
    [asked] = server.asked
    assert asked.headers["LinkedIn-Version"] == "202607"
    assert asked.headers["X-Restli-Protocol-Version"] == "2.0.0"
    assert asked.headers["Authorization"].startswith("Bearer ")
    assert asked.json == {
        "author": ORGANIZATION,
        "commentary": r"Panettone \(fresh\) is back #Natale",
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }


def test_the_connection_may_ask_for_another_version(server, said) -> None:
    extra = {"organization_id": "urn:li:organization:42", "linkedin_version": "202701"}
    server.says(POSTS, live(said))
    hook = LinkedInHook("linkedin_aurora", access=Access.to("linkedin_aurora", server.url, "t", extra))
    hook.publish(POST, key="k")
    assert server.asked[0].headers["LinkedIn-Version"] == "202701"
    assert server.asked[0].json["author"] == ORGANIZATION


def role(organization):
    return {"role": "ADMINISTRATOR", "state": "APPROVED", "organization": f"urn:li:organization:{organization}"}


def unnamed(server, **extra) -> LinkedInHook:
    return LinkedInHook("linkedin_aurora", access=Access.to("linkedin_aurora", server.url, "t", extra))


def test_who_speaks_is_asked_once_where_the_connection_does_not_say(server, said) -> None:
    server.says("GET /rest/organizationAcls", said(page(role(42), {**role(42), "role": "ANALYST"})), said(page()))
    server.says(FIND, said(page()))
    hook = unnamed(server)
    assert (hook.find(POST, key="k"), hook.find(POST, key="k"), hook.author) == (None, None, ORGANIZATION)
    assert server.asked[0].query["state"] == "APPROVED"
    assert len(server.requests("GET /rest/organizationAcls")) == 2


@pytest.mark.parametrize(
    ("extra", "answer", "words"),
    [
        ({"organization_id": "aurora"}, {}, "is 'aurora' and no number"),
        ({}, {"body": page(role(42), role(43))}, "speaks for 2 organizations"),
        ({}, {"body": page()}, "speaks for 0 organizations"),
        ({}, {"status": 403, "body": {"message": "Not enough permissions"}}, "may not say which organization"),
    ],
)
def test_an_organization_that_is_not_clear_is_asked_for(server, said, extra, answer, words) -> None:
    server.says("GET /rest/organizationAcls", said(**answer), said(page()))
    with pytest.raises(CredentialsDead, match=f"{words}.*organization_id"):
        unnamed(server, **extra).publish(POST, key="k")
    assert server.requests(POSTS) == []


def test_an_image_is_put_to_its_address(server, said, linkedin, tmp_path) -> None:
    (tmp_path / "a.png").write_bytes(b"image")
    post = replace(POST, media=(Media(str(tmp_path / "a.png"), "A cake"),))
    server.says(IMAGES, said({"value": {"uploadUrl": f"{server.url}/dms-uploads/x", "image": "urn:li:image:I"}}))
    server.says("PUT /dms-uploads/x", said(b"", 201))
    assert linkedin.prepare(post) == {"media": ["urn:li:image:I"]}
    begun, put = server.asked
    assert (begun.query, begun.json) == (
        {"action": "initializeUpload"},
        {"initializeUploadRequest": {"owner": ORGANIZATION}},
    )
    assert (put.body, put.headers["Content-Type"]) == (b"image", "application/octet-stream")


def test_the_token_goes_to_no_stranger(server, said, linkedin, tmp_path) -> None:
    (tmp_path / "a.png").write_bytes(b"image")
    stranger = server.url.replace("127.0.0.1", "localhost")
    server.says(IMAGES, said({"value": {"uploadUrl": f"{stranger}/put", "image": "urn:li:image:I"}}))
    server.says("PUT /put", said(b"", 201))
    linkedin.prepare(replace(POST, media=(Media(str(tmp_path / "a.png")),)))
    assert "Authorization" not in server.asked[-1].headers


def video(server, said, tmp_path, states, etag='"e%s"'):
    """A video of ten bytes in two parts, and the states that LinkedIn tells of it."""
    (tmp_path / "a.mp4").write_bytes(b"0123456789")
    parts = [{"uploadUrl": f"{server.url}/part{n}", "firstByte": 6 * n, "lastByte": 5 + 4 * n} for n in (0, 1)]
    value = {"video": "urn:li:video:V", "uploadToken": "", "uploadInstructions": parts}
    server.says(VIDEOS, said({"value": value}), said(b"", 200))
    for n in (0, 1):
        server.says(f"PUT /part{n}", said(b"", 200, {"ETag": etag % n} if etag else {}))
    server.says(VIDEO, *(said({"id": "urn:li:video:V", "status": state}) for state in states))
    return replace(POST, media=(Media(str(tmp_path / "a.mp4")),))


def test_a_video_goes_in_parts_and_is_waited_for(server, said, linkedin, waits, tmp_path) -> None:
    post = video(server, said, tmp_path, ["WAITING_UPLOAD", "PROCESSING", "AVAILABLE"])
    assert linkedin.prepare(post) == {"media": ["urn:li:video:V"]}
    begun, finalized = server.requests(VIDEOS)
    asked = {"owner": ORGANIZATION, "fileSizeBytes": 10, "uploadCaptions": False, "uploadThumbnail": False}
    assert begun.json == {"initializeUploadRequest": asked}
    assert [server.requests(f"PUT /part{n}")[0].body for n in (0, 1)] == [b"012345", b"6789"]
    named = {"video": "urn:li:video:V", "uploadToken": "", "uploadedPartIds": ["e0", "e1"]}
    assert (finalized.query, finalized.json) == ({"action": "finalizeUpload"}, {"finalizeUploadRequest": named})
    assert waits == [3.0, 3.0]


@pytest.mark.parametrize(
    ("state", "etag", "kind", "words"),
    [
        ("PROCESSING_FAILED", '"e%s"', Refused, "save it anew as MP4"),
        ("PROCESSING", '"e%s"', Unfinished, "still processing"),
        ("AVAILABLE", "", TryLater, "gave no ETag"),
    ],
)
def test_a_video_that_fails_is_refused_and_a_slow_one_is_late(
    server, said, linkedin, tmp_path, state, etag, kind, words
) -> None:
    post = video(server, said, tmp_path, [state], etag)
    with pytest.raises(kind, match=rf"could not upload a\.mp4 for post p1.*{words}"):
        linkedin.prepare(post)


def test_a_slow_video_is_asked_for_again_and_not_sent_again(server, said, linkedin, tmp_path) -> None:
    post = video(server, said, tmp_path, ["PROCESSING"])
    with pytest.raises(Unfinished) as late:
        linkedin.prepare(post)
    assert late.value.prepared == {"media": ["urn:li:video:V"]}
    server.says(VIDEO, said({"id": "urn:li:video:V", "status": "AVAILABLE"}))
    assert linkedin.prepare(post, earlier=late.value.prepared) == {"media": ["urn:li:video:V"]}
    assert len(server.requests(VIDEOS)) == 2
    post = video(server, said, tmp_path, ["AVAILABLE"])
    server.says("GET /rest/videos/urn%3Ali%3Avideo%3AW", said({"status": 404}, 404))
    assert linkedin.prepare(post, earlier={"media": ["urn:li:video:W"]}) == {"media": ["urn:li:video:V"]}
    assert len(server.requests(VIDEOS)) == 4


def test_a_part_that_ends_after_the_file_is_as_long_as_the_file(server, said, linkedin, tmp_path) -> None:
    post = video(server, said, tmp_path, ["AVAILABLE"])
    part = {"uploadUrl": f"{server.url}/part0", "firstByte": 0, "lastByte": 10**12}
    value = {"video": "urn:li:video:V", "uploadToken": "", "uploadInstructions": [part]}
    server.says(VIDEOS, said({"value": value}), said(b"", 200))
    linkedin.prepare(post)
    assert server.requests("PUT /part0")[0].body == b"0123456789"


@pytest.mark.parametrize("how", [{"how": "hang"}, {"status": 500}, {"body": b'{"value"'}, {"body": {"value": None}}])
def test_an_upload_without_a_clear_answer_is_only_late(server, said, linkedin, tmp_path, how) -> None:
    (tmp_path / "a.png").write_bytes(b"image")
    server.says(IMAGES, said(**how))
    with pytest.raises(TryLater, match=r"upload a\.png for post p1"):
        linkedin.prepare(replace(POST, media=(Media(str(tmp_path / "a.png")),)))


@pytest.mark.parametrize(
    "answer", [{"how": "hang"}, {"how": "reset"}, {"how": "cut"}, {"status": 503}, {"body": b"", "status": 201}]
)
def test_a_post_without_a_clear_answer_is_unknown(server, said, linkedin, answer) -> None:
    server.says(POSTS, said(**answer))
    with pytest.raises(OutcomeUnknown, match="p1"):
        linkedin.publish(POST, key="k")
    assert len(server.asked) == 1


def test_a_duplicate_that_is_named_and_seen_is_ours(server, said, linkedin) -> None:
    server.says(POSTS, said(DUPLICATE, 422))
    server.says(NAMED, said(remote(id="urn:li:share:9")))
    receipt = linkedin.publish(POST, key="k")
    assert (receipt.remote_id, receipt.accepted_at) == ("urn:li:share:9", DUE + timedelta(seconds=2))
    assert server.requests(FIND) == []


def test_a_duplicate_of_an_older_post_is_refused(server, said, linkedin) -> None:
    server.says(POSTS, said(DUPLICATE, 422))
    server.says(NAMED, said(remote(at=DUE - timedelta(days=3))))
    with pytest.raises(Refused, match="posted already"):
        linkedin.publish(POST, key="k")


def test_a_ghost_gives_way_to_what_is_in_the_list(server, said, linkedin) -> None:
    server.says(POSTS, said(DUPLICATE, 422))
    server.says(NAMED, said({"message": "urn:li:share:9 cannot be found", "status": 404}, 404))
    server.says(FIND, said(page(remote("something else"), remote())))
    assert linkedin.publish(POST, key="k").remote_id == "urn:li:share:900"


def test_a_ghost_that_nobody_sees_proves_nothing(server, said, linkedin) -> None:
    server.says(POSTS, said(DUPLICATE, 422))
    server.says(NAMED, said({"status": 404}, 404))
    server.says(FIND, said(page()))
    with pytest.raises(OutcomeUnknown, match="looked up again"):
        linkedin.publish(POST, key="k")


def test_a_duplicate_that_cannot_be_looked_up_is_unknown(server, said, linkedin) -> None:
    server.says(POSTS, said(DUPLICATE, 422))
    server.says(NAMED, said(status=503))
    with pytest.raises(OutcomeUnknown):
        linkedin.publish(POST, key="k")


LINKED = replace(POST, text="Order now", link="https://Aurora.com/p/?a=1")
PICTURED = replace(POST, text="Look", media=(Media("a.jpg"), Media("b.jpg")))
TWO = {"multiImage": {"images": [{"id": "i1"}, {"id": "i2"}]}}


@pytest.mark.parametrize(
    ("post", "shown", "same"),
    [
        pytest.param(POST, remote(), True, id="as LinkedIn writes it"),
        pytest.param(POST, remote("Panettone \\(fresh\\) is back #Natale"), True, id="as we write it"),
        pytest.param(POST, remote("Panettone"), False, id="cut"),
        pytest.param(POST, remote(at=DUE - timedelta(hours=1)), False, id="the same words before"),
        pytest.param(replace(POST, text="Caffe\u0300\r\n\r\nlatte "), remote("Caff\u00e8\nlatte"), True, id="spaced"),
        pytest.param(
            LINKED, remote("Order now", content={"article": {"source": "https://aurora.com/p?a=1"}}), True, id="link"
        ),
        pytest.param(
            LINKED,
            remote("Order now", content={"article": {"source": "https://aurora.com/p?a=2"}}),
            None,
            id="other link",
        ),
        pytest.param(LINKED, remote("Order now"), None, id="link missing"),
        pytest.param(
            replace(LINKED, link="https://città.it/caffè"),
            remote("Order now", content={"article": {"source": "https://xn--citt-3na.it/caff%C3%A8"}}),
            True,
            id="link of another script",
        ),
        pytest.param(POST, remote("Panettone fresh is back #Natale!"), None, id="nearly the words"),
        pytest.param(replace(PICTURED, text=""), remote("", content=TWO), None, id="images, nobody knows which"),
        pytest.param(POST, remote(lifecycleState="PUBLISHED"), True, id="out"),
        pytest.param(POST, remote(lifecycleState="PUBLISH_REQUESTED"), None, id="not out yet"),
        pytest.param(POST, remote(lifecycleState="PUBLISH_FAILED"), False, id="never out"),
        pytest.param(POST, remote(lifecycleState="DRAFT"), False, id="a draft"),
        pytest.param(
            replace(POST, text="See https://aurora.com/a/long/address now"),
            remote("See https://lnkd.in/abc now"),
            True,
            id="shortened",
        ),
        pytest.param(PICTURED, remote("Look", content=TWO), True, id="two images"),
        pytest.param(PICTURED, remote("Look", content={"media": {"id": "i1"}}), False, id="one image missing"),
        pytest.param(POST, remote(content={"media": {"id": "i1"}}), False, id="an image too many"),
    ],
)
def test_finding_compares_the_post_as_people_read_it(server, said, linkedin, post, shown, same) -> None:
    server.says(FIND, said(page(shown)), said(page()))
    assert found_or_not(lambda: linkedin.find(post, key="k")) is same


def found_or_not(look):
    """True, False, or None where it cannot be told."""
    try:
        return look() is not None
    except TryLater:
        return None


@pytest.mark.parametrize(
    ("words", "shown", "ids", "same"),
    [
        pytest.param("", "", ["i1", "i2"], True, id="the pictures that were uploaded"),
        pytest.param("", "", ["i1", "i3"], False, id="other pictures without words"),
        pytest.param("Look", "Something else", ["i1", "i3"], False, id="another post"),
        pytest.param("Look", "Look", ["i1", "i3"], None, id="the words with other pictures"),
    ],
)
def test_pictures_are_told_apart_by_the_ids_that_were_uploaded(server, said, linkedin, words, shown, ids, same) -> None:
    server.says(FIND, said(page(remote(shown, content=TWO))), said(page()))
    post = replace(PICTURED, text=words)
    assert found_or_not(lambda: linkedin.find(post, key="k", prepared={"media": ids})) is same


def test_what_is_older_than_the_call_is_another_post(server, said, linkedin) -> None:
    server.says(FIND, said(page(remote())), said(page()))
    assert linkedin.find(POST, key="k", since=DUE + timedelta(minutes=5)) is None
    server.says(FIND, said(page(remote())), said(page()))
    assert linkedin.find(POST, key="k", since=DUE + timedelta(minutes=2)) is not None


def test_finding_asks_page_after_page_until_all_is_older(server, said, linkedin) -> None:
    old = remote("old", at=DUE - timedelta(days=1))
    server.says(FIND, said(page(remote("a"), remote("b"))), said(page(remote("c"), old)), said(page(remote())))
    assert linkedin.find(POST, key="k") is None
    first, second = server.asked
    asked = {"q": "author", "author": ORGANIZATION, "sortBy": "LAST_MODIFIED", "count": "100"}
    assert first.query == {**asked, "start": "0"}
    assert second.query == {**asked, "start": "100"}
    assert first.headers["X-RestLi-Method"] == "FINDER"


@pytest.mark.parametrize("answer", [{"body": {}}, {"body": []}, {"body": b"<html>"}, {"status": 502}])
def test_a_list_that_is_none_proves_no_absence(server, said, linkedin, answer) -> None:
    server.says(FIND, said(**answer))
    with pytest.raises(TryLater, match="look for post p1"):
        linkedin.find(POST, key="k")


COMMENTED = replace(POST, first_comment="Order here (link): https://aurora.com/p_1")
[_, PART] = COMMENTED.parts


def test_the_first_comment_is_plain_text(server, said, linkedin) -> None:
    urn = "urn:li:comment:(urn:li:activity:901,77)"
    server.says(COMMENT, said({"id": "77", "$URN": urn, "object": "urn:li:activity:901"}, 201, {"x-restli-id": "77"}))
    receipt = linkedin.follow(COMMENTED, PART, key="k", after=["urn:li:share:900"])
    assert receipt.remote_id == urn
    assert receipt.url.startswith("https://www.linkedin.com/feed/update/urn:li:share:900/?commentUrn=urn%3Ali")
    text = {"text": "Order here (link): https://aurora.com/p_1"}
    assert server.asked[0].json == {"actor": ORGANIZATION, "object": "urn:li:share:900", "message": text}


def test_a_comment_whose_answer_has_only_its_id_is_named_by_it(server, said, linkedin) -> None:
    server.says(COMMENT, said(b"", 201, {"x-restli-id": "77"}))
    receipt = linkedin.follow(COMMENTED, PART, key="k", after=["urn:li:share:900"])
    assert receipt.remote_id == "urn:li:comment:(urn:li:share:900,77)"


@pytest.mark.parametrize("answer", [{"how": "reset"}, {"status": 500}, {"body": b"", "status": 201}])
def test_a_comment_without_a_clear_answer_is_unknown(server, said, linkedin, answer) -> None:
    server.says(COMMENT, said(**answer))
    with pytest.raises(OutcomeUnknown, match="post p1"):
        linkedin.follow(COMMENTED, PART, key="k", after=["urn:li:share:900"])


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        pytest.param({"body": remote(at=datetime.now(UTC) - timedelta(minutes=1))}, TryLater, id="young"),
        pytest.param({"body": remote(at=datetime.now(UTC) - timedelta(hours=1))}, Refused, id="old"),
        pytest.param({"status": 404}, TryLater, id="not to be seen yet"),
        pytest.param({"status": 403}, TryLater, id="not to be seen by us"),
    ],
)
def test_a_post_that_is_not_there_yet_is_commented_later(server, said, linkedin, answer, kind) -> None:
    """However late it went out: its own time counts, not the planned one."""
    server.says(COMMENT, said({"message": "not found", "status": 404}, 404))
    server.says("GET /rest/posts/urn%3Ali%3Ashare%3A900", said(**answer))
    with pytest.raises(kind, match="comment on post p1"):
        linkedin.follow(COMMENTED, PART, key="k", after=["urn:li:share:900"])


def test_comments_are_read_no_further_back_than_the_call(server, said, linkedin) -> None:
    def comment(at):
        made = {"time": int(at.timestamp() * 1000)}
        message = {"text": PART.text}
        return {"id": "2", "actor": ORGANIZATION, "message": message, "object": "urn:li:activity:901", "created": made}

    newer, older = DUE + timedelta(minutes=1), DUE - timedelta(minutes=5)
    server.says(COMMENTS, said(page({**comment(newer), "actor": "urn:li:person:x"}, comment(older))))
    assert linkedin.find_part(COMMENTED, PART, key="k", after=["urn:li:share:900"], since=DUE) is None
    assert len(server.asked) == 1
    server.says(COMMENTS, said(page({**comment(older), "actor": "urn:li:person:x"})), said(page(comment(newer))))
    found = linkedin.find_part(COMMENTED, PART, key="k", after=["urn:li:share:900"], since=older)
    assert found.accepted_at == newer


def test_our_comment_is_found_among_others(server, said, linkedin) -> None:
    message = {"text": "Order here (link):\nhttps://aurora.com/p_1"}
    theirs = {"id": "1", "actor": "urn:li:person:x", "message": message, "object": "urn:li:activity:901"}
    ours = {**theirs, "id": "2", "actor": ORGANIZATION, "created": {"time": 1_795_000_000_000}}
    server.says(COMMENTS, said(page(theirs)), said(page(ours)))
    found = linkedin.find_part(COMMENTED, PART, key="k", after=["urn:li:share:900"])
    assert found.remote_id == "urn:li:comment:(urn:li:activity:901,2)"
    server.says(COMMENTS, said(page(theirs)), said(page()))
    assert linkedin.find_part(COMMENTED, PART, key="k", after=["urn:li:share:900"]) is None


def test_taking_down_may_be_done_again(server, said, linkedin) -> None:
    route = "DELETE /rest/posts/urn%3Ali%3Ashare%3A900"
    server.says(route, said(b"", 204), said({"status": 404, "message": "cannot be found"}, 404))
    linkedin.delete("urn:li:share:900")
    linkedin.delete("urn:li:share:900")
    server.says(route, said({"status": 403, "message": "Not enough permissions"}, 403))
    with pytest.raises(Refused, match="delete urn:li:share:900"):
        linkedin.delete("urn:li:share:900")


def test_a_comment_is_taken_down_where_it_stands(server, said, linkedin) -> None:
    server.says("DELETE /rest/socialActions/urn%3Ali%3Aactivity%3A901/comments/77", said(b"", 204))
    linkedin.delete("urn:li:comment:(urn:li:activity:901,77)")
    assert server.asked[0].query == {"actor": ORGANIZATION}


def test_an_edit_sends_the_new_text_alone(server, said, linkedin) -> None:
    server.says("POST /rest/posts/urn%3Ali%3Ashare%3A900", said(b"", 204))
    linkedin.edit(replace(POST, text="Now (really)"), "urn:li:share:900")
    assert server.asked[0].headers["X-RestLi-Method"] == "PARTIAL_UPDATE"
    assert server.asked[0].json == {"patch": {"$set": {"commentary": r"Now \(really\)"}}}
