"""What tie-outs compare: cells of a report, each with all values it can stand for.

A cell of our own report holds one exact value; a cell of somebody's published report holds the interval that its
printed number leaves open. The rules are the same for both.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from yearbook.catalog import Explanation
from yearbook.figure import Figure, Figures
from yearbook.form.edition_2021 import TABLES
from yearbook.quantity import Exact, Interval, Unit, plain

ADDRESSES = {cell.figure: cell.address for table in TABLES.values() for cell in table.number_cells()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number of a report.

    Attributes:
        code: Figure code.
        place: The cell in the form's own words, or the figure's name where it stands in no form.
        label: Name of the part alone.
        value: Every value it can stand for.
        base: The same of the year before; None where there is none.
        published: What last year's report published as its own value; None where that is not known.
        whole: True where only a whole number can be right.
        scope: Whom it covers where it is not the body's own, e.g. 全市.
        counting: How it is counted where it differs, e.g. 含上年度结转.
        rows_read: Rows that were read for it; None where nobody can know, as of a published report.
        may_be_empty: True where no row at all is a proved nil return.
    """

    code: str
    place: str
    label: str
    value: Interval
    base: Interval | None = None
    published: Interval | None = None
    whole: bool = True
    scope: str = ""
    counting: str = ""
    rows_read: int | None = None
    may_be_empty: bool = False


class Cells(Mapping[str, Cell]):
    """The cells of one report by code. A code that is known and not here is a blank cell."""

    def __init__(self, cells: Iterable[Cell], known: Collection[str]) -> None:
        """Hold cells.

        Args:
            cells: The cells that have a number.
            known: Codes of all cells there can be, in catalogue order.
        """
        self._cells = {cell.code: cell for cell in cells}
        self.known = known

    def __getitem__(self, code: str) -> Cell:
        """Cell by code."""
        return self._cells[code]

    def __iter__(self) -> Iterator[str]:
        """Codes."""
        return iter(self._cells)

    def __len__(self) -> int:
        """Number of cells."""
        return len(self._cells)

    def place(self, code: str) -> str:
        """The cell in the form's own words, also of a blank one."""
        return self._cells[code].place if code in self._cells else ADDRESSES.get(code, code)

    def explained(self, explanations: Iterable[Explanation]) -> "Cells":
        """The same cells with the scope and counting basis that the body declares for them."""
        cells = dict(self._cells)
        for said in explanations:
            if said.cell in cells:
                cell = cells[said.cell]
                cells[said.cell] = replace(
                    cell, scope=said.scope or cell.scope, counting=said.counting or cell.counting
                )
        return Cells(cells.values(), self.known)


def cells_of(figures: Figures, published: Mapping[str, Exact] | None = None) -> Cells:
    """The cells of our own report: exact values.

    Args:
        figures: The report's figures.
        published: Values of last year's published edition by code.
    """
    last_year = published or {}
    return Cells((_cell(figure, last_year.get(figure.code)) for figure in figures.values()), tuple(figures))


def _cell(figure: Figure, published: Exact | None) -> Cell:
    return Cell(
        code=figure.code,
        place=ADDRESSES.get(figure.code, figure.name),
        label=figure.label,
        value=Interval(figure.value, figure.value),
        base=None if figure.base is None else Interval(figure.base, figure.base),
        published=None if published is None else Interval(published, published),
        whole=figure.unit not in {Unit.YUAN, Unit.WAN_YUAN},
        rows_read=figure.rows_read,
        may_be_empty=figure.may_be_empty,
    )


def told(interval: Interval) -> str:
    """An interval as text; a single value as that value."""
    return plain(interval.low) if interval.low == interval.high else f"{plain(interval.low)}—{plain(interval.high)}"


def gap_of(relation: str, left: Interval, right: Interval) -> Exact:
    """The smallest difference that any choice of values leaves; zero where the relation can hold."""
    if relation != ">=" and left.low > right.high:
        return left.low - right.high
    if relation != "<=" and left.high < right.low:
        return left.high - right.low
    return 0
