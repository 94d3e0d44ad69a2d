"""What a report claims: every text it prints, in order, as it must stand in each finished document.

The numbers in it are judged by ``founded``; ``match`` looks for the texts. Knows no file format.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from yearbook.form.edition_2021 import SECTIONS
from yearbook.form.table import FormTable
from yearbook.report.model import (
    Chart,
    Constant,
    Heading,
    Inline,
    Listing,
    Number,
    Paragraph,
    Report,
    Section,
    StatutoryTable,
    Text,
    plain_text,
)
from yearbook.report.readback.finding import loose_number, words_found
from yearbook.report.readback.reading import Square, bare

# Label, number and second number of a bar, by index.
PARTS = (0, 1, 2)
TITLE_PLACE, PREAMBLE_PLACE = "标题", "前言"


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph or heading.

    Attributes:
        place: Where, in a reader's words.
        inlines: Words and numbers; a heading is words alone.
        heading: True for titles and headings, whose numbering is no number.
    """

    place: str
    inlines: tuple[Inline, ...]
    heading: bool = False

    @property
    def text(self) -> str:
        """The text without white space."""
        return bare(plain_text(self.inlines))

    @property
    def figures(self) -> tuple[str, ...]:
        """Codes of the figures it prints, each once."""
        return tuple(dict.fromkeys(part.figure for part in self.inlines if isinstance(part, Number)))


@dataclass(frozen=True, slots=True)
class Entry:
    """What one cell must hold: its position and text, its address and the figure it prints."""

    square: Square
    place: str
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table with everything its cells must hold; ``head`` rows may stand on every page."""

    place: str
    head: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """What a chart may say, in words, however it is drawn.

    Attributes:
        place: Where.
        title: Its title.
        bars: Label, number and second number (or nothing) of each bar.
        figures: Codes of its figures.
        after: How many units stand before it.
        number: Which chart of the report it is, from 1.
    """

    place: str
    title: str
    bars: tuple[tuple[str, str, str], ...]
    figures: tuple[str, ...]
    after: int

    number: int = 1

    def words(self, order: Sequence[int] = PARTS) -> tuple[str, ...]:
        """Number and title of the chart, and its bars in printed order, the parts of a bar in the given order."""
        return (f"图{self.number}", self.title, *(bar[n] for bar in self.bars for n in order))

    def accounts_for(self, text: str) -> bool:
        """True where every number of a text is one of the chart's, in its order and behind its own label.

        Args:
            text: A sentence or table about the chart; it may leave out bars, or all labels.
        """
        words = self.words()
        if loose_number(text, words) is not None:
            return False
        taken = {divmod(n - 2, len(PARTS)) for n in words_found(text, words) if n > 1}
        named = {bar for bar, part in taken if part == 0}
        return not named or {bar for bar, part in taken if part} <= named


@dataclass(kw_only=True)
class Claims:
    """All that a report claims.

    Attributes:
        units: Titles, headings and paragraphs in reading order.
        tables: Tables in reading order.
        pictures: Charts in reading order.
        captions: Titles of tables outside the form, which every document puts where it likes.
    """

    units: list[Unit] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    captions: list[Unit] = field(default_factory=list)


def claims_of(report: Report) -> Claims:
    """Everything that a report prints, in reading order."""
    claims = Claims()
    claims.units.append(Unit(TITLE_PLACE, (Text(report.title_line),), heading=True))
    for n, paragraph in enumerate(report.preamble, start=1):
        claims.units.append(Unit(f"{PREAMBLE_PLACE}第{n}段", paragraph.inlines))
    for section in (*report.sections, *report.annexes):
        _section(claims, section)
    return claims


def _section(claims: Claims, section: Section) -> None:
    claims.units.append(Unit(f"标题“{section.title}”", (Text(section.title),), heading=True))
    count = 0
    for block in section.blocks:
        if isinstance(block, Paragraph):
            count += 1
            claims.units.append(Unit(f"“{section.title}”第{count}段", block.inlines))
        elif isinstance(block, Heading):
            claims.units.append(Unit(f"标题“{block.text}”", (Text(block.text),), heading=True))
        elif isinstance(block, StatutoryTable):
            claims.tables.append(_statutory(block.form, block))
        elif isinstance(block, Listing):
            claims.captions.append(Unit(f"“{section.title}”中的表名", (Text(block.title),), heading=True))
            claims.tables.append(_listing(block))
        else:
            claims.pictures.append(_picture(block, len(claims.units), len(claims.pictures) + 1))


def _statutory(form: FormTable, table: StatutoryTable) -> Table:
    entries = []
    for cell in form.cells:
        text = cell.label if cell.figure is None else table.printed[cell.figure]
        place = cell.address or f"“{form.title}”第{cell.row + 1}行第{cell.column + 1}列的名称"
        square = Square(cell.row, cell.column, cell.row_span, cell.column_span, bare(text))
        entries.append(Entry(square, place, () if cell.figure is None else (cell.figure,)))
    return Table(f"“{form.title}”的表格", form.header_rows, tuple(entries))


def _listing(block: Listing) -> Table:
    entries = [
        Entry(Square(0, n, 1, 1, bare(text)), f"“{block.title}”第{n + 1}列的名称") for n, text in enumerate(block.head)
    ]
    for row, cells in enumerate(block.rows, start=1):
        for column, cell in enumerate(cells):
            codes = tuple(part.figure for part in cell if isinstance(part, Number))
            square = Square(row, column, 1, 1, bare(plain_text(cell)))
            entries.append(Entry(square, f"“{block.title}”第{row}行第{column + 1}列", codes))
    return Table(f"“{block.title}”", 1, tuple(entries))


def _picture(chart: Chart, after: int, number: int) -> Picture:
    bars = tuple(
        (bare(bar.label), bare(bar.number.text), bare(bar.note.text) if bar.note else "") for bar in chart.bars
    )
    title = bare(plain_text(chart.title))
    return Picture(f"图“{title}”", title, bars, tuple(bar.number.figure for bar in chart.bars), after, number)


def constants_of(report: Report) -> frozenset[str]:
    """Texts whose digits are declared anywhere in the report: constants, the years it speaks of, the body's names."""
    found = {part.text for unit in claims_of(report).units for part in unit.inlines if isinstance(part, Constant)}
    for name in (report.body.name, report.body.short_name):
        found.add(name)
    found |= {f"{year}年" for year in years_of(report)}
    return frozenset(bare(text) for text in found if bare(text))


