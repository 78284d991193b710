"""The schema is made by revisions, may be made twice at once, and is what `tables.py` says."""

import subprocess
import sys
import uuid
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from include.settings import ROOT
from include.warehouse import embedded
from include.warehouse.engine import connect
from include.warehouse.migrate import VERSION_TABLE, migrate
from include.warehouse.tables import SCHEMA, metadata


@pytest.fixture
def bare(server: embedded.Server) -> Iterator[Engine]:
    """An engine on a database that has nothing in it yet."""
    engine = connect(server.create_database(f"bare_{uuid.uuid4().hex}"))
    yield engine
    engine.dispose()


def test_the_revisions_make_what_the_tables_say(bare: Engine) -> None:
    migrate(bare)
    with bare.connect() as connection:
        options = {"include_schemas": True, "version_table": VERSION_TABLE, "version_table_schema": SCHEMA}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == [], "Write a revision under include/warehouse/migrations/versions"


def test_two_processes_may_migrate_at_once(bare: Engine) -> None:
    url = bare.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "include.warehouse.migrate"]
    both = [
        subprocess.Popen(command, cwd=ROOT, env={"DESK_WAREHOUSE_URL": url}, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    for process in both:
        _, words = process.communicate(timeout=60)
        assert process.returncode == 0, words
    assert "account_day" in inspect(bare).get_table_names(schema=SCHEMA)


def test_migrating_again_changes_nothing(bare: Engine) -> None:
    migrate(bare)
    migrate(bare)
