"""A sheet of rectangles, lines and words as SVG, and the same sheet as PNG with the bundled fonts alone.

Lengths are px of 1/96 inch. Knows nothing of charts. Words stay words in the SVG: no outlines, no style sheet, no
ids, so that several drawings can stand in one page and a reader can search them.
"""

import struct
import zlib
from functools import cache
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING

import pylopdf_fonts_zh_cn
from fontTools.ttLib import TTFont

from yearbook.errors import Refusal

if TYPE_CHECKING:
    import typst

# The bundled face first, then what office computers and telephones have.
FAMILIES = "'Noto Sans SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', SimHei, sans-serif"
# 10.5 pt, the size that Chinese printers call 五号.
TYPE_SIZE = 14
LINE_HEIGHT = 18
# From the middle of a line to its baseline, so that Chinese characters stand in the middle.
BASELINE = 5
# Heights are multiples of it: with 300 dots per inch a px is 3.125 dots, and eight of them are whole.
STEP = 8
DOTS_PER_INCH = 300
_DOTS_PER_METRE = 11_811  # 300 dots per inch
_POINTS_PER_PX = 0.75
_PAGE = (
    b"#set page(width: auto, height: auto, margin: 0pt)\n"
    b'#image(bytes(sys.inputs.svg), format: "svg", width: float(sys.inputs.width) * 1pt)\n'
)
# The first chunk of a PNG, signature and header, has always this length.
_PNG_HEADER = 33
# A line neither begins with the first nor ends with the second.
_CLOSING, _OPENING = "”’）》】、，。；：！？%", "“‘（《【"


@cache
def _fonts() -> "typst.Fonts":
    """The bundled fonts and no others: a computer's own font of the same name would change the bytes."""
    import typst

    folder = pylopdf_fonts_zh_cn.sans_path().parent
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@cache
def _advances() -> dict[str, float]:
    """Width of every character that can be drawn, in em."""
    with TTFont(pylopdf_fonts_zh_cn.sans_path(), lazy=True) as font:
        widths, em = font["hmtx"].metrics, font["head"].unitsPerEm
        return {chr(code): widths[glyph][0] / em for code, glyph in font.getBestCmap().items()}


def width_of(text: str) -> float:
    """Width of a line of text in px.

    Raises:
        Refusal: A character has no glyph; it would be left out of the picture without a word.
    """
    advances = _advances()
    for character in text:
        if character not in advances:
            shown = f"“{character}”" if character.isprintable() else ""
            raise Refusal(
                f"图中文字“{text}”的字符{shown}（U+{ord(character):04X}）在图用字体中没有字形",
                todo="核对该字符是否有误；确需使用的，改用表格或文字表达",
            )
    return sum(advances[character] for character in text) * TYPE_SIZE


def wrapped(text: str, room: float) -> tuple[str, ...]:
    """Text as lines of much the same width that fit; runs of letters and digits stay whole.

    Args:
        text: Words.
        room: Width in px; a single run that is wider stands alone on its line.
    """
    lines = _filled(text, room)
    narrow = width_of(text) / len(lines)
    while narrow < room:
        if len(even := _filled(text, narrow)) == len(lines):
            return even
        narrow += TYPE_SIZE / 2
    return lines


def _filled(text: str, room: float) -> tuple[str, ...]:
    """Every line as full as it can be."""
    lines = [""]
    for piece in _pieces(text):
        if lines[-1] and width_of(lines[-1] + piece) > room:
            lines.append("")
        lines[-1] += piece
    return tuple(lines)


def _pieces(text: str) -> list[str]:
    """Where a line may break: not inside a word of letters and digits, not before or behind a mark that clings."""
    cuts = [0, *(n for n in range(1, len(text)) if _may_part(text[n - 1], text[n])), len(text)]
    return [text[start:end] for start, end in pairwise(cuts)]


def _may_part(before: str, after: str) -> bool:
    return before not in _OPENING and after not in _CLOSING and not (_joined(before) and _joined(after))


def _joined(character: str) -> bool:
    return character.isascii() and not character.isspace()


class Sheet:
    """A white sheet that is drawn on from top to bottom."""

    def __init__(self, width: int) -> None:
        """An empty sheet ``width`` px wide."""
        self.width = width
        self._marks: list[str] = []

    def bar(self, left: float, top: float, width: float, height: float, *, fill: str, edge: str) -> None:
        """A rectangle with an edge, which shows it where its filling is near white."""
        box = f'x="{_px(left)}" y="{_px(top)}" width="{_px(width)}" height="{_px(height)}"'
        self._marks.append(f'<rect {box} fill="{fill}" stroke="{edge}"/>')

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
        """A thin line."""
        (x1, y1), (x2, y2) = start, end
        place = f'x1="{_px(x1)}" y1="{_px(y1)}" x2="{_px(x2)}" y2="{_px(y2)}"'
        self._marks.append(f'<line {place} stroke="{colour}"/>')

    def words(self, lines: tuple[str, ...], x: float, middle: float, anchor: str, colour: str) -> None:
        """Lines of text around a height.

        Args:
            lines: From top to bottom.
            x: Where the anchor stands.
            middle: Height of the middle of all lines.
            anchor: ``start``, ``middle`` or ``end``: which part of the text stands at ``x``.
            colour: Of the letters.
        """
        first = middle - (len(lines) - 1) * LINE_HEIGHT / 2 + BASELINE
        for number, line in enumerate(lines):
            place = f'x="{_px(x)}" y="{_px(first + number * LINE_HEIGHT)}" text-anchor="{anchor}"'
            self._marks.append(f'<text {place} fill="{colour}">{escape(line)}</text>')

    def svg(self, height: int) -> str:
        """The sheet as one element, ``height`` px high."""
        size = f'width="{self.width}" height="{height}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {self.width} {height}"'
            f' font-family="{FAMILIES}" font-size="{TYPE_SIZE}"><rect {size} fill="#ffffff"/>'
            f"{''.join(self._marks)}</svg>"
        )


def _px(length: float) -> str:
    """Half px: fine enough for the eye, and too coarse to read an exact value off a truncated number's bar."""
    return f"{round(length * 2) / 2:g}"


def png_of(svg: str, width: int) -> bytes:
    """The drawing at 300 dots per inch, with that resolution written in the file.

    Args:
        svg: One SVG element.
        width: Its width in px.
    """
    # a template is checked without drawing anything
    import typst

    inputs = {"svg": svg, "width": str(width * _POINTS_PER_PX)}
    drawn = typst.Compiler(_PAGE, font_paths=_fonts()).compile(
        format="png", ppi=float(DOTS_PER_INCH), sys_inputs=inputs
    )
    if not isinstance(drawn, bytes):
        raise TypeError("typst returned several files for one drawing")
    body = b"pHYs" + struct.pack(">IIB", _DOTS_PER_METRE, _DOTS_PER_METRE, 1)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    return drawn[:_PNG_HEADER] + chunk + drawn[_PNG_HEADER:]
