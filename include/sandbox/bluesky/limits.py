"""What an account may still do, and the headers that say so.

https://docs.bsky.app/docs/advanced-guides/rate-limits (2026-11-24)
"""

from dataclasses import dataclass
from datetime import datetime

from include.sandbox.bluesky.failures import too_many

Rule = tuple[int, int]  # points, and the seconds of their window

EVERYWHERE: tuple[Rule, ...] = ((3000, 300),)
SIGN_IN: tuple[Rule, ...] = ((30, 300), (300, 86_400))
WRITES: tuple[Rule, ...] = ((5000, 3600), (35_000, 86_400))
POINTS = {"createRecord": 3, "putRecord": 2, "deleteRecord": 1}


@dataclass(slots=True)
class Window:
    """One rule's span that has begun."""

    points: int
    seconds: int
    resets_at: float
    used: int = 0

    @property
    def left(self) -> int:
        return max(self.points - self.used, 0)

    def headers(self) -> dict[str, str]:
        return {
            "ratelimit-limit": str(self.points),
            "ratelimit-remaining": str(self.left),
            "ratelimit-reset": str(int(self.resets_at)),
            "ratelimit-policy": f"{self.points};w={self.seconds}",
        }


class Limits:
    """The windows that are open, by rule and by whom they count."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str, Rule], Window] = {}

    def spend(self, method: str, who: str, now: datetime) -> tuple[dict[str, str], bool]:
        """Count one call: the headers of the window that is nearest to its end, and whether it is over."""
        name = method.rpartition(".")[2]
        asked = [("everywhere", rule, 1) for rule in EVERYWHERE]
        asked += [("sign in", rule, 1) for rule in SIGN_IN] if name == "createSession" else []
        asked += [("write", rule, POINTS[name]) for rule in WRITES] if name in POINTS else []
        windows = [(self._window(kind, who, rule, now.timestamp()), points) for kind, rule, points in asked]
        over = any(window.left < points for window, points in windows)
        for window, points in windows:
            window.used += 0 if over else points
        nearest = min((window for window, _ in windows), key=lambda window: window.left / window.points)
        return nearest.headers(), over

    def _window(self, kind: str, who: str, rule: Rule, now: float) -> Window:
        window = self._windows.get((kind, who, rule))
        if window is None or not now < window.resets_at <= now + rule[1]:
            window = Window(rule[0], rule[1], now + rule[1])
            self._windows[kind, who, rule] = window
        return window


def check(over: bool) -> None:
    if over:
        raise too_many()
