"""Cells: what a report's numbers can stand for, where they stand, and what the body says about them."""

from decimal import Decimal

import pytest

from tests.yearbook.factory import figure
from tests.yearbook.ties.factory import cell, explanation
from yearbook.figure import Figures
from yearbook.form.edition_2021 import TABLES
from yearbook.quantity import Interval, Unit
from yearbook.ties import Cells, cells_of
from yearbook.ties.cells import ADDRESSES, told


def test_our_own_cells_are_exact() -> None:
    figures = Figures([figure("drivers.total", 17, base=13, name="驾驶人保有量")])
    [own] = cells_of(figures, {"drivers.total": 11}).values()
    assert (own.value, own.base, own.published) == (Interval(17, 17), Interval(13, 13), Interval(11, 11))
    assert (own.place, own.rows_read, own.may_be_empty, own.whole) == ("驾驶人保有量", 0, False, True)
    [bare] = cells_of(Figures([figure("drivers.total", 0)])).values()
    assert (bare.base, bare.published) == (None, None)


@pytest.mark.parametrize(("unit", "whole"), [(unit, unit not in {Unit.YUAN, Unit.WAN_YUAN}) for unit in Unit])
def test_only_money_has_decimals(unit: Unit, whole: bool) -> None:
    [own] = cells_of(Figures([figure("x", Decimal("1.5"), unit=unit)])).values()
    assert own.whole is whole


def test_every_cell_of_the_form_is_named_by_its_address_also_when_blank() -> None:
    assert len(ADDRESSES) == len(set(ADDRESSES.values())) == sum(len(table.number_cells()) for table in TABLES.values())
    code = "cases.reconsideration.total"
    filled = cells_of(Figures([figure(code, 3, name="别的名称")]))
    assert filled.place(code) == Cells([], [code]).place(code) == filled[code].place == "表四 行政复议 总计"


def test_a_blank_cell_is_known_and_absent() -> None:
    cells = Cells([cell("a", 1)], ["a", "b"])
    assert ("b" in cells, len(cells), tuple(cells.known)) == (False, 1, ("a", "b"))
    with pytest.raises(KeyError, match="b"):
        cells["b"]


def test_what_the_body_declares_stands_in_the_cell_and_nowhere_else() -> None:
    cells = Cells([cell("a", 1, counting="收案"), cell("b", 2, scope="本级")], ["a", "b", "c"])
    said = [
        explanation(cell="a", scope="全市"),
        explanation(cell="b", counting="办结"),
        explanation(cell="c", scope="全市"),
    ]
    declared = cells.explained(said)
    assert {code: (each.scope, each.counting) for code, each in declared.items()} == {
        "a": ("全市", "收案"),
        "b": ("本级", "办结"),
    }
    assert cells["a"].scope == ""
    assert declared["a"].value == cells["a"].value


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (Interval(7, 7), "7"),
        (Interval(Decimal("7.10"), Decimal("7.1")), "7.10"),
        (Interval(7, 9), "7—9"),
        (Interval(Decimal("1E+6"), Decimal("2E+6")), "1000000—2000000"),
    ],
)
def test_an_interval_is_told_by_its_ends(interval: Interval, text: str) -> None:
    assert told(interval) == text
