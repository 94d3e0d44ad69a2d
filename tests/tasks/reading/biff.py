"""A small writer of BIFF8 workbooks, because no library that is kept up writes them."""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

SECTOR, SMALLEST = 512, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
GLOBALS, TABLE, CHART = 0x0005, 0x0010, 0x0020
DIVISION = 0x07


@dataclass
class Formatted:
    """A number with a number format."""

    number: float
    code: str


@dataclass
class Error:
    code: int = DIVISION


@dataclass
class Sheet:
    name: str
    rows: Sequence[Sequence[Any]] = ()
    merged: Sequence[tuple[int, int, int, int]] = ()  # first row, last row, first column, last column, from 0
    visibility: int = 0
    kind: int = 0  # 2 is a chart
    hidden_rows: Sequence[int] = ()
    hidden_columns: Sequence[int] = ()
    cells: Mapping[tuple[int, int], Any] = field(default_factory=dict)


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def opening(kind: int, version: int = 0x0600) -> bytes:
    return record(0x809, struct.pack("<HHHHII", version, kind, 0x0DBB, 0x07CC, 0, 6))


def wide(text: str, size: str = "<H") -> bytes:
    return struct.pack(size, len(text)) + b"\x01" + text.encode("utf-16-le")


def stream(sheets: Sequence[Sheet], *, date_1904: bool = False, version: int = 0x0600, password: bool = False) -> bytes:
    """The workbook's stream."""
    values = [dict(cells(sheet)) for sheet in sheets]
    texts = list(dict.fromkeys(v for found in values for v in found.values() if isinstance(v, str)))
    codes = list(dict.fromkeys(v.code for found in values for v in found.values() if isinstance(v, Formatted)))
    head = opening(GLOBALS, version) + (record(0x2F, bytes(54)) if password else b"")
    head += record(0x42, struct.pack("<H", 1200)) + record(0x22, struct.pack("<H", date_1904))
    font = struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0) + wide("Arial", "<B")
    head += record(0x31, font) * 5
    head += b"".join(record(0x41E, struct.pack("<H", 164 + i) + wide(code)) for i, code in enumerate(codes))
    head += b"".join(record(0xE0, struct.pack("<HHH", 0, 0, 0xFFF5) + bytes(14)) for _ in range(15))
    styles = [0, *(164 + i for i in range(len(codes)))]
    head += b"".join(record(0xE0, struct.pack("<HHH", 0, style, 1) + bytes(14)) for style in styles)
    tail = record(0xFC, struct.pack("<II", len(texts), len(texts)) + b"".join(map(wide, texts))) + record(0x0A)
    bodies = [body(sheet, found, texts, codes) for sheet, found in zip(sheets, values, strict=True)]
    listed = sum(len(bound(sheet, 0)) for sheet in sheets)
    place = len(head) + listed + len(tail)
    bounds = b""
    for sheet, part in zip(sheets, bodies, strict=True):
        bounds += bound(sheet, place)
        place += len(part)
    return head + bounds + tail + b"".join(bodies)


def bound(sheet: Sheet, place: int) -> bytes:
    return record(0x85, struct.pack("<IBB", place, sheet.visibility, sheet.kind) + wide(sheet.name, "<B"))


def cells(sheet: Sheet) -> list[tuple[tuple[int, int], Any]]:
    listed = [((r, c), v) for r, row in enumerate(sheet.rows) for c, v in enumerate(row) if v is not None]
    return listed + list(sheet.cells.items())


def body(sheet: Sheet, found: Mapping[tuple[int, int], Any], texts: list[str], codes: list[str]) -> bytes:
    height = max((row for row, _ in found), default=-1) + 1
    width = max((column for _, column in found), default=-1) + 1
    parts = [opening(CHART if sheet.kind == 2 else TABLE)]
    parts += [record(0x7D, struct.pack("<HHHHHH", c, c, 2000, 15, 1, 0)) for c in sheet.hidden_columns]
    parts.append(record(0x200, struct.pack("<IIHHH", 0, height, 0, width, 0)))
    parts += [record(0x208, struct.pack("<HHHHHHI", r, 0, width, 255, 0, 0, 0x120)) for r in sheet.hidden_rows]
    parts += [
        cell(row, column, value, texts, codes) for (row, column), value in sorted(found.items(), key=lambda x: x[0])
    ]
    parts.append(record(0x23E, struct.pack("<HHHHHHHI", 0x6B6, 0, 0, 64, 0, 0, 0, 0)))
    if sheet.merged:
        ranges = b"".join(struct.pack("<HHHH", *item) for item in sheet.merged)
        parts.append(record(0xE5, struct.pack("<H", len(sheet.merged)) + ranges))
    return b"".join(parts) + record(0x0A)


def cell(row: int, column: int, value: Any, texts: list[str], codes: list[str]) -> bytes:
    place = struct.pack("<HHH", row, column, 15)
    if isinstance(value, bool):
        return record(0x205, place + struct.pack("<BB", value, 0))
    if isinstance(value, Error):
        return record(0x205, place + struct.pack("<BB", value.code, 1))
    if isinstance(value, str):
        return record(0xFD, place + struct.pack("<I", texts.index(value)))
    if isinstance(value, Formatted):
        place = struct.pack("<HHH", row, column, 16 + codes.index(value.code))
        return record(0x203, place + struct.pack("<d", value.number))
    return record(0x203, place + struct.pack("<d", value))


def compound(streams: Mapping[str, bytes]) -> bytes:
    """An OLE file with these streams, each padded to the size from which it has sectors of its own."""
    padded = {name: data.ljust(SMALLEST, b"\x00") for name, data in streams.items()}
    fat, content, starts = [FAT], b"", {}
    for name, data in padded.items():
        sectors = -(-len(data) // SECTOR)
        starts[name] = first = len(fat)
        fat += [*range(first + 1, first + sectors), END]
        content += data.ljust(sectors * SECTOR, b"\x00")
    directory = entry("Root Entry", 5, child=1 if padded else FREE)
    for number, (name, data) in enumerate(padded.items(), start=1):
        right = number + 1 if number < len(padded) else FREE
        directory += entry(name, 2, start=starts[name], size=len(data), right=right)
    directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\x00")
    place = len(fat)
    fat += [*range(place + 1, place + len(directory) // SECTOR), END]
    assert len(fat) <= SECTOR // 4, "one sector of allocation is enough for tests"
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    head = MAGIC + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, place, 0, SMALLEST, END, 0, END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    return head + table + content + directory


def entry(name: str, kind: int, *, child: int = FREE, right: int = FREE, start: int = END, size: int = 0) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    head = text.ljust(64, b"\x00") + struct.pack("<HBBIII", len(text), kind, 1, FREE, right, child)
    return head + bytes(16 + 4 + 16) + struct.pack("<IQ", start, size)


def workbook(*sheets: Sheet, **options: Any) -> bytes:
    """A whole xls file."""
    return compound({"Workbook": stream(sheets, **options)})
