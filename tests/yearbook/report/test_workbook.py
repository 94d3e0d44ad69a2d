"""The workbook, read back cell for cell by another library."""

import io
import re
import zipfile
from dataclasses import replace
from decimal import Decimal
from functools import cache

import pytest
from openpyxl import Workbook, load_workbook

from tests.yearbook.report.sample_verdicts import IMPACT
from tests.yearbook.report.samples import EXPECTED_CELLS, sample_report
from yearbook.figure import Figures
from yearbook.form.edition_2021 import TABLES
from yearbook.report.model import Body, Report
from yearbook.report.sheets import GOOD, SOFT, WARN, Styled, row_points, text_width
from yearbook.report.verdicts import impact_words, tone
from yearbook.report.workbook import NUMBERS_FOR_TABLES, PRINTED_VERDICTS, VERDICTS, write_workbook
from yearbook.report.workbook_overview import OVERVIEW
from yearbook.verdict import Severity, Status

FORMULAS = ("=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "http://example.org/x", "{=1}")


# Everything that a formula may be made of: addresses, one function, places and the hundred of a percent.
ADDRESS = r"[A-Z]{1,2}[0-9]{1,4}"
FORMULA = re.compile(
    rf"=SUM\({ADDRESS}:{ADDRESS}\)|={ADDRESS}-{ADDRESS}|=ROUND\({ADDRESS}-{ADDRESS},[12]\)"
    rf"|=ROUND\({ADDRESS}/{ADDRESS}\*100,2\)"
)


@cache
def book() -> Workbook:
    """The workbook with its formulas."""
    return load_workbook(io.BytesIO(write_workbook(sample_report())))


@cache
def values() -> Workbook:
    """The workbook with the numbers that stand behind its formulas, as a program that does not calculate sees it."""
    return load_workbook(io.BytesIO(write_workbook(sample_report())), data_only=True)


def overview() -> dict[str, dict[str, object]]:
    """Rows of the overview by figure code; rows stand in catalogue order."""
    rows = list(values()["汇总"].iter_rows(min_row=2, values_only=True))
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
    assert overview()["vehicle_business.total"]["规则结论"] == "不通过：K-02；通过（1条）"
    sheet = book()["汇总"]
    for row, code in enumerate(sample_report().figures, start=2):
        assert sheet.cell(row, 1).font.bold is code.endswith(".total")


@pytest.mark.parametrize(
    ("rules", "findings", "words", "colour"),
    [
        ((), (), "无规则", SOFT),
        (("VEH-91", "VEH-92", "L-96"), (), "通过（3条）", GOOD),
        (("VEH-91", "N-03"), ("N-03",), "未评估：N-03；通过（1条）", GOOD),
        (("N-03",), ("N-03",), "未评估：N-03", SOFT),
        (("T2-95", "VEH-91", "VEH-92"), ("T2-95",), "已豁免：T2-95；通过（2条）", WARN),
        (("VEH-93", "K-02", "T2-95", "N-03"), ("VEH-93", "T2-95", "N-03", "K-02"),
         "不通过：VEH-93、K-02；已豁免：T2-95；未评估：N-03", WARN),
    ],
)  # fmt: skip
def test_the_conclusion_tells_the_outcomes_apart(
    rules: tuple[str, ...], findings: tuple[str, ...], words: str, colour: str
) -> None:
    sample = sample_report()
    first = replace(next(iter(sample.figures.values())), rules=rules, open_findings=findings)
    workbook = load_workbook(io.BytesIO(write_workbook(replace(sample, figures=Figures([first])))))
    cell = workbook["汇总"].cell(2, 10)
    assert cell.value == words
    assert cell.font.color.rgb == f"FF{colour[1:]}"


def verdict_rows(report: Report) -> list[dict[str, object]]:
    sheet = load_workbook(io.BytesIO(write_workbook(report)))["数据质量"]
    header, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(header, row, strict=True)) for row in rows]


def test_verdicts_problems_first() -> None:
    rows = verdict_rows(sample_report())
    assert [row["规则"] for row in rows][:4] == ["VEH-93", "K-02", "T2-95", "N-03"]
    assert [row["结论"] for row in rows] == ["不通过", "不通过", "已豁免", "未评估", *["通过"] * 4]


def test_what_blocks_comes_first() -> None:
    sample = sample_report()
    *others, last = sample.verdicts
    rows = verdict_rows(replace(sample, verdicts=(*others, replace(last, status=Status.FAILED))))
    assert [row["规则"] for row in rows][:3] == ["L-96", "VEH-93", "K-02"]


def test_every_verdict_is_told_whole() -> None:
    rows = {row["规则"]: row for row in verdict_rows(sample_report())}
    for verdict in sample_report().verdicts:
        row = rows[verdict.code]
        assert (row["内容"], row["类别"]) == (verdict.say, verdict.category.label)
        assert (row["级别"], row["位置"], row["负责人"]) == (verdict.severity.label, verdict.place, verdict.owner)
        assert (row["评估数"], row["不符数"]) == (verdict.evaluated, verdict.failed)
        for name in ("expected", "found", "difference"):
            label = {"expected": "应为", "found": "实为", "difference": "差额"}[name]
            assert row[label] == (getattr(verdict, name) or "—")
        assert row["说明"] == verdict.detail
        assert row["处理办法"] == verdict.do


