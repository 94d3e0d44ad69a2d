"""xlsx workbooks by openpyxl, in a stream."""

import io
import warnings
import zipfile
from collections.abc import Iterable
from typing import Any

import openpyxl
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.datetime import MAC_EPOCH
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from tasks.reading.found import First, Rows, Sheet, damaged, mark_uncalculated
from tasks.reading.limits import Limits
from tasks.reading.xlsx_book import Part, workbook
from tasks.reading.xlsx_parts import Survey, require_cells
from tasks.reading.xlsx_styles import moments
from yearbook.errors import Refusal
from yearbook.intake.grid import Cell, Odd

READER = f"openpyxl {openpyxl.__version__}"
# What the library lets through from a damaged part; XML that is not well formed is a SyntaxError.
DAMAGES = (
    InvalidFileException, zipfile.BadZipFile, SyntaxError, KeyError, IndexError, ValueError, TypeError, AttributeError,
    NotImplementedError, EOFError, OSError, OverflowError, AssertionError, StopIteration,
)  # fmt: skip


class _Sheet(ReadOnlyWorksheet):  # type: ignore[misc]
    """A sheet whose size is that of its cells: the one that it declares is read slowly and may be wrong."""

    def _get_size(self) -> None:
        """Leave it open."""


class _Cells(ExcelReader):  # type: ignore[misc]
    """The library's reader without what holds no cells: it is not needed and has faults of its own."""

    def read(self) -> None:
        """Read strings and the list of sheets, and open the sheets."""
        self.read_manifest()
        self.read_strings()
        self.read_workbook()
        self.wb._date_formats, self.wb._timedelta_formats = moments(self.archive)
        for sheet, relation in self.parser.find_sheets():
            if relation.Type.endswith("/worksheet"):
                self.wb._sheets.append(_Sheet(self.wb, sheet.name, relation.target, self.shared_strings))


def read(data: bytes, limits: Limits) -> First:
    """Read a checked archive.

    Raises:
        Refusal: It does not follow the format, or is too large.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = workbook(archive)
        surveys = [Survey(part.name, limits, stale=book.stale).read(archive, part.member) for part in book.parts]
    require_cells(surveys, limits)
    try:
        return _read(data, book.parts, surveys)
    except DAMAGES as error:
        raise damaged("工作簿的部件不合格式") from error


def _read(data: bytes, parts: tuple[Part, ...], surveys: list[Survey]) -> First:
    with warnings.catch_warnings():
        # about looks, and about dates out of range, which are errors below
        warnings.simplefilter("ignore")
        reader = _Cells(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
        reader.read()
        found = reader.wb.worksheets
        if [sheet.title for sheet in found] != [part.name for part in parts]:
            raise damaged("工作表目录前后不符")
        sheets = []
        for sheet, part, survey in zip(found, parts, surveys, strict=True):
            rows = _rows(sheet.iter_rows())
            mark_uncalculated(rows, survey.uncalculated)
            sheets.append(Sheet(
                part.name, rows, survey.merged, part.hidden, survey.hidden_rows, survey.hidden_columns
            ))  # fmt: skip
    return First(READER, sheets, reader.wb.epoch == MAC_EPOCH)


def _rows(rows: Iterable[Any]) -> Rows:
    return [[Odd.ERROR if cell.data_type == "e" else _plain(cell.value) for cell in row] for row in rows]


def _plain(value: Any) -> Cell:
    """The library gives whole numbers as int where the file writes them so; anything strange ends the reading."""
    if isinstance(value, Cell):
        return value
    raise Refusal("单元格的种类不认识", todo="请提供者另存为 xlsx 后重新交来")
