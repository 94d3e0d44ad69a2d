"""What reading back can find, with the place and both texts."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from yearbook.report.number_words import number_words

# How much of a text stands around the difference that is told.
_AROUND = 8


class Flaw(StrEnum):
    """What is wrong with a number or text."""

    UNCLAIMED = "没有出处"
    CONTRADICTS = "与出处不符"
    MISSING = "缺失"
    MOVED = "在另一格"
    DOUBLED = "重复"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a finished document should not say.

    Attributes:
        flaw: What is wrong.
        place: Where, in a reader's words.
        expected: What should stand there; empty where nothing should.
        found: What stands there; empty where nothing does.
        figures: Codes of the figures concerned.
    """

    flaw: Flaw
    place: str
    expected: str = ""
    found: str = ""
    figures: tuple[str, ...] = ()


def loose_number(text: str, words: Iterable[str] = ()) -> int | None:
    """Index of the first number in a text that none of the words accounts for; None where all are accounted for.

    The words stand in the text in their order; any may be left out. No number may stand between two of them.

    Args:
        text: What was read.
        words: Texts with numbers that are claimed, in printed order.
    """
    position, _ = _covered(text, words)
    rest = number_words(text[position:])
    return position + rest[0].start if rest else None


def words_found(text: str, words: Iterable[str]) -> frozenset[int]:
    """Which of the words ``loose_number`` found, by index."""
    return _covered(text, words)[1]


def _covered(text: str, words: Iterable[str]) -> tuple[int, frozenset[int]]:
    position = 0
    found: set[int] = set()
    for index, word in enumerate(words):
        at = text.find(word, position) if word else -1
        if at >= 0 and not number_words(text[position:at]):
            found.add(index)
            position = at + len(word)
    return position, frozenset(found)


def around(text: str, start: int, end: int) -> str:
    """A stretch of text with what stands around it."""
    low, high = max(0, start - _AROUND), min(len(text), end + _AROUND)
    return f"{'…' if low else ''}{text[low:high]}{'…' if high < len(text) else ''}"
