"""Workbooks and pages whose state hides or withholds something: in every form that has such a state."""

from dataclasses import replace

from tests.tasks.reading import biff
from tests.tasks.reading.making import ods, ods_row, ods_table, ods_text, patched
from tests.tasks.sources.corpus.case import SHEET, Case, Kind
from tests.tasks.sources.corpus.cells import where
from tests.tasks.sources.corpus.charts import chart_beside, chart_beside_xls, only_chart, only_chart_xls
from tests.tasks.sources.corpus.formats import (
    OFF,
    PAGE,
    TYPED,
    XLSX,
    as_ods,
    as_xls,
    biff_sheet,
    by_openpyxl,
    by_xlsxwriter,
    ods_sheet,
)
from tests.tasks.sources.corpus.ledger import CANARY, Ledger, Wrong, ledger, marked, put, steps, valid
from tests.tasks.sources.files import FEES

NOTE = Ledger((("说明", "填表人"), ("甲", CANARY)), "说明")
MANY = tuple(replace(NOTE, sheet=f"附表{number}") for number in range(1, 151))
HIDDEN_SHEET = "工作表被隐藏"
HIDDEN_ROWS = "被隐藏或被筛选掉"
NOT_CALCULATED, ERROR = "是未计算的公式", "是错误值"
NO_SHEET = f"没有名为“{FEES}”的工作表，现有 "
COVERED = SHEET + "合并区域盖住了有内容的单元格 C4"
TWO_OF_ONE_NAME = "：有同名的工作表"
WITH_TABLES = (*TYPED, *PAGE)
WITHOUT_CODE = put((4, 3, None))

HIDDEN = (
    Kind("sheet hidden", marked(state="hidden"), HIDDEN_SHEET, TYPED, beside=(NOTE,)),
    Kind("table hidden", marked(state="hidden"), HIDDEN_SHEET, PAGE),
    Kind("sheet very hidden", marked(state="veryHidden"), HIDDEN_SHEET, (*XLSX, "xls"), beside=(NOTE,)),
    Kind("row hidden", marked(hidden_rows=(3,)), "第 3 行" + HIDDEN_ROWS, WITH_TABLES),
    Kind("header hidden", marked(hidden_rows=(1,)), "第 1 行" + HIDDEN_ROWS, WITH_TABLES),
    Kind("total hidden", marked(hidden_rows=(6,)), "第 6 行" + HIDDEN_ROWS, WITH_TABLES),
    Kind("rows filtered", marked(filtered_rows=(3, 5)), "第 3、5 行" + HIDDEN_ROWS, TYPED),
    Kind("column hidden", marked(hidden_columns=(5,)), "第 5 列被隐藏", WITH_TABLES),
    Kind("two columns hidden", marked(hidden_columns=(2, 4)), "第 2、4 列被隐藏", WITH_TABLES),
)
MERGED = (
    Kind(
        "cells merged down",
        steps(WITHOUT_CODE, marked(merged=((3, 3, 4, 3),))),
        "第 3 行第 3 列是合并单元格，合并到第 4 行第 3 列",
        WITH_TABLES,
    ),
    Kind(
        "cells merged across",
        steps(put((3, 5, None)), marked(merged=((3, 4, 3, 5),))),
        "第 3 行第 4 列是合并单元格，合并到第 3 行第 5 列",
        WITH_TABLES,
    ),
    Kind(
        "header merged into the rows",
        steps(put((2, 3, None)), marked(merged=((1, 3, 2, 3),))),
        "第 1 行第 3 列是合并单元格，合并到第 2 行第 3 列",
        WITH_TABLES,
    ),
    Kind(
        "rows merged into the total",
        steps(put((6, 1, None)), marked(merged=((5, 1, 6, 1),))),
        "第 5 行第 1 列是合并单元格，合并到第 6 行第 1 列",
        WITH_TABLES,
    ),
)
RESULTS = (
    Kind("formula without result", put((3, 6, Wrong.FORMULA)), where(6) + NOT_CALCULATED, (*XLSX, "ods")),
    Kind(
        "total without result",
        put((6, 6, Wrong.FORMULA)),
        "第 6 行合计“金额（元）”" + NOT_CALCULATED,
        (*XLSX, "ods"),
    ),
    Kind("error in an amount", put((3, 6, Wrong.ERROR)), where(6) + ERROR, ("xlsx-openpyxl", "xls", "ods")),
    Kind("error in a code", put((3, 3, Wrong.ERROR)), where(3) + ERROR, ("xlsx-openpyxl", "xls", "ods")),
    Kind("error in a text", put((3, 2, Wrong.ERROR)), where(2) + ERROR, ("xlsx-openpyxl", "xls", "ods")),
    Kind(
        "error in the total",
        put((6, 6, Wrong.ERROR)),
        "第 6 行合计“金额（元）”" + ERROR,
        ("xlsx-openpyxl", "xls", "ods"),
    ),
)
SHEETS = (
    Kind("sheet renamed", marked(sheet="Sheet1"), NO_SHEET + "Sheet1", TYPED),
    Kind("sheet renamed to an older one", marked(sheet=f"{FEES}（旧）"), NO_SHEET + f"{FEES}（旧）", TYPED),
    Kind("sheet of a name in two lines", marked(sheet="收费\n台账"), (NO_SHEET, "收费"), ("xls", "ods")),
    Kind("many sheets", marked(sheet="末"), (NO_SHEET, "附表1、附表2"), TYPED, beside=MANY),
    Kind("sheet missing", marked(sheet="附表"), NO_SHEET + "说明、附表", TYPED, beside=(NOTE,)),
    Kind("sheet empty", marked(rows=()), "工作表是空的，没有表头", TYPED, beside=(NOTE,)),
    Kind("two tables", valid, "有 2 个表格，分不清用哪一个", PAGE, beside=(NOTE,)),
)
KINDS = (*HIDDEN, *MERGED, *RESULTS, *SHEETS)
SHEET_PART = "xl/worksheets/sheet1.xml"


