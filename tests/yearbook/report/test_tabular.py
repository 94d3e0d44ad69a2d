"""The data files, read back: nothing is lost, rounded or live."""

import csv
import io
import json
from dataclasses import asdict, fields, replace
from decimal import Decimal
from importlib import resources
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.yearbook.report.samples import sample_report
from yearbook.figure import Figures
from yearbook.quantity import Unit
from yearbook.report.tabular import COLUMNS, FORMULA_STARTS, neutral, write_csv, write_json
from yearbook.verdict import Category, Severity, Status, Verdict
from yearbook.wording import printed


def rows() -> list[dict[str, str]]:
    text = write_csv(sample_report()).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def schema() -> dict[str, Any]:
    text = (resources.files("yearbook.report") / "templates" / "figures.schema.json").read_text("utf-8")
    return json.loads(text)


def test_csv_holds_every_figure_exactly() -> None:
    figures = sample_report().figures
    for row, figure in zip(rows(), figures.values(), strict=True):
        assert tuple(row) == COLUMNS
        assert row["code"] == figure.code
        assert row["name"] == figure.name
        assert Decimal(row["value"]) == figure.value
        assert row["base"] == ("" if figure.base is None else format(Decimal(figure.base), "f"))
        assert row["percent"] == ("" if figure.change.percent is None else format(figure.change.percent, "f"))
        assert row["printed"] == printed(figure).text
        assert row["snapshots"].split() == list(figure.snapshots)
        assert row["rules"].split() == list(figure.rules)


def test_csv_opens_in_a_spreadsheet() -> None:
    data = write_csv(sample_report())
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n") == len(sample_report().figures) + 1


def test_a_difference_keeps_its_sign_as_a_number() -> None:
    assert next(row for row in rows() if row["code"] == "vehicle_business.total")["difference"] == "-3503"


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_csv_text_is_no_formula(start: str) -> None:
    sample = sample_report()
    figures = list(sample.figures.values())
    hostile = replace(figures[0], name=f"{start}1+1", code=f"{start}code")
    text = write_csv(replace(sample, figures=Figures([hostile, *figures[1:]]))).decode("utf-8-sig")
    first = next(csv.DictReader(io.StringIO(text, newline="")))
    assert first["name"] == f"'{start}1+1"
    assert first["code"] == f"'{start}code"


@given(st.text())
def test_neutral_adds_an_apostrophe_or_nothing(text: str) -> None:
    assert neutral(text) in {text, f"'{text}"}
    assert not neutral(text).lstrip(" \u3000").startswith(FORMULA_STARTS)


def test_json_is_valid_and_complete() -> None:
    report = sample_report()
    document = json.loads(write_json(report), parse_float=pytest.fail, parse_int=pytest.fail)
    jsonschema.Draft202012Validator(schema()).validate(document)
    assert document["schema"] == "yearbook/figures/3"
    assert document["period"] == {"from": "2023-01-01T00:00:00+08:00", "before": "2024-01-01T00:00:00+08:00"}
    assert [f["code"] for f in document["figures"]] == list(report.figures)
    assert [v["code"] for v in document["verdicts"]] == [v.code for v in report.verdicts]
    for entry in document["figures"]:
        assert Decimal(entry["value"]) == report.figures[entry["code"]].value
    assert document["body"]["notice"] == report.body.notice


def test_json_tells_every_verdict_whole_but_no_reference_of_a_row() -> None:
    report = sample_report()
    document = json.loads(write_json(report))
    for entry, verdict in zip(document["verdicts"], report.verdicts, strict=True):
        told = {
            name: entry[name] for name in ("say", "say_en", "source", "extract", "base", "owner", "detail", "place")
        }
        assert told == {name: getattr(verdict, name) for name in told}
        assert entry["category"] == verdict.category.value
        assert entry["status"] == verdict.status.value
        assert entry["impact"] == [asdict(impact) for impact in verdict.impact]
        assert set(entry) == {field.name for field in fields(Verdict)} - {"rows"}
    assert {entry["status"] for entry in document["verdicts"]} == {status.value for status in Status}
    for verdict in report.verdicts:
        assert not [row for row in verdict.rows if row.encode() in write_json(report)]


def test_the_schema_knows_every_word_that_a_verdict_may_use() -> None:
    known = schema()["$defs"]["verdict"]["properties"]
    for name, words in (("category", Category), ("severity", Severity), ("status", Status)):
        assert known[name]["enum"] == [word.value for word in words]
    assert schema()["$defs"]["unit"]["enum"] == [unit.value for unit in Unit]


def test_the_schema_is_a_schema_and_refuses_a_number() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    document = json.loads(write_json(sample_report()))
    document["figures"][0]["value"] = 60
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema()).validate(document)


def test_json_ends_with_one_newline_and_repeats() -> None:
    data = write_json(sample_report())
    assert data.endswith(b"}\n")
    assert data == write_json(sample_report())
    assert write_csv(sample_report()) == write_csv(sample_report())
