"""Files for the tests, and each way of changing one."""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import openpyxl

ODS = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
)
SHEET = "xl/worksheets/sheet1.xml"


def moment_of(*parts: int) -> datetime:
    """A moment as cells have it."""
    return datetime(*parts)  # noqa: DTZ001 - a cell has no zone


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xlsx(rows: Sequence[Sequence[Any]], name: str = "表一", change: Callable[[Any], Any] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = name
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    return saved(book)


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def patched(data: bytes, name: str, old: str, new: str) -> bytes:
    """An archive in which one member reads differently."""
    parts = members(data)
    text = parts[name].decode()
    assert old in text, text
    return zipped(parts | {name: text.replace(old, new).encode()})


def ods(tables: str, styles: str = "", manifest: str = "") -> bytes:
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES} office:version="1.3">'
        f"<office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    meta = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    )
    meta += f"{manifest}</manifest:manifest>"
    return zipped({"mimetype": ODS.encode(), "content.xml": content.encode(), "META-INF/manifest.xml": meta.encode()})


def ods_row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


def ods_text(text: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{text}</text:p></table:table-cell>'


def ods_number(number: float, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="float" office:value="{number}" {attributes}/>'


def ods_table(*rows: str, name: str = "表一", before: str = "", attributes: str = "") -> str:
    return f'<table:table table:name="{name}" {attributes}>{before}{"".join(rows)}</table:table>'


def lying(data: bytes, name: str, size: int) -> bytes:
    """An archive whose directory and local header declare another size for a member."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(name)
    true = entry.file_size.to_bytes(4, "little")
    declared = size.to_bytes(4, "little")
    packed = entry.CRC.to_bytes(4, "little") + entry.compress_size.to_bytes(4, "little")
    assert data.count(packed + true) == 2
    return data.replace(packed + true, packed + declared)


def bomb(size: int) -> bytes:
    """An archive with a workbook's names and one member of blanks."""
    return zipped(
        {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", "xl/a.xml": bytes([32]) * size}
    )
