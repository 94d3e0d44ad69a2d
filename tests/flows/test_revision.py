"""A row that came in late makes a second edition, once somebody says why, and it says what it corrects."""

import csv
import io
import json
import sqlite3
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from flows.cli import _tell
from tasks.outcome import Outcome
from tests.approving import REVIEWER
from tests.flows.conftest import Command, Ended, tree
from yearbook.revision import Account, Counted, InputDifference, TextDifference, compare

# completed on the last day of the year; everything else is as in a transaction that was there in time
LATE_ROW = """
insert into VEH_FLOW
select '9990000000017', YWLX, YWYY, HPZL, HPHM, '2023-12-29 10:11:12', '2023-12-31 16:17:18', LSZT, GLBM,
    SYR, SFZMHM, LXDH
from VEH_FLOW where LSH = (
    select min(LSH) from VEH_FLOW
    where YWLX = 'B ' and LSZT = '2' and BJRQ >= '2023-03-01' and BJRQ < '2023-04-01'
)
"""
# sentences in which a number or a percent is printed otherwise
TEXTS = 1
REASON = "补录年末迟报的1件转让登记"
CHANGED = ["vehicle_business.total", "vehicle_business.transfer"]
TRANSACTIONS = "report/vehicles/vehicle_transaction/2023"


def table(folder: Path, name: str) -> list[dict[str, str]]:
    text = (folder / name).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_late_row_makes_an_edition_with_its_differences(home: Path, here: Command) -> None:
    folder = home / "out" / "yunlu" / "2023"
    first = here("run", "yunlu", "2023", home=home)
    assert first.code == 0, first.err
    assert "相比" not in first.out
    assert "<dd>首版</dd>" in (folder / "audit" / "index.html").read_text(encoding="utf-8")
    assert not list(folder.rglob("revision.*"))
    then = {row["code"]: row for row in table(folder, "figures.csv")}

    with sqlite3.connect(home / "demo" / "yunlu" / "vehicles.sqlite") as database:
        assert database.execute(LATE_ROW).rowcount == 1
    published = tree(folder)
    _require_stop(here("run", "yunlu", "2023", home=home), home, published)
    second = here("run", "yunlu", "2023", "--because", REASON, home=home)
    assert second.code == 0, second.err
    for name in ("report.docx", "report.pdf", "report.html"):
        assert (folder / "editions" / "1" / name).read_bytes() == published[name]
    now = {row["code"]: row for row in table(folder, "figures.csv")}
    assert [code for code in now if now[code]["value"] != then[code]["value"]] == CHANGED
    _require_differences(table(folder, "audit/revision.csv"), then, now)
    _require_words(second.out, home, folder, then, now)

    published = tree(folder)
    third = here("run", "yunlu", "2023", home=home)
    assert third.code == 0, third.err
    assert tree(folder) == published
    assert "第 2 版" in third.out
    assert "逐字节相同" in third.out
    _require_store(home, published)


def _require_stop(ended: Ended, home: Path, published: dict[str, bytes]) -> None:
    """Without a reason nothing is published; the last lines say what differs and what to type."""
    assert ended.code == 1
    assert tree(home / "out" / "yunlu" / "2023") == published
    title, *changed, section, _, waits, command = ended.out.strip().splitlines()[-7:]
    aside = home / "blocked" / "yunlu" / "2023" / "audit" / "revision.html"
    assert title == f"与第 1 版相比，2 个数字有变化，{TEXTS} 处文字有变化，见 {aside}"
    assert len(changed) == len(CHANGED)
    assert section == f"  一、总体情况：{TEXTS} 处文字"
    assert waits.startswith("待更正说明：已发布的版次不改写")
    assert command == '  yearbook run yunlu 2023 --because "原因"'
    assert "待更正说明" in aside.read_text(encoding="utf-8")


