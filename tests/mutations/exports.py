"""Handed-over files as they really come: last year's, filtered, retyped, cut off, with totals among the data."""

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.mutations.fault import EXPORTS, Fault, FileChanged
from tests.mutations.shapes import SHAPES

APPLICATIONS, CASES, LEDGER = "依申请公开", "复议诉讼", "收费台账"
FIRST_ROW = {APPLICATIONS: 4, CASES: 4, LEDGER: 2}
Lines = list[list[str]]


def faults() -> Iterator[Fault]:
    """Every fault of these families."""
    for source, stem, words in (
        ("portal", "portal_{}.csv", SHAPES["published_item"].name),
        ("register", "register_{}.xlsx", SHAPES["application"].name),
        ("fees", "fees_{}.xlsx", SHAPES["fee_line"].name),
    ):
        yield _fault("交错文件", words, "交来的是上年的文件", source, _copied(stem.format(2022), stem.format(2023)))
        yield _fault("交错文件", words, "文件只传了一半", source, _cut(stem.format(2023)))
    yield from _portal()
    yield from _register()
    yield from _ledger()


def _fault(family: str, name: str, words: str, source: str, spoil: Callable[[Path], None]) -> Fault:
    return Fault(EXPORTS, family, f"{name}，{words}", FileChanged(source, spoil))


