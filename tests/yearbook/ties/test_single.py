"""Rules on single cells for all values: numbers that cannot be right, uncounted zeros, changes out of the ordinary."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from tests.yearbook.ties.factory import KNOWN, cell, exact, tie
from yearbook.quantity import Exact, Interval
from yearbook.ties import Cells, judge
from yearbook.verdict import Status, Verdict

exact_numbers = st.one_of(st.integers(-(10**12), 10**12), st.decimals(-(10**9), 10**9, places=2))
counts = st.integers(min_value=0, max_value=10**7)


def ask(cells: Cells, **fields: Any) -> tuple[Verdict, ...]:
    return judge([tie(right=(), **fields)], cells, year=2023, properties=frozenset())


def outlier(now: Exact, base: Exact, *, limit: int, least: int = 0) -> Verdict:
    cells = Cells([cell("lone", now, base=Interval(base, base))], KNOWN)
    [verdict] = ask(cells, kind="outlier", left=("lone",), limit=limit, least=least)
    return verdict


@given(exact_numbers, st.booleans())
def test_a_cell_holds_a_number_that_can_be_right(value: Exact, whole: bool) -> None:
    [verdict] = ask(Cells([cell("lone", value, whole=whole)], KNOWN), kind="cells", left=("lone",))
    right = value >= 0 and not (whole and value != int(value))
    assert verdict.status is (Status.PASSED if right else Status.FAILED)
    assert verdict.evaluated == 1


@given(st.integers(-99, 99), st.integers(0, 99), st.booleans())
def test_a_range_is_wrong_only_where_all_of_it_is(low: int, width: int, whole: bool) -> None:
    [verdict] = ask(Cells([cell("lone", low, low + width, whole=whole)], KNOWN), kind="cells", left=("lone",))
    assert (verdict.status is Status.FAILED) == (low + width < 0)


def test_what_is_right_stays_answered_beside_what_is_wrong() -> None:
    cells = Cells([cell("sum.a", 3), cell("sum.b", -1), cell("more.a", 0)], KNOWN)
    found = ask(cells, kind="cells", left=("sum.*", "more.a"))
    assert [(v.status, v.figures, v.evaluated) for v in found] == [
        (Status.FAILED, ("sum.b",), 1),
        (Status.FAILED, ("sum.c",), 1),
        (Status.PASSED, ("sum.a", "more.a"), 2),
    ]
    assert [v.found for v in found] == ["-1", "空白", None]


@given(st.integers(0, 3), st.sampled_from([None, 0, 1, 12]), st.booleans())
def test_a_zero_needs_rows_or_a_source_that_may_have_none(value: int, rows: int | None, may_be_empty: bool) -> None:
    cells = Cells([cell("lone", value, rows_read=rows, may_be_empty=may_be_empty)], KNOWN)
    [verdict] = ask(cells, kind="nil", left=("lone",))
    if value or rows is None:
        assert (verdict.status, verdict.evaluated) == (Status.NOT_EVALUATED, 0)
    else:
        assert verdict.status is (Status.PASSED if rows or may_be_empty else Status.FAILED)
        assert verdict.evaluated == 1


def test_a_range_that_may_be_zero_is_no_zero() -> None:
    [verdict] = ask(Cells([cell("lone", 0, 4, rows_read=0)], KNOWN), kind="nil", left=("lone",))
    assert verdict.status is Status.NOT_EVALUATED


@given(st.lists(st.integers(0, 1), min_size=3, max_size=3), st.sampled_from([None, 0, 7]))
def test_a_list_is_emptied_where_rows_were_read_and_none_counts(values: list[int], rows: int | None) -> None:
    cells = Cells((cell(code, value, rows_read=rows) for code, value in zip(KNOWN, values, strict=False)), KNOWN)
    [verdict] = ask(cells, kind="emptied", left=("sum.*",))
    expected = Status.NOT_EVALUATED if not rows else Status.PASSED if any(values) else Status.FAILED
    assert (verdict.status, verdict.figures) == (expected, ("sum.a", "sum.b", "sum.c"))


@given(counts, counts, st.integers(1, 99), st.integers(0, 500))
@example(120, 100, 20, 0)
@example(80, 100, 20, 20)
@example(121, 100, 20, 21)
def test_a_change_beyond_the_limit_is_an_outlier_both_ways(now: int, base: int, limit: int, least: int) -> None:
    change = abs(now - base)
    beyond = change >= max(least, 1) and change * 100 > limit * max(base, 1)
    verdict = outlier(now, base, limit=limit, least=least)
    assert verdict.status is (Status.FAILED if beyond else Status.PASSED)
    assert verdict.difference == (str(now - base) if beyond else None)


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.integers(100, 900))
def test_a_limit_of_times_is_the_same_up_and_down(now: int, base: int, limit: int) -> None:
    there, back = outlier(now, base, limit=limit), outlier(base, now, limit=limit)
    assert there.status is back.status
    assert (there.status is Status.FAILED) == (max(now, base) * 100 > min(now, base) * (100 + limit))
    if there.status is Status.FAILED:
        assert there.expected == back.expected
        assert Decimal(there.difference or "0") == -Decimal(back.difference or "0")


@given(counts, st.integers(0, 10**5), counts, st.integers(0, 10**5), st.sampled_from([20, 50, 400]))
def test_a_range_is_an_outlier_only_where_every_choice_is(
    now: int, now_width: int, base: int, base_width: int, limit: int
) -> None:
    ends = cell("lone", now, now + now_width, base=Interval(base, base + base_width))
    [verdict] = ask(Cells([ends], KNOWN), kind="outlier", left=("lone",), limit=limit, least=200)
    assume(verdict.status is Status.FAILED)
    for low_or_high in (now, now + now_width):
        for before in (base, base + base_width):
            assert outlier(low_or_high, before, limit=limit, least=200).status is Status.FAILED


@given(st.lists(st.tuples(counts, st.integers(1, 10**7)), min_size=3, max_size=3))
def test_contributions_add_up_to_the_change_of_the_whole(members: list[tuple[int, int]]) -> None:
    now, base = (sum(member[i] for member in members) for i in (0, 1))
    assume(now != base)
    cells = Cells(
        [
            cell("sum.total", now, base=Interval(base, base)),
            *(cell(code, n, base=Interval(b, b)) for code, (n, b) in zip(KNOWN, members, strict=False)),
        ],
        KNOWN,
    )
    rule = tie(kind="outlier", left=("sum.total",), right=("sum.*",), limit=Decimal("0.0000001"))
    [verdict] = judge([rule], cells, year=2023, properties=frozenset())
    told = verdict.detail.removeprefix("对变化的贡献（百分点）：").split("、")
    points = [Decimal(each.split(" ")[1]) for each in told]
    assert abs(sum(points) - Decimal(100 * (now - base)) / base) <= Decimal("0.02")
    assert [abs(point) for point in points] == sorted((abs(point) for point in points), reverse=True)
    assert (verdict.found or "").startswith("增加" if now > base else "减少")


@pytest.mark.parametrize("kind", ["outlier", "restated"])
def test_without_the_year_before_nothing_is_judged(kind: str) -> None:
    [verdict] = ask(exact(5), kind=kind, left=("sum.a",), limit=10)
    assert (verdict.status, verdict.evaluated, verdict.figures) == (Status.NOT_EVALUATED, 0, ("sum.a",))


@given(counts, counts, st.integers(0, 9))
def test_a_base_is_restated_where_it_is_not_what_was_published(base: int, published: int, width: int) -> None:
    moved = cell("lone", 1, base=Interval(base, base), published=Interval(published, published + width))
    [verdict] = ask(Cells([moved], KNOWN), kind="restated", left=("lone",))
    assert (verdict.status is Status.PASSED) == (published <= base <= published + width)
    if verdict.status is Status.FAILED and not width:
        assert (verdict.expected, verdict.found) == (str(published), str(base))
        assert verdict.difference == str(base - published)


@pytest.mark.parametrize("kind", ["cells", "nil", "emptied", "outlier", "restated"])
@pytest.mark.parametrize(
    ("fields", "year", "properties", "asked"),
    [
        ({}, 2020, set(), False),
        ({}, 2021, set(), True),
        ({"until": 2022}, 2022, set(), True),
        ({"until": 2022}, 2023, set(), False),
        ({"unless": "government"}, 2023, {"government"}, False),
        ({"unless": "government"}, 2023, {"rule_making"}, True),
    ],
)
def test_a_rule_is_asked_in_its_years_and_of_its_bodies(
    kind: str, fields: dict[str, Any], year: int, properties: set[str], asked: bool
) -> None:
    rule = tie(kind=kind, left=("sum.a",), limit=5, **fields)
    assert bool(judge([rule], exact(5), year=year, properties=frozenset(properties))) is asked
