"""Tie-outs of one body: nothing of what it does not count, and all of what it counts."""

from pathlib import Path

import pytest

from tasks.library import Library, load_library
from yearbook.catalog import Tie
from yearbook.ties import own_ties
from yearbook.ties.terms import require_terms

MARKET = ("market_entities", "registration_business", "complaints")
TRAFFIC = ("motor_vehicles", "drivers", "vehicle_business", "licence_business", "incidents")


@pytest.fixture(scope="module")
def whole() -> Library:
    """The whole catalogue."""
    return load_library(Path(__file__).parents[3])


def own(library: Library, *without: str) -> dict[str, Tie]:
    """The ties of a body that has every indicator but some."""
    return {tie.code: tie for tie in own_ties(library.ties, [c for c in library.indicators if c not in without])}


def test_a_body_that_counts_everything_has_every_rule_as_it_stands(whole: Library) -> None:
    assert own_ties(whole.ties, list(whole.indicators)) == whole.ties


def test_an_equation_without_one_of_its_terms_is_no_rule(whole: Library) -> None:
    found = own(whole, *TRAFFIC)
    assert not {"T2-4", "B-1a", "B-1b", "B-1c", "B-1d", "B-2", "B-3a", "B-3b"} & set(found)
    assert {"B-5a", "B-5b", "B-5c", "B-6", "T3-1", "N-1", "N-5"} <= set(found)
    assert not {"B-5a", "B-5b", "B-5c", "B-6"} & set(own(whole, *MARKET))
    # half of its right side would be another rule
    assert "T2-4" not in own(whole, "licence_business")


def test_what_runs_through_a_name_is_only_what_the_body_counts(whole: Library) -> None:
    found = own(whole, *TRAFFIC)
    assert found["O-1"].each == {"list": ("market_entities",)}
    assert found["O-2"].each == {"list": ("registration_business", "published_items")}
    assert found["T3-1"].each == next(tie for tie in whole.ties if tie.code == "T3-1").each
    # here a whole pattern runs through the name
    assert "market_entities.*" in found["Z-2"].each["list"]
    assert "motor_vehicles.*" not in found["Z-2"].each["list"]
    assert "penalty_decisions" in found["Z-2"].each["list"]
    assert "O-1" not in own(whole, *TRAFFIC, *MARKET)


def test_of_figures_looked_at_one_by_one_the_others_stay(whole: Library) -> None:
    found = own(whole, *TRAFFIC)
    assert found["O-3"].left == (
        "complaints.received",
        "licensing_decisions",
        "penalty_decisions",
        "compulsion_measures",
    )
    assert found["N-8"].left[:2] == ("published_items.*", "published_items.total")
    assert not any(term.startswith(TRAFFIC) for tie in found.values() for term in (*tie.left, *tie.right))
    assert found["XY-2"].left == next(tie for tie in whole.ties if tie.code == "XY-2").left


def test_rules_on_the_document_speak_of_every_body(whole: Library) -> None:
    assert {"N-3", "N-6", "N-7", "D-1", "D-2", "D-3", "D-4", "L-1", "W-1", "W-2"} <= set(own(whole, *TRAFFIC))


def test_related_rules_are_rules_of_the_body(whole: Library) -> None:
    found = own(whole, *TRAFFIC)
    assert found["T2-3"].related == ()
    require_terms(found.values(), [f for c, i in whole.indicators.items() if c not in TRAFFIC
                                   for f in map(i.figure_code, i.combinations())])  # fmt: skip
