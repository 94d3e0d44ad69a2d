"""Tables of the evidence database; rows are added and never changed.

What is under way, approved and told to people stands in ``tables_operations``.
"""

from datetime import UTC, datetime

from sqlalchemy import (
    CHAR,
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

HEAD = "0004"
"""Newest revision in ``migrations/``; lets a run that needs no migration skip loading the tool."""

VERSION_TABLE = "yearbook_version"
"""Own name, because a database shared with another product may already hold ``alembic_version``."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: written in UTC, read back with its zone, also where the database knows no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Convert to UTC and refuse an instant without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must carry a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


blob = Table(
    "blob",
    metadata,
    Column("digest", CHAR(64), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("media_type", String(255), nullable=False),
    Column("private", Boolean, nullable=False),
    CheckConstraint("length(digest) = 64", name="digest_length"),
)

run = Table(
    "run",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("key", CHAR(64), nullable=False),
    Column("body", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime, nullable=False),
    Column("code_version", String(128), nullable=False),
    Column("operator", String(128), nullable=False),
    Column("versions", JSON, nullable=False),
    CheckConstraint("state IN ('finished', 'blocked')", name="known_state"),
    CheckConstraint("length(key) = 64", name="key_length"),
    Index(None, "key"),
    Index(None, "body", "year"),
    sqlite_autoincrement=True,
)

run_blob = Table(
    "run_blob",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("role", String(32), primary_key=True),
    Column("name", String(512), primary_key=True),
    Column("digest", ForeignKey("blob.digest"), nullable=False, index=True),
)

run_step = Table(
    "run_step",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", String(128), nullable=False),
    Column("seconds", Numeric(14, 6, asdecimal=False), nullable=False),
    Column("row_count", BigInteger),
    Column("peak_memory_mb", Integer),
)

figure = Table(
    "figure",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("code", String(128), primary_key=True),
    Column("value", Text, nullable=False),
    Column("unit", String(32), nullable=False),
    Column("base_value", Text),
    Column("sql_digest", ForeignKey("blob.digest"), nullable=False),
    Column("row_count", BigInteger, nullable=False),
    Column("snapshot_digests", JSON, nullable=False),
)

verdict = Table(
    "verdict",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", String(128), nullable=False),
    Column("source", String(128), nullable=False),
    Column("severity", String(32), nullable=False),
    Column("status", String(32), nullable=False),
    Column("evaluated", BigInteger, nullable=False),
    Column("failed", BigInteger, nullable=False),
    Column("place", Text, nullable=False),
    Column("expected", Text),
    Column("found", Text),
    Column("difference", Text),
)

publication = Table(
    "publication",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("body", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("run_id", ForeignKey("run.id"), nullable=False, unique=True),
    Column("target", Text, nullable=False),
    UniqueConstraint("body", "year", "edition"),
    sqlite_autoincrement=True,
)

finding = Table(
    "finding",
    metadata,
    Column("run_id", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("fingerprint", CHAR(64), nullable=False),
    Column("value", CHAR(64), nullable=False),
    Column("base", Boolean, nullable=False),
    Column("extract", String(128), nullable=False),
    Column("category", String(32), nullable=False),
    Column("say", Text, nullable=False),
    Column("say_en", Text, nullable=False),
    Column("do", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("figures", JSON, nullable=False),
    Column("rows", JSON, nullable=False),
    Column("impact", JSON, nullable=False),
    CheckConstraint("length(fingerprint) = 64 AND length(value) = 64", name="digest_length"),
    ForeignKeyConstraint(["run_id", "position"], ["verdict.run_id", "verdict.position"]),
)

decision = Table(
    "decision",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("fingerprint", CHAR(64), nullable=False),
    Column("value", CHAR(64), nullable=False),
    Column("run_id", ForeignKey("run.id"), nullable=False),
    Column("body", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("code", String(128), nullable=False),
    Column("place", Text, nullable=False),
    Column("decision", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("decided_at", UtcDateTime, nullable=False),
    CheckConstraint("decision IN ('fixed', 'justified', 'accepted')", name="known_decision"),
    CheckConstraint("length(fingerprint) = 64 AND length(value) = 64", name="digest_length"),
    Index(None, "body", "year"),
    sqlite_autoincrement=True,
)

correction = Table(
    "correction",
    metadata,
    Column("run_id", ForeignKey("run.id"), primary_key=True),
    Column("body", String(64), nullable=False),
    Column("year", Integer, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("corrects", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("name", Text, nullable=False),
    CheckConstraint("corrects < edition", name="an_earlier_edition"),
    UniqueConstraint("body", "year", "edition"),
)
