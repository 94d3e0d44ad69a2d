"""The report as a tagged PDF, set by Typst on the same page as the word document.

Knows how the page is set; knows nothing of where numbers come from. Fonts of the computer are never used, so the same
report gives the same bytes everywhere.
"""

import json
from collections.abc import Iterator, Sequence
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

import typst

from yearbook.errors import Refusal
from yearbook.form.table import FormCell, FormTable, Role
from yearbook.report import docx_page as page
from yearbook.report import profile
from yearbook.report.docx_listing import MARGIN, ROW_HEIGHT, columns, texts
from yearbook.report.docx_picture import shown_size
from yearbook.report.model import Block, Chart, Heading, Listing, Report, StatutoryTable, plain_text
from yearbook.report.pdf_fonts import families, open_fonts, require_glyphs
from yearbook.report.pdf_tags import with_row_headers
from yearbook.report.profile import TWIPS_PER_POINT, Layout

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
    fonts = open_fonts(font_folder)
    require_glyphs(_texts(report), fonts)
    contents = json.dumps(_contents(report, fonts.families()), ensure_ascii=False, sort_keys=True)
    template = files("yearbook.report").joinpath("templates/report.typ").read_bytes()
    compiler = typst.Compiler(template, font_paths=fonts)
    pdf = compiler.compile(format="pdf", sys_inputs={"report": contents}, pdf_standards=["ua-1"])
    if not isinstance(pdf, bytes):
        raise TypeError("typst returned several files for one document")
    return with_row_headers(
        pdf, [_row_header_places(placed.block) for placed in page.flow(report) if _is_table(placed)]
    )


def _is_table(placed: page.Placed) -> bool:
    return isinstance(placed.block, StatutoryTable | Listing)


def _row_header_places(block: Block) -> list[list[bool]]:
    """For every row of a table, whether each cell that begins in it names its row."""
    if isinstance(block, StatutoryTable):
        return [[cell.role is Role.ROW_HEADER for cell in row] for row in block.form.rows()]
    if isinstance(block, Listing):
        return [[bool(row) and not column for column in range(len(block.head))] for row in range(len(block.rows) + 1)]
    raise TypeError(f"a {type(block).__name__} is no table")


def _texts(report: Report) -> Iterator[tuple[str, str]]:
    """Every text that is drawn, with its place in words."""
    yield "页码", _FOOTER_TEXT
    yield "标题", report.title_line + page.edition_line(report)
    section = "引言"
    for placed in page.flow(report):
        block = placed.block
        if isinstance(block, StatutoryTable):
            yield from _table_texts(block)
        elif isinstance(block, Listing):
            yield f"表格“{block.title}”", "\n".join((block.title, *(text for row in texts(block) for text in row)))
        elif isinstance(block, Chart):
            yield f"图“{plain_text(block.title)}”", plain_text(block.title)
            for bar in block.bars:
                numbers = [number.text for number in (bar.number, bar.note) if number is not None]
                yield f"图“{plain_text(block.title)}”", "".join([bar.label, *numbers])
        else:
            section = block.text if isinstance(block, Heading) and block.level == 1 else section
            yield f"“{section}”", block.text


def _table_texts(table: StatutoryTable) -> Iterator[tuple[str, str]]:
    for cell in table.form.cells:
        if cell.figure is None:
            yield f"“{table.form.title}”的表格", cell.label
        else:
            yield f"“{cell.address}”", table.printed[cell.figure]


def _contents(report: Report, known: Sequence[str]) -> dict[str, Any]:
    layout = page.layout_of(report)
    return {
        "title": page.title_lines(report),
        "title_line": report.title_line + page.edition_line(report),
        "edition": page.edition_line(report),
        "author": report.body.name,
        "notice": report.body.notice,
        "year": report.year,
        "fonts": families(layout, known),
        "measures": _measures(layout),
        "flow": [_block(placed, layout) for placed in page.flow(report)],
    }


