"""xls workbooks that readers take in different ways, that are cut, or that say one thing twice."""

import struct
from collections.abc import Callable

from tests.tasks.reading import biff
from tests.tasks.sources.corpus.case import SHEET, Case
from tests.tasks.sources.corpus.cells import where
from tests.tasks.sources.corpus.differing import DAMAGED
from tests.tasks.sources.corpus.formats import biff_sheet
from tests.tasks.sources.corpus.ledger import ledger

TWICE = SHEET + "文件已损坏（单元格 E3 出现两次）"
NOT_AS_RECORDS, NO_CONTAINER = "（工作簿的记录不合格式）", "（OLE 容器不完整）"


def records(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """The valid xls with other records."""
    return lambda: biff.compound({"Workbook": change(biff.stream([biff_sheet(ledger())]))})


def number(row: int, column: int, value: float) -> bytes:
    return biff.record(0x203, struct.pack("<HHHd", row, column, 15, value))


def formula(row: int, column: int, value: float, options: int) -> bytes:
    """A formula ``1`` with a result and its options; bit 1 asks for calculation when the file is opened."""
    token = struct.pack("<BH", 0x1E, 1)
    return biff.record(0x06, struct.pack("<HHHdHIH", row, column, 15, value, options, 0, len(token)) + token)


def number_list(row: int, column: int, *values: float) -> bytes:
    """Neighbours in one record, as the whole numbers that it is short for."""
    cells = b"".join(struct.pack("<HI", 15, int(value) << 2 | 2) for value in values)
    return biff.record(0xBD, struct.pack("<HH", row, column) + cells + struct.pack("<H", column + len(values) - 1))


PRICE_RECORD = number(2, 4, 0.1)
END = biff.record(0x23E, struct.pack("<HHHHHHHI", 0x6B6, 0, 0, 64, 0, 0, 0, 0))


def swap(old: bytes, new: bytes) -> Callable[[], bytes]:
    def change(stream: bytes) -> bytes:
        assert old in stream
        return stream.replace(old, new, 1)

    return records(change)


def cut_stream(share: float) -> Callable[[], bytes]:
    return records(lambda stream: stream[: int(len(stream) * share)])


def cut_file(share: float) -> Callable[[], bytes]:
    return lambda: (data := records(bytes)())[: int(len(data) * share)]


def uncalculated() -> bytes:
    """The sheet says that none of its formulas was calculated."""
    return records(
        lambda stream: with_head(biff.record(0x5E, bytes(2)), stream.replace(PRICE_RECORD, formula(2, 4, 0.1, 0)))
    )()


def hidden_by_default() -> bytes:
    """Rows without a record of their own are hidden."""
    return records(lambda stream: with_head(biff.record(0x225, struct.pack("<HH", 2, 255)), stream))()


def with_head(more: bytes, stream: bytes) -> bytes:
    """Another record at the beginning of the sheet, which is the last thing that moves."""
    beginning = biff.opening(biff.TABLE)
    assert stream.count(beginning) == 1
    return stream.replace(beginning, beginning + more)


OLD = (
    ("old result", swap(PRICE_RECORD, formula(2, 4, 0, 2)), SHEET + where(5) + "是未计算的公式"),
    (
        "old total",
        swap(number(5, 5, 2232.9), formula(5, 5, 2232.9, 2)),
        SHEET + "第 6 行合计“金额（元）”是未计算的公式",
    ),
    ("cell twice", swap(PRICE_RECORD, PRICE_RECORD + number(2, 4, 7.7)), TWICE),
    ("cell twice and far apart", swap(END, number(2, 4, 7.7) + END), TWICE),
    ("cell twice, once among others", swap(END, number_list(2, 3, 1.0, 7.0) + END), TWICE.replace("E3", "D3")),
    ("results nobody calculated", uncalculated, SHEET + where(5) + "是未计算的公式"),
    ("row hidden by default", hidden_by_default, SHEET + "第 1、2、3、4、5 等 6 行被隐藏或被筛选掉"),
    ("far cell", swap(PRICE_RECORD, number(65535, 255, 1.0) + PRICE_RECORD), SHEET + "有内容或格式的区域超过 200 列"),
    (
        "text beyond the list",
        swap(
            biff.record(0xFD, struct.pack("<HHHI", 2, 2, 15, 8)), biff.record(0xFD, struct.pack("<HHHI", 2, 2, 15, 800))
        ),
        DAMAGED + NOT_AS_RECORDS,
    ),
    (
        "style beyond the list",
        swap(PRICE_RECORD, biff.record(0x203, struct.pack("<HHHd", 2, 4, 900, 0.1))),
        DAMAGED + NOT_AS_RECORDS,
    ),
    ("record that is too short", swap(PRICE_RECORD, biff.record(0x203, b"\x02\x00\x04")), DAMAGED + NOT_AS_RECORDS),
    ("record beyond the end", swap(END, struct.pack("<HH", 0x203, 60_000)), DAMAGED + NOT_AS_RECORDS),
    ("no beginning", records(lambda stream: biff.record(0x42, b"\xb0\x04") + stream), "：文件已损坏（工作簿没有开头）"),
    ("nothing behind the beginning", records(lambda stream: stream[:20]), DAMAGED + "（工作簿没有结尾）"),
    ("cut at a third", cut_file(1 / 3), DAMAGED + NO_CONTAINER),
    ("cut at two thirds", cut_file(2 / 3), DAMAGED + NO_CONTAINER),
    ("cut at the last tenth", cut_file(0.9), DAMAGED + NO_CONTAINER),
    ("cut within its head", cut_file(0.01), DAMAGED + NO_CONTAINER),
    ("stream cut", cut_stream(0.8), DAMAGED + NOT_AS_RECORDS),
    (
        "bad sector",
        lambda: records(bytes)().replace(struct.pack("<III", 2, 3, 4), struct.pack("<III", 2, 1, 4), 1),
        DAMAGED + NOT_AS_RECORDS,
    ),
)
CASES = [Case(kind, "xls", "xls", make, said) for kind, make, said in OLD]
