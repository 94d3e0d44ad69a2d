"""What is no table, is damaged, hides something or cannot be read for sure: refused with the reason, never a value."""

import bz2
import gzip
import io
import struct
import zipfile
from pathlib import Path

import openpyxl
import pytest

from tasks.reading import read_book
from tests.tasks.reading import biff
from tests.tasks.reading.conftest import Read
from tests.tasks.reading.making import (
    SHEET,
    lying,
    members,
    ods,
    ods_number,
    ods_row,
    ods_table,
    ods_text,
    patched,
    xlsx,
    zipped,
)
from yearbook.errors import Refusal

CANARY = "CANARY41010519491231002X"
BOOK = xlsx([["编号", "姓名"], [1, CANARY]])
PARTS = members(BOOK)
TYPES = PARTS["[Content_Types].xml"]
FILEPASS = biff.workbook(biff.Sheet("表", [["a"]]), password=True)
DBF = bytes([3, 24, 1, 2]) + struct.pack("<IHH", 1, 65, 11) + bytes(20) + b"NAME".ljust(32, b"\x00") + b"\r a"
UNMARKED = "编号,姓名\r\n1,x\r\n2,y\r\n".encode("utf-16-le")
BMP = b"BM" + struct.pack("<I", 30) + bytes(24)
SYMBOLIC = zipfile.ZipInfo("xl/link")
SYMBOLIC.external_attr = 0o120777 << 16


def with_entry(entry: zipfile.ZipInfo, content: bytes = b"x") -> bytes:
    out = io.BytesIO(BOOK)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(entry, content)
    return out.getvalue()


def flipped(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 0x40]) + data[place + 1 :]


def encrypted_entries() -> bytes:
    """The flag of encryption set in every header, local and central."""
    data = BOOK
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        for entry in archive.infolist():
            data = data[: entry.header_offset + 6] + b"\x01" + data[entry.header_offset + 7 :]
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data = data[: place + 8] + b"\x01" + data[place + 9 :]
        place = data.find(b"PK\x01\x02", place + 4)
    return data


NOT_TABLES = {
    "pdf": (b"%PDF-1.7\n", "PDF 文档"),
    "png": (b"\x89PNG\r\n\x1a\n" + bytes(20), "图片（PNG）"),
    "jpeg": (b"\xff\xd8\xff\xe0" + bytes(20), "图片（JPEG）"),
    "gif": (b"GIF89a" + bytes(20), "图片（GIF）"),
    "bmp": (BMP, "图片（BMP）"),
    "tiff": (b"II*\x00" + bytes(20), "图片（TIFF）"),
    "webp": (b"RIFF\x10\x00\x00\x00WEBP", "图片（WebP）"),
    "dbf": (DBF, "DBF 数据表"),
    "sqlite": (b"SQLite format 3\x00" + bytes(84), "SQLite 数据库"),
    "access": (b"\x00\x01\x00\x00Standard ACE DB\x00", "Access 数据库"),
    "rar": (b"Rar!\x1a\x07\x01\x00", "压缩包（RAR）"),
    "7z": (b"7z\xbc\xaf\x27\x1c" + bytes(20), "压缩包（7z）"),
    "gzip": (gzip.compress(b"a,b\n1,2\n", mtime=0), "压缩包（gzip）"),
    "bzip2": (bz2.compress(b"a,b\n1,2\n"), "压缩包（bzip2）"),
    "zip": (zipped({"a.xlsx": BOOK}), "压缩包（ZIP）"),
    "exe": (b"MZ\x90\x00\x03" + bytes(60), "可执行程序"),
    "elf": (b"\x7fELF\x02\x01", "可执行程序"),
    "rtf": (b"{\\rtf1\\ansi a,b}", "RTF 文档"),
    "xlsb": (zipped({"[Content_Types].xml": TYPES, "xl/workbook.bin": b"x"}), "二进制工作簿（xlsb）"),
    "docx": (zipped({"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>"}), "Word 文档（docx）"),
    "pptx": (zipped({"[Content_Types].xml": TYPES, "ppt/presentation.xml": b"<p/>"}), "演示文稿（pptx）"),
    "ofd": (zipped({"OFD.xml": b"<o/>"}), "OFD 文档"),
    "odt": (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "开放文档，但不是电子表格"),
    "doc": (biff.compound({"WordDocument": b"x"}), "Word 文档（doc）"),
    "ppt": (biff.compound({"PowerPoint Document": b"x"}), "演示文稿（ppt）"),
    "et without a workbook": (biff.compound({"ETData": b"x"}), "没有工作簿内容的 OLE 文件"),
    "biff4": (b"\x09\x04\x06\x00\x00\x00\x10\x00\x00\x00", "Excel 4 或更早的工作簿"),
}  # fmt: skip

