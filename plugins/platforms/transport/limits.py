"""What an answer's headers say of the calls that are left. One small parser for each family of headers.

A parser takes the headers and the time (seconds since the epoch) and answers with a Limit once nothing is left.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

# Meta's own measure is a share of a sliding hour; where it names no time, we come back after a twelfth of it.
META_PAUSE_S = 300.0


@dataclass(frozen=True, slots=True)
class Limit:
    """No call before `wait_s` seconds have passed: not to any path (`everywhere`), or not to this one."""

    wait_s: float
    because: str
    everywhere: bool = True


Parser = Callable[[Mapping[str, str], float], Limit | None]


def meta_usage(headers: Mapping[str, str], now: float) -> Limit | None:
    """Graph: `X-App-Usage`, `X-Page-Usage`, `X-Business-Use-Case-Usage`: percentages of what is allowed.

    https://developers.facebook.com/docs/graph-api/overview/rate-limiting
    """
    usages = [(name, _object(headers.get(name))) for name in ("X-App-Usage", "X-Page-Usage")]
    for uses in _object(headers.get("X-Business-Use-Case-Usage")).values():
        usages += [("X-Business-Use-Case-Usage", use) for use in uses if isinstance(use, dict)]
    limits = [limit for name, use in usages if (limit := _meta_limit(name, use))]
    return max(limits, key=lambda limit: limit.wait_s, default=None)


def x_rate_limit(headers: Mapping[str, str], now: float) -> Limit | None:
    """X: `x-rate-limit-remaining` and `x-rate-limit-reset` (seconds since the epoch), for this path alone.

    https://docs.x.com/x-api/fundamentals/rate-limits
    """
    remaining, reset = headers.get("x-rate-limit-remaining", ""), headers.get("x-rate-limit-reset", "")
    if remaining != "0" or not reset.isdecimal():
        return None
    return Limit(max(float(reset) - now, 1.0), "x-rate-limit-remaining is 0", everywhere=False)


def ietf_rate_limit(headers: Mapping[str, str], now: float) -> Limit | None:
    """Bluesky: `ratelimit-remaining` and `ratelimit-reset` (seconds since the epoch), for this path alone.

    https://docs.bsky.app/docs/advanced-guides/rate-limits
    """
    remaining, reset = headers.get("ratelimit-remaining", ""), headers.get("ratelimit-reset", "")
    if remaining != "0" or not reset.isdecimal():
        return None
    return Limit(max(float(reset) - now, 1.0), "ratelimit-remaining is 0", everywhere=False)


def iso_rate_limit(headers: Mapping[str, str], now: float) -> Limit | None:
    """Mastodon: `X-RateLimit-Remaining` and `X-RateLimit-Reset` (a moment in ISO 8601), for this path alone.

    https://docs.joinmastodon.org/api/rate-limits/
    """
    wait_s = until_iso_reset(headers, now)
    if headers.get("X-RateLimit-Remaining") != "0" or wait_s is None:
        return None
    return Limit(wait_s, "X-RateLimit-Remaining is 0", everywhere=False)


def until_iso_reset(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds until the moment in `X-RateLimit-Reset`, None where there is none."""
    try:
        reset = datetime.fromisoformat(headers.get("X-RateLimit-Reset", "").replace("Z", "+00:00"))
    except ValueError:
        return None
    return max((reset if reset.tzinfo else reset.replace(tzinfo=UTC)).timestamp() - now, 1.0)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """`Retry-After` in seconds, from either of its forms (a number, a date); None where there is none."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(parsedate_to_datetime(value).timestamp() - now, 0.0)
    except (TypeError, ValueError):
        return None


def _meta_limit(name: str, use: Mapping[str, Any]) -> Limit | None:
    shares = [use.get(part) or 0 for part in ("call_count", "total_time", "total_cputime")]
    minutes = use.get("estimated_time_to_regain_access") or 0
    if not minutes and max(shares) < 100:
        return None
    return Limit(minutes * 60.0 or META_PAUSE_S, f"{name} stands at {max(shares)} %")


def _object(text: str | None) -> dict[str, Any]:
    try:
        value = json.loads(text or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
