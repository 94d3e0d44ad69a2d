"""A valid fee ledger without a form, and small steps that spoil it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum

from tests.tasks.sources.files import FEES

# Stands in every ledger and must never be told.
NAME, NUMBER = "钱七", "110101199003071234"
CANARY = NAME + NUMBER
YEAR = 2023
HEADER = ("收款日期", "收费项目", "类别", "数量", "单价（元）", "金额（元）")
TITLE = f"样例市交管局收费台账（{YEAR}年度）"


class Wrong(Enum):
    """Cells without a value."""

    ERROR = "#DIV/0!"
    FORMULA = "=1+1"


Cell = str | int | float | bool | date | Wrong | None
Row = tuple[Cell, ...]
Rows = tuple[Row, ...]


@dataclass(frozen=True)
class Ledger:
    """One sheet; rows and columns are counted from 1, ranges are first row, first column, last row, last column."""

    rows: Rows
    sheet: str = FEES
    state: str = "visible"
    hidden_rows: tuple[int, ...] = ()
    filtered_rows: tuple[int, ...] = ()
    hidden_columns: tuple[int, ...] = ()
    merged: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def width(self) -> int:
        return max(map(len, self.rows), default=0)


Spoil = Callable[[Ledger], Ledger]


def ledger() -> Ledger:
    """Header, rows 2 to 5, and a total row at row 6."""
    said = f"项目 {CANARY}"
    return Ledger(
        (
            HEADER,
            (date(YEAR, 1, 5), said, "行政事业性收费", 3, 10.5, 31.5),
            (date(YEAR, 2, 6), said, "信息处理费", 1, 0.1, 0.1),
            (date(YEAR, 3, 7), said, "信息处理费", 4, 0.2, 0.8),
            (date(YEAR, 4, 8), said, "罚没收入", 2, 1100.25, 2200.5),
            ("合计", None, None, None, None, 2232.9),
        )
    )


def valid(found: Ledger) -> Ledger:
    """No change."""
    return found


def put(*cells: tuple[int, int, Cell]) -> Spoil:
    """Row, column and value of cells; a row grows where it is too short."""

    def step(found: Ledger) -> Ledger:
        rows = [list(row) for row in found.rows]
        for row, column, value in cells:
            rows[row - 1] += [None] * (column - len(rows[row - 1]))
            rows[row - 1][column - 1] = value
        return replace(found, rows=tuple(map(tuple, rows)))

    return step


def columns(*order: int) -> Spoil:
    """Only these columns, in this order."""
    return lambda found: replace(found, rows=tuple(tuple(row[at - 1] for at in order) for row in found.rows))


def rows(*order: int) -> Spoil:
    """Only these rows, in this order."""
    return lambda found: replace(found, rows=tuple(found.rows[at - 1] for at in order))


def insert_row(at: int, *cells: Cell) -> Spoil:
    """A row before another one, as wide as the table."""

    def step(found: Ledger) -> Ledger:
        row = (*cells, *[None] * (found.width - len(cells)))
        return replace(found, rows=(*found.rows[: at - 1], row, *found.rows[at - 1 :]))

    return step


def insert_column(at: int, header: str, value: Cell) -> Spoil:
    """A column before another one, the same value in every data row."""

    def step(found: Ledger) -> Ledger:
        added: Sequence[Cell] = (header, *[value] * (len(found.rows) - 2), None)
        pairs = zip(found.rows, added, strict=True)
        return replace(found, rows=tuple((*row[: at - 1], cell, *row[at - 1 :]) for row, cell in pairs))

    return step


def cut_row(at: int, width: int) -> Spoil:
    """A row that ends early."""
    return lambda found: replace(
        found, rows=tuple(row[:width] if number == at else row for number, row in enumerate(found.rows, start=1))
    )


def dated(*days: date) -> Spoil:
    """Other dates in the four rows."""
    return put(*((row, 1, day) for row, day in enumerate(days, start=2)))


def steps(*several: Spoil) -> Spoil:
    """One after the other."""

    def step(found: Ledger) -> Ledger:
        for one in several:
            found = one(found)
        return found

    return step


def marked(**state: object) -> Spoil:
    """Another state of the sheet."""
    return lambda found: replace(found, **state)  # type: ignore[arg-type]


def told(value: Cell) -> str:
    """A cell as a form without types writes it."""
    if value is None:
        return ""
    if isinstance(value, Wrong):
        return value.value
    return str(value) if isinstance(value, datetime) or not isinstance(value, date) else value.isoformat()
