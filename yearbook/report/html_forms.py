"""Statutory tables as the pages draw them: cells with their headers resolved, one view per table.

Knows the grid of the form; what stands in its number cells is handed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yearbook.form.table import FormCell, FormTable, Role


@dataclass(frozen=True, slots=True)
class NumberView:
    """A number as the page draws it.

    Attributes:
        figure: Figure code.
        aspect: Which side of the figure, as ``yearbook.report.model.Aspect`` names it.
        value: Exact value as plain text; empty where there is none.
        text: As printed.
        place: Its own anchor; empty where nothing leads back to it.
        year: The year it speaks of; empty for the report year and its base.
    """

    figure: str
    aspect: str
    value: str
    text: str
    place: str = ""
    year: str = ""


@dataclass(frozen=True, slots=True)
class CellView:
    """One table cell with everything a template needs, headers resolved."""

    kind: str
    lines: tuple[str, ...]
    row_span: int
    column_span: int
    identity: str = ""
    scope: str = ""
    headers: str = ""
    sticky: bool = False
    number: NumberView | None = None


@dataclass(frozen=True, slots=True)
class TableView:
    """One statutory table; header rows stand apart so that print repeats them."""

    number: int
    title: str
    head: tuple[tuple[CellView, ...], ...]
    body: tuple[tuple[CellView, ...], ...]


def table_view(form: FormTable, numbers: Mapping[str, NumberView]) -> TableView:
    """A statutory table ready to draw.

    Args:
        form: The grid.
        numbers: What stands in the number cells, by figure code.
    """
    rows = tuple(
        tuple(_cell_view(form, cell, None if cell.figure is None else numbers[cell.figure]) for cell in row)
        for row in form.rows()
    )
    return TableView(form.number, form.title, rows[: form.header_rows], rows[form.header_rows :])


def column_shares(form: FormTable) -> tuple[str, ...]:
    """Column widths of the form in percent, two places, for the style sheet."""
    whole = sum(form.widths)
    return tuple(f"{width / whole:.2%}" for width in form.widths)


def _identity(form: FormTable, cell: FormCell) -> str:
    return f"t{form.number}-r{cell.row}c{cell.column}"


def _headers(form: FormTable, cell: FormCell) -> str:
    columns, rows = form.headers_of(cell)
    return " ".join(_identity(form, c) for c in (*columns, *rows))


def _scope(cell: FormCell) -> str:
    if cell.role is Role.BLOCK_CAPTION:
        return "colgroup"
    if cell.role is Role.COLUMN_HEADER:
        return "colgroup" if cell.column_span > 1 else "col"
    return "rowgroup" if cell.row_span > 1 else "row"


def _cell_view(form: FormTable, cell: FormCell, number: NumberView | None) -> CellView:
    spans = (cell.row_span, cell.column_span)
    if number is not None:
        return CellView("number", (), *spans, headers=_headers(form, cell), number=number)
    lines = tuple(cell.label.split("\n"))
    if cell.role is Role.CORNER:
        return CellView("corner", lines, *spans)
    # The last label before the numbers stays in sight while a narrow screen scrolls sideways.
    first_number = min(c.column for c in form.number_cells())
    sticky = cell.role is Role.ROW_HEADER and cell.column + cell.column_span == first_number
    kind = cell.role.value.replace("_", "-")
    return CellView(kind, lines, *spans, identity=_identity(form, cell), scope=_scope(cell), sticky=sticky)