def years_of(report: Report) -> range:
    """The years that titles and columns may name: five back for a trend, and the one that plans speak of."""
    return range(report.year - 5, report.year + 2)


def furniture(report: Report) -> frozenset[str]:
    """Texts with numbers that a document may print around the report: what it is, of when, how it was rounded."""
    from yearbook.quantity import ROUNDING_POLICY_TEXT

    year = report.year
    facts = {
        "版次": report.edition_words,
        "名称": report.title_line,
        "发布机构": report.body.name,
        "统计年度": f"{year}年",
        "统计期限": f"{year}年1月1日至{year}年12月31日",
        "数据修约": ROUNDING_POLICY_TEXT,
        "说明": report.body.notice,
    }
    said = {f"{term}：{words}" for term, words in facts.items() if words}
    mark = f"（{report.edition_words}）" if report.edition_words else ""
    whole = report.title_line + mark
    said |= {mark, whole}
    said |= {report.title_line, report.body.name, report.body.notice, *SECTIONS, *(a.title for a in report.annexes)}
    # the page's own description names the six sections; the number field of a word document holds 1 until it is opened
    said |= {f"{whole}，含总体情况、主动公开、依申请公开、行政复议和行政诉讼等六部分及统计表。", "—1—"}
    return frozenset(bare(text) for text in said if text)


def headings(claims: Claims) -> Iterator[str]:
    """Texts that a table of contents or a bookmark repeats."""
    yield from (unit.text for unit in (*claims.units, *claims.captions) if unit.heading)
