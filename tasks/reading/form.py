"""What a file is, by its contents alone."""

import io

import olefile

from tasks.reading import archive
from tasks.reading.found import NEED, SAVE_AGAIN, damaged, encrypted, not_a_table
from tasks.reading.limits import Limits
from tasks.reading.markup import looks_like_page, refuse_markup
from yearbook.errors import Refusal

ZIP, OLE = b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1")
# Beginnings that are enough by themselves.
_NAMED: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF 文档"),
    (b"\x89PNG\r\n\x1a\n", "图片（PNG）"),
    (b"\xff\xd8\xff", "图片（JPEG）"),
    (b"GIF87a", "图片（GIF）"),
    (b"GIF89a", "图片（GIF）"),
    (b"II*\x00", "图片（TIFF）"),
    (b"MM\x00*", "图片（TIFF）"),
    (b"SQLite format 3\x00", "SQLite 数据库"),
    (b"\x00\x01\x00\x00Standard Jet DB", "Access 数据库"),
    (b"\x00\x01\x00\x00Standard ACE DB", "Access 数据库"),
    (b"Rar!\x1a\x07", "压缩包（RAR）"),
    (b"7z\xbc\xaf\x27\x1c", "压缩包（7z）"),
    (b"\x1f\x8b", "压缩包（gzip）"),
    (b"\xfd7zXZ\x00", "压缩包（xz）"),
    (b"PK\x05\x06", "空的压缩包"),
    (b"PK\x07\x08", "分卷压缩包"),
    (b"\x7fELF", "可执行程序"),
    (b"{\\rtf", "RTF 文档"),
    (b"PAR1", "Parquet 数据文件"),
    (b"\x09\x00\x04\x00", "Excel 4 或更早的工作簿"),
    (b"\x09\x02\x06\x00", "Excel 4 或更早的工作簿"),
    (b"\x09\x04\x06\x00", "Excel 4 或更早的工作簿"),
    (b"\x09\x08\x08\x00", "Excel 5 或更早的工作簿"),
)
_DBF = frozenset({0x02, 0x03, 0x30, 0x31, 0x32, 0x43, 0x63, 0x83, 0x8B, 0xCB, 0xF5, 0xFB})
_DBF_HEAD = 32
# how the first block of a bzip2 file begins
_PI = b"1AY&SY"
_MONTHS, _DAYS = range(13), range(32)
_FILEPASS, _BOF, _EOF = 0x2F, 0x809, 0x0A
# What the library lets through from a damaged container.
_BROKEN = (
    OSError, ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, RecursionError,
)  # fmt: skip
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff")
_LOOK = 4096


def recognise(data: bytes, limits: Limits) -> str:
    """Find out what the contents are.

    Returns:
        ``xlsx``, ``xls``, ``ods``, ``html`` or ``text``.

    Raises:
        Refusal: They are something else, or too much.
    """
    if data.startswith(ZIP):
        return archive.recognise(data, limits)
    if data.startswith(OLE):
        return _in_compound(data)
    _refuse_named(data)
    refuse_markup(data)
    if looks_like_page(data):
        return "html"
    _refuse_binary(data)
    return "text"


def _refuse_named(data: bytes) -> None:
    for magic, name in _NAMED:
        if data.startswith(magic):
            raise not_a_table(name)
    if data.startswith(b"BM") and int.from_bytes(data[2:6], "little") == len(data):
        raise not_a_table("图片（BMP）")
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        raise not_a_table("图片（WebP）")
    if data.startswith(b"BZh") and data[4:10] == _PI:
        raise not_a_table("压缩包（bzip2）")
    if data.startswith(b"MZ") and b"\x00" in data[:64]:
        raise not_a_table("可执行程序")
    if _is_dbf(data):
        raise not_a_table("DBF 数据表")


def _is_dbf(data: bytes) -> bool:
    """The first byte is a letter in other files, so the date and the lengths of the header must fit too."""
    if len(data) <= _DBF_HEAD or data[0] not in _DBF:
        return False
    head, record = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    return data[2] in _MONTHS and data[3] in _DAYS and head > _DBF_HEAD and record > 0 and b"\x00" in data[:_DBF_HEAD]


def _refuse_binary(data: bytes) -> None:
    if data.startswith(_WIDE_MARKS):
        if data.startswith(b"\xff\xfe\x00\x00"):
            raise Refusal("是 UTF-32 文本，不能读取", todo="请提供者用 UTF-8 重新导出")
        return
    head = data[:_LOOK]
    zeros = [position % 2 for position, byte in enumerate(head) if byte == 0]
    if not zeros and b"\x00" not in data:
        return
    if zeros and len(set(zeros)) == 1 and len(data) % 2 == 0 and len(zeros) * 50 >= len(head):
        raise Refusal("是没有 BOM 标记的 UTF-16 文本，不能可靠读取", todo="请提供者用 UTF-8 重新导出")
    raise Refusal("不是文本也不是工作簿，是无法识别的二进制内容", todo=NEED)


def _in_compound(data: bytes) -> str:
    """An OLE file: a workbook by the stream it holds, whatever its extension (xls, et)."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            streams = {"/".join(name).lower() for name in compound.listdir()}
            book = next((name for name in ("Workbook", "Book") if compound.exists(name)), "")
            stream = compound.openstream(book).read() if book else b""
    except _BROKEN as error:
        raise damaged("OLE 容器不完整") from error
    if not streams:
        raise damaged("OLE 容器的目录读不出来")
    if "encryptedpackage" in streams or "encryptioninfo" in streams:
        raise encrypted()
    if not book:
        raise not_a_table(_compound_name(streams))
    _require_biff(stream, book)
    return "xls"


def _compound_name(streams: set[str]) -> str:
    if "worddocument" in streams:
        return " Word 文档（doc）"
    if "powerpoint document" in streams:
        return "演示文稿（ppt）"
    if any("__substg1.0" in name for name in streams):
        return "邮件（msg）"
    return "没有工作簿内容的 OLE 文件（可能是 WPS 文档或安装包）"


def _require_biff(stream: bytes, name: str) -> None:
    """Walk over the first records: version, and whether a password is wanted."""
    place, records = 0, 0
    while place + 4 <= len(stream):
        kind, size = (int.from_bytes(stream[at : at + 2], "little") for at in (place, place + 2))
        if records == 0:
            _require_version(kind, stream[place + 4 : place + 6], name)
        if kind == _FILEPASS:
            raise encrypted()
        if kind == _EOF:
            return
        place, records = place + 4 + size, records + 1
    raise damaged("工作簿没有结尾")


def _require_version(kind: int, version: bytes, name: str) -> None:
    if kind != _BOF:
        raise damaged("工作簿没有开头") if name == "Workbook" else not_a_table("Excel 4 或更早的工作簿")
    if version != b"\x00\x06":
        raise Refusal("是 Excel 95 或更早的工作簿，不能可靠读取", todo=SAVE_AGAIN)
