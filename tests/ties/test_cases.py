"""One table of cases per tie-out rule on cells: a report in memory, and what the rule must say of it.

A case file lies at ``tests/ties/<code>.toml``. Its table ``all`` gives ``figures`` and ``base`` of every case; a case
gives its own on top:

- ``kind`` says what the case is for; which kinds a rule needs is in ``required``;
- ``figures`` and ``base`` give values by figure code; all others are zero, this year and the year before;
- ``no_base`` lists figures without a base, ``["*"]`` stands for all; ``published`` gives last year's published values;
- ``blank`` lists cells that are empty; ``intervals`` gives the ends of printed numbers that are not exact;
- ``scope`` gives whom a cell covers; ``rows_read`` the rows read for a cell, 1 unless said; ``rows_unknown`` lists
  cells of which nobody knows, ``may_be_empty`` those whose source may have no row;
- ``neighbours`` gives figures that the rule must neither read nor name;
- ``year`` (2023 unless said), ``properties`` of the body, ``day`` of the run;
- each ``[[case.explanation]]`` and ``[[case.waiver]]`` is one entry of ``expectations/waivers.toml``; ``rules`` lists
  the rules that are asked before a rule on exceptions is;
- each ``[[case.verdict]]`` is one expected verdict, in order; none means that the rule is switched off.

Rules on the document have their cases at ``tests/yearbook/ties``, the one on the finished files at
``tests/yearbook/report/readback``.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tasks.library import load_library
from yearbook.catalog import Explanation, Indicator, Tie, Waiver, require_exceptions
from yearbook.errors import Refusal
from yearbook.figure import Figure, Figures
from yearbook.quantity import Interval
from yearbook.ties import Cell, Cells, cells_of, judge, judge_exceptions, waive
from yearbook.verdict import Severity, Status, Verdict

FOLDER = Path(__file__).parent
LIBRARY = load_library(FOLDER.parents[1])
ON_CELLS = {"equation", "cells", "nil", "emptied", "outlier", "restated"}
ON_EXCEPTIONS = {"expired", "unused"}
ON_DOCUMENT = {
    "mentions", "beside", "printed", "lists", "shares", "years", "deadline", "residue", "labels", "similar", "readback",
}  # fmt: skip
TIES = {tie.code: tie for tie in LIBRARY.ties if tie.kind not in ON_DOCUMENT}
FILES = {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}
YEAR = 2023
DAY = date(2024, 1, 15)
# Kinds of cases without which a rule counts as untested.
REQUIRED = {
    "equation": {"holds", "off_by_one", "neighbour", "lacks", "feasible", "disjoint"},
    "cells": {"holds", "off_by_one", "neighbour", "lacks", "feasible", "disjoint"},
    "outlier": {"holds", "off_by_one", "neighbour", "lacks", "no_base", "feasible", "disjoint"},
    "restated": {"holds", "off_by_one", "neighbour", "lacks", "no_base"},
    "nil": {"holds", "off_by_one", "neighbour", "lacks"},
    "emptied": {"holds", "off_by_one", "neighbour", "lacks"},
    "expired": {"holds", "off_by_one", "neighbour", "nothing"},
    "unused": {"holds", "off_by_one", "neighbour", "nothing"},
}


def case_table(code: str) -> list[dict[str, Any]]:
    """The cases of a rule, each with what the file says of all."""
    table = tomllib.loads(FILES[code].read_text(encoding="utf-8"), parse_float=Decimal)
    common = table.get("all", {})
    return [case | {key: common[key] | case.get(key, {}) for key in common} for case in table["case"]]


def cases() -> Iterator[Any]:
    for code in FILES:
        for case in case_table(code):
            yield pytest.param(code, case, id=f"{code}：{case['name']}")


def required(tie: Tie) -> set[str]:
    """Kinds of cases without which a rule counts as untested."""
    kinds = set(REQUIRED[tie.kind])
    if any("base:" in term for term in (*tie.left, *tie.right)):
        kinds.add("no_base")
    if tie.unless:
        kinds.add("switched_off")
    return kinds


def differences(tie: Tie) -> set[bool]:
    """Whether a breach can be too small, too large or both, where it has a difference at all."""
    if tie.kind in {"outlier", "restated"} or (tie.kind == "equation" and tie.relation == "=" and tie.right):
        return {True, False}
    return {tie.relation == ">="} if tie.kind == "equation" else set()


def figure(indicator: Indicator, members: tuple[str, ...], case: dict[str, Any]) -> Figure:
    code = indicator.figure_code(members)
    without = case.get("no_base", [])
    return Figure(
        code=code,
        name=indicator.figure_name(members),
        label=indicator.label(members) or "合计",
        value=(case.get("figures", {}) | case.get("neighbours", {})).get(code, 0),
        unit=indicator.unit,
        wording=indicator.wording,
        definition=indicator.definition,
        basis=indicator.basis,
        base=None if code in without or "*" in without else case.get("base", {}).get(code, 0),
        sql_name="",
        sql_digest="",
        snapshots=(),
        row_count=0,
        rows_read=case.get("rows_read", {}).get(code, 1),
        may_be_empty=code in case.get("may_be_empty", []),
    )


def printed(cell: Cell, case: dict[str, Any]) -> Cell:
    """The cell as the case has it printed."""
    low, high = case.get("intervals", {}).get(cell.code, (cell.value.low, cell.value.high))
    return replace(
        cell,
        value=Interval(low, high),
        scope=case.get("scope", {}).get(cell.code, ""),
        rows_read=None if cell.code in case.get("rows_unknown", []) else cell.rows_read,
    )


def report(case: dict[str, Any]) -> Cells:
    """Every cell of the catalogue with the case's values."""
    figures = Figures(
        figure(indicator, members, case)
        for indicator in LIBRARY.indicators.values()
        for members in indicator.combinations()
    )
    named = {code for key in ("figures", "base", "published", "neighbours", "intervals") for code in case.get(key, {})}
    named |= {code for key in ("scope", "rows_read") for code in case.get(key, {})}
    named |= {code for key in ("no_base", "blank", "rows_unknown", "may_be_empty") for code in case.get(key, [])}
    assert not named - set(figures) - {"*"}, "the case names a figure that the catalogue does not have"
    whole = cells_of(figures, case.get("published"))
    blank = case.get("blank", [])
    return Cells((printed(cell, case) for code, cell in whole.items() if code not in blank), whole.known)


