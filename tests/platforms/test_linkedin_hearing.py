"""What LinkedIn's answers become as comments, and what is sent to answer them."""

from datetime import UTC, datetime
from typing import Any

import pytest

from include.domain.comments import CommentSource, Moderator
from include.domain.errors import OutcomeUnknown, Refused
from platforms.linkedin.hook import LinkedInHook
from platforms.transport.access import Access

SINCE = datetime(2026, 11, 24, 9, tzinfo=UTC)
MADE = int(datetime(2026, 11, 24, 10, tzinfo=UTC).timestamp() * 1000)
ORGANIZATION, POST, THREAD = "urn:li:organization:42", "urn:li:share:900", "urn:li:activity:901"
NOTICES = "GET /rest/organizationalEntityNotifications"
UNDER = "/rest/socialActions/urn%3Ali%3Aactivity%3A901/comments"


@pytest.fixture
def linkedin(server: Any, waits: list[float]) -> LinkedInHook:
    access = Access.to("linkedin_aurora", server.url, "AQX-marked-secret-7f3c", {"organization_id": "42"})
    hook = LinkedInHook("linkedin_aurora", access=access, pause=waits.append)
    hook.session._timeout, hook.session._pause = (0.5, 0.3), waits.append
    return hook


def urn(number: int) -> str:
    return f"urn:li:comment:({THREAD},{number})"


def below(number: int) -> str:
    quoted = urn(number).replace(":", "%3A").replace("(", "%28").replace(")", "%29").replace(",", "%2C")
    return f"/rest/socialActions/{quoted}/comments"


def notice(number: int, action: str = "COMMENT") -> dict[str, Any]:
    decorated = {"comment": {"entity": urn(number), "owner": "urn:li:person:p", "text": "...", "object": THREAD}}
    whole = {"action": action, "generatedActivity": f"urn:li:comment:(activity:901,{number})", "sourcePost": THREAD}
    return {**whole, "decoratedGeneratedActivity": decorated, "decoratedSourcePost": {"entity": POST}}


def comment(
    number: int, text: str, *, actor: str = "urn:li:person:p", changed: int = MADE, **more: Any
) -> dict[str, Any]:
    whole = {"id": str(number), "commentUrn": urn(number), "actor": actor, "object": THREAD, "message": {"text": text}}
    return {**whole, "created": {"time": MADE}, "lastModified": {"time": changed}, **more}


def test_news_are_told_by_notifications_and_read_in_batches(server: Any, said: Any, linkedin: LinkedInHook) -> None:
    ours = comment(3, "Grazie!", actor=ORGANIZATION, parentComment=urn(1))
    results = {"1": comment(1, "Buono (davvero)"), "2": comment(2, "corretto", changed=MADE + 60_000), "3": ours}
    news = [notice(2, "COMMENT_EDIT"), notice(1), notice(3, "ADMIN_COMMENT"), notice(1), {"action": "COMMENT"}]
    server.says(NOTICES, said({"elements": news}), said({"elements": []}))
    server.says(f"GET {UNDER}", said({"results": results, "statuses": {}, "errors": {}}))
    found = {each.comment_id: each for each in linkedin.comments(SINCE)}
    assert set(found) == {urn(1), urn(2), urn(3)}
    first = found[urn(1)]
    assert (first.remote_id, first.parent_id, first.text) == (POST, None, "Buono (davvero)")
    assert (first.author, first.ours, first.edited_at) == ("urn:li:person:p", False, None)
    assert first.created_at == datetime(2026, 11, 24, 10, tzinfo=UTC)
    assert first.url.startswith(f"https://www.linkedin.com/feed/update/{POST}/?commentUrn=")
    assert found[urn(2)].edited_at == datetime(2026, 11, 24, 10, 1, tzinfo=UTC)
    assert (found[urn(3)].ours, found[urn(3)].parent_id) == (True, urn(1))
    asked = server.asked[0].query
    assert asked["actions"] == "List(COMMENT,ADMIN_COMMENT,COMMENT_EDIT)"
    assert asked["organizationalEntity"] == ORGANIZATION
    assert asked["timeRange"].startswith(f"(start:{int(SINCE.timestamp() * 1000)},end:")
    assert server.asked[-1].query["ids"] == "List(1,2,3)"
    assert server.asked[-1].headers["X-RestLi-Method"] == "BATCH_GET"


def test_nothing_new_is_one_call_and_a_post_that_is_gone_says_nothing(
    server: Any, said: Any, linkedin: LinkedInHook
) -> None:
    server.says(NOTICES, said({"elements": []}), said({"elements": [notice(1)]}), said({"elements": []}))
    assert list(linkedin.comments(SINCE)) == []
    assert len(server.asked) == 1
    server.says(f"GET {UNDER}", said({"message": "not found", "status": 404}, 404))
    assert list(linkedin.comments(SINCE)) == []


