"""What every way of reading a database has in common: questions, described columns, answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeAlias

import pyarrow as pa
from sqlalchemy import TIMESTAMP, ColumnElement, Dialect, String, TextClause, bindparam, cast, column, select
from sqlalchemy.types import UserDefinedType

Values: TypeAlias = Sequence[Any] | pa.Array
"""One column of one batch, as the driver's own values or as an Arrow array."""

BATCH_ROWS = 50_000
MYSQL = frozenset({"mysql", "mariadb"})
# Kinds of columns that a value can be read from as text without losing anything.
TEXT_FORMS = {"integer", "decimal", "date", "moment", "instant"}
# longer than any number of 38 digits and any moment
TEXT_WIDTH = 64


class ReaderFailure(Exception):
    """A fast reader could not go on; the text is the library's own, without passwords and on one line."""


@dataclass(frozen=True, slots=True)
class Described:
    """One column of an answer, as the database announces it.

    Attributes:
        name: As the driver returns it.
        kind: ``char``, ``text``, ``integer``, ``decimal``, ``date``, ``moment``, ``instant`` (with a zone), or
            ``other`` for what only the driver's own values are trusted for.
        width: Characters of a ``char`` or ``text``, digits of a ``decimal``; 0 where the database sets no limit.
        scale: Decimals of a ``decimal``.
    """

    name: str
    kind: str
    width: int = 0
    scale: int = 0


class Limit(UserDefinedType[datetime]):
    """A limit of the year as a literal, for readers that cannot bind parameters."""

    cache_ok = True

    def literal_processor(self, dialect: Dialect) -> Any:  # noqa: ARG002
        """``TIMESTAMP '…'`` is the one form that PostgreSQL, MySQL and MariaDB share."""
        return lambda value: f"TIMESTAMP '{value.isoformat(sep=' ', timespec='seconds')}'"


@dataclass(frozen=True, slots=True)
class Question:
    """A query of the catalogue with the year's limits.

    Attributes:
        query: The statistician's text.
        parameters: The limits that it names.
        columns: What the database says about the answer; empty until it was asked.
    """

    query: TextClause
    parameters: Mapping[str, Any]
    columns: tuple[Described, ...] = ()

    def literal(self, dialect: Dialect, *, as_text: frozenset[str] = frozenset(), limit: int | None = None) -> str:
        """The query with the limits of the year written into it.

        Args:
            dialect: The database's.
            as_text: Kinds whose columns the server hands over as text.
            limit: Rows at most.
        """
        # parameters by name: no per cent sign of the query is doubled
        made: Callable[..., Dialect] = type(dialect)
        plain = made(paramstyle="named")
        query = self.query.bindparams(*(bindparam(n, v, type_=Limit()) for n, v in self.parameters.items()))
        if limit is None and not any(c.kind in as_text for c in self.columns):
            return str(query.compile(dialect=plain, compile_kwargs={"literal_binds": True}))
        inner = query.columns(*(column(c.name) for c in self.columns)).subquery("answer")
        wanted = [_as_text(c, inner.c[c.name]) if c.kind in as_text else inner.c[c.name] for c in self.columns]
        return str(select(*wanted).limit(limit).compile(dialect=plain, compile_kwargs={"literal_binds": True}))


def _as_text(told: Described, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """An instant first becomes the time that a clock in the session's zone, which is the source's, showed."""
    plain = cast(value, TIMESTAMP()) if told.kind == "instant" else value
    return cast(plain, String(TEXT_WIDTH)).label(told.name)


@dataclass(frozen=True, slots=True)
class Answer:
    """Column names and batches of columns, in the order of the query."""

    names: tuple[str, ...]
    batches: Iterator[Sequence[Values]]


def untrusted(questions: Sequence[Question], fits: Callable[[Described], bool]) -> str:
    """Why a reader's values could differ from the driver's own, naming the columns; empty where none could."""
    others = [c.name for question in questions for c in question.columns if not fits(c)]
    return f"列 {'、'.join(others)} 的类型不能保证逐值一致" if others else ""


class Reader(Protocol):
    """One way to read, inside one view.

    Attributes:
        name: Library and version, as the run notes it.
        shares: True where the SQLAlchemy connection sees the same view.
    """

    name: str
    shares: bool

    def answer(self, question: Question, batch_rows: int) -> Answer:
        """Ask and hand over the answer batch by batch.

        Raises:
            ReaderFailure: The library or the database failed; SQLAlchemy raises its own errors.
        """

    def close(self) -> None:
        """Give back what was opened."""
