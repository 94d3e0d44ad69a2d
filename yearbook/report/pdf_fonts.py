"""Fonts of the PDF: the bundled ones, a site's own, who draws what, and whether every character can be drawn.

Knows font files; knows nothing of the page.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont

from yearbook.errors import Refusal
from yearbook.report.profile import Layout

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
_LATIN = "Times New Roman"
# The faces as word programs name them → the families as fonts call themselves, and the bundled one that stands in.
_FACES: dict[str, tuple[tuple[str, ...], str]] = {
    "方正小标宋简体": (("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体"), SERIF),
    "仿宋_GB2312": (("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R"), SERIF),
    "黑体": (("SimHei", "黑体", "STHeiti"), SANS),
    "楷体_GB2312": (("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "LXGW WenKai"), SANS),
    "楷体": (("KaiTi", "楷体", "KaiTi_GB2312", "楷体_GB2312", "STKaiti", "LXGW WenKai"), SERIF),
    "宋体": (("SimSun", "宋体", "STSong"), SERIF),
}
# A bold Song is not to be had among the bundled fonts and none is faked; Hei is what printers take in its place.
_BOLD = "黑体"


def open_fonts(folder: Path | None) -> typst.Fonts:
    """The bundled fonts and those of a site's folder, its subfolders included."""
    state: tuple[tuple[str, int, int], ...] = ()
    if folder is not None:
        found = ((path, path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
        # A program that runs for long must not draw with a font that has been exchanged meanwhile.
        state = tuple((str(path), now.st_size, now.st_mtime_ns) for path, now in found)
    return _opened(folder, state)


@lru_cache(maxsize=4)
def _opened(folder: Path | None, state: tuple[tuple[str, int, int], ...]) -> typst.Fonts:  # noqa: ARG001
    bundled: list[Path] = [pylopdf_fonts_zh_cn.serif_path().parent]
    own = [] if folder is None else [folder]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=bundled + own)


@lru_cache(maxsize=4)
def _covered(fonts: typst.Fonts) -> frozenset[int]:
    """Every character that at least one font can draw."""
    covered: set[int] = set()
    for info in fonts.fonts():
        if info.path is not None:
            with TTFont(info.path, fontNumber=info.index, lazy=True) as font:
                covered.update(font.getBestCmap() or ())
    return frozenset(covered)


def require_glyphs(texts: Iterable[tuple[str, str]], fonts: typst.Fonts) -> None:
    """Typst would print an empty box for a character without a glyph, and say nothing.

    Args:
        texts: Every text that is drawn, after its place in words.
        fonts: What is there to draw with.

    Raises:
        Refusal: A character has no glyph.
    """
    covered = _covered(fonts)
    for place, text in texts:
        for position, character in enumerate(text):
            if ord(character) not in covered and character != "\n":
                shown = character if character.isprintable() else ""
                raise Refusal(
                    f"{place}中“{text[max(0, position - 10) : position]}”之后的字符“{shown}”（U+{ord(character):04X}）"
                    "在现有字体中没有字形，PDF 无法显示",
                    todo="核对该字符是否有误；确需使用的，把含有该字的字体文件放入字体文件夹后重新生成",
                )


def families(layout: Layout, known: Sequence[str]) -> dict[str, Any]:
    """Font families by role, the official ones first where a site has them."""
    # Latin letters alone: the quotation marks of Times would be too narrow between Chinese characters.
    latin = [{"name": _LATIN, "covers": "latin-in-cjk"}] if _LATIN in known else []

    def chosen(face: str, *, bold: bool = False) -> list[Any]:
        official, bundled = _FACES[_BOLD if bold else face]
        return [*latin, *(name for name in official if name in known), bundled]

    faces = layout.faces
    return {
        "title": chosen(faces.title, bold=layout.bold),
        "body": chosen(faces.body),
        "headings": [chosen(faces.headings[level], bold=layout.bold) for level in (1, 2, 3)],
        "table": chosen(faces.table),
        "corner": chosen(faces.note),
    }
