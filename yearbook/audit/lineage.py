"""Where every figure comes from, for the auditor's page of figures: query, snapshots, rows, rules."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from yearbook.audit.facts import RunFacts
from yearbook.figure import Figure
from yearbook.quantity import plain
from yearbook.report.html import grouped
from yearbook.report.model import Report
from yearbook.report.verdicts import open_rules
from yearbook.verdict import Status
from yearbook.wording import POLICY_TEXT, change_words, printed

NONE = "—"


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure on the page of figures.

    A rule has its code, its outcome in words and tone where it did not pass, and whether a verdict stands behind it.
    """

    code: str
    label: str
    value: str
    unit: str
    exact: str
    printed: str
    base: str
    difference: str
    change: str
    rows: str
    base_rows: str
    rules: tuple[tuple[str, str, str, bool], ...]
    own_definition: str


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """Figures of one indicator that share query and snapshots; ``definition`` is empty where they do not share it."""

    title: str
    definition: str
    basis: str
    wording: str
    sql_name: str
    sql_digest: str
    sql_text: str
    snapshots: tuple[str, ...]
    rows: tuple[FigureRow, ...]


def _rules(
    figure: Figure, findings: Mapping[str, Status], known: frozenset[str]
) -> Iterator[tuple[str, str, str, bool]]:
    for code in figure.rules:
        status = findings.get(code)
        words = "" if status is None else f"（{status.label}）"
        yield code, words, "soft" if status is Status.NOT_EVALUATED else "warn" if status else "", code in known


def _figure_row(figure: Figure, report: Report, rules: Iterable[tuple[str, str, str, bool]], shared: str) -> FigureRow:
    change = figure.change
    base_rows = NONE if figure.base_row_count is None else grouped(figure.base_row_count)
    return FigureRow(
        code=figure.code,
        label=figure.name.partition("·")[2] or figure.name,
        value=grouped(figure.value),
        unit=figure.unit.value,
        exact=plain(figure.value),
        printed=printed(figure).text,
        base="无可比数" if figure.base is None else grouped(figure.base),
        difference=NONE if change.difference is None else grouped(change.difference).replace("-", "−"),
        change="".join(change_words(figure, report.year - 1)),
        rows=grouped(figure.row_count),
        base_rows=base_rows,
        rules=tuple(rules),
        own_definition="" if shared else figure.definition,
    )


def _origin(figure: Figure) -> tuple[object, ...]:
    return figure.indicator, figure.sql_name, figure.sql_digest, figure.snapshots


def _common(words: Iterable[str]) -> str:
    """The one text that all share, else nothing."""
    different = set(words)
    return different.pop() if len(different) == 1 else ""


def figure_groups(report: Report, run: RunFacts) -> list[FigureGroup]:
    """Every figure, grouped by what it was counted with, in catalogue order."""
    known = frozenset(verdict.code for verdict in report.verdicts)
    findings = open_rules(report)
    groups = []
    for _, members in groupby(report.figures.values(), key=_origin):
        figures = list(members)
        first = figures[0]
        definition = _common(figure.definition for figure in figures)
        groups.append(
            FigureGroup(
                title=first.name.partition("·")[0],
                definition=definition,
                basis="；".join(dict.fromkeys(figure.basis for figure in figures)),
                wording="；".join(dict.fromkeys(POLICY_TEXT[figure.wording] for figure in figures)),
                sql_name=first.sql_name,
                sql_digest=first.sql_digest,
                sql_text=run.sql.get(first.sql_name, ""),
                snapshots=first.snapshots,
                rows=tuple(
                    _figure_row(figure, report, _rules(figure, findings[figure.code], known), definition)
                    for figure in figures
                ),
            )
        )
    return groups


def names_of_snapshots(run: RunFacts) -> Mapping[str, str]:
    """Source, extract and year in words by the snapshot's digest."""
    names = {source.code: source.name for source in run.sources}
    return {s.digest: f"{names.get(s.source, s.source)} · {s.extract} · {s.year}年" for s in run.snapshots}
