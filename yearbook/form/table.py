"""The grid of a statutory table: cells with spans, labels word for word, and figure codes.

Knows nothing of how a cell is drawn; the writers of ``yearbook.report`` do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a cell is to a reader, and to a screen reader."""

    CORNER = "corner"
    COLUMN_HEADER = "column_header"
    ROW_HEADER = "row_header"
    BLOCK_CAPTION = "block_caption"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCell:
    """One cell, at ``row`` and ``column`` (0-based), spanning ``row_span`` × ``column_span`` grid places.

    Attributes:
        label: Printed label; lines that the form breaks are separated by a newline. Empty in number cells.
        figure: Figure code in number cells, else None.
        address: The cell in the form's own words, as findings cite it; empty in label cells.
    """

    row: int
    column: int
    role: Role
    row_span: int = 1
    column_span: int = 1
    label: str = ""
    figure: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTable:
    """One statutory table.

    Attributes:
        number: 2, 3 or 4, as the sections are numbered.
        title: Title of the section the table stands in.
        widths: Relative column widths of the official form.
        header_rows: Leading rows that repeat on every page.
        cells: Every cell, row by row, left to right.
    """

    number: int
    title: str
    widths: tuple[int, ...]
    header_rows: int
    cells: tuple[FormCell, ...]

    @property
    def row_total(self) -> int:
        """Rows of the grid."""
        return max(cell.row + cell.row_span for cell in self.cells)

    def rows(self) -> tuple[tuple[FormCell, ...], ...]:
        """Cells by the row they start in."""
        return tuple(tuple(c for c in self.cells if c.row == row) for row in range(self.row_total))

    def number_cells(self) -> tuple[FormCell, ...]:
        """The cells that hold a figure, in reading order."""
        return tuple(cell for cell in self.cells if cell.figure is not None)

    def headers_of(self, cell: FormCell) -> tuple[tuple[FormCell, ...], tuple[FormCell, ...]]:
        """The cells that name a number cell, outermost first.

        Returns:
            Those above it, the caption of its block first where it has one; and those at its left.
        """
        above = [c for c in self.cells if c.role is Role.BLOCK_CAPTION and c.row < cell.row]
        caption = max(above, key=lambda c: c.row, default=None)
        first = 0 if caption is None else caption.row
        columns = tuple(
            c
            for c in self.cells
            if c.role is Role.COLUMN_HEADER and first <= c.row < cell.row and _covers(c, c.row, cell.column)
        )
        rows = tuple(c for c in self.cells if c.role is Role.ROW_HEADER and _covers(c, cell.row, c.column))
        return (columns if caption is None else (caption, *columns)), rows


def _covers(cell: FormCell, row: int, column: int) -> bool:
    in_rows = cell.row <= row < cell.row + cell.row_span
    return in_rows and cell.column <= column < cell.column + cell.column_span


def checked(table: FormTable) -> FormTable:
    """Return the table if its cells cover the grid exactly once.

    Raises:
        ValueError: A grid place is covered twice or not at all.
    """
    covered = [place for cell in table.cells for place in _places(cell)]
    wanted = [(row, column) for row in range(table.row_total) for column in range(len(table.widths))]
    if sorted(covered) != wanted:
        raise ValueError(f"table {table.number}: cells do not cover the grid exactly once")
    return table


def _places(cell: FormCell) -> Iterable[tuple[int, int]]:
    for row in range(cell.row, cell.row + cell.row_span):
        for column in range(cell.column, cell.column + cell.column_span):
            yield row, column
