"""Requests per user and window, endpoint by endpoint (docs.x.com/x-api/fundamentals/rate-limits), and their headers."""

from dataclasses import dataclass
from datetime import datetime

WINDOW_S = 15 * 60
PER_USER = {
    ("POST", "/2/tweets"): 100,
    ("GET", "/2/tweets"): 5000,
    ("GET", "/2/tweets/:id"): 900,
    ("DELETE", "/2/tweets/:id"): 50,
    ("GET", "/2/users/me"): 75,
    ("GET", "/2/users/:id"): 900,
    ("GET", "/2/users/:id/tweets"): 900,
    ("GET", "/2/users/:id/mentions"): 300,
    ("PUT", "/2/tweets/:tweet_id/hidden"): 50,
    ("POST", "/2/media/upload"): 500,
    ("GET", "/2/media/upload"): 1000,
    ("POST", "/2/media/upload/initialize"): 1875,
    ("POST", "/2/media/upload/:id/append"): 1875,
    ("POST", "/2/media/upload/:id/finalize"): 1875,
    ("POST", "/2/media/metadata"): 500,
}


@dataclass(slots=True)
class Window:
    """What is left of one user's quarter of an hour at one endpoint."""

    limit: int
    resets_at: int
    used: int = 0

    def headers(self) -> dict[str, str]:
        return {
            "x-rate-limit-limit": str(self.limit),
            "x-rate-limit-remaining": str(max(0, self.limit - self.used)),
            "x-rate-limit-reset": str(self.resets_at),
        }


class Limits:
    """The open windows of every user."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str, str], Window] = {}

    def window(self, user: str, method: str, template: str, now: datetime) -> Window:
        """The user's window at that endpoint, a new one if the last is over."""
        key, at = (user, method, template), int(now.timestamp())
        window = self._windows.get(key)
        if window is None or not at < window.resets_at <= at + WINDOW_S:
            window = Window(PER_USER.get((method, template), 900), at + WINDOW_S)
            self._windows[key] = window
        return window
