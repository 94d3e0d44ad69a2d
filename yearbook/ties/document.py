"""Rules on the document: numbers in the prose, lists, percentages, years, residue, labels, likeness, deadline."""

from collections.abc import Callable, Iterable

from yearbook.catalog import Tie
from yearbook.ties.amounts import judge_lists, judge_mentions, judge_printed, judge_shares
from yearbook.ties.answer import in_force
from yearbook.ties.beside import judge_beside
from yearbook.ties.cells import Cells
from yearbook.ties.layout import judge_deadline, judge_labels, judge_similar
from yearbook.ties.passages import Document
from yearbook.ties.residue import judge_residue
from yearbook.ties.years import judge_years
from yearbook.verdict import Verdict

ON_NUMBERS: dict[str, Callable[[Tie, Document, Cells], list[Verdict]]] = {
    "mentions": judge_mentions,
    "beside": judge_beside,
    "printed": judge_printed,
    "lists": judge_lists,
    "shares": judge_shares,
}
ON_WORDS: dict[str, Callable[[Tie, Document], list[Verdict]]] = {
    "residue": judge_residue,
    "labels": judge_labels,
    "similar": judge_similar,
}


def judge_document(
    ties: Iterable[Tie], document: Document, cells: Cells, *, year: int, properties: frozenset[str]
) -> tuple[Verdict, ...]:
    """Answer every rule on the document that is in force; rules on cells are answered by ``yearbook.ties.judge``.

    Args:
        ties: Rules in catalogue order.
        document: The report as a reader sees it.
        cells: The report's cells, with the scope and counting basis that the body declares.
        year: Report year; rules outside ``since``–``until`` are left out.
        properties: Properties of the body: they switch rules off, and ``government`` moves the deadline.

    Returns:
        One verdict per breach, one per rule for all that holds, one for each thing that cannot be compared or one that
        there was nothing to judge.
    """
    verdicts: list[Verdict] = []
    for tie in ties:
        if not in_force(tie, year=year, properties=properties):
            continue
        if tie.kind in ON_NUMBERS:
            verdicts += ON_NUMBERS[tie.kind](tie, document, cells)
        elif tie.kind in ON_WORDS:
            verdicts += ON_WORDS[tie.kind](tie, document)
        elif tie.kind == "years":
            verdicts += judge_years(tie, document, year=year)
        elif tie.kind == "deadline":
            verdicts += judge_deadline(tie, document, year=year, properties=properties)
    return tuple(verdicts)
