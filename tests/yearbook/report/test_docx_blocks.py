"""Charts, listings, annexes and editions in the word document, its two profiles, and its schema."""

import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import time_machine
from docx import Document
from openxml_audit import OpenXmlValidator

from tests.yearbook.report import paper
from yearbook.errors import Refusal
from yearbook.report.docx import write_docx
from yearbook.report.model import Listing, Report, Text
from yearbook.report.pdf import write_pdf
from yearbook.report.profile import LAYOUTS, Profile

ROOT = Path(__file__).parents[3]
W = paper.W
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
SCRIPT = """
import hashlib
from tests.yearbook.report import paper
from yearbook.errors import Refusal
from yearbook.report.docx import write_docx
from yearbook.report.pdf import write_pdf
from yearbook.report.profile import Profile
for profile in Profile:
    rich = paper.rich(profile)
    print(hashlib.sha256(write_docx(rich)).hexdigest(), hashlib.sha256(write_pdf(rich)).hexdigest())
"""


def kept(paragraph) -> bool:
    """Whether a paragraph stays with the next, by itself or by its style."""
    own = paragraph._p.find(f"{W}pPr/{W}keepNext")
    return own is not None or paragraph.style.element.find(f"{W}pPr/{W}keepNext") is not None


@pytest.mark.parametrize("profile", Profile)
def test_an_independent_checker_finds_no_fault_with_the_schema(profile: Profile, tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    path.write_bytes(write_docx(paper.rich(profile)))
    assert list(OpenXmlValidator().validate(path).errors) == []


def test_the_checker_would_notice(tmp_path: Path) -> None:
    path = tmp_path / "report.docx"
    target = io.BytesIO()
    source = zipfile.ZipFile(io.BytesIO(write_docx(paper.rich(Profile.OFFICIAL))))
    with zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, source.read(name).replace(b"<w:tblW ", b"<w:tblX "))
    path.write_bytes(target.getvalue())
    assert list(OpenXmlValidator().validate(path).errors)


def test_a_chart_is_a_picture_with_words_and_stays_with_its_title() -> None:
    document = Document(io.BytesIO(write_docx(paper.rich(Profile.OFFICIAL))))
    (inline,) = document.element.body.iter(WP + "inline")
    assert inline.find(WP + "docPr").get("descr")
    width, height = (int(inline.find(WP + "extent").get(side)) for side in ("cx", "cy"))
    assert 0 < width <= 156 * 36_000
    place = next(p for p, paragraph in enumerate(document.paragraphs) if paragraph.style.name == "图片")
    assert kept(document.paragraphs[place])
    below = document.paragraphs[place + 1]
    assert (below.text, below.style.name) == ("机动车保有量（2021—2023年）", "Caption")
    image = next(part for part in document.part.package.iter_parts() if part.partname.endswith(".png"))
    assert image.blob.startswith(b"\x89PNG")
    assert height > 0


def test_a_listing_has_a_title_above_and_a_head_that_repeats() -> None:
    document = Document(io.BytesIO(write_docx(paper.rich(Profile.OFFICIAL, rows=3))))
    table = document.tables[-1]
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == ["指标", "原数", "更正后", "原因"]
    assert [row[1:3] for row in cells[1:]] == [[str(700_001 + row), str(800_001 + row)] for row in range(3)]
    properties = [row._tr.find(W + "trPr") for row in table.rows]
    assert [row.find(W + "tblHeader") is not None for row in properties] == [True, False, False, False]
    assert all(row.find(W + "cantSplit") is not None for row in properties)
    title = next(paragraph for paragraph in document.paragraphs if paragraph.text == "更正前后对照")
    assert kept(title)
    assert title._p.getnext() is table._tbl
    assert table._tbl.getnext().tag == W + "p"


def test_a_control_character_in_a_listing_is_refused(report: Report) -> None:
    spoilt = Listing(title="表", head=("指标",), rows=(((Text("甲\x0b"),),),))
    with pytest.raises(Refusal, match=r"U\+000B"):
        write_docx(paper.only(report, spoilt))


