"""Tells people in Slack: messages, replies, updates in place, and pictures inside messages.

Connection: `{"conn_type": "slack", "password": "xoxb-..."}`; a host ("https://slack.com/api/") is optional. The app's
scopes: chat:write, files:write, channels:read, groups:read; to read answers reactions:read, channels:history,
groups:history.
"""

import functools
import logging
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RateLimitErrorRetryHandler, RetryState
from slack_sdk.web import SlackResponse

from include.domain.errors import MessageGone, OutcomeUnknown, PlatformError, Refused, TryLater
from include.domain.messages import Attachment, Heard, Message, MessageRef, Reply
from messengers import slack_hearing
from messengers.slack_failures import FileNotReady, broken, explain, is_broken
from platforms.transport.access import Access, read_connection

log = logging.getLogger(__name__)

SLACK = "https://slack.com/api"
TIMEOUT_S = 30
LONGEST_WAIT_S = 30  # that Slack may ask for before the task gives its slot back
FILE_WAITS_S = (1.0, 2.0, 3.0, 4.0)  # between tries while Slack still looks at a picture

PAGE = 200  # messages; what Slack recommends
MOST_PAGES = 5  # of a channel's history in one look; what lies further apart is asked for by itself
MOST_SINGLES = 20

_CHANNEL_ID = re.compile(r"[CDG][A-Z0-9]{6,}")


