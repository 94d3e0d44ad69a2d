"""Which way a source is read: the first of the list that can, or the one that the agency's file names."""

from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from tasks.sources.database.readers import connector, odbc, scanner
from tasks.sources.database.readers.base import Question, Reader, ReaderFailure
from tasks.sources.database.readers.rows import Rows
from yearbook.catalog import Source
from yearbook.errors import Refusal

Opener = Callable[[], Reader]
NAMES = ("duckdb", "odbc", "connectorx", "sqlalchemy")
# connectorx only where it is named: it prints the server's messages, values and all, before it raises them, and tries
# for half a minute where an account is wrong
AUTOMATIC = ("duckdb", "odbc", "sqlalchemy")


def chosen(
    connection: Connection, source: Source, session: Sequence[str], questions: Sequence[Question], *, wanted: str
) -> tuple[Reader, tuple[str, ...]]:
    """Open the reader for a source.

    Args:
        connection: Holds the view.
        source: The source.
        session: Statements that set up another session.
        questions: Everything that will be asked, described.
        wanted: The reader that the agency's file names; empty for the first one that can.

    Returns:
        The reader, and notes about readers that were there and could not be opened.

    Raises:
        Refusal: The wanted reader is unknown, cannot read this source, or cannot be opened.
    """
    if wanted and wanted not in NAMES:
        raise Refusal(
            f"来源 {source.code}（{source.name}）的读取方式 {wanted} 不认识",
            todo=f"改为 {'、'.join(NAMES)} 之一，或删去",
        )
    notes: list[str] = []
    for name in (wanted,) if wanted else AUTOMATIC:
        reason = why_not(name, connection, questions, forced=bool(wanted))
        if not reason:
            try:
                return _open(name, connection, session, questions), tuple(notes)
            except ReaderFailure as failure:
                reason = str(failure)
                notes.append(f"未能用 {name} 读取：{reason}")
    raise Refusal(
        f"来源 {source.code}（{source.name}）不能用 {wanted} 读取：{reason}",
        todo="删去机构文件中的 reader，由程序选择；或按 docs/how-to.md 安装所缺的部分",
    )


def why_not(name: str, connection: Connection, questions: Sequence[Question], *, forced: bool = False) -> str:
    """Why a reader cannot be used for a source; empty where it can."""
    if name == "sqlalchemy":
        return ""
    if connection.dialect.name == "sqlite":
        return "SQLite 文件由驱动直接读取最快"
    if not all(question.columns for question in questions):
        return "驱动没有说明各列的类型"
    if name == "duckdb":
        return scanner.why_not(connection, questions)
    if name == "connectorx":
        return connector.why_not(connection, questions)
    return odbc.why_not(connection, questions) or ("" if forced else odbc.too_large(connection, questions))


def _open(name: str, connection: Connection, session: Sequence[str], questions: Sequence[Question]) -> Reader:
    match name:
        case "duckdb":
            return scanner.Scanner(connection)
        case "connectorx":
            return connector.Connector(connection)
        case "odbc":
            return odbc.Odbc(connection, session, questions)
    return Rows(connection)
