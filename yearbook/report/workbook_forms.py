"""The statutory tables as sheets, drawn as the form draws them; totals are sums of the cells they add up."""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from yearbook.form.table import FormCell, FormTable, Role
from yearbook.report.model import StatutoryTable
from yearbook.report.sheets import HEADER_POINTS, Book, Styled, number_format

FORM_WIDTH_CHARACTERS = 112
FORM_ROW_POINTS = 27
# A form with more columns than this lies across the page.
UPRIGHT_COLUMNS = 10
# The title stands above the form.
FIRST_ROW = 1
TOTAL = "total"


def statutory(book: Book, sheet: Worksheet, table: StatutoryTable) -> None:
    """The table as the form draws it, merged, one title row above."""
    form = table.form
    _set_up(book, sheet, form)
    totals = sums(table)
    for cell in form.cells:
        content = _content(table, cell, totals)
        row, column = cell.row + FIRST_ROW, cell.column
        if cell.row_span * cell.column_span > 1:
            last = (row + cell.row_span - 1, column + cell.column_span - 1)
            sheet.merge_range(row, column, *last, "", book.format(content.style))
        book.put(sheet, row, column, content)


def printed_number(text: str) -> Styled:
    """The printed number as a number with the decimals it is printed with; words stay words."""
    number = _number(text)
    return Styled(text, "center") if number is None else Styled(number, f"center|{_plain_format(number)}")


def sums(table: StatutoryTable) -> dict[str, str]:
    """Figure code of a total → its formula.

    A total is a cell whose code has ``total`` where its parts have other members: at the end for the sum of a row,
    before that for the sum of a column. The parts stand in one row or column without a gap, and they add up to the
    printed total; where they do not, the printed number stands for itself.
    """
    cells = {cell.figure: cell for cell in table.form.number_cells() if cell.figure is not None}
    return {
        code: formula
        for code in cells
        for formula in [next(filter(None, (_sum(code, parts, cells, table) for parts in _parts(code, cells))), "")]
        if formula
    }


def _parts(code: str, codes: Iterable[str]) -> Iterable[list[str]]:
    """For each place of the code that says total, the codes that differ from it there alone."""
    members = code.split(".")
    for place in reversed(range(1, len(members))):
        if members[place] == TOTAL:
            yield [other for other in codes if other != code and _differs_at(place, members, other.split("."))]


def _differs_at(place: int, members: list[str], others: list[str]) -> bool:
    return len(others) == len(members) and all(
        other == member for index, (member, other) in enumerate(zip(members, others, strict=True)) if index != place
    )


def _sum(code: str, parts: list[str], cells: Mapping[str, FormCell], table: StatutoryTable) -> str:
    found = [_number(table.printed[part]) for part in parts]
    numbers = [number for number in found if number is not None]
    if not parts or len(numbers) < len(parts) or sum(numbers) != _number(table.printed[code]):
        return ""
    rows = sorted({cells[part].row for part in parts})
    columns = sorted({cells[part].column for part in parts})
    is_line = min(len(rows), len(columns)) == 1
    has_gap = (rows[-1] - rows[0] + 1) * (columns[-1] - columns[0] + 1) != len(parts)
    if not is_line or has_gap:
        return ""
    first = xl_rowcol_to_cell(rows[0] + FIRST_ROW, columns[0])
    return f"=SUM({first}:{xl_rowcol_to_cell(rows[-1] + FIRST_ROW, columns[-1])})"


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _plain_format(number: Decimal) -> str:
    return number_format(number).replace("#,##0", "0")


def _content(table: StatutoryTable, cell: FormCell, totals: Mapping[str, str]) -> Styled:
    if cell.figure is None:
        return Styled(cell.label, "" if cell.role in (Role.ROW_HEADER, Role.CORNER) else "label center")
    shown = printed_number(table.printed[cell.figure])
    return Styled(shown.content, shown.style, totals.get(cell.figure, ""))


def _set_up(book: Book, sheet: Worksheet, form: FormTable) -> None:
    whole = sum(form.widths)
    if len(form.widths) <= UPRIGHT_COLUMNS:
        sheet.set_portrait()
    sheet.fit_to_pages(1, 1)
    sheet.center_horizontally()
    for column, width in enumerate(form.widths):
        sheet.set_column(column, column, width * FORM_WIDTH_CHARACTERS / whole)
    sheet.merge_range(0, 0, 0, len(form.widths) - 1, "", book.format("title"))
    book.put(sheet, 0, 0, Styled(form.title, "title"))
    sheet.set_row(0, HEADER_POINTS)
    for row in range(form.row_total):
        sheet.set_row(row + FIRST_ROW, FORM_ROW_POINTS)
    if form.header_rows:
        sheet.freeze_panes(form.header_rows + FIRST_ROW, 0)
        sheet.repeat_rows(0, form.header_rows)
