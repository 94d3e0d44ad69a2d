"""The word document, read back from its bytes."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as OpenDocument
from docx.oxml.ns import qn

from tests.yearbook.report.samples import BODY_NAME, EXPECTED_CELLS, NOTICE, YEAR
from yearbook.errors import Refusal
from yearbook.form.edition_2021 import TABLES
from yearbook.form.table import Role
from yearbook.report.docx import write_docx
from yearbook.report.model import Heading, Paragraph, Report, Section, StatutoryTable, Text
from yearbook.report.zipped import normalised

ROOT = Path(__file__).parents[3]
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
SCRIPT = """
import hashlib
from tests.yearbook.report.samples import sample_report
from yearbook.report.docx import write_docx
print(hashlib.sha256(write_docx(sample_report())).hexdigest())
"""


@pytest.fixture(scope="module")
def written(report: Report) -> bytes:
    return write_docx(report)


@pytest.fixture(scope="module")
def document(written: bytes) -> OpenDocument:
    return Document(io.BytesIO(written))


def words(element) -> str:
    """The text of an element; the library's own classes would give it several times."""
    return "".join(text.text for text in element.iter(W + "t"))


def grid(table) -> dict[tuple[int, int], tuple[str, int, str]]:
    """Place → text, column span and merge state of every cell element."""
    places = {}
    for row, element in enumerate(table.iterchildren(W + "tr")):
        column = 0
        for cell in element.iterchildren(W + "tc"):
            properties = cell.find(W + "tcPr")
            span = properties.find(W + "gridSpan")
            merge = properties.find(W + "vMerge")
            width = 1 if span is None else int(span.get(W + "val"))
            text = words(cell)
            places[row, column] = (text, width, "" if merge is None else merge.get(W + "val"))
            assert cell.find(W + "p") is not None
            column += width
    return places


def with_blocks(report: Report, *blocks) -> Report:
    return replace(report, sections=(Section("一、总体情况", blocks),))


@pytest.mark.parametrize(("index", "number"), [(0, 2), (1, 3), (2, 4)])
def test_every_cell_of_the_form_stands_at_its_place(document: OpenDocument, index: int, number: int) -> None:
    form = TABLES[number]
    wanted = {}
    for cell in form.cells:
        text = cell.label.replace("\n", "") if cell.figure is None else EXPECTED_CELLS[number, cell.row, cell.column]
        merge = "restart" if cell.row_span > 1 else ""
        wanted[cell.row, cell.column] = (text, cell.column_span, merge)
        for row in range(cell.row + 1, cell.row + cell.row_span):
            wanted[row, cell.column] = ("", cell.column_span, "continue")
    assert grid(document.tables[index]._tbl) == wanted


def test_all_numbers_of_the_tables_are_there_once(document: OpenDocument) -> None:
    texts = [text for table in document.tables for text, *_ in grid(table._tbl).values()]
    assert [text for text in texts if text in set(EXPECTED_CELLS.values())] == list(EXPECTED_CELLS.values())


def test_every_paragraph_reads_as_the_report_says(document: OpenDocument, report: Report) -> None:
    wanted = ["\n".join(report.title), *(paragraph.text for paragraph in report.preamble)]
    for section in report.sections:
        wanted.append(section.title)
        wanted += [block.text for block in section.blocks if not isinstance(block, StatutoryTable)]
    assert [paragraph.text for paragraph in document.paragraphs] == wanted
    assert "（䶮、<、>、&、{{ 不展开 }}、#不是代码、$也不是$）" in "".join(wanted)


def test_headings_have_real_styles_with_outline_levels(document: OpenDocument) -> None:
    names = [paragraph.style.name for paragraph in document.paragraphs]
    assert names[:5] == ["Title", "Body Text", "Heading 1", "Heading 2", "Body Text"]
    assert names.count("Heading 1") == 6
    assert names.count("Heading 3") == 2
    fonts = {1: "黑体", 2: "楷体_GB2312", 3: "仿宋_GB2312"}
    for level, font in fonts.items():
        style = document.styles[f"Heading {level}"].element
        assert style.find(f"{W}pPr/{W}outlineLvl").get(W + "val") == str(level - 1)
        assert style.find(f"{W}pPr/{W}keepNext") is not None
        assert style.find(f"{W}rPr/{W}rFonts").get(W + "eastAsia") == font


def test_body_text_is_set_after_the_standard(document: OpenDocument) -> None:
    style = document.styles["Body Text"].element
    assert dict(style.find(f"{W}pPr/{W}spacing").attrib)[W + "line"] == "579"
    assert style.find(f"{W}pPr/{W}ind").get(W + "firstLineChars") == "200"
    assert style.find(f"{W}rPr/{W}spacing").get(W + "val") == "-5"
    defaults = document.styles.element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
    assert defaults.find(W + "rFonts").get(W + "eastAsia") == "仿宋_GB2312"
    assert defaults.find(W + "lang").get(W + "eastAsia") == "zh-CN"


