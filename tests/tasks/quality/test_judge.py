"""From snapshots to verdicts: what a verdict says of rules on rows and on whole tables, and what it never says."""

import logging
from dataclasses import astuple
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tasks.quality.failing import references
from tasks.quality.judge import validate
from tasks.quality.predicates import parts
from tasks.sources.snapshot import Snapshot
from tests.tasks.quality.thing import CODES, KEY, OTHER, SOURCES, THING, TYPES, YEAR, judged, rule, snapshot
from yearbook.catalog import Rule
from yearbook.errors import Refusal
from yearbook.verdict import Category, Status, Verdict

FAILED, PASSED, NOT_EVALUATED = Status.FAILED, Status.PASSED, Status.NOT_EVALUATED
# personal and other values that stand in failing rows and must never be told
CANARY = "CANARY-41010519491231002X"


def one(changes: list[dict[str, Any]], asked: Rule, folder: Path, **changed: Any) -> Verdict:
    [verdict] = judged([snapshot(changes, folder)], [asked], folder, **changed)
    return verdict


def test_a_verdict_says_what_where_who_and_what_to_do(tmp_path: Path) -> None:
    asked = rule(
        "not_after", "signed_on", "left_on", severity="fatal", say="签订在前。", say_en="Signed first.", do="核对。"
    )
    verdict = one([{}, {"left_on": date(2023, 4, 10)}, {"left_on": None}], asked, tmp_path, label="（甲）")
    assert verdict == Verdict(
        code="THG-01",
        say="签订在前。",
        say_en="Signed first.",
        category=Category.SOURCE,
        severity=asked.severity,
        status=FAILED,
        source="things",
        extract="thing",
        base=False,
        place="things.thing，列 signed_on、left_on（甲）",
        evaluated=2,
        failed=1,
        expected="不符合 0 行",
        found="不符合 1 行",
        do="核对。",
        owner="物主",
        rows=verdict.rows,
    )
    assert len(verdict.rows) == 1
    assert one([{}], rule("not_null", "remark", owner="文书"), tmp_path).owner == "文书"


def test_a_failed_rule_names_its_rows_by_references(tmp_path: Path) -> None:
    item, asked = snapshot([{}, {"remark": None}, {}, {"remark": None}], tmp_path), rule("not_null", "remark")
    [verdict] = judged([item], [asked], tmp_path)
    with duckdb.connect() as engine:
        expected = references(engine, asked, item, parts(asked, THING, CODES, YEAR), KEY)
    assert verdict.rows == expected
    assert len(set(expected)) == 2
    assert judged([item], [rule("not_null", "number")], tmp_path)[0].rows == ()


@pytest.mark.parametrize(
    ("tolerance", "broken", "status", "expected"),
    [
        ("0", 0, PASSED, "不符合 0 行"),
        ("0", 1, FAILED, "不符合 0 行"),
        ("20", 2, PASSED, "不符合至多 2 行（评估行数的 20%）"),
        ("19.9", 2, FAILED, "不符合至多 1 行（评估行数的 19.9%）"),
        ("20", 3, FAILED, "不符合至多 2 行（评估行数的 20%）"),
    ],
)
def test_some_rows_may_break_a_rule_with_a_tolerance(
    tolerance: str, broken: int, status: Status, expected: str, tmp_path: Path
) -> None:
    changes = [{"pages": -1}] * broken + [{}] * (10 - broken) + [{"pages": None}] * 7
    verdict = one(changes, rule("between", "pages", low=0, tolerance=tolerance), tmp_path)
    assert (verdict.status, verdict.evaluated, verdict.failed) == (status, 10, broken)
    assert (verdict.expected, verdict.found) == (expected, f"不符合 {broken} 行")
    assert len(verdict.rows) == (broken if status is FAILED else 0)


def test_rows_that_are_not_judged_are_no_pass(tmp_path: Path) -> None:
    empty = [dict.fromkeys(TYPES)] * 3
    asked = [
        rule("in_set", "remark", values=["甲"], code="THG-01"),
        rule("unique", "number", code="THG-02"),
        rule("holds", "pages", condition="pages > 0", code="THG-03"),
        rule("between", "pages", low=0, where="state = 'Z'", code="THG-04"),
        rule("check_digit", "identity", code="THG-05"),
    ]
    for changes in (empty, []):
        verdicts = judged([snapshot(changes, tmp_path)], asked, tmp_path)
        assert {(v.status, v.evaluated, v.failed, v.rows) for v in verdicts} == {(NOT_EVALUATED, 0, 0, ())}
    [never] = judged([snapshot(empty, tmp_path)], [rule("not_null", "remark")], tmp_path)
    assert (never.status, never.evaluated, never.failed) == (FAILED, 3, 3)


