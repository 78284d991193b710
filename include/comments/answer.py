"""Episodes as JSON lines, and as a table for people."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from include.comments.episodes import Episode

_HEADINGS = ("what", "opened (UTC)", "lasted", "severity", "negative", "usual", "z", "share", "usual", "share test")


def as_line(episode: Episode, escalated: int) -> str:
    """One JSON object; numbers to a sensible length."""
    subject, worst = episode.subject, episode.worst
    line: dict[str, Any] = {
        "kind": subject.kind,
        "account": subject.account or None,
        **({"post": subject.post} if subject.post else {}),
        **({"brand": subject.brand} if subject.brand else {}),
        "opened": _iso(episode.opened),
        "last": _iso(episode.last),
        "closed": None if episode.closed is None else _iso(episode.closed),
        "severity": episode.severity,
        "escalated": escalated,
        "negatives": worst.negatives,
        "scored": worst.scored,
        "share": _rounded(worst.share),
        "usual": _rounded(worst.usual),
        "usual_share": _rounded(worst.usual_share),
        "z": _rounded(worst.z),
        "share_p": _rounded(worst.share_p),
        "surprise": _rounded(worst.surprise),
        "learning": episode.learning,
    }
    if subject.kind == "brand":
        line["members"] = [
            {"account": each.account, **({"post": each.post} if each.post else {})} for each in episode.members
        ]
    return json.dumps(line, ensure_ascii=False)


def as_table(found: Iterable[tuple[Episode, int]]) -> str:
    rows = [_HEADINGS, *(_row(episode) for episode, _ in found)]
    if len(rows) == 1:
        return "No spikes."
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEADINGS))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _row(episode: Episode) -> tuple[str, ...]:
    subject, worst = episode.subject, episode.worst
    hours, minutes = divmod(round(episode.lasted.total_seconds() / 60), 60)
    return (
        " › ".join(part for part in subject if part) or "all",
        f"{datetime.fromtimestamp(episode.opened, UTC):%Y-%m-%d %H:%M}",
        f"{hours} h {minutes:02} min" + ("" if episode.closed else ", open"),
        episode.severity + (", learning" if episode.learning else ""),
        str(worst.negatives),
        f"{worst.usual:.1f}",
        f"{worst.z:.1f}",
        "" if worst.share is None else f"{worst.share:.0%}",
        f"{worst.usual_share:.0%}",
        "" if worst.share_p is None else f"{worst.share_p:.1g}",
    )


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def _rounded(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.4g}")
