"""What all tests stand on: a warehouse of their own, and an Airflow that knows nothing of this machine's.

One embedded PostgreSQL per test session, a database per worker: `warehouse` is its URL, migrated; `engine` is an
engine on it with every table empty.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.pool import QueuePool

from include.settings import ROOT
from include.warehouse import embedded
from include.warehouse.engine import connect
from include.warehouse.migrate import migrate
from include.warehouse.tables import metadata

DIRECTORY = pytest.StashKey[Path]()


def _airflow_of_this_process() -> Path:
    """Point Airflow at an empty home. What the machine has set for its own desk, tokens above all, is forgotten."""
    for name in [name for name in os.environ if name.startswith(("AIRFLOW", "DESK_"))]:
        del os.environ[name]
    home = Path(tempfile.mkdtemp(prefix="desk-airflow-"))
    settings = {
        "CORE__DAGS_FOLDER": str(ROOT / "dags"),
        "CORE__PLUGINS_FOLDER": str(ROOT / "plugins"),
        "CORE__LOAD_EXAMPLES": "False",
        "DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home / 'airflow.db'}",
        "LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
        "USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    os.environ |= {"AIRFLOW_HOME": str(home), **{f"AIRFLOW__{name}": value for name, value in settings.items()}}
    return home


# Airflow reads all this when it is first imported, and the next thing that pytest imports may do that.
AIRFLOW_HOME = _airflow_of_this_process()


def pytest_configure(config: pytest.Config) -> None:
    """Choose the server's place: the workers of one session share that of the process that began it."""
    given = getattr(config, "workerinput", {}).get("desk_server")
    config.stash[DIRECTORY] = Path(given or Path(tempfile.gettempdir()) / f"desk-tests-{os.getpid()}")


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: object) -> None:
    node.workerinput["desk_server"] = str(node.config.stash[DIRECTORY])


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: a test of two minutes that comes last keeps one worker busy and the others waiting."""
    items.sort(key=lambda item: item.get_closest_marker("scheduler") is None)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Leave nothing; the server is stopped after the last worker, if any test asked for one."""
    shutil.rmtree(AIRFLOW_HOME, ignore_errors=True)
    directory = config.stash[DIRECTORY]
    if not hasattr(config, "workerinput") and directory.exists():
        embedded.remove(directory)
        directory.rmdir()


def remove_leftovers() -> None:
    """End the servers of test sessions that were killed before they could."""
    for directory in Path(tempfile.gettempdir()).glob("desk-tests-*"):
        if directory.stat().st_uid == os.getuid() and not psutil.pid_exists(int(directory.name.rpartition("-")[2])):
            with suppress(FileNotFoundError):  # another session that begins now does the same
                embedded.remove(directory)
                directory.rmdir()


@pytest.fixture(scope="session")
def server(pytestconfig: pytest.Config) -> embedded.Server:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        remove_leftovers()
    return embedded.start(pytestconfig.stash[DIRECTORY], durable=False)


@pytest.fixture(scope="session")
def warehouse(server: embedded.Server) -> str:
    """The URL of a migrated warehouse, this worker's own."""
    url = server.create_database(f"desk_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}")
    migrate(connect(url))
    return url


@pytest.fixture(scope="session")
def kept_engine(warehouse: str) -> Iterator[Engine]:
    """An engine that keeps its connections, for to connect takes longer than most of what the tests ask."""
    engine = connect(warehouse, pool=QueuePool)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(kept_engine: Engine) -> Engine:
    """An engine on the warehouse with every table empty."""
    used = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT FROM {t})" for t in metadata.sorted_tables)
    with kept_engine.begin() as connection:
        # Only what the test before has filled: to truncate a table costs several milliseconds, full or not.
        if tables := connection.scalars(text(used)).all():
            connection.execute(text(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE"))
    return kept_engine
