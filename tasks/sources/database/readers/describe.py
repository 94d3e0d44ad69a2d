"""What an answer will look like: asked of the database before anything is read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, literal_column, select

from tasks.sources.database.readers.base import MYSQL, TEXT_FORMS, Described, Question

# PostgreSQL's type numbers, which never change
_POSTGRESQL = {
    20: "integer",
    21: "integer",
    23: "integer",
    25: "text",
    1042: "char",
    1043: "text",
    1082: "date",
    1114: "moment",
    1184: "instant",
    1700: "decimal",
}
# MySQL's field types; TIMESTAMP is handed over in the session's zone, which is the source's
_MYSQL = {
    0: "decimal",
    1: "integer",
    2: "integer",
    3: "integer",
    7: "moment",
    8: "integer",
    9: "integer",
    10: "date",
    12: "moment",
    13: "integer",
    14: "date",
    15: "text",
    246: "decimal",
    253: "text",
    254: "text",
}

MYSQL_TEXT_FORMS = frozenset(code for code, kind in _MYSQL.items() if kind in TEXT_FORMS)


def described(connection: Connection, question: Question) -> Question:
    """The question with the columns of its answer; without them where the driver's description is not known."""
    query: Select[Any] = select(literal_column("*")).select_from(question.query.columns().subquery("asked")).limit(0)
    driver = connection.dialect.driver
    if (connection.dialect.name, driver) not in {
        ("postgresql", "psycopg"),
        ("mysql", "pymysql"),
        ("mariadb", "pymysql"),
    }:
        return question
    result = connection.execute(query, dict(question.parameters))
    told: Sequence[Any] = result.cursor.description if result.cursor is not None else ()
    columns = tuple(_mysql(c) if connection.dialect.name in MYSQL else _postgresql(c) for c in told)
    result.close()
    return Question(question.query, question.parameters, columns)


def _postgresql(told: Any) -> Described:
    kind = _POSTGRESQL.get(told.type_code, "other")
    if kind == "decimal":
        # without declared digits every value has its own scale
        return Described(told.name, kind if told.precision else "other", told.precision or 0, told.scale or 0)
    if kind == "char" and not told.display_size:
        return Described(told.name, "other")
    return Described(told.name, kind, told.display_size or 0)


def _mysql(told: Any) -> Described:
    name, code, _, length, _, scale, _ = told
    return Described(name, _MYSQL.get(code, "other"), length or 0, scale or 0)
