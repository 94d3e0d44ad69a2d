"""Every figure as data for machines: a table for spreadsheets, and a JSON document with lineage and verdicts.

A number that matters is text in both, so that no reader can round it on the way in.
"""

import csv
import io
import json

from yearbook.figure import Figure
from yearbook.period import ReportYear
from yearbook.quantity import PERCENT_DIGITS, ROUNDING_POLICY, ROUNDING_POLICY_TEXT, Exact, plain
from yearbook.report.model import Report
from yearbook.report.verdicts import verdict_fields
from yearbook.wording import change_words, printed

SCHEMA = "yearbook/figures/2"
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
    out = io.StringIO(newline="")
    out.write(BYTE_ORDER_MARK)
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_row(figure) for figure in report.figures.values())
    return out.getvalue().encode("utf-8")


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
    """All figures with lineage and all verdicts, as ``figures.schema.json`` beside the templates describes."""
    year = ReportYear(report.year)
    body = report.body
    document = {
        "schema": SCHEMA,
        "body": {"code": body.code, "name": body.name, "short_name": body.short_name, "notice": body.notice},
        "title": report.title_line,
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
