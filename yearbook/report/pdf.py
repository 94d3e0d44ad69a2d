"""The report as a tagged PDF, set by Typst on the same page as the word document.

Knows fonts and page; knows nothing of where numbers come from. Fonts of the computer are never used, so the same
report gives the same bytes everywhere.
"""

import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from fontTools.ttLib import TTFont

from yearbook.errors import Refusal
from yearbook.form.table import FormCell, FormTable, Role
from yearbook.report import docx_page as page
from yearbook.report.model import Heading, Report, StatutoryTable

SERIF, SANS = "Noto Serif SC", "Noto Sans SC"
# The official families by role, as fonts call themselves; a site that licenses them keeps them in its font folder.
_LATIN = "Times New Roman"
_XIAOBIAOSONG = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体")
_FANGSONG = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "FandolFang R")
_HEITI = ("SimHei", "黑体", "STHeiti")
_KAITI = ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "LXGW WenKai")
_SONGTI = ("SimSun", "宋体", "STSong")

# Widths of digits and marks in Noto Serif SC, rounded up; the official fonts are narrower.
_ADVANCES = {**dict.fromkeys("0123456789", 0.5625), ".": 0.328, ",": 0.328, "-": 0.347, "%": 0.93}
# Above and below the text of a cell.
_CELL_MARGIN = 2.5
_FOOTER_TEXT = "— 0123456789 —"


def write_pdf(report: Report, font_folder: Path | None = None) -> bytes:
    """The report as the bytes of a PDF/UA-1 file.

    Args:
        report: The report.
        font_folder: Folder with a site's own fonts, such as 方正小标宋 and 仿宋; those found take the place of Noto.

    Raises:
        Refusal: The font folder is missing, no font has a glyph for a character of the report, or a number is too
            long for its cell.
    """
    if font_folder is not None and not font_folder.is_dir():
        raise Refusal(f"字体文件夹“{font_folder}”不存在", todo="改正字体文件夹的路径；没有自有字体的，不填此项")
    fonts = _fonts(font_folder)
    _require_glyphs(report, _covered(fonts))
    contents = json.dumps(_contents(report, fonts.families()), ensure_ascii=False, sort_keys=True)
    template = files("yearbook.report").joinpath("templates/report.typ").read_bytes()
    compiler = typst.Compiler(template, font_paths=fonts)
    pdf = compiler.compile(format="pdf", sys_inputs={"report": contents}, pdf_standards=["ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError("typst returned several files for one document")
    return pdf


@cache
def _fonts(folder: Path | None) -> typst.Fonts:
    bundled: list[Path] = [pylopdf_fonts_zh_cn.serif_path().parent]
    own = [] if folder is None else [folder]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=bundled + own)


@cache
def _covered(fonts: typst.Fonts) -> frozenset[int]:
    """Every character that at least one font can draw."""
    covered: set[int] = set()
    for info in fonts.fonts():
        if info.path is not None:
            with TTFont(info.path, fontNumber=info.index, lazy=True) as font:
                covered.update(font.getBestCmap() or ())
    return frozenset(covered)


def _require_glyphs(report: Report, covered: frozenset[int]) -> None:
    """Typst would print an empty box for a character without a glyph, and say nothing.

    Raises:
        Refusal: A character has no glyph.
    """
    for place, text in _texts(report):
        for position, character in enumerate(text):
            if ord(character) not in covered and character != "\n":
                shown = character if character.isprintable() else ""
                raise Refusal(
                    f"{place}中“{text[max(0, position - 10) : position]}”之后的字符“{shown}”（U+{ord(character):04X}）"
                    "在现有字体中没有字形，PDF 无法显示",
                    todo="核对该字符是否有误；确需使用的，把含有该字的字体文件放入字体文件夹后重新生成",
                )


def _texts(report: Report) -> Iterator[tuple[str, str]]:
    """Every text that is drawn, with its place in words."""
    yield "页码", _FOOTER_TEXT
    yield "标题", report.title_line
    section = "引言"
    for placed in page.flow(report):
        block = placed.block
        if isinstance(block, StatutoryTable):
            yield from _table_texts(block)
        else:
            section = block.text if isinstance(block, Heading) and block.level == 1 else section
            yield f"“{section}”", block.text


def _table_texts(table: StatutoryTable) -> Iterator[tuple[str, str]]:
    for cell in table.form.cells:
        if cell.figure is None:
            yield f"“{table.form.title}”的表格", cell.label
        else:
            yield f"“{cell.address}”", table.printed[cell.figure]


def _contents(report: Report, families: Sequence[str]) -> dict[str, Any]:
    return {
        "title": report.title,
        "title_line": report.title_line,
        "author": report.body.name,
        "notice": report.body.notice,
        "year": report.year,
        "fonts": _families(families),
        "measures": _measures(),
        "flow": [_block(placed) for placed in page.flow(report)],
    }


def _families(known: Sequence[str]) -> dict[str, Any]:
    """Font families by role, the official ones first where a site has them."""
    # Latin letters alone: the quotation marks of Times would be too narrow between Chinese characters.
    latin = [{"name": _LATIN, "covers": "latin-in-cjk"}] if _LATIN in known else []

    def chosen(official: Sequence[str], bundled: str) -> list[Any]:
        return [*latin, *(name for name in official if name in known), bundled]

    return {
        "title": chosen(_XIAOBIAOSONG, SERIF),
        "body": chosen(_FANGSONG, SERIF),
        "headings": [chosen(_HEITI, SANS), chosen(_KAITI, SANS), chosen(_FANGSONG, SERIF)],
        "table": chosen(_SONGTI, SERIF),
        "corner": chosen(_KAITI, SERIF),
    }


def _measures() -> dict[str, float]:
    return {
        "page_width": page.PAGE_WIDTH_MM,
        "page_height": page.PAGE_HEIGHT_MM,
        "top": page.TOP_MM,
        "right": page.RIGHT_MM,
        "bottom": page.BOTTOM_MM,
        "left": page.LEFT_MM,
        "line": page.LINE,
        "tracking": page.TRACKING,
        "title_size": page.TITLE_SIZE,
        "title_line": page.TITLE_LINE,
        "body_size": page.BODY_SIZE,
        "footer_size": page.FOOTER_SIZE,
        "rule": page.RULE,
        "before_table": page.BEFORE_TABLE,
        "after_table": page.AFTER_TABLE,
        "cell_margin": _CELL_MARGIN,
        "tall_rows": page.TALL_TABLE_ROWS,
    }


def _block(placed: page.Placed) -> dict[str, Any]:
    block = placed.block
    if isinstance(block, StatutoryTable):
        return _table(block)
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text, "own_page": placed.own_page}
    return {"kind": "paragraph", "text": block.text}


