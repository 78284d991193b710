"""The sandbox's Bluesky takes what Bluesky takes and refuses what it refuses."""

import pytest

from include.sandbox.images import kind_of

VIDEO = b"\x00\x00\x00\x18ftypmp42" + b"v" * 100
SESSION, REFRESH = "com.atproto.server.createSession", "com.atproto.server.refreshSession"
GET, LIST, DELETE = "com.atproto.repo.getRecord", "com.atproto.repo.listRecords", "com.atproto.repo.deleteRecord"
UPLOAD, SERVICE = "com.atproto.repo.uploadBlob", "com.atproto.server.getServiceAuth"
POSTS = "app.bsky.feed.post"


@pytest.fixture
def at(session):
    return {"repo": session["did"], "collection": POSTS}


def test_a_record_lies_under_its_key_until_it_is_deleted(xrpc, session, create, at, here) -> None:
    made = create("3lbd5jkxo2c2a", facets=[]).json()
    assert made["uri"] == f"at://{session['did']}/{POSTS}/3lbd5jkxo2c2a"
    found = xrpc("GET", GET, rkey="3lbd5jkxo2c2a", **at).json()
    assert (found["cid"], found["value"]["text"]) == (made["cid"], "Buongiorno")
    assert here.sandbox.posts.find("bluesky", made["uri"]).live
    for _ in range(2):
        gone = {**at, "rkey": "3lbd5jkxo2c2a"}
        assert xrpc("POST", DELETE, session["accessJwt"], json=gone).ok
    missing = xrpc("GET", GET, rkey="3lbd5jkxo2c2a", **at)
    assert (missing.status_code, missing.json()["error"]) == (400, "RecordNotFound")


def test_a_key_that_is_taken_is_a_plain_500(create) -> None:
    assert create().ok
    second = create()
    assert (second.status_code, second.json()["error"]) == (500, "InternalServerError")


def test_lists_run_from_the_newest_key_page_by_page(xrpc, create, at) -> None:
    for letter in "abc":
        create(f"3lbd5jkxo2c2{letter}")
    first = xrpc("GET", LIST, limit=2, **at).json()
    rest = xrpc("GET", LIST, limit=2, cursor=first["cursor"], **at).json()
    assert [r["uri"][-1] for r in first["records"] + rest["records"]] == ["c", "b", "a"]
    assert "cursor" not in rest


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"text": "a" * 301}, "300 graphemes"),
        ({"text": "👨‍👩‍👧‍👦" * 130}, "3000 characters"),
        ({"createdAt": "yesterday"}, "createdAt"),
        ({"$type": "app.bsky.feed.like"}, "$type"),
        ({"langs": ["it", "lo", "en", "de"]}, "more than 3 elements"),
        ({"facets": [{"index": {"byteStart": 0, "byteEnd": 99}, "features": []}]}, "between characters"),
        ({"text": "città", "facets": [{"index": {"byteStart": 0, "byteEnd": 5}, "features": []}]}, "between charact"),
        (
            {
                "facets": [
                    {"index": {"byteStart": 0, "byteEnd": 3}, "features": [{"$type": f"{POSTS[:8]}.richtext.facet"}]},
                    {
                        "index": {"byteStart": 0, "byteEnd": 3},
                        "features": [{"$type": "app.bsky.richtext.facet#mention", "did": "aurora"}],
                    },
                ]
            },
            "did must be a valid did",
        ),
        ({"embed": {"$type": "app.bsky.embed.external", "external": {"uri": "https://a.b"}}}, '"title"'),
        ({"embed": {"$type": "app.bsky.embed.images", "images": [{}] * 5}}, "more than 4 elements"),
        ({"embed": {"$type": "app.bsky.embed.images", "images": [{"image": {}}]}}, '"alt"'),
        ({"reply": {"root": {"uri": "at://x", "cid": "y"}}}, "reply/parent"),
        ({"reply": {n: {"uri": "at://x", "cid": "y"} for n in ("root", "parent")}}, "to reply to"),
    ],
)
def test_what_the_lexicon_forbids_is_refused(create, record, words) -> None:
    answer = create(**record)
    assert (answer.status_code, answer.json()["error"]) == (400, "InvalidRequest")
    assert words in answer.json()["message"]
    assert create("3lbd5jkxo2c2b").ok


def test_a_key_that_is_no_tid_is_refused(create) -> None:
    assert "tid" in create("my-first-post").json()["message"]


def test_sessions_are_renewed_with_a_token_that_is_used_up(xrpc, session, here) -> None:
    whoami = "com.atproto.server.getSession"
    here.sandbox.clock.advance(7201)
    old = xrpc("GET", whoami, session["accessJwt"])
    assert (old.status_code, old.json()["error"]) == (400, "ExpiredToken")
    fresh = xrpc("POST", REFRESH, session["refreshJwt"]).json()
    assert xrpc("GET", whoami, fresh["accessJwt"]).json()["did"] == session["did"]
    assert xrpc("POST", REFRESH, session["refreshJwt"]).json()["error"] == "ExpiredToken"
    assert xrpc("GET", whoami, fresh["refreshJwt"]).json()["error"] == "InvalidToken"
    assert xrpc("GET", whoami).status_code == 401


