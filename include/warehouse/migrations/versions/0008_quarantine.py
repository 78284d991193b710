"""What wrong rows need: a place where they lie with their reason.

Written out as they were at this revision; `include/warehouse/tables.py` says how they are now.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"


WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "quarantined_row",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column(
            "digest", sa.Text(), nullable=False, comment="sha256 of fact, reason and row: the same row is kept once"
        ),
        sa.Column("fact", sa.Text(), nullable=False),
        sa.Column("metric_date", sa.Date()),
        sa.Column("reason", sa.Text(), nullable=False, comment="in words"),
        sa.Column("row", JSONB(), nullable=False, comment="its values, in the order of the fact's columns"),
        sa.Column("seen_at", WHEN, nullable=False),
        sa.Column("first_seen_at", WHEN, server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("account", "stream", "digest", name="quarantined_row_pkey"),
        schema="desk",
        comment="One row per row that a platform gave and that was not loaded, with the reason.",
    )
    op.create_index("quarantined_row_seen_at_idx", "quarantined_row", ["seen_at"], schema="desk")
