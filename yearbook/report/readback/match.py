"""A finished document against what the report claims: nothing unclaimed, contradicting, missing, misplaced, doubled."""

from collections.abc import Iterator, Mapping
from itertools import permutations

from yearbook.report.model import Report
from yearbook.report.number_words import number_words
from yearbook.report.readback.claims import PARTS, Claims, Picture, claims_of, furniture, headings
from yearbook.report.readback.finding import Finding, Flaw, around, loose_number, words_found
from yearbook.report.readback.notes import guard_texts, note_texts, other_texts, rule_texts, ways_back
from yearbook.report.readback.reading import Drawing, Mark, Reading
from yearbook.report.readback.running import Running, loose_in
from yearbook.report.readback.tables import table_findings

# Texts this near to each other in a drawing, in its own units, stand on one line.
_LINE = 6


class Matcher:
    """What one report claims, ready to be held against any number of documents."""

    def __init__(self, report: Report) -> None:
        self._claims: Claims = claims_of(report)
        self._allowed = furniture(report) | frozenset(headings(self._claims)) | rule_texts(report)
        lines, self._ways = ways_back(report)
        self._notes = _Notes(report, lines)

    def findings(self, reading: Reading) -> list[Finding]:
        """Everything that is wrong with a document.

        Args:
            reading: The document, read back.
        """
        return [
            *Running(self._claims, reading, self._allowed).findings(),
            *table_findings(self._claims, reading.name, reading.grids),
            *self._asides(reading),
            *self._notes.findings(reading),
            *(finding for drawing in reading.drawings for finding in self._drawing(reading.name, drawing)),
            *_feet(reading, self._claims.units[0].text),
        ]

    def _asides(self, reading: Reading) -> Iterator[Finding]:
        """Alternative texts, properties and page furniture: a chart's own numbers, or texts that are known whole."""
        left = self._ways.copy()
        for piece in reading.asides:
            if left[piece.text] > 0:
                left[piece.text] -= 1
                continue
            loose = loose_in(piece.text, self._allowed, self._claims.pictures)
            if loose is not None:
                place = f"{reading.name} {piece.place}"
                yield Finding(flaw=Flaw.UNCLAIMED, place=place, found=around(piece.text, loose, loose + 1))

    def _drawing(self, name: str, drawing: Drawing) -> Iterator[Finding]:
        """The numbers of a drawing are those of one chart, in its order along one of the drawing's sides."""
        lines = [mark.text for mark in drawing.marks]
        if not any(number_words(line) for line in lines):
            return
        best: tuple[int, str, Picture | None] = (-1, "", None)
        for text in _orders(drawing.marks):
            for picture in self._claims.pictures:
                for order in permutations(PARTS):
                    words = picture.words(order)
                    taken = words_found(text, words)
                    if loose_number(text, words) is None and _has_all(picture, [words[n] for n in taken]):
                        return
                    best = max(best, (len(taken), text, picture), key=lambda found: found[0])
        _, text, near = best
        yield Finding(
            flaw=Flaw.CONTRADICTS if near else Flaw.UNCLAIMED,
            place=f"{name} {drawing.place}{f'，{near.place}' if near else ''}",
            expected="、".join(bar[1] for bar in near.bars) if near else "",
            found="、".join(line for line in lines if number_words(line)),
            figures=near.figures if near else (),
        )


class _Notes:
    """What may stand behind each figure, worked out when it is first asked for."""

    def __init__(self, report: Report, ways: Mapping[str, str]) -> None:
        self._ways = ways
        self._figures = report.figures
        self._base_year = report.year - 1
        self._guards = guard_texts(report)
        self._others = other_texts(report)
        self._known: dict[str, frozenset[str]] = {}

    def findings(self, reading: Reading) -> Iterator[Finding]:
        """Numbers in the notes that their figures do not account for."""
        for code, piece in reading.notes:
            if piece.text in self._texts(code) or piece.text == self._ways.get(code):
                continue
            loose = loose_number(piece.text)
            if loose is not None:
                yield Finding(
                    flaw=Flaw.CONTRADICTS,
                    place=f"{reading.name} {piece.place}，{self._name(code)}",
                    found=around(piece.text, loose, loose + 1),
                    figures=(code,) if code in self._figures else (),
                )

    def _texts(self, code: str) -> frozenset[str]:
        if code not in self._known:
            texts: frozenset[str] = frozenset()
            if code in self._figures:
                texts = note_texts(self._figures[code], self._base_year)
                texts |= self._guards.get(code, frozenset()) | self._others.get(code, frozenset())
            self._known[code] = texts
        return self._known[code]

    def _name(self, code: str) -> str:
        return self._figures[code].name if code in self._figures else code


def _feet(reading: Reading, title: str) -> Iterator[Finding]:
    """The number in the margin of a page is that of the page; the title and the count of pages may stand beside it."""
    total = str(len(reading.pages))
    for number, text in enumerate(reading.pages, start=1):
        wanted = str(number)
        said = ((wanted, total), (title, wanted, total), (wanted, total, title))
        loose = loose_number(text)
        if loose is not None and all(loose_number(text, words) is not None for words in said):
            place = f"{reading.name} 第{number}页的页脚"
            yield Finding(flaw=Flaw.CONTRADICTS, place=place, expected=wanted, found=around(text, loose, loose + 1))


def _orders(marks: tuple[Mark, ...]) -> Iterator[str]:
    """The texts of a drawing line by line, column by column, and as the file has them."""
    yield "\n".join(mark.text for mark in sorted(marks, key=lambda m: (round(m.y / _LINE), m.x)))
    yield "\n".join(mark.text for mark in sorted(marks, key=lambda m: (round(m.x / _LINE), m.y)))
    yield "\n".join(mark.text for mark in marks)


def _has_all(picture: Picture, taken: list[str]) -> bool:
    """True where every number of the chart was found as often as it has it."""
    numbers = [bar[1] for bar in picture.bars]
    return all(taken.count(number) >= numbers.count(number) for number in numbers)
