"""The rules on cells against reports that bodies really published: no false alarm, and no wrong cell goes unseen.

A printed number is all values it can stand for. What the rules may say of these reports is listed in the fixtures.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tasks.library import load_library
from yearbook.catalog import Tie
from yearbook.form.edition_2021 import TABLES
from yearbook.quantity import Interval
from yearbook.ties import Cell, Cells, judge
from yearbook.ties.cells import ADDRESSES
from yearbook.ties.numerals import read_numeral
from yearbook.verdict import Status, Verdict

HERE = Path(__file__).resolve().parent
REPORTS = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.toml"))}
LIBRARY = load_library(HERE.parents[1])
ON_CELLS = {"equation", "cells", "nil", "emptied", "outlier", "restated"}
OTHER_ROWS = ("other_not_corrected", "other_fee_unpaid", "other_misc")
# The city has a people's congress of its own and makes rules.
PROPERTIES = {"huaian_2024": frozenset({"rule_making", "government"})}
BEFORE_THE_FORM = {"2019": dict.fromkeys(OTHER_ROWS, "other")}
# What each rule can judge where only one year's report is known: equations or cells.
JUDGED_2021 = {
    "T3-1": 7, "T3-2": 7, "T3-3a": 3, "T3-3b": 22, "T3-4": 175, "T3-5": 1, "T3-6": 4, "T3-7": 28, "T4-1": 3,
    "T4-5": 15, "T2-2": 1, "T2-5": 10,
}  # fmt: skip
JUDGED = {
    "ganzhou_jkq_2023": JUDGED_2021
    | dict.fromkeys(["T2-4", "B-1a", "B-1b", "B-1c", "B-1d", "B-2", "B-3a", "B-3b", "N-1"], 1),
    "hongze_2024": JUDGED_2021 | {"T3-3b": 20, "T3-4": 161, "T3-6": 3, "T3-7": 21, "N-5": 1},
    "huaian_2024": {code: count for code, count in JUDGED_2021.items() if code != "T2-2"} | {"N-5": 1},
    "shuyang_2025": JUDGED_2021 | {"N-5": 1},
}
# Wrong cells caught and tried, by table. Table two has no arithmetic without the year before; two outcomes of one group
# of table four that change places leave every sum as it is.
CAUGHT = {
    "ganzhou_jkq_2023": {"表二": (9, 24), "表三": (350, 350), "表四": (30, 30)},
    "hongze_2024": {"表二": (7, 28), "表三": (362, 362), "表四": (43, 48)},
    "huaian_2024": {"表二": (1, 33), "表三": (481, 481), "表四": (50, 58)},
    "shuyang_2025": {"表二": (6, 29), "表三": (448, 448), "表四": (46, 52)},
}

every_report = pytest.mark.parametrize("name", REPORTS)


def own_rows(code: str, layout: str) -> str:
    """The code of a cell in the layout a report has."""
    for row, older in BEFORE_THE_FORM.get(layout, {}).items():
        code = code.replace(f"applications_results.{row}.", f"applications_results.{older}.")
    return code


def rules(layout: str) -> list[Tie]:
    """The rules on cells; for a layout before the form, on its one row in place of three."""
    renamed = BEFORE_THE_FORM.get(layout, {})
    found = []
    for tie in LIBRARY.ties:
        if tie.kind in ON_CELLS:
            each = {
                name: tuple(dict.fromkeys(renamed.get(value, value) for value in values))
                for name, values in tie.each.items()
            }
            if renamed and "group" in each:
                # a group of one row is that row, which the other rules look at
                each["group"] = tuple(group for group in each["group"] if group != "other")
            found.append(tie.model_copy(update={"each": each}))
    return found


def spoken(report: Mapping[str, Any]) -> Iterator[tuple[str, Interval]]:
    """Numbers of the prose for figures that stand in no table, as one cell each."""
    for mention in report["mention"]:
        if not mention.get("cells") and mention["code"] not in ADDRESSES:
            numeral = read_numeral(mention["printed"])
            assert numeral is not None, mention["printed"]
            yield mention["code"], numeral.interval


def printed(report: Mapping[str, Any]) -> Cells:
    """A published report as cells; one that is not printed anywhere is blank."""
    known = tuple(
        dict.fromkeys(
            own_rows(indicator.figure_code(members), report["layout"])
            for indicator in LIBRARY.indicators.values()
            for members in indicator.combinations()
        )
    )
    values = {code: interval for code, interval in spoken(report) if code in known}
    for code, number in report["cells"].items():
        numeral = read_numeral(f"{number}万元" if code == "administrative_fees" else f"{number}件")
        if numeral is not None:
            values[code] = numeral.interval
    return Cells((cell(code, value) for code, value in values.items()), known)


def cell(code: str, value: Interval) -> Cell:
    return Cell(
        code=code, place=ADDRESSES.get(code, code), label=code, value=value, whole=code != "administrative_fees"
    )


def answers(name: str, cells: Cells, *, ties: list[Tie] | None = None) -> tuple[Verdict, ...]:
    report = REPORTS[name]
    asked = rules(report["layout"]) if ties is None else ties
    return judge(asked, cells, year=report["year"], properties=PROPERTIES.get(name, frozenset()))


def with_values(cells: Cells, values: Mapping[str, Interval]) -> Cells:
    """The same report with other numbers in some cells."""
    return Cells((replace(cells[code], value=values.get(code, cells[code].value)) for code in cells), cells.known)


def readers(ties: list[Tie], cells: Cells, properties: frozenset[str], year: int) -> dict[str, list[Tie]]:
    """Rules that judge a cell, by cell."""
    found: dict[str, list[Tie]] = {}
    for tie in ties:
        read = judge([tie], cells, year=year, properties=properties)
        for code in {code for verdict in read for code in verdict.figures if verdict.evaluated}:
            found.setdefault(code, []).append(tie)
    return found


@every_report
def test_no_rule_fails_but_what_the_fixture_says(name: str) -> None:
    """A brigade's licences exceed its business, which nobody can reconcile from the page: listed, and a warning."""
    failed = {verdict.code for verdict in answers(name, printed(REPORTS[name])) if verdict.status is Status.FAILED}
    listed = {entry["rule"] for entry in REPORTS[name].get("difference", []) if entry["kind"] == "basis"}
    judged = {tie.code for tie in rules("2021")}
    assert failed == listed & judged == ({"B-2"} if name == "ganzhou_jkq_2023" else set())


