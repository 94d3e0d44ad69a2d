"""Where the claimed texts stand in what was read: the heaviest chain of them that keeps their order.

A claimed text counts only where it stands letter by letter; what lies between is looked at by ``running``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

# A text that stands at more places than this is no anchor.
_MOST = 12


@dataclass(frozen=True, slots=True)
class Held:
    """A claimed text found: its index, and where it begins and ends in what was read."""

    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Gap:
    """What was read between two texts found, and the claimed texts that belong there.

    Attributes:
        start: Where it begins in what was read.
        end: Where it ends.
        first: Index of the first claimed text that belongs there.
        last: Index behind the last one; equal to ``first`` where none is missing.
    """

    start: int
    end: int
    first: int
    last: int


def chain(wanted: Sequence[str], read: str, mark: str) -> list[Held]:
    """The claimed texts that stand in what was read, in order.

    Args:
        wanted: Claimed texts in printed order.
        read: What was read; with ``mark`` before, between and behind its pieces.
        mark: What parts pieces; empty where paragraphs follow each other without a mark.
    """
    found = [
        Held(index, at + len(mark), at + len(mark) + len(text))
        for index, text in enumerate(wanted)
        for at in _places(mark + text + mark, read)
    ]
    best: list[tuple[int, int]] = []
    for n, held in enumerate(found):
        weight, before = 0, -1
        for m in range(n):
            other = found[m]
            if other.index < held.index and other.end <= held.start and best[m][0] > weight:
                weight, before = best[m][0], m
        best.append((weight + held.end - held.start, before))
    at = max(range(len(best)), key=lambda n: best[n][0], default=-1)
    kept: list[Held] = []
    while at >= 0:
        kept.append(found[at])
        at = best[at][1]
    return kept[::-1]


def gaps(held: Sequence[Held], wanted: int, read: int) -> list[Gap]:
    """What lies before, between and behind the texts found.

    Args:
        held: The chain.
        wanted: How many texts are claimed.
        read: Length of what was read.
    """
    ends = [Held(-1, 0, 0), *held, Held(wanted, read, read)]
    return [Gap(a.end, b.start, a.index + 1, b.index) for a, b in pairwise(ends)]


def _places(text: str, read: str) -> list[int]:
    found: list[int] = []
    at = read.find(text)
    while at >= 0 and len(found) < _MOST:
        found.append(at)
        at = read.find(text, at + 1)
    return found
