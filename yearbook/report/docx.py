"""The report as a word document, on the body's own template or on the page of its profile.

Knows how a page is set; knows nothing of where numbers come from. The same report gives the same bytes everywhere.
"""

import io
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from yearbook.report import docx_page as page
from yearbook.report import docx_styles as styles
from yearbook.report import profile
from yearbook.report.docx_base import ANCHOR, open_base
from yearbook.report.docx_listing import listing_xml
from yearbook.report.docx_picture import picture_xml
from yearbook.report.docx_styles import Sheet
from yearbook.report.docx_table import table_xml
from yearbook.report.docx_text import run_text
from yearbook.report.model import Block, Chart, Heading, Listing, Paragraph, Report, StatutoryTable, plain_text
from yearbook.report.zipped import normalised

# Marks that Latin and Chinese fonts both have and that must stay Chinese beside Latin letters.
_CHINESE_MARKS = re.compile(r"((?<![A-Za-z])’|’(?![A-Za-z])|[“”‘…—·]+)")
_FONT_TABLE_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"
# Parts of the library's blank document that this document does not use.
_UNUSED = ("thumbnail", "extended-properties", "customXml", "stylesWithEffects", "webSettings", "numbering")
# Between the lines of the spacer that keeps two tables apart.
_SPACER = 8.0


def write_docx(report: Report, base: bytes | None = None) -> bytes:
    """The report as the bytes of a ``.docx`` file.

    Args:
        report: The report.
        base: The body's own template, a ``.docx`` with the anchor ``[[正文]]``; None for the page of its profile.

    Raises:
        Refusal: A text holds a character that no word document can carry, a number is too long for its cell, or
            the template is unsuitable.
    """
    layout = page.layout_of(report)
    if base is None:
        document, sheet = _own_document(layout), styles.own_sheet(layout)
        end = document.element.body.sectPr
    else:
        document, end, sheet = open_base(base, layout)
    xml = "".join(_contents(report, sheet, _draughtsman(document, sheet)))
    for element in parse_xml(f"<w:body {styles.NAMESPACE}>{xml}</w:body>"):
        end.addprevious(element)
    if base is not None:
        end.getparent().remove(end)
    _set_properties(document.core_properties, report)
    return _saved(document)


def write_base(wanted: profile.Profile) -> bytes:
    """A template to start from: the styles and the page of a profile, and the anchor, as a ``.docx`` file."""
    layout = profile.LAYOUTS[wanted]
    document = _own_document(layout)
    anchor = f'<w:p {styles.NAMESPACE}><w:pPr><w:pStyle w:val="BodyText"/></w:pPr><w:r><w:t>{ANCHOR}</w:t></w:r></w:p>'
    document.element.body.sectPr.addprevious(parse_xml(anchor))
    moment = datetime(2021, 9, 26)  # noqa: DTZ001  the day of the form, as the library wants it
    properties = document.core_properties
    properties.title = properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = moment
    properties.revision = 1
    return _saved(document)


def _saved(document: Any) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return normalised(target.getvalue())


def _own_document(layout: profile.Layout) -> Any:
    document = Document()
    _furnish(document, layout)
    _set_page(document.sections[0], layout)
    return document


def _furnish(document: Any, layout: profile.Layout) -> None:
    """Put our styles, settings and fonts in place of those of the library's blank document."""
    for owner in (document.part.package, document.part):
        for key in [key for key, rel in owner.rels.items() if rel.reltype.rpartition("/")[2] in _UNUSED]:
            del owner.rels[key]
    for key in [key for key, rel in document.part.rels.items() if rel.reltype == RELATIONSHIP_TYPE.FONT_TABLE]:
        del document.part.rels[key]
    _replace(document.styles.element, styles.styles_xml(layout))
    _replace(document.settings.element, styles.settings_xml(layout))
    table = styles.font_table_xml().encode()
    part = Part(PackURI("/word/fontTable.xml"), _FONT_TABLE_TYPE, table, document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FONT_TABLE)


def _replace(element: Any, xml: str) -> None:
    for child in list(element):
        element.remove(child)
    for child in parse_xml(xml):
        element.append(child)


def _set_page(section: Any, layout: profile.Layout) -> None:
    section.page_width, section.page_height = Mm(profile.PAGE_WIDTH_MM), Mm(profile.PAGE_HEIGHT_MM)
    section.top_margin, section.bottom_margin = Mm(layout.top_mm), Mm(layout.bottom_mm)
    section.left_margin, section.right_margin = Mm(layout.left_mm), Mm(layout.right_mm)
    section.footer_distance = Mm(layout.footer_mm)
    footers = [(section.footer, True), (section.even_page_footer, False)]
    for footer, odd in footers if layout.outside else footers[:1]:
        footer.is_linked_to_previous = False
        element = footer._element
        for child in list(element):
            element.remove(child)
        element.append(parse_xml(styles.footer_xml(layout, odd=odd)))
    # A character grid would be applied on top of our own line and character spacing.
    for grid in section._sectPr.xpath("w:docGrid"):
        section._sectPr.remove(grid)


