"""The work of `watch_comments`: hear what is new on every account that listens, judge it, tell of spikes."""

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import get_current_context

from include.orchestration import doors
from platforms import Platform, every_platform

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from include.listening.scoring import Judged

BATCH = 125  # an Airflow task costs half a second of CPU, an account's calls mostly wait

log = logging.getLogger(__name__)

Batch = dict[str, Any]


def batches() -> list[Batch]:
    """The accounts that listen, network by network."""
    names = get_current_context()["params"]["accounts"]
    return [batch for platform in listening() for batch in _batches(platform, names)]


def listening() -> list[Platform]:
    """The networks that can be asked for comments."""
    return [platform for platform in every_platform().values() if platform.listens]


def _batches(platform: Platform, names: str) -> Iterator[Batch]:
    accounts = [account.key for account in doors.accounts(names, platform=platform.name)]
    for at in range(0, len(accounts), BATCH):
        part = accounts[at : at + BATCH]
        yield {"name": f"{platform.name} {at + 1}-{at + len(part)}", "accounts": part}


def hear(batch: Batch) -> dict[str, int]:
    """Hear what is new under the posts of a batch of accounts; gives counts. An account that cannot be read stops
    alone, and is told by `check_desk` once it was unread for too long."""
    from include.listening.authors import salt_of
    from include.listening.batch import listen

    context = get_current_context()
    context["batch_name"] = batch["name"]  # type: ignore[typeddict-unknown-key]  # names the mapped task in the UI
    engine, now, settings = doors.warehouse(), datetime.now(UTC), doors.settings()
    salt = salt_of(engine, settings.comment_salt)
    keep_from = now - timedelta(days=settings.comment_days)
    told = listen(engine, batch["accounts"], doors.hook, now=now, salt=salt, keep_from=keep_from)
    for account, why in told.why:
        log.warning("%s: %s", account, why)
    counts = {"heard": told.heard, "new": told.new, "edited": told.edited, "gone": told.gone}
    log.info("%s: %s", batch["name"], counts)
    return {**counts, "accounts": told.accounts, "waiting": told.waiting, "failed": len(told.why)}


def judge(engine: "Engine") -> "Judged":
    """Score what is new, and let go of texts whose time is over."""
    from include.comments.scorers import default
    from include.listening import scoring
    from include.listening.store import forget

    with engine.begin() as connection:
        forgotten = forget(connection, datetime.now(UTC) - timedelta(days=doors.settings().comment_days))
    judged = scoring.judge(engine, default())
    log.info("%d judged, %d of them not scored, %d left; %d texts let go", *_counts(judged), forgotten)
    return judged


def _counts(judged: "Judged") -> tuple[int, int, int]:
    return judged.judged, judged.unscored, judged.left