def test_where_no_batch_is_served_comments_are_read_one_by_one(server: Any, said: Any, linkedin: LinkedInHook) -> None:
    server.says(NOTICES, said({"elements": [notice(1), notice(2)]}), said({"elements": []}))
    refused = said({"message": "Not enough permissions to access: BATCH_GET", "status": 403}, 403)
    server.says(f"GET {UNDER}", refused)
    server.says(f"GET {UNDER}/1", said(comment(1, "Buono")))
    server.says(f"GET {UNDER}/2", said({"message": "not found", "status": 404}, 404))
    assert [each.text for each in linkedin.comments(SINCE)] == ["Buono"]
    assert linkedin.gone([urn(1), urn(2)]) == {urn(2)}
    server.says(f"GET {UNDER}/1", refused)
    with pytest.raises(Refused, match="check its scopes"):
        linkedin.gone([urn(1)])


def test_a_token_that_may_not_read_notifications_is_told_in_words(
    server: Any, said: Any, linkedin: LinkedInHook
) -> None:
    server.says(NOTICES, said({"message": "Not enough permissions", "status": 403}, 403))
    with pytest.raises(Refused, match="check its scopes"):
        list(linkedin.comments(SINCE))


def test_what_is_not_in_the_batch_is_gone_unless_it_is_refused(server: Any, said: Any, linkedin: LinkedInHook) -> None:
    errors = {"2": {"status": 404}, "3": {"status": 403}}
    server.says(f"GET {UNDER}", said({"results": {"1": comment(1, "da")}, "errors": errors}))
    assert linkedin.gone([urn(1), urn(2), urn(3), urn(4), "no comment"]) == {urn(2), urn(4)}
    many = [urn(number) for number in range(100, 160)]
    server.says(f"GET {UNDER}", said({"results": {str(n): comment(n, "da") for n in range(100, 160)}, "errors": {}}))
    assert linkedin.gone(many) == set()
    assert len(server.asked) == 3
    server.says(f"GET {UNDER}", said({"message": "not found", "status": 404}, 404))
    assert linkedin.gone([urn(1), urn(2)]) == {urn(1), urn(2)}


@pytest.mark.parametrize("parent", [None, 1], ids=["a comment", "an answer"])
def test_an_answer_stands_under_the_first_comment(
    server: Any, said: Any, linkedin: LinkedInHook, parent: int | None
) -> None:
    more = {"parentComment": urn(parent)} if parent else {}
    top = parent or 2
    server.says(f"GET {UNDER}/2", said(comment(2, "Quanto costa?", **more)))
    ours = comment(9, "Costa 12 euro", actor=ORGANIZATION, parentComment=urn(top))
    server.says(f"POST {below(top)}", said(ours, 201, {"x-restli-id": "9"}))
    receipt = linkedin.answer(urn(2), "Costa 12 euro", key="k")
    assert (receipt.post_id, receipt.remote_id) == (urn(2), urn(9))
    expected = {
        "actor": ORGANIZATION,
        "object": THREAD,
        "message": {"text": "Costa 12 euro"},
        "parentComment": urn(top),
    }
    assert server.asked[-1].json == expected
    server.says(f"GET {below(top)}", said({"elements": [comment(8, "Costa 12 euro"), ours]}), said({"elements": []}))
    found = linkedin.find_answer(urn(2), "Costa 12 euro", key="k", since=SINCE)
    assert found is not None
    assert found.remote_id == urn(9)
    server.says(f"GET {below(top)}", said({"elements": [ours]}), said({"elements": []}))
    assert linkedin.find_answer(urn(2), "Altro", key="k", since=SINCE) is None


def test_with_the_comment_its_answer_is_gone(server: Any, said: Any, linkedin: LinkedInHook) -> None:
    server.says(f"GET {UNDER}/2", said({"message": "not found", "status": 404}, 404))
    assert linkedin.find_answer(urn(2), "12", key="k", since=SINCE) is None
    with pytest.raises(Refused, match="not there"):
        linkedin.answer(urn(2), "12", key="k")


def test_an_answer_without_a_clear_answer_is_unknown(server: Any, said: Any, linkedin: LinkedInHook) -> None:
    server.says(f"GET {UNDER}/2", said(comment(2, "Quanto costa?")))
    server.says(f"POST {below(2)}", said(b"", 201))
    with pytest.raises(OutcomeUnknown, match="gave no id"):
        linkedin.answer(urn(2), "12", key="k")
    with pytest.raises(Refused, match="no comment of LinkedIn's"):
        linkedin.answer(POST, "12", key="k")


def test_nobody_can_hide_on_linkedin_and_the_sentence_says_so(server: Any, linkedin: LinkedInHook) -> None:
    for act in (linkedin.hide, linkedin.show):
        with pytest.raises(Refused, match="hides no comments"):
            act(urn(1))
    assert server.asked == []
    assert isinstance(linkedin, CommentSource)
    assert isinstance(linkedin, Moderator)
