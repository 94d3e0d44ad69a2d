"""connectorx on PostgreSQL: a connection of its own for every question, each with the imported view."""

from collections.abc import Iterator, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any
from urllib.parse import quote

import pyarrow as pa
from sqlalchemy import Connection

from tasks.sources.database.readers.base import MYSQL, Answer, Question, Values, untrusted
from tasks.sources.database.readers.postgresql import importing, options, other_than_psycopg
from tasks.sources.database.readers.quiet import quietly
from tasks.sources.database.readers.texts import restored

KINDS = {"char", "text", "integer", "decimal", "date", "moment", "instant"}
# it would cut a number after ten decimals
AS_TEXT = frozenset({"decimal"})
PORT = 5432
BEGIN = "begin isolation level repeatable read read only"
FAILURES = (RuntimeError, ValueError, pa.ArrowException, OSError)


def why_not(connection: Connection, questions: Sequence[Question]) -> str:
    """Why this source cannot be read that way; empty where it can."""
    url = connection.engine.url
    if find_spec("connectorx") is None:
        return "没有安装 connectorx"
    if connection.dialect.name in MYSQL:
        return "每次查询另开连接，多次查询不能共用一个视图"
    if reason := other_than_psycopg(connection):
        return reason
    if not url.host or set(url.query) - {"options"}:
        return "地址中有 connectorx 不认识的写法"
    return untrusted(questions, lambda column: column.kind in KINDS)


class Connector:
    """Answers through ``arrow_stream``."""

    shares = True

    def __init__(self, connection: Connection) -> None:
        self.name = f"connectorx {version('connectorx')}"
        self._dialect = connection.dialect
        self._url = connection.engine.url
        # here and not in a frame, which the traceback of a refusal would keep alive
        self._rows: Iterator[Any] = iter(())
        self._options = options(connection)
        self._before = [BEGIN, *importing(connection)]

    def answer(self, question: Question, batch_rows: int) -> Answer:
        """Batches of columns."""
        return Answer(tuple(c.name for c in question.columns), self._batches(question, batch_rows))

    def close(self) -> None:
        """Its connections end with their answers."""
        self._rows = iter(())

    def _batches(self, question: Question, batch_rows: int) -> Iterator[Sequence[Values]]:
        sql = question.literal(self._dialect, as_text=AS_TEXT)
        self._rows = self._call(lambda: self._read(sql, batch_rows))
        while (batch := self._call(lambda: next(self._rows, None))) is not None:
            yield [restored(told, array) for told, array in zip(question.columns, batch.columns, strict=True)]

    def _read(self, sql: str, batch_rows: int) -> Any:
        import connectorx

        return iter(
            connectorx.read_sql(
                self._address(),
                sql,
                return_type="arrow_stream",
                pre_execution_query=self._before,
                batch_size=batch_rows,
            )
        )

    def _address(self) -> str:
        """Everything escaped the way its parser reads: a plus sign is no blank there."""
        url = self._url
        parts = [quote(str(part or ""), safe="") for part in (url.username, url.password, url.database, self._options)]
        user, password, name, options = parts
        return f"postgresql://{user}:{password}@{url.host}:{url.port or PORT}/{name}?options={options}"

    def _call(self, call: Any) -> Any:
        return quietly(call, FAILURES, self._url.password)
