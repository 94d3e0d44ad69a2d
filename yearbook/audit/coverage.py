"""How many rules guard each cell of the form, what no rule guards, and which rules guard no number.

A rule guards a figure where one of its answers in this run speaks of it, judged or not.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yearbook.form.table import FormTable
from yearbook.report.html import NumberView, TableView, grouped, table_view
from yearbook.report.model import Report
from yearbook.report.verdicts import attention, open_rules, tone
from yearbook.verdict import Status, Verdict

TIES = "ties"
SHADES = 4


@dataclass(frozen=True, slots=True)
class Guard:
    """What guards one number.

    Attributes:
        code: Figure code.
        place: The cell in the form's own words, or the figure's name where it stands in no form.
        known: True where the run has the figure.
        ties: Codes of tie-outs that guard it.
        sources: Codes of rules on rows that guard it.
        findings: Those of them that did not pass, with their outcome.
    """

    code: str
    place: str
    known: bool
    ties: tuple[str, ...]
    sources: tuple[str, ...]
    findings: Mapping[str, Status]

    @property
    def total(self) -> int:
        """Number of rules."""
        return len(self.ties) + len(self.sources)

    @property
    def is_tied(self) -> bool:
        """True where a tie-out judged it in this run."""
        return any(self.findings.get(code) is not Status.NOT_EVALUATED for code in self.ties)

    @property
    def is_broken(self) -> bool:
        """True where a rule failed, waived or not; what was not judged is another matter."""
        return any(status is not Status.NOT_EVALUATED for status in self.findings.values())

    @property
    def words(self) -> str:
        """Everything in a sentence, for a reader who does not see the shade."""
        parts = [f"{self.place}：规则{self.total}条"]
        parts += [f"{name}{len(codes)}条：{'、'.join(codes)}" for name, codes in self._kinds() if codes]
        for status in (Status.FAILED, Status.WAIVED, Status.NOT_EVALUATED):
            codes = [code for code, found in self.findings.items() if found is status]
            parts += [f"本次{status.label}：{'、'.join(codes)}"] if codes else []
        return "。".join(parts)

    def _kinds(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return ("勾稽规则", self.ties), ("来源规则", self.sources)


@dataclass(frozen=True, slots=True)
class Shade:
    """One step of the legend: cells with ``low`` to ``high`` rules."""

    step: int
    low: int
    high: int
    cells: int

    @property
    def words(self) -> str:
        """The step in the legend."""
        if not self.high:
            return "没有规则"
        return f"{self.low}条" if self.low == self.high else f"{self.low}—{self.high}条"


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule that guards no number, with its worst answer."""

    code: str
    say: str
    category: str
    severity: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """The page of coverage.

    Attributes:
        tables: The statutory tables.
        guards: What guards each of their cells, by figure code.
        steps: Step of the shade of each cell, by figure code.
        legend: The steps that occur.
        tally: Label, number and tone of the boxes at the top.
        unguarded: Numbers that no rule guards: cells first, then other figures.
        untied: Numbers that no tie-out judged, those without any rule left out.
        rules: Rules that guard no number.
    """

    tables: tuple[TableView, ...]
    guards: Mapping[str, Guard]
    steps: Mapping[str, int]
    legend: tuple[Shade, ...]
    tally: tuple[tuple[str, str, str], ...]
    unguarded: tuple[Guard, ...]
    untied: tuple[Guard, ...]
    rules: tuple[RuleRow, ...]


