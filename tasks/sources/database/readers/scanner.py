"""DuckDB's PostgreSQL scanner: binary COPY straight into columns, inside the source's one view.

Its MySQL twin is not used. Every ``mysql_query`` runs on a pooled session that is reset afterwards, so that neither a
view nor a limit can be kept from one question to the next, and a zero date comes back as no date at all.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy import Connection

from tasks.sources.database.readers.base import MYSQL, Answer, Question, ReaderFailure, Values, untrusted
from tasks.sources.database.readers.postgresql import importing, other_than_psycopg, written
from tasks.sources.database.readers.quiet import quietly
from tasks.sources.database.readers.texts import padded, restored
from tasks.sources.snapshot import SAFE

PACKAGE, EXTENSION = "duckdb_extension_postgres_scanner", "postgres_scanner.duckdb_extension"
KINDS = {"char", "text", "integer", "decimal", "date", "moment", "instant"}
# NaN would become 0 in a DECIMAL
AS_TEXT = frozenset({"decimal"})
FAILURES = (duckdb.Error, pa.ArrowException, OSError)
QUERY = "from postgres_query('source', ?)"


def extension() -> Path | None:
    """The scanner's file for this very version of DuckDB; nothing is fetched."""
    spec = find_spec(PACKAGE)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        file = Path(folder) / "extensions" / f"v{duckdb.__version__}" / EXTENSION
        if file.is_file():
            return file
    return None


def why_not(connection: Connection, questions: Sequence[Question]) -> str:
    """Why this source cannot be read that way; empty where it can."""
    if connection.dialect.name in MYSQL:
        return "每次查询另开会话，多次查询不能共用一个视图"
    if reason := other_than_psycopg(connection):
        return reason
    if extension() is None:
        return f"没有安装与 duckdb {duckdb.__version__} 同版本的 postgres_scanner"
    return untrusted(questions, lambda column: column.kind in KINDS)


class Scanner:
    """Answers through ``postgres_query`` in a transaction that imported the view."""

    shares = True

    def __init__(self, connection: Connection) -> None:
        self.name = f"DuckDB postgres {duckdb.__version__}"
        self._dialect = connection.dialect
        self._password = connection.engine.url.password
        # here and not in a frame, which the traceback of a refusal would keep alive
        self._rows: Iterator[Any] = iter(())
        statements = importing(connection)
        self._engine = duckdb.connect(config={**SAFE, "allow_persistent_secrets": "false", "threads": "1"})
        try:
            quietly(lambda: self._open(connection, statements), duckdb.Error, self._password)
        except ReaderFailure:
            self.close()
            raise

    def answer(self, question: Question, batch_rows: int) -> Answer:
        """Batches of columns; CHAR gets back the padding that the scanner takes off."""
        return Answer(tuple(c.name for c in question.columns), self._batches(question, batch_rows))

    def close(self) -> None:
        """End the transaction and the connection."""
        self._rows = iter(())
        # a transaction whose connection was cut would end the whole process if the engine were closed around it
        with suppress(duckdb.Error):
            self._engine.execute("rollback")
        self._engine.close()

    def _batches(self, question: Question, batch_rows: int) -> Iterator[Sequence[Values]]:
        sql = question.literal(self._dialect, as_text=AS_TEXT)
        self._rows = quietly(
            lambda: self._engine.execute(QUERY, [sql]).to_arrow_reader(batch_rows), FAILURES, self._password
        )
        while (batch := quietly(lambda: next(self._rows, None), FAILURES, self._password)) is not None:
            yield [
                padded(told, array) if told.kind != "decimal" else restored(told, array)
                for told, array in zip(question.columns, batch.columns, strict=True)
            ]

    def _open(self, connection: Connection, statements: Sequence[str]) -> None:
        from psycopg.conninfo import make_conninfo

        engine = self._engine
        engine.execute("set enable_progress_bar = false")
        engine.execute(written("load :file", file=str(extension())))
        _, options = connection.dialect.create_connect_args(connection.engine.url)
        told = {name: value for name, value in options.items() if name not in {"password", "context"}}
        secret = written("(type postgres, password :password)", password=str(self._password or ""))
        engine.execute("create temporary secret account " + secret)
        address = written(
            "attach :address as source (type postgres, secret account, read_only)", address=make_conninfo(**told)
        )
        engine.execute(address)
        engine.execute("begin")
        for statement in statements:
            engine.execute("call postgres_execute('source', ?)", [statement])
