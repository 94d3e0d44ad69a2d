"""Fingerprints, decisions that hold as long as the value does, and what is told of a finding's past."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yearbook.findings import (
    Choice,
    Decision,
    Finding,
    Seen,
    State,
    fingerprint,
    follow,
    found_words,
    ordered,
    value_digest,
)
from yearbook.verdict import Category, Impact, Severity, Status, Verdict

BEGAN = datetime(2024, 1, 8, 1, 30, tzinfo=UTC)
FAILED = Verdict(
    code="VEH-61",
    say="每辆车都有状态。",
    severity=Severity.WARNING,
    status=Status.FAILED,
    place="vehicles.vehicle_register，列 status",
    evaluated=4_711,
    failed=13,
    expected="0 行",
    found="13 行",
    difference="13",
    do="补录。",
    owner="车管所",
)


def seen(run: int, verdict: Verdict, year: int = 2023) -> Seen:
    names = ("code", "place", "status", "evaluated", "failed", "expected", "found", "difference")
    return Seen(run=run, year=year, at=BEGAN + timedelta(days=run), **{n: getattr(verdict, n) for n in names})


def decided(run: int, verdict: Verdict, choice: Choice = Choice.JUSTIFIED, *, body: str = "demo") -> Decision:
    return Decision(
        fingerprint=fingerprint(body, 2023, verdict),
        value=value_digest(verdict),
        run=run,
        body=body,
        year=2023,
        code=verdict.code,
        place=verdict.place,
        choice=choice,
        reason="理由",
        name="张三",
        decided_at=BEGAN + timedelta(days=run, hours=1),
    )


def found(verdict: Verdict, history: list[Seen], *decisions: Decision) -> Finding:
    return follow(
        verdict,
        mark=fingerprint("demo", 2023, verdict),
        value=value_digest(verdict),
        year=2023,
        run=history[-1].run,
        seen=history,
        decisions=decisions,
    )


def test_the_fingerprint_is_that_of_body_year_rule_and_place_alone() -> None:
    mark = fingerprint("demo", 2023, FAILED)
    moved = replace(
        FAILED,
        failed=14,
        found="14 行",
        status=Status.NOT_EVALUATED,
        say="另说。",
        do="另办。",
        owner="别人",
        severity=Severity.FATAL,
        category=Category.FORM,
        detail="说明",
        rows=("ab" * 8,),
    )
    assert fingerprint("demo", 2023, moved) == mark
    others = {
        fingerprint("demo2", 2023, FAILED),
        fingerprint("demo", 2022, FAILED),
        fingerprint("demo", 2023, replace(FAILED, code="VEH-62")),
        fingerprint("demo", 2023, replace(FAILED, place=FAILED.place + "（上年基数）")),
    }
    assert len(others | {mark}) == 5
    # decisions are found by it for years: it must not change with the program
    assert mark == sha256(b'["demo",2023,"VEH-61","vehicles.vehicle_register\\uff0c\\u5217 status"]').hexdigest()


@given(st.tuples(*[st.text(max_size=3)] * 2), st.tuples(*[st.text(max_size=3)] * 2))
def test_no_two_places_share_a_fingerprint(one: tuple[str, str], other: tuple[str, str]) -> None:
    marks = [fingerprint("demo", 2023, replace(FAILED, code=code, place=place)) for code, place in (one, other)]
    assert (marks[0] == marks[1]) == (one == other)


@pytest.mark.parametrize(
    "change",
    [
        {"failed": 14},
        {"status": Status.NOT_EVALUATED},
        {"expected": None},
        {"expected": "1 行"},
        {"found": "14 行"},
        {"difference": "-13"},
    ],
)
def test_the_value_is_what_the_rule_found(change: dict[str, object]) -> None:
    assert value_digest(replace(FAILED, **change)) != value_digest(FAILED)  # type: ignore[arg-type]


def test_the_value_is_not_how_it_is_told() -> None:
    impact = Impact("motor_vehicles.total", "机动车", "辆", base=False, counted="7", without="6", difference="-1")
    told = replace(
        FAILED, say="另说。", detail="说明", do="另办。", rows=("ab" * 8,), impact=(impact,), evaluated=4_712
    )
    assert value_digest(told) == value_digest(FAILED)


def test_without_a_decision_it_is_open() -> None:
    finding = found(FAILED, [seen(3, FAILED)])
    assert (finding.state, finding.is_open, finding.decision, finding.was) == (State.OPEN, True, None, None)
    assert finding.why_reopened == ""


@pytest.mark.parametrize("choice", [Choice.JUSTIFIED, Choice.ACCEPTED])
def test_a_decision_holds_while_the_value_does(choice: Choice) -> None:
    decision = decided(3, FAILED, choice)
    passed = replace(FAILED, status=Status.PASSED, failed=0, found="0 行", difference="0")
    for history in ([seen(3, FAILED)], [seen(3, FAILED), seen(5, passed), seen(9, FAILED)]):
        finding = found(FAILED, history, decision)
        assert (finding.state, finding.is_open, finding.decision) == (State.DECIDED, False, decision)
        assert finding.why_reopened == ""


def test_a_moved_value_reopens_and_says_what_it_was() -> None:
    now = replace(FAILED, failed=17, found="17 行", difference="17")
    finding = found(now, [seen(3, FAILED), seen(4, now)], decided(3, FAILED))
    assert (finding.state, finding.is_open) == (State.REOPENED, True)
    assert finding.was == seen(3, FAILED)
    assert finding.why_reopened == (
        "登记为“属实有因”时为不通过，不符 13（应为 0 行，实为 13 行，差额 13），"
        "现为不通过，不符 17（应为 0 行，实为 17 行，差额 17）。"
    )


def test_what_was_fixed_and_is_still_there_is_reopened() -> None:
    decision = decided(3, FAILED, Choice.FIXED)
    assert found(FAILED, [seen(3, FAILED)], decision).state is State.DECIDED
    finding = found(FAILED, [seen(3, FAILED), seen(4, FAILED)], decision)
    assert finding.state is State.REOPENED
    assert finding.why_reopened == ("登记为“已更正”后再次运行，仍为不通过，不符 13（应为 0 行，实为 13 行，差额 13）。")


def test_the_newest_decision_counts() -> None:
    now = replace(FAILED, failed=17)
    history = [seen(3, FAILED), seen(4, now)]
    old, new = decided(3, FAILED), decided(4, now, Choice.ACCEPTED)
    assert found(now, history, old, new).state is State.DECIDED
    assert found(now, history, new, old).state is State.REOPENED


def test_a_decision_about_another_place_or_body_does_not_count() -> None:
    elsewhere = decided(3, replace(FAILED, place="别处"))
    assert found(FAILED, [seen(3, FAILED)], elsewhere, decided(3, FAILED, body="yunlu")).decision is None


def test_a_waived_finding_is_waived_whatever_was_decided() -> None:
    waived = replace(FAILED, status=Status.WAIVED)
    finding = found(waived, [seen(3, waived)], decided(3, FAILED))
    assert (finding.state, finding.is_open) == (State.WAIVED, False)


def test_first_and_last_seen_are_of_the_year_and_passes_are_no_sight() -> None:
    passed = replace(FAILED, status=Status.PASSED, failed=0)
    history = [seen(1, FAILED, 2022), seen(2, passed), seen(3, FAILED), seen(5, passed), seen(8, FAILED)]
    finding = found(FAILED, history)
    assert (finding.first_seen, finding.last_seen) == (BEGAN + timedelta(days=3), BEGAN + timedelta(days=8))
    assert finding.runs == 2
    assert finding.trend == tuple(history)
    assert [(s.year, s.run, s.failed, s.status.value) for s in finding.trend][:2] == [
        (2022, 1, 13, "failed"), (2023, 2, 0, "passed"),
    ]  # fmt: skip


def test_a_history_without_the_run_is_a_mistake() -> None:
    passed = replace(FAILED, status=Status.PASSED)
    with pytest.raises(ValueError, match="lacks the run"):
        found(FAILED, [seen(3, FAILED), seen(4, passed)])


def test_worst_first_then_what_waits() -> None:
    fatal = replace(FAILED, severity=Severity.FATAL, code="ZZZ-01")
    other = replace(FAILED, code="VEH-60")
    note = replace(FAILED, severity=Severity.INFORMATION, code="AAA-01")
    done = found(other, [seen(3, other)], decided(3, other))
    mixed = [found(note, [seen(3, note)]), done, found(FAILED, [seen(3, FAILED)]), found(fatal, [seen(3, fatal)])]
    assert [finding.verdict.code for finding in ordered(mixed)] == ["ZZZ-01", "VEH-61", "VEH-60", "AAA-01"]
    assert ordered(reversed(mixed)) == ordered(mixed)


def test_words_leave_out_what_there_is_not() -> None:
    bare = replace(FAILED, expected=None, found=None, difference=None, status=Status.NOT_EVALUATED, failed=0)
    assert found_words(bare) == "未评估，不符 0"
    assert seen(3, bare).words == "未评估，不符 0"
