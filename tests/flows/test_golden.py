"""The main job on the demonstration body: a real run, held against the published report and the golden figures."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import docx
import pdfplumber
import pytest
from lxml import html

from tests.approving import REVIEWER
from tests.flows.conftest import Command, Ended, new_home
from yearbook.form.edition_2021 import TABLES

GOLDEN = Path(__file__).parents[1] / "golden"
PUBLISHED = json.loads((GOLDEN / "published_2023.json").read_text(encoding="utf-8"))
GOLDEN_COLUMNS = ("code", "name", "unit", "value", "base", "difference", "percent", "printed", "row_count")


@pytest.fixture(scope="module")
def demo_home(tmp_path_factory: pytest.TempPathFactory, demo_sources: Callable[[str], Path]) -> Path:
    return new_home(tmp_path_factory.mktemp("demo"), demo_sources("demo"))


@pytest.fixture(scope="module")
def ended(demo_home: Path, server: str, yearbook: Command) -> Ended:
    """The run, in a process of its own."""
    return yearbook("run", "demo", "2023", home=demo_home, PREFECT_API_URL=server)


@pytest.fixture(scope="module")
def folder(demo_home: Path, ended: Ended) -> Path:
    assert ended.code == 0, ended.err
    return demo_home / "out" / "demo" / "2023"


def figures(folder: Path) -> dict[str, dict[str, str]]:
    text = (folder / "figures.csv").read_text(encoding="utf-8-sig")
    return {row["code"]: row for row in csv.DictReader(io.StringIO(text, newline=""))}


def test_figures_equal_the_golden_file(folder: Path, request: pytest.FixtureRequest) -> None:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, GOLDEN_COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(figures(folder).values())
    golden = GOLDEN / "demo_2023.csv"
    if request.config.getoption("--rewrite-golden"):
        golden.write_text(text.getvalue(), encoding="utf-8")
    assert text.getvalue() == golden.read_text(encoding="utf-8")


def test_every_published_number_is_printed(folder: Path) -> None:
    """Text and tables of the web page, each number by the figure it claims."""
    page = html.fromstring((folder / "report.html").read_bytes())
    values: dict[str, set[str]] = {}
    changes: dict[str, set[str]] = {}
    for element in page.xpath("//main//data"):
        seen = changes if element.get("data-aspect") == "change" else values
        seen.setdefault(element.get("data-figure"), set()).add(element.text_content().strip())
    for code, text in {**PUBLISHED["printed"], **PUBLISHED["table_two"]}.items():
        assert values[code] == {text}, code
    for code, (_, percent) in PUBLISHED["changes"].items():
        assert changes[code] == {percent}, code
    text = page.xpath("string(//main)")
    for words, percent in PUBLISHED["changes"].values():
        assert words + percent in "".join(text.split())
    for fact in PUBLISHED["contact"]:
        assert fact in text


def test_tables_three_and_four_are_all_zero(folder: Path) -> None:
    found = figures(folder)
    cells = [cell.figure for number in (3, 4) for cell in TABLES[number].number_cells()]
    assert len(cells) == 190
    assert {found[code]["value"] for code in cells if code} == {"0"}


def test_the_word_file_says_the_same(folder: Path) -> None:
    document = docx.Document(str(folder / "report.docx"))
    text = "".join(paragraph.text for paragraph in document.paragraphs)
    for printed in PUBLISHED["printed"].values():
        assert printed in text
    for words, percent in PUBLISHED["changes"].values():
        assert words + percent in text
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert [row[1] for row in rows if row[0] in {"行政许可", "行政处罚", "行政强制", "行政事业性收费"}] == [
        "198716",
        "4596",
        "2389",
        "516.94",
    ]


def test_the_pdf_says_the_same(folder: Path) -> None:
    with pdfplumber.open(folder / "report.pdf") as pdf:
        text = "".join("".join((page.extract_text() or "").split()) for page in pdf.pages)
    for printed in PUBLISHED["printed"].values():
        assert printed in text
    for words, percent in PUBLISHED["changes"].values():
        assert words + percent in text
    assert "7.属于行政执法案卷" in text
    assert "转让登记" in text


def test_the_terminal_tells_steps_and_findings(ended: Ended) -> None:
    assert "提取 vehicles" in ended.err
    assert "1,576,328 行" in ended.err
    *findings, count, _, _, last = ended.out.strip().splitlines()
    assert last.startswith(f"已由{REVIEWER}批准，报告第 1 版在 ")
    assert count.startswith("指标 238 个")
    assert any("B-2" in line and "198716" in line for line in findings)
    assert not any("致命" in line for line in findings)
    # no honest report is accused: what is left is the doubt that the published report itself gives
    warned = {line.partition("）")[2].partition(" ")[0] for line in findings if line.startswith("警告（不通过）")}
    assert warned == {"B-2", "N-9"}
