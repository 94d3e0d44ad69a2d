"""One table of cases per rule on sources: rows in, and how many of them the rule judges and how many break it.

A case file lies at ``cases/<code>.toml``:

- ``kind`` says what the case is for; which kinds a rule needs is in ``required``;
- ``rows`` gives the cells that differ from the valid row of ``cases/valid.toml``; ``""`` is an empty cell, ``times``
  repeats a row;
- ``drop``, ``add``, ``retype``, ``rename`` and ``swap`` change the columns of the snapshot;
- ``base_rows`` is the number of last year's rows, and ``before`` are those rows themselves;
- ``judged`` and ``failed`` are what the rule must find.

All cases are judged in one call, each as an extract and a rule of its own: a call costs more than a case.
"""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tasks.library import load_library
from tasks.quality.judge import validate
from tasks.sources.contract import ARROW_TYPES, Intake
from tasks.sources.snapshot import Snapshot
from yearbook.catalog import Column, Extract, Rule
from yearbook.catalog.rules import WHOLE
from yearbook.period import ReportYear
from yearbook.verdict import Status, Verdict

FOLDER = Path(__file__).parent / "cases"
LIBRARY = load_library(FOLDER.parents[3])
EXTRACTS = {extract.code: extract for source in LIBRARY.sources.values() for extract in source.extracts}
RULES = {rule.code: rule for rule in LIBRARY.rules}
VALID: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "valid.toml").read_text(encoding="utf-8"))
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.toml")) if path.stem != "valid"}
YEAR = ReportYear(2023)
KEYS = {"kind", "name", "rows", "judged", "failed", "base_rows", "before", "drop", "add", "retype", "rename", "swap"}
KINDS = {"holds", "breaks", "lacks", "neighbour", "boundary"}
# Rules that count rows or look at columns have no cell that could lack.
NEVER_LACKING = {"schema", "row_count"}
# Rules that answer even where there is nothing to judge.
ALWAYS_JUDGED = {"schema", "row_count"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """One case, and the snapshot and rule that stand for it in the one call."""

    number: int
    rule: Rule
    told: dict[str, Any]

    @property
    def extract(self) -> Extract:
        """The rule's extract under a name of its own; its columns may be empty, as the contract would refuse."""
        extract = EXTRACTS[self.rule.extract]
        columns = tuple(column.model_copy(update={"required": False}) for column in extract.columns)
        return extract.model_copy(update={"code": f"case_{self.number}", "columns": columns})

    @property
    def asked(self) -> Rule:
        """The rule under a code of its own."""
        return self.rule.model_copy(update={"code": f"{self.rule.code}-{self.number}", "extract": self.extract.code})

    @property
    def before(self) -> bool:
        """True where last year's rows are told."""
        return "before" in self.told

    def rows(self, told: str) -> list[Row]:
        """Whole rows, each with a key of its own."""
        changes = [dict(row) for row in self.told[told]]
        repeated = [row for row in changes for _ in range(row.pop("times", 1))]
        return [VALID[self.rule.extract] | row for row in repeated]

    def snapshot(self, folder: Path, told: str = "rows") -> Snapshot:
        """The snapshot file of the case's rows, or of last year's."""
        extract, rows = self.extract, self.rows(told)
        columns = [[cell(column, row[column.name], n) for n, row in enumerate(rows)] for column in extract.columns]
        intake = Intake(extract, "Asia/Shanghai", "case")
        table = altered(pa.Table.from_batches([intake.batch(columns)], intake.schema), self.told)
        path = folder / f"{extract.code}.{told}.parquet"
        pq.write_table(table, path)
        return Snapshot(extract=extract, year=YEAR, digest=f"{self.number:064x}", path=path, row_count=len(rows))

    @cached_property
    def status(self) -> Status:
        """What the counts come to."""
        judged, failed = self.told["judged"], self.told["failed"]
        if not judged and self.rule.check not in ALWAYS_JUDGED:
            return Status.NOT_EVALUATED
        return Status.FAILED if failed * 100 > judged * self.rule.tolerance else Status.PASSED


def cell(column: Column, value: Any, number: int) -> Any:
    """A value of a case file as a source hands it over."""
    if value == "":
        return None
    if isinstance(value, str):
        value = value.replace("{identity}", identity(number)).replace("{n}", str(number))
    if isinstance(value, str) and column.type in {"integer", "money"}:
        return int(value) if column.type == "integer" else Decimal(value)
    return value


def identity(number: int) -> str:
    """A number of eighteen places that obeys GB 11643."""
    body = f"36079919800101{number + 1:03d}"
    weights = [2 ** (17 - place) % 11 for place in range(17)]
    rest = sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11
    return body + "10X98765432"[rest]


def altered(table: pa.Table, told: dict[str, Any]) -> pa.Table:
    """The snapshot's columns as the case wants them."""
    table = table.drop_columns(told.get("drop", []))
    for name in told.get("add", []):
        table = table.append_column(name, pa.nulls(table.num_rows, pa.string()))
    for name, kind in told.get("retype", {}).items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, name, table.column(name).cast(ARROW_TYPES[kind]))
    names = told.get("rename", {})
    order = list(table.column_names)
    if swapped := told.get("swap"):
        first, second = (order.index(name) for name in swapped)
        order[first], order[second] = order[second], order[first]
    return table.select(order).rename_columns([names.get(name, name) for name in order])