def test_every_font_is_named_for_every_script(written: bytes) -> None:
    for part in ("word/document.xml", "word/styles.xml"):
        xml = zipfile.ZipFile(io.BytesIO(written)).read(part).decode()
        assert xml.count("<w:rFonts ") == xml.count("w:eastAsia=") - xml.count("<w:lang ")
        assert "Theme" not in xml


def test_page_is_a4_with_the_margins_of_the_standard(document: OpenDocument) -> None:
    section = document.sections[0]
    lengths = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(length.mm, 1) for length in lengths] == [210, 297, 37, 28]
    assert [round(length.mm, 1) for length in (section.right_margin, section.bottom_margin)] == [26, 35]
    sides = [footer._element.find(f".//{W}jc").get(W + "val") for footer in (section.footer, section.even_page_footer)]
    assert sides == ["right", "left"]
    assert section.footer.paragraphs[0].text == "— 1 —"


def test_header_rows_repeat_and_no_row_splits(document: OpenDocument) -> None:
    for table, form in zip(document.tables, TABLES.values(), strict=True):
        rows = [element.find(W + "trPr") for element in table._tbl.iterchildren(W + "tr")]
        repeated = [row.find(W + "tblHeader") is not None for row in rows]
        assert repeated == [place < form.header_rows for place in range(form.row_total)]
        assert all(row.find(W + "cantSplit") is not None for row in rows)
        assert sum(int(column.get(W + "w")) for column in table._tbl.tblGrid) == 8844


def test_block_captions_are_shaded(document: OpenDocument) -> None:
    shaded = [tc for tc in document.element.iter(W + "tc") if tc.find(f"{W}tcPr/{W}shd") is not None]
    captions = [cell.label for cell in TABLES[2].cells if cell.role is Role.BLOCK_CAPTION]
    assert [words(tc) for tc in shaded] == captions


def test_table_three_begins_a_page(document: OpenDocument) -> None:
    broken = [p.text for p in document.paragraphs if p._p.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert broken == [TABLES[3].title]


def test_a_long_number_is_set_smaller(document: OpenDocument) -> None:
    sizes = {}
    for run in document.element.iter(W + "r"):
        size = run.find(f"{W}rPr/{W}sz")
        if size is not None:
            sizes[words(run)] = int(size.get(W + "val")) / 2
    assert sizes == {"1234567": 8.5, "2345678": 8.5, "7654321": 7}


def test_a_number_that_cannot_fit_is_refused(report: Report) -> None:
    printed = dict.fromkeys((cell.figure for cell in TABLES[4].number_cells()), "1" * 20)
    with pytest.raises(Refusal, match="20 位"):
        write_docx(with_blocks(report, StatutoryTable(TABLES[4], printed)))


def test_chinese_quotation_marks_beside_latin_keep_a_chinese_font(document: OpenDocument) -> None:
    marks = [run for run in document.element.iter(W + "r") if words(run) in {"“", "”", "‘", "’"}]
    assert len(marks) >= 6
    for run in marks:
        fonts = run.find(f"{W}rPr/{W}rFonts")
        assert {fonts.get(qn(f"w:{slot}")) for slot in ("ascii", "hAnsi", "eastAsia", "cs")} == {"仿宋_GB2312"}


def test_a_control_character_is_refused(report: Report) -> None:
    with pytest.raises(Refusal, match=r"U\+000B"):
        write_docx(with_blocks(report, Paragraph((Text("正文\x0b正文"),))))


def test_tables_that_touch_stay_two_and_a_last_table_is_followed(report: Report) -> None:
    table = next(report.tables())
    document = Document(io.BytesIO(write_docx(with_blocks(report, Heading(2, "（一）表"), table, table))))
    kinds = [element.tag.rpartition("}")[2] for element in document.element.body]
    assert kinds[-5:] == ["tbl", "p", "tbl", "p", "sectPr"]


def test_properties_name_the_body_and_no_clock(document: OpenDocument) -> None:
    properties = document.core_properties
    assert properties.title == f"{BODY_NAME}{YEAR}年政府信息公开工作年度报告"
    assert (properties.author, properties.last_modified_by) == (BODY_NAME, BODY_NAME)
    assert properties.created.isoformat()[:19] == properties.modified.isoformat()[:19] == "2024-01-01T00:00:00"
    assert properties.comments == NOTICE


def test_package_is_normalised(written: bytes) -> None:
    archive = zipfile.ZipFile(io.BytesIO(written))
    names = archive.namelist()
    assert names[0] == "[Content_Types].xml"
    assert names[1:] == sorted(names[1:])
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in names if "thumbnail" in name or "customXml" in name]
    assert normalised(written) == written


def test_bytes_are_the_same_in_every_process_and_time_zone(written: bytes, tmp_path: Path) -> None:
    surroundings = {**os.environ, "TZ": "America/St_Johns", "PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=surroundings, check=True, capture_output=True, text=True
    )
    assert answer.stdout.strip() == hashlib.sha256(written).hexdigest()


def test_the_writer_is_the_same_twice(report: Report, written: bytes) -> None:
    assert write_docx(report) == written
