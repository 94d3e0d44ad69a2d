"""From a sheet to its table: title rows, header rows with merged cells, data rows, total row.

What is not laid out as declared is refused with sheet, row and column; nothing is skipped in silence.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from yearbook.catalog import Extract
from yearbook.errors import Refusal
from yearbook.intake.drift import rows_said, shown
from yearbook.intake.grid import Book, Cell, Grid, Merged

# Files that hold tables without names.
UNNAMED = frozenset({"text", "html"})
SHEETS_SHOWN = 5
TOTALS = frozenset({"合计", "总计", "小计", "累计", "共计"})
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?=年)", re.ASCII)
_UNIT = re.compile(r"单位[:：](万元|千元|百万元|亿元|元)")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was handed over.

    Attributes:
        header: Header names; ``upper/lower`` for two header rows.
        rows: Cells of the data rows, as wide as the header, empty rows left out.
        numbers: Number of each row in the file.
        total: Number and cells of the total row, where one is declared.
        unit: Unit that a title row states for the whole table, e.g. ``万元``; empty where none does.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]
    total: tuple[int, tuple[Cell, ...]] | None = None
    unit: str = ""


def find_grid(book: Book, extract: Extract, place: str) -> Grid:
    """The sheet of an extract, visible and with nothing hidden in it.

    Raises:
        Refusal: No such sheet, several tables without names, a hidden sheet, hidden rows or columns.
    """
    grid = _only(book, place) if book.form in UNNAMED else _named(book, extract.sheet, place)
    if grid.hidden:
        raise Refusal(f"{place}：工作表被隐藏", todo="请提供者取消隐藏并确认内容后重新交来")
    if grid.hidden_rows:
        raise Refusal(
            f"{place}：{rows_said(grid.hidden_rows)}被隐藏或被筛选掉",
            todo="请提供者取消筛选和隐藏，确认这些行是否应计入后重新交来",
        )
    if grid.hidden_columns:
        columns = "、".join(map(str, grid.hidden_columns))
        raise Refusal(f"{place}：第 {columns} 列被隐藏", todo="请提供者取消隐藏并确认内容后重新交来")
    return grid


def _only(book: Book, place: str) -> Grid:
    if len(book.grids) != 1:
        raise Refusal(
            f"{place}：有 {len(book.grids)} 个表格，分不清用哪一个", todo="请提供者只留一个表格，或另存为 xlsx"
        )
    return book.grids[0]


def _named(book: Book, name: str, place: str) -> Grid:
    found = [grid for grid in book.grids if grid.name == name]
    if name in book.charts:
        raise Refusal(f"{place}：工作表“{name}”是图表，不是表格", todo="请提供者交来原来的表格")
    if not found:
        names = "、".join(shown(grid.name) for grid in book.grids[:SHEETS_SHOWN]) or "（无）"
        names += f" 等 {len(book.grids)} 个" if len(book.grids) > SHEETS_SHOWN else ""
        raise Refusal(
            f"{place}：没有名为“{name}”的工作表，现有 {names}",
            todo="请提供者改回约定的表名；表名确已不同的，改 sql/sources.toml 该提取的 sheet",
        )
    return found[0]


def lay_out(grid: Grid, extract: Extract, place: str, *, year: int, filled: Collection[str] = ()) -> Sheet:
    """Header, data rows and total row of a sheet.

    Args:
        grid: The sheet.
        extract: Says how many title and header rows there are and how the total row begins.
        filled: Headers of the columns whose merged cells hold for every row they cover.
        place: How messages cite file and sheet.
        year: Year of the file; a year in the title must be this one.

    Raises:
        Refusal: No header, a title of another year, cells beside the table, merged cells or total rows that are not
            declared, no total row where one is declared.
    """
    top = extract.title_rows + extract.header_rows
    if not grid.rows:
        raise Refusal(f"{place}：工作表是空的，没有表头", todo="请提供者交来完整的表格")
    if len(grid.rows) < top:
        raise Refusal(f"{place}：没有表头", todo="请提供者交来完整的表格")
    title = _title(grid, extract)
    _require_year(title, place, year)
    header = _header(grid, extract)
    body = _filled(grid, extract, place, {at for at, name in enumerate(header, start=1) if name in filled})
    numbered = [(number, row) for number, row in enumerate(body, start=top + 1) if any(v is not None for v in row)]
    _require_nothing_beside(numbered, len(header), place)
    rows = [(number, row[: len(header)]) for number, row in numbered]
    total = _total(rows, extract, place) if extract.total_label else None
    kept = rows[:-1] if total else rows
    _require_no_totals(kept, place)
    unit = _UNIT.search(title)
    return Sheet(
        header=header,
        rows=tuple(row for _, row in kept),
        numbers=tuple(number for number, _ in kept),
        total=total,
        unit=unit[1] if unit else "",
    )


def _header(grid: Grid, extract: Extract) -> tuple[str, ...]:
    """Header rows as text, a merged cell's text in every place it covers."""
    first = extract.title_rows
    levels = [[_text(value) for value in row] for row in grid.rows[first : first + extract.header_rows]]
    for merged in grid.merged:
        if first < merged.first_row <= first + extract.header_rows and merged.first_column <= grid.width:
            _spread(levels, merged, first)
    header = ["/".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*levels, strict=True)]
    while header and not header[-1]:
        header.pop()
    return tuple(header)


