"""From a laid-out sheet to typed columns, with every clean-up listed and every difference told at once."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from yearbook.catalog import Column, Extract, Heading
from yearbook.errors import Refusal
from yearbook.intake.cells import TYPE_WORDS, cleaned, misfit
from yearbook.intake.drift import ROWS_SHOWN, Difference, Drift, Kind, compare_headers, masked, rows_said
from yearbook.intake.grid import Cell, Odd
from yearbook.intake.layout import UNNAMED, Sheet
from yearbook.intake.rules import CLEAN_WORDS, Rules, Value
from yearbook.quantity import plain

OWNER_TODO = (
    "请提供者按约定更正后重新交来；"
    "这种写法可以接受的，在 sql/sources.toml 该提取的 clean、units 写明，新代码补入 sql/codes"
)
HEADER_TODO = "请提供者改回约定的表头；确已更改的，在 sql/{source}/columns.csv 加一行并写明起始年度"


@dataclass(frozen=True, slots=True)
class Agreement:
    """What was agreed about one extract of a file, for the file's year.

    Attributes:
        extract: The contract.
        headings: Headers in order, and which of our columns they feed.
        accepted: For columns with a code list the codes there are.
    """

    extract: Extract
    headings: tuple[Heading, ...]
    accepted: Mapping[str, Collection[str]] = field(default_factory=dict)

    def header(self, column: str) -> str:
        """The header of one of our columns; empty where the file does not carry it this year."""
        return next((heading.header for heading in self.headings if heading.column == column), "")

    def filled(self) -> frozenset[str]:
        """Headers of the columns that are filled down."""
        return frozenset(self.header(column) for column in self.extract.fill_down)


@dataclass(frozen=True, slots=True)
class Table:
    """Typed columns of one file.

    Attributes:
        columns: Values by our column name, in the order of the contract.
        numbers: Number of each row in the file.
        notes: What was cleaned and checked, in words.
        rules: What each column was cleaned of.
    """

    columns: Mapping[str, Sequence[Value]]
    numbers: tuple[int, ...]
    notes: tuple[str, ...]
    rules: Mapping[str, Rules]


def read_table(sheet: Sheet, agreement: Agreement, place: str, *, form: str, date_1904: bool) -> Table:
    """Match a sheet to its contract and type every cell.

    Args:
        sheet: The sheet as it is laid out.
        agreement: The contract for the file's year.
        place: How messages cite file and sheet.
        form: What the file is, ``yearbook.intake.grid.Book.form``.
        date_1904: The workbook's first day of serial dates.

    Raises:
        Drift: Headers, types, values or codes are not as agreed; every difference is told.
        Refusal: The catalogue says nothing about a required column, or the total row does not fit the rows.
    """
    extract = agreement.extract
    _require_headings(agreement)
    if differences := compare_headers(sheet.header, agreement.headings):
        raise Drift(f"{place}：表头与约定不符", differences, todo=HEADER_TODO.format(source=extract.source))
    columns: dict[str, Sequence[Value]] = {}
    notes: list[str] = []
    found: list[Difference] = []
    rules = {
        column.name: _rules(agreement, column, sheet, place, plain_text=form in UNNAMED, date_1904=date_1904)
        for column in extract.columns
    }
    for column in extract.columns:
        reading = _read_column(sheet, agreement, column, rules[column.name])
        columns[column.name] = reading.values
        notes += reading.notes
        found += reading.differences
    if found:
        raise Drift(place, found, todo=OWNER_TODO)
    if sheet.total:
        of_total = extract.total_column
        notes.append(_checked_total(sheet, agreement, columns[of_total], rules[of_total], place))
    return Table(columns, sheet.numbers, tuple(notes), rules)


@dataclass(frozen=True, slots=True)
class _Reading:
    values: Sequence[Value]
    notes: tuple[str, ...]
    differences: tuple[Difference, ...]


def _read_column(sheet: Sheet, agreement: Agreement, column: Column, rules: Rules) -> _Reading:
    header = agreement.header(column.name)
    if not header:
        return _Reading([None] * len(sheet.rows), (), ())
    at = sheet.header.index(header)
    values: list[Value] = []
    changed: dict[str, list[int]] = {}
    wrong: dict[str, list[int]] = {}
    for number, row in zip(sheet.numbers, sheet.rows, strict=True):
        value, used = cleaned(row[at], column, rules)
        values.append(value)
        for name in used:
            changed.setdefault(name, []).append(number)
        if why := misfit(value, column):
            wrong.setdefault(why, []).append(number)
    if wrong:
        cells = {number: row[at] for number, row in zip(sheet.numbers, sheet.rows, strict=True)}
        differences = _misfits(header, column, wrong, cells)
    else:
        differences = _new_codes(header, column, values, sheet, agreement)
    notes = tuple(
        f"{header}：{CLEAN_WORDS[name]} {len(rows)} 处（{rows_said(rows)}）" for name, rows in changed.items()
    )
    return _Reading(values, notes, differences)


def _misfits(
    header: str, column: Column, wrong: Mapping[str, Sequence[int]], cells: Mapping[int, Cell]
) -> tuple[Difference, ...]:
    """One difference per reason; a column in which no cell fits has likely changed its type."""
    filled = [number for number, cell in cells.items() if cell is not None]
    missing = {number for rows in wrong.values() for number in rows} & set(filled)
    retyped = len(missing) == len(filled) > 1
    differences = []
    for why, rows in wrong.items():
        words = f"第 {rows[0]} 行“{header}”，列 {column.name} {why}"
        more = f"（共 {len(rows)} 处：{rows_said(rows)}）" if len(rows) > 1 else ""
        whole = f"，整列疑已改变类型，应为 {TYPE_WORDS[column.type]}" if retyped and rows[0] in missing else ""
        examples = tuple(dict.fromkeys(masked(cells[row]) for row in rows[:ROWS_SHOWN] if _shown(cells[row])))
        kind: Kind = "retyped" if whole else "value"
        differences.append(Difference(kind, header, words + more + whole, tuple(rows), examples))
    return tuple(differences)


def _shown(cell: Cell) -> bool:
    return cell is not None and not isinstance(cell, Odd)


def _new_codes(
    header: str, column: Column, values: Sequence[Value], sheet: Sheet, agreement: Agreement
) -> tuple[Difference, ...]:
    accepted = agreement.accepted.get(column.name)
    if accepted is None:
        return ()
    unknown = {
        number: str(value).rstrip(" ")
        for number, value in zip(sheet.numbers, values, strict=True)
        if value is not None and str(value).rstrip(" ") not in accepted
    }
    if not unknown:
        return ()
    rows, kinds = tuple(unknown), len(set(unknown.values()))
    words = f"“{header}”，列 {column.name} 有代码表以外的值 {kinds} 种、{len(rows)} 处（{rows_said(rows)}）"
    examples = tuple(dict.fromkeys(masked(value) for value in list(unknown.values())[:ROWS_SHOWN]))
    return (Difference("new_code", header, words, rows, examples),)


def _rules(
    agreement: Agreement, column: Column, sheet: Sheet, place: str, *, plain_text: bool, date_1904: bool
) -> Rules:
    """The clean-ups of one column, and the unit its numbers are in."""
    header, unit = agreement.header(column.name), agreement.extract.units.get(column.name, "")
    stated = "万元" if "万元" in header else sheet.unit if column.type == "money" else ""
    if column.type == "money" and stated not in {"", "元", unit}:
        raise Refusal(
            f"{place}：表中写明单位是{stated}，契约没有写列 {column.name} 的单位",
            todo=f'请提供者改为元；确以万元为单位的，在 sql/sources.toml 该提取的 units 写 {column.name} = "万元"',
        )
    return Rules(
        clean=agreement.extract.clean,
        unit=unit,
        bare=bool(unit) and stated == unit,
        plain_text=plain_text,
        date_1904=date_1904,
    )


def _require_headings(agreement: Agreement) -> None:
    extract = agreement.extract
    absent = [c.name for c in extract.columns if c.required and not agreement.header(c.name)]
    if absent:
        raise Refusal(
            f"sql/{extract.source}/columns.csv 没有写明提取 {extract.code} 的列 {'、'.join(absent)} 对应哪个表头",
            todo="在该文件为每一列加一行；确已不再提供的，先把该列改为 optional",
        )


def _checked_total(sheet: Sheet, agreement: Agreement, values: Sequence[Value], rules: Rules, place: str) -> str:
    """Hold the rows against the total row."""
    extract = agreement.extract
    header = agreement.header(extract.total_column)
    if sheet.total is None:
        raise ValueError("no total row")
    number, row = sheet.total
    control, _ = cleaned(row[sheet.header.index(header)], extract.column(extract.total_column), rules)
    if not isinstance(control, Decimal | int) or isinstance(control, bool):
        why = misfit(control, extract.column(extract.total_column))
        raise Refusal(
            f"{place}：第 {number} 行合计“{header}”{why}", todo="请提供者补上合计；合计是公式的，要先计算再保存"
        )
    total = sum((value for value in values if isinstance(value, Decimal | int)), Decimal(0))
    if total != control:
        raise Refusal(
            f"{place}：第 {number} 行合计 {plain(control)} 与各行之和 {plain(total)} 不符，"
            f"相差 {plain(control - total)}",
            todo="请提供者核对是否漏行、改行或合计公式未更新",
        )
    return f"合计行核对一致，共 {len(sheet.rows)} 行"
