"""The work of `publish_posts` and `reconcile_posts`: claims handed to senders, and a look at what is unknown."""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from include.domain import Brand, PlatformError, Post, TryLater
from include.orchestration import doors
from platforms import Quota, every_platform

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.publishing.ledger import Claim
    from include.publishing.quotas import Cap
    from include.publishing.sending import Outcome

AHEAD = timedelta(seconds=65)  # a little more than the minute between two runs, so that no second is nobody's
STAYS = timedelta(minutes=25)  # how long a run claims at most; what it is at by then has the rest of its half hour
BREATH = timedelta(seconds=10)  # how long a run whose senders are all at work looks for nothing new
SENDERS = 16  # accounts that are sent to side by side; each mostly waits

log = logging.getLogger(__name__)


def send_due() -> dict[str, int]:
    """Send all that falls due until a little after the next run begins, and as long as a sender is at work, for a slow
    upload must keep nobody else waiting; gives how many ended in which state."""
    from include.warehouse.engine import kept_open

    with kept_open(doors.warehouse(), SENDERS + 1) as engine:
        run = _Run(engine, str(get_current_context()["run_id"]))
        with ThreadPoolExecutor(SENDERS, thread_name_prefix="send") as senders:
            while run.goes_on(senders):
                pass
    counts = _told(run.outcomes)
    if run.surprises:
        raise run.surprises[0]
    return counts


class _Run:
    """One run of `publish_posts`: whom it sends for now, and what came of it. `until` is how far it claims ahead."""

    def __init__(self, engine: "Engine", run_id: str) -> None:
        self.engine, self.run_id = engine, run_id
        self.began = datetime.now(UTC)
        self.sending: set[Future[Outcome]] = set()
        self.outcomes: list[Outcome] = []
        self.surprises: list[Exception] = []
        self.look_around(self.began)

    def look_around(self, now: datetime) -> None:
        """Say that it lives, and see by which rules to claim from now on."""
        from include.publishing.heartbeat import beat

        beat(self.engine, "publish_posts", by=self.run_id, now=now)
        brands = _brands()
        self.by_hand = {account.key for brand in brands for account in brand.accounts if account.manual}
        self.rules: dict[str, Any] = {"grace": _grace(brands), "caps": _caps(self.engine, brands)}
        self.until = now + AHEAD

    def goes_on(self, senders: ThreadPoolExecutor) -> bool:
        """Claim for whoever is free, and wait until somebody is done, or for a breath. False: there is no more to do.

        As soon as an account's post is settled, its next one may be claimed. While nobody is done, others fall due.
        """
        now = datetime.now(UTC)
        if self.sending and self.until <= now < self.began + STAYS:
            self.look_around(now)
        claims = self.claimed(now)
        ready = [(claim, publisher) for claim in claims if (publisher := self.publisher(claim))]
        self.sending |= {senders.submit(_send, self.engine, claim, publisher) for claim, publisher in ready}
        done, self.sending = wait(self.sending, timeout=BREATH.total_seconds(), return_when=FIRST_COMPLETED)
        for each in done:
            try:
                self.outcomes.append(each.result())
            except Exception as surprise:  # one account's trouble is not another's; the task fails at its end
                self.surprises.append(surprise)
        return bool(claims or done or self.sending)

    def claimed(self, now: datetime) -> "list[Claim]":
        from include.publishing import ledger

        free = SENDERS - len(self.sending)
        if now >= self.until or not free:
            return []
        return ledger.claim(self.engine, now=now, horizon=self.until - now, by=self.run_id, most=free, **self.rules)

    def publisher(self, claim: "Claim") -> Any:
        return _publisher(self.engine, claim, self.by_hand)


def reconcile_unknown() -> dict[str, int]:
    """Look up every post whose outcome is unknown; gives how many ended in which state."""
    from include.publishing.reconcile import reconcile

    outcomes = reconcile(
        doors.warehouse(),
        doors.hook,
        find_delay=lambda account: doors.platform_of(account).find_delay,
        by=str(get_current_context()["run_id"]),
        grace=_grace(_brands()),
    )
    return _told(outcomes)


