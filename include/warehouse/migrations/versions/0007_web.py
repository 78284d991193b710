"""What websites need: the visits of a day, by where they came from and where they landed.

Written out as they were at this revision; `include/warehouse/tables.py` says how they are now.
"""

# ruff: noqa: E501 - comments and expressions stand as the database holds them

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0007"
down_revision = "0006"


WHEN = sa.DateTime(timezone=True)
NAMES = ("breakdown", "source", "medium", "campaign")
KEY = ("account", "metric_date", *NAMES, "content", "landing_page")


def upgrade() -> None:
    op.create_table(
        "web_day",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in NAMES),
        sa.Column(
            "content", sa.Text(), nullable=False, comment="utm_content: the key of the post that brought the visit"
        ),
        sa.Column("landing_page", sa.Text(), nullable=False, comment="the path, without its query"),
        sa.Column("currency", sa.Text()),
        sa.Column("sessions", sa.BigInteger()),
        sa.Column("engaged_sessions", sa.BigInteger()),
        sa.Column("conversions", sa.Numeric(), comment="key events"),
        sa.Column("converted_share", sa.Numeric(), comment="share of the sessions with at least one key event"),
        sa.Column("revenue", sa.Numeric()),
        sa.Column("users", sa.BigInteger(), comment="unique for the day and never summed"),
        sa.Column("new_users", sa.BigInteger()),
        sa.Column("extra", JSONB()),
        sa.CheckConstraint(
            "breakdown IN ('content', 'landing_page', 'source', 'channel', 'day')", name=op.f("web_day_breakdown_check")
        ),
        sa.PrimaryKeyConstraint(*KEY, name="web_day_pkey"),
        schema="desk",
        postgresql_partition_by="RANGE (metric_date)",
        comment="One row per web property, day of its zone, breakdown and the names it has. Each breakdown tells the same visits: breakdowns are not to be added up together.",
    )
    op.create_table(
        "web_day_history",
        sa.Column("history_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in (*NAMES, "content", "landing_page")),
        sa.Column("replaced_at", WHEN, server_default=sa.func.now(), nullable=False),
        sa.Column("before", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("history_id", name="web_day_history_pkey"),
        schema="desk",
        comment="One row per restatement of a web_day, append on change.",
    )
    op.create_index(
        "web_day_history_account_metric_date_idx", "web_day_history", ["account", "metric_date"], schema="desk"
    )
