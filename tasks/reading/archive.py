"""Archives held against their limits before a reader sees them: what they declare and what really comes out."""

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator

from tasks.reading.found import SAVE_AGAIN, SPLIT, damaged, encrypted, not_a_table
from tasks.reading.limits import MB, Limits
from yearbook.errors import Refusal

_CHUNK = 1 << 16
_LOCAL_HEAD = 30
_TYPES = "[Content_Types].xml"
_SHEET_TYPES = frozenset({
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.spreadsheet-template",
})  # fmt: skip
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_LONGEST = max(map(len, _FORBIDDEN))
_KNOWN_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_MARK = b"\xef\xbb\xbf"
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError)


def recognise(data: bytes, limits: Limits) -> str:
    """Check an archive through and through and say which workbook it is.

    Raises:
        Refusal: It is damaged, encrypted, over a limit, or no workbook.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _BROKEN as error:
        raise _incomplete(data) from error
    with archive:
        entries = archive.infolist()
        _require_entries(entries, limits)
        kind = _kind(archive, {entry.filename for entry in entries})
        _inflate(archive, data, entries, limits)
    return kind


def _incomplete(data: bytes) -> Refusal:
    if b"PK\x05\x06" in data[-66_000:]:
        return damaged("压缩目录读不出来")
    return Refusal("文件不完整（压缩目录缺失，多半是传送中断）", todo="请提供者重新传送，核对文件大小后再交来")


def _require_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """What the directory declares."""
    if len(entries) > limits.members:
        raise Refusal(f"压缩成员超过 {limits.members} 个", todo=SAVE_AGAIN)
    names = [entry.filename for entry in entries]
    # readers differ in which of two they take, and in whether case matters
    if len({name.lower() for name in names}) < len(names):
        raise Refusal("压缩包里有重名的成员", todo=SAVE_AGAIN)
    for entry in entries:
        _require_entry(entry, limits)
    if min((entry.header_offset for entry in entries), default=0):
        # an archive behind another one: readers differ in which they take
        raise damaged("压缩包前面有多余的内容")
    if sum(entry.file_size for entry in entries) > limits.inflated_mb * MB:
        raise _too_large(limits)


def _require_entry(entry: zipfile.ZipInfo, limits: Limits) -> None:
    # openings of names as written: zipfile cuts at a NUL and turns separators
    name = entry.orig_filename
    if name.startswith(("/", "\\")) or ":" in name or "\x00" in name or ".." in name.replace("\\", "/").split("/"):
        raise Refusal("压缩包里有指向包外的成员名", todo=SAVE_AGAIN)
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Refusal("压缩包里有符号链接", todo=SAVE_AGAIN)
    if entry.flag_bits & 0x1:
        raise encrypted()
    if entry.compress_type not in _KNOWN_METHODS:
        raise Refusal("压缩方式不受支持", todo=SAVE_AGAIN)
    _require_ratio(entry.file_size, entry.compress_size, limits)


def _require_ratio(inflated: int, packed: int, limits: Limits) -> None:
    if inflated > MB and inflated > limits.ratio * max(packed, 1):
        raise Refusal(f"压缩比超过 {limits.ratio} 倍，疑似压缩炸弹", todo=SAVE_AGAIN)


def _too_large(limits: Limits) -> Refusal:
    return Refusal(f"解压后超过 {limits.inflated_mb} MB", todo=SPLIT)


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if _TYPES in names and "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names:
        return _open_document(archive, names)
    raise not_a_table(_other(names))


def _other(names: set[str]) -> str:
    if "xl/workbook.bin" in names:
        return "二进制工作簿（xlsb）"
    if "OFD.xml" in names:
        return " OFD 文档"
    if _TYPES in names:
        for folder, name in (
            ("word/", " Word 文档（docx）"),
            ("ppt/", "演示文稿（pptx）"),
            ("xl/", "没有 xl/workbook.xml 的工作簿"),
        ):
            if any(entry.startswith(folder) for entry in names):
                return name
    return "压缩包（ZIP）"


def _open_document(archive: zipfile.ZipFile, names: set[str]) -> str:
    try:
        with archive.open("mimetype") as member:
            kind = member.read(200).decode("ascii", "replace").strip()
        manifest = b""
        if "META-INF/manifest.xml" in names:
            with archive.open("META-INF/manifest.xml") as member:
                manifest = member.read(MB)
    except _BROKEN as error:
        raise damaged("压缩成员读不出来") from error
    if kind not in _SHEET_TYPES:
        raise not_a_table("开放文档，但不是电子表格" if "opendocument" in kind else "压缩包（ZIP）")
    if b"encryption-data" in manifest:
        raise encrypted()
    if "content.xml" not in names:
        raise damaged("缺少 content.xml")
    return "ods"


def _inflate(archive: zipfile.ZipFile, data: bytes, entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Really unpack everything once: sizes may lie, and the check sums are compared at the end of each member."""
    total = 0
    for entry in entries:
        size, check = 0, 0
        try:
            for part in _checked(_parts(archive, data, entry)):
                size, check = size + len(part), zlib.crc32(part, check)
                if total + size > limits.inflated_mb * MB:
                    raise _too_large(limits)
                _require_ratio(size, entry.compress_size, limits)
        except _BROKEN as error:
            raise damaged("压缩成员读不出来") from error
        if size != entry.file_size or check != entry.CRC:
            raise damaged("压缩成员的大小或校验和不符")
        total += size


def _parts(archive: zipfile.ZipFile, data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Contents of a member as a reader would get them that does not believe the directory's size."""
    # compares the local header with the directory
    archive.open(entry).close()
    start = entry.header_offset + _LOCAL_HEAD
    start += sum(int.from_bytes(data[start - back : start - back + 2], "little") for back in (4, 2))
    packed = memoryview(data)[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        yield from (bytes(packed[at : at + _CHUNK]) for at in range(0, len(packed), _CHUNK))
        return
    inflater, rest = zlib.decompressobj(-zlib.MAX_WBITS), bytes(packed)
    while not inflater.eof:
        part = inflater.decompress(rest, _CHUNK)
        rest = inflater.unconsumed_tail
        if not part and not rest:
            break
        yield part
    if not inflater.eof or inflater.unused_data:
        raise zipfile.BadZipFile("stream")


def _checked(parts: Iterator[bytes]) -> Iterator[bytes]:
    """Pass the parts of a member on; refuse XML that declares a document type or hides behind another encoding."""
    tail, markup = b"", None
    for part in parts:
        if markup is None:
            markup = _is_markup(part)
        if markup:
            window = (tail + part).upper()
            if any(word in window for word in _FORBIDDEN):
                raise Refusal("XML 部件里有 DOCTYPE 或 ENTITY 声明", todo=SAVE_AGAIN)
            tail = part[-_LONGEST:]
        yield part


def _is_markup(start: bytes) -> bool:
    if start[:2] in {b"\xff\xfe", b"\xfe\xff"} or start[:2] in {b"<\x00", b"\x00<"}:
        raise Refusal("XML 部件不是 UTF-8 编码", todo=SAVE_AGAIN)
    text = start.removeprefix(_MARK).lstrip()
    if not text.startswith(b"<"):
        return False
    if text.startswith(b"<?xml"):
        declared = text[: text.find(b"?>")].lower()
        if b"encoding" in declared and not any(name in declared for name in (b"utf-8", b"us-ascii", b"utf8")):
            raise Refusal("XML 部件不是 UTF-8 编码", todo=SAVE_AGAIN)
    return True
