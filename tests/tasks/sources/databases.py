"""The source systems' tables on three databases, with the column types such systems declare."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import sqlalchemy as sa

from tasks.demo import schema

TABLES = {name: table for name, table in vars(schema).items() if isinstance(table, sa.Table)}
BATCH = 2_000
Row = Mapping[str, str | None]


@dataclass(frozen=True)
class Database:
    """A database that a test fills and then reads through ``tasks.sources.database``."""

    url: str

    @property
    def product(self) -> str:
        return sa.make_url(self.url).get_backend_name()

    @contextmanager
    def owner(self) -> Iterator[sa.Connection]:
        """A connection of the source's owner, which may write."""
        engine = sa.create_engine(self.url)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    def name(self, name: str) -> str:
        """A name as the queries find it: PostgreSQL folds unquoted names to lower case, MariaDB keeps a table's."""
        return name.lower() if self.product == "postgresql" else name

    def create(self, table: str, *, instant: sa.types.TypeEngine[object] | None = None) -> sa.Table:
        """An empty table; ``instant`` is the type of its moments, where it is not the usual one."""
        made = sa.Table(
            self.name(table),
            sa.MetaData(),
            *(
                sa.Column(self.name(c.name), _kind(c.type, instant), primary_key=c.primary_key)
                for c in TABLES[table].columns
            ),
        )
        with self.owner() as connection:
            made.create(connection)
        return made

    def fill(self, table: str, rows: list[Row]) -> None:
        """Add rows; values are texts as a source system prints them."""
        names = list(rows[0])
        columns, places = ", ".join(names), ", ".join(f":{name}" for name in names)
        with self.owner() as connection:
            statement = sa.text(f"INSERT INTO {table} ({columns}) VALUES ({places})")
            for start in range(0, len(rows), BATCH):
                connection.execute(statement, list(islice(rows, start, start + BATCH)))

    def copy(self, file: Path) -> None:
        """Create and fill every table of a SQLite file."""
        with sqlite3.connect(file) as source:
            source.row_factory = sqlite3.Row
            for (table,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                made = self.create(table)
                rows = source.execute(f"SELECT * FROM {table}")
                if self.product == "postgresql":
                    self._copy_in(made, rows)
                else:
                    self.fill(table, [dict(row) for row in rows])

    def _copy_in(self, table: sa.Table, rows: sqlite3.Cursor) -> None:
        statement = f"COPY {table.name} FROM STDIN"
        with self.owner() as connection, connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(tuple(row))


def _kind(
    declared: sa.types.TypeEngine[object], instant: sa.types.TypeEngine[object] | None
) -> sa.types.TypeEngine[object]:
    """DATETIME is not known everywhere; the generic type becomes TIMESTAMP or DATETIME."""
    if isinstance(declared, sa.DATETIME):
        return instant or sa.DateTime()
    return declared
