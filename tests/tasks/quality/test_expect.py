"""Great Expectations as the judge: its own counts are the oracle of ours, and what it may not be used for."""

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy.exc import SQLAlchemyError

from tasks.engines.embedded import attach
from tasks.quality import expect
from tasks.quality.expect import Answer, allowed, judge_counts, judge_views
from tasks.quality.failing import looking
from tasks.quality.scan import Counts, scan
from tasks.sources.snapshot import SAFE
from tests.tasks.quality.thing import CODES, NOON, OTHER, SOURCES, THING, YEAR, judged, rule, snapshot
from yearbook.catalog import Rule, require_coherent
from yearbook.errors import Refusal
from yearbook.verdict import Status

START, END = (limit.replace(tzinfo=None) for limit in (YEAR.start, YEAR.end))
TICK = datetime.timedelta(microseconds=1)
CHANGES: list[dict[str, Any]] = [
    {},
    {"number": "N0", "remark": None, "state": "x", "fee": Decimal("-0.01"), "done_at": None, "asked_at": NOON},
    {"number": None, "state": None, "pages": 0, "fee": None, "signed_on": None, "done_at": START - TICK},
    {"remark": "乙", "pages": 5, "classes": "C1C1", "done_at": START, "signed_on": datetime.date(2022, 12, 31)},
    {"remark": "乙", "pages": 6, "classes": "c1", "done_at": END - TICK, "signed_on": datetime.date(2023, 12, 31)},
    {"remark": "乙", "pages": None, "classes": "", "done_at": END, "signed_on": datetime.date(2024, 1, 1)},
]

# rule, and what the library calls it
ORACLE: dict[str, tuple[Rule, Callable[[Any], Any]]] = {
    "not_null": (rule("not_null", "remark"), lambda gxe: gxe.ExpectColumnValuesToNotBeNull(column="remark")),
    "unique": (rule("unique", "number"), lambda gxe: gxe.ExpectColumnValuesToBeUnique(column="number")),
    "unique, of two": (
        rule("unique", "remark", "state"),
        lambda gxe: gxe.ExpectCompoundColumnsToBeUnique(
            column_list=["remark", "state"], ignore_row_if="any_value_is_missing"
        ),
    ),
    "in_codes": (
        rule("in_codes", "state", codes="letters"),
        lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="state", value_set=[c.code for c in CODES["letters"]]),
    ),
    "in_set": (
        rule("in_set", "remark", values=["甲", "x'"]),
        lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="remark", value_set=["甲", "x'"]),
    ),
    "matches": (
        rule("matches", "classes", pattern="C1.*|x'"),
        lambda gxe: gxe.ExpectColumnValuesToMatchRegex(column="classes", regex="^(C1.*|x')$"),
    ),
    "made_of_codes": (
        rule("made_of_codes", "classes", codes="longer"),
        lambda gxe: gxe.ExpectColumnValuesToMatchRegex(column="classes", regex="^(C1|C|D|甲[.])+$"),
    ),
    "between": (
        rule("between", "fee", low=0, high=8),
        lambda gxe: gxe.ExpectColumnValuesToBeBetween(column="fee", min_value=0, max_value=8),
    ),
    "between, integers": (
        rule("between", "pages", low=3, high=5),
        lambda gxe: gxe.ExpectColumnValuesToBeBetween(column="pages", min_value=3, max_value=5),
    ),
    "within_year, moment": (
        rule("within_year", "done_at"),
        lambda gxe: gxe.ExpectColumnValuesToBeBetween(column="done_at", min_value=START, max_value=END - TICK),
    ),
    "within_year, date": (
        rule("within_year", "signed_on"),
        lambda gxe: gxe.ExpectColumnValuesToBeBetween(
            column="signed_on", min_value=START.date(), max_value=END.date(), strict_max=True
        ),
    ),
    "not_after": (
        rule("not_after", "asked_at", "done_at"),
        lambda gxe: gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="done_at", column_B="asked_at", or_equal=True, ignore_row_if="either_value_is_missing"
        ),
    ),
    "refers_to": (
        rule("refers_to", "remark", refers_to="other.known"),
        lambda gxe: gxe.ExpectColumnValuesToBeInSet(column="remark", value_set=["甲"]),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Counts], dict[str, Counts]]:
    """Our counts and the library's, on the same views."""
    import great_expectations as gx

    folder = tmp_path_factory.mktemp("oracle")
    items = [snapshot(CHANGES, folder), snapshot([{"known": "甲"}, {"known": None}], folder, OTHER)]
    path = folder / "rows.duckdb"
    attach(path, items, CODES)
    rules = [asked.model_copy(update={"code": name}) for name, (asked, _) in ORACLE.items()]
    with looking(path, items) as connection:
        ours = scan(connection, THING, rules, CODES, YEAR, None)
    made = []
    for name, (_, make) in ORACLE.items():
        one = make(gx.expectations)
        one.meta = {"code": name}
        made.append(one)
    with expect._opened(path, items) as source:
        results = expect._results(source, "thing", made)
    theirs = {code: expect._native_answer(result, 0, 0).counts for code, result in results.items()}
    return ours, theirs


