"""What was accepted, line by line, so that a restarted sandbox still shows it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Event = dict[str, Any]


class Journal:
    """A JSON-lines file of accepted writes; without a path it remembers nothing."""

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def append(self, event: Event) -> None:
        if self._path is None:
            return
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event, ensure_ascii=False) + "\n")

    def replay(self) -> Iterator[Event]:
        """Every event in order. A last line that was cut short (the process died in it) is left out and cut off."""
        if self._path is None or not self._path.exists():
            return
        kept = 0
        with self._path.open("rb") as file:
            for line in file:
                if not line.endswith(b"\n"):
                    break
                yield json.loads(line)
                kept += len(line)
        if kept < self._path.stat().st_size:
            with self._path.open("r+b") as file:
                file.truncate(kept)
