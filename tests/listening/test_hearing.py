"""What is heard is kept once; edits, deletions and late comers are noticed; one account's trouble is its own."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, text

from include.domain import Comment, CredentialsDead, TryLater
from include.listening import ledger
from include.listening.authors import author_hash, salt_of
from include.listening.batch import Told, listen
from include.listening.store import forget
from include.warehouse.tables import comment, comment_history, comment_read
from tests.listening.stage import NOW, Stage, said

KEEP = NOW - timedelta(days=90)


class Limited(Stage):
    """After eight comments it bids to wait."""

    def comments(self, since: datetime) -> Iterator[Comment]:
        for count, each in enumerate(super().comments(since)):
            if count == 8:
                raise TryLater("Wait a little.", wait_s=60, status=429)
            yield each


def heard(engine: Engine, stages: dict[str, Stage], *, minutes: float = 0) -> Told:
    connect: Callable[[str], Any] = stages.__getitem__
    now = NOW + timedelta(minutes=minutes)
    return listen(engine, list(stages), connect, now=now, salt=b"salt", keep_from=KEEP + timedelta(minutes=minutes))


def rows(engine: Engine, *columns: str) -> list[Any]:
    with engine.connect() as connection:
        found = connection.execute(select(*(comment.c[name] for name in columns)).order_by("account", "comment_id"))
        return [tuple(row) for row in found]


def test_the_first_reading_goes_back_28_days_and_the_next_one_half_an_hour(engine: Engine) -> None:
    stage = Stage([said()])
    heard(engine, {"facebook_aurora": stage})
    heard(engine, {"facebook_aurora": stage}, minutes=10)
    assert stage.asked == [NOW - timedelta(days=28), NOW - timedelta(minutes=30)]


def test_what_did_not_change_is_not_written_again(engine: Engine) -> None:
    stage = Stage([said(), said("ancora", key="2")])
    assert heard(engine, {"facebook_aurora": stage}).new == 2
    place = text("SELECT ctid, xmin, xmax FROM desk.comment ORDER BY 1")
    with engine.connect() as connection:
        before = connection.execute(place).all()
    again = heard(engine, {"facebook_aurora": stage}, minutes=10)
    assert (again.heard, again.new, again.edited) == (2, 0, 0)
    with engine.connect() as connection:
        assert connection.execute(place).all() == before


def test_a_comment_that_came_late_is_heard_within_the_grace_and_by_the_daily_look_back(engine: Engine) -> None:
    stage = Stage()
    heard(engine, {"facebook_aurora": stage})
    stage.comments_there.append(said(minutes_ago=15))
    assert heard(engine, {"facebook_aurora": stage}, minutes=10).new == 1
    stage.comments_there.append(said(key="late", minutes_ago=-30))
    assert heard(engine, {"facebook_aurora": stage}, minutes=100).new == 1
    stage.comments_there.append(said(key="later", minutes_ago=600))
    assert heard(engine, {"facebook_aurora": stage}, minutes=110).new == 0
    assert heard(engine, {"facebook_aurora": stage}, minutes=25 * 60).new == 1


def test_an_edit_keeps_the_text_that_it_replaced(engine: Engine) -> None:
    stage = Stage([said("bello")])
    heard(engine, {"facebook_aurora": stage})
    stage.comments_there = [said("brutto", edited_at=NOW)]
    assert heard(engine, {"facebook_aurora": stage}, minutes=10).edited == 1
    assert rows(engine, "text", "edited_at") == [("brutto", NOW)]
    with engine.connect() as connection:
        assert connection.scalars(select(comment_history.c.before)).all() == [{"text": "bello", "edited_at": None}]


def test_what_is_gone_is_marked_and_what_is_back_is_not(engine: Engine) -> None:
    stage = Stage([said(), said(key="2")], deleted={"2"})
    heard(engine, {"facebook_aurora": stage})
    stage.comments_there = [said()]
    assert heard(engine, {"facebook_aurora": stage}, minutes=25 * 60).gone == 1
    assert stage.asked_gone == [{"1", "2"}]
    assert [gone is not None for (gone,) in rows(engine, "gone_at")] == [False, True]
    stage.comments_there, stage.deleted = [said(), said(key="2")], set()
    heard(engine, {"facebook_aurora": stage}, minutes=50 * 60)
    assert rows(engine, "gone_at") == [(None,), (None,)]


def test_what_was_just_heard_is_not_gone_whatever_the_platform_says(engine: Engine) -> None:
    stage = Stage([said(), said(key="2")], deleted={"1", "2"})
    heard(engine, {"facebook_aurora": stage})
    stage.comments_there = [said()]
    assert heard(engine, {"facebook_aurora": stage}, minutes=25 * 60).gone == 1
    assert [gone is not None for (gone,) in rows(engine, "gone_at")] == [False, True]


def test_that_most_are_gone_at_once_is_told_and_not_believed(engine: Engine) -> None:
    stage = Stage([said(key=str(n)) for n in range(9)], deleted=set("01234"))
    heard(engine, {"facebook_aurora": stage})
    stage.comments_there = []
    told = heard(engine, {"facebook_aurora": stage}, minutes=25 * 60)
    assert (told.gone, set(rows(engine, "gone_at"))) == (0, {(None,)})
    with engine.connect() as connection:
        read = ledger.reads(connection, ["facebook_aurora"])["facebook_aurora"]
    assert "5 of the 9 comments" in (read.reason or "")
    assert read.heard_through == NOW + timedelta(hours=25)
    stage.deleted = set("0123")
    assert heard(engine, {"facebook_aurora": stage}, minutes=50 * 60).gone == 4


def test_what_the_platform_does_not_say_of_hiding_stays_as_it_is(engine: Engine) -> None:
    stage = Stage([said(hidden=None), said(key="2", hidden=True), said(key="3", hidden=None)])
    heard(engine, {"x_aurora": stage})
    assert rows(engine, "hidden") == [(False,), (True,), (False,)]
    with engine.begin() as connection:
        connection.execute(text("UPDATE desk.comment SET hidden = true"))
    stage.comments_there[1] = said(key="2", hidden=False)
    again = heard(engine, {"x_aurora": stage}, minutes=10)
    assert rows(engine, "hidden") == [(True,), (False,), (True,)]
    assert (again.new, again.edited) == (0, 1)


def test_a_first_reading_that_is_interrupted_goes_back_less_until_it_ends(engine: Engine) -> None:
    most = [said(key=str(n), minutes_ago=60 * 24 * n) for n in range(1, 20)]
    stage = Limited(most)
    for tried in range(4):
        heard(engine, {"x_aurora": stage}, minutes=10 * tried)
    days = [(NOW + timedelta(minutes=10 * tried) - since).days for tried, since in enumerate(stage.asked)]
    assert days == [28, 14, 7, 0], "the third came to its end"
    with engine.connect() as connection:
        read = ledger.reads(connection, ["x_aurora"])["x_aurora"]
    assert (read.heard_through, read.interrupted) == (NOW + timedelta(minutes=30), 0)


def test_an_outage_does_not_shorten_the_first_reading(engine: Engine) -> None:
    stage = Stage(raises=TryLater("It is down.", wait_s=1, status=503))
    for tried in range(3):
        heard(engine, {"x_aurora": stage}, minutes=10 * tried)
    assert stage.asked[2] == NOW + timedelta(minutes=20) - timedelta(days=28)


def test_one_accounts_trouble_stops_it_alone_and_what_came_before_it_is_kept(engine: Engine) -> None:
    stages = {
        "facebook_wait": Stage([said(account="facebook_wait")], raises=TryLater("Wait a little.", wait_s=1200)),
        "x_dead": Stage(raises=CredentialsDead("Its token is gone.")),
        "x_odd": Stage(raises=KeyError("data")),
        "x_well": Stage([said(account="x_well")]),
    }
    told = heard(engine, stages)
    assert {account for account, _ in told.why} == {"facebook_wait", "x_dead", "x_odd"}
    assert told.new == 2
    with engine.connect() as connection:
        reads = ledger.reads(connection, list(stages))
    assert reads["facebook_wait"].not_before == NOW + timedelta(minutes=20)
    assert reads["facebook_wait"].heard_through is None
    assert reads["x_dead"].credentials_dead
    assert "KeyError" in (reads["x_odd"].reason or "")
    assert reads["x_well"].heard_through == NOW
    heard(engine, stages, minutes=10)
    assert [len(stage.asked) for stage in stages.values()] == [1, 1, 2, 2]
    heard(engine, stages, minutes=61)
    assert [len(stage.asked) for stage in stages.values()] == [2, 2, 3, 3]


def test_an_account_that_cannot_be_connected_stops_alone(engine: Engine) -> None:
    connect = {"x_well": Stage([said(account="x_well")])}.__getitem__
    told = listen(engine, ["x_lost", "x_well"], connect, now=NOW, salt=b"s", keep_from=KEEP)
    assert (told.new, [account for account, _ in told.why]) == (1, ["x_lost"])


def test_what_cannot_be_kept_stops_its_own_account(engine: Engine) -> None:
    broken = said(account="x_broken")._replace(created_at="yesterday")
    naive = said(account="x_naive", minutes_ago=3)
    stages = {"x_broken": Stage(), "x_well": Stage([naive._replace(account="x_well")])}
    stages["x_broken"].comments = lambda since: iter([broken])  # type: ignore[method-assign,assignment]
    told = heard(engine, stages)
    assert [account for account, _ in told.why] == ["x_broken"]
    assert rows(engine, "account") == [("x_well",)]


def test_texts_that_a_database_cannot_hold_are_mended(engine: Engine) -> None:
    heard(engine, {"facebook_aurora": Stage([said("a\x00b\ud800c", author="\udfff")])})
    assert rows(engine, "text") == [("a\ufffdb\ufffdc",)]


def test_an_author_is_a_salted_hash(engine: Engine) -> None:
    heard(engine, {"facebook_aurora": Stage([said(author="10224"), said(key="2", author="")])})
    assert rows(engine, "author_hash") == [(author_hash(b"salt", "10224"),), (None,)]
    assert author_hash(b"salt", "10224") != author_hash(b"pepper", "10224")
    with engine.connect() as connection:
        stored = str(connection.execute(select(comment)).all())
    assert "10224" not in stored


def test_without_a_salt_the_warehouse_keeps_its_own(engine: Engine) -> None:
    assert salt_of(engine, "given") == b"given"
    assert len(salt_of(engine)) == 32
    assert salt_of(engine) == salt_of(engine)


def test_texts_are_kept_for_their_time_and_never_come_back(engine: Engine) -> None:
    stage = Stage([said("vecchio", url="https://x.example/somebody/1", minutes_ago=60 * 24 * 20), said(key="2")])
    heard(engine, {"facebook_aurora": stage})
    with engine.begin() as connection:
        assert forget(connection, NOW - timedelta(days=10)) == 1
    now, keep = NOW + timedelta(days=1), NOW - timedelta(days=10)
    stage.comments = lambda since: iter(stage.comments_there)  # type: ignore[method-assign]
    listen(engine, ["facebook_aurora"], {"facebook_aurora": stage}.__getitem__, now=now, salt=b"s", keep_from=keep)
    assert rows(engine, "text", "url", "author_hash")[0] == (None, "", None)
    with engine.connect() as connection:
        assert connection.scalar(select(comment_read.c.heard_from)) == NOW - timedelta(days=28)


def test_what_an_edit_replaced_goes_with_its_comment_however_late_the_edit(engine: Engine) -> None:
    stage = Stage([said("prima", minutes_ago=60 * 24 * 20)])
    heard(engine, {"facebook_aurora": stage})
    stage.comments_there = [said("dopo", minutes_ago=60 * 24 * 20)]
    stage.comments = lambda since: iter(stage.comments_there)  # type: ignore[method-assign]
    heard(engine, {"facebook_aurora": stage}, minutes=60 * 24)
    with engine.begin() as connection:
        assert len(connection.execute(select(comment_history)).all()) == 1
        forget(connection, NOW - timedelta(days=10))
        assert connection.execute(select(comment_history)).all() == []
