"""Waivers for all values: exactly one rule, cell and difference, to the end of one day; and never a pass."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.yearbook.ties.factory import exact, explanation, tie, waiver
from yearbook.catalog import Explanation, Waiver
from yearbook.ties import judge, judge_exceptions, waive
from yearbook.verdict import Severity, Status, Verdict

DAY = date(2024, 1, 31)
PLACE = "格 sum.a、格 sum.b等"
EXPIRED = tie(code="W-1", kind="expired", severity="warning")
UNUSED = tie(code="W-2", kind="unused", severity="warning")


def broken(by: int = 5, code: str = "X-1") -> Verdict:
    [verdict] = judge([tie(code=code)], exact(1 + by, 2, 4, 7), year=2023, properties=frozenset())
    return verdict


def without_difference(failed: int = 1) -> Verdict:
    return Verdict(
        code="VEH-03",
        say="不重复。",
        severity=Severity.FATAL,
        status=Status.FAILED,
        place="登记",
        evaluated=9,
        failed=failed,
    )


def exceptions(
    answers: list[Verdict], waivers: list[Waiver], said: list[Explanation] | None = None, *, day: date = DAY
) -> list[tuple[str, Status, str]]:
    marked = waive(answers, waivers, day=day)
    found = judge_exceptions(
        [tie(), EXPIRED, UNUSED], marked, waivers, said or [], year=2023, properties=frozenset(), day=day
    )
    return [(verdict.code, verdict.status, verdict.place) for verdict in found]


def test_a_waived_breach_does_not_block_and_is_still_a_finding() -> None:
    before = broken()
    [after] = waive([before], [waiver()], day=DAY)
    assert (before.blocks, before.is_finding) == (True, True)
    assert (after.status, after.blocks, after.is_finding, after.failed) == (Status.WAIVED, False, True, 1)
    assert after.detail == "豁免：已核实（主任，至2024-01-31）"
    assert (after.place, after.expected, after.found, after.difference) == (PLACE, "= 7", "12", "5")


@given(st.integers(min_value=-6, max_value=6), st.sampled_from(["X-1", "X-2"]), st.integers(-400, 400))
def test_a_waiver_covers_its_rule_and_difference_until_its_day(by: int, code: str, days: int) -> None:
    [verdict] = waive([broken(by, code)], [waiver()], day=DAY + timedelta(days=days))
    covered = by == 5 and code == "X-1" and days <= 0
    assert verdict.status is (Status.WAIVED if covered else Status.FAILED if by else Status.PASSED)


@pytest.mark.parametrize("cell", ["格 sum.a", "格 sum.a、格 sum.b", "", "sum.a"])
def test_a_waiver_of_another_place_covers_nothing(cell: str) -> None:
    assert waive([broken()], [waiver(cell=cell)], day=DAY) == (broken(),)


def test_of_many_breaches_only_the_one_is_waived() -> None:
    others = [broken(4), broken(5, "X-2"), broken(0)]
    found = waive([*others, broken()], [waiver()], day=DAY)
    assert found[0] == replace(others[0], detail="登记的豁免差额为 5，现为 4，不适用")
    assert found[1:3] == tuple(others[1:])
    assert found[3].status is Status.WAIVED


@pytest.mark.parametrize(("failed", "status"), [(3, Status.WAIVED), (4, Status.FAILED), (2, Status.FAILED)])
def test_a_breach_without_a_difference_is_known_by_its_failing_rows(failed: int, status: Status) -> None:
    rows = waiver(rule="VEH-03", cell="登记", difference="3")
    assert [verdict.status for verdict in waive([without_difference(failed)], [rows], day=DAY)] == [status]


def test_what_was_said_before_stays_beside_the_waiver() -> None:
    [wrong] = judge([tie()], exact(6, 2, 4, 7), year=2023, properties=frozenset(), explanations=[explanation(amount=4)])
    [verdict] = waive([wrong], [waiver()], day=DAY)
    assert verdict.detail == "说明合计 4，与差额不符：另计（4，主任）；豁免：已核实（主任，至2024-01-31）"


@given(st.integers(min_value=-3, max_value=3))
def test_a_waiver_has_run_out_the_day_after(days: int) -> None:
    found = exceptions([broken()], [waiver()], day=DAY + timedelta(days=days))
    assert ("W-1", Status.FAILED, f"X-1，{PLACE}") in found if days > 0 else found[0][1] is Status.PASSED
    unused = Status.NOT_EVALUATED if days > 0 else Status.PASSED
    assert found[-1][:2] == ("W-2", unused), "one that ran out is not unused as well"


@pytest.mark.parametrize("by", [0, 4, 5])
def test_a_waiver_that_nothing_needed_is_found(by: int) -> None:
    found = exceptions([broken(by)], [waiver()])
    place = "全部豁免和说明" if by == 5 else f"X-1，{PLACE}"
    assert found[-1] == ("W-2", Status.PASSED if by == 5 else Status.FAILED, place)


def test_a_waiver_of_what_is_explained_already_is_unused() -> None:
    said = [explanation()]
    answers = list(judge([tie()], exact(6, 2, 4, 7), year=2023, properties=frozenset(), explanations=said))
    assert answers[0].status is Status.PASSED
    assert exceptions(answers, [waiver()], said)[-1] == ("W-2", Status.FAILED, f"X-1，{PLACE}")


@given(st.integers(min_value=-5, max_value=5))
def test_an_explanation_without_a_difference_is_found(by: int) -> None:
    said = [explanation()]
    answers = judge([tie()], exact(1 + by, 2, 4, 7), year=2023, properties=frozenset(), explanations=said)
    found = exceptions(list(answers), [], said)
    assert found[-1] == ("W-2", *((Status.PASSED, "全部豁免和说明") if by else (Status.FAILED, "X-1，sum.a")))


@pytest.mark.parametrize("fields", [{"rule": "X-2"}, {"cell": "more.a"}])
def test_an_explanation_is_not_used_by_what_is_said_of_another_rule_or_cell(fields: dict[str, str]) -> None:
    used, idle = explanation(), explanation(**fields)
    answers = judge([tie()], exact(6, 2, 4, 7), year=2023, properties=frozenset(), explanations=[used, idle])
    place = f"{idle.rule}，{idle.cell}"
    assert exceptions(list(answers), [], [used, idle])[-1] == ("W-2", Status.FAILED, place)


def test_a_declared_scope_is_never_unused() -> None:
    assert exceptions([broken(0)], [], [explanation(scope="全市")]) == [
        ("W-1", Status.NOT_EVALUATED, "全部豁免和说明"),
        ("W-2", Status.NOT_EVALUATED, "全部豁免和说明"),
    ]


def test_every_exception_is_counted_or_found() -> None:
    waivers = [waiver(), waiver(rule="X-2"), waiver(rule="X-3", until=DAY - timedelta(days=1))]
    assert exceptions([broken()], waivers) == [
        ("W-1", Status.FAILED, f"X-3，{PLACE}"),
        ("W-2", Status.FAILED, f"X-2，{PLACE}"),
    ]


@pytest.mark.parametrize(("year", "count"), [(2020, 0), (2021, 2), (2023, 2)])
def test_rules_on_exceptions_hold_for_their_years(year: int, count: int) -> None:
    found = judge_exceptions([EXPIRED, UNUSED], [], [], [], year=year, properties=frozenset(), day=DAY)
    assert [verdict.evaluated for verdict in found] == [0] * count
