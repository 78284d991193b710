"""Send one claimed post: look at its images, make its media ready, wait for its second, look once more, call, settle.

A claim of a part that follows (a text of the thread, the first comment) needs no media and goes out as a reply.

What an error means depends on when it comes. Before the call nothing can have happened. After it, only the platform's
clear word (`Refused`, `TryLater`, `CredentialsDead`) says that nothing did; whatever else goes wrong, a bug of ours
included, leaves the post `unknown` until it has been looked up.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from include.domain.capabilities import Follower, Publisher
from include.domain.errors import CredentialsDead, PlatformError, Refused, TryLater, Unfinished
from include.domain.posts import Post, Receipt
from include.publishing import images, ledger
from include.publishing.ledger import Claim
from include.publishing.states import State

log = logging.getLogger(__name__)

Clock = Callable[[], datetime]

STUMBLE = timedelta(minutes=2)
"""How long a post waits after preparing it failed for a reason that nobody foresaw."""

RENEW_S = ledger.LEASE.total_seconds() / 3
RENEWALS = 18
"""How often the lease of one preparation is renewed, and so for how long: an hour. Who takes longer hangs."""

_KEPT_TRYING = (0.1, 1.0, 5.0, 15.0)
_TAKEN = (
    "{}: the network has this very text already, at {}, which is post {}, and may take no second one. Look there: if"
    " it stands there once, call this post off and give its row another text; if twice, say where this one is live."
)
_KINDS = {"thread": "threads", "comment": "first comments"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one publication, in a sentence. `state` is None where others have it now: nothing was sent."""

    post_id: str
    account: str
    state: State | None
    words: str
    receipt: Receipt | None = None


def utc_now() -> datetime:
    return datetime.now(UTC)


def send(
    engine: Engine,
    post: Post,
    claim: Claim,
    publisher: Publisher,
    *,
    clock: Clock = utc_now,
    sleep: Callable[[float], None] = time.sleep,
) -> Outcome:
    """Send `post` under `claim`, at its time, once. What became of it is in the ledger when this returns.

    Raises what ends the process, and SQLAlchemy's errors where the warehouse is away: then the lease runs out, and
    the post is taken up again if its call was not begun, looked up if it was.
    """
    return _Sending(engine, post, claim, publisher, clock, sleep).run()


