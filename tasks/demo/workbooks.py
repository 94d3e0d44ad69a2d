"""The workbooks people keep: the register of applications and the ledger of money received."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tasks.demo.applications import (
    APPLICANT_LABELS,
    OUTCOME_LABELS,
    RESULT_LABELS,
    ROUTE_LABELS,
    Application,
    Case,
    applications,
    cases,
)
from tasks.demo.columns import generator
from tasks.demo.plan import MARKET_SUPERVISION, TRAFFIC_POLICE, Plan

_SNAPSHOT = timedelta(days=20)
_APPLICATION_HEADER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("登记编号", ()),
    ("收到日期", ()),
    ("申请人", ("类别", "姓名或名称", "证件号码")),
    ("申请内容", ()),
    ("办理情况", ("答复日期", "办理结果", "备注")),
)
_CASE_HEADER: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("案号", ()),
    ("程序", ()),
    ("受理日期", ()),
    ("审结情况", ("审结日期", "结果")),
)
_FEE_HEADER = ("收款日期", "收费项目", "类别", "数量", "单价（元）", "金额（元）")
_ADMINISTRATIVE, _FINES, _PROCESSING = "行政事业性收费", "罚没收入", "信息处理费"
# price in fen and share of the takings
_FEES: dict[str, dict[str, tuple[int, float]]] = {
    TRAFFIC_POLICE: {
        "机动车号牌工本费（汽车）": (10000, 0.605),
        "机动车号牌工本费（摩托车）": (3500, 0.16),
        "机动车号牌工本费（挂车）": (5000, 0.02),
        "机动车行驶证工本费": (1000, 0.07),
        "机动车登记证书工本费": (1000, 0.05),
        "驾驶证工本费": (1000, 0.06),
        "临时行驶车号牌工本费": (500, 0.03),
    },
    MARKET_SUPERVISION: {
        "特种设备检验检测费（电梯）": (48000, 0.52),
        "特种设备检验检测费（锅炉）": (36000, 0.18),
        "特种设备检验检测费（叉车）": (12000, 0.16),
        "特种设备作业人员考试费": (8000, 0.11),
    },
}
_FINE = {TRAFFIC_POLICE: "交通违法罚款", MARKET_SUPERVISION: "市场监管罚款"}
_PER_APPLICATION = 10_000
_WEEKEND = (5, 6)
_Fee = tuple[date, str, str, int, int]


@contextmanager
def _workbook(path: Path, year: int) -> Iterator[xlsxwriter.Workbook]:
    with xlsxwriter.Workbook(path) as book:
        # a fixed time of creation: the same plan gives the same bytes
        book.set_properties({"created": datetime(year + 1, 1, 21, tzinfo=UTC)})
        yield book


def write_registers(plan: Plan, directory: Path) -> None:
    """Write the register as it stood some weeks after the end of each year.

    Args:
        plan: the counts wanted.
        directory: where `register_<year>.xlsx` goes.
    """
    rows, matters = applications(plan), cases(plan)
    for year in plan.years:
        seen = date(year + 1, 1, 1) + _SNAPSHOT
        with _workbook(directory / f"register_{year}.xlsx", year) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            head = book.add_format({"bold": True, "align": "center", "border": 1})
            sheet = book.add_worksheet("依申请公开")
            title = f"{plan.name}政府信息公开申请登记簿（{year}年度）"
            _write_header(sheet, head, title, _APPLICATION_HEADER)
            known = [row for row in rows if row.received < seen]
            for number, row in enumerate(known, 3):
                _write_application(sheet, day, number, row, seen)
            sheet = book.add_worksheet("复议诉讼")
            title = f"{plan.name}政府信息公开行政复议、行政诉讼登记簿（{year}年度）"
            _write_header(sheet, head, title, _CASE_HEADER)
            for number, case in enumerate((c for c in matters if c.accepted < seen), 3):
                _write_case(sheet, day, number, case, seen)


def _write_header(sheet: Worksheet, style: Format, title: str, header: tuple[tuple[str, tuple[str, ...]], ...]) -> None:
    """A title over all columns, then two header rows with merged cells."""
    width = sum(len(parts) or 1 for _, parts in header)
    sheet.merge_range(0, 0, 0, width - 1, title, style)
    column = 0
    for label, parts in header:
        if not parts:
            sheet.merge_range(1, column, 2, column, label, style)
            column += 1
            continue
        sheet.merge_range(1, column, 1, column + len(parts) - 1, label, style)
        for part in parts:
            sheet.write_string(2, column, part, style)
            column += 1
    sheet.set_column(0, width - 1, 18)


def _write_application(sheet: Worksheet, day: Format, number: int, row: Application, seen: date) -> None:
    sheet.write_string(number, 0, f"{row.received.year}-{number - 2:05d}")
    sheet.write_datetime(number, 1, row.received, day)
    sheet.write_string(number, 2, APPLICANT_LABELS[row.applicant])
    sheet.write_string(number, 3, row.name)
    sheet.write_string(number, 4, row.identity)
    sheet.write_string(number, 5, row.content)
    if row.answered is not None and row.answered < seen:
        sheet.write_datetime(number, 6, row.answered, day)
        sheet.write_string(number, 7, RESULT_LABELS[row.result])
        if row.answered.year > row.received.year:
            sheet.write_string(number, 8, "跨年办理")


def _write_case(sheet: Worksheet, day: Format, number: int, case: Case, seen: date) -> None:
    sheet.write_string(number, 0, f"（{case.accepted.year}）样例{number - 2:04d}号")
    sheet.write_string(number, 1, ROUTE_LABELS[case.route])
    sheet.write_datetime(number, 2, case.accepted, day)
    if case.closed is not None and case.closed < seen:
        sheet.write_datetime(number, 3, case.closed, day)
        sheet.write_string(number, 4, OUTCOME_LABELS[case.outcome])


def write_fees(plan: Plan, directory: Path) -> None:
    """Write the ledger of money received in each year, with some days around it.

    Args:
        plan: the amounts wanted.
        directory: where `fees_<year>.xlsx` goes.
    """
    for year in plan.years:
        rng = generator(plan.seed, 5000 + year)
        rows = [*_administrative(rng, plan, year)]
        rows += _processing(rng, year, plan.money[year]["processing_fees.total"])
        rows += _other_rows(rng, plan, year)
        rows.sort(key=lambda row: row[:2])
        with _workbook(directory / f"fees_{year}.xlsx", year) as book:
            day = book.add_format({"num_format": "yyyy-mm-dd"})
            money = book.add_format({"num_format": "0.00"})
            sheet = book.add_worksheet("收费台账")
            sheet.write_row(0, 0, _FEE_HEADER)
            for number, (when, item, category, pieces, price) in enumerate(rows, 1):
                sheet.write_datetime(number, 0, when, day)
                sheet.write_row(number, 1, (item, category, pieces))
                sheet.write_number(number, 4, price / 100, money)
                sheet.write_number(number, 5, pieces * price / 100, money)
            sheet.write_string(len(rows) + 1, 0, "合计")
            total = sum(pieces * price for *_, pieces, price in rows)
            sheet.write_number(len(rows) + 1, 5, total / 100, money)


def _administrative(rng: np.random.Generator, plan: Plan, year: int) -> Iterator[_Fee]:
    """Rows by day and item that add up to the amount to the fen."""
    amount, fees = plan.money[year]["administrative_fees.total"], _FEES[plan.kind]
    remaining = int(amount * 100)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    days = [day for day in days if day.weekday() not in _WEEKEND]
    # the takings of the last day make up the difference
    for item, (price, share) in fees.items():
        pieces = int(amount * 100) * share / price
        for day, drawn in zip(days, rng.poisson(pieces / len(days), len(days)), strict=True):
            sold = min(int(drawn), remaining // price)
            remaining -= sold * price
            if sold:
                yield day, item, _ADMINISTRATIVE, sold, price
    for item, (price, _) in fees.items():
        if remaining // price:
            yield date(year, 12, 31), item, _ADMINISTRATIVE, remaining // price, price
        remaining %= price
    if remaining:
        yield date(year, 1, 1), "档案资料复制成本费", _ADMINISTRATIVE, 1, remaining


def _processing(rng: np.random.Generator, year: int, amount: Decimal) -> Iterator[_Fee]:
    """Rows of the charge for unreasonably many applications, 100 yuan for one."""
    remaining = int(amount * 100)
    while remaining >= _PER_APPLICATION:
        pieces = min(int(rng.integers(1, 9)), remaining // _PER_APPLICATION)
        remaining -= pieces * _PER_APPLICATION
        day = date(year, 1, 1) + timedelta(days=int(rng.integers(0, 365)))
        yield day, "政府信息公开信息处理费（按件）", _PROCESSING, pieces, _PER_APPLICATION
    if remaining:
        yield date(year, 6, 30), "政府信息公开信息处理费（按页）", _PROCESSING, 1, remaining


def _other_rows(rng: np.random.Generator, plan: Plan, year: int) -> Iterator[_Fee]:
    """Fines, which are no fees, and fees of the days before and after the year."""
    for month in range(1, 13):
        for pieces, price in zip(rng.integers(3, 90, 3), (5_000, 20_000, 100_000), strict=True):
            yield date(year, month, 28), _FINE[plan.kind], _FINES, int(pieces), price
    for day in (date(year - 1, 12, 31), date(year + 1, 1, 1), date(year + 1, 1, 9)):
        for item, (price, _) in _FEES[plan.kind].items():
            yield day, item, _ADMINISTRATIVE, int(rng.integers(1, 30)), price
