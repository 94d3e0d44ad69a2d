"""A web page read back: paragraphs, tables by their grid, notes behind the numbers, text of drawings and attributes.

What a style sheet hides or adds is not seen: the page's own markup is what is read, and nothing of it may be wrong.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree, html

from yearbook.report.readback.reading import Drawing, Grid, Mark, Piece, Reading, Square, bare, pieces

_BLOCKS = frozenset(
    re.findall(
        r"\w+",
        "address article aside blockquote body caption dd details div dl dt fieldset figcaption figure footer form "
        "h1 h2 h3 h4 h5 h6 header hr li main nav ol p section summary table tbody td tfoot th thead tr ul",
    )
)
_SILENT = frozenset({"script", "style", "template", "noscript", "head"})
_ATTRIBUTES = ("alt", "aria-label", "title", "placeholder", "aria-description", "aria-valuetext")
_NOTE = "fig-"
_SHIFT = re.compile(r"translate\(\s*([-\d.e]+)(?:[\s,]+([-\d.e]+))?\s*\)")
_SVG = "{http://www.w3.org/2000/svg}"


@dataclass
class _Page:
    """What has been read of a page so far."""

    pieces: list[Piece] = field(default_factory=list)
    asides: list[Piece] = field(default_factory=list)
    notes: list[tuple[str, Piece]] = field(default_factory=list)
    grids: list[Grid] = field(default_factory=list)
    drawings: list[Drawing] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    term: str = ""

    def add(self, text: str, place: str, note: str) -> None:
        """Text of one block; the name of an entry is kept and stands before each of its descriptions."""
        found = bare(text)
        if not found:
            return
        if place == "dt":
            self.term = found
        found = f"{self.term}：{found}" if place == "dd" else found
        if note:
            self.notes.append((note, Piece("数字说明", found)))
        elif place in {"dt", "dd", "nav"}:
            self.asides.append(Piece("目录" if place == "nav" else "页面说明", found))
        else:
            self.pieces.append(Piece(f"第{len(self.pieces) + 1}段", found))


def read_html(data: bytes) -> Reading:
    """Read a web page in UTF-8.

    Args:
        data: Its bytes.
    """
    root = html.document_fromstring(data.decode("utf-8"), parser=html.HTMLParser(encoding=None))
    page = _Page()
    body = root.find("body")
    _walk(body, page, place="", note="")
    _flush(page, "", "")
    return Reading(
        name="report.html",
        pieces=tuple(page.pieces),
        grids=tuple(page.grids),
        asides=(*page.asides, *pieces(_attributes(root))),
        notes=tuple(page.notes),
        drawings=tuple(page.drawings),
    )


def _walk(element: Any, page: _Page, *, place: str, note: str) -> None:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    name = element.tag.removeprefix(_SVG)
    if name == "svg":
        page.drawings.append(Drawing(f"第{len(page.drawings) + 1}幅图", tuple(_marks(element, 0.0, 0.0))))
    elif name == "table":
        _flush(page, place, note)
        page.grids.append(_grid(f"第{len(page.grids) + 1}张表", element))
    else:
        _enter(element, page, place=place, note=note)


def _enter(element: Any, page: _Page, *, place: str, note: str) -> None:
    is_block = element.tag in _BLOCKS
    inner_place, inner_note = place, note
    if is_block:
        _flush(page, place, note)
        inner_place = element.tag if element.tag in {"dt", "dd", "nav"} else place
        inner_note = note or _note_of(element)
    page.waiting.append(element.text or "")
    for child in element:
        _walk(child, page, place=inner_place, note=inner_note)
        if not isinstance(child.tag, str) or child.tag not in _BLOCKS:
            page.waiting.append(child.tail or "")
        else:
            _flush(page, inner_place, inner_note)
            page.waiting.append(child.tail or "")
    if is_block:
        _flush(page, inner_place, inner_note)


def _flush(page: _Page, place: str, note: str) -> None:
    page.add("".join(page.waiting), place, note)
    page.waiting.clear()


def _note_of(element: Any) -> str:
    """Code of the figure whose note a block is, or holds as its only note."""
    own: str = element.get("id", "")
    if own.startswith(_NOTE):
        return own.removeprefix(_NOTE)
    if element.tag != "li":
        return ""
    inside = [node.get("id") for node in element.iter() if (node.get("id") or "").startswith(_NOTE)]
    return inside[0].removeprefix(_NOTE) if len(inside) == 1 else ""


def _grid(place: str, table: Any) -> Grid:
    squares: list[Square] = []
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(table.iter("tr")):
        column = 0
        for cell in line.iterchildren("td", "th"):
            while (row, column) in taken:
                column += 1
            down, across = (_span(cell, key) for key in ("rowspan", "colspan"))
            taken |= {(row + i, column + j) for i in range(down) for j in range(across)}
            squares.append(Square(row, column, down, across, bare(cell.text_content())))
            column += across
    return Grid(place, tuple(squares))


def _span(cell: Any, key: str) -> int:
    text: str = cell.get(key, "1")
    return max(1, int(text)) if text.isdigit() else 1


def _marks(element: Any, x: float, y: float) -> Iterator[Mark]:
    """Texts of a drawing with the points they are set at; shifts add up, turns leave the point where it is."""
    for left, top in _SHIFT.findall(element.get("transform", "")):
        x, y = x + float(left), y + float(top or 0)
    if isinstance(element.tag, str) and etree.QName(element).localname == "text":
        own = [_length(element, key) for key in ("x", "y")]
        if text := bare("".join(element.itertext())):
            yield Mark(x + own[0], y + own[1], text)
        return
    for child in element:
        if isinstance(child.tag, str):
            yield from _marks(child, x, y)


def _length(element: Any, key: str) -> float:
    found = re.match(r"-?[\d.]+", element.get(key, ""))
    return float(found.group()) if found else 0.0


def _attributes(root: Any) -> Iterator[tuple[str, str]]:
    """Title, descriptions and everything that a screen reader says in place of what is drawn."""
    for node in root.iter():
        if not isinstance(node.tag, str):
            continue
        name = etree.QName(node).localname
        if name == "title":
            yield "网页标题", node.text or ""
        elif name == "desc":
            yield "图的替代文字", "".join(node.itertext())
        elif name == "caption":
            yield "表格名称", node.text_content()
        elif name == "meta" and node.get("name", "").lower() not in {"viewport", "referrer", ""}:
            yield "网页说明", node.get("content", "")
        yield from ((f"{name} 的 {key}", node.get(key, "")) for key in _ATTRIBUTES)
