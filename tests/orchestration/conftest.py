"""A desk of two brands, and what a task is told about its run."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

BRANDS = """
ginger:
  title: Ginger & Sons
  timezone: Europe/Dublin
  language: en
  channel: "#ginger"
  accounts:
    facebook: ginger
    x: ginger
fern:
  title: Fern Books
  timezone: Asia/Tokyo
  language: ja
  channel: "#fern"
  accounts:
    facebook: fern
  needs_approval: true
  approvers: [aoi]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The desk's files."""
    (tmp_path / "brands.yml").write_text(BRANDS, encoding="utf-8")
    monkeypatch.setenv("DESK_DIR", str(tmp_path))
    monkeypatch.setenv("DESK_OPS_CHANNEL", "#on-call")
    return tmp_path


@pytest.fixture
def in_a_run(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let a module of `include.orchestration` believe that it works in a run with these parameters."""

    def run(module: Any, **params: object) -> None:
        asked = {"dag": SimpleNamespace(params=params), "dag_run": SimpleNamespace(conf={}), "params": params}
        monkeypatch.setattr(module, "get_current_context", lambda: {"run_id": "tonight", **asked})

    return run
