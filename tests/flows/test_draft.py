"""The office's command: check, names, and a draft from the newest run."""

import io
from pathlib import Path

from docx import Document

from tests.flows.conftest import Command, tree

NEWEST = "draft", "yunlu", "2023"


def test_a_draft_needs_a_run_and_the_check_does_not(here: Command, home: Path) -> None:
    ended = here(*NEWEST, home=home)
    assert ended.code == 2
    assert "没有 2023 年的运行记录" in ended.err
    assert "yearbook run yunlu 2023" in ended.err
    checked = here(*NEWEST, "--check", home=home)
    assert checked.code == 0
    assert checked.out.startswith("通过：deployments/wording/traffic_police.txt")
    names = here(*NEWEST, "--names", home=home)
    assert "机动车保有量\t辆\t—" in names.out


def test_a_draft_has_the_figures_of_the_newest_run_and_publishes_nothing(here: Command, home: Path) -> None:
    assert here("run", "yunlu", "2023", home=home).code in {0, 1}
    published = tree(home / "out") if (home / "out").exists() else {}
    ended = here(*NEWEST, home=home)
    assert ended.code == 0, ended.err
    folder = home / "drafts" / "yunlu" / "2023"
    first = tree(folder)
    assert set(first) == {"report.docx", "report.html", "report.pdf"}
    word = Document(io.BytesIO(first["report.docx"]))
    assert "草稿" in word.paragraphs[0].text
    questions = [line for line in ended.out.splitlines() if line.startswith("待说明 ")]
    assert [f"待说明 {comment.text}" for comment in word.comments] == questions
    assert ended.out.rstrip().endswith(f"待说明 {len(questions)} 处")
    assert here(*NEWEST, home=home).code == 0
    assert tree(folder) == first
    assert (tree(home / "out") if (home / "out").exists() else {}) == published
    assert "机动车保有量\t辆\t—" not in here(*NEWEST, "--names", home=home).out