class SlackMessenger:
    """A Messenger and a Listener. Building it has no effect: the connection is read when the first message goes out."""

    def __init__(
        self,
        conn_id: str,
        *,
        access: Access | None = None,
        pause: Callable[[float], None] = time.sleep,
        minute: Callable[[], int] = lambda: int(time.time() // 60),
    ) -> None:
        self.conn_id = conn_id
        self._minute = minute
        self._access = access
        self._pause = pause

    def check(self, channel: str) -> None:
        """Whether Slack takes the token and the app can see the channel; nobody hears of it. Raises as `post` does."""
        self._harmless(self._client.auth_test, "sign in")
        self._channel_id(channel)

    def post(self, channel: str, message: Message, *, thread: str | None = None) -> MessageRef:
        """Say it; a message of attachments that no block shows is said as files with its text beside them.

        Raises Refused (no such channel, ...), CredentialsDead or TryLater; OutcomeUnknown where it may stand there
        already.
        """
        if message.attachments and not message.blocks:
            return self._share(channel, message, thread)

        def send(blocks: list[Any]) -> SlackResponse:
            return self._client.chat_postMessage(
                channel=channel,
                text=message.text,
                blocks=blocks or None,
                thread_ts=thread,
                unfurl_links=False,
                unfurl_media=False,
            )

        answer = self._with_pictures(message, lambda blocks: self._call(lambda: send(blocks), f"write to {channel}"))
        return MessageRef(str(answer["channel"]), str(answer["ts"]))

    def update(self, ref: MessageRef, message: Message) -> None:
        """Say it anew in the same place; Slack notifies nobody of that. May be done twice without harm."""
        channel = self._channel_id(ref.channel)

        def send(blocks: list[Any]) -> SlackResponse:
            return self._client.chat_update(channel=channel, ts=ref.ts, text=message.text, blocks=blocks)

        doing = f"update a message in {ref.channel}"
        self._with_pictures(message, lambda blocks: self._harmless(lambda: send(blocks), doing))

    def reactions(self, refs: Iterable[MessageRef]) -> dict[MessageRef, Heard]:
        """What stands under these messages now. One look at each channel's history, however many they are; what that
        does not show, because it stands in a thread or far back, is asked for by itself."""
        found: dict[MessageRef, Heard] = {}
        for channel, stamps in slack_hearing.by_channel(refs).items():
            left = set(stamps)
            for message in self._history(self._channel_id(channel), stamps[0], stamps[-1]):
                if message["ts"] in left and slack_hearing.is_whole(message):
                    left.remove(message["ts"])
                    found[MessageRef(channel, message["ts"])] = slack_hearing.heard(message)
            for ts in self._some_of(sorted(left)):
                found[MessageRef(channel, ts)] = self._alone(channel, ts)
        return found

    def _some_of(self, stamps: list[str]) -> list[str]:
        """As many as one look may ask for by themselves; the next minute's look asks for the next ones."""
        first = self._minute() * MOST_SINGLES % len(stamps) if len(stamps) > MOST_SINGLES else 0
        return [*stamps[first:], *stamps[:first]][:MOST_SINGLES]

    def replies(self, ref: MessageRef) -> Sequence[Reply]:
        """What people wrote in the message's thread, the oldest first."""
        channel = self._channel_id(ref.channel)
        ask = functools.partial(self._client.conversations_replies, channel=channel, ts=ref.ts, limit=PAGE)
        answer = self._harmless(ask, f"read a thread in {ref.channel}")
        return slack_hearing.replies(answer.get("messages") or (), ref)

    def _history(self, channel: str, oldest: str, latest: str) -> Iterator[Mapping[str, Any]]:
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = functools.partial(
                self._client.conversations_history,
                channel=channel,
                oldest=oldest,
                latest=latest,
                inclusive=True,
                limit=PAGE,
                cursor=cursor,
            )
            answer = self._harmless(page, f"read {channel}")
            yield from answer.get("messages") or ()
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    def _alone(self, channel: str, ts: str) -> Heard:
        """One message with everybody who reacted."""
        ask = functools.partial(self._client.reactions_get, channel=self._channel_id(channel), timestamp=ts, full=True)
        try:
            answer = self._harmless(ask, f"read a message in {channel}")
        except MessageGone:
            return Heard(is_gone=True)
        return slack_hearing.heard(answer["message"])

    @cached_property
    def _client(self) -> WebClient:
        access = self._access or read_connection(self.conn_id, SLACK)
        return WebClient(
            token=access.token.reveal(),
            base_url=f"{access.base_url}/",
            timeout=TIMEOUT_S,
            # Only this one: the client's default repeats a message whose answer got lost.
            retry_handlers=[_PatientToALimit(max_retry_count=2)],
        )

    @cached_property
    def _channels(self) -> dict[str, str]:
        """Every channel that the app can see: name -> id."""
        return {str(channel["name"]): str(channel["id"]) for channel in self._list_channels()}

    def _list_channels(self) -> Iterator[Mapping[str, Any]]:
        cursor: str | None = None
        while True:
            page = functools.partial(
                self._client.conversations_list,
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=1000,
                cursor=cursor,
            )
            answer = self._harmless(page, "list the channels")
            yield from answer.get("channels") or ()
            following = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if following in (None, cursor):
                return
            cursor = following

    def _channel_id(self, channel: str) -> str:
        if _CHANNEL_ID.fullmatch(channel):
            return channel
        found = self._channels.get(channel.removeprefix("#"))
        if found is None:
            raise Refused(
                f"{self.conn_id}: there is no channel {channel} that the app can see. Invite the app with /invite, or"
                " correct the channel's name.",
                account=self.conn_id,
            )
        return found

    def _with_pictures(self, message: Message, send: Callable[[list[Any]], SlackResponse]) -> SlackResponse:
        """Upload the attachments that blocks show, then send; again while Slack still looks at them."""
        files: dict[str, str] = {}
        blocks = [self._with_files(block, message, files) for block in message.blocks]
        for wait_s in FILE_WAITS_S if files else ():
            try:
                return send(blocks)
            except FileNotReady as not_ready:
                log.info("%s Trying again in %g s.", not_ready, wait_s)
                self._pause(wait_s)
        return send(blocks)

    def _with_files(self, node: Any, message: Message, files: dict[str, str]) -> Any:
        """`node` with every `{"slot": name}` replaced by the id of that attachment, uploaded once."""
        if isinstance(node, list | tuple):
            return [self._with_files(part, message, files) for part in node]
        if not isinstance(node, Mapping):
            return node
        slot = node["slack_file"].get("slot") if isinstance(node.get("slack_file"), Mapping) else None
        if slot is None:
            return {name: self._with_files(part, message, files) for name, part in node.items()}
        if slot not in files:
            files[slot] = self._upload(_attachment(message, slot))
        return {**node, "slack_file": {"id": files[slot]}}

    def _share(self, channel: str, message: Message, thread: str | None) -> MessageRef:
        """Files as a message of their own. Slack's answer does not name it (its `shares` come later), so its place is
        known by the first file's id, and it is not changed any more."""
        share = functools.partial(
            self._client.files_upload_v2,
            file_uploads=[
                {"content": file.content, "filename": file.filename, "title": file.filename, "alt_txt": file.alt}
                for file in message.attachments
            ],
            channel=self._channel_id(channel),
            thread_ts=thread,
            initial_comment=message.text,
        )
        answer = self._call(share, f"share a file in {channel}")
        return MessageRef(self._channel_id(channel), str(answer["files"][0]["id"]))

    def _upload(self, attachment: Attachment) -> str:
        """Into no channel: the block that names the file shows it."""
        put = functools.partial(
            self._client.files_upload_v2,
            content=attachment.content,
            filename=attachment.filename,
            title=attachment.filename,
            alt_txt=attachment.alt,
        )
        answer = self._harmless(put, f"upload {attachment.filename}")
        return str(answer["files"][0]["id"])

    def _harmless(self, call: Callable[[], SlackResponse], doing: str) -> SlackResponse:
        """A call that may be done twice: a lost answer only means TryLater."""
        try:
            return self._call(call, doing)
        except OutcomeUnknown as unknown:
            late = TryLater(f"{unknown} It can be done again.", wait_s=60, account=self.conn_id, status=unknown.status)
        raise late

    def _call(self, call: Callable[[], SlackResponse], doing: str) -> SlackResponse:
        """Slack's answer, or what its absence means."""
        failure: PlatformError
        try:
            return call()
        except SlackApiError as error:
            failure = explain(error, doing, self.conn_id)
        except Exception as error:
            if not is_broken(error):
                raise
            failure = broken(error, doing, self.conn_id)
        raise failure


class _PatientToALimit(RateLimitErrorRetryHandler):
    """Waits as long as Slack asks, if that is not long."""

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None or response.status_code != 429:
            return False
        headers = {name.lower(): values for name, values in response.headers.items()}
        waits = [float(value) for value in headers.get("retry-after", ()) if value.isdigit()]
        return bool(waits) and max(waits) <= LONGEST_WAIT_S


def _attachment(message: Message, slot: str) -> Attachment:
    found = next((attachment for attachment in message.attachments if attachment.slot == slot), None)
    if found is None:
        raise ValueError(f"A block shows the attachment {slot!r}, and the message has none of that name.")
    return found
