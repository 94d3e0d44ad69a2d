"""Files that look strange and mean one thing only: they are read, and give the snapshot of the plain ledger."""

from collections.abc import Callable, Mapping

from tests.tasks.reading import biff
from tests.tasks.sources.corpus.archives import SHARED
from tests.tasks.sources.corpus.differing import PRICE, xlsx
from tests.tasks.sources.corpus.differing_ods import NUMBER, table
from tests.tasks.sources.corpus.differing_xls import PRICE_RECORD, formula, swap
from tests.tasks.sources.corpus.formats import as_text, biff_sheet, page_table
from tests.tasks.sources.corpus.ledger import ledger
from tests.tasks.sources.corpus.pages import CELL, changed, page
from tests.tasks.sources.files import FEES

DELETED = (
    "<table:tracked-changes><table:deletion><table:table-row>{}</table:table-row></table:deletion>"
    "</table:tracked-changes>"
)


def two_books() -> bytes:
    """A workbook for two generations of the program: the newer one counts."""
    old = biff.stream([biff.Sheet(FEES, [["另"]])], version=0x0500)
    return biff.compound({"Book": old, "Workbook": biff.stream([biff_sheet(ledger())])})


def saved_page() -> bytes:
    """What a spreadsheet program puts around and into a table."""
    head = """<style><!--table {mso-displayed-decimal-separator:"\\.";}
        ruby {ruby-align:left;} rt {color:windowtext; mso-char-type:none; display:none;}
        tr {mso-height-source:auto; mso-ruby-visibility:none;} td {padding-top:1px; mso-rotate:0;}
        comment { display:none; } a.comment-indicator:hover + comment { display:block; }
        --></style><!--[if gte mso 9]><xml><x:ExcelWorkbook></x:ExcelWorkbook></xml><![endif]-->"""
    last = "<![if supportMisalignedColumns]><tr height=0 style='display:none'><td width=72></td></tr><![endif]>"
    table = page_table(ledger()).replace("</table>", last.replace("<td width=72></td>", "<td></td>" * 6) + "</table>")
    return page(f"<!--[if !excel]>&nbsp;&nbsp;<![endif]-->{table}", "<meta charset=utf-8>" + head)


HARMLESS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "pronunciation of a text": (
        "xlsx",
        xlsx(("<t>信息处理费</t>", '<t>信息处理费</t><rPh sb="0" eb="1"><t>罚</t></rPh>'), part=SHARED),
    ),
    "style beyond the list": ("xlsx", xlsx((PRICE, PRICE.replace('"E3"', '"E3" s="99"')))),
    "unwritten rows hidden": (
        "xlsx",
        xlsx(('<sheetFormatPr defaultRowHeight="15"/>', '<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/>')),
    ),
    "row of another vocabulary": (
        "ods",
        table(("</table:table>", f'<x:table-row xmlns:x="urn:x">{NUMBER}</x:table-row></table:table>')),
    ),
    "change not accepted": ("ods", table(("<table:table ", DELETED.format(NUMBER) + "<table:table "))),
    "calculated formula": ("xls", swap(PRICE_RECORD, formula(2, 4, 0.1, 0))),
    "calculated formula that changes": ("xls", swap(PRICE_RECORD, formula(2, 4, 0.1, 1))),
    "separator at every end": ("csv", lambda: as_text([ledger()]).replace(b"\r\n", b",\r\n")),
    "two books": ("xls", two_books),
    "comment that ends otherwise": ("xls", changed(CELL, "<td>0.1<!-- a --!></td><!-- -->")),
    "comment without length": ("xls", changed(CELL, "<td>0.1<!--></td><!-- -->")),
    "cell in a script": ("xls", changed(CELL, "<script></td><td>7</script>" + CELL)),
    "as a spreadsheet program saves it": ("xls", saved_page),
    "body of the table named": ("xls", lambda: page("<p>填报单位：样例市交管局</p>" + page_table(ledger()))),
    "unit that is none": ("xls", changed("<table>", "<table><caption>收费台账（单位：元）</caption>")),
    "number as it is kept": ("xls", changed(CELL, "<td x:num='0.10000000000000001'>0.1</td>")),
    "day as it is kept": ("xls", changed("<td>2023-02-06", "<td sdval='44963' sdnum='1033;0;YYYY-MM-DD'>2023-02-06")),
    "hidden elsewhere": (
        "xls",
        lambda: page(
            f"<div class=menu>填报说明</div><h1>台账</h1>{page_table(ledger())}",
            "<style>.menu, #x, [hidden], h1:after, .a td.b{color:red;display:none}</style>",
        ),
    ),
    "span twice": ("xls", changed(CELL, "<td colspan=1 colspan=2>0.1</td>")),
}
