"""A sandbox in a thread, for tests and demonstrations."""

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from include.sandbox.declaration import parse_declaration
from include.sandbox.server import bind, server_of
from include.sandbox.state import Sandbox


@dataclass(frozen=True, slots=True)
class RunningSandbox:
    """Where a running sandbox listens (`url`, without a slash at the end), and its state."""

    url: str
    sandbox: Sandbox


@contextmanager
def running(world: Mapping[str, Any], *, seed: int = 7, journal: Path | None = None) -> Iterator[RunningSandbox]:
    """Serve `world` (what world.json holds) on a free port of loopback until the block ends."""
    sandbox = Sandbox(parse_declaration(world, seed), seed, journal)
    listener, server = bind("127.0.0.1", 0), server_of(sandbox)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.005)
    try:
        yield RunningSandbox(f"http://127.0.0.1:{listener.getsockname()[1]}", sandbox)
    finally:
        server.should_exit = True
        thread.join(timeout=10)
        listener.close()
