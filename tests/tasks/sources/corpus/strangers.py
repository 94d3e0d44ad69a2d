"""Files that are no table at all, under the name of one."""

import bz2
import gzip
import io
import lzma
import random
import sqlite3
import struct
import tarfile
import zlib
from collections.abc import Callable

import docx

from tests.tasks.reading import biff
from tests.tasks.reading.making import members, zipped
from tests.tasks.sources.corpus.case import Case
from tests.tasks.sources.corpus.formats import as_text, by_xlsxwriter
from tests.tasks.sources.corpus.ledger import CANARY, HEADER, ledger

SECRET = CANARY.encode()
NO_TABLE = "，不是表格文件"
BINARY = "：不是文本也不是工作簿，是无法识别的二进制内容"
EMPTY = "：文件是空的"
TYPES = b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def is_a(name: str) -> str:
    return f"：这是{name}{NO_TABLE}"


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph(CANARY)
    out = io.BytesIO()
    document.save(out)
    return zipped(members(out.getvalue()))


def archive(*names: str, types: bool = True) -> Callable[[], bytes]:
    parts = {"[Content_Types].xml": TYPES} if types else {}
    return lambda: zipped(parts | dict.fromkeys(names, f"<x>{CANARY}</x>".encode()))


def open_document(kind: str) -> Callable[[], bytes]:
    return lambda: zipped({"mimetype": kind.encode(), "content.xml": f"<x>{CANARY}</x>".encode()})


def compound(*names: str) -> Callable[[], bytes]:
    return lambda: biff.compound(dict.fromkeys(names, SECRET))


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"tEXt", b"Author\x00" + SECRET) + chunk(b"IDAT", zlib.compress(b"\x00\x07")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + head + body


def bitmap() -> bytes:
    rest = struct.pack("<HHI", 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0) + SECRET
    return b"BM" + struct.pack("<I", 6 + len(rest)) + rest


def dbase() -> bytes:
    fields = b"NAME".ljust(11, b"\x00") + b"C" + bytes(4) + bytes([40]) + bytes(15) + b"\r"
    head = struct.pack("<BBBBIHH", 3, 123, 5, 17, 1, 32 + len(fields), 41) + bytes(20)
    return head + fields + b" " + SECRET.ljust(40) + b"\x1a"


def database() -> bytes:
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE person (name TEXT)")
        connection.execute("INSERT INTO person VALUES (?)", (CANARY,))
        return connection.serialize()


def tape() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        entry = tarfile.TarInfo("fees.csv")
        entry.size = len(SECRET)
        tar.addfile(entry, io.BytesIO(SECRET))
    return out.getvalue()


def table() -> bytes:
    return as_text([ledger()])


def picture(head: bytes) -> Callable[[], bytes]:
    return lambda: head + bytes(32) + SECRET


def xml_2003() -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\r\n<?mso-application progid="Excel.Sheet"?>\r\n'
        '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table><Row><Cell>'
        f"<Data>{CANARY}</Data></Cell></Row></Table></Worksheet></Workbook>"
    ).encode()


def archived_page() -> bytes:
    return (
        "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=a\r\n\r\n--a\r\nContent-Type: text/html\r\n\r\n"
        f"<table><tr><td>{CANARY}</table>\r\n--a--\r\n"
    ).encode()


def other_xml() -> bytes:
    return f"<?xml version='1.0'?><报表>{CANARY}</报表>".encode()


def objects() -> bytes:
    """What a web service hands out."""
    return ('[{"' + f'":"{CANARY}","'.join(HEADER) + '":""}]').encode()


def one_column() -> bytes:
    return f"{HEADER[0]}\r\n{CANARY}\r\n".encode()


def rubbish() -> bytes:
    return random.Random(20231105).randbytes(3000)


def nested_workbook() -> bytes:
    return zipped({"fees_2023.xlsx": by_xlsxwriter([ledger()])})


def xls_before_1997() -> bytes:
    return biff.compound({"Book": biff.stream([biff.Sheet("表", [[CANARY]])], version=0x0500)})


