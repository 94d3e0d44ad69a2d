"""Last year's report as this store published it: the version that this year's base and text are held against.

A report may be amended after it was published, so the edition is pinned: it is named among the inputs of a run.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tasks.store import Store
from tasks.words import stored_words
from yearbook.catalog import Tie
from yearbook.quantity import Exact, exact
from yearbook.report.against import AgainstLastYear, LastReport, against
from yearbook.report.model import Report
from yearbook.report.words import ReportWords
from yearbook.ties.answer import in_force

LIKENESS = "similar"


@dataclass(frozen=True, slots=True)
class LastYear:
    """An edition of last year's report.

    Attributes:
        edition: Its number; 0 where this store published none.
        key: Key of the run that made it.
        values: Its exact figures by code.
        report: Its words and printed numbers; empty where none was published, or where nothing of it can be read.
    """

    edition: int = 0
    key: str = ""
    values: Mapping[str, Exact] = field(default_factory=dict)
    report: ReportWords = field(default_factory=ReportWords)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Its paragraphs and headings."""
        return self.report.paragraphs()

    @property
    def words(self) -> str:
        """The edition as an input of a run."""
        return f"{self.edition} {self.key}".strip()


def last_year(store: Store, body: str, year: int) -> LastYear:
    """The newest edition for a year.

    Args:
        store: Where editions are.
        body: Code of the body.
        year: The year before the report year.
    """
    found = store.newest_edition(body, year)
    if found is None:
        return LastYear()
    return LastYear(
        edition=found.edition,
        key=found.key,
        values={record.code: exact(record.value) for record in store.figures_of(found.run_id)},
        report=stored_words(store, found.run_id) or ReportWords(),
    )


def against_last_year(
    last: LastYear, report: Report, *, ties: Iterable[Tie], properties: frozenset[str]
) -> AgainstLastYear | None:
    """The report beside last year's; None where this store published none.

    Args:
        last: Last year's report.
        report: This year's.
        ties: Rules; the one on likeness has the limit.
        properties: Properties of the body; they switch rules off.
    """
    if not last.edition:
        return None
    limits = [
        tie.limit for tie in ties if tie.kind == LIKENESS and in_force(tie, year=report.year, properties=properties)
    ]
    return against(report, LastReport(last.edition, last.values, last.report), limits[0] if limits else None)
