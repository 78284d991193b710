"""What changing ad budgets needs: each change as it was proposed, decided, applied and checked.

Written out as they were at this revision; `include/warehouse/tables.py` says how they are now.
"""

# ruff: noqa: E501 - comments and expressions stand as the database holds them

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "pacing_action",
        sa.Column("action_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "message_key", sa.Text(), nullable=False, comment="the proposal: all its rows are asked about together"
        ),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("budget", sa.Text(), nullable=False, comment="its flight, or hold:<id> where a hold is the reason"),
        sa.Column("title", sa.Text(), nullable=False, comment="what people call it"),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("entity_name", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False, comment="a daily budget in currency, or a status"),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="proposed"),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("deciders", JSONB(), nullable=False, comment="names, in order"),
        sa.Column("proposed_at", WHEN, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("asked_by", sa.Text(), comment="the run that puts the question in Airflow"),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", WHEN),
        sa.Column("applied_at", WHEN),
        sa.Column("settled_at", WHEN),
        sa.Column("note", sa.Text(), comment="in words: what became of it"),
        sa.CheckConstraint("what IN ('budget', 'pause', 'resume')", name=op.f("pacing_action_what_check")),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'rejected', 'expired', 'applied', 'verified', 'failed', 'moved')",
            name=op.f("pacing_action_state_check"),
        ),
        sa.PrimaryKeyConstraint("action_id", name="pacing_action_pkey"),
        schema="desk",
        comment="One row per proposed change of a campaign: who, when, before, after, what became of it. Kept for good.",
    )
    op.create_index("pacing_action_message_key_idx", "pacing_action", ["message_key"], schema="desk")
    op.create_index(
        "pacing_action_open_idx",
        "pacing_action",
        ["account", "entity_id"],
        unique=True,
        schema="desk",
        postgresql_where="state IN ('proposed', 'approved', 'applied')",
    )
