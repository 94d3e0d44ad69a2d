"""How verdicts are told apart wherever they are listed: which comes first, and in which tone."""

from collections import defaultdict
from collections.abc import Sequence

from yearbook.report.model import Report
from yearbook.verdict import Impact, Severity, Status, Verdict

_STATUSES = (Status.FAILED, Status.WAIVED, Status.NOT_EVALUATED, Status.PASSED)
_SEVERITIES = tuple(Severity)
SHOWN_IMPACTS = 20
# Limit of the format, with room for the words that say where the rest is.
CELL_CHARACTERS = 32_000


def attention(verdict: Verdict) -> tuple[int, int]:
    """Sort key: failures by severity, so that what blocks comes first; then waived, not evaluated, passed."""
    return _STATUSES.index(verdict.status), _SEVERITIES.index(verdict.severity)


def tone(verdict: Verdict) -> str:
    """``good``, ``soft``, ``warn`` or ``bad``; a waived failure is no pass and blocks nothing, so it is neither end."""
    if verdict.status is Status.PASSED:
        return "good"
    if verdict.status is Status.NOT_EVALUATED or verdict.severity is Severity.INFORMATION:
        return "soft"
    return "bad" if verdict.blocks else "warn"


def open_rules(report: Report) -> dict[str, dict[str, Status]]:
    """Figure code → the rules that guard it and did not pass, each with its worst outcome for that figure."""
    findings: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in report.verdicts:
        if verdict.is_finding:
            findings[verdict.code].append(verdict)
    return {
        code: {rule: _worst(findings[rule], code) for rule in figure.open_findings}
        for code, figure in report.figures.items()
    }


def broken_figures(report: Report) -> frozenset[str]:
    """Figures with a rule that was broken, waived or not; a rule that had nothing to judge is the auditor's matter."""
    broken = {Status.FAILED, Status.WAIVED}
    return frozenset(code for code, rules in open_rules(report).items() if broken.intersection(rules.values()))


def _worst(findings: list[Verdict], figure: str) -> Status:
    """A verdict that names no figure speaks of all that read its rows; a rule without an answer is no pass either."""
    about = [verdict for verdict in findings if not verdict.figures or figure in verdict.figures]
    return min((verdict.status for verdict in about or findings), key=_STATUSES.index, default=Status.FAILED)


def verdict_fields(verdict: Verdict) -> dict[str, object]:
    """One answer for JSON, numbers as text, without the references of its rows: they differ between two stores."""
    return {
        "code": verdict.code,
        "say": verdict.say,
        "say_en": verdict.say_en,
        "category": verdict.category.value,
        "severity": verdict.severity.value,
        "status": verdict.status.value,
        "source": verdict.source,
        "extract": verdict.extract,
        "base": verdict.base,
        "place": verdict.place,
        "evaluated": str(verdict.evaluated),
        "failed": str(verdict.failed),
        "expected": verdict.expected,
        "found": verdict.found,
        "difference": verdict.difference,
        "do": verdict.do,
        "owner": verdict.owner,
        "detail": verdict.detail,
        "figures": list(verdict.figures),
        "impact": [_impact_fields(impact) for impact in verdict.impact],
    }


def _impact_fields(impact: Impact) -> dict[str, object]:
    return {
        "figure": impact.figure,
        "name": impact.name,
        "unit": impact.unit,
        "base": impact.base,
        "counted": impact.counted,
        "without": impact.without,
        "difference": impact.difference,
    }


def impact_words(impact: Impact) -> str:
    """One figure that would move, e.g. ``机动车保有量·总计：1254 → 1250辆（-4）``."""
    name = f"{impact.name}（上年基数）" if impact.base else impact.name
    if impact.without is None:
        return f"{name}：{impact.counted}{impact.unit}，可能受影响"
    if impact.counted is None:
        return f"{name}：含这些行无法计数，去掉后 {impact.without}{impact.unit}"
    return f"{name}：{impact.counted} → {impact.without}{impact.unit}（{impact.difference}）"


def impacts_words(impacts: Sequence[Impact], *, rest_in: str) -> str:
    """The first figures that would move, and how many more there are and where."""
    shown = [impact_words(impact) for impact in impacts[:SHOWN_IMPACTS]]
    rest = len(impacts) - len(shown)
    return "；".join([*shown, f"另有 {rest} 个，见 {rest_in}"] if rest else shown)


def fitting(text: str, *, rest_in: str) -> str:
    """Text that fits into a cell of a workbook; the writing library would drop a longer one in silence."""
    return text if len(text) <= CELL_CHARACTERS else f"{text[:CELL_CHARACTERS]}……（未完，见 {rest_in}）"
