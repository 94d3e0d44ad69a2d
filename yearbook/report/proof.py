"""Our own report as the rules on the document see it: read back from what is printed, not from what was meant."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from yearbook.figure import Figures
from yearbook.form.table import Role
from yearbook.quantity import Interval
from yearbook.report.model import Aspect, Heading, Number, Paragraph, Report
from yearbook.ties.numerals import read_numeral
from yearbook.ties.passages import Document, Growth, ItemList, Label, Mention, Passage, sentences, spot
from yearbook.wording import printed

TOTAL = "total"
_COMPARED = re.compile(r"[比较](\d{4})年[^，。；]*$")
_FELL = re.compile(r"(减少|下降|降低)[^增升]*$")


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A number in its sentence."""

    number: Number
    place: str
    before: str


def document_of(
    report: Report,
    *,
    late: bool | None = None,
    earlier: Iterable[str] = (),
) -> Document:
    """The report as data for ``yearbook.ties.document.judge_document``.

    Args:
        report: The drafted report.
        late: Whether the day of publication is past the deadline; None before it.
        earlier: Paragraphs of last year's report; none where unknown.
    """
    said = list(_spoken(report))
    values = [spoken for spoken in said if _is_value(spoken)]
    return Document(
        title=report.title_line,
        body_names=tuple(dict.fromkeys((report.body.name, report.body.short_name))),
        passages=tuple(_passages(report)),
        mentions=tuple(_mention(spoken) for spoken in values),
        printed=tuple(_table_numbers(report)),
        lists=tuple(_lists(values, report.figures)),
        growths=tuple(_growth(spoken, report) for spoken in said if _is_percent(spoken)),
        labels=tuple(_labels(report)),
        sections=tuple(section.title for section in report.sections),
        late=late,
        earlier=tuple(earlier),
    )


def _table_numbers(report: Report) -> Iterator[Mention]:
    for table in report.tables():
        places = {cell.figure: cell.address for cell in table.form.number_cells()}
        for code, text in table.printed.items():
            interval = _interval(text + printed(report.figures[code]).unit)
            yield Mention(code=code, text=text, interval=interval, place=places[code])


def _passages(report: Report) -> Iterator[Passage]:
    yield from (Passage("", paragraph.text) for paragraph in report.preamble)
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph | Heading):
                yield Passage(section.title, block.text)


def _spoken(report: Report) -> Iterator[_Spoken]:
    for paragraph in report.preamble:
        yield from _spoken_in(paragraph, "")
    for section in report.sections:
        for block in section.blocks:
            if isinstance(block, Paragraph):
                yield from _spoken_in(block, section.title)


def _spoken_in(paragraph: Paragraph, section: str) -> Iterator[_Spoken]:
    position = 0
    for inline in paragraph.inlines:
        if isinstance(inline, Number):
            sentence, start = _sentence_at(paragraph.text, position)
            yield _Spoken(inline, spot(section, sentence), paragraph.text[start:position])
        position += len(inline.text)


def _sentence_at(text: str, position: int) -> tuple[str, int]:
    """The sentence a position lies in, and where it begins."""
    start = 0
    for sentence in sentences(text):
        start = text.index(sentence, start)
        if start <= position < start + len(sentence):
            return sentence, start
        start += len(sentence)
    return text, 0


def _is_percent(spoken: _Spoken) -> bool:
    return spoken.number.aspect is Aspect.CHANGE and spoken.number.text.endswith("%")


def _is_value(spoken: _Spoken) -> bool:
    """True for the number of the report year: the value itself, or the rise from zero, which is the same number."""
    return spoken.number.aspect in {Aspect.VALUE, Aspect.CHANGE} and not _is_percent(spoken)


def _mention(spoken: _Spoken) -> Mention:
    code, text = spoken.number.figure, spoken.number.text
    return Mention(code=code, text=text, interval=_interval(text), place=spoken.place)


def _growth(spoken: _Spoken, report: Report) -> Growth:
    figure = report.figures[spoken.number.figure]
    compared = _COMPARED.search(spoken.before)
    return Growth(
        code=figure.code,
        text=spoken.number.text,
        fell=bool(_FELL.search(spoken.before)),
        base=None if figure.base is None else Interval(figure.base, figure.base),
        now=Interval(figure.value, figure.value),
        place=spoken.place,
        years=(int(compared[1]), report.year - 1) if compared else None,
    )


def _lists(values: Iterable[_Spoken], figures: Figures) -> Iterator[ItemList]:
    """Members of an indicator that stand in one sentence behind its total."""
    for (place, indicator), group in groupby(values, key=lambda s: (s.place, s.number.figure.partition(".")[0])):
        said = list(group)
        by_code = {spoken.number.figure: _interval(spoken.number.text) for spoken in said}
        total = by_code.pop(f"{indicator}.{TOTAL}", None)
        whole = [figure.code for figure in figures.parts(indicator) if figure.code != f"{indicator}.{TOTAL}"]
        read = tuple(part for part in by_code.values() if part is not None)
        if total is None or not read:
            continue
        # whoever lists more than half of the parts and does not say 主要 means all of them
        claimed = len(by_code) * 2 > len(whole) and "主要" not in said[-1].before
        exhaustive = claimed and len(read) == len(by_code)
        left_out = tuple(figures[code].label for code in whole if code not in by_code and figures[code].value)
        yield ItemList(
            code=f"{indicator}.{TOTAL}",
            total=total,
            parts=read,
            exhaustive=exhaustive,
            place=place,
            left_out=left_out if claimed else (),
        )


def _interval(text: str) -> Interval | None:
    numeral = read_numeral(text)
    return numeral.interval if numeral else None


def _labels(report: Report) -> Iterator[Label]:
    for table in report.tables():
        for cell in table.form.cells:
            if cell.role is not Role.NUMBER:
                yield Label(table.form.number, cell.row, cell.column, cell.label)
