"""A run against the edition before it, by example and as properties."""

from dataclasses import replace
from decimal import Decimal, Inexact

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yearbook.revision import KINDS, Account, Counted, FigureDifference, InputDifference, compare

CAR = "report/vehicles/vehicle_transaction/2023"
BASE = "base/vehicles/vehicle_transaction/2022"
GONE = "report/fees/ledger/2023"
NEW = "report/fees/receipt/2023"

THEN = Account(
    key="1" * 64,
    figures={
        "business.total": Counted("业务量·合计", 150_806, "件", 154_309),
        "business.transfer": Counted("业务量·转让登记", 7_019, "件", 6_997),
        "fees": Counted("收费", Decimal("678900.10"), "元", Decimal("512300.55")),
        "retired": Counted("不再统计的数", 23, "条"),
        "fines": Counted("罚款", 1_301, "元"),
    },
    inputs={
        "request": {"body": "yunlu", "year": "2023"},
        "rows": {CAR: "9001", BASE: "8009", GONE: "77"},
        "snapshot": {CAR: "a1", BASE: "b1", GONE: "c1"},
        "sql": {"sql/vehicles/business.sql": "d1", "sql/old.sql": "e1"},
        "library": {"duckdb": "1.5.4"},
    },
)
NOW = Account(
    key="2" * 64,
    figures={
        "business.total": Counted("业务量·合计", 150_807, "件", 154_309),
        "business.transfer": Counted("业务量·转让登记（新名）", 7_019, "件", 6_997),
        "fees": Counted("收费", Decimal("678900.10"), "元", Decimal("512300.5")),
        "added": Counted("新增的数", 41, "起"),
        "fines": Counted("罚款", 1_301, "万元"),
    },
    inputs={
        "request": {"body": "yunlu", "year": "2023"},
        "rows": {CAR: "9002", BASE: "8009", NEW: "78"},
        "snapshot": {CAR: "a2", BASE: "b2", NEW: "c2"},
        "sql": {"sql/vehicles/business.sql": "d1"},
        "library": {"duckdb": "1.5.5"},
    },
)


def test_figures_that_differ_and_no_others() -> None:
    found = {difference.code: difference for difference in compare(THEN, NOW, edition=3).figures}
    assert list(found) == ["business.total", "fees", "added", "fines", "retired"]
    assert (found["business.total"].difference, found["business.total"].base_difference) == (1, 0)
    assert (found["fees"].difference, found["fees"].base_difference) == (Decimal("0.00"), Decimal("-0.05"))
    assert (found["added"].then, found["added"].difference) == (None, None)
    assert (found["retired"].now, found["retired"].name) == (None, "不再统计的数")
    assert found["fines"].difference is None, "numbers of different units have no difference"


def test_rows_of_every_extract() -> None:
    rows = {row.extract + row.year: row for row in compare(THEN, NOW, edition=3).rows}
    transaction, base = rows["vehicle_transaction2023"], rows["vehicle_transaction2022"]
    assert (transaction.then, transaction.now, transaction.difference, transaction.same) == (9001, 9002, 1, False)
    assert (base.difference, base.same, base.role, base.source) == (0, False, "base", "vehicles")
    assert (rows["ledger2023"].then, rows["ledger2023"].now, rows["ledger2023"].difference) == (77, None, None)
    assert (rows["receipt2023"].then, rows["receipt2023"].now) == (None, 78)


def test_inputs_that_differ_by_name() -> None:
    inputs = compare(THEN, NOW, edition=3).inputs
    assert inputs is not None
    assert [item.kind for item in inputs] == ["snapshot"] * 4 + ["sql", "library"]
    assert inputs[-2:] == (
        InputDifference("sql", "sql/old.sql", "e1", None),
        InputDifference("library", "duckdb", "1.5.4", "1.5.5"),
    )
    assert InputDifference("snapshot", CAR, "a1", "a2") in inputs


def test_a_kind_unknown_here_is_still_told() -> None:
    now = replace(THEN, inputs={**(THEN.inputs or {}), "weather": {"sky": "blue"}})
    assert compare(THEN, now, edition=1).inputs == (InputDifference("weather", "sky", None, "blue"),)


def test_sentences() -> None:
    revision = compare(THEN, NOW, edition=3)
    assert revision.title == "与第 3 版相比，5 个数字有变化"
    assert revision.causes == "与该版不同的有：快照、查询和目录、软件"
    same = compare(THEN, THEN, edition=4)
    assert same.title == "与第 4 版相比，数字没有变化"
    assert same.causes == "材料、规则和程序都与该版相同"


