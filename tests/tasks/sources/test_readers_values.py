"""Every reader gives the same snapshot, and refuses the same values with the same row."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tasks.sources.database.view import one_view, open_source
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs
from tests.tasks.sources.databases import Database
from tests.tasks.sources.reading import (
    ROWS,
    SELECT,
    WAYS,
    asked,
    fill_hard,
    hard_source,
    skip_where_not_installed,
    snapshot_of,
)
from yearbook.errors import Refusal

READ_MANY = 4


def read(server: Database, reader: str, blobs: Blobs, *, zone: str = "Asia/Shanghai", sql: str = SELECT) -> Snapshot:
    source = hard_source(zone)
    with one_view(open_source(server.url, source), source, [asked(sql)], reader=reader, batch_rows=READ_MANY) as view:
        return snapshot_of(view, asked(sql), blobs)


def require_usable(reader: str, server: Database, blobs: Blobs) -> None:
    """A driver that this machine does not have is no failure of ours."""
    try:
        read(server, reader, blobs)
    except Refusal as refusal:
        skip_where_not_installed(refusal.what)
        raise


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC"])
@pytest.mark.parametrize(("product", "reader"), WAYS)
def test_hard_values(product: str, reader: str, zone: str, server: Database, blobs: Blobs) -> None:
    fill_hard(server, product)
    require_usable(reader, server, blobs)
    wanted, found = read(server, "sqlalchemy", blobs, zone=zone), read(server, reader, blobs, zone=zone)
    assert pq.read_table(found.path).to_pylist() == pq.read_table(wanted.path).to_pylist()
    assert (found.digest, found.row_count, found.normalised) == (wanted.digest, len(ROWS), wanted.normalised)
    table = pq.read_table(found.path).to_pylist()
    assert [str(table[3]["m2"]), table[3]["big"], table[4]["whole"]] == ["99999999.99", 2**63 - 1, -5]
    assert table[2]["words"] == "𠮷祥路 \"'\\%:x"
    assert str(table[10]["instant"]) == "2023-01-01 00:00:00"
    assert str(table[7]["midnight"]) == "2023-05-01"


LOST = [
    ("day", "0000-00-00", {"mariadb"}),
    ("at", "0000-00-00 00:00:00", {"mariadb"}),
    ("m2", "NaN", {"postgresql"}),
    ("whole", "NaN", {"postgresql"}),
    ("m4", "0.0001", {"postgresql", "mariadb"}),
    ("whole", "9223372036854775808", {"postgresql", "mariadb"}),
    ("midnight", "2023-05-01 00:00:01", {"postgresql", "mariadb"}),
]
LOSING = [
    pytest.param(*way.values, column, value, marks=way.marks, id=f"{way.id}-{column}-{value}")
    for way in WAYS
    for column, value, products in LOST
    if way.values[0] in products
]


@pytest.mark.parametrize(("product", "reader", "column", "value"), LOSING)
def test_values_that_would_be_lost_are_refused_with_their_row(
    product: str, reader: str, column: str, value: str, server: Database, blobs: Blobs
) -> None:
    rows: list[dict[str, Any]] = [dict(row) for row in ROWS]
    rows[9][column] = value
    fill_hard(server, product, rows)
    sql = SELECT + " order by number"
    with pytest.raises(Refusal) as refusal:
        read(server, reader, blobs, sql=sql)
    skip_where_not_installed(refusal.value.what)
    assert f"来源 hard，提取 case：第 10 行，列 {column} 的值不是" in refusal.value.what
    assert value not in str(refusal.value)
    assert_nothing_kept(blobs)


@pytest.mark.parametrize("reader", ["duckdb", "odbc", "connectorx", "sqlalchemy"])
@pytest.mark.parametrize(("column", "value"), [("day", "infinity"), ("at", "-infinity"), ("instant", "infinity")])
@pytest.mark.parametrize("product", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_infinity_is_no_date(
    product: str, reader: str, column: str, value: str, server: Database, blobs: Blobs
) -> None:
    fill_hard(server, product, [{"number": 1}, {"number": 2, column: value}])
    with pytest.raises(Refusal, match=r"读取失败|的值不是"):
        read(server, reader, blobs, sql=SELECT.partition(" where")[0])
    assert_nothing_kept(blobs)


@pytest.mark.parametrize("reader", ["odbc", "sqlalchemy"])
@pytest.mark.parametrize("kind", ["binary(3)", "bit(8)", "blob"])
@pytest.mark.parametrize("product", [pytest.param("mariadb", marks=pytest.mark.mariadb)])
def test_bytes_are_no_text(product: str, reader: str, kind: str, server: Database, blobs: Blobs) -> None:
    """Neither read as text nor, by a library that cannot, with the end of the process."""
    fill_hard(server, product)
    with server.owner() as connection:
        connection.exec_driver_sql(f"alter table hard drop column words, add column words {kind}")
        connection.exec_driver_sql("update hard set words = 'a'")
    with pytest.raises(Refusal, match="列 words"):
        read(server, reader, blobs)
    assert_nothing_kept(blobs)


def assert_nothing_kept(blobs: Blobs) -> None:
    kept = [path for path in Path(blobs.root).rglob("*") if path.is_file() and path.name != ".lock"]
    assert not kept
