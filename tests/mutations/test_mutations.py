"""The gate holds: what gets through is known by name, and nothing is found where nothing is wrong."""

from collections import Counter

import pytest

from tests.mutations.changes import Change
from tests.mutations.fault import GROUPS, LISTS, ROWS, Outcome
from tests.mutations.material import PROJECT
from tests.mutations.page import page, percent, shares, unexplained
from tests.mutations.trying import Trial
from yearbook.errors import Refusal
from yearbook.verdict import Status

LEAST_FAULTS, LEAST_OF_A_GROUP = 500, 25
# Every so many faults in rows and code lists goes the whole way as well.
WHOLE_WAY_EVERY = 67


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    return Trial(tmp_path_factory.mktemp("mutations"))


@pytest.fixture(scope="module")
def outcomes(trial: Trial) -> list[Outcome]:
    return trial.outcomes()


def test_nothing_is_found_where_nothing_is_wrong(trial: Trial) -> None:
    assert trial.clean.findings == frozenset()
    assert trial.small.findings == frozenset()
    passed = [verdict for verdict in trial.clean.report.verdicts if verdict.status is Status.PASSED]
    assert len(passed) > 300


def test_there_are_enough_faults_of_every_group(outcomes: list[Outcome]) -> None:
    counts = Counter(outcome.fault.group for outcome in outcomes if outcome.counts)
    assert counts.total() >= LEAST_FAULTS
    assert set(counts) == set(GROUPS)
    assert min(counts.values()) >= LEAST_OF_A_GROUP


def test_nearly_all_that_the_material_tells_is_caught(outcomes: list[Outcome]) -> None:
    _, caught, missed = shares(outcomes)
    assert percent(caught, caught + missed) >= 99


def test_what_gets_through_is_known_by_name(outcomes: list[Outcome]) -> None:
    new, gone = unexplained(outcomes)
    assert new == [], "got through and is not explained in escapes.toml"
    assert gone == [], "explained in escapes.toml and caught by now"


def test_the_page_is_that_of_this_run(trial: Trial, outcomes: list[Outcome]) -> None:
    written = (PROJECT / "docs" / "proof-of-the-gate.md").read_text(encoding="utf-8")
    assert page(outcomes, trial.clean.run.library, alarms=trial.alarms) == written, (
        "write it again with python -m tests.mutations"
    )


def test_the_short_way_says_what_the_whole_way_says(trial: Trial, outcomes: list[Outcome]) -> None:
    asked = [outcome for outcome in outcomes if outcome.fault.group in {ROWS, LISTS}][::WHOLE_WAY_EVERY]
    changes = {outcome: trial.change(outcome.fault) for outcome in asked if not _refused_at_once(trial, outcome)}
    assert len(changes) >= 9
    for outcome, change in changes.items():
        assert isinstance(change, Change)
        assert trial.gate.whole_way(change) == outcome


def _refused_at_once(trial: Trial, outcome: Outcome) -> bool:
    try:
        trial.change(outcome.fault)
    except Refusal:
        return True
    return False
