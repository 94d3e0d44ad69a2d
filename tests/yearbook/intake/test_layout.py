"""Where the table is in a sheet, and every layout that is not as declared."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.yearbook.intake.factory import HEADER, PLACE, ROWS, book, extract, grid
from yearbook.errors import Refusal
from yearbook.intake.grid import Grid, Merged
from yearbook.intake.layout import Sheet, find_grid, lay_out

TITLE = ("样例台账（2023年度）", None)


def laid(sheet: Grid, filled: frozenset[str] = frozenset(), **change: Any) -> Sheet:
    return lay_out(sheet, extract(**change), PLACE, year=2023, filled=filled)


def refused(sheet: Grid, **change: Any) -> Refusal:
    with pytest.raises(Refusal) as refusal:
        laid(sheet, **change)
    assert refusal.value.what.startswith(PLACE)
    assert refusal.value.todo
    return refusal.value


def test_header_rows_and_numbers() -> None:
    sheet = laid(grid(TITLE, HEADER, ROWS[0], (), ROWS[1]), title_rows=1)
    assert sheet == Sheet(HEADER, ROWS[:2], (3, 5))


def test_two_header_rows_with_merged_cells() -> None:
    merged = (Merged(1, 1, 2, 1), Merged(1, 2, 1, 3), Merged(1, 4, 2, 4))
    sheet = laid(
        grid(("编 号", "申请\n人", None, "备注"), (None, "姓名", "类别"), ("A", "b", "c", "d"), merged=merged),
        header_rows=2,
    )
    assert sheet.header == ("编号", "申请人/姓名", "申请人/类别", "备注")


def test_merged_cells_without_contents_beside_or_below_the_table_are_nothing() -> None:
    merged = (Merged(1, 7, 1, 9), Merged(2, 8, 3, 8), Merged(9, 1, 12, 2))
    assert laid(grid(HEADER, *ROWS, merged=merged)).rows == ROWS


def test_a_merged_total_row_that_is_not_declared_is_told_as_one() -> None:
    sheet = grid(HEADER, *ROWS, ("合计", None, None, 41), merged=(Merged(5, 1, 5, 3),))
    assert "第 5 行是合计或小计行" in refused(sheet).what


def test_a_declared_total_row_is_taken_off() -> None:
    sheet = laid(
        grid(HEADER, *ROWS, ("合 计", None, None, 41, 606.75), merged=(Merged(5, 1, 5, 3),)), total_label="合计"
    )
    assert sheet.rows == ROWS
    assert sheet.total == (5, ("合 计", None, None, 41, 606.75, None))


def test_declared_columns_are_filled_down() -> None:
    rows = (("A01", date(2023, 1, 7), "甲类", 11), ("A02", None, None, 13), ("A03", None, "乙类", 17))
    sheet = laid(grid(HEADER, *rows, merged=(Merged(2, 2, 4, 2), Merged(2, 3, 3, 3))), frozenset({"日期", "类别"}))
    assert [row[1] for row in sheet.rows] == [date(2023, 1, 7)] * 3
    assert [row[2] for row in sheet.rows] == ["甲类", "甲类", "乙类"]


@pytest.mark.parametrize(
    "merged",
    [Merged(2, 3, 3, 3), Merged(2, 2, 2, 3), Merged(2, 2, 3, 3), Merged(1, 2, 2, 2), Merged(4, 1, 4, 2)],
    ids=["undeclared column", "across columns", "a block", "from the header down", "a label that is no total"],
)
def test_other_merged_cells_are_refused(merged: Merged) -> None:
    with pytest.raises(Refusal, match=f"第 {merged.first_row} 行第 {merged.first_column} 列是合并单元格"):
        laid(grid(HEADER, *ROWS, merged=(merged,)), frozenset({"日期"}))


@pytest.mark.parametrize(
    ("title", "unit"),
    [("台账 单位：万元", "万元"), ("台账（单位: 元）", "元"), ("台账", ""), ("计量单位：亿元", "亿元")],
)
def test_a_unit_in_the_title(title: str, unit: str) -> None:
    assert laid(grid((title,), HEADER, *ROWS), title_rows=1).unit == unit


@pytest.mark.parametrize(
    ("sheet", "change", "words"),
    [
        (grid(), {}, "工作表是空的"),
        (grid(TITLE), {"title_rows": 1}, "没有表头"),
        (grid(("2022年度台账",), HEADER), {"title_rows": 1}, "标题写的是 2022 年，不是 2023 年"),
        (grid(("2021年、2022 年台账",), HEADER), {"title_rows": 1}, "标题写的是 2021、2022 年"),
        (grid(HEADER[:3], ("A01", None, "甲类", 11)), {}, "第 2 行在最后一列表头的右边还有内容"),
        (grid(HEADER, *ROWS), {"total_label": "合计"}, "最后一行不是“合计”"),
        (grid(HEADER), {"total_label": "合计"}, "最后一行不是“合计”"),
        (grid(HEADER, *ROWS, ("合计", None, None, 41)), {}, "第 5 行是合计或小计行"),
        (grid(HEADER, ROWS[0], ("小 计：",), ROWS[1]), {}, "第 3 行是合计或小计行"),
        (grid(HEADER, ROWS[0], (None, "总计", None, 11), ROWS[1]), {}, "第 3 行是合计或小计行"),
        (grid(HEADER, ROWS[0], ("小计",), ("合计",)), {"total_label": "合计"}, "第 3 行是合计或小计行"),
    ],
)
def test_what_is_not_as_declared(sheet: Grid, change: dict[str, Any], words: str) -> None:
    assert words in refused(sheet, **change).what


@pytest.mark.parametrize("title", ["台账（2022年度、2023年度）", "台账", "20231年", "文号2022第7号"])
def test_titles_that_may_stand(title: str) -> None:
    assert laid(grid((title,), HEADER, *ROWS), title_rows=1).rows == ROWS


class TestWhichSheet:
    def test_that_is_a_chart(self) -> None:
        with pytest.raises(Refusal, match="工作表“台账”是图表，不是表格"):
            find_grid(replace(book(Grid("说明", ())), charts=("台账",)), extract(), PLACE)

    def test_by_name(self) -> None:
        other = Grid("说明", (("x",),), hidden=True)
        mine = grid(HEADER, *ROWS)
        assert find_grid(book(other, mine), extract(), PLACE) is mine

    def test_the_only_table_of_a_file_without_names(self) -> None:
        mine = Grid("", (HEADER, *ROWS))
        for form in ("text", "html"):
            assert find_grid(book(mine, form=form), extract(), PLACE) is mine

    @pytest.mark.parametrize(
        ("grids", "form", "words"),
        [
            ((Grid("说明", ()),), "xlsx", "没有名为“台账”的工作表，现有 说明"),
            ((), "xlsx", "没有名为“台账”的工作表，现有 （无）"),
            (
                tuple(Grid(f"附表{n}", ()) for n in range(1, 9)),
                "xlsx",
                "现有 附表1、附表2、附表3、附表4、附表5 等 8 个",
            ),
            ((Grid("甲\n乙\x1b", ()),), "xlsx", "现有 甲 乙□"),
            ((Grid("", ()), Grid("", ())), "html", "有 2 个表格"),
            ((), "html", "有 0 个表格"),
            ((grid(HEADER, *ROWS, hidden=True),), "xls", "工作表被隐藏"),
            ((grid(HEADER, *ROWS, hidden_rows=(2, 3, 4, 5, 6, 7)),), "ods", "第 2、3、4、5、6 等 6 行被隐藏或被筛选掉"),
            ((grid(HEADER, *ROWS, hidden_columns=(2, 5)),), "xlsx", "第 2、5 列被隐藏"),
        ],
    )
    def test_or_refused(self, grids: tuple[Grid, ...], form: str, words: str) -> None:
        with pytest.raises(Refusal) as refusal:
            find_grid(book(*grids, form=form), extract(), PLACE)
        assert words in refusal.value.what
