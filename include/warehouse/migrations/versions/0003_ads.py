"""What ads need: campaigns as they stand, what they delivered by day and by hour.

Written out as they were at this revision; `include/warehouse/tables.py` says how they are now.
"""

# ruff: noqa: E501 - comments and expressions stand as the database holds them

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "ad_entity",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_status", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.Text()),
        sa.Column("objective", sa.Text()),
        sa.Column("currency", sa.Text()),
        sa.Column("daily_budget", sa.Numeric()),
        sa.Column("lifetime_budget", sa.Numeric()),
        sa.Column("starts_at", WHEN),
        sa.Column("ends_at", WHEN),
        sa.Column("extra", JSONB()),
        sa.CheckConstraint("level IN ('account', 'campaign', 'adset', 'ad')", name=op.f("ad_entity_level_check")),
        sa.PrimaryKeyConstraint("account", "entity_id", name="ad_entity_pkey"),
        schema="desk",
        comment="One row per campaign, ad set or ad, and one for the ad account itself, as they stood when last read.",
    )
    op.create_table(
        "ad_entity_history",
        *_history("account", "entity_id"),
        sa.PrimaryKeyConstraint("history_id", name="ad_entity_history_pkey"),
        schema="desk",
        comment="One row per change of an ad_entity: another budget, another status. Append on change.",
    )
    op.create_index(
        "ad_entity_history_account_entity_id_idx", "ad_entity_history", ["account", "entity_id"], schema="desk"
    )
    op.create_table(
        "ad_day",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("spend", sa.Numeric()),
        sa.Column("impressions", sa.BigInteger()),
        sa.Column("reach", sa.BigInteger()),
        sa.Column("clicks", sa.BigInteger()),
        sa.Column("link_clicks", sa.BigInteger()),
        sa.Column("conversions", sa.Numeric()),
        sa.Column("conversion_value", sa.Numeric()),
        sa.Column("extra", JSONB()),
        sa.PrimaryKeyConstraint("account", "metric_date", "level", "entity_id", "attribution", name="ad_day_pkey"),
        schema="desk",
        postgresql_partition_by="RANGE (metric_date)",
        comment="One row per ad account, day of its zone, level, entity and attribution setting. Money in currency. Levels are not to be added up together; reach is never summed.",
    )
    op.create_table(
        "ad_day_history",
        *_history("account", "metric_date", "level", "entity_id", "attribution"),
        sa.PrimaryKeyConstraint("history_id", name="ad_day_history_pkey"),
        schema="desk",
        comment="One row per restatement of an ad_day, append on change.",
    )
    op.create_index(
        "ad_day_history_account_metric_date_idx", "ad_day_history", ["account", "metric_date"], schema="desk"
    )
    op.create_table(
        "ad_hour",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("spend", sa.Numeric()),
        sa.PrimaryKeyConstraint("account", "metric_date", "hour", "entity_id", name="ad_hour_pkey"),
        schema="desk",
        comment="One row per campaign and hour of the ad account's day: what it spent, in currency.",
    )


def _history(*key: str) -> list[sa.Column[object]]:
    kinds = {"metric_date": sa.Date()}
    return [
        sa.Column("history_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        *(sa.Column(name, kinds.get(name, sa.Text()), nullable=False) for name in key),
        sa.Column("replaced_at", WHEN, server_default=sa.func.now(), nullable=False),
        sa.Column("before", JSONB(), nullable=False),
    ]
