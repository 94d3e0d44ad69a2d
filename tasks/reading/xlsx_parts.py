"""What no reader tells of an xlsx worksheet: what is hidden, merged and not calculated.

It is also the guard in front of the readers: every cell of every sheet is looked at here, in a stream, before anything
makes room for it.
"""

import re
import zipfile
from collections.abc import Callable
from xml.parsers import expat

from tasks.reading.found import damaged, letters, require_area, too_many_cells
from tasks.reading.limits import Limits
from tasks.reading.xlsx_book import TRUE
from yearbook.intake.grid import Merged

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([1-9][0-9]{0,6})")
_LETTERS = {column: letters(column) for column in range(1, 257)}


class Survey:
    """One pass over the XML of a worksheet.

    Attributes:
        merged: Merged ranges.
        hidden_rows: Rows that are hidden, filtered out or without height, their own or that of the sheet.
        hidden_columns: Columns that are hidden or without width, their own or that of the sheet.
        uncalculated: Cells with a formula and no result to be trusted.
        height: The last row with a cell.
        width: The last column with a cell.
    """

    def __init__(self, name: str, limits: Limits, *, stale: bool) -> None:
        self.merged: list[Merged] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.uncalculated: set[tuple[int, int]] = set()
        self.height = self.width = 0
        self._name, self._limits, self._stale = name, limits, stale
        self._row = self._column = 0
        self._flat = self._narrow = False
        self._sized: set[int] = set()
        self._formula = self._empty_is_text = self._result = False
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._handlers: dict[str, Callable[[dict[str, str]], None]] = {}
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._start_row, "c": self._start_cell, "f": self._start_formula, "v": self._start_value,
            "is": self._start_value, "col": self._column_width, "mergeCell": self._merge, "dimension": self._dimension,
            "sheetFormatPr": self._sizes,
        }  # fmt: skip

    def read(self, archive: zipfile.ZipFile, member: str) -> "Survey":
        """Read the part.

        Raises:
            Refusal: It is not well formed, or a cell is beyond the limits.
        """
        try:
            with archive.open(member) as source:
                self._parser.ParseFile(source)
        except (expat.ExpatError, KeyError, ValueError) as error:
            raise damaged("工作表读不出来") from error
        finally:
            # the handlers are methods, so the parser and this object hold each other
            self._parser.StartElementHandler = self._parser.EndElementHandler = None
        if self._narrow:
            self.hidden_columns.update(set(range(1, self._limits.columns + 1)) - self._sized)
        return self

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        handler = self._handlers.get(tag, _ignore)
        if handler is _ignore and tag not in self._handlers:
            handler = self._handlers[tag] = self._starts.get(_local(tag), _ignore)
        handler(attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = int(attributes.get("r", self._row + 1))
        if number <= self._row:
            raise damaged("行的次序错乱")
        self._row, self._column = number, 0
        # a row that is written is shown even where the unwritten ones are hidden, but for its height
        flat = _is_zero(attributes["ht"]) if "ht" in attributes else self._flat
        if attributes.get("hidden") in TRUE or flat:
            self.hidden_rows.add(number)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        row, column = self._row, self._column + 1
        # mostly it is the next one of its row, and the rule for names need not be asked
        if attributes.get("r") != f"{_LETTERS.get(column)}{row}" and "r" in attributes:
            row, column = position(attributes["r"])
        if row != self._row or column <= self._column:
            raise damaged("单元格的次序错乱")
        require_area(self._name, row, column, self._limits.rows, self._limits.columns)
        self._column, self.height, self.width = column, row, max(self.width, column)
        self._formula = self._result = False
        self._empty_is_text = attributes.get("t") == "str"

    def _start_formula(self, _: dict[str, str]) -> None:
        self._formula = True

    def _start_value(self, _: dict[str, str]) -> None:
        if self._empty_is_text:
            self._result = True
        else:
            self._parser.CharacterDataHandler = self._text

    def _text(self, text: str) -> None:
        self._result = self._result or bool(text.strip())

    def _end(self, tag: str) -> None:
        name = _local(tag)
        if name in {"v", "is"}:
            self._parser.CharacterDataHandler = None
        elif name == "c" and self._formula and (self._stale or not self._result):
            self.uncalculated.add((self._row, self._column))

    def _column_width(self, attributes: dict[str, str]) -> None:
        last = min(int(attributes["max"]), self._limits.columns)
        columns = range(int(attributes["min"]), last + 1)
        if attributes.get("hidden") in TRUE or _is_zero(attributes.get("width")):
            self.hidden_columns.update(columns)
        elif "width" in attributes:
            self._sized.update(columns)

    def _sizes(self, attributes: dict[str, str]) -> None:
        """Sizes of what has none of its own; the element stands before the rows."""
        self._flat = _is_zero(attributes.get("defaultRowHeight"))
        self._narrow = _is_zero(attributes.get("defaultColWidth"))

    def _merge(self, attributes: dict[str, str]) -> None:
        (first_row, first_column), (last_row, last_column) = corners(attributes["ref"])
        self.merged.append(Merged(first_row, first_column, last_row, last_column))

    def _dimension(self, attributes: dict[str, str]) -> None:
        _, (row, column) = corners(attributes["ref"])
        require_area(self._name, row, column, self._limits.rows, self._limits.columns)


def require_cells(surveys: list[Survey], limits: Limits) -> None:
    """Refuse a workbook whose used areas hold more cells than allowed.

    Raises:
        Refusal: They do.
    """
    if sum(survey.height * survey.width for survey in surveys) > limits.cells:
        raise too_many_cells(limits.cells)


def corners(reference: str) -> tuple[tuple[int, int], tuple[int, int]]:
    """``A1:C3`` or ``A1`` as two positions."""
    first, _, last = reference.partition(":")
    return position(first), position(last or first)


def position(reference: str) -> tuple[int, int]:
    """``AB12`` as row and column.

    Raises:
        Refusal: It is none.
    """
    found = _REFERENCE.fullmatch(reference)
    if not found:
        raise damaged("单元格的编号不合规则")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def _local(tag: str) -> str:
    """The name without the namespace's address or short form."""
    return tag.rpartition(":")[2]


def _ignore(_: dict[str, str]) -> None:
    """Formats, views, remarks: nothing that changes what a cell says."""


def _is_zero(text: str | None) -> bool:
    return text is not None and float(text) == 0
