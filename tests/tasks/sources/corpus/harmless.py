"""Files that look strange and mean one thing only: they are read, and give the snapshot of the plain ledger."""

from collections.abc import Callable, Mapping

from tests.tasks.reading import biff
from tests.tasks.sources.corpus.archives import SHARED
from tests.tasks.sources.corpus.differing import PRICE, xlsx
from tests.tasks.sources.corpus.differing_ods import NUMBER, table
from tests.tasks.sources.corpus.differing_xls import PRICE_RECORD, formula, swap
from tests.tasks.sources.corpus.formats import as_text, biff_sheet
from tests.tasks.sources.corpus.ledger import ledger
from tests.tasks.sources.corpus.pages import CELL, changed
from tests.tasks.sources.files import FEES

DELETED = (
    "<table:tracked-changes><table:deletion><table:table-row>{}</table:table-row></table:deletion>"
    "</table:tracked-changes>"
)


def two_books() -> bytes:
    """A workbook for two generations of the program: the newer one counts."""
    old = biff.stream([biff.Sheet(FEES, [["另"]])], version=0x0500)
    return biff.compound({"Book": old, "Workbook": biff.stream([biff_sheet(ledger())])})


HARMLESS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "pronunciation of a text": (
        "xlsx",
        xlsx(("<t>信息处理费</t>", '<t>信息处理费</t><rPh sb="0" eb="1"><t>罚</t></rPh>'), part=SHARED),
    ),
    "style beyond the list": ("xlsx", xlsx((PRICE, PRICE.replace('"E3"', '"E3" s="99"')))),
    "row of another vocabulary": (
        "ods",
        table(("</table:table>", f'<x:table-row xmlns:x="urn:x">{NUMBER}</x:table-row></table:table>')),
    ),
    "change not accepted": ("ods", table(("<table:table ", DELETED.format(NUMBER) + "<table:table "))),
    "calculated formula": ("xls", swap(PRICE_RECORD, formula(2, 4, 0.1, 0))),
    "separator at every end": ("csv", lambda: as_text([ledger()]).replace(b"\r\n", b",\r\n")),
    "two books": ("xls", two_books),
    "comment that ends otherwise": ("xls", changed(CELL, "<td>0.1<!-- a --!></td><!-- -->")),
    "comment without length": ("xls", changed(CELL, "<td>0.1<!--></td><!-- -->")),
    "cell in a script": ("xls", changed(CELL, "<script></td><td>7</script>" + CELL)),
    "span twice": ("xls", changed(CELL, "<td colspan=1 colspan=2>0.1</td>")),
}
