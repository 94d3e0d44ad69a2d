"""Workbooks with a chart where the table should be."""

import io
from dataclasses import replace

import xlsxwriter

from tests.tasks.reading import biff
from tests.tasks.reading.making import patched
from tests.tasks.sources.corpus.formats import FIXED, biff_sheet
from tests.tasks.sources.corpus.ledger import CANARY, ledger
from tests.tasks.sources.files import FEES


def chart_beside() -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": FIXED})
        book.add_worksheet("数据").write_row(0, 0, [1, CANARY])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=数据!$A$1:$B$1"})
        book.add_chartsheet(FEES).set_chart(chart)
    return out.getvalue()


def only_chart() -> bytes:
    return patched(chart_beside(), "xl/workbook.xml", '<sheet name="数据" sheetId="1" r:id="rId1"/>', "")


def chart_beside_xls() -> bytes:
    return biff.workbook(biff_sheet(replace(ledger(), sheet="数据")), biff.Sheet(FEES, kind=2))


def only_chart_xls() -> bytes:
    return biff.workbook(biff.Sheet(FEES, kind=2))
