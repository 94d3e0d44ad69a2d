"""Charts and plain tables of the report as sheets: pictures with a description, their numbers beside them."""

import io
import math
from collections.abc import Iterable

from xlsxwriter.worksheet import Worksheet

from yearbook.report.model import Chart, Inline, Listing, Number, Report, plain_text
from yearbook.report.sheets import HEADER_POINTS, Book, Styled, row_points, text_width
from yearbook.report.workbook_forms import printed_number

POINTS_PER_MM = 72 / 25.4
# What a spreadsheet takes a picture to have that does not say.
SCREEN_DOTS_PER_MM = 96 / 25.4
ROW_POINTS = 18
LEAST_WIDTH, MOST_WIDTH = 12, 40
SPARE = 2


def charts_of(report: Report) -> list[Chart]:
    """The charts of the report in printed order."""
    sections = (*report.sections, *report.annexes)
    return [block for section in sections for block in section.blocks if isinstance(block, Chart)]


def listings_of(report: Report) -> list[Listing]:
    """The plain tables of the report in printed order, those of its annexes last."""
    sections = (*report.sections, *report.annexes)
    return [block for section in sections for block in section.blocks if isinstance(block, Listing)]


def charts_sheet(book: Book, sheet: Worksheet, charts: Iterable[Chart]) -> None:
    """The charts one below the other; numbers at the left, the picture at the right of them."""
    # drawing loads a large library that a report without charts does not need
    from yearbook.report.charts import draw, table_of

    drawn = [(table_of(chart), draw(chart)) for chart in charts]
    widths = _columns(sheet, [table for table, _ in drawn])
    row = 0
    for number, (table, picture) in enumerate(drawn, start=1):
        after = _table(book, sheet, row, table, widths)
        scale = _scale(picture.png, picture.width_mm)
        image = {
            "image_data": io.BytesIO(picture.png),
            "description": picture.alt,
            "object_position": 1,
            "x_scale": scale,
            "y_scale": scale,
        }
        sheet.insert_image(row + 1, len(widths) + 1, f"chart{number}.png", image)
        high = math.ceil(picture.height_mm * POINTS_PER_MM / ROW_POINTS) + 1
        row = max(after, row + 1 + high) + SPARE


def listings_sheet(book: Book, sheet: Worksheet, listings: list[Listing]) -> None:
    """Plain tables one below the other."""
    widths = _columns(sheet, listings)
    row = 0
    for table in listings:
        row = _table(book, sheet, row, table, widths) + SPARE


def _scale(png: bytes, width_mm: float) -> float:
    """What makes a picture as wide as in the report, whatever density it says it has."""
    pixels = int.from_bytes(png[16:20], "big")
    density = png.find(b"pHYs")
    dots_per_mm = SCREEN_DOTS_PER_MM if density < 0 else int.from_bytes(png[density + 4 : density + 8], "big") / 1000
    return width_mm * dots_per_mm / pixels


def _columns(sheet: Worksheet, tables: Iterable[Listing]) -> list[int]:
    """Widths that suit every table of the sheet, in characters."""
    widths: list[int] = []
    for table in tables:
        for row in (table.head, *(tuple(map(plain_text, cells)) for cells in table.rows)):
            widths += [LEAST_WIDTH] * (len(row) - len(widths))
            for column, text in enumerate(row):
                widths[column] = min(MOST_WIDTH, max(widths[column], text_width(text) + SPARE))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    return widths


def _table(book: Book, sheet: Worksheet, first: int, table: Listing, widths: list[int]) -> int:
    """Title, head and rows; returns the row after them."""
    book.put(sheet, first, 0, Styled(table.title, "caption"))
    sheet.set_row(first, ROW_POINTS)
    for column, label in enumerate(table.head):
        book.put(sheet, first + 1, column, Styled(label, "head"))
    sheet.set_row(first + 1, HEADER_POINTS)
    row = first + 1
    for row, cells in enumerate(table.rows, start=first + 2):
        shown = [_cell(cell) for cell in cells]
        for column, cell in enumerate(shown):
            book.put(sheet, row, column, cell)
        sheet.set_row(row, max(ROW_POINTS, row_points(shown, widths[: len(shown)])))
    return row + 1


def _cell(inlines: tuple[Inline, ...]) -> Styled:
    """A cell that is one number is a number where it is printed as one."""
    text = plain_text(inlines)
    is_number = len(inlines) == 1 and isinstance(inlines[0], Number)
    if not is_number:
        return Styled(text, "")
    shown = printed_number(text)
    return Styled(text, "right") if isinstance(shown.content, str) else shown
