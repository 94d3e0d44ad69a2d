"""Names the rows of tables in the tags of a finished PDF, which Typst leaves to column headers.

Knows how Typst writes: a classical file with one object a line and no object streams. Anything else is an error, never
a file that is half changed.
"""

import re
from collections.abc import Iterator, Sequence

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")
_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*)\nendobj\n", re.DOTALL)
_KIDS = re.compile(rb"/K\[([^\]]*)\]")
_KIND = re.compile(rb"^<</Type/StructElem/S/(\w+)")
_REFERENCE = re.compile(rb"(\d+) 0 R")
_TABLE_ATTRIBUTES = re.compile(rb"/A\[<</O/Table(.*?)>>", re.DOTALL)
_HEADERS = re.compile(rb"/Headers\[(.*?)\]")
_NAMES = re.compile(rb"/IDTree<</Names\[(.*?)\]>>", re.DOTALL)
_NAME = re.compile(rb"\(([^()]*)\)\s*(\d+ 0 R)")


def with_row_headers(pdf: bytes, tables: Sequence[Sequence[Sequence[bool]]]) -> bytes:
    """The PDF with every row header a ``TH`` of scope ``Row`` that the numbers of its rows refer to.

    Args:
        pdf: As Typst wrote it.
        tables: For every table in reading order, its rows; for every cell that begins in a row, left to right,
            whether it is a row header.

    Raises:
        ValueError: The file is not written as expected, or its tables are not those.
    """
    objects, trailer = _parsed(pdf)
    found = [number for number, body in sorted(objects.items()) if _kind(body) == b"Table"]
    if len(found) != len(tables):
        raise ValueError(f"{len(found)} tagged tables for {len(tables)} tables of the report")
    names: dict[bytes, bytes] = {}
    for place, (number, rows) in enumerate(zip(found, tables, strict=True)):
        _name_rows(objects, number, rows, b"R%d" % place, names)
    _enter_names(objects, names)
    return _written(pdf, objects, trailer)


def _parsed(pdf: bytes) -> tuple[dict[int, bytes], bytes]:
    """Objects by number, and the trailer's dictionary."""
    start = _START.search(pdf)
    if start is None:
        raise ValueError("no cross-reference table at the end of the PDF")
    table, _, trailer = pdf[int(start[1]) :].partition(b"trailer\n")
    places = sorted(int(line[:10]) for line in table.split(b"\n")[2:] if line.rstrip().endswith(b" n"))
    objects: dict[int, bytes] = {}
    for begin, end in zip(places, [*places[1:], int(start[1])], strict=True):
        found = _OBJECT.match(pdf, begin, end)
        if found is None:
            raise ValueError(f"no object at byte {begin} of the PDF")
        objects[int(found[1])] = found[2]
    return objects, trailer.partition(b"startxref")[0]


def _kind(body: bytes) -> bytes:
    found = _KIND.match(body)
    return found[1] if found else b""


def _kids(body: bytes) -> list[int]:
    found = _KIDS.search(body)
    return [int(number) for number in _REFERENCE.findall(found[1])] if found else []


def _rows(objects: dict[int, bytes], table: int) -> Iterator[list[int]]:
    """Cells of a table, row by row, through its head and bodies."""
    for kid in _kids(objects[table]):
        if _kind(objects[kid]) == b"TR":
            yield _kids(objects[kid])
        else:
            yield from _rows(objects, kid)


def _span(body: bytes) -> int:
    found = re.search(rb"/RowSpan (\d+)", body)
    return int(found[1]) if found else 1


def _name_rows(
    objects: dict[int, bytes], table: int, rows: Sequence[Sequence[bool]], prefix: bytes, names: dict[bytes, bytes]
) -> None:
    """Turn the row headers of one table into such, and let the cells of their rows refer to them."""
    found = list(_rows(objects, table))
    if [len(row) for row in found] != [len(row) for row in rows]:
        raise ValueError("the tagged cells of a table are not those of the report")
    naming: list[tuple[int, bytes]] = []  # last row of a header that still holds, and its identity
    for place, (cells, is_header) in enumerate(zip(found, rows, strict=True)):
        naming = [(last, name) for last, name in naming if last >= place]
        for column, cell in enumerate(cells):
            held = b"".join(b"(%s)" % name for _, name in naming)
            if is_header[column]:
                name = b"%sr%dc%d" % (prefix, place, column)
                names[name] = b"%d 0 R" % cell
                objects[cell] = _as_header(objects[cell], name, held)
                naming.append((place + _span(objects[cell]) - 1, name))
            elif _kind(objects[cell]) == b"TD":
                objects[cell] = _referring(objects[cell], held)


def _as_header(body: bytes, name: bytes, held: bytes) -> bytes:
    if _kind(body) != b"TD":
        raise ValueError("a row header is tagged as something else already")
    body = body.replace(b"/S/TD", b"/S/TH", 1)
    body = re.sub(rb"(/P \d+ 0 R)", rb"\1/ID(" + name + rb")", body, count=1)
    return _with_attributes(_referring(body, held), b"/Scope/Row")


def _referring(body: bytes, held: bytes) -> bytes:
    """A cell that refers to the row headers besides the column headers it refers to already."""
    if not held:
        return body
    if _HEADERS.search(body):
        return _HEADERS.sub(lambda found: b"/Headers[" + found[1] + held + b"]", body, count=1)
    return _with_attributes(body, b"/Headers[" + held + b"]")


def _with_attributes(body: bytes, attributes: bytes) -> bytes:
    if _TABLE_ATTRIBUTES.search(body):
        return _TABLE_ATTRIBUTES.sub(lambda found: b"/A[<</O/Table" + attributes + found[1] + b">>", body, count=1)
    added = b"/A[<</O/Table" + attributes + b">>"
    if b"/A[" in body:
        return body.replace(b"/A[", added, 1)
    return body.replace(b"/K[", added + b"]/K[", 1)


def _enter_names(objects: dict[int, bytes], names: dict[bytes, bytes]) -> None:
    """Enter the identities into the tree by which readers find them, which is kept in order."""
    if not names:
        return
    for number, body in objects.items():
        found = _NAMES.search(body)
        if found:
            known = {**dict(_NAME.findall(found[1])), **names}
            entries = b"".join(b"(%s)%s" % (name, known[name]) for name in sorted(known))
            objects[number] = body[: found.start(1)] + entries + body[found.end(1) :]
            return
    raise ValueError("no tree of identities in the PDF")


def _written(pdf: bytes, objects: dict[int, bytes], trailer: bytes) -> bytes:
    """The file again, with a cross-reference table that fits."""
    parts = [pdf[: pdf.index(b"1 0 obj")]]
    place = len(parts[0])
    lines = [b"xref\n0 %d\n0000000000 65535 f\r\n" % (len(objects) + 1)]
    if sorted(objects) != list(range(1, len(objects) + 1)):
        raise ValueError("the objects of the PDF are not numbered one by one")
    for number in sorted(objects):
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (number, objects[number]))
        lines.append(b"%010d 00000 n\r\n" % place)
        place += len(parts[-1])
    return b"".join([*parts, *lines, b"trailer\n", trailer, b"startxref\n%d\n%%%%EOF" % place])