@every_report
def test_what_is_judged_and_what_is_not(name: str) -> None:
    found = answers(name, printed(REPORTS[name]))
    judged = Counter({tie.code: 0 for tie in rules("2021")})
    for verdict in found:
        judged[verdict.code] += verdict.evaluated
    assert {code: count for code, count in judged.items() if count} == JUDGED[name]
    silent = {verdict.code for verdict in found if verdict.status is Status.NOT_EVALUATED}
    switched_off = {"T2-2"} if name == "huaian_2024" else set()
    assert {code for code, count in judged.items() if not count} == (silent | switched_off) - set(JUDGED[name])


def test_a_blank_cell_of_a_published_report_is_told() -> None:
    report = REPORTS["huaian_2024"]
    emptied = report | {"cells": report["cells"] | {"cases.direct_suit.total": ""}}
    found = answers("huaian_2024", printed(emptied))
    assert [(v.code, v.status) for v in found if v.status is Status.FAILED] == [("T4-5", Status.FAILED)]
    [lacking] = [v for v in found if v.code == "T4-1" and v.status is Status.NOT_EVALUATED]
    assert lacking.detail == "缺少 表四 未经复议直接起诉 总计"


def right_neighbours() -> dict[str, str]:
    """The cell printed right of a cell, by its code."""
    found = {}
    for table in TABLES.values():
        numbers = sorted(table.number_cells(), key=lambda number: (number.row, number.column))
        for left, right in pairwise(numbers):
            if left.row == right.row and left.figure and right.figure:
                found[left.figure] = right.figure
    return found


def mutations(cells: Cells, layout: str) -> Iterator[tuple[str, str, dict[str, Interval]]]:
    """Every cell of the tables one more, one less, with a figure too many, and swapped with the one on its right."""
    neighbours = {own_rows(a, layout): own_rows(b, layout) for a, b in right_neighbours().items()}
    for code in dict.fromkeys(own_rows(address, layout) for address in ADDRESSES if address):
        value = cells[code].value
        moved = {"+1": (1, 1), "-1": (1, -1), "*10": (10, 0)}
        for kind, (factor, added) in moved.items():
            if (new := Interval(value.low * factor + added, value.high * factor + added)) != value:
                yield kind, code, {code: new}
        other = neighbours.get(code)
        if other is not None and cells[other].value != value:
            yield "swap", code, {code: cells[other].value, other: value}


def must_be_seen(kind: str, code: str, values: Mapping[str, Interval]) -> bool:
    """Where arithmetic reaches: all of tables three and four but two outcomes of one group that change places."""
    if code.startswith("applications_"):
        return True
    return code.startswith("cases.") and (kind != "swap" or any(moved.endswith(".total") for moved in values))


@every_report
def test_every_wrong_cell_of_tables_three_and_four_is_caught(name: str) -> None:
    report = REPORTS[name]
    cells = printed(report)
    by_cell = readers(rules(report["layout"]), cells, PROPERTIES.get(name, frozenset()), report["year"])
    calm = {(v.code, v.place) for v in answers(name, cells) if v.status is Status.FAILED}
    seen: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    missed = []
    for kind, code, values in mutations(cells, report["layout"]):
        asked = list({tie.code: tie for moved in values for tie in by_cell[moved]}.values())
        found = answers(name, with_values(cells, values), ties=asked)
        caught = any(v.status is Status.FAILED and (v.code, v.place) not in calm for v in found)
        table = ADDRESSES.get(code, "表三")[:2]
        tried[table] += 1
        seen[table] += caught
        if not caught and must_be_seen(kind, code, values):
            missed.append((kind, code))
    assert missed == []
    assert {table: (seen[table], tried[table]) for table in tried} == CAUGHT[name]


@pytest.mark.parametrize(
    ("code", "number", "rule", "difference"),
    [
        ("cases.reconsideration.total", 0, "T4-1", "351"),
        ("applications_results.total.total", 3040, "T3-1", "10"),
        ("applications_carried_out.total", 31, "T3-3a", "72"),
    ],
)
def test_a_fault_of_the_field_is_told_with_its_difference(code: str, number: int, rule: str, difference: str) -> None:
    cells = printed(REPORTS["huaian_2024"])
    found = answers("huaian_2024", with_values(cells, {code: Interval(number, number)}))
    told = {v.code: v for v in found if v.status is Status.FAILED}
    assert (told[rule].difference, code in told[rule].figures) == (difference, True)


def test_an_amount_printed_with_two_decimals_is_an_interval_in_yuan() -> None:
    assert printed(REPORTS["ganzhou_jkq_2023"])["administrative_fees"].value == Interval(
        Decimal("5169350"), Decimal("5169450")
    )
