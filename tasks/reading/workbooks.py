"""Workbooks: the first reader of each form, and the second one of all."""

import io
from importlib.metadata import version
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum

from tasks.reading import ods, xls, xlsx
from tasks.reading.found import SAVE_AGAIN, Reading, Rows, require_area, too_many_cells
from tasks.reading.limits import Limits
from yearbook.errors import Refusal

CALAMINE = f"python-calamine {version('python-calamine')}"


def read(kind: str, data: bytes, limits: Limits) -> Reading:
    """Read a workbook twice.

    Raises:
        Refusal: One of the readers cannot, or it is too large.
    """
    first = {"xlsx": xlsx.read, "xls": xls.read, "ods": ods.read}[kind](data, limits)
    second, charts = _second(data, limits)
    return Reading(
        form=kind,
        readers=(first.reader, CALAMINE),
        sheets=first.sheets,
        second=second,
        charts=charts,
        date_1904=first.date_1904,
    )


def _second(data: bytes, limits: Limits) -> tuple[list[tuple[str, Rows]], tuple[str, ...]]:
    """Names and cells of all tables, and the names of what is no table."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        charts = tuple(sheet.name for sheet in book.sheets_metadata if sheet.typ != SheetTypeEnum.WorkSheet)
        return list(zip(tables, _cells(book, tables, limits), strict=True)), charts
    except (CalamineError, OSError, ValueError, TypeError) as error:
        raise Refusal("两个读取器中有一个读不出内容，文件可能已损坏", todo=SAVE_AGAIN) from error


def _cells(book: CalamineWorkbook, names: list[str], limits: Limits) -> list[Rows]:
    found, area = [], 0
    for name in names:
        sheet = book.get_sheet_by_name(name)
        height, width = sheet.end or (-1, -1)
        require_area(name, height + 1, width + 1, limits.rows, limits.columns)
        area += (height + 1) * (width + 1)
        if area > limits.cells:
            raise too_many_cells(limits.cells)
        rows: Any = sheet.to_python(skip_empty_area=False) if sheet.end else []
        found.append(rows)
    return found