@pytest.mark.parametrize(
    ("who", "password"), [("bottega-aurora.test", "x"), ("nobody.test", "x"), ("lapsed.test", "abcd-lapsed")]
)
def test_a_wrong_password_is_refused(xrpc, who, password) -> None:
    answer = xrpc("POST", SESSION, json={"identifier": who, "password": password})
    assert (answer.status_code, answer.json()["error"]) == (401, "AuthenticationRequired")


def test_signing_in_is_limited_and_says_so(xrpc) -> None:
    who = {"identifier": "bottega-aurora.test", "password": "abcd-aurora"}
    answers = [xrpc("POST", SESSION, json=who) for _ in range(31)]
    assert [a.status_code for a in answers[-2:]] == [200, 429]
    assert answers[29].headers["ratelimit-remaining"] == "0"
    assert answers[0].headers["ratelimit-policy"] == "30;w=300"
    assert int(answers[30].headers["ratelimit-reset"]) > 0


def test_an_image_must_be_what_and_as_big_as_it_says(xrpc, session, create, png) -> None:
    blob = xrpc("POST", UPLOAD, session["accessJwt"], data=png).json()["blob"]
    assert (blob["mimeType"], blob["size"]) == ("image/png", len(png))
    assert blob["ref"]["$link"].startswith("bafkrei")

    def pictured(blob):
        return {"$type": "app.bsky.embed.images", "images": [{"image": blob, "alt": "a"}]}

    assert create(embed=pictured(blob)).ok
    lost = create("3lbd5jkxo2c2b", embed=pictured({**blob, "ref": {"$link": "bafkreix"}}))
    assert lost.json()["error"] == "BlobNotFound"
    big = xrpc("POST", UPLOAD, session["accessJwt"], data=png + b"x" * 2_000_000).json()["blob"]
    assert create("3lbd5jkxo2c2c", embed=pictured(big)).json()["error"] == "BlobTooLarge"


def test_a_video_is_worked_on_with_a_token_for_that_alone(xrpc, session, create, here) -> None:
    assert kind_of(VIDEO) == "video/mp4"
    host = here.url.removeprefix("http://").replace(":", "%3A")
    name, which = "app.bsky.video.uploadVideo", {"did": session["did"], "name": "a.mp4"}
    asked = {"aud": f"did:web:{host}", "lxm": "com.atproto.repo.uploadBlob"}
    token = xrpc("GET", SERVICE, session["accessJwt"], **asked).json()["token"]
    other = xrpc("GET", SERVICE, session["accessJwt"], **{**asked, "lxm": "com.atproto.repo.createRecord"}).json()[
        "token"
    ]
    assert xrpc("POST", name, session["accessJwt"], data=VIDEO, **which).json()["error"] == "InvalidToken"
    assert xrpc("POST", name, other, data=VIDEO, **which).status_code == 401
    job = xrpc("POST", name, token, data=VIDEO, **which).json()["jobStatus"]
    assert job["state"] == "JOB_STATE_CREATED"
    here.sandbox.clock.advance(2)
    done = xrpc("GET", "app.bsky.video.getJobStatus", jobId=job["jobId"]).json()["jobStatus"]
    assert done["state"] == "JOB_STATE_COMPLETED"
    again = xrpc("POST", name, token, data=VIDEO, **which)
    assert (again.status_code, again.json()["error"], again.json()["jobId"]) == (409, "already_exists", job["jobId"])
    assert create(embed={"$type": "app.bsky.embed.video", "video": done["blob"]}).ok


def test_handles_are_resolved_and_unknown_methods_are_not_implemented(xrpc) -> None:
    resolve = "com.atproto.identity.resolveHandle"
    assert xrpc("GET", resolve, handle="mekong.bsky.social").json()["did"].startswith("did:plc:")
    assert xrpc("GET", resolve, handle="nobody.test").json()["message"] == "Unable to resolve handle"
    assert xrpc("GET", "app.bsky.feed.getTimeline").status_code == 501
    assert xrpc("POST", resolve).status_code == 405


def test_a_restart_keeps_what_was_posted(world, set_up, http, tmp_path) -> None:
    world["accounts"].append({"platform": "bluesky", "name": "bottega_aurora", "token": "abcd-aurora"})
    journal, post = tmp_path / "journal.jsonl", {"$type": POSTS, "text": "Ciao", "createdAt": "2026-11-20T12:00:00Z"}

    def ask(box, name, token=""):
        url, headers = f"{box.url}/bluesky/xrpc/{name}", {"Authorization": f"Bearer {token}"}
        who = {"identifier": "bottega_aurora", "password": "abcd-aurora"}
        body = (
            who
            if name == SESSION
            else {"repo": "bottega_aurora", "collection": POSTS, "record": post, "rkey": "3lbd5jkxo2c2a"}
        )
        return http.post(url, json=body, headers=headers, timeout=5).json()

    box = set_up(world, journal=journal)
    ask(box, "com.atproto.repo.createRecord", ask(box, SESSION)["accessJwt"])
    box = set_up(world, journal=journal)
    which = {"repo": "bottega_aurora", "collection": POSTS, "rkey": "3lbd5jkxo2c2a"}
    found = http.get(f"{box.url}/bluesky/xrpc/{GET}", params=which, timeout=5).json()
    assert found["value"]["text"] == "Ciao"