CASES = [
    Case(kind, "none", ending, make, said)
    for kind, ending, make, said in (
        ("nothing", "xlsx", lambda: b"", EMPTY),
        ("nothing but a mark", "csv", lambda: b"\xef\xbb\xbf", EMPTY),
        ("nothing but a wide mark", "csv", lambda: b"\xff\xfe", EMPTY),
        ("nothing but blanks", "csv", lambda: b" \r\n\r\n\t\r\n", EMPTY),
        ("word", "xlsx", word, is_a(" Word 文档（docx）")),
        ("slides", "xlsx", archive("ppt/presentation.xml"), is_a("演示文稿（pptx）")),
        ("binary workbook", "xlsx", archive("xl/workbook.bin"), is_a("二进制工作簿（xlsb）")),
        ("workbook without directory", "xlsx", archive("xl/sharedStrings.xml"), is_a("没有 xl/workbook.xml 的工作簿")),
        ("national document", "xlsx", archive("OFD.xml", types=False), is_a(" OFD 文档")),
        ("plain archive", "xlsx", archive("fees.csv", types=False), is_a("压缩包（ZIP）")),
        ("workbook in an archive", "xlsx", nested_workbook, is_a("压缩包（ZIP）")),
        ("empty archive", "xlsx", lambda: b"PK\x05\x06" + bytes(18), is_a("空的压缩包")),
        (
            "open text",
            "ods",
            open_document("application/vnd.oasis.opendocument.text"),
            is_a("开放文档，但不是电子表格"),
        ),
        ("book to read", "ods", open_document("application/epub+zip"), is_a("压缩包（ZIP）")),
        ("old word", "xls", compound("WordDocument", "1Table"), is_a(" Word 文档（doc）")),
        ("old slides", "xls", compound("PowerPoint Document"), is_a("演示文稿（ppt）")),
        ("mail", "xls", compound("__substg1.0_0037001F"), is_a("邮件（msg）")),
        ("other compound", "xls", compound("Contents"), is_a("没有工作簿内容的 OLE 文件（可能是 WPS 文档或安装包）")),
        ("encrypted xlsx", "xlsx", compound("EncryptionInfo", "EncryptedPackage"), "：文件已加密"),
        ("encrypted xls", "xls", lambda: biff.workbook(biff.Sheet("表", [[CANARY]]), password=True), "：文件已加密"),
        ("workbook of Excel 95", "xls", xls_before_1997, "：是 Excel 95 或更早的工作簿，不能可靠读取"),
        (
            "workbook of Excel 4",
            "xls",
            lambda: b"\x09\x04\x06\x00\x00\x00\x10\x00" + SECRET,
            is_a("Excel 4 或更早的工作簿"),
        ),
        ("pdf", "xlsx", lambda: b"%PDF-1.7\n1 0 obj<</Title(" + SECRET + b")>>endobj\n", is_a("PDF 文档")),
        ("png", "xls", png, is_a("图片（PNG）")),
        ("jpeg", "xls", picture(b"\xff\xd8\xff\xe0"), is_a("图片（JPEG）")),
        ("gif", "xls", picture(b"GIF89a"), is_a("图片（GIF）")),
        ("tiff", "xls", picture(b"II*\x00"), is_a("图片（TIFF）")),
        ("bmp", "xls", bitmap, is_a("图片（BMP）")),
        ("webp", "xls", picture(b"RIFF\x64\x00\x00\x00WEBP"), is_a("图片（WebP）")),
        ("dbase", "xls", dbase, is_a("DBF 数据表")),
        ("sqlite", "csv", database, is_a("SQLite 数据库")),
        ("access", "xls", picture(b"\x00\x01\x00\x00Standard ACE DB\x00"), is_a("Access 数据库")),
        ("parquet", "csv", lambda: b"PAR1" + SECRET + b"PAR1", is_a("Parquet 数据文件")),
        ("rar", "xlsx", picture(b"Rar!\x1a\x07\x01\x00"), is_a("压缩包（RAR）")),
        ("7z", "xlsx", picture(b"7z\xbc\xaf\x27\x1c\x00\x04"), is_a("压缩包（7z）")),
        ("gz", "csv", lambda: gzip.compress(table(), mtime=0), is_a("压缩包（gzip）")),
        ("bz2", "csv", lambda: bz2.compress(table()), is_a("压缩包（bzip2）")),
        ("xz", "csv", lambda: lzma.compress(table()), is_a("压缩包（xz）")),
        ("tar", "csv", tape, BINARY),
        ("exe", "xlsx", picture(b"MZ\x90\x00\x03\x00\x00\x00"), is_a("可执行程序")),
        ("elf", "xlsx", picture(b"\x7fELF\x02\x01\x01\x00"), is_a("可执行程序")),
        ("rtf", "xls", lambda: b"{\\rtf1\\ansi " + SECRET + b"}", is_a("RTF 文档")),
        ("xml spreadsheet", "xls", xml_2003, "：是 XML 电子表格 2003，不能读取"),
        (
            "other xml",
            "xls",
            other_xml,
            "：是 XML 文件，不是表格文件",
        ),
        ("archived page", "xls", archived_page, "：是单个文件网页（MHTML），不能读取"),
        ("noughts", "xlsx", lambda: bytes(4096), BINARY),
        ("rubbish", "xlsx", rubbish, BINARY),
        ("control characters", "csv", lambda: b"\x01\x02,\x03\r\n" + SECRET, BINARY),
        ("utf-32", "csv", lambda: table().decode().encode("utf-32"), "：是 UTF-32 文本，不能读取"),
        (
            "unmarked utf-16",
            "csv",
            lambda: as_text([ledger()], "utf-16-le"),
            "：是没有 BOM 标记的 UTF-16 文本，不能可靠读取",
        ),
        (
            "json",
            "csv",
            objects,
            "：第 1 行不是正确的 CSV（引号后面有多余的字）",
        ),
        (
            "list without separators",
            "csv",
            one_column,
            "：看不出分隔符，表头里没有逗号、制表符或分号",
        ),
        ("too large", "xlsx", lambda: b"PK\x03\x04".ljust(50 * 1024 * 1024 + 1, b"\x00"), "：文件超过 50 MB"),
    )
]
