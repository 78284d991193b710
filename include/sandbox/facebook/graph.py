"""From a Graph path to its endpoint: node and edge of a Page, its posts, photos, videos, stories and comments."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from starlette.requests import Request

from include.sandbox import conversation
from include.sandbox.facebook.comments import READS, Comments, change, comment_on, found_comment, remove
from include.sandbox.facebook.failures import GraphError, invalid, unknown_object
from include.sandbox.facebook.fields import Field, parse_fields
from include.sandbox.facebook.front import Answer, Asked, Front
from include.sandbox.facebook.ids import by_ids
from include.sandbox.facebook.insights import TAKEN as INSIGHTS_TAKE
from include.sandbox.facebook.insights import post_insights
from include.sandbox.facebook.leads import Form, LeadDesk
from include.sandbox.facebook.paging import page_of, page_of_posts, span
from include.sandbox.facebook.publishing import delete_post, edit_post, post_photo, post_to_feed
from include.sandbox.facebook.reading import Reader, dark_said, reactions
from include.sandbox.facebook.stories import photo_story, stories_of
from include.sandbox.facebook.videos import Videos
from include.sandbox.state import Sandbox
from include.sandbox.timeline import Said, counters_of, find_said

POST_ID = re.compile(r"\d+_\d+")
ALWAYS = {"access_token", "fields", "format", "pretty", "locale", "debug", "suppress_http_code", "appsecret_proof"}
ADS_READS = {"limit", "after", "before", "since", "until", "exclude_dynamic_ads", "include_inline_create"}
FEED_READS = {"limit", "after", "before", "since", "until", "include_hidden", "show_expired", "with"}


class _Endpoint:
    """One request to one node or edge, its token being good."""

    def __init__(self, sandbox: Sandbox, videos: Videos, asked: Asked) -> None:
        self.sandbox, self.account, self.ask, self.videos = sandbox, asked.account, asked.ask, videos
        self.root, self.version = asked.root, asked.version
        self.node = self.account.native_id if asked.pieces[0] == "me" else asked.pieces[0]
        self.edge = asked.pieces[1:]
        self.url = "/".join([asked.root, self.node, *self.edge])
        self.reader = Reader(sandbox, self.account, asked.root)
        self.leads = LeadDesk(sandbox, self.account, asked.root)
        self.params = {k: v for k, v in self.ask.params.items() if k not in ALWAYS}

    def answer(self) -> Answer:
        if self.node == "video-upload" and self.ask.method == "POST":
            return self.videos.receive(self.account, self.edge[-1], self.ask)
        if self.node == self.account.native_id:
            return self._page()
        if self.node in {a.native_id for a in self.sandbox.accounts("facebook")}:
            raise GraphError(
                "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content "
                "Access' feature.",
                10,
            )
        if POST_ID.fullmatch(self.node):
            is_post = self.node.startswith(f"{self.account.native_id}_")
            return self._post(self.node) if is_post else self._comment()
        if form := self.leads.find(self.node):
            return self._form(form)
        if self.videos.knows(self.account, self.node):
            return self._video()
        media = self.sandbox.posts.media("facebook", self.node)
        if media is None or media.account != self.account.name or self.edge or self.ask.method != "GET":
            raise unknown_object(self.node)
        self._takes(set())
        return self.reader.photo(media, self._fields())

    def _page(self) -> Answer:  # noqa: PLR0911  one per edge
        if self.ask.method != "GET":
            return self._publish()
        match (self.ask.method, *self.edge):
            case ("GET",):
                self._takes(set())
                return self.reader.page(self._fields())
            case ("GET", "insights"):
                self._takes(INSIGHTS_TAKE)
                return self.reader.insights(self._signed(self.params), self.url)
            case ("GET", "insights", metric):
                self._takes(INSIGHTS_TAKE)
                return self.reader.insights(self._signed({**self.params, "metric": metric}), self.url)
            case ("GET", "published_posts" | "feed" | "posts"):
                self._takes(FEED_READS)
                return self._posts()
            case ("GET", "ads_posts"):
                self._takes(ADS_READS)
                return self._ads_posts()
            case ("GET", "video_reels"):
                self._takes({"limit", "after", "before", "since", "until"})
                return self._reels()
            case ("GET", "leadgen_forms"):
                self._takes({"limit", "after", "before"})
                return self.leads.list_forms(self._fields(), self._again())
            case ("GET", "stories"):
                self._takes({"since", "until", "status", "limit", "after", "before"})
                return stories_of(self.sandbox, self.account)
        raise self._unsupported()

    def _publish(self) -> Answer:
        match (self.ask.method, *self.edge):
            case ("POST", "feed"):
                return post_to_feed(self.sandbox, self.account, self.params)
            case ("POST", "photos"):
                return post_photo(self.sandbox, self.account, self.ask, self.params)
            case ("POST", "videos"):
                return self.videos.feed(self.account, self.ask, self.params)
            case ("POST", "video_reels" | "video_stories" as edge):
                return self.videos.by_stream(self.account, edge, self.params, self.root, self.version)
            case ("POST", "photo_stories"):
                return photo_story(self.sandbox, self.account, self.params)
        raise self._unsupported()

    def _post(self, post_id: str) -> Answer:
        if self.ask.method == "DELETE" and not self.edge:
            return delete_post(self.sandbox, self.account, post_id)
        said = find_said(self.sandbox, self.account, post_id) or self._dark(post_id)
        if said is None:
            raise unknown_object(self.node)
        match (self.ask.method, *self.edge):
            case ("GET",):
                self._takes(set())
                return self.reader.post(said, self._fields())
            case ("POST",):
                return edit_post(self.sandbox, self.account, post_id, self.params)
            case ("POST", "comments"):
                return comment_on(self.sandbox, self.account, post_id, self.params)
            case ("GET", edge):
                return self._edge_of(said, self._as_field(edge, None))
        raise self._unsupported()

    def _comment(self) -> Answer:
        """A comment by its id, whose first half is its post's story."""
        found = found_comment(self.sandbox, self.account, self.node)
        standing = conversation.comments_under(self.sandbox, self.account, found.post_id)
        match (self.ask.method, *self.edge):
            case ("GET",):
                self._takes(set())
                return Comments(self.account, self.root, self.node, standing).comment(found, self._fields())
            case ("GET", "comments"):
                below = Comments(self.account, self.root, self.node, standing, self.node)
                return below.edge(self._as_field("comments", READS))
            case ("POST",):
                return change(self.sandbox, self.account, found, self.params)
            case ("POST", "comments"):  # what answers a reply stands beside it
                above = found.parent_id or found.comment_id
                return comment_on(self.sandbox, self.account, found.post_id, self.params, above)
            case ("DELETE",):
                return remove(self.sandbox, found)
        raise self._unsupported()

    def _form(self, form: Form) -> Answer:
        match (self.ask.method, *self.edge):
            case ("GET",):
                self._takes(set())
                return self.leads.form(form, self._fields())
            case ("GET", "leads"):
                self._takes({"filtering", "limit", "after", "before"})
                return self.leads.list_leads(form, self._fields(), self._again())
        raise self._unsupported()

    def _ads_posts(self) -> Answer:
        """What ads show, dark posts too; the newest first."""
        since, until = span(self.params)
        posts = [d for d in dark_said(self.sandbox, self.account) if not since or d.created_at >= since]
        posts = [d for d in posts if not until or d.created_at < until]
        return self._shown(*page_of(posts, [d.remote_id for d in posts], self._again(), self.url))

    def _reels(self) -> Answer:
        """The Page's reels, as videos. Here they stand among its posts, too."""
        since, until = span(self.params)
        posts = [p for p in self.sandbox.listed("facebook", self.account.name) if "/reel/" in p.url]
        posts = [p for p in reversed(posts) if not since or p.created_at >= since]
        posts = [p for p in posts if not until or p.created_at < until]
        shown, paging = page_of(posts, [p.remote_id for p in posts], self._again(), self.url)
        fields = self._fields()
        data = [self.reader.reel(post, fields) for post in shown]
        return {"data": data, "paging": paging} if paging else {"data": data}

    def _dark(self, post_id: str) -> Said | None:
        return next((d for d in dark_said(self.sandbox, self.account) if d.remote_id == post_id), None)

    def _video(self) -> Answer:
        """A video stands for its post: what is done to it is done to the post."""
        post_id = self.videos.post_of(self.node)
        if self.ask.method == "GET" and not self.edge:
            self._takes(set())
            return self.videos.shown(self.node, self._fields())
        if self.ask.method == "POST" and not self.edge and "description" in self.params:
            self.params = {"message": self.params.pop("description"), **self.params}
        if not post_id:
            raise unknown_object(self.node)
        return self._post(post_id)

    def _edge_of(self, said: Said, field: Field) -> Answer:
        counters = counters_of(self.sandbox, self.account, said)
        match field.name:
            case "insights":
                self._takes(INSIGHTS_TAKE)
                metric, period = self.params.get("metric"), str(self.params.get("period", "lifetime"))
                retired = self.sandbox.declaration.retired_metrics
                return {"data": post_insights(self.node, counters, metric, period, retired)}
            case "comments":
                self._takes(READS)
                return self.reader.comments(said, field)
            case "reactions":
                return reactions(field, counters)
            case "attachments":
                return self.reader.attachments(said, self._fields()) or {"data": []}
        raise self._unsupported()

    def _posts(self) -> Answer:
        return self._shown(*page_of_posts(self.sandbox, self.account, self._again(), self.url))

    def _shown(self, posts: Sequence[Said], paging: Answer) -> Answer:
        fields = self._fields()
        if any(field.name == "comments" for field in fields):
            self.reader.hear(posts)
        data = [self.reader.post(said, fields) for said in posts]
        return {"data": data, "paging": paging} if paging else {"data": data}

    def _again(self) -> dict[str, Any]:
        """What a link to the next page asks for."""
        asked = self._signed(self.params)
        return asked | ({"fields": self.ask.params["fields"]} if "fields" in self.ask.params else {})

    def _as_field(self, edge: str, takes: set[str] | None) -> Field:
        """An edge that was asked for by its path, as if it had been among the fields of its node."""
        if takes is not None:
            self._takes(takes)
        return Field(edge, {k: str(v) for k, v in self.params.items()}, self._fields())

    def _signed(self, params: dict[str, Any]) -> dict[str, Any]:
        """Graph's paging links carry the token, like the request's own address."""
        return {**params, "access_token": self.account.token}

    def _fields(self) -> tuple[Field, ...]:
        given = self.ask.params.get("fields")
        return parse_fields(given if isinstance(given, str) else ",".join(given)) if given else ()

    def _takes(self, names: set[str]) -> None:
        """Refuse a parameter that the edge does not have. Graph itself passes over most of them in silence."""
        if unknown := set(self.params) - names:
            raise invalid(f"Param {min(unknown)} is not valid for this edge")

    def _unsupported(self) -> GraphError:
        method = self.ask.method.lower()
        if self.edge and self.ask.method == "GET":
            kind = "PagePost" if "_" in self.node else "Page"
            return invalid(f"Tried accessing nonexisting field ({self.edge[0]}) on node type ({kind})")
        message = f"Unsupported {method} request. Please read the Graph API documentation at "
        return GraphError(message + "https://developers.facebook.com/docs/graph-api", 100, type="GraphMethodException")


def _template(pieces: list[str], pages: set[str]) -> str:
    """The endpoint's name in the counters: /{page}/insights, /{post}, /{object}; `me` alone is /me."""
    if not pieces:
        return "/"
    node = "/{page}" if pieces[0] in pages or pieces[0] == "me" else "/{object}"
    if "_" in pieces[0]:
        node = "/{post}" if pieces[0].partition("_")[0] in pages else "/{comment}"
    if pieces[0] == "video-upload":
        return "/video-upload/{video}"
    if pieces == ["me"]:
        node = "/me"
    return node + (f"/{pieces[1]}" if len(pieces) > 1 else "")


def serve(sandbox: Sandbox) -> Callable[[Request], Any]:
    """The endpoint that answers everything below the Graph root."""
    videos = Videos(sandbox)
    pages = {account.native_id for account in sandbox.accounts("facebook")}

    def answer(asked: Asked) -> Answer:
        return _Endpoint(sandbox, videos, asked).answer() if asked.pieces else by_ids(asked, answer)

    return Front(sandbox, "facebook", answer, lambda pieces: _template(pieces, pages)).serve
