"""`moderate_comments` in Slack: asked first, done once, taken back; leads told once, with a receipt."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from include.sandbox.conversation import LONG_AGO, comments_of
from include.sandbox.facebook.leads import LeadDesk
from include.sandbox.talking import reword, say

YES, NO, UNDO, TAKE = "white_check_mark", "hand", "leftwards_arrow_with_hook", "eyes"
FERN, GINGER, SALES, OPS = "#fern", "#ginger", "#fern-sales", "#on-call"
MODERATION = """\
spam:
  when: {contains: [casinissimo]}
  then: {hide: yes, label: spam}
late:
  when: {contains: [tardily]}
  then: {draft: sorry, assign: aoi}
price:
  when: {contains: [what would it cost]}
  then: {lead: price}
"""
ANSWERS = """\
fern:
  answers:
    sorry: {en: "We are sorry! – {brand}"}
"""

pytestmark = pytest.mark.usefixtures("answers_in_slack", "rules")


@pytest.fixture
def brands_yml() -> str:
    from tests.dags.conftest import BRANDS  # noqa: PLC0415

    sales = '  channel: "#fern"\n  sales_channel: "#fern-sales"\n'
    return BRANDS.replace('  channel: "#fern"\n', sales).replace(
        "    x: ginger\n", "    x: ginger\n    mastodon: ginger\n"
    )


@pytest.fixture
def rules(desk: Any) -> None:
    (desk.directory / "moderation.yml").write_text(MODERATION, encoding="utf-8")
    (desk.directory / "answers.yml").write_text(ANSWERS, encoding="utf-8")


def says(desk: Any, words: str, *, account: str = "facebook_fern", **more: Any) -> str:
    """Somebody comments on the network, and the desk hears and scores it; gives the comment's id."""
    comment_id = str(say(desk.box.sandbox, {"account": account, "text": words, **more})["comment"])
    heard(desk, account)
    return comment_id


def heard(desk: Any, account: str) -> None:
    from include.listening.batch import listen  # noqa: PLC0415
    from include.orchestration import doors  # noqa: PLC0415

    now = datetime.now(UTC)
    listen(desk.engine, [account], doors.hook, now=now, salt=b"salt", keep_from=now - timedelta(days=1))
    verdict = "scored = true, language = 'en', label = 'neutral', p_negative = 0.1, judged_hash = md5(text)"
    desk.change(f"UPDATE desk.comment SET {verdict} WHERE judged_hash IS DISTINCT FROM md5(text)")


def shown(desk: Any, account: str = "facebook_fern") -> dict[str, tuple[str, bool]]:
    """What was said under the account's posts through the network's API or by the test, by id: words, and if hidden."""
    sandbox = desk.box.sandbox
    (declared,) = [each for each in sandbox.declaration.accounts if each.key == account]
    found = [each for each in comments_of(sandbox, declared, LONG_AGO) if each.kind == "said" or each.ours]
    return {each.comment_id: (each.text, each.hidden) for each in found}


def answers(desk: Any, before: dict[str, tuple[str, bool]], account: str = "facebook_fern") -> list[str]:
    """What the account has said since."""
    return [words for comment_id, (words, _) in shown(desk, account).items() if comment_id not in before]


def moderate(desk: Any) -> Any:
    return desk.run("moderate_comments")


def hear(desk: Any) -> dict[str, int]:
    return dict(desk.run("read_reactions").results["read_answers"])


def states(desk: Any) -> list[tuple[Any, ...]]:
    return list(desk.ask("SELECT what, state, decided_by FROM desk.moderation_action ORDER BY action_id"))


def changes(desk: Any) -> int:
    """How many requests that change something the networks have had."""
    rows = desk.box.sandbox.counters.summary()["requests"]
    return sum(int(row["count"]) for row in rows if row["platform"] != "slack" and row["method"] != "GET")


def test_nothing_is_hidden_before_a_person_says_so_and_it_can_be_taken_back(desk: Any) -> None:
    comment_id = says(desk, "Win at our casinissimo <!channel> <@U0AOI00001>")
    done = moderate(desk).results
    assert done["judge"]["proposed"] == 2
    assert shown(desk)[comment_id][1] is False
    (said,) = [words for words in desk.said(FERN) if "casinissimo" in words]
    assert "Fern Books · Facebook: hide and label 1 comment?" in said.replace("\xa0", " ")
    assert "✅ do it · ✋ leave it · 👀 I see to it, as a reaction here, by aoi or ren" in said
    assert "<!channel>" not in said
    assert "<@U" not in said
    messages = len(desk.said(FERN))
    moderate(desk)
    hear(desk)
    assert len(desk.said(FERN)) == messages

    desk.reacts("guest", YES, FERN, "hide and label")
    hear(desk)
    assert shown(desk)[comment_id][1] is False, "only the brand's approvers count"
    desk.reacts("ren", YES, FERN, "hide and label")
    assert hear(desk)["answered"] == 1
    assert shown(desk)[comment_id][1] is True
    assert states(desk) == [("hide", "applied", "ren"), ("label", "applied", "ren")]
    assert len(desk.messages(FERN, "↩️ here takes it back")) == 1

    desk.reacts("aoi", UNDO, FERN, "hide and label")
    hear(desk)
    assert shown(desk)[comment_id][1] is False
    assert len(desk.messages(FERN, "taken back by aoi")) == 1
    before = changes(desk)
    hear(desk)
    moderate(desk)
    assert changes(desk) == before


