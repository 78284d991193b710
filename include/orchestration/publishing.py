"""The work of `publish_posts` and `reconcile_posts`: claims handed to senders, and a look at what is unknown."""

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowFailException

from include.domain import Brand
from include.orchestration import doors
from platforms import Quota, every_platform

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.publishing.ledger import Claim
    from include.publishing.quotas import Cap
    from include.publishing.sending import Outcome

AHEAD = timedelta(seconds=65)  # a little more than the minute between two runs, so that no second is nobody's
SENDERS = 16  # accounts that are sent to side by side; each mostly waits

log = logging.getLogger(__name__)


def send_due() -> dict[str, int]:
    """Send all that falls due until a little after the next run begins; gives how many ended in which state."""
    from include.publishing import ledger
    from include.publishing.heartbeat import beat

    engine, run_id = doors.warehouse(), str(get_current_context()["run_id"])
    beat(engine, "publish_posts", by=run_id, now=datetime.now(UTC))
    brands = _brands()
    by_hand = {account.key for brand in brands for account in brand.accounts if account.manual}
    rules: dict[str, Any] = {"by": run_id, "grace": _grace(brands), "caps": _caps(engine, brands)}
    until = datetime.now(UTC) + AHEAD
    outcomes: list[Outcome] = []
    surprises: list[Exception] = []
    sending: set[Future[Outcome]] = set()
    with ThreadPoolExecutor(SENDERS, thread_name_prefix="send") as senders:
        while True:
            now = datetime.now(UTC)
            free = SENDERS - len(sending)
            if now < until and free:
                claims = ledger.claim(engine, now=now, horizon=until - now, most=free, **rules)
                ready = [(claim, publisher) for claim in claims if (publisher := _publisher(engine, claim, by_hand))]
                sending |= {senders.submit(_send, engine, claim, publisher) for claim, publisher in ready}
            if not sending:
                break
            # As soon as an account's post is settled, its next one may be claimed.
            done, sending = wait(sending, return_when=FIRST_COMPLETED)
            for each in done:
                try:
                    outcomes.append(each.result())
                except Exception as surprise:  # one account's trouble is not another's; the task fails at its end
                    surprises.append(surprise)
    counts = _told(outcomes)
    if surprises:
        raise surprises[0]
    return counts


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
    return send(engine, post, claim, publisher)


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
    from include.publishing.quotas import Cap

    own = told.get(quota.limit_name) if quota.limit_name else None
    return Cap(own if isinstance(own, int) else quota.most, quota.per, quota.comments)


def _told(outcomes: "Iterable[Outcome]") -> dict[str, int]:
    counts: Counter[str] = Counter()
    for outcome in outcomes:
        log.info("%s: %s", outcome.post_id, outcome.words)
        counts[str(outcome.state or "left to others")] += 1
    return dict(counts)
