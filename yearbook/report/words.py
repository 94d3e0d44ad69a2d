"""A report as a reader reads it: the words of its sections and the numbers of its tables, kept with every run.

This is what an edition is held against, and what next year's report is; it outlives every way of drawing a page.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest

from yearbook.report.model import Block, Chart, Heading, Listing, Paragraph, Report, Section, plain_text
from yearbook.revision import TextDifference
from yearbook.ties.passages import sentences

BETWEEN_CELLS = "｜"


@dataclass(frozen=True, slots=True)
class Part:
    """A section: its title, empty before section one, and its paragraphs and headings in order."""

    title: str
    passages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportWords:
    """The words of a report.

    Attributes:
        parts: The title and what stands before section one, then the six sections.
        printed: Numbers in the statutory tables as printed, by figure code.
        annexes: What stands behind the sections; it belongs to the edition and is never compared.
    """

    parts: tuple[Part, ...] = ()
    printed: Mapping[str, str] = field(default_factory=dict)
    annexes: tuple[Part, ...] = ()

    def paragraphs(self) -> tuple[str, ...]:
        """Every paragraph and heading, without the annexes."""
        return tuple(passage for part in self.parts for passage in part.passages)


def words_of(report: Report) -> ReportWords:
    """The words of a report."""
    opening = Part("", (report.title_line, *(paragraph.text for paragraph in report.preamble)))
    return ReportWords(
        parts=(opening, *(_part(section) for section in report.sections)),
        printed={code: text for table in report.tables() for code, text in table.printed.items()},
        annexes=tuple(_part(annex) for annex in report.annexes),
    )


def write_words(words: ReportWords) -> bytes:
    """The words as JSON of which there is one form only."""
    document = {
        "parts": [[part.title, list(part.passages)] for part in words.parts],
        "printed": dict(words.printed),
        "annexes": [[part.title, list(part.passages)] for part in words.annexes],
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")


def read_words(data: bytes) -> ReportWords:
    """What ``write_words`` wrote.

    Raises:
        ValueError: The data is something else.
    """
    document = json.loads(data)
    try:
        parts, annexes = (
            tuple(Part(title, tuple(passages)) for title, passages in document[name]) for name in ("parts", "annexes")
        )
        return ReportWords(parts, document["printed"], annexes)
    except (KeyError, TypeError) as error:
        raise ValueError("not the words of a report") from error


def text_differences(then: ReportWords, now: ReportWords) -> tuple[TextDifference, ...]:
    """Sentences and headings that differ, section by section; annexes and numbers in tables are not looked at."""
    before = {part.title: part for part in then.parts}
    after = {part.title: part for part in now.parts}
    titles = dict.fromkeys((*after, *before))
    return tuple(
        TextDifference(title, old, new)
        for title in titles
        for old, new in _unequal(_sentences(before.get(title)), _sentences(after.get(title)))
    )


def _unequal(then: list[str], now: list[str]) -> Iterator[tuple[str | None, str | None]]:
    for kind, low, high, first, last in SequenceMatcher(None, then, now, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from zip_longest(then[low:high], now[first:last])


def _sentences(part: Part | None) -> list[str]:
    return [sentence.strip() for passage in (part.passages if part else ()) for sentence in sentences(passage)]


def _part(section: Section) -> Part:
    return Part(section.title, tuple(text for block in section.blocks for text in _texts(block)))


def _texts(block: Block) -> Iterable[str]:
    """What a block says in words; a statutory table says its labels, which are the form's, and its numbers."""
    if isinstance(block, Heading | Paragraph):
        return (block.text,)
    if isinstance(block, Listing):
        rows = (BETWEEN_CELLS.join(plain_text(cell) for cell in row) for row in block.rows)
        return (block.title, BETWEEN_CELLS.join(block.head), *rows)
    if isinstance(block, Chart):
        return (plain_text(block.title),)
    return ()
