"""What Mastodon's answers become as comments, and what is sent to answer them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from include.domain.comments import CommentSource, Moderator
from include.domain.errors import Refused, TryLater
from platforms.mastodon.hook import MastodonHook
from platforms.transport.access import Access

NOTICES, OWN = "GET /api/v1/notifications", "GET /api/v1/accounts/42/statuses"
STATUSES, SAY = "GET /api/v1/statuses", "POST /api/v1/statuses"
SINCE = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def mastodon(server: Any, said: Any, waits: list[float]) -> MastodonHook:
    access = Access.to("mastodon_aurora", server.url, "token-of-aurora", {"account_id": "42"})
    hook = MastodonHook("mastodon_aurora", access=access, pause=waits.append)
    hook.session._timeout, hook.session._pause = (0.5, 0.3), waits.append
    server.says(NOTICES, said([]))
    server.says(OWN, said([]))
    return hook


def status(number: int, words: str, *, by: str = "7", answers: int | None = None, **more: Any) -> dict[str, Any]:
    whole = {"id": str(number), "content": f"<p>{words}</p>", "account": {"id": by, "acct": f"user{by}@other.example"}}
    whole |= {"created_at": "2026-11-24T10:00:00.000Z", "edited_at": None, "visibility": "public", "language": "it"}
    whole |= {
        "in_reply_to_id": str(answers) if answers else None,
        "url": f"https://m.example/@u/{number}",
        "reblog": None,
    }
    return {**whole, "media_attachments": [], "spoiler_text": "", **more}


def notice(of: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"id": f"9{of['id']}", "type": "mention", "created_at": of["created_at"], "status": of, **more}


OLD = status(1, "di prima", created_at="2026-11-01T10:00:00.000Z")


def heard(mastodon: MastodonHook) -> dict[str, Any]:
    return {comment.comment_id: comment for comment in mastodon.comments(SINCE)}


def test_a_thread_under_a_recent_post_takes_two_calls(server: Any, said: Any, mastodon: MastodonHook) -> None:
    reply = status(
        101, '<span class="h-card"><a href="x">@<span>aurora</span></a></span> buono &amp; bello', answers=100
    )
    deeper = status(102, "@aurora anche io", answers=103, language=None)
    letter = status(104, "@aurora in privato", visibility="direct")
    server.says(NOTICES, said([notice(deeper), notice(reply), notice(letter), notice(OLD)]))
    server.says(OWN, said([status(103, "Grazie", by="42", answers=101), status(100, "Nuovo", by="42"), OLD]))
    found = heard(mastodon)
    assert set(found) == {"101", "102", "103"}
    first = found["101"]
    assert (first.account, first.remote_id, first.parent_id) == ("mastodon_aurora", "100", None)
    assert (first.text, first.author, first.ours, first.language) == ("@aurora buono & bello", "7", False, "it")
    assert (first.url, first.created_at) == ("https://m.example/@u/101", datetime(2026, 11, 24, 10, tzinfo=UTC))
    assert (found["103"].ours, found["103"].parent_id, found["103"].remote_id) == (True, "101", "100")
    assert (found["102"].parent_id, found["102"].remote_id, found["102"].language) == ("103", "100", None)
    assert [each.path for each in server.asked] == ["/api/v1/notifications", "/api/v1/accounts/42/statuses"]


def test_an_older_thread_is_read_once_and_tells_what_does_not_name_us(
    server: Any, said: Any, mastodon: MastodonHook
) -> None:
    one, two = status(201, "@aurora uno", answers=200), status(202, "@aurora due", answers=201)
    others = status(203, "tra noi", by="8", answers=201)
    server.says(NOTICES, said([notice(two), notice(one), notice(OLD)]))
    server.says(OWN, said([]), said([status(190, "Altro", by="42")]))
    old = status(200, "Di maggio", by="42", created_at="2026-05-01T10:00:00.000Z")
    server.says("GET /api/v1/statuses/201/context", said({"ancestors": [old], "descendants": [two, others]}))
    found = heard(mastodon)
    assert {each: found[each].remote_id for each in found} == dict.fromkeys(("201", "202", "203"), "200")
    assert len(server.asked) == 4


def test_a_thread_that_one_of_the_last_posts_began_needs_no_context(
    server: Any, said: Any, mastodon: MastodonHook
) -> None:
    server.says(NOTICES, said([notice(status(201, "@aurora uno", answers=200)), notice(OLD)]))
    answers = [
        status(300 + number, "Grazie", by="42", answers=290, created_at=OLD["created_at"]) for number in range(3)
    ]
    server.says(OWN, said(answers), said([status(200, "Di maggio", by="42", created_at="2026-05-01T10:00:00.000Z")]))
    assert [each.remote_id for each in heard(mastodon).values()] == ["200"]
    assert [each.query.get("exclude_replies") for each in server.requests(OWN)] == [None, "true"]
    assert len(server.asked) == 3


def test_in_others_threads_only_what_is_said_to_us_is_heard(server: Any, said: Any, mastodon: MastodonHook) -> None:
    to_us, theirs = status(302, "sentite @aurora", answers=301), status(301, "parole loro", by="8", answers=300)
    server.says(
        NOTICES,
        said(
            [
                notice(to_us),
                notice(status(305, "@aurora aperti?")),
                notice(status(306, "guardate", quote={"quoted_status": {"id": "100"}}), type="quote"),
                notice(OLD),
            ]
        ),
    )
    root = status(300, "loro", by="8")
    server.says("GET /api/v1/statuses/302/context", said({"ancestors": [root, theirs], "descendants": []}))
    found = heard(mastodon)
    assert {each: found[each].remote_id for each in found} == {"302": "300", "305": "305", "306": "100"}


def test_a_thread_whose_beginning_is_gone_still_has_one_name(server: Any, said: Any, mastodon: MastodonHook) -> None:
    server.says(
        NOTICES,
        said(
            [notice(status(402, "@aurora b", answers=401)), notice(status(401, "@aurora a", answers=400)), notice(OLD)]
        ),
    )
    server.says("GET /api/v1/statuses/401/context", said({"error": "Record not found"}, 404))
    assert {each.remote_id for each in heard(mastodon).values()} == {"400"}
    assert len(server.requests("GET /api/v1/statuses/401/context")) == 1


def test_reading_stops_where_it_becomes_older_and_edits_are_told(
    server: Any, said: Any, mastodon: MastodonHook
) -> None:
    edited = status(
        501, "@aurora corretto", created_at="2026-11-24T08:00:00.000Z", edited_at="2026-11-24T09:30:00.000Z"
    )
    old = status(500, "@aurora ieri", created_at="2026-11-23T08:00:00.000Z")
    server.says(
        NOTICES,
        said([notice(status(502, "@aurora ora", spoiler_text="Attenzione"))]),
        said([notice(edited), notice(old)]),
    )
    found = heard(mastodon)
    assert set(found) == {"501", "502"}
    assert found["501"].edited_at == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    assert found["502"].text == "Attenzione\n@aurora ora"
    assert [each.query.get("max_id") for each in server.requests(NOTICES)] == [None, "9502"]


def test_what_the_instance_leaves_out_is_gone(server: Any, said: Any, mastodon: MastodonHook) -> None:
    ids = [str(number) for number in range(100, 125)]
    server.says(STATUSES, said([{"id": each} for each in ids[1:]]))
    assert mastodon.gone(ids) == {"100"}
    assert len(server.asked) == 2
    server.says(STATUSES, said({"error": "Not Found"}, 404))  # an instance before 4.3
    server.says("GET /api/v1/statuses/100", said({"error": "Record not found"}, 404))
    server.says("GET /api/v1/statuses/101", said(status(101, "da")))
    assert mastodon.gone(["100", "101"]) == {"100"}


def test_an_answer_names_whom_it_answers_and_is_found_again(server: Any, said: Any, mastodon: MastodonHook) -> None:
    server.says("GET /api/v1/statuses/101", said(status(101, "@aurora buono", visibility="unlisted")))
    ours = status(900, "@user7 Grazie mille", by="42", answers=101)
    server.says(SAY, said(ours))
    receipt = mastodon.answer("101", "Grazie mille", key="k")
    assert (receipt.post_id, receipt.remote_id) == ("101", "900")
    sent = server.requests(SAY)[-1]
    assert sent.json == {
        "status": "@user7@other.example Grazie mille",
        "in_reply_to_id": "101",
        "visibility": "unlisted",
    }
    mastodon.answer("101", "Grazie mille @user7@other.example", key="k")
    assert server.requests(SAY)[-1].json["status"] == "Grazie mille @user7@other.example"
    assert server.requests(SAY)[-1].headers["Idempotency-Key"] == sent.headers["Idempotency-Key"]
    server.says(OWN, said([status(901, "Grazie mille", by="42", answers=102), ours, OLD]))
    found = mastodon.find_answer("101", "Grazie mille", key="k", since=SINCE)
    assert found is not None
    assert found.remote_id == "900"
    assert mastodon.find_answer("101", "Altro", key="k", since=SINCE) is None
    with pytest.raises(TryLater, match="cannot be told"):
        mastodon.find_answer("101", "Grazie, mille!", key="k", since=SINCE)


def test_nobody_can_hide_on_mastodon_and_the_sentence_says_so(server: Any, mastodon: MastodonHook) -> None:
    for act in (mastodon.hide, mastodon.show):
        with pytest.raises(Refused, match="lets nobody hide"):
            act("101")
    assert server.asked == []
    assert isinstance(mastodon, CommentSource)
    assert isinstance(mastodon, Moderator)
