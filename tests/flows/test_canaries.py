"""Personal data planted in failing rows: it must stand in the snapshots and handed-over files and nowhere else."""

import sqlite3
from pathlib import Path

import openpyxl
import pytest

from tests.flows.conftest import Command
from tests.flows.privacy import forms, opened, written

IDENTITY, PHONE, PLATE, NAME = "41010519871203478X", "13987650421", "样Z8Q4W7", "欧阳测试甲"
CANARIES = (IDENTITY, PHONE, PLATE, NAME)


def plant(sources: Path) -> None:
    """Rows that break rules of every kind with a personal value in each column that somebody might show."""
    with sqlite3.connect(sources / "vehicles.sqlite") as vehicles:
        for column, value, rows in (("YWLX", IDENTITY, 2), ("LSZT", PHONE, 2), ("HPZL", PLATE, 2), ("LSH", NAME, 1)):
            vehicles.execute(
                f"update VEH_FLOW set {column} = ? where rowid in"
                " (select rowid from VEH_FLOW where BJRQ >= '2023-03' limit ?)",
                (value, rows),
            )
        # a register that lets one person in twice, as real ones do
        indexes = (
            "select name from sqlite_master where type = 'index' and tbl_name = 'DRIVINGLICENSE' and sql is not null"
        )
        for (name,) in vehicles.execute(indexes).fetchall():
            vehicles.execute(f"drop index {name}")
        vehicles.execute(
            "update DRIVINGLICENSE set SFZMHM = ?, ZJCX = ?, ZT = ? where rowid in"
            " (select rowid from DRIVINGLICENSE limit 2)",
            (IDENTITY, PLATE, PHONE),
        )
        vehicles.execute("update VEHICLE set HPHM = ?, HPZL = ? where rowid in (1, 2)", (PLATE, NAME))
    with sqlite3.connect(sources / "incidents.sqlite") as incidents:
        incidents.execute("update ACD_CALL set JQLB = ?, CLQD = ? where rowid = 3", (PHONE, NAME))


def told(home: Path) -> list[str]:
    """Where a planted value stands outside snapshots and handed-over files."""
    wanted = [(canary, form) for canary in CANARIES for form in forms(canary)]
    return [f"{name}: {canary}" for name, data in written(home) for canary, form in wanted if form in data]


def is_snapshot(place: str) -> bool:
    """A snapshot blob, by its Parquet content; rows may stand there."""
    return place.partition(":")[0].endswith(" (rows)")


@pytest.mark.parametrize("text", CANARIES)
def test_the_scan_finds_every_way_of_writing(text: str) -> None:
    from base64 import b64encode
    from json import dumps
    from zipfile import ZipFile

    for before in ("", "a", "bc"):
        coded = b64encode((before + text + "z").encode())
        assert any(form in coded for form in forms(text)), before
    assert any(form in dumps({"x": dumps({"y": text})}).encode() for form in forms(text))
    assert any(form in f"?q={text}".encode("utf-16-le") for form in forms(text))
    path = Path(__file__).with_suffix(".zip")
    assert not path.exists()
    import io

    packed = io.BytesIO()
    with ZipFile(packed, "w", compression=8) as archive:
        archive.writestr("inner.txt", text)
    outer = io.BytesIO()
    with ZipFile(outer, "w", compression=8) as archive:
        archive.writestr("inner.zip", packed.getvalue())
    assert any(text.encode() in data for _, data in opened("outer.zip", outer.getvalue()))


def test_planted_personal_data_stays_in_the_snapshots(home: Path, yearbook: Command) -> None:
    plant(home / "demo" / "yunlu")
    scratch = home / "scratch"
    scratch.mkdir()
    own = {"TMPDIR": str(scratch), "PREFECT_HOME": str(home / "prefect")}
    ended = yearbook("run", "yunlu", "2023", "--verbose", home=home, **own)
    assert ended.code == 1, ended.err
    assert "VEH-33" in ended.out
    told_by_commands = [ended.out, ended.err]
    rows = home.parent / "rows.csv"
    for arguments in (
        ("findings", "yunlu", "2023", "--xlsx", str(home / "list.xlsx"), "--json", str(home / "list.json")),
        ("rows", "yunlu", "2023", "VEH-33", str(rows)),
    ):
        ended = yearbook(*arguments, home=home, **own)
        assert ended.code in {0, 1}, ended.err
        told_by_commands += [ended.out, ended.err]
    (home / "terminal.txt").write_text("\n".join(told_by_commands))
    found = told(home)
    assert [place for place in found if is_snapshot(place)], "the values were not even read"
    assert [place for place in found if not is_snapshot(place)] == []
    assert list(scratch.iterdir()) == []
    masked = rows.read_bytes()
    assert len(masked.splitlines()) == 3
    assert not [canary for canary in CANARIES for form in forms(canary) if form in masked]


def test_planted_personal_data_in_a_handed_over_file_is_in_no_letter(home: Path, yearbook: Command) -> None:
    path = home / "demo" / "yunlu" / "register_2023.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book["依申请公开"]
    for row in (4, 5):
        for column, value in enumerate((IDENTITY, PHONE, PLATE, NAME), start=1):
            sheet.cell(row, column).value = value
    book.save(path)
    ended = yearbook("run", "yunlu", "2023", home=home, PREFECT_HOME=str(home / "prefect"))
    assert ended.code == 2, ended.out
    (home / "terminal.txt").write_text(ended.out + ended.err)
    assert list((home / "letters").rglob("*.*"))
    assert told(home) == []
