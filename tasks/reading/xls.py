"""BIFF8 workbooks by xlrd."""

import io
import re
import struct
from datetime import datetime, timedelta
from typing import Any

import xlrd
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError
from xlrd.xldate import XLDateError, xldate_as_datetime

from tasks.reading.found import (
    First,
    Rows,
    Sheet,
    damaged,
    encrypted,
    mark_uncalculated,
    require_area,
    too_many_cells,
)
from tasks.reading.limits import Limits
from tasks.reading.xls_records import records
from yearbook.intake.grid import Cell, Merged, Odd

READER = f"xlrd {xlrd.__version__}"
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_DAY_MS = 86_400_000
# What the library lets through from damaged records.
DAMAGES = (
    XLRDError, CompDocError, KeyError, IndexError, ValueError, TypeError, AttributeError, AssertionError,
    NotImplementedError, EOFError, OSError, OverflowError, ArithmeticError, RecursionError, struct.error,
)  # fmt: skip


def read(data: bytes, limits: Limits) -> First:
    """Read an OLE file that holds a workbook.

    A formula always carries a result in this form. It counts where the file does not ask to be calculated first; a
    writer that neither calculates nor asks cannot be told from one that does.

    Raises:
        Refusal: It does not follow the format, or is too large.
    """
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        sheets = [_sheet(book, sheet) for sheet in book.sheets() if _fits(sheet, limits)]
        for sheet, found in zip(sheets, records(data, [sheet.name for sheet in sheets]), strict=True):
            mark_uncalculated(sheet.rows, found.uncalculated)
    except DAMAGES as error:
        if "encrypted" in str(error):
            raise encrypted() from None
        raise damaged("工作簿的记录不合格式") from error
    if sum(len(sheet.rows) * max(map(len, sheet.rows), default=0) for sheet in sheets) > limits.cells:
        raise too_many_cells(limits.cells)
    return First(READER, sheets, bool(book.datemode))


def _fits(sheet: Any, limits: Limits) -> bool:
    """The file's own dimensions may lie; these are the library's, from the cells."""
    require_area(sheet.name, sheet.nrows, sheet.ncols, limits.rows, limits.columns)
    return True


def _sheet(book: Any, sheet: Any) -> Sheet:
    return Sheet(
        sheet.name,
        _rows(sheet, book.datemode, _elapsed(book)),
        [Merged(top + 1, left + 1, bottom, right) for top, bottom, left, right in sheet.merged_cells],
        sheet.visibility != 0,
        _hidden_rows(sheet),
        _hidden_columns(sheet),
    )


def _hidden_rows(sheet: Any) -> set[int]:
    known = sheet.rowinfo_map
    hidden = {number + 1 for number, row in known.items() if row.hidden or row.height == 0}
    if sheet.default_row_hidden or sheet.default_row_height == 0:
        hidden.update(number + 1 for number in range(sheet.nrows) if number not in known)
    return hidden


def _hidden_columns(sheet: Any) -> set[int]:
    hidden = {number + 1 for number, column in sheet.colinfo_map.items() if column.hidden or column.width == 0}
    return hidden | {number + 1 for number in range(sheet.ncols) if sheet.computed_column_width(number) == 0}


def _elapsed(book: Any) -> frozenset[int]:
    """Numbers of the cell formats that count hours beyond a day."""
    formats = book.format_map
    return frozenset(
        number
        for number, style in enumerate(book.xf_list)
        if style.format_key in formats and _ELAPSED.search(formats[style.format_key].format_str.split(";")[0])
    )


def _rows(sheet: Any, datemode: int, elapsed: frozenset[int]) -> Rows:
    rows: Rows = []
    for number in range(sheet.nrows):
        cells = sheet.row(number)
        rows.append([
            _span(cell.value) if cell.ctype == xlrd.XL_CELL_DATE and cell.xf_index in elapsed else _cell(cell, datemode)
            for cell in cells
        ])  # fmt: skip
    return rows


def _cell(cell: Any, datemode: int) -> Cell:
    kind = cell.ctype
    if kind == xlrd.XL_CELL_DATE:
        return _moment(cell.value, datemode)
    if kind == xlrd.XL_CELL_BOOLEAN:
        return bool(cell.value)
    if kind == xlrd.XL_CELL_ERROR:
        return Odd.ERROR
    if kind in {xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK}:
        return None
    plain: str | float = cell.value
    return plain


def _span(days: float) -> timedelta:
    """A duration; a fraction of a day is no exact number of microseconds, so it is taken to the millisecond."""
    return timedelta(milliseconds=round(days * _DAY_MS))


def _moment(value: float, datemode: int) -> Cell:
    """A date beyond the calendar is shown as ``####`` and is no value."""
    try:
        moment: datetime = xldate_as_datetime(value, datemode)
    except (XLDateError, OverflowError, ValueError):
        return Odd.ERROR
    return moment.time() if 0 <= value < 1 else moment
