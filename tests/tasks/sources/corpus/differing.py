"""xlsx workbooks that readers take in different ways, or that say one thing twice."""

from collections.abc import Callable

from tests.tasks.reading.making import zipped
from tests.tasks.sources.corpus.archives import SHARED, SHEET_PART, xlsx_parts
from tests.tasks.sources.corpus.case import SHEET, Case

DAMAGED = "：文件已损坏"
ELSEWHERE = "（工作簿目录里文字表或样式不在约定的位置）"
CELLS_ASTRAY, ROWS_ASTRAY = "（单元格的次序错乱）", "（行的次序错乱）"
NOT_AS_FORMAT, NO_REFERENCE = "（工作簿的部件不合格式）", "（单元格的编号不合规则）"
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


DAY_FORMAT = '<numFmt numFmtId="164" formatCode="yyyy-mm-dd"/>'
FORMATS_TWICE = (DAY_FORMAT, DAY_FORMAT + DAY_FORMAT.replace("yyyy-mm-dd", "0.00"))
WIDTHS = '<cols><col min="1" max="4" width="9"/><col min="5" max="5" style="1"/><col min="6" max="6" width="9"/></cols>'
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
    (
        "text list missing",
        lambda: zipped({n: d for n, d in xlsx_parts().items() if n != SHARED}),
        DAMAGED + NOT_AS_FORMAT,
    ),
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
    ("two relations of one name", second_sheet_under_one_relation, DAMAGED + "（工作簿目录里有重复的关系编号）"),
    (
        "type told twice",
        xlsx(("</Types>", '<Override PartName="/XL/styles.xml" ContentType="a/b"/></Types>'), part=TYPES),
        DAMAGED + "（部件类型表里有重复的部件）",
    ),
    (
        "one part as two sheets",
        xlsx(("</sheets>", '<sheet name="另" sheetId="2" r:id="rId1"/></sheets>'), part=WORKBOOK),
        DAMAGED + "（工作簿目录里两张工作表是同一个部件）",
    ),
    (
        "texts of another list",
        xlsx(
            ('"sharedStrings.xml"', '"texts.xml"'),
            part=RELATIONS,
            **{"xl/texts.xml": xlsx_parts()[SHARED].decode().replace("信息处理费", "罚没收入")},
        ),
        DAMAGED + ELSEWHERE,
    ),
    (
        "styles of another list",
        xlsx(('"styles.xml"', '"looks.xml"'), part=RELATIONS, **{"xl/looks.xml": xlsx_parts()[STYLES].decode()}),
        DAMAGED + ELSEWHERE,
    ),
    (
        "rows of no height by default",
        xlsx(('<sheetFormatPr defaultRowHeight="15"/>', '<sheetFormatPr defaultRowHeight="0" zeroHeight="1"/>')),
        SHEET + "第 1、2、3、4、5 等 6 行被隐藏或被筛选掉",
    ),
    (
        "columns of no width by default",
        xlsx(
            (
                '<sheetFormatPr defaultRowHeight="15"/>',
                '<sheetFormatPr defaultColWidth="0" defaultRowHeight="15"/>' + WIDTHS,
            )
        ),
        SHEET + "第 5 列被隐藏",
    ),
    (
        "format twice",
        xlsx(FORMATS_TWICE, part=STYLES),
        DAMAGED + "（样式里一个数字格式编号有两种写法）",
    ),
    (
        "dates counted in two ways",
        xlsx(("<workbookPr ", '<workbookPr date1904="1" '), part=WORKBOOK),
        SHEET + "按列 paid_on 没有 2023 年的行，文件里是 2027 年 4 行，交错了年度",
    ),
    (
        "two texts of one entry",
        xlsx(("<t>信息处理费</t>", "<t>信息处理费</t><t>罚没收入</t>"), part=SHARED),
        seen("C3", 3, 3, 2),
    ),
    ("typed day that never was", xlsx((PRICE, '<c r="E3" t="d"><v>2023-02-30</v></c>')), DAMAGED + NOT_AS_FORMAT),
    (
        "day in an amount",
        xlsx((PRICE, '<c r="E3" t="d"><v>2023-02-28</v></c>')),
        SHEET + "第 3 行“单价（元）”，列 unit_price_yuan 的值不是 两位小数以内的金额",
    ),
    ("choice of rows", choice_of_rows, DAMAGED + ROWS_ASTRAY),
    ("error that is a number", xlsx((PRICE, '<c r="E3" t="e"><v>0.1</v></c>')), ONE_FAILS),
    (
        "sheet without part",
        xlsx(("worksheets/sheet1.xml", "worksheets/sheet7.xml"), part=RELATIONS),
        DAMAGED + "（工作表读不出来）",
    ),
    ("sheet not well formed", xlsx(("</row>", "")), DAMAGED + "（工作表读不出来）"),
    ("directory not well formed", xlsx(("</sheets>", ""), part=WORKBOOK), DAMAGED + "（工作簿目录读不出来）"),
    (
        "directory without sheets",
        xlsx(("</sheets>", "</sheets>"), ("<sheet name", "<leaf name"), part=WORKBOOK),
        "：工作簿里没有工作表",
    ),
    (
        "far cell",
        xlsx((PRICE, PRICE), ("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')),
        SHEET + "有内容或格式的区域超过 200000 行",
    ),
    (
        "cell far right",
        xlsx((PRICE, PRICE), ("</sheetData>", '<row r="8"><c r="XFD8"><v>1</v></c></row></sheetData>')),
        SHEET + "有内容或格式的区域超过 200 列",
    ),
    (
        "area that lies",
        xlsx(('<dimension ref="A1:F6"/>', '<dimension ref="A1:XFD1048576"/>')),
        SHEET + "有内容或格式的区域超过 200000 行",
    ),
    (
        "strict workbook",
        xlsx(
            (
                "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                "http://purl.oclc.org/ooxml/spreadsheetml/main",
            ),
            part=WORKBOOK,
        ),
        "：是“严格开放 XML”格式的工作簿，不能读取",
    ),
)
CASES = [Case(kind, "xlsx-xlsxwriter", "xlsx", make, said) for kind, make, said in XLSX]
