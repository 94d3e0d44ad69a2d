"""A PDF read back from where its characters stand: running text by page, cells between the drawn rules, page feet.

The tags of the file are not asked for text: what is printed counts. Only what stands for a picture is read there.
"""

import ctypes
from collections.abc import Iterable, Iterator
from typing import Any

import pypdfium2
from pypdfium2 import raw

from yearbook.report.profile import LAYOUTS, Layout, Profile
from yearbook.report.readback.reading import Grid, Piece, Reading, bare, pieces
from yearbook.report.readback.rules import Box, Frame, frames

_POINTS = 72 / 25.4
# pdfium gives these for a hyphen at the end of a line.
_HYPHENS = {0x02: "-", 0xFFFE: "-"}
_PROPERTIES = ("Title", "Author", "Subject", "Keywords")


def read_pdf(data: bytes, layout: Layout = LAYOUTS[Profile.OFFICIAL]) -> Reading:
    """Read a PDF whose tables are drawn with rules.

    Args:
        data: Its bytes.
        layout: The page it is set on.
    """
    running: list[Piece] = []
    grids: list[Grid] = []
    feet: list[str] = []
    asides: list[tuple[str, str]] = []
    document = pypdfium2.PdfDocument(data)
    try:
        for number, page in enumerate(document, start=1):
            foot, text, tables = _page(page, number, layout)
            feet.append(foot)
            running.append(Piece(f"第{number}页", text))
            grids += tables
            asides += _alternatives(page, number)
        asides += [("文件属性", document.get_metadata_value(key)) for key in _PROPERTIES]
        asides += [("书签", mark.get_title()) for mark in document.get_toc()]
    finally:
        document.close()
    return Reading(
        name="report.pdf",
        pieces=tuple(running),
        run_on=True,
        grids=tuple(grids),
        asides=pieces(asides),
        pages=tuple(feet),
    )


def _page(page: Any, number: int, layout: Layout) -> tuple[str, str, list[Grid]]:
    """Foot and head, running text, and tables of one page."""
    # what stands in the margins is the page's own; a millimetre and more of them is left to the text
    foot, head = (layout.bottom_mm - 1) * _POINTS, page.get_height() - (layout.top_mm - 2) * _POINTS
    drawn = frames(_strokes(page))
    margin: list[str] = []
    running: list[str] = []
    inside: dict[tuple[int, int], list[str]] = {}
    for character, x, y in _characters(page):
        if not foot <= y <= head:
            margin.append(character)
        elif found := _square_at(drawn, x, y):
            inside.setdefault(found, []).append(character)
        else:
            running.append(character)
    grids = []
    for n, frame in enumerate(drawn):
        texts = [bare("".join(inside.get((n, m), ()))) for m in range(len(frame.boxes))]
        grids.append(Grid(f"第{number}页", frame.squares(texts)))
    return bare("".join(margin)), bare("".join(running)), grids


def _square_at(drawn: list[Frame], x: float, y: float) -> tuple[int, int] | None:
    for n, frame in enumerate(drawn):
        if frame.outer.holds(x, y):
            return n, frame.box_at(x, y)
    return None


def _characters(page: Any) -> Iterator[tuple[str, float, float]]:
    """Every printed character with its middle, in the order of the file."""
    text = page.get_textpage()
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    try:
        for index in range(raw.FPDFText_CountChars(text)):
            if raw.FPDFText_IsGenerated(text, index) == 1:
                continue
            code = raw.FPDFText_GetUnicode(text, index)
            raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
            character = _HYPHENS.get(code) or chr(code)
            yield character, (left.value + right.value) / 2, (bottom.value + top.value) / 2
    finally:
        text.close()


def _strokes(page: Any) -> Iterator[Box]:
    """Bounds of everything that is drawn with a pen."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        raw.FPDFPath_GetDrawMode(item, filled, stroked)
        if stroked.value:
            raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
            yield Box(left.value, bottom.value, right.value, top.value)


def _alternatives(page: Any, number: int) -> Iterable[tuple[str, str]]:
    """What a screen reader says of the pictures of a page."""
    tree = raw.FPDF_StructTree_GetForPage(page)
    if not tree:
        return []
    try:
        tops = [raw.FPDF_StructTree_GetChildAtIndex(tree, n) for n in range(raw.FPDF_StructTree_CountChildren(tree))]
        return [(f"第{number}页图的替代文字", text) for top in tops if top for text in _spoken(top)]
    finally:
        raw.FPDF_StructTree_Close(tree)


def _spoken(element: Any) -> Iterator[str]:
    size = raw.FPDF_StructElement_GetAltText(element, None, 0)
    if size > 2:  # noqa: PLR2004 - an empty text is its end mark alone, two bytes
        buffer = ctypes.create_string_buffer(size)
        raw.FPDF_StructElement_GetAltText(element, buffer, size)
        yield buffer.raw[: size - 2].decode("utf-16-le")
    for n in range(raw.FPDF_StructElement_CountChildren(element)):
        if child := raw.FPDF_StructElement_GetChildAtIndex(element, n):
            yield from _spoken(child)
