"""Tables of web pages, read by libxml2 and by the standard library's parser."""

import platform
import re

from lxml import etree, html

from tasks.reading.encoding import decoded_page
from tasks.reading.faults import unreadable
from tasks.reading.found import Reading
from tasks.reading.limits import Limits
from tasks.reading.web_layout import BLOCKS, IGNORED, Table, hides, laid, nested, require_no_entry, stray, tidy
from tasks.reading.web_outside import require_nothing_outside
from tasks.reading.web_second import tables as second_tables
from yearbook.errors import Refusal

READERS = (
    "libxml2 " + ".".join(map(str, etree.LIBXML_VERSION)),
    f"Python {platform.python_version()} html.parser",
)
_CELLS = ("td", "th")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")


def read(data: bytes, encoding: str, limits: Limits) -> Reading:
    """Read every table of a page.

    Raises:
        Refusal: It does not decode, has no table, or one that cannot be laid out in rows and columns or that means
            something else to who looks at the page.
    """
    text, found = decoded_page(data, encoding)
    text = _DECLARATION.sub("", text)
    root, second = _root(text), second_tables(text)
    first = [_table(node) for node in root.iter("table")]
    if not first:
        raise Refusal("网页里没有表格", todo="请提供者用 Excel 或 WPS 打开，另存为 xlsx 后重新交来")
    if len(first) != len(second):
        raise Refusal("两个读取器读出的内容不一致，表格的个数不同", todo="请提供者另存为 xlsx 后重新交来")
    require_nothing_outside(root)
    number = (lambda index: index) if len(first) > 1 else (lambda _: 0)
    sheets = [laid(table, limits, number(index)) for index, table in enumerate(first, start=1)]
    others = [laid(table, limits, number(index)) for index, table in enumerate(second, start=1)]
    if [_shape(sheet) for sheet in sheets] != [_shape(sheet) for sheet in others]:
        raise Refusal("两个读取器读出的内容不一致，合并或隐藏的区域不同", todo="请提供者另存为 xlsx 后重新交来")
    return Reading("html", READERS, sheets, [("", sheet.rows) for sheet in others], encoding=found)


def _shape(sheet: object) -> tuple[object, ...]:
    return tuple(getattr(sheet, name) for name in ("merged", "hidden", "hidden_rows", "hidden_columns"))


def _root(text: str) -> etree._Element:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(text.encode(), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise unreadable(error, "网页读不出来") from error


def _table(node: etree._Element) -> Table:
    if next(node.iterancestors("table"), None) is not None:
        raise nested()
    table = Table(hidden=hides(node.attrib))
    if any(cell.getparent().tag != "tr" for cell in node.iter(*_CELLS)):
        raise stray()
    for column in node.iter("col"):
        table.add_columns(column.attrib)
    for row in node.iter("tr"):
        parent = row.getparent()
        group_hidden = parent is not None and parent.tag != "table" and hides(parent.attrib)
        table.add_row(row.attrib, hidden=group_hidden)
        for cell in row.iterchildren(*_CELLS):
            table.add_cell(cell.attrib, tidy(_text(cell)))
    return table


def _text(node: etree._Element) -> str:
    """Text with a line break where the page has one; breaks of the source are blanks."""
    parts = [(node.text or "").replace("\n", " ")]
    for child in node.iterchildren():
        parts.append(_inside(child))
        parts.append((child.tail or "").replace("\n", " "))
    return "".join(parts)


def _inside(child: etree._Element) -> str:
    name = str(child.tag)
    require_no_entry(name, child.attrib)
    if name in IGNORED:
        return ""
    if name == "br":
        return "\n"
    return f"\n{_text(child)}\n" if name in BLOCKS else _text(child)
