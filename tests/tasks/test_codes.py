"""Code lists against the queries and the rules: what a list says a code counts as is what the query does with it."""

from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from tasks.quality.judge import validate
from tasks.sources.contract import Intake
from tasks.sources.snapshot import Snapshot
from tests.sql.test_cases import LIBRARY, ask
from tests.tasks.quality.test_cases import EXTRACTS, VALID, YEAR, cell
from yearbook.catalog import Code, Rule

EXPORTS = {source.code for source in LIBRARY.sources.values() if source.kind == "export"}
KNOWN_CODES = {"in_codes", "made_of_codes"}
WITH_CODES = [rule for rule in LIBRARY.rules if rule.check in KNOWN_CODES and rule.source not in EXPORTS]
# for each indicator the record that counts, and the lists that its query reads a column of without joining them
COUNTED: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "incidents": (
        {"category": "01", "channel": "1", "procedure_code": "0", "status": "1"},
        {
            "category": "incident_category",
            "channel": "incident_channel",
            "procedure_code": "incident_procedure",
            "status": "incident_status",
        },
    ),
    "penalty_decisions": (
        {"penalty_kind": "2", "status": "1"},
        {"penalty_kind": "penalty_kind", "status": "enforcement_status"},
    ),
    "compulsion_measures": (
        {"measure_kind": "1", "status": "1"},
        {"measure_kind": "compulsion_kind", "status": "enforcement_status"},
    ),
    "licensing_decisions": (
        {"result": "1", "status": "1"},
        {"result": "licensing_result", "status": "licensing_status"},
    ),
    "vehicle_business": ({"kind_code": "A", "status": "2"}, {"status": "transaction_status"}),
    "licence_business": ({"kind_code": "A", "status": "2"}, {"status": "transaction_status"}),
    "market_entities": ({"kind_code": "11", "status": "1"}, {"status": "entity_status"}),
    "registration_business": ({"kind_code": "10", "status": "2"}, {"status": "transaction_status"}),
    "complaints": (
        {"category": "1", "channel": "1", "status": "2", "concluded_at": "2023-12-01 00:00:00"},
        {"channel": "complaint_channel", "status": "complaint_status"},
    ),
    "motor_vehicles": ({"plate_class": "02", "status": "A"}, {"status": "vehicle_status"}),
    "drivers": ({"licence_class": "C1", "status": "A"}, {"status": "licence_status"}),
}
COLUMNS = [(indicator, column) for indicator, (_, lists) in COUNTED.items() for column in lists]


def test_every_list_of_the_databases_is_held_against_a_query() -> None:
    """By the records below; the other lists that a query joins by the cases in tests/sql."""
    joined = {name for name in LIBRARY.codes for i in LIBRARY.indicators.values() if _joins(i.sql_name, name)}
    here = set(chain.from_iterable(lists.values() for _, lists in COUNTED.values()))
    assert here | joined == set(LIBRARY.codes)


def _joins(query: str, name: str) -> bool:
    return f"code_{name} " in LIBRARY.text(f"sql/{query}")


@pytest.mark.parametrize(("indicator", "column"), COLUMNS)
def test_a_code_counts_as_its_list_says(indicator: str, column: str, tmp_path: Path) -> None:
    record, lists = COUNTED[indicator]
    codes = LIBRARY.codes[lists[column]]
    members = {code.counts_as for code in codes} - Code.TREATMENTS
    for number, code in enumerate(codes):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = counted(indicator, {**record, column: code.code}, folder)
        assert bool(found) == (code.counts_as != "not_counted"), code.code
        assert found & members == {code.counts_as} & members, code.code


@pytest.mark.parametrize(
    ("indicator", "code"),
    [
        (indicator, code.code)
        for indicator, name in (
            ("motor_vehicles", "vehicle_status"),
            ("drivers", "licence_status"),
            ("market_entities", "entity_status"),
        )
        for code in LIBRARY.codes[name]
        if code.counts_as == "counted_until_left"
    ],
)
def test_what_left_counts_until_the_day_it_left(indicator: str, code: str, tmp_path: Path) -> None:
    record = {**COUNTED[indicator][0], "status": code}
    for left_on, counts in (("2023-12-31", False), ("2024-01-01", True)):
        folder = tmp_path / left_on
        folder.mkdir()
        assert bool(counted(indicator, {**record, "left_on": left_on}, folder)) == counts


def counted(indicator: str, record: dict[str, Any], folder: Path) -> set[str]:
    """Members in which one record counts; the indicator's own code where it has none."""
    case = {"columns": list(record), "rows": [list(record.values())]}
    answer = ask(LIBRARY.indicators[indicator], case, folder)
    return {code.rpartition(".")[2] for code, (value, _) in answer.items() if value}


def near_misses(rule: Rule) -> list[str]:
    """Values that look like codes of the list and are none."""
    codes = {code.code for code in LIBRARY.codes[rule.codes]}
    guesses = {"0", "00", "28", "34", "44", "53", "F", "Z", "AF", "AV", "A A", " A", "K9", "C7", "c1"}
    guesses |= {f(code) for code in codes for f in (str.lower, lambda c: f"0{c}", lambda c: c.lstrip("0"))}
    if rule.check == "made_of_codes":
        letters = {sign for code in codes for sign in code}
        return sorted(guess for guess in guesses if guess and not set(guess) <= letters)
    return sorted(guesses - codes - {""})


def test_every_list_catches_codes_that_look_like_its_own(tmp_path: Path) -> None:
    """Every wrong code is a breach of its rule and of no other, whatever case, padding or missing zero it has."""
    tables: dict[str, list[dict[str, Any]]] = {rule.extract: [{}] for rule in WITH_CODES}
    expected = {}
    for rule in WITH_CODES:
        misses = near_misses(rule)
        assert len(misses) >= 8, rule.code
        tables[rule.extract] += [{rule.columns[0]: miss} for miss in misses]
        expected[rule.code] = len(misses)
    verdicts = validate(
        [snapshot(code, changes, tmp_path) for code, changes in tables.items()],
        WITH_CODES,
        LIBRARY.codes,
        sources=LIBRARY.sources,
        folder=tmp_path,
        label="",
        base=False,
        base_rows={},
        key=b"codes",
    )
    assert {verdict.code: verdict.failed for verdict in verdicts} == expected


def snapshot(code: str, changes: list[dict[str, Any]], folder: Path) -> Snapshot:
    """Valid rows with one changed cell each."""
    extract = EXTRACTS[code]
    rows = [{**VALID[code], **change} for change in changes]
    columns = [[cell(column, row[column.name], n) for n, row in enumerate(rows)] for column in extract.columns]
    intake = Intake(extract, "Asia/Shanghai", "case")
    path = folder / f"{code}.parquet"
    parquet.write_table(pa.Table.from_batches([intake.batch(columns)], intake.schema), path)
    return Snapshot(extract=extract, year=YEAR, digest=f"{len(code):064x}", path=path, row_count=len(rows))
