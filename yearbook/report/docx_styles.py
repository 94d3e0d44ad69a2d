"""Styles, settings and font table of the word document, as WordprocessingML.

Knows the profile of official documents; knows nothing of a report's contents.
"""

from dataclasses import dataclass

from yearbook.report import docx_page as page

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LATIN = "Times New Roman"
TITLE_FONT = "方正小标宋简体"
BODY_FONT = "仿宋_GB2312"
HEADING_FONTS = {1: "黑体", 2: "楷体_GB2312", 3: BODY_FONT}
TABLE_FONT = "宋体"
CORNER_FONT = "楷体"

# Fonts the standard names, and what a computer without them has in their place.
_ALTERNATIVES = {
    TITLE_FONT: "方正小标宋_GBK",
    BODY_FONT: "仿宋",
    "楷体_GB2312": "楷体",
    "黑体": "SimHei",
    TABLE_FONT: "SimSun",
    CORNER_FONT: "KaiTi",
}


def twips(points: float) -> int:
    """Points in the unit of WordprocessingML."""
    return round(points * page.TWIPS_PER_POINT)


def fonts(east: str, latin: str = LATIN) -> str:
    """A whole ``w:rFonts``: a slot left out would fall back to another font."""
    return f'<w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{east}" w:cs="{latin}" w:hint="eastAsia"/>'


def size(points: float) -> str:
    """Type size, counted in half points."""
    half_points = round(points * 2)
    return f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'


def line(points: float, rule: str = "exact", before: float = 0, after: float = 0) -> str:
    """Line spacing with the space above and below, written whole."""
    around = f'w:before="{twips(before)}" w:after="{twips(after)}"'
    return f'<w:spacing {around} w:line="{twips(points)}" w:lineRule="{rule}"/>'


def indent(characters: int, character: float) -> str:
    """First-line indent in characters, with its length for programs that do not count characters."""
    return f'<w:ind w:firstLineChars="{characters * 100}" w:firstLine="{twips(characters * character)}"/>'


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


_TRACKING = f'<w:spacing w:val="{twips(page.TRACKING)}"/>'
_CHARACTER = page.BODY_SIZE + page.TRACKING


def _heading(level: int, alias: str) -> _Style:
    indented = line(page.LINE) + indent(2, _CHARACTER)
    return _Style(
        code=f"Heading{level}",
        name=f"heading {level}",
        alias=alias,
        paragraph=f'<w:keepNext/><w:keepLines/>{indented}<w:jc w:val="left"/><w:outlineLvl w:val="{level - 1}"/>',
        run=fonts(HEADING_FONTS[level]) + _TRACKING + size(page.BODY_SIZE),
    )


def _table_text(code: str, name: str, points: float, east: str = TABLE_FONT) -> _Style:
    return _Style(
        code=code,
        name=name,
        alias="",
        # At least, never exact: an exact line would clip whatever is taller than it.
        paragraph=f'{line(points * 1.3, "atLeast")}<w:jc w:val="center"/>',
        run=fonts(east) + size(points),
        follower=code,
        built_in=False,
    )


_STYLES = (
    _Style(
        code="BodyText",
        name="Body Text",
        alias="公文正文",
        paragraph=f'{line(page.LINE)}{indent(2, _CHARACTER)}<w:jc w:val="both"/>',
        run=_TRACKING + size(page.BODY_SIZE),
    ),
    _Style(
        code="Title",
        name="Title",
        alias="公文标题",
        paragraph=f"<w:keepNext/><w:keepLines/>{line(page.TITLE_LINE, before=page.LINE, after=page.LINE)}"
        '<w:jc w:val="center"/>',
        run=fonts(TITLE_FONT) + size(page.TITLE_SIZE),
    ),
    _heading(1, "一级标题（黑体）"),
    _heading(2, "二级标题（楷体）"),
    _heading(3, "三级标题（仿宋）"),
    _table_text("TableText", "表内文字", page.DESIGNS[2].size),
    _table_text("TableTextSmall", "表内小字", page.DESIGNS[3].size),
    _table_text("TableCorner", "表头说明（楷体）", page.DESIGNS[3].size, CORNER_FONT),
    _Style(
        code="Footer",
        name="footer",
        alias="公文页码",
        paragraph=line(page.FOOTER_SIZE + 2),
        run=fonts(TABLE_FONT, TABLE_FONT) + size(page.FOOTER_SIZE),
        follower="Footer",
    ),
)


def styles_xml() -> str:
    """All styles of the document; nothing of another template remains."""
    defaults = (
        f"<w:docDefaults><w:rPrDefault><w:rPr>{fonts(BODY_FONT)}{size(page.BODY_SIZE)}"
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
    return f"<w:styles {NAMESPACE}>{defaults}{basis}{''.join(style.xml() for style in _STYLES)}</w:styles>"


def settings_xml() -> str:
    """Different odd and even pages, and today's layout rules instead of those of an old version."""
    place = 'w:uri="http://schemas.microsoft.com/office/word"'
    return (
        f'<w:settings {NAMESPACE}><w:zoom w:percent="100"/><w:evenAndOddHeaders/>'
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


def footer_xml(*, odd: bool) -> str:
    """Page number between two dashes, one character in from the outer edge."""
    side = "right" if odd else "left"
    number = (
        '<w:r><w:t xml:space="preserve">— </w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r>'
    )
    return (
        f'<w:p {NAMESPACE}><w:pPr><w:pStyle w:val="Footer"/><w:ind w:{side}Chars="100" '
        f'w:{side}="{twips(page.FOOTER_SIZE)}"/><w:jc w:val="{side}"/></w:pPr>{number}</w:p>'
    )
