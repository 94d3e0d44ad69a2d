"""A chart as a picture in the word document: the image part, and the paragraph that shows it.

Knows where a picture stands; what it shows is drawn elsewhere.
"""

import io
from html import escape
from typing import Any

from yearbook.report.docx_styles import Sheet
from yearbook.report.model import Chart
from yearbook.report.profile import TWIPS_PER_MM, TWIPS_PER_POINT

EMU_PER_MM = 36_000
# Word wants identities that no picture of a template already has.
_FIRST_IDENTITY = 1_000
_NAMESPACES = (
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
_DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


def shown_size(width_mm: float, height_mm: float, room: float) -> tuple[float, float]:
    """Width and height in millimetres, smaller in proportion where the text is narrower; ``room`` in points."""
    scale = min(1.0, room * TWIPS_PER_POINT / TWIPS_PER_MM / width_mm)
    return width_mm * scale, height_mm * scale


def picture_xml(chart: Chart, number: int, part: Any, sheet: Sheet) -> str:
    """The paragraph with the picture, kept with the caption below it.

    Args:
        chart: The chart.
        number: Its place among the pictures, from 1.
        part: Main part of the document; the image becomes a part beside it.
        sheet: Styles and page.
    """
    from yearbook.report.charts import draw

    picture = draw(chart)
    relation, _ = part.get_or_add_image(io.BytesIO(picture.png))
    width, height = (
        round(length * EMU_PER_MM)
        for length in shown_size(picture.width_mm, picture.height_mm, sheet.layout.text_width)
    )
    identity, words = _FIRST_IDENTITY + number, escape(picture.alt)
    named = f'id="{identity}" name="图{number}" descr="{words}"'
    inline = (
        f'<wp:inline {_NAMESPACES} distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
        f"<wp:docPr {named}/><wp:cNvGraphicFramePr/>"
        f'<a:graphic xmlns:a="{_DRAWING}/main"><a:graphicData uri="{_DRAWING}/picture">'
        f'<pic:pic xmlns:pic="{_DRAWING}/picture"><pic:nvPicPr><pic:cNvPr {named}/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline>'
    )
    style = sheet.style("图片")
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:drawing>{inline}</w:drawing></w:r></w:p>'
