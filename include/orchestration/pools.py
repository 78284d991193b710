"""Airflow pools: how many tasks of a kind may run at once. `python -m include.orchestration.pools` prints them.

Publishing has slots that nothing else can take: the other pools together stay below the executor's parallelism. It has
as many as its DAGs have runs at once, so that a slow upload keeps neither a look-up nor a hold waiting.
"""

import json
import sys

from platforms import every_platform

PUBLISH = "publish"
DESK = "desk"
BACKFILL = "backfill"
LISTEN = "listen"
READERS = 4  # slots that the reading of numbers has together, shared out among the platforms


def pools() -> dict[str, tuple[int, str]]:
    """Every pool that a DAG of ours names: (slots, what for)."""
    found = {
        PUBLISH: (4, "Sending posts, looking them up, holding them back; kept free for it"),
        DESK: (2, "The desk's own work in the warehouse and in Slack"),
        BACKFILL: (2, "Reading what is long past, for hours if need be; people's answers do not wait for it"),
        LISTEN: (2, "Hearing what people write, and telling of it; a long night of numbers does not hold it up"),
    }
    reading = [platform for platform in every_platform().values() if platform.streams]
    each = max(READERS // max(len(reading), 1), 1)
    for platform in reading:
        found[platform.pool] = (each, f"Reading numbers from {platform.title}")
    return found


def main() -> None:
    """Print the pools in the form that `airflow pools import` reads."""
    table = {
        name: {"slots": slots, "description": description, "include_deferred": False}
        for name, (slots, description) in pools().items()
    }
    sys.stdout.write(json.dumps(table, indent=2) + "\n")


if __name__ == "__main__":
    main()
