"""What a correction says at the end of the report: which edition it corrects, why, and every difference.

A number that is now right is a number of this report; one that was wrong carries its exact value. What is quoted from
the edition before, and what a person wrote as the reason, holds no statistics of this report: its digits are constants.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from yearbook.figure import Figures
from yearbook.quantity import plain
from yearbook.report.model import (
    Aspect,
    Block,
    Constant,
    Inline,
    Listing,
    Number,
    Paragraph,
    Report,
    Section,
    Text,
)
from yearbook.report.number_words import number_words
from yearbook.revision import Counted, FigureDifference, Revision, TextDifference
from yearbook.ties.passages import sentences

TITLE = "更正说明"
FIGURES_TITLE, TEXTS_TITLE = "更正对照", "文字对照"
FINAL = "。！？；"
Cell = tuple[Inline, ...]


def quoted(text: str) -> Cell:
    """Words that are quoted: their digits and numerals are constants.

    Args:
        text: Any text; nothing in it speaks of a figure of this report.
    """
    found: list[Inline] = []
    start = 0
    for word in number_words(text):
        found += [Text(text[start : word.start]), Constant(word.text)]
        start = word.end
    found.append(Text(text[start:]))
    # cut apart, a word may read as a number that was none in its sentence
    if any(isinstance(part, Text) and number_words(part.text) for part in found):
        return (Constant(text),)
    return tuple(part for part in found if part.text)


def with_correction(report: Report, revision: Revision, *, edition: int) -> Report:
    """The report as the edition that corrects another one.

    Args:
        report: The report.
        revision: What differs from the edition that is corrected, and why.
        edition: Number of the edition that corrects.
    """
    blocks: list[Block] = [Paragraph(_opening(revision, edition))]
    if revision.figures:
        rows = tuple(row for difference in revision.figures for row in _figure_rows(difference, report.figures))
        blocks.append(Listing(title=FIGURES_TITLE, head=("项目", "原为", "更正为"), rows=rows))
    if revision.texts:
        said = dict(_sentences(report))
        lines = tuple(_text_row(difference, said) for difference in revision.texts)
        blocks.append(Listing(title=TEXTS_TITLE, head=("所在部分", "原文", "更正后"), rows=lines))
    return replace(report, edition=edition, annexes=(*report.annexes, Section(TITLE, tuple(blocks))))


def _opening(revision: Revision, edition: int) -> Cell:
    end = "" if revision.reason.endswith(tuple(FINAL)) else "。"
    kinds = [name for name, some in (("数字", revision.figures), ("文字", revision.texts)) if some]
    words = f"第{edition}版更正第{revision.edition}版的{'和'.join(kinds)}。更正原因：{revision.reason}{end}"
    return quoted(f"{words}原来的内容和更正后的内容列在下面，没有列出的没有更正。")


def _figure_rows(difference: FigureDifference, figures: Figures) -> Iterator[tuple[Cell, ...]]:
    """The value where it differs, then the year before's; of a figure that is new or gone the value alone."""
    then, now = difference.then, difference.now
    if then is None or now is None or (then.value, then.unit) != (now.value, now.unit):
        yield (
            quoted(difference.name),
            _before(difference.code, then, figures) if then else (Text("没有列出"),),
            (Number(_exact(now), difference.code, exact=now.value),) if now else (Text("不再列出"),),
        )
    if then is not None and now is not None and then.base != now.base:
        yield quoted(f"{difference.name}（上年数）"), *_bases(difference, then, now, figures)


def _bases(difference: FigureDifference, then: Counted, now: Counted, figures: Figures) -> tuple[Cell, Cell]:
    none: Cell = (Text("无可比数"),)
    was = none if then.base is None else _before(difference.code, replace(then, value=then.base), figures)
    if now.base is None:
        return was, none
    return was, (Number(f"{plain(now.base)}{now.unit}", difference.code, Aspect.BASE, exact=now.base),)


def _before(code: str, then: Counted, figures: Figures) -> Cell:
    """A number of the edition before; of a figure that this report does not have any more a quotation."""
    text = _exact(then)
    return (Number(text, code, Aspect.BEFORE, exact=then.value),) if code in figures else (Constant(text),)


def _exact(side: Counted) -> str:
    return f"{plain(side.value)}{side.unit}"


def _text_row(difference: TextDifference, said: Mapping[tuple[str, str], Cell]) -> tuple[Cell, Cell, Cell]:
    then = (Text("没有这一句"),) if difference.then is None else quoted(difference.then)
    if difference.now is None:
        return quoted(difference.place), then, (Text("删去"),)
    now = said.get((difference.section, difference.now))
    return quoted(difference.place), then, quoted(difference.now) if now is None else now


def _sentences(report: Report) -> Iterator[tuple[tuple[str, str], Cell]]:
    """Every sentence with its numbers, by section and words."""
    sections = [("", report.preamble), *((s.title, s.blocks) for s in report.sections)]
    for title, blocks in sections:
        for block in blocks:
            if isinstance(block, Paragraph):
                yield from (((title, words), cell) for words, cell in _split(block))


def _split(paragraph: Paragraph) -> Iterator[tuple[str, Cell]]:
    start = 0
    for sentence in sentences(paragraph.text):
        start = paragraph.text.index(sentence, start)
        yield sentence.strip(), tuple(_between(paragraph.inlines, start, start + len(sentence)))
        start += len(sentence)


def _between(inlines: Iterable[Inline], start: int, end: int) -> Iterator[Inline]:
    """The inlines from one index of their text to another; a number is never cut."""
    position = 0
    for inline in inlines:
        low, high = max(start - position, 0), min(end - position, len(inline.text))
        if low < high:
            yield inline if isinstance(inline, Number) else replace(inline, text=inline.text[low:high])
        position += len(inline.text)
