"""The printed page in real measures, both profiles, and what is printed besides the six sections."""

import io
import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pypdfium2
import pypdfium2 as pdfium
import pytest
from pdfua import validate

from tests.yearbook.form.blank import filled
from tests.yearbook.report import paper
from tests.yearbook.report.samples import EXPECTED_CELLS
from yearbook.errors import Refusal
from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.report.docx_page import title_lines
from yearbook.report.model import Heading, Listing, Paragraph, Report, StatutoryTable, Text
from yearbook.report.pdf import write_pdf
from yearbook.report.pdf_tags import with_row_headers
from yearbook.report.profile import LAYOUTS, Profile

MILLIMETRE = 72 / 25.4


def lines(pdf: bytes) -> list[list[dict]]:
    """Lines of text, page by page; the page number is the last."""
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [page.extract_text_lines() for page in document.pages]


def texts(pdf: bytes) -> list[str]:
    return ["\n".join(line["text"] for line in page) for page in lines(pdf)]


@pytest.mark.parametrize("profile", Profile)
def test_text_stands_inside_the_margins_of_the_profile(report: Report, profile: Profile) -> None:
    layout = LAYOUTS[profile]
    body = paper.only(paper.profiled(report, profile), Paragraph((Text("国" * 4000),)))
    page = lines(write_pdf(body))[1]
    full = page[1:-1]
    assert all(abs(line["x0"] - layout.left_mm * MILLIMETRE) < 1.5 for line in full)
    assert all(line["x1"] < (210 - layout.right_mm) * MILLIMETRE + 1.5 for line in full)
    pitches = {round(below["top"] - above["top"], 2) for above, below in pairwise(full)}
    assert all(abs(pitch - layout.line) < 0.02 for pitch in pitches)
    assert full[-1]["bottom"] < (297 - layout.bottom_mm) * MILLIMETRE + 1
    wanted = {Profile.OFFICIAL: (22, 28), Profile.PLAIN: (44, 34)}[profile]
    assert (len(page) - 1, len(page[2]["text"])) == wanted


@pytest.mark.parametrize("profile", Profile)
def test_first_lines_are_indented(report: Report, profile: Profile) -> None:
    layout = LAYOUTS[profile]
    body = paper.only(paper.profiled(report, profile), Paragraph((Text("国" * 80),)))
    page = lines(write_pdf(body))[0]
    first = next(place for place, line in enumerate(page) if set(line["text"]) == {"国"})
    assert page[first]["x0"] - page[first + 1]["x0"] == pytest.approx(layout.indent, abs=0.2)


def test_page_numbers_stand_outside_or_in_the_middle(report: Report) -> None:
    body = paper.only(report, Paragraph((Text("国" * 28 * 60),)))
    layout = LAYOUTS[Profile.OFFICIAL]
    left, right = layout.left_mm * MILLIMETRE, (210 - layout.right_mm) * MILLIMETRE
    for place, page in enumerate(lines(write_pdf(body)), 1):
        number = page[-1]
        assert number["text"] == f"— {place} —"
        edge = right - number["x1"] if place % 2 else number["x0"] - left
        assert edge == pytest.approx(layout.footer_size, abs=0.1)
        dash = next(char for char in number["chars"] if char["text"] == "—")
        below = (297 - layout.bottom_mm + 7) * MILLIMETRE
        assert abs((dash["top"] + dash["bottom"]) / 2 - below) < 4
    for page in lines(write_pdf(paper.profiled(body, Profile.PLAIN))):
        assert (page[-1]["x0"] + page[-1]["x1"]) / 2 == pytest.approx(105 * MILLIMETRE, abs=1)


def test_the_plain_table_stands_out_on_both_sides_alike(report: Report) -> None:
    table = paper.table_of(report, 2)
    with pdfplumber.open(io.BytesIO(write_pdf(paper.profiled(paper.only(report, table), Profile.PLAIN)))) as document:
        x0, _, x1, _ = document.pages[0].find_tables()[0].bbox
    assert x1 - x0 == pytest.approx(9740 / 20, abs=0.5)
    assert (x0 + x1) / 2 == pytest.approx(105 * MILLIMETRE, abs=0.5)