def _copied(old: str, new: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        (folder / new).write_bytes((folder / old).read_bytes())

    return spoil


def _cut(name: str) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        data = (folder / name).read_bytes()
        (folder / name).write_bytes(data[: len(data) // 2])

    return spoil


def _lines(edit: Callable[[Lines], Lines]) -> Callable[[Path], None]:
    """Changes the list of published items, line by line."""

    def spoil(folder: Path) -> None:
        path = folder / "portal_2023.csv"
        with path.open(encoding="gb18030", newline="") as file:
            lines = edit(list(csv.reader(file)))
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file, lineterminator="\r\n").writerows(lines)

    return spoil


def _turned(first: int, second: int, *, header: bool) -> Callable[[Lines], Lines]:
    def edit(lines: Lines) -> Lines:
        for line in lines if header else lines[1:]:
            line[first], line[second] = line[second], line[first]
        return lines

    return edit


def _renamed(column: int, name: str) -> Callable[[Lines], Lines]:
    return lambda lines: [[*lines[0][:column], name, *lines[0][column + 1 :]], *lines[1:]]


def _in_lines(column: int, text: str, *, every: int = 60) -> Callable[[Lines], Lines]:
    def edit(lines: Lines) -> Lines:
        for line in lines[-400::every]:
            line[column] = text
        return lines

    return edit


def _portal() -> Iterator[Fault]:
    name = SHAPES["published_item"].name
    for words, edit in {
        "上年的清单另存一次": lambda lines: [lines[0], *(line for line in lines[1:] if line[6] < "2023-01-21")],
        "全部行接了两遍": lambda lines: [*lines, *lines[1:]],
        "末尾 200 行没有导出": lambda lines: lines[:-200],
        "中间 30 行没有导出": lambda lines: [*lines[:900], *lines[930:]],
        "末尾有合计行": lambda lines: [*lines, ["合计", str(len(lines) - 1), "", "", "", "", "", "", ""]],
        "中间有小计行": lambda lines: [*lines[:500], ["小计", "499", "", "", "", "", "", "", ""], *lines[500:]],
        "表头重复出现在中间": lambda lines: [*lines[:700], lines[0], *lines[700:]],
        "多一列": lambda lines: [[*line, "备注" if number == 0 else ""] for number, line in enumerate(lines)],
        "少一列": lambda lines: [line[:8] for line in lines],
        "列名改了": _renamed(2, "栏目名称"),
        "两列换位，列名没换": _turned(5, 8, header=False),
        "栏目与种类换位，列名没换": _turned(2, 3, header=False),
        "两列连列名换位": _turned(2, 3, header=True),
        "栏目写成没有的名称": _in_lines(2, "工作动态"),
        "状态写成“发布”": _in_lines(7, "发布"),
        "成文日期写成“无”": _in_lines(5, "无"),
        "成文日期不存在": _in_lines(5, "2023-02-30"),
        "发布时间写成数字": _in_lines(6, "45123.5"),
        "序号丢了": _in_lines(0, ""),
        "制发机关写简称": _in_lines(4, "云麓交管局", every=3),
        "全部标为已撤下": _in_lines(7, "已撤下", every=1),
    }.items():
        yield _fault("清单有误", name, words, "portal", _lines(edit))


def _sheets(file: str, edit: Callable[[Any], None]) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        book = openpyxl.load_workbook(folder / file)
        edit(book)
        book.save(folder / file)

    return spoil


def _cells(sheet: str, changes: dict[tuple[int, int], object]) -> Callable[[Any], None]:
    """Changes cells by data row (counted from 0) and column (from 1)."""

    def edit(book: Any) -> None:
        for (row, column), value in changes.items():
            book[sheet].cell(FIRST_ROW[sheet] + row, column).value = value

    return edit


def _column(sheet: str, first: int, second: int) -> Callable[[Any], None]:
    """Exchanges two columns below their headers."""

    def edit(book: Any) -> None:
        for row in range(FIRST_ROW[sheet], book[sheet].max_row + 1):
            left, right = book[sheet].cell(row, first), book[sheet].cell(row, second)
            left.value, right.value = right.value, left.value

    return edit


def _rows(sheet: str, edit: Callable[[Worksheet], None]) -> Callable[[Any], None]:
    return lambda book: edit(book[sheet])


def _hidden(sheet: Worksheet) -> None:
    for row in range(20, 40):
        sheet.row_dimensions[row].hidden = True


def _filtered(sheet: Worksheet) -> None:
    sheet.auto_filter.ref = sheet.dimensions
    sheet.auto_filter.add_filter_column(2, ["自然人"])


def _again(first: int, count: int) -> Callable[[Worksheet], None]:
    def edit(sheet: Worksheet) -> None:
        for row in list(sheet.iter_rows(min_row=first, max_row=first + count - 1, values_only=True)):
            sheet.append(row)

    return edit


def _inserted(at: int, values: list[object]) -> Callable[[Worksheet], None]:
    def edit(sheet: Worksheet) -> None:
        sheet.insert_rows(at)
        for column, value in enumerate(values, start=1):
            sheet.cell(at, column).value = value

    return edit


def _set(place: str, value: object) -> Callable[[Worksheet], None]:
    def edit(sheet: Worksheet) -> None:
        sheet[place] = value

    return edit


def _named(old: str, new: str) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        book[old].title = new

    return edit


def _exchanged(book: Any) -> None:
    book[APPLICATIONS].title = "甲"
    book[CASES].title = APPLICATIONS
    book["甲"].title = CASES


def _old_rows(book: Any) -> None:
    """This year's title over last year's rows."""
    sheet = book[APPLICATIONS]
    late = [n for n in range(4, sheet.max_row + 1) if str(sheet.cell(n, 2).value) >= "2023-01-21"]
    sheet.delete_rows(late[0], len(late))


def _register() -> Iterator[Fault]:
    name = SHAPES["application"].name
    for words, edit in {
        "上年的登记簿换了标题": _old_rows,
        "隐藏了 20 行": _rows(APPLICATIONS, _hidden),
        "留着筛选": _rows(APPLICATIONS, _filtered),
        "30 行登了两遍": _rows(APPLICATIONS, _again(50, 30)),
        "删去 25 行": _rows(APPLICATIONS, lambda sheet: sheet.delete_rows(120, 25)),
        "删去末行": _rows(APPLICATIONS, lambda sheet: sheet.delete_rows(sheet.max_row - 90, 1)),
        "案件删去 6 行": _rows(CASES, lambda sheet: sheet.delete_rows(30, 6)),
        "收到与答复日期换位": _column(APPLICATIONS, 2, 7),
        "类别与结果换位": _column(APPLICATIONS, 3, 8),
        "受理与审结日期换位": _column(CASES, 3, 4),
        "程序与结果换位": _column(CASES, 2, 5),
        "列名改了": _rows(APPLICATIONS, _set("G3", "答复时间")),
        "类别写成“个人”": _cells(APPLICATIONS, {(row, 3): "个人" for row in (5, 40, 77)}),
        "结果写成简称": _cells(APPLICATIONS, {(row, 8): "公开" for row in (5, 40, 77)}),
        "结果没有填": _cells(APPLICATIONS, {(row, 8): None for row in (6, 41)}),
        "答复日期没有填": _cells(APPLICATIONS, {(row, 7): None for row in (7, 42)}),
        "收到日期没有填": _cells(APPLICATIONS, {(8, 2): None}),
        "日期不存在": _cells(APPLICATIONS, {(9, 2): "2023-13-05"}),
        "日期写成“年底”": _cells(APPLICATIONS, {(10, 7): "年底"}),
        "答复日期为公式": _cells(APPLICATIONS, {(11, 7): "=B15+7"}),
        "单元格出错": _cells(APPLICATIONS, {(12, 7): "#N/A"}),
        "编号重复": _rows(APPLICATIONS, lambda sheet: _set("A17", sheet["A18"].value)(sheet)),
        "末尾有合计行": _rows(APPLICATIONS, lambda sheet: sheet.append(["合计", None, 1000])),
        "中间有小计行": _rows(APPLICATIONS, _inserted(60, ["小计", None, 56])),
        "工作表改名": _named(APPLICATIONS, "Sheet1"),
        "两张表名称颠倒": _exchanged,
        "复议诉讼表没有": lambda book: book.remove(book[CASES]),
        "数据区有合并单元格": _rows(APPLICATIONS, lambda sheet: sheet.merge_cells("C30:C33")),
        "结果审结日期没有填": _cells(CASES, {(row, 4): None for row in (3, 9)}),
    }.items():
        yield _fault("登记簿有误", name, words, "register", _sheets("register_2023.xlsx", edit))


def _last(values: dict[str, object]) -> Callable[[Worksheet], None]:
    """Changes the total row."""

    def edit(sheet: Worksheet) -> None:
        for column, value in values.items():
            sheet[f"{column}{sheet.max_row}"] = value

    return edit


def _ledger() -> Iterator[Fault]:
    name = SHAPES["fee_line"].name
    for words, edit in {
        "删去 10 行，合计未改": _rows(LEDGER, lambda sheet: sheet.delete_rows(100, 10)),
        "一行登了两遍，合计未改": _rows(LEDGER, lambda sheet: _inserted(90, [c.value for c in sheet[89]])(sheet)),
        "合计行改了": _rows(LEDGER, _last({"F": 12345.6})),
        "没有合计行": _rows(LEDGER, lambda sheet: sheet.delete_rows(sheet.max_row, 1)),
        "合计行在中间": _rows(LEDGER, _inserted(80, ["合计", None, None, None, None, 5000])),
        "中间有月小计": _rows(LEDGER, _inserted(80, ["小计", None, None, None, None, 5000])),
        "一笔金额改了，合计未改": _cells(LEDGER, {(30, 6): 8888.8}),
        "一笔金额带“万元”": _cells(LEDGER, {(31, 6): "0.5万元"}),
        "一笔金额带注": _cells(LEDGER, {(32, 6): "100（退款）"}),
        "一笔金额为文字": _cells(LEDGER, {(33, 6): "壹佰元"}),
        "一笔金额没有填": _cells(LEDGER, {(34, 6): None}),
        "类别没有填": _cells(LEDGER, {(35, 3): None}),
        "类别写成“非税收入”": _cells(LEDGER, {(row, 3): "非税收入" for row in (36, 50)}),
        "单价三位小数": _cells(LEDGER, {(37, 5): 3.335}),
        "数量有小数": _cells(LEDGER, {(38, 4): 2.5}),
        "数量与单价换位": _column(LEDGER, 4, 5),
        "项目与类别换位": _column(LEDGER, 2, 3),
        "列名改为万元": _rows(LEDGER, _set("F1", "金额（万元）")),
        "列名丢了": _rows(LEDGER, _set("C1", None)),
        "隐藏了 20 行": _rows(LEDGER, _hidden),
        "工作表改名": _named(LEDGER, "台账"),
        "表旁有附注": _rows(LEDGER, _set("J7", "以上为上半年")),
        "日期为文字“1月”": _cells(LEDGER, {(39, 1): "1月"}),
        "日期在上一世纪": _cells(LEDGER, {(40, 1): "1923-05-04"}),
        "单价、金额和合计都以万元填": _rows(LEDGER, _in_wan),
    }.items():
        yield _fault("台账有误", name, words, "fees", _sheets("fees_2023.xlsx", edit))


def _in_wan(sheet: Worksheet) -> None:
    for row in sheet.iter_rows(min_row=2, min_col=5, max_col=6):
        for cell in row:
            if isinstance(cell.value, int | float):
                cell.value = round(cell.value / 10000, 2)