@pytest.mark.parametrize("name", ORACLE)
def test_the_library_counts_the_same(oracle: tuple[dict[str, Counts], dict[str, Counts]], name: str) -> None:
    ours, theirs = oracle
    assert ours[name] == theirs[name]
    assert 0 < ours[name].failed < ours[name].judged


def test_the_scan_passes_on_counts_alone(tmp_path: Path) -> None:
    rules = [rule("not_null", "remark", code=f"THG-0{n}", tolerance=t) for n, t in ((1, 0), (2, "33.4"), (3, "33.3"))]
    counts = {"THG-01": Counts(7, 0), "THG-02": Counts(3, 1), "THG-03": Counts(3, 1)}
    answers = judge_counts(rules, counts, tmp_path)
    assert answers == {
        "THG-01": Answer(passed=True, counts=Counts(7, 0)),
        "THG-02": Answer(passed=True, counts=Counts(3, 1)),
        "THG-03": Answer(passed=False, counts=Counts(3, 1)),
    }
    assert judge_counts([], {}, tmp_path) == {}


@pytest.mark.parametrize(
    ("tolerance", "rows", "most"),
    [("0", 10**9, 0), ("0.5", 199, 0), ("0.5", 200, 1), ("99.99", 10_000, 9_999), ("1", 0, 0)],
)
def test_a_part_of_a_row_is_not_tolerated(tolerance: str, rows: int, most: int) -> None:
    assert allowed(rule("not_null", "remark", tolerance=tolerance), rows) == most


def native(name: str, *names: str, **arguments: Any) -> Rule:
    return rule("expectation", *names, expectation=name, arguments=arguments)


NATIVE: dict[str, tuple[Rule, list[dict[str, Any]], Status, int, int]] = {
    "a metric of the whole column": (
        native("ExpectColumnMeanToBeBetween", "pages", min_value=3, max_value=3),
        [{}, {}, {"pages": None}], Status.PASSED, 2, 0,
    ),
    "missed": (
        native("ExpectColumnMeanToBeBetween", "pages", min_value=4), [{}, {}, {"pages": None}], Status.FAILED, 3, 1,
    ),
    "an empty column misses it": (
        native("ExpectColumnMeanToBeBetween", "pages", min_value=4), [{"pages": None}] * 2, Status.FAILED, 2, 1,
    ),
    "an empty column does not pass": (
        native("ExpectColumnUniqueValueCountToBeBetween", "pages", max_value=4),
        [{"pages": None}] * 2, Status.NOT_EVALUATED, 0, 0,
    ),
    "rows": (
        native("ExpectColumnValueLengthsToBeBetween", "remark", max_value=1),
        [{"remark": "甲乙"}, {"remark": None}, {}], Status.FAILED, 2, 1,
    ),
    "most rows are enough": (
        native("ExpectColumnValueLengthsToBeBetween", "remark", max_value=1, mostly=0.5),
        [{"remark": "甲乙"}, {}], Status.PASSED, 2, 1,
    ),
    "several columns": (
        native("ExpectColumnPairValuesToBeEqual", column_A="asked_at", column_B="done_at"),
        [{}, {"done_at": NOON + TICK}], Status.FAILED, 2, 1,
    ),
    "no rows": (native("ExpectColumnMeanToBeBetween", "pages", min_value=4), [], Status.NOT_EVALUATED, 0, 0),
}  # fmt: skip


