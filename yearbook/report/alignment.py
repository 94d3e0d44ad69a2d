"""Two texts side by side: which paragraph answers which, and what became of every sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from yearbook.ties.likeness import bare_of
from yearbook.ties.passages import sentences

# Below it two paragraphs have no more in common than any two of the same body.
KINSHIP = 0.35


class Mark(StrEnum):
    """What became of a sentence or paragraph."""

    SAME = "same"
    NUMBERS = "numbers"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"

    @property
    def label(self) -> str:
        """The word on the page."""
        words = {"same": "相同", "numbers": "仅数字不同", "changed": "有改动", "new": "新增", "gone": "删去"}
        return words[self.value]

    @property
    def sign(self) -> str:
        """The sign on the page; nobody needs to see a colour."""
        return {"same": "＝", "numbers": "≈", "changed": "≠", "new": "＋", "gone": "－"}[self.value]


Marked = tuple[tuple[Mark, str], ...]


@dataclass(frozen=True, slots=True)
class Aligned:
    """A paragraph then and now, sentence by sentence; one side is empty where it is new or gone."""

    mark: Mark
    then: Marked
    now: Marked


def align(then: Sequence[str], now: Sequence[str]) -> tuple[Aligned, ...]:
    """Paragraphs of one section beside each other, in reading order.

    Args:
        then: Paragraphs and headings of the earlier text.
        now: Those of the later one.
    """
    return tuple(_aligned(old, new) for old, new in _pairs(then, now))


def _pairs(then: Sequence[str], now: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    before, after = [bare_of(text) for text in then], [bare_of(text) for text in now]
    for kind, low, high, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from zip(then[low:high], now[first:last], strict=True)
        else:
            yield from _kin(then[low:high], now[first:last])


def _kin(then: Sequence[str], now: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """The paragraphs of a stretch that differs: each beside the most alike of those that are left, order kept."""
    start = 0
    for new in now:
        ratios = [_ratio(old, new) for old in then[start:]]
        best = max(range(len(ratios)), key=lambda index: ratios[index], default=None)
        if best is None or ratios[best] < KINSHIP:
            yield None, new
            continue
        yield from ((old, None) for old in then[start : start + best])
        yield then[start + best], new
        start += best + 1
    yield from ((old, None) for old in then[start:])


def _ratio(old: str, new: str) -> float:
    matcher = SequenceMatcher(None, bare_of(old), bare_of(new), autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= KINSHIP else 0.0


def _aligned(then: str | None, now: str | None) -> Aligned:
    if then is None or now is None:
        mark, text = (Mark.NEW, now) if then is None else (Mark.GONE, then)
        told = tuple((mark, sentence.strip()) for sentence in sentences(text or ""))
        return Aligned(mark, () if then is None else told, told if then is None else ())
    old, new = (tuple(sentence.strip() for sentence in sentences(text)) for text in (then, now))
    then_marked, now_marked = _sentences(old, new)
    marks = {mark for mark, _ in (*then_marked, *now_marked)}
    if marks <= {Mark.SAME}:
        return Aligned(Mark.SAME, then_marked, now_marked)
    whole = Mark.NUMBERS if marks <= {Mark.SAME, Mark.NUMBERS} else Mark.CHANGED
    return Aligned(whole, then_marked, now_marked)


def _sentences(then: Sequence[str], now: Sequence[str]) -> tuple[Marked, Marked]:
    before, after = [bare_of(text) for text in then], [bare_of(text) for text in now]
    old: list[tuple[Mark, str]] = []
    new: list[tuple[Mark, str]] = []
    for kind, low, high, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            for one, other in zip(then[low:high], now[first:last], strict=True):
                mark = Mark.SAME if one == other else Mark.NUMBERS
                old.append((mark, one))
                new.append((mark, other))
        else:
            old += [(Mark.GONE, text) for text in then[low:high]]
            new += [(Mark.NEW, text) for text in now[first:last]]
    return tuple(old), tuple(new)
