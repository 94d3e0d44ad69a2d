"""One sheet of a workbook: title rows, header rows with merged cells, and the rows below."""

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from yearbook.catalog import Extract
from yearbook.errors import Refusal
from yearbook.period import ReportYear

ZIP_MAGIC = b"PK\x03\x04"
# What the library lets through from a damaged archive or part; XML that is not well formed is a SyntaxError.
DAMAGES = (
    InvalidFileException, zipfile.BadZipFile, zlib.error, SyntaxError, KeyError, IndexError, ValueError, TypeError,
    AttributeError, NotImplementedError, EOFError, OSError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """Header names (``upper/lower`` for two header rows), the rows below and their numbers in the sheet."""

    header: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    numbers: tuple[int, ...]


def read_sheet(path: Path, place: str, extract: Extract, year: ReportYear) -> Table:
    """Read one sheet of the store's copy of a workbook.

    Args:
        path: The copy.
        place: How messages cite file and sheet.
        extract: Says which sheet, how many title and header rows.
        year: Year of the file; a year in the title must be this one.

    Raises:
        Refusal: No workbook, no such sheet, a hidden sheet, no header, a title of another year.
    """
    sheet = _sheet(path, place, extract.sheet)
    grid = [tuple(row) for row in sheet.iter_rows(values_only=True)]
    top = extract.title_rows + extract.header_rows
    if len(grid) < top:
        raise Refusal(f"{place}：没有表头", todo="请提供者交来完整的工作表")
    _require_year(grid[: extract.title_rows], place, year)
    levels = _filled(sheet, extract)
    header = tuple(_joined(parts) for parts in zip(*levels, strict=True))
    numbered = enumerate(grid[top:], start=top + 1)
    rows = {number: row for number, row in numbered if any(value not in (None, "") for value in row)}
    while header and not header[-1]:
        header = header[:-1]
    _require_nothing_beside(rows, len(header), place)
    return Table(header, tuple(row[: len(header)] for row in rows.values()), tuple(rows))


def _require_nothing_beside(rows: Mapping[int, tuple[Any, ...]], width: int, place: str) -> None:
    """A cell outside the table is a remark or a shifted row; either way somebody meant something by it."""
    for number, row in rows.items():
        if any(value not in (None, "") for value in row[width:]):
            raise Refusal(f"{place}：第 {number} 行在最后一列表头的右边还有内容", todo="请提供者删去或移入表内")


# Copies are named by their digest, so one path never means other contents; a workbook has few sheets, read in a row.
@lru_cache(maxsize=1)
def _book(path: Path) -> Workbook:
    with path.open("rb") as file:
        if file.read(len(ZIP_MAGIC)) != ZIP_MAGIC:
            raise InvalidFileException("no archive")
        file.seek(0)
        return load_workbook(file, data_only=True)


def _sheet(path: Path, place: str, name: str) -> Worksheet:
    try:
        book = _book(path)
    except DAMAGES as error:
        raise Refusal(
            f"{place}：不是能读取的 xlsx 工作簿（可能加密、改名或损坏）", todo="请提供者另存为未加密的 xlsx 后重新交来"
        ) from error
    if name not in book.sheetnames:
        raise Refusal(
            f"{place}：没有名为“{name}”的工作表，现有 {'、'.join(book.sheetnames)}", todo="请提供者改回约定的表名"
        )
    sheet = book[name]
    if not isinstance(sheet, Worksheet):
        raise Refusal(f"{place}：工作表“{name}”是图表，不是表格", todo="请提供者交来原来的表格")
    if sheet.sheet_state != "visible":
        raise Refusal(f"{place}：工作表被隐藏", todo="请提供者取消隐藏并确认内容后重新交来")
    return sheet


def _filled(sheet: Worksheet, extract: Extract) -> list[list[str]]:
    """Header rows as text, a merged cell's text in every place it covers."""
    first, last = extract.title_rows + 1, extract.title_rows + extract.header_rows
    levels = [
        [_text(sheet.cell(row, column).value) for column in range(1, sheet.max_column + 1)]
        for row in range(first, last + 1)
    ]
    for merged in sheet.merged_cells.ranges:
        if first <= merged.min_row <= last:
            value = _text(sheet.cell(merged.min_row, merged.min_col).value)
            for row in range(merged.min_row, min(merged.max_row, last) + 1):
                for column in range(merged.min_col, merged.max_col + 1):
                    levels[row - first][column - 1] = value
    return levels


def _joined(parts: tuple[str, ...]) -> str:
    """``申请人/类别``; a header merged over both rows is said once."""
    return "/".join(dict.fromkeys(part for part in parts if part))


def _text(value: object) -> str:
    return "" if value is None else "".join(str(value).split())


def _require_year(title_rows: list[tuple[Any, ...]], place: str, year: ReportYear) -> None:
    title = "".join(_text(value) for row in title_rows for value in row if not isinstance(value, date | datetime))
    years = {
        title[i : i + 4] for i in range(len(title)) if title[i : i + 4].isdecimal() and title[i + 4 : i + 5] == "年"
    }
    if years and str(year) not in years:
        raise Refusal(
            f"{place}：标题写的是 {'、'.join(sorted(years))} 年，不是 {year} 年", todo="请提供者交来正确年度的文件"
        )
