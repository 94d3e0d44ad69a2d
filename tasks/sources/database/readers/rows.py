"""SQLAlchemy: every database it knows, row by row, and the connection that holds the view."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from typing import Any

import pyarrow as pa
from sqlalchemy import Connection, CursorResult

from tasks.sources.database.readers.base import TEXT_FORMS, Answer, Described, Question, Values
from tasks.sources.database.readers.describe import MYSQL_TEXT_FORMS
from tasks.sources.database.readers.texts import restored

SQLITE_ROWS = 5_000


class Rows:
    """Answers through the connection itself."""

    shares = True

    def __init__(self, connection: Connection) -> None:
        self.name = f"SQLAlchemy {version('sqlalchemy')} + {connection.dialect.driver}"
        self._connection = connection
        self._open: CursorResult[Any] | None = None

    def answer(self, question: Question, batch_rows: int) -> Answer:
        """Batches of columns, streamed from the server where the driver can."""
        if self._connection.dialect.name == "sqlite":
            # nothing to stream from: the driver's own tuples, a fifth of the time cheaper than result rows, in blocks
            # that still lie in the processor's cache when they are turned into columns
            few = min(batch_rows, SQLITE_ROWS)
            plain = self._connection.execute(question.query, question.parameters)
            blocks: Iterable[Sequence[Any]] = iter(lambda: plain.cursor.fetchmany(few), [])
            return Answer(tuple(plain.keys()), map(_transposed, blocks))
        options = {"yield_per": batch_rows}
        with self._as_sent(question) as as_sent:
            result = self._connection.execute(question.query, dict(question.parameters), execution_options=options)
        return Answer(tuple(result.keys()), self._streamed(result, batch_rows, question.columns if as_sent else ()))

    @contextmanager
    def _as_sent(self, question: Question) -> Iterator[bool]:
        """PyMySQL makes numbers and times out of text one by one in Python; a column at a time is quicker."""
        driver: Any = self._connection.connection.dbapi_connection
        if self._connection.dialect.driver != "pymysql" or not question.columns:
            yield False
            return
        before = driver.decoders
        driver.decoders = {code: decode for code, decode in before.items() if code not in MYSQL_TEXT_FORMS}
        try:
            yield True
        finally:
            driver.decoders = before

    def close(self) -> None:
        """The connection belongs to the view; rows that nobody wants any more are not fetched."""
        left: Any = getattr(getattr(self._open, "cursor", None), "_result", None)
        if left is not None and getattr(left, "unbuffered_active", False):
            # PyMySQL would read the rest of the answer before it lets go of the connection
            left.unbuffered_active = False
            self._connection.invalidate()
        self._open = None

    def _streamed(
        self, result: CursorResult[Any], batch_rows: int, as_sent: Sequence[Described]
    ) -> Iterator[Sequence[Values]]:
        self._open = result
        # partitions() without a size would hand out single rows
        for rows in result.partitions(batch_rows):
            columns = _transposed(rows)
            yield (
                [
                    restored(told, pa.array(values, pa.string())) if told.kind in TEXT_FORMS else values
                    for told, values in zip(as_sent, columns, strict=True)
                ]
                if as_sent
                else columns
            )
        self._open = None


def _transposed(rows: Sequence[Any]) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True))
