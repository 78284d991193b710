"""Speaks to one Bluesky account: publishes, finds, follows up, deletes, hears, answers, hides. Keeps no policy.

hook = BlueskyHook("bluesky_aurora")
prepared = hook.prepare(post)             {"embed": {"$type": "app.bsky.embed.images", ...}, "mentions": {handle: did}}
receipt = hook.publish(post, key="...", prepared=prepared)          remote_id: at://did:plc:.../app.bsky.feed.post/3k...

The record key is made from the post's time and key (`record_key.py`): a second call cannot make a second post, and
`find` asks for that very key. So it is with answers.
"""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from include.domain.comments import Comment
from include.domain.errors import OutcomeUnknown, PlatformError, Refused, TryLater
from include.domain.posts import Media, Part, Post, Receipt
from platforms.bluesky import hearing, reading, wording
from platforms.bluesky.facets import mentions
from platforms.bluesky.failures import Absent, AlreadyUploaded, NoSuchHandle, explain
from platforms.bluesky.record_key import answer_key, record_key
from platforms.bluesky.signing_in import SignIn
from platforms.transport.access import Access
from platforms.transport.connected import Connected
from platforms.transport.download import opened
from platforms.transport.failures import Answer
from platforms.transport.limits import ietf_rate_limit
from platforms.transport.paging import Params, pages
from platforms.transport.remembered import remembered
from platforms.transport.session import Session

VIDEO_HOST = "https://video.bsky.app"
VIDEO_DID = "did:web:video.bsky.app"
UPLOAD_S = 1800  # how long the video service may use the token that it is given
UPLOAD_PATIENCE_S = 180.0
MOST_A_PAGE, MOST_POSTS = 100, 25
PROCESSING_ASKS = 30  # how often to ask for a video before the task gives its slot back


