"""Tables about the work itself: attempts, approvals, notices.

Rows are added and never changed, but for ``lease``: it says who works on a report at this moment, and is no evidence.
"""

from sqlalchemy import (
    CHAR,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from tasks.store.tables import UtcDateTime, metadata

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("body", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("operator", String(128), nullable=False),
    Column("host", String(255), nullable=False),
    Column("process", Integer, nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("flow_run", String(64), nullable=False),
    Column("resumes", ForeignKey("attempt.id")),
    CheckConstraint("purpose IN ('report', 'rehearsal', 'trial')", name="known_purpose"),
    Index(None, "body", "year"),
    sqlite_autoincrement=True,
)

attempt_step = Table(
    "attempt_step",
    metadata,
    Column("attempt_id", ForeignKey("attempt.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", String(128), nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("seconds", Numeric(14, 6, asdecimal=False), nullable=False),
    Column("row_count", BigInteger),
    Column("findings", Integer),
    Column("peak_memory_mb", Integer),
)

attempt_end = Table(
    "attempt_end",
    metadata,
    Column("attempt_id", ForeignKey("attempt.id"), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("ended_at", UtcDateTime, nullable=False),
    Column("run_id", ForeignKey("run.id")),
    Column("words", Text, nullable=False),
    CheckConstraint(
        "state IN ('published', 'awaiting', 'blocked', 'unexplained', 'rehearsed', 'tried', 'refused', 'failed',"
        " 'crashed')",
        name="known_state",
    ),
)

lease = Table(
    "lease",
    metadata,
    Column("body", String(64), primary_key=True),
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("attempt_id", ForeignKey("attempt.id"), nullable=False),
    Column("beat_at", UtcDateTime, nullable=False),
)

submission = Table(
    "submission",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("body", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("digest", CHAR(64), nullable=False),
    Column("target", Text, nullable=False),
    Column("compared_with", Integer),
    Column("corrects", Integer),
    Column("reason", Text),
    CheckConstraint("length(digest) = 64", name="digest_length"),
    Index(None, "body", "year"),
)

approval = Table(
    "approval",
    metadata,
    Column("run_id", ForeignKey("submission.run_id"), primary_key=True),
    Column("decision", String(16), nullable=False),
    Column("name", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    Column("record", ForeignKey("blob.digest"), nullable=False),
    CheckConstraint("decision IN ('approved', 'rejected')", name="known_decision"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("mark", CHAR(64), nullable=False),
    Column("body", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("event", String(32), nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    CheckConstraint("length(mark) = 64", name="mark_length"),
    UniqueConstraint("mark"),
    Index(None, "body", "year"),
    sqlite_autoincrement=True,
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("notice_id", ForeignKey("notice.id"), nullable=False),
    Column("channel", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("words", Text, nullable=False),
    CheckConstraint("state IN ('sent', 'failed')", name="known_state"),
    sqlite_autoincrement=True,
)
