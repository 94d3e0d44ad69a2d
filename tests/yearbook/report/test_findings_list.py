"""The list of findings, read back: nothing is lost, nothing is live, each owner has a sheet."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from yearbook.findings import Choice, Decision, Finding, Seen, State
from yearbook.report.findings_list import (
    ALL,
    COLUMNS,
    NOBODY,
    sheet_names,
    write_findings_json,
    write_findings_xlsx,
)
from yearbook.report.model import Body
from yearbook.report.verdicts import CELL_CHARACTERS, SHOWN_IMPACTS, impact_words
from yearbook.verdict import Category, Impact, Severity, Status, Verdict

BODY = Body(code="demo", name="云麓市交通管理局", short_name="云麓市交管局")
BEGAN = datetime(2024, 1, 8, 17, 30, tzinfo=UTC)
HOSTILE = ("=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "http://example.org/x", "{=1}", "x\x01y")
MOVED = Impact("drivers.total", "驾驶人·总计", "人", base=False, counted="813004", without="812991", difference="-13")
WARNING = Verdict(
    code="VEH-61",
    say="每辆车都有状态。",
    say_en="Every vehicle has a status.",
    severity=Severity.WARNING,
    status=Status.FAILED,
    source="vehicles",
    extract="vehicle_register",
    place="vehicles.vehicle_register，列 status",
    evaluated=356_789,
    failed=2_046,
    expected="0 行",
    found="2046 行",
    difference="2046",
    do="补录。",
    owner="车管所",
    figures=("drivers.total",),
    detail="另有说明",
    rows=("ab" * 8,),
    impact=(MOVED,),
)
FATAL = replace(WARNING, code="B-71", severity=Severity.FATAL, category=Category.FORM, owner="", impact=(), detail="")
UNJUDGED = replace(
    WARNING, code="D-71", severity=Severity.INFORMATION, status=Status.NOT_EVALUATED, evaluated=0, failed=0,
    expected=None, found=None, difference=None, owner="办公室",
)  # fmt: skip


def finding(verdict: Verdict, mark: str, state: State = State.OPEN, **changes: object) -> Finding:
    seen = Seen(
        run=31, year=2023, at=BEGAN, code=verdict.code, place=verdict.place, status=Status.FAILED,
        evaluated=356_789, failed=1_999,
    )  # fmt: skip
    decision = Decision(
        fingerprint=mark * 64, value="f" * 64, run=31, body="demo", year=2023, code=verdict.code, place=verdict.place,
        choice=Choice.ACCEPTED, reason="本年不再处理", name="张三", decided_at=BEGAN + timedelta(days=1),
    )  # fmt: skip
    made = Finding(
        fingerprint=mark * 64,
        verdict=verdict,
        state=state,
        decision=None if state is State.OPEN else decision,
        was=None if state is State.OPEN else seen,
        first_seen=BEGAN,
        last_seen=BEGAN + timedelta(days=3, microseconds=7),
        runs=3,
        trend=(seen, replace(seen, run=32, failed=2_046)),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


SAMPLE = (finding(UNJUDGED, "c"), finding(WARNING, "a", State.REOPENED), finding(FATAL, "b"))


@cache
def book() -> Workbook:
    return load_workbook(io.BytesIO(write_findings_xlsx(SAMPLE, BODY, 2023)))


def rows(sheet: str) -> list[dict[str, object]]:
    return [dict(zip(COLUMNS, row, strict=True)) for row in book()[sheet].iter_rows(min_row=2, values_only=True)]


def test_one_sheet_for_all_and_one_per_owner() -> None:
    assert book().sheetnames == [ALL, NOBODY, "车管所", "办公室"]
    assert [row["编号"] for row in rows(ALL)] == ["bbbbbbbb", "aaaaaaaa", "cccccccc"]
    for name, mark in ((NOBODY, "b"), ("车管所", "a"), ("办公室", "c")):
        assert [row["编号"] for row in rows(name)] == [mark * 8]
        assert rows(name)[0] in rows(ALL)


def test_every_column_says_what_it_is_called() -> None:
    [row] = rows("车管所")
    assert row == {
        "编号": "aaaaaaaa",
        "严重程度": "警告",
        "状态": "重新打开",
        "类别": "来源数据",
        "规则": "VEH-61 每辆车都有状态。",
        "位置": "vehicles.vehicle_register，列 status",
        "评估数": 356_789,
        "不符数": 2_046,
        "应为": "0 行",
        "实为": "2046 行",
        "差额": "2046",
        "影响的数字": "驾驶人·总计：813004 → 812991人（-13）",
        "说明": (
            "登记为“接受现状”时为不通过，不符 1999，"
            "现为不通过，不符 2046（应为 0 行，实为 2046 行，差额 2046）。另有说明"
        ),
        "处理办法": "补录。",
        "负责人": "车管所",
        "首次出现": "2024-01-09 01:30",
        "最近出现": "2024-01-12 01:30",
        "出现次数": 3,
        "处理决定": "接受现状",
        "理由": "本年不再处理",
        "处理人": "张三",
    }


def test_what_there_is_not_is_a_dash_and_unjudged_says_so() -> None:
    [unjudged], [fatal] = rows("办公室"), rows(NOBODY)
    assert unjudged["状态"] == "待处理（未评估）"
    assert [unjudged[name] for name in ("应为", "实为", "差额", "处理决定", "理由", "处理人")] == ["—"] * 6
    assert (fatal["影响的数字"], fatal["说明"], fatal["负责人"]) == ("—", "—", NOBODY)


def test_it_can_be_printed_and_scrolled() -> None:
    for sheet in book():
        assert sheet.freeze_panes == "B2"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.cell(2, 5).alignment.wrap_text
        assert sheet.column_dimensions["E"].width > 20


def test_the_same_findings_give_the_same_bytes_in_any_order() -> None:
    for write in (write_findings_xlsx, write_findings_json):
        assert write(SAMPLE, BODY, 2023) == write(tuple(reversed(SAMPLE)), BODY, 2023)
        assert write(SAMPLE, BODY, 2023) != write(SAMPLE[:2], BODY, 2023)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_live(text: str) -> None:
    hostile = replace(
        WARNING, say=text, place=text, do=text, owner=text, detail=text, expected=text, found=text, difference=text
    )
    decision = replace(SAMPLE[1].decision, reason=text, name=text)  # type: ignore[type-var]
    data = write_findings_xlsx([finding(hostile, "d", State.DECIDED, decision=decision)], BODY, 2023)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            assert b"<f>" not in package.read(name)
            assert b"hyperlink" not in package.read(name)
    row = next(load_workbook(io.BytesIO(data))[ALL].iter_rows(min_row=2))
    cells = dict(zip(COLUMNS, row, strict=True))
    for name in ("位置", "应为", "实为", "差额", "处理办法", "负责人", "理由", "处理人"):
        assert cells[name].data_type == "s"
        assert str(cells[name].value).replace("_x0001_", "\x01") == text


def test_a_long_text_is_cut_and_says_so() -> None:
    many = tuple(replace(MOVED, figure=f"f{n}", name=f"数字{n}") for n in range(SHOWN_IMPACTS + 5))
    long = replace(WARNING, detail="长" * (CELL_CHARACTERS + 10), impact=many)
    row = next(
        load_workbook(io.BytesIO(write_findings_xlsx([finding(long, "e")], BODY, 2023)))[ALL].iter_rows(
            min_row=2, values_only=True
        )
    )
    cells = dict(zip(COLUMNS, row, strict=True))
    assert cells["说明"] == "长" * CELL_CHARACTERS + "……（未完，见 JSON）"
    assert str(cells["影响的数字"]).endswith("；另有 5 个，见 JSON")
    assert str(cells["影响的数字"]).count("→") == SHOWN_IMPACTS


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, "驾驶人·总计：813004 → 812991人（-13）"),
        ({"base": True}, "驾驶人·总计（上年基数）：813004 → 812991人（-13）"),
        ({"counted": None, "difference": None}, "驾驶人·总计：含这些行无法计数，去掉后 812991人"),
        ({"without": None, "difference": None}, "驾驶人·总计：813004人，可能受影响"),
    ],
)
def test_an_impact_in_words(change: dict[str, object], words: str) -> None:
    assert impact_words(replace(MOVED, **change)) == words  # type: ignore[arg-type]


@given(st.lists(st.text(), unique=True, max_size=6))
def test_sheet_names_are_allowed_and_unlike(owners: list[str]) -> None:
    names = list(sheet_names(owners).values())
    assert len({name.casefold() for name in (*names, ALL)}) == len(owners) + 1
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) <= 62
        assert not set(name) & set("[]:*?/\\&'")
        assert name.casefold() != "history"


def test_awkward_owners_have_their_sheet() -> None:
    owners = ["市局/科技科", "市局:科技科", ALL, "History", "x" * 40, "x" * 41, "", "A&B", "\U00020000" * 20]
    verdicts = [finding(replace(WARNING, owner=owner), "d") for owner in owners]
    names = load_workbook(io.BytesIO(write_findings_xlsx(verdicts, BODY, 2023))).sheetnames
    assert names == [
        ALL, "市局、科技科", "市局、科技科2", "全部2", "History2", "x" * 27, "x" * 27 + "2", NOBODY, "A＆B",
        "\U00020000" * 13,
    ]  # fmt: skip


def test_no_findings_is_a_list_too() -> None:
    assert load_workbook(io.BytesIO(write_findings_xlsx((), BODY, 2023))).sheetnames == [ALL]
    assert json.loads(write_findings_json((), BODY, 2023))["findings"] == []


def test_json_is_valid_and_complete() -> None:
    text = (resources.files("yearbook.report") / "templates" / "findings.schema.json").read_text("utf-8")
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    waived = finding(replace(WARNING, status=Status.WAIVED, base=True), "d", State.WAIVED)
    data = write_findings_json((*SAMPLE, waived), BODY, 2023)
    document = json.loads(data, parse_float=pytest.fail, parse_int=pytest.fail)
    jsonschema.Draft202012Validator(schema).validate(document)
    assert set(document["findings"][0]) == set(schema["$defs"]["finding"]["required"])
    assert [one["code"] for one in document["findings"]] == ["B-71", "VEH-61", "VEH-61", "D-71"]
    told = document["findings"][1]
    assert (told["evaluated"], told["rows"], told["runs"]) == ("356789", ["ab" * 8], "3")
    assert (told["first_seen"], told["last_seen"]) == ("2024-01-09T01:30:00+08:00", "2024-01-12T01:30:00.000007+08:00")
    assert told["impact"] == [
        {
            "figure": "drivers.total", "name": "驾驶人·总计", "unit": "人", "base": False,
            "counted": "813004", "without": "812991", "difference": "-13",
        }
    ]  # fmt: skip
    assert told["decision"] == {
        "decision": "accepted",
        "reason": "本年不再处理",
        "name": "张三",
        "decided_at": "2024-01-10T01:30:00+08:00",
        "run": "31",
    }
    assert [(seen["run"], seen["failed"]) for seen in told["trend"]] == [("31", "1999"), ("32", "2046")]
    assert told["why_reopened"].startswith("登记为“接受现状”时为不通过，不符 1999，")


def test_the_schema_refuses_what_is_not_described() -> None:
    text = (resources.files("yearbook.report") / "templates" / "findings.schema.json").read_text("utf-8")
    document = json.loads(write_findings_json(SAMPLE, BODY, 2023))
    document["findings"][0]["value"] = "7"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(json.loads(text)).validate(document)