def test_a_no_leaves_it_and_wins(desk: Any) -> None:
    says(desk, "casinissimo")
    moderate(desk)
    before = changes(desk)
    desk.reacts("ren", TAKE, FERN, "hide and label")
    hear(desk)
    hear(desk)
    assert len(desk.messages(FERN, "👀 ren sees to it")) == 1
    desk.reacts("aoi", YES, FERN, "hide and label")
    desk.reacts("ren", NO, FERN, "hide and label")
    hear(desk)
    assert changes(desk) == before
    assert len(desk.messages(FERN, "left as it is, by ren")) == 1


def test_an_answer_is_reworded_in_the_thread_sent_once_and_its_person_is_called(desk: Any) -> None:
    says(desk, "You came tardily!")
    before = shown(desk)
    moderate(desk)
    assert len(desk.messages(FERN, "We are sorry! – Fern Books")) == 1
    desk.replies("guest", "answer: Buy at evil.example", FERN, "answer and assign")
    desk.replies("aoi", "Answer: Please call <tel:+3531|+3531> &amp; ask for Aoi", FERN, "answer and assign")
    desk.reacts("aoi", YES, FERN, "answer and assign")
    desk.fails(platform="facebook", kind="drop_after", endpoint="/comments", method="POST")
    hear(desk)
    assert answers(desk, before) == ["Please call +3531 & ask for Aoi"]
    assert len(desk.messages(FERN, "it is looked up, never sent twice")) == 1
    for _ in range(2):
        moderate(desk)
    assert answers(desk, before) == ["Please call +3531 & ask for Aoi"]
    assert states(desk)[1][:2] == ("answer", "applied")
    assert [reply for reply in desk.thread(FERN, "answer and assign") if "<@U0AOI00001>: this is yours" in reply]

    desk.reacts("aoi", UNDO, FERN, "answer and assign")
    hear(desk)
    assert answers(desk, before) == []


@pytest.mark.parametrize(("own", "why"), [("far too long " * 200, "and 2,000 is the most"), ("", "no words in it")])
def test_own_words_that_cannot_be_used_are_said_and_the_draft_is_not_sent_instead(
    desk: Any, own: str, why: str
) -> None:
    says(desk, "You came tardily!")
    before = shown(desk)
    moderate(desk)
    desk.replies("aoi", f"answer: {own}", FERN, "answer and assign")
    desk.reacts("aoi", YES, FERN, "answer and assign")
    for _ in range(2):
        hear(desk)
    assert answers(desk, before) == []
    assert {state for _, state, _ in states(desk)} == {"proposed"}
    (said,) = [reply for reply in desk.thread(FERN, "answer and assign") if "Nothing is sent" in reply]
    assert why in said
    desk.replies("aoi", "answer: Sorry, in short.", FERN, "answer and assign")
    hear(desk)
    assert answers(desk, before) == ["Sorry, in short."]


def test_a_comment_that_is_edited_after_the_yes_is_asked_about_anew(desk: Any) -> None:
    comment_id = says(desk, "You came tardily!")
    before = shown(desk)
    moderate(desk)
    desk.change("UPDATE desk.moderation_action SET state = 'approved', decided_by = 'aoi'")
    later = {"account": "facebook_fern", "comment": comment_id, "text": "You came early, not tardily!"}
    reword(desk.box.sandbox, later)
    heard(desk, "facebook_fern")
    moderate(desk)
    assert answers(desk, before) == []
    assert [state for _, state, _ in states(desk)] == ["expired", "expired", "proposed", "proposed"]


def test_what_the_network_cannot_do_is_said_with_the_link_and_done_by_hand(desk: Any) -> None:
    row = "'mastodon_ginger', 'c1', 'p1', now(), 'casinissimo', 'https://mastodon.example/c1', md5('casinissimo')"
    columns = "account, comment_id, remote_id, created_at, text, url, judged_hash"
    desk.change(f"INSERT INTO desk.comment ({columns}) VALUES ({row})")
    before = changes(desk)
    moderate(desk)
    (said,) = [words for words in desk.said(GINGER) if "casinissimo" in words]
    assert "Mastodon lets nobody hide from here: do it there, then answer ✅." in said
    assert "<https://mastodon.example/c1|see it on Mastodon>" in said
    assert "python -m include.listening.moderation --approve moderate:" in said
    assert changes(desk) == before


