"""A handed-over table as its readers agree on it: cells where the file has them, nothing guessed.

Positions are those of the file: row 1 and column 1 are the first. A cell is ``None`` where the file holds nothing, an
empty text, or blanks; text keeps its own spelling; a number is ``int`` where it is whole.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum


class Odd(Enum):
    """Cells that hold no value of their own."""

    ERROR = "错误值"
    NOT_CALCULATED = "未计算的公式"


Cell = str | int | float | bool | datetime | date | time | timedelta | Odd | None


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range; both ends belong to it. Only its first cell holds a value."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet.

    Attributes:
        name: The sheet's name; empty for delimited text and for web pages.
        rows: Cells by row, all rows equally wide, without empty rows and columns at the end.
        merged: Merged ranges.
        hidden: True where the sheet itself is hidden.
        hidden_rows: Numbers of hidden or filtered-out rows within ``rows``.
        hidden_columns: Numbers of hidden columns within ``rows``.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merged: tuple[Merged, ...] = ()
    hidden: bool = False
    hidden_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()

    @property
    def width(self) -> int:
        """Columns."""
        return len(self.rows[0]) if self.rows else 0


@dataclass(frozen=True, slots=True)
class Book:
    """Everything a file holds.

    Attributes:
        form: What the contents are, whatever the name says: ``xlsx``, ``xls``, ``ods``, ``html`` or ``text``.
        encoding: Encoding of text and web pages as found, e.g. ``GB18030``; empty for workbooks.
        readers: The two readers that agreed, with versions.
        grids: Sheets in the file's order.
        date_1904: True where the workbook counts serial dates from 1904.
        charts: Names of sheets that are charts or other things without cells.
    """

    form: str
    readers: tuple[str, str]
    grids: tuple[Grid, ...]
    encoding: str = ""
    date_1904: bool = False
    charts: tuple[str, ...] = ()
