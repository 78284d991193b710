"""Several things of which one may fail without keeping the others back: brands whose Slack channel is gone, mostly."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from include.domain import PlatformError

log = logging.getLogger(__name__)


class OneByOne:
    """Goes on after a PlatformError, and raises the first of them at its end, so that the task is red all the same.

    with OneByOne() as tellings:
        for brand in brands:
            with tellings.next():
                tell(brand)
    """

    def __init__(self) -> None:
        self.errors: list[PlatformError] = []

    def __enter__(self) -> "OneByOne":
        return self

    @contextmanager
    def next(self) -> Iterator[None]:
        try:
            yield
        except PlatformError as error:
            log.error("%s", error)
            self.errors.append(error)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None and self.errors:
            raise self.errors[0]
