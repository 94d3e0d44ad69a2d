"""Formulas of the workbook: which cells have one, what it says, and that two other programs get the printed number."""

import io
import re
import shutil
import subprocess
import zipfile
from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openxml_audit import FileFormat, OpenXmlValidator

from tests.yearbook.report.charted import with_charts
from tests.yearbook.report.samples import sample_report
from yearbook.figure import Figure, Figures
from yearbook.report.model import Block, Report, StatutoryTable
from yearbook.report.workbook import NUMBERS_FOR_TABLES, write_workbook
from yearbook.report.workbook_overview import is_certain

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
CACHED = re.compile(rb"(</f>)<v>[^<]*</v>")


def summed(report: Report) -> Report:
    """The sample with tables three and four whose totals are the sums of their parts."""
    return replace(
        report,
        sections=tuple(
            replace(section, blocks=tuple(_summed(block) for block in section.blocks)) for section in report.sections
        ),
    )


def _summed(block: Block) -> Block:
    if not isinstance(block, StatutoryTable) or block.form.number == 2:
        return block
    printed = {code: str(1000 + place) for place, code in enumerate(block.printed)}
    columns: defaultdict[str, int] = defaultdict(int)
    for code, text in printed.items():
        _, *middle, last = code.split(".")
        if block.form.number == 3 and middle and middle != ["total"] and last != "total":
            columns[last] += int(text)
    printed |= {f"applications_results.total.{last}": str(number) for last, number in columns.items() if columns}
    for code in [code for code in printed if code.endswith(".total")]:
        stem = code.removesuffix("total")
        parts = [
            other
            for other in printed
            if other.startswith(stem) and other != code and other.count(".") == code.count(".")
        ]
        printed[code] = str(sum(int(printed[part]) for part in parts))
    return replace(block, printed={code: printed[code] for code in block.printed})


def read(report: Report, *, data_only: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(write_workbook(report)), data_only=data_only)