def test_verdicts_stand_in_the_order_of_snapshots_and_rules(tmp_path: Path) -> None:
    things, others = snapshot([{}], tmp_path), snapshot([{"known": "K"}], tmp_path, OTHER)
    asked = [
        rule("row_count", low=1, code="THG-05"),
        rule("not_null", "known", extract="other", code="THG-02"),
        rule("expectation", expectation="ExpectTableRowCountToEqual", arguments={"value": 1}, code="THG-04"),
        rule("unique", "number", code="THG-03"),
        rule("not_null", "absent", extract="elsewhere", code="THG-01"),
    ]
    verdicts = judged([others, things], asked, tmp_path)
    assert [v.code for v in verdicts] == ["THG-02", "THG-05", "THG-04", "THG-03"]
    assert {v.status for v in verdicts} == {PASSED}
    assert [v.extract for v in verdicts] == ["other", "thing", "thing", "thing"]
    assert judged([things], [], tmp_path) == ()


def test_the_base_year_is_asked_what_it_may_be_asked(tmp_path: Path) -> None:
    item = snapshot([{}], tmp_path)
    rules = [rule("not_null", "remark", code="THG-01"), rule("volume", low=50, base=False, code="THG-02")]
    report = judged([item], rules, tmp_path, base_rows={"thing": 1})
    base = judged([item], rules, tmp_path, base=True, label="（上年基数）")
    assert [(v.code, v.base, v.place) for v in report] == [
        ("THG-01", False, "things.thing，列 remark"),
        ("THG-02", False, "things.thing"),
    ]
    assert [(v.code, v.base, v.place) for v in base] == [("THG-01", True, "things.thing，列 remark（上年基数）")]


@pytest.mark.parametrize(
    ("limits", "rows", "status", "expected"),
    [
        ({"low": 2}, 1, FAILED, "至少 2 行"),
        ({"low": 2}, 2, PASSED, "至少 2 行"),
        ({"low": 1, "high": 2}, 2, PASSED, "至少 1 行，至多 2 行"),
        ({"low": 1, "high": 2}, 3, FAILED, "至少 1 行，至多 2 行"),
        ({"low": 1}, 0, FAILED, "至少 1 行"),
    ],
)
def test_row_count(limits: dict[str, int], rows: int, status: Status, expected: str, tmp_path: Path) -> None:
    verdict = one([{}] * rows, rule("row_count", **limits), tmp_path)
    assert (verdict.status, verdict.evaluated, verdict.failed) == (status, rows, int(status is FAILED))
    assert (verdict.expected, verdict.found, verdict.rows) == (expected, f"{rows} 行", ())


@pytest.mark.parametrize(
    ("limits", "before", "rows", "status", "expected"),
    [
        ({"low": 50, "high": 200}, 6, 3, PASSED, "上年 6 行的 50%—200%"),
        ({"low": 50, "high": 200}, 7, 3, FAILED, "上年 7 行的 50%—200%"),
        ({"low": 50, "high": 200}, 2, 4, PASSED, "上年 2 行的 50%—200%"),
        ({"low": 50, "high": 200}, 2, 5, FAILED, "上年 2 行的 50%—200%"),
        ({"low": 50}, 1234, 0, FAILED, "上年 1,234 行的至少 50%"),
        ({"high": 150}, 2, 4, FAILED, "上年 2 行的至多 150%"),
        ({"low": 50}, 0, 4, NOT_EVALUATED, None),
        ({"low": 50}, None, 4, NOT_EVALUATED, None),
    ],
)
def test_volume(
    limits: dict[str, int], before: int | None, rows: int, status: Status, expected: str | None, tmp_path: Path
) -> None:
    base_rows = {} if before is None else {"thing": before}
    verdict = one([{}] * rows, rule("volume", **limits), tmp_path, base_rows=base_rows)
    evaluated = 0 if status is NOT_EVALUATED else rows + (before or 0)
    assert (verdict.status, verdict.evaluated, verdict.failed) == (status, evaluated, int(status is FAILED))
    assert (verdict.expected, verdict.found) == (expected, None if status is NOT_EVALUATED else f"{rows} 行")
    assert verdict.detail == ("没有上年的行数可比" if status is NOT_EVALUATED else "")


