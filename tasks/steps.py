"""The steps of a run as scheduler tasks: few and coarse, each around calls into the rooms that do the work.

Results stay in memory and are never persisted by the scheduler: truth lives in the store, and a planted result file
must have nothing to land on. Retries belong to the steps that meet the world outside, and a refusal is not retried
unless it may pass: a server that restarts, a lock, a cut connection.
"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.runtime import flow_run

from tasks import notify
from tasks import run as runs
from tasks.agency import load_agency
from tasks.aggregate import count_figures
from tasks.attempt import Attempt, attempt
from tasks.clock import today
from tasks.correction import Settled, checked_reason, settle
from tasks.documents import render_audit, render_figures, render_printed
from tasks.extract import Material, extract_source
from tasks.keep import ENDS, keep_aside, submitted
from tasks.last_year import against_last_year
from tasks.outcome import Outcome
from tasks.publish import recover
from tasks.record import record
from tasks.request import Request
from tasks.run import Run
from tasks.settings import settings
from tasks.wording import body_of, facts_of
from yearbook.audit.facts import Standing
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.period import report_year
from yearbook.report.draft import draft
from yearbook.report.model import Report
from yearbook.report.words import words_of
from yearbook.verdict import Verdict

RETRIES = 2
RETRY_SECONDS = [2, 10]


def _worth_retrying(_task: object, _run: object, state: Any) -> bool:
    """A refusal stays a refusal, unless it says that it may pass; anything else may pass."""
    error = state.result(raise_on_failure=False)
    return not isinstance(error, Refusal) or error.may_pass


@contextmanager
def attempted(request: Request) -> Iterator[Attempt]:
    """The attempt that makes the report, alone at it; refused where the request cannot be one."""
    load_agency(settings().project, request.body)
    report_year(request.year, today=today())
    checked_reason(request.because)
    with attempt(settings(), request, str(flow_run.get_id() or "")) as begun:
        notify.started(settings(), begun)
        try:
            yield begun
        except Exception as error:
            notify.failed(settings(), begun, error)
            raise


def tell(attempt: Attempt, outcome: Outcome) -> None:
    """Tell people how it ended, where that concerns them; the attempt is over, nothing here can fail it."""
    notify.ended(settings(), attempt, outcome)


@task(name="准备", cache_policy=NO_CACHE)
def prepare(attempt: Attempt) -> Run:
    """Check parameters and catalogue, clean up after a publication that was killed."""
    asked = attempt.request
    run = runs.prepare(settings(), asked.body, asked.year, asked.out, store=attempt.store, purpose=asked.purpose)
    recover(run.target)
    return replace(run, because=checked_reason(asked.because), steps=attempt.steps(), attempt=attempt.id)


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
        verdicts = judge_sources(run, material, Path(folder))
        count.find(sum(verdict.is_finding for verdict in verdicts))
    return verdicts


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

    with run.steps.step("勾稽核对") as count:
        verdicts = judge_figures(run, figures)
        count.find(sum(verdict.is_finding for verdict in verdicts))
    return verdicts


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


@task(name="存档送审", cache_policy=NO_CACHE)
def submit(run: Run, material: Material, settled: Settled, files: dict[str, bytes]) -> Outcome:
    """Blobs first, then the transaction that names them; what differs from the newest edition awaits approval.

    A rehearsal and a trial are shown aside and never submitted.
    """
    report, revision = settled.report, settled.revision
    if run.purpose != "report":
        return keep_aside(run, material, report, files, ENDS[run.purpose], revision=revision)
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
    return submitted(run, material, settled, files, run_id)


@task(name="存档（待更正说明）", cache_policy=NO_CACHE)
def keep_waiting(run: Run, material: Material, settled: Settled) -> Outcome:
    """Keep a run that differs from the published edition and has no reason; the report folder stays as it was."""
    files = _audit(run, material, settled)
    state = ENDS.get(run.purpose, "unexplained")
    return keep_aside(run, material, settled.report, files, state, revision=settled.revision)


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
    return keep_aside(run, material, report, files, ENDS.get(run.purpose, "blocked"))
