"""The template as editors save it, and its check with the settings of a body."""

import subprocess
import sys
from pathlib import Path

import pytest

from tasks.agency import load_agency
from tasks.library import load_library
from tasks.texts import read_wording
from tasks.wording import check, facts_of, load_wording, require_wording
from yearbook.errors import Refusal
from yearbook.form.edition_2021 import SECTIONS
from yearbook.period import ReportYear

PROJECT = Path(__file__).parents[2]
TEXT = (PROJECT / "deployments" / "wording" / "traffic_police.txt").read_text(encoding="utf-8")
LIBRARY = load_library(PROJECT)
AGENCY, _ = load_agency(PROJECT, "yunlu")
YEAR = ReportYear(2023)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_template_reads_the_same_in_whatever_encoding_it_was_saved(
    tmp_path: Path, encoding: str, ending: str
) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(TEXT.replace("\n", ending).encode(encoding))
    assert read_wording(path, "a.txt", proof=SECTIONS[0]) == TEXT


def test_a_damaged_template_is_refused_with_its_row(tmp_path: Path) -> None:
    data = TEXT.encode()
    place = data.index("本报告".encode())
    path = tmp_path / "a.txt"
    path.write_bytes(data[: place + 1] + b"\xff" + data[place + 2 :])
    row = data[:place].count(b"\n") + 1
    with pytest.raises(Refusal, match=f"a.txt 第 {row} 行不是 UTF-8 编码"):
        read_wording(path, "a.txt", proof=SECTIONS[0])
    path.write_bytes(TEXT.encode("utf-16")[:-1])
    with pytest.raises(Refusal, match="不是完整的 UTF-16"):
        read_wording(path, "a.txt", proof=SECTIONS[0])


@pytest.mark.parametrize("body", sorted(path.stem for path in (PROJECT / "deployments" / "agencies").glob("*.toml")))
def test_every_template_that_is_delivered_passes(body: str) -> None:
    agency, _ = load_agency(PROJECT, body)
    checked = check(load_wording(PROJECT, agency), agency, LIBRARY, YEAR)
    assert checked.faults == ()


def test_a_year_before_the_sources_has_no_changes() -> None:
    checked = check(TEXT, AGENCY, LIBRARY, ReportYear(2022))
    assert checked.passed
    assert {fault.what for fault in checked.faults} == {
        f"“{name}”没有上年数，比(…) 只会印出“无可比数据”" for name in ("机动车业务量", "驾驶证业务量")
    }


def test_a_run_refuses_the_first_fault_and_tells_how_to_see_all() -> None:
    text = TEXT.replace("# 一、总体情况", "# 总体情况\n开会5次，另有6次。")
    with pytest.raises(Refusal) as refusal:
        require_wording(text, AGENCY, LIBRARY, YEAR)
    line = TEXT[: TEXT.index("# 一、总体情况")].count("\n") + 1
    assert f"第 {line} 行" in refusal.value.what
    assert "另有 3 处，用 yearbook draft yunlu 2023 --check" in refusal.value.what


def test_explanations_of_one_cell_are_joined() -> None:
    entries = """
[[explanation]]
body = "yunlu"
year = 2023
cell = "licensing_decisions"
scope = "全市"
text = "甲"
owner = "某"
[[explanation]]
body = "yunlu"
year = 2023
cell = "licensing_decisions"
counting = "含上年度结转"
text = "乙"
owner = "某"
"""
    library = type(LIBRARY)(LIBRARY.texts | {"expectations/waivers.toml": entries})
    assert facts_of(AGENCY, library, 2023).explanations == {"licensing_decisions": "甲；乙"}
    assert facts_of(AGENCY, library, 2022).explanations == {}


def test_checking_imports_neither_scheduler_nor_database() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from flows.cli import main;"
        "result = CliRunner().invoke(main, ['draft', 'yunlu', '2023', '--check']);"
        "assert result.exit_code == 0, result;"
        "print([name for name in ('prefect', 'great_expectations', 'sqlalchemy', 'duckdb', 'pandas', 'docx', 'typst')"
        " if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
