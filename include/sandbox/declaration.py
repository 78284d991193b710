"""What `world.json` declares: the accounts with their tokens, and the Slack workspace."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from include.sandbox import registry


@dataclass(frozen=True, slots=True)
class DeclaredAccount:
    """One account. `native_id` is its id on the platform; a token whose `token_state` is `dead` is refused.
    `settings` is what only its own platform knows: an instance's limits, the Page behind an Instagram account."""

    platform: str
    name: str
    title: str
    brand: str
    native_id: str
    token: str
    token_state: str
    language: str
    timezone: str
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def key(self) -> str:
        return f"{self.platform}_{self.name}"

    @property
    def token_is_dead(self) -> bool:
        return self.token_state == "dead"  # noqa: S105  a state, not a secret

    @property
    def username(self) -> str:
        """The handle; X allows fifteen letters, digits and underscores."""
        return "".join(c if c.isascii() and c.isalnum() else "_" for c in self.name)[:15]


@dataclass(frozen=True, slots=True)
class DeclaredSlack:
    """The workspace. `users` are names, or `{"id": "U…", "name": …}` where the member id is to be known beforehand.
    `file_seconds`: how long Slack needs before an uploaded file can stand in a block."""

    token: str = "xoxb-sandbox"  # noqa: S105  a stand-in for tests; real ones never come here
    team: str = "Sandbox"
    channels: tuple[str, ...] = ("#general",)
    users: tuple[str | Mapping[str, str], ...] = ()
    file_seconds: float = 0


@dataclass(frozen=True, slots=True)
class DeclaredTalk:
    """How people talk, beyond the usual. `waves` and `surges`: by account key, when one is at its height (None: when
    the sandbox begins); what names no account of the world is passed over. `per_minute`: so many comments more, on all
    accounts together, from the beginning on."""

    waves: Mapping[str, datetime | None] = field(default_factory=lambda: {"facebook_mekong_coffee": None})
    surges: Mapping[str, datetime | None] = field(default_factory=lambda: {"facebook_bottega_aurora": None})
    per_minute: float = 0


@dataclass(frozen=True, slots=True)
class Declaration:
    """The whole world file. `retired_metrics` adds to the Facebook metrics that are gone; `page_calls` is how many
    Graph calls a Page may make in 24 hours, `media_dir` the folder that is served below `/media/`. `lists_lag_s`: by
    platform, for how many seconds its lists of posts lack a post that it accepted. `talk` is how people comment."""

    accounts: tuple[DeclaredAccount, ...] = ()
    slack: DeclaredSlack = DeclaredSlack()
    retired_metrics: tuple[str, ...] = ()
    page_calls: int = 4800
    media_dir: str = ""
    lists_lag_s: Mapping[str, float] = field(default_factory=dict)
    talk: DeclaredTalk = DeclaredTalk()


def read_declaration(path: Path, seed: int) -> Declaration:
    """The world of a file. Raises ValueError with a sentence for what is not right in it."""
    try:
        return parse_declaration(json.loads(path.read_text(encoding="utf-8")), seed)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is not JSON: {error}.") from error


def parse_declaration(data: Mapping[str, Any], seed: int) -> Declaration:
    accounts = tuple(_account(entry, seed) for entry in data.get("accounts", ()))
    for name in ("key", "token", "native_id"):
        values = [a.key if name == "key" else (a.platform, getattr(a, name)) for a in accounts]
        twice = {v for v in values if values.count(v) > 1}
        if twice:
            raise ValueError(f"Two accounts of the world share their {name}; give each its own.")
    slack: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in data.get("slack", {}).items()}
    return Declaration(
        accounts=accounts,
        slack=DeclaredSlack(**slack),
        retired_metrics=tuple(data.get("retired_metrics", ())),
        page_calls=int(data.get("page_calls", 4800)),
        media_dir=str(data.get("media_dir") or ""),
        lists_lag_s=lags(data.get("lists_lag_s", {})),
        talk=_talk(data["talk"]) if "talk" in data else DeclaredTalk(),
    )


def _talk(entry: Mapping[str, Any]) -> DeclaredTalk:
    """`{"waves": {"facebook_mekong_coffee": "2026-11-20T12:00:00Z"}, "surges": {}, "per_minute": 100}`; null is now."""
    peaks: list[dict[str, datetime | None]] = [
        {key: datetime.fromisoformat(at) if at else None for key, at in dict(entry.get(name) or {}).items()}
        for name in ("waves", "surges")
    ]
    if any(at is not None and at.tzinfo is None for each in peaks for at in each.values()):
        raise ValueError("A wave and a surge of the world's talk need a time zone; add Z or +00:00.")
    return DeclaredTalk(peaks[0], peaks[1], float(entry.get("per_minute", 0)))


def lags(asked: Mapping[str, Any]) -> dict[str, float]:
    """How far each platform's lists lag behind, in seconds. Raises ValueError with a sentence for any other thing."""
    for platform, seconds in asked.items():
        if platform not in registry.platforms():
            raise ValueError(f"There is no platform {platform!r} here; there are {', '.join(registry.platforms())}.")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise ValueError(f"{platform}'s lists lag some seconds, not {seconds!r}.")
    return {platform: float(seconds) for platform, seconds in asked.items()}


def _account(entry: Mapping[str, Any], seed: int) -> DeclaredAccount:
    platform, name = entry.get("platform", ""), entry.get("name", "")
    if platform not in registry.platforms() or not name:
        known = ", ".join(registry.platforms())
        raise ValueError(f"An account needs a name and a platform out of {known}: {dict(entry)}.")
    state = entry.get("token_state", "ok")
    if state not in ("ok", "dead"):
        raise ValueError(f"{platform} {name}: token_state is ok or dead, not {state!r}.")
    timezone = entry.get("timezone", "UTC")
    ZoneInfo(timezone)
    return DeclaredAccount(
        platform=platform,
        name=name,
        title=entry.get("title") or name.replace("_", " ").title(),
        brand=entry.get("brand") or name,
        native_id=str(entry.get("native_id") or registry.native_id(platform, seed, name)),
        token=entry.get("token") or f"sandbox-{platform}-{name}",
        token_state=state,
        language=entry.get("language", "en"),
        timezone=timezone,
        settings=dict(entry.get("settings") or {}),
    )
