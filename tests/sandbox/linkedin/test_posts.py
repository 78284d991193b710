"""LinkedIn's posts, media and comments: what is taken, what is refused and in which words."""

from typing import Any

import pytest
import requests

from include.sandbox.running import RunningSandbox

AUTHOR = "urn:li:organization:2414183"


def body(commentary: str = "Ciao", **changes: Any) -> dict[str, Any]:
    whole = {
        "author": AUTHOR,
        "commentary": commentary,
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    return {name: value for name, value in {**whole, **changes}.items() if value is not None}


def publish(linkedin: Any, *args: Any, **changes: Any) -> str:
    answer = linkedin("POST", "/rest/posts", json=body(*args, **changes))
    assert (answer.status_code, answer.content) == (201, b"")
    return str(answer.headers["x-restli-id"])


def test_a_post_is_told_by_its_header_and_listed_for_its_author(linkedin: Any, here: RunningSandbox) -> None:
    urn = publish(linkedin, r"Panettone \(fresco\) #Natale")
    assert urn.startswith("urn:li:share:")
    one = linkedin("GET", f"/rest/posts/{urn.replace(':', '%3A')}").json()
    assert (one["id"], one["author"], one["lifecycleState"]) == (urn, AUTHOR, "PUBLISHED")
    assert one["commentary"] == r"Panettone \(fresco\) {hashtag|\#|Natale}"
    asked = {"q": "author", "author": AUTHOR, "count": 5, "sortBy": "LAST_MODIFIED"}
    page = linkedin("GET", "/rest/posts", params=asked).json()
    assert len(page["elements"]) == 5
    assert page["elements"][0] == one
    assert [p.text for p in here.sandbox.posts] == ["Panettone (fresco) #Natale"]


def test_the_seeded_world_posts_too_and_pages_do_not_overlap(linkedin: Any) -> None:
    asked = {"q": "author", "author": AUTHOR, "count": 100}
    pages = [linkedin("GET", "/rest/posts", params={**asked, "start": n}).json()["elements"] for n in (0, 100)]
    ids = [element["id"] for page in pages for element in page]
    assert len(ids) == len(set(ids)) > 100
    kinds = {next(iter(element.get("content", {"text": 0}))) for page in pages for element in page}
    assert kinds == {"text", "article", "media", "multiImage"}


@pytest.mark.parametrize(
    ("headers", "token", "status", "told"),
    [
        ({"LinkedIn-Version": ""}, "AQXaurora", 400, "VERSION_MISSING"),
        ({"LinkedIn-Version": "202504"}, "AQXaurora", 426, "NONEXISTENT_VERSION"),
        ({"LinkedIn-Version": "2026-07"}, "AQXaurora", 426, "NONEXISTENT_VERSION"),
        ({"X-Restli-Protocol-Version": ""}, "AQXaurora", 400, "ILLEGAL_ARGUMENT"),
        ({}, "", 401, None),
        ({}, "AQXstranger", 401, "INVALID_ACCESS_TOKEN"),
        ({}, "AQXlapsed", 401, "REVOKED_ACCESS_TOKEN"),
    ],
)
def test_every_call_needs_a_token_and_two_headers(
    linkedin: Any, headers: dict[str, str], token: str, status: int, told: str | None
) -> None:
    answer = linkedin("POST", "/rest/posts", token=token, headers=headers, json=body())
    assert (answer.status_code, answer.json()["status"], answer.json().get("code")) == (status, status, told)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"author": "urn:li:organization:1"}, 403),
        ({"lifecycleState": None}, 400),
        ({"visibility": "CONNECTIONS"}, 400),
        ({"text": "Ciao"}, 400),
        ({"commentary": " "}, 400),
        ({"commentary": "a" * 3001}, 400),
        ({"commentary": r"\(" * 1501}, 400),
        ({"content": {"media": {"id": "urn:li:image:nowhere"}}}, 400),
        ({"content": {"multiImage": {"images": [{"id": "urn:li:image:nowhere"}]}}}, 400),
        ({"content": {"article": {"source": "https://aurora.example/"}}}, 400),
        ({"content": {"article": {"source": "aurora", "title": "Aurora"}}}, 400),
        ({"content": {"poll": {}}}, 400),
    ],
)
def test_what_linkedin_refuses(linkedin: Any, here: RunningSandbox, changes: dict[str, Any], status: int) -> None:
    answer = linkedin("POST", "/rest/posts", json=body(**changes))
    assert (answer.status_code, answer.json()["status"]) == (status, status)
    assert list(here.sandbox.posts) == []


def test_the_same_post_again_names_the_first(linkedin: Any) -> None:
    urn = publish(linkedin, "Una volta sola")
    answer = linkedin("POST", "/rest/posts", json=body("Una volta sola"))
    assert (answer.status_code, answer.json()["errorDetails"]["inputErrors"][0]["code"]) == (422, "DUPLICATE_POST")
    assert answer.json()["message"].endswith(f"Content is a duplicate of {urn}")
    linkedin("DELETE", f"/rest/posts/{urn}")
    assert publish(linkedin, "Una volta sola") != urn


def test_edited_and_taken_down(linkedin: Any) -> None:
    urn = publish(linkedin)
    changed = {"patch": {"$set": {"commentary": r"Ciao \(ancora\)"}}}
    edited = linkedin("POST", f"/rest/posts/{urn}", headers={"X-RestLi-Method": "PARTIAL_UPDATE"}, json=changed)
    assert edited.status_code == 204
    assert linkedin("GET", f"/rest/posts/{urn}").json()["commentary"] == r"Ciao \(ancora\)"
    assert [linkedin("DELETE", f"/rest/posts/{urn}").status_code for _ in range(2)] == [204, 404]
    assert linkedin("GET", f"/rest/posts/{urn}").status_code == 404


