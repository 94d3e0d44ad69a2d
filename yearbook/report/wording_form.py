"""The statutory form of a template: six sections in order, each table in its section, a title; with the lines."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from yearbook.errors import Refusal
from yearbook.form.edition_2021 import SECTIONS, TABLES
from yearbook.report.wording_functions import nearest
from yearbook.report.wording_syntax import Fault
from yearbook.report.wording_walk import Content, Mark

TITLE_MARK, SECTION_MARK = "=", "# "
IN_ORDER = "按格式的标题和次序改正：" + "；".join(SECTIONS)


@dataclass(slots=True)
class _Section:
    """A section as it stands in the template; the part before the first one has no title."""

    line: int
    title: str
    marks: list[Mark] = field(default_factory=list)
    has_content: bool = False


def form_faults(
    marks: Sequence[Mark | Content], *, tables: dict[str, int], known: Callable[[str], bool], last_line: int
) -> Iterator[Fault]:
    """What the form asks for and the template lacks, doubles or misplaces.

    Args:
        marks: Titles, headings, tables and what is always printed, in order.
        tables: Number of the statutory table by its mark.
        known: True for any other mark that can be drawn; raises a Refusal where it cannot be drawn as written.
        last_line: Last line of the file, where what is missing would have stood.
    """
    first, *sections = _sections(marks)
    if not any(isinstance(m, Mark) and m.text.startswith(TITLE_MARK) and not m.conditional for m in marks):
        yield Fault(1, "没有标题行", "用“= ”开头写标题，不放在条件里")
    yield from _preamble_faults(first)
    yield from _order_faults(sections, last_line)
    for section in sections:
        yield from _section_faults(section, tables, known)


def _sections(marks: Iterable[Mark | Content]) -> list[_Section]:
    found = [_Section(1, "")]
    for mark in marks:
        if isinstance(mark, Content):
            found[-1].has_content = True
        elif mark.text.startswith(SECTION_MARK):
            found.append(_Section(mark.line, mark.text.removeprefix(SECTION_MARK).strip()))
            if mark.conditional:
                found[-1].marks.append(mark)
        else:
            found[-1].marks.append(mark)
            found[-1].has_content |= not mark.conditional and not mark.text.startswith(TITLE_MARK)
    return found


def _preamble_faults(first: _Section) -> Iterator[Fault]:
    for mark in first.marks:
        if not mark.text.startswith(TITLE_MARK):
            yield Fault(mark.line, f"“{mark.text}”写在第一部分之前", "移到六个部分之中")


def _order_faults(sections: Sequence[_Section], last_line: int) -> Iterator[Fault]:
    """Unknown, doubled, misplaced and missing sections, each by its line."""
    titles = [section.title for section in sections]
    right: list[int] = []
    for place, section in enumerate(sections):
        if section.title not in SECTIONS:
            todo = "照法定格式的标题一字不差地写" + nearest(section.title, SECTIONS)
            yield Fault(section.line, f"“{section.title}”不是法定格式的部分标题", todo)
        elif section.title in titles[:place]:
            yield Fault(section.line, f"“{section.title}”出现了两次", "合并成一个部分")
        else:
            number = SECTIONS.index(section.title)
            if right and number < max(right):
                yield Fault(section.line, f"“{section.title}”次序不对", IN_ORDER)
            right.append(number)
    for number, title in enumerate(SECTIONS):
        if number not in right:
            later = [s.line for s in sections if s.title in SECTIONS and SECTIONS.index(s.title) > number]
            yield Fault(later[0] if later else last_line, f"在此之前缺少“{title}”", IN_ORDER)


def _section_faults(section: _Section, tables: dict[str, int], known: Callable[[str], bool]) -> Iterator[Fault]:
    wanted = [form.number for form in TABLES.values() if form.title == section.title]
    found: list[int] = []
    for mark in section.marks:
        number = tables.get(mark.text)
        if number is not None:
            yield from _table_faults(mark, number, wanted, found)
            found.append(number)
        else:
            yield from _mark_faults(mark, known)
    for number in wanted:
        if number not in found:
            name = next(text for text, other in tables.items() if other == number)
            yield Fault(section.line, f"“{section.title}”缺少 {name}", f"在该部分单独写一行 {name}")
    if not section.has_content and not wanted and section.title in SECTIONS:
        todo = "没有需要报告的，也要写明“无”；全在条件里的，补上“否则”"
        yield Fault(section.line, f"“{section.title}”可能没有内容", todo)


def _table_faults(mark: Mark, number: int, wanted: Sequence[int], found: Sequence[int]) -> Iterator[Fault]:
    if mark.conditional:
        yield Fault(mark.line, f"法定表格 {mark.text} 不能放在条件里", "移到条件之外")
    if number not in wanted:
        title = next(form.title for form in TABLES.values() if form.number == number)
        yield Fault(mark.line, f"{mark.text} 放错了部分", f"移到“{title}”")
    elif number in found:
        yield Fault(mark.line, f"{mark.text} 出现了两次", "删去一个")


def _mark_faults(mark: Mark, known: Callable[[str], bool]) -> Iterator[Fault]:
    if mark.text.startswith(SECTION_MARK):
        yield Fault(mark.line, "六个部分的标题不能放在条件里", "移到条件之外")
    elif mark.text.startswith(TITLE_MARK):
        yield Fault(mark.line, "报告标题写在六个部分之中", "移到第一部分之前")
    elif mark.text.startswith("["):
        try:
            drawn = known(mark.text)
        except Refusal as error:
            yield Fault(mark.line, error.what, error.todo)
        else:
            if not drawn:
                yield Fault(mark.line, f"不认识的标记 {mark.text}", "表格用 [表二]、[表三]、[表四]")
