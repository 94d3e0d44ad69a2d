"""Whether every number of a report rests on something: a figure that says the same, or a declared constant.

The printed text of a number is derived again from its figure, and read back to the interval it can stand for.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from yearbook.change import Kind
from yearbook.figure import Figure, Figures
from yearbook.form.edition_2021 import SECTIONS
from yearbook.quantity import Exact, plain, ratio
from yearbook.report.model import Aspect, Chart, Inline, Listing, Number, Report, Section, Text, plain_text
from yearbook.report.number_words import NumberWord, number_words
from yearbook.report.readback.claims import claims_of, constants_of, years_of
from yearbook.report.readback.finding import Finding, Flaw, around
from yearbook.ties.numerals import read_numeral
from yearbook.wording import change_words, printed

_NUMBERING = re.compile(r"[一二三四五六七八九十]+、|[（(](?:[一二三四五六七八九十]+|\d+)[)）]|\d+[.．、]")
_SIGNS = "+-−＋－"
_ZERO = "零"
HUNDRED = 100


@dataclass(frozen=True, slots=True)
class _Judge:
    """What the numbers of one report may rest on."""

    figures: Figures
    base_year: int
    constants: tuple[str, ...]
    names: tuple[str, ...]

    def inlines(self, place: str, inlines: Iterable[Inline]) -> Iterator[Finding]:
        """Numbers of one text that rest on nothing, or not on what they claim."""
        parts = tuple(inlines)
        text = plain_text(parts)
        spans = list(_spans(parts))
        for word in number_words(text):
            if not any(_rests(word, start, end, part) for start, end, part in spans) and not self._is_said(
                word, text, spans
            ):
                yield _unclaimed(place, text, word)
        for part in parts:
            if isinstance(part, Number):
                yield from self.number(place, part)

    def words(self, place: str, text: str) -> Iterator[Finding]:
        """Numbers of a heading, title or name that are no numbering and no declared constant."""
        numbering = _NUMBERING.match(text)
        declared = _places((*self.constants, *self.names), text)
        for word in number_words(text):
            if numbering and word.end <= numbering.end():
                continue
            if not any(start <= word.start and word.end <= end for start, end in declared):
                yield _unclaimed(place, text, word)

    def number(self, place: str, number: Number) -> Iterator[Finding]:
        """A number whose figure prints otherwise, or which cannot be read as its figure's exact value."""
        if number.figure not in self.figures:
            yield Finding(flaw=Flaw.UNCLAIMED, place=place, found=number.text)
            return
        figure = self.figures[number.figure]
        wanted = _printings(number, figure, self.base_year)
        if number.text not in wanted or not _means(number, figure):
            yield Finding(
                flaw=Flaw.CONTRADICTS,
                place=place,
                expected=wanted[0] if wanted else "",
                found=number.text,
                figures=(figure.code,),
            )

    def _is_said(self, word: NumberWord, text: str, spans: list[tuple[int, int, Inline]]) -> bool:
        """True for a number in a name of the catalogue, and for the zero that a change from zero begins with."""
        if any(start <= word.start and word.end <= end for start, end in _places(self.names, text)):
            return True
        after = next((part for start, _, part in spans if start >= word.end and isinstance(part, Number)), None)
        from_zero = word.text == _ZERO and after is not None and after.aspect is Aspect.CHANGE
        return from_zero and after is not None and self.figures[after.figure].change.kind is Kind.FROM_ZERO


def unfounded(report: Report) -> list[Finding]:
    """Every number of a report that rests on nothing or contradicts what it rests on."""
    judge = _judge(report)
    claims = claims_of(report)
    found: list[Finding] = []
    for unit in claims.units:
        if not unit.heading:
            found += judge.inlines(unit.place, unit.inlines)
        elif plain_text(unit.inlines) not in SECTIONS:
            found += judge.words(unit.place, plain_text(unit.inlines))
    for table in report.tables():
        for cell in table.form.number_cells():
            found += judge.number(cell.address, Number(table.printed[cell.figure or ""], cell.figure or ""))
    for section in (*report.sections, *report.annexes):
        found += _others(judge, section)
    return found


