"""What a run found can be listed, decided about, followed and handed on, by command."""

import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from flows.cli import main
from tasks.record import finding_records, verdict_record
from tasks.settings import settings
from tasks.store import RunRecord, Store
from tests.flows.conftest import Command, Ended, tree
from yearbook.errors import Refusal
from yearbook.report.findings_list import NOBODY
from yearbook.verdict import Impact, Severity, Status, Verdict

BEGAN = datetime(2024, 1, 8, 17, 30, tzinfo=UTC)
WARNING = Verdict(
    code="VEH-61",
    say="每辆车都有状态。",
    severity=Severity.WARNING,
    status=Status.FAILED,
    source="vehicles",
    extract="vehicle_register",
    place="vehicles.vehicle_register，列 status",
    evaluated=4_711,
    failed=13,
    found="13 行",
    do="补录。",
    owner="车管所",
    detail="另有说明",
    impact=(Impact("drivers.total", "驾驶人·总计", "人", base=False, counted="813", without="800", difference="-13"),),
)
FATAL = replace(WARNING, code="B-71", severity=Severity.FATAL, owner="办公室", impact=(), place="表三")
WAIVED = replace(WARNING, code="T2-71", status=Status.WAIVED)
PASSED = replace(WARNING, code="VEH-60", status=Status.PASSED, failed=0)

Keep = Callable[..., int]


