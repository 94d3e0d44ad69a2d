"""A sheet against its contract: values, notes, and every difference told at once with rows and shapes."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.yearbook.intake.factory import HEADER, KINDS, NAMES, PLACE, ROWS, agreement, grid, read, read_grid
from yearbook.errors import Refusal
from yearbook.intake.drift import Drift
from yearbook.intake.grid import Cell, Odd
from yearbook.intake.layout import lay_out
from yearbook.intake.table import Agreement, read_table

CANARY = "张三360702199001011234"


def put(row: int, column: str, value: Cell) -> list[list[Cell]]:
    rows = [list(cells) for cells in ROWS]
    rows[row][NAMES.index(column)] = value
    return rows


def drift(run: Callable[[], object]) -> Drift:
    with pytest.raises(Drift) as refusal:
        run()
    assert CANARY not in str(refusal.value) + str(refusal.value.differences)
    return refusal.value


def test_values_and_row_numbers() -> None:
    table = read(*ROWS)
    assert table.columns == {
        "number": ["A01", "A02", "A03"],
        "on": [date(2023, 1, 7), date(2023, 5, 8), date(2023, 9, 9)],
        "kind": ["甲类", "乙类", "甲类"],
        "count": [11, 13, 17],
        "amount": [Decimal("101.25"), Decimal("202.50"), Decimal("303.00")],
    }
    assert table.numbers == (2, 3, 4)
    assert table.notes == ()


def test_notes_name_header_rule_count_and_rows() -> None:
    rows = [["A01", "2023.1.7", "甲类 ", "１1", "1,101.25"], ["A02", "2023/5/8", "乙类", 13, "202.5元"]]
    table = read(*rows, clean=["blanks", "full_width", "thousands", "text_dates"], units={"amount": "元"})
    assert table.notes == (
        "日期：文字写的日期改为日期 2 处（第 2、3 行）",
        "类别：去掉首尾空白 1 处（第 2 行）",
        "数量：全角字符改为半角 1 处（第 2 行）",
        "金额（元）：去掉千分位 1 处（第 2 行）",
        "金额（元）：去掉或换算单位 1 处（第 3 行）",
    )
    assert table.columns["amount"] == [Decimal("1101.25"), Decimal("202.50")]


@pytest.mark.parametrize(
    ("rows", "words", "kind"),
    [
        (put(1, "number", None), "第 3 行“编号”，列 number 为空，契约要求必填", "value"),
        (put(1, "on", CANARY), "第 3 行“日期”，列 on 的值不是 日期（年-月-日）", "value"),
        (put(2, "count", 1.5), "第 4 行“数量”，列 count 的值不是 整数", "value"),
        (put(2, "amount", Odd.ERROR), "第 4 行“金额（元）”，列 amount 是错误值", "value"),
        (put(0, "amount", Odd.NOT_CALCULATED), "第 2 行“金额（元）”，列 amount 是未计算的公式", "value"),
        (put(0, "number", 7), "第 2 行“编号”，列 number 是数值，不是代码（文字），开头的零可能已经丢失", "value"),
        (put(1, "kind", CANARY), "“类别”，列 kind 有代码表以外的值 1 种、1 处（第 3 行）", "new_code"),
    ],
)
def test_a_difference(rows: list[list[Cell]], words: str, kind: str) -> None:
    found = drift(lambda: read(*rows))
    assert found.what == f"{PLACE}：{words}"
    assert [difference.kind for difference in found.differences] == [kind]


def test_a_column_that_changed_its_type() -> None:
    rows = [[*row[:1], str(row[1]), *row[2:]] for row in ROWS]
    found = drift(lambda: read(*rows))
    assert found.what.endswith(
        "列 on 的值不是 日期（年-月-日）（共 3 处：第 2、3、4 行），整列疑已改变类型，应为 日期（年-月-日）"
    )
    [difference] = found.differences
    assert (difference.kind, difference.rows, difference.examples) == ("retyped", (2, 3, 4), ("9999-99-99",))


def test_all_differences_are_told_at_once() -> None:
    rows = put(1, "on", CANARY)
    rows[2][NAMES.index("kind")] = "丙类"
    rows[0][NAMES.index("count")] = None
    found = drift(lambda: read(*rows))
    assert [difference.header for difference in found.differences] == ["日期", "类别", "数量"]
    assert found.differences[0].examples == ("某某999999999999999999",)


def test_headers_are_held_against_the_agreement_first() -> None:
    found = drift(lambda: read(*ROWS, header=("编号", "日期", "类型", "数量", "金额（元）", "备注")))
    assert found.what == f"{PLACE}：表头与约定不符：缺少 类别（疑改名为 类型）；多出 类型"
    assert "sql/ledger/columns.csv" in found.todo


def test_a_code_may_be_padded_and_blank_codes_are_no_new_ones() -> None:
    assert read(*put(0, "kind", "甲类  ")).columns["kind"] == ["甲类  ", "乙类", "甲类"]
    assert {"甲类", "乙类"} == KINDS


def test_a_column_that_is_absent_this_year() -> None:
    agreed = agreement()
    without = Agreement(agreed.extract, tuple(h for h in agreed.headings if h.column != "amount"), agreed.accepted)
    header = tuple(name for name in HEADER if name != "金额（元）")
    sheet = lay_out(grid(header, *[(*row[:4], row[5]) for row in ROWS]), agreed.extract, PLACE, year=2023)
    table = read_table(sheet, without, PLACE, form="xlsx", date_1904=False)
    assert table.columns["amount"] == [None, None, None]
    needed = Agreement(agreed.extract, tuple(h for h in agreed.headings if h.column != "count"), agreed.accepted)
    with pytest.raises(Refusal, match="没有写明提取 line 的列 count"):
        read_table(sheet, needed, PLACE, form="xlsx", date_1904=False)


class TestUnits:
    def test_of_the_header_hold_for_bare_numbers(self) -> None:
        header = (*HEADER[:4], "金额（万元）", HEADER[5])
        agreed = agreement(header, units={"amount": "万元"})
        sheet = lay_out(grid(header, *put(1, "amount", "2.5万元")), agreed.extract, PLACE, year=2023)
        table = read_table(sheet, agreed, PLACE, form="xlsx", date_1904=False)
        assert table.columns["amount"] == [Decimal("1012500.00"), Decimal("25000.00"), Decimal("3030000.00")]
        assert table.notes == ("金额（万元）：去掉或换算单位 3 处（第 2、3、4 行）",)

    def test_of_the_title_hold_for_bare_numbers(self) -> None:
        header = (*HEADER[:4], "金额", HEADER[5])
        agreed = agreement(header, units={"amount": "万元"}, title_rows=1)
        sheet = lay_out(grid(("单位：万元",), header, *ROWS), agreed.extract, PLACE, year=2023)
        table = read_table(sheet, agreed, PLACE, form="xlsx", date_1904=False)
        assert table.columns["amount"][0] == Decimal("1012500.00")

    @pytest.mark.parametrize("unit", ["万元", "千元", "亿元"])
    def test_that_are_not_declared_are_refused(self, unit: str) -> None:
        with pytest.raises(Refusal, match=f"表中写明单位是{unit}"):
            read_grid(grid((f"单位：{unit}",), HEADER, *ROWS), title_rows=1)


class TestTheTotalRow:
    @staticmethod
    def run(total: Cell, **change: Any) -> tuple[str, ...]:
        return read(*ROWS, ("合计", None, None, None, total), total_label="合计", total_column="amount", **change).notes

    def test_that_fits(self) -> None:
        assert self.run(606.75) == ("合计行核对一致，共 3 行",)
        assert self.run("606.75元", units={"amount": "元"}) == ("合计行核对一致，共 3 行",)

    @pytest.mark.parametrize(
        ("total", "words"),
        [
            (606.74, "第 5 行合计 606.74 与各行之和 606.75 不符，相差 -0.01"),
            (0, "第 5 行合计 0.00 与各行之和 606.75 不符"),
            (None, "第 5 行合计“金额（元）”"),
            (Odd.NOT_CALCULATED, "第 5 行合计“金额（元）”是未计算的公式"),
            (CANARY, "第 5 行合计“金额（元）”的值不是"),
        ],
    )
    def test_that_does_not(self, total: Cell, words: str) -> None:
        with pytest.raises(Refusal) as refusal:
            self.run(total)
        assert words in refusal.value.what
        assert CANARY not in str(refusal.value)