@pytest.mark.parametrize("filler", [8, 20])
def test_a_plain_table_three_that_breaks_repeats_its_header_and_splits_no_row(report: Report, filler: int) -> None:
    blocks = [*[Paragraph((Text("国"),))] * filler, Heading(2, "（一）表前"), paper.table_of(report, 3)]
    pdf = write_pdf(paper.profiled(paper.only(report, *blocks), Profile.PLAIN))
    whole = texts(pdf)
    shown = [text for text in whole if "申请人情况" in text]
    assert len(shown) == 2
    assert all("法人或其他组织" in text for text in shown)
    numbers = [text for place, text in EXPECTED_CELLS.items() if place[0] == 3]
    assert all("\n".join(whole).count(number) == 1 for number in numbers if len(number) == 4)
    # a label beside rows of both pages stays whole
    assert sum("本年度\n" in text or "本年度 " in text for text in whole) == 1
    headed = next(text for text in whole if "（一）表前" in text)
    assert "一、本年新收" in headed


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize("digits", ["9876543", "987654321"])
def test_long_numbers_fit_in_every_cell(report: Report, profile: Profile, digits: str) -> None:
    for number, form in TABLES.items():
        printed = dict.fromkeys((cell.figure or "" for cell in form.number_cells()), digits)
        pdf = write_pdf(paper.profiled(paper.only(report, StatutoryTable(form, printed)), profile))
        (cells,) = paper.cells_of_pdf(pdf)
        assert [cell[4] for cell in cells].count(digits) == len(form.number_cells()), number
        with pdfplumber.open(io.BytesIO(pdf)) as document:
            page = next(page for page in document.pages if "987654" in page.extract_text())
            for x0, top, x1, bottom in page.find_tables()[0].cells:
                inside = [c for c in page.chars if c["text"].isdigit() and x0 < (c["x0"] + c["x1"]) / 2 < x1]
                inside = [c for c in inside if top < (c["top"] + c["bottom"]) / 2 < bottom]
                assert all(c["x0"] > x0 + 0.2 and c["x1"] < x1 - 0.2 for c in inside)


@pytest.mark.parametrize("profile", Profile)
def test_a_very_long_label_makes_its_row_higher_and_moves_no_number(report: Report, profile: Profile) -> None:
    table = paper.table_of(report, 3)
    long = "1.属于国家秘密" + "（以及依照有关规定应当参照国家秘密管理的其他各类事项，下同）"
    cells = tuple(replace(cell, label=long) if cell.label == "1.属于国家秘密" else cell for cell in table.form.cells)
    short = replace(report, title=("年度报告",))  # so that the page holds the longer table
    shown = StatutoryTable(replace(table.form, cells=cells), table.printed)
    (found,) = paper.cells_of_pdf(write_pdf(paper.profiled(paper.only(short, shown), profile)))
    assert found == [
        (*cell[:4], long if cell[4] == "1.属于国家秘密" else cell[4]) for cell in filled(3, EXPECTED_CELLS)
    ]


def test_a_label_of_a_chart_without_a_glyph_is_refused(report: Report) -> None:
    bars = (replace(paper.CHART.bars[0], label="\ue000"),)
    with pytest.raises(Refusal, match=r"图“机动车保有量.*U\+E000"):
        write_pdf(paper.only(report, replace(paper.CHART, bars=bars)))


@pytest.mark.parametrize("profile", Profile)
def test_a_very_long_name_breaks_into_lines_of_like_length(report: Report, profile: Profile) -> None:
    name = "云麓市麓山高新技术产业开发区管理委员会社会事务与综合行政执法监督管理局交通安全处"
    long = paper.profiled(replace(report, title=(f"{name}2023年", "政府信息公开工作年度报告")), profile)
    found = title_lines(long)
    assert "".join(found) == "".join(long.title)
    assert not [line for line in found if line[0] in "年，。、）"]
    assert min(len(line) for line in found) >= 12
    printed = [line["text"].replace(" ", "") for line in lines(write_pdf(long))[0]]
    assert printed[: len(found)] == list(found)


@pytest.mark.parametrize("profile", Profile)
def test_everything_of_a_rich_report_is_there(profile: Profile) -> None:
    rich = paper.rich(profile)
    pdf = write_pdf(rich)
    shown = texts(pdf)
    whole = "".join("".join(shown).split())
    assert whole.index("年度报告") < whole.index("（第2版）") < whole.index("本报告依据")
    assert "机动车保有量（2021—2023年）" in whole
    tabled = [text for text in shown if "更正前后对照" in text or "700" in text]
    assert len(tabled) > 1
    assert all("更正后" in text for text in tabled)  # the head repeats
    assert all(whole.count(str(800_001 + row)) == 1 for row in range(40))
    assert shown[-len(tabled)].startswith("附件：更正说明")  # annexes begin a page


