"""What people write under our posts, what a model makes of it, and what can be done about it."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from include.domain.posts import Receipt

Label = Literal["negative", "neutral", "positive"]


class Comment(NamedTuple):
    """One comment or reply as the platform shows it now.

    `remote_id` is the post it stands under, `parent_id` the comment it answers (None directly under the post).
    `author` is the platform's own id of who wrote it, empty where the platform keeps it to itself: it is stored as a
    salted hash only. `ours`: the account itself wrote it. `sponsored`: it stands under an ad (a dark post).
    `hidden` is None where the platform does not tell.
    `language` is what the platform says of it, a BCP 47 tag, None where it says nothing. Times are aware UTC.
    """

    account: str
    comment_id: str
    remote_id: str
    created_at: datetime
    text: str
    author: str = ""
    parent_id: str | None = None
    edited_at: datetime | None = None
    url: str = ""
    ours: bool = False
    sponsored: bool = False
    hidden: bool | None = False
    language: str | None = None


class Lead(NamedTuple):
    """What somebody left in a lead form: the fields in the form's order, as they were written. Aware UTC."""

    account: str
    lead_id: str
    created_at: datetime
    form: str
    fields: tuple[tuple[str, str], ...]
    campaign: str = ""
    ad: str = ""


class Verdict(NamedTuple):
    """What a scorer makes of one text.

    `p_negative` is in [0, 1], None where `scored` is false: a language that the model does not know, or a text with
    nothing to judge, is never guessed. `label` is `negative` where p_negative passes the language's own threshold.
    `language` is a BCP 47 tag, `und` where nothing could be told.
    """

    label: Label | None
    p_negative: float | None
    language: str
    scored: bool


@runtime_checkable
class Scorer(Protocol):
    """Says of texts in any language whether they are negative."""

    @property
    def name(self) -> str:
        """Model and version: kept with every verdict."""
        ...

    def score(self, texts: Sequence[str]) -> list[Verdict]:
        """One verdict a text, in their order. Deterministic; never raises because of a text."""
        ...


@runtime_checkable
class CommentSource(Protocol):
    """Hears what people write under an account's posts, ours and dark ones."""

    def comments(self, since: datetime) -> Iterator[Comment]:
        """Every comment and reply that was written or edited at `since` or later, in as few calls as the API allows.

        In any order; a comment may come twice. May give older ones too. Raises TryLater or CredentialsDead.
        """
        ...

    def gone(self, comment_ids: Collection[str]) -> set[str]:
        """Which of these the platform no longer shows: deleted by their author, by us or by the platform."""
        ...


@runtime_checkable
class LeadSource(Protocol):
    """Reads what people left in lead forms."""

    def leads(self, since: datetime) -> Iterator[Lead]:
        """Every lead left at `since` or later. Raises TryLater or CredentialsDead."""
        ...


@runtime_checkable
class Moderator(Protocol):
    """Acts on a comment in the account's name. `hide` and `show` may be called again; `answer` is irreversible."""

    def hide(self, comment_id: str) -> None:
        """Let nobody but its author (and friends) see it. Raises Refused where the network cannot."""
        ...

    def show(self, comment_id: str) -> None:
        """Undo `hide`."""
        ...

    def answer(self, comment_id: str, text: str, *, key: str) -> Receipt:
        """Reply to it. Raises as `Publisher.publish` does; `key` is the same for every attempt at this answer."""
        ...

    def find_answer(self, comment_id: str, text: str, *, key: str, since: datetime) -> Receipt | None:
        """Our reply on the platform if it is there; None when the platform's own list says that it is not."""
        ...
