"""A small validator of CSV on the Web: the part of the standard that the published metadata uses, and no more.

What it does not know it refuses, so that the metadata cannot say a thing that nobody checks.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

COLUMN_KEYS = {"name", "dc:title", "dc:description", "datatype", "required", "separator"}
SCHEMA_KEYS = {"columns", "primaryKey", "foreignKeys"}
TABLE_KEYS = {"url", "dc:title", "tableSchema"}
LEXICAL = {
    "string": r".*",
    "decimal": r"[+-]?[0-9]+(\.[0-9]+)?",
    "integer": r"[+-]?[0-9]+",
    "nonNegativeInteger": r"[0-9]+",
    "positiveInteger": r"0*[1-9][0-9]*",
}


def problems(metadata: Mapping[str, Any], files: Mapping[str, bytes]) -> list[str]:
    """What the files say that the metadata does not allow, in words; empty where all is well."""
    found = list(_unknown(metadata))
    tables = {table["url"]: (table, rows_of(files[table["url"]], metadata)) for table in metadata["tables"]}
    for url, (table, rows) in tables.items():
        columns = table["tableSchema"]["columns"]
        names = [column["name"] for column in columns]
        if rows[0] != names:
            found.append(f"{url}: header {rows[0]}")
        for number, row in enumerate(rows[1:], start=2):
            if len(row) != len(columns):
                found.append(f"{url}:{number}: {len(row)} cells")
            for column, text in zip(columns, row, strict=False):
                found += [f"{url}:{number}: {column['name']}: {wrong}" for wrong in _cell(column, text)]
        found += _keys(url, table["tableSchema"], rows, tables)
    return found


def rows_of(data: bytes, metadata: Mapping[str, Any]) -> list[list[str]]:
    """Lines of a file by the dialect; a byte order mark is no part of the first."""
    dialect = metadata["dialect"]
    text = data.decode(dialect["encoding"]).removeprefix("\ufeff")
    assert dialect["lineTerminators"] == ["\r\n"]
    assert text.count("\r\n") == text.count("\n")
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect["delimiter"],
        quotechar=dialect["quoteChar"],
        doublequote=dialect["doubleQuote"],
        strict=True,
    )
    return list(reader)


def _unknown(metadata: Mapping[str, Any]) -> Iterator[str]:
    for table in metadata["tables"]:
        yield from (f"unknown {key}" for key in set(table) - TABLE_KEYS)
        yield from (f"unknown {key}" for key in set(table["tableSchema"]) - SCHEMA_KEYS)
        for column in table["tableSchema"]["columns"]:
            yield from (f"unknown {key}" for key in set(column) - COLUMN_KEYS)


def _cell(column: Mapping[str, Any], text: str) -> Iterator[str]:
    if not text:
        if column.get("required"):
            yield "empty"
        return
    datatype = column["datatype"]
    rule = {"base": datatype} if isinstance(datatype, str) else datatype
    assert set(rule) <= {"base", "format", "minimum", "maximum"}
    separator = column.get("separator")
    for value in text.split(separator) if separator else [text]:
        if not re.fullmatch(LEXICAL[rule["base"]], value, re.DOTALL):
            yield f"{value!r} is no {rule['base']}"
        elif rule["base"] == "string" and not re.fullmatch(rule.get("format", ".*"), value, re.DOTALL):
            yield f"{value!r} is not {rule['format']}"
        elif rule["base"] != "string" and not _in_range(rule, Decimal(value)):
            yield f"{value} is out of range"


def _in_range(rule: Mapping[str, Any], value: Decimal) -> bool:
    return bool(rule.get("minimum", value) <= value <= rule.get("maximum", value))


def _keys(url: str, schema: Mapping[str, Any], rows: list[list[str]], tables: Mapping[str, Any]) -> Iterator[str]:
    primary = schema["primaryKey"]
    keys = _picked(rows, [primary] if isinstance(primary, str) else primary)
    if len(set(keys)) != len(keys):
        yield f"{url}: primary key twice"
    for foreign in schema.get("foreignKeys", ()):
        reference = foreign["reference"]
        there = _picked(tables[reference["resource"]][1], [reference["columnReference"]])
        lost = set(_picked(rows, [foreign["columnReference"]])) - set(there)
        yield from (f"{url}: {key} stands nowhere" for key in lost)


def _picked(rows: list[list[str]], names: list[str]) -> list[tuple[str, ...]]:
    places = [rows[0].index(name) for name in names]
    return [tuple(row[place] for place in places) for row in rows[1:]]
