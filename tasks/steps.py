"""The steps of a run as scheduler tasks: few and coarse, each around calls into the rooms that do the work.

Results stay in memory and are never persisted by the scheduler: truth lives in the store, and a planted result file
must have nothing to land on. Retries belong to the steps that meet the world outside, and a refusal is not retried
unless it may pass: a server that restarts, a lock, a cut connection.
"""

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks import run as runs
from tasks.aggregate import count_figures
from tasks.correction import Settled, checked_reason, settle
from tasks.documents import TOP_LEVEL, render_audit, render_figures, render_printed
from tasks.extract import Material, extract_source
from tasks.last_year import against_last_year
from tasks.publish import publish, recover
from tasks.record import record
from tasks.run import Run
from tasks.settings import settings
from tasks.wording import body_of, facts_of
from yearbook.audit.facts import Standing
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.report.draft import draft
from yearbook.report.model import Report
from yearbook.report.verdicts import attention
from yearbook.report.words import words_of
from yearbook.revision import Revision
from yearbook.verdict import Verdict

RETRIES = 2
RETRY_SECONDS = [2, 10]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended, for the terminal and the scheduler: names and counts, never rows.

    Attributes:
        folder: Where the report is, or, for a blocked run, where the auditor's pages are.
        published: True where the report folder now shows this run.
        changed: True where the folder's bytes changed.
        edition: Edition number in the store; None for a blocked run.
        figures: Number of figures.
        rules: Number of verdicts.
        findings: Verdicts that are no pass, worst first.
        notes: What the readers of the sources point out, each once.
        revision: What differs from the edition before; None for a first edition and for a blocked run. Where it
            waits for a reason, nothing was published.
    """

    folder: Path
    published: bool
    changed: bool
    edition: int | None
    figures: int
    rules: int
    findings: tuple[Verdict, ...]
    notes: tuple[str, ...]
    revision: Revision | None


def _worth_retrying(_task: object, _run: object, state: Any) -> bool:
    """A refusal stays a refusal, unless it says that it may pass; anything else may pass."""
    error = state.result(raise_on_failure=False)
    return not isinstance(error, Refusal) or error.may_pass


@task(name="准备", cache_policy=NO_CACHE)
def prepare(body: str, year: int, out: Path | None, because: str | None = None) -> Run:
    """Check parameters, open the store, clean up after a publication that was killed."""
    reason = checked_reason(because)
    run = replace(runs.prepare(settings(), body, year, out), because=reason)
    recover(run.target)
    return run


@task(
    name="提取",
    cache_policy=NO_CACHE,
    retries=RETRIES,
    retry_delay_seconds=RETRY_SECONDS,
    retry_condition_fn=_worth_retrying,
)
def extract(run: Run, source_code: str) -> Material:
    """Extract one source to snapshots."""
    source = run.library.sources[source_code]
    with run.steps.step(f"提取 {source_code}") as count:
        material = extract_source(
            source, run.agency, run.library, year=run.year, blobs=run.blobs, settings=run.settings
        )
        count.add(sum(item.row_count for item in material.all()))
    return material


@task(name="检查来源", cache_policy=NO_CACHE)
def validate(run: Run, material: Material) -> tuple[Verdict, ...]:
    """Judge every snapshot and weigh what failed."""
    from tasks.verdicts import judge_sources

    with run.steps.step("检查来源") as count, tempfile.TemporaryDirectory() as folder:
        count.add(sum(item.row_count for item in material.all()))
        return judge_sources(run, material, Path(folder))


@task(name="计算指标", cache_policy=NO_CACHE)
def aggregate(run: Run, material: Material) -> Figures:
    """Ask every indicator's query of the report year and of its base year."""
    with run.steps.step("计算指标") as count, tempfile.TemporaryDirectory() as folder:
        figures = count_figures(material, run.library, year=run.year, body_name=run.agency.name, folder=Path(folder))
        count.add(sum(item.row_count for item in material.all()))
    return figures


@task(name="勾稽", cache_policy=NO_CACHE)
def tie(run: Run, figures: Figures) -> tuple[Verdict, ...]:
    """Answer every tie-out rule between figures."""
    from tasks.verdicts import judge_figures

    with run.steps.step("勾稽核对"):
        return judge_figures(run, figures)


@task(name="成文", cache_policy=NO_CACHE)
def compose(run: Run, figures: Figures, verdicts: tuple[Verdict, ...]) -> Report:
    """Write the report model from figures and the office's wording, and read it against the rules."""
    from tasks.verdicts import proofread

    with run.steps.step("成文"):
        report = draft(
            run.wording_text,
            name=run.wording_name,
            body=body_of(run.agency),
            facts=facts_of(run.agency, run.library, run.year.year),
            figures=figures,
            verdicts=verdicts,
            earlier=run.earlier.values,
        )
        return proofread(run, report)


