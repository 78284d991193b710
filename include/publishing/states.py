"""The life of a publication, and the only steps that it may take.

    planned ──> approved ──> due ──> claimed ──> media_ready ──> sending ──> live ──> deleted
       ^            │         ^         │             │             │
       └── edited ──┘         ├── lease ran out, TryLater ──────────┤
                              │                                     ├──> refused
                              │         proven absent               │
                              └──────────────────────── unknown <───┘  no answer came
                                                           │
                                                           └──> live (found), held (undecided)

    held        a person is asked: too late, no token, undecided. From there: due, cancelled, live on a person's word
    handed_over a person has text and media and posts it by hand: an account that no plugin reaches. From there: live
                with the link that they give, cancelled; it may be out, so the calendar has no say over it any more
    cancelled   the calendar or a person called it off
    refused     the platform said no; an edit makes it planned again
    partly_live the post is out, and a part that follows it (its thread, its first comment) was refused, held, called
                off or taken down; `live` again once that part is out after all

`planned` waits for an approval. `due` has its time and its approval. `claimed` and `media_ready` have a lease and may
be taken again when it runs out; `sending` may not: whoever finds its lease run out makes it `unknown`, which only the
platform's own word turns into `live` or `due`.
"""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a publication stands."""

    PLANNED = "planned"
    APPROVED = "approved"
    DUE = "due"
    CLAIMED = "claimed"
    MEDIA_READY = "media_ready"
    SENDING = "sending"
    LIVE = "live"
    PARTLY_LIVE = "partly_live"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    HELD = "held"
    CANCELLED = "cancelled"
    DELETED = "deleted"


S = State

STEPS: Mapping[State, frozenset[State]] = {
    S.PLANNED: frozenset({S.APPROVED, S.CANCELLED}),
    S.APPROVED: frozenset({S.PLANNED, S.DUE, S.HELD, S.CANCELLED}),
    S.DUE: frozenset({S.PLANNED, S.APPROVED, S.CLAIMED, S.HELD, S.CANCELLED}),
    S.CLAIMED: frozenset({S.PLANNED, S.APPROVED, S.DUE, S.MEDIA_READY, S.REFUSED, S.HELD, S.HANDED_OVER, S.CANCELLED}),
    S.MEDIA_READY: frozenset({S.PLANNED, S.APPROVED, S.DUE, S.SENDING, S.REFUSED, S.HELD, S.CANCELLED}),
    S.SENDING: frozenset({S.LIVE, S.PARTLY_LIVE, S.REFUSED, S.UNKNOWN, S.DUE, S.HELD}),
    S.UNKNOWN: frozenset({S.LIVE, S.PARTLY_LIVE, S.REFUSED, S.DUE, S.HELD, S.CANCELLED}),
    S.HELD: frozenset({S.PLANNED, S.APPROVED, S.DUE, S.LIVE, S.CANCELLED}),
    S.HANDED_OVER: frozenset({S.LIVE, S.DUE, S.CANCELLED}),
    S.REFUSED: frozenset({S.PLANNED, S.APPROVED, S.DUE, S.CANCELLED}),
    S.CANCELLED: frozenset({S.PLANNED, S.APPROVED}),
    S.PARTLY_LIVE: frozenset({S.LIVE, S.DELETED}),
    S.LIVE: frozenset({S.PARTLY_LIVE, S.DELETED}),
    S.DELETED: frozenset(),
}

WAITING = frozenset({S.PLANNED, S.APPROVED, S.DUE})
LEASED = frozenset({S.CLAIMED, S.MEDIA_READY})
STOPPABLE = WAITING | LEASED | {S.HELD}
CALLABLE_OFF = STOPPABLE | {S.REFUSED, S.HANDED_OVER}
ON_SHOW = frozenset({S.LIVE, S.PARTLY_LIVE})
OUT = ON_SHOW | {S.DELETED}

STOPPED = frozenset({S.REFUSED, S.HELD, S.CANCELLED, S.DELETED})
"""With one of these on a part, its post is out only in part."""

IN_FLIGHT = LEASED | {S.SENDING, S.UNKNOWN}
"""With one of these on an account, none of its other posts is claimed."""

AHEAD = frozenset({S.APPROVED, S.DUE})
"""With one of these that has an earlier time, the account's later posts wait for it."""


class ImpossibleStep(RuntimeError):
    """The program tried a step that a publication cannot take: a mistake in the program, not in the plan."""


def check(post_id: str, before: str, after: State) -> None:
    """Raises ImpossibleStep unless a publication may go from `before` to `after`."""
    if after not in STEPS[State(before)]:
        raise ImpossibleStep(f"Post {post_id} is {before} and cannot become {after}.")
