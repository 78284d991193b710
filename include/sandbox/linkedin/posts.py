"""`/rest/posts`: create, find by author, get, edit, delete; what LinkedIn refuses in a post; and whose page it is.

learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api and multiimage-post-api.
"""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from include.sandbox.chance import digits
from include.sandbox.declaration import DeclaredAccount
from include.sandbox.linkedin import little
from include.sandbox.linkedin.media import MediaDesk
from include.sandbox.linkedin.problems import forbidden, invalid, not_found, refused_input
from include.sandbox.posts import LoggedPost, post_event
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, find_said, timeline
from include.sandbox.world.calendar import remote_id

REQUIRED = ("author", "commentary", "visibility", "distribution", "lifecycleState")
KNOWN = {*REQUIRED, "content", "isReshareDisabledByAuthor", "contentLandingPage", "contentCallToActionLabel"}
GHOST_HOURS = 24


def create(sandbox: Sandbox, desk: MediaDesk, account: DeclaredAccount, body: Any) -> str:
    """Publish a post; the answer is its URN. Stricter than LinkedIn: only PUBLISHED and PUBLIC are taken."""
    _check_shape(body, account)
    commentary, content = body["commentary"], body.get("content") or {}
    if little.units(commentary) > little.MOST_UNITS:
        length = f"ShareCommentary text length ({little.units(commentary)} characters)"
        said = f"{length} exceeded the maximum allowed ({little.MOST_UNITS} characters)"
        raise refused_input(said, "FIELD_LENGTH_TOO_LONG")
    media, link = _content(sandbox, desk, account, content)
    if not commentary.strip() and not content:
        raise invalid("/commentary", "a post needs a commentary or a content")
    now = sandbox.clock.now()
    urn = remote_id(account, now, sum(1 for _ in sandbox.posts))
    url = f"https://www.linkedin.com/feed/update/{urn}/"
    post = LoggedPost("linkedin", account.name, urn, little.shown(commentary), link, media, now, url)
    _check_duplicate(sandbox, account, post)
    sandbox.commit(post_event(post))
    return urn


def by_author(sandbox: Sandbox, account: DeclaredAccount, query: Mapping[str, str]) -> dict[str, Any]:
    """The author finder: newest first, a page of `count` from `start`."""
    if query.get("q") != "author" or query.get("sortBy", "LAST_MODIFIED") not in ("LAST_MODIFIED", "CREATED"):
        raise invalid("q, sortBy", "there is no such finder")
    if query.get("author") != author_of(account):
        raise forbidden("partnerApiPostsExternal.FINDER-author")
    start, count = query.get("start", "0"), query.get("count", "10")
    if not start.isdigit() or not count.isdigit() or not 1 <= int(count) <= 100:
        raise invalid("start, count", f"{start}, {count} is no page; count is 1 to 100")
    posts = [said for said in timeline(sandbox, account, None, None) if not said.reply_to]
    page = posts[int(start) : int(start) + int(count)]
    paging = {"start": int(start), "count": int(count), "links": [], "total": len(posts)}
    return {"paging": paging, "elements": [_element(account, said) for said in page]}


def one(sandbox: Sandbox, account: DeclaredAccount, urn: str) -> dict[str, Any]:
    return _element(account, _own(sandbox, account, urn))


def edit(sandbox: Sandbox, account: DeclaredAccount, urn: str, body: Any) -> None:
    """A partial update; of what we send, only the commentary can be changed."""
    _own(sandbox, account, urn)
    patch = body.get("patch") if isinstance(body, dict) else None
    changed = patch.get("$set") if isinstance(patch, dict) else None
    if not isinstance(changed, dict) or not isinstance(changed.get("commentary"), str) or len(changed) != 1:
        raise invalid("/patch", "only commentary can be set")
    logged = sandbox.posts.find("linkedin", urn)
    if logged is not None:
        sandbox.commit(post_event(dataclasses.replace(logged, text=little.shown(changed["commentary"]))))


def delete(sandbox: Sandbox, account: DeclaredAccount, urn: str) -> None:
    """Take it down. LinkedIn documents 204 for what is gone already, and users see 404: so does the sandbox."""
    _own(sandbox, account, urn)
    at = sandbox.clock.now().isoformat()
    sandbox.commit({"kind": "delete", "platform": "linkedin", "remote_id": urn, "at": at})


def roles(account: DeclaredAccount, query: Mapping[str, str]) -> dict[str, Any]:
    """`/rest/organizationAcls`: the one organization that the token's member administers."""
    if query.get("q") != "roleAssignee":
        raise invalid("q", "there is no such finder")
    role = {"role": "ADMINISTRATOR", "state": "APPROVED", "organization": author_of(account)}
    start, count = int(query.get("start", 0)), int(query.get("count", 10))
    elements = [{**role, "roleAssignee": "urn:li:person:sandbox"}][start:]
    return {"paging": {"start": start, "count": count, "links": []}, "elements": elements}


