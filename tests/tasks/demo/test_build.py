"""The small body, built once and counted back."""

import csv
import shutil
import sqlite3
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tasks.demo import build
from tests.tasks.demo import plans
from tests.tasks.demo.recount import APPLICANTS, recount

DATABASES = ("enforcement.sqlite", "incidents.sqlite", "licensing.sqlite", "vehicles.sqlite")
NAME = "云麓市交通管理局"
# table, time of counting, whether it is kept in universal time
TIMES = [
    ("vehicles", "VEH_FLOW", "BJRQ", False),
    ("vehicles", "DRV_FLOW", "BJRQ", False),
    ("licensing", "XZXK_DECISION", "JDSJ", False),
    ("incidents", "ACD_CALL", "JJSJ", True),
    ("enforcement", "XZCF_DECISION", "JDSJ", True),
    ("enforcement", "XZQZ_MEASURE", "QZSJ", True),
    ("market", "DJYW_FLOW", "BJSJ", False),
    ("market", "TSJB_RECORD", "DJSJ", False),
]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("demo") / "yunlu"
    build(plans.text("yunlu"), directory)
    return directory


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The body of another kind."""
    directory = tmp_path_factory.mktemp("demo") / "qinghe"
    build(plans.text("qinghe"), directory)
    return directory


def _query(path: Path, statement: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(path) as database:
        return database.execute(statement).fetchall()


@pytest.mark.parametrize("year", [2022, 2023])
def test_every_figure_of_the_plan_is_found_again(built: Path, year: int) -> None:
    require_found_again("yunlu", NAME, built, year)


@pytest.mark.parametrize("year", [2022, 2023])
def test_every_figure_of_a_body_of_another_kind_is_found_again(market: Path, year: int) -> None:
    require_found_again("qinghe", "清河县市场监督管理局", market, year)


def require_found_again(body: str, name: str, directory: Path, year: int) -> None:
    counted = recount(directory, year, name)
    received = {key: counted.pop(key) for key in list(counted) if key.startswith("applications_received.")}
    wanted = plans.figures(body, year)
    assert {key: counted.get(key, 0) for key in wanted} == wanted
    assert not set(counted) - set(wanted)
    for applicant in APPLICANTS.values():
        done = sum(
            v for k, v in wanted.items() if k.startswith("applications_results.") and k.endswith(f".{applicant}")
        )
        balance = wanted[f"applications_carried_out.{applicant}"] - wanted[f"applications_carried_in.{applicant}"]
        assert received[f"applications_received.{applicant}"] == done + balance


def test_the_files(built: Path) -> None:
    names = [f"{kind}_{year}.{end}" for kind, end in (("fees", "xlsx"), ("portal", "csv"), ("register", "xlsx"))
             for year in (2022, 2023)]  # fmt: skip
    assert build(plans.text("yunlu"), built) == sorted(built / name for name in [*DATABASES, *names])


def test_a_body_has_the_systems_of_its_kind(built: Path, market: Path) -> None:
    assert {path.stem for path in market.glob("*.sqlite")} == {"enforcement", "licensing", "market"}
    assert {path.name for path in built.glob("*.sqlite")} == set(DATABASES)
    [offices] = _query(market / "market.sqlite", "SELECT COUNT(*) FROM SCZT_ENTITY WHERE ZTLX = '41  '")
    assert offices == (3,)


def test_only_a_changed_plan_is_built_again_and_comes_out_the_same(built: Path, tmp_path: Path) -> None:
    again, leftover = tmp_path / "yunlu", tmp_path / "yunlu" / "leftover.txt"
    shutil.copytree(built, again)
    leftover.touch()
    build(plans.text("yunlu"), again)
    assert leftover.exists()
    build(plans.text("yunlu") + "# changed, but not in what it says\n", again)
    assert not leftover.exists()
    assert list(tmp_path.iterdir()) == [again]
    for path in built.glob("*_*.*"):
        assert path.read_bytes() == (again / path.name).read_bytes(), path.name
    for name in DATABASES:
        for (table,) in _query(built / name, "SELECT name FROM sqlite_master WHERE type = 'table'"):
            statement = f"SELECT * FROM {table}"
            assert _query(built / name, statement) == _query(again / name, statement), table


@pytest.mark.parametrize(("file", "table", "column", "universal"), TIMES)
def test_rows_on_either_side_of_midnight(
    built: Path, market: Path, file: str, table: str, column: str, universal: bool
) -> None:
    hour = "15" if universal else "23"
    after = "2023-12-31 16:00:00" if universal else "2024-01-01 00:00:00"
    between = "2022-12-31 16:00:00" if universal else "2023-01-01 00:00:00"
    seen = {
        value
        for (value,) in _query(
            (market if file == "market" else built) / f"{file}.sqlite", f"SELECT {column} FROM {table}"
        )
    }
    assert {f"{year}-12-31 {hour}:59:59" for year in (2021, 2022, 2023)} <= seen
    assert {after, between} <= seen


def test_business_is_applied_for_before_it_is_done(built: Path) -> None:
    for table in ("VEH_FLOW", "DRV_FLOW"):
        states = dict(_query(built / "vehicles.sqlite", f"SELECT LSZT, COUNT(*) FROM {table} GROUP BY LSZT"))
        assert set(states) == {"1", "2", "3"}
        wrong = f"SELECT LSH FROM {table} WHERE SQRQ > BJRQ OR (LSZT = '1') <> (BJRQ IS NULL) OR LENGTH(LSH) <> 13"
        assert _query(built / "vehicles.sqlite", wrong) == []


def test_text_columns_come_padded(built: Path) -> None:
    for table, column, width in (
        ("VEH_FLOW", "YWLX", 2),
        ("VEH_FLOW", "YWYY", 8),
        ("VEHICLE", "ZT", 6),
        ("DRV_FLOW", "ZJCX", 8),
        ("DRIVINGLICENSE", "ZJCX", 10),
        ("DRIVINGLICENSE", "ZT", 6),
    ):
        widths = _query(built / "vehicles.sqlite", f"SELECT DISTINCT LENGTH({column}) FROM {table}")
        assert widths == [(width,)], (table, column)


def test_identities_are_well_formed_and_unique(built: Path) -> None:
    numbers = [str(n) for (n,) in _query(built / "vehicles.sqlite", "SELECT SFZMHM FROM DRIVINGLICENSE")]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        remainder = sum(int(digit) * 2 ** (17 - place) for place, digit in enumerate(number[:17])) % 11
        assert number[17] == "10X98765432"[remainder]
        assert number.startswith("360799")


def test_plates_of_live_vehicles_are_unique(built: Path) -> None:
    statement = "SELECT HPZL, HPHM FROM VEHICLE WHERE ZXRQ IS NULL"
    plates = _query(built / "vehicles.sqlite", statement)
    assert len(set(plates)) == len(plates)
    assert all(str(plate).startswith("云Y") for _, plate in plates)


def test_the_item_list(built: Path) -> None:
    raw = (built / "portal_2023.csv").read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    with pytest.raises(UnicodeDecodeError):
        raw.decode("gbk")
    text = raw.decode("gb18030")
    assert "䶮" in text
    assert "𠮷" in text
    rows = list(csv.DictReader(text.splitlines()))
    assert list(rows[0]) == [
        "序号",
        "信息标题",
        "栏目",
        "文件种类",
        "制发机关",
        "成文日期",
        "发布时间",
        "状态",
        "废止日期",
    ]
    assert {row["状态"] for row in rows if row["发布时间"].startswith("2023")} == {"已发布", "已撤下"}
    assert any(row["文件种类"] == "行政规范性文件" and row["制发机关"] != NAME for row in rows)
    assert {row["发布时间"][:4] for row in rows} >= {"2020", "2021", "2022", "2023", "2024"}


def test_the_header_rows_of_the_register(built: Path) -> None:
    book = load_workbook(built / "register_2023.xlsx")
    sheet = book["依申请公开"]
    title, top, below = sheet.iter_rows(max_row=3, values_only=True)
    assert title[0] == f"{NAME}政府信息公开申请登记簿（2023年度）"
    assert top == ("登记编号", "收到日期", "申请人", None, None, "申请内容", "办理情况", None, None)
    assert below == (None, None, "类别", "姓名或名称", "证件号码", None, "答复日期", "办理结果", "备注")
    merged = {str(cells) for cells in sheet.merged_cells.ranges}
    assert merged == {"A1:I1", "A2:A3", "B2:B3", "C2:E2", "F2:F3", "G2:I2"}
    assert sheet["B4"].is_date
    assert sheet["B4"].number_format == "yyyy-mm-dd"
    assert {str(cells) for cells in book["复议诉讼"].merged_cells.ranges} == {
        "A1:E1",
        "A2:A3",
        "B2:B3",
        "C2:C3",
        "D2:E2",
    }
