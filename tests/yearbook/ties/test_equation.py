"""Equations for all values: they break where the sums differ and nowhere else, by exactly the difference."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.yearbook.ties.factory import KNOWN, cell, exact, explanation, tie
from yearbook.catalog import Explanation, Tie
from yearbook.quantity import Exact, Interval
from yearbook.ties import Cells, judge
from yearbook.verdict import Status, Verdict

PARTS = ("sum.a", "sum.b", "sum.c")
whole = st.integers(min_value=-(10**12), max_value=10**15)
money = st.decimals(min_value=0, max_value=10**13, places=2)
numbers = st.lists(st.one_of(whole, money), min_size=4, max_size=4)
widths = st.lists(st.integers(min_value=0, max_value=10**6), min_size=8, max_size=8)
near = st.lists(st.integers(min_value=0, max_value=40), min_size=4, max_size=4)


def ask(rule: Tie, cells: Cells, said: Sequence[Explanation] = ()) -> tuple[Verdict, ...]:
    return judge([rule], cells, year=2023, properties=frozenset(), explanations=said)


def widened(values: Sequence[Exact], added: Sequence[int]) -> Cells:
    """The same cells, each standing for more values than before."""
    return Cells(
        (
            cell(code, value - low, value + high)
            for code, value, low, high in zip(KNOWN, values, added[:4], added[4:], strict=False)
        ),
        KNOWN,
    )


@given(numbers, st.sampled_from(["=", "<=", ">="]))
@example([Decimal("0.01"), 0, 0, 0], "=")
@example([0, 0, 0, Decimal("0.01")], "=")
def test_it_fails_where_the_sums_differ_by_exactly_the_difference(values: list[Exact], relation: str) -> None:
    [verdict] = ask(tie(relation=relation), exact(*values))
    gap = Decimal(values[0]) + Decimal(values[1]) + Decimal(values[2]) - Decimal(values[3])
    holds = {"=": gap == 0, "<=": gap <= 0, ">=": gap >= 0}[relation]
    assert verdict.status is (Status.PASSED if holds else Status.FAILED)
    assert verdict.evaluated == 1
    assert set(verdict.figures) == {*PARTS, "sum.total"}
    if not holds:
        assert Decimal(verdict.difference or "0") == gap
        assert Decimal(verdict.found or "0") - gap == Decimal((verdict.expected or "").removeprefix(f"{relation} "))


@given(st.lists(whole, min_size=3, max_size=3))
def test_a_total_that_is_the_sum_always_holds(values: list[int]) -> None:
    [verdict] = ask(tie(), exact(*values, sum(values)))
    assert verdict.status is Status.PASSED


@given(near, widths, st.sampled_from(["=", "<=", ">="]))
def test_a_number_printed_with_less_detail_never_breaks_what_held(
    values: list[int], added: list[int], relation: str
) -> None:
    rule = tie(relation=relation)
    [precise], [vague] = ask(rule, exact(*values)), ask(rule, widened(values, added))
    assert vague.status is Status.PASSED or precise.status is Status.FAILED
    if vague.status is Status.FAILED:
        assert abs(Decimal(vague.difference or "0")) <= abs(Decimal(precise.difference or "0"))


@given(near, st.lists(st.integers(min_value=0, max_value=9), min_size=8, max_size=8))
def test_it_fails_where_no_choice_of_values_could_hold(values: list[int], added: list[int]) -> None:
    low = [value - less for value, less in zip(values, added[:4], strict=True)]
    high = [value + more for value, more in zip(values, added[4:], strict=True)]
    possible = sum(low[:3]) <= high[3] and low[3] <= sum(high[:3])
    [verdict] = ask(tie(), widened(values, added))
    assert (verdict.status is Status.PASSED) == possible


@given(numbers, st.permutations(["sum.a", "-base:sum.b", "3*sum.c"]), st.permutations(["sum.total", "-2*more.a"]))
def test_the_order_of_terms_changes_nothing(values: list[Exact], left: list[str], right: list[str]) -> None:
    cells = Cells(
        [
            *(
                cell(code, value, base=Interval(value, value))
                for code, value in zip((*PARTS, "sum.total"), values, strict=True)
            ),
            cell("more.a", 17),
        ],
        KNOWN,
    )
    [there] = ask(tie(left=left, right=right), cells)
    [back] = ask(tie(left=sorted(left), right=sorted(right)), cells)
    assert (there.status, there.expected, there.found, there.difference, set(there.figures)) == (
        back.status,
        back.expected,
        back.found,
        back.difference,
        set(back.figures),
    )


@given(near, st.integers(min_value=1, max_value=99))
def test_both_sides_times_the_same_factor_say_the_same(values: list[int], factor: int) -> None:
    times = tie(left=[f"{factor}*sum.*"], right=[f"{factor}*sum.total"])
    [once], [many] = ask(tie(), exact(*values)), ask(times, exact(*values))
    assert once.status is many.status
    assert Decimal(many.difference or "0") == factor * Decimal(once.difference or "0")


def test_the_year_before_is_the_base_and_not_the_value() -> None:
    cells = Cells([cell("sum.a", 30, base=Interval(41, 41)), cell("sum.b", 41, base=Interval(7, 7))], KNOWN)
    [verdict] = ask(tie(left=["base:sum.a"], right=["sum.b"]), cells)
    assert (verdict.status, verdict.evaluated) == (Status.PASSED, 1)
    [verdict] = ask(tie(left=["sum.a"], right=["base:sum.b"]), cells)
    assert (verdict.found, verdict.expected, verdict.difference) == ("30", "= 7", "23")


def test_a_subtracted_interval_turns_round() -> None:
    cells = Cells([cell("sum.a", 30), cell("sum.b", 3, 9), cell("sum.total", 28)], KNOWN)
    [verdict] = ask(tie(left=["sum.a", "-sum.b"]), cells)
    assert (verdict.found, verdict.expected, verdict.difference) == ("21—27", "= 28", "-1")


def test_every_binding_answers_for_itself() -> None:
    rule = tie(left=["{list}.a", "{list}.b"], right=["{list}.total"], each={"list": ["sum", "more"]})
    cells = exact(1, 2, 0, 4, 5, 6, 11)
    assert [(v.status, v.evaluated, v.place, v.figures) for v in ask(rule, cells)] == [
        (Status.FAILED, 1, "格 sum.a、格 sum.b", ("sum.a", "sum.b", "sum.total")),
        (Status.PASSED, 1, "全部算式", ("more.a", "more.b", "more.total")),
    ]


@pytest.mark.parametrize(
    ("blank", "detail"),
    [
        (["sum.a"], "缺少 sum.a"),
        (["sum.total"], "缺少 sum.total"),
        (["sum.a", "sum.b", "sum.c"], "缺少 sum.a、sum.b等 3 处"),
    ],
)
def test_a_blank_cell_is_never_taken_for_zero(blank: list[str], detail: str) -> None:
    cells = Cells((each for code, each in exact(0, 0, 0, 0).items() if code not in blank), KNOWN)
    [verdict] = ask(tie(), cells)
    assert (verdict.status, verdict.evaluated, verdict.failed, verdict.detail) == (Status.NOT_EVALUATED, 0, 0, detail)
    assert verdict.figures == (*PARTS, "sum.total")
    assert verdict.is_finding
    assert not verdict.blocks


@pytest.mark.parametrize("field", ["scope", "counting"])
def test_numbers_of_different_scope_are_not_compared(field: str) -> None:
    cells = exact(1, 2, 3, 17)
    said = [explanation(cell="sum.total", **{field: "全市"})]
    [verdict] = ask(tie(category="supervisory"), cells, said)
    assert (verdict.status, verdict.evaluated) == (Status.NOT_EVALUATED, 0)
    assert verdict.detail == "口径不同，不作比较：格 sum.a、格 sum.b等"
    everywhere = [explanation(cell=code, **{field: "全市"}) for code in (*PARTS, "sum.total")]
    [verdict] = ask(tie(category="supervisory"), cells, everywhere)
    assert (verdict.status, verdict.difference) == (Status.FAILED, "-11")


@pytest.mark.parametrize("category", ["form", "arithmetic"])
def test_no_declared_scope_excuses_arithmetic(category: str) -> None:
    said = [explanation(cell="sum.total", scope="全市")]
    [verdict] = ask(tie(category=category), exact(1, 2, 3, 17), said)
    assert (verdict.status, verdict.difference) == (Status.FAILED, "-11")


@given(near, st.integers(min_value=-60, max_value=130))
def test_an_explanation_covers_its_amount_and_no_other(values: list[int], amount: int) -> None:
    gap = sum(values[:3]) - values[3]
    said = [explanation(amount=Decimal(amount))]
    [plainly], [verdict] = ask(tie(), exact(*values)), ask(tie(), exact(*values), said)
    assert (verdict.status is Status.PASSED) == (gap in {0, amount})
    assert (verdict.difference, verdict.found) == (plainly.difference, plainly.found)
    assert (verdict.detail != "") == (gap != 0)
    [other] = ask(tie(), exact(*values), [explanation(rule="X-2", amount=Decimal(amount))])
    assert other == plainly


def test_an_explanation_of_another_cell_does_not_help() -> None:
    [verdict] = ask(tie(), exact(7, 0, 0, 2), [explanation(cell="more.a")])
    assert (verdict.status, verdict.detail) == (Status.FAILED, "")


def test_an_explained_difference_is_told_with_who_says_so() -> None:
    [verdict] = ask(tie(), exact(7, 0, 0, 2), [explanation(text="含自然失效5件")])
    assert (verdict.status, verdict.failed, verdict.detail) == (Status.PASSED, 0, "已说明：含自然失效5件（5，主任）")
