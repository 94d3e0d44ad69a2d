"""Workbooks that readers take in different ways, or that say one thing twice."""

import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.tasks.reading import biff
from tests.tasks.reading.making import ODS, members, ods, ods_table, zipped
from tests.tasks.sources.corpus.archives import CONTENT, SHARED, SHEET_PART, xlsx_parts
from tests.tasks.sources.corpus.case import SHEET, Case
from tests.tasks.sources.corpus.formats import as_ods, biff_sheet, ods_sheet
from tests.tasks.sources.corpus.ledger import CANARY, ledger
from tests.tasks.sources.files import FEES

DAMAGED = "：文件已损坏"
CELLS_ASTRAY, ROWS_ASTRAY = "（单元格的次序错乱）", "（行的次序错乱）"
NOT_AS_FORMAT, NO_REFERENCE = "（工作簿的部件不合格式）", "（单元格的编号不合规则）"
NOT_AS_RECORDS, NOT_AS_CONTENT = "（工作簿的记录不合格式）", "（content.xml 不合格式）"
NO_CONTAINER = "（OLE 容器不完整）"
ONE_FAILS = "：两个读取器中有一个读不出内容，文件可能已损坏"
DIFFERENT = SHEET + "两个读取器读出的内容不一致，"
WORKBOOK, RELATIONS, STYLES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml"
PRICE = '<c r="E3"><v>0.1</v></c>'
TYPES = "[Content_Types].xml"


def seen(reference: str, row: int, column: int, count: int = 1) -> str:
    """The words about cells that the readers do not agree on."""
    return f"{DIFFERENT}{reference}（第 {row} 行第 {column} 列）等 {count} 个单元格"


E3 = seen("E3", 3, 5)


def xlsx(*changes: tuple[str, str], part: str = SHEET_PART, **more: str) -> Callable[[], bytes]:
    """The valid workbook with other pieces in one part, and more parts."""

    def make() -> bytes:
        text = xlsx_parts()[part].decode()
        for old, new in changes:
            assert old in text, text
            text = text.replace(old, new, 1)
        return zipped({**xlsx_parts(), part: text.encode()} | {name: data.encode() for name, data in more.items()})

    return make


def row(number: int) -> str:
    """Markup of a row of the valid sheet."""
    text = xlsx_parts()[SHEET_PART].decode()
    start = text.index(f'<row r="{number}"')
    return text[start : text.index("</row>", start) + 6]


def rows_swapped() -> bytes:
    return xlsx((row(3) + row(4), row(4) + row(3)))()


def row_twice() -> bytes:
    return xlsx((row(4), row(4) + row(4)))()


def second_sheet_under_one_relation() -> bytes:
    """Two relations of one name: one reader takes the first, the other one the last."""
    other = xlsx_parts()[SHEET_PART].decode().replace("<v>10.5</v>", "<v>77.7</v>")
    relation = (
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet9.xml"/></Relationships>'
    )
    return xlsx(("</Relationships>", relation), part=RELATIONS, **{"xl/worksheets/sheet9.xml": other})()


def second_data() -> bytes:
    """A second body of the sheet, which only one reader looks at."""
    again = row(5).replace('r="5"', 'r="7"')
    for letter in "ABCDEF":
        again = again.replace(f'{letter}5"', f'{letter}7"')
    return xlsx(("</sheetData>", f"</sheetData><sheetData>{again}</sheetData>"))()


def foreign_row() -> bytes:
    """A row of another vocabulary: no row at all to whom looks at the whole name."""
    again = row(5).replace('r="5"', 'r="7"').replace("<row ", '<row xmlns="urn:x" ')
    for letter in "ABCDEF":
        again = again.replace(f'{letter}5"', f'{letter}7"')
    return xlsx(("</sheetData>", f"{again}</sheetData>"))()


def choice_of_rows() -> bytes:
    """A row that only a newer program should see, and another one for the rest."""
    again = row(5).replace("2200.5", "0")
    kept = row(5)
    space = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    both = f'<mc:AlternateContent {space}><mc:Choice Requires="x99">{again}</mc:Choice>'
    return xlsx((kept, f"{both}<mc:Fallback>{kept}</mc:Fallback></mc:AlternateContent>"))()


