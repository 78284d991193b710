"""What moderating comments needs: what rules want done and what became of it, cases, leads.

Written out as they were at this revision; `include/warehouse/tables.py` says how they are now.
"""

# ruff: noqa: E501 - comments and expressions stand as the database holds them

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"


WHEN = sa.DateTime(timezone=True)
NOW = sa.text("now()")


def upgrade() -> None:
    _comments()
    _actions()
    _cases()
    _leads()


def _comments() -> None:
    seen = sa.Column("moderated_hash", sa.Text(), comment="md5 of the text that the rules of moderation have seen")
    op.add_column("comment", seen, schema="desk")
    op.create_index(
        "comment_unmoderated_idx",
        "comment",
        ["created_at"],
        schema="desk",
        postgresql_where="text IS NOT NULL AND NOT ours AND moderated_hash IS DISTINCT FROM md5(text)",
    )


def _actions() -> None:
    op.create_table(
        "moderation_action",
        sa.Column("action_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "message_key", sa.Text(), nullable=False, comment="the proposal: all its rows are asked about together"
        ),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("comment_id", sa.Text(), nullable=False),
        sa.Column(
            "text_hash", sa.Text(), nullable=False, comment="md5 of the comment's text, which the decision is about"
        ),
        sa.Column("rule", sa.Text(), nullable=False, comment="its name in moderation.yml"),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False, comment="shown; the labels, the person, the answer there was"),
        sa.Column("after", sa.Text(), nullable=False, comment="hidden; the labels, the person, the answer's text"),
        sa.Column("language", sa.Text(), server_default="", nullable=False, comment="of the answer"),
        sa.Column(
            "by_hand", sa.Boolean(), nullable=False, comment="its network takes no such call; a person does it there"
        ),
        sa.Column("state", sa.Text(), server_default="proposed", nullable=False),
        sa.Column("proposed_at", WHEN, server_default=NOW, nullable=False),
        sa.Column("expires_at", WHEN, nullable=False),
        sa.Column("decided_by", sa.Text(), comment="a person, or the rule itself"),
        sa.Column("decided_at", WHEN),
        sa.Column(
            "fence", sa.BigInteger(), server_default="0", nullable=False, comment="rises with every try to answer"
        ),
        sa.Column("lease_until", WHEN),
        sa.Column("not_before", WHEN),
        sa.Column("sent_at", WHEN),
        sa.Column("remote_id", sa.Text(), comment="of the answer"),
        sa.Column("url", sa.Text(), comment="of the answer"),
        sa.Column("applied_at", WHEN),
        sa.Column("undone_by", sa.Text()),
        sa.Column("undone_at", WHEN),
        sa.Column("settled_at", WHEN),
        sa.Column("note", sa.Text(), comment="in words: what became of it"),
        sa.CheckConstraint("what IN ('hide', 'label', 'assign', 'answer')", name=op.f("moderation_action_what_check")),
        sa.CheckConstraint(
            "state IN ('proposed', 'approved', 'rejected', 'expired', 'sending', 'unknown', 'applied', 'failed', 'undoing', 'undone')",
            name=op.f("moderation_action_state_check"),
        ),
        sa.PrimaryKeyConstraint("action_id", name=op.f("moderation_action_pkey")),
        schema="desk",
        comment="One row per thing that a rule wants done about a comment: who, when, before, after, what became of it. Kept for good; the comment's own words are not in it.",
    )
    op.create_index(
        "moderation_action_once_key",
        "moderation_action",
        ["account", "comment_id", "text_hash", "rule", "what"],
        unique=True,
        schema="desk",
        postgresql_where="state NOT IN ('failed', 'expired') OR sent_at IS NOT NULL",
    )
    op.create_index("moderation_action_message_key_idx", "moderation_action", ["message_key"], schema="desk")
    op.create_index(
        "moderation_action_state_proposed_at_idx", "moderation_action", ["state", "proposed_at"], schema="desk"
    )
    op.create_index(
        "moderation_action_answer_key",
        "moderation_action",
        ["account", "comment_id"],
        unique=True,
        schema="desk",
        postgresql_where="what = 'answer' AND state IN ('proposed', 'approved', 'sending', 'unknown', 'applied', 'undoing')",
    )


def _cases() -> None:
    op.create_table(
        "comment_case",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("comment_id", sa.Text(), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("opened_at", WHEN, server_default=NOW, nullable=False),
        sa.Column("is_question", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("labels", JSONB(), server_default="[]", nullable=False),
        sa.Column("assigned_to", sa.Text(), comment="a name of brands.yml, or a Slack member id"),
        sa.Column("assigned_at", WHEN),
        sa.Column("taken_by", sa.Text()),
        sa.Column("taken_at", WHEN),
        sa.Column("closed_by", sa.Text(), comment="who answered it, or said that it needs no answer"),
        sa.Column("closed_at", WHEN),
        sa.PrimaryKeyConstraint("account", "comment_id", name=op.f("comment_case_pkey")),
        schema="desk",
        comment="One row per comment that asks something, or that somebody or a rule took up: who sees to it.",
    )
    op.create_index("comment_case_brand_opened_at_idx", "comment_case", ["brand", "opened_at"], schema="desk")


def _leads() -> None:
    op.create_table(
        "lead",
        sa.Column("lead_id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("brand", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False, comment="the comment's id, or the form's lead's"),
        sa.Column("kind", sa.Text(), nullable=False, comment="price, contact or appointment; form"),
        sa.Column("created_at", WHEN, nullable=False),
        sa.Column("first_seen_at", WHEN, server_default=NOW, nullable=False),
        sa.Column("form", sa.Text(), server_default="", nullable=False),
        sa.Column("campaign", sa.Text(), server_default="", nullable=False),
        sa.Column("ad", sa.Text(), server_default="", nullable=False),
        sa.Column(
            "fields",
            JSONB(),
            comment="what was left in a form; null once it was kept for as long as DESK_LEAD_DAYS says",
        ),
        sa.Column("erased_at", WHEN),
        sa.Column("told_at", WHEN),
        sa.Column("taken_by", sa.Text()),
        sa.Column("taken_at", WHEN),
        sa.Column("done_by", sa.Text()),
        sa.Column("done_at", WHEN),
        sa.CheckConstraint("source IN ('comment', 'form')", name=op.f("lead_source_check")),
        sa.PrimaryKeyConstraint("lead_id", name=op.f("lead_pkey")),
        sa.UniqueConstraint("account", "source", "source_id", name=op.f("lead_account_source_source_id_key")),
        schema="desk",
        comment="One row per comment or form in which somebody asks for a price, a contact, an appointment: told once, and to whom. Not the comment's words, nor who wrote it.",
    )
    op.create_index("lead_created_at_idx", "lead", ["created_at"], schema="desk")
    op.create_table(
        "lead_read",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("read_through", WHEN),
        sa.Column("tried_at", WHEN, nullable=False),
        sa.Column("not_before", WHEN),
        sa.Column("reason", sa.Text(), comment="in words: why the last try failed"),
        sa.PrimaryKeyConstraint("account", name=op.f("lead_read_pkey")),
        schema="desk",
        comment="One row per account with lead forms: what was left there before read_through is known.",
    )
