"""The PDF, read back from its bytes."""

import hashlib
import io
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pypdfium2
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from tests.yearbook.report.samples import BODY_NAME, EXPECTED_CELLS, NOTICE, YEAR
from yearbook.errors import Refusal
from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.report.model import Heading, Paragraph, Report, Section, StatutoryTable, Text
from yearbook.report.pdf import write_pdf

ROOT = Path(__file__).parents[3]
SCRIPT = """
import hashlib
from tests.yearbook.report.samples import sample_report
from yearbook.report.pdf import write_pdf
print(hashlib.sha256(write_pdf(sample_report())).hexdigest())
"""
MILLIMETRE = 72 / 25.4


@pytest.fixture(scope="module")
def written(report: Report) -> bytes:
    return write_pdf(report)


@pytest.fixture(scope="module")
def pages(written: bytes) -> list[list[dict]]:
    """Words of every page with their places."""
    with pdfplumber.open(io.BytesIO(written)) as pdf:
        return [page.extract_words(keep_blank_chars=False) for page in pdf.pages]


@pytest.fixture(scope="module")
def rows(pages: list[list[dict]]) -> dict[str, tuple[int, float, float, float]]:
    """Number → page, middle line, left and right edge."""
    numbers = set(EXPECTED_CELLS.values())
    return {
        word["text"]: (page, (word["top"] + word["bottom"]) / 2, word["x0"], word["x1"])
        for page, words in enumerate(pages)
        for word in words
        if word["text"] in numbers
    }


def with_blocks(report: Report, *blocks) -> Report:
    return replace(report, preamble=(), sections=(Section("一、总体情况", blocks),))


