"""What hearing comments needs: what was written, heard and judged, spikes, and what people said of both.

Written out as they were at this revision; `include/warehouse/tables.py` says how they are now.
"""

# ruff: noqa: E501 - comments and expressions stand as the database holds them

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0005"
down_revision = "0004"


WHEN = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "comment",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("comment_id", sa.Text(), nullable=False),
        sa.Column("remote_id", sa.Text(), nullable=False, comment="the post that it stands under"),
        sa.Column("parent_id", sa.Text(), comment="the comment that it answers; null directly under the post"),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("first_seen_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("edited_at", WHEN),
        sa.Column("gone_at", WHEN),
        sa.Column("text", sa.Text(), comment="null once it was kept for as long as DESK_COMMENT_DAYS says"),
        sa.Column("author_hash", sa.Text(), comment="salted; null where the platform keeps the author to itself"),
        sa.Column("ours", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("sponsored", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("hidden", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("url", sa.Text(), server_default="", nullable=False),
        sa.Column("said_language", sa.Text(), comment="what the platform says of it, a BCP 47 tag"),
        sa.Column("language", sa.Text(), comment="what the scorer found"),
        sa.Column("label", sa.Text()),
        sa.Column("p_negative", sa.Double()),
        sa.Column(
            "scored", sa.Boolean(), comment="null: not judged yet; false: in a language that the scorer does not know"
        ),
        sa.Column("scorer", sa.Text(), comment="model and version"),
        sa.Column("judged_hash", sa.Text(), comment="md5 of the text that the verdict is about"),
        sa.CheckConstraint("label IN ('negative', 'neutral', 'positive')", name=op.f("comment_label_check")),
        sa.PrimaryKeyConstraint("account", "comment_id", name=op.f("comment_pkey")),
        schema="desk",
        comment="One row per comment or reply under a post of an account, as it was last shown, with what was made of it.",
    )
    op.create_index(op.f("comment_account_created_at_idx"), "comment", ["account", "created_at"], schema="desk")
    op.create_index("comment_answer_idx", "comment", ["account", "parent_id"], schema="desk", postgresql_where="ours")
    op.create_index("comment_kept_idx", "comment", ["created_at"], schema="desk", postgresql_where="text IS NOT NULL")
    op.create_index(
        "comment_unjudged_idx",
        "comment",
        ["account", "created_at"],
        schema="desk",
        postgresql_where="text IS NOT NULL AND NOT ours AND judged_hash IS DISTINCT FROM md5(text)",
    )
    op.create_table(
        "comment_feedback",
        sa.Column("feedback_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("by", sa.Text(), nullable=False, comment="the Slack id of who said it"),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("spike_id", sa.BigInteger()),
        sa.Column("account", sa.Text()),
        sa.Column(
            "comment_id", sa.Text(), server_default="", nullable=False, comment="empty: about the spike as a whole"
        ),
        sa.Column("label", sa.Text(), comment="what the comment is, in the eyes of a person"),
        sa.CheckConstraint("label IN ('negative', 'neutral', 'positive')", name=op.f("comment_feedback_label_check")),
        sa.CheckConstraint(
            "said IN ('real', 'not_a_spike', 'wrong_sentiment')", name=op.f("comment_feedback_said_check")
        ),
        sa.PrimaryKeyConstraint("feedback_id", name=op.f("comment_feedback_pkey")),
        sa.UniqueConstraint(
            "spike_id", "comment_id", "by", "said", name=op.f("comment_feedback_spike_id_comment_id_by_said_key")
        ),
        schema="desk",
        comment="One row per thing that a person said of a spike or of a comment's label. Kept for good: the truth that models are measured against.",
    )
    op.create_index(
        op.f("comment_feedback_account_comment_id_idx"), "comment_feedback", ["account", "comment_id"], schema="desk"
    )
    op.create_table(
        "comment_history",
        sa.Column("history_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("comment_id", sa.Text(), nullable=False),
        sa.Column("replaced_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.Column("before", JSONB(), nullable=False, comment="the columns that changed, with the values they had"),
        sa.PrimaryKeyConstraint("history_id", name=op.f("comment_history_pkey")),
        schema="desk",
        comment="One row per edit of a comment, append on change. Kept for as long as the comments' texts.",
    )
    op.create_index(
        op.f("comment_history_account_comment_id_idx"), "comment_history", ["account", "comment_id"], schema="desk"
    )
    op.create_index(op.f("comment_history_replaced_at_idx"), "comment_history", ["replaced_at"], schema="desk")
    op.create_table(
        "comment_read",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("heard_from", WHEN),
        sa.Column("heard_through", WHEN),
        sa.Column("tried_at", WHEN),
        sa.Column("read_at", WHEN),
        sa.Column("not_before", WHEN),
        sa.Column("gone_read_at", WHEN),
        sa.Column("reason", sa.Text(), comment="in words: why the last try failed"),
        sa.Column("credentials_dead", sa.Boolean(), server_default="false", nullable=False, comment="why it failed"),
        sa.Column(
            "interrupted",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="readings in a row that began and did not end",
        ),
        sa.Column("first_tried_at", WHEN, server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("account", name=op.f("comment_read_pkey")),
        schema="desk",
        comment="One row per account that listens: its comments from heard_from to heard_through are known.",
    )
    op.create_table(
        "comment_salt",
        sa.Column("salt_id", sa.Integer(), nullable=False, comment="1"),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("salt_id = 1", name=op.f("comment_salt_only_one_check")),
        sa.PrimaryKeyConstraint("salt_id", name=op.f("comment_salt_pkey")),
        schema="desk",
        comment="At most one row: the salt of the authors' hashes where DESK_COMMENT_SALT names none.",
    )
    op.create_table(
        "spike",
        sa.Column("spike_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("case_key", sa.Text(), nullable=False, comment="those of a brand that overlap are told together"),
        sa.Column("verdict", sa.Text(), nullable=False, comment="spike, or surge: more comments in the usual tone"),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), comment="null for a brand's"),
        sa.Column("remote_id", sa.Text(), comment="null unless it is about one post"),
        sa.Column("opened_at", WHEN, nullable=False),
        sa.Column("seen_at", WHEN, nullable=False),
        sa.Column("closed_at", WHEN),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("rung_at", WHEN, nullable=False, comment="when it began or last became worse"),
        sa.Column("negatives", sa.Integer(), nullable=False, comment="at its height"),
        sa.Column("usual", sa.Double(), nullable=False),
        sa.Column("z", sa.Double(), nullable=False),
        sa.Column("share", sa.Double()),
        sa.Column("usual_share", sa.Double()),
        sa.Column("share_p", sa.Double()),
        sa.Column("learning", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("silenced", sa.Text(), comment="the reason in silences.yml under which it was not told"),
        sa.Column("taken_by", sa.Text()),
        sa.Column("taken_at", WHEN),
        sa.Column("dismissed_by", sa.Text(), comment="who said that it is no spike"),
        sa.Column(
            "shown",
            JSONB(),
            nullable=False,
            server_default="[]",
            comment="its examples (account, id) by their numbers",
        ),
        sa.CheckConstraint("severity IN ('notice', 'high', 'critical')", name=op.f("spike_severity_check")),
        sa.CheckConstraint("verdict IN ('spike', 'surge')", name=op.f("spike_verdict_check")),
        sa.PrimaryKeyConstraint("spike_id", name=op.f("spike_pkey")),
        sa.UniqueConstraint("subject", "verdict", "opened_at", name=op.f("spike_subject_verdict_opened_at_key")),
        schema="desk",
        comment="One row per episode of negative comments, from the tick that saw it first to its end.",
    )
    op.create_index("spike_case_key_idx", "spike", ["case_key"], schema="desk")
    op.create_index(
        "spike_open_key",
        "spike",
        ["subject", "verdict"],
        unique=True,
        schema="desk",
        postgresql_where="closed_at IS NULL",
    )
    op.create_index(op.f("spike_opened_at_idx"), "spike", ["opened_at"], schema="desk")
    op.create_table(
        "spike_watch",
        sa.Column(
            "subject", sa.Text(), nullable=False, comment="account/<key>, brand/<key> or post/<account>/<remote id>"
        ),
        sa.Column("looked_at", WHEN, nullable=False),
        sa.Column(
            "state", JSONB(), nullable=False, comment="as include/comments/episodes.py needs it for the next tick"
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("spike_watch_pkey")),
        schema="desk",
        comment="One row per subject whose comments are not at rest: where its episodes stand.",
    )
