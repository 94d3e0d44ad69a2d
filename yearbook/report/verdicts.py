"""How verdicts are told apart wherever they are listed: which comes first, and in which tone."""

from collections import defaultdict

from yearbook.report.model import Report
from yearbook.verdict import Severity, Status, Verdict

_STATUSES = (Status.FAILED, Status.WAIVED, Status.NOT_EVALUATED, Status.PASSED)
_SEVERITIES = tuple(Severity)


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
