"""The same ledger in every form that is handed over; same ledger, same bytes."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from html import escape
from typing import Any

import openpyxl
import xlsxwriter

from tests.tasks.reading import biff
from tests.tasks.reading.making import members, ods, ods_row, ods_table, zipped
from tests.tasks.sources.corpus.ledger import Cell, Ledger, Wrong, told

Sheets = Sequence[Ledger]
Merged = tuple[int, int, int, int]
DAY = "yyyy-mm-dd"
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - workbooks know no zone
FIXED = datetime(2024, 1, 2)  # noqa: DTZ001 - as above


def by_openpyxl(sheets: Sheets) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for ledger in sheets:
        sheet = book.create_sheet(ledger.sheet)
        for row in ledger.rows:
            sheet.append([cell.value if isinstance(cell, Wrong) else cell for cell in row])
        for top, left, bottom, right in ledger.merged:
            sheet.merge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        for number in (*ledger.hidden_rows, *ledger.filtered_rows):
            sheet.row_dimensions[number].hidden = True
        if ledger.filtered_rows:
            sheet.auto_filter.ref = f"A1:F{len(ledger.rows)}"
        for number in ledger.hidden_columns:
            sheet.column_dimensions[chr(64 + number)].hidden = True
        sheet.sheet_state = ledger.state
    out = io.BytesIO()
    book.save(out)
    # the library writes the time into it
    return zipped({name: data for name, data in members(out.getvalue()).items() if name != "docProps/core.xml"})


def by_xlsxwriter(sheets: Sheets, **options: Any) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, **options}) as book:
        book.set_properties({"created": FIXED})
        day = book.add_format({"num_format": DAY})
        for ledger in sheets:
            _fill(book.add_worksheet(ledger.sheet), ledger, day)
    return out.getvalue()


def _fill(sheet: Any, ledger: Ledger, day: Any) -> None:
    for top, left, bottom, right in ledger.merged:
        sheet.merge_range(top - 1, left - 1, bottom - 1, right - 1, "")
    for row, cells in enumerate(ledger.rows):
        for column, cell in enumerate(cells):
            _write(sheet, row, column, cell, day)
    for number in (*ledger.hidden_rows, *ledger.filtered_rows):
        sheet.set_row(number - 1, None, None, {"hidden": True})
    if ledger.filtered_rows:
        sheet.autofilter(0, 0, len(ledger.rows) - 1, ledger.width - 1)
    for number in ledger.hidden_columns:
        sheet.set_column(number - 1, number - 1, None, None, {"hidden": True})
    if ledger.state != "visible":
        sheet.hide() if ledger.state == "hidden" else sheet.very_hidden()


def _write(sheet: Any, row: int, column: int, cell: Cell, day: Any) -> None:
    if isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, Wrong):
        sheet.write_formula(row, column, "=1/0" if cell is Wrong.ERROR else cell.value)
    elif isinstance(cell, str):
        sheet.write_string(row, column, cell)
    elif cell is not None:
        sheet.write(row, column, cell)


def as_xls(sheets: Sheets) -> bytes:
    return biff.workbook(*map(biff_sheet, sheets))


def biff_sheet(ledger: Ledger) -> biff.Sheet:
    return biff.Sheet(
        ledger.sheet,
        [[_biff_cell(cell) for cell in row] for row in ledger.rows],
        merged=[(top - 1, bottom - 1, left - 1, right - 1) for top, left, bottom, right in ledger.merged],
        visibility={"visible": 0, "hidden": 1, "veryHidden": 2}[ledger.state],
        hidden_rows=[number - 1 for number in (*ledger.hidden_rows, *ledger.filtered_rows)],
        hidden_columns=[number - 1 for number in ledger.hidden_columns],
    )


def _biff_cell(cell: Cell) -> Any:
    if isinstance(cell, date):
        moment = cell if isinstance(cell, datetime) else datetime.combine(cell, time())
        return biff.Formatted((moment - EPOCH).total_seconds() / 86_400, DAY)
    return biff.Error() if cell is Wrong.ERROR else cell or None if isinstance(cell, str) else cell


def as_ods(sheets: Sheets) -> bytes:
    return ods("".join(map(ods_sheet, sheets)), OFF)


OFF = '<style:style style:name="off" style:family="table"><style:table-properties table:display="false"/></style:style>'
WITHOUT_VALUE = {
    Wrong.ERROR: ('office:value-type="string" calcext:value-type="error"', "<text:p>#DIV/0!</text:p>"),
    Wrong.FORMULA: ('table:formula="of:=1+1"', ""),
}
GONE = 'table:visibility="collapse"'


def ods_sheet(ledger: Ledger) -> str:
    spans, covered = _spans(ledger.merged)
    rows = []
    for number, cells in enumerate(ledger.rows, start=1):
        written = [
            _ods_cell(cell, spans.get((number, column)), covered=(number, column) in covered)
            for column, cell in enumerate(cells, start=1)
        ]
        gone = GONE if number in ledger.hidden_rows else ""
        rows.append(
            ods_row(*written, attributes='table:visibility="filter"' if number in ledger.filtered_rows else gone)
        )
    before = "".join(
        f"<table:table-column {GONE if number in ledger.hidden_columns else ''}/>"
        for number in range(1, ledger.width + 1)
    )
    off = 'table:style-name="off"' if ledger.state != "visible" else ""
    return ods_table(*rows, name=ledger.sheet, before=before, attributes=off)


def _ods_cell(cell: Cell, span: tuple[int, int] | None, *, covered: bool) -> str:
    kind, inside = _ods_value(cell)
    if span:
        kind += f' table:number-rows-spanned="{span[0]}" table:number-columns-spanned="{span[1]}"'
    name = "table:covered-table-cell" if covered else "table:table-cell"
    return f"<{name} {kind}>{inside}</{name}>"


def _ods_value(cell: Cell) -> tuple[str, str]:
    if isinstance(cell, Wrong):
        return WITHOUT_VALUE[cell]
    if isinstance(cell, bool):
        return f'office:value-type="boolean" office:boolean-value="{str(cell).lower()}"', ""
    if isinstance(cell, date):
        return f'office:value-type="date" office:date-value="{cell.isoformat()}"', ""
    if isinstance(cell, str):
        return 'office:value-type="string"', f"<text:p>{escape(cell)}</text:p>"
    return ("", "") if cell is None else _ods_number(cell)


def _ods_number(cell: float) -> tuple[str, str]:
    return f'office:value-type="float" office:value="{cell}"', ""


def _spans(merged: Sequence[Merged]) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
    """Height and width of every merged range by its corner, and the places that it covers."""
    spans = {(top, left): (bottom - top + 1, right - left + 1) for top, left, bottom, right in merged}
    covered = {
        (row, column)
        for top, left, bottom, right in merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    return spans, covered - set(spans)


def as_page(sheets: Sheets) -> bytes:
    head = '<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>'
    return (head + "".join(map(page_table, sheets)) + "</body></html>").encode("gb18030")


def page_table(ledger: Ledger) -> str:
    spans, covered = _spans(ledger.merged)
    rows = []
    for number, cells in enumerate(ledger.rows, start=1):
        written = ""
        for column, cell in enumerate(cells, start=1):
            if (number, column) in covered:
                continue
            down, right = spans.get((number, column), (1, 1))
            hides = ' style="display:none"' if column in ledger.hidden_columns else ""
            written += f'<td rowspan="{down}" colspan="{right}"{hides}>{escape(told(cell))}</td>'
        rows.append(f"<tr{' hidden' if number in ledger.hidden_rows else ''}>{written}</tr>\n")
    return f"<table{' hidden' if ledger.state != 'visible' else ''}>{''.join(rows)}</table>"


def as_text(sheets: Sheets, codec: str = "utf-8", delimiter: str = ",", mark: bytes = b"") -> bytes:
    out = io.StringIO(newline="")
    for ledger in sheets:
        csv.writer(out, delimiter=delimiter).writerows([told(cell) for cell in row] for row in ledger.rows)
    return mark + out.getvalue().encode(codec)


@dataclass(frozen=True)
class Format:
    """A form: ending of the file's name, its writer, and whether its sheets have names."""

    ending: str
    write: Callable[[Sheets], bytes]
    named: bool = False


FORMATS: Mapping[str, Format] = {
    "xlsx-openpyxl": Format("xlsx", by_openpyxl, named=True),
    "xlsx-xlsxwriter": Format("xlsx", by_xlsxwriter, named=True),
    "xls": Format("xls", as_xls, named=True),
    "ods": Format("ods", as_ods, named=True),
    "html": Format("xls", as_page),
    "csv-gb18030": Format("csv", partial(as_text, codec="gb18030")),
    "csv-utf8": Format("csv", as_text),
    "csv-utf8-bom": Format("csv", partial(as_text, codec="utf-8-sig")),
    "csv-utf16-le": Format("csv", partial(as_text, codec="utf-16-le", mark=b"\xff\xfe")),
    "csv-utf16-be": Format("csv", partial(as_text, codec="utf-16-be", mark=b"\xfe\xff")),
    "tsv": Format("txt", partial(as_text, codec="gb18030", delimiter="\t")),
}
XLSX = ("xlsx-openpyxl", "xlsx-xlsxwriter")
TYPED = (*XLSX, "xls", "ods")
TEXT = tuple(name for name in FORMATS if name.startswith(("csv", "tsv")))
PAGE = ("html",)
EVERY = tuple(FORMATS)
