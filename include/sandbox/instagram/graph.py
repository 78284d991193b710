"""From a Graph path to its endpoint: an account's edges, a container, a medium and its comments."""

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from starlette.requests import Request

from include.sandbox.chance import digits
from include.sandbox.facebook.failures import GraphError, invalid, unknown_object
from include.sandbox.facebook.fields import UNKNOWN, Field, chosen, parse_fields
from include.sandbox.facebook.front import Answer, Asked, Front
from include.sandbox.facebook.ids import by_ids
from include.sandbox.facebook.moments import read_moment
from include.sandbox.instagram.comments import change, comment_on, found_comment
from include.sandbox.instagram.containers import Container, Containers
from include.sandbox.instagram.failures import told
from include.sandbox.instagram.publishing import delete, publish, quota_of, quota_used
from include.sandbox.instagram.reading import Reader
from include.sandbox.posts import LoggedPost
from include.sandbox.state import Sandbox
from include.sandbox.world.conversation import WorldComment

ALWAYS = {"access_token", "fields", "format", "pretty", "locale", "debug", "suppress_http_code", "appsecret_proof"}
EDGES = ("media", "media_publish", "content_publishing_limit", "stories")
USER_DEFAULT = (Field("id", {}),)
DEFAULT_LIMIT, MOST = 25, 100


