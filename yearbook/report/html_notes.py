"""What stands behind every number of the web page: exact value, base, definition, source, and what the rules say.

The page is public: a rule is told by its code, its outcome and its words; places, amounts and people stay with the
auditor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby

from yearbook.figure import Figure
from yearbook.quantity import plain
from yearbook.report.html_base import grouped
from yearbook.report.html_forms import NumberView
from yearbook.report.model import Aspect, Number, Report
from yearbook.report.verdicts import attention, open_rules, tone
from yearbook.verdict import Status, Verdict
from yearbook.wording import change_words, printed

RULE_ANCHOR = "rule-"


@dataclass(frozen=True, slots=True)
class RuleView:
    """A rule as the public page tells it.

    Attributes:
        code: Its code.
        anchor: Where the list of rules tells it; empty where this run has no answer of it.
        say: The rule in words.
        severity: 致命, 警告 or 提示.
        outcome: 通过, 不通过, 已豁免 or 未评估.
        tone: ``good``, ``soft``, ``warn`` or ``bad``.
    """

    code: str
    anchor: str
    say: str
    severity: str
    outcome: str
    tone: str

    @property
    def is_passed(self) -> bool:
        """True where nobody needs to look."""
        return self.outcome == Status.PASSED.label


@dataclass(frozen=True, slots=True)
class Return:
    """A way back to where a number is printed: the part of the report, and which time it stands there, from 1."""

    anchor: str
    part: str
    turn: int


@dataclass(frozen=True, slots=True)
class Note:
    """What stands behind one number."""

    code: str
    name: str
    label: str
    printed: str
    value: str
    base: str
    change: str
    others: tuple[str, ...]
    definition: str
    basis: str
    source: str
    rows: str
    returns: tuple[Return, ...]
    findings: tuple[RuleView, ...]
    passed: tuple[RuleView, ...]


class Places:
    """Hands out anchors in reading order: ``ref-<code>-1`` is the first place a figure is printed at."""

    def __init__(self, report: Report) -> None:
        self._figures = report.figures
        self._returns: dict[str, list[Return]] = {}
        self._others: dict[str, dict[str, None]] = {}
        self._part = ""

    def enter(self, part: str) -> None:
        """From here on numbers stand in this part of the report."""
        self._part = part

    def number(self, number: Number) -> NumberView:
        """The number with its exact value and an anchor of its own.

        Raises:
            Refusal: No such figure.
            ValueError: A number of an earlier year or edition without its exact value.
        """
        figure = self._figures[number.figure]
        returns = self._returns.setdefault(figure.code, [])
        place = f"ref-{figure.code}-{len(returns) + 1}"
        turn = 1 + sum(back.part == self._part for back in returns)
        returns.append(Return(place, self._part, turn))
        exact = exact_text(figure, number)
        if number.aspect in _CARRIED and number.exact is not None:
            words = "更正前" if number.aspect is Aspect.BEFORE else f"{number.year}年"
            self._others.setdefault(figure.code, {})[f"{words}：{grouped(number.exact)}{figure.unit.value}"] = None
        year = "" if number.year is None else str(number.year)
        return NumberView(figure.code, number.aspect.value, exact, number.text, place, year)

    def returns(self, code: str) -> tuple[Return, ...]:
        """Every place a figure is printed at, in reading order."""
        return tuple(self._returns.get(code, ()))

    def others(self, code: str) -> tuple[str, ...]:
        """Values of earlier years and of the edition before that the report prints."""
        return tuple(self._others.get(code, ()))


_CARRIED = frozenset({Aspect.EARLIER, Aspect.BEFORE})


def exact_text(figure: Figure, number: Number) -> str:
    """The exact number behind a printed one; of a change its percent, or its difference where it has no percent.

    Raises:
        ValueError: A number of an earlier year or edition without its exact value.
    """
    if number.aspect is Aspect.VALUE:
        return plain(figure.value)
    if number.aspect in _CARRIED:
        if number.exact is None:
            raise ValueError(f"{figure.code}: a number of aspect {number.aspect.value} carries no exact value")
        return plain(number.exact)
    if number.aspect is Aspect.BASE:
        return "" if figure.base is None else plain(figure.base)
    whole = number.aspect is Aspect.DIFFERENCE or figure.change.percent is None
    exact = figure.change.difference if whole else figure.change.percent
    return "" if exact is None else plain(exact)


def rule_views(report: Report) -> dict[str, RuleView]:
    """Every rule that answered in this run by its gravest answer, what failed first."""
    gravest: dict[str, Verdict] = {}
    for verdict in sorted(report.verdicts, key=attention):
        gravest.setdefault(verdict.code, verdict)
    return {code: _rule(verdict) for code, verdict in gravest.items()}


def _rule(verdict: Verdict) -> RuleView:
    return RuleView(
        code=verdict.code,
        anchor=RULE_ANCHOR + verdict.code,
        say=verdict.say,
        severity=verdict.severity.label,
        outcome=verdict.status.label,
        tone=tone(verdict),
    )


def note_groups(report: Report, places: Places, rules: Mapping[str, RuleView]) -> list[tuple[str, list[Note]]]:
    """Notes by indicator, in catalogue order."""
    groups = []
    findings = open_rules(report)
    for _, members in groupby(report.figures.values(), key=lambda figure: figure.indicator):
        listed = list(members)
        notes = [_note(figure, report, places, rules, findings[figure.code]) for figure in listed]
        groups.append((listed[0].name.partition("·")[0], notes))
    return groups


def _note(
    figure: Figure, report: Report, places: Places, rules: Mapping[str, RuleView], findings: Mapping[str, Status]
) -> Note:
    return Note(
        code=figure.code,
        name=figure.name,
        label=figure.name.partition("·")[2] or figure.name,
        printed=printed(figure).text,
        value=grouped(figure.value) + figure.unit.value,
        base="无可比数" if figure.base is None else grouped(figure.base) + figure.unit.value,
        change="".join(change_words(figure, report.year - 1)),
        others=places.others(figure.code),
        definition=figure.definition,
        basis=figure.basis,
        source=f"{figure.sql_name}（{figure.sql_digest[:12]}）",
        rows=grouped(figure.row_count),
        returns=places.returns(figure.code),
        findings=_findings(figure, report, rules, findings),
        passed=tuple(_known(code, rules) for code in figure.rules if code not in findings),
    )


def _known(code: str, rules: Mapping[str, RuleView]) -> RuleView:
    """A rule that guards a figure; one without an answer in this run has nothing to lead to."""
    return rules.get(code) or RuleView(code, "", "", "", Status.NOT_EVALUATED.label, "soft")


def _findings(
    figure: Figure, report: Report, rules: Mapping[str, RuleView], findings: Mapping[str, Status]
) -> tuple[RuleView, ...]:
    """The rules that did not pass for this figure: failed first, then waived, then not judged."""
    about = {
        (verdict.code, verdict.status): verdict
        for verdict in sorted(report.verdicts, key=attention, reverse=True)
        if verdict.code in findings and (not verdict.figures or figure.code in verdict.figures)
    }
    told = []
    for code, status in findings.items():
        verdict = about.get((code, status))
        view = _known(code, rules) if verdict is None else _rule(verdict)
        told.append((_ORDER.index(status), view))
    return tuple(view for _, view in sorted(told, key=lambda pair: pair[0]))


_ORDER = (Status.FAILED, Status.WAIVED, Status.NOT_EVALUATED, Status.PASSED)
