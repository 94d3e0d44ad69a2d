"""Charts and tables outside the form, read from drawings, alternative texts and grids made by hand."""

from dataclasses import replace

import pytest
import typst

from tests.yearbook.factory import figure
from yearbook.figure import Figures
from yearbook.form.edition_2021 import SECTIONS
from yearbook.report.model import Bar, Body, Chart, Drawing, Inline, Listing, Number, Report, Section, Text
from yearbook.report.readback import reading as read
from yearbook.report.readback.docx import read_parts
from yearbook.report.readback.finding import Flaw
from yearbook.report.readback.html import read_html
from yearbook.report.readback.match import Matcher
from yearbook.report.readback.pdf import read_pdf

VALUES = {"2021": 120, "2022": 130, "2023": 45}
TITLE = "案件数"
NAMES = tuple(VALUES)


def bars() -> tuple[Bar, ...]:
    return tuple(Bar(label=y, value=v, number=Number(f"{v}件", f"cases.{y}")) for y, v in VALUES.items())


def listing() -> Listing:
    rows: tuple[tuple[tuple[Inline, ...], ...], ...] = tuple(
        ((Text(f"第{'甲乙丙'[n]}项"),), (Number(f"{v}件", f"cases.{y}"),)) for n, (y, v) in enumerate(VALUES.items())
    )
    return Listing(title="更正对照", head=("项目", "数量"), rows=rows)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    chart = Chart(drawing=Drawing.TREND, indicator="cases", title=(Text(TITLE),), unit="件", bars=bars())
    sections = [Section(title, ()) for title in SECTIONS]
    sections[0] = Section(SECTIONS[0], (chart,))
    report = Report(
        body=Body(code="x", name="某局", short_name="某局"),
        year=2023,
        title=("某局报告",),
        preamble=(),
        sections=tuple(sections),
        figures=Figures(figure(f"cases.{year}", value) for year, value in VALUES.items()),
        verdicts=(),
        annexes=(Section("附件", (listing(),)),),
    )
    return Matcher(report)


HEADS = ("某局报告", *SECTIONS, "附件")
CAPTION = "更正对照"


def squares(*rows: tuple[str, ...]) -> tuple[read.Square, ...]:
    return tuple(read.Square(n, m, 1, 1, text) for n, row in enumerate(rows) for m, text in enumerate(row))


LISTED = (("项目", "数量"), ("第甲项", "120件"), ("第乙项", "130件"), ("第丙项", "45件"))
WHOLE = read.Reading(
    name="report.html",
    pieces=tuple(read.Piece(f"第{n}段", read.bare(text)) for n, text in enumerate((*HEADS, CAPTION), start=1)),
    grids=(read.Grid("第1张表", squares(*LISTED)),),
)


def across(*numbers: str) -> read.Drawing:
    """Points from left to right, their years below."""
    marks = [read.Mark(50.0 * n, 20.0 + 7 * n, text) for n, text in enumerate(numbers)]
    return read.Drawing("第1幅图", (*marks, *(read.Mark(50.0 * n, 99.0, year) for n, year in enumerate(NAMES))))


def down(*numbers: str) -> read.Drawing:
    """Bars from top to bottom, labels left of them, drawn all labels first."""
    labels = [read.Mark(0.0, 30.0 * n, year) for n, year in enumerate(NAMES)]
    return read.Drawing("第1幅图", (*labels, *(read.Mark(90.0 - n, 30.0 * n + 1, t) for n, t in enumerate(numbers))))


def test_what_was_meant_holds(matcher: Matcher) -> None:
    assert matcher.findings(WHOLE) == []


@pytest.mark.parametrize("shape", [across, down])
def test_the_numbers_of_a_drawing_are_those_of_its_chart(matcher: Matcher, shape: type) -> None:
    assert matcher.findings(replace(WHOLE, drawings=(shape("120件", "130件", "45件"),))) == []
    for wrong in (
        ("121件", "130件", "45件"),
        ("130件", "120件", "45件"),
        ("120件", "130件"),
        ("120件", "130件", "45件", "7"),
    ):
        [finding] = matcher.findings(replace(WHOLE, drawings=(shape(*wrong),)))
        assert finding.flaw is Flaw.CONTRADICTS, wrong
        assert finding.place == f"report.html 第1幅图，图“{TITLE}”"


