"""What rules found in words, and what people decided about it; both append-only.

Revision: 0002
Follows: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SQLITE = (
    "CREATE TRIGGER finding_no_update BEFORE UPDATE ON finding BEGIN SELECT RAISE(ABORT, 'append-only table'); END",
    "CREATE TRIGGER finding_no_delete BEFORE DELETE ON finding BEGIN SELECT RAISE(ABORT, 'append-only table'); END",
    "CREATE TRIGGER decision_no_update BEFORE UPDATE ON decision BEGIN SELECT RAISE(ABORT, 'append-only table'); END",
    "CREATE TRIGGER decision_no_delete BEFORE DELETE ON decision BEGIN SELECT RAISE(ABORT, 'append-only table'); END",
    # INSERT OR REPLACE deletes the old row without firing a DELETE trigger
    """
    CREATE TRIGGER finding_no_replace BEFORE INSERT ON finding
    WHEN EXISTS (SELECT 1 FROM finding WHERE run_id = NEW.run_id AND position = NEW.position)
    BEGIN SELECT RAISE(ABORT, 'append-only table'); END
    """,
    """
    CREATE TRIGGER decision_no_replace BEFORE INSERT ON decision
    WHEN EXISTS (SELECT 1 FROM decision WHERE id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'append-only table'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE TRIGGER finding_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON finding
    FOR EACH STATEMENT EXECUTE FUNCTION yearbook_append_only()
    """,
    """
    CREATE TRIGGER decision_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON decision
    FOR EACH STATEMENT EXECUTE FUNCTION yearbook_append_only()
    """,
)


def upgrade() -> None:
    """Create the two tables and their triggers."""
    _create_finding()
    _create_decision()
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Evidence is never taken back."""
    raise NotImplementedError("evidence is never taken back")


def _create_finding() -> None:
    op.create_table(
        "finding",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.CHAR(64), nullable=False),
        sa.Column("value", sa.CHAR(64), nullable=False),
        sa.Column("base", sa.Boolean(), nullable=False),
        sa.Column("extract", sa.String(128), nullable=False),
        sa.Column("category", sa.String(32), nullable=False),
        sa.Column("say", sa.Text(), nullable=False),
        sa.Column("say_en", sa.Text(), nullable=False),
        sa.Column("do", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("impact", sa.JSON(), nullable=False),
        sa.CheckConstraint("length(fingerprint) = 64 AND length(value) = 64", name=op.f("ck_finding_digest_length")),
        sa.ForeignKeyConstraint(
            ["run_id", "position"],
            ["verdict.run_id", "verdict.position"],
            name=op.f("fk_finding_run_id_position_verdict"),
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_finding")),
    )


def _create_decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("fingerprint", sa.CHAR(64), nullable=False),
        sa.Column("value", sa.CHAR(64), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(128), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decision IN ('fixed', 'justified', 'accepted')", name=op.f("ck_decision_known_decision")),
        sa.CheckConstraint("length(fingerprint) = 64 AND length(value) = 64", name=op.f("ck_decision_digest_length")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_decision_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_decision_body_year"), "decision", ["body", "year"])
