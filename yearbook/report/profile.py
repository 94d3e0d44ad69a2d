"""The two ways a report is set on paper: after GB/T 9704—2012, or on the page of the blank form itself.

Knows measures and faces, not file formats. Lengths are points unless a name says otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
TWIPS_PER_POINT = 20
TWIPS_PER_MM = 1440 / 25.4


class Profile(StrEnum):
    """How a body wants its report set; the word is the value of ``profile`` in the body's file."""

    OFFICIAL = "official"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDesign:
    """How one statutory table is set.

    Attributes:
        size: Type size.
        row_height: Least height of a row.
        number_row_height: Least height of a row that holds nothing but numbers.
        label_margin: Space between a rule and a label set flush left.
        widths: Column widths in twips.
    """

    size: float
    row_height: float
    number_row_height: float
    label_margin: float
    widths: tuple[int, ...]

    @property
    def width(self) -> int:
        """Width of the whole table in twips."""
        return sum(self.widths)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """Names of the faces, as word programs know them; ``headings`` by level."""

    title: str
    body: str
    headings: Mapping[int, str]
    table: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One page.

    Attributes:
        top_mm: Margins in millimetres, as are the three that follow.
        right_mm: Beside the text, on the right of every page.
        bottom_mm: Below the text.
        left_mm: Beside the text, on the left of every page.
        footer_mm: From the lower edge of the page to the foot of the page number.
        dash_mm: From the text to the middle of the page number.
        line: Pitch of body text, exact.
        tracking: Added to the width of every character of body text.
        body_size: Type size of body text and headings.
        title_size: Type size of the title.
        title_line: Pitch of the title.
        footer_size: Type size of the page number.
        indent: First-line indent.
        indent_characters: The same counted in characters; 0 where it is a length alone.
        outside: The page number stands at the outer edge; in the middle otherwise.
        bold: Title and headings are bold, as the blank form has them.
        own_page: A table that fills a page begins one; it breaks where the page ends otherwise.
        caption_size: Type size of captions and of tables outside the form.
        faces: The faces by role.
        designs: The statutory tables by number.
    """

    top_mm: float
    right_mm: float
    bottom_mm: float
    left_mm: float
    footer_mm: float
    dash_mm: float
    line: float
    tracking: float
    body_size: float
    title_size: float
    title_line: float
    footer_size: float
    indent: float
    indent_characters: int
    outside: bool
    bold: bool
    own_page: bool
    caption_size: float
    faces: Faces
    designs: Mapping[int, TableDesign]

    @property
    def text_width(self) -> float:
        """Width of the text, in points."""
        return (PAGE_WIDTH_MM - self.left_mm - self.right_mm) * TWIPS_PER_MM / TWIPS_PER_POINT

    @property
    def after_table(self) -> float:
        """Space between a table and whatever follows."""
        return self.line / 2


# 22 lines in 225 mm; 28 characters in 156 mm.
_OFFICIAL_SIZE, _OFFICIAL_TRACKING = 16, -0.25
_OFFICIAL = Layout(
    top_mm=37,
    right_mm=26,
    bottom_mm=35,
    left_mm=28,
    footer_mm=25,
    dash_mm=7,
    line=28.95,
    tracking=_OFFICIAL_TRACKING,
    body_size=_OFFICIAL_SIZE,
    title_size=22,
    title_line=36,
    footer_size=14,
    indent=2 * (_OFFICIAL_SIZE + _OFFICIAL_TRACKING),
    indent_characters=2,
    outside=True,
    bold=False,
    own_page=True,
    caption_size=10.5,
    faces=Faces(
        title="方正小标宋简体",
        body="仿宋_GB2312",
        headings={1: "黑体", 2: "楷体_GB2312", 3: "仿宋_GB2312"},
        table="宋体",
        note="楷体",
    ),
    # The tables fill the 156 mm of the text exactly.
    designs={
        2: TableDesign(size=10.5, row_height=24, number_row_height=24, label_margin=5.4, widths=(2211,) * 4),
        3: TableDesign(
            size=9, row_height=17.5, number_row_height=17.5, label_margin=2.85, widths=(600, 820, 2524, *(700,) * 7)
        ),
        4: TableDesign(size=9, row_height=22, number_row_height=36, label_margin=2.85, widths=(590,) * 9 + (589,) * 6),
    },
)
# Everything as measured in the blank form, whose tables are wider than its text and stand out on both sides alike;
# it has no page number, so that of the word programs is taken.
_PLAIN = Layout(
    top_mm=25.4,
    right_mm=31.75,
    bottom_mm=25.4,
    left_mm=31.75,
    footer_mm=17.5,
    dash_mm=6.3,
    line=15.6,
    tracking=0,
    body_size=12,
    title_size=18,
    title_line=31.2,
    footer_size=9,
    indent=21,
    indent_characters=0,
    outside=False,
    bold=True,
    own_page=False,
    caption_size=10,
    faces=Faces(title="宋体", body="宋体", headings=dict.fromkeys((1, 2, 3), "宋体"), table="宋体", note="楷体"),
    designs={
        2: TableDesign(size=10, row_height=17, number_row_height=17, label_margin=2.85, widths=(2435,) * 4),
        3: TableDesign(
            size=10, row_height=17, number_row_height=17, label_margin=2.85, widths=(754, 921, 3271, *(685,) * 7)
        ),
        4: TableDesign(
            size=10, row_height=17, number_row_height=33.6, label_margin=5.4, widths=(649,) * 7 + (650,) * 8
        ),
    },
)
LAYOUTS: Mapping[Profile, Layout] = {Profile.OFFICIAL: _OFFICIAL, Profile.PLAIN: _PLAIN}
