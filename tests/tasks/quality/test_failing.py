"""Failing rows by number and reference, and the secret that stands between the two."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tasks.engines.embedded import attach
from tasks.quality import failing
from tasks.quality.failing import (
    SECRET_NAME,
    SHOWN_ROWS,
    condition,
    leave_out,
    looking,
    reference,
    references,
    row_key,
    rows,
    to_leave_out,
)
from tasks.quality.predicates import parts
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs
from tests.tasks.quality.own_rules import LIBRARY, NOON, RULES, YEAR, snapshot
from yearbook.errors import Refusal

KEY, OTHER = b"k" * 32, b"o" * 32
LATE = {"applied_at": NOON.replace(month=9)}


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def referred(folder: Path, code: str, item: Snapshot, key: bytes = KEY) -> tuple[str, ...]:
    """References as the judging room asks for them."""
    rule = RULES[code]
    predicate = None if rule.check == "row_count" else parts(rule, item.extract, LIBRARY.codes, item.year)
    path = folder / f"{code}.duckdb"
    attach(path, [item], LIBRARY.codes)
    with looking(path, [item]) as connection:
        found = references(connection, rule, item, predicate, key)
    path.unlink()
    return found


def test_failing_rows_are_referred_to_by_their_position_in_the_file(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{}, LATE, {}, LATE, {}], blobs)
    found = referred(tmp_path, "VEH-01", item)
    assert found == (reference(KEY, item, 1), reference(KEY, item, 3))
    assert all(len(one) == 16 and set(one) <= set("0123456789abcdef") for one in found)


def test_only_the_first_rows_by_number_are_referred_to(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{}, *[LATE] * (SHOWN_ROWS + 37)], blobs)
    assert referred(tmp_path, "VEH-01", item) == tuple(reference(KEY, item, n) for n in range(1, SHOWN_ROWS + 1))


def test_all_rows_of_a_doubled_group_are_referred_to(tmp_path: Path, blobs: Blobs) -> None:
    keys = ["A1", "B2", "B2", "C3", "D4", "D4", "D4", None, None]
    item = snapshot("vehicle_transaction", [{"serial": key} for key in keys], blobs)
    assert referred(tmp_path, "VEH-02", item) == tuple(reference(KEY, item, n) for n in (1, 2, 4, 5, 6))


def test_a_check_of_a_whole_table_refers_to_no_row(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [LATE], blobs)
    assert referred(tmp_path, "VEH-04", item) == ()
    with pytest.raises(ValueError, match="VEH-04"):
        condition(RULES["VEH-04"], item, LIBRARY.codes)


def test_references_depend_on_the_key_the_snapshot_and_the_extract(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [LATE], blobs)
    other = snapshot("vehicle_transaction", [LATE, {}], blobs)
    assert referred(tmp_path, "VEH-01", item) == referred(tmp_path, "VEH-01", item)
    told = [referred(tmp_path, "VEH-01", one, key) for one in (item, other) for key in (KEY, OTHER)]
    assert len(set(told)) == 4
    register = snapshot("vehicle_register", [{}], blobs)
    assert reference(KEY, item, 0) != reference(KEY, register, 0)


def test_rows_come_with_number_and_count_and_no_more_than_asked(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{}, LATE, LATE, LATE], blobs)
    attach(tmp_path / "rows.duckdb", [item], LIBRARY.codes)
    with looking(tmp_path / "rows.duckdb", [item]) as connection:
        count, found = rows(connection, item, condition(RULES["VEH-01"], item, LIBRARY.codes), 2)
    assert (count, [row[:2] for row in found]) == (3, [(1, "S00001"), (2, "S00002")])
    assert len(found[0]) == 1 + len(item.extract.columns)


@pytest.mark.parametrize(
    ("code", "serials", "left"),
    [
        ("VEH-02", ["A1", "B2", "B2", "C3", "C3", "C3"], ["A1", "B2", "C3"]),
        ("VEH-02", ["A1", None, None], ["A1", None, None]),
    ],
)
def test_one_row_of_a_doubled_group_stays(
    code: str, serials: list[str | None], left: list[str | None], tmp_path: Path, blobs: Blobs
) -> None:
    item = snapshot("vehicle_transaction", [{"serial": serial} for serial in serials], blobs)
    path = tmp_path / "rows.duckdb"
    attach(path, [item], LIBRARY.codes)
    with looking(path, [item]) as connection:
        numbers = to_leave_out(connection, RULES[code], item, condition(RULES[code], item, LIBRARY.codes))
    leave_out(path, item, numbers)
    with duckdb.connect(str(path)) as engine:
        assert [row[0] for row in engine.execute("SELECT serial FROM vehicle_transaction").fetchall()] == left
        described = engine.execute("DESCRIBE vehicle_transaction").fetchall()
    assert [row[0] for row in described] == [column.name for column in item.extract.columns]


@pytest.fixture
def locked(tmp_path: Path, blobs: Blobs) -> Iterator[tuple[duckdb.DuckDBPyConnection, Snapshot]]:
    own, other = (snapshot("vehicle_transaction", [{}] * n, blobs) for n in (1, 2))
    attach(tmp_path / "rows.duckdb", [own], LIBRARY.codes)
    with looking(tmp_path / "rows.duckdb", [own]) as connection:
        yield connection, other


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_parquet('{other}')",
        "SELECT * FROM read_text('/etc/passwd')",
        "COPY (SELECT 1) TO '{folder}/stolen.csv'",
        "SET enable_external_access = true",
        "CREATE TABLE more (a INTEGER)",
    ],
)
def test_a_rule_cannot_read_or_write_anything_else(
    sql: str, locked: tuple[duckdb.DuckDBPyConnection, Snapshot], tmp_path: Path
) -> None:
    connection, other = locked
    with pytest.raises(duckdb.Error):
        connection.execute(sql.format(other=other.path, folder=tmp_path))
    assert not (tmp_path / "stolen.csv").exists()


def test_a_condition_cannot_become_a_statement(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{}], blobs)
    stolen = f"COPY (SELECT 1) TO '{item.path}' (FORMAT parquet, USE_TMP_FILE false)"
    rule = RULES["VEH-01"].model_copy(update={"where": f"TRUE), FALSE)); {stolen}; SELECT 1 WHERE (coalesce((TRUE"})
    before = item.path.read_bytes()
    broken = condition(rule, item, LIBRARY.codes)
    attach(tmp_path / "rows.duckdb", [item], LIBRARY.codes)
    with looking(tmp_path / "rows.duckdb", [item]) as connection:
        for ask in (
            lambda: references(connection, rule, item, parts(rule, item.extract, LIBRARY.codes, YEAR), KEY),
            lambda: rows(connection, item, broken, 1),
            lambda: to_leave_out(connection, rule, item, broken),
        ):
            with pytest.raises((ValueError, duckdb.Error)):
                ask()
    assert item.path.read_bytes() == before


def test_a_key_belongs_to_a_run_and_a_store(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for home in (one, two):
        home.mkdir()
    first = row_key(one, "ab" * 32)
    assert len(first) == 32
    assert first == row_key(one, "ab" * 32)
    assert len({first, row_key(one, "cd" * 32), row_key(two, "ab" * 32)}) == 3


def test_the_secret_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    mask = os.umask(0)
    try:
        row_key(tmp_path, "ab" * 32)
    finally:
        os.umask(mask)
    [path] = tmp_path.iterdir()
    assert path.name == SECRET_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = path.read_bytes()
    row_key(tmp_path, "cd" * 32)
    assert path.read_bytes() == before
    assert len(before) == 32


def test_of_two_processes_that_make_the_secret_the_first_wins(tmp_path: Path) -> None:
    first = row_key(tmp_path, "ab" * 32)
    failing._make_secret(tmp_path / SECRET_NAME)
    assert [path.name for path in tmp_path.iterdir()] == [SECRET_NAME]
    assert row_key(tmp_path, "ab" * 32) == first


@pytest.mark.parametrize("spoilt", ["short", "long", "readable", "link", "folder"])
def test_a_secret_that_is_none_is_refused(spoilt: str, tmp_path: Path) -> None:
    row_key(tmp_path, "ab" * 32)
    path = tmp_path / SECRET_NAME
    match spoilt:
        case "short":
            path.write_bytes(b"")
        case "long":
            path.write_bytes(b"x" * 33)
        case "readable":
            path.chmod(0o640)
        case "link":
            path.symlink_to(path.rename(tmp_path / "elsewhere"))
        case "folder":
            path.unlink()
            path.mkdir()
    with pytest.raises(Refusal) as refusal:
        row_key(tmp_path, "ab" * 32)
    assert SECRET_NAME in refusal.value.what


def test_a_store_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"row\.key"):
        row_key(tmp_path / "nowhere", "ab" * 32)


def test_the_year_of_the_snapshot_is_the_year_of_the_rule(blobs: Blobs) -> None:
    """A base-year snapshot is judged by its own year; the condition must not speak of the report year."""
    rule = RULES["VEH-01"].model_copy(update={"check": "within_year", "columns": ("completed_at",)})
    now, before = (snapshot("vehicle_transaction", [{}], blobs, year=year) for year in (YEAR, YEAR.previous))
    assert condition(rule, now, LIBRARY.codes) != condition(rule, before, LIBRARY.codes)
