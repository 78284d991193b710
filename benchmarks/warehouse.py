"""A warehouse to measure on: the embedded PostgreSQL, waiting for the disk as a real one does, migrated and empty."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine

from include.warehouse import embedded
from include.warehouse.engine import connect
from include.warehouse.migrate import migrate


@contextmanager
def empty_warehouse() -> Iterator[Engine]:
    """An engine as a task has it, without a pool; the server and its files are gone afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    try:
        engine = connect(embedded.start(directory).url)
        migrate(engine)
        yield engine
    finally:
        embedded.remove(directory)
        directory.rmdir()
