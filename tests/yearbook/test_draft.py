"""From template to report model: the six sections, their tables, and what is refused."""

from pathlib import Path

import pytest

from tasks.agency import load_agency
from tasks.library import load_library
from tasks.own import own_library
from tests.yearbook.factory import figure
from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.form.edition_2021 import SECTIONS
from yearbook.report.draft import draft
from yearbook.report.model import Body, Report
from yearbook.report.wording_functions import Facts

PROJECT = Path(__file__).parents[2]
WORDING = PROJECT / "deployments" / "wording"
TEMPLATE = (WORDING / "traffic_police.txt").read_text(encoding="utf-8")
# each template, a body that uses it, and the indicators of its business that it must speak of
TEMPLATES = {
    "traffic_police": (
        "demo",
        ("published_items", "motor_vehicles", "drivers", "vehicle_business", "licence_business", "incidents"),
    ),
    "market_supervision": ("qinghe", ("published_items", "market_entities", "registration_business", "complaints")),
}
BODY_TEXTS = dict.fromkeys(("名称", "简称", "网站名称", "网址", "联系部门", "地址", "电话", "邮编"), "某")


@pytest.fixture(scope="module")
def figures() -> Figures:
    """Every figure of the demonstration body."""
    return figures_of("demo")


def figures_of(body: str) -> Figures:
    """Every figure of a body with a number of its own."""
    agency, _ = load_agency(PROJECT, body)
    indicators = own_library(load_library(PROJECT), agency).indicators.values()
    every = ((i, combination) for i in indicators for combination in i.combinations())
    return Figures(
        figure(i.figure_code(c), 1001 + n, name=i.figure_name(c), unit=i.unit, wording=i.figure_wording(c), base=17)
        for n, (i, c) in enumerate(every)
    )


def write(template: str, figures: Figures) -> Report:
    body = Body(code="x", name="某", short_name="某")
    return draft(template, name="t.txt", body=body, facts=Facts(2023, BODY_TEXTS), figures=figures, verdicts=())


@pytest.mark.parametrize("name", TEMPLATES)
def test_an_office_template_makes_the_whole_report(name: str) -> None:
    body, catalogue = TEMPLATES[name]
    figures = figures_of(body)
    report = write((WORDING / f"{name}.txt").read_text(encoding="utf-8"), figures)
    assert tuple(section.title for section in report.sections) == SECTIONS
    assert [table.form.number for table in report.tables()] == [2, 3, 4]
    assert report.title_line == "某2023年政府信息公开工作年度报告"
    spoken = {number.figure for number in report.numbers()}
    assert {code for code in figures if code.partition(".")[0] in catalogue} <= spoken
    assert sum(len(table.printed) for table in report.tables()) == 200


def test_every_template_is_tried() -> None:
    assert {path.stem for path in WORDING.glob("*.txt")} == set(TEMPLATES)


def test_a_figure_of_another_kind_of_body_is_refused() -> None:
    with pytest.raises(Refusal, match=r"第 \d+ 行：没有名为“机动车保有量”的数字"):
        write(TEMPLATE, figures_of("qinghe"))


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_figure_is_printed_somewhere_or_conditional(name: str) -> None:
    figures = figures_of(TEMPLATES[name][0])
    report = write((WORDING / f"{name}.txt").read_text(encoding="utf-8"), figures)
    printed = {number.figure for number in report.numbers()} | {c for t in report.tables() for c in t.printed}
    assert set(figures) - printed == set()


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("# 六、其他需要报告的事项", "# 六、其他事项", "六、其他需要报告的事项"),
        ("# 五、存在的主要问题及改进情况\n", "", "五、存在的主要问题及改进情况"),
        ("[表二]", "", "二、主动公开政府信息情况"),
        ("[表二]", "[表三]", "二、主动公开政府信息情况"),
        ("[表二]", "[表五]", "不认识的标记"),
        ("## （一）主动公开政府信息", "#### （一）主动公开政府信息", "不认识的标记"),
        ("= {{ 机构.简称 }}{{ 年 }}年\n= 政府信息公开工作年度报告\n", "", "没有标题行"),
        ("## （二）依申请公开", '## （二）依申请公开{{ 数("机动车保有量") }}', "标题里不能有统计数字"),
    ],
)
def test_refused(figures: Figures, old: str, new: str, words: str) -> None:
    assert old in TEMPLATE
    with pytest.raises(Refusal, match=words):
        write(TEMPLATE.replace(old, new), figures)
