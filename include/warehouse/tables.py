"""The warehouse, table by table: the schema's one source.

Each table's comment states its grain. Times are aware UTC; a `metric_date` is the account's own calendar day as
the platform reports it, never shifted. Null is withheld, not zero. Facts lead with the account, so that a sharded
PostgreSQL can distribute by it, and are partitioned by month (`include/warehouse/partitions.py`).
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    DateTime,
    Double,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    Table,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

SCHEMA = "desk"

metadata = MetaData(
    schema=SCHEMA,
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
        "ck": "%(table_name)s_%(constraint_name)s_check",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    },
)


def _when(name: str, *, nullable: bool = False, now: bool = False) -> Column[object]:
    default = func.now() if now else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


# --- the plan ------------------------------------------------------------------------------------------------

post = Table(
    "post",
    metadata,
    Column("post_id", Text, primary_key=True),
    Column("brand", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("link", Text),
    Column("media", JSONB, nullable=False, server_default="[]"),
    _when("publish_at"),
    Column("campaign", Text),
    Column("content_hash", Text, nullable=False),
    Column("first_comment", Text, nullable=False, server_default=""),
    Column("thread", JSONB, nullable=False, server_default="[]", comment="the texts that follow the first"),
    Column("format", Text, nullable=False, server_default="feed", comment="feed, reel or story"),
    Column("objective", Text),
    Column("pillar", Text),
    Column("sponsor_budget", Text, comment="the budget of budgets.csv that pays for it"),
    Column("source", Text, nullable=False, comment="file and row that it was read from"),
    Column("removed_at", DateTime(timezone=True), comment="when this text left the calendar"),
    _when("imported_at", now=True),
    Index(None, "account", "publish_at"),
    comment="One row per post: one text for one account, as the calendar last said.",
)

approval = Table(
    "approval",
    metadata,
    Column("post_id", Text, primary_key=True),
    Column("content_hash", Text, primary_key=True),
    Column("decision", Text, nullable=False, server_default="asked"),
    _when("asked_at", now=True),
    Column("asked_by", Text, comment="the run that put the question"),
    _when("expires_at", nullable=True),
    Column("decided_by", Text),
    _when("decided_at", nullable=True),
    Column("note", Text),
    CheckConstraint("decision IN ('asked', 'approved', 'rejected', 'expired', 'superseded')", name="decision"),
    comment="One row per text that was put to an approver. An edited text has a new hash and needs a new row.",
)

publication = Table(
    "publication",
    metadata,
    Column("post_id", Text, primary_key=True),
    Column("part", Integer, primary_key=True, server_default="0", comment="0 is the post itself"),
    Column("account", Text, nullable=False),
    _when("publish_at"),
    Column("state", Text, nullable=False, server_default="planned"),
    Column("fence", BigInteger, nullable=False, server_default="0", comment="rises with every claim"),
    Column("claimed_by", Text),
    _when("lease_until", nullable=True),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("prepared", JSONB, comment="what the platform holds ready: ids of uploaded media"),
    _when("sent_at", nullable=True),
    Column("remote_id", Text),
    Column("url", Text),
    _when("live_at", nullable=True),
    _when("not_before", nullable=True),
    Column("reason", Text, comment="in words: why refused, held, unknown or cancelled"),
    _when("updated_at", now=True),
    CheckConstraint(
        "state IN ('planned', 'approved', 'due', 'claimed', 'media_ready', 'sending', 'live', 'partly_live',"
        " 'handed_over', 'refused', 'unknown', 'held', 'cancelled', 'deleted')",
        name="state",
    ),
    ForeignKeyConstraint(["post_id"], ["desk.post.post_id"]),
    Index(None, "account", "publish_at"),
    Index(None, "state", "publish_at"),
    Index("publication_remote_key", "account", "remote_id", unique=True, postgresql_where="remote_id IS NOT NULL"),
    comment="One row per irreversible call (post, part): where it stands. Never deleted.",
)

publication_event = Table(
    "publication_event",
    metadata,
    Column("event_id", BigInteger, Identity(always=True), primary_key=True),
    Column("post_id", Text, nullable=False),
    Column("part", Integer, nullable=False, server_default="0"),
    _when("at", now=True),
    Column("state", Text, nullable=False, comment="the state that it entered"),
    Column("by", Text, nullable=False, comment="the run or the person"),
    Column("fence", BigInteger, nullable=False),
    Column("note", Text),
    Index(None, "post_id", "at"),
    comment="One row per step in a publication's life, append only: the audit trail.",
)

publication_attempt = Table(
    "publication_attempt",
    metadata,
    Column("attempt_id", BigInteger, Identity(always=True), primary_key=True),
    Column("post_id", Text, nullable=False),
    Column("part", Integer, nullable=False),
    Column("account", Text, nullable=False),
    Column("fence", BigInteger, nullable=False),
    Column("step", Text, nullable=False, comment="prepare, publish, find, delete or edit"),
    _when("begun_at"),
    _when("ended_at", nullable=True),
    Column("by", Text, nullable=False, comment="the run or the person"),
    Column(
        "request_digest", Text, nullable=False, comment="sha256 of what was asked for, which is the same text or not"
    ),
    Column("outcome", Text, comment="the state that it led to; null while it runs, or where its process was killed"),
    Column("status", Integer, comment="the HTTP status, where there was one"),
    Column("words", Text, comment="what happened, in a sentence"),
    Index(None, "post_id", "part", "begun_at"),
    comment="One row per try to do something to a post on its platform. Append only, kept for good, no secret in it.",
)

hold = Table(
    "hold",
    metadata,
    Column("hold_id", BigInteger, Identity(always=True), primary_key=True),
    Column("subject", Text, nullable=False, comment="a brand's key, or an account's"),
    Column("why", Text, nullable=False),
    Column("held_by", Text, nullable=False),
    _when("held_at", now=True),
    Column("lifted_by", Text),
    _when("lifted_at", nullable=True),
    Index("hold_open_key", "subject", unique=True, postgresql_where="lifted_at IS NULL"),
    comment="One row per time that a person held a brand or an account. While it is open, nothing of it goes out.",
)

calendar_import = Table(
    "calendar_import",
    metadata,
    Column("import_id", BigInteger, Identity(always=True), primary_key=True),
    Column("file", Text, nullable=False),
    _when("at", now=True),
    Column("by", Text, nullable=False, comment="the run"),
    Column("rows_ready", Integer, nullable=False),
    Column("rows_to_fix", Integer, nullable=False),
    Column("posts", Integer, nullable=False),
    Column("words", Text, nullable=False, comment="the result, as the log says it"),
    comment="One row per import of the calendar whose result differed from the one before.",
)

calendar_finding = Table(
    "calendar_finding",
    metadata,
    Column("import_id", BigInteger, primary_key=True),
    Column("finding", Integer, primary_key=True, comment="counted within its import"),
    Column("row", Integer, nullable=False, comment="as the file numbers it; 0 is the file as a whole"),
    Column("network", Text, nullable=False, server_default=""),
    Column("is_error", Boolean, nullable=False, comment="else a warning, which keeps nothing from going out"),
    Column("sentence", Text, nullable=False),
    ForeignKeyConstraint(["import_id"], ["desk.calendar_import.import_id"]),
    comment="One row per thing that an import found to fix or worth a look.",
)

account_limit = Table(
    "account_limit",
    metadata,
    Column("account", Text, primary_key=True),
    Column("limits", JSONB, nullable=False),
    _when("asked_at", now=True),
    comment="One row per account whose server states limits of its own, as it last said them.",
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", Text, primary_key=True, comment="the DAG"),
    _when("at"),
    Column("by", Text, nullable=False, comment="the run"),
    comment="One row per DAG that must never rest: when it last ran. The watchdog outside Airflow reads it.",
)

# --- what was read -------------------------------------------------------------------------------------------

ingest_window = Table(
    "ingest_window",
    metadata,
    Column("account", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("metric_date", Date, primary_key=True),
    Column("status", Text, nullable=False, server_default="missing"),
    Column("leased_by", Text),
    _when("lease_until", nullable=True),
    _when("not_before", nullable=True),
    _when("fetched_at", nullable=True),
    Column("requests", Integer, nullable=False, server_default="0", comment="of the call that covered it, once"),
    Column("rows", Integer, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("reason", Text, comment="in words: why it is missing or failed"),
    Column("credentials_dead", Boolean, nullable=False, server_default="false", comment="why it failed"),
    CheckConstraint("status IN ('missing', 'provisional', 'final', 'failed', 'lost')", name="status"),
    Index(None, "status", "metric_date"),
    comment="One row per account, stream and day that should be known. A missing day is a row, not silence.",
)

raw_response = Table(
    "raw_response",
    metadata,
    Column("response_id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("stream", Text, nullable=False),
    Column("first", Date, nullable=False),
    Column("last", Date, nullable=False),
    Column("asked", JSONB, nullable=False),
    Column("body", LargeBinary, nullable=False, comment="zlib"),
    _when("fetched_at"),
    Index(None, "account", "stream", "first"),
    comment="One row per answer of a platform, as it came. Facts can be rebuilt from these.",
)

quarantined_row = Table(
    "quarantined_row",
    metadata,
    Column("account", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("digest", Text, primary_key=True, comment="sha256 of fact, reason and row: the same row is kept once"),
    Column("fact", Text, nullable=False),
    Column("metric_date", Date),
    Column("reason", Text, nullable=False, comment="in words"),
    Column("row", JSONB, nullable=False, comment="its values, in the order of the fact's columns"),
    _when("seen_at"),
    _when("first_seen_at", now=True),
    Index(None, "seen_at"),
    comment="One row per row that a platform gave and that was not loaded, with the reason.",
)

remote_post = Table(
    "remote_post",
    metadata,
    Column("account", Text, primary_key=True),
    Column("remote_id", Text, primary_key=True),
    _when("published_at"),
    Column("content_type", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("url", Text, nullable=False),
    Index(None, "account", "published_at"),
    comment="One row per post that the platform shows for an account, ours or not.",
)

_EXPOSURE = "CASE WHEN views IS NOT NULL THEN 'views' WHEN impressions IS NOT NULL THEN 'impressions' END"

account_day = Table(
    "account_day",
    metadata,
    Column("account", Text, primary_key=True),
    Column("metric_date", Date, primary_key=True),
    Column("period", Text, primary_key=True),
    Column("followers", BigInteger),
    Column("follows", BigInteger),
    Column("unfollows", BigInteger),
    Column("reach", BigInteger),
    Column("views", BigInteger),
    Column("impressions", BigInteger),
    Column("engagements", BigInteger),
    Column("page_views", BigInteger),
    Column("extra", JSONB),
    Column("exposure_basis", Text, Computed(_EXPOSURE, persisted=True)),
    CheckConstraint("period IN ('day', 'week', 'days_28')", name="period"),
    postgresql_partition_by="RANGE (metric_date)",
    comment="One row per account, day and period (day, week or 28 days ending with metric_date). Reach holds for"
    " that period and is never summed.",
)

post_snapshot = Table(
    "post_snapshot",
    metadata,
    Column("account", Text, primary_key=True),
    Column("remote_id", Text, primary_key=True),
    Column("observed_on", Date, primary_key=True),
    Column("reactions", BigInteger),
    Column("comments", BigInteger),
    Column("shares", BigInteger),
    Column("saves", BigInteger),
    Column("clicks", BigInteger),
    Column("reach", BigInteger),
    Column("views", BigInteger),
    Column("impressions", BigInteger),
    Column("extra", JSONB),
    Column("exposure_basis", Text, Computed(_EXPOSURE, persisted=True)),
    postgresql_partition_by="RANGE (observed_on)",
    comment="One row per post and day of reading: lifetime counters as they stood then. A day's value is a difference.",
)

account_day_history = Table(
    "account_day_history",
    metadata,
    Column("history_id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("metric_date", Date, nullable=False),
    Column("period", Text, nullable=False),
    _when("replaced_at", now=True),
    Column("before", JSONB, nullable=False, comment="the columns that changed, with the values they had"),
    Index(None, "account", "metric_date"),
    comment="One row per restatement of an account_day, append on change.",
)

post_snapshot_history = Table(
    "post_snapshot_history",
    metadata,
    Column("history_id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("remote_id", Text, nullable=False),
    Column("observed_on", Date, nullable=False),
    _when("replaced_at", now=True),
    Column("before", JSONB, nullable=False),
    Index(None, "account", "remote_id"),
    comment="One row per restatement of a post_snapshot (two readings on one day), append on change.",
)

ad_entity = Table(
    "ad_entity",
    metadata,
    Column("account", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("level", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("effective_status", Text, nullable=False),
    Column("parent_id", Text),
    Column("objective", Text),
    Column("currency", Text),
    Column("daily_budget", Numeric),
    Column("lifetime_budget", Numeric),
    _when("starts_at", nullable=True),
    _when("ends_at", nullable=True),
    Column("extra", JSONB),
    CheckConstraint("level IN ('account', 'campaign', 'adset', 'ad')", name="level"),
    comment="One row per campaign, ad set or ad, and one for the ad account itself, as they stood when last read.",
)

ad_entity_history = Table(
    "ad_entity_history",
    metadata,
    Column("history_id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    _when("replaced_at", now=True),
    Column("before", JSONB, nullable=False),
    Index(None, "account", "entity_id"),
    comment="One row per change of an ad_entity: another budget, another status. Append on change.",
)

ad_day = Table(
    "ad_day",
    metadata,
    Column("account", Text, primary_key=True),
    Column("metric_date", Date, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("attribution", Text, primary_key=True),
    Column("currency", Text, nullable=False),
    Column("spend", Numeric),
    Column("impressions", BigInteger),
    Column("reach", BigInteger),
    Column("clicks", BigInteger),
    Column("link_clicks", BigInteger),
    Column("conversions", Numeric),
    Column("conversion_value", Numeric),
    Column("extra", JSONB),
    postgresql_partition_by="RANGE (metric_date)",
    comment="One row per ad account, day of its zone, level, entity and attribution setting. Money in currency."
    " Levels are not to be added up together; reach is never summed.",
)

ad_day_history = Table(
    "ad_day_history",
    metadata,
    Column("history_id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("metric_date", Date, nullable=False),
    Column("level", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("attribution", Text, nullable=False),
    _when("replaced_at", now=True),
    Column("before", JSONB, nullable=False),
    Index(None, "account", "metric_date"),
    comment="One row per restatement of an ad_day, append on change.",
)

ad_hour = Table(
    "ad_hour",
    metadata,
    Column("account", Text, primary_key=True),
    Column("metric_date", Date, primary_key=True),
    Column("hour", Integer, primary_key=True),
    Column("entity_id", Text, primary_key=True),
    Column("currency", Text, nullable=False),
    Column("spend", Numeric),
    comment="One row per campaign and hour of the ad account's day: what it spent, in currency.",
)

web_day = Table(
    "web_day",
    metadata,
    Column("account", Text, primary_key=True),
    Column("metric_date", Date, primary_key=True),
    Column("breakdown", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("medium", Text, primary_key=True),
    Column("campaign", Text, primary_key=True),
    Column("content", Text, primary_key=True, comment="utm_content: the key of the post that brought the visit"),
    Column("landing_page", Text, primary_key=True, comment="the path, without its query"),
    Column("currency", Text),
    Column("sessions", BigInteger),
    Column("engaged_sessions", BigInteger),
    Column("conversions", Numeric, comment="key events"),
    Column("converted_share", Numeric, comment="share of the sessions with at least one key event"),
    Column("revenue", Numeric),
    Column("users", BigInteger, comment="unique for the day and never summed"),
    Column("new_users", BigInteger),
    Column("extra", JSONB),
    CheckConstraint("breakdown IN ('content', 'landing_page', 'source', 'channel', 'day')", name="breakdown"),
    postgresql_partition_by="RANGE (metric_date)",
    comment="One row per web property, day of its zone, breakdown and the names it has. Each breakdown tells the same"
    " visits: breakdowns are not to be added up together.",
)

web_day_history = Table(
    "web_day_history",
    metadata,
    Column("history_id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("metric_date", Date, nullable=False),
    *(Column(name, Text, nullable=False) for name in ("breakdown", "source", "medium", "campaign", "content")),
    Column("landing_page", Text, nullable=False),
    _when("replaced_at", now=True),
    Column("before", JSONB, nullable=False),
    Index(None, "account", "metric_date"),
    comment="One row per restatement of a web_day, append on change.",
)


pacing_action = Table(
    "pacing_action",
    metadata,
    Column("action_id", BigInteger, Identity(always=True), primary_key=True),
    Column("message_key", Text, nullable=False, comment="the proposal: all its rows are asked about together"),
    Column("brand", Text, nullable=False),
    Column("budget", Text, nullable=False, comment="its flight, or hold:<id> where a hold is the reason"),
    Column("title", Text, nullable=False, comment="what people call it"),
    Column("account", Text, nullable=False),
    Column("entity_id", Text, nullable=False),
    Column("entity_name", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("before", Text, nullable=False, comment="a daily budget in currency, or a status"),
    Column("after", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="proposed"),
    Column("why", Text, nullable=False),
    Column("deciders", JSONB, nullable=False, comment="names, in order"),
    _when("proposed_at"),
    _when("expires_at"),
    Column("asked_by", Text, comment="the run that puts the question in Airflow"),
    Column("decided_by", Text),
    _when("decided_at", nullable=True),
    _when("applied_at", nullable=True),
    _when("settled_at", nullable=True),
    Column("note", Text, comment="in words: what became of it"),
    CheckConstraint("what IN ('budget', 'pause', 'resume')", name="what"),
    CheckConstraint(
        "state IN ('proposed', 'approved', 'rejected', 'expired', 'applied', 'verified', 'failed', 'moved')",
        name="state",
    ),
    Index(None, "message_key"),
    Index(
        "pacing_action_open_idx",
        "account",
        "entity_id",
        unique=True,
        postgresql_where="state IN ('proposed', 'approved', 'applied')",
    ),
    comment="One row per proposed change of a campaign: who, when, before, after, what became of it. Kept for good.",
)

retired_metric = Table(
    "retired_metric",
    metadata,
    Column("account", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("metric", Text, primary_key=True),
    _when("noticed_at", now=True),
    Column("reason", Text, nullable=False),
    comment="One row per metric that a platform refused for an account. It is left out of later calls.",
)

# --- what people write under posts -----------------------------------------------------------------------------

comment = Table(
    "comment",
    metadata,
    Column("account", Text, primary_key=True),
    Column("comment_id", Text, primary_key=True),
    Column("remote_id", Text, nullable=False, comment="the post that it stands under"),
    Column("parent_id", Text, comment="the comment that it answers; null directly under the post"),
    _when("created_at"),
    _when("first_seen_at", now=True),
    _when("edited_at", nullable=True),
    _when("gone_at", nullable=True),
    Column("text", Text, comment="null once it was kept for as long as DESK_COMMENT_DAYS says"),
    Column("author_hash", Text, comment="salted; null where the platform keeps the author to itself"),
    Column("ours", Boolean, nullable=False, server_default="false"),
    Column("sponsored", Boolean, nullable=False, server_default="false"),
    Column("hidden", Boolean, nullable=False, server_default="false"),
    Column("url", Text, nullable=False, server_default=""),
    Column("said_language", Text, comment="what the platform says of it, a BCP 47 tag"),
    Column("language", Text, comment="what the scorer found"),
    Column("label", Text),
    Column("p_negative", Double),
    Column("scored", Boolean, comment="null: not judged yet; false: in a language that the scorer does not know"),
    Column("scorer", Text, comment="model and version"),
    Column("judged_hash", Text, comment="md5 of the text that the verdict is about"),
    Column("moderated_hash", Text, comment="md5 of the text that the rules of moderation have seen"),
    CheckConstraint("label IN ('negative', 'neutral', 'positive')", name="label"),
    Index(None, "account", "created_at"),
    Index("comment_kept_idx", "created_at", postgresql_where="text IS NOT NULL"),
    Index(
        "comment_unjudged_idx",
        "account",
        "created_at",
        postgresql_where="text IS NOT NULL AND NOT ours AND judged_hash IS DISTINCT FROM md5(text)",
    ),
    Index("comment_answer_idx", "account", "parent_id", postgresql_where="ours"),
    Index(
        "comment_unmoderated_idx",
        "created_at",
        postgresql_where="text IS NOT NULL AND NOT ours AND moderated_hash IS DISTINCT FROM md5(text)",
    ),
    comment="One row per comment or reply under a post of an account, as it was last shown, with what was made of it.",
)

comment_history = Table(
    "comment_history",
    metadata,
    Column("history_id", BigInteger, Identity(always=True), primary_key=True),
    Column("account", Text, nullable=False),
    Column("comment_id", Text, nullable=False),
    _when("replaced_at", now=True),
    Column("before", JSONB, nullable=False, comment="the columns that changed, with the values they had"),
    Index(None, "account", "comment_id"),
    Index(None, "replaced_at"),
    comment="One row per edit of a comment, append on change. Kept for as long as the comments' texts.",
)

comment_read = Table(
    "comment_read",
    metadata,
    Column("account", Text, primary_key=True),
    _when("heard_from", nullable=True),
    _when("heard_through", nullable=True),
    _when("tried_at", nullable=True),
    _when("read_at", nullable=True),
    _when("not_before", nullable=True),
    _when("gone_read_at", nullable=True),
    Column("reason", Text, comment="in words: why the last try failed"),
    Column("credentials_dead", Boolean, nullable=False, server_default="false", comment="why it failed"),
    Column(
        "interrupted",
        Integer,
        nullable=False,
        server_default="0",
        comment="readings in a row that began and did not end",
    ),
    Column("first_tried_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    comment="One row per account that listens: its comments from heard_from to heard_through are known.",
)

comment_salt = Table(
    "comment_salt",
    metadata,
    Column("salt_id", Integer, primary_key=True, comment="1"),
    Column("salt", LargeBinary, nullable=False),
    CheckConstraint("salt_id = 1", name="only_one"),
    comment="At most one row: the salt of the authors' hashes where DESK_COMMENT_SALT names none.",
)

spike_watch = Table(
    "spike_watch",
    metadata,
    Column("subject", Text, primary_key=True, comment="account/<key>, brand/<key> or post/<account>/<remote id>"),
    _when("looked_at"),
    Column("state", JSONB, nullable=False, comment="as include/comments/episodes.py needs it for the next tick"),
    comment="One row per subject whose comments are not at rest: where its episodes stand.",
)

spike = Table(
    "spike",
    metadata,
    Column("spike_id", BigInteger, Identity(always=True), primary_key=True),
    Column("subject", Text, nullable=False),
    Column("case_key", Text, nullable=False, comment="those of a brand that overlap are told together"),
    Column("verdict", Text, nullable=False, comment="spike, or surge: more comments in the usual tone"),
    Column("brand", Text, nullable=False),
    Column("account", Text, comment="null for a brand's"),
    Column("remote_id", Text, comment="null unless it is about one post"),
    _when("opened_at"),
    _when("seen_at"),
    _when("closed_at", nullable=True),
    Column("severity", Text, nullable=False),
    Column("rung_at", DateTime(timezone=True), nullable=False, comment="when it began or last became worse"),
    Column("negatives", Integer, nullable=False, comment="at its height"),
    Column("usual", Double, nullable=False),
    Column("z", Double, nullable=False),
    Column("share", Double),
    Column("usual_share", Double),
    Column("share_p", Double),
    Column("learning", Boolean, nullable=False, server_default="false"),
    Column("silenced", Text, comment="the reason in silences.yml under which it was not told"),
    Column("taken_by", Text),
    _when("taken_at", nullable=True),
    Column("dismissed_by", Text, comment="who said that it is no spike"),
    Column("shown", JSONB, nullable=False, server_default="[]", comment="its examples (account, id) by their numbers"),
    CheckConstraint("verdict IN ('spike', 'surge')", name="verdict"),
    CheckConstraint("severity IN ('notice', 'high', 'critical')", name="severity"),
    UniqueConstraint("subject", "verdict", "opened_at"),
    Index("spike_open_key", "subject", "verdict", unique=True, postgresql_where="closed_at IS NULL"),
    Index(None, "case_key"),
    Index(None, "opened_at"),
    comment="One row per episode of negative comments, from the tick that saw it first to its end.",
)

comment_feedback = Table(
    "comment_feedback",
    metadata,
    Column("feedback_id", BigInteger, Identity(always=True), primary_key=True),
    _when("at", now=True),
    Column("by", Text, nullable=False, comment="the Slack id of who said it"),
    Column("said", Text, nullable=False),
    Column("spike_id", BigInteger),
    Column("account", Text),
    Column("comment_id", Text, nullable=False, server_default="", comment="empty: about the spike as a whole"),
    Column("label", Text, comment="what the comment is, in the eyes of a person"),
    CheckConstraint("said IN ('real', 'not_a_spike', 'wrong_sentiment')", name="said"),
    CheckConstraint("label IN ('negative', 'neutral', 'positive')", name="label"),
    UniqueConstraint("spike_id", "comment_id", "by", "said"),
    Index(None, "account", "comment_id"),
    comment="One row per thing that a person said of a spike or of a comment's label. Kept for good: the truth that"
    " models are measured against.",
)

# --- what is done about comments ---------------------------------------------------------------------------------

moderation_action = Table(
    "moderation_action",
    metadata,
    Column("action_id", BigInteger, Identity(always=True), primary_key=True),
    Column("message_key", Text, nullable=False, comment="the proposal: all its rows are asked about together"),
    Column("brand", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("comment_id", Text, nullable=False),
    Column("text_hash", Text, nullable=False, comment="md5 of the comment's text, which the decision is about"),
    Column("rule", Text, nullable=False, comment="its name in moderation.yml"),
    Column("what", Text, nullable=False),
    Column("before", Text, nullable=False, comment="shown; the labels, the person, the answer there was"),
    Column("after", Text, nullable=False, comment="hidden; the labels, the person, the answer's text"),
    Column("language", Text, nullable=False, server_default="", comment="of the answer"),
    Column("by_hand", Boolean, nullable=False, comment="its network takes no such call; a person does it there"),
    Column("state", Text, nullable=False, server_default="proposed"),
    _when("proposed_at", now=True),
    _when("expires_at"),
    Column("decided_by", Text, comment="a person, or the rule itself"),
    _when("decided_at", nullable=True),
    Column("fence", BigInteger, nullable=False, server_default="0", comment="rises with every try to answer"),
    _when("lease_until", nullable=True),
    _when("not_before", nullable=True),
    _when("sent_at", nullable=True),
    Column("remote_id", Text, comment="of the answer"),
    Column("url", Text, comment="of the answer"),
    _when("applied_at", nullable=True),
    Column("undone_by", Text),
    _when("undone_at", nullable=True),
    _when("settled_at", nullable=True),
    Column("note", Text, comment="in words: what became of it"),
    CheckConstraint("what IN ('hide', 'label', 'assign', 'answer')", name="what"),
    CheckConstraint(
        "state IN ('proposed', 'approved', 'rejected', 'expired', 'sending', 'unknown', 'applied', 'failed', 'undoing',"
        " 'undone')",
        name="state",
    ),
    Index(
        "moderation_action_once_key",
        "account",
        "comment_id",
        "text_hash",
        "rule",
        "what",
        unique=True,
        postgresql_where="state NOT IN ('failed', 'expired') OR sent_at IS NOT NULL",
    ),
    Index(None, "message_key"),
    Index(None, "state", "proposed_at"),
    Index(
        "moderation_action_answer_key",
        "account",
        "comment_id",
        unique=True,
        postgresql_where="what = 'answer' AND state IN ('proposed', 'approved', 'sending', 'unknown', 'applied',"
        " 'undoing')",
    ),
    comment="One row per thing that a rule wants done about a comment: who, when, before, after, what became of it."
    " Kept for good; the comment's own words are not in it.",
)

comment_case = Table(
    "comment_case",
    metadata,
    Column("account", Text, primary_key=True),
    Column("comment_id", Text, primary_key=True),
    Column("brand", Text, nullable=False),
    _when("opened_at", now=True),
    Column("is_question", Boolean, nullable=False, server_default="false"),
    Column("labels", JSONB, nullable=False, server_default="[]"),
    Column("assigned_to", Text, comment="a name of brands.yml, or a Slack member id"),
    _when("assigned_at", nullable=True),
    Column("taken_by", Text),
    _when("taken_at", nullable=True),
    Column("closed_by", Text, comment="who answered it, or said that it needs no answer"),
    _when("closed_at", nullable=True),
    Index(None, "brand", "opened_at"),
    comment="One row per comment that asks something, or that somebody or a rule took up: who sees to it.",
)

lead = Table(
    "lead",
    metadata,
    Column("lead_id", BigInteger, Identity(always=True), primary_key=True),
    Column("brand", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False, comment="the comment's id, or the form's lead's"),
    Column("kind", Text, nullable=False, comment="price, contact or appointment; form"),
    _when("created_at"),
    _when("first_seen_at", now=True),
    Column("form", Text, nullable=False, server_default=""),
    Column("campaign", Text, nullable=False, server_default=""),
    Column("ad", Text, nullable=False, server_default=""),
    Column(
        "fields", JSONB, comment="what was left in a form; null once it was kept for as long as DESK_LEAD_DAYS says"
    ),
    _when("erased_at", nullable=True),
    _when("told_at", nullable=True),
    Column("taken_by", Text),
    _when("taken_at", nullable=True),
    Column("done_by", Text),
    _when("done_at", nullable=True),
    CheckConstraint("source IN ('comment', 'form')", name="source"),
    UniqueConstraint("account", "source", "source_id"),
    Index(None, "created_at"),
    comment="One row per comment or form in which somebody asks for a price, a contact, an appointment: told once, and"
    " to whom. Not the comment's words, nor who wrote it.",
)

lead_read = Table(
    "lead_read",
    metadata,
    Column("account", Text, primary_key=True),
    _when("read_through", nullable=True),
    _when("tried_at"),
    _when("not_before", nullable=True),
    Column("reason", Text, comment="in words: why the last try failed"),
    comment="One row per account with lead forms: what was left there before read_through is known.",
)

# --- what it means -------------------------------------------------------------------------------------------

kpi_week = Table(
    "kpi_week",
    metadata,
    Column("week", Date, primary_key=True, comment="the Monday of the ISO week, in the brand's zone"),
    Column("brand", Text, primary_key=True),
    Column("account", Text, primary_key=True, comment="'*' for the brand as a whole"),
    Column("kpi", Text, primary_key=True),
    Column("slice", Text, primary_key=True, server_default="", comment="a content type, or empty"),
    Column("value", Numeric),
    Column("numerator", Numeric),
    Column("denominator", Numeric),
    Column("is_final", Boolean, nullable=False),
    Column("note", Text, comment="in words: what is missing, provisional or an upper bound"),
    _when("computed_at", now=True),
    comment="One row per ISO week, brand, account (or the whole brand), KPI and slice.",
)

# --- what was told -------------------------------------------------------------------------------------------

message = Table(
    "message",
    metadata,
    Column("message_key", Text, primary_key=True, comment="what it is about, so that it is told once"),
    Column("channel", Text, nullable=False),
    Column("ts", Text),
    Column("digest", Text, nullable=False, comment="hash of what was said"),
    _when("sent_at", now=True),
    _when("updated_at", now=True),
    comment="One row per message in Slack: sent once, updated in place.",
)

alert_episode = Table(
    "alert_episode",
    metadata,
    Column("episode_id", BigInteger, Identity(always=True), primary_key=True),
    Column("alert_key", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("headline", Text, nullable=False),
    _when("opened_at", now=True),
    _when("seen_at", now=True),
    _when("closed_at", nullable=True),
    Index("alert_episode_open_key", "alert_key", unique=True, postgresql_where="closed_at IS NULL"),
    comment="One row per alert from its first sighting to its end. One message per episode.",
)
