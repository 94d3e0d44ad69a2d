"""Both readers hold the same in every cell, or nothing is taken.

The allowances are few, and none of them lets a wrong number through:

* nothing, an empty text and blanks are one: none of them is a value;
* ``1`` and ``1.0`` are one number, compared as the file's own double precision;
* a date and its midnight are one, and two moments at most a millisecond apart: the readers round the fraction of a day
  differently, and no record is kept to the millisecond;
* a duration may be told as text in its standard notation, as the second reader does beyond a day;
* an error cell, where the first reader is the authority, may be anything but text to the second, which cannot tell
  errors; the cell ends as an error, never as a value;
* a formula without a result likewise, where the file's own XML is the authority;
* control characters that a workbook writes as ``_x000D_`` may be decoded by the second reader only; its text is taken.

What is hidden and merged is known from the first reader, or from the file's own XML, alone.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from itertools import zip_longest

from tasks.reading.found import SAVE_AGAIN, Reading, Rows, Sheet, letters, width
from tasks.reading.ods_cells import span
from yearbook.errors import Refusal
from yearbook.intake.grid import Book, Cell, Grid, Merged, Odd

_ROUNDING = timedelta(milliseconds=1)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DAY = date(2000, 1, 1)


def agreed(reading: Reading) -> Book:
    """The book that both readers see.

    Raises:
        Refusal: They see different sheets or cells, or a merged range holds more than one value.
    """
    names = [sheet.name for sheet in reading.sheets]
    if [_one_line(name) for name in names] != [_one_line(name) for name, _ in reading.second]:
        raise Refusal("两个读取器读出的内容不一致，工作表的名称或次序不同", todo=SAVE_AGAIN)
    if any(names) and len({name.casefold() for name in names}) < len(names):
        raise Refusal("有同名的工作表", todo="请提供者改成不同的表名")
    if not names:
        raise Refusal("工作簿里没有表格，只有图表", todo="请提供者交来有表格的工作簿")
    return Book(
        form=reading.form,
        readers=reading.readers,
        grids=tuple(_grid(sheet, second) for sheet, (_, second) in zip(reading.sheets, reading.second, strict=True)),
        encoding=reading.encoding,
        date_1904=reading.date_1904,
        charts=reading.charts,
    )


def _one_line(name: str) -> str:
    """A line break in a name that XML carries is a blank to a reader that follows the rules for attributes."""
    return " ".join(name.split())


def _grid(sheet: Sheet, second: Rows) -> Grid:
    rows = _joined(sheet, second)
    _require_nothing_covered(sheet, rows)
    height, columns = len(rows), width(rows)
    return Grid(
        name=sheet.name,
        rows=tuple(tuple(row) + (None,) * (columns - len(row)) for row in rows),
        merged=tuple(sorted(set(sheet.merged), key=_corner)),
        hidden=sheet.hidden,
        hidden_rows=tuple(sorted(row for row in sheet.hidden_rows if row <= height)),
        hidden_columns=tuple(sorted(column for column in sheet.hidden_columns if column <= columns)),
    )


def _corner(merged: Merged) -> tuple[int, int, int, int]:
    return merged.first_row, merged.first_column, merged.last_row, merged.last_column


def _joined(sheet: Sheet, second: Rows) -> Rows:
    """Every cell once, normal, without empty rows and columns at the end."""
    differing: list[tuple[int, int]] = []
    rows: Rows = []
    nothing: list[Cell] = []
    for number, (ours, theirs) in enumerate(zip_longest(sheet.rows, second, fillvalue=nothing), start=1):
        row: list[Cell] = []
        for column, (one, other) in enumerate(zip_longest(ours, theirs), start=1):
            mine, same = _settled(normal(one), normal(other))
            row.append(mine)
            if not same:
                differing.append((number, column))
        rows.append(_trimmed(row))
    while rows and not rows[-1]:
        rows.pop()
    if differing:
        raise _different(sheet, differing)
    _require_finite(sheet, rows)
    return rows


def _trimmed(row: list[Cell]) -> list[Cell]:
    while row and row[-1] is None:
        row.pop()
    return row


def _different(sheet: Sheet, cells: list[tuple[int, int]]) -> Refusal:
    row, column = cells[0]
    where = f"{letters(column)}{row}（第 {row} 行第 {column} 列）"
    return Refusal(
        sheet.says(f"两个读取器读出的内容不一致，{where}等 {len(cells)} 个单元格"),
        todo="请提供者用 Excel 或 WPS 打开核对该处，另存为 xlsx 后重新交来",
    )


def _require_finite(sheet: Sheet, rows: Rows) -> None:
    """A number without end is an overflow of the program that wrote the file."""
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if isinstance(value, float) and not abs(value) < float("inf"):
                raise Refusal(sheet.says(f"{letters(column)}{number} 的数值超出范围"), todo=SAVE_AGAIN)


def normal(value: Cell) -> Cell:
    """One spelling per value: blanks are None, whole floats int, dates midnight."""
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value


def _settled(one: Cell, other: Cell) -> tuple[Cell, bool]:
    """The cell to take, and whether the readers agree on it."""
    if type(one) is type(other) and one == other:
        return one, True
    if isinstance(one, Odd):
        return one, one is Odd.NOT_CALCULATED or not _is_text(other)
    if isinstance(one, str) and isinstance(other, str):
        return other, _ESCAPE.sub(_character, one) == other
    return one, _same_number(one, other) or _same_moment(one, other)


def _is_text(value: Cell) -> bool:
    """Some readers give the sign of an error as text, with the mark that all of them begin with."""
    return isinstance(value, str) and not value.startswith("#")


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1], 16))


def _same_number(one: Cell, other: Cell) -> bool:
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        return False
    try:
        return float(one) == float(other)
    except OverflowError:
        # an int beyond any double
        return False


def _same_moment(one: Cell, other: Cell) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) <= _ROUNDING
    if isinstance(one, time) and isinstance(other, time):
        return abs(datetime.combine(_DAY, one) - datetime.combine(_DAY, other)) <= _ROUNDING
    if isinstance(one, timedelta) and isinstance(other, timedelta):
        return abs(one - other) <= _ROUNDING
    return isinstance(one, timedelta) and isinstance(other, str) and _told_span(other) == one


def _told_span(text: str) -> time | timedelta | None:
    try:
        return span(text)
    except ValueError:
        return None


def _require_nothing_covered(sheet: Sheet, rows: Rows) -> None:
    """Something under a merged range is seen by the readers and by nobody who looks at the sheet."""
    for merged in sheet.merged:
        for row, column in _covered(merged, rows):
            if rows[row - 1][column - 1] is not None:
                raise Refusal(
                    sheet.says(f"合并区域盖住了有内容的单元格 {letters(column)}{row}"),
                    todo="请提供者取消合并，核对被盖住的内容后重新交来",
                )


def _covered(merged: Merged, rows: Rows) -> Iterator[tuple[int, int]]:
    first = (merged.first_row, merged.first_column)
    for row in range(merged.first_row, min(merged.last_row, len(rows)) + 1):
        for column in range(merged.first_column, min(merged.last_column, len(rows[row - 1])) + 1):
            if (row, column) != first:
                yield row, column
