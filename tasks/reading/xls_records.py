"""What the readers do not tell of a BIFF8 workbook: results that nobody calculated, cells that are written twice.

Both readers take the last of two records for one cell, so that they agree on it, and neither looks at the options of a
formula.
"""

import io
import struct
from dataclasses import dataclass, field

import olefile

from tasks.reading.found import damaged, letters

_HEAD = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_BOUND = struct.Struct("<IBB")
_BOF, _EOF, _BOUNDSHEET, _UNCALCULATED = 0x809, 0x0A, 0x85, 0x5E
_FORMULAS = frozenset({0x06, 0x206, 0x406})
# number, text, truth or error, rich text, short number, listed text; blanks are left out, because a blank and a value
# for one cell are something that the readers differ in
_VALUES = frozenset({0x203, 0x204, 0x205, 0xD6, 0x27E, 0xFD}) | _FORMULAS
_SHORT_NUMBERS = 0xBD
_OPTIONS_AT = 14
_CALCULATE_ON_LOAD = 0x2
_CELLS = 1 << 24


@dataclass(slots=True)
class Records:
    """One worksheet.

    Attributes:
        name: As the readers have it.
        uncalculated: Cells with a formula whose result the file itself asks to be calculated first.
    """

    name: str
    uncalculated: set[tuple[int, int]] = field(default_factory=set)


def records(data: bytes, names: list[str]) -> list[Records]:
    """Walk over the records of every worksheet.

    Args:
        data: The file.
        names: Worksheets in order; no cell of theirs is beyond the columns of this form.

    Raises:
        Refusal: Two records hold a value for one cell.
        ValueError: The directory of the workbook holds other worksheets.
    """
    with olefile.OleFileIO(io.BytesIO(data)) as compound:
        stream = compound.openstream("Workbook" if compound.exists("Workbook") else "Book").read()
    return [_walk(stream, place, Records(name)) for place, name in zip(_sheets(stream), names, strict=True)]


def _sheets(stream: bytes) -> list[int]:
    """Where the worksheets begin."""
    place = 0
    found: list[int] = []
    while True:
        kind, size = _HEAD.unpack_from(stream, place)
        if kind == _EOF:
            return found
        if kind == _BOUNDSHEET:
            start, _, sort = _BOUND.unpack_from(stream, place + 4)
            found += [start] if sort == 0 else []
        place += 4 + size


def _walk(stream: bytes, place: int, found: Records) -> Records:
    """Up to the end of the sheet; what is embedded in it, such as a chart, has a beginning and an end of its own."""
    depth, stale, seen, end = 0, False, bytearray(_CELLS), len(stream)
    while place + 4 <= end:
        kind, size = _HEAD.unpack_from(stream, place)
        body, place = place + 4, place + 4 + size
        if kind in _VALUES or kind == _SHORT_NUMBERS:
            if depth == 1:
                _take(stream, body, place, kind, found, seen, stale=stale)
        elif kind == _BOF:
            depth += 1
        elif kind == _UNCALCULATED:
            # stands before every cell of its sheet
            stale = True
        elif kind == _EOF:
            depth -= 1
            if not depth:
                break
    return found


def _take(stream: bytes, body: int, end: int, kind: int, found: Records, seen: bytearray, *, stale: bool) -> None:
    row, column = _PLACE.unpack_from(stream, body)
    last = int.from_bytes(stream[end - 2 : end], "little") if kind == _SHORT_NUMBERS else column
    for number in range(column, last + 1):
        if seen[row << 8 | number]:
            raise damaged(f"单元格 {letters(number + 1)}{row + 1} 出现两次", found.name)
        seen[row << 8 | number] = 1
    if kind in _FORMULAS:
        (options,) = struct.unpack_from("<H", stream, body + _OPTIONS_AT)
        if stale or options & _CALCULATE_ON_LOAD:
            found.uncalculated.add((row + 1, column + 1))
