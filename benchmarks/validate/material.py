"""An extract of eleven columns as source systems have them, its code lists, and twenty-five rules on it."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from tasks.sources.snapshot import SAFE, Snapshot
from yearbook.catalog import Code, Column, Extract, Rule, Source
from yearbook.period import ReportYear

YEAR = ReportYear(2023)
COLUMNS = {
    "serial": "code",
    "kind": "code",
    "classes": "code",
    "office": "text",
    "remark": "text",
    "fee": "money",
    "paid": "money",
    "pages": "integer",
    "received_on": "date",
    "applied_at": "moment",
    "completed_at": "moment",
}
EXTRACT = Extract(
    code="flow",
    source="case",
    name="case",
    per_year=True,
    key=("serial",),
    columns=tuple(Column.model_validate({"name": name, "type": kind}) for name, kind in COLUMNS.items()),
)
SOURCES = {"case": Source(code="case", name="case", kind="database", owner="case", extracts=(EXTRACT,))}
LISTS = {"kinds": "ABCDEFGHIJK", "classes": ("A1", "A2", "B1", "B2", "C1", "C2", "C6", "D", "E")}
CODES = {
    name: tuple(
        Code(code=code, name=code, counts_as="counted", source="case", since=date(2020, 1, 1)) for code in codes
    )
    for name, codes in LISTS.items()
}
# some rows break most of the rules
ROWS = """COPY (SELECT
    CASE WHEN i % 999983 = 7 THEN lpad(CAST(i - 1 AS VARCHAR), 13, '0') ELSE lpad(CAST(i AS VARCHAR), 13, '0') END
        AS serial,
    CASE WHEN i % 100003 <> 0 THEN chr(CAST(65 + i * 7 % 12 AS INTEGER)) END AS kind,
    (['A1', 'A2', 'B1', 'B2', 'C1', 'C2', 'D', 'E'])[1 + i * 13 % 8]
        || CASE WHEN i % 5 = 0 THEN (['D', 'E', 'X'])[1 + i % 3] ELSE '' END AS classes,
    '申请人' || i % 9973 AS office,
    CASE WHEN i % 3 <> 0 THEN '备注文字 ' || i END AS remark,
    CAST(i % 100000 / 100.0 AS DECIMAL(18, 2)) AS fee,
    CASE WHEN i % 5 <> 0 THEN CAST(i % 1000 AS DECIMAL(18, 2)) END AS paid,
    CAST(i % 500 AS BIGINT) AS pages,
    DATE '2022-12-28' + CAST(i % 367 AS INTEGER) AS received_on,
    TIMESTAMP '2023-01-01 00:00:00' + to_seconds(i % 31536000) AS applied_at,
    CASE WHEN i % 7 <> 0 THEN TIMESTAMP '2022-12-31 23:00:00' + to_seconds(i * 31 % 31536000) END AS completed_at
    FROM range($rows) AS t(i)) TO """


def _rules() -> tuple[Rule, ...]:
    asked: list[tuple[str, tuple[str, ...], dict[str, Any]]] = [
        ("row_count", (), {"low": 1}),
        ("unique", ("serial",), {}),
        *(("not_null", (name,), {}) for name in ("serial", "kind", "classes", "office", "fee", "completed_at")),
        ("in_codes", ("kind",), {"codes": "kinds"}),
        ("in_set", ("kind",), {"values": ("A", "B", "C", "D", "E", "F", "G")}),
        ("made_of_codes", ("classes",), {"codes": "classes"}),
        ("matches", ("serial",), {"pattern": "[0-9]{13}"}),
        ("matches", ("office",), {"pattern": "申请人[0-9]{1,4}"}),
        ("between", ("fee",), {"low": 0, "high": 999}),
        ("between", ("paid",), {"low": 1, "high": 990}),
        ("between", ("pages",), {"low": 0, "high": 498}),
        ("between", ("pages",), {"low": 1}),
        ("within_year", ("received_on",), {}),
        ("within_year", ("applied_at",), {}),
        ("within_year", ("completed_at",), {}),
        ("reaches_year", ("applied_at",), {}),
        ("reaches_year", ("received_on",), {}),
        ("not_after", ("applied_at", "completed_at"), {}),
        ("not_after", ("received_on", "completed_at"), {}),
        ("not_after", ("received_on", "applied_at"), {}),
    ]
    words = {"source": "case", "extract": "flow", "severity": "warning", "say": "。", "say_en": ".", "do": "。"}
    return tuple(
        Rule.model_validate({"code": f"CSE-{number:02d}", "check": check, "columns": columns, **words, **fields})
        for number, (check, columns, fields) in enumerate(asked)
    )


RULES = _rules()


def make(path: Path, rows: int) -> None:
    """Write the extract's file."""
    target = str(path).replace("'", "''")
    with duckdb.connect(config=dict(SAFE)) as engine:
        engine.execute(f"{ROWS} '{target}' (FORMAT parquet, COMPRESSION zstd)", {"rows": rows})


def snapshot(path: Path) -> Snapshot:
    """The file as a snapshot."""
    with duckdb.connect(config=dict(SAFE)) as engine:
        [rows] = engine.read_parquet(str(path)).count("*").fetchall()[0]
    return Snapshot(extract=EXTRACT, year=YEAR, digest="0" * 64, path=path, row_count=rows)
