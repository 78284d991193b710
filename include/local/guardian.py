"""Waits until its parent is gone, then ends what the parent left running: `python -m include.local.guardian DIR`."""

import signal
import sys
from pathlib import Path

from include.local.run import end_everything


def main() -> None:
    # Whoever ends the parent by a signal to all that it knows must not end us first.
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    sys.stdin.buffer.read()
    end_everything(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
