"""The next answer is fetched while the last one is taken in."""

from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
_END = object()


def ahead(answers: Iterator[T]) -> Generator[T]:
    """The same answers, each asked for as soon as the one before has come. One thread asks, one at a time; what it
    raises is raised here, in its place. Whoever stops early waits for the answer that is under way."""
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as thread:
        coming: Future[object] = thread.submit(next, answers, _END)
        while (answer := coming.result()) is not _END:
            coming = thread.submit(next, answers, _END)
            yield answer  # type: ignore[misc]
