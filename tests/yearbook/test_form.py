"""The form of 2021: labels, order, spans and widths as the blank form has them; its facts stand in a file beside."""

import pytest

from tests.yearbook.form import blank
from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.form.table import Role


@pytest.mark.parametrize("number", [2, 3, 4])
def test_every_cell_is_that_of_the_blank_form(number: int) -> None:
    ours = [
        (cell.row, cell.column, cell.row_span, cell.column_span, blank.joined(cell.label))
        for cell in TABLES[number].cells
    ]
    assert sorted(ours) == blank.cells(number)


@pytest.mark.parametrize("number", [2, 3, 4])
def test_columns_are_as_wide_as_in_the_blank_form(number: int) -> None:
    assert list(TABLES[number].widths) == blank.table(number)["widths"]
    assert TABLES[number].row_total == blank.table(number)["rows"]


def test_lines_that_the_form_breaks_in_paragraphs_are_broken() -> None:
    broken = [cell.label for cell in TABLES[3].cells if "\n" in cell.label]
    assert broken == ["商业\n企业", "科研\n机构"]


def test_a_cell_without_a_label_is_a_number_and_no_other() -> None:
    for table in TABLES.values():
        assert all((cell.role is Role.NUMBER) == (not cell.label) for cell in table.cells)


def test_number_cells() -> None:
    assert [len(TABLES[n].number_cells()) for n in (2, 3, 4)] == [10, 175, 15]
    figures = [cell.figure for table in TABLES.values() for cell in table.number_cells()]
    assert len(set(figures)) == 200


def test_addresses_speak_the_form() -> None:
    by_figure = {cell.figure: cell.address for table in TABLES.values() for cell in table.number_cells()}
    assert by_figure["applications_received.natural_person"] == "表三 第1行（一、本年新收政府信息公开申请数量）自然人列"
    assert by_figure["applications_results.refused_enforcement_file.total"] == "表三 第11行（7.属于行政执法案卷）总计列"
    assert by_figure["applications_carried_out.total"] == "表三 第25行（四、结转下年度继续办理）总计列"
    assert by_figure["cases.direct_suit.pending"] == "表四 未经复议直接起诉 尚未审结"
    assert by_figure["documents.normative.valid"] == "表二 行政规范性文件 现行有效件数"


def test_six_sections() -> None:
    assert list(SECTIONS) == blank.blank()["sections"]
    assert [table.title for table in TABLES.values()] == list(SECTIONS[1:4])
