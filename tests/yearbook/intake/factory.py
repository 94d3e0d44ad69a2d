"""A small contract with one column of each kind, and tables that keep to it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from yearbook.catalog import Column, Extract, Heading
from yearbook.intake.grid import Book, Cell, Grid, Merged
from yearbook.intake.layout import lay_out
from yearbook.intake.table import Agreement, Table, read_table

PLACE = "文件 台账.xlsx，工作表 台账"
HEADER = ("编号", "日期", "类别", "数量", "金额（元）", "备注")
NAMES = ("number", "on", "kind", "count", "amount", "")
KINDS = frozenset({"甲类", "乙类"})
ROWS: tuple[tuple[Cell, ...], ...] = (
    ("A01", date(2023, 1, 7), "甲类", 11, 101.25, "一"),
    ("A02", date(2023, 5, 8), "乙类", 13, 202.5, None),
    ("A03", date(2023, 9, 9), "甲类", 17, 303, "三"),
)


def extract(**change: Any) -> Extract:
    columns = (
        Column(name="number", type="code"),
        Column(name="on", type="date"),
        Column(name="kind", type="code"),
        Column(name="count", type="integer"),
        Column(name="amount", type="money", required=False),
    )
    fields = {"year_column": "on"} | change
    return Extract(
        code="line",
        source="ledger",
        name="台账",
        per_year=False,
        key=("number",),
        columns=columns,
        sheet="台账",
        **fields,
    )


def agreement(header: Sequence[str] = HEADER, **change: Any) -> Agreement:
    headings = tuple(Heading(column=name, header=text) for name, text in zip(NAMES, header, strict=True))
    return Agreement(extract(**change), headings, {"kind": KINDS})


def grid(*rows: Sequence[Cell], merged: tuple[Merged, ...] = (), **change: Any) -> Grid:
    width = max(map(len, rows), default=0)
    return Grid("台账", tuple((*row, *[None] * (width - len(row))) for row in rows), merged, **change)


def book(*grids: Grid, form: str = "xlsx") -> Book:
    return Book(form, ("一 1", "二 2"), grids)


def read(*rows: Sequence[Cell], header: Sequence[str] = HEADER, form: str = "xlsx", **change: Any) -> Table:
    """Rows below the agreed header, as a table."""
    return read_grid(grid(header, *rows), form=form, **change)


def read_grid(sheet: Grid, *, form: str = "xlsx", year: int = 2023, **change: Any) -> Table:
    agreed = agreement(**change)
    laid = lay_out(sheet, agreed.extract, PLACE, year=year, filled=agreed.filled())
    return read_table(laid, agreed, PLACE, form=form, date_1904=False)
