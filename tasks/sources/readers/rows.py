"""SQLAlchemy: every database it knows, row by row, and the connection that holds the view."""

from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import version
from typing import Any

from sqlalchemy import Connection, CursorResult

from tasks.sources.readers.base import Answer, Question, Values


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
            # nothing to stream from: the driver's own tuples, a fifth of the time cheaper than result rows
            plain = self._connection.execute(question.query, question.parameters)
            blocks: Iterable[Sequence[Any]] = iter(lambda: plain.cursor.fetchmany(batch_rows), [])
            return Answer(tuple(plain.keys()), map(_transposed, blocks))
        options = {"yield_per": batch_rows}
        result = self._connection.execute(question.query, dict(question.parameters), execution_options=options)
        return Answer(tuple(result.keys()), self._streamed(result, batch_rows))

    def close(self) -> None:
        """The connection belongs to the view; rows that nobody wants any more are not fetched."""
        left = getattr(getattr(self._open, "cursor", None), "_result", None)
        if getattr(left, "unbuffered_active", False):
            # PyMySQL would read the rest of the answer before it lets go of the connection
            left.unbuffered_active = False
            self._connection.invalidate()
        self._open = None

    def _streamed(self, result: CursorResult[Any], batch_rows: int) -> Iterator[Sequence[Values]]:
        self._open = result
        # partitions() without a size would hand out single rows
        yield from map(_transposed, result.partitions(batch_rows))
        self._open = None


def _transposed(rows: Sequence[Any]) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True))
