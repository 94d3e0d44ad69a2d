"""Faulty templates, each with the line and the words that must be told; and good ones, of which nothing is told."""

import tomllib
from pathlib import Path

import pytest

from tasks.library import load_library
from yearbook.report.model import Body
from yearbook.report.rehearsal import rehearsals
from yearbook.report.wording_check import Checked, check_wording
from yearbook.report.wording_functions import Facts

HERE = Path(__file__).parent
PROJECT = HERE.parents[3]
BASE = (HERE / "base.txt").read_text(encoding="utf-8")
CASES = tomllib.loads((HERE / "cases.toml").read_text(encoding="utf-8"))["case"]
TEXTS = dict.fromkeys(("名称", "简称", "网站名称", "网址", "联系部门", "地址", "电话", "邮编"), "某")
FACTS = Facts(2023, TEXTS, {"documents.rules.valid": "含自然失效9件"})
REHEARSALS = rehearsals(load_library(PROJECT).indicators.values(), without_base={"licensing"})


def check(text: str) -> Checked:
    body = Body(code="x", name="某", short_name="某")
    return check_wording(text, name="t.txt", body=body, facts=FACTS, rehearsals=REHEARSALS)


def changed(at: int, text: str) -> str:
    lines = BASE.split("\n")
    return "\n".join([*lines[: at - 1], text, *lines[at:]])


def words_of(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['at']}-{words_of(case['words'])[0]}")
def test_a_faulty_template(case: dict[str, object]) -> None:
    at, text = case["at"], case["text"]
    assert isinstance(at, int)
    assert isinstance(text, str)
    checked = check(changed(at, text))
    expected, also = words_of(case["words"]), words_of(case.get("also", []))
    line = case.get("line", at)
    for words in expected:
        [fault] = [fault for fault in checked.faults if words in fault.what]
        assert fault.line == line
        assert fault.todo
        assert fault.stops is not bool(case.get("advice"))
    left = [fault.what for fault in checked.faults if not any(words in fault.what for words in (*expected, *also))]
    assert left == []
    assert all(any(words in fault.what for fault in checked.faults) for words in also)
    assert checked.passed is bool(case.get("advice"))


def test_there_are_many_cases() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize(
    "line",
    [
        '保有量{{ 数("机动车保有量", 单位="辆") }}，人均拥有量上升。',
        '上年{{ 上年数("机动车业务量") }}，{{ 增减("机动车业务量") }}。',
        '主要是{{ 主要分项("机动车业务量", 3) }}。',
        (
            '{% 如果 有("机动车业务量") 且 非 有减("机动车业务量") %}增加的'
            '{% 否则如果 有上年("机动车业务量") %}减少的{% 否则 %}没有{% 完 %}。'
        ),
        '{% if 有说明("机动车业务量") %}{{ 说明("机动车业务量") }}{% endif %}进一步统一标准，一是加强，二是改进。',
        "（一）进一步加强第一责任人制度。",
        "### 1.业务办理",
        '接处警{{ 数("交通事故类警情·接处警") }}起到了作用。',
        '危及安全的{{ 数("政府信息公开申请办理结果·危及“三安全一稳定”") }}。',
    ],
)
def test_a_good_line_is_let_through(line: str) -> None:
    checked = check(changed(13, line))
    assert [fault.what for fault in checked.faults] == []


def test_the_base_has_no_fault() -> None:
    checked = check(BASE)
    assert checked.faults == ()
    assert (checked.figures, checked.conditions, checked.constants) == (3, 1, 2)
    assert len(checked.tried) == 7


def test_all_faults_are_told_at_once_by_line() -> None:
    text = BASE.replace("机动车业务{{", "机动车业务12件{{").replace('有("信息处理费金额")', '有("处理费")')
    text = text.replace("[表四]\n", "").replace("没有其他需要", "去年没有其他需要")
    checked = check(text)
    assert [fault.line for fault in checked.faults] == [13, 14, 20, 24]
    assert [fault.stops for fault in checked.faults] == [True, True, True, False]


def test_an_explanation_with_declared_numbers_is_printed() -> None:
    text = changed(13, '{{ 说明("规章和行政规范性文件·规章·现行有效件数") }}。').replace(
        "12月31日\n\n", "12月31日 | 9件\n\n", 1
    )
    assert check(text).passed
