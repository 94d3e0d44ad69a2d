"""The report as a word document in the profile of official documents (GB/T 9704—2012).

Knows how a page is set; knows nothing of where numbers come from. The same report gives the same bytes everywhere.
"""

import io
import re
from collections.abc import Iterator
from datetime import datetime
from html import escape
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from yearbook.errors import Refusal
from yearbook.report import docx_page as page
from yearbook.report import docx_styles as styles
from yearbook.report.docx_table import table_xml
from yearbook.report.model import Block, Heading, Report, StatutoryTable
from yearbook.report.zipped import normalised

# Marks that Latin and Chinese fonts both have and that must stay Chinese beside Latin letters.
_CHINESE_MARKS = re.compile(r"((?<![A-Za-z])’|’(?![A-Za-z])|[“”‘…—·]+)")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT_TABLE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"
# Parts of the library's blank document that this document does not use.
_UNUSED = ("thumbnail", "extended-properties", "customXml", "stylesWithEffects", "webSettings", "numbering", "theme")


def write_docx(report: Report) -> bytes:
    """The report as the bytes of a ``.docx`` file.

    Raises:
        Refusal: A text holds a character that no word document can carry, or a number is too long for its cell.
    """
    document = Document()
    _furnish(document)
    _set_page(document.sections[0])
    body = document.element.body
    for element in parse_xml(f"<w:body {styles.NAMESPACE}>{''.join(_contents(report))}</w:body>"):
        body.insert(len(body) - 1, element)
    _set_properties(document.core_properties, report)
    target = io.BytesIO()
    document.save(target)
    return normalised(target.getvalue())


def _furnish(document: Any) -> None:
    """Put our styles, settings and fonts in place of those of the library's blank document."""
    for owner in (document.part.package, document.part):
        for key in [key for key, rel in owner.rels.items() if rel.reltype.rpartition("/")[2] in _UNUSED]:
            del owner.rels[key]
    for key in [key for key, rel in document.part.rels.items() if rel.reltype == RELATIONSHIP_TYPE.FONT_TABLE]:
        del document.part.rels[key]
    _replace(document.styles.element, styles.styles_xml())
    _replace(document.settings.element, styles.settings_xml())
    table = styles.font_table_xml().encode()
    part = Part(PackURI("/word/fontTable.xml"), _FONT_TABLE_TYPE, table, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)


def _replace(element: Any, xml: str) -> None:
    for child in list(element):
        element.remove(child)
    for child in parse_xml(xml):
        element.append(child)


def _set_page(section: Any) -> None:
    section.page_width, section.page_height = Mm(page.PAGE_WIDTH_MM), Mm(page.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(page.TOP_MM), Mm(page.BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(page.LEFT_MM), Mm(page.RIGHT_MM)
    section.footer_distance = Mm(page.FOOTER_MM)
    for footer, odd in ((section.footer, True), (section.even_page_footer, False)):
        footer.is_linked_to_previous = False
        element = footer._element
        for child in list(element):
            element.remove(child)
        element.append(parse_xml(styles.footer_xml(odd=odd)))
    # A character grid would be applied on top of our own line and character spacing.
    for grid in section._sectPr.xpath("w:docGrid"):
        section._sectPr.remove(grid)


def _set_properties(properties: Any, report: Report) -> None:
    """Core properties that say what the document is, and nothing of when or where it was written."""
    # Without a zone, as the library wants it; it writes the moment as UTC.
    moment = datetime(report.year + 1, 1, 1)  # noqa: DTZ001
    properties.title = report.title_line
    properties.author = properties.last_modified_by = report.body.name
    properties.created = properties.modified = moment
    properties.language = "zh-CN"
    properties.revision = 1
    properties.comments = report.body.notice


def _contents(report: Report) -> Iterator[str]:
    title = _text("\n".join(report.title))
    yield f'<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r>{title}</w:r></w:p>'
    last: Block | None = None
    for placed in page.flow(report):
        last = placed.block
        if isinstance(last, StatutoryTable):
            # Word joins two tables that touch.
            yield (_spacer() if placed.after_table else "") + table_xml(last)
        elif isinstance(last, Heading):
            yield _paragraph(placed, f"Heading{last.level}", _runs(last.text, styles.HEADING_FONTS[last.level]))
        else:
            yield _paragraph(placed, "BodyText", _runs(last.text, styles.BODY_FONT))
    if isinstance(last, StatutoryTable):
        yield _spacer()  # the last element of a document must be a paragraph


def _paragraph(placed: page.Placed, style: str, runs: str) -> str:
    """A paragraph set off from the tables around it, which bring no space of their own."""
    broken = "<w:pageBreakBefore/>" if placed.own_page else ""
    before = page.AFTER_TABLE if placed.after_table and not placed.own_page else 0
    after = page.BEFORE_TABLE if placed.before_table else 0
    space = styles.line(page.LINE, before=before, after=after) if before or after else ""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{broken}{space}</w:pPr>{runs}</w:p>'


def _spacer() -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="BodyText"/>{styles.line(page.LINE / 2)}</w:pPr></w:p>'


def _runs(text: str, font: str) -> str:
    """Runs of one paragraph; Chinese quotation marks and dashes get a run in which every slot is Chinese."""
    runs = []
    for place, piece in enumerate(_CHINESE_MARKS.split(text)):
        is_mark = place % 2 == 1
        properties = f"<w:rPr>{styles.fonts(font, font)}</w:rPr>" if is_mark else ""
        if piece:
            runs.append(f"<w:r>{properties}{_text(piece)}</w:r>")
    return "".join(runs)


def _text(text: str) -> str:
    """Text for a run, escaped; a line break stays a line break.

    Raises:
        Refusal: A control character or half a surrogate pair is among it.
    """
    found = _NOT_XML.search(text)
    if found:
        raise Refusal(
            f"正文“{text[max(0, found.start() - 10) : found.start()]}”之后有无法写入文档的控制字符"
            f"（U+{ord(found[0]):04X}）",
            todo="在原文中删除该字符后重新生成",
        )
    lines = escape(text, quote=False).split("\n")
    return "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
