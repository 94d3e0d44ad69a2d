"""From figures to charts, and from charts to their words and tables."""

from decimal import Decimal

import pytest

from tests.yearbook.factory import figure
from tests.yearbook.report.chart_samples import YEAR, indicator, sample_figures
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.quantity import Unit
from yearbook.report.charts import MOST_BARS, alt_text, change_chart, composition_chart, table_of, trend_chart
from yearbook.report.model import Aspect, Chart, Constant, Drawing, Inline, Number, Text, plain_text
from yearbook.report.number_words import number_words

FIGURES = sample_figures()
# 2020 was not published; 2018 is too early; the base of 2022 in the report differs from what was published
EARLIER = {
    2018: {"stock.total": 7},
    2019: {"stock.total": 280_001},
    2021: {"stock.total": 9_999},
    2022: {"stock.total": 331_000},
    2023: {"stock.total": 8},
}
STOCK = figure("stock.total", 356_789, base=351_002, name="保有量", wording="truncated_wan", unit=Unit.VEHICLE)


def charts() -> list[Chart]:
    trend = trend_chart("保有量", Figures([STOCK]), year=YEAR, earlier=EARLIER)
    assert trend is not None
    made = [change_chart(name, FIGURES, year=YEAR) for name in ("机动车业务量", "长名称", "警情")]
    return [*made, *(composition_chart(name, FIGURES, year=YEAR) for name in ("机动车业务量", "长名称")), trend]


def test_change_of_every_kind() -> None:
    chart = change_chart("机动车业务量", FIGURES, year=YEAR)
    said = {bar.label: (bar.value, bar.number.text, bar.words, bar.note and bar.note.text) for bar in chart.bars}
    assert said == {
        "注册登记": (Decimal("3.21"), "2万余件", "增加", "3.21%"),
        "转让登记": (Decimal("-17.69"), "1万余件", "减少", "17.69%"),
        "变更登记": (0, "2千余件", "持平", None),
        "抵押登记": (0, "999件", "上年没有", None),
        "注销登记": (Decimal("-100.00"), "0件", "减少", "100.00%"),
        "转入业务": (0, "45件", "上年无可比数据", None),
        "车辆年检": (0, "9万余件", "基本持平", None),
        "其他": (Decimal("16.67"), "35万余件", "增加", "16.67%"),
    }
    assert plain_text(chart.title) == "机动车业务量与2022年相比增减幅度"
    assert (chart.drawing, chart.indicator, chart.unit) == (Drawing.CHANGE, "business", "件")


def test_a_change_is_claimed_by_its_figure() -> None:
    bar = change_chart("business", FIGURES, year=YEAR).bars[1]
    assert bar.number == Number("1万余件", "business.m1", Aspect.VALUE)
    assert bar.note == Number("17.69%", "business.m1", Aspect.CHANGE)


def test_composition_has_the_largest_first_and_others_last() -> None:
    chart = composition_chart("机动车业务量", FIGURES, year=YEAR)
    order = ["车辆年检", "注册登记", "转让登记", "变更登记", "抵押登记", "转入业务", "注销登记", "其他"]
    assert [bar.label for bar in chart.bars] == order
    assert chart.bars[0].value == 99_999
    assert plain_text(chart.title) == "2023年机动车业务量构成"
    assert all(bar.note is None and not bar.words for bar in chart.bars), "a share has no figure that claims it"


def test_trend_takes_the_base_for_the_year_before_and_keeps_the_gap() -> None:
    chart = trend_chart("保有量", Figures([STOCK]), year=YEAR, earlier=EARLIER)
    assert chart is not None
    code = "stock.total"
    assert [(bar.label, bar.value, bar.number) for bar in chart.bars] == [
        ("2019年", 280_001, Number("28万余辆", code, Aspect.EARLIER, exact=280_001, year=2019)),
        ("2021年", 9_999, Number("9999辆", code, Aspect.EARLIER, exact=9_999, year=2021)),
        ("2022年", 351_002, Number("35万余辆", code, Aspect.BASE)),
        ("2023年", 356_789, Number("35万余辆", code)),
    ]
    assert plain_text(chart.title) == "2019年至2023年保有量"
    assert "2019年 28万余辆；2020年 无数据；2021年 9999辆；" in plain_text(alt_text(chart))
    assert [plain_text(row[1]) for row in table_of(chart).rows][1] == "无数据"