def lines_of(pdf: bytes) -> list[list[tuple[float, str]]]:
    """Lines of text, page by page: top and text."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [[(line["top"], line["text"]) for line in page.extract_text_lines()] for page in document.pages]


def test_every_number_of_the_tables_is_printed_once(pages: list[list[dict]]) -> None:
    found = Counter(word["text"] for words in pages for word in words)
    assert {number: found[number] for number in EXPECTED_CELLS.values()} == dict.fromkeys(EXPECTED_CELLS.values(), 1)


def test_numbers_of_one_row_share_a_line_and_stand_in_order(rows: dict) -> None:
    for number, form in TABLES.items():
        last = -1.0
        for row in range(form.row_total):
            cells = [EXPECTED_CELLS[place] for place in sorted(EXPECTED_CELLS) if place[:2] == (number, row)]
            if cells:
                places = [rows[cell] for cell in cells]
                assert max(p[1] for p in places) - min(p[1] for p in places) < 2
                assert all(left[3] < right[2] for left, right in pairwise(places))
                assert places[0][1] > last
                last = places[0][1]


def test_rows_carry_their_labels(pages: list[list[dict]], rows: dict) -> None:
    for label, first in (
        ("1.属于国家秘密", 7),
        ("8.属于行政查询事项", 14),
        ("3.其他", 25),
        ("四、结转下年度继续办理", 27),
    ):
        page, middle, *_ = rows[EXPECTED_CELLS[3, first, 3]]
        beside = "".join(w["text"] for w in pages[page] if w["top"] < middle < w["bottom"] and w["x0"] < 280)
        assert label in beside


def test_numbers_stay_inside_their_cells_and_in_the_middle(written: bytes, rows: dict) -> None:
    for number in ("1234567", "2345678", "7654321", "1025", "67.89"):
        page, middle, left, right = rows[number]
        with pdfplumber.open(io.BytesIO(written)) as pdf:
            edges = sorted(
                {
                    round(edge["x0"], 1)
                    for edge in pdf.pages[page].edges
                    if edge["orientation"] == "v" and edge["top"] - 1 < middle < edge["bottom"] + 1
                }
            )
        before = max(edge for edge in edges if edge < left)
        after = min(edge for edge in edges if edge > right)
        assert left - before > 1
        assert after - right > 1
        assert abs((left - before) - (after - right)) < 1


def test_each_table_stands_on_one_page(rows: dict) -> None:
    for number in TABLES:
        assert len({rows[text][0] for place, text in EXPECTED_CELLS.items() if place[0] == number}) == 1


def test_text_reads_as_the_report_says(written: bytes, report: Report) -> None:
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(written))
    plain = "".join(text.split())
    assert "（䶮、<、>、&、{{不展开}}、#不是代码、$也不是$）" in plain
    for number in report.numbers():
        assert number.text in plain
    for section in SECTIONS:
        assert section in plain


def test_document_says_what_it_is(written: bytes) -> None:
    with pdfplumber.open(io.BytesIO(written)) as pdf:
        assert pdf.metadata["Title"] == f"{BODY_NAME}{YEAR}年政府信息公开工作年度报告"
        assert pdf.metadata["Author"] == BODY_NAME
        assert pdf.metadata["Subject"] == NOTICE
        assert pdf.metadata["CreationDate"] == "D:20240101000000Z"
        assert pdf.doc.catalog["Lang"] == b"zh-CN"
        fonts = {char["fontname"].partition("+")[2] for page in pdf.pages for char in page.chars}
    assert b"<pdfuaid:part>1</pdfuaid:part>" in written
    assert all(font.startswith(("NotoSerifSC", "NotoSansSC")) for font in fonts)


def test_tags_hold_headings_and_header_cells(written: bytes) -> None:
    def kinds(elements: list[dict]) -> Counter[str]:
        found: Counter[str] = Counter()
        for element in elements:
            found[element.get("type", "")] += 1
            found += kinds(element.get("children", []))
        return found

    with pdfplumber.open(io.BytesIO(written)) as pdf:
        found = kinds(pdf.structure_tree)
    assert (found["H1"], found["H2"], found["H3"], found["Table"]) == (6, 2, 2, 3)
    assert found["TR"] == sum(form.row_total for form in TABLES.values())
    assert found["TD"] + found["TH"] == sum(len(form.cells) for form in TABLES.values())
    assert found["TD"] == 200  # every label is a header, every number is not


def test_bookmarks_follow_the_headings(written: bytes) -> None:
    entries = list(pypdfium2.PdfDocument(written).get_toc())
    assert [entry.get_title() for entry in entries if entry.level == 0] == list(SECTIONS)
    assert len(entries) == 10


def test_a_line_holds_28_characters_and_a_page_22_lines(report: Report) -> None:
    pages = lines_of(write_pdf(with_blocks(report, Paragraph((Text("国" * 28 * 45),)))))
    first, second = ([(top, text) for top, text in page if set(text) == {"国"}] for page in pages[:2])
    assert [len(text) for _, text in first[:2]] == [26, 28]
    assert {len(text) for _, text in second} == {28}
    assert len(second) == 22
    tops = [top for top, _ in second]
    assert all(abs(below - above - 28.95) < 0.01 for above, below in pairwise(tops))


@pytest.mark.parametrize("filler", [13, 14, 15])
def test_no_heading_is_left_at_the_foot_of_a_page(report: Report, filler: int) -> None:
    blocks = [Paragraph((Text("国"),))] * filler
    table = next(report.tables())
    follow = [
        Heading(2, "（一）标题"),
        Heading(3, "1.小标题"),
        Paragraph((Text("正文"),)),
        Heading(2, "（二）表前"),
        table,
    ]
    pages = lines_of(write_pdf(with_blocks(report, *blocks, *follow)))
    for page in pages:
        last = [text for _, text in page if "—" not in text][-1]
        assert "标题" not in last
        assert "表前" not in last


def test_a_table_longer_than_a_page_repeats_its_header(report: Report) -> None:
    table = next(t for t in report.tables() if t.form.number == 3)
    blocks = [*[Paragraph((Text("国"),))] * 8, table]
    texts = ["".join(text for _, text in page) for page in lines_of(write_pdf(with_blocks(report, *blocks)))]
    assert [text.count("申请人情况") for text in texts] == [1, 1]


def test_a_character_without_a_glyph_is_refused_by_name_and_place(report: Report) -> None:
    with pytest.raises(Refusal, match=r"“一、总体情况”中“姓名”之后的字符“”（U\+E000）"):
        write_pdf(with_blocks(report, Paragraph((Text("姓名\ue000"),))))


def test_a_number_that_cannot_fit_is_refused(report: Report) -> None:
    printed = dict.fromkeys((cell.figure for cell in TABLES[4].number_cells()), "1" * 20)
    with pytest.raises(Refusal, match="20 位"):
        write_pdf(with_blocks(report, StatutoryTable(TABLES[4], printed)))


def test_a_missing_font_folder_is_refused(report: Report, tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="字体文件夹"):
        write_pdf(report, tmp_path / "none")


def test_an_empty_font_folder_changes_nothing(report: Report, written: bytes, tmp_path: Path) -> None:
    assert write_pdf(report, tmp_path) == written


def small_font(path: Path) -> None:
    """A font of the family 仿宋 that draws one character of a private area as a box."""
    pen = TTGlyphPen(None)
    for step, corner in enumerate(((0, 0), (0, 800), (800, 800), (800, 0))):
        (pen.lineTo if step else pen.moveTo)(corner)
    pen.closePath()
    box = pen.glyph()
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "box"])
    builder.setupCharacterMap({0xE000: "box"})
    builder.setupGlyf({".notdef": box, "box": box})
    builder.setupHorizontalMetrics({".notdef": (1000, 0), "box": (1000, 0)})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": "FangSong", "styleName": "Regular", "psName": "FangSong"})
    builder.setupOS2()
    builder.setupPost()
    builder.save(path)


def test_a_font_of_the_site_is_used_for_its_role(report: Report, tmp_path: Path) -> None:
    small_font(tmp_path / "site.ttf")
    pdf = write_pdf(with_blocks(report, Paragraph((Text("姓名\ue000"),))), tmp_path)
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        fonts = {char["text"]: char["fontname"].partition("+")[2] for char in document.pages[0].chars}
    assert fonts["\ue000"].startswith("FangSong")
    assert fonts["姓"].startswith("NotoSerifSC")


def test_bytes_are_the_same_in_every_process_and_time_zone(written: bytes, tmp_path: Path) -> None:
    surroundings = {**os.environ, "TZ": "America/St_Johns", "PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)}
    answer = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=surroundings, check=True, capture_output=True, text=True
    )
    assert answer.stdout.strip() == hashlib.sha256(written).hexdigest()


def test_the_writer_is_the_same_twice(report: Report, written: bytes) -> None:
    assert write_pdf(report) == written
