"""How often each endpoint was asked, by its template: what a test of frugality reads."""

from collections import Counter
from typing import Any


class Counters:
    """Counts every request of the platforms' APIs, refused and failed ones too. Control and pages are not counted."""

    def __init__(self) -> None:
        self._asked: Counter[tuple[str, str, str]] = Counter()
        self._versions: Counter[tuple[str, str]] = Counter()

    def count(self, platform: str, method: str, template: str, version: str = "") -> None:
        self._asked[platform, method, template] += 1
        if version:
            self._versions[platform, version] += 1

    def clear(self) -> None:
        self._asked.clear()
        self._versions.clear()

    def summary(self) -> dict[str, Any]:
        """`total`, `requests` (a row per platform, method and endpoint) and the API `versions` that were asked for."""
        rows = [
            {"platform": platform, "method": method, "endpoint": template, "count": count}
            for (platform, method, template), count in sorted(self._asked.items())
        ]
        versions: dict[str, dict[str, int]] = {}
        for (platform, version), count in sorted(self._versions.items()):
            versions.setdefault(platform, {})[version] = count
        return {"total": self._asked.total(), "requests": rows, "versions": versions}
