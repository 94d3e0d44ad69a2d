"""A workbook being written: cells, looks, print set-up. Knows nothing of figures.

Text never becomes a formula or a link, and a number that a spreadsheet would round is written as text.
"""

import io
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from yearbook.period import ReportYear
from yearbook.quantity import Exact, plain
from yearbook.report.model import Report

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

# A spreadsheet keeps fifteen significant digits; a longer number would change its last ones.
SHEET_DIGITS = 15
A4 = 9
SONG, HEI = "宋体", "黑体"
INK, LINE, BAND, SOFT = "#1C2126", "#AEB6BD", "#F1F4F6", "#59626B"
BAD, WARN, GOOD = "#A61C14", "#8A5200", "#1B6B40"
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
LINE_POINTS, ROW_SPARE_POINTS, HEADER_POINTS = 13.5, 4.5, 34
INDENT_WIDTH = 2
WIDE = ("W", "F")


@dataclass(frozen=True, slots=True)
class Styled:
    """A cell's content and how it looks.

    Attributes:
        content: Words, or an exact number.
        style: Words of ``LOOKS``, then a number format after ``|``.
        formula: What a spreadsheet works the number out from, made of cell addresses alone and never of data; empty
            where it is written as it is. ``content`` is what the formula gives, for readers that do not calculate.
    """

    content: Exact | str
    style: str
    formula: str = ""


class Book:
    """A workbook being written; formats are made once per description."""

    def __init__(self, report: Report) -> None:
        self.out = io.BytesIO()
        # slow to import; the command line reads findings without writing any workbook
        import xlsxwriter

        self.book = xlsxwriter.Workbook(self.out, dict(OPTIONS))
        after = ReportYear(report.year).end
        self.book.set_properties(
            {
                "title": report.title_line,
                "author": report.body.name,
                # The instant after the report year, so that the same figures give the same bytes.
                "created": datetime(after.year, after.month, after.day),  # noqa: DTZ001 - the format has no zone
            }
        )
        self._formats: dict[str, Format] = {}

    def format(self, style: str) -> "Format":
        """A format from words: ``head``, ``text``, ``label``, ``bold``, ``center``, a number format after ``|``."""
        if style not in self._formats:
            self._formats[style] = self.book.add_format(_look(style))
        return self._formats[style]

    def sheet(self, name: str, title: str) -> "Worksheet":
        """A sheet, landscape A4, one page wide, the title in the print header."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        # An ampersand starts a code in a print header; doubled it is itself.
        sheet.set_header(f'&C&"{HEI}"&12{title.replace("&", "&&")}')
        sheet.set_footer(f"&L{name}&R第&P页，共&N页")
        sheet.hide_gridlines(2)
        return sheet

    def put(self, sheet: "Worksheet", row: int, column: int, cell: Styled) -> None:
        """Write text as text and an exact number as a number, unless the sheet would round it."""
        style = self.format(cell.style)
        if isinstance(cell.content, str):
            sheet.write_string(row, column, cell.content, style)
        elif not fits(cell.content):
            sheet.write_string(row, column, plain(cell.content), style)
        elif cell.formula:
            sheet.write_formula(row, column, cell.formula, style, Decimal(plain(cell.content)))
        else:
            sheet.write_number(row, column, cell.content, style)

    def bytes(self) -> bytes:
        """The finished file."""
        self.book.close()
        return self.out.getvalue()


LOOKS: dict[str, dict[str, object]] = {
    "head": {"bold": True, "bg_color": BAND, "align": "center", "font_name": HEI},
    "bold": {"bold": True},
    "label": {"bg_color": BAND},
    "center": {"align": "center"},
    "right": {"align": "right"},
    "soft": {"font_color": SOFT},
    "bad": {"font_color": BAD, "bold": True},
    "warn": {"font_color": WARN, "bold": True},
    "good": {"font_color": GOOD},
    "caption": {"bold": True, "border": 0, "font_name": HEI, "text_wrap": False, "indent": 0, "align": "left"},
    "title": {"font_size": 16, "bold": True, "border": 0, "font_name": HEI, "align": "center"},
    "sum": {"bold": True, "bg_color": "#F7F8F9"},
}


def _look(style: str) -> dict[str, object]:
    look: dict[str, object] = {
        "font_name": SONG,
        "font_size": 10,
        "font_color": INK,
        "valign": "vcenter",
        "border": 1,
        "border_color": LINE,
        "text_wrap": True,
    }
    words, _, number_format = style.partition("|")
    for word in words.split():
        look |= LOOKS[word]
    if number_format:
        return look | {"num_format": number_format, "text_wrap": False}
    return {"align": "left", "indent": 1} | look if "align" not in look else look


def fits(value: Exact) -> bool:
    """True where a spreadsheet keeps every digit of a number."""
    return len(Decimal(value).normalize().as_tuple().digits) <= SHEET_DIGITS


def number_format(value: Exact) -> str:
    """Thousands apart, as many decimals as the number has."""
    places = decimals(value)
    return "#,##0" + ("." + "0" * places if places else "")


def decimals(value: Exact) -> int:
    """Decimal places that a number is written with."""
    return max(0, -int(value.as_tuple().exponent)) if isinstance(value, Decimal) else 0


def text_width(text: str) -> int:
    """Width in half-width characters, as a column width counts them."""
    return sum(2 if unicodedata.east_asian_width(character) in WIDE else 1 for character in text)


def row_points(row: Iterable[Styled], widths: Iterable[int]) -> float:
    """Height that shows every wrapped line; a file without heights overlaps in some programs."""
    lines = [
        -(-(text_width(cell.content) + INDENT_WIDTH) // width)
        for cell, width in zip(row, widths, strict=True)
        if isinstance(cell.content, str)
    ]
    return LINE_POINTS * max(lines, default=1) + ROW_SPARE_POINTS


def listing(
    book: Book,
    sheet: "Worksheet",
    columns: Mapping[str, int],
    rows: Iterable[list[Styled]],
    frozen: int,
    *,
    on_paper: int = 0,
) -> None:
    """A list with a header that stays, filters, and repeats on paper.

    Args:
        book: The workbook.
        sheet: An empty sheet of it.
        columns: Labels and widths, in characters.
        rows: Cells, one for each column.
        frozen: Columns that stay in sight.
        on_paper: How many of the first columns are printed; a sheet of many would print too small. 0 prints all.
    """
    for column, (label, width) in enumerate(columns.items()):
        sheet.set_column(column, column, width)
        book.put(sheet, 0, column, Styled(label, "head"))
    sheet.set_row(0, HEADER_POINTS)
    last = 0
    for last, row in enumerate(rows, start=1):
        sheet.set_row(last, row_points(row, columns.values()))
        for column, cell in enumerate(row):
            book.put(sheet, last, column, cell)
    sheet.freeze_panes(1, frozen)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    if on_paper:
        sheet.print_area(0, 0, last, on_paper - 1)
    sheet.repeat_rows(0)
