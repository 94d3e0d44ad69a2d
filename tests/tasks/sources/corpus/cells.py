"""Single cells that are not what their column agreed on; in every form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tests.tasks.sources.corpus.case import Kind
from tests.tasks.sources.corpus.formats import EVERY, PAGE, TEXT, TYPED
from tests.tasks.sources.corpus.ledger import CANARY, HEADER, NUMBER, Cell, put

COLUMNS = {
    1: ("paid_on", "日期（年-月-日）"),
    2: ("item", "文字"),
    3: ("category", "代码（文字）"),
    4: ("quantity", "整数"),
    5: ("unit_price_yuan", "两位小数以内的金额"),
    6: ("amount_yuan", "两位小数以内的金额"),
}
NOTHING_CLEANED = {"clean": frozenset[str]()}
NO_UNITS: dict[str, Any] = {"units": {}}


def where(column: int, row: int = 3) -> str:
    return f"第 {row} 行“{HEADER[column - 1]}”，列 {COLUMNS[column][0]} "


def misfit(
    name: str, column: int, value: Cell, forms: Sequence[str] = EVERY, change: Mapping[str, Any] | None = None
) -> Kind:
    """A value in row 3 that is not of its column's type."""
    return Kind(name, put((3, column, value)), where(column) + f"的值不是 {COLUMNS[column][1]}", forms, change or {})


def blank(column: int) -> Kind:
    return Kind(f"blank {COLUMNS[column][0]}", put((3, column, None)), where(column) + "为空，契约要求必填")


def new_code(name: str, said: str, *cells: tuple[int, int, Cell], **more: Any) -> Kind:
    return Kind(name, put(*cells), f"“类别”，列 category 有代码表以外的值 {said}", **more)


DATES = (
    misfit("text in a date", 1, CANARY),
    misfit("day that never was", 1, "2023-02-30"),
    misfit("day first", 1, "06/02/2023"),
    misfit("year of two digits", 1, "23-2-6"),
    misfit("serial number of a day", 1, 44963),
    misfit("time of day in a date", 1, datetime(2023, 2, 6, 8, 30)),  # noqa: DTZ001 - workbooks know no zone
    misfit("date in words not declared", 1, "2023年2月6日", change=NOTHING_CLEANED),
    Kind(
        "dates turned to text",
        put(*((row, 1, CANARY) for row in (2, 3, 4, 5))),
        where(1, 2) + "的值不是 日期（年-月-日）（共 4 处：第 2、3、4、5 行），整列疑已改变类型，应为 日期（年-月-日）",
    ),
)
NUMBERS = (
    misfit("text in an amount", 6, CANARY),
    misfit("text in a count", 4, CANARY),
    misfit("three decimals", 6, 0.125),
    misfit("half a count", 4, 1.5),
    misfit("amount with more digits than a number keeps", 6, 12_345_678_901_234_567, TYPED),
    misfit("truth in a count", 4, True, TYPED),
    misfit("amount by powers of ten", 6, "1e-1 元", change=NO_UNITS),
    misfit("unit not declared", 6, "0.10元", change=NO_UNITS),
    misfit("another unit", 6, "0.00001万元"),
    misfit("thousands not declared", 6, "1,000.10", change=NOTHING_CLEANED),
    misfit("full-width digits not declared", 6, "０．１", change=NOTHING_CLEANED),
    misfit("dash not declared", 4, "-"),
    misfit("remark at a number not declared", 6, f"0.10（{CANARY}）"),
    Kind(
        "two columns at once",
        put((3, 1, CANARY), (5, 6, CANARY)),
        where(1) + "的值不是 日期（年-月-日）；" + where(6, 5) + "的值不是 两位小数以内的金额",
    ),
)
CODES = (
    Kind(
        "code as a number",
        put((3, 3, 7)),
        where(3) + "是数值，不是代码（文字），开头的零可能已经丢失",
        TYPED,
    ),
    Kind(
        "identity number as a number",
        put((3, 3, int(NUMBER))),
        where(3) + "是数值，位数已经丢失，须以文字保存",
        TYPED,
    ),
    misfit("number in a text", 2, int(NUMBER[:12]), TYPED),
    new_code("identity number in a code", "1 种、1 处（第 3 行）", (3, 3, NUMBER)),
    new_code("new code", "1 种、1 处（第 3 行）", (3, 3, "工本费")),
    new_code("two new codes", "2 种、2 处（第 3、5 行）", (3, 3, "工本费"), (5, 3, CANARY)),
    new_code(
        "blank before a code not declared",
        "1 种、1 处（第 3 行）",
        (3, 3, " 信息处理费"),
        forms=(*TYPED, *TEXT),
        change=NOTHING_CLEANED,
    ),
    new_code("blank within a code", "1 种、1 处（第 3 行）", (3, 3, "信息 处理费"), forms=(*TYPED, *PAGE, *TEXT)),
)
BLANKS = (
    *map(blank, COLUMNS),
    Kind("blanks only", put((3, 3, "   ")), where(3) + "为空，契约要求必填"),
)
KINDS = (*DATES, *NUMBERS, *CODES, *BLANKS)
