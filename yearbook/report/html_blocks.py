"""The blocks of the report as the web page draws them, one mapping per block, told apart by ``kind``."""

from collections.abc import Iterable

from markupsafe import Markup

from yearbook.report.html_forms import table_view
from yearbook.report.html_notes import Places
from yearbook.report.html_picture import inline_svg
from yearbook.report.model import (
    Block,
    Chart,
    Heading,
    Inline,
    Listing,
    Number,
    Paragraph,
    Report,
    Section,
    StatutoryTable,
)

View = dict[str, object]
PREFACE = "前言"


class Blocks:
    """Turns blocks into views in reading order; charts and lists are numbered through the whole page."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._listings = 0
        self._charts = 0

    def preamble(self, report: Report) -> list[list[View]]:
        """The paragraphs before section one."""
        self._places.enter(PREFACE)
        return [self.inlines(paragraph.inlines) for paragraph in report.preamble]

    def sections(self, sections: Iterable[Section]) -> list[View]:
        """Sections with title and blocks."""
        told: list[View] = []
        for section in sections:
            self._places.enter(section.title)
            told.append({"title": section.title, "blocks": [self._block(block) for block in section.blocks]})
        return told

    def inlines(self, inlines: Iterable[Inline]) -> list[View]:
        """Words and numbers of a run; numbers get an anchor."""
        return [
            {"number": self._places.number(inline)} if isinstance(inline, Number) else {"text": inline.text}
            for inline in inlines
        ]

    def _block(self, block: Block) -> View:
        match block:
            case Heading():
                return {"kind": "heading", "level": block.level + 1, "text": block.text}
            case Paragraph():
                return {"kind": "paragraph", "inlines": self.inlines(block.inlines)}
            case StatutoryTable():
                return self._table(block)
            case Chart():
                return self._chart(block)
            case Listing():
                return self._listing(block)

    def _table(self, block: StatutoryTable) -> View:
        codes = [cell.figure for cell in block.form.number_cells() if cell.figure is not None]
        numbers = {code: self._places.number(Number(block.printed[code], code)) for code in codes}
        return {"kind": "table", "table": table_view(block.form, numbers)}

    def _chart(self, chart: Chart) -> View:
        # drawing loads a large library that a report without charts does not need
        from yearbook.report.charts import draw, table_of

        picture = draw(chart)
        self._charts += 1
        svg: Markup = inline_svg(picture.svg, picture.alt)
        return {
            "kind": "chart",
            "identity": f"c{self._charts}",
            "svg": svg,
            "title": self.inlines(chart.title),
            "listing": self._listing(table_of(chart)),
        }

    def _listing(self, listing: Listing) -> View:
        self._listings += 1
        return {
            "kind": "listing",
            "identity": f"l{self._listings}",
            "title": listing.title,
            "head": listing.head,
            "rows": [[self.inlines(cell) for cell in row] for row in listing.rows],
        }
