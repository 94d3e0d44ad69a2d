"""What a source says about itself, which reader is chosen, and what is noted about the account."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tasks.library import Library
from tasks.sources.database.account import NOTE
from tasks.sources.database.readers import odbc, scanner
from tasks.sources.database.view import Asked, extract_query, one_view, open_source, probe_source
from tasks.sources.probe import Probe
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs
from tests.tasks.sources.databases import Database
from tests.tasks.sources.reading import WAYS, YEAR, account
from yearbook.errors import Refusal

Query = Callable[..., dict[str, Snapshot]]
SOURCES = ("vehicles", "incidents", "enforcement", "market", "licensing")
ALSO_SQLITE = [*WAYS, pytest.param("sqlite", "sqlalchemy", id="sqlite-sqlalchemy")]


def everything(library: Library, code: str) -> tuple[Asked, dict[str, Asked]]:
    source = library.sources[code]
    probe = f"sql/{code}/probe.sql"
    return Asked(probe, library.text(probe), YEAR), {
        extract.code: Asked("", library.extract_sql(extract), YEAR) for extract in source.extracts
    }


def create(server: Database, code: str) -> None:
    tables = {
        "vehicles": ("VEH_FLOW", "DRV_FLOW", "VEHICLE", "DRIVINGLICENSE"),
        "incidents": ("ACD_CALL",),
        "enforcement": ("XZCF_DECISION", "XZQZ_MEASURE"),
        "market": ("SCZT_ENTITY", "DJYW_FLOW", "TSJB_RECORD"),
        "licensing": ("XZXK_DECISION",),
    }
    for table in tables[code]:
        server.create(table)


def probed(server: Database, library: Library, code: str, reader: str) -> dict[str, Probe]:
    source = library.sources[code]
    asked, extracts = everything(library, code)
    every = tuple(extracts.values())
    with one_view(open_source(server.url, source), source, every, probed=[asked], reader=reader) as view:
        return probe_source(view, asked)


@pytest.mark.parametrize(("product", "reader"), ALSO_SQLITE)
@pytest.mark.usefixtures("server")
class TestProbe:
    @pytest.mark.parametrize("code", SOURCES)
    def test_of_an_empty_source(self, reader: str, code: str, server: Database, library: Library) -> None:
        create(server, code)
        found = probed(server, library, code, reader)
        assert {(p.row_count, p.newest) for p in found.values()} == {(0, "")}
        assert sorted(found) == sorted(extract.code for extract in library.sources[code].extracts)

    def test_counts_the_year_and_tells_the_newest_moment_and_the_time(
        self, reader: str, server: Database, library: Library
    ) -> None:
        create(server, "vehicles")
        moments = ["2022-12-31 23:59:59", "2023-01-01 00:00:00", "2023-12-31 23:59:59", "2024-01-01 00:00:00"]
        server.fill("VEH_FLOW", [{"LSH": str(n), "YWLX": "A", "BJRQ": at} for n, at in enumerate(moments)])
        server.fill("VEHICLE", [{"XH": "1", "CCDJRQ": "2024-03-01"}, {"XH": "2", "CCDJRQ": "1999-03-01"}])
        found = probed(server, library, "vehicles", reader)
        assert (found["vehicle_transaction"].row_count, found["vehicle_transaction"].newest) == (2, moments[2])
        assert (found["vehicle_register"].row_count, found["vehicle_register"].newest) == (2, "2024-03-01 00:00:00")
        now = datetime.now(UTC)
        assert all(now - timedelta(minutes=5) < p.server_time < now + timedelta(minutes=5) for p in found.values())
        assert len({p.server_time.utcoffset() for p in found.values()}) == 1

    def test_a_snapshot_with_other_rows_is_refused_and_not_kept(
        self, reader: str, server: Database, library: Library, blobs: Blobs
    ) -> None:
        create(server, "licensing")
        row = {"JDWH": "1", "SXBM": "0101", "JDSJ": "2023-05-01 08:00:00", "JDJG": "1", "ZT": "1"}
        server.fill("XZXK_DECISION", [row])
        source = library.sources["licensing"]
        asked, extracts = everything(library, "licensing")
        one, extract = extracts["licensing_decision"], source.extracts[0]
        with one_view(open_source(server.url, source), source, [one], probed=[asked], reader=reader) as view:
            told = probe_source(view, asked)["licensing_decision"]
            with pytest.raises(Refusal, match="读到的行数与探询不符，读到 1 行，探询 2 行"):
                extract_query(view, extract, one, blobs=blobs, probe=replace(told, row_count=2))
            assert [p.name for p in blobs.root.rglob("*") if p.is_file()] == [".lock"]
            kept = extract_query(view, extract, one, blobs=blobs, probe=told)
        assert kept.probe == told
        assert kept.reader == view.reader.name


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select 'licensing_decision' as extract, 1 as row_count", "给出的列应为"),
        (
            "select 'other' as extract, 1 as row_count, null as newest, '2023-01-01' as server_time",
            "应为每个提取给出一行：licensing_decision",
        ),
        (
            "select 'licensing_decision' as extract, 'many' as row_count, null as newest, '2023-01-01' as server_time",
            "row_count 应为整数",
        ),
    ],
)
def test_a_wrong_probe_is_refused(sql: str, said: str, tmp_path: Path, library: Library) -> None:
    file = tmp_path / "source.sqlite"
    file.touch()
    source = library.sources["licensing"]
    asked = Asked("sql/licensing/probe.sql", sql, YEAR)
    with (
        one_view(open_source(f"sqlite:///{file}", source), source, probed=[asked]) as view,
        pytest.raises(Refusal) as refusal,
    ):
        probe_source(view, asked)
    assert "sql/licensing/probe.sql" in refusal.value.what
    assert said in refusal.value.what


class TestChoice:
    def test_of_a_file(self, tmp_path: Path, query: Query) -> None:
        server = Database(f"sqlite:///{tmp_path}/source.sqlite")
        create(server, "licensing")
        assert query(server.url, "licensing")["licensing_decision"].reader.endswith(" + pysqlite")

    @pytest.mark.postgresql
    def test_of_postgresql(self, postgresql_url: str, query: Query, monkeypatch: pytest.MonkeyPatch) -> None:
        create(Database(postgresql_url), "licensing")
        if scanner.extension() is None:
            pytest.skip("没有安装 duckdb-extension-postgres-scanner")
        assert query(postgresql_url, "licensing")["licensing_decision"].reader.startswith("DuckDB postgres ")
        monkeypatch.setattr(scanner, "extension", lambda: None)
        monkeypatch.setattr(odbc, "installed", lambda: ())
        reader = query(postgresql_url, "licensing")["licensing_decision"].reader
        assert reader.startswith("SQLAlchemy ")
        assert reader.endswith(" + psycopg")

    @pytest.mark.postgresql
    def test_a_reader_that_does_not_open_is_told_and_another_one_reads(
        self, postgresql_url: str, query: Query, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        create(Database(postgresql_url), "licensing")
        broken = tmp_path / "postgres_scanner.duckdb_extension"
        broken.write_bytes(b"no extension")
        monkeypatch.setattr(scanner, "extension", lambda: broken)
        found = query(postgresql_url, "licensing")["licensing_decision"]
        assert not found.reader.startswith("DuckDB")
        assert any(note.startswith("未能用 duckdb 读取：") for note in found.notes)

    @pytest.mark.mariadb
    def test_of_mariadb(self, mariadb_url: str, query: Query, monkeypatch: pytest.MonkeyPatch) -> None:
        create(Database(mariadb_url), "licensing")
        if odbc.installed():
            assert query(mariadb_url, "licensing")["licensing_decision"].reader.startswith("arrow-odbc ")
        monkeypatch.setattr(odbc, "MAX_ANSWER_BYTES", 0)
        assert query(mariadb_url, "licensing")["licensing_decision"].reader.endswith(" + pymysql")

    @pytest.mark.mariadb
    @pytest.mark.parametrize("reader", ["duckdb", "connectorx"])
    def test_what_cannot_keep_a_view_is_refused(self, reader: str, mariadb_url: str, query: Query) -> None:
        create(Database(mariadb_url), "licensing")
        with pytest.raises(Refusal, match=f"不能用 {reader} 读取：.*不能共用一个视图"):
            query(mariadb_url, "licensing", reader=reader)

    def test_an_unknown_name_is_refused(self, tmp_path: Path, query: Query) -> None:
        server = Database(f"sqlite:///{tmp_path}/source.sqlite")
        create(server, "licensing")
        with pytest.raises(Refusal, match="读取方式 quick 不认识"):
            query(server.url, "licensing", reader="quick")


@pytest.mark.parametrize(
    "product", [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("postgresql", "mariadb")]
)
@pytest.mark.parametrize("writes", [True, False])
def test_an_account_that_could_write_is_noted(product: str, *, writes: bool, server: Database, query: Query) -> None:
    create(server, "licensing")
    with account(server, password="right", writes=writes) as (_, url):
        notes = query(url, "licensing")["licensing_decision"].notes
    assert (NOTE in notes) is writes
    assert NOTE in query(server.url, "licensing")["licensing_decision"].notes


def test_a_file_has_no_account(tmp_path: Path, query: Query) -> None:
    server = Database(f"sqlite:///{tmp_path}/source.sqlite")
    create(server, "licensing")
    assert query(server.url, "licensing")["licensing_decision"].notes == ()
    assert sa.make_url(server.url).username is None