def _judge(report: Report) -> _Judge:
    names = {name for figure in report.figures.values() for name in (figure.name, figure.label) if number_words(name)}
    years = tuple(f"{year}年" for year in years_of(report))
    return _Judge(report.figures, report.year - 1, (*constants_of(report), *years), tuple(sorted(names)))


def _others(judge: _Judge, section: Section) -> Iterator[Finding]:
    for block in section.blocks:
        if isinstance(block, Listing):
            yield from _listing(judge, block)
        elif isinstance(block, Chart):
            yield from _chart(judge, block)


def _listing(judge: _Judge, block: Listing) -> Iterator[Finding]:
    place = f"“{block.title}”"
    for words in (block.title, *block.head):
        yield from judge.words(place, words)
    for n, row in enumerate(block.rows, start=1):
        for m, cell in enumerate(row, start=1):
            yield from judge.inlines(f"{place}第{n}行第{m}列", cell)


def _chart(judge: _Judge, chart: Chart) -> Iterator[Finding]:
    place = f"图“{plain_text(chart.title)}”"
    yield from judge.inlines(place, chart.title)
    for bar in chart.bars:
        if not re.fullmatch(r"(?:19|20)\d\d年?", bar.label):
            yield from judge.words(place, bar.label)
        for number in (bar.number, bar.note):
            if number is not None:
                yield from judge.number(f"{place}的“{bar.label}”", number)


def _spans(parts: Iterable[Inline]) -> Iterator[tuple[int, int, Inline]]:
    position = 0
    for part in parts:
        yield position, position + len(part.text), part
        position += len(part.text)


def _rests(word: NumberWord, start: int, end: int, part: Inline) -> bool:
    return not isinstance(part, Text) and start <= word.start and word.end <= end


def _places(names: Iterable[str], text: str) -> list[tuple[int, int]]:
    return [(m.start(), m.end()) for name in names if name in text for m in re.finditer(re.escape(name), text)]


def _unclaimed(place: str, text: str, word: NumberWord) -> Finding:
    return Finding(flaw=Flaw.UNCLAIMED, place=place, found=around(text, word.start, word.end))


def _exact(number: Number, figure: Figure) -> Exact | None:
    """The exact value behind a number that shows one; None for a change and where there is no base."""
    if number.exact is not None:
        return number.exact
    if number.aspect is Aspect.BASE:
        return figure.base
    return figure.value if number.aspect is Aspect.VALUE else None


def _printings(number: Number, figure: Figure, base_year: int) -> tuple[str, ...]:
    """How the number may be printed, with and without its measure word; a change also with its sign."""
    exact = _exact(number, figure)
    if exact is not None:
        told = printed(replace(figure, value=_size(exact)))
        signs = (("-", "−") if exact < 0 else ("+", "＋", "")) if number.aspect is Aspect.CHANGE else ("",)
        # a number that carries its exact value may say all of it: a correction can lie below what is cut off
        whole = () if number.exact is None else (f"{plain(_size(exact))}{figure.unit.value}",)
        return tuple(sign + text for sign in signs for text in (told.text, told.number, *whole))
    if number.aspect is not Aspect.CHANGE:
        return ()
    text = change_words(figure, base_year)[1]
    fell = figure.change.kind is Kind.FELL
    return (text, *(sign + text for sign in (("-", "−", "－") if fell else ("+", "＋")))) if text else ()


def _means(number: Number, figure: Figure) -> bool:
    """True where the printed text, read by the other hand, can stand for the exact value."""
    text = number.text.lstrip(_SIGNS)
    unit = "" if text.endswith(("%", *(_units(figure)))) else printed(figure).unit
    numeral = read_numeral(text + unit)
    if numeral is None:
        return False
    meant = _meant(number, figure, text)
    return numeral.interval.low <= meant <= numeral.interval.high


def _meant(number: Number, figure: Figure, text: str) -> Exact:
    """The exact amount that a printed text must stand for, without its sign; of a percentage the unrounded one."""
    exact = _exact(number, figure)
    if exact is not None:
        return _size(exact)
    if text.endswith("%") and figure.base:
        return ratio(abs(Decimal(figure.value) - Decimal(figure.base)) * HUNDRED, figure.base)
    return _size(figure.value)


def _size(value: Exact) -> Exact:
    return -value if value < 0 else value


def _units(figure: Figure) -> tuple[str, str]:
    return figure.unit.value, printed(figure).unit
