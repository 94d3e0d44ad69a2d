"""Every form is read as it is: cells, ranges, what is hidden, what is no value."""

import io
from datetime import date, time, timedelta
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.styles import Font

from tests.tasks.reading import biff
from tests.tasks.reading.conftest import Read
from tests.tasks.reading.making import (
    SHEET,
    moment_of,
    ods,
    ods_number,
    ods_row,
    ods_table,
    ods_text,
    patched,
    saved,
    xlsx,
)
from yearbook.errors import Refusal
from yearbook.intake.grid import Merged, Odd

DAY = moment_of(2023, 1, 2)


def written(fill: Any, **options: Any) -> bytes:
    """A workbook by the other writer, which knows results of formulas, charts and number formats by number."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, options) as book:
        fill(book)
    return out.getvalue()


class TestXlsx:
    def test_cells(self, read: Read) -> None:
        moment = moment_of(2023, 1, 2, 3, 4, 5)
        rows = [
            ["编号", "数", "真", "日", "时刻", "时", "长"],
            ["甲", 12, True, date(2023, 1, 2), moment, time(3, 4), timedelta(hours=30)],
            [" 前后 ", -0.25, False, None, "", "  ", "x\ny"],
        ]
        book = read(xlsx(rows))
        assert (book.form, book.encoding, book.date_1904, book.charts) == ("xlsx", "", False, ())
        assert [reader.split()[0] for reader in book.readers] == ["openpyxl", "python-calamine"]
        assert book.grids[0].rows == (
            ("编号", "数", "真", "日", "时刻", "时", "长"),
            ("甲", 12, True, DAY, moment, time(3, 4), timedelta(hours=30)),
            (" 前后 ", -0.25, False, None, None, None, "x\ny"),
        )
        assert type(book.grids[0].rows[1][1]) is int

    def test_whole_number_is_int_and_long_number_stays_number(self, read: Read) -> None:
        (row,) = read(xlsx([[3.0, 1e15, 110101199001011200]])).grids[0].rows
        assert row == (3, 10**15, 110101199001011200)
        assert {type(cell) for cell in row} == {int}

    def test_position_is_the_file_s(self, read: Read) -> None:
        grid = read(xlsx([], change=lambda book: book.active.__setitem__("C4", "远"))).grids[0]
        assert grid.rows == ((None,) * 3,) * 3 + ((None, None, "远"),)

    def test_what_is_hidden_or_merged(self, read: Read) -> None:
        def change(book: Any) -> None:
            sheet = book.active
            sheet.merge_cells("A1:B2")
            sheet.row_dimensions[3].hidden = True
            sheet.row_dimensions[4].height = 5
            sheet.row_dimensions[90].hidden = True
            sheet.column_dimensions["C"].hidden = True
            book.create_sheet("藏").sheet_state = "hidden"
            book.create_sheet("深藏").sheet_state = "veryHidden"

        data = xlsx([["a", None, 1], [None, None, 2], ["b", "c", 3], ["d", "e", 4]], change=change)
        book = read(patched(data, SHEET, 'ht="5"', 'ht="0"'))
        grid = book.grids[0]
        assert grid.merged == (Merged(1, 1, 2, 2),)
        assert (grid.hidden_rows, grid.hidden_columns) == ((3, 4), (3,))
        assert [(grid.name, grid.hidden) for grid in book.grids] == [("表一", False), ("藏", True), ("深藏", True)]

    def test_formula_without_result(self, read: Read) -> None:
        assert read(xlsx([[1, "=A1+1"]])).grids[0].rows == ((1, Odd.NOT_CALCULATED),)

    def test_formula_with_result_and_without(self, read: Read) -> None:
        data = patched(xlsx([[1, "=A1+1", '=""', "=A1"]]), "xl/workbook.xml", ' fullCalcOnLoad="1"', "")
        data = patched(data, SHEET, "<f>A1+1</f><v></v>", "<f>A1+1</f><v>7</v>")
        data = patched(data, SHEET, '<c r="C1"><f>""</f><v></v>', '<c r="C1" t="str"><f>""</f><v></v>')
        assert read(data).grids[0].rows == ((1, 7, None, Odd.NOT_CALCULATED),)

    def test_result_in_a_file_that_asks_to_be_calculated(self, read: Read) -> None:
        """Some writers put a nought where the result will be, and the wish to calculate beside it."""
        data = written(lambda book: book.add_worksheet("表").write_formula(0, 0, "=1+1"))
        assert read(data).grids[0].rows == ((Odd.NOT_CALCULATED,),)

    @pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#REF!"])
    def test_error(self, read: Read, error: str) -> None:
        assert read(xlsx([["a", error]])).grids[0].rows == (("a", Odd.ERROR),)

    def test_date_out_of_the_calendar_is_an_error(self, read: Read) -> None:
        def fill(book: Any) -> None:
            book.add_worksheet("表").write_number(0, 0, 1e8, book.add_format({"num_format": "yyyy-mm-dd"}))

        assert read(written(fill)).grids[0].rows == ((Odd.ERROR,),)

    def test_1904(self, read: Read) -> None:
        def fill(book: Any) -> None:
            book.add_worksheet("表").write_datetime(0, 0, DAY, book.add_format({"num_format": "yyyy-mm-dd"}))

        book = read(written(fill, date_1904=True))
        assert book.date_1904
        assert book.grids[0].rows == ((DAY,),)

    @pytest.mark.parametrize("number", [14, 22, 27, 28, 31, 36, 50, 57, 58])
    def test_date_formats_that_have_only_a_number(self, read: Read, number: int) -> None:
        def fill(book: Any) -> None:
            style = book.add_format()
            style.set_num_format(number)
            book.add_worksheet("表").write_number(0, 0, 44928, style)

        assert read(written(fill)).grids[0].rows == ((DAY,),)

    @pytest.mark.parametrize(
        ("code", "is_date"),
        [
            ('yyyy"年"m"月"d"日"', True), ("[$-804]yyyy/m/d", True), ('[DBNum1][$-804]yyyy"年"m"月"d"日"', True),
            ("m/d", True), ('0.00"元"', False), ('"第"0"号"', False), ("[红色]0", False), ('General"d"', False),
            ("#,##0.00;[Red]-#,##0.00", False), ("_ * #,##0.00_ ;_ * -#,##0.00_ ", False), ("@", False),
            ("0\\d", False),
        ],
    )  # fmt: skip
    def test_date_formats_in_words(self, read: Read, code: str, is_date: bool) -> None:
        def fill(book: Any) -> None:
            book.add_worksheet("表").write_number(0, 0, 44928, book.add_format({"num_format": code}))

        assert read(written(fill)).grids[0].rows == ((DAY if is_date else 44928,),)

    def test_styles_that_the_library_cannot_read(self, read: Read) -> None:
        """Fills and names from other programs say nothing about cells."""
        data = xlsx([[date(2023, 1, 2)]])
        data = patched(data, "xl/styles.xml", "<fills", '<fills><fill><unheardOf/></fill></fills><fills a="b"')
        assert read(patched(data, "docProps/core.xml", "Z<", "Q<")).grids[0].rows == ((DAY,),)

    def test_printed_titles_and_names(self, read: Read) -> None:
        def change(book: Any) -> None:
            book.active.print_title_rows = "1:1"
            book.active.auto_filter.ref = "A1:A2"

        assert read(xlsx([["a"], [1]], change=change)).grids[0].rows == (("a",), (1,))

    def test_text_that_the_format_writes_in_signs(self, read: Read) -> None:
        def fill(book: Any) -> None:
            sheet = book.add_worksheet("表")
            sheet.write_row(0, 0, ["a\r\nb", "_x000D_", "#N/A 说明"])
            sheet.write_rich_string(0, 3, "粗", book.add_format({"bold": True}), "细")

        assert read(written(fill)).grids[0].rows == (("a\r\nb", "_x000D_", "#N/A 说明", "粗细"),)

    def test_rich_text_without_shared_strings(self, read: Read) -> None:
        data = patched(xlsx([["a"]]), SHEET, "<is><t>a</t></is>", "<is><r><t>内</t></r><r><t>外</t></r></is>")
        assert read(data).grids[0].rows == (("内外",),)

    def test_chart_is_named_and_left_out(self, read: Read) -> None:
        def fill(book: Any) -> None:
            sheet = book.add_worksheet("表")
            sheet.write_row(0, 0, [1, 2])
            chart = book.add_chart({"type": "column"})
            chart.add_series({"values": "=表!$A$1:$B$1"})
            book.add_chartsheet("图").set_chart(chart)
            book.add_worksheet("表二").write(0, 0, "x")

        book = read(written(fill))
        assert [grid.name for grid in book.grids] == ["表", "表二"]
        assert book.charts == ("图",)

    def test_empty_sheet(self, read: Read) -> None:
        assert read(xlsx([])).grids[0].rows == ()

    def test_looks_are_no_contents(self, read: Read) -> None:
        def change(book: Any) -> None:
            for row in range(1, 40):
                book.active.cell(row, 9).font = Font(bold=True)

        assert read(xlsx([["a"]], change=change)).grids[0].rows == (("a",),)

    def test_book_with_macros_is_read_and_not_run(self, read: Read) -> None:
        parts = patched(xlsx([["a"]]), "[Content_Types].xml", "sheet.main+xml", "sheet.main+xml")
        data = patched(
            parts,
            "[Content_Types].xml",
            "vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
            "vnd.ms-excel.sheet.macroEnabled.main+xml",
        )
        assert read(data).grids[0].rows == (("a",),)


class TestXls:
    def test_cells_and_what_is_hidden_or_merged(self, read: Read) -> None:
        noon, half = biff.Formatted(44928.5, 'yyyy"年"m"月"d"日" h:mm'), biff.Formatted(0.5, "h:mm")
        sheet = biff.Sheet(
            "收费",
            [
                ["编号", "日期", "金额", "真", "错", "长", "时"],
                ["甲", biff.Formatted(44928, "yyyy-mm-dd"), 12.5, True, biff.Error(), biff.Formatted(1.25, "[h]:mm")],
                [None, noon, 3.0, False, " ", None, half],
                ["合"],
            ],
            merged=[(3, 4, 0, 1)],
            hidden_rows=[2],
            hidden_columns=[3],
        )  # fmt: skip
        book = read(biff.workbook(sheet, biff.Sheet("图", kind=2), biff.Sheet("隐", [[1.0]], visibility=2)))
        grid = book.grids[0]
        assert (book.form, book.charts) == ("xls", ("图",))
        assert [reader.split()[0] for reader in book.readers] == ["xlrd", "python-calamine"]
        assert grid.rows == (
            ("编号", "日期", "金额", "真", "错", "长", "时"),
            ("甲", DAY, 12.5, True, Odd.ERROR, timedelta(hours=30), None),
            (None, moment_of(2023, 1, 2, 12), 3, False, None, None, time(12)),
            ("合",) + (None,) * 6,
        )
        assert grid.merged == (Merged(4, 1, 5, 2),)
        assert (grid.hidden_rows, grid.hidden_columns) == ((3,), (4,))
        assert [(grid.name, grid.hidden) for grid in book.grids] == [("收费", False), ("隐", True)]

    def test_1904(self, read: Read) -> None:
        rows = [[biff.Formatted(44928 - 1462, "yyyy-mm-dd")]]
        book = read(biff.workbook(biff.Sheet("表", rows), date_1904=True))
        assert (book.date_1904, book.grids[0].rows) == (True, ((DAY,),))

    def test_values_of_a_chart_are_no_cells_of_its_sheet(self, read: Read) -> None:
        """A chart within a sheet brings the values it shows, numbered like cells."""
        stream = biff.stream([biff.Sheet("表", [[1.0, 2.0]])])
        place = stream.rindex(biff.record(0x0A))
        value = biff.cell(0, 1, 7.0, [], [])
        chart = biff.opening(biff.CHART) + value + value + biff.record(0x0A)
        book = read(biff.compound({"Workbook": stream[:place] + chart + stream[place:]}))
        assert book.grids[0].rows == ((1, 2),)


class TestOds:
    def test_cells(self, read: Read) -> None:
        typed = (
            '<table:table-cell office:value-type="percentage" office:value="0.25"/>'
            '<table:table-cell office:value-type="currency" office:value="12.50"/>'
            '<table:table-cell office:value-type="boolean" office:boolean-value="true"/>'
            '<table:table-cell office:value-type="date" office:date-value="2023-01-02"/>'
            '<table:table-cell office:value-type="date" office:date-value="2023-01-02T03:04:05"/>'
            '<table:table-cell office:value-type="time" office:time-value="PT03H04M00S"/>'
            '<table:table-cell office:value-type="time" office:time-value="PT30H00M00S"/>'
            '<table:table-cell office:value-type="string" office:string-value="" calcext:value-type="error">'
            "<text:p>#DIV/0!</text:p></table:table-cell>"
            '<table:table-cell table:formula="of:=[.A1]"/>'
        )
        (row,) = read(ods(ods_table(ods_row(ods_number(3), typed)))).grids[0].rows
        moment = moment_of(2023, 1, 2, 3, 4, 5)
        assert row == (
            3, 0.25, 12.5, True, DAY, moment, time(3, 4), timedelta(hours=30), Odd.ERROR, Odd.NOT_CALCULATED,
        )  # fmt: skip

    def test_text(self, read: Read) -> None:
        cell = (
            '<table:table-cell office:value-type="string"><office:annotation><text:p>批注</text:p></office:annotation>'
            '<text:p>甲<text:s text:c="2"/>乙<text:span>丙</text:span></text:p><text:p>丁</text:p></table:table-cell>'
        )
        assert read(ods(ods_table(ods_row(cell)))).grids[0].rows == (("甲  乙丙\n丁",),)

    def test_repeats(self, read: Read) -> None:
        repeated = 'table:number-columns-repeated="2"'
        times, blank = "table:number-rows-repeated", "<table:table-cell/>"
        rest = '<table:table-cell table:number-columns-repeated="16383"/>'
        rows = (
            ods_row(ods_number(1, repeated), blank, ods_text("x"), attributes=f'{times}="2"'),
            ods_row(blank, attributes=f'{times}="3"'),
            ods_row(ods_text("末"), rest),
            ods_row(rest, attributes=f'{times}="1048570"'),
        )
        grid = read(ods(ods_table(*rows))).grids[0]
        assert grid.rows == ((1, 1, None, "x"),) * 2 + ((None,) * 4,) * 3 + (("末", None, None, None),)

    def test_what_is_hidden_or_merged(self, read: Read) -> None:
        spans = 'table:number-columns-spanned="2" table:number-rows-spanned="2"'
        covered = '<table:covered-table-cell table:number-columns-repeated="2"/>'
        columns = '<table:table-column/><table:table-column table:visibility="collapse"/>'
        hides = '<style:table-properties table:display="false"/>'
        styles = f'<style:style style:name="off" style:family="table">{hides}</style:style>'
        first = ods_table(
            ods_row(ods_text("合", spans), covered.replace("2", "1", 1)),
            ods_row(covered),
            ods_row(ods_text("滤"), attributes='table:visibility="filter"'),
            '<table:table-row-group table:display="false">' + ods_row(ods_text("折")) + "</table:table-row-group>",
            ods_row(ods_text("尾")),
            before=columns,
        )
        second = ods_table(ods_row(ods_text("x")), name="藏", attributes='table:style-name="off"')
        book = read(ods(first + second, styles))
        grid = book.grids[0]
        assert grid.merged == (Merged(1, 1, 2, 2),)
        assert (grid.hidden_rows, [g.hidden for g in book.grids]) == ((3, 4), [False, True])
        assert [row[0] for row in grid.rows] == ["合", None, "滤", "折", "尾"]


class TestPage:
    def test_cells_and_spans(self, read: Read) -> None:
        page = (
            "<!DOCTYPE html><!-- 导出 --><html><head><meta charset=utf-8></head><body><p>说明</p><table>"
            "<tr><td colspan=3>标题\n  一</td></tr>"
            "<tr><th rowspan='2'>甲<th>2023-01-02<th>1&nbsp;000</tr>"
            "<tr style='display : none'><td>a<br>b<td>&lt;c&gt;</tr></table></body></html>"
        )
        book = read(page.encode())
        grid = book.grids[0]
        assert (book.form, book.encoding, grid.name) == ("html", "UTF-8", "")
        assert grid.rows == (("标题 一", None, None), ("甲", "2023-01-02", "1\xa0000"), (None, "a\nb", "<c>"))
        assert grid.merged == (Merged(1, 1, 1, 3), Merged(2, 1, 3, 1))
        assert grid.hidden_rows == (3,)

    def test_several_tables_and_a_hidden_one(self, read: Read) -> None:
        book = read(b"<table><tr><td>a<td>b</table><table hidden><tr><td>c<td>d</table>")
        assert [(grid.rows, grid.hidden) for grid in book.grids] == [((("a", "b"),), False), ((("c", "d"),), True)]

    def test_page_behind_a_declaration(self, read: Read) -> None:
        page = '<?xml version="1.0"?><!DOCTYPE html PUBLIC "x" "y"><html xmlns="z"><table><tr><td>a<td>b</table>'
        assert read(page.encode()).grids[0].rows == (("a", "b"),)

    def test_table_is_named_where_a_cell_is_not_as_shown(self, read: Read) -> None:
        page = b"<table><tr><td>a<td>b</table><table><tr><td>a<td sdval=1>2</table>"
        with pytest.raises(Refusal, match="第 2 个表格：第 1 行第 2 列显示的与保存的值不一致"):
            read(page)

    def test_hidden_column(self, read: Read) -> None:
        row = "<tr><td style='display:none'>7</td><td>a</td></tr>"
        assert read(f"<table>{row}{row}</table>".encode()).grids[0].hidden_columns == (1,)

    @pytest.mark.parametrize("charset", ["gb2312", "GBK", "gb18030"])
    def test_encoding_of_the_page(self, read: Read, charset: str) -> None:
        meta = f'<meta http-equiv=Content-Type content="text/html; charset={charset}">'
        page = f"<html>{meta}<table><tr><td>镕<td>二</table>"
        book = read(page.encode("gb18030"), encoding="big5")
        assert (book.encoding, book.grids[0].rows) == ("GB18030", (("镕", "二"),))

    @pytest.mark.parametrize(("codec", "name"), [("utf-16", "UTF-16 LE"), ("utf-8-sig", "UTF-8（有 BOM）")])
    def test_marked_page(self, read: Read, codec: str, name: str) -> None:
        book = read("<table><tr><td>甲<td>乙</table>".encode(codec))
        assert (book.encoding, book.grids[0].rows) == (name, (("甲", "乙"),))


class TestText:
    @pytest.mark.parametrize("delimiter", [",", "\t", ";"])
    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_delimiters_and_line_ends(self, read: Read, delimiter: str, end: str) -> None:
        lines = (("甲", "乙"), ("1", '"引 ""号""\n换行"'), ("", " "))
        text = end.join(delimiter.join(line) for line in lines) + end + end
        book = read(text.encode())
        assert (book.form, book.encoding) == ("text", "UTF-8")
        assert book.grids[0].rows == (("甲", "乙"), ("1", '引 "号"\n换行'), (None, None))[:2]

    @pytest.mark.parametrize(
        ("codec", "name"),
        [
            ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8（有 BOM）"), ("utf-16", "UTF-16 LE"), ("gb18030", "GB18030"),
        ],
    )  # fmt: skip
    def test_encodings(self, read: Read, codec: str, name: str) -> None:
        book = read("编号,姓\n1,𠮷镕\n".encode(codec))
        assert (book.encoding, book.grids[0].rows) == (name, (("编号", "姓"), ("1", "𠮷镕")))

    def test_other_delimiter_within_a_cell(self, read: Read) -> None:
        assert read(b"a;b\n1,5;2\n").grids[0].rows == (("a", "b"), ("1,5", "2"))

    def test_other_delimiter_within_a_quoted_cell(self, read: Read) -> None:
        """What splits no header does not say where quotations end."""
        assert read('"编号","说明"\n"1","a;b"\n'.encode()).grids[0].rows == (("编号", "说明"), ("1", "a;b"))

    def test_header_in_angle_brackets_is_no_markup(self, read: Read) -> None:
        assert read("<编号>,b\n1,2\n".encode()).grids[0].rows == (("<编号>", "b"), ("1", "2"))

    @pytest.mark.parametrize("text", ["编号,姓\n1,联通\n", "a,b\n联,通\n"])
    def test_national_text_that_is_partly_utf_8(self, read: Read, text: str) -> None:
        """Some characters of the one are characters of the other."""
        data = (text * 3 + "末,汉\n").encode("gb18030")
        assert read(data).encoding == "GB18030"

    def test_codes_stay_text(self, read: Read) -> None:
        assert read(b"a,b\n007,2023-01-02\n").grids[0].rows[1] == ("007", "2023-01-02")


def test_the_same_file_gives_the_same_book(read: Read) -> None:
    data = saved(openpyxl.Workbook())
    assert read(data) == read(data)
