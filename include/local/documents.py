"""The generated pages of `docs/`: `python -m include.local.documents` writes them, `--check` says which are stale.

`DAGS.md` comes from the DAGs' docstrings, `platforms.md` from the platforms' own declarations and limits,
`metrics.md` from the KPI definitions. One text, one place.
"""

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from include.kpis import document as metrics
from include.settings import ROOT
from platforms import Platform, every_platform

MADE = "<!-- Made by `make docs`; change the source that it names. -->"


def pages() -> dict[Path, str]:
    """Every generated page, by file."""
    docs = ROOT / "docs"
    return {
        docs / "DAGS.md": dags_page(ROOT / "dags"),
        docs / "platforms.md": platforms_page(every_platform().values()),
        docs / "metrics.md": metrics.page(),
    }


def stale() -> list[str]:
    """The names of pages whose file differs from what would be written."""
    return [
        path.name for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def dags_page(folder: Path) -> str:
    lines = ["# The DAGs", "", MADE, "", "From the docstrings of `dags/`, as Airflow's UI shows them.", ""]
    for file in sorted(folder.glob("*.py")):
        words = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
        lines += [f"## {file.stem}", "", words, ""]
    return "\n".join(lines).rstrip() + "\n"


def platforms_page(platforms: Any) -> str:
    source = "From `PLATFORM` and `constraints.json` of each folder of `plugins/platforms/`."
    lines = ["# The networks", "", MADE, "", source, ""]
    for platform in sorted(platforms, key=lambda each: str(each.name)):
        lines += [*_platform(platform), ""]
    return "\n".join(lines).rstrip() + "\n"


def _platform(platform: Platform) -> Iterator[str]:
    yield f"## {platform.title} (`{platform.name}`)"
    yield ""
    yield f"- Publishes: {'yes' if platform.publishes else 'no'}. Days are those of {platform.day_zone}."
    minutes = platform.find_delay.total_seconds() / 60
    yield f"- A sent post may be missing from its lists for {minutes:.0f} minutes; only later is absence proof."
    yield f"- Reports: {', '.join(platform.answers) or 'nothing yet'}."
    if platform.listens:
        can = ", ".join(("hear", *platform.moderates))
        yield f"- Comments: {can}.{' Reads lead forms.' if platform.gathers_leads else ''}"
    yield f"- Read from: {', '.join(f'<{page}>' for page in platform.docs)}"
    if platform.streams:
        yield ""
        yield "| stream | days a call | changes for | kept for | metric names read on |"
        yield "|---|---|---|---|---|"
        for stream in platform.streams:
            kept = "today only" if stream.snapshot else f"{stream.retention_days or 'no limit'}"
            yield (
                f"| `{stream.name}` | {stream.most_days} | {stream.restates_days} days | {kept} |"
                f" [{stream.checked_on}]({stream.source}) |"
            )
    yield ""
    yield from _limits(ROOT / "plugins" / "platforms" / platform.name / "constraints.json")


def _limits(file: Path) -> Iterator[str]:
    constraints = json.loads(file.read_text(encoding="utf-8"))
    yield "Limits, as sourced and dated in `constraints.json`:"
    yield ""
    for path, value, confidence in sorted(_values(constraints, ())):
        yield f"- {path}: {value} ({confidence})"


def _values(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Every `{"value": …, "confidence": …}` of the file, with the path to it."""
    if not isinstance(node, dict):
        return
    if "value" in node and "confidence" in node:
        yield " · ".join(path).replace("_", " "), json.dumps(node["value"]), str(node["confidence"])
        return
    for name, below in node.items():
        if name != "errors":
            yield from _values(below, (*path, name))


def main(arguments: list[str]) -> int:
    if "--check" in arguments:
        if names := stale():
            sys.stderr.write(f"docs/{', docs/'.join(names)} are not what the source says; run `make docs`.\n")
        return len(stale())
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