def author_of(account: DeclaredAccount) -> str:
    return f"urn:li:organization:{account.native_id}"


def _own(sandbox: Sandbox, account: DeclaredAccount, urn: str) -> Said:
    said = find_said(sandbox, account, urn)
    if said is None or said.reply_to:
        raise not_found(urn)
    return said


def _check_shape(body: Any, account: DeclaredAccount) -> None:
    if not isinstance(body, dict):
        raise invalid("/", "the body must be a JSON object")
    if missing := [name for name in REQUIRED if name not in body]:
        raise invalid(f"/{missing[0]}", "field is required but not found and has no default value")
    if strangers := [name for name in body if name not in KNOWN]:
        raise invalid(f"/{strangers[0]}", "unrecognized field found but not allowed")
    if body["author"] != author_of(account):
        raise forbidden("partnerApiPostsExternal.CREATE")
    if (body["visibility"], body["lifecycleState"]) != ("PUBLIC", "PUBLISHED"):
        raise invalid("/visibility, /lifecycleState", "the sandbox takes PUBLIC and PUBLISHED only")
    if not isinstance(body["commentary"], str) or not isinstance(body["distribution"], dict):
        raise invalid("/commentary, /distribution", "not of its type")


def _content(
    sandbox: Sandbox, desk: MediaDesk, account: DeclaredAccount, content: Mapping[str, Any]
) -> tuple[tuple[str, ...], str | None]:
    """The media and the link of a post's one content."""
    if len(content) > 1 or any(name not in ("media", "multiImage", "article") for name in content):
        raise invalid("/content", "a union of media, multiImage, article holds one of them")
    if "article" in content:
        return (), _article(content["article"])
    media = [content["media"]] if "media" in content else content.get("multiImage", {}).get("images", [])
    if "multiImage" in content and not 2 <= len(media) <= 20:
        raise invalid("/content/multiImage/images", f"{len(media)} images; 2 to 20 are needed")
    for each in media:
        stored = desk.ready(account, str(each.get("id")))
        if "multiImage" in content and not stored.mime.startswith("image/"):
            raise invalid("/content/multiImage/images", "only images are supported")
        if each.get("altText"):
            named = {"kind": "media_alt", "platform": "linkedin", "media_id": stored.media_id}
            sandbox.commit({**named, "alt": each["altText"]})
    return tuple(str(each["id"]) for each in media), None


def _article(article: Mapping[str, Any]) -> str:
    source = str(article.get("source", ""))
    if urlsplit(source).scheme not in ("http", "https") or not article.get("title"):
        raise invalid("/content/article", "source and title are needed")
    return source


def _check_duplicate(sandbox: Sandbox, account: DeclaredAccount, post: LoggedPost) -> None:
    """The same post again is refused with the URN of the first. With the account's setting `ghost_duplicates`, one
    that was deleted within a day refuses it too, with a URN that leads nowhere (ComposioHQ/composio#2710)."""
    same = [p for p in sandbox.posts.of("linkedin", account.name) if p.said == post.said and p.media == post.media]
    live = [p.remote_id for p in same if p.live]
    gone = [p for p in same if p.deleted_at and _hours(p.deleted_at, post.created_at) < GHOST_HOURS]
    if gone and account.settings.get("ghost_duplicates"):
        live.append(f"urn:li:share:{digits(19, account.key, post.created_at)}")
    if live:
        raise refused_input(f"Content is a duplicate of {live[0]}", "DUPLICATE_POST", status=422)


def _hours(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds() / 3600


def _element(account: DeclaredAccount, said: Said) -> dict[str, Any]:
    """A post, whose state is that of the account's setting `lifecycle_state` where it has one."""
    at = int(said.created_at.timestamp() * 1000)
    element: dict[str, Any] = {
        "id": said.remote_id,
        "author": author_of(account),
        "commentary": little.written(said.text),
        "visibility": "PUBLIC",
        "lifecycleState": str(account.settings.get("lifecycle_state") or "PUBLISHED"),
        "lifecycleStateInfo": {"isEditedByAuthor": False},
        "isReshareDisabledByAuthor": False,
        "distribution": {"feedDistribution": "MAIN_FEED", "thirdPartyDistributionChannels": []},
        "createdAt": at,
        "publishedAt": at,
        "lastModifiedAt": at,
    }
    pictures = list(said.media) or [f"urn:li:image:{said.remote_id[-12:]}{n}" for n in range(said.pictures)]
    if len(pictures) > 1:
        element["content"] = {"multiImage": {"images": [{"id": each} for each in pictures]}}
    elif pictures:
        element["content"] = {"media": {"id": pictures[0]}}
    elif said.link:
        element["content"] = {"article": {"source": said.link, "title": said.link}}
    return element
