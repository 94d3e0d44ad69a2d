"""Extracts from a database: one read-only view per source, streamed in batches by the quickest reader there is."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from sqlalchemy import URL, Connection, create_engine, make_url
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from tasks.sources.contract import Intake
from tasks.sources.database.account import account_notes
from tasks.sources.database.errors import reading_refusal
from tasks.sources.database.readers.base import BATCH_ROWS, MYSQL, Question, Reader, ReaderFailure, Values
from tasks.sources.database.readers.choice import chosen
from tasks.sources.database.readers.describe import described
from tasks.sources.database.session import Limits, begin_view, engine_options, prepare_engine
from tasks.sources.probe import Probe, probes, require_count
from tasks.sources.snapshot import Snapshot, write_parquet
from tasks.statement import bound, statement
from tasks.store import Blobs
from yearbook.catalog import Extract, Source
from yearbook.errors import Refusal
from yearbook.period import ReportYear

USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Asked:
    """A query of the catalogue and the year it is asked for.

    Attributes:
        file: The query's file, for messages.
        sql: Its text; the parameters are ``:year_start`` and ``:year_end`` or none.
        year: The year.
    """

    file: str
    sql: str
    year: ReportYear


@dataclass(frozen=True, slots=True)
class View:
    """A source as it stood at one moment.

    Attributes:
        connection: Holds the view, except where the reader has one of its own.
        source: The source.
        reader: The way it is read.
        notes: What the operator should know about the account and the reader.
        questions: What was announced, with the columns of the answers.
        batch_rows: Rows that are in memory at a time.
    """

    connection: Connection
    source: Source
    reader: Reader
    notes: tuple[str, ...]
    questions: dict[Asked, Question]
    batch_rows: int

    def question(self, asked: Asked) -> Question:
        """The question as it was announced, or described now."""
        if asked not in self.questions:
            self.questions[asked] = described(self.connection, question_of(self.connection, self.source, asked))
        return self.questions[asked]


def open_source(url: str, source: Source, limits: Limits = USUAL) -> Engine:
    """An engine for one source: no values in errors, read-only, repeatable reads where the database has them.

    Raises:
        Refusal: The URL is none, names no installed driver, or its SQLite file does not exist.
    """
    try:
        address = make_url(url)
        _require_escaped(address, source)
        _require_file(address, source)
        engine = create_engine(address, hide_parameters=True, **engine_options(address, limits))
    except (ArgumentError, ImportError) as error:
        raise Refusal(
            f"来源 {source.code}（{source.name}）的数据库地址不可用：{type(error).__name__}",
            todo="核对地址：开头写 postgresql+psycopg:// 或 mysql+pymysql://，其他数据库先装驱动（见 docs/how-to.md）",
        ) from error
    prepare_engine(engine)
    return engine


@contextmanager
def one_view(
    engine: Engine,
    source: Source,
    asked: Sequence[Asked] = (),
    *,
    probed: Sequence[Asked] = (),
    reader: str = "",
    limits: Limits = USUAL,
    batch_rows: int = BATCH_ROWS,
) -> Iterator[View]:
    """One transaction in which every query of the run sees the same rows, and in which nothing can be written.

    Args:
        engine: From ``open_source``.
        source: The source.
        asked: Everything that will be read; it decides which readers can. Where nothing is announced SQLAlchemy reads.
        probed: The questions that the source answers about itself, one a year.
        reader: The reader that the agency's file names; empty for the quickest one that can.
        limits: How long the source may take.
        batch_rows: Rows that are in memory at a time.

    Raises:
        Refusal: The database cannot be reached, a query fails, or the named reader cannot be used.
    """
    try:
        with engine.connect() as connection, connection.begin():
            view = _begun(connection, source, asked, probed, reader, limits, batch_rows)
            try:
                yield view
            finally:
                # before the connection goes back: what the reader reads hangs on it
                view.reader.close()
    except (SQLAlchemyError, ReaderFailure) as error:
        raise reading_refusal(source, error) from error
    finally:
        engine.dispose()


def _begun(
    connection: Connection,
    source: Source,
    asked: Sequence[Asked],
    probed: Sequence[Asked],
    reader: str,
    limits: Limits,
    batch_rows: int,
) -> View:
    session = begin_view(connection, source, limits, len(asked))
    notes = account_notes(connection)
    # a view that several connections share is probed through SQLAlchemy
    through_reader = (*asked, *(probed if connection.dialect.name in MYSQL else ()))
    questions = {one: described(connection, question_of(connection, source, one)) for one in through_reader}
    wanted = reader if asked else "sqlalchemy"
    opened, more = chosen(connection, source, session, tuple(questions.values()), wanted=wanted)
    return View(connection, source, opened, notes + more, questions, batch_rows)


def probe_source(view: View, asked: Asked) -> dict[str, Probe]:
    """Ask the source about itself, in the view that is read.

    Raises:
        Refusal: The answer is not what a probe's must be.
    """
    question = view.question(asked)
    if view.reader.shares:
        result = view.connection.execute(question.query, dict(question.parameters))
        return probes(view.source, tuple(result.keys()), result.all())
    answer = view.reader.answer(question, view.batch_rows)
    rows = [row for batch in answer.batches for row in zip(*map(_plain, batch), strict=True)]
    return probes(view.source, answer.names, rows)


def extract_query(view: View, extract: Extract, asked: Asked, *, blobs: Blobs, probe: Probe | None = None) -> Snapshot:
    """Run one extract's query and write its snapshot.

    Args:
        view: The source's one view.
        extract: The contract.
        asked: The query and its year.
        blobs: Where the snapshot goes.
        probe: What the source announced; the snapshot must have as many rows.

    Raises:
        Refusal: The answer's columns differ from the contract, a value does not fit, or rows are missing.
    """
    source = view.source
    question = view.question(asked)
    place = f"来源 {source.code}，提取 {extract.code}"
    if question.columns:
        _require_columns(place, tuple(column.name for column in question.columns), extract)
    answer = view.reader.answer(question, view.batch_rows)
    _require_columns(place, answer.names, extract)
    intake = Intake(extract, source.timezone, place)

    def batches() -> Iterator[pa.RecordBatch]:
        yield from (intake.batch(columns) for columns in answer.batches)
        # before the file gets its name: a snapshot that lacks rows must not be there at all
        require_count(place, intake.row_count, probe)

    digest = write_parquet(extract, intake.schema, batches(), blobs)
    return Snapshot(
        extract=extract,
        year=asked.year,
        digest=digest,
        path=blobs.path(digest),
        row_count=intake.row_count,
        normalised=intake.normalised(),
        reader=view.reader.name,
        notes=view.notes,
        probe=probe,
    )


def question_of(connection: Connection, source: Source, asked: Asked) -> Question:
    """The query with the year's limits as the database compares them.

    Raises:
        Refusal: The query names a parameter that nobody knows.
    """
    # the query is asked as a part of another one, where a semicolon may not stand
    query = statement(asked.sql.rstrip().removesuffix(";"))
    try:
        return Question(query, bound(query, _limits(asked.year, source.timezone, dialect=connection.dialect.name)))
    except KeyError as error:
        raise Refusal(
            f"查询 {asked.file} 用了不认识的参数 {error.args[0]}",
            todo="参数只有 :year_start 和 :year_end，更正该查询",
        ) from error


def _plain(values: Values) -> Sequence[Any]:
    return values.to_pylist() if isinstance(values, pa.Array) else values


def _limits(year: ReportYear, timezone: str, *, dialect: str) -> dict[str, datetime | str]:
    """The year's limits in the source's zone; SQLite keeps time as text and compares text."""
    zone = ZoneInfo(timezone)
    limits = {"year_start": year.start, "year_end": year.end}
    naive = {name: limit.astimezone(zone).replace(tzinfo=None) for name, limit in limits.items()}
    if dialect == "sqlite":
        return {name: limit.isoformat(sep=" ", timespec="seconds") for name, limit in naive.items()}
    return dict(naive)


def _require_columns(place: str, found: tuple[str, ...], extract: Extract) -> None:
    wanted = tuple(column.name for column in extract.columns)
    if tuple(name.lower() for name in found) != wanted:
        raise Refusal(
            f"{place}：查询给出的列 {'、'.join(found)} 与契约 {'、'.join(wanted)} 不一致",
            todo=f"更正 sql/{extract.source}/extract/{extract.code}.sql 或 sql/sources.toml",
        )


def _require_escaped(address: URL, source: Source) -> None:
    """A password with a bare ``@`` would end up in the host's name, and in every message about that host."""
    if "@" in (address.host or ""):
        raise Refusal(
            f"来源 {source.code}（{source.name}）的数据库地址里，口令含有没有转义的 @",
            todo="口令里的 @、:、/、% 写成 %40、%3A、%2F、%25",
        )


def _require_file(address: URL, source: Source) -> None:
    """SQLite would create a missing file and answer from an empty database."""
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise Refusal(
            f"来源 {source.code}（{source.name}）的数据库文件不存在：{address.database}",
            todo="请提供者放回该文件，或更正机构文件中的 url；演示机构可重新执行 yearbook demo",
        )
