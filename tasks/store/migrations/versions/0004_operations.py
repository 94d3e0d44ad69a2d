"""Who approved, what is under way, what was told to whom; append-only but for the lease.

Revision: 0004
Follows: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# what makes a row one and the same, by table
_KEYS = {
    "attempt": "id = NEW.id",
    "attempt_step": "attempt_id = NEW.attempt_id AND position = NEW.position",
    "attempt_end": "attempt_id = NEW.attempt_id",
    "submission": "run_id = NEW.run_id",
    "approval": "run_id = NEW.run_id",
    "notice": "id = NEW.id OR mark = NEW.mark",
    "delivery": "id = NEW.id",
}


def upgrade() -> None:
    """Create the tables and their triggers; reports published before there was approval stay as they are."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    _attempts(sqlite=sqlite)
    _ends()
    _approvals()
    _notices(sqlite=sqlite)
    for table, key in _KEYS.items():
        for statement in _sqlite(table, key) if sqlite else _postgresql(table):
            op.execute(statement)


def _attempts(*, sqlite: bool) -> None:
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(16), nullable=False),
        sa.Column("operator", sa.String(128), nullable=False),
        sa.Column("host", sa.String(255), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("flow_run", sa.String(64), nullable=False),
        sa.Column("resumes", sa.Integer()),
        sa.CheckConstraint("purpose IN ('report', 'rehearsal', 'trial')", name=op.f("ck_attempt_known_purpose")),
        sa.ForeignKeyConstraint(["resumes"], ["attempt.id"], name=op.f("fk_attempt_resumes_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sqlite_autoincrement=sqlite,
    )
    op.create_index(op.f("ix_attempt_body_year"), "attempt", ["body", "year"])
    op.create_table(
        "attempt_step",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds", sa.Numeric(14, 6, asdecimal=False), nullable=False),
        sa.Column("row_count", sa.BigInteger()),
        sa.Column("findings", sa.Integer()),
        sa.Column("peak_memory_mb", sa.Integer()),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_step_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("attempt_id", "position", name=op.f("pk_attempt_step")),
    )


def _ends() -> None:
    op.create_table(
        "attempt_end",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("run_id", sa.Integer()),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('published', 'awaiting', 'blocked', 'unexplained', 'rehearsed', 'tried', 'refused', 'failed',"
            " 'crashed')",
            name=op.f("ck_attempt_end_known_state"),
        ),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_end_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_attempt_end_run_id_run")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempt_end")),
    )
    op.create_table(
        "lease",
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_lease_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("body", "year", name=op.f("pk_lease")),
    )


def _approvals() -> None:
    op.create_table(
        "submission",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("digest", sa.CHAR(64), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("compared_with", sa.Integer()),
        sa.Column("corrects", sa.Integer()),
        sa.Column("reason", sa.Text()),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_submission_digest_length")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_submission_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_submission")),
    )
    op.create_index(op.f("ix_submission_body_year"), "submission", ["body", "year"])
    op.create_table(
        "approval",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.CHAR(64), nullable=False),
        sa.CheckConstraint("decision IN ('approved', 'rejected')", name=op.f("ck_approval_known_decision")),
        sa.ForeignKeyConstraint(["run_id"], ["submission.run_id"], name=op.f("fk_approval_run_id_submission")),
        sa.ForeignKeyConstraint(["record"], ["blob.digest"], name=op.f("fk_approval_record_blob")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_approval")),
    )


def _notices(*, sqlite: bool) -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("mark", sa.CHAR(64), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("length(mark) = 64", name=op.f("ck_notice_mark_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("mark", name=op.f("uq_notice_mark")),
        sqlite_autoincrement=sqlite,
    )
    op.create_index(op.f("ix_notice_body_year"), "notice", ["body", "year"])
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('sent', 'failed')", name=op.f("ck_delivery_known_state")),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_delivery_notice_id_notice")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sqlite_autoincrement=sqlite,
    )


def _sqlite(table: str, key: str) -> tuple[str, ...]:
    forbid = "BEGIN SELECT RAISE(ABORT, 'append-only table'); END"
    # INSERT OR REPLACE deletes the old row without firing a DELETE trigger
    twice = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {key})"
    return (
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {forbid}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {forbid}",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {twice} {forbid}",
    )


def _postgresql(table: str) -> tuple[str, ...]:
    when = f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
    return (f"CREATE TRIGGER {table}_append_only {when} FOR EACH STATEMENT EXECUTE FUNCTION yearbook_append_only()",)


def downgrade() -> None:
    """Evidence is never taken back."""
    raise NotImplementedError("evidence is never taken back")
