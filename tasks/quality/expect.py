"""Great Expectations as the judge: of one row of counts for our own checks, of the views where it has a metric itself.

It reads DuckDB through two settings that are no public API of it: autocommit (it fetches after the connection is
closed, and a rollback would discard the rows) and the dialect module (it knows no DuckDB, but speaks PostgreSQL's
regular expressions). ``tests/tasks/quality/test_expect.py`` covers both.

No unexpected value is asked for, and none that was observed is read or kept: what leaves this module are counts.
"""

import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa
from sqlalchemy import text

from tasks.engines.embedded import lockdown
from tasks.quality.predicates import unusable
from tasks.quality.scan import Counts
from tasks.sources.snapshot import SAFE, Snapshot
from yearbook.catalog import Rule
from yearbook.verdict import Severity

if TYPE_CHECKING:
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult
    from great_expectations.datasource.fluent import SQLDatasource

COUNTS_ONLY = {"result_format": "SUMMARY", "exclude_unexpected_values": True, "partial_unexpected_count": 0}
AUTOCOMMIT = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}
COUNTS = "counts"
SEVERITIES = {Severity.FATAL: "critical", Severity.WARNING: "warning", Severity.INFORMATION: "info"}
# The base class is none; three show values whatever is asked; quantiles and divergence end in an error of the library.
REFUSED = frozenset(
    {
        "Expectation",
        "ExpectColumnMostCommonValueToBeInSet",
        "UnexpectedRowsExpectation",
        "ExpectColumnQuantileValuesToBeBetween",
        "ExpectColumnKLDivergenceToBeLessThan",
        "ExpectQueryResultsToMatchComparison",
    }
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library says to one rule: whether it passed, and on which counts."""

    passed: bool
    counts: Counts


def import_ahead() -> threading.Thread:
    """Import Great Expectations (seconds) in the background, while the process waits for something else."""
    thread = threading.Thread(target=import_module, args=("great_expectations",), name="import-ahead", daemon=True)
    thread.start()
    return thread


def judge_counts(rules: Iterable[Rule], counts: Mapping[str, Counts], folder: Path) -> dict[str, Answer]:
    """Judge rules by the rows that break them, as counted.

    Args:
        rules: Rules of any extracts; those of the library's own kind are left out.
        counts: Their counts by rule code.
        folder: Scratch folder for the table of counts, which has one row and a column per rule.

    Returns:
        Answers by rule code.
    """
    import great_expectations as gx

    asked = [rule for rule in rules if rule.check != "expectation"]
    if not asked:
        return {}
    path = folder / "counts.duckdb"
    row = pa.table({_column(rule): pa.array([counts[rule.code].failed], pa.int64()) for rule in asked})
    with duckdb.connect(str(path), config=dict(SAFE)) as engine:
        engine.register("counted", row)
        engine.execute("CREATE TABLE counts AS SELECT * FROM counted")
    # the largest of one row is the row; it is the cheapest question that the library asks of a column
    expectations = [
        gx.expectations.ExpectColumnMaxToBeBetween(
            column=_column(rule), min_value=0, max_value=allowed(rule, counts[rule.code].judged), **_marks(rule)
        )
        for rule in asked
    ]
    with _opened(path, ()) as source:
        results = _results(source, COUNTS, expectations)
    return {rule.code: Answer(bool(results[rule.code].success), counts[rule.code]) for rule in asked}


def judge_views(
    path: Path, snapshots: Iterable[Snapshot], rules: Iterable[Rule], counts: Mapping[str, Counts]
) -> dict[str, Answer]:
    """Judge rules of the library's own kind (``check = "expectation"``) on the views of an attached file.

    Args:
        path: The file; nobody has it open.
        snapshots: The snapshots it was made of; only their files can be read.
        rules: The rules; those of other checks or extracts are left out.
        counts: How many rows have all columns of a rule, by rule code; with a detail, why it is not to be asked.

    Returns:
        Answers by rule code.

    Raises:
        Refusal: The library has no such expectation, it is one that shows values, or it could not be evaluated.
    """
    asked = [rule for rule in rules if rule.check == "expectation"]
    answers = {rule.code: Answer(passed=True, counts=counts[rule.code]) for rule in asked if counts[rule.code].detail}
    native = [rule for rule in asked if rule.code not in answers]
    if not native:
        return answers
    items = list(snapshots)
    made = {rule.code: _expectation(rule) for rule in native}
    with _opened(path, items) as source:
        for item in items:
            mine = {rule.code: rule for rule in native if rule.extract == item.extract.code}
            for code, result in _results(source, item.extract.code, [made[code] for code in mine]).items():
                if _raised(result.exception_info):
                    raise unusable(mine[code], f"{mine[code].expectation} 在本引擎中不能执行，或参数不对")
                answers[code] = _native_answer(result, counts[code].judged, item.row_count)
    return answers


def allowed(rule: Rule, judged: int) -> int:
    """The most rows that may break a rule, by its tolerance; a part of a row is none."""
    return int(judged * rule.tolerance / 100)


def _native_answer(result: "ExpectationValidationResult", present: int, rows: int) -> Answer:
    """A metric of a whole column is judged on the rows that have it; where they miss it, on all there are."""
    passed, found = bool(result.success), result.result
    if "element_count" in found:
        judged = int(found["element_count"] or 0) - int(found.get("missing_count") or 0)
        return Answer(passed, Counts(judged, int(found.get("unexpected_count") or 0)))
    return Answer(passed, Counts(present if passed else rows, int(not passed)))


def _expectation(rule: Rule) -> Any:
    import great_expectations as gx

    if rule.expectation in REFUSED:
        raise unusable(rule, f"不得使用 {rule.expectation}，它会带出内容或不能执行")
    kind = getattr(gx.expectations, rule.expectation, None)
    if not isinstance(kind, type):
        raise unusable(rule, f"Great Expectations 没有 {rule.expectation}")
    column = {"column": rule.columns[0]} if len(rule.columns) == 1 else {}
    try:
        return kind(**column, **rule.arguments, **_marks(rule), result_format=COUNTS_ONLY)
    except (TypeError, ValueError) as error:
        raise unusable(rule, f"{rule.expectation} 的 arguments 不对") from error


def _marks(rule: Rule) -> dict[str, Any]:
    """The library passes both on to its results."""
    return {"meta": {"code": rule.code}, "severity": SEVERITIES[rule.severity]}


def _column(rule: Rule) -> str:
    return rule.code.replace("-", "_")


@contextmanager
def _opened(path: Path, snapshots: Iterable[Snapshot]) -> Iterator["SQLDatasource"]:
    """A data source on an ephemeral context that leaves no folder behind, locked to the snapshots' files."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
    from sqlalchemy.dialects import postgresql

    warnings.filterwarnings("ignore", category=UserWarning, module="great_expectations")
    # stores in memory and no site of documents: the default makes a folder for one and leaves it behind
    stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    context = gx.get_context(project_config=DataContextConfig(store_backend_defaults=stores), mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    reading = {"connect_args": {"read_only": True, "config": dict(SAFE)}}
    source = context.data_sources.add_sql("rows", connection_string=f"duckdb:///{path}", kwargs=AUTOCOMMIT | reading)
    engine = source.get_execution_engine()
    engine.dialect_module = postgresql
    with engine.engine.connect() as connection:
        for setting in lockdown(snapshots):
            connection.execute(text(setting))
    try:
        yield source
    finally:
        engine.engine.dispose()
        source.get_engine().dispose()


def _results(source: "SQLDatasource", table: str, expectations: list[Any]) -> dict[str, "ExpectationValidationResult"]:
    """Results by rule code."""
    import great_expectations as gx

    if not expectations:
        return {}
    asset = source.add_table_asset(table, table_name=table)
    batch = asset.add_batch_definition_whole_table("all").get_batch()
    outcome = batch.validate(gx.ExpectationSuite(name=table, expectations=expectations), result_format=COUNTS_ONLY)
    return {result.expectation_config.meta["code"]: result for result in outcome.results}


def _raised(info: Mapping[str, Any]) -> bool:
    """The library reports an exception at the top or under the metric that met it."""
    return any(part.get("raised_exception") for part in (info, *info.values()) if isinstance(part, Mapping))
