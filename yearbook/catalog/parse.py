"""From the text of the catalogue's files to its entries.

Reads text handed in, never a file. What cannot be understood is refused with file, entry and key.
"""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from yearbook.catalog.entries import Code, Entry, Extract, Heading, Indicator, Source
from yearbook.catalog.exceptions import Explanation, Waiver
from yearbook.catalog.rules import Rule, Tie
from yearbook.errors import Refusal

EntryT = TypeVar("EntryT", bound=Entry)
LAST_YEAR = 9999
# What pydantic finds, in words; the rest keeps the library's own.
FAULTS = {
    "extra_forbidden": "没有这个键，可能写错了",
    "missing": "缺少这一项",
    "literal_error": "不是可用的值，可用 {expected}",
    "enum": "不是可用的值，可用 {expected}",
    "string_type": "应为文字",
    "int_type": "应为整数",
    "bool_type": "应为 true 或 false",
    "string_too_short": "不能为空",
}


def fail(file: str, entry: str, what: str) -> Refusal:
    """A refusal that names file and entry."""
    return Refusal(f"{file} 的条目 {entry}：{what}", todo="更正该条目后重新运行，写法见 docs/how-to.md")


def parse_sources(text: str) -> dict[str, Source]:
    """``sql/sources.toml`` to sources by code.

    Raises:
        Refusal: The text is no TOML, or an entry lacks a key, has an unknown one or a wrong value.
    """
    sources: dict[str, Source] = {}
    file = "sql/sources.toml"
    for code, entry in _entries(file, _toml(file, text)):
        extracts = []
        for extract, fields in _entries(file, entry.pop("extracts", {}), f"{code}.extracts"):
            columns = [_column(name, words) for name, words in fields.pop("columns", {}).items()]
            whole = {"code": extract, "source": code, "columns": columns, **fields}
            extracts.append(_build(Extract, "sql/sources.toml", f"{code}.extracts.{extract}", whole))
        sources[code] = _build(Source, "sql/sources.toml", code, {"code": code, "extracts": extracts, **entry})
    return sources


def parse_indicators(text: str) -> dict[str, Indicator]:
    """``sql/indicators.toml`` to indicators by code, in printed order; errors as in ``parse_sources``."""
    file = "sql/indicators.toml"
    entries = _entries(file, _toml(file, text))
    return {code: _build(Indicator, file, code, {"code": code, **entry}) for code, entry in entries}


def parse_rules(source: str, text: str) -> tuple[Rule, ...]:
    """``expectations/<source>.toml`` to rules in order; errors as in ``parse_sources``."""
    file = f"expectations/{source}.toml"
    return tuple(
        _build(Rule, file, code, {"code": code, "source": source, **entry})
        for code, entry in _entries(file, _toml(file, text))
    )


def parse_ties(text: str) -> tuple[Tie, ...]:
    """``expectations/ties.toml`` to tie-outs in order; errors as in ``parse_sources``."""
    file = "expectations/ties.toml"
    return tuple(_build(Tie, file, code, {"code": code, **entry}) for code, entry in _entries(file, _toml(file, text)))


def parse_waivers(text: str) -> tuple[tuple[Waiver, ...], tuple[Explanation, ...]]:
    """``expectations/waivers.toml`` to waivers and explanations in order; errors as in ``parse_sources``."""
    file = "expectations/waivers.toml"
    tables = _toml(file, text)
    if unknown := sorted(set(tables) - {"waiver", "explanation"}):
        raise fail(file, unknown[0], "只有 [[waiver]] 和 [[explanation]] 两种条目")
    return (
        tuple(_rows(Waiver, file, "waiver", tables)),
        tuple(_rows(Explanation, file, "explanation", tables)),
    )


