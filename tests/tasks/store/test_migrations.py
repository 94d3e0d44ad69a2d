"""Migrations end where the tables are described, and cost nothing when there is nothing to do."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from tasks.store import Store
from tasks.store.database import open_engine, reading, writing
from tasks.store.migrate import configuration
from tasks.store.tables import HEAD, VERSION_TABLE, metadata
from yearbook.errors import Refusal

ROOT = Path(__file__).parents[3]


def test_migrations_give_the_described_tables(tmp_path: Path, url: str | None) -> None:
    Store.open(tmp_path, url)
    with reading(open_engine(tmp_path, url)) as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True, "target_metadata": metadata}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []
        inspector = sa.inspect(connection)
        for table in metadata.tables.values():
            described = {str(check.name) for check in table.constraints if isinstance(check, sa.CheckConstraint)}
            assert {check["name"] for check in inspector.get_check_constraints(table.name)} == described


def test_constant_is_the_newest_script(tmp_path: Path) -> None:
    with reading(open_engine(tmp_path, None)) as connection:
        assert ScriptDirectory.from_config(configuration(connection)).get_heads() == [HEAD]


def test_second_opening_does_not_load_the_tool(tmp_path: Path) -> None:
    Store.open(tmp_path)
    code = (
        "import sys; from pathlib import Path; from tasks.store import Store;"
        " Store.open(Path(sys.argv[1])); sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, check=True)


def test_newer_database_is_refused(tmp_path: Path, url: str | None) -> None:
    Store.open(tmp_path, url)
    with writing(open_engine(tmp_path, url)) as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    with pytest.raises(Refusal, match="9999 比本软件新"):
        Store.open(tmp_path, url)


def test_interrupted_migration_leaves_nothing(tmp_path: Path, url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("alembic.runtime.migration.HeadMaintainer.update_to_step", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            Store.open(tmp_path, url)
    with reading(open_engine(tmp_path, url)) as connection:
        assert sa.inspect(connection).get_table_names() == []
    Store.open(tmp_path, url)


def test_sqlite_settings(tmp_path: Path) -> None:
    Store.open(tmp_path)
    with reading(open_engine(tmp_path, None)) as connection:
        settings = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
    assert (tmp_path / "audit.db").stat().st_mode & 0o777 == 0o600
