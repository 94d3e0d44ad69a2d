"""One table of cases per indicator: rows of its extract, and the figures its query must make of them.

A case file lies at ``tests/sql/<source>/<indicator>.toml``. Its cases hold for the report year 2023:

- ``kind`` says what the case is for; which kinds an indicator needs is in ``REQUIRED``;
- ``columns`` and ``rows`` give what matters; ``times`` repeats a row, ``""`` is an empty cell of an optional column,
  and columns that are not named are filled with values that must not matter;
- ``expect`` gives the figures by code; every figure that is not named must be zero;
- ``counted`` gives the rows counted, where that is not the value itself;
- ``refused`` gives the member that the catalogue does not know.
"""

import tomllib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tasks.engines.embedded import EmbeddedEngine, attach, values
from tasks.library import Library, load_library
from tasks.sources.contract import Intake
from tasks.sources.snapshot import Snapshot, write_parquet
from tasks.store import Blobs
from yearbook.catalog import Column, Extract, Indicator
from yearbook.errors import Refusal
from yearbook.period import ReportYear
from yearbook.quantity import Exact

FOLDER = Path(__file__).parent
YEAR = ReportYear(2023)
BODY = "样例市交通管理局"
LIBRARY = load_library(FOLDER.parents[1])
FILES = {path.relative_to(FOLDER).with_suffix(".sql").as_posix(): path for path in sorted(FOLDER.glob("*/*.toml"))}


def cases() -> Iterator[Any]:
    for name, path in FILES.items():
        for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            yield pytest.param(Path(name).stem, case, id=f"{name.removesuffix('.sql')}：{case['name']}")


def required(indicator: Indicator) -> set[str]:
    """Kinds of cases without which a query counts as untested."""
    sql = LIBRARY.indicator_sql(indicator)
    kinds = {"limits": True, "neighbours": True, "empty": True}
    kinds |= {"distinct": bool(indicator.members), "unknown": "left join" in sql, "excluded": "status" in sql}
    return {kind for kind, needed in kinds.items() if needed}


def test_every_indicator_has_a_case_file_and_every_case_file_an_indicator() -> None:
    assert set(FILES) == {indicator.sql_name for indicator in LIBRARY.indicators.values()}


@pytest.mark.parametrize("code", LIBRARY.indicators)
def test_every_query_has_the_kinds_of_cases_it_needs(code: str) -> None:
    indicator = LIBRARY.indicators[code]
    text = FILES[indicator.sql_name].read_text(encoding="utf-8")
    found = tomllib.loads(text)["case"]
    assert required(indicator) <= {case["kind"] for case in found}
    assert len({case["name"] for case in found}) == len(found)


@pytest.mark.parametrize(("code", "case"), list(cases()))
def test_case(code: str, case: dict[str, Any], tmp_path: Path) -> None:
    indicator = LIBRARY.indicators[code]
    if "refused" in case:
        with pytest.raises(Refusal) as refusal:
            ask(indicator, case, tmp_path)
        assert f"sql/{indicator.sql_name}" in refusal.value.what
        assert refusal.value.what.endswith(f"：{case['refused']}")
        return
    answer = ask(indicator, case, tmp_path)
    expected = {name: exact(value) for name, value in case.get("expect", {}).items()}
    assert not set(expected) - set(answer), "the case names a figure that the catalogue does not have"
    assert {name: value for name, (value, _) in answer.items()} == dict.fromkeys(answer, 0) | expected
    counted = case.get("counted", expected)
    assert {name: rows for name, (_, rows) in answer.items()} == dict.fromkeys(answer, 0) | counted


def ask(indicator: Indicator, case: dict[str, Any], folder: Path) -> dict[str, tuple[Exact, int]]:
    """The case's rows through the real path: contract, snapshot, engine, values by figure code."""
    [code] = indicator.extracts
    extract = extracts(LIBRARY)[code]
    intake = Intake(extract, "Asia/Shanghai", "case")
    blobs = Blobs(folder / "blobs")
    digest = write_parquet(extract, intake.schema, [intake.batch(filled(extract, case))], blobs)
    snapshot = Snapshot(extract=extract, year=YEAR, digest=digest, path=blobs.path(digest), row_count=intake.row_count)
    sql = LIBRARY.indicator_sql(indicator)
    codes = {name: entries for name, entries in LIBRARY.codes.items() if f"code_{name}" in sql}
    path = folder / "case.duckdb"
    attach(path, [snapshot], codes)
    with EmbeddedEngine(path, [snapshot]) as engine:
        answer = engine.ask(sql, name=indicator.sql_name, year=YEAR, body_name=BODY)
    return {indicator.figure_code(members): found for members, found in values(answer, indicator).items()}


def extracts(library: Library) -> dict[str, Extract]:
    return {extract.code: extract for source in library.sources.values() for extract in source.extracts}


def filled(extract: Extract, case: dict[str, Any]) -> list[list[Any]]:
    """The case's rows column by column in the order of the contract."""
    names = case.get("columns", [])
    unknown = set(names) - {column.name for column in extract.columns} - {"times"}
    assert not unknown, f"the case names columns that the contract does not have: {unknown}"
    rows = [dict(zip(names, row, strict=True)) for row in case.get("rows", [])]
    repeated = [row for row in rows for _ in range(row.pop("times", 1))]
    return [_cells(column, repeated) for column in extract.columns]


def _cells(column: Column, rows: list[dict[str, Any]]) -> list[Any]:
    numbers = count(1)
    return [_cell(column, row.get(column.name), next(numbers)) for row in rows]


def _cell(column: Column, value: Any, number: int) -> Any:
    """The case's value; where it says nothing, one that is valid, differs from row to row and must not matter."""
    if value is not None:
        return None if value == "" and not column.required else value
    if not column.required:
        return None
    fillers = {
        "text": f"填充{number}",
        "code": f"F{number}",
        "integer": number,
        "money": Decimal(number) / 100,
        "date": date(2023, 6, 1) + timedelta(days=number % 28),
        "moment": datetime(2023, 6, 1) + timedelta(minutes=number),  # noqa: DTZ001
    }
    return fillers[column.type]


def exact(value: int | str) -> Exact:
    return Decimal(value) if isinstance(value, str) else value