@task(name="对照前版", cache_policy=NO_CACHE)
def compare(run: Run, material: Material, report: Report) -> Settled:
    """Hold the report against the edition before, where there is one, and settle whether it corrects it."""
    with run.steps.step("对照前版"):
        return settle(run, material, report)


@task(name="制作文件", cache_policy=NO_CACHE)
def render(run: Run, settled: Settled) -> dict[str, bytes]:
    """The documents that people read."""
    with run.steps.step("制作文件"):
        return render_printed(settled.report, run.furnishing)


@task(name="成品读回", cache_policy=NO_CACHE)
def read_back(run: Run, settled: Settled, documents: dict[str, bytes]) -> Settled:
    """The report with the answer whether its documents, read from their bytes, say what it says."""
    from tasks.verdicts import read_back as judged

    with run.steps.step("成品读回"):
        return replace(settled, report=judged(run, settled.report, documents))


@task(name="制作附件", cache_policy=NO_CACHE)
def complete(run: Run, material: Material, settled: Settled, documents: dict[str, bytes]) -> dict[str, bytes]:
    """Every file of the report folder: the documents, what tells of every rule's answer, and earlier editions."""
    with run.steps.step("制作附件"):
        files = {**render_figures(settled.report), **_audit(run, material, settled)}
        return {**documents, **files, **(settled.files or {})}


def _audit(run: Run, material: Material, settled: Settled) -> dict[str, bytes]:
    properties = run.agency.properties
    last = against_last_year(run.last_year, settled.report, ties=run.library.ties, properties=properties)
    return render_audit(settled.report, runs.facts(run, material, settled.revision or Standing.FIRST, last))


@task(name="存档和发布", cache_policy=NO_CACHE)
def keep_and_publish(run: Run, material: Material, settled: Settled, files: dict[str, bytes]) -> Outcome:
    """Blobs first, then the transaction that names them, then the folder's rename."""
    report, revision = settled.report, settled.revision
    with run.steps.step("存档"):
        entry = record(
            run,
            material,
            figures=report.figures,
            verdicts=report.verdicts,
            outputs=files,
            published=True,
            compared_with=revision.edition if revision else None,
            words=words_of(report),
            correction=settled.correction,
        )
        run_id = run.store.commit(entry)
    changed = publish(files, run.target, known=TOP_LEVEL)
    found = run.store.edition_of(run_id)
    edition = found.edition if found else None
    return _outcome(material, report, run.target, published=True, changed=changed, edition=edition, revision=revision)


@task(name="存档（待更正说明）", cache_policy=NO_CACHE)
def keep_waiting(run: Run, material: Material, settled: Settled) -> Outcome:
    """Keep a run that differs from the published edition and has no reason; the report folder stays as it was."""
    report = settled.report
    files = _audit(run, material, settled)
    folder, changed = _keep_aside(run, material, report, files)
    return _outcome(material, report, folder, published=False, changed=changed, edition=None, revision=settled.revision)


@task(name="存档（不发布）", cache_policy=NO_CACHE)
def keep_blocked(run: Run, material: Material, figures: Figures, verdicts: tuple[Verdict, ...]) -> Outcome:
    """Keep what a blocked run found, and show it away from the report folder, which stays as it was."""
    from tasks.verdicts import guarded

    report = Report(
        body=body_of(run.agency),
        year=run.year.year,
        title=(f"{run.agency.short_name}{run.year}年报告（未发布）",),
        preamble=(),
        sections=(),
        figures=guarded(run, figures, verdicts),
        verdicts=verdicts,
    )
    files = render_audit(report, runs.facts(run, material, Standing.UNPUBLISHED))
    folder, changed = _keep_aside(run, material, report, files)
    return _outcome(material, report, folder, published=False, changed=changed, edition=None, revision=None)


def _keep_aside(run: Run, material: Material, report: Report, files: dict[str, bytes]) -> tuple[Path, bool]:
    """The folder of runs that were not published, and whether its bytes changed."""
    entry = record(run, material, figures=report.figures, verdicts=report.verdicts, outputs=files, published=False)
    run.store.commit(entry)
    folder = run.settings.home / "blocked" / run.agency.code / str(run.year)
    return folder, publish(files, folder, known=TOP_LEVEL)


def _outcome(
    material: Material,
    report: Report,
    folder: Path,
    *,
    published: bool,
    changed: bool,
    edition: int | None,
    revision: Revision | None,
) -> Outcome:
    findings = sorted((v for v in report.verdicts if v.is_finding), key=attention)
    return Outcome(
        folder=folder,
        published=published,
        changed=changed,
        edition=edition,
        figures=len(report.figures),
        rules=len(report.verdicts),
        findings=tuple(findings),
        notes=_notes(material),
        revision=revision,
    )


def _notes(material: Material) -> tuple[str, ...]:
    """Each source's notes once, however many of its extracts carry them."""
    told = (f"来源 {item.extract.source}：{note}" for item in material.all() for note in item.notes)
    return tuple(dict.fromkeys(told))
