"""The printed page after GB/T 9704—2012: measures, type sizes and table columns of the word and the PDF document.

Knows measures, not file formats. Lengths are points unless a name says otherwise.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from yearbook.errors import Refusal
from yearbook.form.table import FormCell, FormTable, Role
from yearbook.report.model import Block, Heading, Report, StatutoryTable

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
TOP_MM, RIGHT_MM, BOTTOM_MM, LEFT_MM = 37, 26, 35, 28
# From the lower edge of the page to the foot of the page number: its dash then lies 7 mm below the text.
FOOTER_MM = 25
TWIPS_PER_POINT = 20

# 22 lines in 225 mm; 28 characters in 156 mm.
LINE = 28.95
TRACKING = -0.25
TITLE_SIZE, TITLE_LINE = 22, 36
BODY_SIZE = 16
FOOTER_SIZE = 14

CAPTION_FILL = "C6D9F1"
RULE = 0.5
# A table with more rows than this fills a page, so its section begins one.
TALL_TABLE_ROWS = 20
# Below this size a printed digit cannot be read any more.
SMALLEST_SIZE = 5

# Where a printer breaks labels in columns of three or four characters. Line breaks only: the words stay.
NARROW_LABELS = {
    "三、本年度办理结果": ("三、", "本年度", "办理", "结果"),
    "（三）不予公开": ("（三）", "不予公开"),
    "（四）无法提供": ("（四）", "无法提供"),
    "（五）不予处理": ("（五）", "不予处理"),
    "（六）其他处理": ("（六）", "其他处理"),
    "社会公益组织": ("社会", "公益", "组织"),
    "法律服务机构": ("法律", "服务", "机构"),
    "结果维持": ("结果", "维持"),
    "结果纠正": ("结果", "纠正"),
    "其他结果": ("其他", "结果"),
    "尚未审结": ("尚未", "审结"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDesign:
    """How one statutory table is set.

    Attributes:
        size: Type size.
        row_height: Least height of a row.
        number_row_height: Least height of a row that holds nothing but numbers.
        label_margin: Space between a rule and a label set flush left.
        widths: Column widths in twips; they fill the 156 mm of the text exactly.
    """

    size: float
    row_height: float
    number_row_height: float
    label_margin: float
    widths: tuple[int, ...]


DESIGNS = {
    2: TableDesign(size=10.5, row_height=24, number_row_height=24, label_margin=5.4, widths=(2211,) * 4),
    3: TableDesign(
        size=9, row_height=17.5, number_row_height=17.5, label_margin=2.85, widths=(600, 820, 2524, *(700,) * 7)
    ),
    4: TableDesign(size=9, row_height=22, number_row_height=36, label_margin=2.85, widths=(590,) * 9 + (589,) * 6),
}
# Centred text needs less air, and narrow columns have none to spare.
CENTRED_MARGIN = 1.0
# Air that a number keeps on either side.
NUMBER_AIR = 1.6
# Between a heading and the table below it, and between a table and whatever follows.
BEFORE_TABLE, AFTER_TABLE = 4, LINE / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A block with its neighbourhood; section titles are headings of level 1.

    Attributes:
        block: What is printed.
        own_page: It begins a page, because a table that fills one follows.
        after_table: A table stands right above.
        before_table: A table stands right below.
    """

    block: Block
    own_page: bool
    after_table: bool
    before_table: bool


def flow(report: Report) -> Iterator[Placed]:
    """Everything below the title, in reading order."""
    blocks: list[Block] = [*report.preamble]
    for section in report.sections:
        blocks += [Heading(1, section.title), *section.blocks]
    for place, block in enumerate(blocks):
        above = blocks[place - 1] if place else None
        below = blocks[place + 1] if place + 1 < len(blocks) else None
        yield Placed(
            block=block,
            own_page=isinstance(block, Heading) and isinstance(below, StatutoryTable) and is_tall(below.form),
            after_table=isinstance(above, StatutoryTable),
            before_table=isinstance(below, StatutoryTable),
        )


def is_tall(form: FormTable) -> bool:
    """True for a table that fills a page."""
    return form.row_total > TALL_TABLE_ROWS


def label_lines(cell: FormCell) -> tuple[str, ...]:
    """The label of a cell, broken as the form breaks it or as a narrow column asks."""
    return NARROW_LABELS.get(cell.label) or tuple(cell.label.split("\n"))


def is_left(form: FormTable, cell: FormCell) -> bool:
    """True for the cells that the form sets flush left; all others are centred."""
    if cell.role is Role.ROW_HEADER:
        # Table two names whole rows in the middle of wide cells, table three lists what is being counted.
        return form.header_rows > 0 and len(label_lines(cell)) == 1
    return cell.role in {Role.CORNER, Role.BLOCK_CAPTION}


def margin(form: FormTable, cell: FormCell) -> float:
    """Space between a cell's rule and its text."""
    return DESIGNS[form.number].label_margin if is_left(form, cell) else CENTRED_MARGIN


def row_height(form: FormTable, row: int) -> float:
    """Least height of a row of the grid."""
    design = DESIGNS[form.number]
    only_numbers = all(cell.role is Role.NUMBER for cell in form.cells if cell.row == row)
    return design.number_row_height if only_numbers else design.row_height


def number_size(form: FormTable, cell: FormCell, text: str, advance: Callable[[str], float]) -> float:
    """The largest type size, in half points, at which a number stands on one line of its cell.

    Args:
        form: The table.
        cell: A number cell of it.
        text: The printed number.
        advance: Width of one character in a font, as a part of the type size.

    Raises:
        Refusal: The number would have to be printed too small to read.
    """
    design = DESIGNS[form.number]
    twips = sum(design.widths[cell.column : cell.column + cell.column_span])
    room = Fraction(twips, TWIPS_PER_POINT) - 2 * Fraction(NUMBER_AIR) - Fraction(RULE)
    width = sum(Fraction(advance(character)) for character in text)
    size = design.size if width == 0 else min(design.size, floor(2 * room / width) / 2)
    if size < SMALLEST_SIZE:
        raise Refusal(
            f"“{cell.address}”的数字有 {len(text)} 位，表格列宽容纳不下",
            todo="核对该数字的计量单位和来源；确属实数的，与技术人员商定另附说明",
        )
    return size