def test_an_alternative_text_speaks_of_its_chart_alone(matcher: Matcher) -> None:
    def told(text: str) -> list[Flaw]:
        aside = read.Piece("第1幅图的替代文字", read.bare(text))
        return [finding.flaw for finding in matcher.findings(replace(WHOLE, asides=(aside,)))]

    assert told("折线图：案件数。2021年120件，2022年130件，2023年45件。") == []
    assert told("折线图：案件数，见下。") == []
    assert told("图1 案件数：2022年130件") == []
    assert told("120件、130件、45件") == []
    assert told("图2 案件数") == [Flaw.UNCLAIMED]
    assert told("2021年130件") == [Flaw.UNCLAIMED], "another year's number"
    for wrong in (
        "2021年120件，2022年131件，2023年45件。",
        "2021年130件，2022年120件，2023年45件。",
        "2021年120件，2020年130件，2023年45件。",
        "案件数，共3年。",
    ):
        assert told(wrong) == [Flaw.UNCLAIMED], wrong


def test_a_table_of_a_charts_numbers_is_claimed_by_the_chart(matcher: Matcher) -> None:
    def beside(*rows: tuple[str, ...]) -> list[Flaw]:
        extra = read.Grid("第2张表", squares(*rows))
        return [finding.flaw for finding in matcher.findings(replace(WHOLE, grids=(*WHOLE.grids, extra)))]

    assert beside(("年", "件"), ("2021", "120件"), ("2022", "130件"), ("2023", "45件")) == []
    assert beside(("年", "件"), ("2021", "130件"), ("2022", "120件"), ("2023", "45件")) == [Flaw.UNCLAIMED]
    assert beside(*LISTED) == [Flaw.DOUBLED]


def test_a_listing_is_read_by_position_and_over_pages(matcher: Matcher) -> None:
    def seen(*grids: tuple[tuple[str, ...], ...]) -> list[tuple[Flaw, str]]:
        read_grids = tuple(read.Grid(f"第{n}页", squares(*rows)) for n, rows in enumerate(grids, start=1))
        return [(f.flaw, f.place) for f in matcher.findings(replace(WHOLE, grids=read_grids))]

    assert seen(LISTED[:2], (LISTED[0], *LISTED[2:])) == []
    assert seen(LISTED[:3], LISTED[3:]) == []
    assert seen(tuple((a + b,) for a, b in LISTED)) == [], "a table without rules between its columns"
    moved = (LISTED[0], ("第甲项", "130件"), ("第乙项", "120件"), LISTED[3])
    assert [flaw for flaw, _ in seen(moved)] == [Flaw.MOVED, Flaw.MOVED]
    longer = (*LISTED, ("第丁项", "9件"))
    assert seen(longer) == [(Flaw.UNCLAIMED, "report.html 第1页，“更正对照”第5行第2列")]
    assert [flaw for flaw, _ in seen()] == [Flaw.MISSING]


def test_alternative_texts_of_a_pdf_are_read() -> None:
    drawn = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><rect width='5' height='5'/></svg>"
    source = f'''#set document(title: "x")
#figure(image(bytes("{drawn}"), format: "svg"), alt: "2022: 130")'''
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    pdf = typst.Compiler(source.encode(), font_paths=fonts).compile(format="pdf", pdf_standards=["ua-1"])
    assert isinstance(pdf, bytes)
    assert read.Piece("第1页图的替代文字", "2022:130") in read_pdf(pdf).asides


def test_alternative_texts_of_a_word_file_are_read() -> None:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    inline = f'<wp:inline xmlns:wp="{drawing}"><wp:docPr id="1" name="a" descr="共130件"/></wp:inline>'
    picture = f"<w:drawing>{inline}</w:drawing>"
    body = f'<w:document xmlns:w="{word}"><w:body><w:p><w:r>{picture}</w:r></w:p></w:body></w:document>'
    assert read_parts({"word/document.xml": body.encode()}).asides == (read.Piece("第1幅图的替代文字", "共130件"),)


def test_texts_of_a_drawing_on_a_page_have_their_points() -> None:
    text = '<text x="3" transform="translate(1,2)">130<tspan>件</tspan></text>'
    svg = f'<svg><g transform="translate(10, 5)">{text}</g></svg>'
    page = f'<html><body><figure>{svg}<img alt="共7件"></figure></body></html>'
    found = read_html(page.encode())
    assert found.drawings == (read.Drawing("第1幅图", (read.Mark(14.0, 7.0, "130件"),)),)
    assert read.Piece("img 的 alt", "共7件") in found.asides
