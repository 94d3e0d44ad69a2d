"""Rows that the database answered and that did not arrive, or arrived twice."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.mutations.fault import WAY, Fault, LostOnTheWay
from tests.mutations.shapes import SHAPES, YEARLY

# Rows of a batch in these tests, so that every extract comes in several.
BATCH_ROWS = 400
Batch = list[list[Any]]
SPOILT: dict[str, Callable[[int, Batch], Batch]] = {
    "第一批没有收到": lambda number, batch: [] if number == 0 else batch,
    "第二批起中断": lambda number, batch: [] if number else batch,
    "第二批收了两遍": lambda number, batch: [column * 2 for column in batch] if number == 1 else batch,
    "每批少最后一行": lambda _number, batch: [column[:-1] for column in batch],
}
EXTRACTS = (*YEARLY, "vehicle_register", "licence_register")


def faults() -> Iterator[Fault]:
    """Every fault of this family."""
    for extract in EXTRACTS:
        for words, spoil in SPOILT.items():
            yield Fault(WAY, "提取途中", f"{SHAPES[extract].name}，{words}", LostOnTheWay(extract, spoil))
