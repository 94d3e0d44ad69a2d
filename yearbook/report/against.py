"""This year's report beside last year's: figures, cells of the form, text, and how much of the text is the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from yearbook.change import Change
from yearbook.quantity import Exact, Unit
from yearbook.report.alignment import Aligned, align
from yearbook.report.model import Report
from yearbook.report.words import Part, ReportWords, words_of
from yearbook.ties.likeness import Likeness, likeness
from yearbook.verdict import Status

# Rules on changes out of the ordinary.
UNUSUAL = "O-"


@dataclass(frozen=True, slots=True)
class LastReport:
    """Last year's report.

    Attributes:
        edition: Number of the edition.
        values: Exact figures as published, by code.
        words: What it said.
    """

    edition: int
    values: Mapping[str, Exact]
    words: ReportWords


@dataclass(frozen=True, slots=True)
class FigureBeside:
    """A figure of both years.

    Attributes:
        code: Figure code.
        name: Its name.
        unit: Unit of all its values.
        change: This year's value against the base that was counted again this year.
        published: Value that last year's report published; None where it had none.
    """

    code: str
    name: str
    unit: Unit
    change: Change
    published: Exact | None

    @property
    def restated(self) -> bool:
        """True where the base as counted this year is not what last year's report said."""
        return self.published is not None and self.change.base is not None and self.published != self.change.base


@dataclass(frozen=True, slots=True)
class SectionBeside:
    """A section: its paragraphs beside last year's, and how much of it stood there."""

    title: str
    likeness: Likeness
    passages: tuple[Aligned, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A change out of the ordinary that nobody has explained."""

    code: str
    place: str
    found: str
    limit: str
    detail: str


@dataclass(frozen=True, slots=True)
class AgainstLastYear:
    """The report beside last year's.

    Attributes:
        year: The year of last year's report.
        edition: Its edition.
        limit: The most that may be the same, in percent; None where no rule says so.
        likeness: How much of the six sections stood in last year's report.
        figures: Every figure of this report, in catalogue order.
        gone: Codes of last year's figures that this report does not have.
        printed: Last year's numbers in the statutory tables as printed, by code.
        sections: What stands before section one, then the six sections, then those that only last year had.
        questions: Changes out of the ordinary without an explanation.
    """

    year: int
    edition: int
    limit: Decimal | None
    likeness: Likeness
    figures: tuple[FigureBeside, ...]
    gone: tuple[str, ...]
    printed: Mapping[str, str]
    sections: tuple[SectionBeside, ...]
    questions: tuple[Question, ...]


def against(report: Report, last: LastReport, limit: Decimal | None) -> AgainstLastYear:
    """Put a report beside last year's.

    Args:
        report: This year's report, proofread.
        last: Last year's, as published.
        limit: The most that may be the same, in percent.
    """
    words = words_of(report)
    earlier = last.words.paragraphs()
    then = {part.title: part for part in last.words.parts}
    parts = [*words.parts, *(Part(title, ()) for title in then if title not in {p.title for p in words.parts})]
    return AgainstLastYear(
        year=report.year - 1,
        edition=last.edition,
        limit=limit,
        likeness=likeness((text for part in words.parts if part.title for text in part.passages), earlier),
        figures=tuple(
            FigureBeside(f.code, f.name, f.unit, f.change, last.values.get(f.code)) for f in report.figures.values()
        ),
        gone=tuple(sorted(last.values.keys() - set(report.figures))),
        printed=last.words.printed,
        sections=tuple(
            SectionBeside(
                part.title,
                likeness(part.passages, earlier),
                align(then[part.title].passages if part.title in then else (), part.passages),
            )
            for part in parts
        ),
        questions=_questions(report),
    )


def _questions(report: Report) -> tuple[Question, ...]:
    """Rules on unusual changes that failed; what was waived has its explanation."""
    return tuple(
        Question(verdict.code, verdict.place, verdict.found or "", verdict.expected or "", verdict.detail)
        for verdict in report.verdicts
        if verdict.code.startswith(UNUSUAL) and verdict.status is Status.FAILED
    )
