"""The command with which a person on call decides about a held post."""

from typing import Any

import pytest

from include.publishing import decisions, holds
from include.publishing.decisions import main

pytestmark = pytest.mark.usefixtures("warehouse_of_the_command")


@pytest.fixture
def warehouse_of_the_command(warehouse: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESK_WAREHOUSE_URL", warehouse)


@pytest.fixture
def held(desk: Any) -> Any:
    """A post that came too late."""
    post = desk.post()
    desk.plan(post)
    desk.wait(hours=2)
    desk.claim()
    assert desk.state(post) == "held"
    return post


def test_what_waits_is_listed_with_its_reason(held: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    line = capsys.readouterr().out
    assert line.startswith(f"held     {held.post_id}")
    assert "too late to go out unasked" in line


def test_nothing_waits(desk: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == "Nothing waits for a decision.\n"


def test_sent_anyway_it_is_due_and_says_who_wanted_it(desk: Any, held: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["send", held.post_id, "--by", "Ada"]) == 0
    assert "the next run of publish_posts sends it" in capsys.readouterr().out
    assert (desk.state(held), desk.row(held).reason) == ("due", "Ada wants it sent.")


def test_called_off_it_stays_off(desk: Any, held: Any) -> None:
    assert main(["cancel", held.post_id, "--by", "Ada"]) == 0
    desk.plan(held)
    assert (desk.state(held), desk.row(held).reason) == ("cancelled", "Ada called it off.")


def test_seen_by_a_person_it_is_live(desk: Any, held: Any) -> None:
    assert main(["live", held.post_id, "9", "https://wall.example/9", "--by", "Ada"]) == 0
    assert (desk.state(held), desk.row(held).url) == ("live", "https://wall.example/9")


def test_what_is_not_a_persons_to_decide_is_said_in_words(held: Any, capsys: pytest.CaptureFixture[str]) -> None:
    main(["send", held.post_id, "--by", "Ada"])
    assert main(["send", held.post_id, "--by", "Ada"]) == 1
    assert "only a held or refused one can be sent anyway" in capsys.readouterr().err


def test_without_a_warehouse_it_says_where_to_name_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("DESK_WAREHOUSE_URL")
    assert main([]) == 2
    assert "DESK_WAREHOUSE_URL is empty" in capsys.readouterr().err


@pytest.mark.parametrize("command", [decisions.main, holds.main])
def test_a_warehouse_that_is_away_is_a_sentence(
    command: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DESK_WAREHOUSE_URL", "postgresql+psycopg://desk:marked-secret@127.0.0.1:1/desk")
    assert command([] if command is decisions.main else ["list"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("The warehouse does not answer")
    assert "port 1" in said
    assert "marked-secret" not in said
    assert "Traceback" not in said


@pytest.mark.parametrize("command", [decisions, holds])
def test_nobody_decides_nothing(command: Any, held: Any, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["send", str(held.post_id)] if command is decisions else ["lift", "aurora"]
    with pytest.raises(SystemExit):
        command.main([*asked, "--by", " "])
    assert "say who decides" in capsys.readouterr().err


def test_an_address_that_is_none_makes_nothing_live(desk: Any, held: Any, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["live", held.post_id, "123", "notaurl", "--by", "ada"])
    assert "begins with https://" in capsys.readouterr().err
    assert desk.state(held) == "held"
