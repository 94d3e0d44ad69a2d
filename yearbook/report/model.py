"""The finished report as data: what every writer draws and nothing more.

Knows no file format. A number in it is a ``Number`` with the figure it claims, or it is not a number.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from yearbook.figure import Figures
from yearbook.form.table import FormTable
from yearbook.quantity import Exact
from yearbook.report.profile import Profile
from yearbook.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Text:
    """Words without numbers. A number in them is claimed by nobody and stops publication."""

    text: str


@dataclass(frozen=True, slots=True)
class Constant:
    """Declared text whose digits are no statistics: a year, a document number, a telephone, an article of law."""

    text: str


class Aspect(StrEnum):
    """Which side of a figure a number shows.

    ``VALUE`` and ``CHANGE`` are those of the report year, ``BASE`` the year before, ``DIFFERENCE`` the change as a
    number of its unit without a sign. ``EARLIER`` is the value of an earlier report year, ``BEFORE`` that of the
    edition that this one corrects; those two carry their exact value.
    """

    VALUE = "value"
    CHANGE = "change"
    BASE = "base"
    DIFFERENCE = "difference"
    EARLIER = "earlier"
    BEFORE = "before"


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number and the figure it stands for, e.g. ``35万余`` for ``motor_vehicles.total``.

    Attributes:
        text: As printed, measure word included where it is printed.
        figure: Figure code.
        aspect: Which side of the figure.
        exact: Exact value behind it where the figure of this report does not hold it (``EARLIER``, ``BEFORE``).
        year: The year it speaks of (``EARLIER``); None for the report year and its base.
    """

    text: str
    figure: str
    aspect: Aspect = Aspect.VALUE
    exact: Exact | None = None
    year: int | None = None


Inline = Text | Constant | Number


def plain_text(inlines: Iterable[Inline]) -> str:
    """A run of inlines as a reader sees it."""
    return "".join(inline.text for inline in inlines)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below the section title; level 2 is （一）, level 3 is 1."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of body text, first line indented by two characters."""

    inlines: tuple[Inline, ...]

    @property
    def text(self) -> str:
        """The paragraph as a reader sees it."""
        return plain_text(self.inlines)


@dataclass(frozen=True, slots=True)
class StatutoryTable:
    """A table of the form with its printed numbers, by figure code."""

    form: FormTable
    printed: dict[str, str]


class Drawing(StrEnum):
    """What a chart shows: change by kind, composition, or the years up to the report year."""

    CHANGE = "change"
    COMPOSITION = "composition"
    TREND = "trend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar or point of a chart.

    Attributes:
        label: What it stands for: a member of the indicator, or a year.
        value: What its length is drawn from, exact.
        number: The number printed beside it.
        note: A second number beside it, e.g. the percent of a change.
        words: What is said between the two, e.g. 增加, or in place of the second, e.g. 持平; no number in it.
    """

    label: str
    value: Exact
    number: Number
    note: Number | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of figures; every number in it is printed as text too.

    Attributes:
        drawing: Which kind.
        indicator: Code of the indicator it shows.
        title: Its title, years as constants.
        unit: Measure word of the values.
        bars: In printed order.
    """

    drawing: Drawing
    indicator: str
    title: tuple[Inline, ...]
    unit: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A plain table outside the form: one header row, cells of words and numbers.

    Attributes:
        title: Its caption.
        head: Column names.
        rows: Cells, row by row; the first cell of a row names it.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]


Block = Heading | Paragraph | StatutoryTable | Chart | Listing


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six sections; ``title`` is the statutory title, word for word."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The public body that reports.

    Attributes:
        code: Folder and parameter name.
        name: Full name.
        short_name: Name in the title.
        notice: A sentence that machine-readable outputs and the run page carry (a demonstration says so here).
        profile: How its report is set on paper.
    """

    code: str
    name: str
    short_name: str
    notice: str = ""
    profile: Profile = Profile.OFFICIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole report.

    Attributes:
        body: Who reports.
        year: The statistical year.
        title: Title lines, as the title page breaks them.
        preamble: Paragraphs before section one.
        sections: The six sections in order.
        figures: Every figure of the run, printed in the text or not.
        verdicts: Every rule's answer.
        edition: Which edition of this year's report it is; 1 unless it corrects a published one.
        annexes: What stands behind the six sections, e.g. what a correction changed; mostly nothing.
    """

    body: Body
    year: int
    title: tuple[str, ...]
    preamble: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    figures: Figures
    verdicts: tuple[Verdict, ...]
    edition: int = 1
    annexes: tuple[Section, ...] = ()

    @property
    def title_line(self) -> str:
        """The title in one line."""
        return "".join(self.title)

    @property
    def edition_words(self) -> str:
        """``第2版`` for a correction; empty for a first edition, which needs no number."""
        return f"第{self.edition}版" if self.edition > 1 else ""

    def numbers(self) -> Iterator[Number]:
        """Every number in running text, in reading order."""
        paragraphs = list(self.preamble)
        for section in self.sections:
            paragraphs += [block for block in section.blocks if isinstance(block, Paragraph)]
        for paragraph in paragraphs:
            yield from (inline for inline in paragraph.inlines if isinstance(inline, Number))

    def tables(self) -> Iterator[StatutoryTable]:
        """The statutory tables in printed order."""
        for section in self.sections:
            yield from (block for block in section.blocks if isinstance(block, StatutoryTable))