def _measures(layout: Layout) -> dict[str, Any]:
    return {
        "page_width": profile.PAGE_WIDTH_MM,
        "page_height": profile.PAGE_HEIGHT_MM,
        "top": layout.top_mm,
        "right": layout.right_mm,
        "bottom": layout.bottom_mm,
        "left": layout.left_mm,
        "dash": layout.dash_mm,
        "outside": layout.outside,
        "line": layout.line,
        "tracking": layout.tracking,
        "indent": layout.indent,
        "title_size": layout.title_size,
        "title_line": layout.title_line,
        "body_size": layout.body_size,
        "caption_size": layout.caption_size,
        "footer_size": layout.footer_size,
        "weight": "bold" if layout.bold else "regular",
        "rule": page.RULE,
        "before_table": page.BEFORE_TABLE,
        "after_table": layout.after_table,
        "cell_margin": _CELL_MARGIN,
        "tall_rows": page.TALL_TABLE_ROWS,
    }


def _block(placed: page.Placed, layout: Layout) -> dict[str, Any]:
    block = placed.block
    if isinstance(block, StatutoryTable):
        return _table(block, layout)
    if isinstance(block, Listing):
        return _listing(block, layout)
    if isinstance(block, Chart):
        return _chart(block, layout)
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text, "own_page": placed.own_page}
    return {"kind": "paragraph", "text": block.text}


def _chart(chart: Chart, layout: Layout) -> dict[str, Any]:
    from yearbook.report.charts import draw

    picture = draw(chart)
    width, _ = shown_size(picture.width_mm, picture.height_mm, layout.text_width)
    return {"kind": "chart", "svg": picture.svg, "width": width, "alt": picture.alt, "title": plain_text(chart.title)}


def _listing(listing: Listing, layout: Layout) -> dict[str, Any]:
    head, *rows = texts(listing)
    drawn = columns(listing, layout)
    return {
        "kind": "listing",
        "title": listing.title,
        "widths": [column.width / TWIPS_PER_POINT for column in drawn],
        "left": [column.is_left for column in drawn],
        "margin": MARGIN,
        "height": ROW_HEIGHT * layout.caption_size,
        "head": head,
        "rows": rows,
    }


def _table(table: StatutoryTable, layout: Layout) -> dict[str, Any]:
    form = table.form
    design = layout.designs[form.number]
    groups = groupby(form.cells, key=lambda cell: _header_of(form, cell))
    return {
        "kind": "table",
        "widths": [width / TWIPS_PER_POINT for width in design.widths],
        # A table wider than the text stands out on both sides alike.
        "overhang": max(0.0, design.width / TWIPS_PER_POINT - layout.text_width) / 2,
        "tall": page.is_tall(form),
        "groups": [
            {
                "header": header is not None,
                "repeated": header == 0,
                "cells": [_cell(table, cell, layout) for cell in cells],
            }
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


def _cell(table: StatutoryTable, cell: FormCell, layout: Layout) -> dict[str, Any]:
    form = table.form
    design = layout.designs[form.number]
    margin = page.margin(layout, form, cell)
    lines: tuple[str, ...]
    if cell.figure is None:
        lines, size = page.label_lines(cell), design.size
    else:
        lines = (table.printed[cell.figure],)
        size = page.number_size(layout, form, cell, lines[0], _advance)
    width = sum(design.widths[cell.column : cell.column + cell.column_span]) / TWIPS_PER_POINT
    return {
        "row": cell.row,
        "column": cell.column,
        "row_span": cell.row_span,
        "column_span": cell.column_span,
        "lines": [_parts(cell, line) for line in lines],
        "size": size,
        "room": width - 2 * margin,
        "height": page.row_height(layout, form, cell.row) - 2 * _CELL_MARGIN,
        "margin": margin,
        "left": page.is_left(form, cell),
        "corner": cell.role is Role.CORNER,
        "fill": f"#{page.CAPTION_FILL}" if cell.role is Role.BLOCK_CAPTION else None,
    }


def _parts(cell: FormCell, line: str) -> tuple[str, str]:
    """A line of a label and the remark at its end that has a face of its own."""
    note = page.note_place(line) if cell.role is Role.ROW_HEADER else len(line)
    return line[:note], line[note:]


def _advance(character: str) -> float:
    return _ADVANCES.get(character, 1.0)
