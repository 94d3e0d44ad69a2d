"""Styles, settings and font table of the word document, as WordprocessingML.

Knows the profile of official documents; knows nothing of a report's contents.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from yearbook.report.profile import TWIPS_PER_POINT, Layout

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LATIN = "Times New Roman"

# Fonts the standard names, and what a computer without them has in their place.
_ALTERNATIVES = {
    "方正小标宋简体": "方正小标宋_GBK",
    "仿宋_GB2312": "仿宋",
    "楷体_GB2312": "楷体",
    "黑体": "SimHei",
    "宋体": "SimSun",
    "楷体": "KaiTi",
}
# Every style that contents use, by the name that programs know it by.
USED = (
    "Title",
    "Subtitle",
    "heading 1",
    "heading 2",
    "heading 3",
    "Body Text",
    "表内文字",
    "表内小字",
    "表头说明",
    "图片",
    "caption",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What contents are written for: the page, and the styles that stand in the document.

    Attributes:
        layout: The page.
        styles: Style identity by name, lower case.
        fonts: Chinese font of a style, by the same name.
    """

    layout: Layout
    styles: Mapping[str, str]
    fonts: Mapping[str, str]

    def style(self, name: str) -> str:
        """Identity of a style, for ``w:pStyle``."""
        return self.styles[name.lower()]

    def font(self, name: str) -> str:
        """Chinese font of a style."""
        return self.fonts[name.lower()]


def twips(points: float) -> int:
    """Points in the unit of WordprocessingML."""
    return round(points * TWIPS_PER_POINT)


def fonts(east: str, latin: str = LATIN) -> str:
    """A whole ``w:rFonts``: a slot left out would fall back to another font."""
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east}" w:cs="{latin}" w:hint="eastAsia"/>'


def size(points: float) -> str:
    """Type size, counted in half points."""
    half_points = round(points * 2)
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def around(before: float, after: float) -> str:
    """Space above and below a paragraph; its line pitch stays that of its style."""
    return f'<w:spacing w:before="{twips(before)}" w:after="{twips(after)}"/>'


def line(points: float, rule: str = "exact", before: float = 0, after: float = 0) -> str:
    """Line spacing with the space above and below, written whole."""
    beside = f'w:before="{twips(before)}" w:after="{twips(after)}"'
    return f'<w:spacing {beside} w:line="{twips(points)}" w:lineRule="{rule}"/>'


def indent(layout: Layout) -> str:
    """First-line indent in characters, with its length for programs that do not count characters."""
    characters = f'w:firstLineChars="{layout.indent_characters * 100}" ' if layout.indent_characters else ""
    return f'<w:ind {characters}w:firstLine="{twips(layout.indent)}"/>'


