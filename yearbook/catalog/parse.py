"""From the text of the catalogue's files to its entries.

Reads text handed in, never a file. What cannot be understood is refused with file, entry and key.
"""

import csv
import io
import tomllib
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from yearbook.catalog.entries import Code, Entry, Indicator, Rule, Source, Tie
from yearbook.errors import Refusal

EntryT = TypeVar("EntryT", bound=Entry)


def fail(file: str, entry: str, what: str) -> Refusal:
    """A refusal that names file and entry."""
    return Refusal(f"{file} 的条目 {entry}：{what}", todo="更正该条目后重新运行，写法见 docs/how-to.md")


def parse_sources(text: str) -> dict[str, Source]:
    """``sql/sources.toml`` to sources by code.

    Raises:
        Refusal: The text is no TOML, or an entry lacks a key, has an unknown one or a wrong value.
    """
    sources: dict[str, Source] = {}
    for code, entry in _toml("sql/sources.toml", text).items():
        extracts = []
        for extract, fields in entry.pop("extracts", {}).items():
            columns = [_column(name, words) for name, words in fields.pop("columns", {}).items()]
            extracts.append({"code": extract, "source": code, "columns": columns, **fields})
        sources[code] = _build(Source, "sql/sources.toml", code, {"code": code, "extracts": extracts, **entry})
    return sources


def parse_indicators(text: str) -> dict[str, Indicator]:
    """``sql/indicators.toml`` to indicators by code, in printed order; errors as in ``parse_sources``."""
    file = "sql/indicators.toml"
    return {code: _build(Indicator, file, code, {"code": code, **entry}) for code, entry in _toml(file, text).items()}


def parse_rules(source: str, text: str) -> tuple[Rule, ...]:
    """``expectations/<source>.toml`` to rules in order; errors as in ``parse_sources``."""
    file = f"expectations/{source}.toml"
    return tuple(
        _build(Rule, file, code, {"code": code, "source": source, **entry}) for code, entry in _toml(file, text).items()
    )


def parse_ties(text: str) -> tuple[Tie, ...]:
    """``expectations/ties.toml`` to tie-outs in order; errors as in ``parse_sources``."""
    file = "expectations/ties.toml"
    return tuple(_build(Tie, file, code, {"code": code, **entry}) for code, entry in _toml(file, text).items())


def parse_codes(name: str, text: str) -> tuple[Code, ...]:
    """``sql/codes/<name>.csv`` to codes; errors as in ``parse_sources``.

    The columns are code, name, counts_as (the member a code counts in), source and since.
    """
    file = f"sql/codes/{name}.csv"
    rows = list(csv.DictReader(io.StringIO(text)))
    codes = [_build(Code, file, str(row.get("code")), _code_fields(row)) for row in rows]
    if len({code.code for code in codes}) != len(codes) or not codes:
        raise fail(file, name, "代码重复或代码表为空")
    return tuple(codes)


def parse_headers(source: str, text: str, year: int) -> dict[str, dict[str, str]]:
    """``sql/<source>/columns.csv`` to ``{extract: {our column: their header}}`` as valid for a year.

    The file has the columns extract, column, since, header; the newest row that is not younger than ``year`` holds.
    A header that was renamed is a new row, never a change of an old one.
    """
    headers: dict[str, dict[str, str]] = {}
    rows = sorted(csv.DictReader(io.StringIO(text)), key=lambda row: int(row["since"]))
    for row in rows:
        if int(row["since"]) <= year:
            headers.setdefault(row["extract"], {})[row["column"]] = row["header"]
    if not headers:
        raise fail(f"sql/{source}/columns.csv", source, f"没有适用于 {year} 年的表头")
    return headers


def _code_fields(row: Mapping[str, str]) -> dict[str, str]:
    return {key: row.get(key, "") for key in ("code", "name", "counts_as")}


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
        first = error.errors(include_url=False, include_input=False)[0]
        key = ".".join(str(part) for part in first["loc"]) or kind.__name__
        raise fail(file, entry, f"{key}：{first['msg']}") from error
