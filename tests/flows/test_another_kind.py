"""A body that is no traffic police: its report from its own sources, with its own rules and its own words."""

import csv
import io
import json
import re
import shutil
import tomllib
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from tests.flows.conftest import Command, Ended, new_home
from yearbook.form.edition_2021 import TABLES

PROJECT = Path(__file__).parents[2]
# words and codes of the other kind of body
STRANGE = re.compile(r"机动车|警情|交警|车驾管|驾驶|大队|号牌|VEH-\d|INC-0\d|B-1a|sql/vehicles|sql/incidents")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, demo_sources: Callable[[str], Path]) -> Path:
    return new_home(tmp_path_factory.mktemp("market"), demo_sources("qinghe"))


@pytest.fixture(scope="module")
def ended(home: Path, here: Command) -> Ended:
    return here("run", "qinghe", "2023", home=home)


@pytest.fixture(scope="module")
def folder(home: Path, ended: Ended) -> Path:
    assert ended.code == 0, ended.out + ended.err
    return home / "out" / "qinghe" / "2023"


def figures(folder: Path) -> dict[str, dict[str, str]]:
    text = (folder / "figures.csv").read_text(encoding="utf-8-sig")
    return {row["code"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_it_is_published_without_a_failed_rule_of_weight(ended: Ended, folder: Path) -> None:
    told = ended.out.splitlines()
    assert not [line for line in told if line.startswith(("致命", "警告（不通过）"))]
    assert json.loads((folder / "figures.json").read_text(encoding="utf-8"))["body"]["code"] == "qinghe"


def test_the_figures_are_those_of_the_plan(folder: Path) -> None:
    plan = tomllib.loads((PROJECT / "deployments" / "demo" / "qinghe.toml").read_text(encoding="utf-8"))
    found = figures(folder)
    for year, column in (("2023", "value"), ("2022", "base")):
        counts = plan["years"][year]
        for group in ("market_entities", "registration_business", "complaints", "published_items"):
            for member, count in counts[group].items():
                assert found[f"{group}.{member}"][column] == str(count)
        for code in ("licensing_decisions", "penalty_decisions", "compulsion_measures"):
            assert found[code][column] == str(counts[code]["total"])
        assert found["administrative_fees"][column] == counts["administrative_fees"]["total"]
        total = counts["complaints"]["complaint"] + counts["complaints"]["report"]
        assert found["complaints.received"][column] == str(total)
    assert not any(code.startswith(("motor_vehicles", "drivers", "incidents")) for code in found)


def test_the_form_is_filled_from_its_own_sources(folder: Path) -> None:
    found = figures(folder)
    document = docx.Document(str(folder / "report.docx"))
    for table, drawn in zip(TABLES.values(), document.tables, strict=True):
        for cell in table.number_cells():
            assert cell.figure is not None
            printed = found[cell.figure]["printed"]
            assert drawn.cell(cell.row, cell.column).text == re.sub(r"[^\d.]", "", printed), cell.address


def test_nothing_of_the_other_kind_of_body_stands_on_any_page(folder: Path) -> None:
    pages = [folder / "report.html", folder / "figures.csv", folder / "figures.json", *(folder / "audit").iterdir()]
    for page in pages:
        found = STRANGE.search(page.read_text(encoding="utf-8"))
        assert found is None, (page.name, found)
    text = "".join(paragraph.text for paragraph in docx.Document(str(folder / "report.docx")).paragraphs)
    assert "经营主体31001户" in text
    assert STRANGE.search(text) is None


def test_its_findings_name_its_own_people(home: Path, folder: Path, here: Command) -> None:
    listed = here("findings", "qinghe", "2023", "--all", home=home)
    assert "负责人：办公室" in listed.out
    assert "大队综合办" not in listed.out


def test_rows_of_a_rule_that_it_is_not_asked_are_refused(
    home: Path, folder: Path, here: Command, tmp_path: Path
) -> None:
    refused = here("rows", "qinghe", "2023", "VEH-22", str(tmp_path / "rows.csv"), home=home)
    assert refused.code == 2
    assert "机构 qinghe 没有登记来源 vehicles，规则 VEH-22 没有问过它" in refused.out + refused.err


NEW_KIND = {
    "sql/sources.toml": """
[sampling]
name = "监督抽检台账"
kind = "export"
owner = "质量监督股"

[sampling.extracts.sampling_record]
name = "抽检记录"
per_year = false
key = ["sample_number"]
[sampling.extracts.sampling_record.columns]
sample_number = "code"
sampled_on = "date"
""",
    "sql/indicators.toml": """
[samplings]
name = "监督抽检"
source = "sampling"
extracts = ["sampling_record"]
unit = "件"
wording = "exact"
definition = "报告年度内抽取的样品件数。"
basis = "《产品质量法》第十五条"
""",
    "sql/sampling/columns.csv": """extract,column,since,header
sampling_record,sample_number,2008,样品编号
sampling_record,sampled_on,2008,抽样日期
""",
    "sql/sampling/samplings.sql": """-- 监督抽检：报告年度内抽取的样品。
-- 参数：:year_start、:year_end，北京时间，前闭后开。单位：件。
-- 不计：无。
select
    count(*) as value,
    count(*) as row_count
from sampling_record as t
where
    t.sampled_on >= :year_start
    and t.sampled_on < :year_end
""",
    "expectations/sampling.toml": """[SMP-01]
extract = "sampling_record"
check = "row_count"
severity = "fatal"
low = 1
say = "抽检记录至少有一条。"
say_en = "The sampling records are not empty."
do = "请质量监督股重新交来。"
""",
}


@pytest.fixture
def third_kind(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a kind of body that the program has never heard of, and a home with its sources."""
    project = tmp_path / "project"
    for name in ("sql", "expectations", "deployments"):
        shutil.copytree(PROJECT / name, project / name)
    for name, text in NEW_KIND.items():
        path = project / name
        path.parent.mkdir(exist_ok=True)
        path.write_text((path.read_text(encoding="utf-8") if path.exists() else "") + text, encoding="utf-8")
    agencies, wording = project / "deployments" / "agencies", project / "deployments" / "wording"
    agency = (agencies / "qinghe.toml").read_text(encoding="utf-8").replace("market_supervision", "quality")
    agency = re.sub(r'\[sources\.market\]\n.*?\n\n|"车驾管业务窗口" = .*?\n', "", agency, flags=re.DOTALL)
    located = '\n[sources.sampling]\nfile = "{home}/sampling_{year}.csv"\ncomplete_from = 2022\n'
    (agencies / "quality.toml").write_text(agency + located, encoding="utf-8")
    template = (wording / "market_supervision.txt").read_text(encoding="utf-8")
    words = '### 1.监督抽检\n\n{{ 年 }}年，监督抽检{{ 数("监督抽检") }}，{{ 比("监督抽检") }}。\n\n# 二、'
    template = re.sub(r"### 1\.经营主体.*?# 二、", lambda _: words, template, flags=re.DOTALL)
    template = template.replace(" | 12315", "")
    (wording / "quality.txt").write_text(template, encoding="utf-8")
    for year, rows in ((2022, 40), (2023, 53)):
        lines = [f"S{year}{n:04d},{year}-{n % 12 + 1:02d}-{n % 28 + 1:02d}" for n in range(rows)]
        (home / f"sampling_{year}.csv").write_text("\n".join(("样品编号,抽样日期", *lines, "")), encoding="utf-8")
    monkeypatch.setenv("YEARBOOK_PROJECT", str(project))
    return home


def test_a_kind_of_body_that_nobody_wrote_a_program_for_reports_from_its_own_source(
    third_kind: Path, here: Command
) -> None:
    checked = here("check", home=third_kind)
    assert checked.code == 0, checked.out + checked.err
    assert "机构 quality：来源 6 个，指标 13 个" in checked.out
    ended = here("run", "quality", "2023", home=third_kind)
    assert ended.code == 0, ended.out + ended.err
    report = third_kind / "out" / "quality" / "2023"
    assert figures(report)["samplings"]["printed"] == "53件"
    text = "".join(paragraph.text for paragraph in docx.Document(str(report / "report.docx")).paragraphs)
    assert "监督抽检53件，比2022年增加32.50%。" in text
    assert not any(code.startswith(("market_entities", "motor_vehicles")) for code in figures(report))
