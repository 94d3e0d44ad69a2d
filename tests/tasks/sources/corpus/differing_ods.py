"""ods workbooks that readers take in different ways, or that say one thing twice."""

from collections.abc import Callable

from tests.tasks.reading.making import ods, ods_table
from tests.tasks.sources.corpus.case import SHEET, Case
from tests.tasks.sources.corpus.differing import E3, ONE_FAILS
from tests.tasks.sources.corpus.formats import ods_sheet
from tests.tasks.sources.corpus.ledger import ledger

DAMAGED = SHEET + "文件已损坏"
NOT_AS_TYPED, NO_DAY = DAMAGED + "（E3 的值不合格式）", DAMAGED + "（A3 的值不合格式）"


def table(*changes: tuple[str, str]) -> Callable[[], bytes]:
    """The valid ods with other pieces in its table."""

    def make() -> bytes:
        text = ods_sheet(ledger())
        for old, new in changes:
            assert old in text, text
            text = text.replace(old, new, 1)
        return ods(text)

    return make


def styled(name: str, size: str, row_or_column: str, *ahead: str) -> Callable[[], bytes]:
    """The valid ods with a style of no size for the last row or column before several pieces."""

    def make() -> bytes:
        style = f'style:family="table-{row_or_column}"><style:table-{row_or_column}-properties style:{size}="0.0cm"/>'
        text, at = ods_sheet(ledger()), -1
        for piece in ahead:
            at = text.index(piece, at + 1)
        at = text.rindex(f"<table:table-{row_or_column}", 0, at + len(ahead[-1])) + len(f"<table:table-{row_or_column}")
        return ods(
            f'{text[:at]} table:style-name="{name}"{text[at:]}',
            f'<style:style style:name="{name}" {style}</style:style>',
        )

    return make


without_height = styled("flat", "row-height", "row", "2023-02-06")
without_width = styled("narrow", "column-width", "column", *["<table:table-column"] * 5)
NUMBER = '<table:table-cell office:value-type="float" office:value="0.1"></table:table-cell>'
EMPTY_REPEATED = 'table:number-rows-repeated="1048000"'
OPEN = (
    ("number with underscores", table((NUMBER, NUMBER.replace("0.1", "1_0"))), ONE_FAILS),
    ("number in other digits", table((NUMBER, NUMBER.replace("0.1", "１０"))), ONE_FAILS),
    ("number that is none", table((NUMBER, NUMBER.replace("0.1", "nan"))), E3),
    ("number without end", table((NUMBER, NUMBER.replace("0.1", "1e999"))), SHEET + "E3 的数值超出范围"),
    ("number without value", table((NUMBER, NUMBER.replace(' office:value="0.1"', ""))), NOT_AS_TYPED),
    (
        "kind unknown",
        table((NUMBER, NUMBER.replace('"float"', '"complex"'))),
        DAMAGED + "（E3 的类型不认识）",
    ),
    ("truth that is none", table((NUMBER, NUMBER.replace('"float"', '"boolean"'))), NOT_AS_TYPED),
    ("typed day that never was", table(("2023-02-06", "2023-02-30")), NO_DAY),
    ("typed day in short", table(("2023-02-06", "2023-2-6")), NO_DAY),
    ("typed day with a zone", table(("2023-02-06", "2023-02-06T00:00:00+08:00")), NO_DAY),
    (
        "cell of another vocabulary",
        table((NUMBER, f'<x:table-cell xmlns:x="urn:x" {NUMBER[18:].replace("</table:", "</x:")}')),
        ONE_FAILS,
    ),
    (
        "repeated less than once",
        table((NUMBER, NUMBER.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="0"'))),
        DAMAGED + "（E3 的重复次数不合规则）",
    ),
    (
        "repeated backwards",
        table((NUMBER, NUMBER.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="-3"'))),
        DAMAGED + "（E3 的重复次数不合规则）",
    ),
    (
        "cell repeated for ever",
        table((NUMBER, NUMBER.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="16384"'))),
        SHEET + "有内容或格式的区域超过 200 列",
    ),
    (
        "row repeated for ever",
        table(("<table:table-row ", '<table:table-row table:number-rows-repeated="1048576"')),
        SHEET + "有内容或格式的区域超过 200000 行",
    ),
    (
        "far row",
        table(
            (
                "</table:table>",
                f"<table:table-row {EMPTY_REPEATED}/><table:table-row>{NUMBER}</table:table-row></table:table>",
            )
        ),
        SHEET + "有内容或格式的区域超过 200000 行",
    ),
    (
        "more cells than a year",
        table(
            (
                "</table:table>",
                '<table:table-row table:number-rows-repeated="26000">'
                + NUMBER.replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="199"')
                + "</table:table-row></table:table>",
            )
        ),
        "：单元格超过 5000000 个",
    ),
    (
        "table in a table",
        table((NUMBER, f"<table:table-cell>{ods_table(name='内')}</table:table-cell>")),
        "：工作表里套着另一张表，不能读取",
    ),
    ("row without height", without_height, SHEET + "第 3 行被隐藏或被筛选掉"),
    ("column without width", without_width, SHEET + "第 5 列被隐藏"),
    ("no sheet", lambda: ods(""), "：工作簿里没有工作表"),
    (
        "two paragraphs in a number",
        table(
            (
                'office:value-type="float" office:value="0.1">',
                'office:value-type="string"><text:p>0</text:p><text:p>1</text:p>',
            )
        ),
        SHEET + "第 3 行“单价（元）”，列 unit_price_yuan 的值不是 两位小数以内的金额",
    ),
)
CASES = [Case(kind, "ods", "ods", make, said) for kind, make, said in OPEN]
