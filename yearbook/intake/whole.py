"""All files of one extract together: the right year, no row twice, the numbers that the exporter gave beside them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from yearbook.catalog import Extract
from yearbook.errors import Refusal
from yearbook.intake.cells import cleaned
from yearbook.intake.drift import rows_said
from yearbook.intake.rules import Value
from yearbook.intake.table import Agreement, Table
from yearbook.quantity import Exact, plain


@dataclass(frozen=True, slots=True)
class Control:
    """What the exporter says a file holds.

    Attributes:
        extract: Code or name of the extract, or the name of its sheet.
        rows: Data rows; None where the exporter gave none.
        column: Header of the summed column; empty where only rows are counted.
        total: Its sum as written, in the column's own unit.
    """

    extract: str
    rows: int | None
    column: str = ""
    total: str = ""


def require_year(table: Table, extract: Extract, place: str, *, year: int) -> None:
    """Refuse a file without rows, of another year, or of several years.

    Raises:
        Refusal: Named: empty, wrong year, mixed years.
    """
    if not table.numbers:
        if extract.may_be_empty:
            return
        raise Refusal(
            f"{place}：只有表头，没有数据行",
            todo="请提供者交来有数据的文件；确无数据也属正常的，在 sql/sources.toml 该提取写 may_be_empty = true",
        )
    if not extract.year_column:
        return
    years = Counter(value.year for value in table.columns[extract.year_column] if isinstance(value, date))
    said = "、".join(f"{found} 年 {count} 行" for found, count in sorted(years.items()))
    if years and year not in years and not (extract.may_be_empty and min(years) < year):
        raise Refusal(
            f"{place}：按列 {extract.year_column} 没有 {year} 年的行，文件里是 {said}，交错了年度",
            todo=f"请提供者交来 {year} 年的文件",
        )
    if extract.one_year and len(years) > 1:
        other = [
            number
            for number, value in zip(table.numbers, table.columns[extract.year_column], strict=True)
            if isinstance(value, date) and value.year != year
        ]
        raise Refusal(
            f"{place}：按列 {extract.year_column} 混有几个年度的行：{said}；{rows_said(other)}不是 {year} 年",
            todo=f"请提供者只交 {year} 年的行",
        )


def require_no_overlap(tables: Mapping[str, Table], extract: Extract) -> None:
    """Refuse files that hold the same row, by the key of the contract.

    Args:
        tables: Tables by the place messages cite.
        extract: The contract.

    Raises:
        Refusal: Named with both files and the rows.
    """
    seen: dict[tuple[Value, ...], tuple[str, int]] = {}
    for place, table in tables.items():
        mine = list(zip(*(table.columns[name] for name in extract.key), strict=True))
        both = [(number, seen[key]) for number, key in zip(table.numbers, mine, strict=True) if key in seen]
        if both:
            other, row = both[0][1]
            raise Refusal(
                f"{place} 与 {other} 重叠：{len(both)} 行的 {'、'.join(extract.key)} 相同，"
                f"首先是第 {both[0][0]} 行与第 {row} 行",
                todo="请提供者确认各文件的范围，去掉重复的行后重新交来",
            )
        seen.update({key: (place, number) for key, number in zip(mine, table.numbers, strict=True)})


def check_control(table: Table, agreement: Agreement, place: str, controls: Sequence[Control]) -> str:
    """Hold a table against what the exporter says of it.

    Args:
        table: The table.
        agreement: Its contract.
        place: How messages cite file and sheet.
        controls: Everything the exporter said about the file.

    Returns:
        What agreed, in words; empty where the exporter said nothing and need not.

    Raises:
        Refusal: A number differs, names a column that is not read, or the contract demands one and there is none.
    """
    extract = agreement.extract
    mine = [control for control in controls if control.extract in {extract.code, extract.sheet, extract.name}]
    if not mine and extract.control:
        raise Refusal(
            f"{place}：没有随文件交来控制数（行数或合计）",
            todo="请提供者另交 <文件名>.control.csv，列为 extract,rows,column,total",
        )
    said = []
    for control in mine:
        if control.rows is not None:
            _require_equal(place, "行数", control.rows, len(table.numbers))
            said.append(f"{control.rows} 行")
        if control.column:
            said.append(_checked_sum(table, agreement, place, control))
    return f"与提供者的控制数一致：{'、'.join(said)}" if said else ""


def _checked_sum(table: Table, agreement: Agreement, place: str, control: Control) -> str:
    names = [heading.column for heading in agreement.headings if heading.header == control.column and heading.column]
    name = names[0] if names else ""
    column = agreement.extract.column(name) if name else None
    if column is None or column.type not in {"integer", "money"}:
        raise Refusal(f"{place}：控制数写的列“{control.column}”不是读取的数字列", todo="请提供者更正控制数文件中的列名")
    wanted, _ = cleaned(control.total, column, table.rules[name])
    if not isinstance(wanted, int | Decimal):
        raise Refusal(f"{place}：“{control.column}”的控制合计不是数", todo="请提供者更正控制数文件")
    total = sum((v for v in table.columns[name] if isinstance(v, int | Decimal)), Decimal(0))
    _require_equal(place, f"“{control.column}”合计", wanted, total)
    return f"“{control.column}”合计 {plain(wanted)}"


def _require_equal(place: str, what: str, said: Exact, found: Exact) -> None:
    if said != found:
        raise Refusal(
            f"{place}：{what}与提供者的控制数不符，控制数 {plain(said)}，文件里 {plain(found)}，"
            f"相差 {plain(found - said)}",
            todo="请提供者核对是文件漏行、多行，还是控制数过期",
        )
