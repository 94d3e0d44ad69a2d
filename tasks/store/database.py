"""Opens the evidence database: SQLite in the store folder, or PostgreSQL by address."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event, exc
from sqlalchemy.pool import NullPool

from tasks.store.durable import make_folders, os_refusal, sync_folder
from tasks.store.tables import VERSION_TABLE
from yearbook.errors import Refusal

WAIT_SECONDS = 30
LOCK_NUMBER = 0x59656172
"""PostgreSQL advisory lock that lets one writer in at a time, as BEGIN IMMEDIATE does on SQLite."""

_WRITES = "yearbook_writes"


def open_engine(home: Path, url: str | None) -> sa.Engine:
    """Prepare an engine; connects to nothing yet.

    Args:
        home: Store folder; holds ``audit.db`` when no address is given.
        url: Address of a PostgreSQL database, or None.

    Returns:
        An engine that keeps no idle connections and puts no values into its messages.

    Raises:
        Refusal: The address cannot be used, its driver is absent, or the folder cannot be written.
    """
    address = _parse(url) if url else _file_in(home)
    sqlite = address.get_backend_name() == "sqlite"
    wait: dict[str, Any] = {"timeout": WAIT_SECONDS} if sqlite else {"connect_timeout": 10}
    try:
        # no pool: a run commits once, and a connection idle for the whole run is one that can break
        engine = sa.create_engine(
            address, poolclass=NullPool, hide_parameters=True, connect_args=wait, json_serializer=_canonical
        )
    except ImportError as error:
        todo = "安装本软件的 postgresql 附加组件后重新运行。"
        raise Refusal("缺少连接 PostgreSQL 的驱动程序", todo=todo) from error
    if sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that only reads."""
    with refusing(engine), engine.begin() as connection:
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction that writes; the second writer waits for the first.

    Waiting for the lock comes before the first read, so what is read is what the last writer left.
    """
    with refusing(engine), engine.connect() as plain:
        connection = plain.execution_options(**{_WRITES: True})
        with connection.begin():
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'")
                # the operator's acknowledgement must not be lost, whatever the server's default is
                connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK_NUMBER})")
            yield connection


@contextmanager
def refusing(engine: sa.Engine) -> Iterator[None]:
    """Turn faults of the operator's world into refusals; faults of this software stay as they are.

    Raises:
        Refusal: The database is unreachable, locked, full, read-only or damaged.
    """
    try:
        yield
    except exc.DBAPIError as error:
        worldly = isinstance(error, exc.OperationalError | exc.InterfaceError)
        if not worldly and type(error) is not exc.DatabaseError:
            raise
        reason = _without_secrets(str(error.orig), engine.url)
        todo = "检查数据库是否运行、地址与账号是否正确、磁盘是否已满或只读，然后重新运行。"
        raise Refusal(f"存档数据库不可用（{masked(engine.url)}）：{reason}", todo=todo) from error


def masked(url: sa.URL) -> str:
    """Render an address without its password and without options, which may hold another one."""
    return url.set(query={}).render_as_string(hide_password=True)


def revision_of(connection: sa.Connection) -> str | None:
    """Read the revision with plain SQL, or None in a database without one."""
    if connection.dialect.name == "sqlite":
        question = f"SELECT name FROM sqlite_master WHERE type = 'table' AND name = '{VERSION_TABLE}'"
    else:
        question = f"SELECT to_regclass('{VERSION_TABLE}')"
    if connection.exec_driver_sql(question).scalar() is None:
        return None
    found: str | None = connection.exec_driver_sql(f"SELECT version_num FROM {VERSION_TABLE}").scalar()
    return found


def create_file(url: sa.URL) -> None:
    """Create the empty SQLite file, readable by its owner only.

    Raises:
        Refusal: The folder cannot be written.
    """
    path = Path(url.database or "")
    try:
        make_folders(path.parent, 0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        sync_folder(path.parent)
    except OSError as error:
        raise os_refusal("建立存档数据库", path, error) from error


def _file_in(home: Path) -> sa.URL:
    return sa.URL.create("sqlite+pysqlite", database=str(home.absolute() / "audit.db"))


def _parse(text: str) -> sa.URL:
    todo = "按 postgresql+psycopg://用户:密码@主机:端口/数据库 的格式填写，或留空使用内置数据库。"
    try:
        url = sa.make_url(text)
    except (exc.ArgumentError, ValueError):
        # the original message may quote a piece of the password
        raise Refusal("存档数据库地址的格式不正确", todo=todo) from None
    if url.drivername in ("postgresql", "postgresql+psycopg"):
        return url.set(drivername="postgresql+psycopg")
    raise Refusal(f"不支持的存档数据库类型：{url.drivername}", todo=todo)


def _without_secrets(text: str, url: sa.URL) -> str:
    line = " ".join(text.split())
    values = [value for item in url.query.values() for value in ((item,) if isinstance(item, str) else item)]
    for secret in (str(url.password or ""), *values):
        if secret:
            line = line.replace(secret, "***")
    return line


def _canonical(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # the driver must not open transactions by itself: the first statement decides the kind of lock
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout = {WAIT_SECONDS * 1000}")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
    finally:
        cursor.close()


def _begin_sqlite(connection: sa.Connection) -> None:
    kind = "IMMEDIATE" if connection.get_execution_options().get(_WRITES) else "DEFERRED"
    connection.exec_driver_sql(f"BEGIN {kind}")
