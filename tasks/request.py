"""What somebody asks for: one report, what for, and how."""

from dataclasses import dataclass
from pathlib import Path

from tasks.clock import today
from tasks.store import Purpose


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One asked-for run.

    Attributes:
        body: Code of the body.
        year: Report year.
        out: Folder for finished reports; the setting's where None.
        because: Why a published report is corrected; None where nobody said.
        purpose: ``report`` is submitted for approval; ``rehearsal`` and ``trial`` never are: a rehearsal is kept with
            what it found, a trial leaves nothing in the record but that it was made.
    """

    body: str
    year: int
    out: Path | None = None
    because: str | None = None
    purpose: Purpose = "report"


def usual_year(purpose: Purpose) -> int:
    """The year a scheduled run is about: last year's report in January; a rehearsal counts this year to date."""
    this = today().year
    return this if purpose == "rehearsal" else this - 1
