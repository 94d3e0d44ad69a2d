"""Failing rows in a file of the operator's own, and nowhere else."""

import csv
import errno
import logging
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tasks.library import Library
from tasks.quality import quarantine as rooms
from tasks.quality.failing import reference, row_key
from tasks.quality.quarantine import failing_rows, quarantine
from tasks.settings import Settings
from tasks.sources.snapshot import Snapshot
from tasks.store import BlobRef, Blobs, RunRecord, Store
from tests.tasks.quality.own_rules import EXTRACTS, LIBRARY, NOON, RULES, YEAR, own_library, snapshot
from yearbook.errors import Refusal

KEY = b"k" * 32
RUN_KEY = "ab" * 32
PLATE, SERIAL, CLASS = "样CANARY7", "CANARY-SERIAL-91", "CANARY-CLASS"
WRONG = {
    "serial": SERIAL, "plate_number": PLATE, "plate_class": CLASS, "first_registered_on": date(2031, 7, 19),
    "status": "AB", "left_on": date(2015, 5, 1),
}  # fmt: skip
CANARIES = (PLATE, SERIAL, CLASS, "CANARY", "2031-07-19")


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "blobs")


def written(path: Path) -> list[dict[str, str]]:
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(data.decode("utf-8-sig").splitlines()))


def taken(code: str, item: Snapshot, target: Path, *, masked: bool, library: Library = LIBRARY) -> list[dict[str, str]]:
    count = quarantine(
        RULES[code], {item.extract.code: item}, library, target=target, masked=masked, key=KEY
    )  # fmt: skip
    lines = written(target)
    assert len(lines) == count
    return lines


