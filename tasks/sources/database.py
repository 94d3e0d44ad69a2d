"""Extracts from a database through SQLAlchemy: one read-only transaction per source, streamed in batches."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Connection, TextClause, create_engine, event, make_url, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from tasks.sources.contract import Intake
from tasks.sources.snapshot import Snapshot, write_parquet
from tasks.statement import bound, statement
from tasks.store import Blobs
from yearbook.catalog import Extract, Source
from yearbook.errors import Refusal
from yearbook.period import ReportYear

BATCH_ROWS = 50_000
CONNECT_SECONDS = 15


def open_source(url: str, source: Source) -> Engine:
    """An engine for one source: no values in errors, read-only, repeatable reads where the database has them.

    Raises:
        Refusal: The URL is none, names no installed driver, or its SQLite file does not exist.
    """
    try:
        address = make_url(url)
        _require_file(address, source)
        engine = create_engine(address, hide_parameters=True, pool_pre_ping=True, **_options(address))
    except (ArgumentError, ImportError) as error:
        raise Refusal(
            f"来源 {source.code}（{source.name}）的数据库地址不可用：{type(error).__name__}",
            todo="核对机构文件中的 url，并安装所需驱动（见 docs/how-to.md）",
        ) from error
    match engine.dialect.name:
        case "sqlite":
            event.listen(engine, "connect", _sqlite_read_only)
            event.listen(engine, "begin", _sqlite_begin)
        case "mysql" | "mariadb":
            event.listen(engine, "connect", _mysql_session(source.timezone))
    return engine


@contextmanager
def one_view(engine: Engine, source: Source) -> Iterator[Connection]:
    """One transaction in which every query of the run sees the same rows, and in which nothing can be written.

    Raises:
        Refusal: The database cannot be reached, or a query fails.
    """
    try:
        with engine.connect() as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET TRANSACTION READ ONLY"))
                # columns that keep instants are compared in the session's zone; it must be the source's
                connection.execute(text("SELECT set_config('TimeZone', :zone, true)"), {"zone": source.timezone})
            yield connection
    except SQLAlchemyError as error:
        raise Refusal(
            f"来源 {source.code}（{source.name}）读取失败：{_reason(error)}",
            todo=f"核对数据库是否可达、表和列是否改名（sql/{source.code}/extract/），再重新运行",
        ) from error
    finally:
        engine.dispose()


def extract_query(
    connection: Connection, source: Source, extract: Extract, sql: str, *, year: ReportYear, blobs: Blobs
) -> Snapshot:
    """Run one extract's query and write its snapshot.

    Args:
        connection: The source's one view.
        source: The source.
        extract: The contract.
        sql: Text of the query; its parameters are ``:year_start`` and ``:year_end`` or none.
        year: Year of the rows.
        blobs: Where the snapshot goes.

    Raises:
        Refusal: The answer's columns differ from the contract, or a value does not fit.
    """
    query = statement(sql)
    try:
        parameters = bound(query, _limits(year, source.timezone, dialect=connection.dialect.name))
    except KeyError as error:
        raise Refusal(
            f"查询 sql/{extract.source}/extract/{extract.code}.sql 用了不认识的参数 {error.args[0]}",
            todo="参数只有 :year_start 和 :year_end，更正该查询",
        ) from error
    names, blocks = _answer(connection, query, parameters)
    place = f"来源 {source.code}，提取 {extract.code}"
    _require_columns(place, names, extract)
    intake = Intake(extract, source.timezone, place)
    batches = (intake.batch(_transposed(rows, extract)) for rows in blocks)
    digest = write_parquet(extract, intake.schema, batches, blobs)
    return Snapshot(
        extract=extract,
        year=year,
        digest=digest,
        path=blobs.path(digest),
        row_count=intake.row_count,
        normalised=intake.normalised(),
    )


def _answer(
    connection: Connection, query: TextClause, parameters: Mapping[str, Any]
) -> tuple[tuple[str, ...], Iterable[Sequence[Any]]]:
    """Column names and blocks of rows, streamed from the server where the driver can."""
    if connection.dialect.name == "sqlite":
        # nothing to stream from: the driver's own tuples, a fifth of the time cheaper than result rows
        plain = connection.execute(query, parameters)
        return tuple(plain.keys()), iter(lambda: plain.cursor.fetchmany(BATCH_ROWS), [])
    result = connection.execution_options(yield_per=BATCH_ROWS).execute(query, parameters)
    # partitions() without a size would hand out single rows
    return tuple(result.keys()), result.partitions(BATCH_ROWS)


def _transposed(rows: Sequence[Any], extract: Extract) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) or [()] * len(extract.columns)


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


def _require_file(address: URL, source: Source) -> None:
    """SQLite would create a missing file and answer from an empty database."""
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise Refusal(
            f"来源 {source.code}（{source.name}）的数据库文件不存在：{address.database}",
            todo="请提供者放回该文件，或更正机构文件中的 url；演示机构可重新执行 yearbook demo",
        )


def _options(address: URL) -> dict[str, Any]:
    match address.get_backend_name():
        case "postgresql":
            return {"isolation_level": "REPEATABLE READ", "connect_args": {"connect_timeout": CONNECT_SECONDS}}
        case "mysql" | "mariadb":
            return {"isolation_level": "REPEATABLE READ", "connect_args": {"connect_timeout": CONNECT_SECONDS}}
    return {}


def _sqlite_read_only(connection: Any, _record: object) -> None:
    # the driver would begin a transaction only at the first write; reads must share one as well
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")


def _mysql_session(timezone: str) -> Callable[[Any, object], None]:
    """Read-only, and TIMESTAMP columns in the source's zone, by offset: servers seldom have the table of zones."""
    offset = datetime(2000, 1, 1, tzinfo=ZoneInfo(timezone)).strftime("%z")

    def prepare(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET SESSION TRANSACTION READ ONLY")
            cursor.execute("SET SESSION time_zone = %s", (f"{offset[:3]}:{offset[3:]}",))

    return prepare


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _reason(error: SQLAlchemyError) -> str:
    """The driver's own first line, without statement and parameters."""
    original = getattr(error, "orig", None) or error
    lines = str(original).strip().splitlines() or [type(original).__name__]
    return lines[0].rstrip(".")