def exceptions(case: dict[str, Any]) -> tuple[list[Waiver], list[Explanation]]:
    """The case's waivers and explanations, which name nothing that does not exist."""
    added = {"body": "sample", "year": case.get("year", YEAR), "owner": "办公室主任"}
    waivers = [Waiver.model_validate({"reason": "已核实", **added, **fields}) for fields in case.get("waiver", [])]
    explanations = [Explanation.model_validate(added | fields) for fields in case.get("explanation", [])]
    codes = [tie.code for tie in LIBRARY.ties]
    require_exceptions(waivers, explanations, rules=codes, ties=LIBRARY.ties, figures=report({}))
    return waivers, explanations


def verdicts(tie: Tie, case: dict[str, Any]) -> tuple[Verdict, ...]:
    """What a rule says in a whole round: judged, waived, and then, if it is one, the rule on exceptions."""
    year, properties = case.get("year", YEAR), frozenset(case.get("properties", []))
    day = case.get("day", DAY)
    waivers, explanations = exceptions(case)
    asked = [TIES[code] for code in case.get("rules", [])] if tie.kind in ON_EXCEPTIONS else [tie]
    cells = report(case)
    answers = judge(asked, cells, year=year, properties=properties, explanations=explanations)
    answers = waive(answers, waivers, day=day)
    if tie.kind not in ON_EXCEPTIONS:
        return answers
    return judge_exceptions([tie], answers, waivers, explanations, year=year, properties=properties, day=day)


def test_every_rule_has_a_case_file_and_every_case_file_a_rule() -> None:
    kinds = {tie.kind for tie in LIBRARY.ties}
    assert kinds == ON_CELLS | ON_EXCEPTIONS | ON_DOCUMENT
    assert set(FILES) == set(TIES)


