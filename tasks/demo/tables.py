"""Writing whole tables into a SQLite file."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

from numpy import ndarray
from sqlalchemy import Index, Table, insert
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

# a file that is half-built is thrown away anyway; large pages, because rows only ever come in order
_SETTINGS = (
    "PRAGMA page_size=32768",
    "PRAGMA cache_size=-65536",
    "PRAGMA journal_mode=OFF",
    "PRAGMA synchronous=OFF",
    "PRAGMA locking_mode=EXCLUSIVE",
)
# many rows in one statement: the cost is in the calls, not in the cells
_BATCH = 64

Values = Any
"""A numpy array, a list, or one text that is the same in every row."""


@contextmanager
def database(path: Path) -> Iterator[sqlite3.Connection]:
    """A new SQLite file, written without journal."""
    connection = sqlite3.connect(path)
    try:
        for setting in _SETTINGS:
            connection.execute(setting)
        yield connection
        connection.commit()
    finally:
        connection.close()


def write_table(connection: sqlite3.Connection, table: Table, columns: list[Values]) -> None:
    """Create a table and fill it.

    Args:
        connection: an open database.
        table: the table.
        columns: the values, in the order of the table's columns; the first is no constant.
    """
    dialect = sqlite.dialect()
    connection.execute(str(CreateTable(table).compile(dialect=dialect)))
    first, *others = (_cells(column) for column in columns)
    rows = len(first)
    cells = chain.from_iterable(zip(first, *others, strict=False))
    blank = dict.fromkeys(table.columns.keys())
    for times, size in ((rows // _BATCH, _BATCH), (rows % _BATCH, 1)):
        statement = str(insert(table).values([blank] * size).compile(dialect=dialect))
        batches = repeat(size * len(columns), times)
        connection.executemany(statement, (tuple(islice(cells, width)) for width in batches))


def write_index(connection: sqlite3.Connection, index: Index) -> None:
    """Create an index; sorting once, after all rows are in, is far cheaper than keeping it up."""
    dialect = sqlite.dialect()
    connection.execute(str(CreateIndex(index).compile(dialect=dialect)))


def _cells(column: Values) -> Any:
    if isinstance(column, str):
        return repeat(column)
    return column.tolist() if isinstance(column, ndarray) else column