class _Endpoint:
    """One request, its token being good."""

    def __init__(self, sandbox: Sandbox, containers: Containers, asked: Asked) -> None:
        self.sandbox, self.containers, self.account, self.ask = sandbox, containers, asked.account, asked.ask
        self.version, (self.node, *self.edge) = asked.version, asked.pieces
        self.url = "/".join([asked.root, *asked.pieces])
        self.reader = Reader(sandbox, asked.account, asked.ask.base, asked.root)
        self.params = {k: v for k, v in self.ask.params.items() if k not in ALWAYS}

    def answer(self) -> Answer:
        if self.node == "ig-api-upload" and self.ask.method == "POST":
            return self.containers.receive(self.account, self.edge[-1], self.ask)
        if self.node == "me" and not self.edge:
            return self._page()
        if self.node == self.account.native_id:
            return self._user()
        made = self.containers.find(self.account, self.node)
        if made is not None and (self.ask.method, *self.edge) == ("GET",):
            return self._container(made)
        media = self.reader.find(self.node)
        comment = found_comment(self.sandbox, self.account, self.node) if media is None else None
        return self._comment(comment) if comment else self._media(media)

    def _page(self) -> Answer:
        """The token is one of the Page that the account belongs to."""
        plain = {
            "id": digits(15, self.sandbox.seed, "page", self.account.key),
            "name": self.account.title,
            "instagram_business_account": {"id": self.account.native_id},
        }
        return chosen("Page", self._fields() or (Field("name", {}),), lambda field: plain.get(field.name, UNKNOWN))

    def _user(self) -> Answer:
        match (self.ask.method, *self.edge):
            case ("GET",):
                return self.reader.user(self._fields() or USER_DEFAULT)
            case ("POST", "media"):
                return self.containers.create(self.account, self.ask, self.params, self.version)
            case ("POST", "media_publish"):
                return publish(self.sandbox, self.account, self.containers, self.params)
            case ("GET", "media" | "stories" as edge):
                return self._listed(edge)
            case ("GET", "content_publishing_limit"):
                return self._limit()
        raise self._unsupported()

    def _container(self, made: Container) -> Answer:
        shown = self.containers.asked(made)
        return chosen("IGContainer", self._fields() or USER_DEFAULT, lambda field: shown.get(field.name, UNKNOWN))

    def _media(self, post: LoggedPost | None) -> Answer:
        if (self.ask.method, *self.edge) == ("DELETE",):
            return delete(self.sandbox, post, self.node)
        if post is None:
            raise unknown_object(self.node)
        match (self.ask.method, *self.edge):
            case ("GET",):
                return self.reader.media(post, self._fields())
            case ("GET", "comments"):
                return self.reader.comments(post.remote_id).edge(self._as_field("comments"))
            case ("POST", "comments") if post.format != "story":
                return comment_on(self.sandbox, self.account, post.remote_id, post.url, self.params)
        raise self._unsupported()

    def _comment(self, comment: WorldComment) -> Answer:
        below = self.reader.comments(comment.post_id)
        match (self.ask.method, *self.edge):
            case ("GET",):
                return below.comment(comment, self._fields())
            case ("GET", "replies"):
                return below.replies(comment.comment_id, self._as_field("replies"))
            case ("POST", "replies"):
                media = self.reader.find(comment.post_id)
                url = media.url if media else ""
                return comment_on(self.sandbox, self.account, comment.post_id, url, self.params, comment)
            case ("POST",):
                return change(self.sandbox, self.account, comment, self.params)
            case ("DELETE",):
                return delete(self.sandbox, comment, self.node)
        raise self._unsupported()

    def _as_field(self, edge: str) -> Field:
        """An edge that was asked for by its path, as if it had been among the fields of its node."""
        return Field(edge, {k: str(v) for k, v in self.params.items()}, self._fields())

    def _limit(self) -> Answer:
        used = quota_used(self.sandbox, self.account)
        plain = {"quota_usage": used, "config": {"quota_total": quota_of(self.account), "quota_duration": 86400}}
        wanted = [field.name for field in self._fields()] or ["quota_usage"]
        if unknown := set(wanted) - set(plain):
            raise invalid(f"Tried accessing nonexisting field ({min(unknown)}) on node type (ContentPublishingLimit)")
        return {"data": [{name: plain[name] for name in wanted}]}

    def _listed(self, edge: str) -> Answer:
        if unknown := set(self.params) - {"limit", "after", "since", "until"}:
            raise invalid(f"Param {min(unknown)} is not valid for this edge")
        since, until = (read_moment(n, str(self.params[n])) if n in self.params else None for n in ("since", "until"))
        posts = self.reader.posts(stories=edge == "stories", since=since, until=until)
        limit, after = min(int(str(self.params.get("limit", DEFAULT_LIMIT))), MOST), str(self.params.get("after", ""))
        cursors = [base64.urlsafe_b64encode(post.remote_id.encode()).decode() for post in posts]
        start = cursors.index(after) + 1 if after in cursors else 0
        page = posts[start : start + limit]
        if any(field.name in ("comments", "comments_count") for field in self._fields()):
            self.reader.hear(page)
        answer: Answer = {"data": [self.reader.media(post, self._fields()) for post in page]}
        if start + limit < len(posts):
            kept = {k: v for k, v in self.ask.query.items() if k != "after"} | {"access_token": self.account.token}
            following = f"{self.url}?{urlencode({**kept, 'after': cursors[start + limit - 1]})}"
            answer["paging"] = {"cursors": {"after": cursors[start + limit - 1]}, "next": following}
        return answer

    def _fields(self) -> tuple[Field, ...]:
        given = self.ask.params.get("fields")
        return parse_fields(str(given)) if given else ()

    def _unsupported(self) -> GraphError:
        words = f"Unsupported {self.ask.method.lower()} request. Please read the Graph API documentation at "
        return GraphError(words + "https://developers.facebook.com/docs/graph-api", 100, type="GraphMethodException")


def serve(sandbox: Sandbox) -> Callable[[Request], Any]:
    """The endpoint that answers everything below the Graph root."""
    containers = Containers(sandbox)

    def answer(asked: Asked) -> Answer:
        return _Endpoint(sandbox, containers, asked).answer() if asked.pieces else by_ids(asked, answer)

    return Front(sandbox, "instagram", answer, lambda pieces: _template(sandbox, pieces), told).serve


def _template(sandbox: Sandbox, pieces: list[str]) -> str:
    """The endpoint's name in the counters: /{ig}/media, /{media}/comments, /{object} (a container or a medium)."""
    if not pieces:
        return "/"
    if pieces[0] in ("me", "ig-api-upload"):
        return "/me" if pieces[0] == "me" else "/ig-api-upload/{container}"
    if len(pieces) > 1:
        return f"/{{ig}}/{pieces[1]}" if pieces[1] in EDGES else f"/{{media}}/{pieces[1]}"
    return "/{ig}" if any(a.native_id == pieces[0] for a in sandbox.accounts("instagram")) else "/{object}"
