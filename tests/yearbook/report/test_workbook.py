"""The workbook, read back cell for cell by another library."""

import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from openpyxl import Workbook, load_workbook

from tests.yearbook.report.samples import EXPECTED_CELLS, sample_report
from yearbook.figure import Figures
from yearbook.form.edition_2021 import TABLES
from yearbook.report.model import Body
from yearbook.report.sheets import Styled, row_points, text_width
from yearbook.report.workbook import NUMBERS_FOR_TABLES, OVERVIEW, write_workbook

FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "http://example.org/x", "{=1}")


@cache
def book() -> Workbook:
    return load_workbook(io.BytesIO(write_workbook(sample_report())))


def overview() -> dict[str, dict[str, object]]:
    """Rows of the overview by figure code; rows stand in catalogue order."""
    rows = list(book()["汇总"].iter_rows(min_row=2, values_only=True))
    codes = list(sample_report().figures)
    return {code: dict(zip(OVERVIEW, row, strict=True)) for code, row in zip(codes, rows, strict=True)}


def test_sheets() -> None:
    assert book().sheetnames == ["汇总", "表二", "表三", "表四", "数据质量", "说明"]


def test_statutory_tables_hold_real_numbers_at_their_places() -> None:
    for number, form in TABLES.items():
        sheet = book()[NUMBERS_FOR_TABLES[number]]
        merged = {str(area) for area in sheet.merged_cells.ranges}
        for cell in form.cells:
            found = sheet.cell(cell.row + 2, cell.column + 1)
            if cell.figure is None:
                assert found.value == cell.label
            else:
                assert found.data_type == "n"
                assert Decimal(str(found.value)) == Decimal(EXPECTED_CELLS[number, cell.row, cell.column])
            if cell.row_span * cell.column_span > 1:
                last = sheet.cell(cell.row + 1 + cell.row_span, cell.column + cell.column_span)
                assert f"{found.coordinate}:{last.coordinate}" in merged


def test_a_printed_decimal_keeps_its_places() -> None:
    form = TABLES[2]
    cell = next(c for c in form.number_cells() if c.figure == "administrative_fees")
    assert book()["表二"].cell(cell.row + 2, cell.column + 1).number_format == "0.00"


def test_every_figure_stands_in_the_overview() -> None:
    rows = overview()
    for code, figure in sample_report().figures.items():
        row = rows[code]
        assert Decimal(str(row["本年数"])) == figure.value
        assert row["单位"] == figure.unit.value
        change = figure.change
        if change.base is not None:
            assert Decimal(str(row["增减"])) == change.difference
        if change.percent is not None and change.base:
            assert Decimal(str(row["增减（%）"])) == change.percent


def test_a_missing_and_a_zero_base_have_words() -> None:
    rows = overview()
    assert rows["disclosed_information.rare"]["上年数"] == "上年无可比数"
    assert rows["disclosed_information.rare"]["增减"] == "—"
    assert rows["licence_business.new_kind"]["上年数"] == 0
    assert rows["licence_business.new_kind"]["增减（%）"] == "上年为零"


def test_contribution_is_a_share_of_the_total() -> None:
    row = overview()["disclosed_information.news"]
    assert row["对总量增减的贡献（百分点）"] == pytest.approx(16.67)
    assert overview()["disclosed_information.total"]["对总量增减的贡献（百分点）"] == 25


def test_findings_show_and_totals_are_bold() -> None:
    assert overview()["vehicle_business.total"]["规则结论"] == "未通过：K-02"
    sheet = book()["汇总"]
    for row, code in enumerate(sample_report().figures, start=2):
        assert sheet.cell(row, 1).font.bold is code.endswith(".total")


def test_verdicts_problems_first() -> None:
    rows = list(book()["数据质量"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["K-02", "N-03", "T3-01"]
    assert rows[0][2:4] == ("警告", "不通过")


def test_print_set_up() -> None:
    sheet = book()["汇总"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:J{len(sample_report().figures) + 1}"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert book()["表三"].page_setup.orientation == "portrait"


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula_or_a_link(text: str) -> None:
    sample = sample_report()
    figures = list(sample.figures.values())
    hostile = replace(figures[-1], name=text, label=text, definition=text)
    report = replace(
        sample,
        figures=Figures([*figures[:-1], hostile]),
        body=Body(code="x", name=text, short_name=text, notice=text),
        verdicts=tuple(replace(verdict, say=text, found=text, do=text) for verdict in sample.verdicts),
    )
    data = write_workbook(report)
    found = 0
    for sheet in load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                assert cell.data_type in {"s", "n"}
                found += cell.value == text
    assert found > 5
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/" in name]
        assert not [name for name in sheets if b"<f>" in archive.read(name) or b"<hyperlink" in archive.read(name)]


def test_a_number_that_a_sheet_would_round_is_text() -> None:
    sample = sample_report()
    figures = list(sample.figures.values())
    long = replace(figures[-1], value=123_456_789_012_345_678)
    workbook = load_workbook(io.BytesIO(write_workbook(replace(sample, figures=Figures([*figures[:-1], long])))))
    assert workbook["汇总"].cell(len(figures) + 1, 3).value == "123456789012345678"


def test_bytes_are_the_same_every_time() -> None:
    assert write_workbook(sample_report()) == write_workbook(sample_report())


def test_created_is_the_day_after_the_year() -> None:
    assert str(book().properties.created) == "2024-01-01 00:00:00"


def test_rows_are_high_enough_for_their_words() -> None:
    assert text_width("汉字ab") == 6
    one, two = ([Styled("字" * count, "")] for count in (4, 10))
    assert row_points(two, [12]) > row_points(one, [12])
