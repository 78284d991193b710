"""The command: a dry run writes nothing and says what each rule would have caught; decisions are kept with a name."""

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from include.domain.moderation import Rule
from include.listening.moderation import main
from include.listening.proposing import Judge, judge_new
from include.warehouse.tables import comment
from tests.listening.acting import ACCOUNT, MEKONG, NOW, rows, says

BRANDS = """\
mekong:
  title: Mekong Coffee
  timezone: Asia/Vientiane
  language: lo
  channel: "#mekong"
  accounts: {facebook: mekong}
  approvers: [noy]
"""
RULES = """\
spam:
  when: {contains: [casino]}
  then: {hide: yes, label: spam}
again:
  when: {repeats: 3 in 24 h, link: yes}
  then: {hide: yes}
  needs_approval: no
slow:
  when: {regex: "(a+)+$"}
  then: {assign: noy}
price:
  when: {contains: [how much]}
  then: {lead: price}
"""


@pytest.fixture
def folder(tmp_path: Path, warehouse: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "brands.yml").write_text(BRANDS, encoding="utf-8")
    (tmp_path / "moderation.yml").write_text(RULES, encoding="utf-8")
    monkeypatch.setenv("DESK_WAREHOUSE_URL", warehouse)
    monkeypatch.setenv("DESK_DIR", str(tmp_path))
    return tmp_path


def said(engine: Engine, days_ago: float, text: str | None, author: str | None = None) -> None:
    at = datetime.now(UTC) - timedelta(days=days_ago)
    comment_id = hashlib.sha256(f"{at}{text}".encode()).hexdigest()[:12]
    row = {"account": ACCOUNT, "comment_id": comment_id, "remote_id": "p", "created_at": at, "text": text}
    with engine.begin() as connection:
        connection.execute(insert(comment).values(**row, author_hash=author, url=f"https://n.example/{comment_id}"))


@pytest.mark.usefixtures("folder")
def test_a_dry_run_says_what_each_rule_would_have_caught_and_does_nothing(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    said(engine, 20, "casino one")
    said(engine, 2, "Casino two \x1b[2J")
    said(engine, 40, "casino of long ago")
    said(engine, 10, None)
    said(engine, 5, "How much?")
    said(engine, 4, "a" * 5000 + "b")
    for hours in (0, 1, 2, 30):
        said(engine, 7 - hours / 24, f"https://spam.example {hours}", "author")
    assert main(["--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "4 rules against 8 comments" in told
    assert "Nothing was done, nobody was asked." in told
    assert "1 more are older than DESK_COMMENT_DAYS keeps their words" in told
    assert "spam: 2 comments, 0 of them negative -> hide, label spam (asked first)" in told
    assert "again: 1 comments, 0 of them negative -> hide (unasked)" in told
    assert "price: 1 comments, 0 of them negative -> lead: price" in told
    assert "slow: 0 comments" in told
    assert "! on 1 comments its regex ran out of time" in told
    assert "“Casino two [2J”" in told
    assert "\x1b" not in told
    assert rows(engine) == []


def test_a_broken_file_is_told_line_by_line(folder: Path, engine: Engine, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "moderation.yml").write_text(RULES.replace("hide: yes", "hide: maybe"), encoding="utf-8")
    assert main(["--dry-run"]) == 2
    assert "2 things to correct" in capsys.readouterr().err


@pytest.mark.usefixtures("folder")
def test_decisions_are_kept_with_a_name_and_a_reason_is_given_where_there_is_none_to_make(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    says(engine, "c1", "casino")
    rule = Rule("spam", contains=("casino",), hide=True, labels=("spam",))
    judge_new(engine, Judge([MEKONG], [rule], able={ACCOUNT: ("hide",)}), now=NOW)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE desk.moderation_action SET expires_at = now() + interval '1 day'")
    ((key, first), (_, second)) = rows(engine, "message_key, action_id")
    assert main(["--list"]) == 0
    assert key in capsys.readouterr().out
    assert main(["--approve", key]) == 1
    assert "--by NAME" in capsys.readouterr().err
    assert main(["--reject", str(second), "--by", "noy"]) == 0
    assert main(["--approve", key, "--by", "noy"]) == 0
    assert rows(engine, "action_id, state, decided_by") == [(first, "approved", "noy"), (second, "rejected", "noy")]
    assert main(["--undo", key, "--by", "noy"]) == 1
    assert "does not wait for that" in capsys.readouterr().err
