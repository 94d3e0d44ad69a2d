"""Delimited text with a broken encoding, quotation or delimiter."""

from collections.abc import Callable, Sequence

from tests.tasks.sources.corpus.case import Case
from tests.tasks.sources.corpus.cells import where
from tests.tasks.sources.corpus.formats import as_text
from tests.tasks.sources.corpus.ledger import CANARY, Rows, insert_row, ledger, told

NATIONAL, LITTLE, BIG = "gb18030", "utf-16-le", "utf-16-be"
UTF8_MARK, LITTLE_MARK, BIG_MARK = b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"
NO_TOTAL = "：最后一行不是“合计”，文件可能不完整"
OPEN_QUOTE = "行不是正确的 CSV（引号没有成对）"
NO_DELIMITER = "：看不出分隔符，表头里没有逗号、制表符或分号"
BLANK_ROW = "；".join(where(column, 4) + "为空，契约要求必填" for column in (2, 3, 4, 5, 6))
Made = Callable[[], bytes]


def text(codec: str = "utf-8", delimiter: str = ",", mark: bytes = b"") -> bytes:
    return as_text([ledger()], codec, delimiter, mark)


def lines(delimiters: Sequence[str]) -> bytes:
    """Every row with a delimiter of its own."""
    rows: Rows = ledger().rows
    pairs = zip(rows, delimiters, strict=True)
    return "".join(sign.join(map(told, row)) + "\r\n" for row, sign in pairs).encode()


def replaced(old: str, new: bytes, codec: str = "utf-8", mark: bytes = b"") -> Made:
    """The first place of a text holds other bytes."""

    def make() -> bytes:
        data, wanted = text(codec, mark=mark), old.encode(codec)
        assert wanted in data
        return data.replace(wanted, new, 1)

    return make


def cut_before(mark: str, ahead: int = 0, codec: str = "utf-8") -> Made:
    """Only what comes before a text, and so many bytes more."""
    return lambda: text(codec)[: text(codec).index(mark.encode(codec)) + ahead]


def blank_line_within() -> bytes:
    return text().replace(b"\r\n", b"\r\n\r\n", 3).replace(b"\r\n\r\n", b"\r\n", 2)


def without_a_separator() -> bytes:
    return text().replace(b",", b"|")


def unpaired_surrogate() -> bytes:
    return text(LITTLE, mark=LITTLE_MARK).replace("信息".encode(LITTLE), b"\x00\xd8\x79\x98", 1)


def wide_and_odd() -> bytes:
    return text(LITTLE, mark=LITTLE_MARK)[:-1]


def lost() -> bytes:
    """Somebody has saved what did not decode."""
    return text().decode().replace("信", "\N{REPLACEMENT CHARACTER}", 1).encode()


def ambiguous() -> bytes:
    """Commas and semicolons make an even table each."""
    return "".join(";".join(map(told, row)) + ",x\r\n" for row in ledger().rows).encode()


def wide_table(width: int) -> Made:
    return lambda: b"".join(b",".join([sign] * width) + b"\r\n" for sign in (b"a", CANARY.encode()))


def long_table() -> bytes:
    return b"a,b\n" + b"1,2\n" * 200_001


def giant_field() -> bytes:
    return text().replace(CANARY.encode(), CANARY.encode() * 8000, 1)


def nought_within() -> bytes:
    return text().replace(b"10.5", b"10\x00.5", 1)


def binary_behind_a_header() -> bytes:
    return text()[:200] + bytes(range(256)) * 8


def total_cut() -> bytes:
    """The last digits of the total are lost on the way."""
    return text()[: text().rindex(b"2.9")]


def subtitle_within() -> bytes:
    return as_text([insert_row(4, "（续表）")(ledger())])