def _require_differences(
    lines: list[dict[str, str]], then: dict[str, dict[str, str]], now: dict[str, dict[str, str]]
) -> None:
    """Exactly the figures, the rows and the inputs that must differ."""
    assert {line["edition"] for line in lines} == {"1"}
    figures = {line["code"]: line for line in lines if line["part"] == "figure"}
    assert list(figures) == CHANGED
    for code, line in figures.items():
        assert (line["then"], line["now"], line["difference"]) == (then[code]["value"], now[code]["value"], "1")
        assert (line["base_then"], line["base_now"]) == (then[code]["base"], now[code]["base"])
        assert (line["name"], line["base_difference"]) == (now[code]["name"], "0")
    rows = {line["code"]: line for line in lines if line["part"] == "rows"}
    assert len(rows) > 10
    assert {code: line["difference"] for code, line in rows.items() if line["difference"] != "0"} == {TRANSACTIONS: "1"}
    assert int(rows[TRANSACTIONS]["now"]) - int(rows[TRANSACTIONS]["then"]) == 1
    assert [line["name"] for line in lines if line["part"] == "reason"] == [REASON]
    texts = [line for line in lines if line["part"] == "text"]
    assert len(texts) == TEXTS
    [sentence] = texts
    assert sentence["name"] == "一、总体情况"
    # both numbers are printed without their last digits; what a reader sees is the percent
    for side, told in ((then, sentence["then"]), (now, sentence["now"])):
        value, base = (int(side[CHANGED[0]][name]) for name in ("value", "base"))
        assert f"增加{(value - base) / base:.2%}" in told
    others = ("figure", "rows", "reason", "text")
    inputs = [(line["part"], line["code"]) for line in lines if line["part"] not in others]
    # its padded codes are normalised too, so their count differs
    assert inputs == [("snapshot", TRANSACTIONS), ("normalised", TRANSACTIONS)]


def _require_words(
    out: str, home: Path, folder: Path, then: dict[str, dict[str, str]], now: dict[str, dict[str, str]]
) -> None:
    """The last lines of the terminal, and the pages."""
    title, *changed, _, causes, _, _, last = out.strip().splitlines()[-8:]
    page = home / "review" / "yunlu" / "2023" / "audit" / "revision.html"
    assert title == f"与第 1 版相比，2 个数字有变化，{TEXTS} 处文字有变化，见 {page}"
    assert changed == [
        f"  {now[code]['name']}：{then[code]['value']}件 → {now[code]['value']}件" for code in CHANGED
    ]  # fmt: skip
    assert causes == "  与该版不同的有：快照、读入时的规范化"
    assert last == f"已由{REVIEWER}批准，报告第 2 版在 {folder}"
    index = (folder / "audit" / "index.html").read_text(encoding="utf-8")
    assert f"与第 1 版相比，2 个数字有变化，{TEXTS} 处文字有变化" in index
    assert 'href="revision.html"' in index
    assert "vehicle_business.transfer" in (folder / "audit" / "revision.html").read_text(encoding="utf-8")


def _require_store(home: Path, published: dict[str, bytes]) -> None:
    """Both editions stand, and every run keeps what it was given under its own key."""
    with sqlite3.connect(home / "store" / "audit.db") as store:
        editions = store.execute("select edition, run_id from publication order by edition").fetchall()
        keys = dict(store.execute("select id, key from run"))
        kept = dict(store.execute("select run_id, digest from run_blob where role = 'material'"))
        newest = dict(store.execute("select name, digest from run_blob where role = 'output' and run_id = 3"))
        states = [state for (state,) in store.execute("select state from run order by id")]
        why = store.execute("select run_id, edition, corrects, reason, name from correction").fetchall()
        [(said,)] = store.execute("select digest from run_blob where role = 'words' and run_id = 3")
    assert editions == [(1, 1), (2, 3)]
    assert states == ["finished", "blocked", "finished", "finished"]
    assert why == [(3, 2, 1, REASON, "测试")]
    _require_annex((home / "store" / "blobs" / "sha256" / said[:2] / said).read_bytes())
    assert kept == keys
    assert keys[1] != keys[2] == keys[3] == keys[4]
    assert newest == {name: sha256(data).hexdigest() for name, data in published.items()}
    blob = home / "store" / "blobs" / "sha256" / keys[2][:2] / keys[2]
    inputs = json.loads(blob.read_bytes())
    assert inputs["request"] == {"body": "yunlu", "year": "2023"}
    assert inputs["rows"].keys() == inputs["snapshot"].keys()


