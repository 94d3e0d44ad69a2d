"""Running text against its claims: every claimed text stands letter by letter, and no number stands beside them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from yearbook.report.number_words import number_words
from yearbook.report.readback.chain import Gap, chain, gaps
from yearbook.report.readback.claims import Claims, Picture, Unit
from yearbook.report.readback.finding import Finding, Flaw, around, loose_number
from yearbook.report.readback.reading import Reading

# Longer stretches are not compared letter by letter: whatever went wrong there is no slip.
_LONGEST = 4000


class Running:
    """The running text of one document beside what is claimed of it."""

    def __init__(self, claims: Claims, reading: Reading, allowed: frozenset[str]) -> None:
        self._claims = claims
        self._reading = reading
        self._allowed = allowed
        self._mark = "" if reading.run_on else "\n"
        texts = [piece.text for piece in reading.pieces]
        self._starts = [0, *accumulate(len(text) + len(self._mark) for text in texts)]
        self._text = self._mark.join(texts)

    def findings(self) -> Iterator[Finding]:
        """Everything that is wrong with the running text."""
        wanted = [unit.text for unit in self._claims.units]
        framed = self._mark + self._text + self._mark
        shift = len(self._mark)
        held = chain(wanted, framed, self._mark)
        for gap in gaps(held, len(wanted), len(framed)):
            text = framed[gap.start : gap.end]
            if gap.first < gap.last:
                yield from self._wrong(gap, text.strip("\n"), max(0, gap.start - shift))
            elif number_words(text):
                yield from self._beside(gap, text, max(0, gap.start - shift))

    def _place(self, position: int) -> str:
        index = min(bisect_right(self._starts, position), len(self._reading.pieces)) - 1
        place = self._reading.pieces[index].place if self._reading.pieces else ""
        return f"{self._reading.name} {place}"

    def _wrong(self, gap: Gap, text: str, start: int) -> Iterator[Finding]:
        """Claimed texts that do not stand where they belong, each with its first difference."""
        units = self._claims.units[gap.first : gap.last]
        expected = self._mark.join(unit.text for unit in units)
        place = self._place(start + 1)
        told: dict[int, Finding] = {}
        if text and max(len(text), len(expected)) <= _LONGEST:
            for index, finding in self._differences(units, expected, text, start):
                told.setdefault(index, finding)
        for index, unit in enumerate(units):
            flaw = Flaw.CONTRADICTS if text else Flaw.MISSING
            yield told.get(index) or Finding(
                flaw=flaw, place=f"{place}，{unit.place}", expected=around(unit.text, 0, 0), figures=unit.figures
            )

    def _differences(
        self, units: Sequence[Unit], expected: str, text: str, start: int
    ) -> Iterator[tuple[int, Finding]]:
        starts = [0, *accumulate(len(unit.text) + len(self._mark) for unit in units)]
        for low, high, found_low, found_high in _changes(expected, text):
            first = min(bisect_right(starts, low), len(units)) - 1
            last = max(first, min(bisect_right(starts, max(low, high - 1)), len(units)) - 1)
            for index in range(first, last + 1):
                unit = units[index]
                a, b = max(0, low - starts[index]), min(len(unit.text), high - starts[index])
                yield (
                    index,
                    Finding(
                        flaw=Flaw.CONTRADICTS if found_high > found_low else Flaw.MISSING,
                        place=f"{self._place(start + found_low + len(self._mark))}，{unit.place}",
                        expected=around(unit.text, a, max(a, b)),
                        found=around(text, found_low, found_high),
                        figures=unit.figures,
                    ),
                )

    def _beside(self, gap: Gap, text: str, start: int) -> Iterator[Finding]:
        """Numbers that no claimed text holds."""
        pictures = [p for p in self._claims.pictures if p.after == gap.first]
        # a picture's title stands above it or below
        between = [word for picture in pictures for word in (*picture.words(), picture.title)]
        said = (between, [unit.text for unit in self._claims.captions])
        position = start
        for part in text.split("\n"):
            loose = loose_in(part, self._allowed, self._claims.pictures, said)
            if loose is not None:
                doubled = any(unit.text in part for unit in self._claims.units if number_words(unit.text))
                yield Finding(
                    flaw=Flaw.DOUBLED if doubled else Flaw.UNCLAIMED,
                    place=self._place(position + loose),
                    found=around(part, loose, loose + 1),
                )
            position += len(part) + 1


def loose_in(
    text: str, allowed: frozenset[str], pictures: Iterable[Picture], said: Iterable[Sequence[str]] = ()
) -> int | None:
    """Where a text beside the report has a number that nothing accounts for.

    Args:
        text: What was read.
        allowed: Texts that may stand there as they are.
        pictures: Charts whose numbers it may tell.
        said: Further texts that account for numbers, in printed order.

    Returns:
        Index of the first number; None where the text is allowed or all its numbers are accounted for.
    """
    first = loose_number(text)
    if first is None or text in allowed or any(picture.accounts_for(text) for picture in pictures):
        return None
    return None if any(loose_number(text, words) is None for words in said) else first


def _changes(expected: str, text: str) -> Iterator[tuple[int, int, int, int]]:
    """Stretches that differ, as ends in the expected and in the found text; common ends are cut off first."""
    head = next((n for n, (a, b) in enumerate(zip(expected, text, strict=False)) if a != b), None)
    head = min(len(expected), len(text)) if head is None else head
    rest = min(len(expected), len(text)) - head
    tail = next((n for n in range(rest) if expected[-1 - n] != text[-1 - n]), rest)
    a, b = expected[head : len(expected) - tail], text[head : len(text) - tail]
    for tag, low, high, found_low, found_high in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag != "equal":
            yield low + head, high + head, found_low + head, found_high + head
