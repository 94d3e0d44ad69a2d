"""A source of hard values, and accounts of their own, for the tests of the readers."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from tasks.sources.database.view import Asked, View, extract_query
from tasks.sources.snapshot import Snapshot
from tasks.store import Blobs
from tests.tasks.sources.databases import Database
from yearbook.catalog import Column, Extract, Source
from yearbook.period import ReportYear

YEAR = ReportYear(2023)
NOT_INSTALLED = "没有安装"
READERS = ("duckdb", "odbc", "connectorx", "sqlalchemy")
WAYS = [
    *(pytest.param("postgresql", name, marks=pytest.mark.postgresql, id=f"postgresql-{name}") for name in READERS),
    *(pytest.param("mariadb", n, marks=pytest.mark.mariadb, id=f"mariadb-{n}") for n in ("odbc", "sqlalchemy")),
]
KINDS = {
    "number": "integer",
    "ch": "code",
    "padded": "text",
    "words": "text",
    "m2": "money",
    "m4": "money",
    "big": "integer",
    "small": "integer",
    "whole": "integer",
    "day": "date",
    "at": "moment",
    "exact": "moment",
    "midnight": "date",
    "instant": "moment",
}
COLUMNS = tuple(
    Column.model_validate({"name": name, "type": kind, "required": name == "number"}) for name, kind in KINDS.items()
)
CREATE = {
    "postgresql": """create table hard (number integer, ch char(6), padded char(4), words varchar(40),
        m2 numeric(10,2), m4 numeric(18,4), big bigint, small smallint, whole numeric(20,0), day date, at timestamp(0),
        exact timestamp, midnight timestamp, instant timestamptz)""",
    "mariadb": """create table hard (number integer, ch char(6), padded char(4), words varchar(40),
        m2 numeric(10,2), m4 numeric(18,4), big bigint, small tinyint(1), whole numeric(20,0), day date, at datetime,
        exact datetime(6), midnight datetime, instant timestamp null) character set utf8mb4""",
}
_EMPTY: dict[str, Any] = dict.fromkeys(KINDS)
ROWS: list[dict[str, Any]] = [
    _EMPTY | {"number": 1},
    _EMPTY | {"number": 2, "ch": "", "padded": "", "words": "", "m2": "0", "m4": "0.0000", "big": 0, "small": 0},
    _EMPTY | {"number": 3, "ch": "甲", "padded": "乙丙", "words": "𠮷祥路 \"'\\%:x", "m2": "-0.01", "m4": "12.3400"},
    _EMPTY | {"number": 4, "big": 2**63 - 1, "small": 127, "whole": "9223372036854775807", "m2": "99999999.99"},
    _EMPTY | {"number": 5, "big": -(2**63), "small": -128, "whole": "-5", "m2": "-99999999.99"},
    _EMPTY | {"number": 6, "day": "1899-12-31", "at": "1969-12-31 23:59:59", "exact": "1969-12-31 23:59:59.999999"},
    _EMPTY | {"number": 7, "day": "1582-10-10", "at": "1900-01-01 00:00:00", "exact": "1899-12-31 23:54:17"},
    _EMPTY | {"number": 8, "day": "9999-12-31", "at": "9999-12-31 12:00:00", "midnight": "2023-05-01 00:00:00"},
    _EMPTY | {"number": 9, "at": "1986-05-04 02:30:00", "exact": "1991-09-15 01:30:00.5", "words": "  前后空格  "},
    _EMPTY | {"number": 10, "instant": "2022-12-31 15:59:59"},
    _EMPTY | {"number": 11, "instant": "2022-12-31 16:00:00", "at": "2024-02-29 12:00:00"},
    _EMPTY | {"number": 12, "words": "1992", "instant": "1995-07-01 00:00:00"},
]
SELECT = f"select {', '.join(KINDS)} from hard where at >= :year_start or at < :year_end or at is null"


def hard_source(zone: str = "Asia/Shanghai") -> Source:
    extract = Extract(code="case", source="hard", name="样例", per_year=True, key=("number",), columns=COLUMNS)
    return Source(code="hard", name="样例系统", kind="database", owner="某科", timezone=zone, extracts=(extract,))


def fill_hard(database: Database, product: str, rows: list[dict[str, Any]] = ROWS) -> None:
    """The instants are written as UTC."""
    with database.owner() as connection:
        connection.exec_driver_sql(CREATE[product])
        utc = "set time zone 'UTC'" if product == "postgresql" else "set time_zone = '+00:00'"
        connection.exec_driver_sql(utc)
        if product == "mariadb":
            connection.exec_driver_sql("set sql_mode = ''")
        for row in rows:
            given = {name: value for name, value in row.items() if value is not None}
            places = ", ".join(f":{name}" for name in given)
            connection.execute(sa.text(f"insert into hard ({', '.join(given)}) values ({places})"), given)


def asked(sql: str) -> Asked:
    return Asked("sql/hard/extract/case.sql", sql, YEAR)


def snapshot_of(view: View, one: Asked, blobs: Blobs) -> Snapshot:
    return extract_query(view, view.source.extracts[0], one, blobs=blobs)


@contextmanager
def account(database: Database, *, password: str = "", writes: bool = False) -> Iterator[tuple[str, str]]:
    """A fresh account that may read the test's tables: its name and the address with it; dropped afterwards."""
    name = f"reader_{secrets.token_hex(4)}"
    address = sa.make_url(database.url)
    schema = str(address.query.get("options", "")).rpartition("=")[2]
    rights = "select, insert" if writes else "select"
    if database.product == "postgresql":
        made = [
            f"create role {name} login",
            f"grant usage on schema {schema} to {name}",
            f"grant {rights} on all tables in schema {schema} to {name}",
        ]
        gone = [f"drop owned by {name}", f"drop role {name}"]
    else:
        made = [
            f"create user {name} identified by '{password}'",
            f"grant {rights} on {address.database}.* to {name}",
        ]
        gone = [f"drop user {name}"]
    _run(database, made)
    try:
        yield name, address.set(username=name, password=password or None).render_as_string(hide_password=False)
    finally:
        _run(database, gone)


def kill_sessions(database: Database, name: str) -> int:
    """End every session of an account; returns how many there were."""
    with database.owner() as connection:
        if database.product == "postgresql":
            statement = sa.text("select pg_terminate_backend(pid) from pg_stat_activity where usename = :name")
            return len(connection.execute(statement, {"name": name}).all())
        statement = sa.text("select id from information_schema.processlist where user = :name")
        found = connection.execute(statement, {"name": name}).scalars().all()
        for number in found:
            connection.exec_driver_sql(f"kill {number}")
        return len(found)


def _run(database: Database, statements: list[str]) -> None:
    with database.owner() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def skip_where_not_installed(reason: str) -> None:
    """A driver that this machine does not have is no failure of ours; anything else is."""
    if NOT_INSTALLED in reason:
        pytest.skip(reason)