FORMATS_TWICE = (
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/></numFmts>',
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
    '<numFmt numFmtId="164" formatCode="0.00"/></numFmts>',
)
XLSX = (
    ("cell twice", xlsx((PRICE, PRICE + PRICE.replace("0.1", "7.7"))), DAMAGED + CELLS_ASTRAY),
    ("cell of another row", xlsx((PRICE, PRICE.replace("E3", "E9"))), DAMAGED + CELLS_ASTRAY),
    ("cells out of order", xlsx((PRICE, PRICE.replace("E3", "A3"))), DAMAGED + CELLS_ASTRAY),
    ("cell without a proper name", xlsx((PRICE, PRICE.replace("E3", "3E"))), DAMAGED + NO_REFERENCE),
    ("cell named in small letters", xlsx((PRICE, PRICE.replace("E3", "e3"))), DAMAGED + NO_REFERENCE),
    ("rows out of order", rows_swapped, DAMAGED + ROWS_ASTRAY),
    ("row twice", row_twice, DAMAGED + ROWS_ASTRAY),
    ("row number nought", xlsx(('<row r="1"', '<row r="0"')), DAMAGED + ROWS_ASTRAY),
    ("text beyond the list", xlsx(('<c r="B3" t="s"><v>', '<c r="B3" t="s"><v>9')), DAMAGED + NOT_AS_FORMAT),
    ("text from the end of the list", xlsx(('<c r="B3" t="s"><v>', '<c r="B3" t="s"><v>-')), seen("B3", 3, 2)),
    ("text list missing", lambda: zipped({n: d for n, d in xlsx_parts().items() if n != SHARED}), DAMAGED + NOT_AS_FORMAT),
    ("number with underscores", xlsx((PRICE, PRICE.replace("0.1", "1_0"))), E3),
    ("number in other digits", xlsx((PRICE, PRICE.replace("0.1", "１０"))), E3),
    ("number with a blank", xlsx((PRICE, PRICE.replace("0.1", " 0.1 "))), E3),
    ("number by sixteen", xlsx((PRICE, PRICE.replace("0.1", "0x1"))), DAMAGED + NOT_AS_FORMAT),
    ("number that is none", xlsx((PRICE, PRICE.replace("0.1", "nan"))), DAMAGED + NOT_AS_FORMAT),
    ("number without end", xlsx((PRICE, PRICE.replace("0.1", "1e999"))), SHEET + "E3 的数值超出范围"),
    ("number in two pieces", xlsx((PRICE, PRICE.replace("0.1", "0<!-- -->.1"))), E3),
    ("number in a section", xlsx((PRICE, PRICE.replace("0.1", "<![CDATA[7]]>"))), E3),
    ("two values", xlsx((PRICE, PRICE.replace("<v>0.1</v>", "<v>0.1</v><v>7.7</v>"))), E3),
    ("truth of two", xlsx((PRICE, '<c r="E3" t="b"><v>2</v></c>')), ONE_FAILS),
    ("kind unknown", xlsx((PRICE, '<c r="E3" t="zz"><v>0.1</v></c>')), ONE_FAILS),
    ("second body of the sheet", second_data, seen("A7", 7, 1, 6)),
    ("row of another vocabulary", foreign_row, seen("A7", 7, 1, 6)),
    ("cell of another vocabulary", xlsx((PRICE, PRICE.replace("<c ", '<c xmlns="urn:x" '))), E3),
    ("value of another vocabulary", xlsx((PRICE, PRICE.replace("<v>", '<v xmlns="urn:x">'))), E3),
    ("two relations of one name", second_sheet_under_one_relation, (DAMAGED,)),
    ("format twice", xlsx(FORMATS_TWICE, part=STYLES), SHEET + "第 2 行“收款日期”，列 paid_on 的值不是 日期（年-月-日）（共 4 处：第 2、3、4、5 行），整列疑已改变类型，应为 日期（年-月-日）"),
    ("dates counted in two ways", xlsx(("<workbookPr ", '<workbookPr date1904="1" '), part=WORKBOOK), SHEET + "按列 paid_on 没有 2023 年的行，文件里是 2027 年 4 行，交错了年度"),
    ("two texts of one entry", xlsx(("<t>信息处理费</t>", "<t>信息处理费</t><t>罚没收入</t>"), part=SHARED), seen("C3", 3, 3, 2)),
    ("day that never was", xlsx((PRICE, '<c r="E3" t="d"><v>2023-02-30</v></c>')), DAMAGED + NOT_AS_FORMAT),
    ("day in an amount", xlsx((PRICE, '<c r="E3" t="d"><v>2023-02-28</v></c>')), SHEET + "第 3 行“单价（元）”，列 unit_price_yuan 的值不是 两位小数以内的金额"),
    ("choice of rows", choice_of_rows, DAMAGED + ROWS_ASTRAY),
    ("error that is a number", xlsx((PRICE, '<c r="E3" t="e"><v>0.1</v></c>')), ONE_FAILS),
    ("sheet without part", xlsx(("worksheets/sheet1.xml", "worksheets/sheet7.xml"), part=RELATIONS), DAMAGED + "（工作表读不出来）"),
    ("sheet not well formed", xlsx(("</row>", "")), DAMAGED + "（工作表读不出来）"),
    ("directory not well formed", xlsx(("</sheets>", ""), part=WORKBOOK), DAMAGED + "（工作簿目录读不出来）"),
    ("directory without sheets", xlsx(("</sheets>", "</sheets>"), ('<sheet name', '<leaf name'), part=WORKBOOK), "：工作簿里没有工作表"),
    ("far cell", xlsx((PRICE, PRICE), ("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')),
     SHEET + "有内容或格式的区域超过 200000 行"),
    ("cell far right", xlsx((PRICE, PRICE), ("</sheetData>", '<row r="8"><c r="XFD8"><v>1</v></c></row></sheetData>')),
     SHEET + "有内容或格式的区域超过 200 列"),
    ("area that lies", xlsx(('<dimension ref="A1:F6"/>', '<dimension ref="A1:XFD1048576"/>')),
     SHEET + "有内容或格式的区域超过 200000 行"),
    ("strict workbook", xlsx(("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main"), part=WORKBOOK),
     "：是“严格开放 XML”格式的工作簿，不能读取"),
)  # fmt: skip


def table(*changes: tuple[str, str]) -> Callable[[], bytes]:
    """The valid ods with other pieces in its table."""

    def make() -> bytes:
        text = ods_sheet(ledger())
        for old, new in changes:
            assert old in text, text
            text = text.replace(old, new, 1)
        return ods(text)

    return make


NUMBER = '<table:table-cell office:value-type="float" office:value="0.1"></table:table-cell>'
EMPTY_REPEATED = 'table:number-rows-repeated="1048000"'
OPEN = (
    ("number with underscores", table((NUMBER, NUMBER.replace("0.1", "1_0"))), ONE_FAILS),
    ("number in other digits", table((NUMBER, NUMBER.replace("0.1", "１０"))), ONE_FAILS),
    ("number that is none", table((NUMBER, NUMBER.replace("0.1", "nan"))), E3),
    ("number without end", table((NUMBER, NUMBER.replace("0.1", "1e999"))), SHEET + "E3 的数值超出范围"),
    ("number without value", table((NUMBER, NUMBER.replace(' office:value="0.1"', ""))), DAMAGED + NOT_AS_CONTENT),
    ("kind unknown", table((NUMBER, NUMBER.replace('"float"', '"complex"'))), DAMAGED + "（单元格的类型不认识（第 1 行标记））"),
    ("truth that is none", table((NUMBER, NUMBER.replace('"float"', '"boolean"'))), DAMAGED + NOT_AS_CONTENT),
    ("day that never was", table(("2023-02-06", "2023-02-30")), DAMAGED + NOT_AS_CONTENT),
    ("day in short", table(("2023-02-06", "2023-2-6")), DAMAGED + NOT_AS_CONTENT),
    ("day with zone", table(("2023-02-06", "2023-02-06T00:00:00+08:00")), DAMAGED + NOT_AS_CONTENT),
    ("cell of another vocabulary", table((NUMBER, f'<x:table-cell xmlns:x="urn:x" {NUMBER[18:].replace("</table:", "</x:")}')), ONE_FAILS),
    ("repeated less than once", table((NUMBER, NUMBER.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="0"'))), DAMAGED + "（重复次数不合规则（第 1 行标记））"),
    ("repeated backwards", table((NUMBER, NUMBER.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="-3"'))), DAMAGED + "（重复次数不合规则（第 1 行标记））"),
    ("cell repeated for ever", table((NUMBER, NUMBER.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"'))), SHEET + "有内容或格式的区域超过 200 列"),
    ("row repeated for ever", table(("<table:table-row ", '<table:table-row table:number-rows-repeated="1048576"')), SHEET + "有内容或格式的区域超过 200000 行"),
    ("far row", table(("</table:table>", f"<table:table-row {EMPTY_REPEATED}/><table:table-row>{NUMBER}</table:table-row></table:table>")), SHEET + "有内容或格式的区域超过 200000 行"),
    ("more cells than a year", table(("</table:table>", '<table:table-row table:number-rows-repeated="26000">' + NUMBER.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="199"') + "</table:table-row></table:table>")), "：单元格超过 5000000 个"),
    ("table in a table", table((NUMBER, f'<table:table-cell>{ods_table(name="内")}</table:table-cell>')), "：工作表里套着另一张表，不能读取"),
    ("no sheet", lambda: ods(""), "：工作簿里没有工作表"),
    ("two paragraphs in a number", table(('office:value-type="float" office:value="0.1">', 'office:value-type="string"><text:p>0</text:p><text:p>1</text:p>')), SHEET + "第 3 行“单价（元）”，列 unit_price_yuan 的值不是 两位小数以内的金额"),
)  # fmt: skip


def records(change: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    """The valid xls with other records."""
    return lambda: biff.compound({"Workbook": change(biff.stream([biff_sheet(ledger())]))})


def number(row: int, column: int, value: float) -> bytes:
    return biff.record(0x203, struct.pack("<HHHd", row, column, 15, value))


PRICE_RECORD = number(2, 4, 0.1)
END = biff.record(0x23E, struct.pack("<HHHHHHHI", 0x6B6, 0, 0, 64, 0, 0, 0, 0))


def swap(old: bytes, new: bytes) -> Callable[[], bytes]:
    def change(stream: bytes) -> bytes:
        assert old in stream
        return stream.replace(old, new, 1)

    return records(change)


def two_books() -> bytes:
    other = biff.stream([biff.Sheet(FEES, [["另", CANARY]])], version=0x0500)
    return biff.compound({"Book": other, "Workbook": biff.stream([biff_sheet(ledger())])})


def cut_stream(share: float) -> Callable[[], bytes]:
    return records(lambda stream: stream[: int(len(stream) * share)])


def cut_file(share: float) -> Callable[[], bytes]:
    return lambda: (data := records(bytes)())[: int(len(data) * share)]


OLD = (
    ("cell twice", swap(PRICE_RECORD, PRICE_RECORD + number(2, 4, 7.7)), (DAMAGED,)),
    ("cell twice and far apart", swap(END, number(2, 4, 7.7) + END), (DAMAGED,)),
    ("far cell", swap(PRICE_RECORD, number(65535, 255, 1.0) + PRICE_RECORD), SHEET + "有内容或格式的区域超过 200 列"),
    ("text beyond the list", swap(biff.record(0xFD, struct.pack("<HHHI", 2, 2, 15, 8)), biff.record(0xFD, struct.pack("<HHHI", 2, 2, 15, 800))), DAMAGED + NOT_AS_RECORDS),
    ("style beyond the list", swap(PRICE_RECORD, biff.record(0x203, struct.pack("<HHHd", 2, 4, 900, 0.1))), DAMAGED + NOT_AS_RECORDS),
    ("record that is too short", swap(PRICE_RECORD, biff.record(0x203, b"\x02\x00\x04")), DAMAGED + NOT_AS_RECORDS),
    ("record beyond the end", swap(END, struct.pack("<HH", 0x203, 60_000)), DAMAGED + NOT_AS_RECORDS),
    ("no beginning", records(lambda stream: biff.record(0x42, b"\xb0\x04") + stream), "：文件已损坏（工作簿没有开头）"),
    ("nothing behind the beginning", records(lambda stream: stream[:20]), DAMAGED + "（工作簿没有结尾）"),
    ("cut at a third", cut_file(1 / 3), DAMAGED + NO_CONTAINER),
    ("cut at two thirds", cut_file(2 / 3), DAMAGED + NO_CONTAINER),
    ("cut at the last tenth", cut_file(0.9), DAMAGED + NO_CONTAINER),
    ("cut within its head", cut_file(0.01), DAMAGED + NO_CONTAINER),
    ("stream cut", cut_stream(0.8), DAMAGED + NOT_AS_RECORDS),
    ("bad sector", lambda: records(bytes)().replace(struct.pack("<III", 2, 3, 4), struct.pack("<III", 2, 1, 4), 1), DAMAGED + NOT_AS_RECORDS),
)  # fmt: skip
CASES = [
    *(Case(kind, "xlsx-xlsxwriter", "xlsx", make, said) for kind, make, said in XLSX),
    *(Case(kind, "ods", "ods", make, said) for kind, make, said in OPEN),
    *(Case(kind, "xls", "xls", make, said) for kind, make, said in OLD),
]
