"""Drafts for reading, from the figures of the newest run: no source is asked, nothing is published."""

from dataclasses import dataclass, replace
from pathlib import Path

from tasks.agency import Agency, load_agency
from tasks.clock import today
from tasks.findings import findings
from tasks.furnishing import Furnishing, furnish
from tasks.library import Library, load_library
from tasks.own import own_library
from tasks.publish import publish
from tasks.settings import Settings
from tasks.store import FigureRecord, RunRow, Store
from tasks.wording import body_of, check, facts_of, load_wording, require_wording, wording_name
from yearbook.errors import Refusal
from yearbook.figure import Figure, Figures
from yearbook.period import ReportYear, report_year
from yearbook.quantity import exact
from yearbook.report.draft import draft
from yearbook.report.model import Report
from yearbook.report.proof import document_of
from yearbook.report.questions import Question, questions
from yearbook.report.rehearsal import catalogue_figure
from yearbook.report.remarks import remarked_docx, remarked_html
from yearbook.ties import cells_of
from yearbook.ties.document import judge_document
from yearbook.verdict import Status, Verdict

FILES = frozenset({"report.docx", "report.pdf", "report.html"})
TITLE = "（草稿，未经审核，不得公布）"
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft that was written.

    Attributes:
        folder: Where it is.
        run: The run whose figures it prints.
        asked: What still has to be explained.
        breaches: Rules on the text that this wording breaks.
    """

    folder: Path
    run: RunRow
    asked: tuple[Question, ...]
    breaches: tuple[Verdict, ...]


def write_draft(settings: Settings, body: str, year: int) -> Drafted:
    """Write the documents of a draft into ``{home}/drafts/<body>/<year>/``.

    Args:
        settings: The settings.
        body: Code of the body.
        year: Report year.

    Raises:
        Refusal: An unknown body or year, a template with a fault, no run with figures, or a catalogue that has changed
            since that run.
    """
    asked_year = report_year(year, today=today())
    agency, _ = load_agency(settings.project, body)
    whole = load_library(settings.project)
    whole.require_coherent()
    library = own_library(whole, agency)
    text = load_wording(settings.project, agency)
    require_wording(text, agency, library, asked_year)
    store = Store.open(settings.home / "store", settings.store_address())
    run = _newest(store, body, year)
    figures = _figures(store, run, library)
    opened = [finding.verdict for finding in findings(settings, body, year) if finding.is_open]
    report = draft(
        text,
        name=wording_name(agency),
        body=body_of(agency),
        facts=facts_of(agency, library, year),
        figures=figures,
        verdicts=tuple(opened),
    )
    asked = _questions(opened, agency, library, figures, text, asked_year)
    folder = settings.home / "drafts" / agency.code / str(asked_year)
    files = _files(replace(report, title=(*report.title, TITLE)), asked, furnish(settings, agency))
    publish(files, folder, known=FILES)
    return Drafted(folder, run, asked, _breaches(report, agency, library))


def last_figures(settings: Settings, body: str, year: int) -> Figures | None:
    """Figures of the newest run of a body and year, as far as the catalogue still knows them; None without a run."""
    if settings.store_address() is None and not (settings.home / "store" / "audit.db").is_file():
        return None
    store = Store.open(settings.home / "store", settings.store_address())
    run = store.last_run(body, year)
    if run is None:
        return None
    agency, _ = load_agency(settings.project, body)
    return Figures(_counted(store.figures_of(run.id), own_library(load_library(settings.project), agency)).values())


def _newest(store: Store, body: str, year: int) -> RunRow:
    run = store.last_run(body, year)
    if run is None:
        raise Refusal(
            f"机构 {body} 没有 {year} 年的运行记录，没有数字可以写进草稿",
            todo=f"先运行 yearbook run {body} {year}；只检查模板用 yearbook draft {body} {year} --check",
        )
    return run


def _figures(store: Store, run: RunRow, library: Library) -> Figures:
    """Every figure of the catalogue with the number that the run counted.

    Raises:
        Refusal: The run stopped before it counted, or the catalogue has figures that it did not count.
    """
    records = store.figures_of(run.id)
    again = f"重新运行 yearbook run {run.body} {run.year}"
    if not records:
        raise Refusal(
            f"机构 {run.body} {run.year} 年最近一次运行在检查来源时停下，还没有计算数字",
            todo=f"用 yearbook findings {run.body} {run.year} 看为什么停下，更正后{again}",
        )
    found = _counted(records, library)
    absent = [
        indicator.figure_name(combination)
        for indicator in library.indicators.values()
        for combination in indicator.combinations()
        if indicator.figure_code(combination) not in found
    ]
    if absent:
        more = f"等 {len(absent)} 个数字" if len(absent) > SHOWN else ""
        raise Refusal(f"最近一次运行没有计算 {'、'.join(absent[:SHOWN])}{more}，目录在它之后改过", todo=again)
    return Figures(found.values())


def _counted(records: tuple[FigureRecord, ...], library: Library) -> dict[str, Figure]:
    by_code = {record.code: record for record in records}
    return {
        code: catalogue_figure(
            indicator,
            combination,
            value=exact(by_code[code].value),
            base=None if (base := by_code[code].base_value) is None else exact(base),
            sql_digest=by_code[code].sql_digest,
            snapshots=by_code[code].snapshot_digests,
            row_count=by_code[code].row_count,
        )
        for indicator in library.indicators.values()
        for combination in indicator.combinations()
        if (code := indicator.figure_code(combination)) in by_code
    }


def _questions(
    opened: list[Verdict], agency: Agency, library: Library, figures: Figures, text: str, year: ReportYear
) -> tuple[Question, ...]:
    _, explanations = library.exceptions(agency.code, year.year)
    return questions(
        opened,
        ties=library.ties,
        explanations=explanations,
        figures=figures,
        body=agency.code,
        year=year.year,
        template=wording_name(agency),
        lines=check(text, agency, library, year).lines,
    )


def _files(report: Report, asked: tuple[Question, ...], furnishing: Furnishing) -> dict[str, bytes]:
    from yearbook.report.docx import write_docx
    from yearbook.report.html import write_html
    from yearbook.report.pdf import write_pdf

    return {
        "report.docx": remarked_docx(write_docx(report, furnishing.word), report, asked),
        "report.html": remarked_html(write_html(report), asked),
        "report.pdf": write_pdf(report, furnishing.font_folder),
    }


def _breaches(report: Report, agency: Agency, library: Library) -> tuple[Verdict, ...]:
    """What the rules on the finished text say to this wording; what needs last year's text is not asked here."""
    answers = judge_document(
        library.ties,
        document_of(report),
        cells_of(report.figures),
        year=report.year,
        properties=agency.properties,
    )
    return tuple(verdict for verdict in answers if verdict.status is Status.FAILED)
