"""The nouns of the desk, what a platform can do, and what can go wrong. Standard library only."""

from include.domain.accounts import Account, Brand, BrandRules
from include.domain.ads import AdManager, AdState, SpendRow, SpendSource, StateMoved
from include.domain.alerts import Alert, Severity
from include.domain.capabilities import (
    Editor,
    Follower,
    LimitSource,
    Listener,
    Messenger,
    MetricSource,
    Publisher,
    Remover,
)
from include.domain.comments import Comment, CommentSource, Label, Lead, LeadSource, Moderator, Scorer, Verdict
from include.domain.errors import (
    CredentialsDead,
    MessageGone,
    OutcomeUnknown,
    PlatformError,
    Refused,
    Retired,
    TryLater,
    Unfinished,
)
from include.domain.messages import Attachment, Heard, Message, MessageRef, Reply
from include.domain.posts import Media, MediaFacts, Part, Post, Receipt, content_hash
from include.domain.records import AccountDay, AdDay, AdEntity, AdHour, PostSnapshot, RawResponse, Record, RemotePost
from include.domain.streams import Stream
from include.domain.windows import Window

__all__ = [
    "Account",
    "AccountDay",
    "AdDay",
    "AdEntity",
    "AdHour",
    "AdManager",
    "AdState",
    "Alert",
    "Attachment",
    "Brand",
    "BrandRules",
    "Comment",
    "CommentSource",
    "CredentialsDead",
    "Editor",
    "Follower",
    "Heard",
    "Label",
    "Lead",
    "LeadSource",
    "LimitSource",
    "Listener",
    "Media",
    "MediaFacts",
    "Message",
    "MessageGone",
    "MessageRef",
    "Messenger",
    "MetricSource",
    "Moderator",
    "OutcomeUnknown",
    "Part",
    "PlatformError",
    "Post",
    "PostSnapshot",
    "Publisher",
    "RawResponse",
    "Receipt",
    "Record",
    "Refused",
    "RemotePost",
    "Remover",
    "Reply",
    "Retired",
    "Scorer",
    "Severity",
    "SpendRow",
    "SpendSource",
    "StateMoved",
    "Stream",
    "TryLater",
    "Unfinished",
    "Verdict",
    "Window",
    "content_hash",
]
