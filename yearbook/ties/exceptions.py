"""Waivers: a breach that somebody answers for, for one cell, one value and a limited time.

Waived is an outcome of its own. A waiver that has run out, or that nothing needed, is a finding itself.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from yearbook.catalog import Explanation, Tie, Waiver
from yearbook.ties.answer import answer, in_force
from yearbook.verdict import Status, Verdict


def waive(verdicts: Iterable[Verdict], waivers: Iterable[Waiver], *, day: date) -> tuple[Verdict, ...]:
    """The verdicts with those marked that a waiver in force covers.

    Args:
        verdicts: Answers of rules.
        waivers: Waivers of this body and year.
        day: The day of the run; a waiver holds to the end of its last day.
    """
    listed = list(waivers)
    return tuple(_waived(verdict, listed, day) if verdict.status is Status.FAILED else verdict for verdict in verdicts)


def _waived(verdict: Verdict, waivers: list[Waiver], day: date) -> Verdict:
    """Waived, or failed with a word on the waiver that is there and does not cover it."""
    about = [waiver for waiver in waivers if (waiver.rule, waiver.cell) == (verdict.code, verdict.place)]
    if found := next((w for w in about if _covers(w, verdict) and day <= w.until), None):
        words = f"豁免：{found.reason}（{found.owner}，至{found.until.isoformat()}）"
        return replace(verdict, status=Status.WAIVED, detail=_joined(verdict.detail, words))
    if not about:
        return verdict
    why = (
        f"登记的豁免已于{about[0].until.isoformat()}到期"
        if _covers(about[0], verdict)
        else f"登记的豁免差额为 {about[0].difference}，现为 {_amount(verdict)}，不适用"
    )
    return replace(verdict, detail=_joined(verdict.detail, why))


def _joined(detail: str, words: str) -> str:
    return f"{detail}；{words}" if detail else words


def _amount(verdict: Verdict) -> str:
    """A breach without a difference is known by its failing rows."""
    return str(verdict.failed) if verdict.difference is None else verdict.difference


def _covers(waiver: Waiver, verdict: Verdict) -> bool:
    """Same rule, same cell, same difference."""
    return (waiver.rule, waiver.cell, waiver.difference) == (verdict.code, verdict.place, _amount(verdict))


def judge_exceptions(
    ties: Iterable[Tie],
    verdicts: Iterable[Verdict],
    waivers: Iterable[Waiver],
    explanations: Iterable[Explanation],
    *,
    year: int,
    properties: frozenset[str],
    day: date,
) -> tuple[Verdict, ...]:
    """Answer the rules on exceptions, once every other rule has answered.

    Args:
        ties: Rules; those of the kinds ``expired`` and ``unused`` are answered.
        verdicts: All other answers, waived ones marked.
        waivers: Waivers of this body and year.
        explanations: Explanations of this body and year.
        year: Report year.
        properties: Properties of the body that switch rules off.
        day: The day of the run.
    """
    listed = list(waivers)
    said = list(explanations)
    answers = list(verdicts)
    expired = [waiver for waiver in listed if waiver.until < day]
    waived = [verdict for verdict in answers if verdict.status is Status.WAIVED]
    unused = [w for w in listed if w not in expired and not any(_covers(w, verdict) for verdict in waived)]
    idle = [e for e in said if e.rule and not any(_used(e, verdict) for verdict in answers)]
    places = {
        "expired": [(f"{w.rule}，{w.cell}", f"{w.until.isoformat()} 到期，负责人 {w.owner}") for w in expired],
        "unused": [(f"{w.rule}，{w.cell}", f"差额 {w.difference} 没有出现，负责人 {w.owner}") for w in unused]
        + [(f"{e.rule}，{e.cell}", f"说明“{e.text}”没有用到，负责人 {e.owner}") for e in idle],
    }
    counts = {"expired": len(listed), "unused": len(listed) - len(expired) + sum(bool(e.rule) for e in said)}
    found: list[Verdict] = []
    for tie in ties:
        if tie.kind in places and in_force(tie, year=year, properties=properties):
            found += _answers(tie, places[tie.kind], counts[tie.kind])
    return tuple(found)


def _used(explanation: Explanation, verdict: Verdict) -> bool:
    return verdict.code == explanation.rule and explanation.cell in verdict.figures and bool(verdict.detail)


def _answers(tie: Tie, places: list[tuple[str, str]], judged: int) -> list[Verdict]:
    if places:
        return [answer(tie, Status.FAILED, place=place, evaluated=1, detail=words) for place, words in places]
    status, detail = (Status.PASSED, "") if judged else (Status.NOT_EVALUATED, "没有豁免和说明")
    return [answer(tie, status, place="全部豁免和说明", evaluated=judged, detail=detail)]
