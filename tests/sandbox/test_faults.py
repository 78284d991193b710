"""Faults do what they say: to whom, how often, before or after the deed."""

import json
import time
from typing import Any

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from include.sandbox.running import RunningSandbox

TWEETS, HEADER = "/x/2/tweets", {"Authorization": "Bearer x-aurora"}


def tweet(here: RunningSandbox, text: str = "Ciao", timeout: float = 5) -> requests.Response:
    return requests.post(f"{here.url}{TWEETS}", json={"text": text}, headers=HEADER, timeout=timeout)


def live(here: RunningSandbox) -> list[str]:
    posts = requests.get(f"{here.url}/_sandbox/live", timeout=5).json()["posts"]
    return [post["text"] for post in posts if not post["deleted"]]


@pytest.mark.parametrize(("kind", "left"), [("drop_before", []), ("drop_after", ["Ciao"])])
def test_a_dropped_connection_before_and_after_the_deed(
    here: RunningSandbox, tell: Any, kind: str, left: list[str]
) -> None:
    tell(platform="x", endpoint="/2/tweets", method="POST", kind=kind, times=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        tweet(here)
    assert live(here) == left
    assert tweet(here, "Dopo").status_code == 201


def test_after_the_lost_answer_the_platform_itself_tells_that_it_is_live(here: RunningSandbox, tell: Any) -> None:
    tell(platform="x", endpoint="/2/tweets", kind="drop_after", times=1)
    with pytest.raises(requests.exceptions.ConnectionError):
        tweet(here)
    assert tweet(here).status_code == 403


def test_a_slow_answer_outlasts_an_impatient_client_and_is_carried_out(here: RunningSandbox, tell: Any) -> None:
    tell(platform="x", kind="delay", seconds=0.3, times=1)
    with pytest.raises(requests.exceptions.ReadTimeout):
        tweet(here, timeout=0.05)
    assert tweet(here, "Altro").status_code == 201
    while "Ciao" not in live(here):
        time.sleep(0.02)


def test_half_an_answer_and_a_pause_in_one(here: RunningSandbox, tell: Any) -> None:
    tell(platform="x", kind="malformed", times=1)
    with pytest.raises(ValueError):  # noqa: PT011  requests' own JSONDecodeError is one
        tweet(here).json()
    assert live(here) == ["Ciao"]
    tell(platform="x", kind="slow_body", seconds=0.05, times=1)
    assert tweet(here, "Due").json()["data"]["text"] == "Due"


def test_a_status_in_xs_words(here: RunningSandbox, tell: Any) -> None:
    tell(platform="x", kind="status", status=429, retry_after=120, times=1)
    answer = tweet(here)
    wait = int(answer.headers["x-rate-limit-reset"]) - here.sandbox.clock.now().timestamp()
    assert (answer.status_code, answer.json()["title"], answer.headers["x-rate-limit-remaining"]) == (
        429,
        "Too Many Requests",
        "0",
    )
    assert 110 < wait <= 120
    tell(platform="x", kind="status", status=503, times=1)
    assert (tweet(here).status_code, live(here)) == (503, [])


def test_a_status_after_the_deed(here: RunningSandbox, tell: Any) -> None:
    tell(platform="x", kind="status", status=502, commit=True, times=1)
    assert (tweet(here).status_code, live(here)) == (502, ["Ciao"])


@pytest.mark.parametrize(("code", "told"), [("", 32), ("4", 4), ("80001", 80001)])
def test_a_throttle_in_graphs_words_is_http_400(graph: Any, tell: Any, code: str, told: int) -> None:
    tell(
        platform="facebook", endpoint="/{page}/insights", kind="status", status=429, retry_after=600, code=code, times=1
    )
    answer = graph("GET", "/me/insights", metric="page_follows")
    usage = json.loads(answer.headers["X-Business-Use-Case-Usage"])
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, told)
    assert next(iter(usage.values()))[0]["estimated_time_to_regain_access"] == 10
    assert json.loads(answer.headers["X-App-Usage"])["call_count"] == 100


def test_slacks_own_words(here: RunningSandbox, tell: Any) -> None:
    client = WebClient("xoxb-desk", base_url=f"{here.url}/slack/api/")
    tell(platform="slack", endpoint="chat.postMessage", kind="status", status=429, retry_after=30, times=1)
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="#aurora", text="a")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "30")
    assert caught.value.response["error"] == "ratelimited"
    tell(platform="slack", kind="status", code="channel_not_found", times=1)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.auth_test()


def test_it_strikes_only_whom_and_as_often_as_it_was_told(here: RunningSandbox, tell: Any, graph: Any) -> None:
    tell(platform="facebook", account="mekong", method="GET", kind="status", status=500, times=2)
    assert graph("GET", "/me").status_code == 200
    assert graph("POST", "/me/feed", token="EAAmekong", message="a").status_code == 200
    assert [graph("GET", "/me", token="EAAmekong").status_code for _ in range(3)] == [500, 500, 200]
    [fault] = requests.get(f"{here.url}/_sandbox/faults", timeout=5).json()["faults"]
    assert (fault["hits"], fault["times"]) == (2, 0)


def test_a_probability_strikes_the_same_requests_for_the_same_seed(here: RunningSandbox, tell: Any, graph: Any) -> None:
    def struck() -> list[int]:
        requests.delete(f"{here.url}/_sandbox/faults", timeout=5)
        tell(kind="status", status=500, probability=0.4, seed=3)
        return [graph("GET", "/me").status_code for _ in range(20)]

    first = struck()
    assert first == struck()
    assert 3 <= first.count(500) <= 13


@pytest.mark.parametrize(
    "fault", [{"kind": "explode"}, {"kind": "delay", "secnds": 1}, {"kind": "status", "status": "many"}, {}]
)
def test_a_fault_that_cannot_be_is_refused_with_a_sentence(tell: Any, fault: dict[str, Any]) -> None:
    answer = tell(**fault)
    assert answer.status_code == 400
    assert answer.json()["error"].endswith(".")
