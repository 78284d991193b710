"""The first tables: the plan, what was read, what it means, what was told.

Written out as they were at this revision; `include/warehouse/tables.py` says how they are now.
"""

# ruff: noqa: E501 - comments and expressions stand as the database holds them

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None


WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "account_day",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("followers", sa.BigInteger()),
        sa.Column("follows", sa.BigInteger()),
        sa.Column("unfollows", sa.BigInteger()),
        sa.Column("reach", sa.BigInteger()),
        sa.Column("views", sa.BigInteger()),
        sa.Column("impressions", sa.BigInteger()),
        sa.Column("engagements", sa.BigInteger()),
        sa.Column("page_views", sa.BigInteger()),
        sa.Column("extra", JSONB()),
        sa.Column(
            "exposure_basis",
            sa.Text(),
            sa.Computed(
                "CASE WHEN views IS NOT NULL THEN 'views' WHEN impressions IS NOT NULL THEN 'impressions' END",
                persisted=True,
            ),
        ),
        sa.CheckConstraint("period IN ('day', 'week', 'days_28')", name=op.f("account_day_period_check")),
        sa.PrimaryKeyConstraint("account", "metric_date", "period", name="account_day_pkey"),
        schema="desk",
        comment="One row per account, day and period (day, week or 28 days ending with metric_date). Reach holds for that period and is never summed.",
        postgresql_partition_by="RANGE (metric_date)",
    )
    op.create_table(
        "account_day_history",
        sa.Column("history_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("replaced_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("before", JSONB(), nullable=False, comment="the columns that changed, with the values they had"),
        sa.PrimaryKeyConstraint("history_id", name="account_day_history_pkey"),
        schema="desk",
        comment="One row per restatement of an account_day, append on change.",
    )
    op.create_index(
        "account_day_history_account_metric_date_idx", "account_day_history", ["account", "metric_date"], schema="desk"
    )
    op.create_table(
        "alert_episode",
        sa.Column("episode_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("alert_key", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("opened_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("seen_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("closed_at", WHEN),
        sa.PrimaryKeyConstraint("episode_id", name="alert_episode_pkey"),
        schema="desk",
        comment="One row per alert from its first sighting to its end. One message per episode.",
    )
    op.create_index(
        "alert_episode_open_key",
        "alert_episode",
        ["alert_key"],
        unique=True,
        schema="desk",
        postgresql_where="closed_at IS NULL",
    )
    op.create_table(
        "approval",
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), server_default="asked", nullable=False),
        sa.Column("asked_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("asked_by", sa.Text(), comment="the run that put the question"),
        sa.Column("expires_at", WHEN),
        sa.Column("decided_by", sa.Text()),
        sa.Column("decided_at", WHEN),
        sa.Column("note", sa.Text()),
        sa.CheckConstraint(
            "decision IN ('asked', 'approved', 'rejected', 'expired', 'superseded')",
            name=op.f("approval_decision_check"),
        ),
        sa.PrimaryKeyConstraint("post_id", "content_hash", name="approval_pkey"),
        schema="desk",
        comment="One row per text that was put to an approver. An edited text has a new hash and needs a new row.",
    )
    op.create_table(
        "ingest_window",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("metric_date", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), server_default="missing", nullable=False),
        sa.Column("leased_by", sa.Text()),
        sa.Column("lease_until", WHEN),
        sa.Column("not_before", WHEN),
        sa.Column("fetched_at", WHEN),
        sa.Column(
            "requests", sa.Integer(), server_default="0", nullable=False, comment="of the call that covered it, once"
        ),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("reason", sa.Text(), comment="in words: why it is missing or failed"),
        sa.Column("credentials_dead", sa.Boolean(), nullable=False, server_default="false", comment="why it failed"),
        sa.CheckConstraint(
            "status IN ('missing', 'provisional', 'final', 'failed', 'lost')", name=op.f("ingest_window_status_check")
        ),
        sa.PrimaryKeyConstraint("account", "stream", "metric_date", name="ingest_window_pkey"),
        schema="desk",
        comment="One row per account, stream and day that should be known. A missing day is a row, not silence.",
    )
    op.create_index("ingest_window_status_metric_date_idx", "ingest_window", ["status", "metric_date"], schema="desk")
    op.create_table(
        "kpi_week",
        sa.Column("week", sa.Date(), nullable=False, comment="the Monday of the ISO week, in the brand's zone"),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False, comment="'*' for the brand as a whole"),
        sa.Column("kpi", sa.Text(), nullable=False),
        sa.Column("slice", sa.Text(), server_default="", nullable=False, comment="a content type, or empty"),
        sa.Column("value", sa.Numeric()),
        sa.Column("numerator", sa.Numeric()),
        sa.Column("denominator", sa.Numeric()),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), comment="in words: what is missing, provisional or an upper bound"),
        sa.Column("computed_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("week", "brand", "account", "kpi", "slice", name="kpi_week_pkey"),
        schema="desk",
        comment="One row per ISO week, brand, account (or the whole brand), KPI and slice.",
    )
    op.create_table(
        "message",
        sa.Column("message_key", sa.Text(), nullable=False, comment="what it is about, so that it is told once"),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text()),
        sa.Column("digest", sa.Text(), nullable=False, comment="hash of what was said"),
        sa.Column("sent_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("message_key", name="message_pkey"),
        schema="desk",
        comment="One row per message in Slack: sent once, updated in place.",
    )
    op.create_table(
        "post",
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("link", sa.Text()),
        sa.Column("media", JSONB(), server_default="[]", nullable=False),
        sa.Column("publish_at", WHEN, nullable=False),
        sa.Column("campaign", sa.Text()),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="file and row that it was read from"),
        sa.Column("removed_at", WHEN, comment="when this text left the calendar"),
        sa.Column("imported_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("post_id", name="post_pkey"),
        schema="desk",
        comment="One row per post: one text for one account, as the calendar last said.",
    )
    op.create_index("post_account_publish_at_idx", "post", ["account", "publish_at"], schema="desk")
    op.create_table(
        "post_snapshot",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("reactions", sa.BigInteger()),
        sa.Column("comments", sa.BigInteger()),
        sa.Column("shares", sa.BigInteger()),
        sa.Column("saves", sa.BigInteger()),
        sa.Column("clicks", sa.BigInteger()),
        sa.Column("reach", sa.BigInteger()),
        sa.Column("views", sa.BigInteger()),
        sa.Column("impressions", sa.BigInteger()),
        sa.Column("extra", JSONB()),
        sa.Column(
            "exposure_basis",
            sa.Text(),
            sa.Computed(
                "CASE WHEN views IS NOT NULL THEN 'views' WHEN impressions IS NOT NULL THEN 'impressions' END",
                persisted=True,
            ),
        ),
        sa.PrimaryKeyConstraint("account", "remote_id", "observed_on", name="post_snapshot_pkey"),
        schema="desk",
        comment="One row per post and day of reading: lifetime counters as they stood then. A day's value is a difference.",
        postgresql_partition_by="RANGE (observed_on)",
    )
    op.create_table(
        "post_snapshot_history",
        sa.Column("history_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("replaced_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("before", JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("history_id", name="post_snapshot_history_pkey"),
        schema="desk",
        comment="One row per restatement of a post_snapshot (two readings on one day), append on change.",
    )
    op.create_index(
        "post_snapshot_history_account_remote_id_idx", "post_snapshot_history", ["account", "remote_id"], schema="desk"
    )
    op.create_table(
        "publication_event",
        sa.Column("event_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), server_default="0", nullable=False),
        sa.Column("at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, comment="the state that it entered"),
        sa.Column("by", sa.Text(), nullable=False, comment="the run or the person"),
        sa.Column("fence", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text()),
        sa.PrimaryKeyConstraint("event_id", name="publication_event_pkey"),
        schema="desk",
        comment="One row per step in a publication's life, append only: the audit trail.",
    )
    op.create_index("publication_event_post_id_at_idx", "publication_event", ["post_id", "at"], schema="desk")
    op.create_table(
        "raw_response",
        sa.Column("response_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("asked", JSONB(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="zlib"),
        sa.Column("fetched_at", WHEN, nullable=False),
        sa.PrimaryKeyConstraint("response_id", name="raw_response_pkey"),
        schema="desk",
        comment="One row per answer of a platform, as it came. Facts can be rebuilt from these.",
    )
    op.create_index(
        "raw_response_account_stream_first_idx", "raw_response", ["account", "stream", "first"], schema="desk"
    )
    op.create_table(
        "remote_post",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False),
        sa.Column("published_at", WHEN, nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "remote_id", name="remote_post_pkey"),
        schema="desk",
        comment="One row per post that the platform shows for an account, ours or not.",
    )
    op.create_index("remote_post_account_published_at_idx", "remote_post", ["account", "published_at"], schema="desk")
    op.create_table(
        "retired_metric",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("noticed_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("account", "stream", "metric", name="retired_metric_pkey"),
        schema="desk",
        comment="One row per metric that a platform refused for an account. It is left out of later calls.",
    )
    op.create_table(
        "publication",
        sa.Column("post_id", sa.Text(), nullable=False),
        sa.Column("part", sa.Integer(), server_default="0", nullable=False, comment="0 is the post itself"),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("publish_at", WHEN, nullable=False),
        sa.Column("state", sa.Text(), server_default="planned", nullable=False),
        sa.Column("fence", sa.BigInteger(), server_default="0", nullable=False, comment="rises with every claim"),
        sa.Column("claimed_by", sa.Text()),
        sa.Column("lease_until", WHEN),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("prepared", JSONB(), comment="what the platform holds ready: ids of uploaded media"),
        sa.Column("sent_at", WHEN),
        sa.Column("remote_id", sa.Text()),
        sa.Column("url", sa.Text()),
        sa.Column("live_at", WHEN),
        sa.Column("not_before", WHEN),
        sa.Column("reason", sa.Text(), comment="in words: why refused, held, unknown or cancelled"),
        sa.Column("updated_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state IN ('planned', 'approved', 'due', 'claimed', 'media_ready', 'sending', 'live', 'partly_live', 'refused', 'unknown', 'held', 'cancelled', 'deleted')",
            name=op.f("publication_state_check"),
        ),
        sa.ForeignKeyConstraint(["post_id"], ["desk.post.post_id"], name="publication_post_id_fkey"),
        sa.PrimaryKeyConstraint("post_id", "part", name="publication_pkey"),
        schema="desk",
        comment="One row per irreversible call (post, part): where it stands. Never deleted.",
    )
    op.create_index("publication_account_publish_at_idx", "publication", ["account", "publish_at"], schema="desk")
    op.create_index("publication_state_publish_at_idx", "publication", ["state", "publish_at"], schema="desk")
