"""Wrong year, mixed years, empty, overlapping files, and the exporter's own numbers."""

from datetime import date
from typing import Any

import pytest

from tests.yearbook.intake.factory import HEADER, PLACE, ROWS, agreement, extract, read
from yearbook.errors import Refusal
from yearbook.intake.grid import Cell
from yearbook.intake.whole import Control, check_control, require_no_overlap, require_year


def dated(*days: date) -> list[list[Cell]]:
    return [[f"A{at:02}", day, "甲类", 11 + at, 1] for at, day in enumerate(days)]


class TestTheYear:
    @pytest.mark.parametrize(
        ("days", "change"),
        [
            ([date(2023, 1, 1), date(2023, 12, 31)], {"one_year": True}),
            ([date(2019, 3, 1), date(2023, 1, 1), date(2024, 1, 9)], {}),
            ([date(2019, 3, 1)], {"may_be_empty": True}),
            ([date(2019, 3, 1)], {"year_column": ""}),
            ([], {"may_be_empty": True}),
        ],
    )
    def test_that_is_right(self, days: list[date], change: dict[str, Any]) -> None:
        require_year(read(*dated(*days)), extract(**change), PLACE, year=2023)

    @pytest.mark.parametrize(
        ("days", "change", "words"),
        [
            ([], {}, "只有表头，没有数据行"),
            ([date(2022, 3, 1), date(2022, 4, 1)], {}, "没有 2023 年的行，文件里是 2022 年 2 行，交错了年度"),
            ([date(2024, 3, 1)], {"may_be_empty": True}, "没有 2023 年的行，文件里是 2024 年 1 行"),
            (
                [date(2022, 12, 31), date(2023, 1, 1), date(2024, 1, 1)],
                {"one_year": True},
                "混有几个年度的行：2022 年 1 行、2023 年 1 行、2024 年 1 行；第 2、4 行不是 2023 年",
            ),
        ],
    )
    def test_that_is_wrong(self, days: list[date], change: dict[str, Any], words: str) -> None:
        with pytest.raises(Refusal) as refusal:
            require_year(read(*dated(*days)), extract(**change), PLACE, year=2023)
        assert words in refusal.value.what


class TestSeveralFiles:
    def test_that_share_nothing(self) -> None:
        require_no_overlap({"文件 东": read(ROWS[0], ROWS[1]), "文件 西": read(ROWS[2])}, extract())

    def test_that_overlap(self) -> None:
        tables = {"文件 东": read(ROWS[0], ROWS[1]), "文件 中": read(ROWS[2]), "文件 西": read(ROWS[2], ROWS[1])}
        with pytest.raises(Refusal) as refusal:
            require_no_overlap(tables, extract())
        assert refusal.value.what == "文件 西 与 文件 中 重叠：2 行的 number 相同，首先是第 2 行与第 2 行"

    def test_rows_twice_in_one_file_are_for_the_rules(self) -> None:
        require_no_overlap({"文件 东": read(ROWS[0], ROWS[0])}, extract())


class TestTheExportersNumbers:
    @pytest.mark.parametrize("name", ["line", "台账"])
    def test_that_agree(self, name: str) -> None:
        controls = [Control(name, 3), Control(name, None, "金额（元）", "606.75"), Control("别的", 99)]
        said = check_control(read(*ROWS), agreement(), PLACE, controls)
        assert said == "与提供者的控制数一致：3 行、“金额（元）”合计 606.75"

    def test_that_are_not_there(self) -> None:
        assert check_control(read(*ROWS), agreement(), PLACE, []) == ""
        with pytest.raises(Refusal, match="没有随文件交来控制数"):
            check_control(read(*ROWS), agreement(control=True), PLACE, [Control("别的", 3)])

    @pytest.mark.parametrize(
        ("control", "words"),
        [
            (Control("line", 4), "行数与提供者的控制数不符，控制数 4，文件里 3，相差 -1"),
            (Control("line", 3, "金额（元）", "606.76"), "合计与提供者的控制数不符，控制数 606.76，文件里 606.75"),
            (Control("line", None, "数量", "42"), "“数量”合计与提供者的控制数不符，控制数 42，文件里 41"),
            (Control("line", None, "总额", "1"), "控制数写的列“总额”不是读取的数字列"),
            (Control("line", None, "日期", "1"), "控制数写的列“日期”不是读取的数字列"),
            (Control("line", None, "备注", "1"), "控制数写的列“备注”不是读取的数字列"),
            (Control("line", None, "数量", "四十一"), "“数量”的控制合计不是数"),
        ],
    )
    def test_that_do_not_agree(self, control: Control, words: str) -> None:
        with pytest.raises(Refusal) as refusal:
            check_control(read(*ROWS), agreement(), PLACE, [control])
        assert words in refusal.value.what

    def test_the_sample_has_the_agreed_header(self) -> None:
        assert agreement().header("amount") == HEADER[4]