def test_an_image_is_registered_put_and_shown(linkedin: Any, here: RunningSandbox, png: bytes) -> None:
    asked = {"initializeUploadRequest": {"owner": AUTHOR}}
    value = linkedin("POST", "/rest/images?action=initializeUpload", json=asked).json()["value"]
    assert linkedin("GET", f"/rest/images/{value['image']}").json()["status"] == "WAITING_UPLOAD"
    assert requests.put(value["uploadUrl"], data=png, timeout=5).status_code == 201
    assert linkedin("GET", f"/rest/images/{value['image']}").json()["status"] == "AVAILABLE"
    publish(linkedin, content={"media": {"id": value["image"], "altText": "Una torta"}})
    page = requests.get(f"{here.url}/view/platforms", timeout=5).text
    for part in ("LinkedIn</span>Aurora", "Ciao", 'alt="Una torta" src="data:image/png;base64,'):
        assert part in page


def test_a_video_comes_in_parts_whose_etags_must_be_named(linkedin: Any, here: RunningSandbox) -> None:
    film = b"\x00\x00\x00\x18ftypisom" + bytes(5 * 1024 * 1024)
    asked = {"initializeUploadRequest": {"owner": AUTHOR, "fileSizeBytes": len(film)}}
    value = linkedin("POST", "/rest/videos?action=initializeUpload", json=asked).json()["value"]
    parts = value["uploadInstructions"]
    assert [(p["firstByte"], p["lastByte"]) for p in parts] == [(0, 4194303), (4194304, len(film) - 1)]
    puts = [requests.put(p["uploadUrl"], data=film[p["firstByte"] : p["lastByte"] + 1], timeout=5) for p in parts]
    etags = [put.headers["ETag"].strip('"') for put in puts]

    def finalize(named: list[str]) -> int:
        whole = {"finalizeUploadRequest": {"video": value["video"], "uploadToken": "", "uploadedPartIds": named}}
        return int(linkedin("POST", "/rest/videos?action=finalizeUpload", json=whole).status_code)

    assert finalize(etags[::-1]) == 400
    assert (finalize(etags), finalize(etags)) == (200, 200)
    content = {"media": {"id": value["video"]}}
    assert linkedin("GET", f"/rest/videos/{value['video']}").json()["status"] == "PROCESSING"
    assert linkedin("POST", "/rest/posts", json=body(content=content)).status_code == 400
    here.sandbox.clock.advance(2)
    assert linkedin("GET", f"/rest/videos/{value['video']}").json()["status"] == "AVAILABLE"
    publish(linkedin, content=content)


def test_a_file_that_is_none_is_refused(linkedin: Any) -> None:
    asked = {"initializeUploadRequest": {"owner": AUTHOR}}
    value = linkedin("POST", "/rest/images?action=initializeUpload", json=asked).json()["value"]
    assert requests.put(value["uploadUrl"], data=b"%PDF", timeout=5).status_code == 400


def test_comments_are_plain_and_stay_out_of_the_authors_posts(linkedin: Any) -> None:
    urn = publish(linkedin)
    said = {"actor": AUTHOR, "object": urn, "message": {"text": r"Qui \(link\)"}}
    made = linkedin("POST", f"/rest/socialActions/{urn}/comments", json=said)
    comment = made.json()
    assert (made.status_code, made.headers["x-restli-id"], comment["message"]["text"]) == (
        201,
        comment["id"],
        r"Qui \(link\)",
    )
    [listed] = linkedin("GET", f"/rest/socialActions/{urn}/comments").json()["elements"]
    assert listed == comment
    first = linkedin("GET", "/rest/posts", params={"q": "author", "author": AUTHOR, "count": 1}).json()["elements"][0]
    assert first["id"] == urn
    where = f"/rest/socialActions/{comment['object']}/comments/{comment['id']}"
    assert [linkedin("DELETE", where, params={"actor": AUTHOR}).status_code for _ in range(2)] == [204, 404]


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"actor": "urn:li:organization:1", "message": {"text": "Ciao"}}, 403),
        ({"actor": AUTHOR, "message": {"text": ""}}, 400),
        ({"actor": AUTHOR, "message": {"text": "a" * 1251}}, 400),
        ({"actor": AUTHOR}, 400),
    ],
)
def test_a_comment_that_is_refused(linkedin: Any, said: dict[str, Any], status: int) -> None:
    urn = publish(linkedin)
    assert linkedin("POST", f"/rest/socialActions/{urn}/comments", json=said).status_code == status
    assert linkedin("POST", "/rest/socialActions/urn:li:share:1/comments", json=said).status_code in (400, 403, 404)


@pytest.mark.parametrize(
    ("fault", "header", "words"),
    [({"retry_after": 30}, "30", "Too many requests"), ({"retry_after": 0}, None, "APPLICATION DAY limit")],
)
def test_a_throttle_has_a_time_or_is_of_the_day(
    linkedin: Any, tell: Any, fault: dict[str, Any], header: str | None, words: str
) -> None:
    tell(kind="status", platform="linkedin", endpoint="/rest/posts", status=429, times=1, **fault)
    answer = linkedin("POST", "/rest/posts", json=body())
    assert (answer.status_code, answer.headers.get("Retry-After")) == (429, header)
    assert words in answer.json()["message"]


def test_nothing_else_is_served(linkedin: Any) -> None:
    assert linkedin("GET", "/v2/ugcPosts").status_code == 404
    assert linkedin("PUT", "/rest/posts").status_code == 404
