"""The embedded engine: it answers from its snapshots and can do nothing else."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tasks.engines.embedded import EmbeddedEngine, attach, values
from tasks.library import Library
from tasks.sources.contract import Intake
from tasks.sources.snapshot import Snapshot, write_parquet
from tasks.store import Blobs
from yearbook.catalog import Indicator
from yearbook.errors import Refusal
from yearbook.period import ReportYear

YEAR = ReportYear(2023)


@dataclass
class Room:
    """An engine with one snapshot of one row, beside a snapshot that is not its own."""

    engine: EmbeddedEngine
    own: Snapshot
    other: Snapshot
    folder: Path

    def ask(self, sql: str) -> list[dict[str, Any]]:
        return self.engine.ask(sql, name="case.sql", year=YEAR, body_name="甲'乙")


@pytest.fixture
def room(library: Library, tmp_path: Path) -> Iterator[Room]:
    # a quotation mark in the path must not end the literal it is written in
    folder = tmp_path / "o'clock"
    folder.mkdir()
    extract = library.sources["enforcement"].extracts[1]
    blobs = Blobs(folder / "blobs")
    intake = Intake(extract, "Asia/Shanghai", "case")
    made = []
    for number in ("V1", "V2"):
        batch = intake.batch([[number], [datetime(2023, 5, 1)], ["1"], ["1"]])  # noqa: DTZ001
        digest = write_parquet(extract, intake.schema, [batch], blobs)
        made.append(Snapshot(extract=extract, year=YEAR, digest=digest, path=blobs.path(digest), row_count=1))
    own, other = made
    path = folder / "case.duckdb"
    attach(path, [own], {"case_route": library.codes["case_route"]})
    with EmbeddedEngine(path, [own]) as engine:
        yield Room(engine, own, other, folder)


def test_parameters_are_bound(room: Room) -> None:
    sql = "-- 时间：:nobody 在注释里不是参数\nselect :year_start as a, :year_end as b, :body_name as c"
    naive = [limit.replace(tzinfo=None) for limit in (YEAR.start, YEAR.end)]
    assert room.ask(sql) == [{"a": naive[0], "b": naive[1], "c": "甲'乙"}]
    assert room.ask("select voucher_number from compulsion_measure") == [{"voucher_number": "V1"}]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select nobody from compulsion_measure", "nobody"),
        ("select * from nowhere", "nowhere"),
        ("select :nobody as a", "nobody"),
        ("selec 1", "syntax error"),
        ("select 1 / cast('x' as integer)", "Could not convert"),
    ],
)
def test_a_query_that_is_not_valid_is_refused_in_one_line(room: Room, sql: str, said: str) -> None:
    with pytest.raises(Refusal) as refusal:
        room.ask(sql)
    assert refusal.value.what.startswith("查询 sql/case.sql 不能执行：")
    assert said in refusal.value.what
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_parquet('{other}')",
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from glob('/etc/*')",
        "select * from 'https://example.invalid/rows.parquet'",
        "attach '{folder}/second.duckdb'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "set lock_configuration = false",
        "set threads = 1",
        "copy (select 1 as a) to '{folder}/stolen.csv'",
        "copy (select 1 as a) to '{own}' (format parquet)",
        "copy (select 1 as a) to '{own}' (format parquet, use_tmp_file false)",
        "export database '{folder}/stolen'",
        "create table extra (a integer)",
        "create or replace view compulsion_measure as select 1 as a",
        "drop view compulsion_measure",
        "drop table code_case_route",
        "delete from code_case_route",
        "update code_case_route set counts_as = 'other'",
        "insert into code_case_route values ('x', 'x', 'x')",
        "select 1 as a; drop table code_case_route",
    ],
)
def test_nothing_else_can_be_read_loaded_or_changed(room: Room, sql: str) -> None:
    before = room.own.path.read_bytes()
    with pytest.raises(Refusal):
        room.ask(sql.format(own=_literal(room.own.path), other=_literal(room.other.path), folder=_literal(room.folder)))
    assert room.own.path.read_bytes() == before
    assert not list(room.folder.glob("stolen*"))
    assert not list(room.folder.glob("second*"))


def _literal(path: Path) -> str:
    return str(path).replace("'", "''")


ROW = {"applicant": "other", "value": 2, "row_count": 2}


@pytest.fixture
def indicator(library: Library) -> Indicator:
    return library.indicators["applications_received"]


def test_a_member_without_rows_counts_zero_in_printed_order(indicator: Indicator) -> None:
    found = values([ROW, {**ROW, "applicant": "natural_person", "value": Decimal("1.50")}], indicator)
    assert list(found) == list(indicator.combinations())
    assert {members: answer for members, answer in found.items() if answer != (0, 0)} == {
        ("natural_person",): (Decimal("1.50"), 2),
        ("other",): (2, 2),
    }


@pytest.mark.parametrize(
    ("answer", "member"),
    [
        ([{**ROW, "applicant": "somebody"}], "somebody"),
        ([{**ROW, "applicant": None}], "（无法归类）"),
        ([ROW, ROW], "other"),
        ([{**ROW, "value": 2.0}], "other"),
        ([{**ROW, "value": None}], "other"),
        ([{**ROW, "value": "2"}], "other"),
    ],
)
def test_an_unknown_member_one_twice_and_an_inexact_value_are_refused(
    indicator: Indicator, answer: list[dict[str, Any]], member: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        values(answer, indicator)
    assert "sql/register/applications_received.sql" in refusal.value.what
    assert refusal.value.what.endswith(f"：{member}")
    assert "sql/codes" in refusal.value.todo


@pytest.mark.parametrize("missing", ROW)
def test_an_answer_without_a_needed_column_is_refused(indicator: Indicator, missing: str) -> None:
    answer = [{name: value for name, value in ROW.items() if name != missing}]
    with pytest.raises(Refusal) as refusal:
        values(answer, indicator)
    assert "sql/register/applications_received.sql" in refusal.value.what