@pytest.mark.parametrize("name", NATIVE)
def test_a_metric_of_its_own(name: str, tmp_path: Path) -> None:
    asked, changes, status, evaluated, failed = NATIVE[name]
    [verdict] = judged([snapshot(changes, tmp_path)], [asked], tmp_path)
    assert (verdict.status, verdict.evaluated, verdict.failed) == (status, evaluated, failed)
    assert verdict.expected is None
    assert not verdict.rows


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (native("ExpectNothing", "pages"), "Great Expectations 没有 ExpectNothing"),
        (native("os", "pages"), "没有 os"),
        (native("Expectation", "pages"), "不得使用 Expectation"),
        (native("UnexpectedRowsExpectation", unexpected_rows_query="SELECT * FROM {batch}"), "不得使用"),
        (native("ExpectColumnMostCommonValueToBeInSet", "pages", value_set=[3]), "不得使用"),
        (native("ExpectColumnKLDivergenceToBeLessThan", "pages", threshold=1), "不得使用"),
        (native("ExpectQueryResultsToMatchComparison"), "不得使用"),
        (
            native(
                "ExpectColumnQuantileValuesToBeBetween",
                "pages",
                quantile_ranges={"quantiles": [0.5], "value_ranges": [[1, 3]]},
            ),
            "不得使用",
        ),
        (native("ExpectColumnMeanToBeBetween", "pages", least=3), "arguments 不对"),
        (native("ExpectColumnMeanToBeBetween", min_value=3), "arguments 不对"),
        (native("ExpectColumnMeanToBeBetween", "pages", column="fee", min_value=3), "arguments 不对"),
        (native("ExpectColumnMeanToBeBetween", "pages", min_value=3, meta={"code": "THG-07"}), "arguments 不对"),
        (native("ExpectColumnMeanToBeBetween", "pages", min_value=3, result_format="COMPLETE"), "arguments 不对"),
        (native("ExpectColumnValuesToBeIncreasing", "pages"), "不能执行"),
        (native("ExpectColumnMeanToBeBetween", column="nobody", min_value=3), "不能执行"),
    ],
)
def test_an_expectation_that_cannot_be_asked_is_refused(asked: Rule, why: str, tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refusal:
        judged([snapshot([{}], tmp_path)], [asked], tmp_path)
    assert "规则 THG-01 无法评估（things.thing" in refusal.value.what
    assert why in refusal.value.what


@pytest.mark.parametrize(
    "named", [{"names": ("identity",)}, {"names": (), "column_A": "pages", "column_B": "identity"}]
)
def test_the_librarys_own_metrics_stay_away_from_personal_columns(named: dict[str, Any]) -> None:
    names = named.pop("names")
    asked = native("ExpectColumnPairValuesToBeEqual", *names, **named)
    with pytest.raises(Refusal, match="个人信息列 identity"):
        require_coherent(SOURCES, {}, [asked], CODES, policies=())


def test_the_views_are_locked_while_the_library_reads_them(tmp_path: Path) -> None:
    item, stranger = snapshot([{}], tmp_path), tmp_path / "stranger.csv"
    stranger.write_text("a\n1\n", encoding="utf-8")
    attach(tmp_path / "rows.duckdb", [item], {})
    with expect._opened(tmp_path / "rows.duckdb", [item]) as source:
        with pytest.raises(SQLAlchemyError, match="Permission Error"):
            _asked(source, f"SELECT * FROM read_csv('{stranger}')")
        with pytest.raises(SQLAlchemyError, match="read-only"):
            _asked(source, "CREATE TABLE x (a INTEGER)")
        assert _asked(source, "SELECT count(*) FROM thing") == [(1,)]
    with duckdb.connect(str(tmp_path / "rows.duckdb")) as free:
        assert free.execute(f"SELECT * FROM read_csv('{stranger}')").fetchall() == [(1,)]


def _asked(source: Any, query: str) -> list[tuple[Any, ...]]:
    import sqlalchemy as sa

    with source.get_execution_engine().engine.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(query))]


