"""What a platform can do for us, each a small protocol. A hook implements those it has."""

from collections.abc import Iterator, Mapping
from typing import Any, Protocol, runtime_checkable

from include.domain.messages import Message, MessageRef
from include.domain.posts import Post, Receipt
from include.domain.records import RawResponse, Record
from include.domain.windows import Window


@runtime_checkable
class Publisher(Protocol):
    """Puts posts out, and finds them again."""

    def prepare(self, post: Post) -> Mapping[str, Any]:
        """Do what may be done twice without harm (upload media). The answer is JSON and goes to `publish`.

        Raises TryLater, Refused or CredentialsDead; never OutcomeUnknown.
        """
        ...

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """The one irreversible call. `key` is the same for every attempt at this post.

        Raises OutcomeUnknown when the platform may have done it, TryLater when it surely has not.
        """
        ...

    def find(self, post: Post, *, key: str) -> Receipt | None:
        """The post on the platform, if it is there; None when the platform's own list says that it is not."""
        ...


@runtime_checkable
class MetricSource(Protocol):
    """Reads an account's numbers."""

    def fetch(self, stream: str, window: Window) -> Iterator[RawResponse]:
        """Ask the platform; as few calls as its API allows for `window`."""
        ...

    def read(self, response: RawResponse) -> Iterator[Record]:
        """Turn one kept answer into rows. Pure: the same answer always gives the same rows."""
        ...


@runtime_checkable
class Messenger(Protocol):
    """Tells people."""

    def post(self, channel: str, message: Message, *, thread: str | None = None) -> MessageRef:
        """Say it in `channel` (a name like `#aurora` or an id), or as a reply in the thread whose ts is given."""
        ...

    def update(self, ref: MessageRef, message: Message) -> None:
        """Say it anew in the same place."""
        ...
