"""Tie-outs: equations between figures, as data, answered with a difference and the cell in the form's words.

Knows the grammar of terms (see ``yearbook.catalog.Tie``) and nothing of where the figures come from.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from yearbook.catalog import Tie
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.quantity import Exact, plain
from yearbook.verdict import Status, Verdict

RELATIONS = {
    "=": lambda left, right: left == right,
    "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right,
}
BASE = "base:"
# A breach names its first cells; the rest stand in the verdict's list of figures.
NAMED_PLACES = 2


@dataclass(frozen=True, slots=True)
class _Side:
    """One evaluated side: its sum, the codes in it, and whether a base value was missing."""

    total: Exact
    codes: tuple[str, ...]
    missing_base: bool


def judge(ties: Iterable[Tie], figures: Figures, *, year: int, properties: frozenset[str]) -> tuple[Verdict, ...]:
    """Answer every rule in force for the year.

    Args:
        ties: Rules in catalogue order.
        figures: All figures of the report.
        year: Report year; rules outside ``since``–``until`` are left out.
        properties: Properties of the body that switch rules off.

    Returns:
        One verdict per equation that breaks, and one per rule that holds (or could not be judged), which counts the
        equations it judged.
    """
    verdicts: list[Verdict] = []
    for tie in ties:
        in_force = tie.since <= year and (tie.until is None or year <= tie.until)
        if in_force and tie.unless not in properties:
            verdicts += _judge_one(tie, figures)
    return tuple(verdicts)


def require_terms(ties: Iterable[Tie], codes: Collection[str]) -> None:
    """Refuse rules whose terms name no figure, before any figure is counted.

    Args:
        ties: Rules.
        codes: Codes of all figures there can be.

    Raises:
        Refusal: A term names no figure, a bare number, or a ``{name}`` that the rule does not define.
    """
    for tie in ties:
        for binding in _bindings(tie.each):
            for term in (*tie.left, *tie.right):
                _expand(tie, term.removeprefix("-").removeprefix(BASE), binding, codes)


def _judge_one(tie: Tie, figures: Figures) -> list[Verdict]:
    breaches: list[Verdict] = []
    guarded: list[str] = []
    judged = 0
    for binding in _bindings(tie.each):
        left = _side(tie, tie.left, binding, figures)
        right = _side(tie, tie.right, binding, figures)
        guarded += [*left.codes, *right.codes]
        if left.missing_base or right.missing_base:
            continue
        judged += 1
        if not RELATIONS[tie.relation](left.total, right.total):
            breaches.append(_breach(tie, left, right, figures))
    if breaches:
        return breaches
    status = Status.PASSED if judged else Status.NOT_EVALUATED
    return [_verdict(tie, status, tuple(dict.fromkeys(guarded)), "", judged)]


def _bindings(each: Mapping[str, Sequence[str]]) -> Iterable[dict[str, str]]:
    for values in product(*each.values()):
        yield dict(zip(each, values, strict=True))


def _side(tie: Tie, terms: Sequence[str], binding: Mapping[str, str], figures: Figures) -> _Side:
    total: Exact = 0
    codes: list[str] = []
    missing = False
    for term in terms:
        sign = -1 if term.startswith("-") else 1
        name = term.removeprefix("-")
        from_base = name.startswith(BASE)
        for code in _expand(tie, name.removeprefix(BASE), binding, figures):
            value = figures[code].base if from_base else figures[code].value
            codes.append(code)
            if value is None:
                missing = True
            else:
                total += sign * value
    return _Side(total, tuple(codes), missing)


def _expand(tie: Tie, term: str, binding: Mapping[str, str], known: Collection[str]) -> list[str]:
    """Codes that a term names; ``*`` matches one member but never ``total``, which is no part of itself.

    Raises:
        Refusal: The term names no figure, so the rule would judge nothing in silence.
    """
    try:
        pattern = term.format_map(binding)
    except (KeyError, ValueError, IndexError) as error:
        raise Refusal(
            f"勾稽规则 {tie.code} 的 {term} 中有 each 没有列出的名称",
            todo="在 expectations/ties.toml 该规则的 each 中补上",
        ) from error
    if pattern.isdecimal():
        raise Refusal(f"勾稽规则 {tie.code} 的算式含有裸数字 {pattern}", todo="算式只能引用数字名称，请改 ties.toml")
    if "*" not in pattern:
        codes = [pattern] if pattern in known else []
    else:
        member = re.compile(r"\.".join("(?!total$|total\\.)[a-z0-9_]+" if p == "*" else p for p in pattern.split(".")))
        codes = [code for code in known if member.fullmatch(code)]
    if not codes:
        raise Refusal(f"勾稽规则 {tie.code} 引用了不存在的数字 {pattern}", todo="更正 expectations/ties.toml 中的名称")
    return codes


def _breach(tie: Tie, left: _Side, right: _Side, figures: Figures) -> Verdict:
    codes = tuple(dict.fromkeys((*left.codes, *right.codes)))
    names = [figures[code].name for code in left.codes[:NAMED_PLACES]]
    place = "、".join(names) + ("等" if len(left.codes) > NAMED_PLACES else "")
    return _verdict(tie, Status.FAILED, codes, place, 1, (left.total, right.total))


def _verdict(
    tie: Tie,
    status: Status,
    codes: tuple[str, ...],
    place: str,
    judged: int,
    totals: tuple[Exact, Exact] | None = None,
) -> Verdict:
    left, right = totals if totals else (None, None)
    return Verdict(
        code=tie.code,
        say=tie.say,
        severity=tie.severity,
        status=status,
        source="ties",
        place=place or "全部算式",
        evaluated=judged,
        failed=1 if totals else 0,
        expected=None if right is None else f"{tie.relation} {plain(right)}",
        found=None if left is None else plain(left),
        difference=None if left is None or right is None else plain(left - right),
        do=tie.do,
        figures=codes,
    )
