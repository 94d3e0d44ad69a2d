"""From the rows and spans of a page's table to positions; what is hidden on the page is told or refused."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from tasks.reading.found import Sheet, in_table, too_many_cells, too_many_columns, too_many_rows
from tasks.reading.limits import Limits
from tasks.reading.web_kept import as_shown
from yearbook.errors import Refusal
from yearbook.intake.grid import Cell, Merged

IGNORED = frozenset({"script", "style", "template", "noscript", "input", "img", "button"})
BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "center"})
_ENTRIES = frozenset({"select", "textarea"})
# Entry fields that show nothing of their own.
_SILENT = frozenset({"hidden", "checkbox", "radio", "button", "submit", "image", "reset"})
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\f]+")
_MAX_SPAN = 1_000_000
_SAVE = "请提供者用 Excel 或 WPS 打开，核对内容后另存为 xlsx，重新交来"


@dataclass(slots=True)
class _Box:
    text: str
    down: int
    right: int
    hidden: bool
    as_shown: bool


@dataclass(slots=True)
class Table:
    """A table as its markup says it, before spans are resolved."""

    hidden: bool = False
    rows: list[tuple[bool, list[_Box]]] = field(default_factory=list)
    columns: list[bool] = field(default_factory=list)

    def add_columns(self, attributes: Mapping[str, str | None]) -> None:
        """A ``col`` element."""
        self.columns.extend([hides(attributes)] * min(_span(attributes, "span"), 1000))

    def add_row(self, attributes: Mapping[str, str | None], *, hidden: bool) -> None:
        """A ``tr`` element."""
        self.rows.append((hidden or hides(attributes), []))

    def add_cell(self, attributes: Mapping[str, str | None], text: str) -> None:
        """A ``td`` or ``th`` element of the last row."""
        down, right = _span(attributes, "rowspan"), _span(attributes, "colspan")
        self.rows[-1][1].append(_Box(text, down, right, hides(attributes), as_shown(attributes, text)))


def hides(attributes: Mapping[str, str | None]) -> bool:
    """True where an element is not shown, as far as it says so itself."""
    return "hidden" in attributes or bool(_HIDES.search(attributes.get("style") or ""))


def nested() -> Refusal:
    """The refusal of a table within a table."""
    return Refusal("网页表格里套着另一张表格，不能读取", todo=_SAVE)


def stray() -> Refusal:
    """The refusal of a cell outside of every row."""
    return Refusal("网页表格里有不属于任何一行的单元格", todo=_SAVE)


def require_no_entry(name: str, attributes: Mapping[str, str | None]) -> None:
    """Refuse what hides in a cell, or shows something that is not its text.

    Raises:
        Refusal: The element does.
    """
    silent = (attributes.get("type") or "text").lower() in _SILENT
    if name in _ENTRIES or (name == "input" and not silent):
        raise Refusal("网页表格的单元格里有输入框，其中的内容读不出来", todo=_SAVE)
    if name not in IGNORED and hides(attributes):
        raise Refusal("网页表格的单元格里有隐藏的内容", todo=_SAVE)


def tidy(text: str) -> str:
    """Blanks as a page shows them."""
    lines = (_BLANKS.sub(" ", line).strip(" ") for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def laid(table: Table, limits: Limits, number: int) -> Sheet:
    """Give every cell its place.

    Raises:
        Refusal: Spans overlap, a row is shorter than the table, only part of a column is hidden, or a cell keeps
            another value than it shows.
    """
    sheet = Sheet("", [], hidden=table.hidden, number=number)
    hidden_cells: dict[int, set[bool]] = {}
    _require_height(table, limits, number)
    taken: dict[int, int] = {}
    widths: list[tuple[int, int]] = []
    area = 0
    for row, (hidden, boxes) in enumerate(table.rows, start=1):
        values, places = _row(sheet, row, len(table.rows), boxes, taken, limits)
        sheet.rows.append(values)
        area += len(values)
        if area > limits.cells:
            raise too_many_cells(limits.cells)
        widths.append((len(values), len(boxes)))
        if hidden:
            sheet.hidden_rows.add(row)
            continue
        for column, box in places:
            hidden_cells.setdefault(column, set()).add(box.hidden)
    _require_even(widths, number)
    sheet.hidden_columns = _hidden_columns(table, hidden_cells, number)
    return sheet


def _require_height(table: Table, limits: Limits, number: int) -> None:
    if len(table.rows) > limits.rows:
        refusal = too_many_rows("", limits.rows)
        raise Refusal(in_table(number, refusal.what), todo=refusal.todo)


def _row(
    sheet: Sheet, row: int, height: int, boxes: list[_Box], taken: dict[int, int], limits: Limits
) -> tuple[list[Cell], list[tuple[int, _Box]]]:
    """Cells of one row. ``taken`` holds the columns that a cell above reaches into, with the last row it covers."""
    column, places = 1, []
    for box in boxes:
        while taken.get(column, 0) >= row:
            column += 1
        if not box.as_shown:
            what = f"第 {row} 行第 {column} 列显示的与保存的值不一致"
            raise Refusal(in_table(sheet.number, what), todo=_SAVE)
        places.append((column, box))
        last_row, last = min(row + box.down - 1, height), column + box.right - 1
        if last > limits.columns:
            refusal = too_many_columns("", limits.columns)
            raise Refusal(in_table(sheet.number, refusal.what), todo=refusal.todo)
        if any(taken.get(place, 0) >= row for place in range(column, last + 1)):
            raise Refusal(in_table(sheet.number, f"第 {row} 行的合并单元格互相重叠"), todo=_SAVE)
        taken.update(dict.fromkeys(range(column, last + 1), last_row))
        if (last_row, last) != (row, column):
            sheet.merged.append(Merged(row, column, last_row, last))
        column = last + 1
    reach = max((place for place, last_row in taken.items() if last_row >= row), default=0)
    values: list[Cell] = [None] * reach
    for place, box in places:
        values[place - 1] = box.text
    return values, places


def _require_even(widths: list[tuple[int, int]], number: int) -> None:
    """A row with one cell is a title or a remark; any other that is short has its values under the wrong header."""
    full = max((width for width, _ in widths), default=0)
    for row, (width, boxes) in enumerate(widths, start=1):
        if width < full and boxes > 1:
            raise Refusal(in_table(number, f"第 {row} 行有 {width} 列，表格有 {full} 列"), todo=_SAVE)


def _hidden_columns(table: Table, cells: dict[int, set[bool]], number: int) -> set[int]:
    hidden = {column for column, hides_it in enumerate(table.columns, start=1) if hides_it}
    for column, states in cells.items():
        if states == {True}:
            hidden.add(column)
        elif len(states) > 1:
            raise Refusal(in_table(number, f"第 {column} 列只有部分单元格被隐藏"), todo=_SAVE)
    return hidden


def _span(attributes: Mapping[str, str | None], name: str) -> int:
    text = (attributes.get(name) or "1").strip()
    if not (text.isascii() and text.isdigit() and 0 < int(text[:8]) <= _MAX_SPAN):
        raise Refusal("网页表格的合并范围不合规则", todo=_SAVE)
    return int(text[:8])
