"""The databases of a local run: the warehouse, and Airflow's own, which is copied from a template where there is one.

Making Airflow's tables costs ten seconds; copying them costs less than one. The template is made by the first run of
an Airflow version in a run directory, and named after it.
"""

from collections.abc import Callable
from importlib.metadata import version

import psycopg
from psycopg import sql

from include.warehouse.embedded import Server

AIRFLOW = "airflow"


def begin_anew(server: Server) -> None:
    """Drop what an earlier run left; the template stays."""
    with _administrator(server) as connection:
        for name in ("desk", AIRFLOW):
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def airflow_database(server: Server, make_tables: Callable[[], None]) -> None:
    """Airflow's database with its tables in it; `make_tables` runs Airflow's own migration where it must."""
    template = f"airflow_{version('apache-airflow-core').replace('.', '_')}"
    if _exists(server, AIRFLOW):
        make_tables()
    elif _exists(server, template):
        _copy(server, template, AIRFLOW)
    else:
        server.create_database(AIRFLOW)
        make_tables()
        _copy(server, AIRFLOW, template)


def _copy(server: Server, source: str, target: str) -> None:
    with _administrator(server) as connection:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        connection.execute(statement.format(sql.Identifier(target), sql.Identifier(source)))


def _exists(server: Server, name: str) -> bool:
    with _administrator(server) as connection:
        return bool(connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchall())


def _administrator(server: Server) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(server.sockets), user="postgres", dbname="postgres", autocommit=True)
