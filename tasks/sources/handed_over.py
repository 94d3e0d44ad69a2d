"""Files that people hand over: copied once into the store, read only there, matched to the contract by header."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from tasks.sources.contract import MISFITS, Intake, money
from tasks.sources.delimited import read_delimited
from tasks.sources.snapshot import Snapshot, write_parquet
from tasks.sources.workbook import read_sheet
from tasks.store import Blobs
from yearbook.catalog import Extract, Source
from yearbook.errors import Refusal
from yearbook.period import ReportYear
from yearbook.quantity import plain

Cell = str | int | float | datetime | date | bool | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A read table: header names and the rows below them, cell by cell as the file has them."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numbers: tuple[int, ...]
    notes: tuple[str, ...] = ()


def require_file(path: Path, source: Source, year: ReportYear) -> None:
    """Refuse a file that has not been handed over."""
    if not path.is_file():
        raise Refusal(
            f"来源 {source.code}（{source.name}）的文件不存在：{path}",
            todo=f"请{source.owner}交来 {year} 年的文件，放到该位置",
        )


def extract_file(
    path: Path,
    source: Source,
    *,
    year: ReportYear,
    headers: Mapping[str, Mapping[str, str]],
    ignored: Mapping[str, frozenset[str]],
    blobs: Blobs,
) -> list[Snapshot]:
    """Copy a handed-over file into the store and read all its extracts from the copy.

    Args:
        path: The file as it was handed over.
        source: The source it answers for.
        year: Year of the file.
        headers: For each extract our column names to the file's headers.
        ignored: For each extract the headers that are known; those that no column reads are left unread.
        blobs: Where the copy and the snapshots go.

    Raises:
        Refusal: The file is missing, is no table, or does not fit the contract.
    """
    require_file(path, source, year)
    # a file that people fill in may hold anything, whatever its columns are called
    digest = blobs.put_file(path, private=True)
    received = (path.name, blobs.path(digest).stat().st_size, digest)
    snapshots = []
    for extract in source.extracts:
        place = f"文件 {path.name}" + (f"，工作表 {extract.sheet}" if extract.sheet else "")
        sheet = _read(blobs.path(digest), source, extract, place, year)
        columns, sheet = _matched(sheet, extract, headers[extract.code], ignored[extract.code], place)
        snapshots.append(_snapshot(columns, sheet, source, extract, place, year, received, blobs))
    return snapshots


def _read(copy: Path, source: Source, extract: Extract, place: str, year: ReportYear) -> Sheet:
    if source.kind == "csv":
        header, rows, notes = read_delimited(copy, place, source.encoding)
        return Sheet(tuple(header), tuple(map(tuple, rows)), tuple(range(2, len(rows) + 2)), notes)
    table = read_sheet(copy, place, extract, year)
    return Sheet(table.header, table.rows, table.numbers)


def _matched(
    sheet: Sheet, extract: Extract, wanted: Mapping[str, str], ignored: frozenset[str], place: str
) -> tuple[list[int], Sheet]:
    """Positions of our columns in the sheet, and the sheet without its total row."""
    _require_headers(sheet.header, extract, wanted, ignored, place)
    columns = [sheet.header.index(wanted[column.name]) for column in extract.columns]
    if not extract.total_label:
        return columns, sheet
    return columns, _without_total(sheet, extract, columns, place)


def _require_headers(
    header: Sequence[str], extract: Extract, wanted: Mapping[str, str], ignored: frozenset[str], place: str
) -> None:
    if unmapped := [c.name for c in extract.columns if c.name not in wanted]:
        raise Refusal(
            f"sql/{extract.source}/columns.csv 没有写明提取 {extract.code} 的列 {'、'.join(unmapped)} 对应哪个表头",
            todo="在该文件为每一列加一行",
        )
    missing = [name for name in (wanted[c.name] for c in extract.columns) if name not in header]
    extra = [name or "（空白表头）" for name in header if name not in ignored]
    twice = [name for name, count in Counter(header).items() if count > 1]
    parts = [
        f"{word} {'、'.join(names)}" for word, names in (("缺少", missing), ("多出", extra), ("重复", twice)) if names
    ]
    if parts:
        raise Refusal(
            f"{place}：表头与约定不符，{'；'.join(parts)}",
            todo=f"请提供者改回约定的表头；确已更名的，在 sql/{extract.source}/columns.csv 加一行并写明起始年度",
        )


def _without_total(sheet: Sheet, extract: Extract, columns: Sequence[int], place: str) -> Sheet:
    """Take the total row off the end and hold the rows against it."""
    if not sheet.rows or sheet.rows[-1][0] != extract.total_label:
        raise Refusal(
            f"{place}：最后一行不是“{extract.total_label}”，文件可能不完整", todo="请提供者重新导出，保留合计行"
        )
    position = columns[[column.name for column in extract.columns].index(extract.total_column)]
    rows = sheet.rows[:-1]
    header = sheet.header[position]
    *amounts, control = (
        _amount(row[position], f"{place}：第 {number} 行，列 {header}")
        for number, row in zip(sheet.numbers, sheet.rows, strict=True)
    )
    total = sum(amounts, Decimal(0))
    if total != control:
        raise Refusal(
            f"{place}：第 {sheet.numbers[-1]} 行合计 {plain(control)} 与各行之和 {plain(total)} 不符，"
            f"相差 {plain(control - total)}",
            todo="请提供者核对是否漏行、改行或合计公式未更新",
        )
    return Sheet(sheet.header, rows, sheet.numbers[:-1], (*sheet.notes, f"合计行核对一致，共 {len(rows)} 行"))


def _amount(value: Cell, place: str) -> Decimal:
    """A cell of the summed column; a blank counts nothing here, the contract decides whether it may be blank."""
    try:
        return Decimal(0) if value in (None, "") else money(value)
    except MISFITS as error:
        raise Refusal(
            f"{place} 的值不是 两位小数以内的金额", todo="请提供者去掉单位和千分位，合计公式要先计算再保存"
        ) from error


def _snapshot(
    columns: Sequence[int],
    sheet: Sheet,
    source: Source,
    extract: Extract,
    place: str,
    year: ReportYear,
    received: tuple[str, int, str],
    blobs: Blobs,
) -> Snapshot:
    intake = Intake(extract, source.timezone, place, numbers=sheet.numbers)
    values = [[_blank_is_none(row[position]) for row in sheet.rows] for position in columns]
    batch = intake.batch([_as_text(column.type, v) for column, v in zip(extract.columns, values, strict=True)])
    digest = write_parquet(extract, intake.schema, [batch], blobs)
    return Snapshot(
        extract=extract,
        year=year,
        digest=digest,
        path=blobs.path(digest),
        row_count=intake.row_count,
        normalised=(*sheet.notes, *intake.normalised()),
        received=received,
    )


def _blank_is_none(value: Cell) -> Cell:
    return None if isinstance(value, str) and not value.strip() else value


def _as_text(kind: str, values: Sequence[Cell]) -> Sequence[Cell]:
    """Codes that a sheet keeps as numbers are refused by the contract; integers given as text are read."""
    if kind != "integer":
        return values
    return [int(v) if isinstance(v, str) and v.isascii() and v.isdigit() else v for v in values]