def rules(width: float) -> str:
    """Rules around and inside a table, in the order of the schema; ``width`` in points."""
    return "".join(
        f'<w:{side} w:val="single" w:sz="{round(8 * width)}" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Style:
    """A paragraph style: programs know it by ``name``, people by ``alias``."""

    code: str
    name: str
    alias: str
    paragraph: str
    run: str
    follower: str = "BodyText"
    built_in: bool = True

    def xml(self) -> str:
        """The style element."""
        alias = f'<w:aliases w:val="{self.alias}"/>' if self.alias else ""
        custom = "" if self.built_in else ' w:customStyle="1"'
        return (
            f'<w:style w:type="paragraph"{custom} w:styleId="{self.code}"><w:name w:val="{self.name}"/>{alias}'
            f'<w:basedOn w:val="Normal"/><w:next w:val="{self.follower}"/><w:qFormat/>'
            f"<w:pPr>{self.paragraph}</w:pPr><w:rPr>{self.run}</w:rPr></w:style>"
        )


def _bold(layout: Layout) -> str:
    return "<w:b/><w:bCs/>" if layout.bold else ""


def _tracking(layout: Layout) -> str:
    return f'<w:spacing w:val="{twips(layout.tracking)}"/>' if layout.tracking else ""


def _heading(layout: Layout, level: int, alias: str) -> _Style:
    indented = line(layout.line) + indent(layout)
    return _Style(
        code=f"Heading{level}",
        name=f"heading {level}",
        alias=alias,
        paragraph=f'<w:keepNext/><w:keepLines/>{indented}<w:jc w:val="left"/><w:outlineLvl w:val="{level - 1}"/>',
        run=fonts(layout.faces.headings[level]) + _bold(layout) + _tracking(layout) + size(layout.body_size),
    )


def _own(code: str, name: str, points: float, east: str, before: str = "", after: float = 0) -> _Style:
    """A centred style of our own.

    Lines are at least so high, never exactly: an exact line would clip whatever is taller than it.
    """
    return _Style(
        code=code,
        name=name,
        alias="",
        paragraph=f'{before}{line(points * 1.3, "atLeast", after=after)}<w:jc w:val="center"/>',
        run=fonts(east) + size(points),
        follower=code,
        built_in=False,
    )


def _title(layout: Layout) -> _Style:
    return _Style(
        code="Title",
        name="Title",
        alias="公文标题",
        paragraph=f"<w:keepNext/><w:keepLines/>{line(layout.title_line, before=layout.line, after=layout.line)}"
        '<w:jc w:val="center"/>',
        run=fonts(layout.faces.title) + _bold(layout) + size(layout.title_size),
    )


def _subtitle(layout: Layout) -> _Style:
    return _Style(
        code="Subtitle",
        name="Subtitle",
        alias="版次",
        paragraph=f'<w:keepNext/><w:keepLines/>{line(layout.line, after=layout.line)}<w:jc w:val="center"/>',
        run=fonts(layout.faces.headings[2]) + size(layout.body_size),
    )


def _caption(layout: Layout) -> _Style:
    return _Style(
        code="Caption",
        name="caption",
        alias="图表标题",
        paragraph=f'<w:keepLines/>{line(layout.caption_size * 1.6, "atLeast", after=4)}<w:jc w:val="center"/>',
        run=fonts(layout.faces.table) + size(layout.caption_size),
    )


def _styles(layout: Layout) -> tuple[_Style, ...]:
    faces, small = layout.faces, layout.designs[3].size
    return (
        _Style(
            code="BodyText",
            name="Body Text",
            alias="公文正文",
            paragraph=f'<w:widowControl/>{line(layout.line)}{indent(layout)}<w:jc w:val="both"/>',
            run=fonts(faces.body) + _tracking(layout) + size(layout.body_size),
        ),
        _title(layout),
        _subtitle(layout),
        _heading(layout, 1, "一级标题"),
        _heading(layout, 2, "二级标题"),
        _heading(layout, 3, "三级标题"),
        _own("TableText", "表内文字", layout.designs[2].size, faces.table),
        _own("TableTextSmall", "表内小字", small, faces.table),
        _own("TableCorner", "表头说明", small, faces.note),
        _own("Picture", "图片", layout.caption_size, faces.table, before="<w:keepNext/>"),
        _caption(layout),
        _Style(
            code="Footer",
            name="footer",
            alias="公文页码",
            paragraph=line(layout.footer_size + 2),
            run=fonts(faces.table, faces.table) + size(layout.footer_size),
            follower="Footer",
        ),
    )


def own_sheet(layout: Layout) -> Sheet:
    """The sheet of a document that has our own styles."""
    faces, found = layout.faces, _styles(layout)
    fonts_of = {
        **dict.fromkeys((style.name.lower() for style in found), faces.table),
        "title": faces.title,
        "subtitle": faces.headings[2],
        "body text": faces.body,
        "表头说明": faces.note,
        **{f"heading {level}": face for level, face in faces.headings.items()},
    }
    return Sheet(layout=layout, styles={style.name.lower(): style.code for style in found}, fonts=fonts_of)


def styles_xml(layout: Layout) -> str:
    """All styles of the document; nothing of another template remains."""
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts(layout.faces.body)}{size(layout.body_size)}"
        '<w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault>'
        "<w:pPrDefault><w:pPr/></w:pPrDefault></w:docDefaults>"
    )
    basis = (
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
        '<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont">'
        '<w:name w:val="Default Paragraph Font"/></w:style>'
        '<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/>'
        '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
    )
    return f"<w:styles {NAMESPACE}>{defaults}{basis}{''.join(style.xml() for style in _styles(layout))}</w:styles>"


def settings_xml(layout: Layout) -> str:
    """Different odd and even pages, and today's layout rules instead of those of an old version."""
    sides = "<w:evenAndOddHeaders/>" if layout.outside else ""
    place = 'w:uri="http://schemas.microsoft.com/office/word"'
    return (
        f'<w:settings {NAMESPACE}><w:zoom w:percent="100"/>{sides}'
        '<w:characterSpacingControl w:val="compressPunctuation"/>'
        f'<w:compat><w:useFELayout/><w:compatSetting w:name="compatibilityMode" {place} w:val="15"/></w:compat>'
        '<w:themeFontLang w:val="en-US" w:eastAsia="zh-CN"/></w:settings>'
    )


def font_table_xml() -> str:
    """Every font the document names, with the one to take where it is missing."""
    named = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/></w:font>'
        for name, other in _ALTERNATIVES.items()
    )
    return f'<w:fonts {NAMESPACE}>{named}<w:font w:name="{LATIN}"><w:charset w:val="00"/></w:font></w:fonts>'


def footer_xml(layout: Layout, *, odd: bool) -> str:
    """Page number between two dashes, one character in from the outer edge, or in the middle."""
    side = "right" if odd else "left"
    number = (
        '<w:r><w:t xml:space="preserve">— </w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r>'
    )
    placed = f'<w:ind w:{side}Chars="100" w:{side}="{twips(layout.footer_size)}"/><w:jc w:val="{side}"/>'
    placed = placed if layout.outside else '<w:jc w:val="center"/>'
    return f'<w:p {NAMESPACE}><w:pPr><w:pStyle w:val="Footer"/>{placed}</w:pPr>{number}</w:p>'
