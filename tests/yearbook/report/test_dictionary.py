"""The dictionary is fresh and complete; `make dictionary` writes it."""

from datetime import date
from pathlib import Path

import pytest

from tasks.library import Library
from yearbook.catalog import Code
from yearbook.errors import Refusal
from yearbook.report.code_lists import TREATMENTS
from yearbook.report.dictionary import write_dictionary


def written(library: Library, **other: object) -> str:
    parts = {name: getattr(library, name) for name in ("indicators", "sources", "rules", "ties", "codes")}
    return write_dictionary(**(parts | other))


@pytest.fixture(scope="module")
def page(library: Library) -> str:
    return written(library)


def test_the_page_in_docs_is_fresh(project: Path, page: str) -> None:
    kept = (project / "docs" / "dictionary.md").read_text(encoding="utf-8")
    assert kept == page, "docs/dictionary.md 已过期，请执行 make dictionary"


def test_the_same_catalogue_gives_the_same_page(library: Library, page: str) -> None:
    backwards = dict(reversed(library.codes.items()))
    assert written(library, codes=backwards) == page


def test_every_indicator_stands_there(library: Library, page: str) -> None:
    for indicator in library.indicators.values():
        [part] = [p for p in page.split("\n### ") if p.startswith(f"{indicator.name} `{indicator.code}`")]
        for text in (indicator.unit.value, indicator.definition, indicator.basis, f"sql/{indicator.sql_name}"):
            assert text in part
        for labels in indicator.members.values():
            assert all(label in part for code, label in labels.items() if code != "total")
        for rule in library.rules:
            assert (rule.code in part) == (rule.extract in indicator.extracts)


def test_every_figure_of_one_dimension_stands_there_by_code_and_name(library: Library, page: str) -> None:
    for indicator in library.indicators.values():
        if len(indicator.members) == 1:
            for members in indicator.combinations():
                assert f"| `{indicator.figure_code(members)}` | {indicator.figure_name(members)} |" in page


def test_every_extract_and_column_stands_there(library: Library, page: str) -> None:
    for source in library.sources.values():
        for extract in source.extracts:
            part = page.split(f"#### {extract.name} `{extract.code}`")[1].split("\n#", maxsplit=1)[0]
            for column in extract.columns:
                [line] = [line for line in part.splitlines() if line.startswith(f"| `{column.name}` |")]
                assert ("可为空" in line) != column.required
                assert line.endswith("| 是 |") == column.personal


def test_what_was_agreed_on_an_export_stands_there(library: Library) -> None:
    source = library.sources["fees"]
    agreed = {
        "clean": frozenset({"thousands", "blanks"}),
        "units": {"amount_yuan": "万元"},
        "fill_down": frozenset({"item"}),
        "year_column": "paid_on",
        "one_year": True,
        "may_be_empty": True,
        "control": True,
    }
    extract = source.extracts[0].model_copy(update=agreed)
    page = written(library, sources={**library.sources, "fees": source.model_copy(update={"extracts": (extract,)})})
    part = page.split(f"#### {extract.name} `{extract.code}`")[1].split("\n#", maxsplit=1)[0]
    for line in (
        "- 可以整理：去掉首尾空白、去掉千分位",
        "- 单位：`amount_yuan` 万元",
        "- 合并单元格：`item`",
        "- 年度：看列 `paid_on`，每一行都在该年",
        "- 没有行：可以",
        "- 控制数：须随文件交来合计或行数",
    ):
        assert line in part.splitlines()


def test_every_rule_stands_there(library: Library, page: str) -> None:
    for rule in library.rules:
        [line] = [line for line in page.splitlines() if line.startswith(f"| {rule.code} |")]
        for text in (rule.severity.label, rule.extract, rule.say, rule.say_en, rule.do, *rule.columns):
            assert text in line
        assert line.replace("\\|", "").count("|") == 7


def test_every_tie_stands_there(library: Library, page: str) -> None:
    for tie in library.ties:
        part = page.split(f"### {tie.code}\n")[1].split("\n##", maxsplit=1)[0]
        for text in (tie.say, tie.do, tie.basis, tie.severity.label, f"自 {tie.since} 年度", *tie.left, *tie.right):
            assert text.removeprefix("-") in part
        equation = part.split("```text\n")[1].split("```")[0].splitlines()[0]
        assert any(relation in equation for relation in "=≤≥")
        assert "_" not in equation.split("〔")[0], "an equation in words names figures by name"


def code_part(page: str, name: str) -> str:
    return page.split(f"### `{name}`\n")[1].split("\n### ", maxsplit=1)[0]


def test_every_code_stands_there_with_its_source_and_date(library: Library, page: str) -> None:
    for name, entries in library.codes.items():
        part = code_part(page, name)
        above, _, rows = part.partition("| ---")
        for entry in entries:
            [line] = [line for line in rows.splitlines() if line.startswith(f"| `{entry.code}` | {entry.name} |")]
            assert f"`{entry.counts_as}`" in line
            for text in (entry.source, entry.since.isoformat(), entry.note):
                assert text in line or text in above, (name, entry.code)


def test_source_and_date_stand_once_where_they_agree_and_by_code_where_they_differ(page: str) -> None:
    same, differ = code_part(page, "vehicle_status"), code_part(page, "plate_class")
    assert same.count("GA/T 16.17") == 1 == same.count("起：2012-07-31")
    assert "| 出处 |" not in same
    assert "| 出处 | 起 |" in differ
    assert "| `51` | 大型新能源汽车 | `car` | GA/T 16.7 机动车号牌种类代码 | 2016-12-01 |" in differ
    assert "| `31` | 武警号牌 | `not_counted` 不计 |" in differ


def test_an_end_is_told(library: Library) -> None:
    first, *rest = library.codes["case_route"]
    ended = first.model_copy(update={"until": date(2029, 8, 7)})
    part = code_part(written(library, codes={"case_route": [ended, *rest]}), "case_route")
    assert [("2029-08-07" in line) for line in part.splitlines() if line.startswith("| `")] == [True, False, False]


def test_a_pattern_names_its_code_list(library: Library, page: str) -> None:
    for rule in library.rules:
        [line] = [line for line in page.splitlines() if line.startswith(f"| {rule.code} |")]
        assert not rule.codes or f"`{rule.codes}`" in line
        assert not rule.codes or rule.code in code_part(page, rule.codes)


def test_every_treatment_has_words() -> None:
    assert set(TREATMENTS) == Code.TREATMENTS


def test_an_equation_reads_as_a_sentence(page: str) -> None:
    assert "Σ（机动车保有量·各分项） = 机动车保有量·合计" in page
    assert "Σ（规章和行政规范性文件·规章·各分项） = 0" in page
    assert "交通事故类警情·简易程序 + 交通事故类警情·一般程序 ≤ 交通事故类警情·接处警" in page
    assert " - 规章和行政规范性文件·〔kind〕·本年废止件数" in page
    assert "= 上年的结转下年度继续办理·〔applicant〕" in page


@pytest.mark.parametrize("term", ["motor_vehicle.*", "motor_vehicles", "motor_vehicles.car.total"])
def test_a_tie_that_names_no_figure_is_refused(library: Library, term: str) -> None:
    tie = library.ties[0].model_copy(update={"left": (term,), "each": {}, "right": ()})
    with pytest.raises(Refusal, match="不存在的数字"):
        written(library, ties=[tie])


def test_an_indicator_without_its_source_is_refused(library: Library) -> None:
    sources = {code: source for code, source in library.sources.items() if code != "fees"}
    with pytest.raises(Refusal, match="来源 fees 不存在"):
        written(library, sources=sources)