def test_a_chart_stays_with_its_caption(report: Report) -> None:
    for filler in (13, 15):
        blocks = [Paragraph((Text("国"),))] * filler
        with pdfplumber.open(io.BytesIO(write_pdf(paper.only(report, *blocks, paper.CHART)))) as document:
            drawn = [bool(page.rects or page.images or page.curves) for page in document.pages]
            named = ["机动车保有量" in page.extract_text() for page in document.pages]
        assert drawn.index(True) == named.index(True)


@pytest.mark.parametrize("profile", Profile)
def test_an_independent_checker_finds_nothing_against_pdf_ua(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(write_pdf(paper.rich(profile)))
    checked = validate(str(path))
    assert (checked.exit_code, list(checked.findings)) == (0, [])
    # 2026-11-23: its rule on empty headings fails on an array of marks and is skipped; asked of the bookmarks instead
    assert {outcome.rule_id for outcome in checked.skipped} <= {"UA-14-001"}
    with pdfium.PdfDocument(path) as document:
        titles = [mark.get_title() for mark in document.get_toc()]
    assert set(SECTIONS) <= set(titles)
    assert all(title.strip() for title in titles)


def test_the_checker_would_notice(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(write_pdf(paper.rich(Profile.OFFICIAL)).replace(b"/Lang(zh-CN)", b"/Lxng(zh-CN)"))
    assert validate(str(path)).exit_code != 0


def test_row_headers_and_pictures_are_named_in_the_tags() -> None:
    rich = paper.rich(Profile.OFFICIAL)
    pdf = write_pdf(rich)
    assert pdf.count(b"/Scope/Row") == 40 + sum(
        cell.role.value == "row_header" for form in TABLES.values() for cell in form.cells
    )
    names = re.search(rb"/IDTree<</Names\[(.*?)\]>>", pdf)[1]
    order = re.findall(rb"\(([^)]*)\)", names)
    assert order == sorted(order)
    referred = {name for found in re.findall(rb"/Headers\[(.*?)\]", pdf) for name in re.findall(rb"\((.*?)\)", found)}
    assert referred <= set(order)
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        figures = [found for found in _walk(document.structure_tree) if found["type"] == "Figure"]
    assert len(figures) == 1
    assert figures[0]["alt_text"]


def _walk(elements: list[dict]):
    for element in elements:
        yield element
        yield from _walk(element.get("children", []))


def test_a_number_of_table_three_refers_to_all_its_headers(report: Report) -> None:
    pdf = write_pdf(paper.only(report, paper.table_of(report, 3)))
    cells = re.findall(rb"/S/TD/P \d+ 0 R/A\[<</O/Table/Headers\[(.*?)\]", pdf)
    # first column of 1.属于国家秘密: its three column headers, then 三、, （三） and the label itself
    refers = cells[4 * 7]
    assert re.findall(rb"R0r\d+c\d+", refers) == [b"R0r5c0", b"R0r7c0", b"R0r7c1"]


def test_tags_of_another_table_are_refused() -> None:
    pdf = write_pdf(paper.rich(Profile.OFFICIAL))
    with pytest.raises(ValueError, match="tables"):
        with_row_headers(pdf, [])


def test_there_are_no_scripts_forms_or_attachments() -> None:
    pdf = write_pdf(paper.rich(Profile.OFFICIAL))
    assert not [
        mark for mark in (b"/JavaScript", b"/JS", b"/XFA", b"/AcroForm", b"/EmbeddedFiles", b"/Launch") if mark in pdf
    ]
    assert [entry.get_title() for entry in pypdfium2.PdfDocument(pdf).get_toc() if entry.level == 0][
        -1
    ] == "附件：更正说明"


def test_a_listing_whose_numbers_do_not_fit_is_refused(report: Report) -> None:
    wide = Listing(title="过宽的表", head=("列",) * 9, rows=(tuple((Text("1234567890"),) for _ in range(9)),))
    with pytest.raises(Refusal, match="过宽的表"):
        write_pdf(paper.only(report, wide))


def test_nothing_is_drawn_bold_by_stroking(report: Report) -> None:
    """A faked bold is a stroked outline: text in rendering mode two."""
    with pdfplumber.open(io.BytesIO(write_pdf(paper.profiled(report, Profile.PLAIN)))) as document:
        page = document.pages[0]
        title = next(char for char in page.chars if char["size"] == pytest.approx(18))
        assert "NotoSansSC" in title["fontname"]
        assert {"NotoSansSC-Regular", "NotoSerifSC-Regular"} == {
            char["fontname"].partition("+")[2].partition("-Identity")[0] for char in page.chars
        }