def _require_annex(words: bytes) -> None:
    """The report itself says which edition it corrects, why, and every number."""
    [(title, passages)] = json.loads(words)["annexes"]
    assert title == "更正说明"
    assert passages[0].startswith(f"第2版更正第1版的数字和文字。更正原因：{REASON}。")
    figures, texts = passages[1 : 3 + len(CHANGED)], passages[3 + len(CHANGED) :]
    assert figures[:2] == ["更正对照", "项目｜原为｜更正为"]
    assert texts[:2] == ["文字对照", "所在部分｜原文｜更正后"]
    assert len(texts) == 2 + TEXTS


@pytest.fixture
def told() -> Outcome:
    """How a run ended that changed the report folder."""
    return Outcome(
        state="published",
        folder=Path("out"),
        changed=True,
        attempt=3,
        run_id=19,
        edition=None,
        code="",
        figures=17,
        rules=1,
        findings=(),
        notes=(),
        revision=None,
    )


def test_the_terminal_lists_ten_figures_and_every_note(told: Outcome, capsys: pytest.CaptureFixture[str]) -> None:
    before = {f"n{number}": Counted(f"数{number}", 100 + number, "件") for number in range(13)}
    after = {code: Counted(side.name, 700 + int(side.value), "件") for code, side in before.items()}
    inputs = {"wording": {"deployments/wording/a.txt": "1f"}}
    revision = compare(Account("a", before, inputs), Account("b", after, inputs), edition=4)
    _tell(
        replace(told, edition=5, figures=13, notes=("来源 a：账号可以写入", "来源 b：账号可以写入"), revision=revision)
    )
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["提示：来源 a：账号可以写入", "提示：来源 b：账号可以写入"]
    assert lines[3] == "与第 4 版相比，13 个数字有变化，见 out/audit/revision.html"
    assert lines[4:14] == [f"  数{number}：{100 + number}件 → {800 + number}件" for number in range(10)]
    assert lines[14:] == ["  另有 3 个", "  材料、规则和程序都与该版相同", "报告第 5 版在 out"]


def test_the_terminal_says_where_no_number_changed(told: Outcome, capsys: pytest.CaptureFixture[str]) -> None:
    then, now = (Account(key, {}, {"wording": {"deployments/wording/a.txt": key}}) for key in "ab")
    revision = compare(then, now, edition=1)
    assert revision.inputs == (InputDifference("wording", "deployments/wording/a.txt", "a", "b"),)
    _tell(replace(told, edition=2, revision=revision))
    assert capsys.readouterr().out.splitlines()[1:3] == [
        "与第 1 版相比，数字没有变化，见 out/audit/revision.html",
        "  与该版不同的有：行文",
    ]


def test_the_terminal_gives_the_command_that_corrects(told: Outcome, capsys: pytest.CaptureFixture[str]) -> None:
    then, now = (Account(key, {}, {"wording": {"deployments/wording/a.txt": key}}) for key in "ab")
    texts = (TextDifference("六、其他需要报告的事项", "旧句。", "新句。"), TextDifference("", None, "新题。"))
    revision = replace(compare(then, now, edition=6), texts=texts)
    outcome = replace(told, state="unexplained", folder=Path("blocked"), revision=revision)
    _tell(outcome, ["yearbook", "run", "yunlu", "2023", "--out", "成 品"])
    assert capsys.readouterr().out.splitlines()[1:] == [
        "与第 6 版相比，数字没有变化，2 处文字有变化，见 blocked/audit/revision.html",
        "  六、其他需要报告的事项：1 处文字",
        "  标题和前言：1 处文字",
        "  与该版不同的有：行文",
        "待更正说明：已发布的版次不改写，没有发布，原有报告不变。确需更正的，写明原因再运行：",
        "  yearbook run yunlu 2023 --out '成 品' --because \"原因\"",
    ]