def test_unmasked_rows_are_as_they_stand_in_the_snapshot(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_register", [{}, WRONG], blobs)
    [line] = taken("VEH-10", item, tmp_path / "rows.csv", masked=False)
    # the snapshot is in the order of its key
    assert line == {
        "reference": reference(KEY, item, 0), "snapshot_row": "0", "serial": SERIAL, "plate_class": CLASS,
        "plate_number": PLATE, "first_registered_on": "2031-07-19", "status": "AB", "left_on": "2015-05-01",
    }  # fmt: skip


def test_masked_rows_tell_codes_and_years_and_ends(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_register", [{}, WRONG, WRONG | {"plate_class": "02", "left_on": None}], blobs)
    lines = taken("VEH-11", item, tmp_path / "rows.csv", masked=True)
    assert lines == [
        {
            "reference": reference(KEY, item, 1), "snapshot_row": "1", "serial": "C**************1",
            "plate_class": "C**********S", "plate_number": "样******7", "first_registered_on": "2031", "status": "AB",
            "left_on": "2015",
        }
    ]  # fmt: skip
    [known] = taken("VEH-12", snapshot("vehicle_register", [{"plate_number": "样A123"}], blobs), tmp_path / "b.csv",
                    masked=True)  # fmt: skip
    assert (known["plate_class"], known["plate_number"], known["left_on"]) == ("02", "*****", "")


@pytest.mark.parametrize(
    ("value", "shown"),
    [("A", "A"), ("AB", "AB"), ("A1", "**"), ("360702", "3****2"), ("ABCDEF-", "A*****-"), ("", ""), (None, "")],
)
def test_a_code_stays_only_where_its_list_has_it(value: str | None, shown: str, tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_register", [WRONG | {"status": value}], blobs)
    [line] = taken("VEH-10", item, tmp_path / "rows.csv", masked=True)
    assert line["status"] == shown


def test_numbers_and_dates_of_columns_that_are_not_personal_stay(tmp_path: Path, blobs: Blobs) -> None:
    changed = {"quantity": -3, "amount_yuan": Decimal("-0.10"), "item": "工本费及其他"}
    [line] = taken("FEE-01", snapshot("fee_line", [changed], blobs), tmp_path / "rows.csv", masked=True)
    assert {name: line[name] for name in ("paid_on", "quantity", "amount_yuan", "item", "category")} == {
        "paid_on": "2023-05-01", "quantity": "-3", "amount_yuan": "-0.10", "item": "工****他", "category": "*****",
    }  # fmt: skip


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝"])
@pytest.mark.parametrize("masked", [False, True])
def test_no_text_is_a_formula(start: str, masked: bool, tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("fee_line", [{"quantity": 0, "item": f"{start}cmd|' /C calc'!A0"}], blobs)
    quarantine(RULES["FEE-01"], {"fee_line": item}, LIBRARY, target=tmp_path / "rows.csv", masked=masked, key=KEY)
    with (tmp_path / "rows.csv").open(encoding="utf-8-sig", newline="") as file:
        [_, line] = csv.reader(file)
    assert line[3].startswith(f"'{start}")


def test_doubled_rows_are_all_written(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{"serial": serial} for serial in ("A", "B", "B", "C")], blobs)
    lines = taken("VEH-02", item, tmp_path / "rows.csv", masked=False)
    assert [line["snapshot_row"] for line in lines] == ["1", "2"]


def test_a_cut_list_says_so(tmp_path: Path, blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms, "MOST_ROWS", 3)
    item = snapshot("fee_line", [{"quantity": 0}] * 5, blobs)
    target = tmp_path / "rows.csv"
    assert quarantine(RULES["FEE-01"], {"fee_line": item}, LIBRARY, target=target, masked=True, key=KEY) == 3
    *lines, last = written(target)
    assert [line["snapshot_row"] for line in lines] == ["0", "1", "2"]
    assert last["reference"] == "另有 2 行未列出，每次最多 3 行"


def test_the_file_is_the_owners_alone(tmp_path: Path, blobs: Blobs) -> None:
    mask = os.umask(0)
    try:
        taken("FEE-01", snapshot("fee_line", [{"quantity": 0}], blobs), tmp_path / "rows.csv", masked=True)
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "rows.csv").stat().st_mode) == 0o600


def test_nothing_is_overwritten(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("fee_line", [{"quantity": 0}], blobs)
    target, link = tmp_path / "rows.csv", tmp_path / "link.csv"
    target.write_text("mine")
    link.symlink_to(tmp_path / "elsewhere.csv")
    for place in (target, link):
        with pytest.raises(Refusal, match="已有同名的文件"):
            taken("FEE-01", item, place, masked=True)
    assert target.read_text() == "mine"
    assert not (tmp_path / "elsewhere.csv").exists()


def test_half_a_file_does_not_stay(tmp_path: Path, blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    item = snapshot("fee_line", [{"quantity": 0}], blobs)
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refusal, match="磁盘空间不足"):
        taken("FEE-01", item, tmp_path / "rows.csv", masked=True)
    assert not (tmp_path / "rows.csv").exists()


def test_a_rule_that_no_row_breaks_and_one_that_cannot_be_asked_are_refused(tmp_path: Path, blobs: Blobs) -> None:
    item = snapshot("vehicle_transaction", [{"serial": SERIAL}], blobs)
    for code, said in (("VEH-01", "没有不符合规则 VEH-01 的行"), ("VEH-07", "规则 VEH-07 无法评估")):
        with pytest.raises(Refusal, match=said) as refusal:
            taken(code, item, tmp_path / "rows.csv", masked=False)
        assert SERIAL not in str(refusal.value)
        assert refusal.value.__cause__ is None
    assert not (tmp_path / "rows.csv").exists()


@dataclass
class Place:
    """A project, a store with one run, and a folder of the operator's own."""

    settings: Settings
    store: Store
    own: Path

    def commit(self, library: Library, snapshots: dict[str, Snapshot], key: str = RUN_KEY) -> int:
        for name, text in library.texts.items():
            path = self.settings.project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        refs = [
            BlobRef("sql" if name.startswith("sql/") else "rule", name, self.store.blobs.put_bytes(text.encode()))
            for name, text in library.texts.items()
        ]
        refs += [BlobRef("snapshot", f"{name}.parquet", item.digest, private=True) for name, item in snapshots.items()]
        moment = datetime(2024, 1, 5, 8, 7, tzinfo=UTC)
        return self.store.commit(
            RunRecord(
                key=key, body="demo", year=2023, state="blocked", started_at=moment, finished_at=moment,
                code_version="0", operator="甲", blobs=tuple(refs),
            )
        )  # fmt: skip

    def take(self, code: str, *, target: Path | None = None, masked: bool = False, base: bool = False) -> int:
        return failing_rows(
            self.settings, "demo", 2023, code, target=target or self.own / "rows.csv", masked=masked, base=base
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    folders = {name: tmp_path / name for name in ("project", "home", "out", "own")}
    for folder in folders.values():
        folder.mkdir()
    settings = Settings(project=folders["project"], home=folders["home"], out=folders["out"])
    return Place(settings, Store.open(folders["home"] / "store"), folders["own"])


@pytest.fixture
def register(place: Place) -> Snapshot:
    """A register with one wrong row, kept by a run for both years."""
    item = snapshot("vehicle_register", [{}, WRONG], place.store.blobs)
    place.commit(LIBRARY, {"report/vehicle_register": item, "base/vehicle_register": item})
    return item


def test_rows_of_the_newest_run_come_out_of_the_store(place: Place, register: Snapshot) -> None:
    assert place.take("VEH-10") == 1
    [line] = written(place.own / "rows.csv")
    key = row_key(place.settings.home / "store", RUN_KEY)
    assert (line["reference"], line["plate_number"]) == (reference(key, register, 0), PLATE)
    assert place.take("VEH-10", target=place.own / "base.csv", base=True) == 1
    assert (place.own / "base.csv").read_bytes() == (place.own / "rows.csv").read_bytes()
    newer = snapshot("vehicle_register", [WRONG, WRONG | {"serial": "T"}], place.store.blobs)
    place.commit(LIBRARY, {"report/vehicle_register": newer}, key="cd" * 32)
    assert place.take("VEH-10", target=place.own / "newer.csv") == 2
    first, _ = written(place.own / "newer.csv")
    assert first["reference"] != line["reference"]


def test_values_stand_in_the_unmasked_file_alone(
    place: Place, register: Snapshot, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    before = {path for path in place.settings.home.rglob("*") if path.is_file()}
    place.take("VEH-10", target=place.own / "plain.csv")
    place.take("VEH-10", target=place.own / "masked.csv", masked=True)
    output = capfd.readouterr()
    kept = {path for path in place.settings.home.rglob("*") if path.is_file()}
    assert {path.name for path in kept - before} <= {"row.key", ".lock"}
    files = {path for path in place.own.parent.rglob("*") if path.is_file()} - {register.path}
    for value in CANARIES:
        assert [path.name for path in files if value.encode() in path.read_bytes()] == ["plain.csv"], value
        assert value not in caplog.text + output.out + output.err


def test_rows_of_the_base_year_and_of_a_reference(place: Place) -> None:
    blobs = place.store.blobs
    late = {"applied_at": NOON}
    now, then = (
        snapshot("vehicle_transaction", [late | {"completed_at": NOON.replace(year=year)}] * rows, blobs, year=asked)
        for year, rows, asked in ((2023, 2, YEAR), (2022, 3, YEAR.previous))
    )
    cars = snapshot("vehicle_register", [{"serial": "S00001"}], blobs)
    place.commit(LIBRARY, {
        "report/vehicle_transaction": now, "base/vehicle_transaction": then,
        "report/vehicle_register": cars, "base/vehicle_register": cars,
    })  # fmt: skip
    assert place.take("VEH-01", base=True) == 3
    assert place.take("VEH-06", target=place.own / "now.csv") == 1
    assert place.take("VEH-06", target=place.own / "then.csv", base=True) == 2
    with pytest.raises(Refusal, match="没有不符合规则 VEH-01 的行"):
        place.take("VEH-01", target=place.own / "none.csv")


@pytest.mark.parametrize(
    ("code", "base", "said"),
    [
        ("VEH-99", False, "没有编号为 VEH-99 的来源规则"),
        ("T3-1", False, "没有编号为 T3-1 的来源规则"),
        ("VEH-04", False, "规则 VEH-04 查的是整张表"),
        ("VEH-12", True, "规则 VEH-12 不查上年基数"),
        ("FEE-01", False, "没有 fee_line 的快照"),
        ("FEE-01", True, "没有 fee_line 的上年快照"),
    ],
)
@pytest.mark.usefixtures("register")
def test_what_has_no_rows_is_refused(code: str, base: bool, said: str, place: Place) -> None:
    with pytest.raises(Refusal, match=said):
        place.take(code, base=base)
    assert not list(place.own.iterdir())


def test_without_a_run_there_are_no_rows(place: Place) -> None:
    place.commit(LIBRARY, {})
    with pytest.raises(Refusal, match="没有机构 yunlu 2023 年的运行"):
        failing_rows(place.settings, "yunlu", 2023, "VEH-10", target=place.own / "rows.csv", masked=True)


@pytest.mark.parametrize("name", ["expectations/vehicles.toml", "sql/sources.toml", "sql/codes/plate_class.csv"])
@pytest.mark.usefixtures("register")
def test_a_catalogue_that_has_changed_since_the_run_is_refused(name: str, place: Place) -> None:
    path = place.settings.project / name
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(Refusal, match=name) as refusal:
        place.take("VEH-11")
    assert refusal.value.todo == "执行 yearbook run demo 2023 后再取"


@pytest.mark.usefixtures("register")
def test_what_the_rule_does_not_use_may_change(place: Place) -> None:
    for name in ("expectations/fees.toml", "sql/codes/vehicle_status.csv"):
        path = place.settings.project / name
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert place.take("VEH-11") == 1


@pytest.mark.parametrize("spoil", [Path.unlink, lambda path: path.write_bytes(b"PAR1")], ids=["gone", "other"])
def test_a_damaged_snapshot_is_refused(spoil: Callable[[Path], Any], place: Place, register: Snapshot) -> None:
    register.path.chmod(0o600)
    spoil(register.path)
    with pytest.raises(Refusal, match="快照缺失或已损坏"):
        place.take("VEH-10")


@pytest.mark.parametrize("inside", ["project", "home", "home/store", "out", "link"])
@pytest.mark.usefixtures("register")
def test_rows_do_not_go_where_things_are_kept_or_published(inside: str, place: Place) -> None:
    folder = place.own.parent / inside
    if inside == "link":
        folder.symlink_to(place.settings.out)
    with pytest.raises(Refusal, match="不把明细行写到"):
        place.take("VEH-10", target=folder / "rows.csv")
    assert not (folder / "rows.csv").exists()


@pytest.mark.parametrize(
    ("name", "said"), [("nowhere/rows.csv", "不存在"), ("taken.csv", "已有同名"), ("甲" * 200, "文件名过长")]
)
@pytest.mark.usefixtures("register")
def test_a_place_that_does_not_do_is_refused(name: str, said: str, place: Place) -> None:
    (place.own / "taken.csv").touch()
    with pytest.raises(Refusal, match=said):
        place.take("VEH-10", target=place.own / name)


def test_every_column_of_every_extract_has_a_mask() -> None:
    library = own_library()
    for extract in EXTRACTS.values():
        for column in extract.columns:
            value: Any = {"integer": 7, "money": Decimal("7.00"), "date": NOON.date(), "moment": NOON}.get(
                column.type, "甲乙丙丁戊己庚"
            )
            shown = rooms._mask(column, extract, library)(value)
            hidden = column.personal or column.type in {"text", "code"}
            assert ("*" in shown) == (hidden and column.type not in {"date", "moment"})
            if extract.personal and column.type in {"date", "moment"}:
                assert shown == "2023"
