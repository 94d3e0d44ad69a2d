# ruff: noqa: T201 - a command that prints
"""The ways that are compared, each from a file to counts; ``python -m benchmarks.validate.ways NAME FILE``."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb

from benchmarks.validate.material import CODES, EXTRACT, RULES, SOURCES, YEAR, snapshot
from tasks.engines.embedded import attach
from tasks.quality import expect
from tasks.quality.judge import validate
from tasks.sources.snapshot import SAFE, Snapshot
from yearbook.catalog import Rule
from yearbook.catalog.rules import WHOLE

KILOBYTE = 1_024
Counts = list[list[int]]

# The limit: what somebody would write by hand who knows all rules and the engine.
SCAN = """SELECT count(*), count(serial), count(kind), count(classes), count(office), count(fee), count(completed_at),
    count(paid), count(pages), count(received_on), count(applied_at),
    sum(CASE WHEN kind NOT IN ('A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K') THEN 1 ELSE 0 END),
    sum(CASE WHEN kind NOT IN ('A', 'B', 'C', 'D', 'E', 'F', 'G') THEN 1 ELSE 0 END),
    sum(CASE WHEN NOT regexp_full_match(classes, '(A1|A2|B1|B2|C1|C2|C6|D|E)+') THEN 1 ELSE 0 END),
    sum(CASE WHEN NOT regexp_full_match(serial, '[0-9]{13}') THEN 1 ELSE 0 END),
    sum(CASE WHEN NOT regexp_full_match(office, '申请人[0-9]{1,4}') THEN 1 ELSE 0 END),
    sum(CASE WHEN NOT fee BETWEEN 0 AND 999 THEN 1 ELSE 0 END),
    sum(CASE WHEN NOT paid BETWEEN 1 AND 990 THEN 1 ELSE 0 END),
    sum(CASE WHEN NOT pages BETWEEN 0 AND 498 THEN 1 ELSE 0 END),
    sum(CASE WHEN pages < 1 THEN 1 ELSE 0 END),
    sum(CASE WHEN received_on < DATE '2023-01-01' OR received_on >= DATE '2024-01-01' THEN 1 ELSE 0 END),
    sum(CASE WHEN applied_at < TIMESTAMP '2023-01-01 00:00:00' OR applied_at >= TIMESTAMP '2024-01-01 00:00:00'
        THEN 1 ELSE 0 END),
    sum(CASE WHEN completed_at < TIMESTAMP '2023-01-01 00:00:00' OR completed_at >= TIMESTAMP '2024-01-01 00:00:00'
        THEN 1 ELSE 0 END),
    CASE WHEN max(applied_at) < TIMESTAMP '2023-01-01 00:00:00' THEN 1 ELSE 0 END,
    CASE WHEN max(received_on) < DATE '2023-01-01' THEN 1 ELSE 0 END,
    sum(CASE WHEN applied_at > completed_at THEN 1 ELSE 0 END), count(CASE WHEN applied_at IS NOT NULL AND
        completed_at IS NOT NULL THEN 1 END),
    sum(CASE WHEN received_on > CAST(completed_at AS DATE) THEN 1 ELSE 0 END), count(CASE WHEN received_on IS NOT NULL
        AND completed_at IS NOT NULL THEN 1 END),
    sum(CASE WHEN received_on > CAST(applied_at AS DATE) THEN 1 ELSE 0 END), count(CASE WHEN received_on IS NOT NULL
        AND applied_at IS NOT NULL THEN 1 END)
    FROM read_parquet($file)"""
KEYS = """SELECT sum(CASE WHEN n > 1 THEN n ELSE 0 END) FROM (
    SELECT count(*) AS n FROM read_parquet($file) WHERE serial IS NOT NULL GROUP BY serial)"""


def limit(item: Snapshot, _folder: Path) -> Counts:
    """Two statements by hand."""
    with duckdb.connect(config=dict(SAFE)) as engine:
        engine.execute("SET enable_progress_bar = false")
        given = {"file": str(item.path)}
        [answer] = engine.execute(SCAN, given).fetchall()
        [[doubled]] = engine.execute(KEYS, given).fetchall()
    rows, serial, kind, classes, office, fee, completed, paid, pages, received, applied, *failed = map(int, answer)
    missing = [[rows, rows - present] for present in (serial, kind, classes, office, fee, completed)]
    judged = [kind, kind, classes, serial, office, fee, paid, pages, pages, received, applied, completed, rows, rows]
    ordered = [[failed[14], failed[15]], [failed[16], failed[17]], [failed[18], failed[19]]]
    return [
        [rows, int(rows < 1)],
        [serial, int(doubled)],
        *missing,
        *map(list, zip(judged, failed[:14], strict=True)),
        *([both, broken] for broken, both in ordered),
    ]


def ours(*, naming: bool) -> Callable[[Snapshot, Path], Counts]:
    """The product's own; rules that tolerate nearly everything fail nowhere, so that no rows are named."""
    tolerant = [rule if rule.check in WHOLE else rule.model_copy(update={"tolerance": 99}) for rule in RULES]

    def judge(item: Snapshot, folder: Path) -> Counts:
        verdicts = validate(
            [item],
            RULES if naming else tolerant,
            CODES,
            sources=SOURCES,
            folder=folder,
            label="",
            base=False,
            base_rows={},
            key=b"key",
        )
        return [[verdict.evaluated, verdict.failed] for verdict in verdicts]

    return judge


