"""Why an edition corrects the one before it, and who said so; append-only.

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SQLITE = (
    """
    CREATE TRIGGER correction_no_update BEFORE UPDATE ON correction
    BEGIN SELECT RAISE(ABORT, 'append-only table'); END
    """,
    """
    CREATE TRIGGER correction_no_delete BEFORE DELETE ON correction
    BEGIN SELECT RAISE(ABORT, 'append-only table'); END
    """,
    # INSERT OR REPLACE deletes the old row without firing a DELETE trigger
    """
    CREATE TRIGGER correction_no_replace BEFORE INSERT ON correction
    WHEN EXISTS (
        SELECT 1 FROM correction
        WHERE run_id = NEW.run_id OR (body = NEW.body AND year = NEW.year AND edition = NEW.edition)
    )
    BEGIN SELECT RAISE(ABORT, 'append-only table'); END
    """,
)
_POSTGRESQL = (
    """
    CREATE TRIGGER correction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON correction
    FOR EACH STATEMENT EXECUTE FUNCTION yearbook_append_only()
    """,
)


def upgrade() -> None:
    """Create the table and its triggers."""
    op.create_table(
        "correction",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("corrects", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("corrects < edition", name=op.f("ck_correction_an_earlier_edition")),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_correction_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_correction")),
        sa.UniqueConstraint("body", "year", "edition", name=op.f("uq_correction_body_year_edition")),
    )
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Evidence is never taken back."""
    raise NotImplementedError("evidence is never taken back")
