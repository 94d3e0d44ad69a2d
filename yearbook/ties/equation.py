"""Equations between cells: the difference, the cell in the form's words, and what the body explains.

Both sides are sums of intervals. Of exact values an interval is one number; of printed values it is all that the
printed words leave open, and an equation breaks only where no choice of values could make it true.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yearbook.catalog import Explanation, Tie
from yearbook.quantity import Exact, Interval, plain
from yearbook.ties.answer import EVERYTHING, answer
from yearbook.ties.cells import Cells, gap_of, told
from yearbook.ties.terms import Part, bindings, parts
from yearbook.verdict import Category, Status, Verdict

# A breach names its first cells; the rest stand in the verdict's list of figures.
NAMED_PLACES = 2
NOTHING = Interval(0, 0)
# What no declared scope or counting basis excuses: the form's own rule and plain arithmetic hold within any table.
ALWAYS = frozenset({Category.FORM, Category.ARITHMETIC})


@dataclass(frozen=True, slots=True)
class _Side:
    """One evaluated side: its sum, its cells, those that are blank, and whom the cells cover and how."""

    total: Interval
    codes: tuple[str, ...]
    blank: tuple[str, ...]
    scopes: frozenset[tuple[str, str]]


def judge_equation(tie: Tie, cells: Cells, explanations: Iterable[Explanation]) -> list[Verdict]:
    """Answer one equation for every binding of its ``each``.

    Args:
        tie: The rule.
        cells: The report.
        explanations: What the body explains; amounts for this rule are taken off the difference.

    Returns:
        One verdict per equation that breaks or is explained, one for all that hold, one for all that were not judged.
    """
    said = [each for each in explanations if each.rule == tie.code]
    single: list[Verdict] = []
    held: list[str] = []
    blank: list[str] = []
    mixed: list[str] = []
    guarded: list[str] = []
    judged = 0
    for binding in bindings(tie.each):
        left, right = (_side(parts(tie, terms, binding, tuple(cells.known)), cells) for terms in (tie.left, tie.right))
        codes = tuple(dict.fromkeys((*left.codes, *right.codes)))
        if left.blank or right.blank:
            blank += [*left.blank, *right.blank]
            guarded += codes
        elif tie.category not in ALWAYS and len(left.scopes | right.scopes) > 1:
            mixed += [_place(left.codes, cells)]
            guarded += codes
        else:
            verdict = _judge_one(tie, left, right, cells, said)
            if verdict is None:
                judged += 1
                held += codes
            else:
                single.append(verdict)
    if judged:
        single.append(answer(tie, Status.PASSED, figures=tuple(dict.fromkeys(held)), evaluated=judged))
    if blank or mixed:
        place = _place(guarded, cells) if single else EVERYTHING
        single.append(_not_judged(tie, blank, mixed, place, tuple(dict.fromkeys(guarded))))
    return single


def _side(of: Sequence[Part], cells: Cells) -> _Side:
    total = NOTHING
    blank = []
    scopes = set()
    for part in of:
        cell = cells.get(part.code)
        value = None if cell is None else cell.base if part.base else cell.value
        if cell is None or value is None:
            blank.append(f"{cells.place(part.code)}{'的上年数' if part.base else ''}")
            continue
        ends = sorted((value.low * part.factor, value.high * part.factor))
        total += Interval(ends[0], ends[1])
        scopes.add((cell.scope, cell.counting))
    return _Side(total, tuple(part.code for part in of), tuple(blank), frozenset(scopes))


def _judge_one(tie: Tie, left: _Side, right: _Side, cells: Cells, said: Sequence[Explanation]) -> Verdict | None:
    """None where the equation holds."""
    gap = gap_of(tie.relation, left.total, right.total)
    if not gap:
        return None
    codes = tuple(dict.fromkeys((*left.codes, *right.codes)))
    status, words = _explained(gap, [each for each in said if each.cell in codes])
    return answer(
        tie,
        status,
        place=_place(left.codes, cells),
        figures=codes,
        evaluated=1,
        expected=f"{tie.relation} {told(right.total)}",
        found=told(left.total),
        difference=plain(gap),
        detail=words,
    )


def _explained(gap: Exact, said: Sequence[Explanation]) -> tuple[Status, str]:
    """What a difference counts as, given all that is explained about it; several explanations add up."""
    if not said:
        return Status.FAILED, ""
    amount = sum(each.amount or 0 for each in said)
    texts = "、".join(f"{each.text}（{plain(each.amount or 0)}，{each.owner}）" for each in said)
    if gap == amount:
        return Status.PASSED, f"已说明：{texts}"
    return Status.FAILED, f"说明合计 {plain(amount)}，与差额不符：{texts}"


def _place(codes: Sequence[str], cells: Cells) -> str:
    names = "、".join(cells.place(code) for code in codes[:NAMED_PLACES])
    return names + ("等" if len(codes) > NAMED_PLACES else "")


def _not_judged(tie: Tie, blank: list[str], mixed: list[str], place: str, guarded: tuple[str, ...]) -> Verdict:
    words = []
    if blank:
        words.append(f"缺少 {_first(blank)}")
    if mixed:
        words.append(f"口径不同，不作比较：{_first(mixed)}")
    return answer(tie, Status.NOT_EVALUATED, place=place, figures=guarded, evaluated=0, detail="；".join(words))


def _first(places: list[str]) -> str:
    different = list(dict.fromkeys(places))
    more = f"等 {len(different)} 处" if len(different) > NAMED_PLACES else ""
    return "、".join(different[:NAMED_PLACES]) + more
