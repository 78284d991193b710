"""How much memory a big video takes on its way to a network: it must not grow with the file.

Each network that takes videos by upload gets one of 100 MB, sent by its own hook from a process of its own to the
sandbox in another; the growth is that of the sender's resident memory over what it held before. A new platform takes
part as soon as its sandbox is there.
"""

import importlib
import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil

from benchmarks.measurement import Measurement
from include.domain import Media, Post
from include.sandbox import registry
from platforms import Platform, every_platform
from platforms.transport.access import Access

ROOT = Path(__file__).resolve().parent.parent
NAME, BYTES, MOST_MB = "benchmark", 100_000_000, 60
HEAD = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"


def measure(size: float = 1.0) -> list[Measurement]:
    size_bytes = max(round(BYTES * size), len(HEAD))
    with tempfile.TemporaryDirectory() as folder, _sandbox(Path(folder)) as url:
        video = _video(Path(folder) / "video.mp4", size_bytes)
        return [_measured(platform, url, video) for platform in _takers(video)]


def _measured(platform: Platform, url: str, video: Path) -> Measurement:
    asked = [sys.executable, "-m", "benchmarks.uploading", platform.name, url, str(video)]
    done = subprocess.run(asked, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{platform.title} took no video: {done.stderr.strip().splitlines()[-1]}")
    megabytes = video.stat().st_size / 1e6
    name = f"memory that a video of {megabytes:,.0f} MB takes on its way to {platform.title}"
    return Measurement(name, float(done.stdout.split()[-1]), "MB", goal=MOST_MB)


def _takers(video: Path) -> list[Platform]:
    """The networks that take this very file from us, and that the sandbox serves."""
    known = [p for p in every_platform().values() if p.publishes and not p.by_address]
    return [p for p in known if p.name in registry.platforms() and not p.problems(_post(p.name, video), {})]


def _post(platform: str, video: Path) -> Post:
    now = datetime.now(UTC)
    return Post("p1", f"{platform}_{NAME}", "A video", media=(Media(str(video), "It rises"),), publish_at=now)


def _video(file: Path, size: int) -> Path:
    """A file that begins as an MP4 and takes no room on the disk."""
    with file.open("wb") as writing:
        writing.write(HEAD)
        writing.truncate(size)
    return file


@contextmanager
def _sandbox(folder: Path) -> Iterator[str]:
    """A sandbox in a process of its own, so that its memory is not counted."""
    accounts = [{"platform": name, "name": NAME, "token": f"sandbox-{name}"} for name in registry.platforms()]
    world = folder / "world.json"
    world.write_text(json.dumps({"accounts": accounts}), encoding="utf-8")
    asked = [sys.executable, "-m", "include.sandbox", "--port", "0", "--world", str(world)]
    with subprocess.Popen(asked, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{json.loads(process.stdout.readline())['port']}"
        finally:
            process.terminate()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}"}


def _upload(name: str, url: str, video: str) -> float:
    """Send the video; the growth of this process in MB. A small one goes first: imports are no part of it."""
    module, _, attribute = every_platform()[name].hook.partition(":")
    access = Access.to(f"{name}_{NAME}", f"{url}/{name}", f"sandbox-{name}", {"login": NAME})
    hook: Any = getattr(importlib.import_module(module), attribute)(access.account, access=access)
    with tempfile.TemporaryDirectory() as folder:
        hook.prepare(_post(name, _video(Path(folder) / "small.mp4", 2000)))
    with _peak() as peak:
        hook.prepare(_post(name, Path(video)))
    return max(peak) / 1e6


@contextmanager
def _peak() -> Iterator[list[int]]:
    """By how many bytes this process has grown, looked at two hundred times a second."""
    me, over = psutil.Process(), threading.Event()
    before = me.memory_info().rss
    seen = [0]

    def look() -> None:
        while not over.wait(0.005):
            seen.append(me.memory_info().rss - before)

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    yield seen
    over.set()
    watcher.join()


if __name__ == "__main__":
    print(_upload(*sys.argv[1:]))