def _xlsx(change: tuple[str, str], part: str = SHEET_PART) -> bytes:
    return patched(by_xlsxwriter([ledger()]), part, *change)


def row_without_height() -> bytes:
    return _xlsx(('<row r="3"', '<row r="3" ht="0" customHeight="1"'))


def column_without_width() -> bytes:
    return _xlsx(("<sheetData>", '<cols><col min="5" max="5" width="0" customWidth="1"/></cols><sheetData>'))


def values_under_a_merged_range() -> bytes:
    return _xlsx(("</sheetData>", '</sheetData><mergeCells count="1"><mergeCell ref="C3:C4"/></mergeCells>'))


def values_under_a_merged_range_xls() -> bytes:
    return as_xls([replace(ledger(), merged=((3, 3, 4, 3),))])


def values_under_a_merged_range_ods() -> bytes:
    return as_ods([replace(ledger(), merged=((3, 3, 4, 3),))])


def rows_folded() -> bytes:
    table = ods_sheet(ledger())
    before, row, after = table.partition("<table:table-row ")
    group = '<table:table-row-group table:display="false">'
    return ods(before + group + row + after.replace("</table:table>", "</table:table-row-group></table:table>"))


def sheet_not_displayed() -> bytes:
    hidden = ods_sheet(replace(ledger(), state="hidden"))
    return ods(ods_table(ods_row(ods_text(CANARY)), name="说明") + hidden, OFF)


def same_name_twice() -> bytes:
    data = by_xlsxwriter([ledger(), replace(ledger(), sheet="另一")])
    return patched(data, "xl/workbook.xml", 'name="另一"', f'name="{FEES}"')


def same_name_twice_xls() -> bytes:
    return biff.workbook(biff_sheet(ledger()), biff_sheet(ledger()))


def same_name_twice_ods() -> bytes:
    return as_ods([ledger(), ledger()])


def result_of_an_old_calculation() -> bytes:
    """A number stands where the result will be, and the file asks to be calculated."""
    return _xlsx(('<c r="F3"><v>0.1</v>', '<c r="F3"><f>D3*E3</f><v>0.1</v>'))


def total_of_an_old_calculation() -> bytes:
    return _xlsx(('<c r="F6"><v>2232.9</v>', '<c r="F6"><f>SUM(F2:F5)</f><v>2232.9</v>'))


def result_of_blanks() -> bytes:
    return patched(by_openpyxl([ledger()]), SHEET_PART, '<c r="F3" t="n"><v>0.1</v>', '<c r="F3"><f>D3*E3</f><v> </v>')


CASES = (
    Case("row without height", "xlsx-xlsxwriter", "xlsx", row_without_height, SHEET + "第 3 行" + HIDDEN_ROWS),
    Case("column without width", "xlsx-xlsxwriter", "xlsx", column_without_width, SHEET + "第 5 列被隐藏"),
    Case("values under a merged range", "xlsx-xlsxwriter", "xlsx", values_under_a_merged_range, COVERED),
    Case("values under a merged range", "xls", "xls", values_under_a_merged_range_xls, COVERED),
    Case("values under a merged range", "ods", "ods", values_under_a_merged_range_ods, COVERED),
    Case("rows folded", "ods", "ods", rows_folded, SHEET + "第 1、2、3、4、5 等 6 行" + HIDDEN_ROWS),
    Case("sheet not displayed", "ods", "ods", sheet_not_displayed, SHEET + HIDDEN_SHEET),
    Case("same name twice", "xlsx-xlsxwriter", "xlsx", same_name_twice, TWO_OF_ONE_NAME),
    Case("same name twice", "xls", "xls", same_name_twice_xls, TWO_OF_ONE_NAME),
    Case("same name twice", "ods", "ods", same_name_twice_ods, TWO_OF_ONE_NAME),
    Case("old result", "xlsx-xlsxwriter", "xlsx", result_of_an_old_calculation, SHEET + where(6) + NOT_CALCULATED),
    Case(
        "old total",
        "xlsx-xlsxwriter",
        "xlsx",
        total_of_an_old_calculation,
        SHEET + "第 6 行合计“金额（元）”" + NOT_CALCULATED,
    ),
    Case("result of blanks", "xlsx-openpyxl", "xlsx", result_of_blanks, "：文件已损坏（工作簿的部件不合格式）"),
    Case("chart in the sheet's place", "xlsx-xlsxwriter", "xlsx", chart_beside, (SHEET, "图表")),
    Case("chart in the sheet's place", "xls", "xls", chart_beside_xls, (SHEET, "图表")),
    Case("only a chart", "xlsx-xlsxwriter", "xlsx", only_chart, "：工作簿里没有表格，只有图表"),
    Case("only a chart", "xls", "xls", only_chart_xls, "：工作簿里没有表格，只有图表"),
)
