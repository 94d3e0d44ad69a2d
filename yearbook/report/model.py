"""The finished report as data: what every writer draws and nothing more.

Knows no file format. A number in it is a ``Number`` with the figure it claims, or it is not a number.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from yearbook.figure import Figures
from yearbook.form.table import FormTable
from yearbook.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Text:
    """Words. Digits in them belong to declared constants: years, document numbers, telephone, articles."""

    text: str


class Aspect(StrEnum):
    """Which side of a figure a number shows."""

    VALUE = "value"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number and the figure it stands for, e.g. ``35万余`` for ``motor_vehicles.total``."""

    text: str
    figure: str
    aspect: Aspect = Aspect.VALUE


Inline = Text | Number


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
        return "".join(inline.text for inline in self.inlines)


@dataclass(frozen=True, slots=True)
class StatutoryTable:
    """A table of the form with its printed numbers, by figure code."""

    form: FormTable
    printed: dict[str, str]


Block = Heading | Paragraph | StatutoryTable


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
    """

    code: str
    name: str
    short_name: str
    notice: str = ""


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
    """

    body: Body
    year: int
    title: tuple[str, ...]
    preamble: tuple[Paragraph, ...]
    sections: tuple[Section, ...]
    figures: Figures
    verdicts: tuple[Verdict, ...]

    @property
    def title_line(self) -> str:
        """The title in one line."""
        return "".join(self.title)

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
