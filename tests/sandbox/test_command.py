"""`python -m include.sandbox`: what it prints, whom it serves, how it ends."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests

from include.sandbox.__main__ import main
from include.sandbox.running import running
from include.sandbox.server import bind

ROOT = Path(__file__).resolve().parents[2]


def start(tmp_path: Path, world: Any, *arguments: str) -> "subprocess.Popen[str]":
    (tmp_path / "world.json").write_text(json.dumps(world))
    command = [
        sys.executable,
        "-m",
        "include.sandbox",
        "--port",
        "0",
        "--world",
        str(tmp_path / "world.json"),
        *arguments,
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_listens_and_ends_when_told(tmp_path: Path, world: Any, end: signal.Signals) -> None:
    process = start(tmp_path, world, "--seed", "3")
    try:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        health = requests.get(f"http://127.0.0.1:{ready['port']}/_sandbox/health", timeout=5).json()
        assert (ready["ready"], health["ok"], health["seed"]) == (True, True, 3)
    finally:
        process.send_signal(end)
        out, err = process.communicate(timeout=15)
    assert (out, err) == ("", "")
    assert process.returncode == 0


@pytest.fixture
def refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run the command with a world and arguments that it refuses; what it says."""

    def run(world: Any, *arguments: str) -> str:
        (tmp_path / "world.json").write_text(json.dumps(world))
        monkeypatch.setattr(
            sys, "argv", ["sandbox", "--port", "0", "--world", str(tmp_path / "world.json"), *arguments]
        )
        assert main() == 2
        out, err = capsys.readouterr()
        assert out == ""
        return err

    return run


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.10", "example.com", "::"])
def test_it_refuses_to_listen_beyond_this_machine(host: str) -> None:
    with pytest.raises(ValueError, match=f"listens on this machine only, not on {host}"):
        bind(host, 0).close()


def test_the_refusal_is_said_to_who_typed_it(refusal: Callable[..., str], world: Any) -> None:
    assert "Leave --host out" in refusal(world, "--host", "an.example")


@pytest.mark.parametrize(
    ("world", "says"),
    [
        ({"accounts": [{"platform": "orkut", "name": "a"}]}, "a name and a platform out of "),
        ({"accounts": [{"platform": "x", "name": "a"}, {"platform": "x", "name": "a"}]}, "share their key"),
        ({"accounts": [{"platform": "x", "name": "a", "token_state": "ill"}]}, "token_state is ok or dead"),
    ],
)
def test_a_world_that_cannot_be_is_explained(refusal: Callable[..., str], world: Any, says: str) -> None:
    assert says in refusal(world)


def test_in_a_test_it_runs_as_long_as_its_block(world: Any) -> None:
    with running(world) as here:
        assert requests.get(f"{here.url}/_sandbox/health", timeout=5).ok
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.get(f"{here.url}/_sandbox/health", timeout=5)
