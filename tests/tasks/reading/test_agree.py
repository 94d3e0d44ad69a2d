"""Where two readers may differ, and where not: both sides of every allowance."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from tasks.reading.agree import agreed
from tasks.reading.found import Reading, Sheet
from tests.tasks.reading.making import moment_of
from yearbook.errors import Refusal
from yearbook.intake.grid import Merged, Odd

DAY = moment_of(2023, 1, 2)
CANARY = "CANARY41010519491231002X"


def both(first: Any, second: Any) -> Any:
    sheet = Sheet("表", [["k", first]])
    return agreed(Reading("xlsx", ("a", "b"), [sheet], [("表", [["k", second]])])).grids[0]


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        (None, "", None), ("", " \n", None), (1, 1.0, 1), (1.5, 1.5, 1.5), (10**17 + 1, 1e17, 10**17 + 1),
        (DAY, date(2023, 1, 2), DAY), (DAY, DAY + timedelta(milliseconds=1), DAY),
        (time(3, 4), time(3, 4, 0, 400), time(3, 4)), (timedelta(hours=30), "PT30H00M00S", timedelta(hours=30)),
        (timedelta(hours=30), timedelta(hours=30, microseconds=9), timedelta(hours=30)),
        (Odd.ERROR, "", Odd.ERROR), (Odd.ERROR, "#N/A", Odd.ERROR), (Odd.ERROR, 1e22, Odd.ERROR),
        (Odd.NOT_CALCULATED, 0.0, Odd.NOT_CALCULATED), (Odd.NOT_CALCULATED, "x", Odd.NOT_CALCULATED),
        ("a_x000D_\nb", "a\r\nb", "a\r\nb"), (" 前", " 前", " 前"),
    ],
)  # fmt: skip
def test_one_value(first: Any, second: Any, taken: Any) -> None:
    grid = both(first, second)
    row = grid.rows[0] + (None,) * (2 - grid.width)
    assert row == ("k", taken)
    assert type(row[1]) is type(taken)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (None, 0), (None, False), (1, True), (1, "1"), (1, 2), (0.1, 0.1 + 2e-17 + 1e-16), (10**400, 1e300),
        (DAY, date(2023, 1, 3)), (DAY, DAY + timedelta(milliseconds=2)), (DAY, "2023-01-02"), (DAY, 44928.0),
        (time(3, 4), time(3, 5)), (timedelta(hours=30), "PT31H00M00S"), (timedelta(hours=30), "三十小时"),
        (timedelta(hours=30), moment_of(1899, 12, 31, 6)), (Odd.ERROR, "有字"), ("甲", "乙"), ("甲", "甲 "),
        ("a_x000D_\nb", "a\nb"), (float("nan"), float("nan")), ("", "x"), ("x", None),
    ],
)  # fmt: skip
def test_two_values(first: Any, second: Any) -> None:
    with pytest.raises(Refusal, match="两个读取器读出的内容不一致，B1（第 1 行第 2 列）等 1 个单元格"):
        both(first, second)


def test_cells_that_only_one_has() -> None:
    reading = Reading("xlsx", ("a", "b"), [Sheet("表", [["k"]])], [("表", [["k"], ["", CANARY]])])
    with pytest.raises(Refusal) as caught:
        agreed(reading)
    assert caught.value.what == "，工作表 表：两个读取器读出的内容不一致，B2（第 2 行第 2 列）等 1 个单元格"
    assert CANARY not in str(caught.value)


@pytest.mark.parametrize("second", [[], ["乙", "甲"], ["甲"], ["甲", "乙", "丙"]])
def test_sheets_that_differ(second: list[str]) -> None:
    reading = Reading("xlsx", ("a", "b"), [Sheet("甲", []), Sheet("乙", [])], [(name, []) for name in second])
    with pytest.raises(Refusal, match="工作表的名称或次序不同"):
        agreed(reading)


def test_sheets_of_one_name() -> None:
    reading = Reading("xls", ("a", "b"), [Sheet("A", []), Sheet("a", [])], [("A", []), ("a", [])])
    with pytest.raises(Refusal, match="同名的工作表"):
        agreed(reading)


def test_only_charts() -> None:
    with pytest.raises(Refusal, match="没有表格，只有图表"):
        agreed(Reading("xlsx", ("a", "b"), [], [], charts=("图",)))


def test_number_without_end() -> None:
    with pytest.raises(Refusal, match="B1 的数值超出范围"):
        both(float("inf"), float("inf"))


def test_trimming_and_what_lies_outside() -> None:
    rows: Any = [["a", None, ""], [], ["b", 1.0], [None, " "]]
    sheet = Sheet("表", rows, [Merged(9, 9, 10, 10)], hidden_rows={2, 3, 4, 99}, hidden_columns={2, 3})
    grid = agreed(Reading("xlsx", ("a", "b"), [sheet], [("表", rows)])).grids[0]
    assert grid.rows == (("a", None), (None, None), ("b", 1))
    assert (grid.hidden_rows, grid.hidden_columns) == ((2, 3), (2,))
    assert grid.merged == (Merged(9, 9, 10, 10),)


def test_blank_under_a_merged_range_is_nothing() -> None:
    sheet = Sheet("表", [["a", " "], ["", "b"]], [Merged(1, 1, 2, 1), Merged(1, 2, 1, 2)])
    assert agreed(Reading("xlsx", ("a", "b"), [sheet], [("表", [["a"], [None, "b"]])])).grids[0].width == 2
