"""The published schemas: they describe what is written, and they refuse what is not."""

import csv
import io
import json
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from tests.yearbook.report.csvw import problems
from tests.yearbook.report.samples import EXPECTED_CELLS, sample_report
from yearbook.form.edition_2021 import TABLES
from yearbook.report.tabular import (
    COLUMNS,
    CSV_SCHEMA,
    JSON_SCHEMA,
    TABLE_COLUMNS,
    write_csv,
    write_json,
    write_schemas,
    write_tables_csv,
)


def metadata() -> dict[str, Any]:
    return json.loads(write_schemas()[CSV_SCHEMA])


def files() -> dict[str, bytes]:
    return {"figures.csv": write_csv(sample_report()), "tables.csv": write_tables_csv(sample_report())}


def cells() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files()["tables.csv"].decode("utf-8-sig"), newline="")))


def test_the_document_names_its_schema_and_obeys_it() -> None:
    schema = json.loads(write_schemas()[JSON_SCHEMA])
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(write_json(sample_report()))
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["$schema"] == JSON_SCHEMA
    assert document["schema"] == schema["title"] == schema["properties"]["schema"]["const"]
    assert schema["$id"].endswith(schema["title"].rpartition("/")[2])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("schema", "yearbook/figures/2"),
        ("year", 2023),
        ("edition", "0"),
        ("period", {}),
        ("figures", None),
        ("more", ""),
    ],
)
def test_the_schema_refuses_what_is_not_written(field: str, value: object) -> None:
    document = json.loads(write_json(sample_report())) | {field: value}
    schema = json.loads(write_schemas()[JSON_SCHEMA])
    assert not jsonschema.Draft202012Validator(schema).is_valid(document)


def test_a_second_edition_says_so() -> None:
    document = json.loads(write_json(replace(sample_report(), edition=2)))
    assert document["edition"] == "2"


def test_the_schemas_are_self_contained() -> None:
    schema = write_schemas()[JSON_SCHEMA].decode("utf-8")
    assert '"$ref": "http' not in schema
    assert {table["url"] for table in metadata()["tables"]} == set(files())


def test_the_metadata_describes_the_tables_as_they_are_written() -> None:
    assert problems(metadata(), files()) == []
    figures, tables = ([column["name"] for column in table["tableSchema"]["columns"]] for table in metadata()["tables"])
    assert tuple(figures) == COLUMNS
    assert tuple(tables) == TABLE_COLUMNS


@pytest.mark.parametrize(
    ("name", "old", "new", "wrong"),
    [
        ("figures.csv", "code,name", "name,code", "header"),
        ("figures.csv", ",356789,", ",35万余,", "no decimal"),
        ("figures.csv", ",356789,", ",,", "empty"),
        ("figures.csv", ",辆,", ",匹,", "is not"),
        ("figures.csv", "a" * 64, "A" * 64, "is not"),
        ("figures.csv", "drivers.total,", "motor_vehicles.total,", "primary key twice"),
        ("figures.csv", "documents.rules.made,", "documents.rules.lost,", "stands nowhere"),
        ("tables.csv", "\r\n2,3,2,", "\r\n5,3,2,", "out of range"),
        ("tables.csv", "\r\n2,3,2,", "\r\n2,0,2,", "no positiveInteger"),
        ("tables.csv", "\r\n2,3,3,", "\r\n2,3,2,", "primary key twice"),
    ],
)
def test_the_metadata_refuses_what_is_not_written(name: str, old: str, new: str, wrong: str) -> None:
    data = files()[name].decode("utf-8")
    assert old in data
    found = problems(metadata(), files() | {name: data.replace(old, new, 1).encode("utf-8")})
    assert any(wrong in problem for problem in found)


def test_every_number_of_the_form_is_a_line_at_its_place() -> None:
    found = {(int(row["table"]), int(row["row"]) - 1, int(row["column"]) - 1): row["value"] for row in cells()}
    assert found == EXPECTED_CELLS
    assert len(cells()) == sum(len(form.number_cells()) for form in TABLES.values())


def test_a_line_names_its_row_and_column_as_the_form_does() -> None:
    [row] = [row for row in cells() if row["figure"] == "applications_results.refused_query.research"]
    assert row["row_label"] == "三、本年度办理结果/（三）不予公开/8.属于行政查询事项"
    assert row["column_label"] == "申请人情况/法人或其他组织/科研机构"
    assert row["unit"] == "件"
    [fees] = [row for row in cells() if row["figure"] == "administrative_fees"]
    assert (fees["unit"], fees["column_label"]) == ("万元", "第二十条第（八）项/本年收费金额（单位：万元）")
