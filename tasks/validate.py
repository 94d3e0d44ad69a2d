"""Expectations on snapshots: the rules of ``expectations/`` judged by Great Expectations where the rows are.

Great Expectations reads the snapshots through DuckDB views. Two settings make that work and are no public API of it:
autocommit (it fetches after the connection is closed, and a rollback would discard the rows) and the dialect module
(it knows no DuckDB, but speaks PostgreSQL's regular expressions). ``tests/tasks/test_validate.py`` covers both.

No unexpected value is asked for, kept or shown: results hold counts.
"""

import threading
import warnings
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tasks.engines.embedded import attach
from tasks.sources.snapshot import SAFE, Snapshot
from yearbook.catalog import Code, Rule
from yearbook.errors import Refusal
from yearbook.period import ReportYear
from yearbook.verdict import Status, Verdict

if TYPE_CHECKING:
    from great_expectations.core.batch_definition import BatchDefinition
    from great_expectations.core.expectation_validation_result import ExpectationValidationResult

COUNTS_ONLY = {"result_format": "SUMMARY", "exclude_unexpected_values": True, "partial_unexpected_count": 0}
INSTANT = timedelta(microseconds=1)


def validate(
    snapshots: Iterable[Snapshot],
    rules: Iterable[Rule],
    codes: Mapping[str, tuple[Code, ...]],
    *,
    folder: Path,
    label: str,
) -> tuple[Verdict, ...]:
    """Judge snapshots of one year.

    Args:
        snapshots: What to judge.
        rules: Expectations of all sources; those of other extracts are left out.
        codes: Code lists by name.
        folder: Scratch folder for the engine's file.
        label: Words behind the place, e.g. ``（上年基数）``.

    Returns:
        One verdict per rule and extract, in the order of the rules.

    Raises:
        Refusal: A rule names a column that its extract does not have, or the library could not evaluate it.
    """
    items = list(snapshots)
    path = folder / "validate.duckdb"
    attach(path, items, codes)
    batches = _batches(path, items)
    by_extract: dict[str, list[Rule]] = {}
    for rule in rules:
        by_extract.setdefault(rule.extract, []).append(rule)
    verdicts = []
    for item in items:
        mine = by_extract.get(item.extract.code, [])
        results = _run(batches[item.extract.code], mine, codes, item.year)
        verdicts += [_verdict(rule, item, results[rule.code], label) for rule in mine]
    return tuple(verdicts)


def import_ahead() -> threading.Thread:
    """Import Great Expectations (seconds) in the background, while the process waits for something else."""
    thread = threading.Thread(target=import_module, args=("great_expectations",), name="import-ahead", daemon=True)
    thread.start()
    return thread


def _batches(path: Path, snapshots: Iterable[Snapshot]) -> dict[str, "BatchDefinition"]:
    """A whole-table batch per view, on an ephemeral context that leaves no folder behind."""
    import great_expectations as gx
    from great_expectations.data_context.types.base import DataContextConfig, InMemoryStoreBackendDefaults
    from sqlalchemy.dialects import postgresql

    warnings.filterwarnings("ignore", category=UserWarning, module="great_expectations")
    # stores in memory and no site of documents: the default makes a folder for one and leaves it behind
    stores = InMemoryStoreBackendDefaults(init_temp_docs_sites=False)
    context = gx.get_context(project_config=DataContextConfig(store_backend_defaults=stores), mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "snapshots",
        connection_string=f"duckdb:///{path}",
        kwargs={
            "isolation_level": "AUTOCOMMIT",
            "skip_autocommit_rollback": True,
            "connect_args": {"config": dict(SAFE)},
        },
    )
    source.get_execution_engine().dialect_module = postgresql
    return {
        item.extract.code: source.add_table_asset(
            item.extract.code, table_name=item.extract.code
        ).add_batch_definition_whole_table("all")
        for item in snapshots
    }


def _run(
    batch: "BatchDefinition", rules: list[Rule], codes: Mapping[str, tuple[Code, ...]], year: ReportYear
) -> dict[str, "ExpectationValidationResult"]:
    """Results by rule code."""
    import great_expectations as gx

    suite = gx.ExpectationSuite(
        name="rules", expectations=[EXPECTATIONS[rule.check](gx.expectations, rule, codes, year) for rule in rules]
    )
    outcome = batch.get_batch().validate(suite, result_format=COUNTS_ONLY)
    return {result.expectation_config.meta["code"]: result for result in outcome.results}


def _options(rule: Rule) -> dict[str, Any]:
    return {"meta": {"code": rule.code}}


def _row_count(gxe: Any, rule: Rule, _codes: object, _year: object) -> Any:
    return gxe.ExpectTableRowCountToBeBetween(min_value=rule.low, max_value=rule.high, **_options(rule))


