"""Extraction from SQLite, PostgreSQL and MariaDB: the same rows give the same snapshot, and nothing is written."""

import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from tasks.library import Library
from tasks.sources.database.view import one_view, open_source
from tasks.sources.snapshot import Snapshot
from tests.tasks.sources.databases import Database, Row
from yearbook.errors import Refusal

Query = Callable[..., dict[str, Snapshot]]
SOURCES = ("vehicles", "incidents", "enforcement", "licensing")
SECRET = "canary-password-41010519491231002X"
REFUSED_PORT = 1


def decision(number: str, at: str, **others: str) -> Row:
    return {"JDWH": number, "SXBM": "0101", "JDSJ": at, "JDJG": "1", "ZT": "1", **others}


def call(number: str, at: str) -> Row:
    return {"JQBH": number, "JJSJ": at, "JQLB": "01", "CLQD": "3", "CLCX": "1", "JQZT": "1"}


def column(snapshot: Snapshot, name: str) -> list[object]:
    return pq.read_table(snapshot.path).column(name).to_pylist()


def refusal_of(query: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        query()
    assert "\n" not in refusal.value.what
    assert "\n" not in str(refusal.value)
    assert refusal.value.todo
    return refusal.value


class TestTheSameRowsGiveTheSameSnapshot:
    @pytest.mark.parametrize(
        "product",
        [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("postgresql", "mariadb")],
    )
    def test_of_every_extract(
        self, product: str, request: pytest.FixtureRequest, demo_sources: Callable[[str], Path], query: Query
    ) -> None:
        folder = demo_sources("yunlu")
        database = Database(request.getfixturevalue(f"{product}_url"))
        for source in SOURCES:
            database.copy(folder / f"{source}.sqlite")
        for source in SOURCES:
            wanted = query(f"sqlite:///{folder / source}.sqlite", source)
            found = query(database.url, source)
            assert {code: (s.row_count, s.digest) for code, s in found.items()} == {
                code: (s.row_count, s.digest) for code, s in wanted.items()
            }
            assert all(snapshot.row_count for snapshot in found.values())

    def test_in_any_order_of_rows(self, database: Database, query: Query) -> None:
        rows = [decision(f"XK2023-{n:07d}", f"2023-05-{n % 28 + 1:02d} 08:00:00") for n in range(200)]
        database.create("XZXK_DECISION")
        database.fill("XZXK_DECISION", rows)
        there = query(database.url, "licensing")["licensing_decision"]
        with database.owner() as connection:
            connection.execute(sa.text("DELETE FROM XZXK_DECISION"))
        database.fill("XZXK_DECISION", rows[::-1])
        assert query(database.url, "licensing")["licensing_decision"].digest == there.digest


class TestLimitsOfTheYear:
    def test_a_source_in_beijing_time(self, database: Database, query: Query) -> None:
        database.create("XZXK_DECISION")
        times = ["2022-12-31 23:59:59", "2023-01-01 00:00:00", "2023-12-31 23:59:59", "2024-01-01 00:00:00"]
        database.fill("XZXK_DECISION", [decision(str(number), at) for number, at in enumerate(times)])
        snapshot = query(database.url, "licensing")["licensing_decision"]
        assert column(snapshot, "decision_number") == ["1", "2"]
        assert [str(at) for at in column(snapshot, "decided_at")] == times[1:3]
        assert not any("换算" in note for note in snapshot.normalised)

    def test_a_source_in_universal_time(self, database: Database, query: Query) -> None:
        database.create("ACD_CALL")
        times = ["2022-12-31 15:59:59", "2022-12-31 16:00:00", "2023-12-31 15:59:59", "2023-12-31 16:00:00"]
        database.fill("ACD_CALL", [call(str(number), at) for number, at in enumerate(times)])
        snapshot = query(database.url, "incidents", "incident_call")["incident_call"]
        assert column(snapshot, "call_number") == ["1", "2"]
        assert [str(at) for at in column(snapshot, "received_at")] == ["2023-01-01 00:00:00", "2023-12-31 23:59:59"]
        assert "时刻由 UTC 换算为北京时间" in snapshot.normalised

    @pytest.mark.parametrize(
        ("product", "instant"),
        [
            pytest.param("postgresql", sa.DateTime(timezone=True), marks=pytest.mark.postgresql, id="timestamptz"),
            pytest.param("mariadb", mysql.TIMESTAMP(), marks=pytest.mark.mariadb, id="TIMESTAMP"),
        ],
    )
    @pytest.mark.parametrize("session", ["+00:00", "+08:00"])
    def test_of_columns_that_keep_instants(
        self,
        product: str,
        instant: sa.types.TypeEngine[datetime],
        session: str,
        request: pytest.FixtureRequest,
        query: Query,
    ) -> None:
        """The zone of the server's session must not shift the year."""
        database = Database(request.getfixturevalue(f"{product}_url"))
        database.create("XZXK_DECISION", instant=instant)
        times = ["2022-12-31 15:59:59", "2022-12-31 16:00:00", "2023-12-31 15:59:59", "2023-12-31 16:00:00"]
        with database.owner() as connection:
            statement = "SET time_zone = '+00:00'" if product == "mariadb" else "SET TIME ZONE 'UTC'"
            connection.execute(sa.text(statement))
            for number, at in enumerate(times):
                row = decision(str(number), at)
                connection.exec_driver_sql(f"INSERT INTO XZXK_DECISION ({', '.join(row)}) VALUES {tuple(row.values())}")
        snapshot = query(with_session_zone(database.url, session), "licensing")["licensing_decision"]
        assert column(snapshot, "decision_number") == ["1", "2"]
        assert [str(at) for at in column(snapshot, "decided_at")] == ["2023-01-01 00:00:00", "2023-12-31 23:59:59"]

    def test_the_parameters_reach_every_year(self, database: Database, query: Query) -> None:
        database.create("XZXK_DECISION")
        database.fill("XZXK_DECISION", [decision(str(year), f"{year}-07-01 08:00:00") for year in range(2020, 2025)])
        for year in (2021, 2024):
            snapshot = query(database.url, "licensing", year=year)["licensing_decision"]
            assert column(snapshot, "decision_number") == [str(year)]


def with_session_zone(url: str, zone: str) -> str:
    """The address with a session whose zone is set by the server's or the driver's configuration."""
    address = sa.make_url(url)
    if address.get_backend_name() == "postgresql":
        options = str(address.query["options"])
        name = {"+00:00": "UTC", "+08:00": "Asia/Shanghai"}[zone]
        changed = address.update_query_dict({"options": f"{options} -cTimeZone={name}"})
    else:
        changed = address.update_query_dict({"init_command": f"SET time_zone='{zone}'"})
    return changed.render_as_string(hide_password=False)


def test_padding_is_removed_and_counted(database: Database, query: Query) -> None:
    database.create("XZXK_DECISION")
    rows = [decision("XK1".ljust(20), "2023-05-01 08:00:00"), decision("XK2".ljust(20), "2023-05-02 08:00:00")]
    database.fill("XZXK_DECISION", rows)
    snapshot = query(database.url, "licensing")["licensing_decision"]
    assert column(snapshot, "decision_number") == ["XK1", "XK2"]
    # MariaDB's server hands CHAR over without its padding
    told = {"mysql": ()}.get(database.product, ("decision_number：去掉补位空格 2 处",))
    assert snapshot.normalised == told


def test_a_semicolon_at_the_end_does_not_matter(database: Database, query: Query, library: Library) -> None:
    database.create("XZXK_DECISION")
    database.fill("XZXK_DECISION", [decision("1", "2023-05-01 08:00:00")])
    sql = library.extract_sql(library.sources["licensing"].extracts[0])
    found = query(database.url, "licensing", sql=f"{sql.rstrip()};\n")["licensing_decision"]
    assert found.digest == query(database.url, "licensing", sql=sql)["licensing_decision"].digest
    assert found.row_count == 1


def test_no_rows_make_an_empty_snapshot(database: Database, query: Query) -> None:
    database.create("XZXK_DECISION")
    snapshot = query(database.url, "licensing")["licensing_decision"]
    assert snapshot.row_count == 0
    assert pq.read_schema(snapshot.path).names == ["decision_number", "item_code", "decided_at", "result", "status"]


class TestNothingIsWritten:
    @pytest.mark.parametrize(
        "statement",
        [
            "INSERT INTO XZXK_DECISION (JDWH) VALUES ('X')",
            "UPDATE XZXK_DECISION SET ZT = '0'",
            "DELETE FROM XZXK_DECISION",
            "DROP TABLE XZXK_DECISION",
            "CREATE TABLE EXTRA (A INTEGER)",
            "ALTER TABLE XZXK_DECISION ADD COLUMN A INTEGER",
        ],
    )
    def test_by_our_connection(self, statement: str, database: Database, library: Library) -> None:
        database.create("XZXK_DECISION")
        database.fill("XZXK_DECISION", [decision("1", "2023-05-01 08:00:00")])
        source = library.sources["licensing"]

        def write() -> None:
            with one_view(open_source(database.url, source), source) as view:
                view.connection.execute(sa.text(statement))

        assert "读取失败" in refusal_of(write).what
        with database.owner() as connection:
            inspector = sa.inspect(connection)
            assert inspector.get_table_names() == [database.name("XZXK_DECISION")]
            assert connection.execute(sa.text("SELECT JDWH, ZT FROM XZXK_DECISION")).all()[0][1] == "1"

    @pytest.mark.parametrize(
        "product",
        [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("postgresql", "mariadb")],
    )
    def test_and_what_others_write_meanwhile_is_not_seen(
        self, product: str, request: pytest.FixtureRequest, library: Library
    ) -> None:
        database = Database(request.getfixturevalue(f"{product}_url"))
        database.create("XZXK_DECISION")
        database.fill("XZXK_DECISION", [decision("1", "2023-05-01 08:00:00")])
        source = library.sources["licensing"]
        count = sa.text("SELECT count(*) FROM XZXK_DECISION")
        with one_view(open_source(database.url, source), source) as view:
            before = view.connection.execute(count).scalar_one()
            database.fill("XZXK_DECISION", [decision("2", "2023-05-02 08:00:00")])
            assert (before, view.connection.execute(count).scalar_one()) == (1, 1)

    def test_in_the_source_file(self, demo_sources: Callable[[str], Path], query: Query, tmp_path: Path) -> None:
        file = tmp_path / "licensing.sqlite"
        shutil.copy(demo_sources("yunlu") / "licensing.sqlite", file)
        before = file.read_bytes()
        query(f"sqlite:///{file}", "licensing")
        assert file.read_bytes() == before
        assert sorted(path.name for path in tmp_path.glob("licensing*")) == ["licensing.sqlite"]


class TestWhatCannotBeRead:
    def test_a_renamed_column(self, database: Database, query: Query) -> None:
        database.create("XZXK_DECISION")
        with database.owner() as connection:
            connection.execute(sa.text("ALTER TABLE XZXK_DECISION RENAME COLUMN JDJG TO JDJG2"))
        refusal = refusal_of(lambda: query(database.url, "licensing"))
        assert "来源 licensing（行政许可办理系统）读取失败" in refusal.what
        assert "jdjg" in refusal.what.lower()
        assert "sql/licensing/extract/" in refusal.todo

    def test_a_missing_table(self, database: Database, query: Query) -> None:
        refusal = refusal_of(lambda: query(database.url, "licensing"))
        assert "来源 licensing（行政许可办理系统）读取失败" in refusal.what
        assert "xzxk_decision" in refusal.what.lower()

    def test_an_answer_with_other_columns(self, database: Database, query: Query) -> None:
        database.create("XZXK_DECISION")
        sql = "select JDWH as decision_number, ZT as status from XZXK_DECISION"
        refusal = refusal_of(lambda: query(database.url, "licensing", sql=sql))
        assert "decision_number、status" in refusal.what
        assert "decision_number、item_code、decided_at、result、status" in refusal.what
        assert "sql/licensing/extract/licensing_decision.sql" in refusal.todo

    def test_a_query_with_a_parameter_that_nobody_knows(self, database: Database, query: Query) -> None:
        database.create("XZXK_DECISION")
        sql = "select JDWH as decision_number from XZXK_DECISION where JDSJ >= :start_of_year"
        assert "start_of_year" in refusal_of(lambda: query(database.url, "licensing", sql=sql)).what

    def test_a_value_that_does_not_fit(self, query: Query, tmp_path: Path) -> None:
        file = tmp_path / "source.sqlite"
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE XZXK_DECISION (JDWH, SXBM, JDSJ, JDJG, ZT)")
            rows = [("1", "01", "2023-05-01 08:00:00", "1", "1"), ("2", "01", f"2023-05-01 {SECRET}", "1", "1")]
            connection.executemany("INSERT INTO XZXK_DECISION VALUES (?, ?, ?, ?, ?)", rows)
        refusal = refusal_of(lambda: query(f"sqlite:///{file}", "licensing"))
        assert "来源 licensing，提取 licensing_decision：第 2 行，列 decided_at 的值不是 时刻" in refusal.what
        assert SECRET not in str(refusal)

    def test_an_empty_required_cell(self, database: Database, query: Query) -> None:
        database.create("XZXK_DECISION")
        database.fill("XZXK_DECISION", [decision("1", "2023-05-01 08:00:00", ZT="1")])
        with database.owner() as connection:
            connection.execute(sa.text("UPDATE XZXK_DECISION SET JDJG = NULL"))
        refusal = refusal_of(lambda: query(database.url, "licensing"))
        assert "第 1 行，列 result 为空" in refusal.what

    def test_a_missing_file(self, query: Query, tmp_path: Path) -> None:
        file = tmp_path / "nowhere" / "licensing.sqlite"
        refusal = refusal_of(lambda: query(f"sqlite:///{file}", "licensing"))
        assert f"数据库文件不存在：{file}" in refusal.what
        assert not file.parent.exists()
        assert "更正机构文件中的 url" in refusal.todo

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "sqlite:////"])
    def test_an_address_without_a_file(self, url: str, query: Query) -> None:
        assert "数据库文件不存在" in refusal_of(lambda: query(url, "licensing")).what

    def test_a_file_that_is_no_database(self, query: Query, tmp_path: Path) -> None:
        file = tmp_path / "licensing.sqlite"
        file.write_text("登记编号,收到日期\n" * 500, encoding="utf-8")
        assert "not a database" in refusal_of(lambda: query(f"sqlite:///{file}", "licensing")).what

    @pytest.mark.parametrize(
        ("url", "said"),
        [
            (f"nosuchproduct://reader:{SECRET}@127.0.0.1/db", "NoSuchModuleError"),
            (f"postgresql+nosuchdriver://reader:{SECRET}@127.0.0.1/db", "NoSuchModuleError"),
            (f"oracle+oracledb://reader:{SECRET}@127.0.0.1/db", "ModuleNotFoundError"),
            (f"{SECRET} is no address", "ArgumentError"),
            (f"jdbc:postgresql://127.0.0.1/db?password={SECRET}", "ArgumentError"),
            ("", "ArgumentError"),
        ],
    )
    def test_an_address_that_is_none(self, url: str, said: str, query: Query) -> None:
        refusal = refusal_of(lambda: query(url, "licensing"))
        assert f"数据库地址不可用：{said}" in refusal.what
        assert SECRET not in str(refusal)


