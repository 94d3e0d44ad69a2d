"""The office's template: what it prints, and what it refuses with the line."""

import pytest

from tests.yearbook.factory import figure
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.quantity import Unit
from yearbook.report.model import Aspect, Constant, Inline, Number, Text
from yearbook.report.wording_functions import Facts
from yearbook.report.wording_template import inlines, render_template

FIGURES = Figures(
    [
        figure("stock.total", 358855, name="机动车保有量", unit=Unit.VEHICLE, wording="truncated_wan", base=350001),
        figure("stock.car", 236517, name="机动车保有量·汽车", unit=Unit.VEHICLE, wording="truncated_wan"),
        figure("stock.trailer", 1254, name="机动车保有量·挂车", unit=Unit.VEHICLE, wording="truncated_wan"),
        figure("none", 0, name="没有的", base=0),
    ]
)
FACTS = Facts(2023, {"名称": "云麓市交通管理局", "电话": "0000-1234567"})


def fill(text: str) -> list[tuple[int, str]]:
    return render_template(text, FIGURES, FACTS, name="t.txt")


def one(text: str) -> tuple[Inline, ...]:
    [(_, line)] = fill(text)
    return inlines(line)


def test_numbers_claim_their_figures() -> None:
    assert one('{{ 年 }}年底共{{ 数("机动车保有量") }}。') == (
        Constant("2023"),
        Text("年底共"),
        Number("35万余辆", "stock.total"),
        Text("。"),
    )


def test_a_change_claims_its_figure_and_the_base_year_is_a_constant() -> None:
    assert one('{{ 比("机动车保有量") }}') == (
        Text("比"),
        Constant("2022"),
        Text("年增加"),
        Number("2.53%", "stock.total", Aspect.CHANGE),
    )
    assert one('{{ 比("没有的") }}') == (Text("与"), Constant("2022"), Text("年持平"))


def test_parts_come_in_catalogue_order_with_their_labels() -> None:
    words = "".join(part.text for part in one('{{ 分项("机动车保有量") }}'))
    assert words == "机动车保有量·汽车23万余辆、机动车保有量·挂车1254辆"


def test_conditions_ask_for_figures() -> None:
    assert one('{% if 有("没有的") %}有{% else %}无{% endif %}') == (Text("无"),)


def test_line_numbers_are_those_of_the_file() -> None:
    assert [n for n, _ in fill("// 说明\n常数：第3号\n\n甲\n\n乙第3号\n")] == [4, 6]


def test_facts_about_the_body_may_hold_digits() -> None:
    assert one("电话{{ 机构.电话 }}") == (Text("电话"), Constant("0000-1234567"))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("甲\n\n共60条。", 3, "未登记的数字"),
        ("共６０条。", 1, "未登记的数字"),
        ("甲\n{{ 60 }}", 2, "直接印出了数字"),
        ("甲\n{{ 'x' * 2 }}6", 2, "未登记的数字"),
        ("甲\n乙{{ '60' }}", 2, "直接印出了数字"),
        ("甲\n{{ none }}", 2, "直接印出了数字或空值"),
        ('甲\n{{ 数("没有这个") }}', 2, "没有名为“没有这个”的数字"),
        ("甲\n\n{{ 不认识 }}", 3, "不认识"),
        ("甲\n{{ 数( }}", 2, "unexpected"),
        ("甲\n{% if x %}", 2, ""),
        ("{{ ''.__class__.__mro__ }}", 1, ""),
        ("{{ 机构.传真 }}", 1, "传真"),
        ('甲\n{{ 分项("机动车保有量·汽车") }}', 2, "不是可以分项的合计"),
        ("\ue000value\ue001stock.total\ue00199\ue002", 0, "私用字符"),
    ],
)
def test_refused_with_the_line(text: str, line: int, words: str) -> None:
    with pytest.raises(Refusal) as refusal:
        fill(text)
    assert words in str(refusal.value)
    assert f"第 {line} 行" in str(refusal.value) or not line


def test_declared_constants_are_only_those_texts() -> None:
    assert fill("常数：〔2021〕30号\n见〔2021〕30号")
    with pytest.raises(Refusal, match="第 2 行"):
        fill("常数：〔2021〕30号\n见〔2022〕30号")


def test_what_a_figure_prints_is_no_template() -> None:
    figures = Figures([figure("x", 5, name="坏{{ 7*7 }}")])
    [(_, line)] = render_template('{{ 数("x") }}', figures, FACTS, name="t")
    assert inlines(line) == (Number("5件", "x"),)
