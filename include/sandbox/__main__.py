"""Run the sandbox: `python -m include.sandbox --port 8800 --world world.json --seed 7`.

Prints one line of JSON when it listens, and ends on SIGTERM or SIGINT.
"""

import argparse
import json
import signal
import sys
from pathlib import Path
from types import FrameType

from include.sandbox.declaration import read_declaration
from include.sandbox.server import bind, server_of
from include.sandbox.state import Sandbox


def main() -> int:
    """Serve until told to stop; 2 when the world or the host cannot be served."""
    parser = argparse.ArgumentParser(prog="python -m include.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8800, help="0 takes any free port")
    parser.add_argument("--host", default="127.0.0.1", help="an address of loopback")
    parser.add_argument("--world", type=Path, required=True, help="the JSON file that declares accounts and Slack")
    parser.add_argument("--seed", type=int, default=7, help="another seed, other numbers")
    parser.add_argument("--journal", type=Path, help="a file that keeps what is live over a restart")
    asked = parser.parse_args()
    try:
        sandbox = Sandbox(read_declaration(asked.world, asked.seed), asked.seed, asked.journal)
        listener = bind(asked.host, asked.port)
    except (ValueError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    for end in (signal.SIGTERM, signal.SIGINT):
        # uvicorn shuts down first and then raises the signal again, which would end this process as a failure.
        signal.signal(end, _leave)
    print(json.dumps({"ready": True, "port": listener.getsockname()[1]}), flush=True)
    server_of(sandbox).run(sockets=[listener])
    return 0


def _leave(signum: int, frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
