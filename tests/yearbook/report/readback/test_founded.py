"""Numbers of the model rest on a figure that says the same or on a declared constant, or they are findings."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.yearbook.factory import figure
from tests.yearbook.report.readback.conftest import Finished
from yearbook.figure import Figures
from yearbook.form.edition_2021 import SECTIONS
from yearbook.quantity import Unit
from yearbook.report.model import (
    Aspect,
    Bar,
    Block,
    Body,
    Chart,
    Constant,
    Drawing,
    Heading,
    Inline,
    Listing,
    Number,
    Paragraph,
    Report,
    Section,
    Text,
)
from yearbook.report.readback.finding import Finding, Flaw
from yearbook.report.readback.founded import unfounded

FIGURES = Figures(
    [
        figure("cars", 356_789, base=331_002, name="机动车", unit=Unit.VEHICLE, wording="truncated_wan"),
        figure("cases", 12, base=15, name="案件·12123处理"),
        figure("new", 7, base=0, name="新设"),
        figure(
            "fees", Decimal("678912.34"), base=Decimal("600000.00"), name="收费", unit=Unit.YUAN, wording="wan_yuan"
        ),
    ]
)


def found(*blocks: Block) -> list[Finding]:
    sections = [Section(title, ()) for title in SECTIONS]
    sections[0] = Section(SECTIONS[0], blocks)
    body = Body(code="x", name="某市第二支队", short_name="第二支队")
    title = ("第二支队", "2023年报告")
    return unfounded(
        Report(body=body, year=2023, title=title, preamble=(), sections=tuple(sections), figures=FIGURES, verdicts=())
    )


def said(*parts: Inline | str) -> list[Finding]:
    return found(Paragraph(tuple(Text(part) if isinstance(part, str) else part for part in parts)))


def test_the_offices_report_is_founded(finished: Finished) -> None:
    assert unfounded(finished.report) == []


@pytest.mark.parametrize(
    "number",
    [
        Number("35万余辆", "cars"),
        Number("35万余", "cars"),
        Number("33万余辆", "cars", Aspect.BASE),
        Number("7.79%", "cars", Aspect.CHANGE),
        Number("+7.79%", "cars", Aspect.CHANGE),
        Number("20.00%", "cases", Aspect.CHANGE),
        Number("-20.00%", "cases", Aspect.CHANGE),
        Number("7件", "new", Aspect.CHANGE),
        Number("67.89万元", "fees"),
        Number("9件", "cases", Aspect.EARLIER, exact=9, year=2020),
        Number("13件", "cases", Aspect.BEFORE, exact=13),
    ],
)
def test_a_number_that_says_what_its_figure_says_holds(number: Number) -> None:
    assert said("共", number, "。") == []


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (Number("36万余辆", "cars"), "35万余辆"),
        (Number("35万辆", "cars"), "35万余辆"),
        (Number("35万余辆", "cars", Aspect.BASE), "33万余辆"),
        (Number("7.78%", "cars", Aspect.CHANGE), "7.79%"),
        (Number("+20.00%", "cases", Aspect.CHANGE), "20.00%"),
        (Number("67.90万元", "fees"), "67.89万元"),
        (Number("9件", "cases", Aspect.EARLIER, exact=8, year=2020), "8件"),
        (Number("12件", "cases", Aspect.EARLIER), ""),
    ],
)
def test_a_number_that_says_something_else_is_found(number: Number, expected: str) -> None:
    [finding] = said("共", number, "。")
    assert (finding.flaw, finding.expected, finding.found) == (Flaw.CONTRADICTS, expected, number.text)
    assert finding.figures == (number.figure,)


def test_a_number_of_no_figure_is_unclaimed() -> None:
    [finding] = said(Number("12件", "nothing"))
    assert finding.flaw is Flaw.UNCLAIMED


@pytest.mark.parametrize("text", ["共12件。", "共十二件。", "共１２件。", "约三成。", "减半收取。", "第二十条"])
def test_a_number_in_plain_words_is_unclaimed(text: str) -> None:
    [finding] = said(text)
    assert finding.flaw is Flaw.UNCLAIMED
    assert finding.place == f"“{SECTIONS[0]}”第1段"
    assert said(Constant(text)) == []


def test_words_beside_a_number_must_not_make_it_larger() -> None:
    [finding] = said("共", Number("12", "cases"), "万件")
    assert finding.found == "共12万件"


def test_the_zero_of_a_change_from_zero_is_claimed_by_the_change() -> None:
    assert said(Constant("2022"), "年为零，净增", Number("7件", "new", Aspect.CHANGE)) == []
    assert [f.flaw for f in said("上年为零，现有", Number("7件", "new"))] == [Flaw.UNCLAIMED]


def test_a_name_of_the_catalogue_may_hold_digits() -> None:
    assert FIGURES["cases"].name == "案件·12123处理"
    assert said("其中案件·12123处理", Number("12件", "cases")) == []
    assert [f.found for f in said("其中案件·12124处理", Number("12件", "cases"))] == ["其中案件·12124处理12件"]


@pytest.mark.parametrize("text", ["（三）业务", "3.业务", "2023年业务", "第二支队的业务"])
def test_headings_have_numbering_and_constants(text: str) -> None:
    assert found(Heading(2, text)) == []


@pytest.mark.parametrize("text", ["（三）业务12件", "业务3项", "2013年业务"])
def test_other_numbers_in_headings_are_unclaimed(text: str) -> None:
    assert [f.flaw for f in found(Heading(2, text))] == [Flaw.UNCLAIMED]


def chart(text: str = "12件", label: str = "处理", note: str = "20.00%") -> Chart:
    bar = Bar(label=label, value=12, number=Number(text, "cases"), note=Number(note, "cases", Aspect.CHANGE))
    title = (Constant("2023"), Text("年案件"))
    return Chart(drawing=Drawing.CHANGE, indicator="cases", title=title, unit="件", bars=(bar,))


def test_bars_of_a_chart_say_what_their_figures_say() -> None:
    assert found(chart()) == []
    assert found(chart(label="2021")) == []
    assert [f.flaw for f in found(chart(text="13件"))] == [Flaw.CONTRADICTS]
    assert [f.flaw for f in found(chart(note="21.00%"))] == [Flaw.CONTRADICTS]
    assert [f.flaw for f in found(chart(label="前5名"))] == [Flaw.UNCLAIMED]


def test_cells_of_a_listing_are_judged_like_text() -> None:
    cells: tuple[tuple[Inline, ...], ...] = ((Text("案件"),), (Number("12件", "cases"),))
    listing = Listing(title="更正对照", head=("项目", "2023年"), rows=(cells,))
    assert found(listing) == []
    wrong = replace(listing, rows=(((Text("案件"),), (Text("12件"),)),))
    assert [(f.flaw, f.place) for f in found(wrong)] == [(Flaw.UNCLAIMED, "“更正对照”第1行第2列")]
