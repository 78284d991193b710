"""A post goes out to Mastodon once, and is found again by its words."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from include.domain.errors import OutcomeUnknown, Refused, TryLater, Unfinished
from include.domain.posts import Media, Post
from platforms.mastodon.hook import MastodonHook
from platforms.transport.access import Access

STATUSES, TIMELINE = "POST /api/v1/statuses", "GET /api/v1/accounts/42/statuses"
MEDIA, MEDIUM, INSTANCE = "POST /api/v2/media", "GET /api/v1/media/77", "GET /api/v2/instance"
DUE = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
POST = Post("p1", "mastodon_aurora", "Panettone is back", publish_at=DUE)


def status(content="<p>Panettone is back</p>", **fields):
    shown = {"id": "900", "url": "https://mastodon.example/@aurora/900", "created_at": "2026-11-20T09:00:02.000Z"}
    return {**shown, "content": content, "media_attachments": [], "in_reply_to_id": None, **fields}


@pytest.fixture
def mastodon(server, said, waits) -> MastodonHook:
    access = Access.to("mastodon_aurora", server.url, "token-of-aurora", {"account_id": "42"})
    hook = MastodonHook("mastodon_aurora", access=access, pause=waits.append)
    hook.session._timeout, hook.session._pause = (0.5, 0.3), waits.append
    server.says(STATUSES, said(status()))
    server.says(INSTANCE, said({"configuration": {"statuses": {"max_characters": 3000}, "media_attachments": {}}}))
    return hook


def test_a_text_goes_out_with_a_key_that_is_the_same_for_every_attempt(server, mastodon) -> None:
    receipt = mastodon.publish(replace(POST, link="https://aurora.com/p"), key="k")
    assert (receipt.remote_id, receipt.url) == ("900", "https://mastodon.example/@aurora/900")
    assert receipt.accepted_at == datetime(2026, 11, 20, 9, 0, 2, tzinfo=UTC)
    assert server.asked[0].json == {"status": "Panettone is back https://aurora.com/p", "visibility": "public"}
    assert server.asked[0].headers["Authorization"] == "Bearer token-of-aurora"
    post = replace(POST, thread=("two",))
    mastodon.publish(POST, key="k")
    mastodon.publish(POST, key="l")
    mastodon.follow(post, post.parts[1], key="k", after=["900"])
    first, again, other, part = (asked.headers["Idempotency-Key"] for asked in server.asked)
    assert first == again
    assert len({first, other, part}) == 3
    assert server.asked[-1].json == {"status": "two", "in_reply_to_id": "900", "visibility": "public"}


@pytest.mark.parametrize("answer", [{"how": "hang"}, {"how": "reset"}, {"how": "cut"}, {"status": 503}, {"body": {}}])
def test_a_post_without_a_clear_answer_is_unknown(server, said, mastodon, answer) -> None:
    server.says(STATUSES, said(**answer))
    with pytest.raises(OutcomeUnknown, match="p1"):
        mastodon.publish(POST, key="k")
    assert len(server.asked) == 1


def test_a_video_is_sent_as_a_form_and_waited_for(server, said, mastodon, waits, tmp_path) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    server.says(MEDIA, said({"id": "77", "url": None}, 202))
    server.says(MEDIUM, said({"id": "77", "url": None}, 206), said({"id": "77", "url": "https://files.example/77"}))
    post = replace(POST, media=(Media(str(tmp_path / "a.mp4"), "It rises"),))
    prepared = mastodon.prepare(post)
    assert prepared == {"media": ["77"]}
    sent = server.requests(MEDIA)[0].body
    assert b'name="description"\r\n\r\nIt rises' in sent
    assert b'name="file"; filename="a.mp4"\r\nContent-Type: video/mp4\r\n\r\nvideo\r\n' in sent
    assert waits == [1, 1]
    mastodon.publish(post, key="k", prepared=prepared)
    assert server.asked[-1].json == {"status": "Panettone is back", "visibility": "public", "media_ids": ["77"]}


def test_a_video_that_stays_in_the_works_is_late_and_one_that_fails_is_refused(
    server, said, mastodon, tmp_path
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    post = replace(POST, media=(Media(str(tmp_path / "a.mp4")),))
    server.says(MEDIA, said({"id": "77"}, 202))
    server.says(MEDIUM, said({"id": "77"}, 206))
    with pytest.raises(Unfinished, match=r"upload a\.mp4 for post p1\. The instance is still processing") as late:
        mastodon.prepare(post)
    assert late.value.prepared == {"media": ["77"]}
    server.says(MEDIUM, said({"id": "77"}))
    assert mastodon.prepare(post, earlier=late.value.prepared) == {"media": ["77"]}
    assert len(server.requests(MEDIA)) == 1
    server.says("GET /api/v1/media/66", said({"error": "Record not found"}, 404))
    assert mastodon.prepare(post, earlier={"media": ["66"]}) == {"media": ["77"]}
    assert len(server.requests(MEDIA)) == 2
    server.says(MEDIUM, said({"error": "Error processing thumbnail for uploaded media"}, 422))
    with pytest.raises(Refused, match="cannot process the file"):
        mastodon.prepare(post)


def test_the_instance_is_asked_once_for_what_it_allows(server, mastodon) -> None:
    assert mastodon.limits() == mastodon.limits() == {"max_characters": 3000}
    assert len(server.asked) == 1


def test_finding_reads_back_to_ten_minutes_before_the_post_was_due(server, said, mastodon) -> None:
    other = status("<p>another</p>", id="950")
    server.says(TIMELINE, said([other]), said([status()]))
    assert mastodon.find(POST, key="k").remote_id == "900"
    first, second = server.asked
    assert first.query == {"limit": "40", "exclude_reblogs": "true"}
    assert second.query == {**first.query, "max_id": "950"}
    early = status(created_at="2026-11-20T08:49:00.000Z")
    server.says(TIMELINE, said([early]))
    assert mastodon.find(POST, key="k") is None


@pytest.mark.parametrize("body", [{}, {"error": "?"}])
def test_an_answer_that_is_no_list_proves_nothing(server, said, mastodon, body) -> None:
    server.says(TIMELINE, said(body))
    with pytest.raises(TryLater, match="look for post p1"):
        mastodon.find(POST, key="k")


def test_a_part_is_found_by_its_words_and_what_it_answers(server, said, mastodon) -> None:
    post = replace(POST, thread=("two",))
    server.says(TIMELINE, said([status("<p>two</p>", in_reply_to_id="900", id="901")]), said([]))
    assert mastodon.find_part(post, post.parts[1], key="k", after=["900"]).remote_id == "901"
    server.says(TIMELINE, said([status("<p>two</p>", in_reply_to_id="800", id="901")]), said([]))
    assert mastodon.find_part(post, post.parts[1], key="k", after=["900"]) is None


def test_a_first_comment_is_refused_in_words(mastodon) -> None:
    post = replace(POST, first_comment="Link below")
    with pytest.raises(Refused, match="Mastodon has no first comment; make it the thread's next text"):
        mastodon.follow(post, post.parts[1], key="k", after=["900"])


def test_editing_changes_the_text_alone_and_deleting_what_is_gone_is_done(server, said, mastodon) -> None:
    pictured = status(media_attachments=[{"id": "77"}], sensitive=True, spoiler_text="Sweet", language="it")
    server.says("GET /api/v1/statuses/900", said(pictured))
    server.says("PUT /api/v1/statuses/900", said(pictured))
    server.says("DELETE /api/v1/statuses/900", said(status()), said({"error": "Record not found"}, 404))
    mastodon.edit(replace(POST, text="Corrected"), "900")
    assert server.asked[1].json == {
        "status": "Corrected",
        "media_ids": ["77"],
        "sensitive": True,
        "spoiler_text": "Sweet",
        "language": "it",
    }
    mastodon.delete("900")
    mastodon.delete("900")


def test_who_we_are_is_asked_once(server, said) -> None:
    hook = MastodonHook("mastodon_aurora", access=Access.to("mastodon_aurora", server.url, "token"))
    server.says("GET /api/v1/accounts/verify_credentials", said({"id": "42"}))
    server.says(TIMELINE, said([]))
    assert hook.find(POST, key="k") is None
    assert hook.find(POST, key="k") is None
    assert len(server.requests("GET /api/v1/accounts/verify_credentials")) == 1


@pytest.mark.parametrize(
    ("words", "ids", "shown", "same"),
    [
        pytest.param("", ["77"], ("", "77"), True, id="the picture that was uploaded"),
        pytest.param("", ["77"], ("", "78"), False, id="another picture without words"),
        pytest.param("", [], ("", "78"), None, id="a picture, and nobody knows which was ours"),
        pytest.param("Cake", ["77"], ("Cake", "78"), None, id="the words with another picture"),
        pytest.param("Cake", ["77"], ("Pie", "78"), False, id="another post"),
        pytest.param("Cake", [], ("Cake!", "78"), None, id="nearly the words"),
        pytest.param("Cake", [], ("Cake", "78"), True, id="the words"),
    ],
)
def test_a_post_is_told_from_those_that_stand_near(server, said, mastodon, words, ids, shown, same) -> None:
    content, media = shown
    server.says(TIMELINE, said([status(f"<p>{content}</p>", media_attachments=[{"id": media}])]), said([]))
    post = replace(POST, text=words, media=(Media("a.jpg"),))
    if same is None:
        with pytest.raises(TryLater, match=r"https://mastodon\.example/@aurora/900 cannot be told from it for sure"):
            mastodon.find(post, key="k", prepared={"media": ids})
    else:
        assert (mastodon.find(post, key="k", prepared={"media": ids}) is not None) is same


def test_what_is_older_than_the_call_is_another_post(server, said, mastodon) -> None:
    server.says(TIMELINE, said([status()]), said([]))
    assert mastodon.find(POST, key="k", since=DUE + timedelta(minutes=5)) is None
    server.says(TIMELINE, said([status()]), said([]))
    assert mastodon.find(POST, key="k", since=DUE + timedelta(minutes=2)) is not None


def test_an_address_of_another_script_is_the_same_however_it_is_written(server, said, mastodon) -> None:
    shown = '<p>Caffè: <a href="https://xn--citt-3na.it/caff%C3%A8">https://xn--citt-3na.it/caff%C3%A8</a></p>'
    server.says(TIMELINE, said([status(shown)]), said([]))
    assert mastodon.find(replace(POST, text="Caffè: https://città.it/caffè"), key="k") is not None
