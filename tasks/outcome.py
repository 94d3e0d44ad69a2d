"""How a run ended."""

from dataclasses import dataclass
from pathlib import Path

from tasks.store import EndState
from yearbook.revision import Revision
from yearbook.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a run ended, for the terminal and the scheduler: names and counts, never rows.

    Attributes:
        state: ``published`` where the report folder shows it already; ``awaiting`` a person's approval;
            ``blocked`` by a fatal finding; ``unexplained`` where it differs from the published edition and nobody said
            why; ``rehearsed`` or ``tried``.
        folder: Where the report is; where it is not finished, where the auditor's pages are.
        changed: True where the folder's bytes changed.
        attempt: Number of the attempt.
        run_id: Number of the run in the record; None for a trial.
        edition: Edition number; None where it is not published.
        code: What whoever approves has to name; empty where nothing awaits approval.
        figures: Number of figures.
        rules: Number of verdicts.
        findings: Verdicts that are no pass, worst first.
        notes: What the readers of the sources point out, each once.
        revision: What differs from the edition before; None for a first edition and where the run did not get so far.
    """

    state: EndState
    folder: Path
    changed: bool
    attempt: int
    run_id: int | None
    edition: int | None
    code: str
    figures: int
    rules: int
    findings: tuple[Verdict, ...]
    notes: tuple[str, ...]
    revision: Revision | None

    @property
    def published(self) -> bool:
        """True where the report folder shows this run."""
        return self.state == "published"

    @property
    def blocking(self) -> tuple[Verdict, ...]:
        """The findings that stop publication."""
        return tuple(verdict for verdict in self.findings if verdict.blocks)

    @property
    def stopped(self) -> bool:
        """True where a person has to act before the report can be submitted."""
        return self.state in ("blocked", "unexplained") or bool(self.blocking)
