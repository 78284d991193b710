"""The pages that the sandbox serves."""

from typing import Any

import requests

from include.sandbox.running import RunningSandbox, running


def get(here: RunningSandbox, path: str) -> requests.Response:
    return requests.get(f"{here.url}{path}", timeout=5)


def test_channels_and_their_messages(here: RunningSandbox) -> None:
    said = {"token": "xoxb-desk", "channel": "#aurora", "text": "Ciao <b>"}
    requests.post(f"{here.url}/slack/api/chat.postMessage", data=said, timeout=5)
    assert "1 message<" in get(here, "/view/slack").text
    assert "Ciao &lt;b&gt;" in get(here, "/view/slack/aurora").text
    assert get(here, "/view/slack/nowhere").status_code == 404


def test_what_is_live_has_a_card_that_its_log_points_to(here: RunningSandbox, graph: Any, png: bytes) -> None:
    sent = {"access_token": "EAAaurora", "message": "Eccola <3", "alt_text_custom": "Una borsa"}
    requests.post(f"{here.url}/facebook/me/photos", data=sent, files={"source": ("a.png", png)}, timeout=5)
    gone = graph("POST", "/me/feed", message="Via subito").json()["id"]
    graph("DELETE", f"/{gone}")
    page = get(here, "/view/platforms").text
    for part in ("Eccola &lt;3", 'alt="Una borsa" src="data:image/png;base64,', "20 Nov 2026, 12:00 UTC", " · deleted"):
        assert part in page
    [live] = [post for post in get(here, "/_sandbox/live").json()["posts"] if not post["deleted"]]
    assert live["view_url"] == f"{here.url}/view/platforms#{live['remote_id']}"
    assert f'id="{live["remote_id"]}"' in page


def test_pictures_of_posts_can_be_fetched(here: RunningSandbox, graph: Any) -> None:
    posts = graph("GET", "/me/feed", fields="full_picture", limit=30).json()["data"]
    picture = next(post["full_picture"] for post in posts if "full_picture" in post)
    assert requests.get(picture, timeout=5).headers["content-type"] == "image/svg+xml"


def test_an_account_that_posts_nothing_has_no_place_among_what_is_live() -> None:
    accounts = [{"platform": name, "name": "aurora", "title": name} for name in ("x", "meta_ads", "google_analytics")]
    with running({"accounts": accounts}) as started:
        page = get(started, "/view/platforms").text
    assert "Nothing posted yet." in page
    assert "meta_ads" not in page
    assert "google_analytics" not in page
