"""Page after page until the last, with an eye for circles."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from include.domain.errors import PlatformError
from platforms.transport.failures import Answer

Params = Mapping[str, Any]


def pages(
    ask: Callable[[Params], Answer], params: Params, next_page: Callable[[Answer, Params], Params | None]
) -> Iterator[tuple[Params, Answer]]:
    """Each page with the parameters that brought it. `next_page` tells the next parameters, or None after the last.

    Raises PlatformError where a page leads back to one already seen: the list cannot be read to its end.
    """
    seen: set[str] = set()
    while params is not None:
        mark = repr(sorted(params.items()))
        if mark in seen:
            raise PlatformError("The platform's pages lead round in a circle; the list is incomplete. Try again later.")
        seen.add(mark)
        answer = ask(params)
        yield params, answer
        following = next_page(answer, params)
        if following is None:
            return
        params = following
