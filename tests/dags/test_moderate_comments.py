"""`moderate_comments` in Slack: asked first, done once, taken back; leads told once, with a receipt."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, text

from include.domain import Lead, OutcomeUnknown
from include.warehouse.tables import comment
from tests.listening.acting import Network

YES, NO, UNDO, TAKE = "white_check_mark", "hand", "leftwards_arrow_with_hook", "eyes"
FERN, SALES, OPS = "#fern", "#fern-sales", "#on-call"
MODERATION = """\
spam:
  when: {contains: [casino]}
  then: {hide: yes, label: spam}
late:
  when: {contains: [late]}
  then: {draft: sorry, assign: aoi}
price:
  when: {contains: [how much]}
  then: {lead: price}
"""
ANSWERS = """\
fern:
  answers:
    sorry: {en: "We are sorry! – {brand}"}
"""

pytestmark = pytest.mark.usefixtures("answers_in_slack")


@pytest.fixture
def brands_yml() -> str:
    from tests.dags.conftest import BRANDS  # noqa: PLC0415

    return BRANDS.replace('  channel: "#fern"\n', '  channel: "#fern"\n  sales_channel: "#fern-sales"\n')


class Everything(Network):
    """A network that does all that the desk may ask of one about comments, and has lead forms."""

    forms: tuple[Lead, ...] = ()

    def leads(self, since: datetime) -> Iterator[Lead]:
        if self.fails:
            raise self.fails.pop(0)
        yield from (lead for lead in self.forms if lead.created_at >= since)


@pytest.fixture
def network(desk: Any, monkeypatch: pytest.MonkeyPatch) -> Everything:
    """Facebook, as a network that hides, answers and has lead forms."""
    from include.orchestration import doors, moderating  # noqa: PLC0415

    found, of = Everything(), doors.platform_of
    able = {"moderates": ("hide", "answer"), "gathers_leads": True}
    monkeypatch.setattr(doors, "platform_of", lambda key: replace(of(key), **able) if "facebook" in key else of(key))
    monkeypatch.setattr(doors, "hook", lambda account: found if "fern" in account else Everything())
    monkeypatch.setattr(moderating, "platforms_with_leads", lambda: [doors.platform_of("facebook_fern")])
    (desk.directory / "moderation.yml").write_text(MODERATION, encoding="utf-8")
    (desk.directory / "answers.yml").write_text(ANSWERS, encoding="utf-8")
    return found


def says(desk: Any, comment_id: str, words: str, *, account: str = "facebook_fern", **more: Any) -> None:
    at = datetime.now(UTC) - timedelta(minutes=3)
    row = {"account": account, "comment_id": comment_id, "remote_id": "p1", "created_at": at, "text": words}
    row |= {
        "url": f"https://network.example/{comment_id}",
        "language": "en",
        "scored": True,
        "label": "neutral",
        **more,
    }
    with desk.engine.begin() as connection:
        connection.execute(insert(comment).values(**row, judged_hash=func.md5(words)))


def moderate(desk: Any) -> Any:
    return desk.run("moderate_comments")


def hear(desk: Any) -> dict[str, int]:
    return dict(desk.run("read_reactions").results["read_answers"])


def states(desk: Any) -> list[tuple[Any, ...]]:
    return list(desk.ask("SELECT what, state, decided_by FROM desk.moderation_action ORDER BY action_id"))


def test_nothing_is_hidden_before_a_person_says_so_and_it_can_be_taken_back(desk: Any, network: Everything) -> None:
    says(desk, "c1", "Win at our casino <!channel> <@U0AOI00001>")
    done = moderate(desk).results
    assert done["judge"] == {"judged": 1, "proposed": 2, "leads": 0, "questions": 0}
    assert network.calls == []
    (said,) = desk.said(FERN)
    assert "Fern Books · Facebook: hide and label 1 comment?" in said.replace("\xa0", " ")
    assert "✅ do it · ✋ leave it, as a reaction here, by aoi or ren" in said
    assert "<!channel>" not in said
    assert "<@U" not in said
    moderate(desk)
    hear(desk)
    assert len(desk.said(FERN)) == 1

    desk.reacts("guest", YES, FERN, "hide and label")
    hear(desk)
    assert network.calls == [], "only the brand's approvers count"
    desk.reacts("ren", YES, FERN, "hide and label")
    assert hear(desk)["answered"] == 1
    assert network.hidden == {"c1"}
    assert states(desk) == [("hide", "applied", "ren"), ("label", "applied", "ren")]
    assert "by ren" in desk.said(FERN)[0]
    assert "↩️ here takes it back" in desk.said(FERN)[0]

    desk.reacts("aoi", UNDO, FERN, "hide and label")
    hear(desk)
    assert network.hidden == set()
    assert "taken back by aoi" in desk.said(FERN)[0]
    calls = list(network.calls)
    hear(desk)
    moderate(desk)
    assert network.calls == calls


def test_a_no_leaves_it_and_wins(desk: Any, network: Everything) -> None:
    says(desk, "c1", "casino")
    moderate(desk)
    desk.reacts("aoi", YES, FERN, "hide and label")
    desk.reacts("ren", NO, FERN, "hide and label")
    hear(desk)
    assert network.calls == []
    assert "left as it is, by ren" in desk.said(FERN)[0]


def test_an_answer_is_reworded_in_the_thread_sent_once_and_its_person_is_called(desk: Any, network: Everything) -> None:
    says(desk, "c1", "So late again!")
    moderate(desk)
    (said,) = desk.said(FERN)
    assert "We are sorry! – Fern Books" in said
    desk.replies("guest", "answer: Buy at evil.example", FERN, "answer and assign")
    desk.replies("aoi", "Answer: Please call <tel:+3531|+3531> &amp; ask for Aoi", FERN, "answer and assign")
    desk.reacts("aoi", YES, FERN, "answer and assign")
    network.after, network.fails = True, [OutcomeUnknown("The line broke.")]
    hear(desk)
    assert "it is looked up, never sent twice" in desk.said(FERN)[0]
    moderate(desk)
    moderate(desk)
    assert list(network.answers.values()) == [("c1", "Please call +3531 & ask for Aoi")]
    assert [reply for reply in desk.thread(FERN, "answer and assign") if "<@U0AOI00001>: this is yours" in reply]
    assert "https://network.example/answer0" in desk.said(FERN)[0]


def test_what_the_network_cannot_do_is_said_with_the_link_and_done_by_hand(desk: Any, network: Everything) -> None:
    says(desk, "c1", "casino", account="x_ginger")
    moderate(desk)
    (said,) = desk.said("#ginger")
    assert "X lets nobody hide from here: do it there, then answer ✅." in said
    assert "<https://network.example/c1|see it on X>" in said
    assert "python -m include.listening.moderation --approve moderate:" in said
    assert network.calls == []


def test_a_lead_is_told_once_to_sales_and_whoever_takes_it_is_kept(desk: Any, network: Everything) -> None:
    says(desk, "c1", "How much is the atlas? <!here>")
    assert moderate(desk).results["judge"]["leads"] == 1
    moderate(desk)
    hear(desk)
    assert [words for words in desk.said(FERN) if "asks for a price" in words] == []
    (said,) = desk.said(SALES)
    assert "Fern Books · Facebook: somebody asks for a price" in said
    assert "<!here>" not in said
    desk.reacts("guest", TAKE, SALES, "asks for a price")
    hear(desk)
    assert "taken by <@U0GUEST001>" in desk.said(SALES)[0]
    desk.reacts("aoi", YES, SALES, "asks for a price")
    hear(desk)
    assert "done by aoi" in desk.said(SALES)[0]
    assert desk.ask("SELECT told_at IS NOT NULL, taken_by, done_by FROM desk.lead") == [(True, "U0GUEST001", "aoi")]


def test_a_lead_form_is_told_once_logged_nowhere_and_erased_in_time(
    desk: Any, network: Everything, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    left = (("full_name", "Keisha Plum"), ("phone_number", "+353 1 555 0199"))
    network.forms = (Lead("facebook_fern", "9001", datetime.now(UTC), "Newsletter", left, "Winter"),)
    for _ in range(2):
        run = moderate(desk)
    assert run.results["gather_leads_facebook"]["leads"] == 0
    (said,) = desk.said(SALES)
    assert "full_name: Keisha Plum" in said
    assert "Campaign: Winter" in said
    output = capsys.readouterr()
    assert "Keisha" not in caplog.text + output.out + output.err
    assert "Keisha" not in str(run.results)

    desk.change("UPDATE desk.lead SET created_at = created_at - interval '31 days'")
    moderate(desk)
    assert desk.ask("SELECT fields IS NULL, told_at IS NOT NULL FROM desk.lead") == [(True, True)]
    (said,) = desk.said(SALES)
    assert "Keisha" not in said
    assert "erased" in said


def test_forms_that_cannot_be_read_are_told_after_two_hours_and_read_on_later(desk: Any, network: Everything) -> None:
    from include.domain import Refused  # noqa: PLC0415

    network.fails = [Refused("facebook_fern: the token lacks leads_retrieval.")] * 2
    assert moderate(desk).results["gather_leads_facebook"] == {"accounts": 1, "leads": 0, "failed": 1}
    desk.change("UPDATE desk.lead_read SET read_through = now() - interval '3 hours'")
    moderate(desk)
    (message,) = desk.messages(OPS, "The lead forms of facebook_fern cannot be read")
    moderate(desk)
    assert desk.messages(OPS, "Over after")[0].ts == message.ts


def test_a_broken_file_is_told_and_what_was_written_meanwhile_is_judged_later(desk: Any, network: Everything) -> None:
    (desk.directory / "moderation.yml").write_text(MODERATION.replace("hide: yes", "hide: maybe"), encoding="utf-8")
    says(desk, "c1", "casino")
    assert moderate(desk).results["judge"] == {"judged": 0}
    assert len(desk.messages(OPS, "so no comment is judged")) == 1
    (desk.directory / "moderation.yml").write_text(MODERATION, encoding="utf-8")
    assert moderate(desk).results["judge"]["proposed"] == 2
    assert network.calls == []


def test_what_waits_for_an_answer_is_listed_once_a_day(desk: Any, network: Everything, monkeypatch: Any) -> None:
    from include.orchestration import moderating  # noqa: PLC0415

    monkeypatch.setattr(moderating, "HOUR", 0)
    says(desk, "c1", "Are you open on Sunday?")
    moderate(desk)
    moderate(desk)
    (said,) = desk.said(FERN)
    assert "Fern Books: 1 comment waits for an answer" in said.replace("\xa0", " ")
    assert network.calls == []


def test_on_hold_nothing_is_done_unasked(desk: Any, network: Everything) -> None:
    (desk.directory / "moderation.yml").write_text(MODERATION.replace("spam}", "spam}\n  needs_approval: no"))
    says(desk, "c1", "casino")
    moderate(desk)
    assert network.hidden == {"c1"}
    assert states(desk)[0] == ("hide", "applied", "the rule spam")
    held = "INSERT INTO desk.hold (subject, why, held_by) VALUES ('fern', 'A recall.', 'ren')"
    with desk.engine.begin() as connection:
        connection.execute(text(held))
    says(desk, "c2", "casino")
    moderate(desk)
    assert network.hidden == {"c1"}
    assert states(desk)[-1] == ("label", "proposed", None)
