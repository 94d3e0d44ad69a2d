"""How a session on a source is set up: read-only, one view, the source's zone, and limits that the server keeps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Connection, event, text
from sqlalchemy.engine import Engine

from tasks.sources.database.readers.base import MYSQL
from tasks.sources.database.readers.postgresql import written
from yearbook.catalog import Source

POSTGRESQL_SETTING = text("select set_config(:name, :value, true)")
MILLISECONDS = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a source may take.

    Attributes:
        connect_seconds: Until a connection stands.
        statement_seconds: For one statement, its rows included.
        lock_seconds: For a lock that somebody else holds.
    """

    connect_seconds: int = 15
    statement_seconds: int = 1_800
    lock_seconds: int = 30


def engine_options(address: URL, limits: Limits) -> dict[str, Any]:
    """Options of the engine: repeatable reads, and no waiting for a network that is gone."""
    match address.get_backend_name():
        case "postgresql":
            # libpq's names, which every driver of PostgreSQL here passes on
            alive = {"keepalives_idle": 60, "keepalives_interval": 10, "keepalives_count": 6}
            connect = {"connect_timeout": limits.connect_seconds, **alive}
            return {"isolation_level": "REPEATABLE READ", "connect_args": connect}
        case "mysql" | "mariadb":
            # the server ends a statement first; the driver's limit is for a server that says nothing any more
            patience = limits.statement_seconds + limits.connect_seconds
            connect = {"connect_timeout": limits.connect_seconds, "read_timeout": patience}
            return {"isolation_level": "REPEATABLE READ", "connect_args": connect}
        case "sqlite":
            return {"connect_args": {"timeout": limits.lock_seconds}}
    return {}


def prepare_engine(engine: Engine) -> None:
    """What has to happen on every new SQLite connection."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _sqlite_read_only)
        event.listen(engine, "begin", _sqlite_begin)


def begin_view(connection: Connection, source: Source, limits: Limits, questions: int) -> Sequence[str]:
    """Make the transaction the source's one view.

    Args:
        connection: Connected, its transaction not used yet.
        source: The source.
        limits: How long it may take.
        questions: How many questions will be asked, for the time that this session may wait for another one.

    Returns:
        The statements that give another session the same set-up and a view of its own; none for PostgreSQL, whose
        view is handed on.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("set transaction read only"))
        for name, value in _postgresql_settings(source, limits, questions).items():
            connection.execute(POSTGRESQL_SETTING, {"name": name, "value": value})
        return ()
    if connection.dialect.name in MYSQL:
        statements = _mysql_statements(connection, source, limits)
        for statement in statements:
            connection.exec_driver_sql(statement)
        return statements
    return ()


def _postgresql_settings(source: Source, limits: Limits, questions: int) -> dict[str, str]:
    statement = limits.statement_seconds * MILLISECONDS
    return {
        # columns that keep instants are compared in the session's zone; it must be the source's
        "TimeZone": source.timezone,
        "statement_timeout": str(statement),
        "lock_timeout": str(limits.lock_seconds * MILLISECONDS),
        # this session waits while another one reads; a run that hangs must not hold the server's rows for ever
        "idle_in_transaction_session_timeout": str(min(statement * (questions + 1), 2**31 - 1)),
    }


def _mysql_statements(connection: Connection, source: Source, limits: Limits) -> list[str]:
    """Read-only, and TIMESTAMP columns in the source's zone, by offset: servers seldom have the table of zones."""
    offset = datetime(2000, 1, 1, tzinfo=ZoneInfo(source.timezone)).strftime("%z")
    if getattr(connection.dialect, "is_mariadb", False):
        longest = f"set session max_statement_time = {limits.statement_seconds}"
    else:
        longest = f"set session max_execution_time = {limits.statement_seconds * MILLISECONDS}"
    return [
        "set session transaction isolation level repeatable read",
        "set session transaction read only",
        written("set session time_zone = :zone", zone=f"{offset[:3]}:{offset[3:]}"),
        longest,
        f"set session lock_wait_timeout = {limits.lock_seconds}",
        f"set session innodb_lock_wait_timeout = {limits.lock_seconds}",
        # the server waits that long for us to take the next rows
        f"set session net_write_timeout = {limits.statement_seconds}",
        f"set session net_read_timeout = {limits.statement_seconds}",
        "start transaction with consistent snapshot, read only",
    ]


def _sqlite_read_only(connection: Any, _record: object) -> None:
    # the driver would begin a transaction only at the first write; reads must share one as well
    connection.isolation_level = None
    connection.execute("PRAGMA query_only = ON")


def _sqlite_begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")