@pytest.fixture
def keep(tmp_path: Path) -> Keep:
    """Record a run with these verdicts."""
    store = Store.open(tmp_path / "store")

    def record(*verdicts: Verdict, year: int = 2023) -> int:
        before = store.last_run("yunlu", year)
        began = BEGAN + timedelta(days=before.id if before else 0)
        return store.commit(
            RunRecord(
                key="ab" * 32,
                body="yunlu",
                year=year,
                state="blocked",
                started_at=began,
                finished_at=began + timedelta(seconds=9),
                code_version="0.1.0",
                operator="经办人",
                verdicts=tuple(verdict_record(verdict) for verdict in verdicts),
                findings=finding_records(verdicts, body="yunlu", year=year),
            )
        )

    return record


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command on that store; needs no scheduler."""
    monkeypatch.setenv("YEARBOOK_HOME", str(tmp_path))
    monkeypatch.setenv("YEARBOOK_STORE_URL", "")

    def run(*arguments: str) -> Ended:
        settings.cache_clear()
        result = CliRunner().invoke(main, arguments)
        settings.cache_clear()
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ended(result.exit_code, result.stdout, result.stderr)

    return run


def decided(call: Command, code: str, choice: str = "justified", *more: str) -> Ended:
    return call("decide", "yunlu", "2023", code, "--as", choice, "--reason", "数字属实", "--name", "张三", *more)


def test_findings_are_told_worst_first_with_what_to_do(keep: Keep, call: Command) -> None:
    keep(PASSED, WARNING, WAIVED, FATAL)
    ended = call("findings", "yunlu", "2023")
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "致命 1 条",
        "  待处理 B-71 每辆车都有状态。",
        "    位置：表三",
        "    结果：不通过，不符 13（实为 13 行），评估 4711",
        "    说明：另有说明",
        "    处理办法：补录。（负责人：办公室）",
        "    出现：首次 2024-01-09 01:30，最近 2024-01-09 01:30，共 1 次",
        "警告 1 条",
        "  待处理 VEH-61 每辆车都有状态。",
        "    位置：vehicles.vehicle_register，列 status",
        "    结果：不通过，不符 13（实为 13 行），评估 4711",
        "    影响：驾驶人·总计：813 → 800人（-13）",
        "    说明：另有说明",
        "    处理办法：补录。（负责人：车管所）",
        "    出现：首次 2024-01-09 01:30，最近 2024-01-09 01:30，共 1 次",
        "待处理 2 条，已豁免 1 条",
        "已决定和已豁免的用 --all 显示",
    ]
    every = call("findings", "yunlu", "2023", "--all")
    assert "  已豁免 T2-71 每辆车都有状态。" in every.out.splitlines()
    assert "--all" not in every.out


def test_nothing_found_is_said(keep: Keep, call: Command) -> None:
    keep(PASSED)
    assert call("findings", "yunlu", "2023") == Ended(0, "没有发现\n", "")


def test_a_warning_alone_is_no_failure(keep: Keep, call: Command) -> None:
    keep(WARNING)
    assert call("findings", "yunlu", "2023").code == 0


def test_a_decision_holds_until_the_finding_moves(keep: Keep, call: Command) -> None:
    keep(FATAL, WARNING)
    told = decided(call, "B-71")
    assert (told.code, told.out) == (0, "已登记：B-71 表三，属实有因（张三）：数字属实\n")
    ended = call("findings", "yunlu", "2023")
    # decided or not, what stops the report is shown
    assert (ended.code, "  已决定 B-71" in ended.out) == (1, True)
    every = call("findings", "yunlu", "2023", "--all").out
    assert "  已决定 B-71" in every
    assert re.search(r"    决定：属实有因（张三，20\d\d-\d\d-\d\d \d\d:\d\d）：数字属实\n", every)
    keep(FATAL)
    assert "  已决定 B-71" in call("findings", "yunlu", "2023").out
    keep(replace(FATAL, failed=14))
    ended = call("findings", "yunlu", "2023")
    assert ended.code == 1
    assert "  重新打开 B-71" in ended.out
    assert (
        "    说明：登记为“属实有因”时为不通过，不符 13（实为 13 行），现为不通过，不符 14（实为 13 行）。\n"
        in ended.out
    )
    assert "共 3 次" in ended.out


def test_what_was_fixed_comes_back_as_open(keep: Keep, call: Command) -> None:
    keep(FATAL)
    decided(call, "B-71", "fixed")
    assert "  已决定 B-71" in call("findings", "yunlu", "2023").out
    keep(PASSED)
    assert call("findings", "yunlu", "2023").out == "没有发现\n"
    keep(FATAL)
    ended = call("findings", "yunlu", "2023")
    assert ended.code == 1
    assert "登记为“已更正”后再次运行，仍为不通过" in ended.out


def test_one_of_several_places_is_decided_about(keep: Keep, call: Command) -> None:
    warning = replace(FATAL, severity=Severity.WARNING)
    keep(warning, replace(warning, place="表四"))
    several = decided(call, "B-71")
    assert several.code == 2
    assert "用 --place 指明位置：表三；表四" in several.err
    assert decided(call, "B-71", "accepted", "--place", "表四").code == 0
    ended = call("findings", "yunlu", "2023")
    assert "位置：表三" in ended.out
    assert "位置：表四" not in ended.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("findings", "yunlu", "2022"), "没有 2022 年的运行记录。处理办法：先运行 yearbook run yunlu 2022"),
        (("findings", "nobody", "2023"), "没有代码为“nobody”的机构"),
        (("findings", "yunlu", "2023", "--trend", "VEH-99"), "没有规则 VEH-99"),
        (
            ("findings", "yunlu", "2023", "--xlsx", "{home}/none/list.xlsx"),
            "文件或文件夹不存在（{home}/none/list.xlsx）",
        ),
        (
            ("decide", "yunlu", "2022", "B-71", "--as", "fixed", "--reason", "x", "--name", "x"),
            "没有 2022 年的运行记录",
        ),
        (
            ("decide", "yunlu", "2023", "VEH-60", "--as", "fixed", "--reason", "x", "--name", "x"),
            "没有规则 VEH-60 的发现",
        ),
        (("decide", "yunlu", "2023", "B-71", "--as", "fixed", "--reason", " ", "--name", "x"), "--reason 须为一行文字"),
        (
            ("decide", "yunlu", "2023", "B-71", "--as", "fixed", "--reason", "x", "--name", "a\nb"),
            "--name 须为一行文字",
        ),
        (("decide", "yunlu", "2023", "B-71", "--as", "fixed", "--reason", "x" * 1001, "--name", "x"), "不超过 1000 字"),
    ],
)
def test_a_mistake_ends_in_one_line(
    arguments: tuple[str, ...], words: str, keep: Keep, call: Command, tmp_path: Path
) -> None:
    keep(PASSED, FATAL)
    ended = call(*(text.replace("{home}", str(tmp_path)) for text in arguments))
    assert ended.code == 2
    [line] = ended.err.splitlines()
    assert line.startswith("拒绝：")
    assert words.replace("{home}", str(tmp_path)) in line
    assert Store.open(tmp_path / "store").findings.decisions("yunlu", 2023) == ()


def test_files_hold_all_findings_and_take_the_place_of_older_ones(keep: Keep, call: Command, tmp_path: Path) -> None:
    keep(WARNING, WAIVED)
    folder = tmp_path / "lists"
    folder.mkdir()
    book, data = folder / "发现.xlsx", folder / "findings.json"
    book.write_bytes(b"an older list")
    ended = call("findings", "yunlu", "2023", "--xlsx", str(book), "--json", str(data))
    assert f"全部发现在 {book}" in ended.out
    assert load_workbook(BytesIO(book.read_bytes())).sheetnames == ["全部", "车管所"]
    assert [one["code"] for one in json.loads(data.read_bytes())["findings"]] == ["VEH-61", "T2-71"]
    before = tree(folder)
    assert set(before) == {"发现.xlsx", "findings.json"}
    call("findings", "yunlu", "2023", "--xlsx", str(book), "--json", str(data))
    assert tree(folder) == before


def test_the_trend_of_a_rule_runs_through_the_years(keep: Keep, call: Command) -> None:
    keep(replace(PASSED, code="VEH-61"), year=2022)
    keep(WARNING, FATAL)
    keep(replace(WARNING, failed=9, found="9 行"), replace(WARNING, place="别处"))
    assert call("findings", "yunlu", "2023", "--trend", "VEH-61").out.splitlines() == [
        "VEH-61 vehicles.vehicle_register，列 status",
        "  2022 年 第 1 次运行（2024-01-09 01:30）：通过，不符 0（实为 13 行），评估 4711",
        "  2023 年 第 2 次运行（2024-01-09 01:30）：不通过，不符 13（实为 13 行），评估 4711",
        "  2023 年 第 3 次运行（2024-01-11 01:30）：不通过，不符 9（实为 9 行），评估 4711",
        "VEH-61 别处",
        "  2023 年 第 3 次运行（2024-01-11 01:30）：不通过，不符 13（实为 13 行），评估 4711",
    ]


def test_rows_are_masked_unless_asked(call: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[dict[str, object]] = []

    def failing_rows(_settings: object, *arguments: object, **options: object) -> int:
        asked.append({"arguments": arguments, **options})
        return 13

    monkeypatch.setattr("tasks.quality.quarantine.failing_rows", failing_rows)
    target = tmp_path / "rows.csv"
    told = call("rows", "yunlu", "2023", "VEH-61", str(target))
    assert told.out == f"13 行在 {target}，内容已遮盖；用完请删除。\n"
    told = call("rows", "yunlu", "2023", "VEH-61", str(target), "--base", "--unmasked")
    assert "内容未遮盖" in told.out
    place = {"arguments": ("yunlu", 2023, "VEH-61"), "target": target}
    assert asked == [place | {"masked": True, "base": False}, place | {"masked": False, "base": True}]


def test_a_sound_catalogue_is_said_to_be(call: Command) -> None:
    ended = call("check")
    assert ended.code == 0, ended.err
    counts, *bodies, last = ended.out.splitlines()
    assert re.fullmatch(r"来源 8 个，指标 \d+ 个，来源规则 \d+ 条，勾稽规则 \d+ 条，豁免 \d+ 条，说明 \d+ 条", counts)
    told = r"机构 (\w+)：来源 (\d) 个，指标 \d+ 个，来源规则 \d+ 条，勾稽规则 \d+ 条"
    found = [match.groups() for line in bodies if (match := re.fullmatch(told, line))]
    assert found == [("demo", "7"), ("qinghe", "6"), ("yunlu", "7")]
    assert last == "目录没有问题"


def test_a_catalogue_that_cannot_be_asked_is_refused(call: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def rehearse(*_: object) -> None:
        raise Refusal("expectations/fees.toml 的规则 FEE-01 无法执行", todo="更正该条目")

    monkeypatch.setattr("tasks.quality.rehearse.rehearse", rehearse)
    ended = call("check")
    assert (ended.code, "目录没有问题" in ended.out) == (2, False)
    assert "FEE-01 无法执行" in ended.err


UNKNOWN_CODE = """
update VEH_FLOW set YWLX = 'Z '
where LSH = (select min(LSH) from VEH_FLOW where LSZT = '2' and BJRQ >= '2023-06-01' and BJRQ < '2023-07-01')
"""


def test_a_run_keeps_what_it_told(home: Path, here: Command, tmp_path: Path) -> None:
    """Every finding that a run tells is in the store, in words, and can be decided about and followed to its rows."""
    with sqlite3.connect(home / "demo" / "yunlu" / "vehicles.sqlite") as database:
        database.execute(UNKNOWN_CODE)
    ran = here("run", "yunlu", "2023", home=home)
    told = re.findall(r"^(?:致命|警告|提示)（(?:不通过|已豁免)）([A-Z0-9a-z-]+) ", ran.out, re.MULTILINE)
    [unjudged] = re.findall(r"^未评估 [0-9]+ 条，.*：(.*)$", ran.out, re.MULTILINE)
    ended = here("findings", "yunlu", "2023", "--all", home=home)
    listed = re.findall(r"^  (?:待处理|已豁免) ([A-Z0-9a-z-]+) ", ended.out, re.MULTILINE)
    left = re.findall(r"^  待处理（未评估） ([A-Z0-9a-z-]+) ", ended.out, re.MULTILINE)
    assert (ran.code, ended.code) == (1, 1)
    assert sorted(listed) == sorted(told)
    assert set(left) == set(unjudged.split("、"))
    assert "VEH-04" in listed
    assert "无记录" not in ended.out
    assert NOBODY not in ended.out
    rows = tmp_path / "rows.csv"
    assert here("rows", "yunlu", "2023", "VEH-04", str(rows), home=home).out.startswith("1 行在 ")
    assert len(rows.read_text(encoding="utf-8-sig").splitlines()) == 2
    data = tmp_path / "findings.json"
    here("findings", "yunlu", "2023", "--json", str(data), home=home)
    for one in json.loads(data.read_bytes())["findings"]:
        decision = ("--as", "accepted", "--reason", "试验", "--name", "测试", "--place", one["place"])
        ended = here("decide", "yunlu", "2023", one["code"], *decision, home=home)
        assert ended.code == 0, ended.err
    ended = here("findings", "yunlu", "2023", home=home)
    assert ended.code == 1, "a decision never lets a blocked report out"
    assert re.findall(r"^  已决定 ([A-Z0-9a-z-]+) ", ended.out, re.MULTILINE) == ["VEH-04"]
    assert "其中 1 条已有决定，仍阻止发布" in ended.out
