"""The annual report: one body, one year.

The order of the steps and nothing else. With a Prefect server configured the run is seen there; without one Prefect
starts its embedded server. The code is the same.
"""

from pathlib import Path

from prefect import flow

from tasks import steps
from tasks.extract import Material
from tasks.outcome import Outcome
from tasks.request import Request, usual_year
from tasks.run import Run
from tasks.store import Purpose
from yearbook.figure import Figures


@flow(name="annual-report", flow_run_name="{body}-{year}", persist_result=False, validate_parameters=True)
def annual_report(
    body: str,
    year: int | None = None,
    out: Path | None = None,
    because: str | None = None,
    purpose: Purpose = "report",
) -> Outcome:
    """Make the statutory annual report of one body for one year, up to the point where a person approves it.

    Args:
        body: Code of the body, the name of its file in ``deployments/agencies``.
        year: The statistical year, e.g. 2023; the year before this one where none is given, for a rehearsal this one.
        out: Folder for finished reports; the setting's folder where none is given.
        because: Why a published report is corrected; a run nobody attends has none and stops where one is needed.
        purpose: ``report``, or ``rehearsal`` or ``trial``, which are never submitted for approval.
    """
    asked = usual_year(purpose) if year is None else year
    request = Request(body=body, year=asked, out=out, because=because, purpose=purpose)
    with steps.attempted(request) as attempt:
        outcome = _made(steps.prepare(attempt))
        attempt.ended(outcome)
        steps.tell(attempt, outcome)
    return outcome


def _made(run: Run) -> Outcome:
    parts = [steps.extract(run, source) for source in run.library.sources]
    material = Material(
        report=tuple(item for part in parts for item in part.report),
        base=tuple(item for part in parts for item in part.base),
    )
    verdicts = steps.validate(run, material)
    if any(verdict.blocks for verdict in verdicts):
        return steps.keep_blocked(run, material, Figures(()), verdicts)
    figures = steps.aggregate(run, material)
    verdicts += steps.tie(run, figures)
    if any(verdict.blocks for verdict in verdicts):
        return steps.keep_blocked(run, material, figures, verdicts)
    report = steps.compose(run, figures, verdicts)
    if any(verdict.blocks for verdict in report.verdicts):
        return steps.keep_blocked(run, material, figures, report.verdicts)
    settled = steps.compare(run, material, report)
    if settled.waits:
        return steps.keep_waiting(run, material, settled)
    documents = steps.render(run, settled)
    settled = steps.read_back(run, settled, documents)
    if any(verdict.blocks for verdict in settled.report.verdicts):
        return steps.keep_blocked(run, material, figures, settled.report.verdicts)
    files = steps.complete(run, material, settled, documents)
    return steps.submit(run, material, settled, files)