def native(item: Snapshot, folder: Path) -> Counts:
    """Great Expectations alone, on the view, asked for counts."""
    import great_expectations as gx

    attach(folder / "native.duckdb", [item], {})
    made = [_expectation(gx.expectations, rule) for rule in RULES]
    for rule, one in zip(RULES, made, strict=True):
        one.meta = {"code": rule.code}
    with expect._opened(folder / "native.duckdb", [item]) as source:
        results = expect._results(source, EXTRACT.code, made)
    found = []
    for rule in RULES:
        result, passed = results[rule.code].result, bool(results[rule.code].success)
        if "element_count" in result:
            judged = result["element_count"] - (result.get("missing_count") or 0)
            found.append([int(judged), int(result["unexpected_count"])])
        else:
            found.append([item.row_count, int(not passed)])
    return found


def _expectation(gxe: Any, rule: Rule) -> Any:
    column = rule.columns[0] if rule.columns else ""
    values = list(rule.values) or [code.code for code in CODES.get(rule.codes, ())]
    start, end = (instant.replace(tzinfo=None) for instant in (YEAR.start, YEAR.end))
    if rule.check == "not_after":
        pair = {"column_A": rule.columns[1], "column_B": column}
        return gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            **pair, or_equal=True, ignore_row_if="either_value_is_missing"
        )
    if rule.check == "row_count":
        return gxe.ExpectTableRowCountToBeBetween(min_value=rule.low)
    asked: dict[str, tuple[str, dict[str, Any]]] = {
        "unique": ("ExpectColumnValuesToBeUnique", {}),
        "not_null": ("ExpectColumnValuesToNotBeNull", {}),
        "in_codes": ("ExpectColumnValuesToBeInSet", {"value_set": values}),
        "in_set": ("ExpectColumnValuesToBeInSet", {"value_set": values}),
        "matches": ("ExpectColumnValuesToMatchRegex", {"regex": f"^({rule.pattern})$"}),
        "made_of_codes": ("ExpectColumnValuesToMatchRegex", {"regex": f"^({'|'.join(values)})+$"}),
        "between": ("ExpectColumnValuesToBeBetween", {"min_value": rule.low, "max_value": rule.high}),
        "within_year": ("ExpectColumnValuesToBeBetween", _limits(column, start, end - timedelta(microseconds=1))),
        "reaches_year": ("ExpectColumnMaxToBeBetween", {"min_value": _limits(column, start, end)["min_value"]}),
    }
    name, fields = asked[rule.check]
    return getattr(gxe, name)(column=column, **fields)


def _limits(column: str, first: datetime, last: datetime) -> dict[str, Any]:
    if column and EXTRACT.column(column).type == "date":
        return {"min_value": first.date(), "max_value": last.date()}
    return {"min_value": first, "max_value": last}


WAYS: dict[str, Callable[[Snapshot, Path], Counts]] = {
    "limit": limit,
    "validate": ours(naming=False),
    "validate, naming rows": ours(naming=True),
    "great expectations on the view": native,
}


def main() -> None:
    """Measure one way and print what was found as JSON; what is imported is imported before."""
    for module in ("great_expectations.expectations", "duckdb_sqlalchemy", "pyarrow.dataset"):
        import_module(module)
    name, file = sys.argv[1:]
    item = snapshot(Path(file))
    with tempfile.TemporaryDirectory() as folder:
        wall, used = time.perf_counter(), time.process_time()
        counts = WAYS[name](item, Path(folder))
        wall, used = time.perf_counter() - wall, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE
    print(json.dumps({"counts": counts, "wall": wall, "cpu": used, "peak": peak}))


if __name__ == "__main__":
    main()
