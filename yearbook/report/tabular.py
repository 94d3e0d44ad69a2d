"""Every figure as data for machines: tables for spreadsheets, a JSON document with lineage and verdicts, their schemas.

A number that matters is text in all of them, so that no reader can round it on the way in.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib import resources

from yearbook.figure import Figure
from yearbook.form.table import FormCell
from yearbook.period import ReportYear
from yearbook.quantity import PERCENT_DIGITS, ROUNDING_POLICY, ROUNDING_POLICY_TEXT, Exact, plain
from yearbook.report.model import Report, StatutoryTable
from yearbook.report.verdicts import verdict_fields
from yearbook.wording import change_words, printed

SCHEMA = "yearbook/figures/3"
JSON_SCHEMA = "schema/figures.schema.json"
# The name under which a reader of CSV on the Web looks for it beside the tables.
CSV_SCHEMA = "csv-metadata.json"
TABLE_COLUMNS = ("table", "row", "column", "row_label", "column_label", "figure", "unit", "value")
LABEL_SEPARATOR = "/"
COLUMNS = (
    "code",
    "name",
    "unit",
    "value",
    "base",
    "difference",
    "percent",
    "printed",
    "row_count",
    "base_row_count",
    "sql",
    "sql_sha256",
    "snapshots",
    "rules",
    "open_findings",
)
# A spreadsheet takes a field that starts so for a formula; the full-width forms are what some locales make of them.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"


def neutral(text: str) -> str:
    """Free text that no spreadsheet takes for a formula: an apostrophe goes before a dangerous start."""
    return f"'{text}" if text.lstrip(" \u3000").startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS) else text


def _text(value: Exact | None) -> str | None:
    return None if value is None else plain(value)


def _row(figure: Figure) -> dict[str, str]:
    """One line; numbers as they are, since a sign before digits is a number and no formula."""
    change = figure.change
    words = {
        "code": figure.code,
        "name": figure.name,
        "unit": figure.unit.value,
        "printed": printed(figure).text,
        "sql": figure.sql_name,
        "sql_sha256": figure.sql_digest,
        "snapshots": " ".join(figure.snapshots),
        "rules": " ".join(figure.rules),
        "open_findings": " ".join(figure.open_findings),
    }
    numbers = {
        "value": figure.value,
        "base": figure.base,
        "difference": change.difference,
        "percent": change.percent,
        "row_count": figure.row_count,
        "base_row_count": figure.base_row_count,
    }
    return {name: neutral(word) for name, word in words.items()} | {
        name: _text(number) or "" for name, number in numbers.items()
    }


def write_csv(report: Report) -> bytes:
    """All figures as RFC 4180 lines in UTF-8; the byte order mark lets spreadsheet programs see the encoding."""
    return _lines(COLUMNS, (_row(figure) for figure in report.figures.values()))


def write_tables_csv(report: Report) -> bytes:
    """The statutory tables, one line for each number of the form, as those who add up many reports want them."""
    return _lines(TABLE_COLUMNS, (row for table in report.tables() for row in _cells(table, report)))


def write_schemas() -> dict[str, bytes]:
    """What the data files hold, by file name: JSON Schema for the document, CSV on the Web metadata for the tables."""
    templates = resources.files("yearbook.report") / "templates"
    return {
        JSON_SCHEMA: (templates / "figures.schema.json").read_bytes(),
        CSV_SCHEMA: (templates / CSV_SCHEMA).read_bytes(),
    }


def _lines(columns: tuple[str, ...], rows: Iterable[Mapping[str, str]]) -> bytes:
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(out, columns, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def _cells(table: StatutoryTable, report: Report) -> Iterator[dict[str, str]]:
    """Rows and columns are counted from 1, as the form is drawn."""
    for cell in table.form.number_cells():
        figure = report.figures[cell.figure or ""]
        above, beside = table.form.headers_of(cell)
        yield {
            "table": str(table.form.number),
            "row": str(cell.row + 1),
            "column": str(cell.column + 1),
            "row_label": _labels(beside),
            "column_label": _labels(above),
            "figure": neutral(figure.code),
            "unit": printed(figure).unit,
            "value": table.printed[figure.code],
        }


def _labels(cells: Iterable[FormCell]) -> str:
    """Labels from the outermost to the innermost; the line breaks of the form are no part of them."""
    return neutral(LABEL_SEPARATOR.join(cell.label.replace("\n", "") for cell in cells))


def _figure(figure: Figure, base_year: int) -> dict[str, object]:
    change = figure.change
    return {
        "code": figure.code,
        "name": figure.name,
        "indicator": figure.indicator,
        "label": figure.label,
        "unit": figure.unit.value,
        "value": plain(figure.value),
        "printed": printed(figure).text,
        "base": _text(figure.base),
        "change": {
            "kind": change.kind.value,
            "difference": _text(change.difference),
            "percent": _text(change.percent),
            "words": "".join(change_words(figure, base_year)),
        },
        "definition": figure.definition,
        "basis": figure.basis,
        "wording": figure.wording,
        "lineage": {
            "sql": figure.sql_name,
            "sql_sha256": figure.sql_digest,
            "snapshots": list(figure.snapshots),
            "row_count": str(figure.row_count),
            "base_row_count": _text(figure.base_row_count),
            "rules": list(figure.rules),
            "open_findings": list(figure.open_findings),
        },
    }


def write_json(report: Report) -> bytes:
    """All figures with lineage and all verdicts, as the schema published beside it describes."""
    year = ReportYear(report.year)
    body = report.body
    document = {
        "$schema": JSON_SCHEMA,
        "schema": SCHEMA,
        "body": {"code": body.code, "name": body.name, "short_name": body.short_name, "notice": body.notice},
        "title": report.title_line,
        "edition": str(report.edition),
        "year": str(year),
        "period": {"from": year.start.isoformat(), "before": year.end.isoformat()},
        "rounding": {
            "policy": ROUNDING_POLICY,
            "text": ROUNDING_POLICY_TEXT,
            "percent_digits": str(PERCENT_DIGITS),
        },
        "figures": [_figure(figure, report.year - 1) for figure in report.figures.values()],
        "verdicts": [verdict_fields(verdict) for verdict in report.verdicts],
    }
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")
