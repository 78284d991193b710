"""What a look at the warehouse brings."""

from datetime import UTC, datetime

from sqlalchemy import text

from include.alerts.found import UnreadDay
from include.alerts.look import look
from include.domain import Account

X, FACEBOOK = Account("x", "aurora", "aurora"), Account("facebook", "aurora", "aurora")
STREAMS = {"x": ("posts", "account_day"), "facebook": ("posts",)}


def _look(engine, **more):
    with engine.connect() as connection:
        return look(connection, [X, FACEBOOK], STREAMS, now=datetime.now(UTC), **more)


def _fill(engine, posts=(), days=()):
    plan = text(
        "WITH p AS (INSERT INTO desk.post (post_id, brand, account, text, publish_at, content_hash, source)"
        " VALUES (:id, 'aurora', 'x_aurora', 'Hi', now() + CAST(:due AS interval), 'h', 'calendar.csv:2') RETURNING *)"
        " INSERT INTO desk.publication (post_id, account, publish_at, state, updated_at)"
        " SELECT post_id, account, publish_at, :state, now() - CAST(:since AS interval) FROM p"
    )
    window = text(
        "INSERT INTO desk.ingest_window (account, stream, metric_date, status, reason)"
        " VALUES ('x_aurora', :stream, current_date - CAST(:ago AS int), :status, :reason)"
    )
    with engine.begin() as connection:
        for number, (state, due, since) in enumerate(posts):
            connection.execute(plan, {"id": f"{state}-{number}", "state": state, "due": due, "since": since})
        for stream, ago, status, reason in days:
            connection.execute(window, {"stream": stream, "ago": ago, "status": status, "reason": reason})


def test_posts_that_may_be_in_trouble(engine):
    _fill(
        engine,
        posts=[
            ("approved", "-1 hour", "1 day"),
            ("approved", "1 hour", "1 day"),
            ("planned", "2 days", "1 day"),
            ("held", "1 hour", "1 hour"),
            ("sending", "-1 hour", "1 hour"),
            ("live", "-1 hour", "1 hour"),
            ("refused", "-2 hours", "2 hours"),
            ("refused", "-9 days", "9 days"),
            ("cancelled", "-1 hour", "1 hour"),
        ],
    )
    found = _look(engine)
    assert sorted(row.post_id for row in found.publications) == ["approved-0", "held-3", "refused-6", "sending-4"]
    assert {row.text for row in found.publications} == {"Hi"}


def test_days_that_are_not_read_and_the_newest_that_are(engine):
    _fill(
        engine,
        days=[
            ("posts", 9, "final", None),
            ("posts", 8, "failed", "500"),
            ("posts", 7, "provisional", None),
            ("posts", 6, "missing", None),
            ("posts", 5, "lost", "a snapshot"),
            ("posts", 120, "missing", None),
            ("account_day", 3, "missing", None),
        ],
    )
    found = _look(engine)
    today = found.now.date()
    assert sorted((today - day.metric_date).days for day in found.unread) == [3, 6, 8]
    assert all(isinstance(day, UnreadDay) for day in found.unread)
    newest = {(row.account, row.stream): row.metric_date and (today - row.metric_date).days for row in found.newest}
    # of Facebook's account nothing is said: no night has tried to read it yet
    assert newest == {("x_aurora", "posts"): 7, ("x_aurora", "account_day"): None}


def test_a_desk_before_its_first_night_has_no_trouble(engine):
    found = _look(engine, unconnected={"facebook_aurora": "There is none.", "facebook_other": "Not watched."})
    assert (found.publications, found.unread, found.newest) == ([], [], [])
    assert found.unconnected == {"facebook_aurora": "There is none."}


def test_a_post_comes_with_what_was_said_of_its_text_and_whether_it_may_be_out(engine):
    _fill(engine, posts=[("planned", "-1 hour", "1 day"), ("held", "-1 hour", "1 hour"), ("planned", "-9 days", "1 s")])
    with engine.begin() as connection:
        answers = "('planned-0', 'h', 'rejected'), ('planned-0', 'former', 'approved')"
        connection.execute(text(f"INSERT INTO desk.approval (post_id, content_hash, decision) VALUES {answers}"))
        connection.execute(text("UPDATE desk.publication SET sent_at = now() WHERE state = 'held'"))
    rows = {row.post_id: (row.answer, row.sent_at is not None) for row in _look(engine).publications}
    assert rows == {"planned-0": ("rejected", False), "held-1": (None, True)}


def test_a_dead_token_is_believed_until_a_later_day_is_read(engine):
    _fill(engine, days=[("posts", 3, "failed", "401"), ("posts", 4, "final", None), ("account_day", 3, "final", None)])
    with engine.begin() as connection:
        connection.execute(text("UPDATE desk.ingest_window SET credentials_dead = true WHERE status = 'failed'"))
    assert _look(engine).dead == {"x_aurora": "401"}
    _fill(engine, days=[("account_day", 2, "provisional", None)])
    assert _look(engine).dead == {}


def test_what_is_on_hold_and_what_was_asked_about_is_known(engine):
    _fill(engine, posts=[("held", "-1 hour", "1 hour"), ("due", "-2 hours", "1 hour")])
    (due, held) = _look(engine).publications
    assert (due.is_on_hold, held.asked_at) == (False, None)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO desk.hold (subject, why, held_by) VALUES ('aurora', 'Why', 'marta')"))
        key = f"held:0:0:{held.post_id}"
        told = "INSERT INTO desk.message (message_key, channel, ts, digest) VALUES (:key, 'C1', '1.1', '')"
        connection.execute(text(told), {"key": key})
    found = _look(engine)
    assert all(row.is_on_hold for row in found.publications)
    assert found.publications[1].asked_at is not None
    assert [(row.subject, row.by) for row in found.holds] == [("aurora", "marta")]
    with engine.begin() as connection:
        connection.execute(text("UPDATE desk.hold SET lifted_at = now(), lifted_by = 'marta'"))
    assert _look(engine).holds == []


def test_of_a_manual_account_no_numbers_are_looked_for(engine):
    tiktok = Account("tiktok", "aurora", "aurora", manual=True)
    with engine.connect() as connection:
        assert look(connection, [tiktok], STREAMS, now=datetime.now(UTC)).newest == []


def test_of_a_thread_that_is_out_in_part_the_post_is_told_with_what_is_out(engine):
    _fill(engine, posts=[("held", "-1 hour", "1 hour")])
    with engine.begin() as connection:
        connection.execute(text("UPDATE desk.publication SET state = 'partly_live', reason = '1 of 3 parts is out.'"))
        for part, state in ((1, "refused"), (2, "approved")):
            connection.execute(
                text(
                    "INSERT INTO desk.publication (post_id, part, account, publish_at, state, updated_at, reason)"
                    " SELECT post_id, :part, account, publish_at, :state, updated_at, 'No.' FROM desk.publication"
                    " WHERE part = 0"
                ),
                {"part": part, "state": state},
            )
    assert [(row.state, row.reason) for row in _look(engine).publications] == [("partly_live", "1 of 3 parts is out.")]
