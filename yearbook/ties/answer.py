"""How a tie-out answers: one verdict, with all that its entry says."""

from yearbook.catalog import Tie
from yearbook.verdict import Status, Verdict

EVERYTHING = "全部算式"


def in_force(tie: Tie, *, year: int, properties: frozenset[str]) -> bool:
    """True where the rule applies to a report year and a body."""
    return tie.since <= year and (tie.until is None or year <= tie.until) and tie.unless not in properties


def answer(
    tie: Tie,
    status: Status,
    *,
    place: str = EVERYTHING,
    figures: tuple[str, ...] = (),
    evaluated: int,
    expected: str | None = None,
    found: str | None = None,
    difference: str | None = None,
    detail: str = "",
) -> Verdict:
    """A verdict of one rule, with all that its entry says; the other arguments are the fields of ``Verdict``.

    A failure counts as one. ``place`` is the cells in the form's own words, or where in the text.
    """
    return Verdict(
        code=tie.code,
        say=tie.say,
        say_en=tie.say_en,
        category=tie.category,
        severity=tie.severity,
        status=status,
        source="ties",
        place=place,
        evaluated=evaluated,
        failed=1 if status is Status.FAILED else 0,
        expected=expected,
        found=found,
        difference=difference,
        do=tie.do,
        owner=tie.owner,
        figures=figures,
        detail=detail,
    )