OTHERS = {
    "empty": (b"", "文件是空的"),
    "only a mark": (b"\xef\xbb\xbf", "文件是空的"),
    "only blanks": (b" \r\n\r\n", "文件是空的"),
    "encrypted xlsx": (biff.compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}), "文件已加密"),
    "encrypted xls": (FILEPASS, "文件已加密"),
    "encrypted ods": (ods(ods_table(), manifest="<manifest:encryption-data/>"), "文件已加密"),
    "encrypted zip": (encrypted_entries(), "文件已加密"),
    "excel 95": (biff.compound({"Book": biff.opening(5, 0x0500) + biff.record(10)}), "Excel 95"),
    "cut xls": (biff.workbook(biff.Sheet("表", [["a"]]))[:1500], "文件已损坏"),
    "cut xlsx": (BOOK[:-400], "文件不完整"),
    "flipped bit": (flipped(BOOK, BOOK.index(b"xl/worksheets") + 60), "文件已损坏"),
    "twice the same name": (with_entry(zipfile.ZipInfo("XL/workbook.xml")), "重名的成员"),
    "name outside": (with_entry(zipfile.ZipInfo("../x")), "指向包外的成员名"),
    "absolute name": (with_entry(zipfile.ZipInfo("/x")), "指向包外的成员名"),
    "backslashes": (with_entry(zipfile.ZipInfo("..\\x")), "指向包外的成员名"),
    "archive behind another": (zipped({"a": b"x"}) + BOOK, "文件已损坏（压缩包前面有多余的内容）"),
    "link": (with_entry(SYMBOLIC), "符号链接"),
    "size that lies": (lying(BOOK, SHEET, 10), "文件已损坏"),
    "other compression": (zipped(PARTS, zipfile.ZIP_LZMA), "压缩方式不受支持"),
    "document type": (patched(BOOK, SHEET, "<worksheet", "<!DOCTYPE x><worksheet"), "DOCTYPE 或 ENTITY"),
    "entity": (patched(BOOK, SHEET, "<worksheet", '<!dOCTYPE x [<!ENTITY a "b">]><worksheet'), "DOCTYPE 或 ENTITY"),
    "other encoding": (zipped(PARTS | {SHEET: PARTS[SHEET].decode().encode("utf-16")}), "不是 UTF-8 编码"),
    "declared encoding": (
        patched(BOOK, SHEET, "<worksheet", '<?xml version="1.0" encoding="UTF-7"?><worksheet'), "不是 UTF-8 编码"),
    "sheet not well formed": (patched(BOOK, SHEET, "</sheetData>", ""), "文件已损坏"),
    "part missing": (zipped({n: c for n, c in PARTS.items() if n != SHEET}), "文件已损坏"),
    "cells out of order": (patched(BOOK, SHEET, 'r="A2"', 'r="C2"'), "次序错乱"),
    "rows out of order": (patched(BOOK, SHEET, '<row r="2"', '<row r="1"'), "次序错乱"),
    "no sheet": (patched(BOOK, "xl/workbook.xml", "<sheet ", "<sheeet "), "没有工作表"),
    "strict": (
        patched(BOOK, "xl/workbook.xml", "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                "http://purl.oclc.org/ooxml/spreadsheetml/main"), "严格开放 XML"),
    "number read in two ways": (patched(BOOK, SHEET, "<v>1</v>", "<v>1_0</v>"), "读取器"),
    "under a merged range": (
        patched(BOOK, SHEET, "</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="A1:B1"/></mergeCells>'),
        "工作表 表一：合并区域盖住了有内容的单元格 B1"),
    "ods without contents": (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "文件已损坏"),
    "ods without sheets": (ods(""), "没有工作表"),
    "ods table in a table": (
        ods(ods_table(ods_row(f"<table:table-cell>{ods_table(name='x')}</table:table-cell>"))), "套着另一张表"),
    "ods type": (ods(ods_table(ods_row(ods_text(CANARY).replace('"string"', '"strang"')))), "类型不认识"),
    "ods number": (ods(ods_table(ods_row(ods_number(1).replace('="1"', f'="{CANARY}"')))), "文件已损坏"),
    "xml spreadsheet": (b'<?xml version="1.0"?><?mso-application progid="x"?><Workbook/>', "XML 电子表格 2003"),
    "other xml": (b'<?xml version="1.0"?><data><a>1,2</a></data>', "XML 文件"),
    "xml in other letters": ('<?xml version="1.0"?><报表><行>1,2</行></报表>'.encode(), "是 XML 文件，不是表格文件"),
    "archived page": (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n<html>", "MHTML"),
    "page without table": (b"<html><body><p>a,b</p></body></html>", "网页里没有表格"),
    "table in a table": (b"<table><tr><td><table><tr><td>a</table></table>", "套着另一张表格"),
    "short row": (b"<table><tr><td>a<td>b<td>c<tr><td>a<td>b</table>", "第 2 行有 2 列，表格有 3 列"),
    "spans that overlap": (
        b"<table><tr><td>a<td rowspan=2>b<td>c<tr><td colspan=2>d<td>e</table>", "第 2 行的合并单元格互相重叠"),
    "span of nought": (b"<table><tr><td rowspan=0>a<td>b</table>", "合并范围不合规则"),
    "entry field": (b"<table><tr><td><input value=1><td>b</table>", "输入框"),
    "hidden text": (b"<table><tr><td>a<span style='display:none'>b</span><td>b</table>", "隐藏的内容"),
    "half hidden column": (
        b"<table><tr><td hidden>a<td>b<tr><td>a<td>b</table>", "第 1 列只有部分单元格被隐藏"),
    "unknown charset": (b"<meta charset=x-none><table><tr><td>a<td>b</table>", "编码不认识"),
    "cells without a row": (b"<table><td>x<td>y</table>", "不属于任何一行"),
    "parsers differ": (b"<table><tr><td>a<td><!-- b --!>c</table>", "两个读取器读出的内容不一致"),
    "row too long": (b"a,b\n1,2\n1,2,3\n", "第 3 行有 3 列，表头有 2 列"),
    "row too short": (b"a,b\n1\n", "第 2 行有 1 列，表头有 2 列"),
    "blank line": (b"a,b\n\n1,2\n", "第 2 行有 0 列，表头有 2 列"),
    "no delimiter": ("说明\n没有表\n".encode(), "看不出分隔符，表头里没有"),
    "two delimiters": (b"a,b;c\n1,2;3\n", "看不出分隔符，逗号、分号都说得通"),
    "quotes that do not pair": (b'a,b\n"1,2\n', "第 2 行不是正确的 CSV（引号没有成对）"),
    "text after a quote": (b'a,b\n1;3,2\n"1"x,2\n', "第 3 行不是正确的 CSV（引号后面有多余的字）"),
    "other encoding of text": ("編號,姓\n1,甲\n".encode("big5") + b"\xff\n", "不是 GB18030 编码"),
    # cut within a character, so that what is left is also national text
    "damaged utf-8": ("a,b\n1,甲乙丙丁戊己庚辛壬癸子丑\n".encode()[:-3] + b"\n", "第 2 行不是 UTF-8 编码"),
    "lost characters": ("编号,姓\n1,\N{REPLACEMENT CHARACTER}\n".encode(), "第 2 行有转码时丢失的字"),
    "utf-16 without a mark": (UNMARKED, "没有 BOM 标记的 UTF-16"),
    "utf-32": ("a,b\n".encode("utf-32"), "UTF-32"),
    "binary": (bytes(range(256)) * 8, "无法识别的二进制内容"),
    "control characters": (b"\x01\x02,\x03\n" * 9, "无法识别的二进制内容"),
}  # fmt: skip


def refused(read: Read, data: bytes) -> Refusal:
    with pytest.raises(Refusal) as caught:
        read(data)
    refusal = caught.value
    assert refusal.what.startswith("文件 a.xlsx")
    assert "\n" not in refusal.what
    assert refusal.todo
    assert CANARY not in str(refusal)
    assert "Traceback" not in str(refusal)
    assert "崩溃" not in refusal.what
    return refusal


@pytest.mark.parametrize("kind", NOT_TABLES)
def test_what_is_no_table(read: Read, kind: str) -> None:
    data, name = NOT_TABLES[kind]
    what = refused(read, data).what
    assert name in what
    assert "不是表格文件" in what


@pytest.mark.parametrize("kind", OTHERS)
def test_what_cannot_be_read_for_sure(read: Read, kind: str) -> None:
    data, words = OTHERS[kind]
    assert words in refused(read, data).what


def test_every_cut_of_a_workbook(read: Read) -> None:
    """However much of the transfer is missing, it is noticed."""
    for kept in range(4, len(BOOK), 97):
        refused(read, BOOK[:kept])


def test_sheet_and_cell_are_named_where_the_readers_differ(read: Read) -> None:
    """A day before the first one is a date to one reader and a time of day to the other."""

    def change(book: openpyxl.Workbook) -> None:
        for place in ("A2", "B3"):
            book.active[place] = -1
            book.active[place].number_format = "yyyy-mm-dd"

    what = refused(read, xlsx([["a", "b"], [1, CANARY], [2, 2]], change=change)).what
    assert what == "文件 a.xlsx，工作表 表一：两个读取器读出的内容不一致，A2（第 2 行第 1 列）等 2 个单元格"


def test_declared_encoding_that_is_none(read: Read) -> None:
    for name in ("gb1803o", "hex"):
        with pytest.raises(Refusal, match=f"约定的编码 {name} 不认识"):
            read(b"a,b\n", encoding=name)


class TestPath:
    def test_link(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_bytes(BOOK)
        (tmp_path / "b").symlink_to(tmp_path / "a")
        with pytest.raises(Refusal, match="文件 b：文件不能打开"):
            read_book(tmp_path / "b", place="文件 b", encoding="gb18030")

    def test_folder(self, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="不是普通文件"):
            read_book(tmp_path, place="文件 b", encoding="gb18030")

    def test_absent(self, tmp_path: Path) -> None:
        with pytest.raises(Refusal, match="文件不能打开"):
            read_book(tmp_path / "b", place="文件 b", encoding="gb18030")
