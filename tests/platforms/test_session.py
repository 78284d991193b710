"""Reads are repeated, writes are sent once, and what a failure means depends on when it came."""

import logging
import socket
import time
import traceback

import pytest

from include.domain.errors import CredentialsDead, OutcomeUnknown, PlatformError, Refused, TryLater
from platforms.transport import session as transport_session
from platforms.transport.access import Access
from platforms.transport.failures import explain_by
from platforms.transport.limits import meta_usage, x_rate_limit

READ = "GET /thing"
WRITE = "POST /thing"


def read(session):
    return session.read("thing", doing="read a thing")


def write(session):
    return session.write("thing", doing="make a thing", json={"a": 1})


def nobody_listens() -> str:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_read_returns_the_json_and_sends_the_token_in_the_header_alone(server, said, new_session) -> None:
    server.says(READ, said({"data": [1]}))
    assert new_session().read("/thing", {"limit": 5}, doing="read a thing").data == {"data": [1]}
    (asked,) = server.asked
    assert asked.headers["Authorization"] == "Bearer EAAB-marked-secret-7f3c"
    assert asked.query == {"limit": "5"}


@pytest.mark.parametrize(
    "first",
    [
        pytest.param({"status": 500}, id="server error"),
        pytest.param({"status": 429, "headers": {"Retry-After": "2"}}, id="throttled for 2 s"),
        pytest.param({"how": "reset"}, id="connection reset"),
        pytest.param({"how": "cut"}, id="answer cut in the middle"),
        pytest.param({"how": "hang"}, id="no answer in time"),
        pytest.param({"body": b"<html>Bad gateway</html>"}, id="not JSON"),
        pytest.param({"body": b""}, id="empty"),
    ],
)
def test_a_read_is_tried_again(server, said, new_session, waits, first) -> None:
    server.says(READ, said(**first), said({"ok": True}))
    session = new_session()
    assert read(session).data == {"ok": True}
    assert session.requests_made == 2
    assert len(waits) == 1


def test_a_read_gives_up_after_three_tries_and_says_that_nothing_is_wrong_for_good(server, said, new_session) -> None:
    server.says(READ, said(status=503))
    with pytest.raises(TryLater, match="facebook_aurora: could not read a thing") as caught:
        read(new_session())
    assert len(server.asked) == 3
    assert caught.value.status == 503


def test_a_read_waits_no_longer_than_ten_seconds_for_its_turn(server, said, new_session, waits) -> None:
    server.says(READ, said(status=429, headers={"Retry-After": "900"}))
    with pytest.raises(TryLater) as caught:
        read(new_session())
    assert caught.value.wait_s == 900
    assert waits == []
    assert len(server.asked) == 1


def test_a_refused_read_is_not_repeated(server, said, new_session) -> None:
    server.says(READ, said({"message": "no"}, 404))
    with pytest.raises(Refused, match="404"):
        read(new_session())
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param({"how": "hang"}, id="no answer in time"),
        pytest.param({"how": "reset"}, id="reset after sending"),
        pytest.param({"how": "cut"}, id="answer cut in the middle"),
        pytest.param({"status": 500}, id="500 after it was done"),
        pytest.param({"status": 503, "headers": {"Retry-After": "1"}}, id="503 with a wish"),
        pytest.param({"body": b"{"}, id="unreadable answer"),
    ],
)
def test_a_write_whose_answer_is_lost_is_unknown_and_never_sent_again(server, said, new_session, answer) -> None:
    server.says(WRITE, said(**answer))
    with pytest.raises(OutcomeUnknown, match="could not make a thing"):
        write(new_session())
    assert len(server.asked) == 1


def test_a_write_that_could_not_leave_may_be_tried_later(new_session) -> None:
    with pytest.raises(TryLater, match="nothing was sent"):
        write(new_session(url=nobody_listens()))


def test_a_throttled_write_was_surely_not_done(server, said, new_session) -> None:
    server.says(WRITE, said(status=429, headers={"Retry-After": "7"}))
    with pytest.raises(TryLater) as caught:
        write(new_session())
    assert caught.value.wait_s == 7


def test_a_write_has_a_connection_of_its_own_for_a_reset_must_mean_something(server, said, new_session) -> None:
    server.says(READ, said({}))
    server.says(WRITE, said({"id": 1}))
    session = new_session()
    for call in (read, read, write, read):
        call(session)
    ports = [asked.connection for asked in server.asked]
    assert ports[0] == ports[1] == ports[3] != ports[2]


def test_an_upload_whose_answer_is_lost_may_be_done_again(server, said, new_session) -> None:
    server.says(WRITE, said(how="reset"))
    with pytest.raises(TryLater, match="It can be done again"):
        new_session().upload("thing", doing="upload a.jpg", json={})


def test_a_write_that_succeeds_may_have_nothing_to_say(server, said, new_session) -> None:
    server.says(WRITE, said(b"", 204))
    assert write(new_session()).data == {}


def test_a_redirect_is_not_followed_for_the_token_would_go_along(server, said, new_session) -> None:
    server.says(READ, said({}, 302, {"Location": "http://127.0.0.1:1/elsewhere"}))
    with pytest.raises(Refused, match="the connection's host"):
        read(new_session())


def test_a_used_up_app_limit_stops_the_next_call_before_it_is_sent(server, said, new_session) -> None:
    server.says(READ, said({}, headers={"X-App-Usage": '{"call_count":100,"total_time":5,"total_cputime":5}'}))
    session = new_session(limits=meta_usage)
    read(session)
    with pytest.raises(TryLater, match="X-App-Usage stands at 100 %") as caught:
        session.read("other", doing="read another")
    assert 200 < caught.value.wait_s <= 300
    assert len(server.asked) == 1
    with pytest.raises(TryLater):
        write(session)


