"""Small handed-over files in the layout that is agreed, for tests to spoil."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

APPLICATIONS, CASES, FEES = "依申请公开", "复议诉讼", "收费台账"
PORTAL = [
    ["序号", "信息标题", "栏目", "文件种类", "制发机关", "成文日期", "发布时间", "状态", "废止日期"],
    ["1", "𠮷祥路口信号配时", "公示公告", "其他", "样例市交管局", "2023-05-01", "2023-05-02 08:00:00", "已发布", ""],
    ["2", "“一盔一带”行动", "政务动态信息", "其他", "样例市交管局", "", "2023-06-02 08:00:00", "已撤下", ""],
    [
        "3",
        "停车办法",
        "规范性文件",
        "行政规范性文件",
        "样例市交管局",
        "2023-07-01",
        "2023-07-02 08:00:00",
        "已发布",
        "",
    ],
]


def portal(rows: list[list[str]]) -> str:
    return "".join(",".join(row) + "\r\n" for row in rows)


def register() -> Workbook:
    """Two sheets, each with a title, two header rows with merged cells, and three rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = APPLICATIONS
    groups = [("登记编号", 1), ("收到日期", 1), ("申请人", 3), ("申请内容", 1), ("办理情况", 3)]
    _header(
        sheet, "样例市交管局申请登记簿（2023年度）", groups, "类别 姓名或名称 证件号码 答复日期 办理结果 备注".split()
    )
    for row in (
        ["R1", datetime(2023, 1, 5), "自然人", "甲", "1", "内容", datetime(2023, 1, 9), "予以公开", "备注"],  # noqa: DTZ001
        ["R2", datetime(2023, 2, 5), "其他", "乙", "2", "内容", datetime(2023, 2, 9), "重复申请", None],  # noqa: DTZ001
        ["R3", datetime(2023, 12, 5), "自然人", "丙", "3", "内容", None, None, None],  # noqa: DTZ001
    ):
        sheet.append(row)
    sheet = book.create_sheet(CASES)
    groups = [("案号", 1), ("程序", 1), ("受理日期", 1), ("审结情况", 2)]
    _header(sheet, "样例市交管局复议、诉讼登记簿（2023年度）", groups, ["审结日期", "结果"])
    sheet.append(["C1", "行政复议", datetime(2023, 3, 1), datetime(2023, 4, 1), "结果维持"])  # noqa: DTZ001
    sheet.append(["C2", "复议后起诉", datetime(2023, 9, 1), None, None])  # noqa: DTZ001
    return book


def fees() -> Workbook:
    """One sheet with one header row, four rows and a total row at row 6."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = FEES
    sheet.append(["收款日期", "收费项目", "类别", "数量", "单价（元）", "金额（元）"])
    for day, kind, quantity, price, amount in (
        (date(2023, 1, 5), "行政事业性收费", 3, 10, 30),
        (date(2023, 2, 5), "信息处理费", 1, 0.1, 0.1),
        (date(2023, 3, 5), "信息处理费", 1, 0.2, 0.2),
        (date(2023, 4, 5), "罚没收入", 2, 100.25, 200.5),
    ):
        sheet.append([day, "项目", kind, quantity, price, amount])
    sheet.append(["合计", None, None, None, None, 230.8])
    return book


def _header(sheet: Worksheet, title: str, groups: list[tuple[str, int]], lower: list[str]) -> None:
    sheet.cell(1, 1, title)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=sum(width for _, width in groups))
    column, below = 1, iter(lower)
    for name, width in groups:
        sheet.cell(2, column, name)
        if width == 1:
            sheet.merge_cells(start_row=2, start_column=column, end_row=3, end_column=column)
        else:
            sheet.merge_cells(start_row=2, start_column=column, end_row=2, end_column=column + width - 1)
            for offset in range(width):
                sheet.cell(3, column + offset, next(below))
        column += width


def saved(book: Workbook, path: Path) -> Path:
    book.save(path)
    return path


def set_cell(book: Workbook, sheet: str, place: str, value: Any, number_format: str = "") -> None:
    cell = book[sheet][place]
    cell.value = value
    if number_format:
        cell.number_format = number_format
