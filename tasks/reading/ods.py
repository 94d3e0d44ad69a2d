"""ods workbooks by ourselves, from their content in a stream."""

import io
import re
import zipfile

from lxml import etree

from tasks.reading.faults import unreadable
from tasks.reading.found import First, Sheet, damaged, letters, require_area, too_many_cells
from tasks.reading.limits import Limits
from tasks.reading.ods_cells import NAMESPACES, Unfit, cell_value, qualified, times
from yearbook.errors import Refusal
from yearbook.intake.grid import Cell, Merged

READER = "lxml " + ".".join(map(str, etree.LXML_VERSION[:3]))
_DAMAGES = (etree.XMLSyntaxError, KeyError, ValueError, OverflowError)
_TABLE, _ROW, _GROUP = qualified("table:table"), qualified("table:table-row"), qualified("table:table-row-group")
_COLUMN, _COLUMN_GROUP = qualified("table:table-column"), qualified("table:table-column-group")
_CELL, _COVERED = qualified("table:table-cell"), qualified("table:covered-table-cell")
_STYLE, _SPREADSHEET = qualified("style:style"), qualified("office:spreadsheet")
_SEEN = (_TABLE, _ROW, _GROUP, _COLUMN, _COLUMN_GROUP, _STYLE)
_ROWS_REPEATED, _COLUMNS_REPEATED = (
    qualified("table:number-rows-repeated"), qualified("table:number-columns-repeated"),
)  # fmt: skip
_ROWS_SPANNED, _COLUMNS_SPANNED = qualified("table:number-rows-spanned"), qualified("table:number-columns-spanned")
_VISIBILITY, _DISPLAY = qualified("table:visibility"), qualified("table:display")
_STYLE_NAME, _FAMILY = qualified("table:style-name"), qualified("style:family")
# Where the style of a row or column says its size, and what a size of nothing looks like.
_SIZES = (
    ("style:table-row-properties", qualified("style:row-height")),
    ("style:table-column-properties", qualified("style:column-width")),
)
_NOTHING = re.compile(r"\s*0*(?:\.0*)?[a-z%]*\s*", re.IGNORECASE)


