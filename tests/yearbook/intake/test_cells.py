"""Each declared clean-up by example, what is not declared, and that no clean-up invents a value."""

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yearbook.catalog import Column
from yearbook.catalog.entries import Clean, ColumnType
from yearbook.intake.cells import TYPE_WORDS, cleaned, half_width, misfit
from yearbook.intake.grid import Odd
from yearbook.intake.rules import CLEAN_WORDS, Rules

EVERYTHING = frozenset(CLEAN_WORDS)
NOON = datetime(2023, 3, 1, 12)  # noqa: DTZ001


def column(kind: ColumnType, *, required: bool = True) -> Column:
    return Column(name="cell", type=kind, required=required)


def clean(
    cell: Any, kind: ColumnType, rules: Collection[str] = (), *, unit: str = "", bare: bool = False, text: bool = False
) -> tuple[Any, tuple[str, ...]]:
    return cleaned(cell, column(kind), Rules(clean=rules, unit=unit, bare=bare, plain_text=text))


def test_every_declared_clean_up_has_words() -> None:
    assert set(get_args(Clean)) | {"unit"} == set(CLEAN_WORDS)
    assert set(get_args(ColumnType)) == set(TYPE_WORDS)


@pytest.mark.parametrize(
    ("cell", "kind", "rule", "value"),
    [
        (" 17 ", "integer", "blanks", 17),
        ("\u3000A1\u00a0", "code", "blanks", "A1"),
        ("１２３", "integer", "full_width", 123),
        ("Ａ１", "code", "full_width", "A1"),
        ("１，２３４．５０", "money", "thousands", Decimal("1234.50")),
        ("1,234,567", "integer", "thousands", 1234567),
        ("-", "integer", "dashes", None),
        ("——", "date", "dashes", None),
        ("/", "money", "dashes", None),
        ("无", "code", "dashes", None),
        ("22（其中修订16件）", "integer", "notes", 22),
        ("55(含自然失效29件)", "integer", "notes", 55),
        ("516.94（暂估）", "money", "notes", Decimal("516.94")),
        ("2023.3.1", "date", "text_dates", date(2023, 3, 1)),
        ("2023/03/01", "date", "text_dates", date(2023, 3, 1)),
        ("2023年3月1日", "date", "text_dates", date(2023, 3, 1)),
        ("20230301", "date", "text_dates", date(2023, 3, 1)),
        ("2023/3/1 9:05", "moment", "text_dates", datetime(2023, 3, 1, 9, 5)),  # noqa: DTZ001
        ("2023年3月1日 09:05:07", "moment", "text_dates", datetime(2023, 3, 1, 9, 5, 7)),  # noqa: DTZ001
        ("2023-03-01", "moment", "text_dates", datetime(2023, 3, 1)),  # noqa: DTZ001
        (45000, "date", "serial_dates", date(2023, 3, 15)),
        (61, "date", "serial_dates", date(1900, 3, 1)),
        (45000, "moment", "serial_dates", datetime(2023, 3, 15)),  # noqa: DTZ001
        ("2023-12-31 24:00", "moment", "end_of_day", datetime(2023, 12, 31, 23, 59, 59)),  # noqa: DTZ001
        (20230017, "code", "number_codes", "20230017"),
    ],
)
def test_a_declared_clean_up(cell: Any, kind: ColumnType, rule: str, value: Any) -> None:
    """It is made and told where it is declared; where it is not, the cell does not fit."""
    found, used = clean(cell, kind, EVERYTHING, text=True)
    assert (found, type(found)) == (value, type(value))
    assert rule in used
    undeclared, told = clean(cell, kind, EVERYTHING - {rule}, text=True)
    assert rule not in told
    assert undeclared != value
    if value is not None and kind != "code":
        assert misfit(undeclared, column(kind))