@pytest.mark.parametrize("code", TIES)
def test_every_rule_has_the_kinds_of_cases_it_needs(code: str) -> None:
    found = case_table(code)
    assert required(TIES[code]) <= {case["kind"] for case in found}
    assert len({case["name"] for case in found}) == len(found)
    told = [v["difference"] for c in found for v in c.get("verdict", []) if "difference" in v]
    assert {difference[0] == "-" for difference in told} == differences(TIES[code])


@pytest.mark.parametrize(("code", "case"), list(cases()))
def test_case(code: str, case: dict[str, Any]) -> None:
    tie = TIES[code]
    found = verdicts(tie, case)
    for verdict, wanted in zip(found, case.get("verdict", []), strict=True):
        told = asdict(verdict) | {"figures": list(verdict.figures)}
        assert {key: told[key] for key in wanted} == wanted
        assert (verdict.code, verdict.severity, verdict.say, verdict.do) == (tie.code, tie.severity, tie.say, tie.do)
        assert not set(case.get("neighbours", {})) & set(verdict.figures)
        assert verdict.failed == (verdict.status in {Status.FAILED, Status.WAIVED})
        assert verdict.blocks == (verdict.status is Status.FAILED and tie.severity is Severity.FATAL)
        assert verdict.is_finding == (verdict.status is not Status.PASSED)
        if verdict.status is Status.NOT_EVALUATED or not verdict.detail:
            broken = verdict.status is Status.FAILED
            assert broken or (verdict.expected, verdict.found, verdict.difference) == (None, None, None)


@pytest.mark.parametrize(("code", "case"), [case for case in cases() if TIES[case.values[0]].kind in ON_CELLS])
def test_the_order_of_terms_changes_no_result(code: str, case: dict[str, Any]) -> None:
    tie = TIES[code]
    turned = tie.model_copy(update={"left": tie.left[::-1], "right": tie.right[::-1]})
    there, back = (
        sorted((sorted(v.figures), v.status, v.expected, v.found, v.difference) for v in verdicts(rule, case))
        for rule in (tie, turned)
    )
    assert there == back


@pytest.mark.parametrize("code", TIES)
def test_a_rule_holds_from_its_first_to_its_last_year(code: str) -> None:
    tie = TIES[code].model_copy(update={"until": TIES[code].since + 1, "unless": None})
    answered = [bool(verdicts(tie, {"year": year})) for year in range(tie.since - 1, tie.since + 3)]
    assert answered == [False, True, True, False]


@pytest.mark.parametrize("code", [code for code, tie in TIES.items() if tie.kind in {"equation", "cells"}])
def test_a_rule_guards_every_figure_it_reads(code: str) -> None:
    """Moved by one, up or down, every figure of the rule breaks it, and the finding names the figure."""
    tie = TIES[code]
    [verdict] = verdicts(tie, {})
    for read in verdict.figures:
        moved = [verdicts(tie, {"figures": {read: step}, "base": {read: 3 * step}}) for step in (1, -1)]
        assert any(read in v.figures and v.status is Status.FAILED for answers in moved for v in answers), read


@pytest.mark.parametrize("code", [code for code, tie in TIES.items() if tie.kind in ON_CELLS])
def test_every_figure_a_rule_looks_at_stands_in_exactly_one_kind_of_answer(code: str) -> None:
    """Whatever breaks, the rest is still answered: no figure loses its rule because another one is wrong."""
    tie = TIES[code]
    calm = {read for verdict in verdicts(tie, {}) for read in verdict.figures}
    broken = verdicts(tie, {"figures": {min(calm): 100_003}, "rows_read": {max(calm): 0}})
    assert {read for verdict in broken for read in verdict.figures} >= calm - {min(calm)}


@pytest.mark.parametrize(
    ("term", "said"),
    [
        ("drivers.nobody", "drivers.nobody"),
        ("nothing.*", "nothing.*"),
        ("1", "裸数字 1"),
        ("drivers", "drivers"),
        ("0*drivers.total", "0*drivers.total"),
        ("{kind}.total", "{kind}.total"),
    ],
)
def test_a_term_that_names_no_figure_is_refused(term: str, said: str) -> None:
    tie = TIES["B-1b"].model_copy(update={"left": (term,)})
    with pytest.raises(Refusal, match=tie.code) as refusal:
        verdicts(tie, {})
    assert said in refusal.value.what
