"""Parts of one whole, the same file twice, files that overlap, controls beside them, and letters to their owners."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tasks.agency import Location
from tasks.extract import handed_files
from tasks.library import load_library
from tasks.settings import PROJECT, Settings
from tasks.sources.snapshot import Snapshot
from tests.tasks.sources.files import FEES, fees, saved, set_cell
from yearbook.catalog import Column
from yearbook.errors import Refusal
from yearbook.period import ReportYear

COLUMNS = load_library(PROJECT).sources["fees"].extracts[0].columns
Read = Callable[..., dict[str, Snapshot]]


def refused(read: Callable[[], object], *said: str) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        read()
    for words in said:
        assert words in refusal.value.what
    return refusal.value


def part(path: Path, month: int) -> Path:
    """A ledger whose rows lie in one month."""
    book = fees()
    for row in range(2, 6):
        set_cell(book, FEES, f"A{row}", date(2023, month, row))
    return saved(book, path)


class TestPartsOfOneWhole:
    def test_are_read_together(self, read: Read, tmp_path: Path) -> None:
        paths = [part(tmp_path / f"fees_{month}.xlsx", month) for month in (5, 6)]
        snapshot = read(*paths, code="fees")["fee_line"]
        days = pq.read_table(snapshot.path).column("paid_on").to_pylist()
        assert days == [date(2023, month, day) for month in (5, 6) for day in range(2, 6)]
        assert snapshot.normalised == tuple(f"fees_{month}.xlsx：合计行核对一致，共 4 行" for month in (5, 6))
        assert [name for name, _, _ in snapshot.received] == ["fees_5.xlsx", "fees_6.xlsx"]

    def test_in_any_order_give_the_same_snapshot(self, read: Read, tmp_path: Path) -> None:
        paths = [part(tmp_path / f"fees_{month}.xlsx", month) for month in (5, 6, 7)]
        assert read(*paths, code="fees")["fee_line"].digest == read(*paths[::-1], code="fees")["fee_line"].digest

    def test_that_are_one_file_twice(self, read: Read, tmp_path: Path) -> None:
        first = part(tmp_path / "east.xlsx", 5)
        second = tmp_path / "west.xlsx"
        second.write_bytes(first.read_bytes())
        refused(lambda: read(first, second, code="fees"), "文件 west.xlsx 与文件 east.xlsx 内容完全相同")

    def test_that_overlap(self, read: Read, tmp_path: Path) -> None:
        first, second = part(tmp_path / "east.xlsx", 5), fees()
        set_cell(second, FEES, "A3", date(2023, 5, 3))
        other = saved(second, tmp_path / "west.xlsx")
        refused(
            lambda: read(first, other, code="fees"),
            "文件 west.xlsx，工作表 收费台账 与 文件 east.xlsx，工作表 收费台账 重叠：1 行",
            "第 3 行与第 3 行",
        )

    def test_by_a_star_in_the_name(self, tmp_path: Path) -> None:
        for name in ("f_2023_b.xlsx", "f_2023_a.xlsx", "f_2023_a.xlsx.control.csv", "f_2022_a.xlsx"):
            (tmp_path / name).touch()
        location = Location(file="{home}/f_{year}_*.xlsx*", complete_from=2022)
        settings = Settings(home=tmp_path)
        found = [path.name for path in handed_files(location, ReportYear(2023), settings)]
        assert found == ["f_2023_a.xlsx", "f_2023_b.xlsx"]
        [missing] = handed_files(location, ReportYear(2021), settings)
        assert missing.name == "f_2021_*.xlsx*"


class TestTheYearOfTheRows:
    @pytest.mark.parametrize(
        ("days", "change", "said"),
        [
            ([date(2022, 3, day) for day in (1, 2, 3, 4)], {}, "没有 2023 年的行，文件里是 2022 年 4 行，交错了年度"),
            (
                [date(2022, 12, 31), date(2023, 1, 1), date(2023, 1, 2), date(2024, 1, 1)],
                {"one_year": True},
                "混有几个年度的行：2022 年 1 行、2023 年 2 行、2024 年 1 行；第 2、5 行不是 2023 年",
            ),
        ],
    )
    def test_is_told(self, days: list[date], change: dict[str, object], said: str, read: Read, tmp_path: Path) -> None:
        book = fees()
        for row, day in enumerate(days, start=2):
            set_cell(book, FEES, f"A{row}", day)
        path = saved(book, tmp_path / "fees_2023.xlsx")
        refused(lambda: read(path, code="fees", **change), said)

    def test_of_a_file_without_rows(self, read: Read, tmp_path: Path) -> None:
        book = fees()
        book[FEES].delete_rows(2, 4)
        set_cell(book, FEES, "F2", 0)
        path = saved(book, tmp_path / "fees_2023.xlsx")
        refused(lambda: read(path, code="fees"), "只有表头，没有数据行")
        assert read(path, code="fees", may_be_empty=True)["fee_line"].row_count == 0


class TestControls:
    @staticmethod
    def beside(path: Path, text: str) -> Path:
        path.with_name(path.name + ".control.csv").write_text(text, encoding="utf-8")
        return path

    def test_that_agree(self, read: Read, tmp_path: Path) -> None:
        path = self.beside(
            saved(fees(), tmp_path / "fees_2023.xlsx"),
            "extract,rows,column,total\nfee_line,4,金额（元）,230.8元\n收费台账,,数量,7\n",
        )
        said = read(path, code="fees", control=True)["fee_line"].normalised
        assert said[-1] == "与提供者的控制数一致：4 行、“金额（元）”合计 230.80、“数量”合计 7"

    def test_that_are_demanded(self, read: Read, tmp_path: Path) -> None:
        path = saved(fees(), tmp_path / "fees_2023.xlsx")
        refused(lambda: read(path, code="fees", control=True), "没有随文件交来控制数")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("extract,rows,column,total\nfee_line,5,,\n", "行数与提供者的控制数不符，控制数 5，文件里 4，相差 -1"),
            ("extract,rows,column,total\nfee_line,,金额（元）,230.81\n", "控制数 230.81，文件里 230.80，相差 -0.01"),
            ("", "须有表头 extract,rows,column,total 和至少一行"),
            ("extract,rows,column,total\n", "须有表头 extract,rows,column,total 和至少一行"),
            ("extract,rows\nfee_line,4\n", "须有表头"),
            ("extract,rows,column,total\nfee_line,four,,\n", "第 2 行须写明"),
            ("extract,rows,column,total\nfee_line,,金额（元）,\n", "第 2 行须写明"),
            ("extract,rows,column,total\n,4,,\n", "第 2 行须写明"),
            ("extract,rows,column,total\nfee_line,4\n", "第 2 行须写明"),
            ('extract,rows,column,total\n"fee_line,4,,\n', "不是 UTF-8 编码的 CSV"),
        ],
    )
    def test_that_do_not(self, text: str, said: str, read: Read, tmp_path: Path) -> None:
        path = self.beside(saved(fees(), tmp_path / "fees_2023.xlsx"), text)
        refused(lambda: read(path, code="fees"), said)


class TestLetters:
    def test_lie_ready_and_are_named(self, read: Read, tmp_path: Path) -> None:
        book = fees()
        set_cell(book, FEES, "C1", "类型")
        refusal = refused(
            lambda: read(saved(book, tmp_path / "fees_2023.xlsx"), code="fees"), "缺少 类别（疑改名为 类型）"
        )
        letter = tmp_path / "letters" / "fees_2023.txt"
        assert str(letter) in refusal.todo
        text = letter.read_text(encoding="utf-8")
        assert text.startswith("财务室：\n")
        assert "缺少的列：缺少 类别（疑改名为 类型）" in text
        assert "columns.csv" not in text

    def test_hold_no_value(self, read: Read, tmp_path: Path) -> None:
        book = fees()
        for row in range(2, 6):
            set_cell(book, FEES, f"A{row}", "张三 13607021234")
        refused(lambda: read(saved(book, tmp_path / "fees_2023.xlsx"), code="fees"), "整列疑已改变类型")
        text = (tmp_path / "letters" / "fees_2023.txt").read_text(encoding="utf-8")
        assert "某某 99999999999" in text
        assert "张三" not in text
        assert "13607021234" not in text

    def test_are_taken_away_when_the_file_has_been_put_right(self, read: Read, tmp_path: Path) -> None:
        book = fees()
        set_cell(book, FEES, "C1", "类型")
        refused(lambda: read(saved(book, tmp_path / "fees_2023.xlsx"), code="fees"), "缺少 类别")
        assert (tmp_path / "letters" / "fees_2023.txt").exists()
        read(saved(fees(), tmp_path / "fees_2023.xlsx"), code="fees")
        assert not (tmp_path / "letters" / "fees_2023.txt").exists()

    def test_are_not_written_for_what_the_owner_cannot_mend(self, read: Read, tmp_path: Path) -> None:
        more = Column(name="payer", type="text")
        columns = (*COLUMNS, more)
        path = saved(fees(), tmp_path / "fees_2023.xlsx")
        refused(
            lambda: read(path, code="fees", columns=columns), "sql/fees/columns.csv 没有写明提取 fee_line 的列 payer"
        )
        assert not (tmp_path / "letters").exists()

    def test_are_not_written_where_nothing_is_wrong(self, read: Read, tmp_path: Path) -> None:
        read(saved(fees(), tmp_path / "fees_2023.xlsx"), code="fees")
        assert not (tmp_path / "letters").exists()

    def test_that_cannot_be_written_do_not_hide_the_reason(self, read: Read, tmp_path: Path) -> None:
        (tmp_path / "letters").write_text("a file in the folder's place")
        book = fees()
        set_cell(book, FEES, "F6", 230.7)
        refusal = refused(lambda: read(saved(book, tmp_path / "fees_2023.xlsx"), code="fees"), "相差 -0.10")
        assert "信稿未能写入" in refusal.todo
