"""A person other than the operator approves exactly what was submitted; anything changed since voids it."""

import json
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.approving import REVIEWER
from tests.flows.conftest import Command, Ended, new_home, surroundings, tree
from tests.flows.test_refusals import UNKNOWN_CODE

PROJECT = Path(__file__).parents[2]
OTHER = "另一审核人"


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory, demo_sources: Callable[[str], Path], here: Command) -> Path:
    """A home in which the small body's report awaits approval."""
    home = new_home(tmp_path_factory.mktemp("submitted"), demo_sources("yunlu"))
    ended = here("run", "yunlu", "2023", home=home, approve=False)
    assert ended.code == 0, ended.err
    assert "等待审核，报告在 " in ended.out
    shutil.copytree(home, home.parent / "kept")
    return home


@pytest.fixture
def spoilt(submitted: Path) -> Path:
    """That home as it was, to be spoilt at will, with a project folder of its own beside it.

    It stays where it is, because a submission names the folder it will be published in.
    """
    shutil.rmtree(submitted)
    shutil.copytree(submitted.parent / "kept", submitted)
    project = submitted.parent / "project"
    shutil.rmtree(project, ignore_errors=True)
    for name in ("sql", "expectations", "deployments"):
        shutil.copytree(PROJECT / name, project / name)
    return submitted


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, here: Command) -> Command:
    """The command with the project folder beside the home, where there is one."""

    def run(*arguments: str, home: Path) -> Ended:
        project = home.parent / "project"
        monkeypatch.setenv("YEARBOOK_PROJECT", str(project if project.is_dir() else PROJECT))
        return here(*arguments, home=home, approve=False)

    return run


def code_of(home: Path, ask: Command) -> str:
    code = ask("review", "yunlu", "2023", "--code", home=home).out.strip()
    assert re.fullmatch(r"[0-9a-f]{12}", code)
    return code


def rows(home: Path, table: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "store" / "audit.db") as store:
        return store.execute(f"select * from {table}").fetchall()


def approve(home: Path, ask: Command, name: str = REVIEWER, code: str = "") -> Ended:
    return ask("approve", "yunlu", "2023", code or code_of(home, ask), "--name", name, home=home)


def require_nothing_published(home: Path) -> None:
    assert rows(home, "publication") == []
    assert not (home / "out").exists()


def test_nothing_is_published_before_a_person_says_yes(submitted: Path) -> None:
    require_nothing_published(submitted)
    shown = tree(submitted / "review" / "yunlu" / "2023")
    assert {"report.docx", "report.pdf", "report.html", "audit/index.html"} <= set(shown)


def test_what_is_approved_is_what_was_shown(spoilt: Path, ask: Command) -> None:
    shown = tree(spoilt / "review" / "yunlu" / "2023")
    done = approve(spoilt, ask)
    assert done.code == 0, done.err
    assert tree(spoilt / "out" / "yunlu" / "2023") == shown
    assert not (spoilt / "review" / "yunlu" / "2023").exists(), "what is published no longer awaits anybody"
    [(run_id, decision, name, reason, _, record)] = rows(spoilt, "approval")
    assert (run_id, decision, name, reason) == (1, "approved", REVIEWER, "")
    kept = json.loads((spoilt / "store" / "blobs" / "sha256" / str(record)[:2] / str(record)).read_text())
    assert (kept["name"], kept["operator"], kept["decision"]) == (REVIEWER, "测试", "approved")
    again = approve(spoilt, ask)
    assert again.code == 0
    assert "文件夹中已经是这一版" in again.out
    assert len(rows(spoilt, "publication")) == 1


@pytest.mark.parametrize(
    ("name", "code", "words"),
    [
        (REVIEWER, "0" * 12, "核对码“000000000000”不是 yunlu 2023 年最近送审的那一份"),
        ("路人", "", "“路人”不是 yunlu 登记的审核人"),
        ("测试", "", "“测试”就是这次运行的经办人"),
    ],
)
def test_a_wrong_approval_is_refused(spoilt: Path, ask: Command, name: str, code: str, words: str) -> None:
    if name == "测试":
        _let_review(spoilt, "测试")
    ended = approve(spoilt, ask, name, code)
    assert ended.code == 2
    assert words in ended.err
    require_nothing_published(spoilt)


def _let_review(home: Path, name: str) -> None:
    """Register a reviewer; it changes the body's file, which is looked at after the person is."""
    agency = home.parent / "project" / "deployments" / "agencies" / "yunlu.toml"
    agency.write_text(agency.read_text().replace(f'["{REVIEWER}"]', f'["{REVIEWER}", "{name}"]'))


def test_a_rejection_says_why_and_stands(spoilt: Path, ask: Command) -> None:
    code = code_of(spoilt, ask)
    bare = ask("reject", "yunlu", "2023", code, "--name", REVIEWER, "--reason", "不", home=spoilt)
    assert (bare.code, "退回要写明理由" in bare.err) == (2, True)
    sent = ask("reject", "yunlu", "2023", code, "--name", REVIEWER, "--reason", "第二部分还是上年的文字", home=spoilt)
    assert sent.code == 0, sent.err
    later = approve(spoilt, ask)
    assert later.code == 2
    assert f"已由{REVIEWER}退回" in later.err
    require_nothing_published(spoilt)
    assert "已退回" in ask("status", "yunlu", "2023", home=spoilt).out


CHANGES = {
    "wording": "deployments/wording/traffic_police.txt",
    "rule": "expectations/waivers.toml",
    "body": "deployments/agencies/yunlu.toml",
    "query": "sql/vehicles/probe.sql",
}