def _spread(levels: list[list[str]], merged: Merged, first: int) -> None:
    value = levels[merged.first_row - first - 1][merged.first_column - 1]
    for row in levels[merged.first_row - first - 1 : merged.last_row - first]:
        end = min(merged.last_column, len(row))
        row[merged.first_column - 1 : end] = [value] * (end - merged.first_column + 1)


def _filled(grid: Grid, extract: Extract, place: str, columns: Collection[int]) -> list[tuple[Cell, ...]]:
    """Data rows; a merged cell holds for the rows it covers only where that is declared for its column."""
    top = extract.title_rows + extract.header_rows
    body = [list(row) for row in grid.rows[top:]]
    for merged in grid.merged:
        empty = merged.first_row > len(grid.rows) or merged.first_column > grid.width
        if empty or merged.last_row <= top or _is_total(grid, merged):
            continue
        if merged.first_row <= top or merged.first_column != merged.last_column or merged.first_column not in columns:
            raise Refusal(
                f"{place}：第 {merged.first_row} 行第 {merged.first_column} 列是合并单元格，合并到第 "
                f"{merged.last_row} 行第 {merged.last_column} 列",
                todo="请提供者取消合并并逐格填写；是标题或表头的，核对 sql/sources.toml 该提取的 title_rows、"
                "header_rows；确应向下沿用的，在 fill_down 写明该列",
            )
        value = body[merged.first_row - top - 1][merged.first_column - 1]
        for row in body[merged.first_row - top - 1 : merged.last_row - top]:
            row[merged.first_column - 1] = value
    return [tuple(row) for row in body]


def _is_total(grid: Grid, merged: Merged) -> bool:
    """True for a merged label within a total row; whether such a row is declared is another question."""
    return merged.first_row == merged.last_row and _text(grid.rows[merged.first_row - 1][0]).rstrip("：:") in TOTALS


def _require_nothing_beside(rows: Sequence[tuple[int, tuple[Cell, ...]]], width: int, place: str) -> None:
    """A cell outside the table is a remark or a shifted row; either way somebody meant something by it."""
    for number, row in rows:
        if any(value is not None for value in row[width:]):
            raise Refusal(f"{place}：第 {number} 行在最后一列表头的右边还有内容", todo="请提供者删去或移入表内")


def _total(rows: Sequence[tuple[int, tuple[Cell, ...]]], extract: Extract, place: str) -> tuple[int, tuple[Cell, ...]]:
    if not rows or not rows[-1][1] or _text(rows[-1][1][0]) != extract.total_label:
        raise Refusal(
            f"{place}：最后一行不是“{extract.total_label}”，文件可能不完整",
            todo="请提供者重新导出，以合计行结尾；表里本来没有合计行的，在 sql/sources.toml 删去该提取的 total_label、"
            "total_column",
        )
    return rows[-1]


def _require_no_totals(rows: Sequence[tuple[int, tuple[Cell, ...]]], place: str) -> None:
    """A total among the rows would be counted as data."""
    for number, row in rows:
        first = next((value for value in row if value is not None), None)
        if isinstance(first, str) and _text(first).rstrip("：:") in TOTALS:
            raise Refusal(
                f"{place}：第 {number} 行是合计或小计行，会被当作数据重复计算",
                todo="请提供者删去；每份都有合计行的，在 sql/sources.toml 该提取写明 total_label 和 total_column",
            )


def _text(value: Cell) -> str:
    return "" if value is None else "".join(str(value).split())


def _title(grid: Grid, extract: Extract) -> str:
    rows = grid.rows[: extract.title_rows]
    return "".join(_text(value) for row in rows for value in row if not isinstance(value, date))


def _require_year(title: str, place: str, year: int) -> None:
    years = set(_YEAR.findall(title))
    if years and str(year) not in years:
        raise Refusal(
            f"{place}：标题写的是 {'、'.join(sorted(years))} 年，不是 {year} 年", todo="请提供者交来正确年度的文件"
        )
