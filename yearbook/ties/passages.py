"""A report as rules on the document see it: passages, the numbers in them, labels, titles, dates.

Holds our own report (``yearbook.report.proof``) and somebody's published one alike; knows nothing of files.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from yearbook.quantity import Interval

PREFACE = "标题和前言"
START = 12
_END = re.compile(r"(?<=[。；！？\n])")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph or heading.

    Attributes:
        section: Title of the section it stands in; empty before section one.
        text: As a reader sees it.
    """

    section: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A number in the prose that speaks of a figure.

    Attributes:
        code: Figure code.
        text: As printed.
        interval: Every value it can stand for; None where it cannot be read.
        place: Section and beginning of the sentence.
        scope: Whom it covers where it is not the body's own, e.g. 全市.
        counting: How it is counted where it differs, e.g. 含上年度结转.
    """

    code: str
    text: str
    interval: Interval | None
    place: str
    scope: str = ""
    counting: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemList:
    """Numbers listed one by one under a total.

    Attributes:
        code: Figure code of the total; empty where it is no figure.
        total: The stated total; None where none is stated or it cannot be read.
        parts: The listed numbers.
        exhaustive: True where the list claims to be whole; parts of other lists may overlap.
        place: Section and beginning of the sentence.
        left_out: Names of parts that are not 0 and that a list which claims to be whole does not have.
    """

    code: str = ""
    total: Interval | None
    parts: tuple[Interval, ...]
    exhaustive: bool
    place: str
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """A printed percentage.

    Attributes:
        text: As printed, e.g. ``17.46%``.
        part: What it is a share of ``whole``; None where the text does not say.
        whole: The whole; None where the text does not say.
    """

    text: str
    part: Interval | None = None
    whole: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareSet:
    """Percentages that belong together.

    Attributes:
        code: Figure code of the whole; empty where it is no figure.
        shares: The percentages.
        complete: True where they claim to be all of the whole.
        place: Section and beginning of the sentence.
    """

    code: str = ""
    shares: tuple[Share, ...]
    complete: bool
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A printed rate of change.

    Attributes:
        code: Figure code; empty where it is no figure.
        text: As printed, without sign, e.g. ``2.27%``.
        fell: True where the words say that the figure fell.
        base: The year before.
        now: The report year.
        place: Section and beginning of the sentence.
        years: The year that the words compare with, and the one of ``base``; None where the text does not say.
    """

    code: str = ""
    text: str
    fell: bool
    base: Interval | None
    now: Interval | None
    place: str
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label of a statutory table, by its place in the grid (0-based)."""

    table: int
    row: int
    column: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A whole report.

    Attributes:
        title: Title in one line; empty where unknown.
        body_names: Names of the body itself, full and short.
        other_names: Names of other bodies that must not stand in it.
        passages: Paragraphs and headings in reading order.
        mentions: Numbers in the prose that speak of figures.
        printed: Numbers in the statutory tables as they were read back; empty where the tables are the cells.
        lists: Itemised lists.
        shares: Sets of percentages.
        growths: Rates of change.
        labels: Printed labels of the statutory tables.
        sections: Printed section titles in order; empty where unknown.
        published_on: Day of publication; None where unknown.
        late: Whether that day is past the deadline, where only this is told so that the text stays the same tomorrow.
        earlier: Paragraphs of last year's report; empty where unknown.
    """

    title: str = ""
    body_names: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = ()
    mentions: tuple[Mention, ...] = ()
    printed: tuple[Mention, ...] = ()
    lists: tuple[ItemList, ...] = ()
    shares: tuple[ShareSet, ...] = ()
    growths: tuple[Growth, ...] = ()
    labels: tuple[Label, ...] = ()
    sections: tuple[str, ...] = ()
    published_on: date | None = None
    late: bool | None = None
    earlier: tuple[str, ...] = ()


def sentences(text: str) -> Iterator[str]:
    """The sentences of a paragraph with their final mark, blanks between characters kept."""
    yield from (part for part in _END.split(text) if part.strip())


def spot(section: str, sentence: str) -> str:
    """Where something stands: section and beginning of the sentence."""
    start = sentence.strip()
    return f"{section or PREFACE}，“{start[:START]}{'…' if len(start) > START else ''}”"
