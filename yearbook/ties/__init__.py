"""Tie-outs: what must be true between the numbers of a report, and of its text, as data.

Rules are entries of ``expectations/ties.toml``; nothing here knows where the numbers come from.
"""

from collections.abc import Iterable

from yearbook.catalog import Explanation, Tie
from yearbook.ties.answer import in_force
from yearbook.ties.cells import Cell, Cells, cells_of
from yearbook.ties.equation import judge_equation
from yearbook.ties.exceptions import judge_exceptions, waive
from yearbook.ties.own import own_ties
from yearbook.ties.single import judge_cells, judge_emptied, judge_nil, judge_outlier, judge_restated
from yearbook.ties.terms import require_terms
from yearbook.verdict import Verdict

__all__ = ["Cell", "Cells", "cells_of", "judge", "judge_exceptions", "own_ties", "require_terms", "waive"]

JUDGES = {
    "cells": judge_cells,
    "nil": judge_nil,
    "emptied": judge_emptied,
    "outlier": judge_outlier,
    "restated": judge_restated,
}


def judge(
    ties: Iterable[Tie],
    cells: Cells,
    *,
    year: int,
    properties: frozenset[str],
    explanations: Iterable[Explanation] = (),
) -> tuple[Verdict, ...]:
    """Answer every rule on cells that is in force; rules on the document are answered by ``document``.

    Args:
        ties: Rules in catalogue order.
        cells: The report's numbers.
        year: Report year; rules outside ``since``–``until`` are left out.
        properties: Properties of the body that switch rules off.
        explanations: What the body explains about this report.

    Returns:
        One verdict per breach, one per rule for all that holds, one for what could not be judged; each counts what it
        speaks of.
    """
    said = list(explanations)
    declared = cells.explained(said)
    verdicts: list[Verdict] = []
    for tie in ties:
        if not in_force(tie, year=year, properties=properties):
            continue
        if tie.kind == "equation":
            verdicts += judge_equation(tie, declared, said)
        elif tie.kind in JUDGES:
            verdicts += JUDGES[tie.kind](tie, declared)
    return tuple(verdicts)