def test_trend_without_a_base_takes_what_was_published() -> None:
    alone = figure("stock.total", 356_789, name="保有量", wording="truncated_wan", unit=Unit.VEHICLE)
    chart = trend_chart("保有量", Figures([alone]), year=YEAR, earlier={2022: {"stock.total": 331_000}})
    assert chart is not None
    assert chart.bars[0].number == Number("33万余辆", "stock.total", Aspect.EARLIER, exact=331_000, year=2022)


@pytest.mark.parametrize(
    "earlier", [{}, {2018: {"stock.total": 7}}, {2022: {"other.total": 7}}, {2023: {"stock.total": 7}}, {2022: {}}]
)
def test_no_trend_without_a_published_year(earlier: dict[int, dict[str, int]]) -> None:
    assert trend_chart("保有量", Figures([STOCK]), year=YEAR, earlier=earlier) is None


def test_money_is_printed_as_its_figure_is() -> None:
    fee = figure("fee", Decimal("678900.00"), base=Decimal("0.00"), name="费", wording="wan_yuan", unit=Unit.YUAN)
    chart = trend_chart("fee", Figures([fee]), year=YEAR, earlier={2020: {"fee": Decimal("123450.50")}})
    assert chart is not None
    assert [bar.number.text for bar in chart.bars] == ["12.35万元", "0万元", "67.89万元"]


def claimed(inlines: tuple[Inline, ...]) -> None:
    for inline in inlines:
        assert not (isinstance(inline, Text) and number_words(inline.text)), inline


@pytest.mark.parametrize("chart", charts(), ids=lambda chart: plain_text(chart.title))
def test_every_number_in_the_words_is_claimed(chart: Chart) -> None:
    words, table = alt_text(chart), table_of(chart)
    claimed(chart.title)
    claimed(words)
    numbers = [n for bar in chart.bars for n in (bar.number, bar.note) if n is not None]
    assert [inline for inline in words if isinstance(inline, Number)] == numbers
    cells = [cell for row in table.rows for cell in row]
    for cell in cells:
        claimed(cell)
    assert [inline for cell in cells for inline in cell if isinstance(inline, Number)] == numbers
    assert {len(row) for row in table.rows} == {len(table.head)}
    assert plain_text(words).startswith(("条形图：", "柱状图："))
    assert plain_text(words).endswith("。")


def test_digits_of_a_name_are_declared() -> None:
    chart = change_chart("警情", FIGURES, year=YEAR)
    assert Constant("12123APP处理") in alt_text(chart)
    assert plain_text(alt_text(chart)) == (
        "条形图：警情与2022年相比增减幅度：12123APP处理 3072件，增加50.00%；接处警 19465件，增加8.13%。"
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("没有的", "没有名为“没有的”的数字"),
        ("信息处理费", "没有可以画成图的分项"),
        ("办理结果", "没有可以画成图的分项"),
        ("机动车业务量·注册登记", "没有可以画成图的分项"),
    ],
)
def test_what_has_no_parts_is_refused(name: str, words: str) -> None:
    for make in (change_chart, composition_chart):
        with pytest.raises(Refusal, match=words):
            make(name, FIGURES, year=YEAR)


def test_parts_without_a_whole_compose_nothing() -> None:
    with pytest.raises(Refusal, match="没有合计"):
        composition_chart("警情", FIGURES, year=YEAR)


@pytest.mark.parametrize(("count", "fits"), [(MOST_BARS, True), (MOST_BARS + 1, False)])
def test_no_more_bars_than_a_page_holds(count: int, fits: bool) -> None:
    many = Figures(indicator("many", "多", [(f"分项{n}", n, n + 1) for n in range(count)]))
    if fits:
        assert len(change_chart("多", many, year=YEAR).bars) == count
    else:
        with pytest.raises(Refusal, match="放不进一页"):
            change_chart("多", many, year=YEAR)


def test_nothing_below_zero_is_composed() -> None:
    with pytest.raises(Refusal, match="负数"):
        composition_chart("负", Figures(indicator("minus", "负", [("甲", -1, 1), ("乙", 2, 2)])), year=YEAR)