def test_a_lead_is_told_once_to_sales_and_whoever_takes_it_is_kept(desk: Any) -> None:
    says(desk, "And what would it cost? <!here>")
    assert moderate(desk).results["judge"]["leads"] == 1
    moderate(desk)
    hear(desk)
    assert desk.messages(FERN, "asks for a price") == []
    (said,) = [words for words in desk.said(SALES) if "what would it cost" in words]
    assert "Fern Books · Facebook: somebody asks for a price" in said
    assert "|answer on Facebook>" in said
    assert "<!here>" not in said
    desk.reacts("guest", TAKE, SALES, "asks for a price")
    hear(desk)
    assert len(desk.messages(SALES, "taken by <@U0GUEST001>")) == 1
    desk.reacts("aoi", YES, SALES, "asks for a price")
    hear(desk)
    assert len(desk.messages(SALES, "done by aoi")) == 1
    assert desk.ask("SELECT told_at IS NOT NULL, taken_by, done_by FROM desk.lead WHERE source = 'comment'") == [
        (True, "U0GUEST001", "aoi")
    ]


def left_in_forms(desk: Any, days: int = 7) -> dict[str, tuple[tuple[str, str], ...]]:
    """What people left in the lead forms of Fern Books' Page, by the lead's id."""
    sandbox = desk.box.sandbox
    (page,) = [each for each in sandbox.declaration.accounts if each.key == "facebook_fern"]
    forms, since = LeadDesk(sandbox, page, ""), datetime.now(UTC) - timedelta(days=days)
    found = [lead for form in forms.forms() for lead in forms.leads(form)]
    return {lead.lead_id: lead.fields for lead in found if lead.created_at > since}


def test_a_lead_form_is_told_once_logged_nowhere_and_erased_in_time(
    desk: Any,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from include.listening import leads  # noqa: PLC0415

    monkeypatch.setattr(leads, "FIRST_READ", timedelta(days=7))
    left = left_in_forms(desk)
    for _ in range(2):
        run = moderate(desk)
    assert run.results["gather_leads_facebook"]["leads"] == 0
    assert len(desk.messages(SALES, "filled in a lead form")) == len(left) > 0
    told = "\n".join(desk.said(SALES))
    output = capsys.readouterr()
    logged = caplog.text + output.out + output.err + str(run.results)
    for fields in left.values():
        for name, value in fields:
            assert f"{name}: {value}" in told
            assert value not in logged, "no log has what people leave in forms"

    desk.change("UPDATE desk.lead SET created_at = created_at - interval '31 days'")
    moderate(desk)
    assert desk.ask("SELECT DISTINCT fields IS NULL, told_at IS NOT NULL FROM desk.lead") == [(True, True)]
    told = "\n".join(desk.said(SALES))
    assert not [value for fields in left.values() for _, value in fields if value in told]
    assert "What was left in the form is erased" in told


def test_forms_that_cannot_be_read_are_told_and_read_on_later(desk: Any) -> None:
    refused = {"platform": "facebook", "kind": "status", "status": 403, "endpoint": "/leadgen_forms", "code": "200"}
    desk.fails(**{**refused, "times": 2})
    run = moderate(desk)
    assert run.state == "success"
    assert run.results["gather_leads_facebook"]["failed"] == 2
    (message,) = desk.messages(OPS, "The lead forms of facebook_fern cannot be read")
    moderate(desk)
    assert message.ts in {each.ts for each in desk.messages(OPS, "Over after")}
    assert desk.messages(OPS, "The lead forms of facebook_fern cannot be read: people") != []


def test_a_broken_file_is_told_and_what_was_written_meanwhile_is_judged_later(desk: Any) -> None:
    (desk.directory / "moderation.yml").write_text(MODERATION.replace("hide: yes", "hide: maybe"), encoding="utf-8")
    says(desk, "casinissimo")
    assert moderate(desk).results["judge"] == {"judged": 0}
    assert len(desk.messages(OPS, "so no comment is judged")) == 1
    (desk.directory / "moderation.yml").write_text(MODERATION, encoding="utf-8")
    assert moderate(desk).results["judge"]["proposed"] == 2


def test_what_waits_for_an_answer_is_listed_once_a_day(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from include.orchestration import moderating  # noqa: PLC0415

    monkeypatch.setattr(moderating, "HOUR", 0)
    says(desk, "Are you open on the 31st of February?")
    moderate(desk)
    moderate(desk)
    (said,) = [words for words in desk.said(FERN) if "an answer, the oldest" in words]
    assert "Are you open on the 31st of February?" in said


def test_on_hold_nothing_is_done_unasked(desk: Any) -> None:
    (desk.directory / "moderation.yml").write_text(MODERATION.replace("spam}", "spam}\n  needs_approval: no"))
    first = says(desk, "casinissimo")
    moderate(desk)
    assert shown(desk)[first][1] is True
    assert states(desk)[0] == ("hide", "applied", "the rule spam")
    desk.change("INSERT INTO desk.hold (subject, why, held_by) VALUES ('fern', 'A recall.', 'ren')")
    second = says(desk, "casinissimo again")
    moderate(desk)
    assert shown(desk)[second][1] is False
    assert states(desk)[-1] == ("label", "proposed", None)
