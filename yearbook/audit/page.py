"""The pages of one run for an auditor: what was read, what the rules said, where every number comes from.

Static files that open from a disk without a network. Nothing in them differs between two runs of the same inputs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from yearbook.audit.facts import ROLES, RunFacts, SnapshotFacts, SourceFacts
from yearbook.audit.revision import comparison, write_revision_csv
from yearbook.figure import Figure
from yearbook.period import ReportYear
from yearbook.quantity import ROUNDING_POLICY, ROUNDING_POLICY_TEXT, plain
from yearbook.report.html import NumberView, TableView, column_shares, environment, grouped, style_policy, table_view
from yearbook.report.model import Report, StatutoryTable
from yearbook.revision import Revision
from yearbook.verdict import Severity, Status, Verdict
from yearbook.wording import POLICY_TEXT, change_words, printed

PAGES = (("index", "运行"), ("rules", "规则"), ("figures", "数字"))
REVISION_PAGE = ("revision", "对照前版")
NONE = "—"
SEVERITY_ORDER = tuple(Severity)


@dataclass(frozen=True, slots=True)
class VerdictView:
    """A verdict with an anchor of its own; the tone decides its colour."""

    identity: str
    tone: str
    rule: Verdict
    evaluated: str
    failed: str
    guarded: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure on the page of figures; each rule with whether it is open and whether a verdict stands behind it."""

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
    rules: tuple[tuple[str, bool, bool], ...]
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


def _tone(verdict: Verdict) -> str:
    if verdict.status is Status.PASSED:
        return "good"
    if verdict.status is Status.NOT_EVALUATED or verdict.severity is Severity.INFORMATION:
        return "soft"
    return "bad" if verdict.severity is Severity.FATAL else "warn"


def _verdict_views(report: Report) -> list[VerdictView]:
    """Every verdict; a code that answers several times is numbered from the second."""
    seen: Counter[str] = Counter()
    views = []
    for verdict in report.verdicts:
        seen[verdict.code] += 1
        again = seen[verdict.code]
        identity = verdict.code if again == 1 else f"{verdict.code}-{again}"
        guarded = tuple((c, report.figures[c].name) for c in verdict.figures if c in report.figures)
        counts = (grouped(verdict.evaluated), grouped(verdict.failed))
        views.append(VerdictView(identity, _tone(verdict), verdict, *counts, guarded))
    return views


def _problems(views: Iterable[VerdictView]) -> list[VerdictView]:
    """Findings, failures before unanswered rules, grave ones first."""
    found = [view for view in views if view.rule.is_finding]
    return sorted(
        found, key=lambda v: (v.rule.status is not Status.FAILED, SEVERITY_ORDER.index(v.rule.severity), v.identity)
    )


def _tally(report: Report) -> list[tuple[str, str, str]]:
    """Label, number and tone of the boxes at the top."""
    statuses = Counter(verdict.status for verdict in report.verdicts)
    blocking = sum(verdict.blocks for verdict in report.verdicts)
    failed, unanswered = statuses[Status.FAILED], statuses[Status.NOT_EVALUATED]
    return [
        ("数字", grouped(len(report.figures)), ""),
        (f"规则{Status.PASSED.label}", grouped(statuses[Status.PASSED]), "good"),
        (f"规则{Status.FAILED.label}", grouped(failed), "warn" if failed else ""),
        (f"其中{Severity.FATAL.label}", grouped(blocking), "bad" if blocking else ""),
        (f"规则{Status.NOT_EVALUATED.label}", grouped(unanswered), "soft" if unanswered else ""),
    ]


def _outcome(report: Report) -> tuple[str, str]:
    """One sentence and its tone."""
    blocking = sum(verdict.blocks for verdict in report.verdicts)
    if blocking:
        return f"有{blocking}条致命规则不通过，处理前不得发布。", "bad"
    findings = sum(verdict.is_finding for verdict in report.verdicts)
    if findings:
        return f"没有致命规则不通过；另有{findings}条需人工核对。", "warn"
    return "规则全部通过。", "good"


def _facts(report: Report, run: RunFacts) -> list[tuple[str, str, bool]]:
    """Term, words, and whether the words are code."""
    year = ReportYear(report.year)
    facts = [
        ("报告机构", f"{report.body.name}（{report.body.code}）", False),
        ("统计年度", f"{year}年", False),
        ("统计期限", f"{year.start.isoformat()}（含）至 {year.end.isoformat()}（不含）", False),
        ("基数期限", f"{year.previous.start.isoformat()}（含）至 {year.previous.end.isoformat()}（不含）", False),
        ("修约规则", f"{ROUNDING_POLICY_TEXT}（{ROUNDING_POLICY}）", False),
        ("程序版本", run.code_version, True),
        ("运行标识", run.run_key, True),
    ]
    return facts + ([("声明", report.body.notice, False)] if report.body.notice else [])


