"""The dictionary is fresh and complete; `make dictionary` writes it."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import get_args

import pytest

from tasks.library import Library
from yearbook.catalog import Code, Rule, Tie
from yearbook.catalog.rules import Check, Kind
from yearbook.errors import Refusal
from yearbook.report.code_lists import TREATMENTS
from yearbook.report.dictionary import write_dictionary
from yearbook.report.dictionary_rules import CHECKS
from yearbook.report.dictionary_ties import KINDS
from yearbook.verdict import Category, Severity


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
        owner = rule.owner or library.sources[rule.source].owner
        for text in (rule.severity.label, rule.extract, rule.say, rule.say_en, rule.do, *rule.columns, rule.where):
            assert text.replace("|", "\\|") in line
        assert line.endswith(f"| {owner} |")
        assert line.replace("\\|", "").count("|") == 8


def part_of(page: str, tie: Tie) -> str:
    return page.split(f"### {tie.code}\n")[1].split("\n##", maxsplit=1)[0]


def block_of(page: str, tie: Tie) -> list[str]:
    return part_of(page, tie).split("```text\n")[1].split("```")[0].splitlines()


def test_every_tie_stands_there(library: Library, page: str) -> None:
    for tie in library.ties:
        part = part_of(page, tie)
        for text in (tie.say, tie.say_en, tie.do, tie.basis, tie.severity.label, tie.category.label, KINDS[tie.kind]):
            assert text in part
        for text in (f"自 {tie.since} 年度", f"负责人：{tie.owner}", *tie.left, *tie.right, *tie.related):
            assert text.removeprefix("-") in part
        assert ("一并查看" in part) == bool(tie.related)
        assert ("限度" in part) == (tie.limit is not None)
        assert ("```" in part) == bool(tie.left)
        for line in block_of(page, tie) if tie.left else ():
            assert "_" not in line, "figures are named by name"


def test_an_equation_has_a_relation_and_other_rules_have_none(library: Library, page: str) -> None:
    for tie in library.ties:
        lines = block_of(page, tie) if tie.left else ()
        assert any(relation in line for line in lines for relation in "=≤≥") == (tie.kind == "equation")


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


def tie_with(**fields: object) -> Tie:
    given = {
        "code": "B-7",
        "category": Category.PLAUSIBILITY,
        "severity": Severity.WARNING,
        "say": "测试。",
        "say_en": "A test.",
        "do": "核对。",
        "owner": "测试科",
        "basis": "测试",
        "since": 2021,
    }
    return Tie.model_validate(given | fields)


def block(library: Library, **fields: object) -> list[str]:
    tie = tie_with(**fields)
    return block_of(written(library, ties=[tie]), tie)


def test_a_factor_a_base_and_a_sign_are_words(library: Library) -> None:
    [line] = block(
        library,
        left=("-7*base:drivers.total",),
        relation=">=",
        right=("200*vehicle_business.*", "-base:licensing_decisions"),
    )
    assert line == "- 7×上年的驾驶人保有量·合计 ≥ 200×Σ（机动车业务量·各分项） - 上年的行政许可处理决定"


def test_a_beginning_names_the_first_and_the_last_member(library: Library) -> None:
    lines = block(
        library,
        left=("applications_results.{group}_*.{who}",),
        right=("applications_results.total.{who}",),
        each={"group": ("unavailable", "unprocessed"), "who": ("research", "total")},
    )
    name, total = "政府信息公开申请办理结果", "政府信息公开申请办理结果·总计·〔who〕"
    unavailable = "本机关不掌握相关政府信息至补正后申请内容仍不明确（3 项）"
    unprocessed = "信访举报投诉类申请至要求行政机关确认或重新出具已获取信息（5 项）"
    assert lines == [
        f"Σ（{name}·{unavailable}·〔who〕） = {total}",
        f"Σ（{name}·{unprocessed}·〔who〕） = {total}",
        "〔who〕依次为：科研机构、总计",
    ]


def test_a_rule_on_single_cells_names_them_and_its_limits(library: Library) -> None:
    tie = tie_with(
        kind="outlier",
        left=("{list}.total",),
        right=("{list}.*",),
        each={"list": ("drivers",)},
        limit=Decimal("12.5"),
        least=37,
    )
    part = part_of(written(library, ties=[tie]), tie)
    assert "- 限度：变化超过 12.5%，而且相差不小于 37" in part
    assert part.split("```text\n")[1].startswith("驾驶人保有量·合计，各部分为 驾驶人保有量·各分项\n```")


def test_a_rule_on_everything_says_so(library: Library) -> None:
    shapes = ("*", "*.*", "*.total", "*.*.*", "*.*.total", "*.total.*", "*.total.total")
    assert block(library, kind="nil", left=shapes) == ["全部数字"]
    assert block(library, kind="nil", left=shapes[:1]) == ["各指标"]
    assert block(library, kind="nil", left=shapes[2:3]) == ["各指标·合计"]


def test_a_rule_on_the_text_has_no_figures(library: Library) -> None:
    tie = tie_with(kind="similar", limit=Decimal(43))
    part = part_of(written(library, ties=[tie]), tie)
    assert "- 限度：相同的文字超过 43%" in part
    assert "数字代码" not in part
    assert "```" not in part


def rule_with(check: str, **fields: object) -> Rule:
    given = {
        "code": "FEE-91",
        "source": "fees",
        "extract": "fee_line",
        "check": check,
        "severity": Severity.WARNING,
        "say": "测试。",
        "say_en": "A test.",
        "do": "核对。",
        "columns": ("item",),
    }
    return Rule.model_validate(given | fields)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (rule_with("schema", columns=()), "列名、次序和类型与契约一致"),
        (rule_with("volume", columns=(), low=47, high=211), "行数与上年之比不小于 47%，不大于 211%"),
        (rule_with("unique", columns=("item", "paid_on")), "各列合起来不重复"),
        (rule_with("made_of_codes", codes="plate_class"), "由代码表 `plate_class` 中的一个或几个代码连写而成"),
        (
            rule_with("counts", codes="plate_class", treated="not_counted", tolerance=Decimal("2.5")),
            "不是代码表 `plate_class` 中归入 `not_counted`（不计）的代码；不符的不超过 2.5% 算通过",
        ),
        (rule_with("check_digit"), "十八位身份号码的校验码和出生日期正确"),
        (
            rule_with("present_when", codes="plate_class", treated="car", columns=("item", "paid_on")),
            "前一列含代码表 `plate_class` 中归入 `car` 的代码时，后一列不为空",
        ),
        (rule_with("refers_to", refers_to="fee_line.serial"), "在 `fee_line.serial` 中有同样的值"),
        (
            rule_with("holds", condition="amount_yuan > 3", where="item = 'a|b'", base=False),
            "满足 `amount_yuan > 3`，不能判断的不计；只查 `item = 'a\\|b'` 的行；不查上年基数",
        ),
        (
            rule_with("expectation", expectation="ExpectThat", arguments={"value_set": ["甲", "乙"], "mostly": 1}),
            'Great Expectations 的 `ExpectThat`，`value_set` 为 `["甲", "乙"]`，`mostly` 为 `1`',
        ),
    ],
    ids=lambda value: value.check if isinstance(value, Rule) else "",
)
def test_a_check_has_words(library: Library, rule: Rule, words: str) -> None:
    page = written(library, rules=[rule])
    [line] = [line for line in page.splitlines() if line.startswith("| FEE-91 |")]
    assert f"| {words} |" in line


def test_the_owner_of_a_rule_goes_before_the_source_s(library: Library) -> None:
    page = written(library, rules=[rule_with("not_null", owner="稽核岗")])
    [line] = [line for line in page.splitlines() if line.startswith("| FEE-91 |")]
    assert line.endswith("| 稽核岗 |")


def test_every_check_and_kind_has_words() -> None:
    assert set(CHECKS) == set(get_args(Check))
    assert set(KINDS) == set(get_args(Kind))


@pytest.mark.parametrize("term", ["motor_vehicle.*", "motor_vehicles", "motor_vehicles.car.total"])
def test_a_tie_that_names_no_figure_is_refused(library: Library, term: str) -> None:
    with pytest.raises(Refusal, match="不存在的数字"):
        written(library, ties=[tie_with(left=(term,))])


def test_an_indicator_without_its_source_is_refused(library: Library) -> None:
    sources = {code: source for code, source in library.sources.items() if code != "fees"}
    with pytest.raises(Refusal, match="来源 fees 不存在"):
        written(library, sources=sources)