@pytest.mark.parametrize("name", CHANGES.values(), ids=CHANGES.keys())
def test_a_text_changed_since_voids_it(spoilt: Path, ask: Command, name: str) -> None:
    path = spoilt.parent / "project" / name
    comment = "-- 后来加的\n" if name.endswith(".sql") else "# 后来加的\n"
    path.write_text(path.read_text(encoding="utf-8") + comment, encoding="utf-8")
    ended = approve(spoilt, ask)
    assert ended.code == 2
    assert f"送审以后改过：{name}，原来的送审作废" in ended.err
    require_nothing_published(spoilt)


def test_a_handed_over_file_changed_since_voids_it(spoilt: Path, ask: Command) -> None:
    with (spoilt / "demo" / "yunlu" / "portal_2023.csv").open("ab") as file:
        file.write(b"\r\n")
    ended = approve(spoilt, ask)
    assert ended.code == 2
    assert "送审以后改过：report/portal/portal_2023.csv，" in ended.err
    require_nothing_published(spoilt)


def test_a_damaged_file_is_not_published(spoilt: Path, ask: Command) -> None:
    [(digest,)] = [row[3:] for row in rows(spoilt, "run_blob") if row[1:3] == ("output", "report.pdf")]
    blob = spoilt / "store" / "blobs" / "sha256" / str(digest)[:2] / str(digest)
    data = bytearray(blob.read_bytes())
    data[1717] ^= 1
    blob.chmod(0o600)
    blob.write_bytes(data)
    ended = approve(spoilt, ask)
    assert ended.code == 2
    assert str(digest)[:12] in ended.err
    require_nothing_published(spoilt)


def test_a_later_run_voids_the_old_code(spoilt: Path, ask: Command) -> None:
    """The wording changes and the report is made again: the code of the one before is no longer any."""
    code = code_of(spoilt, ask)
    wording = spoilt.parent / "project" / "deployments" / "wording" / "traffic_police.txt"
    text = wording.read_text(encoding="utf-8")
    wording.write_text(text.replace("除上述情况外", "除以上情况外"), encoding="utf-8")
    assert wording.read_text(encoding="utf-8") != text
    ended = ask("run", "yunlu", "2023", home=spoilt)
    assert ended.code == 0, ended.err
    refused = approve(spoilt, ask, code=code)
    assert refused.code == 2
    assert "不是 yunlu 2023 年最近送审的那一份" in refused.err
    assert approve(spoilt, ask).code == 0
    assert [row[4] for row in rows(spoilt, "publication")] == [2]


KILLED = """
import os, signal, sys
import tasks.approve
from tasks.settings import settings
tasks.approve.publish = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
tasks.approve.approve(settings(), "yunlu", 2023, sys.argv[1], name=sys.argv[2])
"""


def test_an_approval_killed_before_the_folder_is_put_right(spoilt: Path, ask: Command) -> None:
    shown = tree(spoilt / "review" / "yunlu" / "2023")
    env = surroundings() | {"YEARBOOK_HOME": str(spoilt), "YEARBOOK_OUT": str(spoilt / "out")}
    command = [sys.executable, "-c", KILLED, code_of(spoilt, ask), REVIEWER]
    assert subprocess.run(command, cwd=PROJECT, env=env, check=False).returncode == -signal.SIGKILL
    assert len(rows(spoilt, "publication")) == 1
    assert not (spoilt / "out" / "yunlu" / "2023").exists()
    assert approve(spoilt, ask).code == 0
    assert tree(spoilt / "out" / "yunlu" / "2023") == shown
    assert len(rows(spoilt, "publication")) == len(rows(spoilt, "approval")) == 1


def test_of_two_approvals_at_once_one_counts(spoilt: Path, ask: Command) -> None:
    env = surroundings() | {"YEARBOOK_HOME": str(spoilt), "YEARBOOK_OUT": str(spoilt / "out")}
    command = [sys.executable, "-m", "flows.cli", "approve", "yunlu", "2023", code_of(spoilt, ask), "--name", REVIEWER]
    running = [subprocess.Popen(command, cwd=PROJECT, env=env, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ended = [(process.communicate(timeout=120)[1], process.returncode) for process in running]
    assert 0 in [code for _, code in ended]
    assert all(code == 0 or "已由演示审核人批准" in words for words, code in ended)
    assert len(rows(spoilt, "publication")) == len(rows(spoilt, "approval")) == 1
    assert [path.name for path in (spoilt / "out" / "yunlu").iterdir()] == ["2023"]


def test_a_rehearsal_submits_nothing_and_voids_nothing(spoilt: Path, ask: Command) -> None:
    shown = tree(spoilt / "review" / "yunlu" / "2023")
    ended = ask("rehearse", "yunlu", "2023", home=spoilt)
    assert ended.code == 0, ended.err
    assert ended.out.splitlines()[-1] == "会阻止发布的：没有"
    assert "report.docx" in tree(spoilt / "rehearsal" / "yunlu" / "2023")
    assert tree(spoilt / "review" / "yunlu" / "2023") == shown
    assert [row[0] for row in rows(spoilt, "submission")] == [1]
    assert "演练完成" in ask("status", "yunlu", "2023", home=spoilt).out
    assert approve(spoilt, ask).code == 0


def test_a_rehearsal_tells_what_would_stop_publication(spoilt: Path, ask: Command) -> None:
    with sqlite3.connect(spoilt / "demo" / "yunlu" / "vehicles.sqlite") as database:
        assert database.execute(UNKNOWN_CODE).rowcount == 1
    ended = ask("rehearse", "yunlu", "2023", home=spoilt)
    assert ended.code == 1, ended.err
    assert ended.out.splitlines()[-1].startswith("会阻止发布的：VEH-04")
    assert [row[0] for row in rows(spoilt, "submission")] == [1]
