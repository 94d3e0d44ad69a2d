"""A word document read back: paragraphs, tables by their grid, feet, footnotes, alternative texts, properties.

Deleted text of tracked changes and comments are not printed and not read.
"""

import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

from lxml import etree

from yearbook.report.readback.reading import Grid, Reading, Square, bare, pieces

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT = "word/document.xml"
_CORE = "docProps/core.xml"
_BESIDE = ("word/footer", "word/header", "word/footnotes", "word/endnotes")
_BREAKS = frozenset({f"{_W}br", f"{_W}tab", f"{_W}cr"})
_ALTERNATIVES = ("descr", "title")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def read_docx(data: bytes) -> Reading:
    """Read a ``.docx`` file.

    Args:
        data: Its bytes.
    """
    with zipfile.ZipFile(BytesIO(data)) as archive:
        wanted = [name for name in archive.namelist() if name in {_DOCUMENT, _CORE} or name.startswith(_BESIDE)]
        return read_parts({name: archive.read(name) for name in wanted if name.endswith(".xml")})


def read_parts(parts: Mapping[str, bytes]) -> Reading:
    """Read the parts of a word document.

    Args:
        parts: XML by name inside the file; ``word/document.xml`` at least.
    """
    root = etree.fromstring(parts[_DOCUMENT], _PARSER)
    body = root.find(f"{_W}body")
    blocks = list(_blocks(body))
    paragraphs = [block for block in blocks if block.tag == f"{_W}p"]
    tables = [block for block in blocks if block.tag == f"{_W}tbl"]
    asides = [*_alternatives(root), *_beside(parts), *_properties(parts)]
    return Reading(
        name="report.docx",
        pieces=pieces((f"第{n}段", _text(p)) for n, p in enumerate(paragraphs, start=1)),
        grids=tuple(_grid(f"第{n}张表", table) for n, table in enumerate(tables, start=1)),
        asides=pieces(asides),
    )


def _blocks(parent: Any) -> Iterator[Any]:
    """Paragraphs and outermost tables, through content controls and whatever else wraps them."""
    for child in parent:
        if child.tag in {f"{_W}p", f"{_W}tbl"}:
            yield child
        elif child.tag != f"{_W}del":
            yield from _blocks(child)


def _text(element: Any) -> str:
    """Printed text below an element; a text box inside it comes with it."""
    found = []
    for node in element.iter(f"{_W}t", *_BREAKS):
        if node.tag in _BREAKS:
            found.append(" ")
        elif not any(above.tag == f"{_W}del" for above in node.iterancestors()):
            found.append(node.text or "")
    return "".join(found)


def _grid(place: str, table: Any) -> Grid:
    squares: list[Square] = []
    open_at: dict[int, int] = {}
    for row, line in enumerate(table.iterchildren(f"{_W}tr")):
        column = _number(line.find(f"{_W}trPr/{_W}gridBefore"), 0)
        for cell in _cells(line):
            span = _number(cell.find(f"{_W}tcPr/{_W}gridSpan"), 1)
            merge = cell.find(f"{_W}tcPr/{_W}vMerge")
            text = bare(_text(cell))
            if merge is not None and merge.get(f"{_W}val", "continue") == "continue" and column in open_at:
                above = squares[open_at[column]]
                squares[open_at[column]] = Square(
                    above.row, above.column, row - above.row + 1, above.column_span, above.text + text
                )
            else:
                open_at[column] = len(squares)
                squares.append(Square(row, column, 1, span, text))
            column += span
    return Grid(place, tuple(squares))


def _cells(line: Any) -> Iterator[Any]:
    for child in line:
        if child.tag == f"{_W}tc":
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent"}:
            yield from _cells(child)


def _number(element: Any, otherwise: int) -> int:
    return otherwise if element is None else int(element.get(f"{_W}val"))


def _alternatives(root: Any) -> Iterator[tuple[str, str]]:
    """What a screen reader says of pictures and tables."""
    count = 0
    for node in root.iter():
        name = etree.QName(node).localname if isinstance(node.tag, str) else ""
        if name == "docPr":
            count += 1
            yield from ((f"第{count}幅图的替代文字", node.get(key, "")) for key in _ALTERNATIVES)
        elif name in {"tblCaption", "tblDescription"}:
            yield "表格的替代文字", node.get(f"{_W}val", "")


def _beside(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Feet, heads, foot- and endnotes, paragraph by paragraph."""
    words = {"footer": "页脚", "header": "页眉", "footnotes": "脚注", "endnotes": "尾注"}
    for name in sorted(parts):
        if name.startswith(_BESIDE):
            place = next(word for key, word in words.items() if name.startswith(f"word/{key}"))
            for paragraph in etree.fromstring(parts[name], _PARSER).iter(f"{_W}p"):
                yield place, _text(paragraph)


def _properties(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """What the file says of itself in words; counters and days are no text of the report."""
    if _CORE in parts:
        for node in etree.fromstring(parts[_CORE], _PARSER):
            if etree.QName(node).localname in {"title", "subject", "creator", "description", "keywords"}:
                yield "文件属性", node.text or ""
