"""What publishing needs: parts and formats of posts, attempts, holds, what imports found, limits, heartbeats.

Written out as they were at this revision; `include/warehouse/tables.py` says how they are now.
"""

# ruff: noqa: E501 - comments and expressions stand as the database holds them

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002"
down_revision = "0001"


WHEN = sa.DateTime(timezone=True)
STATES = (
    "state IN ('planned', 'approved', 'due', 'claimed', 'media_ready', 'sending', 'live', 'partly_live',"
    " 'handed_over', 'refused', 'unknown', 'held', 'cancelled', 'deleted')"
)


def upgrade() -> None:
    columns = (
        sa.Column("first_comment", sa.Text(), nullable=False, server_default=""),
        sa.Column("thread", JSONB(), nullable=False, server_default="[]", comment="the texts that follow the first"),
        sa.Column("format", sa.Text(), nullable=False, server_default="feed", comment="feed, reel or story"),
        sa.Column("objective", sa.Text()),
        sa.Column("pillar", sa.Text()),
        sa.Column("sponsor_budget", sa.Text(), comment="the budget of budgets.csv that pays for it"),
    )
    for column in columns:
        op.add_column("post", column, schema="desk")
    _check_states()
    op.create_index(
        "publication_remote_key",
        "publication",
        ["account", "remote_id"],
        unique=True,
        schema="desk",
        postgresql_where="remote_id IS NOT NULL",
    )
    op.create_table(
        "publication_attempt",
        sa.Column("attempt_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False, comment="prepare, publish, find, delete or edit"),
        sa.Column("begun_at", WHEN, nullable=False),
        sa.Column("ended_at", WHEN),
        sa.Column("by", sa.Text(), nullable=False, comment="the run or the person"),
        sa.Column(
            "request_digest",
            sa.Text(),
            nullable=False,
            comment="sha256 of what was asked for, which is the same text or not",
        ),
        sa.Column(
            "outcome",
            sa.Text(),
            comment="the state that it led to; null while it runs, or where its process was killed",
        ),
        sa.Column("status", sa.Integer(), comment="the HTTP status, where there was one"),
        sa.Column("words", sa.Text(), comment="what happened, in a sentence"),
        sa.PrimaryKeyConstraint("attempt_id", name="publication_attempt_pkey"),
        schema="desk",
        comment="One row per try to do something to a post on its platform. Append only, kept for good, no secret in it.",
    )
    op.create_index(
        "publication_attempt_post_id_part_begun_at_idx",
        "publication_attempt",
        ["post_id", "part", "begun_at"],
        schema="desk",
    )
    op.create_table(
        "hold",
        sa.Column("hold_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False, comment="a brand's key, or an account's"),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("held_by", sa.Text(), nullable=False),
        sa.Column("held_at", WHEN, nullable=False, server_default=sa.func.now()),
        sa.Column("lifted_by", sa.Text()),
        sa.Column("lifted_at", WHEN),
        sa.PrimaryKeyConstraint("hold_id", name="hold_pkey"),
        schema="desk",
        comment="One row per time that a person held a brand or an account. While it is open, nothing of it goes out.",
    )
    op.create_index(
        "hold_open_key", "hold", ["subject"], unique=True, schema="desk", postgresql_where="lifted_at IS NULL"
    )
    op.create_table(
        "calendar_import",
        sa.Column("import_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("at", WHEN, nullable=False, server_default=sa.func.now()),
        sa.Column("by", sa.Text(), nullable=False, comment="the run"),
        sa.Column("rows_ready", sa.Integer(), nullable=False),
        sa.Column("rows_to_fix", sa.Integer(), nullable=False),
        sa.Column("posts", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False, comment="the result, as the log says it"),
        sa.PrimaryKeyConstraint("import_id", name="calendar_import_pkey"),
        schema="desk",
        comment="One row per import of the calendar whose result differed from the one before.",
    )
    op.create_table(
        "calendar_finding",
        sa.Column("import_id", sa.BigInteger(), nullable=False),
        sa.Column("finding", sa.Integer(), nullable=False, comment="counted within its import"),
        sa.Column("row", sa.Integer(), nullable=False, comment="as the file numbers it; 0 is the file as a whole"),
        sa.Column("network", sa.Text(), nullable=False, server_default=""),
        sa.Column(
            "is_error", sa.Boolean(), nullable=False, comment="else a warning, which keeps nothing from going out"
        ),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "finding", name="calendar_finding_pkey"),
        sa.ForeignKeyConstraint(
            ["import_id"], ["desk.calendar_import.import_id"], name="calendar_finding_import_id_fkey"
        ),
        schema="desk",
        comment="One row per thing that an import found to fix or worth a look.",
    )
    op.create_table(
        "account_limit",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("limits", JSONB(), nullable=False),
        sa.Column("asked_at", WHEN, nullable=False, server_default=sa.func.now()),
        sa.PrimaryKeyConstraint("account", name="account_limit_pkey"),
        schema="desk",
        comment="One row per account whose server states limits of its own, as it last said them.",
    )
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.Text(), nullable=False, comment="the DAG"),
        sa.Column("at", WHEN, nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="the run"),
        sa.PrimaryKeyConstraint("name", name="heartbeat_pkey"),
        schema="desk",
        comment="One row per DAG that must never rest: when it last ran. The watchdog outside Airflow reads it.",
    )


def _check_states() -> None:
    name = op.f("publication_state_check")
    op.drop_constraint(name, "publication", schema="desk", type_="check")
    op.create_check_constraint(name, "publication", STATES, schema="desk")
