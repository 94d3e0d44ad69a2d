"""Figures: exact at the door, found by code and by name, never changed in place."""

import pytest

from tests.yearbook.factory import figure
from yearbook.errors import Refusal
from yearbook.figure import Figures


def test_found_by_code_and_by_name() -> None:
    figures = Figures([figure("a.total", 11, name="甲"), figure("a.x", 13, name="甲·乙"), figure("b", 17, name="丙")])
    assert figures["a.total"] is figures["甲"]
    assert [f.code for f in figures.parts("a")] == ["a.total", "a.x"]
    assert list(figures) == ["a.total", "a.x", "b"]
    assert "甲" not in figures
    with pytest.raises(Refusal, match="丁"):
        figures["丁"]


def test_two_figures_of_one_code_are_refused() -> None:
    with pytest.raises(ValueError, match="a"):
        Figures([figure("a", 1), figure("a", 2)])


def test_guards_make_new_figures() -> None:
    before = Figures([figure("a", 1)])
    after = before.guarded({"a": ("R-1", "R-2")}, {"a": ("R-2",)})
    assert after["a"].rules == ("R-1", "R-2")
    assert after["a"].open_findings == ("R-2",)
    assert before["a"].rules == ()


def test_inexact_values_are_refused() -> None:
    with pytest.raises(TypeError):
        figure("a", 1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        figure("a", 1, base=0.5)  # type: ignore[arg-type]
