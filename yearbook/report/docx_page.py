"""What the word and the PDF document share: order of the blocks, lines of labels and titles, sizes that fit.

Knows measures, not file formats. Lengths are points unless a name says otherwise.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from yearbook.errors import Refusal
from yearbook.form.table import FormCell, FormTable, Role
from yearbook.report.model import Block, Heading, Listing, Report, StatutoryTable
from yearbook.report.profile import LAYOUTS, TWIPS_PER_POINT, Layout

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


# Centred text needs less air, and narrow columns have none to spare.
CENTRED_MARGIN = 1.0
# Air that a number keeps on either side.
NUMBER_AIR = 1.6
# Between a heading and the table below it.
BEFORE_TABLE = 4
# A remark that the form sets in another face inside a label.
_NOTE = re.compile("（(?:本列|区分).*）")
# A title breaks behind these first, never before a mark, a number or the year it belongs to.
_GOOD_ENDS = frozenset("省市区县州旗局委会院厅部处队所站和与及年")
_NO_BREAK = re.compile(r"(?=[、，。）》”])|(?<=[（《“〔])|(?<=\d)(?=[\d年月日号])|(?<=[A-Za-z])(?=[A-Za-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A block with its neighbourhood; titles of sections and annexes are headings of level 1.

    Attributes:
        block: What is printed.
        own_page: It begins a page: a table that fills one follows, or the annexes begin.
        after_table: A table stands right above.
        before_table: A table stands right below, without a caption between.
    """

    block: Block
    own_page: bool
    after_table: bool
    before_table: bool


def layout_of(report: Report) -> Layout:
    """The page that the body wants."""
    return LAYOUTS[report.body.profile]


def flow(report: Report) -> Iterator[Placed]:
    """Everything below the title, in reading order."""
    layout = layout_of(report)
    blocks: list[Block] = [*report.preamble]
    for section in report.sections:
        blocks += [Heading(1, section.title), *section.blocks]
    first_annex = len(blocks)
    for annex in report.annexes:
        blocks += [Heading(1, annex.title), *annex.blocks]
    for place, block in enumerate(blocks):
        above = blocks[place - 1] if place else None
        below = blocks[place + 1] if place + 1 < len(blocks) else None
        before_tall = isinstance(below, StatutoryTable) and is_tall(below.form) and layout.own_page
        yield Placed(
            block=block,
            own_page=isinstance(block, Heading) and (before_tall or place == first_annex),
            after_table=isinstance(above, StatutoryTable | Listing),
            before_table=isinstance(below, StatutoryTable),
        )


def title_lines(report: Report) -> tuple[str, ...]:
    """The lines of the title; one that is wider than the page is broken into parts of nearly the same length."""
    layout = layout_of(report)
    capacity = floor(layout.text_width / layout.title_size)
    return tuple(part for text in report.title for part in _balanced(text, capacity))


def _balanced(text: str, capacity: int) -> Iterator[str]:
    parts = ceil(len(text) / capacity)
    while parts > 1:
        wish = ceil(len(text) / parts)
        # the rest must still fit, and this line too
        least = max(1, len(text) - capacity * (parts - 1))
        places = [p for p in range(least, min(capacity, len(text) - 1) + 1) if not _NO_BREAK.match(text, p)]
        place = min(places or [wish], key=lambda p: abs(p - wish) - 4 * (text[p - 1] in _GOOD_ENDS))
        yield text[:place]
        text = text[place:]
        parts -= 1
    yield text


def edition_line(report: Report) -> str:
    """What stands under the title of a corrected report; empty for a first edition."""
    return f"（{report.edition_words}）" if report.edition_words else ""


def is_tall(form: FormTable) -> bool:
    """True for a table that fills a page."""
    return form.row_total > TALL_TABLE_ROWS


def label_lines(cell: FormCell) -> tuple[str, ...]:
    """The label of a cell, broken as the form breaks it or as a narrow column asks."""
    return NARROW_LABELS.get(cell.label) or tuple(cell.label.split("\n"))


def note_place(line: str) -> int:
    """Where in a line of a label the remark begins that the form sets in 楷体; its length where there is none."""
    found = _NOTE.search(line)
    return found.start() if found else len(line)


def is_left(form: FormTable, cell: FormCell) -> bool:
    """True for the cells that the form sets flush left; all others are centred."""
    if cell.role is Role.ROW_HEADER:
        # Table two names whole rows in the middle of wide cells, table three lists what is being counted.
        return form.header_rows > 0 and len(label_lines(cell)) == 1
    return cell.role in {Role.CORNER, Role.BLOCK_CAPTION}


def margin(layout: Layout, form: FormTable, cell: FormCell) -> float:
    """Space between a cell's rule and its text."""
    return layout.designs[form.number].label_margin if is_left(form, cell) else CENTRED_MARGIN


def row_height(layout: Layout, form: FormTable, row: int) -> float:
    """Least height of a row of the grid."""
    design = layout.designs[form.number]
    only_numbers = all(cell.role is Role.NUMBER for cell in form.cells if cell.row == row)
    return design.number_row_height if only_numbers else design.row_height


def number_size(layout: Layout, form: FormTable, cell: FormCell, text: str, advance: Callable[[str], float]) -> float:
    """The largest type size, in half points, at which a number stands on one line of its cell.

    Args:
        layout: The page.
        form: The table.
        cell: A number cell of it.
        text: The printed number.
        advance: Width of one character in a font, as a part of the type size.

    Raises:
        Refusal: The number would have to be printed too small to read.
    """
    design = layout.designs[form.number]
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