def _publisher(engine: "Engine", claim: "Claim", by_hand: Collection[str]) -> Any:
    """The claim's platform; None, and the claim given back, where it cannot be had, or handed over to people where the
    account is a manual one.

    This runs before any thread does: threads that import a platform at the same time can meet half-made modules.
    """
    from airflow.sdk import BaseHook  # noqa: F401 - the hooks read their connections through it

    from include.publishing import ledger, manual, plan, sending  # noqa: F401

    try:
        if claim.account in by_hand:
            manual.hand_over(engine, claim, now=datetime.now(UTC))
            return None
        return doors.hook(claim.account)
    except Exception as surprise:
        log.exception("%s: its platform could not be loaded; nothing was sent.", claim.post_id)
        now = datetime.now(UTC)
        ledger.release(engine, claim, f"Its platform could not be loaded: {surprise}", now=now, not_before=now + AHEAD)
        return None


def _send(engine: "Engine", claim: "Claim", publisher: Any) -> "Outcome":
    from include.publishing import plan
    from include.publishing.sending import send

    post = plan.posts(engine, [claim.post_id])[claim.post_id]
    return _stopped(engine, post, claim) or send(engine, post, claim, publisher)


def _stopped(engine: "Engine", post: Post, claim: "Claim") -> "Outcome | None":
    """What became of a post whose media on the web are not, or cannot be seen to be, those that were approved."""
    from include.orchestration.validating import fetched
    from include.publishing import ledger, web_media
    from include.publishing.sending import Outcome
    from include.publishing.states import State

    now = datetime.now(UTC)
    try:
        why = "" if claim.part else web_media.replaced(post, fetched)
    except TryLater as error:
        until = now + timedelta(seconds=error.wait_s)
        kept = ledger.release(engine, claim, str(error), now=now, not_before=until)
        return Outcome(post.post_id, post.account, State.DUE if kept else None, str(error))
    except PlatformError as error:
        why = str(error)
    if not why:
        return None
    kept = ledger.hold(engine, claim, why, now=datetime.now(UTC))
    return Outcome(post.post_id, post.account, State.HELD if kept else None, why)


def _brands() -> list[Brand]:
    """The desk's brands; none, and so the usual rules for all, while brands.yml is broken: posts go out anyway."""
    try:
        return doors.brands()
    except AirflowFailException as problems:
        log.error("Posts go out by the usual rules, for brands.yml cannot be read. %s", problems)
        return []


def _grace(brands: Iterable[Brand]) -> dict[str, timedelta]:
    """By account, how late a post may still go out unasked."""
    return {account.key: timedelta(minutes=brand.late_after_minutes) for brand in brands for account in brand.accounts}


def _caps(engine: "Engine", brands: Iterable[Brand]) -> "dict[str, list[Cap]]":
    """By account, how many posts its network takes: what its own server said last, else what the network states."""
    from sqlalchemy import select

    from include.warehouse.tables import account_limit

    with engine.connect() as connection:
        told = {row.account: row.limits for row in connection.execute(select(account_limit))}
    quotas = {name: platform.quotas for name, platform in every_platform().items()}
    accounts = [account for brand in brands for account in brand.accounts if quotas.get(account.platform)]
    return {each.key: [_cap(quota, told.get(each.key, {})) for quota in quotas[each.platform]] for each in accounts}


def _cap(quota: Quota, told: Mapping[str, Any]) -> "Cap":
    from include.editorial.fitting import own_number
    from include.publishing.quotas import Cap

    return Cap(own_number(quota, told), quota.per, quota.comments)


def _told(outcomes: "Iterable[Outcome]") -> dict[str, int]:
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        log.info("%s: %s", outcome.post_id, outcome.words)
        counts[str(outcome.state or "left to others")] += 1
    return dict(counts)