def _set_properties(properties: Any, report: Report) -> None:
    """Core properties that say what the document is, and nothing of when or where it was written."""
    # Without a zone, as the library wants it; it writes the moment as UTC.
    moment = datetime(report.year + 1, 1, 1)  # noqa: DTZ001
    properties.title = report.title_line + page.edition_line(report)
    properties.author = properties.last_modified_by = report.body.name
    properties.created = properties.modified = moment
    properties.language = "zh-CN"
    properties.revision = 1
    properties.comments = report.body.notice


def _draughtsman(document: Any, sheet: Sheet) -> Callable[[Chart], str]:
    """What puts the picture of a chart into the document's package and gives the element that shows it."""
    drawn = 0

    def draw_one(chart: Chart) -> str:
        nonlocal drawn
        drawn += 1
        return picture_xml(chart, drawn, document.part, sheet)

    return draw_one


def _contents(report: Report, sheet: Sheet, draw_one: Callable[[Chart], str]) -> Iterator[str]:
    yield from _title(report, sheet)
    last: Block | None = None
    for placed in page.flow(report):
        last = placed.block
        if isinstance(last, StatutoryTable):
            # Word joins two tables that touch.
            yield (_spacer(sheet) if placed.after_table else "") + table_xml(last, sheet)
        elif isinstance(last, Listing):
            yield _caption(last.title, sheet, above=True) + listing_xml(last, sheet)
        elif isinstance(last, Chart):
            yield draw_one(last) + _caption(plain_text(last.title), sheet, above=False)
        else:
            yield _paragraph(placed, last, sheet)
    if isinstance(last, StatutoryTable | Listing):
        yield _spacer(sheet)  # the last element of a document must be a paragraph


def _title(report: Report, sheet: Sheet) -> Iterator[str]:
    title = run_text("\n".join(page.title_lines(report)))
    edition = page.edition_line(report)
    # The edition stands close to the title and brings the space below.
    close = '<w:spacing w:after="0"/>' if edition else ""
    yield f'<w:p><w:pPr><w:pStyle w:val="{sheet.style("Title")}"/>{close}</w:pPr><w:r>{title}</w:r></w:p>'
    if edition:
        yield f'<w:p><w:pPr><w:pStyle w:val="{sheet.style("Subtitle")}"/></w:pPr><w:r>{run_text(edition)}</w:r></w:p>'


def _paragraph(placed: page.Placed, block: Heading | Paragraph, sheet: Sheet) -> str:
    """A paragraph set off from the tables around it, which bring no space of their own."""
    name = f"heading {block.level}" if isinstance(block, Heading) else "Body Text"
    broken = "<w:pageBreakBefore/>" if placed.own_page else ""
    before = sheet.layout.after_table if placed.after_table and not placed.own_page else 0
    after = page.BEFORE_TABLE if placed.before_table else 0
    space = styles.around(before, after) if before or after else ""
    runs = _runs(block.text, sheet.font(name))
    return f'<w:p><w:pPr><w:pStyle w:val="{sheet.style(name)}"/>{broken}{space}</w:pPr>{runs}</w:p>'


def _caption(text: str, sheet: Sheet, *, above: bool) -> str:
    """The title of a chart or a table outside the form; above a table it stays with it."""
    keep = "<w:keepNext/>" if above else ""
    space = styles.around(sheet.layout.after_table, 2) if above else ""
    runs = _runs(text, sheet.font("caption"))
    return f'<w:p><w:pPr><w:pStyle w:val="{sheet.style("caption")}"/>{keep}{space}</w:pPr>{runs}</w:p>'


def _spacer(sheet: Sheet) -> str:
    line = styles.line(_SPACER)
    return f'<w:p><w:pPr><w:pStyle w:val="{sheet.style("Body Text")}"/>{line}</w:pPr></w:p>'


def _runs(text: str, font: str) -> str:
    """Runs of one paragraph; Chinese quotation marks and dashes get a run in which every slot is Chinese."""
    runs = []
    for place, piece in enumerate(_CHINESE_MARKS.split(text)):
        is_mark = place % 2 == 1
        properties = f"<w:rPr>{styles.fonts(font, font)}</w:rPr>" if is_mark else ""
        if piece:
            runs.append(f"<w:r>{properties}{run_text(piece)}</w:r>")
    return "".join(runs)
