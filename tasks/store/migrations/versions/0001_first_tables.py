"""First tables, and the triggers that make them append-only.

Revision: 0001
Follows: nothing
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# every key by which an existing row could be replaced
_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "blob": (("digest",),),
    "run": (("id",),),
    "run_blob": (("run_id", "role", "name"),),
    "run_step": (("run_id", "position"),),
    "figure": (("run_id", "code"),),
    "verdict": (("run_id", "position"),),
    "publication": (("id",), ("run_id",), ("body", "year", "edition")),
}


def upgrade() -> None:
    """Create the tables and their triggers."""
    _create_runs()
    _create_details()
    _create_results()
    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_publication_run_id_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("run_id", name=op.f("uq_publication_run_id")),
        sa.UniqueConstraint("body", "year", "edition", name=op.f("uq_publication_body_year_edition")),
        sqlite_autoincrement=True,
    )
    if op.get_bind().dialect.name == "sqlite":
        _protect_sqlite()
    else:
        _protect_postgresql()


def downgrade() -> None:
    """Evidence is never taken back."""
    raise NotImplementedError("evidence is never taken back")


def _create_runs() -> None:
    op.create_table(
        "blob",
        sa.Column("digest", sa.CHAR(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(255), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_blob_digest_length")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_blob")),
    )
    op.create_table(
        "run",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.CHAR(64), nullable=False),
        sa.Column("body", sa.String(64), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("code_version", sa.String(128), nullable=False),
        sa.Column("operator", sa.String(128), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.CheckConstraint("state IN ('finished', 'blocked')", name=op.f("ck_run_known_state")),
        sa.CheckConstraint("length(key) = 64", name=op.f("ck_run_key_length")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_run_key"), "run", ["key"])
    op.create_index(op.f("ix_run_body_year"), "run", ["body", "year"])


def _create_details() -> None:
    op.create_table(
        "run_blob",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(32), nullable=False),
        sa.Column("name", sa.String(512), nullable=False),
        sa.Column("digest", sa.CHAR(64), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_blob_run_id_run")),
        sa.ForeignKeyConstraint(["digest"], ["blob.digest"], name=op.f("fk_run_blob_digest_blob")),
        sa.PrimaryKeyConstraint("run_id", "role", "name", name=op.f("pk_run_blob")),
    )
    op.create_index(op.f("ix_run_blob_digest"), "run_blob", ["digest"])
    op.create_table(
        "run_step",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("seconds", sa.Numeric(14, 6), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=True),
        sa.Column("peak_memory_mb", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_run_step_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_run_step")),
    )


def _create_results() -> None:
    op.create_table(
        "figure",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(128), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(32), nullable=False),
        sa.Column("base_value", sa.Text(), nullable=True),
        sa.Column("sql_digest", sa.CHAR(64), nullable=False),
        sa.Column("row_count", sa.BigInteger(), nullable=False),
        sa.Column("snapshot_digests", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_figure_run_id_run")),
        sa.ForeignKeyConstraint(["sql_digest"], ["blob.digest"], name=op.f("fk_figure_sql_digest_blob")),
        sa.PrimaryKeyConstraint("run_id", "code", name=op.f("pk_figure")),
    )
    op.create_table(
        "verdict",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(128), nullable=False),
        sa.Column("source", sa.String(128), nullable=False),
        sa.Column("severity", sa.String(32), nullable=False),
        sa.Column("status", sa.String(32), nullable=False),
        sa.Column("evaluated", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("difference", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name=op.f("fk_verdict_run_id_run")),
        sa.PrimaryKeyConstraint("run_id", "position", name=op.f("pk_verdict")),
    )


def _protect_sqlite() -> None:
    refuse = "BEGIN SELECT RAISE(ABORT, 'append-only table'); END"
    for table, keys in _KEYS.items():
        for verb in ("update", "delete"):
            op.execute(f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} {refuse}")
        # INSERT OR REPLACE deletes the old row without firing a DELETE trigger
        same = " OR ".join("(" + " AND ".join(f"{c} = NEW.{c}" for c in key) + ")" for key in keys)
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}"
            f" WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}"
        )


def _protect_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION yearbook_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'append-only table'; END $$"
    )
    for table in _KEYS:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION yearbook_append_only()"
        )
