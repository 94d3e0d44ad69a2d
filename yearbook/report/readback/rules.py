"""Tables found by their drawn rules: which lines belong together, and which cells they leave open.

Lengths are points, measured from the lower left corner of the page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from yearbook.report.readback.reading import Square

# Two rules nearer than this are one; a rule is no wider than this.
_NEAR = 2.0
# Shorter lines are no rules of a table.
_SHORT = 6.0


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    def holds(self, x: float, y: float) -> bool:
        """True where a point lies in it."""
        return self.left <= x <= self.right and self.bottom <= y <= self.top

    def touches(self, other: "Box") -> bool:
        """True where two meet or nearly do."""
        across = self.left - _NEAR <= other.right and other.left - _NEAR <= self.right
        return across and self.bottom - _NEAR <= other.top and other.bottom - _NEAR <= self.top

    def around(self, other: "Box") -> "Box":
        """The smallest that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(frozen=True, slots=True)
class Frame:
    """One drawn table.

    Attributes:
        outer: What it covers.
        boxes: Its cells in reading order.
        spans: Row, column, row span and column span of each.
    """

    outer: Box
    boxes: tuple[Box, ...]
    spans: tuple[tuple[int, int, int, int], ...]

    def box_at(self, x: float, y: float) -> int:
        """Which cell a point inside lies in."""
        return next((n for n, box in enumerate(self.boxes) if box.holds(x, y)), 0)

    def squares(self, texts: Sequence[str]) -> tuple[Square, ...]:
        """Its cells with their texts."""
        return tuple(Square(*span, text) for span, text in zip(self.spans, texts, strict=True))


def frames(strokes: Iterable[Box]) -> list[Frame]:
    """The tables that lines draw, from the top of the page down.

    Args:
        strokes: Bounds of everything drawn with a pen on one page.
    """
    lines = [s for s in strokes if _is_across(s) or _is_down(s)]
    groups: list[list[Box]] = []
    for line in lines:
        near = [group for group in groups if any(line.touches(other) for other in group)]
        groups = [group for group in groups if group not in near]
        groups.append([line, *(other for group in near for other in group)])
    found = [_frame(group) for group in groups]
    return sorted((frame for frame in found if frame is not None), key=lambda frame: -frame.outer.top)


def _is_across(box: Box) -> bool:
    return box.top - box.bottom <= _NEAR and box.right - box.left >= _SHORT


def _is_down(box: Box) -> bool:
    return box.right - box.left <= _NEAR and box.top - box.bottom >= _SHORT


def _merged(places: Iterable[float]) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > _NEAR:
            found.append(place)
    return found


def _frame(lines: list[Box]) -> Frame | None:
    """The cells that the lines of one table leave open; None where they close no cell."""
    outer = lines[0]
    for line in lines[1:]:
        outer = outer.around(line)
    across = [line for line in lines if _is_across(line)]
    down = [line for line in lines if _is_down(line)]
    # a table may have no rules at its sides
    xs = _merged([*((line.left + line.right) / 2 for line in down), outer.left, outer.right])
    ys = _merged([*((line.bottom + line.top) / 2 for line in across), outer.bottom, outer.top])[::-1]
    if len(across) < 2 or len(xs) < 2 or len(ys) < 2:  # noqa: PLR2004 - a cell has two rules
        return None
    roots = _joined(across, down, xs, ys)
    members: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for place, root in roots.items():
        members.setdefault(root, []).append(place)
    boxes, spans = [], []
    for (row, column), places in sorted(members.items()):
        last_row, last_column = max(r for r, _ in places), max(c for _, c in places)
        boxes.append(Box(xs[column], ys[last_row + 1], xs[last_column + 1], ys[row]))
        spans.append((row, column, last_row - row + 1, last_column - column + 1))
    return Frame(outer, tuple(boxes), tuple(spans))


def _joined(
    across: list[Box], down: list[Box], xs: list[float], ys: list[float]
) -> dict[tuple[int, int], tuple[int, int]]:
    """The first place of the cell that each place of the grid belongs to: places without a rule between are one."""
    roots: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            x, y = (xs[column] + xs[column + 1]) / 2, (ys[row] + ys[row + 1]) / 2
            roots[row, column] = (row, column)
            if column and not any(abs(_x(d) - xs[column]) <= _NEAR and d.bottom <= y <= d.top for d in down):
                roots[row, column] = roots[row, column - 1]
            elif row and not any(abs(_y(a) - ys[row]) <= _NEAR and a.left <= x <= a.right for a in across):
                roots[row, column] = roots[row - 1, column]
    return roots


def _x(line: Box) -> float:
    return (line.left + line.right) / 2


def _y(line: Box) -> float:
    return (line.bottom + line.top) / 2