@pytest.mark.parametrize(
    ("column", "newest", "status"),
    [
        ("done_at", "2023-01-01 00:00:00", PASSED),
        ("done_at", "2022-12-31 23:59:59.999999", FAILED),
        ("signed_on", "2023-01-01", PASSED),
        ("signed_on", "2022-12-31", FAILED),
        ("signed_on", None, FAILED),
    ],
)
def test_a_file_of_an_older_year_is_caught(column: str, newest: str | None, status: Status, tmp_path: Path) -> None:
    older = "2019-01-01" if newest else None
    verdict = one([{column: older}, {column: newest}], rule("reaches_year", column), tmp_path)
    assert (verdict.status, verdict.evaluated, verdict.failed) == (status, 2, int(status is FAILED))
    assert one([], rule("reaches_year", column), tmp_path).status is NOT_EVALUATED


def altered(folder: Path, columns: dict[str, pa.Array], name: str) -> Snapshot:
    path = folder / f"{name}.parquet"
    pq.write_table(pa.table(columns), path)
    return Snapshot(extract=OTHER, year=YEAR, digest="0" * 64, path=path, row_count=1)


TEXT, NUMBER, SMALL = pa.array(["K"]), pa.array([4], pa.int64()), pa.array([4], pa.int32())


@pytest.mark.parametrize(
    ("columns", "wrong"),
    [
        ({"known": TEXT, "other_pages": NUMBER}, ()),
        ({"known": TEXT, "other_pages": SMALL}, ("other_pages",)),
        ({"known": TEXT}, ("other_pages",)),
        ({"known": TEXT, "pages": NUMBER}, ("other_pages", "pages")),
        ({"known": TEXT, "other_pages": NUMBER, "extra": TEXT}, ("extra",)),
        ({"other_pages": NUMBER, "known": TEXT}, ("known", "other_pages")),
    ],
)
def test_a_snapshot_that_is_not_by_the_contract_is_caught(
    columns: dict[str, pa.Array], wrong: tuple[str, ...], tmp_path: Path
) -> None:
    rules = [
        rule("schema", extract="other", code="THG-01"),
        rule("between", "other_pages", low=5, extract="other", code="THG-02"),
        rule("expectation", "other_pages", extract="other", expectation="ExpectColumnSumToBeBetween",
             arguments={"min_value": 5}, code="THG-03"),
    ]  # fmt: skip
    schema, *others = judged([altered(tmp_path, columns, "altered")], rules, tmp_path)
    assert (schema.status, schema.evaluated, schema.failed) == (FAILED if wrong else PASSED, 2, len(wrong))
    assert (schema.expected, schema.found) == ("2 列与契约一致", f"不一致 {len(wrong)} 列")
    assert (schema.detail, schema.rows) == ("、".join(wrong), ())
    lost = "other_pages" in wrong
    assert {v.status for v in others} == {NOT_EVALUATED if lost else FAILED}
    assert {v.detail for v in others} == {"列与契约不符，未评估" if lost else ""}


def test_every_type_of_the_contract_is_known_to_the_engine(tmp_path: Path) -> None:
    assert set(TYPES.values()) == {"text", "code", "integer", "money", "date", "moment"}
    assert one([{}], rule("schema"), tmp_path).status is PASSED


def test_without_a_rule_on_columns_a_missing_one_is_refused(tmp_path: Path) -> None:
    asked = rule("between", "other_pages", low=5, extract="other")
    with pytest.raises(Refusal, match=r"THG-01 无法评估（things\.other，列 other_pages"):
        judged([altered(tmp_path, {"known": TEXT}, "altered")], [asked], tmp_path)


def test_a_reference_to_an_extract_that_nobody_read_is_no_pass(tmp_path: Path) -> None:
    item, other = snapshot([{"remark": "K"}], tmp_path), snapshot([{"known": "K"}], tmp_path, OTHER)
    asked = rule("refers_to", "remark", refers_to="other.known")
    [alone] = judged([item], [asked], tmp_path)
    [beside] = judged([item], [asked], tmp_path, beside=[other])
    [within, _] = judged([item, other], [asked, rule("row_count", low=1, extract="other", code="THG-02")], tmp_path)
    assert (alone.status, alone.detail) == (NOT_EVALUATED, "没有提取 other 的快照可对照")
    assert beside == within
    assert (beside.status, beside.evaluated, beside.extract) == (PASSED, 1, "thing")


