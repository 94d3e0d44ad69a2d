"""What the rules said, for the auditor's pages: the problems and their order, what they move, the tally."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from yearbook.report.html import grouped
from yearbook.report.model import Report
from yearbook.report.verdicts import attention, tone
from yearbook.verdict import Impact, Severity, Status, Verdict

UNKNOWN = "无法计算"


@dataclass(frozen=True, slots=True)
class ImpactRow:
    """A figure that would move; ``anchor`` is empty where the page of figures does not have it."""

    name: str
    base: str
    anchor: str
    unit: str
    counted: str
    without: str
    difference: str


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict with an anchor of its own; the tone decides its colour."""

    identity: str
    tone: str
    rule: Verdict
    evaluated: str
    failed: str
    guarded: tuple[tuple[str, str], ...]
    impact: tuple[ImpactRow, ...]


def verdict_views(report: Report) -> list[VerdictView]:
    """Every verdict; a code that answers several times is numbered from the second."""
    seen: Counter[str] = Counter()
    views = []
    for verdict in report.verdicts:
        seen[verdict.code] += 1
        again = seen[verdict.code]
        views.append(
            VerdictView(
                identity=verdict.code if again == 1 else f"{verdict.code}-{again}",
                tone=tone(verdict),
                rule=verdict,
                evaluated=grouped(verdict.evaluated),
                failed=grouped(verdict.failed),
                guarded=tuple((c, report.figures[c].name) for c in verdict.figures if c in report.figures),
                impact=tuple(_impact_row(impact, report) for impact in verdict.impact),
            )
        )
    return views


def problems(views: Iterable[VerdictView]) -> list[VerdictView]:
    """Findings: what blocks, then failures by severity, waived ones, unanswered rules; among equals as they came."""
    return sorted((view for view in views if view.rule.is_finding), key=lambda view: attention(view.rule))


def tally(report: Report) -> list[tuple[str, str, str]]:
    """Label, number and tone of the boxes at the top."""
    statuses = Counter(verdict.status for verdict in report.verdicts)
    blocking = sum(verdict.blocks for verdict in report.verdicts)
    failed, waived, unanswered = (statuses[s] for s in (Status.FAILED, Status.WAIVED, Status.NOT_EVALUATED))
    return [
        ("数字", grouped(len(report.figures)), ""),
        (f"规则{Status.PASSED.label}", grouped(statuses[Status.PASSED]), "good"),
        (f"规则{Status.FAILED.label}", grouped(failed), "warn" if failed else ""),
        (f"其中{Severity.FATAL.label}", grouped(blocking), "bad" if blocking else ""),
        (f"规则{Status.WAIVED.label}", grouped(waived), "warn" if waived else ""),
        (f"规则{Status.NOT_EVALUATED.label}", grouped(unanswered), "soft" if unanswered else ""),
    ]


def outcome(report: Report) -> tuple[str, str]:
    """One sentence and its tone."""
    blocking = sum(verdict.blocks for verdict in report.verdicts)
    if blocking:
        return f"有{blocking}条致命规则不通过，处理前不得发布。", "bad"
    findings = [verdict for verdict in report.verdicts if verdict.is_finding]
    if not findings:
        return "规则全部通过。", "good"
    waived = [verdict for verdict in findings if verdict.status is Status.WAIVED]
    grave = sum(verdict.severity is Severity.FATAL for verdict in waived)
    first = f"不通过的{grave}条致命规则均已豁免" if grave else "没有致命规则不通过"
    among = f"，其中{len(waived)}条已豁免" if waived else ""
    return f"{first}；共有{len(findings)}条需人工核对{among}。", "warn"


def _impact_row(impact: Impact, report: Report) -> ImpactRow:
    return ImpactRow(
        name=impact.name,
        base="（上年基数）" if impact.base else "",
        anchor=impact.figure if impact.figure in report.figures else "",
        unit=impact.unit,
        counted=_number(impact.counted),
        without=_number(impact.without),
        difference=_number(impact.difference),
    )


def _number(text: str | None) -> str:
    return UNKNOWN if text is None else grouped(Decimal(text)).replace("-", "−")