def test_a_used_up_path_stops_only_that_path(server, said, new_session) -> None:
    reset = str(int(time.time()) + 600)
    server.says(READ, said({}, headers={"x-rate-limit-remaining": "0", "x-rate-limit-reset": reset}))
    server.says("GET /other", said({}))
    session = new_session(limits=x_rate_limit)
    read(session)
    session.read("other", doing="read another")
    with pytest.raises(TryLater, match="x-rate-limit-remaining is 0") as caught:
        read(session)
    assert 500 < caught.value.wait_s <= 600


def test_no_secret_in_logs_errors_or_kept_bodies(server, said, new_session, caplog) -> None:
    secret = "EAAB-marked-secret-7f3c"
    leaky = {"error": {"message": f"Bad token {secret} in https://g.test/?access_token={secret}&a=1"}}
    paging = {
        "data": ["second-secret-9a"],
        "paging": {"next": f"https://graph.test/v1/me?limit=1&access_token={secret}&after=b"},
    }
    server.says(READ, said(leaky, 400), said(paging))
    server.says(WRITE, said(how="reset"))
    caplog.set_level(logging.DEBUG)
    session = new_session(extra={"consumer_secret": "second-secret-9a"})
    told = []
    for call in (read, write):
        with pytest.raises(PlatformError) as caught:
            call(session)
        told.append("".join(traceback.format_exception(caught.value)) + repr(caught.value))
        assert caught.value.__context__ is None
    kept = session.read("thing", doing="read a thing").body.decode()
    for text in (*told, kept, caplog.text, repr(session.access), repr(session.__dict__)):
        assert "marked-secret" not in text
        assert "second-secret" not in text
    assert "access_token=***&after=b" in kept
    assert "GET" in caplog.text


def test_a_token_that_a_server_hands_out_can_be_used_and_is_not_kept(server, said, new_session) -> None:
    token = "eyJhbGciOiJFUzI1NksifQ.eyJpc3MiOiJkaWQifQ.c2lnbmVk"
    server.says(WRITE, said({"accessJwt": token}), said({"error": "Expired", "message": f"{token} is over"}, 400))
    session = new_session(explain=lambda answer: explain_by((), answer, answer.data))
    answer = session.upload("thing", doing="sign in")
    assert answer.data == {"accessJwt": token}
    assert answer.body == b'{"accessJwt": "***"}'
    with pytest.raises(Refused, match=r"\*\*\* is over"):
        write(session)


def test_a_wait_is_never_longer_than_a_day(server, said, new_session) -> None:
    server.says(READ, said(status=429, headers={"Retry-After": str(int(time.time() * 1000))}))
    with pytest.raises(TryLater) as late:
        read(new_session())
    assert late.value.wait_s == 86_400
    in_milliseconds = {"x-rate-limit-remaining": "0", "x-rate-limit-reset": str(int(time.time() * 1000))}
    server.says(READ, said({}, headers=in_milliseconds))
    session = new_session(limits=x_rate_limit)
    read(session)
    with pytest.raises(TryLater) as late:
        read(session)
    assert late.value.wait_s == 86_400


def test_the_pieces_of_an_upload_share_a_connection(server, said, new_session) -> None:
    server.says(WRITE, said({}))
    session = new_session()
    for number in range(3):
        session.upload("thing", doing="send a piece", files={"media": bytes([number])})
    assert len({asked.connection for asked in server.asked}) == 1


@pytest.mark.parametrize("limit", ["MOST_BYTES", "ANSWER_S"])
@pytest.mark.parametrize("length", ["", "Content-Length: 99999999\r\n"], ids=["no length", "a long one"])
def test_an_answer_that_never_ends_is_left(talking, monkeypatch, new_session, limit, length) -> None:
    monkeypatch.setattr(transport_session, limit, 0.05 if limit == "ANSWER_S" else 50_000)

    def say(client: socket.socket) -> None:
        client.sendall(f"HTTP/1.1 200 OK\r\n{length}\r\n".encode())
        while True:
            client.sendall(b" " if limit == "ANSWER_S" else b" " * 4096)

    with talking(say) as where:
        session = new_session(url=f"http://{where}")
        with pytest.raises(OutcomeUnknown, match=r"The answer (is longer than 50,000 bytes|took longer than 0\.05 s)"):
            write(session)


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "naïve"])
def test_a_token_that_no_header_can_carry_is_told_at_once(token) -> None:
    with pytest.raises(CredentialsDead, match="character that no token has") as caught:
        Access.to("x_aurora", "https://api.x.com", token)
    assert token not in str(caught.value)


def test_an_upload_may_be_given_more_patience_than_other_calls(server, said, new_session) -> None:
    def slow(asked):
        time.sleep(0.5)
        return said({"id": "1"})

    server.says("POST /media", slow)
    assert new_session().upload("media", data=b"file", patience_s=5, doing="upload a.mp4").data == {"id": "1"}
    with pytest.raises(TryLater, match=r"No answer came in 0\.3 s"):
        new_session().upload("media", data=b"file", doing="upload a.mp4")


def test_a_read_of_another_host_carries_no_token_unless_it_is_asked_to(server, said, new_session) -> None:
    server.says("GET /job", said({"id": "1"}))
    elsewhere = server.url.replace("127.0.0.1", "localhost")
    session = new_session()
    session.read(f"{elsewhere}/job", doing="ask")
    session.read(f"{server.url}/job", doing="ask")
    session.read(f"{elsewhere}/job", doing="ask", signed=True)
    assert ["Authorization" in asked.headers for asked in server.asked] == [False, True, True]