def test_lines_for_the_terminal() -> None:
    revision = compare(THEN, NOW, edition=3)
    assert revision.lines(10) == [
        "业务量·合计：150806件 → 150807件",
        "收费：上年基数 512300.55元 → 512300.5元",
        "新增的数：新增 41起",
        "罚款：1301元 → 1301万元",
        "不再统计的数：不再有，原为 23条",
    ]
    assert revision.lines(3)[2:] == ["新增的数：新增 41起", "另有 2 个"]
    assert FigureDifference("x", Counted("甲", 19, "件"), Counted("甲", 19, "件", 17)).words == "甲：上年基数 无 → 17件"


@pytest.mark.parametrize("side", ["then", "now"])
def test_inputs_that_were_not_kept_are_not_called_equal(side: str) -> None:
    then = replace(THEN, inputs=None) if side == "then" else THEN
    now = replace(NOW, inputs=None) if side == "now" else NOW
    revision = compare(then, now, edition=2)
    assert (revision.inputs, revision.rows) == (None, ())
    assert "没有登记材料清单" in revision.causes
    assert len(revision.figures) == 5


def test_a_difference_is_never_rounded() -> None:
    long = Decimal("12345678901234567890123456789012345678.05")
    difference = FigureDifference("x", Counted("甲", Decimal("0.01"), "元"), Counted("甲", long, "元")).difference
    assert difference == Decimal("12345678901234567890123456789012345678.04")
    with pytest.raises(Inexact):
        _ = FigureDifference(
            "x", Counted("甲", Decimal("1E-150"), "元"), Counted("甲", Decimal("1E+150"), "元")
        ).difference


exact = st.integers(-(10**18), 10**18) | st.decimals(-(10**18), 10**18, places=2)
codes = st.sampled_from(["a.b", "a.c", "d", "e.f.g", "h"])
names = st.sampled_from([CAR, BASE, GONE, NEW])


@st.composite
def counted(draw: st.DrawFn) -> Counted:
    return Counted("名", draw(exact), draw(st.sampled_from(["件", "元"])), draw(st.none() | exact))


@st.composite
def accounts(draw: st.DrawFn) -> Account:
    extracts = draw(st.dictionaries(names, st.tuples(st.integers(0, 9), st.sampled_from("xyz"))))
    inputs = {
        "rows": {name: str(rows) for name, (rows, _) in extracts.items()},
        "snapshot": {name: digest for name, (_, digest) in extracts.items()},
    } | {kind: draw(st.dictionaries(st.sampled_from("pqr"), st.sampled_from("xyz"))) for kind in ("sql", "weather")}
    return Account("k", draw(st.dictionaries(codes, counted())), draw(st.just(inputs) | st.none()))


@given(accounts())
def test_a_run_against_itself_is_no_change(account: Account) -> None:
    revision = compare(account, account, edition=1)
    assert revision.figures == ()
    assert revision.inputs == (None if account.inputs is None else ())
    assert all(row.same and row.difference == 0 for row in revision.rows)


@given(accounts(), accounts())
def test_both_directions_mirror_each_other(one: Account, other: Account) -> None:
    there, back = compare(one, other, edition=1), compare(other, one, edition=1)
    assert {(f.code, f.then, f.now) for f in there.figures} == {(f.code, f.now, f.then) for f in back.figures}
    differences = {f.code: (f.difference, f.base_difference) for f in there.figures}
    for figure in back.figures:
        assert differences[figure.code] == (_minus(figure.difference), _minus(figure.base_difference))
    assert {(r.extract, r.year, r.then, r.now, r.same) for r in there.rows} == {
        (r.extract, r.year, r.now, r.then, r.same) for r in back.rows
    }
    mirrored = {(i.kind, i.name, i.now, i.then) for i in back.inputs or ()}
    assert {(i.kind, i.name, i.then, i.now) for i in there.inputs or ()} == mirrored
    assert (there.inputs is None) == (back.inputs is None)


@given(accounts(), accounts())
def test_every_changed_number_is_listed_once(one: Account, other: Account) -> None:
    listed = [figure.code for figure in compare(one, other, edition=1).figures]
    assert len(listed) == len(set(listed))
    for code in one.figures.keys() | other.figures.keys():
        assert (one.figures.get(code) != other.figures.get(code)) == (code in listed)


def _minus(value: int | Decimal | None) -> int | Decimal | None:
    return None if value is None else -value


def test_every_kind_has_a_word_of_its_own() -> None:
    assert len(set(KINDS.values())) == len(KINDS)