class _Sending:
    def __init__(
        self,
        engine: Engine,
        post: Post,
        claim: Claim,
        publisher: Publisher,
        clock: Clock,
        sleep: Callable[[float], None],
    ) -> None:
        self.engine, self.post, self.claim, self.publisher = engine, post, claim, publisher
        self.clock, self.sleep = clock, sleep

    def run(self) -> Outcome:
        if self.post.content_hash != self.claim.content_hash:
            now = self.clock()
            ledger.release(self.engine, self.claim, "It was claimed with another text.", now=now, not_before=now)
            return self.overtaken()
        if self.claim.part:
            return self.follow()
        if why := images.replaced(self.post):
            return self.end(ledger.hold, State.HELD, why)
        return self.prepare()

    def prepare(self) -> Outcome:
        try:
            with self.lease_kept():
                prepared = self.publisher.prepare(self.post, earlier=self.claim.earlier)
        except PlatformError as error:
            return self.settle(error)
        except Exception as error:
            log.exception("Preparing post %s failed.", self.post.post_id)
            why = f"Preparing it failed with {type(error).__name__}; the log says more."
            return self.release(why, self.clock() + STUMBLE)
        key = self.claim.key
        return self.call(lambda: self.publisher.publish(self.post, key=key, prepared=prepared), prepared)

    @contextmanager
    def lease_kept(self) -> Iterator[None]:
        """A long upload must not be taken over in its middle. A process that dies renews nothing."""
        over = threading.Event()
        keeper = threading.Thread(target=self.keep_lease, args=(over,), name="lease", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()

    def keep_lease(self, over: threading.Event) -> None:
        for _ in range(RENEWALS):
            if over.wait(RENEW_S):
                return
            try:
                if not ledger.renew(self.engine, self.claim, now=self.clock()):
                    return
            except SQLAlchemyError as failure:  # the next renewal comes before the lease is over
                log.warning("Post %s: its lease could not be renewed: %s", self.post.post_id, type(failure).__name__)

    def follow(self) -> Outcome:
        publisher, claim = self.publisher, self.claim
        part = self.post.parts[claim.part]
        if not isinstance(publisher, Follower):
            why = f"{claim.account}: its network has no {_KINDS[part.kind]}. Leave it out of the calendar's row."
            return self.end(ledger.refuse, State.REFUSED, why)
        return self.call(lambda: publisher.follow(self.post, part, key=claim.key, after=claim.after), {})

    def call(self, irreversible: Callable[[], Receipt], prepared: Mapping[str, Any]) -> Outcome:
        """Make ready what is prepared, wait for the second, look once more, and do it."""
        if not ledger.media_ready(self.engine, self.claim, prepared, now=self.clock()):
            return self.overtaken()
        self.wait()
        asked = (self.claim.content_hash, self.claim.part, dict(prepared), self.claim.after)
        if not ledger.begin_sending(self.engine, self.claim, now=self.clock(), asked=asked):
            return self.overtaken()
        return self.publish(irreversible)

    def wait(self) -> None:
        """Until its second. The clock is asked again after each nap, for a nap may end early."""
        while (left := (self.claim.publish_at - self.clock()).total_seconds()) > 0:
            self.sleep(min(left, 30))

    def publish(self, irreversible: Callable[[], Receipt]) -> Outcome:
        try:
            receipt = irreversible()
        except (Refused, TryLater, CredentialsDead) as error:
            return self.settle(error)
        except BaseException as error:
            # Ended from outside, a bug, a lost connection: all that is certain is that the call was begun.
            outcome = self.unknown(error)
            if not isinstance(error, Exception):
                raise
            return outcome
        return self.live(receipt)

    def settle(self, error: PlatformError) -> Outcome:
        """Nothing was published, and the platform said why."""
        if isinstance(error, TryLater):
            made = error.prepared if isinstance(error, Unfinished) else None
            return self.release(str(error), self.clock() + timedelta(seconds=error.wait_s), error.status, made)
        if isinstance(error, Refused):
            return self.end(ledger.refuse, State.REFUSED, str(error), error.status)
        return self.end(ledger.hold, State.HELD, str(error), error.status)

    def release(
        self, why: str, not_before: datetime, status: int | None = None, made: Mapping[str, Any] | None = None
    ) -> Outcome:
        now, until = self.clock(), not_before
        kept = ledger.release(self.engine, self.claim, why, now=now, not_before=until, status=status, made=made)
        return (
            self.outcome(State.DUE, f"{why} It is tried again from {not_before:%H:%M:%S} UTC.")
            if kept
            else self.overtaken()
        )

    def end(self, step: Callable[..., bool], state: State, why: str, status: int | None = None) -> Outcome:
        kept = step(self.engine, self.claim, why, now=self.clock(), status=status)
        return self.outcome(state, why) if kept else self.overtaken()

    def unknown(self, error: BaseException) -> Outcome:
        is_told = isinstance(error, PlatformError)
        why = str(error) if is_told else f"Sending it ended without an answer, with {type(error).__name__}."
        log.warning("Post %s: %s", self.post.post_id, why, exc_info=None if is_told else error)
        status = error.status if isinstance(error, PlatformError) else None
        return self.end(ledger.unknown, State.UNKNOWN, why, status)

    def live(self, receipt: Receipt) -> Outcome:
        """Keep the receipt before anything else can fail. A database that is away a moment is waited for."""
        log.info("Post %s is live: %s (%s)", self.post.post_id, receipt.url, receipt.remote_id)
        for pause in (*_KEPT_TRYING, None):
            try:
                if other := ledger.owner_of(self.engine, self.claim, receipt):
                    return self.end(ledger.doubt, State.HELD, _TAKEN.format(self.claim.account, receipt.url, other))
                kept = ledger.live(self.engine, self.claim, receipt, now=self.clock())
            except OperationalError:
                if pause is None:
                    raise
                self.sleep(pause)
            else:
                break
        words = f"Live at {receipt.url}" if kept else f"Live at {receipt.url}, but look: a second copy may be out."
        return self.outcome(State.LIVE, words, receipt)

    def overtaken(self) -> Outcome:
        return self.outcome(None, "It was edited, called off, held or taken over meanwhile; this claim sends nothing.")

    def outcome(self, state: State | None, words: str, receipt: Receipt | None = None) -> Outcome:
        return Outcome(self.post.post_id, self.post.account, state, words, receipt)
