"""ODBC through arrow-odbc: columns in bulk, with the driver that the machine has for the product.

MariaDB's driver keeps a whole answer in memory before it hands over the first row; it is only chosen where the server
estimates that the answers are small enough.
"""

import ctypes
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from math import prod
from typing import Any

from sqlalchemy import Connection

from tasks.sources.database.readers.base import MYSQL, TEXT_FORMS, Answer, Question, ReaderFailure, Values, untrusted
from tasks.sources.database.readers.postgresql import importing
from tasks.sources.database.readers.quiet import quietly
from tasks.sources.database.readers.texts import restored

DRIVERS = {
    "postgresql": ("PostgreSQL Unicode", "PostgreSQL Unicode(x64)"),
    "mysql": ("MariaDB Unicode", "MariaDB ODBC 3.2 Driver", "MariaDB ODBC 3.1 Driver"),
}
OPTIONS = {
    # a cursor on the server, so that the answer does not have to fit into memory
    # (the last semicolon belongs to it: the account is added behind)
    "postgresql": "UseDeclareFetch=1;Fetch=5000;MaxVarcharSize=4096;",
    "mysql": "",
}
# what would end a part of a connection string
SPECIAL = frozenset(";{}=")
LIBRARY, NAMES = "libodbcinst.so.2", 16_384
KINDS = {"char", "text", *TEXT_FORMS}
AS_TEXT = frozenset(TEXT_FORMS)
MAX_WIDTH, MAX_BATCH_BYTES, MAX_ANSWER_BYTES = 4_000, 64 * 2**20, 2 * 2**30
# what one value takes in the driver's memory: its text up to here, and a pointer
CELL, POINTER = 64, 16


@cache
def installed() -> tuple[str, ...]:
    """Names of the ODBC drivers that this machine has."""
    try:
        library = ctypes.CDLL(LIBRARY)
    except OSError:
        return ()
    buffer, length = ctypes.create_string_buffer(NAMES), ctypes.c_ushort()
    if not library.SQLGetInstalledDrivers(buffer, NAMES, ctypes.byref(length)):
        return ()
    return tuple(name.decode() for name in buffer.raw[: length.value].split(b"\0") if name)


def driver(connection: Connection) -> str:
    """The installed driver for the database's product; empty where there is none."""
    product = "mysql" if connection.dialect.name in MYSQL else connection.dialect.name
    return next((name for name in DRIVERS.get(product, ()) if name in installed()), "")


def why_not(connection: Connection, questions: Sequence[Question]) -> str:
    """Why this source cannot be read that way; empty where it can."""
    url = connection.engine.url
    if find_spec("arrow_odbc") is None:
        return "没有安装 arrow-odbc"
    if not driver(connection):
        return "没有安装该产品的 ODBC 驱动"
    if not url.host or set(url.query) - {"options", "charset"} or SPECIAL.intersection(url.host + (url.database or "")):
        return "地址中有 ODBC 不认识的写法"
    return untrusted(questions, lambda column: _fits(column.kind, column.width))


def too_large(connection: Connection, questions: Sequence[Question]) -> str:
    """Why the answers should not be held in memory, by the server's own estimate; empty where they may."""
    if connection.dialect.name not in MYSQL:
        return ""
    for question in questions:
        cells = sum(min(c.width, CELL) + POINTER for c in question.columns)
        if _estimate(connection, question) * cells > MAX_ANSWER_BYTES:
            return "驱动把整个结果放在内存中，估计超过 2 GB"
    return ""


class Odbc:
    """Answers through an ODBC connection: with the imported view on PostgreSQL, with its own on MySQL and MariaDB."""

    def __init__(self, connection: Connection, session: Sequence[str], questions: Sequence[Question]) -> None:
        self.name = f"arrow-odbc {version('arrow-odbc')} + {driver(connection)}"
        self._dialect = connection.dialect
        self._password = connection.engine.url.password
        self.shares = connection.dialect.name not in MYSQL
        self._odbc: Any = None
        # here and not in a frame, which the traceback of a refusal would keep alive, and the server's locks with it
        self._rows: Iterator[Any] = iter(())
        if self.shares:
            start, *others = importing(connection)
            # in one message: the driver would put a savepoint in between, and a savepoint is a query
            session = ("begin isolation level repeatable read read only; " + start, *others)
        try:
            self._call(lambda: self._open(connection))
            for statement in session:
                self._call(lambda statement=statement: list(self._read(statement, 1)))
            if not self.shares:
                self._require_no_bytes(questions)
        except ReaderFailure:
            self.close()
            raise

    def answer(self, question: Question, batch_rows: int) -> Answer:
        """Batches of columns; numbers and times travel as text."""
        names = tuple(c.name for c in question.columns)
        return Answer(names, self._batches(question.literal(self._dialect, as_text=AS_TEXT), question, batch_rows))

    def close(self) -> None:
        """Give the connection back; its transaction ends with it."""
        self._rows = iter(())
        self._odbc = None

    def _batches(self, sql: str, question: Question, batch_rows: int) -> Iterator[Sequence[Values]]:
        self._rows = self._call(lambda: self._read(sql, batch_rows))
        while (batch := self._call(lambda: next(self._rows, None))) is not None:
            yield [restored(told, array) for told, array in zip(question.columns, batch.columns, strict=True)]

    def _open(self, connection: Connection) -> None:
        from arrow_odbc import connect

        url = connection.engine.url
        product = "postgresql" if self.shares else "mysql"
        parts = {"Server": url.host, "Port": url.port, "Database": url.database}
        told = "".join(f"{name}={value};" for name, value in parts.items() if value is not None)
        told = f"Driver={{{driver(connection)}}};{told}{OPTIONS[product]}"
        self._odbc = connect(told, user=url.username, password=str(url.password or ""))

    def _read(self, sql: str, batch_rows: int) -> Any:
        return self._odbc.read_arrow_batches(
            sql,
            batch_size=batch_rows,
            max_bytes_per_batch=MAX_BATCH_BYTES,
            max_text_size=MAX_WIDTH,
            fetch_concurrently=False,
        )

    def _require_no_bytes(self, questions: Sequence[Question]) -> None:
        """BINARY columns announce themselves as text everywhere else, and arrow-odbc ends the process at their rows."""
        for question in questions:
            sql = question.literal(self._dialect, limit=0)
            schema = self._call(lambda sql=sql: self._read(sql, 1).schema)
            if wrong := [field.name for field in schema if "binary" in str(field.type)]:
                raise ReaderFailure(f"列 {'、'.join(wrong)} 是二进制")

    def _call(self, call: Any) -> Any:
        from arrow_odbc import Error

        return quietly(call, Error, self._password)


def _fits(kind: str, width: int) -> bool:
    return kind in KINDS and (kind not in {"char", "text"} or 0 < width <= MAX_WIDTH)


def _estimate(connection: Connection, question: Question) -> int:
    """Rows that the server expects to look at."""
    plan = connection.exec_driver_sql("explain " + question.literal(connection.dialect)).mappings().all()
    steps: dict[Any, list[int]] = {}
    for step in plan:
        steps.setdefault(step["id"], []).append(int(step["rows"] or 1))
    return sum(prod(rows) for rows in steps.values())