def _table(table: StatutoryTable) -> dict[str, Any]:
    form = table.form
    groups = groupby(form.cells, key=lambda cell: _header_of(form, cell))
    return {
        "kind": "table",
        "widths": [width / page.TWIPS_PER_POINT for width in page.DESIGNS[form.number].widths],
        "tall": page.is_tall(form),
        "groups": [
            {"header": header is not None, "repeated": header == 0, "cells": [_cell(table, cell) for cell in cells]}
            for header, cells in groups
        ],
    }


def _header_of(form: FormTable, cell: FormCell) -> int | None:
    """First row of the header a cell belongs to, None for cells below.

    A table without repeating rows has a header of its own in each of its blocks: caption and column names.
    """
    if form.header_rows:
        return 0 if cell.row < form.header_rows else None
    if cell.role is Role.BLOCK_CAPTION:
        return cell.row + 1
    in_header = any(other.row == cell.row and other.role is Role.COLUMN_HEADER for other in form.cells)
    return cell.row if in_header else None


def _cell(table: StatutoryTable, cell: FormCell) -> dict[str, Any]:
    form = table.form
    design = page.DESIGNS[form.number]
    margin = page.margin(form, cell)
    lines: tuple[str, ...]
    if cell.figure is None:
        lines, size = page.label_lines(cell), design.size
    else:
        lines = (table.printed[cell.figure],)
        size = page.number_size(form, cell, lines[0], _advance)
    width = sum(design.widths[cell.column : cell.column + cell.column_span]) / page.TWIPS_PER_POINT
    return {
        "row": cell.row,
        "column": cell.column,
        "row_span": cell.row_span,
        "column_span": cell.column_span,
        "lines": lines,
        "size": size,
        "room": width - 2 * margin,
        "height": page.row_height(form, cell.row) - 2 * _CELL_MARGIN,
        "margin": margin,
        "left": page.is_left(form, cell),
        "corner": cell.role is Role.CORNER,
        "fill": f"#{page.CAPTION_FILL}" if cell.role is Role.BLOCK_CAPTION else None,
    }


def _advance(character: str) -> float:
    return _ADVANCES.get(character, 1.0)
