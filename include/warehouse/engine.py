"""The way into the warehouse. Call `connect` after the fork: in a task or a command, never at import."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool, Pool, QueuePool

DRIVER = "postgresql+psycopg"


class WrongWarehouse(ValueError):
    """The warehouse's URL names something that the desk cannot work with."""


def connect(url: str, *, pool: type[Pool] = NullPool) -> Engine:
    """An engine for the PostgreSQL at `url`, without a pool: a task connects when it needs to and lets go after.

    A process that stays and asks often gives a `pool`. Nothing is asked of the server yet. Raises WrongWarehouse for
    another database or driver. Times come back as aware UTC.
    """
    address = _checked(url)
    return create_engine(address, poolclass=pool, connect_args=_options(address), hide_parameters=True)


@contextmanager
def kept_open(engine: Engine, most: int) -> Iterator[Engine]:
    """The same warehouse for a task of which `most` threads ask often: to connect costs more than to ask. Connections
    stay until the block ends; before each use it is seen that the server has not cut them."""
    busy = create_engine(
        engine.url,
        poolclass=QueuePool,
        pool_size=most,
        pool_pre_ping=True,
        connect_args=_options(engine.url),
        hide_parameters=True,
    )
    try:
        yield busy
    finally:
        busy.dispose()


def _options(address: URL) -> dict[str, Any]:
    options: dict[str, Any] = {"application_name": "social-desk", "connect_timeout": 10}
    return options if "options" in address.query else {**options, "options": "-c TimeZone=UTC"}


def away(error: DBAPIError) -> str:
    """What a command says where the warehouse does not do as it is asked: the database's own words, on one line. They
    name host and port, never a password."""
    said = " ".join(str(error.orig).split())[:300]
    return f"The warehouse does not answer, or is not the desk's; nothing was changed. It says: {said}"


def _checked(url: str) -> URL:
    if not url:
        raise WrongWarehouse(
            f"DESK_WAREHOUSE_URL is empty. Give the warehouse's address, such as {DRIVER}://user@host/desk, or start"
            " a server of your own with: python -m include.warehouse.embedded start DIR"
        )
    try:
        address = make_url(url)
    except ArgumentError:
        raise WrongWarehouse(f"DESK_WAREHOUSE_URL is no address. It looks like {DRIVER}://user@host/desk.") from None
    if address.drivername == DRIVER:
        return address
    if address.drivername.startswith("postgres"):
        raise WrongWarehouse(f"DESK_WAREHOUSE_URL begins with {address.drivername}://. Begin it with {DRIVER}://.")
    raise WrongWarehouse(
        f"DESK_WAREHOUSE_URL names {address.get_backend_name()}. The warehouse is a PostgreSQL, always:"
        f" {DRIVER}://user@host/desk."
    )
