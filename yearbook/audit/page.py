"""The pages of one run for an auditor: what was read, what the rules said, where every number comes from.

Static files that open from a disk without a network. Nothing in them differs between two runs of the same inputs.
"""

from collections.abc import Iterable

from yearbook.audit.coverage import coverage
from yearbook.audit.facts import ROLES, RunFacts, SnapshotFacts, SourceFacts
from yearbook.audit.last_year import beside
from yearbook.audit.lineage import NONE, figure_groups, names_of_snapshots
from yearbook.audit.revision import comparison, write_revision_csv
from yearbook.audit.verdicts import outcome, problems, tally, verdict_views
from yearbook.form.edition_2021 import TABLES
from yearbook.period import ReportYear
from yearbook.quantity import ROUNDING_POLICY, ROUNDING_POLICY_TEXT, plain
from yearbook.report.alignment import Mark
from yearbook.report.html import NumberView, TableView, column_shares, environment, grouped, style_policy, table_view
from yearbook.report.model import Report, StatutoryTable
from yearbook.revision import Revision

PAGES = (("index", "运行"), ("rules", "规则"), ("figures", "数字"), ("coverage", "规则覆盖"))
REVISION_PAGE = ("revision", "对照前版")
LAST_YEAR_PAGE = ("last-year", "对照上年")
LEGEND = tuple((mark.sign, mark.label) for mark in Mark)


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


def write_run_page(report: Report, run: RunFacts) -> dict[str, bytes]:
    """The pages of the run by file name: ``audit/index.html``, then ``rules``, ``figures`` and ``coverage``.

    Every figure is anchored in ``figures.html`` by its code, every verdict in ``rules.html`` by its rule's code.
    Where there is an edition to compare with, ``audit/revision.html`` and ``audit/revision.csv`` follow, and where
    there is a report of last year ``audit/last-year.html``.
    """
    revision = run.standing if isinstance(run.standing, Revision) else None
    last_year = run.last_year
    pages = (*PAGES, *((REVISION_PAGE,) if revision else ()), *((LAST_YEAR_PAGE,) if last_year else ()))
    # a run that was stopped has no printed tables, but its cells have rules all the same
    forms = {table.form.number: table.form for table in report.tables()} or TABLES
    shares = [(number, column_shares(form)) for number, form in forms.items()]
    templates = environment("yearbook.audit")
    css = templates.get_template("run.css.j2").render(shares=shares)
    words = {
        "report": report,
        "run": run,
        "pages": pages,
        "shares": shares,
        "policy": style_policy(css),
        "coverage": coverage(report, forms.values()),
        "comparison": comparison(revision, report, run.sources) if revision else None,
        "beside": beside(last_year, report) if last_year else None,
        "legend": LEGEND,
        **_told(report, run),
    }
    written = {
        f"audit/{name}.html": templates.get_template(f"run_{name}.html.j2").render(words, page=name).encode("utf-8")
        for name, _ in pages
    }
    return written | ({"audit/revision.csv": write_revision_csv(revision)} if revision else {})


def _told(report: Report, run: RunFacts) -> dict[str, object]:
    """What the run, its rules and its figures have to tell, by the name that the templates use."""
    verdicts = verdict_views(report)
    return {
        "outcome": outcome(report),
        "tally": tally(report),
        "facts": _facts(report, run),
        "versions": sorted(run.versions.items()),
        "verdicts": verdicts,
        "problems": problems(verdicts),
        "sources": _source_rows(run.sources),
        "snapshots": _snapshot_rows(run.snapshots, run.sources),
        "snapshot_names": names_of_snapshots(run),
        "maps": [_map(table, report) for table in report.tables()],
        "groups": figure_groups(report, run),
        "base_year": report.year - 1,
        "none_mark": NONE,
    }
