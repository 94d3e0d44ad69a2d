"""The office's own word template: what it may change without code, and what is refused."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from lxml import etree
from openxml_audit import OpenXmlValidator

from tests.yearbook.report import paper
from yearbook.errors import Refusal
from yearbook.report.docx import write_base, write_docx
from yearbook.report.docx_styles import USED
from yearbook.report.model import Report
from yearbook.report.profile import Profile

PROJECT = Path(__file__).parents[3]
BASE = PROJECT / "deployments" / "word" / "base.docx"
W = paper.W
STYLES, DOCUMENT = "word/styles.xml", "word/document.xml"


def changed(package: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The package with one part rewritten; a part that is not there is added."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(target, "w") as archive:
        names = source.namelist()
        for name in [*names, *([part] if part not in names else [])]:
            text = source.read(name) if name in names else b""
            archive.writestr(name, change(text.decode()).encode() if name == part else text)
    return target.getvalue()


def part(package: bytes, name: str) -> str:
    return zipfile.ZipFile(io.BytesIO(package)).read(name).decode()


def base() -> bytes:
    return BASE.read_bytes()


@pytest.mark.parametrize(("name", "profile"), [("base", Profile.OFFICIAL), ("plain", Profile.PLAIN)])
def test_the_templates_to_start_from_are_those_of_the_profiles(name: str, profile: Profile) -> None:
    assert BASE.with_name(f"{name}.docx").read_bytes() == write_base(profile)


def test_an_untouched_template_gives_the_document_without_one() -> None:
    rich = paper.rich(Profile.OFFICIAL)
    with_template, without = write_docx(rich, base()), write_docx(rich)
    assert part(with_template, STYLES) == part(without, STYLES)
    # the tables are as wide as the page says, which counts whole twips
    plain = [re.sub(r'w:w="\d+"', "", part(package, DOCUMENT)) for package in (with_template, without)]
    assert plain[0] == plain[1]


def test_contents_stand_where_the_anchor_stood(report: Report) -> None:
    around = changed(
        base(),
        DOCUMENT,
        lambda xml: re.sub(
            r"(<w:p>(?:(?!<w:p>).)*\[\[正文\]\].*?</w:p>)",
            r"<w:p><w:r><w:t>〔2024〕1号</w:t></w:r></w:p>\1<w:p><w:r><w:t>印发范围</w:t></w:r></w:p>",
            xml,
        ),
    )
    paragraphs = [paragraph.text for paragraph in Document(io.BytesIO(write_docx(report, around))).paragraphs]
    assert (paragraphs[0], paragraphs[-1]) == ("〔2024〕1号", "印发范围")
    assert paragraphs[1].startswith(report.body.name)
    assert not [text for text in paragraphs if "[[" in text]


def test_margins_of_the_template_set_the_width_of_the_tables(report: Report) -> None:
    narrow = changed(base(), DOCUMENT, lambda xml: re.sub(r'w:(left|right)="1\d+"', r'w:\1="2500"', xml))
    document = Document(io.BytesIO(write_docx(report, narrow)))
    for table in document.tables:
        assert sum(int(column.get(W + "w")) for column in table._tbl.tblGrid) == 11906 - 5000
    # table three grows with its labels and must be free to break, or its heading would stand alone
    tied = [row._tr.find(f".//{W}keepNext") is not None for row in document.tables[1].rows]
    assert tied[:4] == [True, True, True, False]


def test_styles_are_found_by_name_whatever_their_identity(report: Report) -> None:
    renamed = changed(
        base(), STYLES, lambda xml: xml.replace('w:styleId="BodyText"', 'w:styleId="a7"').replace("BodyText", "a7")
    )
    document = Document(io.BytesIO(write_docx(report, renamed)))
    names = {paragraph.style.name for paragraph in document.paragraphs}
    assert names == {"Title", "Body Text", "Heading 1", "Heading 2", "Heading 3"}
    assert "BodyText" not in part(write_docx(report, renamed), DOCUMENT)


def test_numbers_are_measured_in_the_type_size_of_the_template(report: Report) -> None:
    small = changed(
        base(), STYLES, lambda xml: re.sub(r'(w:styleId="TableTextSmall".*?<w:sz w:val=)"18"', r'\1"14"', xml, count=1)
    )
    assert len(re.findall("<w:sz ", part(write_docx(report, base()), DOCUMENT))) == 3
    assert "<w:sz " not in part(write_docx(report, small), DOCUMENT)  # seven digits fit at seven points


def test_quotation_marks_take_the_chinese_font_of_the_style(report: Report) -> None:
    own = changed(base(), STYLES, lambda xml: xml.replace("仿宋_GB2312", "方正仿宋_GBK"))
    xml = part(write_docx(report, own), DOCUMENT)
    assert "仿宋_GB2312" not in xml
    assert 'w:ascii="方正仿宋_GBK"' in xml


def add_to_types(xml: str) -> str:
    return xml.replace("wordprocessingml.document.main+xml", "word.document.macroEnabled.main+xml")


BROKEN: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no anchor": (lambda b: changed(b, DOCUMENT, lambda x: x.replace("[[正文]]", "正文")), "没有锚点"),
    "two anchors": (
        lambda b: changed(b, DOCUMENT, lambda x: re.sub(r"(<w:p>.*?\[\[正文\]\].*?</w:p>)", r"\1\1", x)),
        "有 2 处锚点",
    ),
    "words beside the anchor": (
        lambda b: changed(b, DOCUMENT, lambda x: x.replace("[[正文]]", "见[[正文]]")),
        "单独段落",
    ),
    "a style is missing": (
        lambda b: changed(b, STYLES, lambda x: x.replace('<w:name w:val="表内小字"/>', '<w:name w:val="小字"/>')),
        "缺少样式 表内小字",
    ),
    "no Chinese font": (
        lambda b: changed(b, STYLES, lambda x: re.sub(r' w:eastAsia="[^"]*"', "", x)),
        "没有写明中文字体",
    ),
    "macros by type": (lambda b: changed(b, "[Content_Types].xml", add_to_types), "带有宏"),
    "macros by part": (lambda b: changed(b, "word/vbaProject.bin", lambda x: x + "x"), "带有宏"),
    "a template, not a document": (
        lambda b: changed(b, "[Content_Types].xml", lambda x: x.replace("document.main", "template.main")),
        "不是 .docx 文档",
    ),
    "encrypted": (lambda b: bytes.fromhex("d0cf11e0a1b11ae1") + b, "有打开密码"),
    "no package": (lambda _: b"PK nothing", "不是 .docx 文件"),
    "damaged": (lambda b: b[:900] + bytes(60) + b[960:], "已损坏|无法作为"),
    "broken XML": (lambda b: changed(b, DOCUMENT, lambda x: x[:-20]), "无法作为 Word 文档打开"),
    "something outside": (
        lambda b: changed(
            b,
            "word/_rels/document.xml.rels",
            lambda x: x.replace(
                "</Relationships>",
                '<Relationship Id="rId99" Type="http://x/attachedTemplate" '
                'Target="\\\\h\\t.dotm" TargetMode="External"/>'
                "</Relationships>",
            ),
        ),
        "引用了文件以外的内容",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_an_unsuitable_template_is_refused_and_says_what_to_do(report: Report, case: str) -> None:
    spoil, words = BROKEN[case]
    with pytest.raises(Refusal, match=words) as refused:
        write_docx(report, spoil(base()))
    assert refused.value.todo


def test_the_template_is_checked_against_its_schema(tmp_path: Path) -> None:
    for name in ("base", "plain"):
        result = OpenXmlValidator().validate(BASE.with_name(f"{name}.docx"))
        assert list(result.errors) == []


def restyled_by_office(folder: Path) -> bytes:
    """The template opened in LibreOffice, its body font, its margins and its header changed there, and saved."""
    shutil.copy(BASE, folder / "base.docx")
    _office(folder, "fodt", "base.docx")
    path = folder / "base.fodt"
    tree = etree.parse(path)
    names = tree.getroot().nsmap
    body = tree.xpath("//style:style[@style:display-name='Body Text' or @style:name='Text_20_body']", namespaces=names)[
        0
    ]
    text = body.find("style:text-properties", names)
    text.set(f"{{{names['style']}}}font-name-asian", "楷体")
    text.set(f"{{{names['fo']}}}color", "#1f3864")
    for layout in tree.xpath("//style:page-layout-properties", namespaces=names):
        layout.set(f"{{{names['fo']}}}margin-left", "4cm")
    tree.write(path, encoding="utf-8", xml_declaration=True)
    (folder / "base.docx").unlink()
    _office(folder, "docx", "base.fodt")
    return (folder / "base.docx").read_bytes()


def _office(folder: Path, kind: str, name: str) -> None:
    program = shutil.which("soffice") or pytest.skip("没有 LibreOffice")
    profile = f"-env:UserInstallation=file://{folder}/office"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", kind, "--outdir", folder, folder / name],
        check=True,
        capture_output=True,
        timeout=120,
    )


@pytest.mark.office
def test_a_template_restyled_in_an_office_program_needs_no_code(tmp_path: Path) -> None:
    own = restyled_by_office(tmp_path)
    document = Document(io.BytesIO(write_docx(paper.rich(Profile.OFFICIAL), own)))
    assert round(document.sections[0].left_margin.cm, 1) == 4.0
    body = next(p for p in document.paragraphs if p.text.startswith("本报告依据"))
    chain = [body.style, *([body.style.base_style] if body.style.base_style else [])]
    colours = [str(style.font.color.rgb) for style in chain if style.font.color.rgb is not None]
    assert colours[:1] == ["1F3864"]
    names = {paragraph.style.name.lower() for paragraph in document.paragraphs}
    assert names <= {name.lower() for name in USED}
    assert [len(table.rows) for table in document.tables[:3]] == [14, 28, 4]
    width = document.sections[0].page_width - document.sections[0].left_margin - document.sections[0].right_margin
    for table in document.tables:
        assert abs(sum(int(column.get(W + "w")) for column in table._tbl.tblGrid) - width / 635) <= 2


@pytest.mark.office
@pytest.mark.parametrize("profile", Profile)
def test_an_office_program_opens_the_document_as_it_is(profile: Profile, tmp_path: Path) -> None:
    (tmp_path / "report.docx").write_bytes(write_docx(paper.rich(profile, rows=6)))
    _office(tmp_path, "pdf", "report.docx")
    grids = [cells for cells in paper.cells_of_pdf((tmp_path / "report.pdf").read_bytes()) if len(cells) > 20]
    assert any("申请人情况" in cell[4] for cells in grids for cell in cells)
    shown = "".join(cell[4] for cells in grids for cell in cells)
    assert shown.count("1005") == 1
