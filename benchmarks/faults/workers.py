"""The processes that publish: each runs the tasks of `publish_posts` or `reconcile_posts` over and over.

They are forked, as Airflow forks its tasks, so that the next one is there at once when one was killed.
"""

import dataclasses
import logging
import multiprocessing
import random
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from types import TracebackType
from unittest import mock

from include.orchestration import doors, publishing
from include.publishing import ledger, sending
from platforms import every_platform

SENDERS, LOOKERS = 3, 1
PAUSE_S = 0.3
LEASE = timedelta(seconds=8)
SENDING_LEASE = timedelta(seconds=10)
FIND_DELAY = timedelta(seconds=2)

_fork = multiprocessing.get_context("fork")


class Workers:
    """A few processes, always as many; `killed` counts those that did not end by themselves."""

    def __init__(self) -> None:
        self.killed = 0
        self._running: list[tuple[Callable[[], object], multiprocessing.Process]] = []
        self._begun = 0

    def __enter__(self) -> "Workers":
        for task in [publishing.send_due] * SENDERS + [publishing.reconcile_unknown] * LOOKERS:
            self._start(task)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _, process in self._running:
            process.kill()
            process.join()

    def kill_one(self, draw: random.Random) -> None:
        """SIGKILL, wherever it is, and another in its place."""
        task, process = self._running.pop(draw.randrange(len(self._running)))
        process.kill()
        process.join()
        self.killed += 1
        self._start(task)

    def _start(self, task: Callable[[], object]) -> None:
        self._begun += 1
        process = _fork.Process(target=_work, args=(task, f"worker {self._begun}"), daemon=True)
        process.start()
        self._running.append((task, process))


def _work(task: Callable[[], object], name: str) -> None:
    logging.disable(logging.CRITICAL)
    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(publishing, "get_current_context", return_value={"run_id": name}))
        stack.enter_context(mock.patch.multiple(ledger, LEASE=LEASE, SENDING_LEASE=SENDING_LEASE))
        stack.enter_context(mock.patch.object(sending, "RENEW_S", LEASE.total_seconds() / 3))
        quick = {key: dataclasses.replace(each, find_delay=FIND_DELAY) for key, each in every_platform().items()}
        stack.enter_context(mock.patch.object(doors, "every_platform", return_value=quick))
        while True:
            try:
                task()
            except Exception:
                logging.getLogger(__name__).exception("%s failed; Airflow would run it again.", name)
            time.sleep(PAUSE_S)