@pytest.mark.parametrize(
    "asked",
    [
        rule("holds", "pages", condition="nobody > 1"),
        rule("holds", "pages", condition="pages >"),
        rule("holds", "pages", condition="true); DROP VIEW thing; SELECT (1"),
        rule("holds", "pages", condition="pages = 1) FROM thing; COPY thing TO 'x'; SELECT (1"),
        rule("holds", "remark", condition="CAST(remark AS INTEGER) > 1"),
        rule("between", "pages", low=0, where="(SELECT max(x) FROM read_csv('/etc/hostname') t(x)) IS NULL"),
        rule("matches", "remark", pattern="(["),
        rule("unique", "number", where="CAST(remark AS INTEGER) > 1"),
    ],
)
def test_a_rule_that_cannot_be_evaluated_is_refused_without_a_value(asked: Rule, tmp_path: Path) -> None:
    item = snapshot([{"remark": CANARY}], tmp_path)
    other = rule("not_null", "remark", code="THG-02")
    with pytest.raises(Refusal, match="规则 THG-01 无法评估") as refusal:
        judged([item], [other, asked], tmp_path)
    assert "expectations/things.toml" in refusal.value.todo
    assert CANARY not in str(refusal.value)
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


def test_a_condition_cannot_end_the_query_and_write_over_a_snapshot(tmp_path: Path) -> None:
    """The snapshot's own file is the one that a locked engine may open."""
    item = snapshot([{}], tmp_path)
    before = item.path.read_bytes()
    end, again = "true), FALSE) GROUP BY number)", "SELECT 1, 2 FROM (SELECT count(*) FROM thing WHERE coalesce((true"
    asked = rule("unique", "number", where=f"{end}; COPY (SELECT 1 AS x) TO '{item.path}' (FORMAT parquet); {again}")
    with pytest.raises(Refusal, match="规则 THG-01 无法评估"):
        judged([item], [asked], tmp_path)
    assert item.path.read_bytes() == before


def test_no_value_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    caplog.set_level(logging.DEBUG)
    canary = {
        "identity": CANARY,
        "remark": CANARY,
        "state": CANARY,
        "left_on": date(2019, 7, 19),
        "fee": Decimal("-77.31"),
    }
    asked = [
        rule("unique", "identity", code="THG-01"),
        rule("matches", "identity", pattern="[0-9]+", code="THG-02"),
        rule("in_codes", "state", codes="letters", code="THG-03"),
        rule("not_after", "signed_on", "left_on", code="THG-04"),
        rule("between", "fee", low=0, code="THG-05"),
        rule("expectation", "remark", expectation="ExpectColumnDistinctValuesToBeInSet", code="THG-06",
             arguments={"value_set": ["x"]}),
        rule("expectation", "fee", expectation="ExpectColumnMinToBeBetween", arguments={"min_value": 0}, code="THG-07"),
        rule("expectation", "remark", expectation="ExpectColumnValueLengthsToEqual", code="THG-08",
             arguments={"value": 1}),
    ]  # fmt: skip
    verdicts = judged([snapshot([canary, canary, {}], tmp_path)], asked, tmp_path)
    assert {v.code: v.failed for v in verdicts if v.status is FAILED} == {
        "THG-01": 2, "THG-02": 3, "THG-03": 2, "THG-04": 2, "THG-05": 2, "THG-06": 1, "THG-07": 1, "THG-08": 2,
    }  # fmt: skip
    output = capfd.readouterr()
    told = [*map(str, map(astuple, verdicts)), caplog.text, output.out, output.err]
    told += [str(vars(record)) for record in caplog.records]
    for secret in ("CANARY", "41010519491231002X", "2019-07-19", "77.31"):
        assert not any(secret in text for text in told), secret


def test_what_is_left_behind_holds_no_row(tmp_path: Path) -> None:
    """The scratch folder is the caller's to remove; a killed run leaves it, so it must hold no copy of the rows."""
    item = snapshot([{"identity": CANARY, "remark": CANARY}] * 40, tmp_path)
    room = tmp_path / "scratch"
    room.mkdir()
    asked = [rule("unique", "identity"), rule("not_null", "remark", code="THG-02")]
    validate([item], asked, CODES, sources=SOURCES, folder=room, label="", base=False, base_rows={}, key=KEY)
    left = [path for path in room.rglob("*") if path.is_file()]
    assert {path.name for path in left} == {"validate.duckdb", "counts.duckdb"}
    assert not any(b"CANARY" in path.read_bytes() for path in left)
