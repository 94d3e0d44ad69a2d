"""The embedded engine: DuckDB over the snapshots of one run, locked down once the snapshots are attached.

One engine holds the snapshots of one year. The report year and its base year have an engine each, so the same query
text is asked of both and does not know which of the two it is asked about.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import duckdb
from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from tasks.sources.snapshot import SAFE, Snapshot
from tasks.statement import bound, statement
from yearbook.catalog import Code, Indicator
from yearbook.errors import Refusal
from yearbook.period import ReportYear
from yearbook.quantity import Exact


def attach(path: Path, snapshots: Iterable[Snapshot], codes: Mapping[str, tuple[Code, ...]]) -> None:
    """Make a database file with a view per snapshot and a table ``code_<name>`` per code list.

    Args:
        path: The file to make; the caller removes it.
        snapshots: Snapshots of one year.
        codes: Code lists by name.
    """
    with duckdb.connect(str(path), config=dict(SAFE)) as engine:
        engine.begin()
        for item in snapshots:
            engine.execute(f'CREATE VIEW "{item.extract.code}" AS SELECT * FROM read_parquet({_quoted(item.path)})')
        for name, entries in codes.items():
            engine.execute(f'CREATE TABLE "code_{name}" (code VARCHAR PRIMARY KEY, name VARCHAR, counts_as VARCHAR)')
            rows = [(entry.code, entry.name, entry.counts_as) for entry in entries]
            engine.executemany(f'INSERT INTO "code_{name}" VALUES (?, ?, ?)', rows)
        engine.commit()


def lockdown(snapshots: Iterable[Snapshot]) -> tuple[str, ...]:
    """Settings after which nothing but the snapshots can be read, nothing loaded, and no setting changed."""
    listed = ", ".join(_quoted(item.path) for item in snapshots)
    return (
        "SET enable_progress_bar = false",
        f"SET allowed_paths = [{listed}]",
        "SET enable_external_access = false",
        "SET allow_community_extensions = false",
        "SET lock_configuration = true",
    )


def one_select(query: str) -> duckdb.Statement:
    """The one SELECT that a text is: a read-only file does not stop a COPY to another one, nor a second statement.

    Raises:
        ValueError: The text is anything else.
    """
    parsed = duckdb.extract_statements(query)
    if [part.type for part in parsed] != [duckdb.StatementType.SELECT]:
        raise ValueError("不是单独一个 SELECT 查询")
    return parsed[0]


class EmbeddedEngine:
    """Queries over an attached file; nothing but its snapshots can be read, nothing can be loaded or changed."""

    def __init__(self, path: Path, snapshots: Iterable[Snapshot]) -> None:
        """Open an attached file.

        Args:
            path: The file that ``attach`` made.
            snapshots: The snapshots it was made of; only their files stay readable.
        """
        self._engine = create_engine(
            f"duckdb:///{path}", connect_args={"read_only": True, "config": dict(SAFE)}, hide_parameters=True
        )
        self._connection = self._engine.connect()
        for setting in lockdown(snapshots):
            self._connection.execute(text(setting))

    def ask(self, sql: str, *, name: str, year: ReportYear, body_name: str) -> list[dict[str, Any]]:
        """Answer one query with bound parameters.

        Args:
            sql: Text of the query.
            name: The query's file name, for messages.
            year: Fills ``:year_start`` and ``:year_end``, naive Beijing time.
            body_name: Fills ``:body_name``.

        Raises:
            Refusal: The query is not valid for the snapshots.
        """
        known: dict[str, datetime | str] = {
            "year_start": year.start.replace(tzinfo=None),
            "year_end": year.end.replace(tzinfo=None),
            "body_name": body_name,
        }
        query = statement(sql)
        try:
            one_select(str(query.compile(dialect=self._engine.dialect)))
            answer = self._connection.execute(query, bound(query, known))
            return [dict(row) for row in answer.mappings()]
        except (SQLAlchemyError, duckdb.Error, KeyError, ValueError) as error:
            reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
            raise Refusal(f"查询 sql/{name} 不能执行：{reason}", todo="更正该查询，或核对来源的契约") from error

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        """The engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()


def _quoted(path: Path) -> str:
    """A path as an SQL literal; DuckDB takes no parameters in views and settings."""
    return "'" + str(path).replace("'", "''") + "'"


def values(answer: list[dict[str, Any]], indicator: Indicator) -> dict[tuple[str, ...], tuple[Exact, int]]:
    """An answer as value and rows counted for every figure of the indicator; a member without rows counts zero.

    Raises:
        Refusal: The answer has a member that the catalogue does not know, or one twice, or an inexact value.
    """
    wanted = set(indicator.combinations())
    needed = {*indicator.members, "value", "row_count"}
    if answer and (missing := sorted(needed.difference(answer[0]))):
        raise Refusal(
            f"查询 sql/{indicator.sql_name} 的结果缺少列 {'、'.join(missing)}",
            todo="查询要给出 members 的每个维度、value 和 row_count",
        )
    found: dict[tuple[str, ...], tuple[Exact, int]] = {}
    for row in answer:
        members = tuple(str(row[dimension]) for dimension in indicator.members)
        value = row["value"]
        if members not in wanted or members in found or not isinstance(value, int | Decimal):
            member = ".".join("（无法归类）" if m == "None" else m for m in members) or "（无维度）"
            raise Refusal(
                f"查询 sql/{indicator.sql_name} 给出了目录以外、重复或不精确的一项：{member}",
                todo="记录为空的由提供者补录；没有的代码补入 sql/codes；其余更正查询或 sql/indicators.toml",
            )
        found[members] = (value, int(row["row_count"]))
    return {members: found.get(members, (0, 0)) for members in indicator.combinations()}