def test_an_annex_begins_a_page_behind_section_six() -> None:
    document = Document(io.BytesIO(write_docx(paper.rich(Profile.OFFICIAL))))
    headings = [paragraph for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert [heading.text[:2] for heading in headings] == ["一、", "二、", "三、", "四、", "五、", "六、", "附件"]
    broken = [h.text[:2] for h in headings if h._p.find(f"{W}pPr/{W}pageBreakBefore") is not None]
    assert broken == ["三、", "附件"]


def test_a_later_edition_says_so_and_the_first_does_not(report: Report) -> None:
    second = Document(io.BytesIO(write_docx(paper.rich(Profile.OFFICIAL)))).paragraphs
    assert (second[1].text, second[1].style.name) == ("（第2版）", "Subtitle")
    assert "版）" not in "".join(
        paragraph.text for paragraph in Document(io.BytesIO(write_docx(report))).paragraphs[:3]
    )


def test_the_plain_profile_has_the_page_of_the_form(report: Report) -> None:
    document = Document(io.BytesIO(write_docx(paper.profiled(report, Profile.PLAIN))))
    section, layout = document.sections[0], LAYOUTS[Profile.PLAIN]
    assert [round(section.top_margin.mm, 1), round(section.left_margin.mm, 2)] == [25.4, 31.75]
    body, title = document.styles["Body Text"].element, document.styles["Title"].element
    assert body.find(f"{W}pPr/{W}ind").get(W + "firstLine") == "420"
    assert body.find(f"{W}pPr/{W}ind").get(W + "firstLineChars") is None
    assert body.find(f"{W}rPr/{W}rFonts").get(W + "eastAsia") == layout.faces.body
    assert title.find(f"{W}rPr/{W}b") is not None
    assert section.footer._element.find(f".//{W}jc").get(W + "val") == "center"
    assert not document.settings.odd_and_even_pages_header_footer
    # table three may break, yet neither behind its header nor inside a group of rows
    rows = document.tables[1].rows
    tied = [row._tr.find(f".//{W}keepNext") is not None for row in rows]
    assert [row for row, last in enumerate(tied) if not last] == [3, 4, 5, 6, 14, 17, 22, 25, 26, 27]


@pytest.mark.parametrize("profile", Profile)
def test_every_run_finds_a_chinese_font_through_its_style(profile: Profile) -> None:
    document = Document(io.BytesIO(write_docx(paper.rich(profile))))
    for style in document.styles.element.iter(W + "style"):
        if style.get(W + "type") == "paragraph" and style.get(W + "styleId") != "Normal":
            assert style.find(f"{W}rPr/{W}rFonts").get(W + "eastAsia")
    known = {style.get(W + "styleId") for style in document.styles.element.iter(W + "style")}
    used = {style.get(W + "val") for style in document.element.body.iter(W + "pStyle")}
    assert used <= known
    assert all(fonts.get(W + "eastAsia") for fonts in document.element.body.iter(W + "rFonts"))


def test_bytes_are_the_same_in_every_process_zone_and_on_every_day(tmp_path: Path) -> None:
    found = []
    for zone, seed in (("America/St_Johns", "77"), ("Asia/Shanghai", "0")):
        surroundings = {**os.environ, "TZ": zone, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        answer = subprocess.run(
            [sys.executable, "-c", SCRIPT], cwd=tmp_path, env=surroundings, check=True, capture_output=True, text=True
        )
        found.append(answer.stdout.split())
    for day in ("2024-01-20", "2031-12-31"):
        with time_machine.travel(day):
            written = [write(paper.rich(profile)) for profile in Profile for write in (write_docx, write_pdf)]
            found.append([hashlib.sha256(data).hexdigest() for data in written])
    assert len(found[0]) == 4
    assert found[1:] == [found[0]] * 3