def read(data: bytes, limits: Limits) -> First:
    """Read a checked archive.

    Raises:
        Refusal: It does not follow the format, or is too large.
    """
    reader = _Reader(limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("content.xml") as source:
            events = etree.iterparse(
                source, events=("start", "end"), tag=_SEEN, resolve_entities=False, no_network=True
            )
            for event, node in events:
                reader.start(node) if event == "start" else reader.end(node)
    except _DAMAGES as error:
        raise unreadable(error, "content.xml 不合格式") from error
    if not reader.sheets:
        raise Refusal("工作簿里没有工作表", todo="请提供者交来有内容的工作簿")
    return First(READER, reader.sheets)


class _Reader:
    """Where the stream is: the sheet, its row, and how many groups around it are folded."""

    def __init__(self, limits: Limits) -> None:
        self.sheets: list[Sheet] = []
        self._limits = limits
        # family and name
        self._hidden_styles: set[tuple[str, str]] = set()
        self._depth = self._row = self._column = self._cell = self._area = 0
        self._folded = self._folded_columns = 0

    def start(self, node: etree._Element) -> None:
        """Something begins."""
        if node.tag == _TABLE:
            self._open_table(node)
        elif node.tag == _GROUP:
            self._folded += node.get(_DISPLAY) == "false"
        elif node.tag == _COLUMN_GROUP:
            self._folded_columns += node.get(_DISPLAY) == "false"

    def end(self, node: etree._Element) -> None:
        """Something is complete."""
        if node.tag == _STYLE:
            self._learn(node)
        elif node.tag == _TABLE:
            self._depth -= 1
        elif node.tag == _GROUP:
            self._folded -= node.get(_DISPLAY) == "false"
        elif node.tag == _COLUMN_GROUP:
            self._folded_columns -= node.get(_DISPLAY) == "false"
        elif self._depth == 1:
            try:
                self._take_row(node) if node.tag == _ROW else self._take_column(node)
            except Unfit as error:
                raise damaged(f"{self._place(node)}{error}", self.sheets[-1].name) from error
            node.clear()

    def _place(self, node: etree._Element) -> str:
        """Where the stream is within a row or a column."""
        if node.tag == _COLUMN:
            return f"第 {self._column + 1} 列"
        return f"{letters(self._cell)}{self._row + 1} " if self._cell else f"第 {self._row + 1} 行"

    def _learn(self, style: etree._Element) -> None:
        properties = style.find("style:table-properties", NAMESPACES)
        hides = properties is not None and properties.get(_DISPLAY) == "false"
        for element, attribute in _SIZES:
            sizes = style.find(element, NAMESPACES)
            hides = hides or (sizes is not None and bool(_NOTHING.fullmatch(sizes.get(attribute, "1"))))
        if hides:
            self._hidden_styles.add((style.get(_FAMILY, ""), style.get(qualified("style:name"), "")))

    def _hides(self, node: etree._Element, family: str) -> bool:
        return node.get(_VISIBILITY, "visible") != "visible" or (family, node.get(_STYLE_NAME)) in self._hidden_styles

    def _open_table(self, node: etree._Element) -> None:
        self._depth += 1
        parent = node.getparent()
        if self._depth > 1 or parent is None or parent.tag != _SPREADSHEET:
            raise Refusal("工作表里套着另一张表，不能读取", todo="请提供者把里面的表移到单独的工作表")
        hidden = self._hides(node, "table") or node.get(_DISPLAY) == "false"
        self.sheets.append(Sheet(node.get(qualified("table:name"), ""), [], hidden=hidden))
        self._row = self._column = 0

    def _take_column(self, node: etree._Element) -> None:
        count = times(node, _COLUMNS_REPEATED)
        if self._hides(node, "table-column") or self._folded_columns:
            last = min(self._column + count, self._limits.columns)
            self.sheets[-1].hidden_columns.update(range(self._column + 1, last + 1))
        self._column += count

    def _take_row(self, node: etree._Element) -> None:
        """A row that holds something is written as often as it repeats; one that holds nothing only moves on."""
        self._cell = 0
        sheet, count = self.sheets[-1], times(node, _ROWS_REPEATED)
        values = self._values(node, sheet)
        first, self._row = self._row + 1, self._row + count
        if self._hides(node, "table-row") or self._folded:
            sheet.hidden_rows.update(range(first, min(self._row, self._limits.rows) + 1))
        if not values:
            return
        require_area(sheet.name, self._row, len(values), self._limits.rows, self._limits.columns)
        self._area += len(values) * count
        if self._area > self._limits.cells:
            raise too_many_cells(self._limits.cells)
        sheet.rows.extend([] for _ in range(first - 1 - len(sheet.rows)))
        sheet.rows.extend(list(values) for _ in range(count))

    def _values(self, node: etree._Element, sheet: Sheet) -> list[Cell]:
        values: list[Cell] = []
        column = 0
        for cell in node.iterchildren(_CELL, _COVERED):
            self._cell = column + 1
            count, value = times(cell, _COLUMNS_REPEATED), cell_value(cell)
            self._merge(cell, sheet, column)
            if value is not None:
                require_area(sheet.name, 1, column + count, self._limits.rows, self._limits.columns)
                values.extend([None] * (column - len(values)))
                values.extend([value] * count)
            column += count
        return values

    def _merge(self, cell: etree._Element, sheet: Sheet, column: int) -> None:
        height, width = times(cell, _ROWS_SPANNED), times(cell, _COLUMNS_SPANNED)
        if height * width > 1:
            sheet.merged.append(Merged(self._row + 1, column + 1, self._row + height, column + width))