def formulas(book: Workbook) -> dict[tuple[str, str], str]:
    """Sheet and cell → formula."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


@cache
def good() -> Report:
    return summed(sample_report())


def test_totals_of_table_three_add_up_their_row_or_their_column() -> None:
    found = {cell: formula for (sheet, cell), formula in formulas(read(good())).items() if sheet == "表三"}
    rows = {f"J{row}": f"=SUM(D{row}:I{row})" for row in range(5, 30)}
    columns = {f"{column}28": f"=SUM({column}7:{column}27)" for column in "DEFGHI"}
    assert found == rows | columns


def test_totals_of_table_four_add_up_their_block() -> None:
    found = {cell: formula for (sheet, cell), formula in formulas(read(good())).items() if sheet == "表四"}
    assert found == {"E5": "=SUM(A5:D5)", "J5": "=SUM(F5:I5)", "O5": "=SUM(K5:N5)"}


def test_behind_a_formula_stands_the_printed_number() -> None:
    book = read(good(), data_only=True)
    for table in good().tables():
        sheet = book[NUMBERS_FOR_TABLES[table.form.number]]
        for cell in table.form.number_cells():
            assert Decimal(str(sheet.cell(cell.row + 2, cell.column + 1).value)) == Decimal(
                table.printed[cell.figure or ""]
            )


def test_a_total_that_is_not_the_sum_stays_a_number() -> None:
    [table] = [table for table in good().tables() if table.form.number == 4]
    broken = table.printed | {"cases.direct_suit.total": "1"}
    section = replace(good().sections[3], blocks=(replace(table, printed=broken),))
    book = read(replace(good(), sections=(*good().sections[:3], section, *good().sections[4:])))
    assert book["表四"]["J5"].value == 1
    assert book["表四"]["E5"].value == "=SUM(A5:D5)"


def one(value: object, base: object) -> Report:
    """A report with one figure."""
    figure = next(figure for figure in sample_report().figures.values() if figure.code == "accident_calls.app")
    return replace(sample_report(), figures=Figures([replace(figure, value=value, base=base)]))


@pytest.mark.parametrize(
    ("value", "base", "difference", "percent"),
    [
        (100, 80, "=C2-D2", "=ROUND(E2/D2*100,2)"),
        (Decimal("0.30"), Decimal("0.10"), "=ROUND(C2-D2,2)", "=ROUND(E2/D2*100,2)"),
        # 0.125 percent lies in the middle of two printed numbers
        (801, 800, "=C2-D2", 0.13),
        (799, 800, "=C2-D2", -0.13),
        (5, 0, "=C2-D2", "上年为零"),
        (5, None, "—", "—"),
        # more digits than a spreadsheet keeps
        (123_456_789_012_345_678, 5, "123456789012345673", None),
    ],
)
def test_which_cells_of_the_overview_are_formulas(
    value: object, base: object, difference: str, percent: object
) -> None:
    sheet = read(one(value, base))["汇总"]
    assert sheet["E2"].value == difference
    if percent is not None:
        assert sheet["F2"].value == percent
    else:
        assert sheet["F2"].data_type != "f"


def test_a_share_is_worked_out_from_the_row_of_its_total() -> None:
    codes = list(sample_report().figures)
    part, whole = (codes.index(f"disclosed_information.{name}") + 2 for name in ("news", "total"))
    assert read(sample_report())["汇总"][f"G{part}"].value == f"=ROUND(E{part}/D{whole}*100,2)"


@pytest.mark.parametrize(
    ("numerator", "denominator", "certain"), [(1, 800, False), (1, 3, True), (-1, 800, False), (0, 7, True)]
)
def test_the_middle_of_two_printed_numbers_is_no_certain_percent(
    numerator: int, denominator: int, certain: bool
) -> None:
    assert is_certain(numerator, denominator) is certain


def test_an_independent_checker_finds_no_error(tmp_path: Path, drawn_charts: None) -> None:
    path = tmp_path / "summary.xlsx"
    path.write_bytes(write_workbook(with_charts(good())))
    result = OpenXmlValidator(file_format=FileFormat.OFFICE_2019).validate(path)
    assert [str(error) for error in result.errors] == []


@pytest.mark.office
@pytest.mark.skipif(
    OFFICE is None, reason="LibreOffice is not installed; formulas are not calculated by another program"
)
def test_another_program_works_out_the_same_numbers(tmp_path: Path) -> None:
    """The values behind the formulas are taken away, so that the other program has to calculate them."""
    cents = [Decimal(f"{1000 + place}.{place:02}") for place in range(60)]
    sample = good()
    pattern: Figure = next(iter(sample.figures.values()))
    many = [
        replace(pattern, code=f"x{n}.total", name=f"数{n}", value=v, base=cents[-n - 1]) for n, v in enumerate(cents)
    ]
    report = replace(sample, figures=Figures([*sample.figures.values(), *many]))
    (tmp_path / "in").mkdir()
    with (
        zipfile.ZipFile(io.BytesIO(write_workbook(report))) as whole,
        zipfile.ZipFile(tmp_path / "in" / "book.xlsx", "w") as empty,
    ):
        for name in whole.namelist():
            empty.writestr(name, CACHED.sub(rb"\1", whole.read(name)))
    command = [
        str(OFFICE),
        f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
        *("--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path), str(tmp_path / "in" / "book.xlsx")),
    ]
    subprocess.run(command, capture_output=True, timeout=180, check=True)
    calculated = load_workbook(tmp_path / "book.xlsx", data_only=True)
    printed = read(report, data_only=True)
    places = formulas(read(report))
    assert len(places) > 300
    different = {
        place: (calculated[sheet][cell].value, printed[sheet][cell].value)
        for place in places
        for sheet, cell in [place]
        if float(calculated[sheet][cell].value) != float(printed[sheet][cell].value)
    }
    assert different == {}
