"""Counters, the live log, the clock, and the journal that outlives a restart."""

from pathlib import Path
from typing import Any

import requests
from slack_sdk import WebClient

from include.sandbox.running import RunningSandbox


def get(here: RunningSandbox, path: str) -> Any:
    return requests.get(f"{here.url}/_sandbox/{path}", timeout=5).json()


def test_every_request_is_counted_by_its_template(here: RunningSandbox, graph: Any) -> None:
    page = graph("GET", "/me").json()["id"]
    graph("GET", f"/{page}/insights", metric="nonsense")
    graph("GET", "/me/insights", metric="page_follows")
    post = graph("POST", "/me/feed", message="a").json()["id"]
    graph("GET", f"/{post}", token="EAAlapsed")
    requests.get(f"{here.url}/x/2/users/1/tweets", timeout=5)
    get(here, "health")
    assert get(here, "requests") == {
        "total": 6,
        "requests": [
            {"platform": "facebook", "method": "GET", "endpoint": "/me", "count": 1},
            {"platform": "facebook", "method": "GET", "endpoint": "/{page}/insights", "count": 2},
            {"platform": "facebook", "method": "GET", "endpoint": "/{post}", "count": 1},
            {"platform": "facebook", "method": "POST", "endpoint": "/{page}/feed", "count": 1},
            {"platform": "x", "method": "GET", "endpoint": "/2/users/:id/tweets", "count": 1},
        ],
        "versions": {"facebook": {"v25.0": 5}},
    }
    requests.delete(f"{here.url}/_sandbox/requests", timeout=5)
    assert get(here, "requests")["total"] == 0


def test_the_live_log_tells_what_stands_twice(here: RunningSandbox, graph: Any) -> None:
    for text in ("Una", "Due", "Una"):
        graph("POST", "/me/feed", message=text)
    gone = graph("POST", "/me/feed", message="Via").json()["id"]
    graph("DELETE", f"/{gone}")
    told = get(here, "live")
    assert [(p["text"], p["times"], p["deleted"]) for p in told["posts"]] == [
        ("Una", 2, False),
        ("Due", 1, False),
        ("Una", 2, False),
        ("Via", 0, True),
    ]
    assert told["live"] == 3
    assert told["posts"][0]["account"] == "bottega_aurora"
    assert told["posts"][0]["url"].startswith("https://www.facebook.com/")


def test_the_clock_is_the_sandboxs_own(here: RunningSandbox) -> None:
    set_to = requests.post(f"{here.url}/_sandbox/clock", json={"now": "2026-12-24T18:00:00Z"}, timeout=5)
    assert set_to.json()["now"].startswith("2026-12-24T18:00:00")
    requests.post(f"{here.url}/_sandbox/clock", json={"advance_s": 3600}, timeout=5)
    assert get(here, "health")["now"].startswith("2026-12-24T19:00:0")
    assert requests.get(here.url, timeout=5).headers["date"].startswith("Thu, 24 Dec 2026 19:00:0")
    naive = requests.post(f"{here.url}/_sandbox/clock", json={"now": "2026-12-24T18:00:00"}, timeout=5)
    assert naive.status_code == 400


def test_what_is_live_outlives_a_restart(set_up: Any, world: Any, graph: Any, png: bytes, tmp_path: Path) -> None:
    journal = tmp_path / "journal.jsonl"
    here = set_up(world, journal=journal)
    client = WebClient("xoxb-desk", base_url=f"{here.url}/slack/api/")
    sent = {"access_token": "EAAaurora", "message": "Con foto"}
    requests.post(f"{here.url}/facebook/me/photos", data=sent, files={"source": ("a.png", png)}, timeout=5)
    graph("DELETE", "/" + graph("POST", "/me/feed", message="Via").json()["id"])
    file_id = client.files_upload_v2(filename="a.png", content=png)["files"][0]["id"]
    ref = client.chat_postMessage(channel="#aurora", text="Uno")
    client.chat_update(channel=ref["channel"], ts=ref["ts"], text="Due")
    client.reactions_add(channel=ref["channel"], timestamp=ref["ts"], name="eyes")
    before = get(here, "live"), client.conversations_history(channel=ref["channel"])["messages"]

    again = set_up(world, journal=journal)
    assert (get(again, "live"), client.conversations_history(channel=ref["channel"])["messages"]) == before
    assert client.files_info(file=file_id)["file"]["size"] == len(png)
    assert "data:image/png" in requests.get(f"{again.url}/view/platforms", timeout=5).text


def test_a_journal_whose_last_line_was_cut_is_read_to_there(
    set_up: Any, world: Any, graph: Any, tmp_path: Path
) -> None:
    journal = tmp_path / "journal.jsonl"
    set_up(world, journal=journal)
    graph("POST", "/me/feed", message="Una")
    with journal.open("a") as file:
        file.write('{"kind": "post", "platf')
    here = set_up(world, journal=journal)
    graph("POST", "/me/feed", message="Due")
    assert [post["text"] for post in get(here, "live")["posts"]] == ["Una", "Due"]
    assert [post["text"] for post in get(set_up(world, journal=journal), "live")["posts"]] == ["Una", "Due"]


def test_the_same_seed_answers_alike_and_another_otherwise(set_up: Any, world: Any, graph: Any) -> None:
    def read(seed: int) -> Any:
        set_up(world, seed=seed)
        asked = {"fields": "id,message,insights.metric(post_media_view)", "until": "2026-11-19"}
        return [row["message"] for row in graph("GET", "/me/feed", **asked).json()["data"]]

    assert read(7) == read(7) != read(8)


def test_lists_lag_behind_as_they_are_told(set_up: Any, world: Any, graph: Any) -> None:
    here = set_up({**world, "lists_lag_s": {"facebook": 90}})
    post = graph("POST", "/me/feed", message="Una").json()["id"]

    def is_listed() -> bool:
        return post in [each["id"] for each in graph("GET", "/me/feed").json()["data"]]

    assert not is_listed()
    assert graph("GET", f"/{post}").status_code == 200
    requests.post(f"{here.url}/_sandbox/clock", json={"advance_s": 91}, timeout=5)
    assert is_listed()
    told = requests.post(f"{here.url}/_sandbox/lag", json={"facebook": 600}, timeout=5).json()
    assert (told, is_listed()) == ({"lists_lag_s": {"facebook": 600}}, False)
    wrong = requests.post(f"{here.url}/_sandbox/lag", json={"fax": 1}, timeout=5)
    assert (wrong.status_code, "no platform 'fax'" in wrong.json()["error"]) == (400, True)