class TestNoPasswordIsTold:
    @pytest.mark.parametrize("driver", ["postgresql+psycopg", "mysql+pymysql"])
    def test_where_it_holds_a_bare_at_sign(self, driver: str, query: Query) -> None:
        """Behind its first ``@`` it would be taken for the host and told with it."""
        refusal = refusal_of(lambda: query(f"{driver}://reader:x@{SECRET}@127.0.0.1:{REFUSED_PORT}/db", "licensing"))
        assert "口令含有没有转义的 @" in refusal.what
        assert "%40" in refusal.todo
        assert SECRET not in str(refusal)

    @pytest.mark.parametrize("driver", ["postgresql+psycopg", "mysql+pymysql"])
    def test_where_no_server_answers(
        self, driver: str, query: Query, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level("DEBUG")
        url = f"{driver}://reader:{SECRET}@127.0.0.1:{REFUSED_PORT}/db"
        refusal = refusal_of(lambda: query(url, "licensing"))
        assert "来源 licensing（行政许可办理系统）读取失败" in refusal.what
        assert "核对数据库是否可达" in refusal.todo
        assert_untold(refusal, caplog, capfd)

    @pytest.mark.postgresql
    def test_where_postgresql_does_not_know_the_account(
        self,
        postgresql_url: str,
        query: Query,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        caplog.set_level("DEBUG")
        url = sa.make_url(postgresql_url).set(username="no_such_reader", password=SECRET)
        refusal = refusal_of(lambda: query(url.render_as_string(hide_password=False), "licensing"))
        assert "no_such_reader" in refusal.what
        assert_untold(refusal, caplog, capfd)

    @pytest.mark.mariadb
    def test_where_mariadb_does_not_take_the_password(
        self, mariadb_url: str, query: Query, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
    ) -> None:
        caplog.set_level("DEBUG")
        address = sa.make_url(mariadb_url)
        account = f"{address.database}_r"
        server = sa.create_engine(address)
        with server.begin() as connection:
            connection.exec_driver_sql(f"CREATE USER {account} IDENTIFIED BY 'right'")
        try:
            url = address.set(username=account, password=SECRET)
            refusal = refusal_of(lambda: query(url.render_as_string(hide_password=False), "licensing"))
        finally:
            with server.begin() as connection:
                connection.exec_driver_sql(f"DROP USER {account}")
            server.dispose()
        assert "Access denied" in refusal.what
        assert_untold(refusal, caplog, capfd)


def assert_untold(refusal: Refusal, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither the refusal, nor what it was raised from, nor any output holds the password."""
    told = [str(refusal), caplog.text, *capfd.readouterr()]
    cause: BaseException | None = refusal
    while cause:
        told += [str(cause), repr(cause), str(cause.args)]
        cause = cause.__cause__ or cause.__context__
    assert not any(SECRET in text for text in told)
