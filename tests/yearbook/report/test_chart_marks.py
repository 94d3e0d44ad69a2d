"""Marks for charts in the wording template: what stands in their place, and what is refused with its line."""

from pathlib import Path

import pytest

from tests.yearbook.factory import figure
from tests.yearbook.report.chart_samples import YEAR, sample_figures
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.report.chart_marks import ChartMarks
from yearbook.report.draft import draft
from yearbook.report.model import Block, Body, Chart, Drawing, Paragraph
from yearbook.report.wording_template import Facts

CELLS = [cell.figure or "" for form in TABLES.values() for cell in form.number_cells()]
FIGURES = Figures([*sample_figures().values(), *(figure(code, 3) for code in CELLS)])
MARKS = {2: "[表二]", 3: "[表三]", 4: "[表四]"}
EARLIER = {2021: {"business.total": 480_000}}


def template(mark: str) -> str:
    """The shortest template there is, the mark on its line 4."""
    lines = ["= 报告", f"# {SECTIONS[0]}", "一段话。", mark]
    for title in SECTIONS[1:]:
        lines += [f"# {title}", next((MARKS[n] for n, form in TABLES.items() if form.title == title), "无。")]
    return "\n".join(lines)


def blocks(mark: str, earlier: dict[int, dict[str, int]] | None = None) -> tuple[Block, ...]:
    report = draft(
        template(mark),
        name="t.txt",
        body=Body(code="x", name="某", short_name="某"),
        facts=Facts(YEAR, {}),
        figures=FIGURES,
        verdicts=(),
        earlier=earlier,
    )
    return report.sections[0].blocks


@pytest.mark.parametrize(
    ("mark", "drawing", "bars"),
    [
        ("[图：机动车业务量 增减]", Drawing.CHANGE, 8),
        ("[图: business  增减 ]", Drawing.CHANGE, 8),
        ("[图：机动车业务量 构成]", Drawing.COMPOSITION, 8),
        ("[图：机动车业务量 趋势]", Drawing.TREND, 2),
    ],
)
def test_a_mark_is_a_chart(mark: str, drawing: Drawing, bars: int) -> None:
    words, chart = blocks(mark, EARLIER)
    assert isinstance(words, Paragraph)
    assert isinstance(chart, Chart)
    assert (chart.drawing, len(chart.bars)) == (drawing, bars)


def test_a_declared_number_may_stand_in_a_name() -> None:
    text = "常数：12123\n" + template("[图：12123APP处理 趋势]")
    figures = Figures([*FIGURES.values(), figure("app", 5, base=4, name="12123APP处理")])
    body = Body(code="x", name="某", short_name="某")
    report = draft(
        text,
        name="t.txt",
        body=body,
        facts=Facts(YEAR, {}),
        figures=figures,
        verdicts=(),
        earlier={2020: {"app": 3}},
    )
    assert isinstance(report.sections[0].blocks[1], Chart)


def test_a_trend_without_earlier_years_prints_nothing() -> None:
    assert [type(block) for block in blocks("[图：机动车业务量 趋势]")] == [Paragraph]


@pytest.mark.parametrize(
    ("mark", "words", "todo"),
    [
        ("[图：机动车业务量]", "不认识的图", "增减、构成、趋势"),
        ("[图：机动车业务量 饼图]", "不认识的图", "增减、构成、趋势"),
        ("[图 机动车业务量 增减]", "不认识的图", "图：指标名称 增减"),
        ("[图：没有的 增减]", "没有名为“没有的”的数字", "指标字典"),
        ("[图：没有的 趋势]", "没有名为“没有的”的数字", "指标字典"),
        ("[图：信息处理费 增减]", "没有可以画成图的分项", "只有一个维度"),
        ("[图：警情 构成]", "没有合计", "增减"),
    ],
)
def test_refused_with_its_line(mark: str, words: str, todo: str) -> None:
    with pytest.raises(Refusal) as refused:
        blocks(mark)
    assert refused.value.what.startswith("行文模板 t.txt 第 4 行：")
    assert words in refused.value.what
    assert todo in refused.value.todo


def test_refused_before_the_first_section() -> None:
    with pytest.raises(Refusal, match=r"第 2 行.*第一个部分之前"):
        draft(
            template("二段话。").replace("= 报告\n", "= 报告\n[图：机动车业务量 增减]\n"),
            name="t.txt",
            body=Body(code="x", name="某", short_name="某"),
            facts=Facts(YEAR, {}),
            figures=FIGURES,
            verdicts=(),
        )


def test_a_mark_knows_the_report_year() -> None:
    chart = ChartMarks(FIGURES, 2031).read("[图：机动车业务量 增减]", "某处")
    assert chart is not None
    assert "".join(part.text for part in chart.title) == "机动车业务量与2030年相比增减幅度"


def test_the_office_template_draws_every_kind() -> None:
    text = (Path(__file__).parents[3] / "deployments" / "wording" / "traffic_police.txt").read_text(encoding="utf-8")
    marks = [line for line in text.splitlines() if line.startswith("[图")]
    assert {mark.rstrip("]").rpartition(" ")[2] for mark in marks} == {"增减", "构成", "趋势"}