CASES = [
    Case(kind, form, "csv", make, said)
    for kind, form, make, said in (
        (
            "byte broken",
            "csv-utf8-bom",
            replaced("罚没", b"\xe7\xbd\x9a\xff", mark=UTF8_MARK),
            "：第 5 行不是 UTF-8（有 BOM） 编码",
        ),
        ("byte broken", "csv-gb18030", replaced("罚没", b"\xb7\xa3\xff", NATIONAL), "：第 5 行不是 GB18030 编码"),
        ("byte broken", "csv-utf8", replaced("罚没", b"\xe7\xbd\xff"), "：第 5 行不是 UTF-8 编码"),
        ("character cut", "csv-utf8", cut_before("合计", 2), "：第 6 行不是 UTF-8 编码"),
        (
            "character cut",
            "csv-utf8-bom",
            lambda: UTF8_MARK + text()[:-10] + b"\xe9\x92",
            "：第 6 行不是 UTF-8（有 BOM） 编码",
        ),
        ("character cut", "csv-gb18030", cut_before("合计", 3, NATIONAL), "：第 6 行不是 GB18030 编码"),
        ("mark that lies", "csv-utf8-bom", lambda: UTF8_MARK + text(NATIONAL), "：第 1 行不是 UTF-8（有 BOM） 编码"),
        ("mark that lies", "csv-utf16-le", lambda: LITTLE_MARK + text(BIG), NO_DELIMITER),
        ("mark that lies", "csv-utf16-be", lambda: BIG_MARK + text(LITTLE), NO_DELIMITER),
        (
            "mark before national text",
            "csv-utf16-le",
            lambda: LITTLE_MARK + text(NATIONAL),
            "：第 1 行不是 UTF-16 LE 编码",
        ),
        ("half a character", "csv-utf16-le", wide_and_odd, "：第 6 行不是 UTF-16 LE 编码"),
        ("unpaired surrogate", "csv-utf16-le", unpaired_surrogate, "：第 3 行不是 UTF-16 LE 编码"),
        (
            "another country's encoding",
            "csv-gb18030",
            lambda: (
                text("utf-8")
                .decode()
                .translate(str.maketrans("项类别单价额罚没", "項類別單價額罰沒"))
                .encode("big5", "ignore")
            ),
            "：最后一行不是“合计”，文件可能不完整",
        ),
        ("characters lost", "csv-utf8", lost, "：第 3 行有转码时丢失的字（U+FFFD）"),
        ("quotation open", "csv-utf8", replaced("行政事业性收费", '"行政事业性收费'.encode()), "：第 2 " + OPEN_QUOTE),
        ("quotation open at the end", "csv-gb18030", replaced("合计", b'"', NATIONAL), "：第 6 " + OPEN_QUOTE),
        (
            "quotation goes on",
            "csv-utf8",
            replaced("信息处理费", '"信息"处理费'.encode()),
            "：第 3 行不是正确的 CSV（引号后面有多余的字）",
        ),
        ("delimiters mixed", "csv-utf8", lambda: lines(",,;,,,"), "：第 3 行有 1 列，表头有 6 列"),
        ("header with another delimiter", "csv-utf8", lambda: lines("\t,,,,,"), "：第 2 行有 1 列，表头有 6 列"),
        ("two delimiters possible", "csv-utf8", ambiguous, "：看不出分隔符，逗号、分号都说得通"),
        ("delimiter unknown", "csv-utf8", without_a_separator, NO_DELIMITER),
        (
            "separator told in the first line",
            "csv-utf8",
            lambda: b"sep=,\r\n" + text(),
            "：第 2 行有 6 列，表头有 2 列",
        ),
        ("header that clears the screen", "csv-utf8", replaced("类别", "类\x1b[2J别".encode()), ("：表头与约定不符",)),
        ("blank line within", "csv-utf8", blank_line_within, "：第 4 行有 0 列，表头有 6 列"),
        ("cut before the total", "csv-utf8", cut_before("合计"), NO_TOTAL),
        ("cut in the last row", "csv-gb18030", cut_before("合计", 4, NATIONAL), "：第 6 行有 1 列，表头有 6 列"),
        ("cut in a row", "csv-utf8", cut_before("2200.5"), NO_TOTAL),
        ("total cut", "csv-utf8", total_cut, "：第 6 行合计 223.00 与各行之和 2232.90 不符，相差 -2009.90"),
        ("too many columns", "csv-utf8", wide_table(201), "：有内容或格式的区域超过 200 列"),
        ("too many rows", "csv-utf8", long_table, "：有内容或格式的区域超过 200000 行"),
        (
            "field without end",
            "csv-utf8",
            giant_field,
            "：第 2 行不是正确的 CSV（一个单元格超过 131072 个字，多半是引号没有成对）",
        ),
        ("nought within", "csv-utf8", nought_within, "：不是文本也不是工作簿，是无法识别的二进制内容"),
        (
            "binary behind a header",
            "csv-utf8",
            binary_behind_a_header,
            "：不是文本也不是工作簿，是无法识别的二进制内容",
        ),
        (
            "subtitle within",
            "csv-utf8",
            subtitle_within,
            "：第 4 行“收款日期”，列 paid_on 的值不是 日期（年-月-日）；" + BLANK_ROW,
        ),
    )
]
