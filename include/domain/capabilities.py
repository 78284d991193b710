"""What a platform can do for us, each a small protocol. A hook implements those it has."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from include.domain.messages import Heard, Message, MessageRef, Reply
from include.domain.posts import Part, Post, Receipt
from include.domain.records import RawResponse, Record
from include.domain.windows import Window


@runtime_checkable
class Publisher(Protocol):
    """Puts posts out, and finds them again."""

    def prepare(self, post: Post, *, earlier: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Do what may be done twice without harm (upload media). The answer is JSON and goes to `publish`.

        `earlier` is what a try before this one left, which may be gone by now; most platforms begin anew. Raises
        TryLater (Unfinished, to be gone on from), Refused or CredentialsDead; never OutcomeUnknown.
        """
        ...

    def publish(self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None) -> Receipt:
        """The one irreversible call: part 0 of the post. `key` is the same for every attempt at this post.

        Raises OutcomeUnknown when the platform may have done it, TryLater when it surely has not.
        """
        ...

    def find(
        self, post: Post, *, key: str, prepared: Mapping[str, Any] | None = None, since: datetime | None = None
    ) -> Receipt | None:
        """The post on the platform, if it is there; None when the platform's own list says that it is not.

        `prepared` is what `prepare` answered before the call whose outcome is looked up, `since` (aware UTC) when that
        call was begun: what is clearly older is another post. Raises TryLater where the list allows no conclusion.
        """
        ...


@runtime_checkable
class Follower(Protocol):
    """Says what comes after the post: the further texts of a thread, the first comment (`Post.parts`, from 1 on)."""

    def follow(self, post: Post, part: Part, *, key: str, after: Sequence[str]) -> Receipt:
        """One irreversible call. `after` are the remote ids of the parts that are out, the post's own first.

        Raises as `Publisher.publish` does.
        """
        ...

    def find_part(
        self, post: Post, part: Part, *, key: str, after: Sequence[str], since: datetime | None = None
    ) -> Receipt | None:
        """The part on the platform, if it is there; None when the platform's own list says that it is not."""
        ...


@runtime_checkable
class Remover(Protocol):
    """Takes down what is live."""

    def delete(self, remote_id: str) -> None:
        """Take it down. May be called again: what is gone already counts as done."""
        ...


@runtime_checkable
class Editor(Protocol):
    """Changes the text of what is live."""

    def edit(self, post: Post, remote_id: str) -> None:
        """Let the live post say what `post` says now. May be called again."""
        ...


@runtime_checkable
class LimitSource(Protocol):
    """Knows limits that only the account's own server can tell: an instance's text length, what is left of a quota."""

    def limits(self) -> Mapping[str, Any]:
        """Names and numbers, JSON; `wording.problems` of the same platform reads them. A read: may be repeated."""
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


@runtime_checkable
class Listener(Protocol):
    """Hears what people answer. It asks; nobody needs to reach the desk from outside."""

    def reactions(self, refs: Iterable[MessageRef]) -> Mapping[MessageRef, Heard]:
        """What stands under each of these messages now, as far as one look goes. A read."""
        ...

    def replies(self, ref: MessageRef) -> Sequence[Reply]:
        """What people wrote in the message's thread, the oldest first; not what apps wrote. A read."""
        ...