def _entries(file: str, tables: Any, under: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every entry of a file, each a table of its own."""
    for code, entry in (tables if isinstance(tables, dict) else {under: tables}).items():
        if not isinstance(entry, dict):
            name = f"{under}.{code}" if under and code != under else code
            raise fail(file, name, f"写成 [{name}] 一节，一层方括号，下面每行一个键")
        yield code, entry


def _rows(kind: type[EntryT], file: str, name: str, tables: Mapping[str, Any]) -> Iterator[EntryT]:
    entries = tables.get(name, [])
    if not isinstance(entries, list):
        raise fail(file, name, f"写成 [[{name}]]，两层方括号")
    for number, fields in enumerate(entries, start=1):
        yield _build(kind, file, f"{name} 第 {number} 条", fields)


def parse_codes(name: str, text: str) -> tuple[Code, ...]:
    """``sql/codes/<name>.csv`` to codes; errors as in ``parse_sources``.

    The columns are code, name, counts_as (the member a code counts in), source and since; until and note may be left
    out.
    """
    file = f"sql/codes/{name}.csv"
    rows = csv.DictReader(io.StringIO(text))
    codes = [_build(Code, file, row.get("code") or f"第 {rows.line_num} 行", _code_fields(row)) for row in rows]
    if len({code.code for code in codes}) != len(codes) or not codes:
        raise fail(file, name, "代码重复或代码表为空")
    return tuple(codes)


def parse_headings(source: str, text: str, year: int) -> dict[str, tuple[Heading, ...]]:
    """``sql/<source>/columns.csv`` to the headings of every extract as valid for a year, in the file's order.

    The columns are extract, column, since, until (may be left out), header. A column without a name of ours is known
    and not read. The newest row of a column that is not younger than ``year`` holds, at the place of the column's first
    row; an empty header says that the column is absent. A header that was renamed is a new row, never a change of an
    old one.

    Raises:
        Refusal: A row lacks a cell, ``since`` or ``until`` is no year, or nothing holds for the year.
    """
    file = f"sql/{source}/columns.csv"
    chosen: dict[str, dict[str, tuple[int, str, str]]] = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), start=2):
        since, until = _span(file, number, row)
        of_extract = chosen.setdefault(row["extract"], {})
        name = row["column"] or f"/{row['header']}"
        of_extract.setdefault(name, (0, row["column"], ""))
        if since <= year and since >= of_extract[name][0]:
            of_extract[name] = (since, row["column"], row["header"] if year <= until else "")
    headings = {
        extract: tuple(Heading(column=column, header=header) for _, column, header in rows.values() if header)
        for extract, rows in chosen.items()
    }
    if not any(headings.values()):
        raise fail(file, source, f"没有适用于 {year} 年的表头")
    return headings


def _span(file: str, number: int, row: Mapping[str, str | None]) -> tuple[int, int]:
    """First and last year of a row of columns.csv."""
    try:
        if any(row.get(key) is None for key in ("extract", "column", "header")):
            raise ValueError("cells missing")
        return int(row["since"] or ""), int(row.get("until") or LAST_YEAR)
    except (KeyError, ValueError) as error:
        raise fail(file, f"第 {number} 行", "须有 extract、column、since、header 各列，since、until 是年份") from error


def _code_fields(row: Mapping[str | None, Any]) -> dict[str, Any]:
    """Cells by column; one that is missing is empty, one too many stands under a name that no entry has."""
    cells = {"多出的单元格" if key is None else key: cell for key, cell in row.items() if cell}
    return {"code": "", "name": "", "counts_as": "", "source": "", "since": ""} | cells


def _column(name: str, words: str) -> dict[str, Any]:
    """``"date optional personal"`` to the fields of a column."""
    kind, *flags = words.split()
    unknown = set(flags) - {"optional", "personal"}
    if unknown:
        raise fail("sql/sources.toml", name, f"列 {name} 的标记 {'、'.join(sorted(unknown))} 不认识")
    return {"name": name, "type": kind, "required": "optional" not in flags, "personal": "personal" in flags}


def _toml(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"{file} 不是正确的 TOML：{error}", todo="按提示的行列更正后重新运行") from error


def _build(kind: type[EntryT], file: str, entry: str, fields: Mapping[str, Any]) -> EntryT:
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        raise fail(file, entry, first_fault(error, kind.__name__)) from error


def first_fault(error: ValidationError, name: str) -> str:
    """The first thing that is wrong with an entry: its key, and what is wrong in words people know.

    Args:
        error: What the library found.
        name: What stands in the key's place where the entry as a whole is wrong.
    """
    first = error.errors(include_url=False, include_input=False)[0]
    key = ".".join(str(part) for part in first["loc"]) or name
    expected = first.get("ctx", {}).get("expected", "")
    words = FAULTS[first["type"]].format(expected=expected) if first["type"] in FAULTS else first["msg"]
    return f"{key}：{words}"
