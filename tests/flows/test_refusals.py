"""What a run refuses, what blocks it, and that the report that stood there before still stands."""

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from tests.flows.conftest import Command, tree

BEFORE = {"report.html": b"last year's edition", "audit/index.html": b"and its page"}


def report_folder(home: Path) -> Path:
    return home / "out" / "yunlu" / "2023"


@pytest.fixture
def reported(home: Path) -> Path:
    """A home in which a report stands already."""
    for name, data in BEFORE.items():
        path = report_folder(home) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return home


def test_a_year_without_a_base_prints_words(home: Path, here: Command) -> None:
    ended = here("run", "yunlu", "2022", home=home)
    assert ended.code == 0, ended.err
    document = docx.Document(str(home / "out" / "yunlu" / "2022" / "report.docx"))
    text = "".join(paragraph.text for paragraph in document.paragraphs)
    assert text.count("2021年无可比数据") == 2
    assert "%" not in text


def drop(name: str) -> Callable[[Path], None]:
    return lambda sources: (sources / name).unlink()


def sql(file: str, statement: str) -> Callable[[Path], None]:
    def spoil(sources: Path) -> None:
        with sqlite3.connect(sources / file) as database:
            database.execute(statement)

    return spoil


def header(old: str, new: str) -> Callable[[Path], None]:
    def spoil(sources: Path) -> None:
        path = sources / "portal_2023.csv"
        path.write_bytes(path.read_bytes().replace(old.encode("gb18030"), new.encode("gb18030"), 1))

    return spoil


def last_years(name: str) -> Callable[[Path], None]:
    return lambda sources: (sources / f"{name}_2023.xlsx").write_bytes((sources / f"{name}_2022.xlsx").read_bytes())


def nothing(_sources: Path) -> None:
    return


@pytest.mark.parametrize(
    ("spoil", "arguments", "words"),
    [
        (drop("vehicles.sqlite"), ("yunlu", "2023"), ("vehicles.sqlite", "不存在")),
        (drop("fees_2023.xlsx"), ("yunlu", "2023"), ("fees_2023.xlsx", "不存在")),
        (sql("vehicles.sqlite", "alter table VEH_FLOW rename column YWLX to YWLX2"), ("yunlu", "2023"), ("YWLX",)),
        (sql("enforcement.sqlite", "drop table XZQZ_MEASURE"), ("yunlu", "2023"), ("XZQZ_MEASURE",)),
        (header("栏目", "栏目名"), ("yunlu", "2023"), ("portal_2023.csv", "缺少 栏目", "多出 栏目名")),
        (last_years("register"), ("yunlu", "2023"), ("register_2023.xlsx", "register_2022.xlsx", "内容完全相同")),
        (nothing, ("yunlu", "2024"), ("2024", "2022—2023")),
        (nothing, ("yunlu", "1999"), ("1999", "2008")),
        (nothing, ("yunlu", "2999"), ("2999", "尚未开始")),
        (nothing, ("nobody", "2023"), ("nobody", "demo")),
        (nothing, ("../demo", "2023"), ("../demo",)),
    ],
    ids=[
        "database-gone", "file-gone", "column-renamed", "table-gone", "header-renamed", "last-years-file",
        "year-not-covered", "year-too-early", "year-in-future", "unknown-body", "body-is-a-path",
    ],
)  # fmt: skip
def test_a_mistake_ends_in_one_line_and_leaves_the_report(
    reported: Path,
    here: Command,
    spoil: Callable[[Path], None],
    arguments: tuple[str, str],
    words: tuple[str, ...],
) -> None:
    spoil(reported / "demo" / "yunlu")
    ended = here("run", *arguments, home=reported)
    assert ended.code == 2
    [line] = [line for line in ended.err.splitlines() if line.startswith("拒绝：")]
    assert all(word in line for word in words), line
    assert "处理办法：" in line
    assert "Traceback" not in ended.err + ended.out
    assert tree(report_folder(reported)) == BEFORE


UNKNOWN_CODE = """
update VEH_FLOW set YWLX = 'Z '
where LSH = (select min(LSH) from VEH_FLOW where LSZT = '2' and BJRQ >= '2023-06-01' and BJRQ < '2023-07-01')
"""


def carry_over_last_year(sources: Path) -> None:
    """Leave an application of last year open in last year's register, of which this year's knows nothing."""
    path = sources / "register_2022.xlsx"
    book = openpyxl.load_workbook(path)
    book["依申请公开"].append(["2022-999", date(2022, 5, 4), "自然人", "某", "1", "某", None, None, None])
    book.save(path)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (sql("vehicles.sqlite", UNKNOWN_CODE), "VEH-04"),
        (carry_over_last_year, "XY-1"),
    ],
    ids=["unknown-code", "carry-over-broken"],
)
def test_a_fatal_finding_blocks_and_leaves_the_report(
    reported: Path, here: Command, spoil: Callable[[Path], None], code: str
) -> None:
    spoil(reported / "demo" / "yunlu")
    ended = here("run", "yunlu", "2023", home=reported)
    assert ended.code == 1, ended.err
    assert any(line.startswith("致命（不通过）") and code in line for line in ended.out.splitlines())
    assert "未发布" in ended.out
    assert tree(report_folder(reported)) == BEFORE
    page = (reported / "blocked" / "yunlu" / "2023" / "audit" / "index.html").read_text(encoding="utf-8")
    assert code in page
    with sqlite3.connect(reported / "store" / "audit.db") as store:
        assert store.execute("select state from run order by id desc limit 1").fetchone() == ("blocked",)


def test_a_document_that_prints_another_digit_is_not_published(
    reported: Path, here: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A writer that slips by one digit: the finished page is read back, and nothing is published."""
    from yearbook.report import html

    write = html.write_html
    monkeypatch.setattr(
        html, "write_html", lambda report: write(report).replace("第711号".encode(), "第717号".encode())
    )
    ended = here("run", "yunlu", "2023", home=reported)
    assert ended.code == 1, ended.err
    [line] = [line for line in ended.out.splitlines() if line.startswith("致命（不通过）")]
    assert "R-1" in line
    assert "report.html 第" in line
    assert "711" in line
    assert "717" in line
    assert tree(report_folder(reported)) == BEFORE


def test_a_mistake_in_a_process_of_its_own(home: Path, server: str, yearbook: Command) -> None:
    """Exit code and the one line as a shell sees them, and no trace of the mistake in the output folder."""
    ended = yearbook("run", "yunlu", "2999", home=home, PREFECT_API_URL=server)
    assert ended.code == 2
    assert ended.err.count("拒绝：") == 1
    assert "尚未开始" in ended.err
    assert "Traceback" not in ended.err
    assert not (home / "out").exists()
