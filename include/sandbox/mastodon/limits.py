"""What an account may ask (https://docs.joinmastodon.org/api/rate-limits/), and the headers: the reset is a moment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

EVERYTHING = (300, 300)  # calls, and the seconds of their window
RARE = {("POST", "/api/v2/media"): (30, 1800), ("DELETE", "/api/v1/statuses/:id"): (30, 1800)}


@dataclass(slots=True)
class Window:
    """One span that has begun."""

    calls: int
    resets_at: datetime
    used: int = 0

    def headers(self, wait_s: float = 0, now: datetime | None = None) -> dict[str, str]:
        reset = now + timedelta(seconds=wait_s) if wait_s and now else self.resets_at
        left = 0 if wait_s else max(self.calls - self.used, 0)
        return {
            "X-RateLimit-Limit": str(self.calls),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": reset.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        }


class Limits:
    """The open windows by account and rule."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], Window] = {}

    def spend(self, who: str, method: str, template: str, now: datetime) -> tuple[Window, bool]:
        """Count a call: the window that is nearest to its end, and whether it is over."""
        rules = {"everything": EVERYTHING, **({template: RARE[method, template]} if (method, template) in RARE else {})}
        windows = [self._window(who, name, rule, now) for name, rule in rules.items()]
        nearest = min(windows, key=lambda window: (window.calls - window.used) / window.calls)
        over = nearest.used >= nearest.calls
        for window in windows:
            window.used += not over
        return nearest, over

    def _window(self, who: str, name: str, rule: tuple[int, int], now: datetime) -> Window:
        window = self._windows.get((who, name))
        if window is None or not now < window.resets_at <= now + timedelta(seconds=rule[1]):
            window = Window(rule[0], now + timedelta(seconds=rule[1]))
            self._windows[who, name] = window
        return window
