"""A body that is no traffic police: its report from its own sources, with its own rules and its own words."""

import csv
import io
import json
import re
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