@pytest.mark.parametrize(
    ("cell", "unit", "bare", "value", "used"),
    [
        ("516.94万元", "万元", False, Decimal("5169400.00"), ("unit",)),
        ("516.94 万元", "万元", False, Decimal("5169400.00"), ("unit",)),
        ("516.94", "万元", True, Decimal("5169400.00"), ()),
        (516.94, "万元", True, Decimal("5169400.00"), ("unit",)),
        (516.94, "万元", False, Decimal("516.94"), ()),
        ("35.5元", "元", False, Decimal("35.50"), ("unit",)),
        (35.5, "元", True, Decimal("35.50"), ()),
        ("1,234.5元（含退费）", "元", False, Decimal("1234.50"), ("notes", "unit", "thousands")),
    ],
)
def test_units(cell: Any, unit: str, *, bare: bool, value: Decimal, used: tuple[str, ...]) -> None:
    assert clean(cell, "money", {"notes", "thousands"}, unit=unit, bare=bare) == (value, used)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("12,34", "integer"), ("1,2345", "integer"), (",123", "integer"), ("1 234", "integer"), ("1.5", "integer"),
        ("2.0", "integer"), ("1e3", "integer"), ("0x1F", "integer"), ("十二", "integer"), ("12件", "integer"),
        ("٣", "integer"), (1.5, "integer"), (True, "integer"), (True, "money"), ("1.005", "money"), (1.005, "money"),
        ("5.0.1", "money"), ("nan", "money"), (float("nan"), "money"), (float("inf"), "money"), (10.0**14, "money"),
        ("9" * 40, "money"), ("9" * 4000, "money"), (10**30, "money"), (10**13, "money"), (10**15, "integer"),
        (float("-inf"), "money"),
        ("516.94亿元", "money"), ("2023-02-29", "date"), ("2023.13.1", "date"), ("2023-3.1", "date"),
        ("20231301", "date"),        ("18991231", "date"), ("3月1日", "date"),
        ("2023", "date"), (45000.5, "date"), (60, "date"), (-1, "date"),
        (9_999_999, "date"), (NOON, "date"), ("2023-03-01 25:00", "moment"), ("2023-03-01 24:01", "moment"),
        ("2023-03-01 9:60", "moment"), ("9:05", "moment"), ("2023-03-01T08:00:00Z", "moment"), (45000.5, "moment"),
        (360702199001011, "code"), (36070219900101123, "code"), (1.5, "code"), (True, "code"), (7, "text"),
        (date(2023, 3, 1), "integer"), (date(2023, 3, 1), "code"), (Odd.ERROR, "money"), (Odd.NOT_CALCULATED, "text"),
    ],
)  # fmt: skip
def test_what_no_clean_up_makes_fit(cell: Any, kind: ColumnType) -> None:
    value, _ = clean(cell, kind, EVERYTHING - {"number_codes"}, text=True)
    assert misfit(value, column(kind))


@pytest.mark.parametrize(
    ("cell", "kind", "words"),
    [
        (None, "date", "为空，契约要求必填"),
        (7, "code", "是数值，不是代码（文字），开头的零可能已经丢失"),
        (360702199001011234, "code", "是数值，位数已经丢失，须以文字保存"),
        ("3.60702E+17", "code", "是科学计数法，位数已经丢失，须以文字保存"),
        ("12E3", "code", ""),
        (Odd.ERROR, "code", "是错误值"),
        (Odd.NOT_CALCULATED, "money", "是未计算的公式"),
        ("甲", "date", "的值不是 日期（年-月-日）"),
    ],
)
def test_the_words_of_a_misfit(cell: Any, kind: ColumnType, words: str) -> None:
    assert misfit(cell, column(kind)) == words


def test_an_optional_blank_fits_and_zero_is_no_blank() -> None:
    assert not misfit(None, column("integer", required=False))
    assert clean("", "integer") == (None, ())
    assert clean("  ", "money", EVERYTHING) == (None, ())
    assert clean("0", "integer", EVERYTHING) == (0, ())
    assert clean(0, "money", EVERYTHING) == (Decimal("0.00"), ())


def test_text_keeps_its_spelling() -> None:
    for text in ("　１２３ ", "-", "无", "2023.3.1", "甲（乙）", "NA", "null", "None"):
        assert clean(text, "text", EVERYTHING, unit="元") == (text, ())


def test_codes_keep_full_width_brackets() -> None:
    assert clean("（２０２３）赣０７行复１号", "code", {"full_width"})[0] == "（2023）赣07行复1号"


def test_serial_dates_from_1904() -> None:
    rules = Rules(clean={"serial_dates"}, date_1904=True)
    assert cleaned(43538, column("date"), rules)[0] == date(2023, 3, 15)
    assert cleaned(0, column("date"), rules)[0] == date(1904, 1, 1)


@given(st.integers(-(10**14), 10**14))
def test_a_whole_number_is_itself_however_it_is_written(number: int) -> None:
    rules = ("thousands", "blanks", "full_width", "notes")
    for text in (str(number), f"{number:,}", f" {number} ", f"{number}（注）"):
        assert clean(text, "integer", rules)[0] == number
    wide = "".join(chr(ord(c) + 0xFEE0) for c in f"{number:,}")
    assert half_width(wide) == f"{number:,}"
    assert clean(wide, "integer", rules)[0] == number


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_an_amount_is_itself_as_text_and_as_float(amount: Decimal) -> None:
    for cell in (f"{amount:f}", f"{amount:,f}", float(amount)):
        assert clean(cell, "money", ("thousands",))[0] == amount


@given(st.dates(min_value=date(1904, 1, 2), max_value=date(2099, 12, 31)))
def test_a_day_is_itself_in_every_spelling(day: date) -> None:
    spellings = [
        f"{day.year}.{day.month}.{day.day}",
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
    ]
    for text in (*spellings, day.isoformat()):
        assert clean(text, "date", ("text_dates",))[0] == day
    assert clean((day - date(1899, 12, 30)).days, "date", ("serial_dates",))[0] == day


@given(st.text(max_size=12), st.sampled_from(get_args(ColumnType)))
def test_any_text_either_fits_its_column_or_is_told(text: str, kind: ColumnType) -> None:
    value, used = clean(text, kind, EVERYTHING, unit="元", text=True)
    told = misfit(value, column(kind, required=False))
    wanted: dict[str, type] = {"integer": int, "money": Decimal, "date": date, "moment": datetime}
    assert told or value is None or type(value) is wanted.get(kind, str)
    assert set(used) <= EVERYTHING
