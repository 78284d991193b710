"""What Alembic runs to apply the revisions, on the connection that `include/warehouse/migrate.py` gives it."""

from alembic import context

from include.warehouse.migrate import VERSION_TABLE
from include.warehouse.tables import SCHEMA, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    version_table_schema=SCHEMA,
    include_schemas=True,
)
context.run_migrations()