def _not_null(gxe: Any, rule: Rule, _codes: object, _year: object) -> Any:
    return gxe.ExpectColumnValuesToNotBeNull(column=rule.columns[0], **_options(rule))


def _unique(gxe: Any, rule: Rule, _codes: object, _year: object) -> Any:
    if len(rule.columns) > 1:
        return gxe.ExpectCompoundColumnsToBeUnique(column_list=list(rule.columns), **_options(rule))
    return gxe.ExpectColumnValuesToBeUnique(column=rule.columns[0], **_options(rule))


def _in_codes(gxe: Any, rule: Rule, codes: Mapping[str, tuple[Code, ...]], _year: object) -> Any:
    values = [code.code for code in codes[rule.codes]]
    return gxe.ExpectColumnValuesToBeInSet(column=rule.columns[0], value_set=values, **_options(rule))


def _in_set(gxe: Any, rule: Rule, _codes: object, _year: object) -> Any:
    return gxe.ExpectColumnValuesToBeInSet(column=rule.columns[0], value_set=list(rule.values), **_options(rule))


def _matches(gxe: Any, rule: Rule, _codes: object, _year: object) -> Any:
    return gxe.ExpectColumnValuesToMatchRegex(column=rule.columns[0], regex=f"^({rule.pattern})$", **_options(rule))


def _between(gxe: Any, rule: Rule, _codes: object, _year: object) -> Any:
    return gxe.ExpectColumnValuesToBeBetween(
        column=rule.columns[0], min_value=rule.low, max_value=rule.high, **_options(rule)
    )


def _within_year(gxe: Any, rule: Rule, _codes: object, year: ReportYear) -> Any:
    return gxe.ExpectColumnValuesToBeBetween(
        column=rule.columns[0], min_value=_naive(year.start), max_value=_naive(year.end) - INSTANT, **_options(rule)
    )


def _reaches_year(gxe: Any, rule: Rule, _codes: object, year: ReportYear) -> Any:
    return gxe.ExpectColumnMaxToBeBetween(column=rule.columns[0], min_value=_naive(year.start), **_options(rule))


def _not_after(gxe: Any, rule: Rule, _codes: object, _year: object) -> Any:
    first, then = rule.columns
    return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
        column_A=then, column_B=first, or_equal=True, ignore_row_if="either_value_is_missing", **_options(rule)
    )


# One place that turns a rule's check into the library's expectation; the rule itself stays free of the library.
EXPECTATIONS: dict[str, Callable[[Any, Rule, Mapping[str, tuple[Code, ...]], ReportYear], Any]] = {
    "row_count": _row_count,
    "not_null": _not_null,
    "unique": _unique,
    "in_codes": _in_codes,
    "in_set": _in_set,
    "matches": _matches,
    "between": _between,
    "within_year": _within_year,
    "reaches_year": _reaches_year,
    "not_after": _not_after,
}


def _naive(instant: datetime) -> datetime:
    """Snapshots keep naive Beijing time."""
    return instant.replace(tzinfo=None)


def _verdict(rule: Rule, item: Snapshot, result: "ExpectationValidationResult", label: str) -> Verdict:
    if _raised(result.exception_info):
        raise Refusal(
            f"规则 {rule.code} 无法评估（{item.extract.source}.{item.extract.code}，列 {'、'.join(rule.columns)}）",
            todo=f"核对 expectations/{rule.source}.toml 中的列名和取值",
        )
    evaluated, failed = _counts(rule, item, result.result)
    passed = bool(result.success)
    nothing = not evaluated and rule.check != "row_count"
    status = Status.NOT_EVALUATED if nothing else Status.PASSED if passed else Status.FAILED
    passed = passed or nothing
    columns = "、".join(rule.columns)
    return Verdict(
        code=rule.code,
        say=rule.say,
        severity=rule.severity,
        status=status,
        source=item.extract.source,
        place=f"{item.extract.source}.{item.extract.code}" + (f"，列 {columns}" if columns else "") + label,
        evaluated=evaluated,
        failed=0 if passed else failed,
        expected=f"至少 {rule.low} 行" if rule.check == "row_count" else "不符合 0 行",
        found=f"{item.row_count} 行" if rule.check == "row_count" else f"不符合 {0 if passed else failed} 行",
        do=rule.do,
    )


def _raised(info: Mapping[str, Any]) -> bool:
    """The library reports an exception at the top or under the metric that met it."""
    return any(part.get("raised_exception") for part in (info, *info.values()) if isinstance(part, Mapping))


def _counts(rule: Rule, item: Snapshot, result: Mapping[str, Any]) -> tuple[int, int]:
    """Rows judged and rows that broke the rule; whole-table rules judge the rows there are."""
    if rule.check in {"row_count", "reaches_year"}:
        return item.row_count, 1
    elements = int(result.get("element_count") or 0)
    missing = int(result.get("missing_count") or 0)
    return elements - missing, int(result.get("unexpected_count") or 0)
