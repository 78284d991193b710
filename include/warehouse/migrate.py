"""Bring the warehouse's schema up to date. As often as wanted, and from several processes at once.

python -m include.warehouse.migrate
"""

import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, text
from sqlalchemy.schema import CreateSchema

from include.settings import Settings
from include.warehouse.engine import WrongWarehouse, connect
from include.warehouse.tables import SCHEMA

VERSION_TABLE = "schema_version"

_LOCK = 0x6465736B  # "desk": whoever else migrates this database waits for us


def migrate(engine: Engine) -> None:
    """Make the schema `desk` and apply the revisions that it lacks, all of them or, if one fails, none."""
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        connection.execute(CreateSchema(SCHEMA, if_not_exists=True))
        command.upgrade(configuration(connection=connection), "head")


def configuration(**attributes: object) -> Config:
    """Alembic's settings, without an alembic.ini. `connection` is the one that the revisions run on."""
    config = Config(attributes=attributes)
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def main() -> int:
    """Migrate the warehouse that DESK_WAREHOUSE_URL names."""
    try:
        engine = connect(Settings.from_environment().warehouse_url)
    except WrongWarehouse as wrong:
        print(wrong, file=sys.stderr)
        return 2
    migrate(engine)
    print(f"The schema {SCHEMA} of {engine.url.render_as_string(hide_password=True)} is up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
