"""What is printed is the official form, cell for cell: every document read back and held against the blank form."""

import io

import pytest
from docx import Document
from lxml import html

from tests.yearbook.form import blank
from tests.yearbook.report.paper import cells_of_docx, cells_of_pdf, only, profiled, table_of
from tests.yearbook.report.samples import EXPECTED_CELLS
from yearbook.report.docx import write_docx
from yearbook.report.html import write_html
from yearbook.report.model import Report
from yearbook.report.pdf import write_pdf
from yearbook.report.profile import LAYOUTS, Profile

NUMBERS = (2, 3, 4)


@pytest.mark.parametrize("profile", Profile)
def test_the_word_document_has_the_cells_of_the_form(report: Report, profile: Profile) -> None:
    tables = Document(io.BytesIO(write_docx(profiled(report, profile)))).tables
    assert len(tables) == len(NUMBERS)
    for table, number in zip(tables, NUMBERS, strict=True):
        assert cells_of_docx(table._tbl) == blank.filled(number, EXPECTED_CELLS)


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("number", NUMBERS)
def test_the_pdf_has_the_cells_of_the_form(report: Report, profile: Profile, number: int) -> None:
    pdf = write_pdf(profiled(only(report, table_of(report, number)), profile))
    assert list(cells_of_pdf(pdf)) == [blank.filled(number, EXPECTED_CELLS)]


@pytest.mark.parametrize("number", NUMBERS)
def test_the_web_page_has_the_cells_of_the_form(report: Report, number: int) -> None:
    page = html.document_fromstring(write_html(report).decode("utf-8"))
    marks = {2: "第二十条第（一）项", 3: "申请人情况", 4: "未经复议直接起诉"}
    (table,) = [found for found in page.iter("table") if marks[number] in found.text_content()]
    taken: set[tuple[int, int]] = set()
    found = []
    for row, line in enumerate(table.iter("tr")):
        for cell in line:
            column = next(place for place in range(99) if (row, place) not in taken)
            rows, columns = int(cell.get("rowspan", "1")), int(cell.get("colspan", "1"))
            taken |= {(row + down, column + across) for down in range(rows) for across in range(columns)}
            found.append((row, column, rows, columns, blank.joined(cell.text_content())))
    assert sorted(found) == blank.filled(number, EXPECTED_CELLS)


def test_the_plain_profile_is_the_page_of_the_blank_form() -> None:
    layout, page = LAYOUTS[Profile.PLAIN], blank.blank()["page"]
    margins = [layout.top_mm, layout.right_mm, layout.bottom_mm, layout.left_mm]
    assert [round(margin / 25.4 * 1440) for margin in margins] == [
        page[side] for side in ("top", "right", "bottom", "left")
    ]
    assert (layout.line * 20, layout.indent * 20) == (page["line_pitch"], page["first_line"])
    assert (layout.title_size, layout.body_size) == (page["title_size"], page["text_size"])
    assert {design.size for design in layout.designs.values()} == {page["table_size"]}
    faces = layout.faces
    assert {faces.title, faces.body, faces.table, *faces.headings.values()} == {page["face"]}
    assert (faces.note, layout.bold) == (page["note_face"], True)
    for number in NUMBERS:
        assert list(layout.designs[number].widths) == blank.table(number)["widths"]


def test_the_official_tables_fill_the_text() -> None:
    layout = LAYOUTS[Profile.OFFICIAL]
    assert {design.width for design in layout.designs.values()} == {round(layout.text_width * 20)}