def coverage(report: Report, forms: Iterable[FormTable]) -> Coverage:
    """The coverage of one run.

    Args:
        report: The run's figures and answers.
        forms: The statutory tables whose cells are shown.
    """
    drawn = tuple(forms)
    every = guards(report, drawn)
    cells = {cell.figure: every[cell.figure] for form in drawn for cell in form.number_cells() if cell.figure}
    ranges = shades(guard.total for guard in cells.values())
    steps = {code: step_of(guard.total, ranges) for code, guard in cells.items()}
    numbers = {code: NumberView(code, "rules", str(g.total), str(g.total)) for code, g in cells.items()}
    return Coverage(
        tables=tuple(table_view(form, numbers) for form in drawn),
        guards=cells,
        steps=steps,
        legend=_legend(steps, ranges),
        tally=_tally(cells, every),
        unguarded=tuple(guard for guard in every.values() if not guard.total),
        untied=tuple(guard for guard in every.values() if guard.total and not guard.is_tied),
        rules=rules_without_figures(report),
    )


def guards(report: Report, forms: Iterable[FormTable]) -> dict[str, Guard]:
    """What guards each number by figure code: cells in the order of the form, then all other figures.

    A cell whose figure the run does not have is guarded by nothing.
    """
    ties = {verdict.code for verdict in report.verdicts if verdict.source == TIES}
    findings = open_rules(report)
    places = {cell.figure: cell.address for form in forms for cell in form.number_cells() if cell.figure}
    found = {}
    for code in dict.fromkeys((*places, *report.figures)):
        known = code in report.figures
        rules = report.figures[code].rules if known else ()
        found[code] = Guard(
            code=code,
            place=places.get(code) or report.figures[code].name,
            known=known,
            ties=tuple(rule for rule in rules if rule in ties),
            sources=tuple(rule for rule in rules if rule not in ties),
            findings=findings.get(code, {}),
        )
    return found


def shades(totals: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """At most four ranges, each with as many of the numbers of rules that occur; zero is a step of its own."""
    some = sorted({total for total in totals if total})
    size, larger = divmod(len(some), SHADES)
    ranges, start = [], 0
    for step in range(min(SHADES, len(some))):
        end = start + size + (step < larger)
        ranges.append((some[start], some[end - 1]))
        start = end
    return tuple(ranges)


def step_of(total: int, ranges: Iterable[tuple[int, int]]) -> int:
    """0 for no rule, else the number of the range from 1."""
    return next((step for step, (low, high) in enumerate(ranges, start=1) if low <= total <= high), 0)


def rules_without_figures(report: Report) -> tuple[RuleRow, ...]:
    """Rules that guard no number, in the order in which they answered, each with its worst answer."""
    guarding = {code for figure in report.figures.values() for code in figure.rules}
    answers: dict[str, list[Verdict]] = {}
    for verdict in report.verdicts:
        if verdict.code not in guarding:
            answers.setdefault(verdict.code, []).append(verdict)
    worst = (min(verdicts, key=attention) for verdicts in answers.values())
    return tuple(RuleRow(v.code, v.say, v.category.label, v.severity.label, v.status.label, tone(v)) for v in worst)


def _legend(steps: Mapping[str, int], ranges: tuple[tuple[int, int], ...]) -> tuple[Shade, ...]:
    counts = [sum(step == number for step in steps.values()) for number in range(len(ranges) + 1)]
    listed = ((step, *ends) for step, ends in enumerate(((0, 0), *ranges)))
    return tuple(Shade(step, low, high, counts[step]) for step, low, high in listed)


def _tally(cells: Mapping[str, Guard], every: Mapping[str, Guard]) -> tuple[tuple[str, str, str], ...]:
    bare = sum(not guard.total for guard in cells.values())
    untied = sum(not guard.is_tied for guard in cells.values())
    broken = sum(guard.is_broken for guard in cells.values())
    others = sum(not guard.total for code, guard in every.items() if code not in cells)
    return (
        ("格子", grouped(len(cells)), ""),
        ("没有规则的格子", grouped(bare), "bad" if bare else "good"),
        ("未经勾稽的格子", grouped(untied), "warn" if untied else "good"),
        ("有不通过或豁免的格子", grouped(broken), "warn" if broken else ""),
        ("没有规则的其他数字", grouped(others), "warn" if others else "good"),
    )