class BlueskyHook(Connected):
    """A Publisher, a Follower, a Remover, a CommentSource and a Moderator for one account."""

    default_host = "https://bsky.social"

    def __init__(
        self,
        conn_id: str,
        *,
        access: Access | None = None,
        session: Session | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        super().__init__(conn_id, access=access, session=session)
        self._pause = pause

    def open_session(self, access: Access) -> Session:
        return Session(access, explain=explain, limits=ietf_rate_limit, auth=self._sign_in)

    @remembered
    def _sign_in(self) -> SignIn:
        return SignIn(self.access)

    # --- publishing --------------------------------------------------------------------------------------------

    def prepare(self, post: Post, *, earlier: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Upload the media and look up who is mentioned. An upload that no post uses is gone after a while."""
        blobs = [self._upload(post, media) for media in post.media]
        embed = wording.embed(post, blobs) if blobs else wording.card(post)
        return {"embed": embed, "mentions": self._dids(wording.text(post))}

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """`createRecord` under our own key."""
        said = wording.record(post, prepared or self.prepare(post), datetime.now(UTC))
        return self._create(post.post_id, record_key(post, key), said, f"publish post {post.post_id}")

    def find(
        self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None, since: datetime | None = None
    ) -> Receipt | None:
        """`getRecord` of our key from the account's own server: there, or surely not once the call cannot be on its way
        any more (`find_delay`). The key alone decides, whatever `since` says."""
        return self._found(post.post_id, record_key(post, key))

    def follow(self, post: Post, part: Part, *, key: str, after: Sequence[str]) -> Receipt:
        """A reply: of a thread to the part before, a first comment to the post itself."""
        doing = f"publish part {part.number + 1} of post {post.post_id}"
        root = self._record(reading.key_of(after[0]), doing)
        parent = root if part.kind == "comment" else self._record(reading.key_of(after[-1]), doing)
        said = wording.reply(part, self._dids(part.text), reading.reply_refs(parent, root), datetime.now(UTC))
        return self._create(post.post_id, record_key(post, key, part.number), said, doing)

    def find_part(
        self, post: Post, part: Part, *, key: str, after: Sequence[str], since: datetime | None = None
    ) -> Receipt | None:
        return self._found(post.post_id, record_key(post, key, part.number))

    def delete(self, remote_id: str) -> None:
        """`deleteRecord`, which also accepts what is gone."""
        path, gone = "xrpc/com.atproto.repo.deleteRecord", {"rkey": reading.key_of(remote_id)}
        self._signed(lambda: self.session.upload(path, json={**self._place, **gone}, doing=f"delete {remote_id}"))

    # --- hearing -----------------------------------------------------------------------------------------------

    def comments(self, since: datetime) -> Iterator[Comment]:
        """Who answers, quotes or names the account, from its notifications, which tell of replies up to five deep
        (bluesky-social/atproto packages/bsky, REPLY_NOTIF_DEPTH); what it answers, from its own feed; and what it hid,
        from the gates of its last hundred threads that have one: of older threads it is not known. Three calls, and one
        more for each further hundred.
        """
        read = {"reasons": list(hearing.REASONS)}
        views = [*self._listed("app.bsky.notification.listNotifications", read, "notifications", since)]
        own = {"actor": self._sign_in.did, "filter": "posts_with_replies"}
        feed = self._listed("app.bsky.feed.getAuthorFeed", own, "feed", since)
        views += hearing.own_replies(feed, self._sign_in.did)
        hidden, all_known = self._hidden() if views else (set(), True)
        for view in views:
            if hearing.heard(view) >= since:
                yield hearing.comment(self.conn_id, self._sign_in.did, view, hidden, all_known=all_known)

    def gone(self, comment_ids: Collection[str]) -> set[str]:
        """`getPosts`, 25 a call: it leaves out what was deleted, and whose account is closed or taken down."""
        ids = sorted(set(comment_ids))
        parts = [ids[start : start + MOST_POSTS] for start in range(0, len(ids), MOST_POSTS)]
        doing = "ask which comments are still there"
        return {uri for part in parts for uri in set(part) - {str(v["uri"]) for v in self._views(part, doing)}}

    def hide(self, comment_id: str) -> None:
        """Behind "Show hidden replies", for everybody: the gate of the thread names it. Only under our own posts."""
        self._set_hidden(comment_id, True)

    def show(self, comment_id: str) -> None:
        self._set_hidden(comment_id, False)

    def answer(self, comment_id: str, text: str, *, key: str) -> Receipt:
        """`createRecord` under a key made of the comment and `key`: a second call cannot make a second answer."""
        doing = f"answer comment {comment_id}"
        view = self._view(comment_id, doing)
        refs = reading.reply_refs({"uri": view["uri"], "cid": view["cid"]}, hearing.root_of(view))
        said = wording.reply(Part(0, "comment", text), self._dids(text), refs, datetime.now(UTC))
        return self._create(comment_id, answer_key(comment_id, key), said, doing)

    def find_answer(self, comment_id: str, text: str, *, key: str, since: datetime) -> Receipt | None:
        """`getRecord` of that key: there, or surely not once the call cannot be on its way any more."""
        return self._found(comment_id, answer_key(comment_id, key))

    def _listed(self, method: str, asked: Params, name: str, since: datetime) -> Iterator[Mapping[str, Any]]:
        """The list `name` of each page, to the end of the page that begins to be older than `since`."""
        doing = f"read the account's {name}"

        def ask(params: Params) -> Answer:
            answer = self._signed(lambda: self.session.read(f"xrpc/{method}", params, doing=doing))
            if not isinstance(answer.data, dict) or not isinstance(answer.data.get(name), list):
                raise self._not_ready(doing, f"The answer has no {name}")
            return answer

        def older(answer: Answer, params: Params) -> Params | None:
            last = answer.data[name][-1] if answer.data[name] else None
            if last is None or hearing.heard(last.get("post") or last) < since or not answer.data.get("cursor"):
                return None
            return {**params, "cursor": answer.data["cursor"]}

        for _, answer in pages(ask, {**asked, "limit": MOST_A_PAGE}, older):
            yield from answer.data[name]

    def _hidden(self) -> tuple[set[str], bool]:
        """What the gates hide, and whether these are all of them."""
        asked = {"repo": self._sign_in.did, "collection": hearing.GATE, "limit": MOST_A_PAGE}
        path, doing = "xrpc/com.atproto.repo.listRecords", "read which replies are hidden"
        gates = self._signed(lambda: self.session.read(path, asked, doing=doing)).data.get("records") or ()
        found = {uri for gate in gates for uri in hearing.hidden_by(gate.get("value") or {})}
        return found, len(gates) < MOST_A_PAGE

    def _views(self, uris: Sequence[str], doing: str) -> list[dict[str, Any]]:
        asked = {"uris": list(uris)}
        answer = self._signed(lambda: self.session.read("xrpc/app.bsky.feed.getPosts", asked, doing=doing))
        if not isinstance(answer.data, dict) or not isinstance(answer.data.get("posts"), list):
            raise self._not_ready(doing, "The answer has no posts")
        return list(answer.data["posts"])

    def _view(self, uri: str, doing: str) -> dict[str, Any]:
        found = self._views([uri], doing)
        if not found:
            raise self._refused(doing, "It is not there any more")
        return found[0]

    def _set_hidden(self, comment_id: str, hidden: bool) -> None:
        """The gate is read and put back as it was but for this one, unless somebody else changed it in between."""
        doing = f"{'hide' if hidden else 'show'} comment {comment_id}"
        root = hearing.root_of(self._view(comment_id, doing))["uri"]
        if root == comment_id or hearing.owner(root) != self._sign_in.did:
            raise self._refused(doing, "Bluesky hides only what stands under the account's own posts")
        gate, cid = self._gate(root, doing)
        before = hearing.hidden_by(gate)
        after = [*before, comment_id] if hidden else [uri for uri in before if uri != comment_id]
        if (comment_id in before) == hidden:
            return
        if len(after) > hearing.MOST_HIDDEN:
            raise self._refused(doing, f"In this thread {hearing.MOST_HIDDEN} replies are hidden, and no more can be")
        record = {"$type": hearing.GATE, "post": root, "createdAt": wording.stamp(datetime.now(UTC)), **gate}
        place = {"repo": self._sign_in.did, "collection": hearing.GATE, "rkey": reading.key_of(root)}
        said = {**place, "swapRecord": cid, "record": {**record, "hiddenReplies": after}}
        self._signed(lambda: self.session.upload("xrpc/com.atproto.repo.putRecord", json=said, doing=doing))

    def _gate(self, root: str, doing: str) -> tuple[dict[str, Any], str | None]:
        """The thread's gate and its content id; nothing and None where anybody may answer and nothing is hidden."""
        try:
            record = self._record(reading.key_of(root), doing, hearing.GATE)
        except Absent:
            return {}, None
        return dict(record.get("value") or {}), record.get("cid")

    # --- how ---------------------------------------------------------------------------------------------------

    @property
    def _place(self) -> dict[str, str]:
        return {"repo": self._sign_in.did, "collection": wording.COLLECTION}

    def _signed(self, ask: Callable[[], Answer]) -> Answer:
        return self._sign_in.call(self.session, ask)

    def _create(self, said_for: str, rkey: str, said: Mapping[str, Any], doing: str) -> Receipt:
        """`said_for` is the post, or the comment that it answers."""
        path = "xrpc/com.atproto.repo.createRecord"

        def ask() -> Answer:
            return self.session.write(path, json={**self._place, "rkey": rkey, "record": said}, doing=doing)

        try:
            answer = self._signed(ask)
        except OutcomeUnknown as unknown:
            return self._there_already(said_for, rkey, unknown)
        uri = answer.data.get("uri")
        if not uri:
            said_so = f"{self.conn_id}: asked Bluesky to {doing}; it gave no address, so it will be looked up."
            raise OutcomeUnknown(said_so, account=self.conn_id, status=answer.status)
        return reading.receipt(said_for, self._sign_in.did, uri, datetime.now(UTC))

    def _there_already(self, said_for: str, rkey: str, unknown: OutcomeUnknown) -> Receipt:
        """A key that is taken is answered with a plain 500 (bluesky-social/atproto issue 3718): then it is there."""
        if unknown.status != 500:
            raise unknown
        try:
            found = self._found(said_for, rkey)
        except PlatformError:
            raise unknown from None
        if found is None:
            raise unknown
        return found

    def _found(self, said_for: str, rkey: str) -> Receipt | None:
        try:
            record = self._record(rkey, f"look for post {said_for}")
        except Absent:
            return None
        said_at = reading.moment((record.get("value") or {}).get("createdAt"))
        return reading.receipt(said_for, self._sign_in.did, record["uri"], said_at)

    def _record(self, rkey: str, doing: str, collection: str = wording.COLLECTION) -> dict[str, Any]:
        asked = {"collection": collection, "rkey": rkey}

        def ask() -> Answer:
            return self.session.read("xrpc/com.atproto.repo.getRecord", {**self._place, **asked}, doing=doing)

        answer = self._signed(ask)
        record: dict[str, Any] = answer.data if isinstance(answer.data, dict) else {}
        if not record.get("uri"):
            raise self._not_ready(doing, "The answer has no record")
        return record

    def _dids(self, text: str) -> dict[str, str]:
        """Who is mentioned. A handle that nobody has stays words, as in Bluesky's own apps."""
        found = {handle: self._did(handle) for handle in mentions(text)}
        return {handle: did for handle, did in found.items() if did}

    def _did(self, handle: str) -> str:
        path, doing = "xrpc/com.atproto.identity.resolveHandle", f"look up @{handle}"
        try:
            answer = self._signed(lambda: self.session.read(path, {"handle": handle}, doing=doing))
        except NoSuchHandle:
            return ""
        return str(answer.data.get("did") or "")

    # --- media -------------------------------------------------------------------------------------------------

    def _upload(self, post: Post, media: Media) -> dict[str, Any]:
        doing = f"upload {media.name} for post {post.post_id}"
        with opened(media, most_bytes=wording.most_bytes(media), account=self.conn_id) as file:
            return self._upload_video(file, media, doing) if media.is_video else self._upload_blob(file, media, doing)

    def _upload_blob(self, file: BinaryIO, media: Media, doing: str) -> dict[str, Any]:
        kind = {"Content-Type": wording.MEDIA_TYPES.get(media.suffix, "application/octet-stream")}

        def ask() -> Answer:
            file.seek(0)
            return self.session.upload("xrpc/com.atproto.repo.uploadBlob", data=file, headers=kind, doing=doing)

        blob = self._signed(ask).data.get("blob")
        if not isinstance(blob, dict):
            raise self._not_ready(doing, "Bluesky gave no reference for it")
        return blob

    def _upload_video(self, file: BinaryIO, media: Media, doing: str) -> dict[str, Any]:
        """https://docs.bsky.app/docs/tutorials/video: the video service puts the video into the account's repository
        with a token that allows that alone; then the video can be seen as soon as the post can."""
        self._check_allowance(doing)
        token = self._service_token(reading.web_did(self._sign_in.server), "com.atproto.repo.uploadBlob", doing)
        headers = {"Content-Type": "video/mp4", "Authorization": f"Bearer {token}"}
        which = {"did": self._sign_in.did, "name": media.name}
        file.seek(0)
        try:
            answer = self.session.upload(
                self._video("uploadVideo"),
                params=which,
                data=file,
                headers=headers,
                signed=False,
                patience_s=UPLOAD_PATIENCE_S,
                doing=doing,
            )
            job = reading.job_of(answer.data)
        except AlreadyUploaded as known:
            job = reading.job_of(known.job)
        return self._processed(job, doing)

    def _check_allowance(self, doing: str) -> None:
        token = self._service_token(VIDEO_DID, "app.bsky.video.getUploadLimits", doing)
        answer = self.session.read(
            self._video("getUploadLimits"), doing=doing, headers={"Authorization": f"Bearer {token}"}, signed=False
        )
        if answer.data.get("canUpload") is False:
            why = answer.data.get("message") or answer.data.get("error") or "no reason is given"
            said = f"{self.conn_id}: could not {doing}. Bluesky takes no video of this account now: {why}."
            raise TryLater(said, wait_s=3600, account=self.conn_id)

    def _processed(self, job: Mapping[str, Any], doing: str) -> dict[str, Any]:
        """The blob that the job made. It counts wherever it appears: a video that was known fails and still has it."""
        for _ in range(PROCESSING_ASKS):
            if isinstance(job.get("blob"), dict):
                return dict(job["blob"])
            if job.get("state") == "JOB_STATE_FAILED":
                why = job.get("message") or job.get("error") or "it does not say why"
                said = f"{self.conn_id}: could not {doing}. Bluesky cannot process it: {why}. Save it anew as MP4."
                raise Refused(said, account=self.conn_id)
            if not job.get("jobId"):
                raise self._not_ready(doing, "Bluesky gave no job for it")
            self._pause(1)
            asked = {"jobId": job["jobId"]}
            job = reading.job_of(self.session.read(self._video("getJobStatus"), asked, doing=doing, signed=False).data)
        raise self._not_ready(doing, "Bluesky is still processing the video")

    def _service_token(self, audience: str, method: str, doing: str) -> str:
        asked = {"aud": audience, "lxm": method}
        if method == "com.atproto.repo.uploadBlob":
            asked["exp"] = str(int(time.time()) + UPLOAD_S)
        path = "xrpc/com.atproto.server.getServiceAuth"
        return str(self._signed(lambda: self.session.read(path, asked, doing=doing)).data["token"])

    def _video(self, method: str) -> str:
        """The method's address: of the connection's `video_host`; else, where the API answers over plain http, as it
        does on this machine alone, of that server; else of Bluesky's own service."""
        own = self.access.base_url if urlsplit(self.access.base_url).scheme == "http" else VIDEO_HOST
        host = str(self.access.extra.get("video_host") or own)
        return f"{Access.to(self.conn_id, host, extra=self.access.extra).base_url}/xrpc/app.bsky.video.{method}"

    def _refused(self, doing: str, why: str) -> Refused:
        return Refused(f"{self.conn_id}: could not {doing}. {why}.", account=self.conn_id)

    def _not_ready(self, doing: str, why: str) -> TryLater:
        return TryLater(f"{self.conn_id}: could not {doing}. {why}.", wait_s=60, account=self.conn_id)