def test_the_library_is_asked_for_no_value_of_a_row(tmp_path: Path) -> None:
    item = snapshot([{"remark": "CANARY"}, {"remark": "甲"}], tmp_path)
    attach(tmp_path / "rows.duckdb", [item], {})
    made = expect._expectation(native("ExpectColumnValueLengthsToBeBetween", "remark", max_value=1))
    with expect._opened(tmp_path / "rows.duckdb", [item]) as source:
        [result] = expect._results(source, "thing", [made]).values()
    assert result.result["unexpected_count"] == 1
    assert "CANARY" not in str(result)


def test_rules_that_were_not_counted_are_not_asked(tmp_path: Path) -> None:
    asked = native("ExpectColumnMeanToBeBetween", "pages", min_value=3)
    answers = judge_views(tmp_path / "absent.duckdb", [], [asked], {"THG-01": Counts(0, 0, "列与契约不符，未评估")})
    assert answers == {"THG-01": Answer(passed=True, counts=Counts(0, 0, "列与契约不符，未评估"))}


def test_severity_and_code_go_through_to_the_library(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found: list[tuple[str, str]] = []

    def told(source: Any, table: str, expectations: list[Any]) -> dict[str, Any]:
        found.extend((one.meta["code"], one.severity.value) for one in expectations)
        return results(source, table, expectations)

    results = expect._results
    monkeypatch.setattr(expect, "_results", told)
    words = {"THG-01": "fatal", "THG-02": "warning", "THG-03": "information"}
    rules = [rule("not_null", "remark", code=code, severity=severity) for code, severity in words.items()]
    judge_counts(rules, dict.fromkeys(words, Counts(1, 0)), tmp_path)
    assert found == [("THG-01", "critical"), ("THG-02", "warning"), ("THG-03", "info")]


AUTOCOMMIT = {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}


@pytest.mark.parametrize(
    ("settings", "own_dialect", "evaluated"),
    [
        pytest.param(AUTOCOMMIT, True, {"regex": 3, "set": 3}, id="both settings"),
        pytest.param(AUTOCOMMIT, False, {"set": 3}, id="no dialect: no regular expressions"),
        pytest.param({}, True, {}, id="no autocommit: nothing"),
        pytest.param({"isolation_level": "AUTOCOMMIT"}, True, {}, id="autocommit with a rollback: nothing"),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_great_expectations_needs_two_settings_for_duckdb(
    settings: dict[str, Any], own_dialect: bool, evaluated: dict[str, int], tmp_path: Path
) -> None:
    """The settings are no public interface: this tells when a new version no longer needs them, or balks."""
    import great_expectations as gx
    from sqlalchemy.dialects import postgresql

    item = snapshot([{}, {}, {"classes": "K9"}], tmp_path)
    attach(tmp_path / "rows.duckdb", [item], {})
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_sql(
        "rows",
        connection_string=f"duckdb:///{tmp_path / 'rows.duckdb'}",
        kwargs={**settings, "connect_args": {"config": dict(SAFE)}},
    )
    if own_dialect:
        source.get_execution_engine().dialect_module = postgresql
    batch = source.add_table_asset("rows", table_name="thing").add_batch_definition_whole_table("all").get_batch()
    gxe, column = gx.expectations, "classes"
    suite = gx.ExpectationSuite(
        name="rules",
        expectations=[
            gxe.ExpectColumnValuesToMatchRegex(column=column, regex="^([A-F][1-6]?)+$", meta={"code": "regex"}),
            gxe.ExpectColumnValuesToBeInSet(column=column, value_set=["C1D"], meta={"code": "set"}),
        ],
    )
    results = batch.validate(suite, result_format="SUMMARY").results
    counted = {r.expectation_config.meta["code"]: r.result for r in results if "element_count" in r.result}
    assert {code: result["element_count"] for code, result in counted.items()} == evaluated
    assert {result["unexpected_count"] for result in counted.values()} <= {1}


def test_only_expectations_of_the_library_are_refused_by_name() -> None:
    import great_expectations as gx

    assert all(hasattr(gx.expectations, name) for name in expect.REFUSED)
    assert all(re.fullmatch(r"(Unexpected|Expect)\w+", name) for name in expect.REFUSED)