def read_cases() -> Iterator[Case]:
    number = 0
    for code, path in FILES.items():
        for told in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
            number += 1
            yield Case(number, RULES[code], told)


def required(rule: Rule) -> set[str]:
    """Kinds of cases without which a rule counts as untested."""
    return {"holds", "breaks", "neighbour"} | (set() if rule.check in NEVER_LACKING else {"lacks"})


CASES = {f"{case.rule.code}：{case.told['name']}": case for case in read_cases()}


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verdict]:
    """Verdicts by the code of the case's rule."""
    folder = tmp_path_factory.mktemp("cases")
    answers = validate(
        [case.snapshot(folder) for case in CASES.values()],
        [case.asked for case in CASES.values()],
        LIBRARY.codes,
        sources=LIBRARY.sources,
        folder=folder,
        label="",
        base=False,
        base_rows={c.extract.code: c.told["base_rows"] for c in CASES.values() if "base_rows" in c.told},
        key=b"cases",
        before=[case.snapshot(folder, "before") for case in CASES.values() if case.before],
    )
    return {verdict.code: verdict for verdict in answers}


def test_every_rule_has_a_case_file_and_every_case_file_a_rule() -> None:
    assert set(FILES) == set(RULES)
    assert set(VALID) == set(EXTRACTS)


@pytest.mark.parametrize("code", RULES)
def test_every_rule_has_the_kinds_of_cases_it_needs(code: str) -> None:
    mine = [case.told for case in CASES.values() if case.rule.code == code]
    assert required(RULES[code]) <= {told["kind"] for told in mine} <= KINDS
    assert all(set(told) <= KEYS for told in mine)
    statuses = {(case.told["kind"], case.status) for case in CASES.values() if case.rule.code == code}
    assert {kind for kind, status in statuses if status is Status.FAILED} <= {"breaks", "boundary", "lacks"}
    assert {status for kind, status in statuses if kind == "breaks"} == {Status.FAILED}
    assert {status for kind, status in statuses if kind == "holds"} == {Status.PASSED}
    told = tomllib.loads(FILES[code].read_text(encoding="utf-8"))["case"]
    assert len(mine) == len(told), "two cases have one name"
    first = FILES[code].read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# {code}　{RULES[code].say}"


@pytest.mark.parametrize("name", CASES)
def test_case(verdicts: dict[str, Verdict], name: str) -> None:
    case = CASES[name]
    verdict = verdicts[case.asked.code]
    assert (verdict.evaluated, verdict.failed, verdict.status) == (
        case.told["judged"],
        case.told["failed"],
        case.status,
    )


@pytest.mark.parametrize(
    ("code", "name"), [("VEH-68", "vehicle_status"), ("VEH-88", "licence_status")], ids=["vehicles", "licences"]
)
def test_letters_in_a_condition_are_those_of_the_code_list(code: str, name: str) -> None:
    letters = re.findall(r"\[(\w+)\]", RULES[code].condition)
    assert letters == ["".join(c.code for c in LIBRARY.codes[name] if c.counts_as == "counted_until_left")]


@pytest.mark.parametrize("code", EXTRACTS)
def test_every_extract_is_asked_the_rules_that_each_one_needs(code: str) -> None:
    mine = [rule for rule in RULES.values() if rule.extract == code]
    checks = {rule.check for rule in mine}
    assert {"schema", "row_count", "unique", "not_null"} <= checks
    # a register of a database is one snapshot for both years: there is no other year's to compare with
    as_it_stands = LIBRARY.sources[EXTRACTS[code].source].kind == "database" and not EXTRACTS[code].per_year
    assert ("volume" in checks) != as_it_stands


def test_a_rule_that_is_not_asked_of_the_base_year_compares_with_it() -> None:
    against = {"volume", "as_before", "keeps"}
    assert {rule.check for rule in RULES.values() if not rule.base} == against
    assert all(not rule.base for rule in RULES.values() if rule.check in against)


@pytest.mark.parametrize("code", LIBRARY.indicators)
def test_every_column_that_a_query_uses_is_complete_or_may_be_empty(code: str) -> None:
    indicator = LIBRARY.indicators[code]
    words = set(re.findall(r"\bt\.(\w+)", LIBRARY.indicator_sql(indicator)))
    [extract] = (EXTRACTS[name] for name in indicator.extracts)
    used = {column.name for column in extract.columns if column.required} & words
    asked = {rule.columns[0] for rule in RULES.values() if rule.extract == extract.code and rule.check == "not_null"}
    assert used
    assert used <= asked


def test_whole_table_checks_name_no_rows(verdicts: dict[str, Verdict]) -> None:
    named = {case.rule.check for case in CASES.values() if verdicts[case.asked.code].rows}
    assert named
    assert not named & WHOLE
