"""What went wrong with a database, as one line for the operator, and whether it may pass by itself.

A message of a server may quote a value of a cell; those that do are told by their code only.
"""

import re

from tasks.sources.database.readers.base import ReaderFailure
from yearbook.catalog import Source
from yearbook.errors import Refusal

# PostgreSQL: connection lost, shutting down, starting up, serialization, deadlock, lock time-out, too many clients
PASSING_STATES = re.compile(r"08...|57P0[123]|40001|40P01|55P03|53300")
# MySQL and MariaDB: the same
PASSING_NUMBERS = frozenset(
    {1040, 1053, 1077, 1079, 1152, 1158, 1159, 1160, 1161, 1203, 1205, 1213, 1927, 2002, 2003, 2006, 2013, 2026, 2055}
)
TIMED_OUT_STATES, TIMED_OUT_NUMBERS = frozenset({"57014"}), frozenset({1969, 3024})
# codes whose messages quote the value that did not fit
VALUE_STATES, VALUE_NUMBERS = re.compile(r"2[23]..."), frozenset({1264, 1292, 1365, 1366, 1411, 1525, 1526})
# where no code is handed over: while connecting, and by the fast readers
PASSING_WORDS = re.compile(
    r"connection refused|connection reset|connection timed out|timeout expired|timed out waiting for connection"
    r"|server closed the connection|terminating connection|connection (?:is |was )?(?:closed|lost|killed)"
    r"|broken pipe|starting up|shutting down|recovery mode|too many (?:clients|connections)|remaining connection slots"
    r"|deadlock|could not serialize|lock timeout|lock wait timeout|lost connection|gone away"
    r"|no connection to the server|database is locked|database table is locked",
    re.IGNORECASE,
)
TIMED_OUT_WORDS = re.compile(r"statement timeout|max_statement_time|maximum statement execution time", re.IGNORECASE)
LASTING_WORDS = re.compile(r"password|authentication|access denied|does not exist|pg_hba", re.IGNORECASE)
ODBC_CODES = re.compile(r"State: (\w{5}), Native error: (-?\d+)")
QUOTED = re.compile(r"""(["'`]).*?\1""")


def reading_refusal(source: Source, error: Exception) -> Refusal:
    """The refusal for a failure between connecting and the last row."""
    state, number = _codes(error)
    words = _words(error)
    what = f"来源 {source.code}（{source.name}）读取失败：{_told(error, state, number, words)}"
    if _timed_out(state, number, words):
        return Refusal(
            f"{what}（超过单条语句的时限）",
            todo="请来源管理员为查询条件的列建索引或错开高峰；确需更久的，调大 YEARBOOK_STATEMENT_SECONDS",
        )
    if _may_pass(state, number, words):
        return Refusal(
            what, todo="核对数据库是否可达、是否正在重启或被锁，稍后重新运行（程序已自动重试）", may_pass=True
        )
    return Refusal(
        what,
        todo=f"核对地址和库名、账号的读取权限、表和列是否改名（sql/{source.code}/extract/ 和 probe.sql），再重新运行",
    )


def _codes(error: Exception) -> tuple[str, int]:
    """SQLSTATE and the product's own number, as far as the library hands them over."""
    original = getattr(error, "orig", None) or error
    if found := ODBC_CODES.search(str(original)) if isinstance(error, ReaderFailure) else None:
        return found[1], int(found[2])
    state = getattr(original, "sqlstate", None) or ""
    first = original.args[0] if original.args else None
    return str(state), first if isinstance(first, int) else 0


def _words(error: Exception) -> str:
    """The driver's own first line, without statement and parameters."""
    original = getattr(error, "orig", None) or error
    lines = str(original).strip().splitlines() or [type(original).__name__]
    return lines[0].rstrip(".")


def _told(error: Exception, state: str, number: int, words: str) -> str:
    if VALUE_STATES.fullmatch(state) or number in VALUE_NUMBERS:
        return f"数据错误 {state or number}"
    # the fast readers only read what SQLAlchemy has prepared: no name of a table is lost here
    return QUOTED.sub("“…”", words) if isinstance(error, ReaderFailure) else words


def _timed_out(state: str, number: int, words: str) -> bool:
    if state in TIMED_OUT_STATES and not TIMED_OUT_WORDS.search(words):
        return "user request" not in words
    return number in TIMED_OUT_NUMBERS or bool(TIMED_OUT_WORDS.search(words))


def _may_pass(state: str, number: int, words: str) -> bool:
    if PASSING_STATES.fullmatch(state) or number in PASSING_NUMBERS:
        return True
    return bool(PASSING_WORDS.search(words)) and not LASTING_WORDS.search(words)
