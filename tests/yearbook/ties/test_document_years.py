"""Years in title and text: what is left over from last year's report is found, what speaks of another year is not."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.yearbook.ties.documents import REPORTS, failed, judged, passage, published, replaced
from yearbook.form.edition_2021 import SECTIONS
from yearbook.ties.passages import Document
from yearbook.verdict import Status

PREFACE, GENERAL, IMPROVING, OTHER = "", SECTIONS[0], SECTIONS[4], SECTIONS[5]
TEMPLATE = Path(__file__).resolve().parents[3] / "deployments" / "wording" / "traffic_police.txt"


@pytest.mark.parametrize(
    ("section", "text"),
    [
        (PREFACE, "统计期限自2023年1月1日起至2023年12月31日止。"),
        (PREFACE, "统计期限自2023年1月1日起，至12月31日止。"),
        (PREFACE, "国办公开办函〔2021〕30号和2019年修订的条例（国务院令第711号，2019年5月15日起施行）。"),
        (GENERAL, "依据《2022年政务公开工作要点》落实任务。"),
        (GENERAL, "《道路交通事故处理程序规定》（2017年修订）。"),
        (GENERAL, "2023年，大队公开信息60条，比2022年减少2.27%。"),
        (GENERAL, "公开信息60条，与2022年基本持平。"),
        (GENERAL, "2022年为零，净增12件。"),
        (GENERAL, "2022年为31起，2023年为22起。"),
        (GENERAL, "较2022年同期增长3%，2022年无可比数据。"),
        (GENERAL, "自2021年以来，栏目每日巡检。"),
        (GENERAL, "受理124件（含2022年度结转5件）。"),
        (GENERAL, "公开2023年部门预算、2022年部门决算。"),
        (GENERAL, "完成2022年度政府信息公开年度报告的发布。"),
        (GENERAL, "2021年至2023年累计清理文件120件。"),
        (GENERAL, "截至2023年底，保有量为35万余辆。"),
        (GENERAL, "截至2024年1月，栏目已全部整改。"),
        (GENERAL, "办结24件，结转到2024年办理7件。"),
        (GENERAL, "较2023年初增加7个栏目。"),
        (IMPROVING, "2023年，公开工作还有不足。"),
        (IMPROVING, "2024年，将着重改进：一是明确责任人。"),
        (IMPROVING, "力争到2025年底前建成。"),
        (OTHER, "云麓市交通管理局\n2024年1月23日"),
        (OTHER, "二〇二四年一月二十三日"),
        (GENERAL, "二〇二三年，大队公开信息60条。"),
    ],
)
def test_honest_sentences(section: str, text: str) -> None:
    assert not failed(judged("years", passage(text, section)))


@pytest.mark.parametrize(
    ("section", "text", "expected", "difference"),
    [
        (PREFACE, "统计期限自2022年1月1日起至2023年12月31日止。", "2023年", "-1"),
        (PREFACE, "统计期限自2023年1月1日起，至2022年12月31日止。", "2023年", "-1"),
        (PREFACE, "现公布本局2022年政府信息公开工作年度报告。", "2023年", "-1"),
        (PREFACE, "现发布《本局2022年政府信息公开工作年度报告》。", "2023年", "-1"),
        (GENERAL, "2022年，大队认真执行条例。", "2023年", "-1"),
        (GENERAL, "2022 年，大队认真执行条例。", "2023年", "-1"),
        (GENERAL, "二〇二二年，大队认真执行条例。", "2023年", "-1"),
        (GENERAL, "截至2022年底，保有量为35万余辆。", "2023年", "-1"),
        (GENERAL, "2022年，办理业务15万余件，比2022年减少2.27%。", "2023年", "-1"),
        (GENERAL, "2013年，大队认真执行条例。", "2023年", "-10"),
        (GENERAL, "2024年，大队公开信息60条。", "2023年", "1"),
        (GENERAL, "2032年，大队公开信息60条。", "2023年", "9"),
        (GENERAL, "公开信息60条，比2023年减少2.27%。", "2022年", "1"),
        (IMPROVING, "2022年，公开工作还有不足。", "2023年", "-1"),
        (IMPROVING, "2023年，将着重改进：一是明确责任人。", "2024年", "-1"),
        (IMPROVING, "2023年，大队将从以下几个方面提高。", "2024年", "-1"),
        (OTHER, "2022年没有收取信息处理费。", "2023年", "-1"),
    ],
)
def test_left_over_sentences(section: str, text: str, expected: str, difference: str) -> None:
    (breach,) = failed(judged("years", passage(text, section)))
    assert (breach.expected, breach.difference) == (expected, difference)
    assert breach.place.startswith(section or "标题和前言")
    assert breach.place.split("“")[1].rstrip("…”") in text


def test_the_title_names_the_report_year() -> None:
    (wrong,) = judged("years", Document(title="某大队2022年政府信息公开工作年度报告"))
    assert (wrong.place, wrong.found, wrong.expected) == ("标题", "2022年", "2023年")
    (right,) = judged("years", Document(title="某大队2023年政府信息公开工作年度报告"))
    assert (right.status, right.evaluated) == (Status.PASSED, 1)


def test_a_text_without_years_is_no_pass() -> None:
    (verdict,) = judged("years", passage("大队认真执行条例。"))
    assert (verdict.status, verdict.evaluated) == (Status.NOT_EVALUATED, 0)


@pytest.mark.parametrize("name", REPORTS)
def test_no_published_report_is_suspected(name: str) -> None:
    verdicts = judged("years", published(name), year=REPORTS[name]["year"])
    assert not failed(verdicts)
    assert sum(verdict.evaluated for verdict in verdicts) >= 8


def ours() -> Document:
    """The office's wording template with its years filled in, both branches of every condition."""
    text = re.sub(r"\{%.*?%\}", "", TEMPLATE.read_text(encoding="utf-8"))
    for words, filled in (("年", "2023"), ("上年", "2022"), ("下年", "2024")):
        text = text.replace("{{ " + words + " }}", filled)
    text = re.sub(r"\{\{ 比.*?\}\}", "比2022年减少2.27%", text)
    text = re.sub(r"\{\{.*?\}\}", "云麓", text)
    document, section = Document(), ""
    for line in text.splitlines():
        if line.startswith("= "):
            document = replace(document, title=document.title + line.removeprefix("= "))
        elif line.startswith("# "):
            section = line.removeprefix("# ")
        elif line and not line.startswith(("//", "常数", "[")):
            document = replace(document, passages=document.passages + passage(line.lstrip("# "), section).passages)
    return document


def stale(document: Document, year: int) -> list[Document]:
    """The document once for every place that names the year, with the year before it in that place."""
    found = re.compile(rf"{year}(?=\s*年)")

    def swapped(text: str) -> list[str]:
        return [f"{text[: m.start()]}{year - 1}{text[m.end() :]}" for m in found.finditer(text)]

    made = [replace(document, title=title) for title in swapped(document.title)]
    for index, one in enumerate(document.passages):
        made += [replaced(document, index, text) for text in swapped(one.text)]
    return made


def test_a_year_left_over_anywhere_is_found() -> None:
    """One place at a time is set back by a year, in every published report and in our own wording."""
    documents = [(published(name), report["year"]) for name, report in REPORTS.items()] + [(ours(), 2023)]
    places = [(mutant, year) for document, year in documents for mutant in stale(document, year)]
    escaped = [mutant for mutant, year in places if not failed(judged("years", mutant, year=year))]
    assert len(places) >= 50
    assert len(escaped) * 20 <= len(places)


def test_our_own_wording_is_not_suspected() -> None:
    assert not failed(judged("years", ours()))