def test_the_figures_that_would_move_are_told() -> None:
    [row] = [row for row in verdict_rows(sample_report()) if row["规则"] == "VEH-93"]
    assert row["影响的数字"] == "；".join(map(impact_words, IMPACT))
    assert "机动车业务量·总计（上年基数）：154309 → 154332件（23）" in row["影响的数字"]


def test_many_figures_are_cut_short_and_counted() -> None:
    sample = sample_report()
    many = tuple(replace(IMPACT[0], name=f"数{number}") for number in range(31))
    [row, *_] = verdict_rows(replace(sample, verdicts=(replace(sample.verdicts[2], impact=many),)))
    assert "数19：" in row["影响的数字"]
    assert "数20：" not in row["影响的数字"]
    assert row["影响的数字"].endswith("另有 11 个，见 figures.json")


def test_a_text_too_long_for_a_cell_says_that_it_goes_on() -> None:
    sample = sample_report()
    long = replace(sample.verdicts[2], detail="长" * 40_000)
    [row, *_] = verdict_rows(replace(sample, verdicts=(long,)))
    assert row["说明"] == "长" * 32_000 + "……（未完，见 figures.json）"


def test_references_of_rows_stay_out() -> None:
    references = [reference for verdict in sample_report().verdicts for reference in verdict.rows]
    assert references
    with zipfile.ZipFile(io.BytesIO(write_workbook(sample_report()))) as archive:
        text = "".join(archive.read(name).decode("utf-8") for name in archive.namelist())
    assert not [reference for reference in references if reference in text]


@pytest.mark.parametrize(
    ("status", "severity", "expected"),
    [
        (Status.PASSED, Severity.FATAL, "good"),
        (Status.FAILED, Severity.FATAL, "bad"),
        (Status.FAILED, Severity.WARNING, "warn"),
        (Status.FAILED, Severity.INFORMATION, "soft"),
        (Status.WAIVED, Severity.FATAL, "warn"),
        (Status.WAIVED, Severity.WARNING, "warn"),
        (Status.WAIVED, Severity.INFORMATION, "soft"),
        (Status.NOT_EVALUATED, Severity.FATAL, "soft"),
    ],
)
def test_the_tone_of_a_verdict(status: Status, severity: Severity, expected: str) -> None:
    assert tone(replace(sample_report().verdicts[0], status=status, severity=severity)) == expected


def test_print_set_up() -> None:
    sheet = book()["汇总"]
    assert sheet.freeze_panes == "C2"
    assert sheet.auto_filter.ref == f"A1:K{len(sample_report().figures) + 1}"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert book()["表三"].page_setup.orientation == "portrait"
    for sheet in book():
        assert str(sheet.page_setup.paperSize) == sheet.PAPERSIZE_A4
        assert sheet.page_setup.fitToWidth in {None, 1}
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.right.text
        assert "&N" in sheet.oddFooter.right.text


def test_the_sheet_of_rules_prints_as_many_columns_as_can_be_read() -> None:
    sheet = book()["数据质量"]
    last = sheet.cell(len(sample_report().verdicts) + 1, PRINTED_VERDICTS).coordinate.replace("J", "$J$")
    assert sheet.print_area == f"'数据质量'!$A$1:{last}"
    # 277 mm between the margins of A4, and a column of one character is 1.9 mm wide: at least 80 percent of full size
    assert sum(list(VERDICTS.values())[:PRINTED_VERDICTS]) * 1.9 * 0.8 < 277


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula_or_a_link(text: str) -> None:
    sample = sample_report()
    figures = list(sample.figures.values())
    hostile = replace(figures[-1], name=text, label=text, definition=text)
    report = replace(
        sample,
        figures=Figures([*figures[:-1], hostile]),
        body=Body(code="x", name=text, short_name=text, notice=text),
        verdicts=tuple(
            replace(verdict, say=text, found=text, do=text, detail=text, owner=text, impact=())
            for verdict in sample.verdicts
        ),
    )
    data = write_workbook(report)
    found = 0
    for sheet in load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                assert cell.data_type in {"s", "n"} or FORMULA.fullmatch(cell.value)
                found += cell.value == text and cell.data_type == "s"
    assert found > 5
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets = [name for name in archive.namelist() if "worksheets/" in name]
        formulas = [found for name in sheets for found in re.findall(r"<f>(.*?)</f>", archive.read(name).decode())]
        assert formulas
        assert [formula for formula in formulas if not FORMULA.fullmatch(f"={formula}")] == []
        assert not [name for name in sheets if b"<hyperlink" in archive.read(name)]


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
