"""A post goes out to Mastodon once, and is found again by its words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from include.domain.errors import OutcomeUnknown, Refused, TryLater
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
    assert server.asked[0].json == {"status": "Panettone is back https://aurora.com/p"}
    assert server.asked[0].headers["Authorization"] == "Bearer token-of-aurora"
    post = replace(POST, thread=("two",))
    mastodon.publish(POST, key="k")
    mastodon.publish(POST, key="l")
    mastodon.follow(post, post.parts[1], key="k", after=["900"])
    first, again, other, part = (asked.headers["Idempotency-Key"] for asked in server.asked)
    assert first == again
    assert len({first, other, part}) == 3
    assert server.asked[-1].json == {"status": "two", "in_reply_to_id": "900"}


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
    assert server.asked[-1].json == {"status": "Panettone is back", "media_ids": ["77"]}


def test_a_video_that_stays_in_the_works_is_late_and_one_that_fails_is_refused(
    server, said, mastodon, tmp_path
) -> None:
    (tmp_path / "a.mp4").write_bytes(b"video")
    post = replace(POST, media=(Media(str(tmp_path / "a.mp4")),))
    server.says(MEDIA, said({"id": "77"}, 202))
    server.says(MEDIUM, said({"id": "77"}, 206))
    with pytest.raises(TryLater, match=r"upload a\.mp4 for post p1\. The instance is still processing"):
        mastodon.prepare(post)
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


def test_editing_changes_the_text_and_deleting_what_is_gone_is_done(server, said, mastodon) -> None:
    server.says("PUT /api/v1/statuses/900", said(status()))
    server.says("DELETE /api/v1/statuses/900", said(status()), said({"error": "Record not found"}, 404))
    mastodon.edit(replace(POST, text="Corrected"), "900")
    assert server.asked[0].json == {"status": "Corrected"}
    mastodon.delete("900")
    mastodon.delete("900")


def test_who_we_are_is_asked_once(server, said) -> None:
    hook = MastodonHook("mastodon_aurora", access=Access.to("mastodon_aurora", server.url, "token"))
    server.says("GET /api/v1/accounts/verify_credentials", said({"id": "42"}))
    server.says(TIMELINE, said([]))
    assert hook.find(POST, key="k") is None
    assert hook.find(POST, key="k") is None
    assert len(server.requests("GET /api/v1/accounts/verify_credentials")) == 1
