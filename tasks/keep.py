"""Where a run's files go when it has ended: to whoever approves, or aside."""

from collections.abc import Mapping
from pathlib import Path

from tasks.approve import code_of
from tasks.correction import Settled
from tasks.documents import TOP_LEVEL
from tasks.extract import Material
from tasks.outcome import Outcome
from tasks.publish import publish, withdraw
from tasks.record import record
from tasks.run import Run
from tasks.store import EndState
from yearbook.report.model import Report
from yearbook.report.verdicts import attention
from yearbook.revision import Revision

ENDS: Mapping[str, EndState] = {"rehearsal": "rehearsed", "trial": "tried"}
"""How a run that is never submitted ends, by its purpose."""

ROOMS: Mapping[EndState, str] = {
    "awaiting": "review",
    "blocked": "blocked",
    "unexplained": "blocked",
    "rehearsed": "rehearsal",
    "tried": "trial",
}
"""Folder under the home for what is not published, by how the run ended."""


def room(run: Run, state: EndState) -> Path:
    """Folder under the home that shows a run which ended so."""
    return run.settings.home / ROOMS[state] / run.agency.code / str(run.year)


def submitted(run: Run, material: Material, settled: Settled, files: dict[str, bytes], run_id: int) -> Outcome:
    """Show a committed run to whoever approves; one that reproduces the newest edition is published as it is."""
    submission = run.store.editions.submission(run.agency.code, run.year.year)
    if submission is not None and submission.run_id == run_id:
        folder, code, edition = room(run, "awaiting"), code_of(submission), None
        state: EndState = "awaiting"
    else:
        found = run.store.edition_of(run_id)
        folder, code, edition = run.target, "", found.edition if found else None
        state = "published"
        withdraw(room(run, "awaiting"))
    withdraw(room(run, "blocked"))
    changed = publish(files, folder, known=TOP_LEVEL)
    return _outcome(
        run,
        material,
        settled.report,
        state=state,
        folder=folder,
        changed=changed,
        run_id=run_id,
        edition=edition,
        code=code,
        revision=settled.revision,
    )


def keep_aside(
    run: Run,
    material: Material,
    report: Report,
    files: dict[str, bytes],
    state: EndState,
    *,
    revision: Revision | None = None,
) -> Outcome:
    """Keep a run that is not submitted and show it in a folder of its own; a trial leaves no run in the record."""
    run_id = None
    if state != "tried":
        entry = record(run, material, figures=report.figures, verdicts=report.verdicts, outputs=files, published=False)
        run_id = run.store.commit(entry)
    folder = room(run, state)
    changed = publish(files, folder, known=TOP_LEVEL)
    return _outcome(
        run,
        material,
        report,
        state=state,
        folder=folder,
        changed=changed,
        run_id=run_id,
        edition=None,
        code="",
        revision=revision,
    )


def _outcome(
    run: Run,
    material: Material,
    report: Report,
    *,
    state: EndState,
    folder: Path,
    changed: bool,
    run_id: int | None,
    edition: int | None,
    code: str,
    revision: Revision | None,
) -> Outcome:
    if run.attempt is None:
        raise AssertionError("a run outside of any attempt")
    findings = sorted((v for v in report.verdicts if v.is_finding), key=attention)
    return Outcome(
        state=state,
        folder=folder,
        changed=changed,
        attempt=run.attempt,
        run_id=run_id,
        edition=edition,
        code=code,
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
