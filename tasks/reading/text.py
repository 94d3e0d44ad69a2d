"""Delimited text, read by the standard library and by a small automaton of our own."""

import csv
import io
import platform
from dataclasses import dataclass

from tasks.reading.encoding import decoded
from tasks.reading.found import Reading, Rows, Sheet, require_area, too_many_cells
from tasks.reading.limits import Limits
from tasks.reading.rfc4180 import Unclosed, records
from yearbook.errors import Refusal

READERS = (f"Python {platform.python_version()} csv", "RFC 4180")
# What the library says of a fault, in part, and what a person is told.
_FAULTS = {
    "unexpected end of data": "引号没有成对",
    "expected after": "引号后面有多余的字",
    "larger than field limit": f"一个单元格超过 {csv.field_size_limit()} 个字，多半是引号没有成对",
}
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
    wide = {delimiter: found for delimiter, found in parsed.items() if found.rows and len(found.rows[0]) > 1}
    _require_proper(wide or parsed)
    if not wide:
        raise Refusal("看不出分隔符，表头里没有逗号、制表符或分号", todo="请提供者重新导出为逗号分隔的 CSV 或 xlsx")
    even = [delimiter for delimiter, found in wide.items() if len({len(row) for row in found.rows}) == 1]
    if len(even) > 1:
        names = "、".join(DELIMITERS[delimiter] for delimiter in even)
        raise Refusal(f"看不出分隔符，{names}都说得通", todo="请提供者重新导出为 xlsx，或改用别的分隔符")
    if even:
        return wide[even[0]].rows, even[0]
    delimiter = max(wide, key=lambda candidate: len(wide[candidate].rows[0]))
    _require_even(wide[delimiter].rows)
    raise AssertionError("an even table would have been found")


@dataclass(slots=True)
class _Parsed:
    """Rows as far as they could be read, and why no further."""

    rows: list[list[str]]
    fault: str = ""


def _parsed(text: str, delimiter: str) -> _Parsed:
    found = _Parsed([])
    try:
        # rows before a fault stay in the list
        found.rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        # the library's words name no contents
        words = next((ours for theirs, ours in _FAULTS.items() if theirs in str(error)), "格式有误")
        found.fault = f"第 {len(found.rows) + 1} 行不是正确的 CSV（{words}）"
    while found.rows and not found.rows[-1]:
        found.rows.pop()
    return found


def _require_proper(parsed: dict[str, _Parsed]) -> None:
    """Only a delimiter that splits the header says where quotations have to end, unless none does."""
    faults = [found for found in parsed.values() if found.fault]
    if faults:
        raise Refusal(max(faults, key=lambda found: len(found.rows)).fault, todo="请提供者重新导出为 CSV")


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
        raise Refusal("不是正确的 CSV（引号没有成对）", todo="请提供者重新导出为 CSV") from error
    while rows and rows[-1] == [""]:
        rows.pop()
    return [list(row) for row in rows]
