"""Every rule's answer in a run: on the sources' rows, on the figures, on the finished document, on the exceptions."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from tasks.extract import Material
from tasks.quality.failing import row_key
from tasks.quality.impact import weigh
from tasks.quality.judge import validate
from tasks.run import Run
from tasks.sources.snapshot import Snapshot
from yearbook.figure import Figures
from yearbook.report.model import Report
from yearbook.report.proof import document_of
from yearbook.ties import cells_of, judge, judge_exceptions, waive
from yearbook.ties.document import judge_document
from yearbook.verdict import Verdict

BASE_LABEL = "（上年基数）"


def judge_sources(run: Run, material: Material, folder: Path) -> tuple[Verdict, ...]:
    """Judge every snapshot, the base year's too: a wrong base makes a wrong change.

    Each failed rule tells which figures would move without the rows that broke it.

    Args:
        run: The run.
        material: Its snapshots.
        folder: Scratch folder for the engine's files.
    """
    verdicts: list[Verdict] = []
    before = _year_before(run, material)
    base_rows = {item.extract.code: item.row_count for item in before}
    key = row_key(run.settings.home / "store", run.key(material))
    asked: tuple[tuple[str, tuple[Snapshot, ...], tuple[Snapshot, ...], tuple[Snapshot, ...]], ...] = (
        ("", material.report, (), before),
        (BASE_LABEL, material.base_alone, material.base, ()),
    )
    for label, items, beside, earlier in asked:
        room = folder / ("base" if label else "report")
        room.mkdir()
        verdicts += validate(
            items,
            run.library.rules,
            run.library.codes,
            sources=run.library.sources,
            folder=room,
            label=label,
            base=bool(label),
            base_rows={} if label else base_rows,
            beside=beside,
            before=earlier,
            key=key,
        )
    room = folder / "weigh"
    room.mkdir()
    weighed = weigh(verdicts, material, run.library, year=run.year, body_name=run.agency.name, folder=room)
    return _waived(run, weighed)


def _year_before(run: Run, material: Material) -> tuple[Snapshot, ...]:
    """Last year's snapshots; a database's register as it stands is one for both years, so it has none before."""
    exports = {source.code for source in run.library.sources.values() if source.kind == "export"}
    return tuple(item for item in material.base if item.extract.per_year or item.extract.source in exports)


def judge_figures(run: Run, figures: Figures) -> tuple[Verdict, ...]:
    """Answer every tie-out between figures."""
    _, explanations = run.exceptions
    verdicts = judge(
        run.library.ties,
        cells_of(figures, run.last_year.values),
        year=run.year.year,
        properties=run.agency.properties,
        explanations=explanations,
    )
    return _waived(run, verdicts)


def proofread(run: Run, report: Report) -> Report:
    """The report with the answers of the rules on the document and on the exceptions."""
    waivers, explanations = run.exceptions
    year, properties = run.year.year, run.agency.properties
    cells = cells_of(report.figures)
    document = document_of(report, late=run.late, earlier=run.last_year.paragraphs)
    answers = _waived(run, judge_document(run.library.ties, document, cells, year=year, properties=properties))
    verdicts = (*report.verdicts, *answers)
    verdicts += judge_exceptions(
        run.library.ties, verdicts, waivers, explanations, year=year, properties=properties, day=run.day
    )
    return replace(report, verdicts=verdicts, figures=guarded(run, report.figures, verdicts))


def read_back(run: Run, report: Report, documents: Mapping[str, bytes]) -> Report:
    """The report with the answer of the rule on its finished documents; no waiver reaches it."""
    from yearbook.report.readback.judge import judge_readback

    answers = judge_readback(run.library.ties, report, documents, properties=run.agency.properties)
    verdicts = (*report.verdicts, *answers)
    return replace(report, verdicts=verdicts, figures=guarded(run, report.figures, verdicts))


def _waived(run: Run, verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    waivers, _ = run.exceptions
    return waive(verdicts, waivers, day=run.day)


def guarded(run: Run, figures: Figures, verdicts: Iterable[Verdict]) -> Figures:
    """The figures, each with the rules that guard it and those of them that did not pass."""
    rules: dict[str, dict[str, None]] = {code: {} for code in figures}
    findings: dict[str, dict[str, None]] = {code: {} for code in figures}
    readers = {
        extract: [f.code for f in figures.values() if extract in run.library.indicators[f.indicator].extracts]
        for source in run.library.sources.values()
        for extract in (e.code for e in source.extracts)
    }
    for verdict in verdicts:
        for code in dict.fromkeys((*verdict.figures, *readers.get(verdict.extract, ()))):
            if code in rules:
                rules[code][verdict.code] = None
                if verdict.is_finding:
                    findings[code][verdict.code] = None
    return figures.guarded(
        {code: tuple(found) for code, found in rules.items()},
        {code: tuple(found) for code, found in findings.items()},
    )
