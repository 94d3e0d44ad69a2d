"""From the filled wording template and the figures to the report model.

The six sections stand in the form's order under their exact titles, and each statutory table stands in its section;
a draft that lacks one is refused.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from yearbook.errors import Refusal
from yearbook.figure import Figures
from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.quantity import Exact
from yearbook.report.chart_marks import BEGINS as CHART_BEGINS
from yearbook.report.chart_marks import ChartMarks
from yearbook.report.model import (
    Block,
    Body,
    Heading,
    Number,
    Paragraph,
    Report,
    Section,
    StatutoryTable,
    plain_text,
)
from yearbook.report.wording_functions import Facts
from yearbook.report.wording_template import inlines, render_template
from yearbook.verdict import Verdict
from yearbook.wording import printed

TABLE_MARKS = {"[表二]": 2, "[表三]": 3, "[表四]": 4}
HEADING = re.compile(r"(#{1,3}) (.+)")
SECTION_MARK = "#"
TITLE_MARK = "= "


def draft(
    template: str,
    *,
    name: str,
    body: Body,
    facts: Facts,
    figures: Figures,
    verdicts: tuple[Verdict, ...],
    earlier: Mapping[int, Mapping[str, Exact]] | None = None,
) -> Report:
    """Write the report.

    Args:
        template: Text of the office's wording template.
        name: Its file name, for messages.
        body: Who reports.
        facts: Year and texts about the body.
        figures: Every figure of the run.
        verdicts: Every rule's answer.
        earlier: Exact values of earlier years as published, by year and figure code; trends are drawn from them.

    Raises:
        Refusal: The template has an error, a section or table is missing, doubled or out of order.
    """
    parts = _Parts(ChartMarks(figures, facts.year, earlier or {}))
    for line, text in render_template(template, figures, facts, name=name):
        _place(parts, text, figures, name, line)
    _require_form(parts.sections, parts.title, name)
    return Report(
        body=body,
        year=facts.year,
        title=tuple(parts.title),
        preamble=tuple(parts.preamble),
        sections=tuple(Section(heading, tuple(blocks)) for heading, blocks in parts.sections),
        figures=figures,
        verdicts=verdicts,
    )


@dataclass
class _Parts:
    """What has been read of a draft so far, and what its charts are made of."""

    charts: ChartMarks
    title: list[str] = field(default_factory=list)
    preamble: list[Paragraph] = field(default_factory=list)
    sections: list[tuple[str, list[Block]]] = field(default_factory=list)


def _place(parts: _Parts, text: str, figures: Figures, name: str, line: int) -> None:
    """Put one filled line where it belongs."""
    heading = HEADING.fullmatch(text)
    if text.startswith(TITLE_MARK):
        parts.title.append(_words(text.removeprefix(TITLE_MARK), name, line))
    elif heading and heading[1] == SECTION_MARK:
        parts.sections.append((_words(heading[2], name, line), []))
    elif text.startswith(CHART_BEGINS):
        _place_chart(parts, plain_text(inlines(text)), f"行文模板 {name} 第 {line} 行")
    elif parts.sections:
        parts.sections[-1][1].append(_block(text, heading, figures, name, line))
    else:
        parts.preamble.append(Paragraph(inlines(text)))


def _place_chart(parts: _Parts, mark: str, place: str) -> None:
    """Put a chart into its section; a trend without earlier years leaves nothing behind."""
    if not parts.sections:
        raise Refusal(f"{place}：图 {mark} 在第一个部分之前", todo="把图移到一个部分里")
    if chart := parts.charts.read(mark, place):
        parts.sections[-1][1].append(chart)


def _block(text: str, heading: re.Match[str] | None, figures: Figures, name: str, line: int) -> Block:
    if heading:
        return Heading(len(heading[1]), _words(heading[2], name, line))
    if text.startswith("[") and (block := marked_block(text, figures)) is not None:
        return block
    if text.startswith(("[", SECTION_MARK)):
        marks = "、".join(TABLE_MARKS)
        raise Refusal(
            f"行文模板 {name} 第 {line} 行：不认识的标记 {text}",
            todo=f"表格用 {marks}，图用 [图：指标名称 增减]，标题用一至三个井号加空格",
        )
    return Paragraph(inlines(text))


def marked_block(text: str, figures: Figures) -> Block | None:
    """The statutory table that a mark on a line of its own stands for; None where it is no such mark."""
    if text not in TABLE_MARKS:
        return None
    form = TABLES[TABLE_MARKS[text]]
    codes = [cell.figure for cell in form.number_cells() if cell.figure is not None]
    return StatutoryTable(form, {code: printed(figures[code]).number for code in codes})


def knows_mark(text: str, figures: Figures, year: int) -> bool:
    """Whether a line in square brackets stands for something; the check of templates asks it.

    Raises:
        Refusal: It stands for a chart that cannot be drawn as written.
    """
    if text.startswith(CHART_BEGINS):
        ChartMarks(figures, year).read(text, "")
        return True
    return marked_block(text, figures) is not None


def _words(text: str, name: str, line: int) -> str:
    """A heading as plain words; a heading prints no statistics."""
    parts = inlines(text)
    if any(isinstance(part, Number) for part in parts):
        raise Refusal(f"行文模板 {name} 第 {line} 行：标题里不能有统计数字", todo="把数字移到正文里")
    return plain_text(parts)


def _require_form(sections: list[tuple[str, list[Block]]], title: list[str], name: str) -> None:
    titles = tuple(heading for heading, _ in sections)
    if titles != SECTIONS:
        wrong = next((t for t in (*SECTIONS, *titles) if t not in titles or t not in SECTIONS), "次序")
        raise Refusal(
            f"行文模板 {name} 的六个部分与法定格式不符，首先是“{wrong}”",
            todo="按格式的标题和次序改正：" + "；".join(SECTIONS),
        )
    if not title:
        raise Refusal(f"行文模板 {name} 没有标题行", todo="用“= ”开头写标题")
    for heading, blocks in sections:
        wanted = [table.number for table in TABLES.values() if table.title == heading]
        found = [block.form.number for block in blocks if isinstance(block, StatutoryTable)]
        if found != wanted:
            raise Refusal(
                f"行文模板 {name} 的“{heading}”应有且只有法定表格 {wanted}",
                todo="在该部分放入 [表二]、[表三] 或 [表四]",
            )
        if not blocks:
            raise Refusal(f"行文模板 {name} 的“{heading}”没有内容", todo="没有需要报告的，也要写明“无”")
