"""A plain table outside the form: column widths for both documents, and the table as WordprocessingML.

Knows nothing of what the cells mean. Words wrap, numbers never do.
"""

import re
from dataclasses import dataclass
from html import escape

from yearbook.errors import Refusal
from yearbook.report import docx_page as page
from yearbook.report.docx_styles import Sheet, rules, twips
from yearbook.report.docx_text import run_text
from yearbook.report.model import Listing, plain_text
from yearbook.report.profile import TWIPS_PER_POINT, Layout

# Left and right of every cell.
MARGIN = 4.0
# A row is at least so many times as high as its type.
ROW_HEIGHT = 2.0
# What stands on one line: numbers with their signs, and words of Latin letters.
_UNBROKEN = re.compile(r"[0-9A-Za-z.,%+\-_/:]+")
_NARROW, _WIDE = 0.62, 1.0


def texts(listing: Listing) -> list[list[str]]:
    """Head and rows as a reader sees them.

    Raises:
        ValueError: A row has more or fewer cells than the head.
    """
    rows = [list(listing.head), *([plain_text(cell) for cell in row] for row in listing.rows)]
    if any(len(row) != len(listing.head) for row in rows):
        raise ValueError(f"listing {listing.title}: a row does not have as many cells as the head")
    return rows


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its width in twips, and whether its cells are set flush left because they name rows or wrap."""

    width: int
    is_left: bool


def columns(listing: Listing, layout: Layout) -> tuple[Column, ...]:
    """Columns that fill the text: wide columns give way, a number keeps its room.

    Raises:
        Refusal: The numbers of one row do not fit beside each other.
    """
    cells = list(zip(*texts(listing), strict=True))
    air = 2 * MARGIN + page.RULE
    wanted = [max(_width(text) for text in column) * layout.caption_size + air for column in cells]
    needed = [max(_unbroken(text) for text in column) * layout.caption_size + air for column in cells]
    room = layout.text_width
    if sum(needed) > room:
        raise Refusal(f"表格“{listing.title}”的各列并排放不下", todo="减少该表的列，或分成几个表")
    shares = _shared(wanted, needed, room)
    widths = [int(share * TWIPS_PER_POINT) for share in shares]
    widths[0] += round(room * TWIPS_PER_POINT) - sum(widths)
    left = [place == 0 or share < wish for place, (share, wish) in enumerate(zip(shares, wanted, strict=True))]
    return tuple(Column(*column) for column in zip(widths, left, strict=True))


def _shared(wanted: list[float], needed: list[float], room: float) -> list[float]:
    """What every column gets: more than it wants where there is room, else the widest are cut to a common width."""
    if sum(wanted) <= room:
        return [width * room / sum(wanted) for width in wanted]
    low, high = 0.0, max(wanted)
    for _ in range(40):
        cap = (low + high) / 2
        taken = sum(max(least, min(width, cap)) for width, least in zip(wanted, needed, strict=True))
        low, high = (cap, high) if taken <= room else (low, cap)
    shares = [max(least, min(width, low)) for width, least in zip(wanted, needed, strict=True)]
    return [share * room / sum(shares) for share in shares]


def _width(text: str) -> float:
    return sum(_NARROW if character.isascii() else _WIDE for character in text)


def _unbroken(text: str) -> float:
    """The longest piece of a text that must stay whole, at least two characters, as a part of the type size."""
    return max([2.0, *(_width(piece) for piece in _UNBROKEN.findall(text))])


def listing_xml(listing: Listing, sheet: Sheet) -> str:
    """The table element below its caption; the head repeats on every page, no row splits."""
    drawn = columns(listing, sheet.layout)
    grid = "".join(f'<w:gridCol w:w="{column.width}"/>' for column in drawn)
    side = twips(MARGIN)
    properties = (
        f'<w:tblPr><w:tblW w:w="{sum(column.width for column in drawn)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{rules(page.RULE)}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{side}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:val="0000" w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" '
        f'w:noHBand="1" w:noVBand="1"/><w:tblCaption w:val="{escape(listing.title)}"/></w:tblPr>'
    )
    rows = "".join(
        _row(cells, drawn, sheet, header=place == 0, last=place == len(listing.rows))
        for place, cells in enumerate(texts(listing))
    )
    return f"<w:tbl>{properties}<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"


def _row(cells: list[str], drawn: tuple[Column, ...], sheet: Sheet, *, header: bool, last: bool) -> str:
    style = sheet.style("表内文字")
    kept = "<w:keepNext/>" if header and not last else ""
    elements = []
    for text, column in zip(cells, drawn, strict=True):
        side = '<w:jc w:val="left"/>' if column.is_left and not header else ""
        run = f"<w:r>{run_text(text)}</w:r>"
        elements.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{column.width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{kept}{side}</w:pPr>{run}</w:p></w:tc>'
        )
    height = twips(ROW_HEIGHT * sheet.layout.caption_size)
    repeated = "<w:tblHeader/>" if header else ""
    return (
        f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}" w:hRule="atLeast"/>{repeated}</w:trPr>'
        f"{''.join(elements)}</w:tr>"
    )
