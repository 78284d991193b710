"""Metrics die without notice, and one dead name fails the whole question. Here the dead ones are found and left out."""

from collections.abc import Callable, Iterable, Sequence

from include.domain.errors import Retired

Probe = Callable[[Sequence[str]], object]


def dead_among(metrics: Sequence[str], probe: Probe, known: Retired) -> list[tuple[str, str]]:
    """The metrics that the platform no longer serves, each with its words, given that asking all of them failed.

    Where the refusal names the metric, no call is made; else halves are probed, about 2·log2(n) calls for one
    dead metric. Raises `known` again where no part fails alone: then the metrics are not to blame.
    """
    if known.metric in metrics:
        return [(str(known.metric), str(known))]
    if len(metrics) == 1:
        return [(metrics[0], str(known))]
    middle = len(metrics) // 2
    dead: list[tuple[str, str]] = []
    for half in (metrics[:middle], metrics[middle:]):
        try:
            probe(half)
        except Retired as refusal:
            dead += dead_among(half, probe, refusal)
    if not dead:
        raise known
    return dead


class Retirement:
    """What one hook leaves out, and what it has newly found to be gone.

    `known` holds (stream, metric) pairs that are not asked at all; `found` grows by (stream, metric, reason).
    """

    def __init__(self, known: Iterable[tuple[str, str]] = ()) -> None:
        self.known = set(known)
        self.found: list[tuple[str, str, str]] = []

    def alive(self, stream: str, metrics: Iterable[str]) -> list[str]:
        return [metric for metric in metrics if (stream, metric) not in self.known]

    def bury(self, stream: str, metrics: Sequence[str], probe: Probe, refusal: Retired) -> None:
        """Find which of `metrics` caused `refusal`, and leave them out from now on."""
        for metric, reason in dead_among(metrics, probe, refusal):
            self.known.add((stream, metric))
            self.found.append((stream, metric, reason))
