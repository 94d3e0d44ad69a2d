"""Questions put into a finished draft: comments at the numbers of the word document, a list at the top of the page.

Works on the finished bytes, so that the writers need not know of drafts; the same input gives the same bytes.
"""

import copy
import io
import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from yearbook.report.model import Number, Paragraph, Report
from yearbook.report.questions import Question
from yearbook.report.zipped import normalised

AUTHOR, INITIALS = "年报程序", "核"
TITLE = "待说明事项（草稿附注，不属于报告）"
NOTHING = "没有待说明的事项。"
_MAIN = re.compile(r"<main\b[^>]*>")
_STYLE_MARKS = ("w:pStyle", "w:rStyle")


def remarked_docx(document: bytes, report: Report, asked: Sequence[Question]) -> bytes:
    """The word document with a comment for every question, at the number it is about.

    Args:
        document: Bytes of a finished ``.docx``.
        report: What it was written from.
        asked: The questions; a number that is not printed is asked for at the title.
    """
    if not asked:
        return document
    word = Document(io.BytesIO(document))
    for question in asked:
        runs = _runs_of(word, report, question.figure)
        word.add_comment(runs, text=question.text, author=AUTHOR, initials=INITIALS)
    for comment in word.part._comments_part.element:
        # no moment: the same draft has the same bytes on every day
        comment.attrib.pop(qn("w:date"), None)
    _drop_unknown_styles(word)
    target = io.BytesIO()
    word.save(target)
    return normalised(target.getvalue())


def remarked_html(page: bytes, asked: Iterable[Question]) -> bytes:
    """The page with the questions as the first thing a reader sees, each leading to the note of its number.

    Raises:
        ValueError: The page has no main part to put them into.
    """
    text = page.decode("utf-8")
    opening = _MAIN.search(text)
    if opening is None:
        raise ValueError("a page without <main> cannot carry remarks")
    items = "".join(
        f'<li><a href="#fig-{escape(question.figure)}">{escape(question.name)}</a>：{escape(question.text)}</li>\n'
        for question in asked
    )
    listed = f"<ol>\n{items}</ol>" if items else f"<p>{NOTHING}</p>"
    block = f'\n<section aria-labelledby="remarks">\n<h2 id="remarks">{TITLE}</h2>\n{listed}\n</section>'
    return (text[: opening.end()] + block + text[opening.end() :]).encode("utf-8")


def _runs_of(word: Any, report: Report, code: str) -> list[Any]:
    """The runs that print a figure: in the text, else in a statutory table, else the title's."""
    return _in_text(word, report, code) or _in_table(word, report, code) or list(word.paragraphs[0].runs)


def _in_text(word: Any, report: Report, code: str) -> list[Any]:
    by_text = {paragraph.text: paragraph for paragraph in reversed(word.paragraphs)}
    for block in (block for section in report.sections for block in section.blocks):
        if not isinstance(block, Paragraph) or block.text not in by_text:
            continue
        start = 0
        for inline in block.inlines:
            if isinstance(inline, Number) and inline.figure == code:
                return _cut(by_text[block.text], start, start + len(inline.text))
            start += len(inline.text)
    return []


def _in_table(word: Any, report: Report, code: str) -> list[Any]:
    for table in report.tables():
        place = next((cell for cell in table.form.number_cells() if cell.figure == code), None)
        if place is None:
            continue
        for drawn in word.tables:
            if len(drawn.rows) != len(table.form.rows()):
                continue
            cell = drawn.cell(place.row, place.column)
            if cell.text == table.printed[code]:
                return [run for paragraph in cell.paragraphs for run in paragraph.runs]
    return []


def _cut(paragraph: Any, start: int, end: int) -> list[Any]:
    """The runs between two places of a paragraph's text, after runs that reach over a place were split there."""
    for place in (start, end):
        position = 0
        for run in paragraph.runs:
            inside = place - position
            if 0 < inside < len(run.text):
                rest = copy.deepcopy(run._r)
                run._r.addnext(rest)
                text = run.text
                run.text = text[:inside]
                next(r for r in paragraph.runs if r._r is rest).text = text[inside:]
                break
            position += len(run.text)
    found, position = [], 0
    for run in paragraph.runs:
        if start <= position and position + len(run.text) <= end and run.text:
            found.append(run)
        position += len(run.text)
    return found


def _drop_unknown_styles(word: Any) -> None:
    """The library names comment styles that our documents do not have."""
    known = {style.style_id for style in word.styles}
    for part in (word.part._comments_part.element, word.element):
        for mark in _STYLE_MARKS:
            for style in list(part.iter(qn(mark))):
                if style.get(qn("w:val")) not in known:
                    style.getparent().remove(style)
