"""Leads: each kept and told once, taken by whoever is there, and forgotten in time."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from include.domain import Lead
from include.domain.moderation import Rule
from include.listening import leads
from include.listening.lead_words import lead_message
from include.listening.proposing import Judge, judge_new
from tests.listening.acting import ACCOUNT, MEKONG, NOW, ask, says

FORM = Lead(
    ACCOUNT, "9001", NOW, "Tasting", (("full_name", "Somchai <@U1> *Bold*"), ("phone", "+856\x00 20 \ud800")), "Winter"
)


def words(told: leads.Told) -> str:
    message = lead_message(MEKONG, told, network="Facebook", now=NOW)
    return f"{message.text}\n{message.blocks}"


def test_a_form_is_kept_once_whatever_is_in_it(engine: Engine) -> None:
    assert leads.keep(engine, "mekong", [FORM], now=NOW) == 1
    assert leads.keep(engine, "mekong", [FORM], now=NOW) == 0
    ((fields, campaign),) = ask(engine, "SELECT fields, campaign FROM desk.lead")
    assert (fields[1], campaign) == (["phone", "+856 20 ?"], "Winter")


def test_what_people_left_is_in_no_error(engine: Engine) -> None:
    wrong = FORM._replace(created_at="not a moment")
    with pytest.raises(leads.NotKept) as caught:
        leads.keep(engine, "mekong", [wrong], now=NOW)
    shown = "".join(map(repr, (caught.value, caught.value.__cause__, caught.value.__context__)))
    assert "Somchai" not in shown
    assert "could not be kept" in str(caught.value)


def test_a_form_is_told_with_its_answers_and_pings_nobody(engine: Engine) -> None:
    leads.keep(engine, "mekong", [FORM], now=NOW)
    (told,) = leads.of_interest(engine, now=NOW)
    said = words(told)
    assert "Mekong Coffee · Facebook: somebody filled in a lead form" in said
    assert "Campaign: Winter" in said
    assert "'rich_text'" in said
    assert "full_name: Somchai" in said


def test_a_comment_is_told_with_the_post_it_stands_under_and_a_link(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO desk.remote_post VALUES (%s, 'post1', %s, 'photo', 'Our <b>winter</b> blend', 'https://n.example/p1')",
            (ACCOUNT, NOW),
        )
    says(engine, "c1", "How much? <!channel>", sponsored=True)
    rule = Rule("price", contains=("how much",), lead="price")
    judge_new(engine, Judge([MEKONG], [rule]), now=NOW)
    (told,) = leads.of_interest(engine, now=NOW)
    said = words(told)
    assert "somebody asks for a price" in said
    assert "<!channel>" not in said
    assert "<https://network.example/c1|answer on Facebook>" in said
    assert "Our &lt;b&gt;winter" in said
    assert "Under an ad" in said


def test_a_comment_under_a_post_of_ours_is_told_with_its_campaign(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO desk.post (post_id, brand, account, text, publish_at, campaign, content_hash, source)"
            " VALUES ('winter:x', 'mekong', %s, 'Our winter blend', %s, 'winter', 'h', 'calendar.csv')",
            (ACCOUNT, NOW),
        )
        connection.exec_driver_sql(
            "INSERT INTO desk.publication (post_id, account, publish_at, state, remote_id, url)"
            " VALUES ('winter:x', %s, %s, 'live', 'post1', 'https://n.example/p1')",
            (ACCOUNT, NOW),
        )
    says(engine, "c1", "How much?")
    judge_new(engine, Judge([MEKONG], [Rule("price", contains=("how much",), lead="price")]), now=NOW)
    said = words(leads.of_interest(engine, now=NOW)[0])
    assert "Campaign: winter" in said
    assert "<https://n.example/p1|“Our winter blend”>" in said


def test_a_lead_is_taken_and_done_by_the_first_who_says_so(engine: Engine) -> None:
    leads.keep(engine, "mekong", [FORM], now=NOW)
    leads.set_told(engine, 1, at=NOW)
    assert leads.take(engine, 1, by="noy", now=NOW + timedelta(minutes=5))
    assert not leads.take(engine, 1, by="U0REN001", now=NOW + timedelta(minutes=6))
    assert leads.finish(engine, 1, by="U0REN001", now=NOW + timedelta(hours=1))
    told = leads.one(engine, 1)
    said = words(told)
    assert "told 02:00 · taken by noy 02:05 · done by <@U0REN001> 03:00" in said
    assert "👀 I see to it" not in said


def test_what_was_left_is_forgotten_in_time_and_that_it_was_told_stays(engine: Engine) -> None:
    leads.keep(engine, "mekong", [FORM, FORM._replace(lead_id="9002", created_at=NOW + timedelta(days=1))], now=NOW)
    leads.set_told(engine, 1, at=NOW)
    assert leads.erase(engine, before=NOW + timedelta(hours=1), now=NOW + timedelta(days=30)) == 1
    assert leads.erase(engine, before=NOW + timedelta(hours=1), now=NOW + timedelta(days=30)) == 0
    assert ask(engine, "SELECT source_id, fields IS NULL, told_at IS NOT NULL FROM desk.lead ORDER BY 1") == [
        ("9001", True, True),
        ("9002", False, False),
    ]
    said = words(leads.one(engine, 1))
    assert "Somchai" not in said
    assert "erased, as DESK_LEAD_DAYS says" in said


def test_forms_are_read_from_where_they_were_left_and_not_while_the_network_wants_a_rest(engine: Engine) -> None:
    with engine.connect() as connection:
        assert leads.since(connection, ACCOUNT, now=NOW) == NOW - leads.FIRST_READ
    leads.note_read(engine, ACCOUNT, now=NOW, through=NOW)
    leads.note_read(engine, ACCOUNT, now=NOW, reason="Busy.", not_before=NOW + timedelta(minutes=5))
    with engine.connect() as connection:
        assert leads.since(connection, ACCOUNT, now=NOW + timedelta(minutes=1)) is None
        assert leads.since(connection, ACCOUNT, now=NOW + timedelta(minutes=6)) == NOW - leads.GRACE


def test_no_more_leads_are_told_at_once_than_slack_takes(engine: Engine) -> None:
    leads.keep(engine, "mekong", [FORM._replace(lead_id=str(n)) for n in range(leads.MOST_AT_ONCE + 5)], now=NOW)
    assert len(leads.of_interest(engine, now=NOW)) == leads.MOST_AT_ONCE
