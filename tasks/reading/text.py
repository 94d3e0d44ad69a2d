"""Delimited text, read by the standard library and by a small automaton of our own."""

import csv
import io
import platform

from tasks.reading.encoding import decoded
from tasks.reading.found import Reading, Rows, Sheet, require_area, too_many_cells
from tasks.reading.limits import Limits
from tasks.reading.rfc4180 import Unclosed, records
from yearbook.errors import Refusal

READERS = (f"Python {platform.python_version()} csv", "RFC 4180")
DELIMITERS = {",": "逗号", "\t": "制表符", ";": "分号"}


def read(data: bytes, encoding: str, limits: Limits) -> Reading:
    """Read delimited text.

    Raises:
        Refusal: It does not decode, its delimiter cannot be told, or a row is longer or shorter than the header.
    """
    text, found = decoded(data, encoding)
    first, delimiter = _first(text)
    _require_size(first, limits)
    sheet = Sheet("", [list(row) for row in first])
    return Reading("text", READERS, [sheet], [("", _second(text, delimiter))], encoding=found)


def _first(text: str) -> tuple[list[list[str]], str]:
    """Read with every delimiter that the header has; only one may make a table."""
    parsed = {delimiter: _parsed(text, delimiter) for delimiter in DELIMITERS if delimiter in text}
    wide = {delimiter: rows for delimiter, rows in parsed.items() if len(rows[0]) > 1}
    if not wide:
        raise Refusal("看不出分隔符，表头里没有逗号、制表符或分号", todo="请提供者重新导出为逗号分隔的 CSV 或 xlsx")
    even = [delimiter for delimiter, rows in wide.items() if len({len(row) for row in rows}) == 1]
    if len(even) > 1:
        names = "、".join(DELIMITERS[delimiter] for delimiter in even)
        raise Refusal(f"看不出分隔符，{names}都说得通", todo="请提供者重新导出为 xlsx，或改用别的分隔符")
    if even:
        return wide[even[0]], even[0]
    delimiter = max(wide, key=lambda candidate: len(wide[candidate][0]))
    _require_even(wide[delimiter])
    raise AssertionError("an even table would have been found")


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        # the library's words name no contents
        raise Refusal(f"不是正确的 CSV（{error}）", todo="请提供者重新导出为 CSV") from error
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _require_even(rows: list[list[str]]) -> None:
    width = len(rows[0])
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != width:
            raise Refusal(
                f"第 {number} 行有 {len(row)} 列，表头有 {width} 列", todo="请提供者检查该行是否多出或缺少分隔符"
            )


def _require_size(rows: list[list[str]], limits: Limits) -> None:
    require_area("", len(rows), len(rows[0]), limits.rows, limits.columns)
    if len(rows) * len(rows[0]) > limits.cells:
        raise too_many_cells(limits.cells)


def _second(text: str, delimiter: str) -> Rows:
    try:
        rows = [list(row) for row in records(text, delimiter)]
    except Unclosed as error:
        raise Refusal("不是正确的 CSV（引号没有配对）", todo="请提供者重新导出为 CSV") from error
    while rows and rows[-1] == [""]:
        rows.pop()
    return [list(row) for row in rows]
