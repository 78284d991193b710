"""What can be set from outside, in one place. Read inside tasks and commands, never while a DAG file is parsed."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

AD_CHANGES = ("off", "propose", "apply")


@dataclass(frozen=True, slots=True)
class Settings:
    """The desk's settings, each from the environment variable named in `.env.example`.

    `media_base` is the public address under which the desk's media folder can be fetched, empty where there is none.
    `calendar` is the address of a plan that does not lie in `desk_dir` (a Google Sheet), empty for one that does.
    `ad_changes` is how far the desk may go with ad budgets: `off`, `propose` (ask in Slack), `apply` (and set them).
    `lead_days` is for how many days what people leave in lead forms is kept.
    `comment_days`: for so many days the texts of comments are kept. `comment_salt` is what their authors' ids are
    hashed with; without one, the warehouse keeps one that it made itself.
    `media_loopback` lets media come from this machine, as the sandbox's do; nothing else may.
    """

    warehouse_url: str
    desk_dir: Path
    slack_connection: str
    ops_channel: str
    airflow_url: str
    runbook_url: str
    media_base: str = ""
    media_loopback: bool = False
    calendar: str = ""
    ad_changes: str = "off"
    lead_days: int = 30
    comment_days: int = 90
    comment_salt: str = field(default="", repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        env = os.environ if environ is None else environ
        return cls(
            warehouse_url=env.get("DESK_WAREHOUSE_URL", ""),
            desk_dir=Path(env.get("DESK_DIR") or ROOT / "include" / "desk" / "example"),
            slack_connection=env.get("DESK_SLACK_CONNECTION") or "slack_desk",
            ops_channel=env.get("DESK_OPS_CHANNEL") or "#desk-ops",
            airflow_url=(env.get("DESK_AIRFLOW_URL") or "http://127.0.0.1:8080").rstrip("/"),
            runbook_url=env.get("DESK_RUNBOOK_URL") or "docs/runbook.md",
            media_base=(env.get("DESK_MEDIA_BASE") or "").rstrip("/"),
            media_loopback=env.get("DESK_MEDIA_LOOPBACK", "").lower() in ("1", "true", "yes"),
            calendar=env.get("DESK_CALENDAR", "").strip(),
            ad_changes=_one_of(env.get("DESK_AD_CHANGES", ""), AD_CHANGES),
            lead_days=_days(env.get("DESK_LEAD_DAYS", ""), 30),
            comment_days=_days(env.get("DESK_COMMENT_DAYS", ""), 90),
            comment_salt=env.get("DESK_COMMENT_SALT", ""),
        )


def _one_of(text: str, allowed: tuple[str, ...]) -> str:
    """What is written if it is allowed; else the first, which is the most careful."""
    return text.strip().lower() if text.strip().lower() in allowed else allowed[0]


def _days(text: str, default: int) -> int:
    """A whole number of days, at least one; what is no such number is passed over."""
    return max(int(text), 1) if text.strip().isdecimal() else default