def _source_rows(sources: Iterable[SourceFacts]) -> list[dict[str, object]]:
    return [
        {
            "source": source,
            "files": [(file.name, grouped(file.size), file.digest) for file in source.received] or [(NONE, NONE, NONE)],
        }
        for source in sources
    ]


def _snapshot_rows(snapshots: Iterable[SnapshotFacts], sources: Iterable[SourceFacts]) -> list[dict[str, object]]:
    names = {source.code: source.name for source in sources}
    return [
        {
            "source": names.get(snapshot.source, snapshot.source),
            "extract": snapshot.extract,
            "year": snapshot.year,
            "role": ROLES[snapshot.role],
            "rows": grouped(snapshot.rows),
            "digest": snapshot.digest,
            "reader": snapshot.reader or NONE,
            "normalised": snapshot.normalised,
            "notes": snapshot.notes,
        }
        for snapshot in snapshots
    ]


def _map(table: StatutoryTable, report: Report) -> TableView:
    """A statutory table whose numbers lead to the page of figures."""
    numbers = {
        code: NumberView(code, "value", plain(report.figures[code].value), text) for code, text in table.printed.items()
    }
    return table_view(table.form, numbers)


def _figure_row(figure: Figure, base_year: int, known: frozenset[str], shared: str) -> FigureRow:
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
        change="".join(change_words(figure, base_year)),
        rows=grouped(figure.row_count),
        base_rows=base_rows,
        rules=tuple((code, code in figure.open_findings, code in known) for code in figure.rules),
        own_definition="" if shared else figure.definition,
    )


def _origin(figure: Figure) -> tuple[object, ...]:
    return figure.indicator, figure.sql_name, figure.sql_digest, figure.snapshots


def _common(words: Iterable[str]) -> str:
    """The one text that all share, else nothing."""
    different = set(words)
    return different.pop() if len(different) == 1 else ""


def _figure_groups(report: Report, run: RunFacts) -> list[FigureGroup]:
    known = frozenset(verdict.code for verdict in report.verdicts)
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
                rows=tuple(_figure_row(figure, report.year - 1, known, definition) for figure in figures),
            )
        )
    return groups


def _names_of_snapshots(run: RunFacts) -> Mapping[str, str]:
    names = {source.code: source.name for source in run.sources}
    return {s.digest: f"{names.get(s.source, s.source)} · {s.extract} · {s.year}年" for s in run.snapshots}


def write_run_page(report: Report, run: RunFacts) -> dict[str, bytes]:
    """The pages of the run by file name: ``audit/index.html``, ``audit/rules.html``, ``audit/figures.html``.

    Every figure is anchored in ``figures.html`` by its code, every verdict in ``rules.html`` by its rule's code.
    Where there is an edition to compare with, ``audit/revision.html`` and ``audit/revision.csv`` follow.
    """
    revision = run.standing if isinstance(run.standing, Revision) else None
    pages = (*PAGES, REVISION_PAGE) if revision else PAGES
    templates = environment("yearbook.audit")
    shares = [(table.form.number, column_shares(table.form)) for table in report.tables()]
    css = templates.get_template("run.css.j2").render(shares=shares)
    verdicts = _verdict_views(report)
    words: dict[str, object] = {
        "report": report,
        "run": run,
        "pages": pages,
        "shares": shares,
        "policy": style_policy(css),
        "outcome": _outcome(report),
        "tally": _tally(report),
        "facts": _facts(report, run),
        "versions": sorted(run.versions.items()),
        "verdicts": verdicts,
        "problems": _problems(verdicts),
        "sources": _source_rows(run.sources),
        "snapshots": _snapshot_rows(run.snapshots, run.sources),
        "snapshot_names": _names_of_snapshots(run),
        "maps": [_map(table, report) for table in report.tables()],
        "groups": _figure_groups(report, run),
        "base_year": report.year - 1,
        "none_mark": NONE,
        "comparison": comparison(revision, report, run.sources) if revision else None,
    }
    written = {
        f"audit/{name}.html": templates.get_template(f"run_{name}.html.j2").render(words, page=name).encode("utf-8")
        for name, _ in pages
    }
    return written | ({"audit/revision.csv": write_revision_csv(revision)} if revision else {})
